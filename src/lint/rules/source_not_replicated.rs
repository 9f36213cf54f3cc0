//! Images built from versions that are not replicated to their region.

use std::collections::HashMap;

use crate::check::{Node, Object, ResourceId};
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::values::{known, same};
use crate::lint::{Confidence, Context, Image, Rule, RuleMeta};
use crate::schema::normalise_region;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::SOURCE_NOT_REPLICATED,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#properties-source",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    // Several images may make versions of one definition: one that goes to the region is enough.
    let mut makers: HashMap<ResourceId, Vec<(&Image<'_>, &Object)>> = HashMap::new();
    for parent in &cx.images {
        for target in parent.targets("gallery") {
            if let Some((definition, _)) = target.get("galleryImageId").and_then(|id| cx.definition(id)) {
                makers.entry(definition).or_default().push((parent, target));
            }
        }
    }
    for child in &cx.images {
        let Some(source) = child.at("source.imageVersionId") else { continue };
        let Some(targets) = cx.definition(source).and_then(|(definition, _)| makers.get(&definition)) else {
            continue;
        };
        let Some(location) = child.resource.body.get("location") else { continue };
        if let Some((parent, list)) = unreplicated(location, targets) {
            report(sink, child, parent, location, source, list);
        }
    }
}

/// The regions of the only target, if the location is surely not among them.
fn unreplicated<'a, 'b>(
    location: &Node,
    targets: &[(&'b Image<'a>, &'a Object)],
) -> Option<(&'b Image<'a>, &'a Node)> {
    let name = known(location)?;
    let mut found = None;
    for &(parent, target) in targets {
        let regions = super::regions(target);
        let reaches = |r: &&Node| {
            known(r).is_none_or(|r| normalise_region(r) == normalise_region(name)) || same(r, location)
        };
        if regions.is_empty() || regions.iter().any(reaches) {
            return None;
        }
        found = found.or(super::region_list(target).map(|list| (parent, list)));
    }
    found
}

fn report(
    sink: &mut Sink,
    child: &Image<'_>,
    parent: &Image<'_>,
    location: &Node,
    source: &Node,
    list: &Node,
) {
    let name = location.as_str().map(|s| &**s).unwrap_or_default();
    let title = format!(
        "`{}` is not replicated to `{name}`, where `{}` is built",
        parent.resource.declared, child.resource.declared
    );
    let d = finding(&code::SOURCE_NOT_REPLICATED, &source.origin, title)
        .here("the source of a build must be in the region of the template")
        .also(location.origin.span, format!("`{}` is built here", child.resource.declared))
        .also(list.origin.span, format!("`{}` goes to these regions only", parent.resource.declared))
        .help(format!("add `\"{name}\"` to the regions of `{}`", parent.resource.declared));
    sink.push(d);
}
