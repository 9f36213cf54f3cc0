//! Diagnostics as plain data: what is wrong, where, why, and what to do.
//!
//! Rendering is the business of `report`; this room knows no reporter. A diagnostic says *what* in its title
//! (lower case, one line, no full stop), *why* in labels and notes, *what to do* in its help or a fix.
//! Invariants: every diagnostic has a code from the one table [`CODES`], and every code has a page in `docs/codes/`.

mod codes;
mod diagnostic;
mod fix;
mod sink;

pub use codes::{CODES, Category, Class, Code, Severity, code, find_code};
pub use diagnostic::{Diagnostic, Label};
pub use fix::{Applicability, Fix};
pub use sink::{Gate, Sink};
