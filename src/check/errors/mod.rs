//! The diagnostics of this room, one function each, named by the fault.

mod names;
mod property;
mod shape;
mod values;

pub(crate) use names::*;
pub(crate) use property::*;
pub(crate) use shape::*;
pub(crate) use values::*;
