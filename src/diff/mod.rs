//! What would be deployed differently: two documents compared by what they mean to Azure.
//!
//! Both sides are JSON documents that were read ([`crate::json`]): deployment templates or raw bodies. They are brought
//! into one form (variables written out, expressions folded and printed canonically, children under their full types
//! and names), compared resource by resource, and each change is classed by what Azure lets be changed of a resource
//! that exists. The room opens no file and prints nothing.
//!
//! Invariants:
//! - A document compared with itself differs in nothing, whatever the order of its members and of lists that are sets.
//! - What may be changed in place is said by rows of [`RULES`], with evidence, and nowhere else.
//! - Work is bounded: expressions stop growing at a limit, and lists that are too long are compared by position.
//!
//! Entry points: [`read`], [`compare`], [`to_json`].

mod align;
mod asked;
mod called;
mod classes;
mod compare;
mod consequences;
mod defaults;
mod expr;
mod ids;
mod model;
mod nested;
mod pairs;
mod read;
mod render;
mod roles;
mod shapes;
mod spelling;
mod tree;
mod trees;
mod waits;
mod written;

pub use classes::{RULES, Rule};
pub use compare::{Side, compare};
pub use defaults::{IMPLIED, Implied, ImpliedValue};
pub use model::{Change, Class, Difference, Kind, ResourceChange, RoleChange, Topic, Word};
pub use read::{Defaults, Deployment, GivenTo, other_defaults, read, read_with};
pub use render::to_json;
pub use tree::{Tree, short_pair};
