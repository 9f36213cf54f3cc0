//! The lines of a diagnostic's places, as miette wants them.
//!
//! miette's own sources scan the text from its start for every label, which takes 800 ms for 500 diagnostics in 1 MB.
//! Here the one line index finds the lines; only these are copied, so the cost does not grow with the file. The
//! copied lines of all files stand one after the other in one small text, so that labels in several files are drawn
//! under one title.

use std::ops::Range;

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::Settings;
use super::place::{Place, line_start, line_text, places};
use super::text::{ShownLine, one_line, push_wrapped};
use crate::base::{FileId, LineColumn, SourceMap};
use crate::diag::Diagnostic;

/// A label over more lines is drawn at its first line only.
const MAX_LABEL_LINES: usize = 12;

/// Lines shown before and after a label.
const CONTEXT: usize = 1;

/// The columns that line numbers and borders take.
const GUTTER: usize = 10;

/// A run of lines of one file.
#[derive(Debug)]
struct Block<'a> {
    name: &'a str,
    /// The number of the first line, from 0.
    first_line: usize,
    line_count: usize,
    /// Its bytes in the copied text.
    start: usize,
    end: usize,
}

/// The lines that the labels of one diagnostic touch, copied from their files.
#[derive(Debug)]
pub(super) struct IndexedSource<'a> {
    text: String,
    blocks: Vec<Block<'a>>,
    /// The labels in offsets of `text`, by offset, with whether each is primary and where it truly begins.
    labels: Vec<(LabeledSpan, LineColumn)>,
}

/// A label on its way: what it says, and where it stands in the copied text.
struct Drawn<'p, 'a> {
    place: &'p Place<'a>,
    message: String,
    last_line: usize,
    start: usize,
    end: usize,
}

impl<'a> IndexedSource<'a> {
    /// Copies the lines around the labels of a diagnostic: the file of its first label first.
    pub(super) fn new(diagnostic: &'a Diagnostic, sources: &'a SourceMap, settings: &Settings) -> Self {
        let places = places(diagnostic, sources);
        let mut drawn: Vec<Drawn<'_, 'a>> = places.iter().map(Drawn::new).collect();
        let mut files: Vec<FileId> = Vec::new();
        for place in &places {
            if !files.contains(&place.id) {
                files.push(place.id);
            }
        }
        let mut source = Self { text: String::new(), blocks: Vec::new(), labels: Vec::new() };
        for file in files {
            let mut here: Vec<&mut Drawn<'_, 'a>> = drawn.iter_mut().filter(|d| d.place.id == file).collect();
            source.copy_file(&mut here, settings);
        }
        source.labels = drawn.iter().map(|d| (d.labeled(&source.text, settings), d.place.start())).collect();
        source.labels.sort_by_key(|(label, _)| (label.offset(), label.len()));
        source
    }

    /// The labels, by offset.
    pub(super) fn labels(&self) -> impl Iterator<Item = &LabeledSpan> {
        self.labels.iter().map(|(label, _)| label)
    }

    /// Copies the lines that labels of one file need, and notes where the labels come to stand.
    fn copy_file(&mut self, labels: &mut [&mut Drawn<'_, 'a>], settings: &Settings) {
        let Some(file) = labels.first().map(|d| d.place.file) else { return };
        let room = settings.width.saturating_sub(GUTTER).clamp(40, 1000);
        let ellipsis = if settings.unicode { "…" } else { "..." };
        for (first, last) in line_runs(labels) {
            let start = self.text.len();
            for line in first..=last {
                let text = line_text(file, line);
                let shown = ShownLine::new(text, focus(labels, line), room, ellipsis);
                let base = self.text.len();
                for d in labels.iter_mut() {
                    if d.place.first_line == line {
                        d.start = base + shown.offset(byte_in_line(d.place, d.place.range.start, line));
                    }
                    if d.last_line == line {
                        d.end = base + shown.offset(byte_in_line(d.place, d.place.range.end, line));
                    }
                }
                self.text.push_str(&shown.text);
                self.text.push('\n');
            }
            self.blocks.push(Block {
                name: file.name(),
                first_line: first,
                line_count: last - first + 1,
                start,
                end: self.text.len(),
            });
        }
    }
}

