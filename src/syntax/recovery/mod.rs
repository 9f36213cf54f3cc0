//! What is wrong in a tree, in the user's words.
//!
//! The grammar accepts any text; this pass walks the tree once and turns what should not be there, what is missing
//! and what stands side by side without a separator into diagnostics. One mistake is reported once: of several
//! findings that touch one another on a line, or belong to one parent there, the first speaks.

mod brackets;
mod follow;
mod forms;
mod junk;
mod missing;
mod separators;
mod words;
mod wrong;

use super::cst::{Cst, Node};
use super::kind::{KindClass, SyntaxKind};
use super::runaway::Runaway;
use crate::base::{FileId, Span, TextRange};
use crate::diag::Diagnostic;

/// What is wrong with a file, ordered by place: its structure, and the literals that were found to mean nothing.
pub(super) fn recover(
    file: FileId,
    source: &str,
    cst: &Cst,
    literals: Vec<Diagnostic>,
    runaways: &[Runaway],
) -> Vec<Diagnostic> {
    let found = literals.into_iter().map(|diagnostic| {
        let range = diagnostic.span().range;
        Found { range, parent: usize::MAX - range.start as usize, behind: None, diagnostic }
    });
    let mut recovery = Recovery {
        file,
        source,
        found: found.collect(),
        unclosed: Vec::new(),
        open_strings: Vec::new(),
        open_comment: None,
        halves: Vec::new(),
        awaited: Vec::new(),
        closed_at: None,
        runaways,
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
    /// Where the statement begins that it stands behind, on its line.
    behind: Option<u32>,
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
    /// Two quotes where three may have been meant, in order.
    halves: Vec<TextRange>,
    /// The closers that were missed and may still come.
    awaited: Vec<char>,
    /// Where the last closer is missing: nothing else is missed there.
    closed_at: Option<u32>,
    /// The strings that go on in another line.
    runaways: &'a [Runaway],
}

impl<'a> Recovery<'a> {
    fn visit(&mut self, node: Node<'a>) {
        let kind = node.kind();
        if self.is_text(node.range().start) {
            return;
        }
        match kind.class() {
            KindClass::Missing => match kind {
                SyntaxKind::MissingClose => {
                    self.unclosed.push(node);
                    self.awaited
                        .extend(node.parent().and_then(brackets::closer).and_then(|c| c.chars().next()));
                    self.closed_at = Some(node.range().start);
                }
                SyntaxKind::Unterminated => self.unterminated(node),
                _ if self.closed_at == Some(node.range().start) => {}
                _ => self.missing(node),
            },
            KindClass::Wrong => match kind {
                SyntaxKind::Junk | SyntaxKind::JunkElement | SyntaxKind::JunkInterpolation => self.junk(node),
                SyntaxKind::StrayClose => self.stray_close(node),
                _ => self.wrong(node),
            },
            KindClass::Trivia => self.comment(node),
            KindClass::Token => match kind {
                SyntaxKind::Question => self.question(node),
                SyntaxKind::ImportPath => self.import_path(node),
                SyntaxKind::Name => self.word_in_value(node),
                SyntaxKind::Ident => self.name_of_a_value(node),
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
                SyntaxKind::Property => self.property(node),
                SyntaxKind::QuotedProperty => self.quoted_key(node),
                SyntaxKind::Interpolation => self.interpolation(node),
                kind if kind.is_string() => self.half_quotes(node),
                _ => {}
            },
        }
    }

    fn push(&mut self, node: Node<'_>, range: TextRange, diagnostic: Diagnostic) {
        let parent = node.ancestors().find(|n| speaks_once(n.kind())).map_or(0, Node::index);
        self.found.push(Found { range, parent, behind: None, diagnostic });
    }

    /// The same, for what stands behind a statement on its line.
    fn push_behind(&mut self, before: Node<'_>, node: Node<'_>, range: TextRange, diagnostic: Diagnostic) {
        let parent = node.parent().map_or(0, Node::index);
        let behind = Some(before.range().start);
        self.found.push(Found { range, parent, behind, diagnostic });
    }

    /// Whether what stands at an offset is text of a string that goes on in another line.
    fn is_text(&self, at: u32) -> bool {
        self.runaways.iter().any(|r| r.code.start < at && at <= r.code.end)
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
