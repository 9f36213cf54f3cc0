//! Reading and parsing everything that the entries reach, in waves by import depth.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use super::entry::{Entry, STDIN_NAME};
use super::read;
use super::shown::Cwd;
use super::workers::Workers;
use super::workspace::{Place, Workspace};
use crate::allow::Allows;
use crate::base::{FileId, SourceFile, SourceMap};
use crate::resolve::{LoadError, excerpt, std_module};
use crate::syntax::ast::StmtKind;
use crate::syntax::{self, Parsed};

/// From so many bytes a wave is parsed on several threads: below, starting them costs more.
const PARALLEL_BYTES: usize = 128 << 10;
/// From so many files a wave is read on several threads.
const PARALLEL_READS: usize = 32;

/// A workspace by its number in [`Loaded::workspaces`].
pub(super) type WorkspaceId = usize;

/// Where the imports of a file lead, by path as written.
type Edges = HashMap<Arc<str>, Result<FileId, LoadError>>;
type Text = Result<Arc<str>, LoadError>;

/// All files of a run.
pub(super) struct Loaded {
    pub(super) cwd: Cwd,
    pub(super) sources: SourceMap,
    pub(super) workspaces: Vec<Workspace>,
    parsed: Vec<Parsed>,
    places: Vec<Place>,
    ids: HashMap<Place, Result<FileId, LoadError>>,
    edges: HashMap<(WorkspaceId, FileId), Edges>,
    texts: Mutex<HashMap<PathBuf, Text>>,
}

impl Loaded {
    /// An empty run.
    pub(super) fn new(cwd: Cwd, workspaces: Vec<Workspace>) -> Self {
        Self {
            cwd,
            sources: SourceMap::default(),
            workspaces,
            parsed: Vec::new(),
            places: Vec::new(),
            ids: HashMap::new(),
            edges: HashMap::new(),
            texts: Mutex::default(),
        }
    }

    /// A parsed file.
    pub(super) fn parsed(&self, file: FileId) -> Option<&Parsed> {
        self.parsed.get(file.index())
    }

    /// What authors let pass, by file; files that allow nothing are left out.
    pub(super) fn allows(&self) -> HashMap<FileId, Allows> {
        let own = self.parsed.iter().zip(&self.places).filter(|(_, place)| !matches!(place, Place::Std(_)));
        let read = own.filter_map(|(parsed, _)| {
            let text = self.sources.file(parsed.file)?.text();
            Some((parsed.file, Allows::of_source(text, parsed)?))
        });
        read.collect()
    }

    /// Where the sources are that belong to a workspace of the run.
    pub(super) fn own_paths(&self) -> HashMap<FileId, PathBuf> {
        let own = |place: &Place| self.workspaces.iter().any(|w| w.relative(place).is_some());
        let placed = self.parsed.iter().zip(&self.places).filter(|(_, place)| own(place));
        placed.filter_map(|(parsed, place)| Some((parsed.file, place.path()?.to_path_buf()))).collect()
    }

    /// Where a file is.
    pub(super) fn place(&self, file: FileId) -> Option<&Place> {
        self.places.get(file.index())
    }

    /// The file at a place, if it was read.
    pub(super) fn file_at(&self, place: &Place) -> Option<FileId> {
        self.ids.get(place).and_then(|id| id.as_ref().ok()).copied()
    }

    /// The name of a place as shown.
    pub(super) fn name_of(&self, place: &Place) -> String {
        match place {
            Place::Std(path) => (*path).to_string(),
            Place::Disk(path) => self.cwd.shown(path),
            Place::Stdin => STDIN_NAME.to_string(),
        }
    }

    /// Why the file at a place could not be read, if it was tried.
    pub(super) fn failure_at(&self, place: &Place) -> Option<&LoadError> {
        self.ids.get(place).and_then(|id| id.as_ref().err())
    }

    /// Where an import leads, in the workspace of one entry.
    pub(super) fn import(
        &self,
        workspace: WorkspaceId,
        from: FileId,
        path: &str,
    ) -> Option<&Result<FileId, LoadError>> {
        self.edges.get(&(workspace, from))?.get(path)
    }

    /// The files that a file imports, in the workspace of one entry.
    fn imports(&self, workspace: WorkspaceId, from: FileId) -> impl Iterator<Item = FileId> {
        self.edges
            .get(&(workspace, from))
            .into_iter()
            .flat_map(HashMap::values)
            .filter_map(|r| r.as_ref().ok())
            .copied()
    }

    /// All files that some files reach, themselves included, by id.
    pub(super) fn reached(&self, workspace: WorkspaceId, from: &[FileId]) -> BTreeSet<FileId> {
        let mut found: BTreeSet<FileId> = from.iter().copied().collect();
        let mut open: Vec<FileId> = from.to_vec();
        while let Some(file) = open.pop() {
            open.extend(self.imports(workspace, file).filter(|next| found.insert(*next)));
        }
        found
    }

    /// The text of a file that is no source, read once.
    pub(super) fn text(&self, path: PathBuf) -> Text {
        let mut texts = self.texts.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(text) = texts.get(&path) {
            return text.clone();
        }
        let text = read::regular_file(&path, &self.cwd.shown(&path));
        texts.insert(path, text.clone());
        text
    }

