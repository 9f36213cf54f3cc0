//! Concrete tree to abstract tree. It never fails: what is missing is `None` or `Missing`, and was or is reported.

mod exprs;
mod items;
mod mend;
mod strings;
mod types;

pub use exprs::strength;

use std::sync::Arc;

use super::ast::{File, Ident};
use super::cst::{Cst, Node};
use super::errors;
use crate::base::{FileId, TextRange};
use crate::diag::Diagnostic;

/// How deep the abstract tree may be: chains like `a + b + c` and `a.b.c` nest in it without any bracket.
const MAX_TREE_DEPTH: usize = 256;

/// The abstract tree of a file, and the literals that mean nothing.
pub(super) fn lower(file: FileId, source: &str, cst: &Cst) -> (File, Vec<Diagnostic>) {
    let mut lower = Lower { source, file, errors: Vec::new(), depth: 0, too_deep: false };
    let items = lower.statements(cst.root(), true);
    (File { items }, lower.errors)
}

struct Lower<'a> {
    source: &'a str,
    file: FileId,
    errors: Vec<Diagnostic>,
    /// How deep the tree is where we are.
    depth: usize,
    /// Whether too much depth has been reported.
    too_deep: bool,
}

impl<'a> Lower<'a> {
    fn text(&self, node: Node<'_>) -> &'a str {
        self.source.get(node.range().to_usize()).unwrap_or("")
    }

    fn ident(&self, node: Node<'_>) -> Ident {
        Ident { text: Arc::from(self.text(node)), range: node.range() }
    }

    /// Whether there is a line break between two offsets.
    fn breaks(&self, from: u32, to: u32) -> bool {
        let between = self.source.get(from as usize..to as usize);
        between.is_some_and(|t| t.contains('\n'))
    }

    /// Goes `by` levels down and up again; `None` if that is too deep, which is reported once.
    fn nested<T>(&mut self, by: usize, range: TextRange, inside: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth + by > MAX_TREE_DEPTH {
            if !std::mem::replace(&mut self.too_deep, true) {
                self.errors.push(errors::chain_too_long(range.in_file(self.file), MAX_TREE_DEPTH));
            }
            return None;
        }
        self.depth += by;
        let result = inside(self);
        self.depth -= by;
        Some(result)
    }
}
