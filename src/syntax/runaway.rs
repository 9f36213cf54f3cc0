//! Strings of one line that go on in the next: what they hold is text, though the grammar reads it as code.

use super::cst::{Cst, Node};
use super::kind::SyntaxKind;
use crate::base::TextRange;

/// A string that was begun on one line and ended on another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Runaway {
    /// Where it begins.
    pub(super) string: TextRange,
    /// What of it the grammar took for code: from the end of its line to the quote that ends it, and the line's rest.
    pub(super) code: TextRange,
    /// The quote that ends it.
    pub(super) closer: TextRange,
}

/// The strings of a file that were continued on another line, in order: one that is never closed, and on the line of the
/// next quote a quote too many.
pub(super) fn runaways(source: &str, cst: &Cst) -> Vec<Runaway> {
    let mut found = Vec::new();
    if !cst.nodes().any(|n| n.kind() == SyntaxKind::Unterminated) {
        return found;
    }
    let mut strings: Vec<Node<'_>> = Vec::new();
    for string in cst.nodes().filter(|n| n.kind().is_string()) {
        if strings.last().is_none_or(|last| last.range().end <= string.range().start) {
            strings.push(string);
        }
    }
    let mut rest = strings.as_slice();
    while let Some((first, more)) = rest.split_first() {
        rest = more;
        if let Some((runaway, taken)) = runaway(source, *first, more) {
            found.push(runaway);
            rest = more.get(taken..).unwrap_or_default();
        }
    }
    found
}

/// Whether a string goes on in the line of the next, and how many strings of that line it explains.
fn runaway(source: &str, string: Node<'_>, more: &[Node<'_>]) -> Option<(Runaway, usize)> {
    let is_open = |n: Node<'_>| {
        n.child(SyntaxKind::Unterminated).is_some()
            && matches!(n.kind(), SyntaxKind::LineString | SyntaxKind::RawString)
    };
    let next = more.first().filter(|_| is_open(string))?;
    let start = next.range().start;
    let line = source.get(start as usize..)?;
    let line_end = start + TextRange::at(line.find('\n').unwrap_or(line.len())).start;
    let count = more.iter().take_while(|n| n.range().start < line_end).count();
    if let Some(closer) = closed_within(source, string, *next, is_open(*next)) {
        let code = TextRange { start: string.range().end, end: next.range().end };
        return Some((Runaway { string: string.range(), code, closer }, count));
    }
    let last = more.get(..count)?.last().filter(|n| is_open(**n) && n.kind() == string.kind())?;
    let goes_on = next.kind() == string.kind() && string.range().end < start && can_follow(line);
    goes_on.then(|| {
        let code = TextRange { start: string.range().end, end: last.range().end };
        (Runaway { string: string.range(), code, closer: TextRange { start, end: start + 1 } }, count)
    })
}

/// The quote that ends a string, where one of the other kind, which is open itself, has swallowed it: `echo "it's'`.
fn closed_within(source: &str, string: Node<'_>, next: Node<'_>, is_open: bool) -> Option<TextRange> {
    let (own, other) = (string.range(), next.range());
    if !is_open || next.kind() == string.kind() || own.end >= other.start {
        return None;
    }
    let quote = source.get(own.start as usize..)?.chars().next()?;
    let at = other.start as usize + source.get(other.to_usize())?.rfind(quote)?;
    can_follow(source.get(at..)?).then(|| TextRange::new(at, at + 1))
}

/// Whether what stands behind the quote that begins a text can follow a string on its line.
fn can_follow(text: &str) -> bool {
    let line = text.lines().next().unwrap_or("");
    let rest = line.get(1..).unwrap_or("").trim();
    rest.is_empty() || rest.starts_with([',', ';', ')', ']', '}', '{']) || rest.starts_with("//")
}
