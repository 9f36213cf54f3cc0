//! aib
pub mod arm;
pub mod base;
pub mod diag;
#[cfg(feature = "cli")]
pub mod report;
pub mod schema;
pub mod syntax;
