//! Targets that leave out the definition's own region.

use crate::check::{Node, Object};
use crate::diag::{Diagnostic, Severity, Sink, code};
use crate::lint::finding::finding;
use crate::lint::values::{known, same};
use crate::lint::{Confidence, Context, Rule, RuleMeta};
use crate::schema::{normalise_region, region};

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
    // The definition's own region decides. Where that is not written it mostly lies where its gallery does, which is what
    // Microsoft's page asks for.
    let own = cx.own_region(definition).filter(|node| known(node).is_some());
    let Some(home) = own.or_else(|| cx.region(definition)) else { return };
    let Some(home_name) = known(home) else { return };
    let regions = super::regions(target);
    let Some(first) = regions.first() else { return };
    // A rule about equal values speaks only where all are known; a name with a slip in it has a finding of its own.
    let is_home = |r: &&Node| {
        known(r).is_none_or(|name| {
            region(name).is_none() || normalise_region(name) == normalise_region(home_name)
        }) || same(r, home)
    };
    if regions.iter().any(is_home) {
        return;
    }
    let list = super::region_list(target).unwrap_or(first);
    let whose = if own.is_some() { "definition" } else { "gallery" };
    let title = format!("the {whose}'s own region `{home_name}` is missing");
    let d = finding(&code::HOME_REGION_MISSING, &list.origin, title)
        .here("a version is kept in the region of its definition, and copied from there")
        .help(format!("add `\"{home_name}\"` to the regions"));
    sink.push(match own {
        Some(_) => d.also(home.origin.span, format!("`{}` lies in this region", definition.declared)),
        None => {
            let d = d.also(home.origin.span, "the gallery lies in this region").note(format!(
                "where `{}` lies is not written: mostly where its gallery does",
                definition.declared
            ));
            Diagnostic { severity: Severity::Warning, ..d }
        }
    });
}
