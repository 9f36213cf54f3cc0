//! Who needs what where and because of which line, as a report; and whether roles that people have are enough.
//!
//! This room reads programs and what [`plan`](crate::plan) derives from them; it touches no disk and no terminal.
//! Invariants:
//! - The same programs give the same report, whatever order their files were read in parallel.
//! - Every right stands with at least one place that made it necessary, and with how well that is known.
//! - What is not known is in the report too; nothing is guessed.
//!
//! Entry points: [`report`], [`to_json`], [`to_markdown`], [`to_html`], [`held_roles`], [`compare`].

mod compare;
mod held;
mod json;
mod markdown;
mod pattern;
mod report;
mod web;

pub use compare::{BuiltInRole, Comparison, Excess, Missing, compare};
pub use held::{HeldPermission, HeldRole, held_roles};
pub use json::{comparison_to_json, to_json};
pub use markdown::to_markdown;
pub use report::{Because, Block, Open, Party, Provider, Report, Right, Role, Who, report};
pub use web::to_html;
