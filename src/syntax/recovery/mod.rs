//! What is wrong in a tree, in the user's words.
//!
//! The grammar accepts any text; this pass walks the tree once and turns what should not be there, what is missing
//! and what stands side by side without a separator into diagnostics. One mistake is reported once: of several
//! findings that touch one another on a line, or belong to one parent there, the first speaks.

mod brackets;
mod forms;
mod junk;
mod missing;
mod separators;
mod wrong;

use super::cst::{Cst, Node};
use super::kind::{KindClass, SyntaxKind};
use crate::base::{FileId, Span, TextRange};
use crate::diag::Diagnostic;

/// What is wrong with the structure of a file, ordered by place.
pub(super) fn recover(file: FileId, source: &str, cst: &Cst) -> Vec<Diagnostic> {
    let mut recovery = Recovery {
        file,
        source,
        found: Vec::new(),
        unclosed: Vec::new(),
        open_strings: Vec::new(),
        open_comment: None,
        closed_at: None,
    };
    for node in cst.nodes() {
        recovery.visit(node);
    }
    recovery.report_unclosed();
    recovery.finish()
}

/// One finding, before those that follow from others are dropped.
struct Found {
    /// What it covers: a neighbour that touches it on its line is a follow-up.
    range: TextRange,
    /// The node it stands in.
    parent: usize,
    diagnostic: Diagnostic,
}

struct Recovery<'a> {
    file: FileId,
    source: &'a str,
    found: Vec<Found>,
    /// The missing closers, reported together at the end.
    unclosed: Vec<Node<'a>>,
    /// The strings that are never closed, in order.
    open_strings: Vec<TextRange>,
    /// The comment that is never closed.
    open_comment: Option<TextRange>,
    /// Where the last closer is missing: nothing else is missed there.
    closed_at: Option<u32>,
}

impl<'a> Recovery<'a> {
    fn visit(&mut self, node: Node<'a>) {
        let kind = node.kind();
        match kind.class() {
            KindClass::Missing => match kind {
                SyntaxKind::MissingClose => {
                    self.unclosed.push(node);
                    self.closed_at = Some(node.range().start);
                }
                SyntaxKind::Unterminated => self.unterminated(node),
                _ if self.closed_at == Some(node.range().start) => {}
                _ => self.missing(node),
            },
            KindClass::Wrong => match kind {
                SyntaxKind::Junk | SyntaxKind::JunkElement | SyntaxKind::JunkInterpolation => self.junk(node),
                _ => self.wrong(node),
            },
            KindClass::Trivia => self.comment(node),
            KindClass::Token => match kind {
                SyntaxKind::Question => self.question(node),
                SyntaxKind::ImportPath => self.import_path(node),
                _ => {}
            },
            KindClass::Node => match kind {
                SyntaxKind::File | SyntaxKind::Block => self.statements(node),
                SyntaxKind::Object | SyntaxKind::TypeObject | SyntaxKind::ImportNames => self.members(node),
                SyntaxKind::List
                | SyntaxKind::Call
                | SyntaxKind::Params
                | SyntaxKind::Paren
                | SyntaxKind::Index => self.elements(node),
                SyntaxKind::QuotedProperty => self.quoted_key(node),
                SyntaxKind::Interpolation => self.interpolation(node),
                _ => {}
            },
        }
    }

    fn push(&mut self, node: Node<'_>, range: TextRange, diagnostic: Diagnostic) {
        let parent = node.ancestors().find(|n| speaks_once(n.kind())).map_or(0, Node::index);
        self.found.push(Found { range, parent, diagnostic });
    }

    fn span(&self, range: TextRange) -> Span {
        range.in_file(self.file)
    }

    /// The text between two offsets.
    fn between(&self, from: u32, to: u32) -> &'a str {
        self.source.get(from as usize..to as usize).unwrap_or("")
    }

    /// The text from an offset on.
    fn rest(&self, from: u32) -> &'a str {
        self.source.get(from as usize..).unwrap_or("")
    }

    /// Whether only spaces lie between two offsets.
    fn is_gap(&self, from: u32, to: u32) -> bool {
        self.between(from, to).bytes().all(|b| matches!(b, b' ' | b'\t' | b'\r'))
    }

    fn same_line(&self, from: u32, to: u32) -> bool {
        from > to || !self.between(from, to).contains('\n')
    }

    /// Whether white space stands right before an offset.
    fn after_space(&self, at: u32) -> bool {
        let before = self.source.get(..at as usize).unwrap_or("");
        before.ends_with([' ', '\t', '\n'])
    }

    /// What stands on the line before an offset.
    fn line_before(&self, at: u32) -> &'a str {
        let before = self.source.get(..at as usize).unwrap_or("");
        before.rsplit('\n').next().unwrap_or("")
    }

    /// The indentation of the line that holds an offset.
    fn indent_of(&self, at: u32) -> usize {
        let line = self.line_before(at);
        line.len() - line.trim_start_matches([' ', '\t']).len()
    }

    /// Drops follow-ups: a finding that touches an earlier one on its line, or has its parent there.
    fn finish(mut self) -> Vec<Diagnostic> {
        self.found.sort_by_key(|f| (f.range.start, f.range.end));
        let mut kept: Vec<Found> = Vec::new();
        for found in std::mem::take(&mut self.found) {
            if let Some(last) = kept.last_mut()
                && self.same_line(last.range.end, found.range.start)
            {
                let gap = self.between(last.range.end, found.range.start);
                let touches = gap.trim().is_empty() || found.range.start < last.range.end;
                if touches || last.parent == found.parent {
                    last.range.end = last.range.end.max(found.range.end);
                    continue;
                }
            }
            kept.push(found);
        }
        kept.into_iter().map(|f| f.diagnostic).collect()
    }
}

/// Whether a node says on each of its lines only what is wrong first.
fn speaks_once(kind: SyntaxKind) -> bool {
    kind.is_statement()
        || matches!(
            kind,
            SyntaxKind::File
                | SyntaxKind::Block
                | SyntaxKind::ObjectMember
                | SyntaxKind::TypeField
                | SyntaxKind::ParamDef
                | SyntaxKind::Arg
        )
}
