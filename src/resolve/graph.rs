//! Following imports: order, rings, and what could not be loaded.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::errors;
use super::modules::{LoadError, Modules};
use super::scope::{ImportEdge, Module};
use crate::base::{FileId, Span};
use crate::diag::Sink;
use crate::syntax::ast::{self, StmtKind};

/// The modules that an entry file reaches.
#[derive(Debug)]
pub struct ModuleGraph<'a> {
    /// The entry file.
    pub entry: FileId,
    /// All modules, imports before importers.
    pub modules: IndexMap<FileId, Module<'a>>,
}

impl<'a> ModuleGraph<'a> {
    /// The module of a file.
    pub fn module(&self, file: FileId) -> Option<&Module<'a>> {
        self.modules.get(&file)
    }
}

/// Loads the modules that `entry` and the files `beside` it reach, reporting what is wrong with imports. Syntax errors
/// are not repeated here.
pub fn load<'a>(
    entry: FileId,
    beside: &[FileId],
    files: &'a dyn Modules,
    sink: &mut Sink,
) -> ModuleGraph<'a> {
    let mut loader =
        Loader { files, sink, modules: IndexMap::new(), open: Vec::new(), state: HashMap::new() };
    loader.visit(entry);
    for file in beside {
        loader.open.clear();
        if !loader.state.contains_key(file) {
            loader.visit(*file);
        }
    }
    ModuleGraph { entry, modules: loader.modules }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    Done,
}

struct Loader<'a, 's> {
    files: &'a dyn Modules,
    sink: &'s mut Sink,
    modules: IndexMap<FileId, Module<'a>>,
    /// The chain of imports being followed: a file and where it was imported.
    open: Vec<(FileId, Option<Link<'a>>)>,
    state: HashMap<FileId, State>,
}

/// An import that was followed.
#[derive(Clone, Copy)]
pub(super) struct Link<'a> {
    /// The path as it is written.
    pub(super) path: &'a str,
    pub(super) span: Span,
}

/// How deep imports may nest. Deeper than any real project, shallow enough for the stack.
const MAX_DEPTH: usize = 100;

impl<'a> Loader<'a, '_> {
    fn visit(&mut self, file: FileId) {
        let Some(parsed) = self.files.parsed(file) else { return };
        self.state.insert(file, State::Open);
        if self.open.is_empty() {
            self.open.push((file, None));
        }
        let mut edges = Vec::new();
        for stmt in &parsed.ast.items {
            if let StmtKind::Import(import) = &stmt.kind {
                let target = self.follow(file, import);
                edges.push(ImportEdge { import, target });
            }
        }
        let module = Module::collect(parsed, edges, self.sink);
        self.modules.insert(file, module);
        self.state.insert(file, State::Done);
    }

    fn follow(&mut self, from: FileId, import: &'a ast::Import) -> Option<FileId> {
        let target = import.target.as_ref()?;
        let span = target.range.in_file(from);
        let file = match self.files.import(from, &target.path) {
            Ok(file) => file,
            Err(error) => {
                self.sink.push(errors::import_failed(&target.path, span, &error));
                return None;
            }
        };
        match self.state.get(&file) {
            Some(State::Done) => Some(file),
            Some(State::Open) => {
                let inner = self.open.iter().skip_while(|(f, _)| *f != file).skip(1);
                let mut ring: Vec<Link<'a>> = inner.filter_map(|(_, link)| *link).collect();
                ring.push(Link { path: &target.path, span });
                // The same import is named from wherever the ring is entered, so that a ring is told once.
                let last = ring.iter().enumerate().max_by_key(|(_, link)| link.span).map_or(0, |(at, _)| at);
                ring.rotate_left(last);
                self.sink.push(errors::import_ring(&ring));
                None
            }
            None if self.open.len() >= MAX_DEPTH => {
                let error = LoadError::Io(format!("imports nest deeper than {MAX_DEPTH} files"));
                self.sink.push(errors::import_failed(&target.path, span, &error));
                None
            }
            None => {
                self.open.push((file, Some(Link { path: &target.path, span })));
                self.visit(file);
                self.open.pop();
                Some(file)
            }
        }
    }
}
