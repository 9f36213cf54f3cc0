//! What is surely wrong with a script of PowerShell: a quote, a here-string or a bracket without its end.
//!
//! The grammar's own errors are not exact, so none of them is reported: only what this scan finds in a text that the grammar has
//! errors in, too. Where the scan can't be sure of what a quote is, it says nothing.

use crate::base::TextRange;
use crate::script::model::{Fault, FaultKind};

/// Quotes as word processors write them, which PowerShell takes for quotes, and the sign that stops its parser.
static DOUBTS: &[&str] = &["“", "”", "„", "‘", "’", "‚", "‛", "--%"];

/// What is open: its place, as written, and what ends it.
struct Open {
    at: usize,
    open: &'static str,
    close: &'static str,
}

struct Scan<'t> {
    text: &'t str,
    at: usize,
    open: Vec<Open>,
}

/// Whether nobody can be sure of what is a quote in a text.
pub(super) fn is_doubtful(text: &str) -> bool {
    DOUBTS.iter().any(|doubt| text.contains(doubt))
}

/// Whether a byte of a text begins something that is neither in a literal nor in a comment.
pub(super) fn is_code(text: &str, at: usize) -> bool {
    let mut scan = Scan { text, at: 0, open: Vec::new() };
    while scan.at < at {
        if scan.step().is_some() {
            return false;
        }
    }
    scan.at == at && !scan.in_literal()
}

/// The first fault of a text, if there surely is one.
pub(super) fn first(text: &str) -> Option<Fault> {
    if is_doubtful(text) {
        return None;
    }
    let mut scan = Scan { text, at: 0, open: Vec::new() };
    while scan.at < text.len() {
        if let Some(fault) = scan.step() {
            return Some(fault);
        }
    }
    scan.open.last().map(|open| unclosed(text, open.at, open.open, open.close))
}

fn unclosed(text: &str, at: usize, open: &str, close: &str) -> Fault {
    let end = text.trim_end();
    let start = end.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let start = end.get(start..).map_or(end.len(), |_| start);
    Fault {
        kind: FaultKind::Unclosed { open: open.to_owned(), close: close.to_owned() },
        at: TextRange::new(start, end.len()),
        opened: Some(TextRange::new(at, at + open.len())),
        stops: true,
    }
}

impl Scan<'_> {
    fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or(0)
    }

    fn begins_word(&self) -> bool {
        self.at == 0 || b" \t\r\n;|&(){},".contains(&self.byte(self.at - 1))
    }

    fn in_literal(&self) -> bool {
        self.open.last().is_some_and(|o| o.close == "\"")
    }

    fn step(&mut self) -> Option<Fault> {
        let at = self.at;
        if self.in_literal() {
            match (self.byte(at), self.byte(at + 1)) {
                (b'`', _) => self.at += 2,
                (b'"', b'"') => self.at += 2,
                (b'"', _) => self.close(1),
                (b'$', b'(') => self.open("$(", ")"),
                _ => self.at += 1,
            }
            return None;
        }
        match (self.byte(at), self.byte(at + 1)) {
            (b'`', _) => self.at += 2,
            (b'<', b'#') => return self.skip_to("#>", at + 2, "<#"),
            (b'#', _) if self.begins_word() => {
                self.at = self.text.get(at..).and_then(|t| t.find('\n')).map_or(self.text.len(), |n| at + n);
            }
            (b'@', b'\'' | b'"') if self.line_ends(at + 2) => {
                let (open, close) = if self.byte(at + 1) == b'"' { ("@\"", "\n\"@") } else { ("@'", "\n'@") };
                return self.skip_to(close, at + 2, open);
            }
            (b'\'', _) => return self.skip_to("'", at + 1, "'"),
            (b'"', _) => self.open("\"", "\""),
            (b'$', b'{') => return self.skip_to("}", at + 2, "${"),
            (b'$', b'(') => self.open("$(", ")"),
            (b'@', b'(') => self.open("@(", ")"),
            (b'@', b'{') => self.open("@{", "}"),
            (b'(', _) => self.open("(", ")"),
            (b'{', _) => self.open("{", "}"),
            (b')', _) => return self.bracket(")"),
            (b'}', _) => return self.bracket("}"),
            _ => self.at += 1,
        }
        None
    }

    fn line_ends(&self, from: usize) -> bool {
        let rest = self.text.get(from..).unwrap_or_default();
        rest.trim_start_matches([' ', '\t', '\r']).starts_with('\n')
    }

    fn skip_to(&mut self, end: &str, from: usize, open: &'static str) -> Option<Fault> {
        match self.text.get(from..).and_then(|rest| rest.find(end)) {
            Some(length) => {
                self.at = from + length + end.len();
                None
            }
            None => Some(unclosed(self.text, from - open.len(), open, end.trim_start())),
        }
    }

    fn open(&mut self, open: &'static str, close: &'static str) {
        self.open.push(Open { at: self.at, open, close });
        self.at += open.len();
    }

    fn close(&mut self, length: usize) {
        self.open.pop();
        self.at += length;
    }

    fn bracket(&mut self, found: &str) -> Option<Fault> {
        match self.open.last() {
            Some(open) if open.close == found => {
                self.close(1);
                None
            }
            open => Some(Fault {
                kind: FaultKind::Unexpected {
                    found: Some(found.to_owned()),
                    expected: open.map(|open| open.close.to_owned()),
                },
                at: TextRange::new(self.at, self.at + 1),
                opened: open.map(|open| TextRange::new(open.at, open.at + open.open.len())),
                stops: true,
            }),
        }
    }
}
