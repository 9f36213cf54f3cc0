//! Where the text of a script stands in the sources. A script of several lines is one literal, and so is its origin; findings
//! point at lines, and at words within them where the source has them as they are or with escapes.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::base::{SourceMap, Span, TextRange};
use crate::check::{Node, Origin, Simulation};

/// The places of the lines of scripts, and the files that scripts were read from, by the address of their nodes.
#[derive(Debug, Default)]
pub(super) struct Lines {
    files: HashMap<usize, String>,
    lines: HashMap<usize, Line>,
    /// How the line that was asked for last is written: much may be found in one, and it may be long.
    last: RefCell<Option<(usize, Rc<Written>)>>,
}

/// Where a line of a literal of several lines stands.
#[derive(Clone, Copy, Debug)]
struct Line {
    span: Span,
    escapes: bool,
}

impl Lines {
    /// Adds the lines of every step.
    pub(super) fn add(&mut self, walk: &Simulation<'_>, sources: &SourceMap) {
        for step in &walk.steps {
            for group in step.lines().chunk_by(|a, b| a.origin.span == b.origin.span) {
                self.add_group(group, sources);
            }
        }
    }

    /// Lines that come from one literal.
    fn add_group(&mut self, group: &[Node], sources: &SourceMap) {
        let Some(span) = group.first().map(|n| n.origin.span) else { return };
        let literal = sources.text_of(span);
        if let (Some(first), Some(name)) = (group.first(), file_name(literal)) {
            self.files.insert(address(first), name.to_owned());
        }
        let written = content_lines(literal, span);
        // Text that a value brought in would shift the lines; then the literal as a whole is the place.
        let fits = written.len() >= group.len()
            && written.iter().skip(group.len()).all(|(_, text)| text.trim().is_empty());
        if !fits || !literal.contains('\n') {
            return;
        }
        let escapes = !literal.starts_with('\'');
        let lines = group.iter().zip(&written);
        self.lines.extend(lines.map(|(node, (span, _))| (address(node), Line { span: *span, escapes })));
    }

    /// The file that a script was read from, by its first line.
    pub(super) fn file_of(&self, node: &Node) -> Option<&str> {
        self.files.get(&address(node)).map(String::as_str)
    }

    /// The origin of a node, narrowed to its line.
    pub(super) fn origin(&self, node: &Node) -> Origin {
        let span = self.lines.get(&address(node)).map_or(node.origin.span, |line| line.span);
        Origin { span, via: node.origin.via.clone() }
    }

    /// The origin of a part of a line, in bytes of its text: that part in the source if it can be found there, else the line.
    pub(super) fn part(&self, node: &Node, part: TextRange, sources: &SourceMap) -> Origin {
        let line = self.origin(node);
        match self.find(node, part, sources) {
            Some(span) => Origin { span, ..line },
            None => line,
        }
    }

    /// Where a part of a line stands in the source.
    pub(super) fn find(&self, node: &Node, part: TextRange, sources: &SourceMap) -> Option<Span> {
        let line = self.origin(node);
        let written = self.written(node, line.span, sources)?;
        let found = written.place(part.start as usize, part.end as usize)?;
        let start = line.span.range.start as usize;
        Some(Span { range: TextRange::new(start + found.start, start + found.end), ..line.span })
    }

    fn written(&self, node: &Node, span: Span, sources: &SourceMap) -> Option<Rc<Written>> {
        let key = address(node);
        if let Some((last, written)) = self.last.borrow().as_ref()
            && *last == key
        {
            return Some(Rc::clone(written));
        }
        let value = node.as_str()?;
        let source = sources.text_of(span);
        let written = Rc::new(match self.lines.get(&key) {
            // White space around a line of a block is not part of its place.
            Some(line) => {
                let lead = value.len() - value.trim_start().len();
                Written::new(&units(source, 0, source.len(), line.escapes), value.trim(), lead)
            }
            None => Written::new(&literal_units(source), value, 0),
        });
        *self.last.borrow_mut() = Some((key, Rc::clone(&written)));
        Some(written)
    }
}

/// The name in `file("./setup.sh")`.
fn file_name(text: &str) -> Option<&str> {
    text.strip_prefix("file(")?.strip_suffix(')')?.trim().strip_prefix('"')?.strip_suffix('"')
}

fn address(node: &Node) -> usize {
    std::ptr::from_ref(node).addr()
}

/// A character of a literal and where it is written.
#[derive(Debug)]
struct Unit {
    meant: char,
    start: usize,
    end: usize,
}

/// The characters of a literal on one line, without its quotes.
fn literal_units(source: &str) -> Vec<Unit> {
    let Some(quote) = source.chars().next().filter(|c| matches!(c, '"' | '\'')) else { return Vec::new() };
    let triple: String = std::iter::repeat_n(quote, 3).collect();
    let is_block = source.len() >= 6 && source.starts_with(&triple) && source.ends_with(&triple);
    let quotes = if is_block { 3 } else { 1 };
    let end = source.len().saturating_sub(quotes).max(quotes);
    units(source, quotes, end, quote == '"')
}

