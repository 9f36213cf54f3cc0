//! Files for the checks that no check can use.

use crate::check::{Phase, StepView};
use crate::diag::{Sink, code};
use crate::lint::finding::misplaced;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::UNCHECKED_FILE,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#properties-validate",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in cx.images.iter().filter(|image| image.knows_all_steps()) {
        let is_check = |step: &StepView<'_>| !step.effect.places_file;
        for step in image.walk.steps.iter().filter(|s| s.phase == Phase::Validate && !is_check(s)) {
            if image.walk.after(step.index).any(is_check) {
                continue;
            }
            let title = format!("no check follows {}", step.title());
            let d = misplaced(&code::UNCHECKED_FILE, step, title)
                .here(
                    "puts a file on the validation VM, which is deleted afterwards; it checks nothing itself",
                )
                .help(cx.words(
                    "put it in front of a `shell` or `powershell` check that uses the file, or remove it",
                    "put it in front of a `Shell` or `PowerShell` check that uses the file, or remove it",
                ));
            sink.push(d);
        }
    }
}
