//! Images built from versions that are not replicated to their region.

use crate::check::{Maker, Makers, Node, Resource, makers};
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
    for child in &cx.images {
        let Some(source) = child.at("source.imageVersionId") else { continue };
        let Makers { all, complete: true } = makers(cx.program, child.id, child.resource) else { continue };
        let Some(location) = child.resource.body.get("location") else { continue };
        if let Some((parent, list)) = unreplicated(location, &all) {
            report(sink, child, parent, location, source, list);
        }
    }
}

/// The regions of the first target, if the location is surely not among those of any: where several images make versions of
/// one definition, one that goes to the region is enough.
fn unreplicated<'a>(location: &Node, makers: &[Maker<'a>]) -> Option<(&'a Resource, &'a Node)> {
    let name = known(location)?;
    let mut found = None;
    for maker in makers {
        let regions = super::regions(maker.target);
        let reaches = |r: &&Node| {
            known(r).is_none_or(|r| normalise_region(r) == normalise_region(name)) || same(r, location)
        };
        if regions.is_empty() || regions.iter().any(reaches) {
            return None;
        }
        found = found.or(super::region_list(maker.target).map(|list| (maker.image, list)));
    }
    found
}

fn report(
    sink: &mut Sink,
    child: &Image<'_>,
    parent: &Resource,
    location: &Node,
    source: &Node,
    list: &Node,
) {
    let name = location.as_str().map(|s| &**s).unwrap_or_default();
    let title = format!(
        "`{}` is not replicated to `{name}`, where `{}` is built",
        parent.declared, child.resource.declared
    );
    let d = finding(&code::SOURCE_NOT_REPLICATED, &source.origin, title)
        .here("the source of a build must be in the region of the template")
        .also(location.origin.span, format!("`{}` is built here", child.resource.declared))
        .also(list.origin.span, format!("`{}` goes to these regions only", parent.declared))
        .help(format!("add `\"{name}\"` to the regions of `{}`", parent.declared));
    sink.push(d);
}
