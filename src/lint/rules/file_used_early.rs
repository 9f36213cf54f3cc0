//! Files that a script uses before the step that brings them.

use crate::base::TextRange;
use crate::base::has_placeholder;
use crate::check::{Phase, PlacedFile, StepView};
use crate::diag::{Sink, code};
use crate::lint::files::{fills_folder, mentions, surely_reads, surely_runs};
use crate::lint::finding::finding;
use crate::lint::makers::{calls_methods, may_make_anything, starts_without};
use crate::lint::{Confidence, Context, Image, Rule, RuleMeta};
use crate::script::{Command, Dialect, Word};

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
const BUDGET: usize = 64 * 1024 * 1024;

/// Commands that make, remove or look for a file rather than use it, with any argument.
static MAKERS: &[&str] = &[
    "touch",
    "mkdir",
    "rm",
    "tee",
    "test",
    "[",
    "[[",
    "echo",
    "printf",
    "new-item",
    "ni",
    "remove-item",
    "del",
    "ri",
    "erase",
    "test-path",
    "out-file",
    "set-content",
    "add-content",
    "write-host",
    "write-output",
    "md",
];
/// Commands whose last argument is where the result goes.
static COPIERS: &[&str] = &[
    "cp",
    "mv",
    "ln",
    "install",
    "rsync",
    "scp",
    "azcopy",
    "copy-item",
    "move-item",
    "copy",
    "move",
    "cpi",
    "mi",
];
/// Options that a path to be written follows.
static OUTPUT_OPTIONS: &[&str] = &[
    "-o",
    "-O",
    "--output",
    "--output-document",
    "-outfile",
    "-destination",
    "-destinationpath",
    "-out",
    "-f",
];

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
fn first_use<'a>(
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

/// What a command does with a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    Makes,
    /// With the word that names it.
    Reads(TextRange),
}

/// How a command uses a path.
pub(super) fn how(command: &Command, path: &str) -> Option<Use> {
    // What commands within it do with the path is said of them.
    let is_own = |w: &Word| command.wraps.is_none() || w.text == path;
    let names = |w: &Word| is_own(w) && holds(&w.without_substitutions(), path);
    let at = command.words.iter().position(names)?;
    let (word, before) = (command.words.get(at)?, at.checked_sub(1).and_then(|i| command.words.get(i)));
    let writes_option =
        before.is_some_and(|w: &Word| OUTPUT_OPTIONS.contains(&w.text.to_lowercase().as_str()));
    // `curl -so /tmp/x`: the last letter of several.
    let joined_option = before.is_some_and(|w: &Word| {
        w.text.starts_with('-')
            && !w.text.starts_with("--")
            && w.text.len() <= 8
            && w.text.ends_with(['o', 'O'])
    });
    // A path inside a longer text may be anything: a message, a line of a file that is written.
    let alone = word.text == path || word.text.split('=').any(|part| part == path);
    let (name, args) = match command.program() {
        Some((name, args)) => (name, args),
        None => return Some(Use::Makes),
    };
    let is_last = args.last().is_some_and(|w| std::ptr::eq(w, word));
    let makes = word.is_output()
        || name.starts_with('.')
        || writes_option
        || (joined_option && matches!(name, "curl" | "wget"))
        || !alone
        || MAKERS.contains(&name)
        || (COPIERS.contains(&name) && is_last);
    Some(if makes { Use::Makes } else { Use::Reads(word.range) })
}

/// Whether a text holds a path that does not go on: `/tmp/a`, but not `/tmp/ab` or `/tmp/a/b`.
pub(super) fn holds(text: &str, path: &str) -> bool {
    text.match_indices(path).any(|(at, _)| {
        let goes_on = |c: char| c.is_alphanumeric() || "_-./\\".contains(c);
        let after = text.get(at + path.len()..).unwrap_or_default();
        let before = text.get(..at).unwrap_or_default();
        !after.starts_with(goes_on) && !before.ends_with(|c: char| c.is_alphanumeric())
    })
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
