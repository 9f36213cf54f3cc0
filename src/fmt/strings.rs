//! Strings stay as they are; those of several lines move with their statement where that leaves their value the same.

use super::doc::{BlockString, Doc};
use super::layout::Layout;
use crate::syntax::{Node, SyntaxKind};

impl<'t> Layout<'t> {
    /// A string of any form.
    pub(super) fn string(&self, node: Node<'t>) -> Doc<'t> {
        let text = self.text(node);
        match self.movable(node, text) {
            Some(string) => Doc::block_string(string),
            None => Doc::verbatim(text),
        }
    }

    /// The lines of a string whose indentation is not part of its value. Its first line has to be empty, and no
    /// interpolation may go over a line's end: its lines would count too.
    fn movable(&self, node: Node<'t>, text: &'t str) -> Option<BlockString<'t>> {
        let inner = match node.kind() {
            SyntaxKind::BlockString => text.strip_prefix("\"\"\"")?.strip_suffix("\"\"\"")?,
            SyntaxKind::RawBlock => text.strip_prefix("'''")?.strip_suffix("'''")?,
            _ => return None,
        };
        let mut interpolations = node.children().filter(|n| n.kind() == SyntaxKind::Interpolation);
        if interpolations.any(|n| self.text(n).contains('\n')) {
            return None;
        }
        let (first, rest) = inner.split_once('\n')?;
        let mut lines: Vec<&str> = rest.split('\n').collect();
        let closes_on_own_line = lines.last().is_some_and(|line| is_blank(line));
        if closes_on_own_line {
            lines.pop();
        }
        if !is_blank(first) {
            return None;
        }
        let common =
            lines.iter().filter(|line| !is_blank(line)).map(|line| indentation(line)).reduce(common)?;
        let cut = |line: &'t str| line.strip_prefix(common).unwrap_or_else(|| after_common(line, common));
        Some(BlockString {
            quotes: text.get(..3)?,
            lines: lines.into_iter().map(cut).collect(),
            closes_on_own_line,
        })
    }
}

fn is_blank(line: &str) -> bool {
    line.bytes().all(|b| matches!(b, b' ' | b'\t' | b'\r'))
}

fn indentation(line: &str) -> &str {
    let rest = line.trim_start_matches([' ', '\t']);
    line.strip_suffix(rest).unwrap_or("")
}

/// What two texts begin with.
fn common<'a>(a: &'a str, b: &str) -> &'a str {
    let same = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    a.get(..same).unwrap_or("")
}

/// What is left of a blank line that has less indentation than the others.
fn after_common<'a>(line: &'a str, indent: &str) -> &'a str {
    line.get(common(line, indent).len()..).unwrap_or(line)
}
