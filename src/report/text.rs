//! Text as it is shown: control characters spelled out, long lines cut, prose wrapped.

use std::ops::Range;

use crate::base::{BYTE_ORDER_MARK, push_shown};

/// A text as it is shown, on one line.
pub(super) fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (i, line) in text.lines().enumerate() {
        if i > 0 {
            out.push(' ');
        }
        push_shown(&mut out, line);
    }
    out
}

/// A line of source as it is shown: around its places if it is longer than there is room.
pub(super) struct ShownLine<'a> {
    line: &'a str,
    window: Range<usize>,
    /// What is shown, without a line break.
    pub(super) text: String,
    lead: usize,
    body: usize,
}

impl<'a> ShownLine<'a> {
    /// A line of which at most `room` characters are shown, those around `focus` (bytes of the line) first; what
    /// is left out is marked with `ellipsis`.
    pub(super) fn new(line: &'a str, focus: Range<usize>, room: usize, ellipsis: &str) -> Self {
        let window = window(line, focus, room);
        let mut text = String::new();
        if window.start > 0 {
            text.push_str(ellipsis);
        }
        let lead = text.len();
        let mut shown = line.get(window.clone()).unwrap_or("");
        if window.start == 0 {
            // A byte order mark at the start of a file is no mistake: not worth an escape.
            shown = shown.strip_prefix(BYTE_ORDER_MARK).unwrap_or(shown);
        }
        push_shown(&mut text, shown);
        let body = text.len() - lead;
        if window.end < line.len() {
            text.push_str(ellipsis);
        }
        Self { line, window, text, lead, body }
    }

    /// Where a byte of the line stands in the shown text; what is cut off is at the mark of the cut.
    pub(super) fn offset(&self, byte: usize) -> usize {
        if byte < self.window.start {
            return 0;
        }
        if byte >= self.window.end {
            return self.lead + self.body;
        }
        let mut before = String::new();
        let text = self.line.get(self.window.start..byte).unwrap_or("");
        let text =
            if self.window.start == 0 { text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text) } else { text };
        push_shown(&mut before, text);
        self.lead + before.len()
    }
}

/// The part of a line that is shown. Costs as much as the part is long, not as the line is.
fn window(line: &str, focus: Range<usize>, room: usize) -> Range<usize> {
    if line.char_indices().nth(room).is_none() {
        return 0..line.len();
    }
    let before = line.get(..focus.start).unwrap_or("");
    let from = line.get(focus.start..).unwrap_or("");
    let wanted = line.get(focus).unwrap_or("").chars().take(room).count();
    let right = from.chars().take(room).count();
    // Centred, with some context before a place that fills the room, and no room wasted at the end of the line.
    let left = ((room - wanted) / 2).max(room / 8).max(room - right);
    let start = match left.checked_sub(1) {
        Some(n) => before.char_indices().rev().nth(n).map_or(0, |(i, _)| i),
        None => before.len(),
    };
    let rest = line.get(start..).unwrap_or("");
    let end = rest.char_indices().nth(room).map_or(line.len(), |(i, _)| start + i);
    start..end
}

/// Adds prose that follows a key such as `  help: `, wrapped at spaces and indented below its start.
///
/// Lines of the prose stay lines; a word that is wider than the room is not broken, so that it can be copied.
pub(super) fn push_wrapped(out: &mut String, text: &str, indent: usize, width: usize) {
    let room = width.saturating_sub(indent).max(20);
    for (i, line) in text.lines().enumerate() {
        if i > 0 {
            push_indent(out, indent);
        }
        let mut used = 0;
        for (n, word) in line.split(' ').enumerate() {
            let mut shown = String::new();
            push_shown(&mut shown, word);
            let length = shown.chars().count();
            if n > 0 && used > 0 && used + 1 + length > room {
                push_indent(out, indent);
                used = 0;
            } else if n > 0 {
                out.push(' ');
                used += 1;
            }
            out.push_str(&shown);
            used += length;
        }
    }
    out.push('\n');
}

fn push_indent(out: &mut String, indent: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', indent));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_invisible_is_spelled_out() {
        assert_eq!(one_line("a\u{1b}[31m\tb\nc\u{202e}"), "a\\u{1b}[31m\tb c\\u{202e}");
    }

    #[test]
    fn a_long_line_is_cut_around_its_place() {
        let line = "0123456789".repeat(10);
        let shown = |focus: Range<usize>| ShownLine::new(&line, focus, 20, "…").text;
        assert_eq!(shown(0..2), "01234567890123456789…");
        assert_eq!(shown(50..52), "…12345678901234567890…");
        assert_eq!(shown(98..100), "…01234567890123456789");
        assert_eq!(shown(30..90), "…89012345678901234567…");
        assert_eq!(ShownLine::new("short", 0..1, 20, "…").text, "short");
    }

    #[test]
    fn places_move_with_the_text() {
        let line = "\u{feff}é\u{1b}x";
        let shown = ShownLine::new(line, 0..0, 40, "…");
        assert_eq!(shown.text, "é\\u{1b}x");
        let offsets: Vec<usize> = [0, 3, 5, 6, 7].iter().map(|&b| shown.offset(b)).collect();
        assert_eq!(offsets, [0, 0, 2, 8, 9]);
        let long = "x".repeat(100);
        let shown = ShownLine::new(&long, 50..52, 20, "…");
        assert_eq!([shown.offset(0), shown.offset(50), shown.offset(99)], [0, 3 + 9, 3 + 20]);
    }

    #[test]
    fn prose_is_wrapped_at_spaces() {
        let mut out = String::from("help: ");
        push_wrapped(&mut out, "one two three four five six\nseven", 6, 26);
        assert_eq!(out, "help: one two three four\n      five six\n      seven\n");
    }
}
