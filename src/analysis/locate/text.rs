//! The lines of the sources that a map points to.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::map::Map;
use super::{Excerpt, Place, sha256};
use crate::analysis::pipeline::Outcome;
use crate::analysis::read;
use crate::analysis::shown::Cwd;
use crate::base::{SourceFile, TextRange};
use crate::resolve::std_module;

/// The sources that a map names, each read once.
pub(super) struct Texts<'a> {
    map: &'a Map,
    built: Option<&'a Outcome>,
    cwd: &'a Cwd,
    /// The folder of the map.
    folder: Option<PathBuf>,
    read: HashMap<String, Option<Arc<SourceFile>>>,
    /// Which of them cannot be had, or have changed.
    pub(super) notes: Vec<String>,
}

impl<'a> Texts<'a> {
    pub(super) fn new(
        map: &'a Map,
        built: Option<&'a Outcome>,
        cwd: &'a Cwd,
        folder: Option<PathBuf>,
    ) -> Self {
        Self { map, built, cwd, folder, read: HashMap::new(), notes: Vec::new() }
    }

    /// The line of a place. For a line of a script the place becomes that of the line, where the script's text has it.
    pub(super) fn excerpt(&mut self, place: Place, value: Option<&str>) -> (Place, Option<Excerpt>) {
        let Some(file) = self.file(&place.file) else { return (place, None) };
        let place = value.and_then(|value| line_of_script(&file, &place, value)).unwrap_or(place);
        let excerpt = excerpt(&file, &place);
        (place, excerpt)
    }

    fn file(&mut self, name: &str) -> Option<Arc<SourceFile>> {
        if let Some(known) = self.read.get(name) {
            return known.clone();
        }
        let found = self.find(name);
        match (&found, self.map.source_hash(name)) {
            (None, _) => self.notes.push(format!("`{name}` can't be read from here")),
            (Some(file), Some(hash)) if sha256(file.text()) != hash => {
                self.notes.push(format!("`{name}` has changed since the map was made: lines may have moved"));
            }
            _ => {}
        }
        self.read.insert(name.to_owned(), found.clone());
        found
    }

    /// The file by its name in the map, which is relative to where the build ran: here, else above the map.
    fn find(&self, name: &str) -> Option<Arc<SourceFile>> {
        if let Some(outcome) = self.built {
            let files = (0..).map_while(|n| outcome.sources.file(crate::base::FileId(n)));
            return files.into_iter().find(|file| file.name() == name).cloned();
        }
        if let Some(module) = std_module(name) {
            return Some(Arc::new(SourceFile::new(name, module.text)));
        }
        let folder = self.folder.as_deref().and_then(|folder| folder.canonicalize().ok());
        let above = folder.iter().flat_map(|folder| folder.ancestors()).map(Path::to_path_buf);
        let places = std::iter::once(self.cwd.path().to_path_buf()).chain(above);
        let read = |folder: PathBuf| read::regular_file(&folder.join(name), name).ok();
        let mut texts: Vec<Arc<str>> = Vec::new();
        for text in places.filter_map(read) {
            if self.map.source_hash(name).is_some_and(|hash| hash == sha256(&text)) {
                return Some(Arc::new(SourceFile::new(name, text)));
            }
            texts.push(text);
        }
        texts.into_iter().next().map(|text| Arc::new(SourceFile::new(name, text)))
    }
}

/// The line of a script over several lines that says a text.
fn line_of_script(file: &SourceFile, place: &Place, value: &str) -> Option<Place> {
    let wanted = value.trim();
    if place.start.line == place.end.line || wanted.is_empty() || value.contains('\n') {
        return None;
    }
    let lines = (place.start.line..=place.end.line).filter_map(|line| {
        let bytes = file.line_bytes(line.checked_sub(1)?)?;
        let text = file.text().get(bytes.clone())?;
        // The quotes stand on the first and last line.
        let inner = text.trim().trim_start_matches(['\'', '"']).trim_end_matches(['\'', '"']).trim();
        (text.trim() == wanted || inner == wanted).then_some(())?;
        let start = bytes.start + text.find(wanted)?;
        Some((start, start + wanted.len()))
    });
    let found: Vec<(usize, usize)> = lines.collect();
    // A line that stands twice could be either.
    let [(start, end)] = found.as_slice() else { return None };
    let at = |byte: usize| file.position(TextRange::at(byte).start);
    Some(Place { file: place.file.clone(), start: at(*start), end: at(*end), bytes: (*start, *end) })
}

/// The first line of a place.
fn excerpt(file: &SourceFile, place: &Place) -> Option<Excerpt> {
    let bytes = file.line_bytes(place.start.line.checked_sub(1)?)?;
    let line = file.text().get(bytes)?.trim_end_matches(['\n', '\r']);
    let last = line.chars().count() + 1;
    let end = if place.end.line == place.start.line { place.end.column } else { last };
    let start = place.start.column.min(last);
    Some(Excerpt { line: line.to_owned(), columns: (start, end.clamp(start, last)) })
}
