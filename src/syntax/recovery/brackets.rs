//! Brackets without a partner.

use super::Recovery;
use crate::base::TextRange;
use crate::diag::{Diagnostic, code};
use crate::syntax::cst::Node;
use crate::syntax::kind::SyntaxKind;

impl<'a> Recovery<'a> {
    /// Reports the missing closers: those that end at one place together, and none that an unclosed string or
    /// comment explains.
    pub(super) fn report_unclosed(&mut self) {
        let mut unclosed = std::mem::take(&mut self.unclosed);
        self.open_strings.sort_unstable();
        unclosed.retain(|node| !self.is_explained(*node));
        unclosed.sort_by_key(|n| (n.range().start, n.index()));
        for group in unclosed.chunk_by(|a, b| a.range().start == b.range().start) {
            self.unclosed_group(group);
        }
    }

    /// Whether an unclosed string or comment swallowed the closer.
    fn is_explained(&self, missing: Node<'a>) -> bool {
        let Some(bracket) = missing.parent() else { return true };
        let (Some(opener), Some(closer)) = (opener(bracket), closer(bracket)) else { return true };
        let (from, at) = (opener.range().start, missing.range().start);
        if self.open_comment.is_some_and(|c| c.start >= at && self.between(at, c.start).trim().is_empty()) {
            return true;
        }
        let until = self.open_strings.partition_point(|s| s.start < at);
        let ends_there = |s: &TextRange| s.end <= at && self.is_gap(s.end, at);
        if self.open_strings.get(..until).and_then(<[_]>::last).is_some_and(ends_there) {
            return true;
        }
        // A word whose opening quote is missing looks like an entry, before which open brackets end.
        let next = self.open_strings.partition_point(|s| s.start < at);
        let is_next = |s: &TextRange| {
            let between = self.between(at, s.start);
            between.bytes().filter(|b| *b == b'\n').count() <= 1 && !self.after_space(s.start)
        };
        if self.open_strings.get(next).is_some_and(is_next) {
            return true;
        }
        let first = self.open_strings.partition_point(|s| s.start < from);
        let inside = self.open_strings.get(first..).unwrap_or_default().iter().take_while(|s| s.start < at);
        inside.take(64).any(|s| self.between(s.start, s.end).contains(closer))
    }

    /// Brackets that lack their closer at the same place. The innermost is named first, or the one whose closer's
    /// indentation says that it took another's.
    fn unclosed_group(&mut self, group: &[Node<'a>]) {
        let brackets: Vec<Node<'a>> = group.iter().filter_map(|n| n.parent()).collect();
        let Some((missing, bracket)) = group.last().zip(brackets.last().copied()) else { return };
        // Nodes of one place are ordered from the inside out only if they end there: the deepest starts last.
        let bracket = brackets.iter().copied().max_by_key(|b| b.range().start).unwrap_or(bracket);
        let suspect = self.suspect(bracket);
        let (Some(open), Some(closer)) = (opener(suspect.map_or(bracket, |s| s.0)), closer(bracket)) else {
            return;
        };
        let text = self.between(open.range().start, open.range().end);
        let mut diagnostic = Diagnostic::new(
            &code::UNCLOSED_BRACKET,
            self.span(open.range()),
            format!("`{text}` is never closed"),
        );
        match suspect {
            Some((_, close)) => {
                diagnostic = diagnostic
                    .here("the `}` of this one is missing, as the indentation shows")
                    .also(self.span(close.range()), "this `}` is indented like one further out");
            }
            None => {
                let at = missing.range().start;
                let (found, place) = self.found_at(at);
                if bracket.kind() != SyntaxKind::Block {
                    let place = if place.is_empty() { missing.range() } else { place };
                    diagnostic =
                        diagnostic.also(self.span(place), format!("expected `{closer}`, found {found}"));
                } else if let Some(word) = self.next_word(at) {
                    diagnostic = diagnostic.also(self.span(word), format!("expected `{closer}` before this"));
                }
            }
        }
        for other in brackets.iter().filter(|b| **b != bracket) {
            if let Some(other) = opener(*other) {
                diagnostic = diagnostic.also(self.span(other.range()), "this one is not closed either");
            }
        }
        self.push(*missing, open.range(), diagnostic.help(format!("write `{closer}`")));
    }

    /// The first word after an offset, past comments.
    fn next_word(&self, at: u32) -> Option<TextRange> {
        let mut rest = self.rest(at).trim_start();
        while rest.starts_with("//") {
            rest = rest.split_once('\n')?.1.trim_start();
        }
        let len = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let start = self.source.len() - rest.len();
        (len > 0).then(|| TextRange::new(start, start + len))
    }

    /// The block inside an unclosed one whose `}` stands on a line indented like an outer block: it took the
    /// closer of that one.
    fn suspect(&self, unclosed: Node<'a>) -> Option<(Node<'a>, Node<'a>)> {
        let mut found = None;
        let mut todo = vec![unclosed];
        while let Some(node) = todo.pop() {
            for child in node.parts() {
                if matches!(child.kind(), SyntaxKind::Block | SyntaxKind::Object)
                    && let Some(close) = child.child(SyntaxKind::RBrace)
                {
                    let (start, end) = (child.range().start, close.range().start);
                    let first_on_line = self.line_before(end).trim().is_empty();
                    let deeper = self.indent_of(start) > self.indent_of(end);
                    if first_on_line && deeper && !self.same_line(start, end) {
                        let is_first = found
                            .is_none_or(|(f, _): (Node<'a>, Node<'a>)| child.range().start < f.range().start);
                        if is_first {
                            found = Some((child, close));
                        }
                    }
                }
                if !child.is_leaf() {
                    todo.push(child);
                }
            }
        }
        found
    }
}

/// The bracket that opens a node.
fn opener(node: Node<'_>) -> Option<Node<'_>> {
    node.parts().find(|n| {
        matches!(
            n.kind(),
            SyntaxKind::LBrace
                | SyntaxKind::LParen
                | SyntaxKind::LBrack
                | SyntaxKind::Lt
                | SyntaxKind::InterpOpen
        )
    })
}

/// What closes a node.
pub(super) fn closer(node: Node<'_>) -> Option<&'static str> {
    Some(match opener(node)?.kind() {
        SyntaxKind::LParen => ")",
        SyntaxKind::LBrack => "]",
        SyntaxKind::Lt => ">",
        _ => "}",
    })
}
