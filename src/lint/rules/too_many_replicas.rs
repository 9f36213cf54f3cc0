//! Versions with more replicas than a version may have.

use crate::check::Node;
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::TOO_MANY_REPLICAS,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/azure-compute-gallery#limits",
        on: true,
    },
    check,
};

/// The most replicas of an image version in all regions together.
const MOST: i64 = 100;

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        for target in image.targets("gallery") {
            let Some(list) = target.get("targetRegions") else { continue };
            let replicas = |r: &Node| r.get("replicaCount").map_or(1, |n| n.as_int().unwrap_or(1));
            let sum = list.as_list().unwrap_or_default().iter().map(replicas).fold(0i64, i64::saturating_add);
            if sum > MOST {
                let d = finding(
                    &code::TOO_MANY_REPLICAS,
                    &list.origin,
                    format!("{sum} replicas of one version"),
                )
                .here(format!("a version has at most {MOST} in all regions together"))
                .help(cx.words(
                    "one replica serves about 20 VMs that are created at a time: lower `replicas`",
                    "one replica serves about 20 VMs that are created at a time: lower `replicaCount`",
                ));
                sink.push(d);
            }
        }
    }
}
