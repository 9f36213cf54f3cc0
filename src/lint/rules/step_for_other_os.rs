//! Steps of one operating system in an image of the other.

use crate::check::StepView;
use crate::diag::{Diagnostic, Sink, code};
use crate::lint::finding::misplaced;
use crate::lint::{Confidence, Context, Image, Rule, RuleMeta};
use crate::schema::Os;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::STEP_FOR_OTHER_OS,
        confidence: Confidence::Certain,
        evidence: "https://github.com/MicrosoftDocs/azure-docs/issues/77358",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        match &image.facts().os {
            Some(os) => {
                let wrong = |s: &&StepView<'_>| s.os.is_some_and(|wanted| wanted != os.value);
                for step in image.walk.steps.iter().filter(wrong) {
                    let d = report(cx, step, &format!("{} image", article(os.value)));
                    sink.push(d.also(os.span, format!("the image is built from {} here", os.value.name())));
                }
            }
            None => mixed(cx, image, sink),
        }
    }
}

/// Nobody said what the image is, but it cannot be both.
fn mixed(cx: &Context<'_>, image: &Image<'_>, sink: &mut Sink) {
    let mut steps = image.walk.steps.iter().filter(|s| s.os.is_some());
    let Some(first) = steps.next() else { return };
    if let Some(other) = steps.find(|s| s.os != first.os) {
        let os = first.os.map(Os::name).unwrap_or_default();
        let d = report(cx, other, "an image that has steps for another system too")
            .also(first.origin().span, format!("this step runs on {os}"))
            .help("an image has one operating system: remove the steps of the other, or make two images");
        sink.push(d);
    }
}

fn report(cx: &Context<'_>, step: &StepView<'_>, image: &str) -> Diagnostic {
    let word = step.word;
    let runs_on = step.os.map(Os::name).unwrap_or_default();
    let d = misplaced(&code::STEP_FOR_OTHER_OS, step, format!("`{word}` step in {image}"))
        .here(format!("runs on {runs_on} only"))
        .note("the service refuses it: \"Customizer … is not supported on … images\"");
    match (step.effect.keyword, step.os) {
        ("shell", _) => d.help(cx.words(
            "on Windows commands run in a `powershell` step",
            "on Windows commands run in a `PowerShell` step",
        )),
        ("powershell", _) => d.help(
            cx.words("on Linux commands run in a `shell` step", "on Linux commands run in a `Shell` step"),
        ),
        ("restart", _) => d.help(
            "Linux has no restart step; what needs a new boot becomes active when a VM starts from the image",
        ),
        _ => d.help(format!("remove it, or build from {runs_on}")),
    }
}

fn article(os: Os) -> &'static str {
    match os {
        Os::Linux => "a Linux",
        Os::Windows => "a Windows",
    }
}
