//! Identities for the build VM that the template's identity may not hand out.

use crate::check::Node;
use crate::diag::{Sink, code};
use crate::lint::assignments::{Assignment, assignments, may_allow};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::MISSING_OPERATOR_ROLE,
        confidence: Confidence::Likely,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#user-assigned-identity-for-the-image-builder-build-vm",
        on: true,
    },
    check,
};

/// Roles that let it: Managed Identity Operator, Contributor, Owner.
static ENOUGH: &[&str] = &[
    "f1a07417-d97a-45cb-824c-7a7467783830",
    "b24988ac-6180-42a0-ab88-20f7382dd24c",
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
];

/// What these roles allow for it.
const ASSIGN: &str = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action";

fn check(cx: &Context<'_>, sink: &mut Sink) {
    let all = assignments(cx.program);
    // Where a template assigns no role, someone else does; and a role that is not written out may be the one.
    let is_enough = |a: &Assignment<'_>| match a.definition(cx.program) {
        Some(role) => may_allow(role, ASSIGN),
        None => a.role().is_none_or(|role| ENOUGH.contains(&&*role)),
    };
    if cx.has_nested() || all.iter().any(is_enough) {
        return;
    }
    for image in &cx.images {
        let Some(list) = image.at("vmProfile.userAssignedIdentities").and_then(Node::as_list) else {
            continue;
        };
        let (Some(first), Some(own)) = (list.first(), all.iter().find(|a| a.is_for(image))) else { continue };
        let d = finding(
            &code::MISSING_OPERATOR_ROLE,
            &first.origin,
            "the template's identity may not give the build VM this identity",
        )
        .here("it needs the role Managed Identity Operator on it")
        .also(own.resource.span, "roles are assigned to the template's identity here, but not this one")
        .help("assign `f1a07417-d97a-45cb-824c-7a7467783830` on this identity to the template's identity");
        sink.push(d);
    }
}
