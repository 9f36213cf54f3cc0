//! Files below `/tmp` that nothing takes from there.

use crate::base::has_placeholder;
use crate::check::{Node, NodeKind, Phase, PlacedFile, StepView};
use crate::diag::{Sink, code};
use crate::lint::files::{fills_folder, keeps_to_named, mentions};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Image, Rule, RuleMeta};
use crate::schema::Os;
use crate::script::HOLE;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::UNUSED_TEMP_FILE,
        confidence: Confidence::Likely,
        evidence: "https://github.com/danielsollondon/azvmimagebuilder/issues/8",
        on: true,
    },
    check,
};

/// Scanning stops after so many bytes of script text for all files of an image together.
const BUDGET: usize = 16 * 1024 * 1024;
/// What the service itself takes from there.
const OWN: &str = "/tmp/deprovisioningscript.sh";

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in cx.images.iter().filter(|image| image.is(Os::Linux).is_some() && image.knows_all_steps()) {
        let mut budget = BUDGET;
        for file in image.walk.files.iter().filter(|file| is_temporary(file)) {
            // A step without a source has another mistake.
            let is_whole = |step: &&StepView<'_>| {
                let source = step.object.get("sourceUri");
                let is_given = |url: &Node| {
                    matches!(url.kind, NodeKind::Expr(_)) || url.as_str().is_some_and(|url| !url.is_empty())
                };
                step.phase == Phase::Customize && source.is_some_and(is_given)
            };
            let Some(placer) = image.walk.step(file.step).filter(is_whole) else { continue };
            if image.walk.steps.iter().any(|step| may_use(image, file, step, &mut budget)) {
                continue;
            }
            let d = finding(
                &code::UNUSED_TEMP_FILE,
                &file.node.origin,
                format!("nothing takes `{}` out of `/tmp`", file.path),
            )
            .here(format!("{} puts it there, and no step names it", placer.title()))
            .note("what lies in `/tmp` is no part of the image that anyone could rely on: many systems empty it when a VM boots")
            .help(cx.words(
                "move it in a later `shell` step: `sudo install -m 0644 …`, or leave the step out",
                "move it in a later `Shell` step: `sudo install -m 0644 …`, or leave the step out",
            ));
            sink.push(d);
        }
    }
}

fn is_temporary(file: &PlacedFile<'_>) -> bool {
    file.path.starts_with("/tmp/")
        && !file.path.ends_with('/')
        && !has_placeholder(file.path)
        && !file.path.eq_ignore_ascii_case(OWN)
}

/// Whether a step may have to do with a file: it names it, before or behind, or it does something behind of which nobody knows
/// what it reads.
fn may_use(image: &Image<'_>, file: &PlacedFile<'_>, step: &StepView<'_>, budget: &mut usize) -> bool {
    let path = file.path;
    if step.effect.commands.is_none() {
        // A second file there is told by another rule.
        return step.index != file.step && step.destination().is_some_and(|(other, _)| other == path);
    }
    let is_later = step.index > file.step;
    let Some(script) = image.script(step.index) else { return is_later };
    let Some(left) = budget.checked_sub(script.text.len().max(64)) else { return true };
    *budget = left;
    let is_open = || {
        script.script.in_parts
            || script.text.contains(HOLE)
            || script.commands().iter().any(|command| fills_folder(command, path) || !keeps_to_named(command))
    };
    mentions(&script.text, path) || (is_later && is_open())
}
