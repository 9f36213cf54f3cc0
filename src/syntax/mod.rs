//! Text to tree: grammar (`grammar/*.pest`), lossless concrete tree, and the abstract tree that passes read.
//!
//! This room reads one text at a time and knows no other file, no name and no target: what a keyword may be is the
//! business of `check`. pest is used in `parser.rs` and nowhere else.
//!
//! Invariants: [`parse`] never fails and never panics, whatever the text; the leaves of the [`Cst`] and the white
//! space between them are the source; each mistake is reported once, in the user's words.
//! Entry points: [`parse`], [`ast`].

pub mod ast;
mod cst;
mod errors;
mod kind;
mod lower;
mod parser;
mod scan;
mod text;
mod words;

use std::sync::Arc;

use crate::base::FileId;
use crate::diag::Diagnostic;

pub use cst::{Children, Cst, Node};
pub use kind::{KindClass, SyntaxKind};
pub use scan::MAX_DEPTH;

/// The largest file that is read, in bytes.
pub const MAX_BYTES: usize = 4 << 20;

/// A file that was read.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// Which file it is.
    pub file: FileId,
    /// Everything that stands in it.
    pub cst: Cst,
    /// What it says.
    pub ast: Arc<ast::File>,
    /// What is wrong with its syntax, ordered by place.
    pub errors: Vec<Diagnostic>,
}

/// Reads a text. Whatever it holds, there is a tree, and a list of what is wrong with it.
pub fn parse(file: FileId, text: &str) -> Parsed {
    let scan = scan::scan(text);
    let tree = if text.len() <= MAX_BYTES && scan.too_deep.is_none() {
        parser::parse_tree(text, !scan.balanced)
    } else {
        None
    };
    let cst = tree.unwrap_or_else(|| Cst::opaque(text.len()));
    let (ast, errors) = lower::lower(file, text, &cst);
    Parsed { file, cst, ast: Arc::new(ast), errors }
}
