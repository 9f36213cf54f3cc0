//! The files of a run, seen from one entry.

use std::sync::Arc;

use super::load::{Loaded, WorkspaceId};
use super::workspace::Place;
use crate::base::FileId;
use crate::resolve::{LoadError, Modules};
use crate::syntax::Parsed;

/// What the checker of one entry may see.
pub(super) struct Host<'a> {
    pub(super) loaded: &'a Loaded,
    pub(super) workspace: WorkspaceId,
}

impl Modules for Host<'_> {
    fn parsed(&self, file: FileId) -> Option<&Parsed> {
        self.loaded.parsed(file)
    }

    fn import(&self, from: FileId, path: &str) -> Result<FileId, LoadError> {
        match self.loaded.import(self.workspace, from, path) {
            Some(found) => found.clone(),
            // Every import of every reached file was followed before the checker started.
            None => Err(LoadError::NotFound(path.to_string())),
        }
    }

    fn text(&self, from: FileId, path: &str) -> Result<Arc<str>, LoadError> {
        let loaded = self.loaded;
        let (Some(place), Some(workspace)) = (loaded.place(from), loaded.workspaces.get(self.workspace))
        else {
            return Err(LoadError::NotFound(path.to_string()));
        };
        match workspace.locate(place, path, &loaded.cwd)? {
            Place::Disk(path) => loaded.text(path),
            Place::Std(_) | Place::Stdin => Err(LoadError::NotAnImportPath),
        }
    }
}
