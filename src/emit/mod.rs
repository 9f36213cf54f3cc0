//! From a plan to the bytes of files: one backend a form.
//!
//! This room decides nothing about the deployment: it writes what the plan says. It touches no disk; the caller
//! writes all artifacts or none. Invariants:
//! - The same program and options give the same bytes; every JSON ends in a line break.
//! - In templates a literal value or key that begins with `[` and ends with `]` gets its first bracket doubled, and
//!   no other; a raw body is never escaped.
//! - What cannot be written exactly is an [`EmitError`] with a place, never left out.
//!
//! Entry points: [`emit`], [`BACKENDS`], [`locations`].

mod arm;
mod backend;
mod deploy;
mod image;
mod limits;
mod map;
mod map_file;
mod params;
mod pipeline;
mod raw;
mod role_files;
mod roles;
#[cfg(test)]
mod tests;
mod text;

pub use backend::{Artifact, BACKENDS, Backend, Emit, EmitError, Fault, Options, emit};
pub use deploy::Shell;
pub use map::{Location, locations};
pub use pipeline::{Environment, Service};
