//! aib
pub mod base;
pub mod diag;
