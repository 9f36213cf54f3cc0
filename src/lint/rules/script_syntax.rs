//! Scripts that their interpreter refuses.

use crate::check::StepScript;
use crate::diag::{Diagnostic, Severity, Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Rule, RuleMeta};
use crate::script::{Dialect, Fault, FaultKind};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::SCRIPT_SYNTAX,
        confidence: Confidence::Certain,
        on: true,
        evidence: "https://developer.hashicorp.com/packer/docs/provisioners/shell#inline, which the service runs",
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        for (_, script) in image.scripts() {
            // What follows the first fault may follow from it.
            if let Some(fault) = script.script.faults.first() {
                sink.push(report(cx, script, fault));
            }
        }
    }
}

fn report(cx: &Context<'_>, script: &StepScript<'_>, fault: &Fault) -> Diagnostic {
    let at = cx.place(script, fault.at);
    let opened = fault.opened.map(|range| (cx.place(script, range), range));
    let is_document = !fault.stops;
    let (range, mut d) = match (&fault.kind, opened) {
        (FaultKind::Unclosed { open, close }, Some((origin, range))) => {
            let d = finding(&code::SCRIPT_SYNTAX, &origin, format!("`{open}` is never closed"))
                .here("it begins here");
            let d = match origin.span == at.span {
                true => d,
                false => d.also(at.span, format!("the script ends here, without `{close}`")),
            };
            let d = match is_document {
                true => d.help(format!(
                    "write `{close}` on a line of its own behind the text, without white space before it"
                )),
                false => d.help(format!("write `{close}` where it ends")),
            };
            (range, d)
        }
        (FaultKind::Unclosed { open, close }, None) => {
            let d = finding(&code::SCRIPT_SYNTAX, &at, format!("`{open}` is never closed"));
            (fault.at, d.here(format!("the script ends here, without `{close}`")))
        }
        (FaultKind::Unexpected { found, expected: Some(expected) }, opened) => {
            let title = format!("{} stands where `{expected}` is missing", in_words(found.as_deref()));
            let d = finding(&code::SCRIPT_SYNTAX, &at, title)
                .here(format!("`{expected}` has to stand before this"));
            (
                fault.at,
                match opened {
                    Some((origin, _)) if origin.span != at.span => {
                        d.also(origin.span, "for what begins here")
                    }
                    _ => d,
                },
            )
        }
        (FaultKind::Unexpected { found, expected: None }, _) => {
            let title = format!("{} can't stand here", in_words(found.as_deref()));
            let d = finding(&code::SCRIPT_SYNTAX, &at, title);
            (fault.at, d.here("the script can't be read on from here"))
        }
        (FaultKind::Refused { what, instead }, _) => {
            let title = format!("Windows PowerShell does not take {what}");
            let d = finding(&code::SCRIPT_SYNTAX, &at, title)
                .here("the script can't be read on from here")
                .note("the service runs scripts with `powershell.exe`, which is version 5.1; what PowerShell 7 knows, it refuses")
                .help(*instead);
            (fault.at, d)
        }
        (FaultKind::Unfinished { after }, _) => {
            let d = finding(&code::SCRIPT_SYNTAX, &at, format!("nothing follows `{after}`"));
            (fault.at, d.here("the script ends here"))
        }
    };
    if is_document {
        d.severity = Severity::Warning;
    }
    if !cx.shows(script, range) {
        d = d.note(place_in_words(script, range.start as usize));
    }
    d.note(match (script.script.dialect, is_document) {
        (_, true) => {
            "the shell takes all lines up to the end of the script for the text, and runs none of them"
        }
        (Dialect::Sh, _) => {
            "the shell runs what stands before it, then gives up: the step fails, and the build with it"
        }
        (Dialect::PowerShell, _) => {
            "PowerShell reads a script before it runs any of it: the step fails at once"
        }
    })
}

/// What stands somewhere, or the end of its line.
fn in_words(found: Option<&str>) -> String {
    found.map_or_else(|| "the end of the line".to_owned(), |found| format!("`{found}`"))
}

/// Where a place is that the sources don't show as it is: scripts in files, texts that are put together.
fn place_in_words(script: &StepScript<'_>, at: usize) -> String {
    let before = script.text.get(..at).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = script.text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default().trim();
    let shown: String = line.chars().take(60).collect();
    format!("that is in line {} of the script: `{shown}`", before.matches('\n').count() + 1)
}
