//! Files below `/tmp`: those that a check looks for on a VM that never had them, and those that nothing takes from there.

use super::file_used_early::{BUDGET, first_use as used_early};
use crate::base::{TextRange, has_placeholder};
use crate::check::{NodeKind, Phase, PlacedFile, StepView};
use crate::diag::{Sink, code};
use crate::lint::files::{fills_folder, holds, surely_reads};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Image, Rule, RuleMeta, shell};
use crate::schema::Os;
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
/// What every way to name a file below `/tmp` holds: `/tmp/x`, `cd /tmp`, `"$TMPDIR"`.
const ANY_TEMPORARY: &str = "tmp";
/// The file that the hidden last step runs from there.
const LAST_STEP: &str = "deprovisioningscript.sh";
/// Commands that look whether a file is there.
static LOOKERS: &[&str] = &["test", "[", "[["];

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let (moved_at, mut budget) = (last_to_touch(image), BUDGET);
        for file in &image.walk.files {
            let Some(placer) = image.walk.step(file.step) else { continue };
            let temporary = file.path.starts_with(TEMPORARY) && !has_placeholder(file.path);
            if !temporary || placer.phase != Phase::Customize {
                continue;
            }
            if let Some((user, place)) = first_use(image, file) {
                report(cx, sink, image, &user, place, file, placer);
            } else if moved_at.is_none_or(|at| at < file.step)
                && is_left(image, file, placer)
                && used_early(image, file, placer, &mut budget).is_none()
            {
                report_left(cx, sink, file, placer);
            }
        }
    }
}

/// The last step that may have to do with a file below `/tmp`: it names one, or runs what nobody sees.
fn last_to_touch(image: &Image<'_>) -> Option<usize> {
    let runs_unseen = |step: &StepView<'_>| {
        image.script(step.index).is_some_and(|script| script.commands().iter().any(shell::runs_unseen))
    };
    let may = |step: &&StepView<'_>| step.may_touch(ANY_TEMPORARY) || runs_unseen(step);
    image.walk.steps.iter().rfind(may).map(|step| step.index)
}

/// Whether a file that no step has to do with is lost: not one for the hidden last step, and not where a step is not known.
fn is_left(image: &Image<'_>, file: &PlacedFile<'_>, placer: &StepView<'_>) -> bool {
    let name = file.path.rsplit('/').next().unwrap_or_default();
    // One without an address is a mistake that is told there.
    let address = placer.object.get("sourceUri").map(|node| &node.kind);
    let is_there = match address {
        Some(NodeKind::Str(text)) => !text.is_empty(),
        Some(NodeKind::Expr(_)) => true,
        _ => false,
    };
    is_there
        && image.walk.os != Some(Os::Windows)
        && image.knows_all_steps()
        && !name.is_empty()
        && !name.eq_ignore_ascii_case(LAST_STEP)
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

fn report_left(cx: &Context<'_>, sink: &mut Sink, file: &PlacedFile<'_>, placer: &StepView<'_>) {
    let title = format!("no step takes `{}` from `/tmp`", file.path);
    let d = finding(&code::LOST_TEMP_FILE, &file.node.origin, title)
        .here(format!("{} puts it there, and no later step names it or `/tmp`", placer.title()))
        .note("what lies below `/tmp` does not last in an image: Debian and Ubuntu empty it when a VM boots, others after ten days")
        .help(cx.words(
            "let a `shell` step behind it put the file in its place, with `sudo`; or remove it",
            "let a `Shell` step behind it put the file in its place, with `sudo`; or remove it",
        ));
    sink.push(d);
}
