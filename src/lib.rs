//! aib
pub mod base;
pub mod diag;
pub mod syntax;