impl<'p, 'a> Drawn<'p, 'a> {
    fn new(place: &'p Place<'a>) -> Self {
        let mut message = place.message.to_string();
        let mut last_line = place.last_line;
        if last_line - place.first_line >= MAX_LABEL_LINES {
            last_line = place.first_line;
            let until = format!("(up to line {})", place.last_line + 1);
            message = if message.is_empty() { until } else { format!("{message} {until}") };
        }
        Self { place, message, last_line, start: 0, end: 0 }
    }

    /// The label for miette, its message wrapped to what is left of the line beside the drawing.
    fn labeled(&self, text: &str, settings: &Settings) -> LabeledSpan {
        let span = SourceSpan::from((self.start, self.end.saturating_sub(self.start)));
        let line = text.get(..self.start).and_then(|t| t.rsplit('\n').next()).unwrap_or("");
        let under = text.get(self.start..self.end).unwrap_or("");
        // A label over several lines says its message at the left edge.
        let column = if under.contains('\n') { 0 } else { line.chars().count() + under.chars().count() / 2 };
        let mut message = String::new();
        push_wrapped(&mut message, &self.message, 0, settings.width.saturating_sub(GUTTER + column).max(30));
        let message = message.trim_end().to_string();
        let message = (!message.is_empty()).then_some(message);
        if self.place.primary {
            LabeledSpan::new_primary_with_span(message, span)
        } else {
            LabeledSpan::new_with_span(message, span)
        }
    }
}

/// The bytes of a line between the first and the last end of a label on it. A label that comes from or goes on to another
/// line is seen by its gutter.
fn focus(labels: &[&mut Drawn<'_, '_>], line: usize) -> Range<usize> {
    let ends = labels.iter().flat_map(|d| {
        let start = (d.place.first_line == line).then_some(d.place.range.start);
        let end = (d.last_line == line).then_some(d.place.range.end);
        start.into_iter().chain(end).map(|byte| byte_in_line(d.place, byte, line))
    });
    ends.fold(None, |found: Option<Range<usize>>, at| {
        Some(found.map_or(at..at, |range| range.start.min(at)..range.end.max(at)))
    })
    .unwrap_or_default()
}

/// An offset of the file as an offset of one of its lines.
fn byte_in_line(place: &Place<'_>, byte: u32, line: usize) -> usize {
    (byte as usize).saturating_sub(line_start(place.file, line)).min(line_text(place.file, line).len())
}

/// The lines that labels of one file need, with context, as runs; a gap of one line is filled.
fn line_runs(labels: &[&mut Drawn<'_, '_>]) -> Vec<(usize, usize)> {
    let mut wanted: Vec<(usize, usize)> = labels
        .iter()
        .map(|d| {
            let file = d.place.file;
            let last = file.line_count().saturating_sub(1);
            // What follows the last line break is no line to show, unless a label is there.
            let last = if line_text(file, last).is_empty() { last.saturating_sub(1) } else { last };
            let after = (d.last_line + CONTEXT).min(last.max(d.last_line));
            (d.place.first_line.saturating_sub(CONTEXT), after)
        })
        .collect();
    wanted.sort_unstable();
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (first, last) in wanted {
        match runs.last_mut() {
            Some(run) if first <= run.1 + 2 => run.1 = run.1.max(last),
            _ => runs.push((first, last)),
        }
    }
    runs
}

impl SourceCode for IndexedSource<'_> {
    /// The whole run of lines that holds the span. A span over several runs is refused, which keeps miette from
    /// drawing them as one. Asked for no context, miette wants to know the position for the snippet's header.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (start, end) = (span.offset(), span.offset() + span.len());
        let block = self.blocks.iter().find(|b| b.start <= start && start < b.end && end < b.end);
        let block = block.ok_or(MietteError::OutOfBounds)?;
        let contents = |range: Range<usize>, line, column, count| {
            let data = self.text.as_bytes().get(range.clone()).ok_or(MietteError::OutOfBounds)?;
            let span = SourceSpan::from((range.start, range.len()));
            let name = one_line(block.name);
            Ok(Box::new(MietteSpanContents::new_named(name, data, span, line, column, count)) as Box<_>)
        };
        if before == 0
            && after == 0
            && let Some((_, at)) = self.labels.iter().find(|(label, _)| label.inner() == span)
        {
            return contents(start..end, at.line.saturating_sub(1), at.column.saturating_sub(1), 0);
        }
        contents(block.start..block.end, block.first_line, 0, block.line_count)
    }
}
