//! What a template holds, before any format: which parameters and variables, which resources in which order, what
//! each waits for, content hashes, and the roles that the images need.
//!
//! This room reads a checked [`Program`](crate::check::Program) only; it knows no file names, no command line and no
//! aib source, and reports nothing. Invariants:
//! - The same program gives the same plan; nothing here depends on the order of a hash map.
//! - A resource stands after all that it waits for.
//! - A shared value becomes a variable if it would be written at least twice and Azure can compute it beforehand.
//! - Every right that [`roles`] grants rests on a row of [`FEATURES`] and names the place that made it necessary.
//!
//! Entry points: [`build`], [`roles`], [`chain`].

mod build;
mod chain;
#[cfg(test)]
pub(crate) mod fixture;
mod hash;
mod json;
mod lower;
mod order;
mod providers;
mod reach;
mod roles;
mod walk;

pub use build::{Plan, Planned, Variable, build, outermost, params_of};
pub use chain::chain;
pub use hash::Settled;
pub use json::Json;
pub use lower::{Lower, patch};
pub use providers::{features, providers};
pub use roles::{
    Action, BuiltIn, Evidence, FEATURES, Feature, Grant, IMAGE_BUILDER_APP, Needs, Permission, Principal,
    Reason, Roles, Scope, ScopeKind, Target, Undetermined, Uses, approver, caller, place, roles,
};
