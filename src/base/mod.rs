//! Spans, files, edits and texts: what every other room counts in.
//!
//! This room knows no language and no target. It may not import any other room.
//! Invariants: a [`TextRange`] is a pair of byte offsets on character borders of one file; line and column are
//! computed in exactly one place, [`SourceMap`], which is codespan's `Files`.

mod edit;
mod placeholder;
mod pointer;
mod source;
mod span;
mod spelling;
mod unseen;

pub use edit::{EditError, TextEdit, apply_edits};
pub use placeholder::has_placeholder;
pub use pointer::{pointer_step, pointer_steps};
pub use source::{LineColumn, SourceFile, SourceMap};
pub use span::{FileId, Span, TextRange};
pub use spelling::{list_words, nearest, plural};
pub use unseen::{BYTE_ORDER_MARK, is_unseen, push_shown};
