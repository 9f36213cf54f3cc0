//! Concrete tree to abstract tree. It never fails: what is missing is `None` or `Missing`, and was or is reported.

mod exprs;
mod items;
mod mend;
mod strings;
mod types;

pub use exprs::strength;

use std::sync::Arc;

use mend::Margin;

use super::ast::{File, Ident, Stmt};
use super::cst::{Cst, Node};
use super::errors::{self, Chain};
use super::runaway::Runaway;
use crate::base::{FileId, TextRange};
use crate::diag::Diagnostic;

/// How deep the abstract tree may be: chains like `a + b + c` and `a.b.c` nest in it without any bracket.
const MAX_TREE_DEPTH: usize = 256;

/// The abstract tree of a file, the literals that mean nothing, and whether its layout told what belongs where.
pub(super) fn lower(
    file: FileId,
    source: &str,
    cst: &Cst,
    runaways: &[Runaway],
) -> (File, Vec<Diagnostic>, bool) {
    let mut lower = Lower {
        source,
        file,
        errors: Vec::new(),
        depth: 0,
        branches: 0,
        too_deep: false,
        runaways,
        spilled: Vec::new(),
        cut: None,
        by_layout: !runaways.is_empty(),
    };
    let items = lower.statements(cst.root(), true, Margin::default());
    (File { items }, lower.errors, lower.by_layout)
}

struct Lower<'a> {
    source: &'a str,
    file: FileId,
    errors: Vec<Diagnostic>,
    /// How deep the tree is where we are.
    depth: usize,
    /// How much of that are branches of `else if`.
    branches: usize,
    /// Whether too much depth has been reported.
    too_deep: bool,
    /// Strings that go on in another line.
    runaways: &'a [Runaway],
    /// Statements that were read inside the last one, but stand behind it.
    spilled: Vec<Stmt>,
    /// Where an expression ends before the grammar says so.
    cut: Option<u32>,
    /// Whether line breaks or indentation told what belongs where.
    by_layout: bool,
}

impl<'a> Lower<'a> {
    fn text(&self, node: Node<'_>) -> &'a str {
        self.source.get(node.range().to_usize()).unwrap_or("")
    }

    fn ident(&self, node: Node<'_>) -> Ident {
        Ident { text: Arc::from(self.text(node)), range: node.range() }
    }

    /// Whether what stands at an offset is text of a string that goes on in another line.
    fn is_text(&self, at: u32) -> bool {
        self.runaways.iter().any(|r| r.code.start <= at && at < r.code.end)
    }

    /// Whether there is a line break between two offsets.
    fn breaks(&self, from: u32, to: u32) -> bool {
        let between = self.source.get(from as usize..to as usize);
        between.is_some_and(|t| t.contains('\n'))
    }

    /// Goes `by` levels down and up again; `None` if that is too deep, which is reported once.
    fn nested<T>(&mut self, by: usize, range: TextRange, inside: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.chained(Chain::Nest, by, range, inside)
    }

    /// The same for the links of a chain.
    fn chained<T>(
        &mut self,
        chain: Chain,
        by: usize,
        range: TextRange,
        inside: impl FnOnce(&mut Self) -> T,
    ) -> Option<T> {
        if self.depth + by > MAX_TREE_DEPTH {
            if !std::mem::replace(&mut self.too_deep, true) {
                let in_branches = self.branches * 2 > MAX_TREE_DEPTH;
                let chain = if in_branches { Chain::Branches } else { chain };
                self.errors.push(errors::chain_too_long(range.in_file(self.file), MAX_TREE_DEPTH, chain));
            }
            return None;
        }
        let branches = if matches!(chain, Chain::Branches) { by } else { 0 };
        self.depth += by;
        self.branches += branches;
        let result = inside(self);
        self.depth -= by;
        self.branches -= branches;
        Some(result)
    }
}
