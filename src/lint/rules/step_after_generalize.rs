//! Scripts that generalise the VM themselves.

use crate::check::{DEPROVISION_SCRIPT_LINUX, DEPROVISION_SCRIPT_WINDOWS};
use crate::diag::{Severity, Sink, code};
use crate::lint::finding::{finding, placed};
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::STEP_AFTER_GENERALIZE,
        confidence: Confidence::Likely,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#generalize",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let Some(cause) = image.walk.end.generalised else { continue };
        let command = cause.command;
        let Some(script) = image.script(cause.step) else { continue };
        let line = cx.place(script, cause.range);
        let d = match image.walk.after(cause.step).next() {
            Some(next) => finding(
                &code::STEP_AFTER_GENERALIZE,
                &line,
                format!("`{command}` runs before {}", next.title()),
            )
            .here("generalises the machine")
            .also(placed(next.origin()), "this step would run on a generalised machine"),
            None => {
                let title = format!("`{command}` runs in a step of the image");
                let mut d = finding(&code::STEP_AFTER_GENERALIZE, &line, title)
                    .here("generalises the machine, which the service then does once more");
                d.severity = Severity::Warning;
                d
            }
        };
        sink.push(d.note("the service generalises the machine itself, in a hidden step after the last one").help(
            format!("remove the command; to change how the machine is generalised, change {DEPROVISION_SCRIPT_WINDOWS} or {DEPROVISION_SCRIPT_LINUX}, which the hidden step runs"),
        ));
    }
}
