//! aib
#[cfg(feature = "cli")]
pub mod analysis;
pub mod arm;
pub mod base;
pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
pub mod diag;
pub mod emit;
/// Until the room is merged.
pub mod lint {
    /// Nothing yet.
    pub fn run(_: &crate::check::Program, _: &crate::base::SourceMap, _: &mut crate::diag::Sink) {}
}
pub mod plan;
#[cfg(feature = "cli")]
pub mod report;
pub mod resolve;
pub mod schema;
pub mod syntax;
