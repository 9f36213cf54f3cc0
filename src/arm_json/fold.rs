//! Expressions with what the document says of variables and parameters put in.

use std::sync::Arc;

use super::scope::{At, MAX_HOPS, ScopeId, Scopes, Text};
use super::secrets::is_secret_type;
use crate::arm::{self, Expr};
use crate::check::GivenValue;
use crate::json::Data;

/// How many parts an expression may have after variables were put in; above, it stays as it is written.
const MAX_PARTS: usize = 2_000;

impl<'a> Scopes<'a> {
    /// The expression with variables and known parameters put in, folded; as it is where that grows too large.
    pub(super) fn resolved(&self, expr: &Expr, scope: ScopeId) -> Expr {
        let mut parts = MAX_PARTS;
        let put_in = self.put_in(expr, scope, MAX_HOPS, &mut parts);
        arm::fold(&put_in.unwrap_or_else(|| self.tagged(expr, scope)))
    }

    fn put_in(&self, expr: &Expr, scope: ScopeId, hops: usize, parts: &mut usize) -> Option<Expr> {
        *parts = parts.checked_sub(1)?;
        if let Some((at, _)) = self.meaning(expr, scope) {
            let hops = hops.checked_sub(1)?;
            if let Some(value) = self.value_expr(at, hops, parts) {
                return Some(value);
            }
        }
        if let Some(value) = self.value_given(expr, scope) {
            return Some(value);
        }
        let mut inner = |e: &Expr| self.put_in(e, scope, hops, parts);
        Some(match expr {
            Expr::Call { name, args } if is_parameter(name) => {
                Expr::Call { name: Arc::clone(name), args: args.iter().map(|a| self.tag(a, scope)).collect() }
            }
            Expr::Call { name, args } => {
                let args: Option<Vec<Expr>> = args.iter().map(&mut inner).collect();
                Expr::Call { name: Arc::clone(name), args: args? }
            }
            Expr::Member { base, name, safe } => {
                Expr::Member { base: Box::new(inner(base)?), name: Arc::clone(name), safe: *safe }
            }
            Expr::Index { base, index, safe } => {
                Expr::Index { base: Box::new(inner(base)?), index: Box::new(inner(index)?), safe: *safe }
            }
            other => other.clone(),
        })
    }

    /// The value that was given beforehand to a parameter of the deployed template.
    fn value_given(&self, expr: &Expr, scope: ScopeId) -> Option<Expr> {
        let Expr::Call { name, args } = expr else { return None };
        let [Expr::Str(key)] = args.as_slice() else { return None };
        let this = self.get(scope).filter(|s| s.root && name.eq_ignore_ascii_case("parameters"))?;
        let key = key.to_lowercase();
        let param = this.params.get(&key).copied()?;
        // Secrets are for the deployment alone: no finding may show them.
        if is_secret_type(self.type_of(scope, param).unwrap_or_default()) {
            return None;
        }
        match self.values.get(&key)? {
            GivenValue::Later => None,
            GivenValue::Value(value) => Some(Expr::from_value(value)),
            GivenValue::Text(text) => {
                let ty = self.type_of(scope, param).unwrap_or_default().to_lowercase();
                match ty.as_str() {
                    "string" => Some(Expr::str(text.as_str())),
                    _ => arm::fold(&Expr::call("json", vec![Expr::str(text.as_str())]))
                        .as_value()
                        .map(|value| Expr::from_value(&value)),
                }
            }
        }
    }

    /// An unexpanded expression; names of another scope than the deployed template's must not meet its names.
    fn tagged(&self, expr: &Expr, scope: ScopeId) -> Expr {
        if self.get(scope).is_none_or(|s| s.root) {
            return expr.clone();
        }
        Expr::call("createObject", vec![Expr::str(format!("scope {}", scope.0)), expr.clone()])
    }

    fn tag(&self, name: &Expr, scope: ScopeId) -> Expr {
        match name {
            Expr::Str(text) if self.get(scope).is_some_and(|s| !s.root) => {
                Expr::str(format!("{text} of scope {}", scope.0))
            }
            other => other.clone(),
        }
    }

    /// A value of the document as an expression.
    fn value_expr(&self, at: At<'a>, hops: usize, parts: &mut usize) -> Option<Expr> {
        *parts = parts.checked_sub(1)?;
        Some(match &at.value.data {
            Data::Null => Expr::Null,
            Data::Bool(b) => Expr::Bool(*b),
            Data::Number(text) => Expr::Int(text.parse().ok()?),
            Data::Placeholder(_) => return None,
            Data::Text(text) => match self.read_text(text, at.scope).ok()? {
                Text::Known(text) => Expr::Str(text),
                Text::Expr(expr) => self.put_in(&expr, at.scope, hops, parts)?,
                Text::Broken => return None,
            },
            Data::List(items) => {
                let items: Option<Vec<Expr>> =
                    items.iter().map(|value| self.value_expr(At { value, ..at }, hops, parts)).collect();
                Expr::call("createArray", items?)
            }
            Data::Object(object) => {
                let mut args = Vec::new();
                for member in object.effective() {
                    args.push(match self.read_text(&member.key.text, at.scope).ok()? {
                        Text::Known(text) => Expr::Str(text),
                        Text::Expr(expr) => self.put_in(&expr, at.scope, hops, parts)?,
                        Text::Broken => return None,
                    });
                    args.push(self.value_expr(At { value: &member.value, ..at }, hops, parts)?);
                }
                Expr::call("createObject", args)
            }
        })
    }
}

fn is_parameter(name: &str) -> bool {
    name.eq_ignore_ascii_case("parameters") || name.eq_ignore_ascii_case("variables")
}
