//! Restarts that wait less long than updates of Windows Server 2016 take.

use std::time::Duration;

use crate::check::{Phase, go_duration};
use crate::diag::{Sink, code};
use crate::lint::finding::{finding, misplaced, replace};
use crate::lint::values::known;
use crate::lint::{Confidence, Context, Image, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::RESTART_TOO_SHORT,
        confidence: Confidence::Likely,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-troubleshoot",
        on: true,
    },
    check,
};

/// What Microsoft advises: half an hour.
const ENOUGH: Duration = Duration::from_secs(30 * 60);

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in cx.images.iter().filter(|image| is_2016(image)) {
        for (step, state) in image.walk.moments().filter(|(s, _)| s.phase == Phase::Customize) {
            let Some(update) = state.updated.and_then(|index| image.walk.step(index)) else { continue };
            // Only the restart that follows the update ends it.
            if step.effect.keyword != "restart" || state.restarted != state.updated {
                continue;
            }
            let timeout = step.object.get("restartTimeout");
            let short =
                timeout.is_none_or(|t| known(t).and_then(go_duration).is_some_and(|limit| limit < ENOUGH));
            if !short {
                continue;
            }
            let title = "a restart after updates of Windows Server 2016 takes longer";
            let d = match timeout {
                Some(timeout) => {
                    let d = finding(&code::RESTART_TOO_SHORT, &timeout.origin, title);
                    replace(d, &timeout.origin, "30m", cx.words("30m", "\"30m\""))
                }
                None => misplaced(&code::RESTART_TOO_SHORT, step, title),
            };
            sink.push(
                d.here("the build ends with \"Timeout waiting for machine to restart\"; without a limit it waits 5 minutes")
                    .also(update.origin().span, "the updates")
                    .help(cx.words("write `timeout = 30m`", "write `\"restartTimeout\": \"30m\"`")),
            );
        }
    }
}

fn is_2016(image: &Image<'_>) -> bool {
    let part = |name: &str| image.at("source")?.get(name).and_then(known);
    part("publisher").is_some_and(|p| p.eq_ignore_ascii_case("MicrosoftWindowsServer"))
        && part("sku").is_some_and(|sku| sku.starts_with("2016"))
}
