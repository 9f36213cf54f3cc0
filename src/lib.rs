//! aib
pub mod arm;
pub mod base;
/// The door of the checker's room until the whole room is there.
pub mod check {
    mod program;
    pub use program::*;
}
pub mod diag;
pub mod emit;
pub mod plan;
#[cfg(feature = "cli")]
pub mod report;
pub mod schema;
pub mod syntax;
