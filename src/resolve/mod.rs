//! Modules, imports and the names that files declare.
//!
//! Loads everything an entry file reaches through a [`Modules`], finds rings, and collects per file the names that
//! it declares at its top level. What a name in an expression means is decided by `check`, which knows expected
//! types; this room answers which names there are. It may not touch a disk, and knows nothing of the target.
//! Invariant: imports come before importers in [`ModuleGraph::order`].

mod errors;
mod graph;
mod modules;
mod scope;
mod shadow;
mod stdlib;

pub(crate) use errors::load_failed;
pub use graph::{ModuleGraph, load};
pub use modules::{LoadError, Modules};
pub use scope::{Module, Symbol, SymbolKind};
pub use stdlib::{Excerpt, STDLIB, StdModule, excerpt, std_module};
