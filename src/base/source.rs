//! The files of one run, and the one place that turns byte offsets into lines and columns.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use codespan_reporting::files::{self, Files};

use super::{FileId, Span, TextRange};

/// One file: its name as shown to people, its text, and where its lines start.
#[derive(Debug)]
pub struct SourceFile {
    name: String,
    text: Arc<str>,
    /// Made when a line is first asked for: of a file without findings nobody does.
    line_starts: OnceLock<Vec<u32>>,
    /// How many characters stand before each block of [`BLOCK`] bytes: one line may be the whole file, with thousands of
    /// findings in it.
    characters: OnceLock<Vec<usize>>,
}

/// The bytes of a block.
const BLOCK: usize = 1024;

/// A position: both numbers count from 1; the column counts characters (Unicode scalar values).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LineColumn {
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
}

impl SourceFile {
    /// A file with its line index. Lines end at `\n`; a `\r` before it belongs to the line.
    pub fn new(name: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
            line_starts: OnceLock::new(),
            characters: OnceLock::new(),
        }
    }

    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let breaks = self.text.match_indices('\n').map(|(i, _)| TextRange::at(i + 1).start);
            std::iter::once(0).chain(breaks).collect()
        })
    }

    /// The name shown to people: a path relative to the workspace, or `std/linux`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The text of a range, or nothing where the range does not lie on character borders of this file.
    pub fn slice(&self, range: TextRange) -> &str {
        self.text.get(range.to_usize()).unwrap_or("")
    }

    /// The index of the line that holds `offset`, from 0.
    pub fn line_of(&self, offset: u32) -> usize {
        self.line_starts().partition_point(|&s| s <= offset).saturating_sub(1)
    }

    /// The bytes of a line, its line break included.
    pub fn line_bytes(&self, line: usize) -> Option<Range<usize>> {
        let start = *self.line_starts().get(line)? as usize;
        let end = self.line_starts().get(line + 1).map_or(self.text.len(), |&s| s as usize);
        Some(start..end)
    }

    /// How many lines the file has; at least 1.
    pub fn line_count(&self) -> usize {
        self.line_starts().len()
    }

    /// Line and column of an offset; past the end it is the end.
    pub fn position(&self, offset: u32) -> LineColumn {
        let offset = offset.min(TextRange::at(self.text.len()).start);
        let line = self.line_of(offset);
        let start = self.line_starts().get(line).copied().unwrap_or(0);
        let column = self.characters_before(offset) - self.characters_before(start);
        LineColumn { line: line + 1, column: column + 1 }
    }

    /// How many characters begin before an offset.
    fn characters_before(&self, offset: u32) -> usize {
        let blocks = self.characters.get_or_init(|| {
            let counts = self.text.as_bytes().chunks(BLOCK).scan(0, |all, block| {
                let before = *all;
                *all += characters(block);
                Some(before)
            });
            counts.collect()
        });
        let offset = offset as usize;
        let block = (offset / BLOCK).min(blocks.len().saturating_sub(1));
        let rest = self.text.as_bytes().get(block * BLOCK..offset.min(self.text.len())).unwrap_or_default();
        blocks.get(block).copied().unwrap_or(0) + characters(rest)
    }
}

/// How many characters begin in bytes of UTF-8.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| (**byte & 0xC0) != 0x80).count()
}

/// All files of one run, by [`FileId`]. Cheap to clone: the files are shared.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: Vec<Arc<SourceFile>>,
}

impl SourceMap {
    /// Adds a file and returns its id.
    pub fn add(&mut self, file: Arc<SourceFile>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(file);
        id
    }

    /// The file with this id.
    pub fn file(&self, id: FileId) -> Option<&Arc<SourceFile>> {
        self.files.get(id.index())
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The name of a span's file.
    pub fn name_of(&self, id: FileId) -> &str {
        self.file(id).map_or("", |f| f.name())
    }

    /// The text under a span.
    pub fn text_of(&self, span: Span) -> &str {
        self.file(span.file).map_or("", |f| f.slice(span.range))
    }

    /// Line and column where a span begins.
    pub fn start_of(&self, span: Span) -> LineColumn {
        self.file(span.file).map_or(LineColumn { line: 1, column: 1 }, |f| f.position(span.range.start))
    }

    /// Line and column where a span ends.
    pub fn end_of(&self, span: Span) -> LineColumn {
        self.file(span.file).map_or(LineColumn { line: 1, column: 1 }, |f| f.position(span.range.end))
    }
}

impl<'a> Files<'a> for SourceMap {
    type FileId = FileId;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: FileId) -> Result<&'a str, files::Error> {
        self.file(id).map(|f| f.name()).ok_or(files::Error::FileMissing)
    }

    fn source(&'a self, id: FileId) -> Result<&'a str, files::Error> {
        self.file(id).map(|f| &**f.text()).ok_or(files::Error::FileMissing)
    }

    fn line_index(&'a self, id: FileId, byte_index: usize) -> Result<usize, files::Error> {
        let file = self.file(id).ok_or(files::Error::FileMissing)?;
        Ok(file.line_of(TextRange::at(byte_index).start))
    }

    fn line_range(&'a self, id: FileId, line_index: usize) -> Result<Range<usize>, files::Error> {
        let file = self.file(id).ok_or(files::Error::FileMissing)?;
        let max = file.line_count();
        file.line_bytes(line_index).ok_or(files::Error::LineTooLarge { given: line_index, max })
    }

    fn column_number(&'a self, id: FileId, _: usize, byte_index: usize) -> Result<usize, files::Error> {
        let file = self.file(id).ok_or(files::Error::FileMissing)?;
        Ok(file.position(TextRange::at(byte_index).start).column)
    }
}

#[cfg(test)]
mod tests {
    use super::SourceFile;

    #[test]
    fn columns_count_characters() {
        let text = "é😀a\n".repeat(700) + &"ü".repeat(3000);
        let file = SourceFile::new("x", text.as_str());
        for (at, _) in text.char_indices().chain([(text.len(), ' ')]) {
            let before = text.get(..at).unwrap();
            let line = before.rsplit('\n').next().unwrap();
            let position = file.position(u32::try_from(at).unwrap());
            assert_eq!(
                (position.line, position.column),
                (before.matches('\n').count() + 1, line.chars().count() + 1)
            );
        }
    }
}
