//! Broken bodies: what most likely belongs where.

use super::Lower;
use crate::base::TextRange;
use crate::syntax::ast::{Block, Entry, EntryLabel, For, If, Policy, RawResource, Recipe, Stmt, StmtKind};
use crate::syntax::cst::Node;
use crate::syntax::text::indent_at;

impl<'a> Lower<'a> {
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

pub(super) fn drop_bare(items: &mut Vec<Stmt>) {
    items.pop_if(|stmt| is_bare(&stmt.kind));
}
