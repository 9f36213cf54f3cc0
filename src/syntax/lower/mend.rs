//! Broken bodies: what most likely belongs where.

use super::Lower;
use super::exprs::missing;
use crate::base::TextRange;
use crate::syntax::ast::{
    Block, Entry, EntryLabel, For, Ident, If, Policy, RawResource, Recipe, Stmt, StmtKind,
};
use crate::syntax::cst::Node;
use crate::syntax::kind::{KindClass, SyntaxKind};
use crate::syntax::slip::Slip;
use crate::syntax::text::indent_at;

/// How far statements must be indented to belong to a block, where that has to tell it.
#[derive(Clone, Copy, Default)]
pub(super) struct Margin {
    /// The indentation of the line that opens the block; none if its braces tell where it ends.
    opener: Option<usize>,
    /// Whether only indentation can tell: nothing does, until something is indented deeper.
    unsure: bool,
    /// Whether the block has ended.
    ended: bool,
    /// Whether a statement would stand elsewhere if it, or the block, were indented otherwise.
    pub(super) decides: bool,
}

impl Margin {
    /// Whether a statement still belongs to the block; none does after one that does not.
    pub(super) fn takes(&mut self, source: &str, at: u32) -> bool {
        if let (Some(opener), Some(indent)) = (self.opener, indent_at(source, at)) {
            let inside = indent > opener;
            self.ended |= !inside && !self.unsure;
            self.decides |= !inside;
            self.unsure &= !inside;
        }
        !self.ended
    }
}

impl<'a> Lower<'a> {
    /// The margin of a block: it counts if its `}` is missing, or belongs to a block further out.
    pub(super) fn margin_of(&self, block: Node<'_>) -> Margin {
        let start = block.range().start;
        let line = self.source.get(..start as usize).and_then(|s| s.rsplit('\n').next()).unwrap_or("");
        let opener = line.len() - line.trim_start_matches([' ', '\t']).len();
        let closer = block.child(SyntaxKind::RBrace).map(|n| n.range().start);
        let foreign = closer.is_some_and(|at| {
            self.breaks(start, at) && indent_at(self.source, at).is_some_and(|indent| indent < opener)
        });
        let unsure = closer.is_none();
        // Braces that pair up are believed, however the lines are indented.
        let is_open =
            |n: Node<'_>| n.kind() == SyntaxKind::Block && n.child(SyntaxKind::MissingClose).is_some();
        let foreign = foreign && block.ancestors().any(is_open);
        Margin { opener: (foreign || unsure).then_some(opener), unsure, ..Margin::default() }
    }

    /// What nobody knows, at the end of a block that an unclosed string or comment may have swallowed the
    /// rest of: nothing is known to be missing in it.
    pub(super) fn rest_unknown(&self, block: Node<'_>) -> Option<Stmt> {
        let end = block.child(SyntaxKind::MissingClose)?.range().start;
        let last =
            std::iter::successors(Some(block), |n| n.children().filter(|c| !is_missing(*c)).last()).last()?;
        let swallowed = last.kind() == SyntaxKind::OpenComment
            || last.parent().is_some_and(|n| n.child(SyntaxKind::Unterminated).is_some());
        let range = TextRange { start: end, end };
        swallowed.then(|| Stmt { kind: unknown_part(end), doc: None, range })
    }

    /// A property without its value, and behind it the entry that was read as a part of it.
    pub(super) fn slipped(&mut self, keyword: Ident, property: Node<'_>, slip: Slip<'_>) -> Entry {
        let outer = self.cut.replace(slip.keyword.range().start);
        let value = self.value(property);
        self.cut = outer;
        let entry = Entry {
            existing: None,
            keyword: self.ident(slip.keyword),
            label: None,
            value: None,
            block: Some(self.block(slip.block)),
        };
        let range = slip.keyword.range().cover(slip.block.range());
        self.by_layout = true;
        self.spilled.insert(0, Stmt { kind: StmtKind::Entry(entry), doc: None, range });
        Entry { existing: None, keyword, label: None, value, block: None }
    }

    /// A `}` that closes nothing: what is indented deeper than it, after a statement that is indented like it and
    /// lacks a block, belongs to that statement, whose `{` is missing.
    pub(super) fn enclose(&mut self, close: u32, since: usize, items: &mut Vec<Stmt>) {
        let indent = |at| indent_at(self.source, at);
        let Some(column) = indent(close) else { return };
        let candidates = items.get(since..).unwrap_or_default();
        let Some(at) = candidates.iter().rposition(|s| indent(s.range.start).is_some_and(|i| i <= column))
        else {
            return;
        };
        let is_opener = candidates.get(at).is_some_and(|s| indent(s.range.start) == Some(column));
        let at = since + at;
        if !is_opener || at + 1 == items.len() {
            return;
        }
        let inner = items.split_off(at + 1);
        let Some(opener) = items.last_mut() else { return };
        let range = TextRange { start: opener.range.end, end: close + 1 };
        let end = opener.range.end;
        let too_early = indent(end.saturating_sub(1)) != Some(column);
        if let Some(body) = block_wanted_by(&mut opener.kind) {
            *body = Block { items: inner, range };
        } else if let StmtKind::Entry(Entry { block: Some(body), .. }) = &mut opener.kind
            && too_early
        {
            body.items.extend(inner);
            body.range.end = range.end;
        } else {
            return;
        }
        opener.range.end = range.end;
    }

    /// A block on a line of its own belongs to the statement before it, if that lacks one.
    pub(super) fn adopt(&mut self, node: Node<'_>, follows: bool, items: &mut [Stmt]) {
        let block = self.block_in(node);
        let Some(stmt) = items.last_mut().filter(|_| follows) else { return };
        if let Some(body) = block_wanted_by(&mut stmt.kind) {
            stmt.range = stmt.range.cover(block.range);
            *body = block;
        }
    }
}

/// A part of a block that nobody knows: what holds under a condition that is missing.
pub(super) fn unknown_part(at: u32) -> StmtKind {
    StmtKind::If(If { condition: missing(at), then: Block::default(), otherwise: None })
}

/// Whether a node stands for nothing.
fn is_missing(node: Node<'_>) -> bool {
    node.kind().class() == KindClass::Missing
}

/// The block that a statement lacks.
fn block_wanted_by(kind: &mut StmtKind) -> Option<&mut Block> {
    let body = match kind {
        StmtKind::Entry(entry) if entry.block.is_none() => entry.block.insert(Block::default()),
        StmtKind::Recipe(Recipe { body, .. })
        | StmtKind::Policy(Policy { body, .. })
        | StmtKind::Resource(RawResource { body, .. })
        | StmtKind::For(For { body, .. })
        | StmtKind::If(If { then: body, otherwise: None, .. }) => body,
        _ => return None,
    };
    body.range.is_empty().then_some(body)
}

/// A lone word or two: the start of something that was not understood, if more stands on its line.
pub(super) fn is_bare(kind: &StmtKind) -> bool {
    matches!(kind, StmtKind::Entry(Entry { value: None, block: None, .. }))
}

/// Whether an entry cannot be a declaration of a file: those have names.
pub(super) fn declares_nothing(kind: &StmtKind) -> bool {
    matches!(kind, StmtKind::Entry(Entry { label: None | Some(EntryLabel::Str(_)), .. }))
}

/// Puts a part that nobody knows in the place of a bare entry.
pub(super) fn drop_bare(items: &mut [Stmt]) {
    if let Some(stmt) = items.last_mut().filter(|stmt| is_bare(&stmt.kind)) {
        stmt.kind = unknown_part(stmt.range.end);
    }
}
