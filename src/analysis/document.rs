//! JSON documents that the user names: templates, raw bodies.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::entry::STDIN_NAME;
use super::pipeline::Input;
use super::read;
use super::shown::Cwd;
use super::unusable::Unusable;
use crate::base::{FileId, SourceFile};
use crate::diag::Diagnostic;
use crate::json;
use crate::resolve::LoadError;

/// A JSON file that was read.
#[derive(Clone, Debug)]
pub(super) struct JsonFile {
    /// The file, by its name as shown.
    pub(super) file: Arc<SourceFile>,
    /// What it holds.
    pub(super) root: json::Value,
}

/// The text of an input by its name as shown, whatever it holds.
pub(super) fn text_of(input: &Input, cwd: &Cwd) -> Result<SourceFile, Unusable> {
    let (shown, text) = match input {
        Input::Stdin => (STDIN_NAME.to_owned(), read::json_stream(io::stdin().lock())),
        Input::File(path) | Input::Json { path, .. } => {
            let shown = shown(path, cwd);
            let text = read::json_file(path, &shown);
            (shown, text)
        }
    };
    let text = text.and_then(|text| match text.wrong {
        Some(at) => Err(LoadError::NotUtf8(at)),
        None => Ok(text.text),
    });
    match text {
        Ok(text) => Ok(SourceFile::new(shown, text)),
        Err(error) => Err(Unusable::from_load(&shown, &error)),
    }
}

/// The root of a file that the user names as JSON.
///
/// # Errors
/// Says why it can't be read.
pub fn json_file(path: &Path) -> Result<json::Value, Unusable> {
    let cwd = Cwd::get()?;
    Ok(read(&Input::File(path.to_path_buf()), &cwd)?.root)
}

/// Reads an input as JSON.
pub(super) fn read(input: &Input, cwd: &Cwd) -> Result<JsonFile, Unusable> {
    parse(text_of(input, cwd)?)
}

/// Reads a text as JSON.
pub(super) fn parse(file: SourceFile) -> Result<JsonFile, Unusable> {
    let file = Arc::new(file);
    match json::read(FileId(0), file.text()) {
        Ok(document) => Ok(JsonFile { file, root: document.root }),
        Err(found) => Err(broken(&file, found.last())),
    }
}

/// A file's name as shown.
pub(super) fn shown(path: &Path, cwd: &Cwd) -> String {
    fs::canonicalize(path).map_or_else(|_| path.display().to_string(), |real| cwd.shown_argument(path, &real))
}

/// What the reader says of a text that is no JSON; its last finding is the one that ended it.
fn broken(file: &Arc<SourceFile>, finding: Option<&Diagnostic>) -> Unusable {
    let title = format!("`{}` is no valid JSON", file.name());
    let Some(finding) = finding else { return Unusable::new(title) };
    let said = finding.labels.first().map(|label| label.message.as_str()).filter(|said| !said.is_empty());
    let label = said.map_or_else(|| finding.title.clone(), |said| format!("{}: {said}", finding.title));
    let fault = Unusable::new(title).at(file, finding.span().range, label);
    match &finding.help {
        Some(help) => fault.help(help.clone()),
        None => fault,
    }
}
