//! Existing templates: JSON files in, source out.

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::pipeline::{Input, Outcome};
use super::read::{self, JsonText};
use super::shown::Cwd;
use super::unusable::Unusable;
use super::workers::with_deep_stack;
use crate::base::SourceFile;
use crate::decompile::{self, Form, Options};
use crate::diag::Sink;
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
        for input in inputs {
            match text_of(input, &cwd) {
                Err(unusable) => outcome.unusable.push(unusable),
                Ok((shown, stem, JsonText { text, wrong })) => {
                    let file = outcome.sources.add(Arc::new(SourceFile::new(shown.as_str(), text.clone())));
                    if let Some(at) = wrong {
                        sink.push(json::not_utf8(file, at));
                        continue;
                    }
                    let document = match json::read(file, &text) {
                        Ok(document) => document,
                        Err(found) => {
                            sink.extend(found);
                            continue;
                        }
                    };
                    sink.extend(document.findings.iter().cloned());
                    let options = Options { stem: stem.clone(), ..options.clone() };
                    match decompile::decompile(file, &document, &options) {
                        Ok(done) => {
                            sink.extend(done.findings);
                            let name = format!("{stem}.aib");
                            written.push(Written { from: shown, name, text: done.text, form: done.form });
                        }
                        Err(found) => sink.push(*found),
                    }
                }
            }
        }
        outcome.diagnostics = sink.into_sorted();
        (outcome, written)
    })
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
