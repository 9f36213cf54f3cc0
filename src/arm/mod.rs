//! The expression language of Azure Resource Manager templates: parse, print, fold.
//!
//! One implementation serves everybody: the checker folds with it, the emitters print with it, the decompiler
//! parses with it, so "folds to what Azure would compute" is said once.
//!
//! This room knows no aib source, no diagnostics and no resource types; it may import `base` only.
//! Invariants:
//! - `parse(print(e)) == e` for every [`Expr`] in canonical form without [`Expr::Shared`].
//! - Parsing is linear, bounded in depth, and never panics.
//! - A fold is total and errs on the side of `None`: what is not known before deployment, what Azure would refuse,
//!   and what the documentation leaves open stays an expression.
//! - What a function is (arity, result, place, fold, description) is one row of [`FUNCTIONS`].
//!
//! Entry points: [`parse`], [`parse_template_string`], [`print`], [`print_template`], [`fold`], [`fold_call`],
//! [`refusal`], [`interpolate`], [`function`].

mod compose;
mod cursor;
mod deployment;
mod eval;
mod expr;
mod fold;
mod functions;
mod json;
mod parse;
mod print;
mod symbol;
mod types;
mod value;

pub use compose::{Piece, concat, format_pieces, interpolate};
pub use deployment::Deployment;
pub use eval::{fold_call, refusal, uuid_guid};
pub use expr::Expr;
pub use fold::fold;
pub use functions::{
    FUNCTIONS, Fold, Function, Place, Returns, asks_no_secret, function, gives_secret, tells_only_whether,
};
pub use parse::{MAX_DEPTH, ParseError, TemplateString, is_identifier, parse, parse_template_string};
pub use print::{VERBATIM, escape_literal, print, print_template, quote};
pub use symbol::{asked_symbol, takes_symbol};
pub use types::{PARAMETER_TYPES, ParameterType, parameter_type};
pub use value::Value;
