//! Restarts that may take longer than the whole build.

use crate::check::{Node, go_duration};
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::RESTART_OUTLASTS_BUILD,
        confidence: Confidence::Certain,
        on: true,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#properties-buildtimeoutinminutes",
    },
    check,
};

/// What the service takes where no limit is stated, or 0.
const DEFAULT_MINUTES: i64 = 240;

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let stated = image.at("buildTimeoutInMinutes");
        // One that only Azure knows can't be compared.
        let minutes = match stated.map(Node::as_int) {
            None | Some(Some(0)) => DEFAULT_MINUTES,
            // Such a limit is wrong itself.
            Some(Some(minutes)) if super::timeout_too_short::TOO_SHORT.contains(&minutes) => continue,
            Some(Some(minutes)) => minutes,
            Some(None) => continue,
        };
        for step in image.walk.steps.iter().filter(|step| step.effect.restarts) {
            let Some(timeout) = step.object.get("restartTimeout") else { continue };
            let Some(length) = timeout.as_str().and_then(|text| go_duration(text)) else { continue };
            if length.as_secs() / 60 < minutes.unsigned_abs() {
                continue;
            }
            let title = format!("{} may take as long as the whole build", step.title());
            let mut d = finding(&code::RESTART_OUTLASTS_BUILD, &timeout.origin, title)
                .here("the build ends before this limit does")
                .help("wait less here, or give the build more time");
            match stated.filter(|node| node.as_int() != Some(0)) {
                Some(node) => d = d.also(node.origin.span, format!("the whole build has {minutes} minutes")),
                None => d = d.note("without a limit of its own the build has four hours"),
            }
            sink.push(d);
        }
    }
}
