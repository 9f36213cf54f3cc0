//! How secrets get into a template: from parameters through variables, hop by hop.

use std::collections::HashSet;
use std::sync::Arc;

use super::scope::{At, MAX_HOPS, ScopeId, Scopes};
use crate::arm::{self, Expr};
use crate::base::TextRange;
use crate::check::Secret;
use crate::json::{Data, Member, Value};

/// The variables and parameters that a search has been to.
type Seen = HashSet<(ScopeId, TextRange)>;

impl<'a> Scopes<'a> {
    /// The trail of a secret that an expression is made from, if there is one.
    pub(super) fn secret(&self, expr: &Expr, at: At<'a>) -> Option<Arc<Secret>> {
        self.secret_in(expr, at, &mut HashSet::new())
    }

    fn secret_in(&self, expr: &Expr, at: At<'a>, seen: &mut Seen) -> Option<Arc<Secret>> {
        let scope = at.scope;
        match expr {
            Expr::Str(_) | Expr::Int(_) | Expr::Bool(_) | Expr::Null => None,
            Expr::Shared { expr, .. } => self.secret_in(expr, at, seen),
            Expr::Call { name, .. } if arm::gives_secret(name) => {
                let what = format!("`{name}` gives what only its resource may know").into();
                Some(Arc::new(Secret { what, span: self.span(at.value.range), from: None }))
            }
            Expr::Call { name, args } if arm::tells_only_whether(name, args.iter().map(is_literal)) => None,
            Expr::Call { name, args } => match args.as_slice() {
                [Expr::Str(key)] if name.eq_ignore_ascii_case("parameters") => {
                    self.secret_param(scope, key, None, seen)
                }
                [Expr::Str(key)] if name.eq_ignore_ascii_case("variables") => {
                    self.secret_variable(scope, key, None, seen)
                }
                args => args.iter().find_map(|arg| self.secret_in(arg, at, seen)),
            },
            asked if arm::asks_no_secret(asked) => None,
            Expr::Member { base, name, .. } => self.secret_part(base, Some(name), at, seen),
            Expr::Index { base, index, .. } => {
                if let Expr::Int(n) = &**index
                    && let Some(element) = self.element_of(base, *n, scope)
                {
                    return self.secret_value(At { value: element, scope }, seen);
                }
                let key = match &**index {
                    Expr::Str(key) => Some(key),
                    _ => None,
                };
                self.secret_part(base, key, at, seen).or_else(|| self.secret_in(index, at, seen))
            }
        }
    }

    /// The element of a variable that is a list.
    fn element_of(&self, base: &Expr, number: i64, scope: ScopeId) -> Option<&'a Value> {
        let variable = self.variable(scope, base.name_in("variables")?)?;
        variable.value.as_list()?.get(usize::try_from(number).ok()?)
    }

    /// The trail of a secret in a member of something: where that is a variable or parameter with its members written
    /// out, of that member alone.
    fn secret_part(
        &self,
        base: &Expr,
        key: Option<&Arc<str>>,
        at: At<'a>,
        seen: &mut Seen,
    ) -> Option<Arc<Secret>> {
        let scope = at.scope;
        let Expr::Call { name, args } = base else { return self.secret_in(base, at, seen) };
        match args.as_slice() {
            [Expr::Str(variable)] if name.eq_ignore_ascii_case("variables") => {
                self.secret_variable(scope, variable, key, seen)
            }
            [Expr::Str(param)] if name.eq_ignore_ascii_case("parameters") => {
                self.secret_param(scope, param, key, seen)
            }
            pairs if name.eq_ignore_ascii_case("createObject") => {
                let of_key = |pair: &&[Expr]| match (pair, key) {
                    ([Expr::Str(name), _], Some(key)) => name.eq_ignore_ascii_case(key),
                    _ => true,
                };
                pairs.chunks(2).filter(of_key).find_map(|pair| self.secret_in(pair.last()?, at, seen))
            }
            _ => self.secret_in(base, at, seen),
        }
    }

    /// The trail of a secret that a variable, or one member of it, is made from.
    fn secret_variable(
        &self,
        scope: ScopeId,
        name: &str,
        part: Option<&Arc<str>>,
        seen: &mut Seen,
    ) -> Option<Arc<Secret>> {
        let variable = self.variable(scope, name)?;
        let object = part.and_then(|part| Some((variable.value.as_object()?, part)));
        let member = object.and_then(|(object, part)| object.member_ignoring_case(part));
        // A member that is not written may be what an expression as a key gives.
        let at = member.unwrap_or(variable);
        if seen.len() >= MAX_HOPS || !seen.insert((scope, at.key.range)) {
            return None;
        }
        let from = self.secret_value(At { value: &at.value, scope }, seen)?;
        let from = match member {
            Some(member) => self.hop(format!("`{}` holds it", member.key.text), member, Some(from)),
            None => from,
        };
        Some(self.hop(format!("`{name}` is made from it"), variable, Some(from)))
    }

    fn secret_param(
        &self,
        scope: ScopeId,
        key: &str,
        part: Option<&Arc<str>>,
        seen: &mut Seen,
    ) -> Option<Arc<Secret>> {
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
        let member = part.and_then(|part| value.as_object()?.member_ignoring_case(part));
        let value = member.map_or(value, |member| &member.value);
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

/// Whether an expression is written out.
fn is_literal(expr: &Expr) -> bool {
    matches!(expr, Expr::Str(_) | Expr::Int(_) | Expr::Bool(_) | Expr::Null)
}
