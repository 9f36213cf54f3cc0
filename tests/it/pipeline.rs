//! Sources in memory through syntax, names, checks and rules.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use aib::allow::{Allows, Used};
use aib::base::{FileId, SourceFile, SourceMap, Span};
use aib::check::{Options, check};
use aib::diag::{Diagnostic, Gate, Severity, Sink};
use aib::resolve::{LoadError, Modules, STDLIB};
use aib::syntax::{Parsed, parse};

/// Files in memory: the standard library, and those of a test; the first of those is the entry.
pub(crate) struct Memory {
    parsed: Vec<Parsed>,
    sources: SourceMap,
    ids: HashMap<String, FileId>,
}

/// The standard library, read once for all tests; its files come before those of a test.
static LIBRARY: LazyLock<Vec<Parsed>> =
    LazyLock::new(|| STDLIB.iter().zip(0..).map(|(m, id)| parse(FileId(id), m.text)).collect());

impl Memory {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let mut memory = Self { parsed: LIBRARY.clone(), sources: SourceMap::default(), ids: HashMap::new() };
        for (path, text) in STDLIB.iter().map(|m| (m.path, m.text)).chain(files.iter().copied()) {
            let id = memory.sources.add(Arc::new(SourceFile::new(path, text)));
            memory.ids.insert(path.trim_start_matches("./").to_owned(), id);
            if id.index() >= memory.parsed.len() {
                memory.parsed.push(parse(id, text));
            }
        }
        memory
    }

    /// The first file of the test.
    pub(crate) fn entry(&self) -> FileId {
        self.parsed[LIBRARY.len()].file
    }

    pub(crate) fn text(&self, span: Span) -> &str {
        self.sources.text_of(span)
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
    pub(crate) found: Vec<Diagnostic>,
}

/// Runs the rules over a program. Advice, which nobody asked for, is left out.
pub(crate) fn run(files: &[(&str, &str)]) -> Outcome {
    let mut outcome = run_with_advice(files);
    outcome.found.retain(|d| !aib::lint::is_advice(d.code));
    outcome
}

/// Runs the rules over a program, advice included.
pub(crate) fn run_with_advice(files: &[(&str, &str)]) -> Outcome {
    let files = Memory::new(files);
    let mut sink = Sink::new();
    for parsed in &files.parsed {
        sink.extend(parsed.errors.clone());
    }
    let program = check(files.entry(), &files, &Options::default(), &mut sink);
    aib::lint::run(&program, &files.sources, &mut sink);
    let ran = sink.is_clean(Gate::Permissive);
    let mut found = sink.into_sorted();
    let entry = &files.parsed[LIBRARY.len()];
    if let Some(allows) = Allows::of_source(files.sources.file(entry.file).unwrap().text(), entry) {
        let mut used = Used::default();
        found.retain(|d| !allows.let_pass(d, &mut used));
        found.extend(allows.faults.iter().cloned());
        found.extend(allows.unused(entry.file, &used).into_iter().filter(|_| ran));
    }
    Outcome { files, found }
}

/// What cannot be written of a program without other mistakes.
pub(crate) fn unwritable(files: &[(&str, &str)]) -> Vec<String> {
    let files = Memory::new(files);
    let program = check(files.entry(), &files, &Options::default(), &mut Sink::new());
    let options = aib::emit::Options::default();
    match aib::emit::emit(&[aib::emit::Emit::Arm], &program, &files.sources, "main", &options) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.into_iter().map(|f| f.title).collect(),
    }
}

/// The deployment template that files come to, or what is wrong with them.
pub(crate) fn template(files: &[(&str, &str)]) -> Result<String, String> {
    let outcome = run(files);
    if outcome.at(Severity::Error).next().is_some() {
        return Err(outcome.describe());
    }
    let program = check(outcome.files.entry(), &outcome.files, &Options::default(), &mut Sink::new());
    let form = [aib::emit::Emit::Arm];
    let written =
        aib::emit::emit(&form, &program, &SourceMap::default(), "main", &aib::emit::Options::default());
    let artifacts = written.map_err(|faults| format!("{faults:?}"))?;
    artifacts.into_iter().next().map(|a| a.text).ok_or_else(|| "nothing was written".to_owned())
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
