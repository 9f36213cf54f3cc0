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

#[cfg(feature = "cli")]
mod allow;
mod architecture;
#[cfg(feature = "cli")]
mod cases;
mod chains;
#[cfg(feature = "cli")]
mod check_json;
mod ci_pipelines;
#[cfg(feature = "cli")]
mod cli;
#[cfg(feature = "cli")]
mod corpus;
#[cfg(feature = "cli")]
mod decompile;
#[cfg(feature = "cli")]
mod decompiled;
#[cfg(feature = "cli")]
mod defects;
#[cfg(feature = "cli")]
mod defects_corpus;
#[cfg(feature = "cli")]
mod deploy;
mod diff;
#[cfg(feature = "cli")]
mod docs;
mod documents;
#[cfg(feature = "cli")]
mod examples;
#[cfg(all(feature = "cli", unix))]
mod fetched_secrets;
mod fmt;
#[cfg(feature = "cli")]
mod fmt_command;
mod folder;
#[cfg(feature = "cli")]
mod fuzz;
mod grammar;
#[cfg(feature = "cli")]
mod hunt;
#[cfg(feature = "cli")]
mod image_rules;
#[cfg(feature = "cli")]
mod init;
mod json;
#[cfg(feature = "cli")]
mod json_calls;
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
mod readable;
mod report;
#[cfg(feature = "cli")]
mod resolved;
#[cfg(feature = "cli")]
mod roles;
mod roundtrip;
mod rules_page;
mod schema;
mod schema_contract;
mod script_effects;
mod script_rights;
mod scripts;
mod soup;
mod step_pairs;
#[cfg(feature = "cli")]
mod symbolic;
mod syntax;
#[cfg(feature = "cli")]
mod test_command;
mod totality;
#[cfg(feature = "cli")]
mod values;
#[cfg(feature = "cli")]
mod variables;
