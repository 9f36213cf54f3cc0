//! aib
pub mod base;
pub mod diag;
pub mod schema;
pub mod syntax;
