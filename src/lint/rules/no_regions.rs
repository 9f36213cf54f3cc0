//! Gallery targets that name no region.

use crate::check::{Node, Object};
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::NO_REGIONS,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#distribute-sharedimage",
        on: true,
    },
    check,
};

/// The first version that may leave the regions out; before it, their absence is a missing property.
const OPTIONAL_SINCE: &str = "2022-07-01";

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let optional = image.resource.version().is_some_and(|version| version.0 >= OPTIONAL_SINCE);
        for node in image.resource.targets() {
            let target = node.as_object().filter(|o| o.variant.is_some_and(|v| v.keyword == "gallery"));
            if let Some(target) = target
                && let Some(place) = without_regions(target, node, optional)
            {
                let d = finding(&code::NO_REGIONS, &place.origin, "a gallery target without regions")
                    .here("nobody documents where the version is kept then")
                    .help(cx.words(
                        "name the regions, the definition's own among them: `regions = [\"westeurope\"]`",
                        "name the regions, the definition's own among them, in `targetRegions` (before 2022-07-01 in \
                         `replicationRegions`)",
                    ));
                sink.push(d);
            }
        }
    }
}

/// What to point at if a target names no region.
fn without_regions<'a>(target: &'a Object, node: &'a Node, optional: bool) -> Option<&'a Node> {
    match super::region_list(target) {
        Some(list) => list.as_list().is_some_and(<[Node]>::is_empty).then_some(list),
        None => optional.then_some(node),
    }
}
