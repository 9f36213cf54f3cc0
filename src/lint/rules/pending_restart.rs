//! Restarts that are still pending where they must be done.

use crate::check::{Capability, Phase, StepView, VmState};
use crate::diag::{Diagnostic, Sink, code};
use crate::lint::finding::{finding, misplaced, placed};
use crate::lint::{Confidence, Context, Image, Rule, RuleMeta};
use crate::schema::{Os, Role};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::PENDING_RESTART,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#windows-update-customizer",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        for (step, state) in image.walk.moments() {
            if step.phase != Phase::Customize {
                continue;
            }
            if let Some(why) = step.effect.settled
                && let Some(cause) = state.restart.and_then(|at| image.walk.step(at))
            {
                let title = format!("{} runs while a restart is pending", step.title());
                let d =
                    misplaced(&code::PENDING_RESTART, step, title).here("needs a machine that has restarted");
                sink.push(pending(cx, d, cause, step).note(why));
            }
            requirements(cx, image, step, state, sink);
        }
        at_the_end(cx, image, sink);
    }
}

/// A capability is there once the restart that its provider asks for is done.
fn requirements(cx: &Context<'_>, image: &Image<'_>, step: &StepView<'_>, state: &VmState, sink: &mut Sink) {
    for (name, node) in step.names(Role::Requires) {
        let provided = image.walk.provided_before(name, step.index);
        let provider = |c: &Capability<'_>| image.walk.step(c.step?).copied();
        let Some(provider) = provided.and_then(provider) else { continue };
        let restarted = state.restarted.is_some_and(|at| at > provider.index);
        if provider.needs_restart() && !restarted {
            let title = format!("`{name}` is required before the restart that it needs");
            let d = finding(&code::PENDING_RESTART, &node.origin, title)
                .here(format!("{} requires it", step.title()));
            sink.push(pending(cx, d, &provider, step));
        }
    }
}

/// Sysprep, the hidden last step, wants a machine without a pending restart. Linux has no restart step, and needs none there.
fn at_the_end(cx: &Context<'_>, image: &Image<'_>, sink: &mut Sink) {
    let Some(cause) = image.walk.end.restart.and_then(|at| image.walk.step(at)) else { return };
    if cause.os != Some(Os::Windows) {
        return;
    }
    let title = format!("the restart that {} needs is still pending at the end", cause.title());
    let d = misplaced(&code::PENDING_RESTART, cause, title)
        .here("leaves a restart pending")
        .note("the hidden last step generalises the machine as it is, and what waits for a restart keeps the first logon of every VM waiting")
        .help(cx.words("end `customize` with a `restart` step", "end `customize` with a `WindowsRestart` step"));
    sink.push(d);
}

fn pending(cx: &Context<'_>, d: Diagnostic, cause: &StepView<'_>, step: &StepView<'_>) -> Diagnostic {
    let (cause_title, title) = (cause.title(), step.title());
    let d = d.also(placed(cause.origin()), format!("{cause_title} leaves a restart pending"));
    match cause.os {
        Some(Os::Linux) => d.help(
            "Linux has no restart step: check what needs the new boot in `validate`, which runs on a new VM",
        ),
        _ => {
            let restart = cx.words("restart", "WindowsRestart");
            d.help(format!("put a `{restart}` step between {cause_title} and {title}"))
        }
    }
}
