//! Commands that Windows refuses to a session from afar, in a step that is one.

use crate::check::{StepScript, StepView, WrittenIn};
use crate::diag::{Applicability, Diagnostic, Sink, code};
use crate::lint::calls::{Call, powershell};
use crate::lint::finding::finding;
use crate::lint::within::may_run_here;
use crate::lint::{Confidence, Context, Image, Rule, RuleMeta};
use crate::schema::V2020_02;
use crate::script::Command;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::MISSING_ELEVATION,
        confidence: Confidence::Likely,
        evidence: "https://github.com/danielsollondon/azvmimagebuilder/issues/54, https://github.com/hashicorp/packer/issues/9345; of wusa: https://support.microsoft.com/kb/2773898",
        on: true,
    },
    check,
};

/// What ends in "Access is denied" through WinRM, though the user is an administrator. A package at hand needs no Windows Update.
static DENIED: &[Call] = &[
    powershell(&["add-windowscapability"], &[]).without(&["-path", "-source", "-whatif"]),
    powershell(&["wusa"], &[&["*.msu", "*.msu\"", "*.msu'"]]).without(&["/extract*", "-extract*"]),
];
/// What runs a script in another session.
static SESSIONS: &[&str] = &["psexec", "CommandAs", "Register-ScheduledTask", "schtasks"];

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        for (step, script) in image.scripts().filter(|(step, _)| is_from_afar(image, step)) {
            if SESSIONS.iter().any(|text| script.mentions(text)) {
                continue;
            }
            let mut denied = script.commands().iter().filter(|c| DENIED.iter().any(|call| call.is(c)));
            // The step ends there: what follows does not run.
            if let Some(command) = denied.find(|c| may_run_here(script, c)) {
                sink.push(report(cx, image, step, script, command));
            }
        }
    }
}

/// Whether a step surely runs in the session from afar, as those do that are not elevated.
fn is_from_afar(image: &Image<'_>, step: &StepView<'_>) -> bool {
    let elevated = step.object.get("runElevated");
    image.can_run(step) && elevated.is_none_or(|node| node.as_bool() == Some(false))
}

fn report(
    cx: &Context<'_>,
    image: &Image<'_>,
    step: &StepView<'_>,
    script: &StepScript<'_>,
    command: &Command,
) -> Diagnostic {
    let name = match command.called() {
        Some(word) => word.text.as_str(),
        None => command.program().map_or("", |(name, _)| name),
    };
    let title = format!("`{name}` is denied to a step that is not elevated");
    let d = finding(&code::MISSING_ELEVATION, &cx.place(script, command.range), title)
        .here(format!("{} runs it in a session from afar", step.title()))
        .note("the service runs the steps through WinRM, where Windows refuses updates and optional features with \"Access is denied\"")
        .help(cx.words(
            "write `elevated = true` and `as_system = true` in the step",
            "write `\"runElevated\": true` and `\"runAsSystem\": true` in the step",
        ));
    let given = step.object.member("runElevated");
    let d = match given {
        Some(off) => d.also(off.value.origin.span, "switched off here"),
        None => d,
    };
    let can_mend = image.resource.version().is_none_or(|version| version >= V2020_02)
        && cx.program.written_in == WrittenIn::Json
        && given.is_none()
        && step.object.get("runAsSystem").is_none();
    match step.object.member("inline").filter(|_| can_mend) {
        Some(inline) => {
            let text = "\"runElevated\": true, \"runAsSystem\": true, \"inline\"";
            let title = "write `\"runElevated\": true, \"runAsSystem\": true`";
            d.fix(title, inline.key_origin.span, text, Applicability::Unsafe)
        }
        None => d,
    }
}
