//! Definitions that two images fill, without anything that tells their versions apart.

use std::collections::HashMap;

use super::duplicate_target::version;
use crate::check::{Node, NodeKind, Object, Resource, ResourceId};
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::values::key;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::SHARED_DEFINITION,
        confidence: Confidence::Likely,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#distribute-sharedimage, and an inference",
        on: true,
    },
    check,
};

/// What the service numbers together: the definition, as it is declared and by its id, and the `major`.
type Row = (Option<ResourceId>, String, i64);

fn check(cx: &Context<'_>, sink: &mut Sink) {
    let mut seen: HashMap<Row, Vec<(&Resource, &Node)>> = HashMap::new();
    for image in &cx.images {
        for target in image.targets("gallery") {
            let Some(id) = target.get("galleryImageId") else { continue };
            let (Some(definition), Some(major)) = (key(id), numbered(target, id)) else { continue };
            // Two definitions of one name are another mistake.
            let declared = id.reference.as_ref().map(|reference| reference.target);
            let same = seen.entry((declared, definition, major)).or_default();
            let is_other = |(other, _): &&(&Resource, &Node)| {
                !std::ptr::eq(*other, image.resource) && other.may_stand_beside(image.resource)
            };
            let before = same.iter().rev().find(is_other).copied();
            same.push((image.resource, id));
            let Some((other, first)) = before else { continue };
            let title = format!("two images make versions of one definition, `{}` too", other.declared);
            let d = finding(&code::SHARED_DEFINITION, &id.origin, title)
                .here("the service numbers the versions of both in one row")
                .also(first.origin.span, "the other image's")
                .note("who asks for the latest version gets that of the image that was built last")
                .help(cx.words(
                    "give each image a definition of its own, or number them apart: `versioning = latest(major = 2)`",
                    "give each image a definition of its own, or number them apart with a \"major\" in \"versioning\"",
                ));
            sink.push(d);
        }
    }
}

/// The `major` under which the service numbers the versions of a target, -1 for any; none if something else numbers
/// them, or nobody takes them for the latest.
fn numbered(target: &Object, id: &Node) -> Option<i64> {
    let is_latest = match target.get("excludeFromLatest").map(|node| &node.kind) {
        None | Some(NodeKind::Bool(false)) => version(id).is_none(),
        _ => false,
    };
    let Some(versioning) = target.get("versioning").filter(|_| is_latest) else {
        return is_latest.then_some(-1);
    };
    let is_row = versioning.get("scheme").and_then(Node::as_str).is_some_and(|scheme| &**scheme == "Latest");
    match versioning.get("major") {
        None => is_row.then_some(-1),
        Some(major) => major.as_int().filter(|_| is_row),
    }
}
