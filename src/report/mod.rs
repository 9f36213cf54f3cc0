//! Diagnostics as text, for people and for machines.
//!
//! This room turns [`Diagnostic`](crate::diag::Diagnostic)s into a string and does nothing else: it opens no file, asks
//! neither the terminal nor the environment, and prints nothing. It may import `base` and `diag` only.
//! Invariants: every span is cut to its file's text and to character borders before a renderer sees it, so no span can
//! make one fail; control characters of a source never reach a terminal as such; a format is one file and one row of
//! [`FORMATS`].
//!
//! Entry points: [`render`] for the findings, [`summary`] for the closing line.

mod azure;
mod format;
mod github;
mod graphical;
mod indexed_source;
mod json;
mod narrated;
mod place;
mod prose;
mod short;
mod summary;
mod text;

pub use format::{FORMATS, Format, FormatRow, Settings, render};
pub use graphical::bare_theme;
pub use summary::summary;
