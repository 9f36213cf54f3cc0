//! The one style of `.aib` files.
//!
//! A text becomes a document (`layout.rs` and its helpers), the document becomes text (`print.rs`). This room reads the
//! lossless tree and nothing else: it knows no name, no file and no property of the target.
//!
//! Invariants:
//! - What is written means what was read: only white space, separators, and the indentation of block strings change.
//! - Formatting what was formatted changes nothing.
//! - Every comment is kept, beside what it stood beside.
//! - Statements that were not understood are left as they are.
//! - Time grows with the text.
//!
//! Entry points: [`format`]; [`same_meaning`], by which a caller can make sure of the first.

mod broken;
mod doc;
mod exprs;
mod layout;
mod lists;
mod print;
mod rows;
mod same;
mod strings;

use std::borrow::Cow;

use crate::base::{BYTE_ORDER_MARK, FileId};
use crate::syntax::{Parsed, SyntaxKind, parse};

use layout::Layout;

pub use same::same_meaning;

/// A text in the one style.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Formatted {
    /// The text.
    pub text: String,
    /// Whether it differs from what was given.
    pub changed: bool,
    /// Whether all of it was understood; what was not is left as it is.
    pub understood: bool,
}

/// Writes a text in the one style.
///
/// What is not understood is left as it is. Lines end as the first one does.
pub fn format(text: &str) -> Formatted {
    let Some((plain, returns)) = without_returns(text) else {
        return Formatted { text: text.to_string(), changed: false, understood: false };
    };
    let parsed = parse(FileId(0), &plain);
    let new = match rewrite(&plain, &parsed) {
        Some(new) if returns => new.replace('\n', "\r\n"),
        Some(new) => new,
        None => text.to_string(),
    };
    Formatted { changed: new != text, text: new, understood: parsed.errors.is_empty() }
}

/// The new text; `None` if the old one is to stay.
fn rewrite(plain: &str, parsed: &Parsed) -> Option<String> {
    let root = parsed.cst.root();
    let whole = root.children().next().filter(|n| n.kind() == SyntaxKind::Junk);
    if whole.is_some_and(|n| n.range() == root.range()) {
        return None;
    }
    if parsed.by_layout {
        return None;
    }
    // Without the line breaks before it, a mark that is text would become the byte order mark of the file.
    let first = root.parts().find(|n| !matches!(n.kind(), SyntaxKind::Comma | SyntaxKind::Semi));
    if first.is_some_and(|n| n.kind() != SyntaxKind::Bom && n.text(plain).starts_with(BYTE_ORDER_MARK)) {
        return None;
    }
    let layout = Layout::new(plain, broken::broken(parsed));
    let mut out = print::print(&layout.file(root), plain.len());
    // In a string that is never closed, one more line break would be part of its value.
    let open =
        parsed.cst.nodes().any(|n| n.kind() == SyntaxKind::Unterminated && n.range().end == root.range().end);
    if !out.is_empty() && !out.ends_with('\n') && !open {
        out.push('\n');
    }
    Some(out)
}

/// The text with `\n` at the ends of its lines, and whether the first one ended in `\r\n`. `None` where a line ends in
/// more than one `\r`: in a string, the others belong to its value.
fn without_returns(text: &str) -> Option<(Cow<'_, str>, bool)> {
    if !text.contains("\r\n") {
        return Some((Cow::Borrowed(text), false));
    }
    let returns = text.split_once('\n').is_some_and(|(line, _)| line.ends_with('\r'));
    (!text.contains("\r\r\n")).then(|| (Cow::Owned(text.replace("\r\n", "\n")), returns))
}
