//! Sources in memory through syntax, names, checks and rules.

use std::collections::HashMap;
use std::sync::Arc;

use aib::base::{FileId, Span};
use aib::check::{Options, Program, check};
use aib::diag::{Diagnostic, Severity, Sink};
use aib::resolve::{LoadError, Modules, STDLIB};
use aib::syntax::{Parsed, parse};

/// Files in memory: the standard library, and those of a test; the first of those is the entry.
pub(crate) struct Memory {
    parsed: Vec<Parsed>,
    texts: Vec<String>,
    ids: HashMap<String, FileId>,
}

impl Memory {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let mut memory = Self { parsed: Vec::new(), texts: Vec::new(), ids: HashMap::new() };
        for (path, text) in files.iter().copied().chain(STDLIB.iter().map(|m| (m.path, m.text))) {
            let id = FileId(u32::try_from(memory.parsed.len()).unwrap());
            memory.parsed.push(parse(id, text));
            memory.texts.push(text.to_owned());
            memory.ids.insert(path.trim_start_matches("./").to_owned(), id);
        }
        memory
    }

    pub(crate) fn text(&self, span: Span) -> &str {
        &self.texts[span.file.index()][span.range.to_usize()]
    }
}

impl Modules for Memory {
    fn parsed(&self, file: FileId) -> Option<&Parsed> {
        self.parsed.get(file.index())
    }

    fn import(&self, _: FileId, path: &str) -> Result<FileId, LoadError> {
        let found = self.ids.get(path.trim_start_matches("./")).copied();
        found.ok_or_else(|| LoadError::NotFound(path.to_owned()))
    }

    fn text(&self, _: FileId, path: &str) -> Result<Arc<str>, LoadError> {
        Err(LoadError::NotFound(path.to_owned()))
    }
}

/// What became of the files of a test.
pub(crate) struct Outcome {
    pub(crate) files: Memory,
    pub(crate) program: Program,
    pub(crate) found: Vec<Diagnostic>,
}

/// Runs the rules over a program.
pub(crate) fn run(files: &[(&str, &str)]) -> Outcome {
    let files = Memory::new(files);
    let mut sink = Sink::new();
    for parsed in &files.parsed {
        sink.extend(parsed.errors.clone());
    }
    let program = check(FileId(0), &files, &Options::default(), &mut sink);
    aib::lint::run(&program, &mut sink);
    Outcome { files, program, found: sink.into_sorted() }
}

impl Outcome {
    /// Each finding as its code and the text underlined first.
    pub(crate) fn codes(&self) -> Vec<(&'static str, &str)> {
        self.found.iter().map(|d| (d.code.id, self.files.text(d.span()))).collect()
    }

    /// The findings at a level.
    pub(crate) fn at(&self, severity: Severity) -> impl Iterator<Item = &Diagnostic> {
        self.found.iter().filter(move |d| d.severity == severity)
    }

    /// The findings as one text, for messages of tests.
    pub(crate) fn describe(&self) -> String {
        let line = |d: &Diagnostic| {
            let places: Vec<String> =
                d.labels.iter().map(|l| format!("`{}` {}", self.files.text(l.span), l.message)).collect();
            let (severity, id) = (d.severity.name(), d.code.id);
            format!("{severity}[{id}]: {}\n    {}\n    help: {:?}\n", d.title, places.join("\n    "), d.help)
        };
        self.found.iter().map(line).collect()
    }
}
