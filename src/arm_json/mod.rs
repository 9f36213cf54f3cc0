//! Deployment templates and raw image templates in JSON, read into the [`Program`](crate::check::Program) that aib
//! sources give, so that the same rules hold for them.
//!
//! Image templates are found wherever they stand: at the top, among the resources of a template, nested in other
//! resources, in the templates of nested deployments, in `languageVersion` 2.0's objects, in lists of raw bodies. One
//! with a `copy` loop stands for all that the loop makes. What the tables of the target say is checked on the way, and
//! reported with the codes of the checker at places in the JSON.
//!
//! The room may import base, diag, schema, arm, json and check. It knows no files. Invariants: a member is known by
//! its row of the table alone; an expression that is not known before deployment is never wrong; what is a
//! placeholder (`<region>`) is never wrong; work is linear in the document but for constants (fuel bounds what
//! variables expand to); nothing panics.
//!
//! Entry points: [`read`], [`holds_images`], [`mentions_images`].

mod computed;
mod errors;
mod expressions;
mod facts;
mod find;
mod fold;
mod header;
mod ids;
mod late;
mod names;
mod resources;
mod rows;
mod scope;
mod secrets;
mod texts;
mod unused;
mod values;
mod walk;
mod whole;
mod words;

pub use find::{holds_images, mentions_images};
pub use resources::{Options, read};
