//! The places of a diagnostic, made safe for renderers.

use crate::base::{FileId, LineColumn, SourceFile, SourceMap, Span, TextRange};
use crate::diag::Diagnostic;

/// A label of a diagnostic that lies in a file of the map.
pub(super) struct Place<'a> {
    /// The file's id.
    pub(super) id: FileId,
    /// The file.
    pub(super) file: &'a SourceFile,
    /// The range: inside the text, on character borders, without the line break at its end.
    pub(super) range: TextRange,
    /// The first line, from 0.
    pub(super) first_line: usize,
    /// The last line, from 0.
    pub(super) last_line: usize,
    /// What is said there.
    pub(super) message: &'a str,
    /// Whether this is where the mistake is.
    pub(super) primary: bool,
}

impl Place<'_> {
    /// Where it begins.
    pub(super) fn start(&self) -> LineColumn {
        self.file.position(self.range.start)
    }

    /// Where it ends.
    pub(super) fn end(&self) -> LineColumn {
        self.file.position(self.range.end)
    }
}

/// The places of a diagnostic in the order of its labels; labels in files that the map does not hold are left out.
pub(super) fn places<'a>(diagnostic: &'a Diagnostic, sources: &'a SourceMap) -> Vec<Place<'a>> {
    let place = |label: &'a crate::diag::Label| {
        let file = sources.file(label.span.file)?;
        let range = without_break(file, clamp(file.text(), label.span.range));
        Some(Place {
            id: label.span.file,
            file,
            range,
            first_line: file.line_of(range.start),
            last_line: file.line_of(range.end),
            message: &label.message,
            primary: label.primary,
        })
    };
    diagnostic.labels.iter().filter_map(place).collect()
}

/// A span inside its file's text, on character borders; unchanged where there is no such file.
pub(super) fn clamp_span(sources: &SourceMap, span: Span) -> Span {
    sources.file(span.file).map_or(span, |file| clamp(file.text(), span.range).in_file(span.file))
}

/// A line without its line break.
pub(super) fn line_text(file: &SourceFile, line: usize) -> &str {
    let text = file.line_bytes(line).and_then(|bytes| file.text().get(bytes)).unwrap_or("");
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}

/// Where a line begins in the text.
pub(super) fn line_start(file: &SourceFile, line: usize) -> usize {
    file.line_bytes(line).map_or(file.text().len(), |bytes| bytes.start)
}

/// The range cut to the text, its start moved back and its end moved on to a character border.
fn clamp(text: &str, range: TextRange) -> TextRange {
    let mut start = (range.start as usize).min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let mut end = (range.end as usize).clamp(start, text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    TextRange::new(start, end)
}

/// The range without the line break at its end, so that a whole line is not drawn as two; a range that holds nothing
/// but the break becomes the end of the line.
fn without_break(file: &SourceFile, range: TextRange) -> TextRange {
    let text = file.slice(range);
    let kept = text.strip_suffix('\n').map_or(text, |t| t.strip_suffix('\r').unwrap_or(t));
    let start = range.start as usize;
    let range = TextRange::new(start, start + kept.len());
    // A place between `\r` and `\n` is the end of the line's text.
    let first = file.line_of(range.start);
    let limit = line_start(file, first) + line_text(file, first).len();
    if range.is_empty() { TextRange::at(start.min(limit)) } else { range }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_end_up_inside_the_text() {
        let text = "aé\r\nb";
        let cases = [((0, 1), 0..1), ((2, 2), 1..3), ((2, 3), 1..3), ((9, 12), 6..6), ((4, 2), 4..4)];
        for ((start, end), expected) in cases {
            assert_eq!(clamp(text, TextRange { start, end }).to_usize(), expected, "{start}..{end}");
        }
    }

    #[test]
    fn line_breaks_are_not_part_of_a_place() {
        let file = SourceFile::new("a", "ab\r\ncd\n");
        for (given, expected) in [(0..4, 0..2), (0..3, 0..3), (3..3, 2..2), (4..7, 4..6), (7..7, 7..7)] {
            let range = without_break(&file, TextRange::new(given.start, given.end));
            assert_eq!(range.to_usize(), expected, "{given:?}");
        }
    }
}