    /// Adds the entries, already read, then all that they and the policies of their workspaces import.
    pub(super) fn load(&mut self, entries: Vec<Entry>, policies: &[(WorkspaceId, Place)], workers: &Workers) {
        let mut wave: Vec<(WorkspaceId, FileId)> = Vec::new();
        let mut read = Vec::new();
        for entry in entries {
            read.push((entry.place, SourceFile::new(entry.shown, entry.text)));
            wave.push((entry.workspace, FileId(0)));
        }
        let ids = self.add(read, workers);
        wave.iter_mut().zip(ids).for_each(|((_, file), id)| *file = id);

        let mut seen: HashSet<(WorkspaceId, FileId)> = wave.iter().copied().collect();
        let mut listed = policies;
        let mut later: Vec<Edge> = Vec::new();
        while !wave.is_empty() || !listed.is_empty() || !later.is_empty() {
            let mut edges = self.edges_of(&wave);
            // The standard library waits until all that may use it is there, since only what is used is read.
            later.extend(edges.extract_if(.., |e| matches!(e.place, Ok(Place::Std(_)))));
            if edges.is_empty() && listed.is_empty() {
                edges = std::mem::take(&mut later);
            }
            let targets = edges.iter().filter_map(|e| e.place.as_ref().ok());
            self.read_missing(
                targets.chain(listed.iter().map(|(_, place)| place)).cloned().collect(),
                workers,
            );
            wave.clear();
            for (workspace, place) in listed {
                wave.extend(self.file_at(place).map(|id| (*workspace, id)).filter(|next| seen.insert(*next)));
            }
            for edge in edges {
                let target = edge.place.and_then(|place| self.result_at(&place));
                if let Ok(id) = target {
                    wave.extend(Some((edge.workspace, id)).filter(|next| seen.insert(*next)));
                }
                self.edges.entry((edge.workspace, edge.from)).or_default().insert(edge.path, target);
            }
            listed = &[];
        }
    }

    fn result_at(&self, place: &Place) -> Result<FileId, LoadError> {
        match self.ids.get(place) {
            Some(result) => result.clone(),
            None => Err(LoadError::Io("it was not loaded".into())),
        }
    }

    /// Where the imports of a wave point to.
    fn edges_of(&self, wave: &[(WorkspaceId, FileId)]) -> Vec<Edge> {
        let mut edges = Vec::new();
        for &(workspace, from) in wave {
            let (Some(parsed), Some(place)) = (self.parsed(from), self.place(from)) else { continue };
            let Some(rules) = self.workspaces.get(workspace) else { continue };
            for stmt in &parsed.ast.items {
                if let StmtKind::Import(import) = &stmt.kind
                    && let Some(target) = &import.target
                {
                    let path = Arc::clone(&target.path);
                    edges.push(Edge { workspace, from, place: rules.locate(place, &path, &self.cwd), path });
                }
            }
        }
        edges
    }

    /// Reads and parses the places that are not known yet, in their order.
    fn read_missing(&mut self, wanted: BTreeSet<Place>, workers: &Workers) {
        let missing: Vec<Place> = wanted.into_iter().filter(|place| !self.ids.contains_key(place)).collect();
        let cwd = &self.cwd;
        let texts = workers.map(&missing, missing.len() >= PARALLEL_READS, |place| read_place(place, cwd));
        let mut read = Vec::new();
        for (place, file) in missing.into_iter().zip(texts) {
            match file {
                Ok(file) => read.push((place, file)),
                Err(error) => {
                    self.ids.insert(place, Err(error));
                }
            }
        }
        self.add(read, workers);
    }

    /// Gives files their ids and parses them.
    fn add(&mut self, read: Vec<(Place, SourceFile)>, workers: &Workers) -> Vec<FileId> {
        let mut files: Vec<(FileId, Arc<SourceFile>)> = Vec::new();
        for (place, file) in read {
            let file = Arc::new(file);
            let id = self.sources.add(Arc::clone(&file));
            self.ids.insert(place.clone(), Ok(id));
            self.places.push(place);
            files.push((id, file));
        }
        let bytes: usize = files.iter().map(|(_, f)| f.text().len()).sum();
        let parse = |(id, file): &(FileId, Arc<SourceFile>)| match self.place(*id) {
            Some(Place::Std(_)) => self.parse_std(*id, file),
            _ => syntax::parse(*id, file.text()),
        };
        let parsed = workers.map(&files, bytes >= PARALLEL_BYTES, parse);
        self.parsed.extend(parsed);
        files.into_iter().map(|(id, _)| id).collect()
    }
}

impl Loaded {
    /// Reads of a module of the standard library what the files that are there may use.
    fn parse_std(&self, id: FileId, file: &SourceFile) -> Parsed {
        let others = self.places.iter().zip(0u32..).filter(|(place, _)| !matches!(place, Place::Std(_)));
        let texts = others.filter_map(|(_, n)| self.sources.file(FileId(n))).map(|f| &**f.text());
        let excerpt = excerpt(file.text(), texts);
        Parsed { left_out: excerpt.left_out, ..syntax::parse_parts(id, file.text(), &excerpt.parts) }
    }
}

/// An import, and where it points to.
struct Edge {
    workspace: WorkspaceId,
    from: FileId,
    path: Arc<str>,
    place: Result<Place, LoadError>,
}

fn read_place(place: &Place, cwd: &Cwd) -> Result<SourceFile, LoadError> {
    match place {
        Place::Std(path) => {
            let module = std_module(path).ok_or_else(|| LoadError::NotFound((*path).to_string()))?;
            Ok(SourceFile::new(*path, module.text))
        }
        Place::Disk(path) => {
            let shown = cwd.shown(path);
            let text = read::regular_file(path, &shown)?;
            Ok(SourceFile::new(shown, text))
        }
        // An entry by itself; no path leads to it.
        Place::Stdin => Err(LoadError::NotFound(STDIN_NAME.into())),
    }
}
