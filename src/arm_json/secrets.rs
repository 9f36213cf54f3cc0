//! How secrets get into a template: from parameters through variables, hop by hop.

use std::collections::HashSet;
use std::sync::Arc;

use super::scope::{At, MAX_HOPS, ScopeId, Scopes};
use crate::arm::{self, Expr};
use crate::base::TextRange;
use crate::check::Secret;
use crate::json::{Data, Member};

/// The variables and parameters that a search has been to.
type Seen = HashSet<(ScopeId, TextRange)>;

impl<'a> Scopes<'a> {
    /// The trail of a secret that an expression is made from, if there is one.
    pub(super) fn secret(&self, expr: &Expr, at: At<'a>) -> Option<Arc<Secret>> {
        self.secret_in(expr, at, &mut HashSet::new())
    }

    fn secret_in(&self, expr: &Expr, at: At<'a>, seen: &mut Seen) -> Option<Arc<Secret>> {
        let scope = at.scope;
        let mut found = None;
        expr.walk(&mut |part| {
            let Expr::Call { name, args } = part else { return };
            if found.is_some() {
                return;
            }
            if arm::gives_secret(name) {
                let what = format!("`{name}` gives what only its resource may know").into();
                found = Some(Arc::new(Secret { what, span: self.span(at.value.range), from: None }));
                return;
            }
            let [Expr::Str(key)] = args.as_slice() else { return };
            if name.eq_ignore_ascii_case("parameters") {
                found = self.secret_param(scope, key, seen);
            } else if name.eq_ignore_ascii_case("variables")
                && let Some(member) = self.variable(scope, key)
                && seen.len() < MAX_HOPS
                && seen.insert((scope, member.key.range))
            {
                let from = self.secret_value(At { value: &member.value, scope }, seen);
                found = from.map(|from| self.hop(format!("`{key}` is made from it"), member, Some(from)));
            }
        });
        found
    }

    fn secret_param(&self, scope: ScopeId, key: &str, seen: &mut Seen) -> Option<Arc<Secret>> {
        let param = self.get(scope)?.params.get(&key.to_lowercase()).copied()?;
        if self.type_of(scope, param).is_some_and(is_secret_type) {
            return Some(self.hop(format!("the parameter `{}` is secret", param.key.text), param, None));
        }
        if let Some(member) = self.fetched(scope, key) {
            return Some(self.hop(
                format!("the parameter `{}` is fetched from a key vault", param.key.text),
                member,
                None,
            ));
        }
        let (value, outer) = self.given(scope, key)?;
        let fresh = seen.len() < MAX_HOPS && seen.insert((scope, param.key.range));
        let from = if fresh { self.secret_value(At { value, scope: outer }, seen)? } else { return None };
        Some(self.hop(format!("the parameter `{}` is given it", param.key.text), param, Some(from)))
    }

    /// What a nested deployment gives a parameter, where that is a secret of a key vault.
    fn fetched(&self, scope: ScopeId, key: &str) -> Option<&'a Member> {
        let given = self.get(scope)?.call.as_ref()?.given?.member_ignoring_case(key)?;
        given.value.get("reference")?.get("keyVault").map(|_| given)
    }

    fn hop(&self, what: String, member: &Member, from: Option<Arc<Secret>>) -> Arc<Secret> {
        Arc::new(Secret { what: what.into(), span: self.span(member.key.range), from })
    }

    fn secret_value(&self, at: At<'a>, seen: &mut Seen) -> Option<Arc<Secret>> {
        match &at.value.data {
            Data::Text(_) => self.secret_in(&self.expr(at)?, at, seen),
            Data::List(items) => items.iter().find_map(|value| self.secret_value(At { value, ..at }, seen)),
            Data::Object(object) => {
                object.members.iter().find_map(|m| self.secret_value(At { value: &m.value, ..at }, seen))
            }
            _ => None,
        }
    }
}

/// Whether a type keeps its values secret.
pub(super) fn is_secret_type(ty: &str) -> bool {
    arm::parameter_type(ty).is_some_and(|ty| ty.secret)
}
