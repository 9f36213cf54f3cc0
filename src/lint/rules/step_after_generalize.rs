//! Scripts that generalise the VM themselves.

use crate::base::TextRange;
use crate::check::{DEPROVISION_SCRIPT_LINUX, DEPROVISION_SCRIPT_WINDOWS, StepScript};
use crate::diag::{Severity, Sink, code};
use crate::lint::finding::{finding, placed};
use crate::lint::{Confidence, Context, Rule, RuleMeta};
use crate::script::Command;

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
        let following = image.walk.after(cause.step).next();
        let d = match (following, used_after(script, cause.range)) {
            (Some(next), _) => finding(
                &code::STEP_AFTER_GENERALIZE,
                &line,
                format!("`{command}` runs before {}", next.title()),
            )
            .here("generalises the machine")
            .also(placed(next.origin()), "this step would run on a generalised machine"),
            (None, Some((next, is_lost))) => {
                let name = next.called().map_or("it", |word| word.text.as_str());
                let title = format!("`{command}` runs before other commands");
                let mut d =
                    finding(&code::STEP_AFTER_GENERALIZE, &line, title).here("generalises the machine").also(
                        cx.place(script, next.range).span,
                        format!("`{name}` would run on a generalised machine"),
                    );
                if is_lost {
                    d = d.note("`+user` removes the user that the step runs as, and `sudo` does nothing for one that is not there");
                } else {
                    d.severity = Severity::Warning;
                }
                d
            }
            (None, None) => {
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

/// Programs that people end a script with, which leave the machine as it is.
static LAST: &[&str] = &[
    "echo",
    "exit",
    "export",
    "history",
    "printf",
    "rm",
    "sleep",
    "sync",
    "true",
    "unset",
    "write-host",
    "write-output",
    "get-itemproperty",
    "get-date",
    "start-sleep",
    "select-object",
    "out-null",
    "test-path",
];

/// The first command behind the one that generalises, in the same script, that surely runs there and is more than the usual end; and
/// whether it surely fails.
fn used_after<'s>(script: &'s StepScript<'_>, place: TextRange) -> Option<(&'s Command, bool)> {
    let commands = || script.commands().iter();
    let cause = commands().find(|c| c.range == place)?;
    let is_next = |c: &&Command| {
        c.range.start >= place.end
            && c.wraps.is_none()
            && c.scope.is_none()
            && c.program().is_some_and(|(name, _)| !LAST.contains(&name))
    };
    let next = commands().find(is_next)?;
    let starts = |c: &Command, text: &str| c.words.first().is_some_and(|w| w.text == text);
    let has_user = cause.words.iter().any(|w| w.text.ends_with("deprovision+user"));
    Some((next, has_user && starts(cause, "sudo") && starts(next, "sudo")))
}
