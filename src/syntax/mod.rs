//! Text to tree: grammar (`grammar/*.pest`), lossless concrete tree, and the abstract tree that passes read.
//!
//! This room reads one text at a time and knows no other file, no name and no target: what a keyword may be is the
//! business of `check`. pest is used in `parser.rs` and nowhere else.
//!
//! Invariants: [`parse`] never fails and never panics, whatever the text; the leaves of the [`Cst`] and the white
//! space between them are the source; each mistake is reported once, in the user's words.
//! Entry points: [`parse`], [`parse_parts`], [`ast`].

pub mod ast;
mod cst;
mod errors;
mod kind;
mod lower;
mod parser;
mod parts;
mod recovery;
mod runaway;
mod scan;
mod slip;
mod text;
mod words;

use std::sync::Arc;

use crate::base::{FileId, TextRange};
use crate::diag::Diagnostic;

use parts::Parts;

pub use cst::{Children, Cst, Node};
pub use kind::{KindClass, SyntaxKind};
pub use lower::strength;
pub use scan::MAX_DEPTH;
pub use text::{is_name, quote};

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
    /// Whether, after a mistake, line breaks and indentation told what belongs where: other ones would mean something else.
    pub by_layout: bool,
    /// Names that the file declares too, left unread because nothing uses them.
    pub left_out: Vec<Arc<str>>,
}

/// Reads a text. Whatever it holds, there is a tree, and a list of what is wrong with it.
pub fn parse(file: FileId, text: &str) -> Parsed {
    parsed(file, text, read(file, text))
}

/// Reads parts of a text, which are runs of whole lines in order, as if nothing else stood in it.
pub fn parse_parts(file: FileId, text: &str, parts: &[TextRange]) -> Parsed {
    let parts = Parts::of(text, parts);
    let cst = read(file, &parts.text).map(|cst| cst.moved(text.len(), |range| parts.outer(range)));
    parsed(file, text, cst)
}

fn parsed(file: FileId, text: &str, cst: Result<Cst, Box<Diagnostic>>) -> Parsed {
    match cst {
        Ok(cst) => {
            let runaways = runaway::runaways(text, &cst);
            let (ast, literals, by_layout) = lower::lower(file, text, &cst, &runaways);
            let errors = recovery::recover(file, text, &cst, literals, &runaways);
            Parsed { file, cst, ast: Arc::new(ast), errors, by_layout, left_out: Vec::new() }
        }
        Err(error) => Parsed {
            file,
            cst: Cst::opaque(text.len()),
            ast: Arc::default(),
            errors: vec![*error],
            by_layout: false,
            left_out: Vec::new(),
        },
    }
}

/// The tree, or why the text is not read at all.
fn read(file: FileId, text: &str) -> Result<Cst, Box<Diagnostic>> {
    if text.len() > MAX_BYTES {
        return Err(Box::new(errors::file_too_large(TextRange::at(0).in_file(file), MAX_BYTES)));
    }
    if let Some(at) = text::lone_return(text) {
        return Err(Box::new(errors::lone_return(file, text, at)));
    }
    let scan = scan::scan(text);
    if let Some(at) = scan.too_deep {
        return Err(Box::new(errors::too_deep(file, at, MAX_DEPTH)));
    }
    // pest's own limits are the second net; the scan lets nothing through that reaches them.
    parser::parse_tree(text, !scan.balanced).ok_or_else(|| Box::new(errors::too_deep(file, 0, MAX_DEPTH)))
}
