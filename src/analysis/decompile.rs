//! Existing templates: JSON files in, source out.

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::pipeline::{Input, Outcome};
use super::read::{self, JsonText};
use super::shown::Cwd;
use super::unusable::Unusable;
use super::workers::{Workers, with_deep_stack};
use crate::base::{FileId, SourceFile};
use crate::decompile::{self, Form, Options};
use crate::diag::{Diagnostic, Sink};
use crate::json;

/// Source that a JSON file became.
#[derive(Clone, Debug)]
pub struct Written {
    /// The JSON file's name as shown.
    pub from: String,
    /// The name of the source, without a folder.
    pub name: String,
    /// Its text.
    pub text: String,
    /// What the JSON is.
    pub form: Form,
}

/// Reads JSON files and writes source for them; what could not be read, or not be said, is in the outcome.
pub fn decompile(inputs: &[Input], options: &Options) -> (Outcome, Vec<Written>) {
    with_deep_stack(|| {
        let mut outcome = Outcome::default();
        let mut written = Vec::new();
        let cwd = match Cwd::get() {
            Ok(cwd) => cwd,
            Err(unusable) => {
                outcome.unusable.push(unusable);
                return (outcome, written);
            }
        };
        let mut sink = Sink::new();
        let mut jobs = Vec::new();
        for input in inputs {
            match text_of(input, &cwd) {
                Err(unusable) => outcome.unusable.push(unusable),
                Ok((shown, stem, JsonText { text, utf8 })) => {
                    let source = SourceFile::new(shown.as_str(), text.clone());
                    let file = outcome.sources.add(Arc::new(source));
                    match utf8 {
                        true => jobs.push(Job { file, shown, stem, text }),
                        false => sink.push(json::not_utf8(file)),
                    }
                }
            }
        }
        for (found, source) in Workers::default().map(&jobs, true, |job| source_of(job, options)) {
            sink.extend(found);
            written.extend(source);
        }
        outcome.diagnostics = sink.into_sorted();
        (outcome, written)
    })
}

/// A file that was read.
struct Job {
    file: FileId,
    shown: String,
    stem: String,
    text: Arc<str>,
}

/// What is found in a file, and its source.
fn source_of(job: &Job, options: &Options) -> (Vec<Diagnostic>, Option<Written>) {
    let document = match json::read(job.file, &job.text) {
        Ok(document) => document,
        Err(found) => return (found, None),
    };
    let mut found = document.findings.clone();
    let options = Options { stem: job.stem.clone(), ..options.clone() };
    match decompile::decompile(job.file, &document, &options) {
        Ok(done) => {
            found.extend(done.findings);
            let name = format!("{}.aib", job.stem);
            (found, Some(Written { from: job.shown.clone(), name, text: done.text, form: done.form }))
        }
        Err(why) => {
            found.push(*why);
            (found, None)
        }
    }
}

/// The name, the stem and the text of an input.
fn text_of(input: &Input, cwd: &Cwd) -> Result<(String, String, JsonText), Unusable> {
    let (shown, stem, text) = match input {
        Input::Stdin => ("<stdin>".to_owned(), "stdin".to_owned(), read::json_stream(io::stdin().lock())),
        Input::File(path) | Input::Json { path, .. } => {
            let canonical = path.canonicalize().unwrap_or_else(|_| path.clone());
            let shown = cwd.shown_argument(path, &canonical);
            let text = read::json_file(path, &shown);
            (shown, stem_of(path), text)
        }
    };
    text.map(|text| (shown.clone(), stem, text)).map_err(|error| Unusable::from_load(&shown, &error))
}

/// The name of a file without its endings.
fn stem_of(path: &Path) -> String {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    stem.strip_suffix(".image").map(str::to_owned).unwrap_or(stem)
}