/// The characters between two bytes of a source, escapes resolved as aib and JSON do.
fn units(source: &str, from: usize, to: usize, escapes: bool) -> Vec<Unit> {
    let mut out = Vec::new();
    let mut at = from;
    while at < to {
        let rest = source.get(at..to).unwrap_or_default();
        let Some(c) = rest.chars().next() else { break };
        let (meant, length) = match c {
            '\\' if escapes => escape(rest).unwrap_or((c, 1)),
            c => (c, c.len_utf8()),
        };
        out.push(Unit { meant, start: at, end: at + length });
        at += length;
    }
    out
}

/// What an escape stands for, and its length.
fn escape(text: &str) -> Option<(char, usize)> {
    let hex = |digits: &str| u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
    Some(match text.chars().nth(1)? {
        'n' => ('\n', 2),
        'r' => ('\r', 2),
        't' => ('\t', 2),
        'b' => ('\u{8}', 2),
        'f' => ('\u{c}', 2),
        'u' => match text.get(2..)?.strip_prefix('{') {
            Some(digits) => {
                let (digits, _) = digits.split_once('}')?;
                (hex(digits)?, digits.len() + 4)
            }
            None => (hex(text.get(2..6)?)?, 6),
        },
        other => (other, 1 + other.len_utf8()),
    })
}

/// Where the bytes of a value are written. Text that other values brought in is no part of the source: what stands before it is
/// found from the beginning, what stands behind it from the end.
#[derive(Debug)]
struct Written {
    /// How many bytes of the value stand before what is looked at.
    lead: usize,
    /// The places of the characters from the beginning, by the byte of the value at which each begins; then where the last ends.
    from_start: Vec<Option<usize>>,
    /// The same from the end.
    from_end: Vec<Option<usize>>,
}

impl Written {
    fn new(units: &[Unit], value: &str, lead: usize) -> Self {
        let mut from_start = vec![None; value.len() + 1];
        let mut from_end = from_start.clone();
        let set = |list: &mut Vec<Option<usize>>, at: usize, place: usize| {
            if let Some(slot) = list.get_mut(at) {
                *slot = Some(place);
            }
        };
        let same = |(unit, (_, c)): &(&Unit, (usize, char))| unit.meant == *c;
        for (unit, (at, c)) in units.iter().zip(value.char_indices()).take_while(same) {
            set(&mut from_start, at, unit.start);
            set(&mut from_start, at + c.len_utf8(), unit.end);
        }
        for (unit, (at, c)) in units.iter().rev().zip(value.char_indices().rev()).take_while(same) {
            set(&mut from_end, at + c.len_utf8(), unit.end);
            set(&mut from_end, at, unit.start);
        }
        Self { lead, from_start, from_end }
    }

    /// Where a part of the value stands in the source.
    fn place(&self, start: usize, end: usize) -> Option<std::ops::Range<usize>> {
        let (start, end) = (start.saturating_sub(self.lead), end.saturating_sub(self.lead));
        let within = |list: &[Option<usize>]| {
            let place = (*list.get(start)?)?..(*list.get(end)?)?;
            (start < end).then_some(place)
        };
        within(&self.from_start).or_else(|| within(&self.from_end))
    }
}

/// The lines of a literal between its quotes, each without the white space around it.
fn content_lines(text: &str, span: Span) -> Vec<(Span, &str)> {
    let is_quotes = |line: &str| line.trim().chars().all(|c| "'\"".contains(c));
    let mut at = span.range.start as usize;
    let mut lines = Vec::new();
    for line in text.split_inclusive('\n') {
        let lead = line.len() - line.trim_start().len();
        let range = TextRange::new(at + lead, at + lead + line.trim().len());
        lines.push((Span { range, ..span }, line));
        at += line.len();
    }
    if lines.last().is_some_and(|(_, line)| is_quotes(line)) {
        lines.pop();
    }
    if lines.first().is_some_and(|(_, line)| is_quotes(line)) {
        lines.remove(0);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{Written, literal_units};

    #[test]
    fn parts_of_values_are_found_in_literals() {
        let found = |source: &'static str, value: &str, part: &str| {
            let at = value.find(part).unwrap();
            let place = Written::new(&literal_units(source), value, 0).place(at, at + part.len());
            place.and_then(|range| source.get(range))
        };
        for (source, value, part, expected) in [
            (r#""sudo reboot now""#, "sudo reboot now", "reboot", Some("reboot")),
            (r#""echo \"a\"; halt""#, "echo \"a\"; halt", "halt", Some("halt")),
            (r#""echo \"a\"; halt""#, "echo \"a\"; halt", "\"a\"", Some("\\\"a\\\"")),
            (r#""\u{e9} \u00e9 halt""#, "é é halt", "halt", Some("halt")),
            (r#""a\nhalt""#, "halt", "halt", Some("halt")),
            (r#""curl ${url} | bash""#, "curl http://x | bash", "bash", Some("bash")),
            (r#""curl ${url} | bash""#, "curl http://x | bash", "curl", Some("curl")),
            (r#""curl ${url} | bash""#, "curl http://x | bash", "http://x", None),
            (r#""curl ${url} | bash""#, "curl http://x | bash", "curl http://x | bash", None),
            (r"'C:\new halt'", r"C:\new halt", "halt", Some("halt")),
            (r#""./setup.sh""#, "sudo halt", "halt", None),
            ("lines", "halt", "halt", None),
        ] {
            assert_eq!(found(source, value, part), expected, "{source} {part}");
        }
    }
}
