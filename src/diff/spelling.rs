//! What expressions are compared by: the same for what Azure computes alike, whatever its case and its names.

use std::sync::Arc;

use crate::arm::{Expr, print};

/// The text that an expression is compared by.
pub(super) fn key_of(expr: &Expr) -> String {
    print(&renamed(&folded_case(expr), &[]), &|_| None)
}

/// An expression with parts of it replaced: those for which there is something else, from the outside inwards.
pub(super) fn replaced(expr: &Expr, other: &dyn Fn(&Expr) -> Option<Expr>) -> Expr {
    other(expr).unwrap_or_else(|| expr.map_parts(&mut |part| replaced(part, other)))
}

/// The expression with everything in lower case whose case Azure does not mind: names of members, types in ids.
pub(super) fn folded_case(expr: &Expr) -> Expr {
    match expr {
        Expr::Member { base, name, safe } => {
            Expr::Member { base: Box::new(folded_case(base)), name: name.to_lowercase().into(), safe: *safe }
        }
        Expr::Call { name, args } => {
            let is_id = IDS.iter().any(|id| id.eq_ignore_ascii_case(name));
            let is_reference = name.eq_ignore_ascii_case("reference");
            let is_parameter = name.eq_ignore_ascii_case("parameters");
            let args = args.iter().map(|arg| match arg {
                Expr::Str(text) if is_parameter || is_id || (is_reference && text.contains('/')) => {
                    Expr::str(text.to_lowercase())
                }
                other => folded_case(other),
            });
            Expr::Call { name: name.to_lowercase().into(), args: args.collect() }
        }
        other => other.map_parts(&mut folded_case),
    }
}

/// Functions that make an id of types and names.
const IDS: &[&str] = &["resourceId", "subscriptionResourceId", "tenantResourceId", "extensionResourceId"];

/// The variables of lambdas by their depth: how they are called says nothing. `known` are those around.
fn renamed(expr: &Expr, known: &[Arc<str>]) -> Expr {
    replaced(expr, &|part| {
        let Expr::Call { name, args } = part else { return None };
        let called = |index: usize| Expr::str(format!("\u{3bb}{index}"));
        if name.eq_ignore_ascii_case("lambdaVariables") {
            let [Expr::Str(wanted)] = args.as_slice() else { return None };
            let index = known.iter().rposition(|one| one == wanted)?;
            return Some(Expr::call("lambdavariables", vec![called(index)]));
        }
        if !name.eq_ignore_ascii_case("lambda") {
            return None;
        }
        let (body, names) = args.split_last()?;
        let mut all = known.to_vec();
        for name in names {
            let Expr::Str(name) = name else { return None };
            all.push(Arc::clone(name));
        }
        let mut args: Vec<Expr> = (known.len()..all.len()).map(called).collect();
        args.push(renamed(body, &all));
        Some(Expr::call("lambda", args))
    })
}
