//! JSON as Azure's tools read it, with the place of everything: what existing templates are read with.
//!
//! [`read`] gives a [`Document`]: a tree in which each key and value knows its byte range and keeps the comments that
//! stand at it. Beyond the standard it takes what templates in the field hold and Azure Resource Manager lets pass:
//! a byte order mark, comments, a comma before a closing bracket, control characters in strings, a key twice (the last
//! counts), and, so that a template can be read before another tool has filled it in, placeholders without quotes
//! (`<minutes>`). Numbers stay text.
//!
//! The room knows no template. It may import `base` and `diag` only. Invariants: reading is linear in the size of the
//! text and bounded ([`MAX_BYTES`], [`MAX_VALUES`], [`MAX_DEPTH`]); it never panics; broken JSON gives one finding that
//! shows where it broke.

mod bodies;
mod errors;
mod model;
mod read;
mod text;

pub use bodies::bodies;
pub use errors::not_utf8;
pub use model::{Comment, Comments, Data, Document, Key, Member, Object, Value};
pub use read::{MAX_BYTES, MAX_DEPTH, MAX_VALUES, read};
