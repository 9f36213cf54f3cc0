//! Files below `/tmp` that a check looks for on a VM that never had them.

use crate::base::{TextRange, has_placeholder};
use crate::check::{Phase, PlacedFile, StepView};
use crate::diag::{Sink, code};
use crate::lint::files::{fills_folder, holds, surely_reads};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Image, Rule, RuleMeta};
use crate::script::{Command, Script, Within};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::LOST_TEMP_FILE,
        confidence: Confidence::Likely,
        evidence: "https://www.freedesktop.org/software/systemd/man/latest/tmpfiles.d.html, and the new boot before `validate`",
        on: true,
    },
    check,
};

/// Where files do not live through the boot between the build and the checks.
const TEMPORARY: &str = "/tmp/";
/// Commands that look whether a file is there.
static LOOKERS: &[&str] = &["test", "[", "[["];

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        for file in &image.walk.files {
            let Some(placer) = image.walk.step(file.step) else { continue };
            let temporary = file.path.starts_with(TEMPORARY) && !has_placeholder(file.path);
            if !temporary || placer.phase != Phase::Customize {
                continue;
            }
            if let Some((user, place)) = first_use(image, file) {
                report(cx, sink, image, &user, place, file, placer);
            }
        }
    }
}

/// The first check that uses the file, unless something on the new VM puts it there before.
fn first_use<'a>(image: &Image<'a>, file: &PlacedFile<'a>) -> Option<(StepView<'a>, TextRange)> {
    for step in image.walk.steps.iter().filter(|s| s.phase == Phase::Validate) {
        if step.destination().is_some_and(|(path, _)| path == file.path) {
            return None;
        }
        let script = image.script(step.index);
        let Some(script) = script.filter(|script| holds(&script.text, file.path)) else { continue };
        for command in script.commands() {
            if let Some(place) = looks_for(&script.script, command, file.path) {
                return Some((*step, place));
            }
            // What commands within it do with the file is said of them.
            if command.wraps.is_some() {
                continue;
            }
            if let Some(place) = surely_reads(command, file.path) {
                return Some((*step, place));
            }
            if fills_folder(command, file.path) || names(command, file.path) {
                return None;
            }
        }
    }
    None
}

/// Whether a command may have made a file: it names it, and is none that surely reads it.
fn names(command: &Command, path: &str) -> bool {
    command.words.iter().any(|word| holds(&word.without_substitutions(), path))
}

/// Whether a command fails if the file is not there: `test -f /tmp/x`, but not `test ! -e /tmp/x`.
fn looks_for(script: &Script, command: &Command, path: &str) -> Option<TextRange> {
    let (name, args) = command.program()?;
    let word = args.iter().find(|w| w.text == path)?;
    let denied = args.iter().any(|w| w.text == "!") || script.within(command).any(|w| *w == Within::Negated);
    (LOOKERS.contains(&name) && !denied).then_some(word.range)
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
    let title = format!("`{}` is gone when `validate` runs", file.path);
    let d = finding(&code::LOST_TEMP_FILE, &cx.place(script, place), title)
        .here(format!("{} uses it, on a new VM", user.title()))
        .also(file.node.origin.span, format!("{} puts it there, on the build VM", placer.title()))
        .note("`validate` runs on a VM that boots from the image, and `/tmp` is emptied when a VM boots")
        .help(cx.words(
            "copy it out of `/tmp` in `customize`, or put it there by a `file` step in `validate`",
            "copy it out of `/tmp` in `customize`, or put it there by a `File` of `inVMValidations`",
        ));
    sink.push(d);
}
