//! Targets that name a region twice.

use std::collections::HashMap;

use crate::check::Node;
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::values::{known, same};
use crate::lint::{Confidence, Context, Rule, RuleMeta};
use crate::schema::normalise_region;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::DUPLICATE_REGION,
        confidence: Confidence::Certain,
        evidence: "https://github.com/hashicorp/terraform-provider-azurerm/issues/7751",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        for target in image.targets("gallery") {
            let regions = super::regions(target);
            let mut seen: HashMap<String, &Node> = HashMap::new();
            let mut unknown: Vec<&Node> = Vec::new();
            for region in regions {
                let first = match known(region) {
                    Some(name) => {
                        let first = seen.get(&normalise_region(name)).copied();
                        seen.entry(normalise_region(name)).or_insert(region);
                        first
                    }
                    None => {
                        let first =
                            unknown.iter().copied().find(|u| region.as_str().is_none() && same(u, region));
                        unknown.push(region);
                        first
                    }
                };
                if let Some(first) = first {
                    report(sink, first, region);
                }
            }
        }
    }
}

fn report(sink: &mut Sink, first: &Node, region: &Node) {
    let title = match region.as_str() {
        Some(name) => format!("the region `{name}` is there twice"),
        None => "the same region is there twice".to_owned(),
    };
    let d = finding(&code::DUPLICATE_REGION, &region.origin, title)
        .here("once more")
        .also(first.origin.span, "first here")
        .note("regions compare without letter case and spaces; Compute refuses duplicates")
        .help("name each region once, with the sum of the replicas");
    sink.push(d);
}
