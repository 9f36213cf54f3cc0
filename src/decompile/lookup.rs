//! What expressions name: variables and their values, resources of the file.

use std::cell::Cell;

use super::code::Code;
use super::scope::{Declared, Scope, Type};
use crate::arm::Expr;
use crate::json::{Data, Value};
use crate::schema::IDENTITY;

/// How many variables are put in their places in one expression.
const MAX_EXPANDED: u32 = 200;

/// The functions that take the symbolic name of a resource, beside those that list what it holds.
static SYMBOLIC: &[&str] = &["reference", "references", "resourceInfo"];

/// The symbolic name under which a resource is emitted.
pub(super) fn emitted(declared: &str) -> &str {
    declared.trim_end_matches('_')
}

impl Scope {
    /// What the first argument of a function that takes a symbolic name says in the source, if it is one:
    /// `my-id`, or `loop[0]` of a loop.
    pub(super) fn symbol_in(&self, function: &str, text: &str) -> Option<String> {
        let lists = function.get(..4).is_some_and(|front| front.eq_ignore_ascii_case("list"));
        if !lists && !SYMBOLIC.iter().any(|known| known.eq_ignore_ascii_case(function)) {
            return None;
        }
        let (symbol, index) = text.split_at(text.find('[').unwrap_or(text.len()));
        let (whole, part) = (self.symbols.get(text), self.symbols.get(symbol));
        let written = |declared: &String| emitted(declared).to_owned();
        whole.map(written).or_else(|| part.map(|declared| format!("{}{index}", written(declared))))
    }

    /// The expression with symbolic names as the source has them.
    pub(super) fn with_symbols(&self, expr: &Expr) -> Expr {
        let inner = |expr: &Expr| self.with_symbols(expr);
        match expr {
            Expr::Call { name, args } => {
                let mut args: Vec<Expr> = args.iter().map(inner).collect();
                if let Some(Expr::Str(symbol)) = args.first_mut()
                    && let Some(written) = self.symbol_in(name, symbol)
                {
                    *symbol = written.into();
                }
                Expr::Call { name: name.clone(), args }
            }
            Expr::Member { base, name, safe } => {
                Expr::Member { base: Box::new(inner(base)), name: name.clone(), safe: *safe }
            }
            Expr::Index { base, index, safe } => {
                Expr::Index { base: Box::new(inner(base)), index: Box::new(inner(index)), safe: *safe }
            }
            other => other.clone(),
        }
    }

    /// The expression with something else in the place of variables.
    pub(super) fn renamed(&self, expr: &Expr, to: &dyn Fn(&str) -> Option<Expr>) -> Expr {
        let inner = |expr: &Expr| self.renamed(expr, to);
        match expr {
            Expr::Call { name, args } => {
                let named = match args.as_slice() {
                    [Expr::Str(variable)] if name.eq_ignore_ascii_case("variables") => {
                        to(&variable.to_lowercase())
                    }
                    _ => None,
                };
                named.unwrap_or_else(|| Expr::Call {
                    name: name.clone(),
                    args: args.iter().map(inner).collect(),
                })
            }
            Expr::Member { base, name, safe } => {
                Expr::Member { base: Box::new(inner(base)), name: name.clone(), safe: *safe }
            }
            Expr::Index { base, index, safe } => {
                Expr::Index { base: Box::new(inner(base)), index: Box::new(inner(index)), safe: *safe }
            }
            other => other.clone(),
        }
    }

    /// The expression with the values of variables that are texts or expressions in their places.
    pub(super) fn without_variables(&self, expr: &Expr) -> Expr {
        self.expanded(expr, 0, &Cell::new(MAX_EXPANDED))
    }

    fn expanded(&self, expr: &Expr, depth: u8, left: &Cell<u32>) -> Expr {
        if depth > 8 {
            return expr.clone();
        }
        self.renamed(expr, &|variable| {
            let value = self.values.get(variable)?;
            // Variables of variables may grow without end.
            left.set(left.get().checked_sub(1)?);
            Some(self.expanded(value, depth + 1, left))
        })
    }

    /// The value of a variable, or a part of it, where it is written in the template.
    pub(super) fn known_value(&self, expr: &Expr) -> Option<&Value> {
        let value = match expr {
            Expr::Call { name, args } if name.eq_ignore_ascii_case("variables") => match args.as_slice() {
                [Expr::Str(variable)] => self.written.get(&variable.to_lowercase())?,
                _ => return None,
            },
            Expr::Member { base, name, .. } => {
                &self.known_value(base)?.as_object()?.member_ignoring_case(name)?.value
            }
            Expr::Index { base, index, .. } => match &**index {
                Expr::Int(at) => self.known_value(base)?.as_list()?.get(usize::try_from(*at).ok()?)?,
                Expr::Str(name) => &self.known_value(base)?.as_object()?.member_ignoring_case(name)?.value,
                _ => return None,
            },
            _ => return None,
        };
        Some(value)
    }

    /// The type of what an expression picks out of a variable that the template writes.
    pub(super) fn surely(&self, expr: &Expr) -> Option<Type> {
        match self.known_value(expr)?.data {
            Data::List(_) => Some(Type::List),
            Data::Object(_) => Some(Type::Object),
            _ => None,
        }
    }

    /// `builder.principal_id`: what Azure says of an identity of the file, asked with the version it is deployed with.
    pub(super) fn identity_member(&mut self, base: &Expr, member: &str) -> Option<Code> {
        let word = match member {
            "principalId" => "principal_id",
            "clientId" => "client_id",
            _ => return None,
        };
        let Expr::Call { name, args } = base else { return None };
        let [Expr::Call { name: inner, args: id }, Expr::Str(version)] = args.as_slice() else { return None };
        if !name.eq_ignore_ascii_case("reference") || !inner.eq_ignore_ascii_case("resourceId") {
            return None;
        }
        let Declared { path, index, .. } = self.declared_by(inner, id)?;
        let target = self.planned.get(index)?;
        let asked = target.version.as_deref() == Some(&**version);
        let identity = target.kind.is_some_and(|kind| kind.keyword == IDENTITY.keyword);
        (asked && identity).then(|| Code::new(format!("{path}.{word}"), Type::Text))
    }

    /// The resource of the file whose id a call gives, if it may be referred to here.
    pub(super) fn declared_by(&mut self, name: &str, args: &[Expr]) -> Option<Declared> {
        if self.plain_ids {
            return None;
        }
        let key = self.key_of(&Expr::Call { name: name.into(), args: args.to_vec() })?;
        let found = self.declared.get(&key)?;
        self.may_refer(found.index).then(|| found.clone())
    }
}
