//! What a user sees, in one binary.

// A test may fail by panicking; the lints that forbid it guard the compiler. Their own exception covers `#[test]`
// functions, not the helpers beside them.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::unwrap_used
)]

mod architecture;
#[cfg(feature = "cli")]
mod cases;
#[cfg(feature = "cli")]
mod check_json;
#[cfg(feature = "cli")]
mod cli;
#[cfg(feature = "cli")]
mod corpus;
#[cfg(feature = "cli")]
mod decompile;
#[cfg(feature = "cli")]
mod diff;
#[cfg(feature = "cli")]
mod docs;
#[cfg(feature = "cli")]
mod examples;
mod fmt;
#[cfg(feature = "cli")]
mod fmt_command;
#[cfg(feature = "cli")]
mod fuzz;
mod grammar;
#[cfg(feature = "cli")]
mod hunt;
#[cfg(feature = "cli")]
mod json;
#[cfg(feature = "cli")]
mod json_images;
mod lint;
#[cfg(feature = "cli")]
mod locate;
#[cfg(feature = "cli")]
mod official;
mod pages;
mod pipeline;
#[cfg(feature = "cli")]
mod project;
#[cfg(feature = "cli")]
mod report;
#[cfg(feature = "cli")]
mod resolved;
#[cfg(feature = "cli")]
mod roundtrip;
mod schema;
mod schema_contract;
mod scripts;
mod soup;
mod syntax;
mod totality;
#[cfg(feature = "cli")]
mod values;
