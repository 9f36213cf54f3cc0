//! Two targets that make the same thing.

use std::collections::HashMap;

use crate::check::{Node, Object};
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::values::{key, known, segment};
use crate::lint::{Category, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::DUPLICATE_TARGET,
        category: Category::Gallery,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#properties-distribute",
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    // Two images may not write the same version or managed image either.
    let galleries: Vec<&Node> =
        cx.images.iter().flat_map(|i| i.targets("gallery")).filter_map(explicit).collect();
    let managed: Vec<&Node> =
        cx.images.iter().flat_map(|i| i.targets("managed_image")).filter_map(|t| t.get("imageId")).collect();
    pairs(&galleries, "the same image version", sink);
    pairs(&managed, "the same managed image", sink);
}

fn pairs(ids: &[&Node], what: &str, sink: &mut Sink) {
    let mut seen: HashMap<(String, Option<&str>), &Node> = HashMap::new();
    for id in ids {
        let Some(key) = key(id) else { continue };
        if let Some(first) = seen.insert((key, version(id)), id) {
            let d = finding(&code::DUPLICATE_TARGET, &id.origin, format!("two targets make {what}"))
                .here("this one")
                .also(first.origin.span, "and this one")
                .help("remove one of them, or let them make different things");
            sink.push(d);
        }
    }
}

/// The id of a gallery target with a version of its own; others are numbered by the service.
fn explicit(target: &Object) -> Option<&Node> {
    let id = target.get("galleryImageId")?;
    version(id).map(|_| id)
}

/// The version that an id ends in.
pub(super) fn version(id: &Node) -> Option<&str> {
    let referred = id.reference.as_ref().and_then(|r| r.version.as_deref());
    referred.or_else(|| segment(known(id)?, "versions"))
}
