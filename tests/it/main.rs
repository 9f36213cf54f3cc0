//! What a user sees, in one binary.
#[cfg(feature = "cli")]
mod report;
