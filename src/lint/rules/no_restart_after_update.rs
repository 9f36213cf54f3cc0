//! Windows updates without a restart behind them.

use crate::check::Phase;
use crate::diag::{Sink, code};
use crate::lint::finding::misplaced;
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

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let end = &image.walk.end;
        // The update restarts the machine itself; a later restart is one of a step of its own.
        let Some(update) = end.updated.filter(|_| end.updated == end.restarted) else { continue };
        let Some(step) = image.walk.step(update).filter(|s| image.can_run(s)) else { continue };
        // Only where it is the last thing that happens: what follows may well be meant to.
        let last = image.walk.steps.iter().rfind(|s| s.phase == Phase::Customize);
        if last.is_none_or(|l| l.index != step.index) {
            continue;
        }
        let title = format!("no restart after {}", step.title());
        let d = misplaced(&code::NO_RESTART_AFTER_UPDATE, step, title)
            .here("what it leaves to be installed keeps the first logon of every VM waiting")
            .help(cx.words("put a `restart` step behind it", "put a `WindowsRestart` step behind it"));
        sink.push(d);
    }
}
