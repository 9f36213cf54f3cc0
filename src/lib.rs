#![doc = include_str!("../docs/ARCHITECTURE.md")]

// What pest_derive writes without `std` names it.
extern crate alloc;

pub mod access;
pub mod allow;
#[cfg(feature = "cli")]
pub mod analysis;
pub mod arm;
pub mod arm_json;
pub mod base;
pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
pub mod decompile;
pub mod diag;
pub mod diff;
pub mod emit;
pub mod fmt;
pub mod json;
pub mod lint;
pub mod plan;
#[cfg(feature = "cli")]
pub mod report;
pub mod resolve;
pub mod schema;
pub mod script;
pub mod syntax;
