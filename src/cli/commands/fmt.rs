//! `aib fmt`

use std::path::Path;

use similar::TextDiff;

use super::{inputs, tell};
use crate::analysis::{self, FormattedFile, Input};
use crate::base::{list_words, plural};
use crate::cli::args::{Findings, Fmt};
use crate::cli::exit::Exit;
use crate::cli::failure::{self, Failure};
use crate::cli::terminal::Terminal;
use crate::cli::write::{self, Target};

/// How many names a line for people holds.
const NAMES: usize = 8;
/// The lines around a change in a diff.
const CONTEXT: usize = 3;

pub(super) fn run(args: &Fmt, terminal: &Terminal) -> Result<Exit, Failure> {
    let mut failures = Vec::new();
    let found = inputs::all(&args.inputs, inputs::sources, &mut failures);
    let stdin = found.contains(&Input::Stdin);
    if stdin && found.len() > 1 {
        failures.push(failure::stdin_among_files());
    }
    if !failures.is_empty() {
        terminal.failures(&failures);
        return Ok(Exit::Unusable);
    }
    let formatted = analysis::format(&found);
    let exit = tell::outcome(&formatted.outcome, &Findings::default(), terminal)?;
    if exit == Exit::Unusable {
        return Ok(exit);
    }
    let files = &formatted.files;
    if args.diff {
        terminal.print(&files.iter().map(diff).collect::<String>())?;
    }
    match (stdin, args.check, args.diff) {
        (_, true, _) => return check(files, args, exit, terminal),
        (_, _, true) => {}
        (true, ..) => terminal.artifact(&files.iter().map(|f| f.new.as_str()).collect::<String>())?,
        (false, ..) => write(files, terminal)?,
    }
    tell_left(files, terminal);
    Ok(exit)
}

/// Lists what would change.
fn check(files: &[FormattedFile], args: &Fmt, exit: Exit, terminal: &Terminal) -> Result<Exit, Failure> {
    let changed: Vec<&FormattedFile> = files.iter().filter(|f| f.changed).collect();
    if !args.diff {
        terminal.print(&changed.iter().map(|f| format!("{}\n", f.shown)).collect::<String>())?;
    }
    tell_left(files, terminal);
    if changed.is_empty() {
        return Ok(exit);
    }
    let these = if args.diff { "" } else { " (`--diff` shows how)" };
    terminal.tell(&format!("{} would be formatted{these}\n", plural(changed.len(), "file")));
    Ok(Exit::Findings)
}

/// Rewrites what changed.
fn write(files: &[FormattedFile], terminal: &Terminal) -> Result<(), Failure> {
    let changed = files.iter().filter(|f| f.changed);
    let targets: Vec<Target<'_>> = changed
        .filter_map(|f| {
            let path = f.path.as_deref().map(Path::to_path_buf)?;
            Some(Target { path, shown: f.shown.clone(), text: &f.new })
        })
        .collect();
    write::write_all(&targets)?;
    let names: Vec<&str> = targets.iter().map(|t| t.shown.as_str()).collect();
    terminal.tell(&match (names.as_slice(), files.len() - names.len()) {
        ([], kept) => format!("{} formatted already\n", are(kept)),
        (names, 0) => format!("formatted {}\n", list_words(names, "and", NAMES)),
        (names, kept) => {
            format!("formatted {}; {} formatted already\n", list_words(names, "and", NAMES), are(kept))
        }
    });
    Ok(())
}

fn are(files: usize) -> String {
    format!("{} {}", plural(files, "file"), if files == 1 { "was" } else { "were" })
}

/// Names the files that were not understood as a whole.
fn tell_left(files: &[FormattedFile], terminal: &Terminal) {
    let names: Vec<&str> = files.iter().filter(|f| !f.understood).map(|f| f.shown.as_str()).collect();
    if !names.is_empty() {
        terminal.tell(&format!(
            "what has no meaning in {} stays as it is: `aib check` says more\n",
            list_words(&names, "and", NAMES)
        ));
    }
}

/// A unified diff; nothing for a file that stays.
fn diff(file: &FormattedFile) -> String {
    if !file.changed {
        return String::new();
    }
    let lines = TextDiff::from_lines(&*file.old, &file.new);
    lines.unified_diff().context_radius(CONTEXT).header(&file.shown, &file.shown).to_string()
}
