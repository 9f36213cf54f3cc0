//! Sources in memory, parsed.

use std::sync::Arc;

use aib::base::{FileId, SourceFile, SourceMap};
use aib::check::{self, Program};
use aib::diag::{Gate, Severity, Sink};
use aib::resolve::{LoadError, Modules, std_module};
use aib::syntax::{self, Parsed};

use super::measure::Result;

/// Files by the path that imports name; the first is the entry.
pub(crate) struct Files {
    parsed: Vec<(String, Parsed)>,
    /// Their texts.
    pub(crate) sources: SourceMap,
}

impl Files {
    /// Some files, and modules of the standard library.
    pub(crate) fn of(mut texts: Vec<(String, String)>, library: &[&str]) -> Result<Self> {
        for path in library {
            let module = std_module(path).ok_or("a module of the standard library is gone")?;
            texts.push((module.path.to_string(), module.text.to_string()));
        }
        let mut sources = SourceMap::default();
        for (name, text) in &texts {
            sources.add(Arc::new(SourceFile::new(name.as_str(), text.as_str())));
        }
        let parsed =
            texts.into_iter().zip(0..).map(|((name, text), id)| (name, syntax::parse(FileId(id), &text)));
        Ok(Self { parsed: parsed.collect(), sources })
    }

    /// The checked program, in which nothing is wrong.
    pub(crate) fn program(&self) -> Result<Program> {
        let mut sink = Sink::new();
        let program = check::check(FileId(0), self, &check::Options::default(), &mut sink);
        if sink.is_clean(Gate::Strict) {
            return Ok(program);
        }
        let error = sink.found().iter().find(|d| d.severity == Severity::Error);
        Err(error.map(|d| d.title.clone()).unwrap_or_default().into())
    }
}

impl Modules for Files {
    fn parsed(&self, file: FileId) -> Option<&Parsed> {
        self.parsed.get(file.index()).map(|(_, parsed)| parsed)
    }

    fn import(&self, _: FileId, path: &str) -> std::result::Result<FileId, LoadError> {
        let found = self.parsed.iter().find(|(name, _)| name == path);
        found.map(|(_, parsed)| parsed.file).ok_or_else(|| LoadError::NotFound(path.to_string()))
    }

    fn text(&self, _: FileId, path: &str) -> std::result::Result<Arc<str>, LoadError> {
        Err(LoadError::NotFound(path.to_string()))
    }
}
