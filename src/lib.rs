//! aib
pub mod arm;
pub mod base;
pub mod check;
pub mod diag;
pub mod emit;
pub mod plan;
#[cfg(feature = "cli")]
pub mod report;
pub mod resolve;
pub mod schema;
pub mod syntax;
