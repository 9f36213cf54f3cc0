//! Files, workspaces and the one place that runs the pipeline.
//!
//! The core knows no disk: this room finds the workspace of each entry file, reads and parses everything that the
//! entries reach, gives it to the checker as [`Modules`](crate::resolve::Modules), runs rules and backends, and hands
//! back what came of it. It prints nothing and writes no file: that is the business of `cli`.
//!
//! Invariants:
//! - A file is read and parsed once a run, however many entries import it; the same command gives the same file ids,
//!   the same findings in the same order and the same bytes, whatever runs in parallel.
//! - No import and no `file("…")` leaves the workspace root or the root folder it names, symbolic links included.
//! - Artifacts exist for an entry only if nothing at error level was found in its program, or, where the request says
//!   so, nothing that is about the language itself.
//! - Names shown to people are relative to the current directory and use `/`.
//!
//! Entry points: [`run`] with a [`Request`], [`locate`], [`compare`], [`parameter_file`], [`known_api_version`].

mod cases;
mod compare;
mod config;
mod decompile;
mod document;
mod entry;
mod format;
mod host;
mod levels;
mod load;
mod locate;
mod mend;
mod naming;
mod parameters;
mod pipeline;
mod read;
mod shown;
mod templates;
mod told;
mod unusable;
mod workers;
mod workspace;

pub use cases::{Case, cases};
pub use compare::{Comparison, Versus, compare};
pub use config::known_api_version;
pub use decompile::{Written, decompile};
pub use document::json_file;
pub use format::{FormatOutcome, FormattedFile, format};
pub use levels::{LintLevel, lint_level};
pub use locate::{Excerpt as SourceLine, Hit, Locate, Located, Place as SourcePlace, Used, locate};
pub use mend::{Mended, language_errors, mended};
pub use parameters::parameter_file;
pub use pipeline::{EntryOutcome, Input, Outcome, Request, Skipped, run};
pub use unusable::{Excerpt, Unusable};
