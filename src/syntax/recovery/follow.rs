//! Which findings follow from others, and are not said.

use std::ops::Range;

use super::{Found, Recovery};
use crate::base::TextRange;
use crate::diag::{Diagnostic, code};
use crate::syntax::cst::Node;
use crate::syntax::kind::SyntaxKind;
use crate::syntax::text::indent_at;

impl<'a> Recovery<'a> {
    /// Drops follow-ups: what touches an earlier finding on its line, has its parent there, stands behind a broken
    /// statement, or comes from a quote that is missing before.
    pub(super) fn finish(mut self) -> Vec<Diagnostic> {
        self.open_strings.sort_unstable();
        self.found.sort_by_key(|f| (f.range.start, f.range.end));
        let flip = self.flip();
        let mut line = 0..0;
        let mut kept: Vec<Found> = Vec::new();
        for found in std::mem::take(&mut self.found) {
            if flip.as_ref().is_some_and(|(at, _)| found.range.start >= *at) {
                break;
            }
            if !line.contains(&found.range.start) {
                line = self.line_of(found.range.start);
            }
            if self.is_quoted_wrong(&found, &line) {
                continue;
            }
            if let Some(last) = kept.last_mut()
                && self.same_line(last.range.end, found.range.start)
            {
                let gap = self.between(last.range.end, found.range.start);
                let touches = gap.trim().is_empty() || found.range.start < last.range.end;
                let said_by = |c| found.diagnostic.code == c;
                let plain = said_by(&code::SYNTAX) || said_by(&code::MISSING_SEPARATOR);
                let behind = plain && found.behind.is_some_and(|start| last.range.start >= start);
                let touches = touches && !said_by(&code::INVALID_ESCAPE);
                let closes = self.rest(found.range.start).starts_with([')', ']', '}']);
                if touches || behind || closes || last.parent == found.parent {
                    last.range.end = last.range.end.max(found.range.end);
                    continue;
                }
            }
            kept.push(found);
        }
        let last = flip.and_then(|(_, diagnostic)| diagnostic);
        kept.into_iter().map(|f| f.diagnostic).chain(last).collect()
    }

    /// Whether a string on its line that is never closed explains a finding: a quote is missing somewhere there.
    fn is_quoted_wrong(&self, found: &Found, line: &Range<u32>) -> bool {
        let code = found.diagnostic.code;
        if ![&code::SYNTAX, &code::MISSING_SEPARATOR, &code::INVALID_NUMBER, &code::INVALID_ESCAPE]
            .contains(&code)
        {
            return false;
        }
        let from = found.range.start;
        let next = self.open_strings.partition_point(|s| s.start < from);
        let is_separator = code == &code::MISSING_SEPARATOR;
        let after = self.open_strings.get(next);
        let before = next.checked_sub(1).and_then(|i| self.open_strings.get(i));
        after.is_some_and(|s| line.contains(&s.start))
            || before.is_some_and(|s| line.contains(&s.start) || is_separator && self.is_blank(s.end, from))
    }

    /// Whether nothing but white space lies between two offsets.
    fn is_blank(&self, from: u32, to: u32) -> bool {
        self.between(from, to).bytes().all(|b| b.is_ascii_whitespace())
    }

    /// The line that holds an offset.
    fn line_of(&self, at: u32) -> Range<u32> {
        let start = at as usize - self.line_before(at).len();
        let rest = self.rest(at);
        let end = at as usize + rest.find('\n').map_or(rest.len(), |i| i + 1);
        TextRange::at(start).start..TextRange::at(end).start.max(at + 1)
    }

    /// Where a missing quote makes code of text and text of code: nothing is said after it.
    fn flip(&self) -> Option<(u32, Option<Diagnostic>)> {
        let swallowed = self.open_strings.iter().find(|s| {
            let text = self.between(s.start, s.end);
            let inner = text.get(1..).unwrap_or("");
            !text.starts_with("\"\"\"")
                && !text.starts_with("'''")
                && (inner.contains("\"\"\"") || inner.contains("'''"))
        });
        if let Some(string) = swallowed {
            return Some((string.end, None));
        }
        let last = self.open_strings.last()?;
        let quotes = self.between(last.start, last.start + 3);
        let first = self.found.first().map_or(last.start, |f| f.range.start);
        if !matches!(quotes, "\"\"\"" | "'''") {
            return None;
        }
        let half = quotes.get(..2)?;
        let known = self.halves.iter().rev().find(|h| {
            h.start < first.max(h.end).min(last.start)
                && self.between(h.start, h.end) == half
                && h.start < first
        })?;
        let diagnostic = Diagnostic::new(
            &code::UNTERMINATED_STRING,
            self.span(*known),
            format!("`{half}` is no quote of a text of several lines"),
        )
        .also(self.span(TextRange { start: last.start, end: last.start + 3 }), "so this one is left over")
        .help(format!("write `{quotes}`"));
        Some((known.start, Some(diagnostic)))
    }

    /// Notes two quotes where three may have been meant: an empty string that ends its line, or a line of a block
    /// string that begins with them.
    pub(super) fn half_quotes(&mut self, node: Node<'a>) {
        let range = node.range();
        match node.kind() {
            SyntaxKind::LineString | SyntaxKind::RawString => {
                let ends_line = self.rest(range.end).trim_start_matches([' ', '\t', '\r']).starts_with('\n');
                if range.len() == 2 && ends_line {
                    self.halves.push(range);
                }
            }
            _ => {
                let text = self.between(range.start, range.end);
                let half = text.get(..2).unwrap_or("");
                let mut at = range.start as usize;
                for line in text.split('\n') {
                    let trimmed = line.trim_start_matches([' ', '\t']);
                    let is_half = trimmed.starts_with(half) && trimmed.get(2..3) != half.get(..1);
                    if is_half {
                        let start = at + line.len() - trimmed.len();
                        self.halves.push(TextRange::new(start, start + 2));
                    }
                    at += line.len() + 1;
                }
            }
        }
    }

    /// The statement before a stray `}` that stands on a line of its own and is indented like that statement.
    fn partner_by_indent(&self, stray: Node<'a>) -> Option<Node<'a>> {
        let column = indent_at(self.source, stray.range().start)?;
        let before = std::iter::successors(stray.prev_sibling(), |n| n.prev_sibling());
        let mut before = before.take_while(|n| n.kind() != SyntaxKind::StrayClose);
        let indent = |n: &Node<'a>| indent_at(self.source, n.range().start);
        before
            .find(|n| n.kind().is_statement() && indent(n).is_some_and(|i| i <= column))
            .filter(|n| indent(n) == Some(column))
    }

    /// A `}` too many at the top of a file: follows from a mistake inside the statement before, from a `{` that is
    /// missing, or stands alone.
    pub(super) fn stray_close(&mut self, node: Node<'a>) {
        let diagnostic = Diagnostic::new(&code::SYNTAX, self.span(node.range()), "`}` closes nothing");
        let partner = self.partner_by_indent(node);
        if partner.is_some_and(|p| self.errs_since(p.range().start)) {
            return;
        }
        let diagnostic = match partner {
            Some(partner) if partner.child(SyntaxKind::Block).is_none() => {
                let end = partner.range().end;
                let at = self.span(TextRange { start: end, end });
                diagnostic.also(at, "a `{` is missing here, as the indentation shows")
            }
            _ => diagnostic.help("remove it, or look for a `{` that is missing above"),
        };
        self.push(node, node.range(), diagnostic);
    }

    /// Whether something was found after an offset.
    fn errs_since(&self, at: u32) -> bool {
        self.found.iter().rev().take(64).any(|f| f.range.start >= at)
    }
}
