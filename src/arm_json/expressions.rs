//! What is wrong with expressions as such: names that nothing declares, functions that there are none of, calls that
//! surely fail.

use super::errors;
use super::scope::{ScopeId, Scopes};
use super::walk::Walk;
use crate::arm::{self, Expr};
use crate::base::{Span, TextRange};
use crate::diag::Sink;

/// Functions that leave out some of their arguments.
const GUARDS: &[&str] = &["if", "and", "or", "coalesce"];
/// Functions that make an id of a type and a name for each of its parts, and how many arguments may stand before the type.
const IDS: &[(&str, usize)] = &[
    ("resourceId", 2),
    ("subscriptionResourceId", 1),
    ("tenantResourceId", 0),
    ("extensionResourceId", 1),
    ("managementGroupResourceId", 1),
];

impl Walk<'_, '_> {
    pub(super) fn complain_of_names(&mut self, expr: &Expr, range: TextRange, scope: ScopeId) {
        self.scopes.complain_of(expr, range, scope, self.sink);
    }

    pub(super) fn complain_of_calls(&mut self, resolved: &Expr, range: TextRange) {
        self.scopes.complain_of_calls(resolved, range, self.sink);
    }
}

impl Scopes<'_> {
    /// What an expression says that no template may: whatever is given, Azure reads all of it before it deploys.
    pub(super) fn complain_of(&self, expr: &Expr, range: TextRange, scope: ScopeId, sink: &mut Sink) {
        if !self.is_template(scope) {
            return;
        }
        let mut found = Vec::new();
        expr.walk(&mut |part| {
            let Expr::Call { name, args } = part else { return };
            let function = ["parameters", "variables"].into_iter().find(|f| name.eq_ignore_ascii_case(f));
            match (function, args.as_slice()) {
                (Some(function), [Expr::Str(key)]) if !self.declares(scope, function, key) => {
                    let known = self.declared(scope, function);
                    found.push(errors::undeclared(function, key, &known, self.name_in(range, key)));
                }
                (Some(function), [Expr::Int(_) | Expr::Bool(_) | Expr::Null]) => {
                    found.push(errors::no_name(function, self.span(range)));
                }
                // A function of the template's own has a namespace.
                _ if name.contains('.') => {}
                _ => match arm::function(name) {
                    None => found.push(errors::unknown_function(name, self.span(range))),
                    Some(row) if !row.takes(args.len()) => {
                        found.push(errors::wrong_count(row, args.len(), self.span(range)));
                    }
                    Some(_) => {}
                },
            }
        });
        sink.extend(found);
    }

    /// Calls that surely fail. One that a condition guards may never be made.
    pub(super) fn complain_of_calls(&self, resolved: &Expr, range: TextRange, sink: &mut Sink) {
        let (mut guarded, mut refused) = (false, None);
        resolved.walk(&mut |part| {
            let Expr::Call { name, args } = part else { return };
            guarded |= GUARDS.iter().any(|guard| name.eq_ignore_ascii_case(guard));
            if refused.is_some() {
                return;
            }
            if let Some(why) = too_few_names(name, args) {
                refused = Some((name.clone(), why));
            } else if let Some(known) = args.iter().map(Expr::as_value).collect::<Option<Vec<_>>>() {
                refused = arm::refusal(name, &known).map(|why| (name.clone(), why));
            }
        });
        if let Some((name, why)) = refused.filter(|_| !guarded) {
            sink.push(errors::refused_call(&name, &why, self.span(range)));
        }
    }

    /// Where a name stands in a text, with its quotes; the whole text where escapes hide it.
    fn name_in(&self, range: TextRange, name: &str) -> Span {
        let written = self.text.get(range.to_usize()).unwrap_or_default();
        let quoted = format!("'{name}'");
        let range = match written.find(&quoted) {
            Some(at) => {
                let start = range.start as usize + at;
                TextRange::new(start, start + quoted.len())
            }
            None => range,
        };
        self.span(range)
    }
}

/// Why a call that makes an id fails: it has not one name for each part of its type.
fn too_few_names(function: &str, args: &[Expr]) -> Option<String> {
    let (_, before) = IDS.iter().find(|(id, _)| id.eq_ignore_ascii_case(function))?;
    let is_type = |arg: &Expr| match arg {
        // The id that an extension belongs to begins with a slash.
        Expr::Str(text) => !text.starts_with('/') && text.contains('/') && text.contains('.'),
        _ => false,
    };
    let at = args.iter().take(before + 1).position(is_type)?;
    let Some(Expr::Str(ty)) = args.get(at) else { return None };
    let wanted = ty.trim_end_matches('/').matches('/').count();
    let given = args.len() - at - 1;
    (given != wanted).then(|| {
        format!("`{ty}` wants {wanted} name{}, it is given {given}", if wanted == 1 { "" } else { "s" })
    })
}
