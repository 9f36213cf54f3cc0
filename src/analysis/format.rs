//! Formatting files: read, laid out anew, and compared with what they were.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::entry::STDIN_NAME;
use super::pipeline::{Input, Outcome};
use super::read;
use super::shown::Cwd;
use super::unusable::Unusable;
use super::workers::{Workers, with_deep_stack};
use crate::base::{SourceFile, TextRange};
use crate::diag::{Diagnostic, code};
use crate::fmt;

/// A file in the one style.
#[derive(Clone, Debug)]
pub struct FormattedFile {
    /// Its name as shown.
    pub shown: String,
    /// Its canonical path; none for standard input.
    pub path: Option<PathBuf>,
    /// Its text as it is.
    pub old: Arc<str>,
    /// Its text as it should be: the old one if nothing is to be changed or the change would not be sound.
    pub new: String,
    /// Whether the two differ.
    pub changed: bool,
    /// Whether all of it was understood; what was not is left as it is.
    pub understood: bool,
}

/// What came of formatting.
#[derive(Debug, Default)]
pub struct FormatOutcome {
    /// The files, in the order of the inputs, each once.
    pub files: Vec<FormattedFile>,
    /// What cannot be used, and changes that were refused because the file would mean something else.
    pub outcome: Outcome,
}

/// Formats files. A text that would mean something else afterwards is left as it is, and that is a finding.
pub fn format(inputs: &[Input]) -> FormatOutcome {
    with_deep_stack(|| match Cwd::get() {
        Ok(cwd) => format_in(inputs, &cwd),
        Err(unusable) => FormatOutcome {
            outcome: Outcome { unusable: vec![unusable], ..Outcome::default() },
            ..FormatOutcome::default()
        },
    })
}

/// A text that was read.
struct Text {
    shown: String,
    path: Option<PathBuf>,
    text: Arc<str>,
}

fn format_in(inputs: &[Input], cwd: &Cwd) -> FormatOutcome {
    let mut outcome = Outcome::default();
    let mut texts = Vec::new();
    let mut seen = HashSet::new();
    for input in inputs {
        match text_of(input, cwd) {
            Ok(text) if !seen.insert(text.path.clone()) => {}
            Ok(text) => texts.push(text),
            Err(unusable) => outcome.unusable.push(unusable),
        }
    }
    let formatted = Workers::default().map(&texts, true, |text| {
        let new = fmt::format(&text.text);
        let sound = !new.changed || fmt::same_meaning(&text.text, &new.text);
        (new, sound)
    });
    let settled = texts.into_iter().zip(formatted);
    let files = settled.map(|(text, (new, sound))| settle(text, new, sound, &mut outcome)).collect();
    FormatOutcome { files, outcome }
}

/// What becomes of a file: a change that is not sound is refused and told.
fn settle(text: Text, new: fmt::Formatted, sound: bool, outcome: &mut Outcome) -> FormattedFile {
    if !sound {
        let file = SourceFile::new(text.shown.clone(), Arc::clone(&text.text));
        let file = outcome.sources.add(Arc::new(file));
        let place = TextRange::new(0, text.text.find('\n').unwrap_or(text.text.len()));
        let title = format!("formatting would change what `{}` means", text.shown);
        let finding = Diagnostic::new(&code::FORMAT_UNSOUND, place.in_file(file), title)
            .note("the new text was read again, and is not what was meant: this is a mistake in aib, and the file is left alone")
            .help("report it, with the file");
        outcome.diagnostics.push(finding);
    }
    FormattedFile {
        new: if sound { new.text } else { text.text.to_string() },
        changed: sound && new.changed,
        understood: new.understood,
        shown: text.shown,
        path: text.path,
        old: text.text,
    }
}

fn text_of(input: &Input, cwd: &Cwd) -> Result<Text, Unusable> {
    match input {
        Input::Stdin => {
            let text = read::stream_as_it_is(io::stdin().lock(), 0);
            let text = text.map_err(|e| Unusable::from_load(STDIN_NAME, &e))?;
            Ok(Text { shown: STDIN_NAME.to_string(), path: None, text })
        }
        Input::File(path) | Input::Json { path, .. } => file(path, cwd),
    }
}

fn file(argument: &Path, cwd: &Cwd) -> Result<Text, Unusable> {
    let written = argument.display().to_string();
    let canonical = fs::canonicalize(argument)
        .map_err(|error| Unusable::from_load(&written, &read::failed(&error, &written)))?;
    let shown = cwd.shown_argument(argument, &canonical);
    let text =
        read::regular_file_as_it_is(&canonical, &shown).map_err(|e| Unusable::from_load(&shown, &e))?;
    Ok(Text { shown, path: Some(canonical), text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_that_is_not_sound_is_refused_and_told() {
        let text = || Text { shown: "a.aib".into(), path: None, text: "let a=1\nlet b=2\n".into() };
        let wrong = || fmt::Formatted { text: "let a = 2\n".into(), changed: true, understood: true };
        let mut outcome = Outcome::default();
        let kept = settle(text(), wrong(), fmt::same_meaning(&text().text, &wrong().text), &mut outcome);
        assert_eq!((kept.changed, kept.new.as_str()), (false, "let a=1\nlet b=2\n"));
        let [told] = outcome.diagnostics.as_slice() else { panic!("{:?}", outcome.diagnostics) };
        assert_eq!((told.code, outcome.sources.text_of(told.span())), (&code::FORMAT_UNSOUND, "let a=1"));
    }
}
