//! The script of a step: its inline lines as one text, read once.

use std::collections::HashMap;
use std::rc::Rc;

use crate::arm::{Expr, Piece, format_pieces};
use crate::base::TextRange;
use crate::check::program::{Node, NodeKind};
use crate::script::{self, Command, Dialect, HOLE, Script};

/// The scripts that were read so far: many images have the same recipes in them.
#[derive(Debug, Default)]
pub struct Scripts(HashMap<(Dialect, Rc<str>), Rc<Script>>);

impl Scripts {
    fn read(&mut self, text: &Rc<str>, dialect: Dialect) -> Rc<Script> {
        let read = || Rc::new(script::read(text, dialect));
        Rc::clone(self.0.entry((dialect, Rc::clone(text))).or_insert_with(read))
    }
}

/// A script of a step, with the lines that it came from.
#[derive(Debug)]
pub struct StepScript<'a> {
    /// Its text: the lines, with a line break behind each. What is known only at deployment is a hole.
    pub text: Rc<str>,
    /// What was read of it. Ranges are bytes of the text.
    pub script: Rc<Script>,
    lines: &'a [Node],
    /// Where each line begins.
    starts: Vec<usize>,
}

impl<'a> StepScript<'a> {
    /// Reads lines as a script.
    pub fn read(lines: &'a [Node], dialect: Dialect, scripts: &mut Scripts) -> Self {
        let (mut text, mut starts) = (String::new(), Vec::with_capacity(lines.len()));
        for line in lines {
            starts.push(text.len());
            match &line.kind {
                NodeKind::Str(line) => text.push_str(line),
                NodeKind::Expr(expr) => push_known(expr, &mut text, 0),
                _ => text.push(HOLE),
            }
            text.push('\n');
        }
        let text: Rc<str> = text.into();
        let script = scripts.read(&text, dialect);
        Self { text, script, lines, starts }
    }

    /// The commands.
    pub fn commands(&self) -> &[Command] {
        &self.script.commands
    }

    /// The line in which a range begins, and the part of the range that lies in it, in bytes of the line.
    pub fn line(&self, range: TextRange) -> Option<(&'a Node, TextRange)> {
        let at = self.starts.partition_point(|start| *start <= range.start as usize).checked_sub(1)?;
        let start = *self.starts.get(at)?;
        let end = self.starts.get(at + 1).map_or(self.text.len(), |next| next - 1);
        let part =
            TextRange::new(range.start as usize - start, (range.end as usize).min(end).max(start) - start);
        Some((self.lines.get(at)?, part))
    }

    /// Where one of its lines begins.
    pub fn start_of(&self, line: &Node) -> Option<usize> {
        let at = self.lines.iter().position(|own| std::ptr::eq(own, line))?;
        self.starts.get(at).copied()
    }

    /// Whether the script names a text anywhere, without regard to letter case.
    pub fn mentions(&self, text: &str) -> bool {
        let (whole, text) = (self.text.as_bytes(), text.as_bytes());
        let Some(first) = text.first() else { return true };
        let is_here =
            |at: usize| whole.get(at..at + text.len()).is_some_and(|t| t.eq_ignore_ascii_case(text));
        memchr::memchr2_iter(first.to_ascii_lowercase(), first.to_ascii_uppercase(), whole).any(is_here)
    }
}

/// How deep expressions are looked into.
const MAX_DEPTH: usize = 8;

/// Adds what is known of a text that is computed at deployment: the pattern of `format`, the literals of `concat`.
fn push_known(expr: &Expr, out: &mut String, depth: usize) {
    match expr {
        Expr::Str(text) => out.push_str(text),
        Expr::Shared { expr, .. } if depth < MAX_DEPTH => push_known(expr, out, depth + 1),
        Expr::Call { name, args } if depth < MAX_DEPTH && name.eq_ignore_ascii_case("concat") => {
            args.iter().for_each(|arg| push_known(arg, out, depth + 1));
        }
        Expr::Call { name, args } if name.eq_ignore_ascii_case("format") => match args.first() {
            Some(Expr::Str(pattern)) => match format_pieces(pattern) {
                Some(pieces) => pieces.iter().for_each(|piece| match piece {
                    Piece::Text(text) => out.push_str(text),
                    Piece::Hole(_) => out.push(HOLE),
                }),
                None => out.push(HOLE),
            },
            _ => out.push(HOLE),
        },
        _ => out.push(HOLE),
    }
}
