//! Uses of recipes: their entries take the place of the `use`.

use super::body::{Around, Draft};
use super::errors;
use super::eval::Expect;
use super::module::{CallableKind, Checker, Env};
use super::value::Kind;
use crate::base::Span;
use crate::schema::Os;
use crate::syntax::ast::{Expr, ExprKind};

impl<'a> Checker<'a, '_> {
    /// `use linux.docker(version = "27")`
    pub(super) fn use_recipe(
        &mut self,
        target: &'a Expr,
        span: Span,
        around: Around,
        env: &Env,
        draft: &mut Draft,
    ) {
        let (callee, args) = match &target.kind {
            ExprKind::Call { callee, args } => (&**callee, args.as_slice()),
            _ => (target, [].as_slice()),
        };
        let value = self.eval(callee, env, Expect::None);
        let id = match value.kind {
            Kind::Callable(id) => id,
            Kind::Unknown => {
                self.eval_args(args, env, &|_, _| Expect::None);
                draft.broken = true;
                return;
            }
            _ => {
                self.report(errors::not_a_recipe(&value.describe(), value.span));
                return;
            }
        };
        let Some(callable) = self.callables.get(id).copied() else { return };
        let CallableKind::Recipe(recipe) = callable.kind else {
            self.report(errors::not_a_recipe("a function", value.span));
            return;
        };
        if around.ty.entries.is_none() {
            self.report(errors::use_outside_steps(span));
            return;
        }
        self.called.push(super::module::address(recipe));
        let name = recipe.name.as_ref().map(|n| n.text.clone()).unwrap_or_default();
        if self.open_calls.contains(&id) {
            self.report(errors::recursion(&name, span));
            return;
        }
        let args = self.eval_args(args, env, &|_, _| Expect::None);
        let inner = self.env_of(callable.instance);
        let Some(mut inner) = self.bind_params(&recipe.params, args, inner, span, &name) else { return };
        let what = Self::text_under(target);
        inner.via = self.via(env, format!("`{what}` is used here"), span);
        self.open_calls.push(id);
        self.depth += 1;
        let first = draft.entries.len();
        if self.depth < super::MAX_DEPTH {
            let around = Around { entries_only: true, root: None, reference: &[], ..around };
            self.statements(&recipe.body.items, around, &mut inner, draft);
        }
        self.depth -= 1;
        self.open_calls.pop();
        if let Some(on) = self.recipe_os(recipe, &inner) {
            let spliced = draft.entries.split_off(first.min(draft.entries.len()));
            for entry in spliced {
                match entry.variant.os {
                    // Left out: what else would be said of it follows from this.
                    Some(os) if os != on.0 => {
                        let d = errors::step_against_recipe(entry.variant.keyword, entry.span, &name, on);
                        self.report(d);
                    }
                    _ => draft.entries.push(entry),
                }
            }
        }
    }

    /// The operating system that a recipe says it is for.
    pub(crate) fn recipe_os(
        &mut self,
        recipe: &'a crate::syntax::ast::Recipe,
        env: &Env,
    ) -> Option<(Os, Span)> {
        let on = recipe.on.as_ref()?;
        let span = env.span(on.range);
        match [Os::Linux, Os::Windows].into_iter().find(|os| os.word() == &*on.text) {
            Some(os) => Some((os, span)),
            None => {
                self.report(errors::unknown_entry(&on.text, span, "operating system", &["linux", "windows"]));
                None
            }
        }
    }

    /// A short text of what is written, for messages.
    fn text_under(expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::Name(name) => name.to_string(),
            ExprKind::Member { base, name, .. } => format!("{}.{}", Self::text_under(base), name.text),
            ExprKind::Call { callee, .. } => Self::text_under(callee),
            _ => "the recipe".into(),
        }
    }
}
