//! What is wrong with a checked program although every property is well formed: the rules.
//!
//! A rule is a row, [`Rule`]: what it is called and rests on ([`RuleMeta`]), and a function that reads a [`Context`] and reports.
//! Rules see only the [`Program`] and the walk over each image's steps; never syntax, files or plans. Each rule lies in a file of
//! its own in `rules/`, under its code's name, and is listed in [`ALL`].
//! Invariants: a rule says nothing about what it does not know (a value that only Azure knows, a placeholder such as
//! `<region>`), raises one code, and points at every place that the finding is about.

mod ambient;
mod askers;
mod assignments;
mod calls;
mod context;
mod ended;
mod file_makers;
mod files;
mod finding;
mod lines;
mod names;
mod root;
mod rule;
mod rules;
mod secrets;
mod shell;
mod values;
mod waits;
mod within;

pub use context::{Context, Image};
pub use names::{Misnamed, Subject, may_set};
pub use rule::{Confidence, Rule, RuleMeta};
pub use rules::ALL;

use crate::base::SourceMap;
use crate::check::Program;
use crate::diag::{Code, Sink};

/// What is to be known about the rule that raises a code; nothing for a code that the checker itself raises.
pub fn meta_of(code: &Code) -> Option<&'static RuleMeta> {
    ALL.iter().map(|rule| &rule.meta).find(|meta| meta.code.id == code.id)
}

/// Whether a code is advice: what nearly every sound image could be told, and what is said only where someone asks for it.
/// The rules report it all the same; who knows the levels drops it.
pub fn is_advice(code: &Code) -> bool {
    meta_of(code).is_some_and(|meta| !meta.on)
}

/// Runs every rule over a program, advice included. The sources tell where each line of a script stands.
pub fn run(program: &Program, sources: &SourceMap, sink: &mut Sink) {
    let context = Context::new(program, sources);
    for rule in ALL {
        (rule.check)(&context, sink);
    }
}
