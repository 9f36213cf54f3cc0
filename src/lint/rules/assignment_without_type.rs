//! Roles for an identity that the directory may not know yet.

use crate::diag::{Sink, code};
use crate::lint::assignments::assignments;
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::ASSIGNMENT_WITHOUT_TYPE,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/role-based-access-control/role-assignments-template#new-service-principal",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for assignment in assignments(cx.program) {
        let body = &assignment.resource.body;
        let Some(properties) = body.get("properties").filter(|p| p.as_object().is_some()) else { continue };
        let (Some(principal), None) = (properties.get("principalId"), properties.get("principalType")) else {
            continue;
        };
        let Some(identity) = assignment.new_identity(cx.program) else { continue };
        let d = finding(
            &code::ASSIGNMENT_WITHOUT_TYPE,
            &principal.origin,
            "a role is given to an identity that the directory may not know yet",
        )
        .here("without `principalType`")
        .also(identity.span, "the same deployment creates the identity")
        .note("a new identity spreads through the directory in minutes; where its type is not told it is looked for there, and the deployment fails: \"PrincipalNotFound\"")
        .help(cx.words(
            "write `principalType = \"ServicePrincipal\"` beside it",
            "write `\"principalType\": \"ServicePrincipal\"` beside it",
        ));
        sink.push(d);
    }
}
