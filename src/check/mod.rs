//! Names, types, values and properties: from trees to a checked [`Program`].
//!
//! Evaluation and checking are one walk. Every expression evaluates to a value that is known, or deferred (an ARM
//! expression with a type), or unknown after a reported mistake; unknown values absorb what follows, so one mistake
//! is reported once. Bodies are evaluated against the rows of the target's table and converted into [`Node`]s in
//! the shape of ARM. The room does no IO: files come in through [`Modules`](crate::resolve::Modules).
//! Invariants: evaluation is total and bounded (fuel, depth, sizes); nothing here depends on time or environment.

mod azure;
mod body;
mod calls;
mod composites;
mod comprehensions;
mod convert;
mod declare;
mod elements;
mod entries;
mod errors;
mod eval;
mod facts;
mod function_page;
mod functions;
mod heads;
mod identity;
mod instances;
mod lines;
mod machine;
mod makers;
mod marketplace;
mod members;
mod module;
mod natives;
mod neighbours;
mod operators;
mod params;
mod patterns;
mod policy;
mod program;
mod raw;
mod reference;
mod resource;
mod scalars;
mod shared;
mod shells;
mod steps;
mod strings;
mod symbols;
mod texts;
mod top;
mod tree;
mod turns;
mod ty;
mod types;
mod unions;
mod uses;
mod value;
mod words;

pub use azure::azure_path;
pub use function_page::function_page;
pub use functions::{BUILTINS, Builtin, BuiltinParam};
pub use machine::{
    Capability, DEPROVISION_SCRIPT, DEPROVISION_SCRIPT_LINUX, DEPROVISION_SCRIPT_WINDOWS, EFFECTS, Effect,
    Generalised, Phase, PlacedFile, Scripts, Simulation, StepScript, StepView, VmState, simulate,
};
pub use makers::{Maker, Makers, makers};
pub use marketplace::{MarketplaceImage, marketplace_image, marketplace_images};
pub use module::{Given, GivenValue, Options};
pub use natives::CONTENT_HASH;
pub(crate) use neighbours::neighbours;
pub use operators::{ArmOperator, operator_of};
pub use program::{
    Cause, Fact, ImageFacts, Judged, Key, Kind, Labels, Member, Node, NodeKind, Object, Origin, Output,
    Param, Program, Reference, Resource, ResourceId, Secret, Shared, Verdicts, Via, WrittenIn,
};
pub use shells::without_fetch;
pub use texts::{go_duration, id_complaint, id_shape, is_go_duration, is_group_name, text_complaint};

use crate::base::FileId;
use crate::diag::Sink;
use crate::resolve::{self, Modules};

/// The most elements that a range, a list in a loop or a comprehension may have.
pub const MAX_ELEMENTS: usize = 10_000;
/// The most evaluation steps of one program.
pub const MAX_STEPS: u32 = 2_000_000;
/// How deep evaluation may nest, function calls included.
pub const MAX_DEPTH: u32 = 400;
/// The most values in one list or object, those in its parts included.
pub const MAX_VALUES: u32 = 250_000;
/// The most parts of one expression of ARM, which takes 24,576 characters (azure-basics.md, section 4).
pub const MAX_EXPRESSION: u32 = 20_000;
/// How deep lists, objects and expressions may nest.
pub const MAX_NESTING: u32 = 200;
/// The most bytes of one string.
pub const MAX_STRING: usize = 4 * 1024 * 1024;

/// Checks the program of an entry file and everything it imports; syntax errors are reported by the parser.
pub fn check(entry: FileId, files: &dyn Modules, options: &Options, sink: &mut Sink) -> Program {
    let graph = resolve::load(entry, &options.policies, files, sink);
    let mut checker = module::Checker::new(files, &graph, options, sink);
    checker.run();
    checker.finish()
}
