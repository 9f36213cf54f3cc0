//! Targets that leave out the definition's own region.

use crate::check::{Node, Object};
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::values::{known, same};
use crate::lint::{Confidence, Context, Rule, RuleMeta};
use crate::schema::normalise_region;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::HOME_REGION_MISSING,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#distribute-sharedimage",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        for target in image.targets("gallery") {
            missing(cx, target, sink);
        }
    }
}

fn missing(cx: &Context<'_>, target: &Object, sink: &mut Sink) {
    let Some(id) = target.get("galleryImageId") else { return };
    let Some((_, definition)) = cx.definition(id) else { return };
    let Some(home) = cx.region(definition) else { return };
    let Some(home_name) = known(home) else { return };
    let regions = super::regions(target);
    let Some(first) = regions.first() else { return };
    // A rule about equal values speaks only where all are known.
    let is_home = |r: &&Node| {
        known(r).is_none_or(|name| normalise_region(name) == normalise_region(home_name)) || same(r, home)
    };
    if regions.iter().any(is_home) {
        return;
    }
    let list = super::region_list(target).unwrap_or(first);
    let d = finding(
        &code::HOME_REGION_MISSING,
        &list.origin,
        format!("the definition's own region `{home_name}` is missing"),
    )
    .here("a version is kept in the region of its definition, and copied from there")
    .also(home.origin.span, format!("`{}` lies in this region", definition.declared))
    .help(format!("add `\"{home_name}\"` to the regions"));
    sink.push(d);
}
