//! Images that go out although a check failed.

use crate::check::Phase;
use crate::diag::{Severity, Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::DISTRIBUTE_ON_FAILURE,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#properties-validate",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let Some(go_on) = image.at("validate.continueDistributeOnFailure") else { continue };
        if go_on.as_bool() != Some(true) {
            continue;
        }
        let d = |title: &str| finding(&code::DISTRIBUTE_ON_FAILURE, &go_on.origin, title);
        let checks = image.at("validate.inVMValidations");
        let first = image.walk.steps.iter().find(|s| s.phase == Phase::Validate);
        match (checks, first) {
            (_, Some(check)) => {
                let mut d = d("an image that fails its checks is distributed all the same")
                    .here("the run is reported as failed, but the image is there for VMs to start from")
                    .also(check.origin().span, "the first check")
                    .help(cx.words("remove `on_failure = distribute`", "remove it: the default is false"));
                // Someone wrote it on purpose.
                d.severity = Severity::Info;
                sink.push(d);
            }
            // Checks that are not known may be there.
            (Some(list), None) if list.as_list().is_none_or(|l| !l.is_empty()) => {}
            _ => sink.push(
                d(cx.words("`on_failure` has no effect", "`continueDistributeOnFailure` has no effect"))
                    .here("there is no check that could fail")
                    .help("add a check, or remove it"),
            ),
        }
    }
}
