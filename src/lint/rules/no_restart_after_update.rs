//! Windows updates without a restart behind them.

use crate::check::StepView;
use crate::diag::{Sink, code};
use crate::lint::finding::{misplaced, placed};
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::NO_RESTART_AFTER_UPDATE,
        confidence: Confidence::Likely,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-troubleshoot",
        on: true,
    },
    check,
};

/// What a script holds that may restart the machine: the commands for it, and names of programs that nobody can look into.
static RESTARTS: &[&str] =
    &["restart-computer", "reboot", "shutdown", ".ps1", ".cmd", ".bat", ".exe", ".msi", ".msu"];

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in cx.images.iter().filter(|image| image.knows_all_steps()) {
        let end = &image.walk.end;
        // The update restarts the machine itself; a later restart is one of a step of its own.
        let Some(update) = end.updated.filter(|_| end.updated == end.restarted) else { continue };
        let Some(step) = image.walk.step(update).filter(|s| image.can_run(s)) else { continue };
        // A script that nobody can read, or that restarts the machine, may be all that is wanted.
        let may_restart = |step: &StepView<'_>| RESTARTS.iter().any(|word| step.may_touch(word));
        if image.walk.after(update).any(may_restart) {
            continue;
        }
        let title = format!("no restart after {}", step.title());
        let mut d = misplaced(&code::NO_RESTART_AFTER_UPDATE, step, title)
            .here("what it leaves to be installed keeps the first logon of every VM waiting");
        if let Some(last) = image.walk.after(update).last() {
            d = d.also(placed(last.origin()), "the last step, and nothing up to it restarts the machine");
        }
        sink.push(
            d.help(cx.words("put a `restart` step behind it", "put a `WindowsRestart` step behind it")),
        );
    }
}
