//! Values that are shared: what a `let` holds and only Azure knows gets a name.

use std::sync::Arc;

use super::errors;
use super::eval::Expect;
use super::module::{Checker, Env};
use super::program::Shared;
use super::value::{Kind, Value};
use crate::arm;
use crate::base::Span;
use crate::syntax::ast;

impl<'a> Checker<'a, '_> {
    /// Evaluates a `let`; what only Azure knows gets a name that it can be shared under.
    pub(crate) fn let_value(
        &mut self,
        binding: &'a ast::Binding,
        name: &Arc<str>,
        span: Span,
        env: &Env,
    ) -> Value {
        let declared = binding.ty.as_ref().map(|t| self.type_of_expr(t, env));
        let Some(expr) = &binding.value else { return Value::unknown(span) };
        let expect = declared.as_ref().map_or(Expect::None, |d| Expect::Type(&d.ty));
        let mut value = self.eval(expr, env, expect);
        if let Some(declared) = &declared {
            value = self.conform(value, &declared.ty, &format!("`{name}`"));
            if declared.secret {
                value =
                    value.kept(&super::types::secret_source(format!("`{name}` is declared secret"), span));
            }
        }
        value = value.hop(|| format!("`{name}` is made from it"), span);
        self.share(value, name, span)
    }

    /// Gives a deferred value a name, unless it is as short as one.
    pub(crate) fn share(&mut self, value: Value, name: &Arc<str>, span: Span) -> Value {
        let Kind::Deferred(expr, ty) = &value.kind else { return value };
        let short = match expr {
            arm::Expr::Shared { .. } | arm::Expr::Str(_) | arm::Expr::Int(_) | arm::Expr::Bool(_) => true,
            arm::Expr::Call { name, .. } => matches!(&**name, "parameters" | "variables"),
            _ => false,
        };
        if short {
            return value;
        }
        let depth =
            1 + shared_in(expr).filter_map(|id| self.shared_depths.get(id as usize)).max().unwrap_or(&0);
        if depth > super::MAX_DEPTH {
            self.report(errors::too_deep(span));
            return Value::unknown(span);
        }
        let id = u32::try_from(self.shared.len()).unwrap_or(u32::MAX);
        let unique = match self.take_shared_name(name) {
            1 => name.clone(),
            taken => format!("{name}_{taken}").into(),
        };
        self.shared_depths.push(depth);
        let expr = Arc::new(expr.clone());
        self.shared.push(Shared { name: unique, expr: expr.clone(), span });
        let kind = Kind::Deferred(arm::Expr::Shared { id, expr }, ty.clone());
        Value { labels: value.labels.clone(), belongs_to: value.belongs_to, ..Value::new(kind, value.span) }
    }

    /// How many shared values are of this name, with one more.
    pub(crate) fn take_shared_name(&mut self, name: &str) -> u32 {
        let taken = self.shared_names.entry(name.to_lowercase().into()).or_insert(0);
        *taken += 1;
        *taken
    }
}

/// The shared values that an expression names itself.
fn shared_in(expr: &arm::Expr) -> impl Iterator<Item = u32> {
    let mut found = Vec::new();
    let mut open = vec![expr];
    while let Some(expr) = open.pop() {
        match expr {
            arm::Expr::Shared { id, .. } => found.push(*id),
            arm::Expr::Call { args, .. } => open.extend(args),
            arm::Expr::Member { base, .. } => open.push(base),
            arm::Expr::Index { base, index, .. } => open.extend([&**base, &**index]),
            _ => {}
        }
    }
    found.into_iter()
}
