//! Files that a script uses before the step that brings them.

use crate::base::TextRange;
use crate::base::has_placeholder;
use crate::check::{Phase, PlacedFile, StepView};
use crate::diag::{Sink, code};
use crate::lint::file_makers::{calls_methods, may_make_anything, starts_without};
use crate::lint::files::{fills_folder, mentions, surely_reads, surely_runs};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Image, Rule, RuleMeta};
use crate::script::Dialect;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::FILE_USED_EARLY,
        confidence: Confidence::Likely,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#properties-customize",
        on: true,
    },
    check,
};

/// Scanning stops after so many bytes of script text for all files of an image together.
pub(super) const BUDGET: usize = 64 * 1024 * 1024;

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let mut budget = BUDGET;
        for file in &image.walk.files {
            if has_placeholder(file.path) || file.path.len() < 4 {
                continue;
            }
            let Some(placer) = image.walk.step(file.step) else { continue };
            if let Some((user, place)) = first_use(image, file, placer, &mut budget) {
                report(cx, sink, image, &user, place, file, placer);
            }
        }
    }
}

/// The first earlier step of the same phase that surely reads the file, unless something before may have put it there.
pub(super) fn first_use<'a>(
    image: &Image<'a>,
    file: &PlacedFile<'a>,
    placer: &StepView<'a>,
    budget: &mut usize,
) -> Option<(StepView<'a>, TextRange)> {
    // What `customize` left on the image is on the validation VM too, so there nothing is too early.
    if placer.phase != Phase::Customize || !starts_without(image, file.path) {
        return None;
    }
    for step in image.walk.steps.iter().take(file.step) {
        if step.destination().is_some_and(|(path, _)| path == file.path) {
            return None;
        }
        let script = image.script(step.index);
        *budget = budget.checked_sub(script.map_or(0, |s| s.text.len()).max(64))?;
        let Some(script) = script else {
            // A script that the service fetches may do anything.
            if step.effect.commands.is_some() {
                return None;
            }
            continue;
        };
        // In PowerShell what fails may be caught.
        let is_caught = step.effect.commands == Some(Dialect::PowerShell) && script.mentions("catch");
        for command in script.commands().iter().filter(|c| c.wraps.is_none()) {
            if let Some(place) = surely_reads(command, file.path) {
                let before = script.text.get(..place.start as usize).unwrap_or_default();
                let is_sure =
                    surely_runs(&script.script, command) && !is_caught && !calls_methods(script, before);
                return (is_sure && !mentions(before, file.path)).then_some((*step, place));
            }
            if fills_folder(command, file.path) || may_make_anything(command) {
                return None;
            }
        }
        if mentions(&script.text, file.path) || calls_methods(script, &script.text) {
            return None;
        }
    }
    None
}

fn report(
    cx: &Context<'_>,
    sink: &mut Sink,
    image: &Image<'_>,
    user: &StepView<'_>,
    place: TextRange,
    file: &PlacedFile<'_>,
    placer: &StepView<'_>,
) {
    let Some(script) = image.script(user.index) else { return };
    let user = user.title();
    let kind = cx.words("`file` step", "`File` step");
    let placer = match placer.name() {
        Some(name) => format!("the {kind} `{name}`"),
        None => format!("the {kind}"),
    };
    let title = format!("`{}` is used before it is there", file.path);
    let d = finding(&code::FILE_USED_EARLY, &cx.place(script, place), title)
        .here(format!("{user} uses it"))
        .also(file.node.origin.span, format!("{placer} puts it there, but runs later"))
        .help(format!("move {placer} above {user}"));
    sink.push(d);
}
