//! Restarts with nothing to restart for.

use crate::check::{Phase, StepView};
use crate::diag::{Sink, code};
use crate::lint::finding::{misplaced, placed};
use crate::lint::{Confidence, Context, Image, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::IDLE_RESTART,
        confidence: Confidence::Likely,
        evidence: "an inference: nothing ran since the machine last started",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in cx.images.iter().filter(|image| image.knows_all_steps()) {
        let mut before: Option<&StepView<'_>> = None;
        for step in image.walk.steps.iter().filter(|s| s.phase == Phase::Customize) {
            if is_plain_restart(step) && image.can_run(step) {
                report(image, before, step, sink);
            }
            before = Some(step);
        }
    }
}

/// A restart with a command or a check of its own may do more than restart.
fn is_plain_restart(step: &StepView<'_>) -> bool {
    let own = ["restartCommand", "restartCheckCommand"];
    step.effect.keyword == "restart" && own.into_iter().all(|member| step.object.get(member).is_none())
}

fn report(image: &Image<'_>, before: Option<&StepView<'_>>, step: &StepView<'_>, sink: &mut Sink) {
    let d = |title: &str| misplaced(&code::IDLE_RESTART, step, title);
    let help = "remove it, or put it behind a step that needs it";
    match before {
        // An image of somebody's own may have left a restart pending.
        None if image.at("source.type").and_then(|t| t.as_str()).is_some_and(|t| &**t == "PlatformImage") => {
            sink.push(d("the first step is a restart").here("the machine has just started").help(help));
        }
        Some(other) if is_plain_restart(other) => {
            let first = placed(other.origin());
            sink.push(
                d("two restarts in a row")
                    .here("nothing ran since the first")
                    .also(first, "the first")
                    .help(help),
            );
        }
        _ => {}
    }
}
