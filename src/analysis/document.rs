//! JSON documents that the user names: templates, raw bodies.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::read;
use super::shown::Cwd;
use super::unusable::Unusable;
use crate::base::{FileId, SourceFile};
use crate::diag::Diagnostic;
use crate::json;

/// A JSON file that was read.
#[derive(Clone, Debug)]
pub(super) struct JsonFile {
    /// The file, by its name as shown.
    pub(super) file: Arc<SourceFile>,
    /// What it holds.
    pub(super) root: json::Value,
}

/// The text of a file of JSON.
pub(super) fn text(path: &Path, cwd: &Cwd) -> Result<SourceFile, Unusable> {
    let shown = shown(path, cwd);
    let read = read::json_file(path, &shown).map_err(|e| Unusable::from_load(&shown, &e))?;
    if !read.utf8 {
        return Err(Unusable::new(format!("`{shown}` is not UTF-8 text")).help("save it as UTF-8"));
    }
    Ok(SourceFile::new(shown, read.text))
}

/// Reads a file as JSON.
pub(super) fn read(path: &Path, cwd: &Cwd) -> Result<JsonFile, Unusable> {
    parse(text(path, cwd)?)
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
