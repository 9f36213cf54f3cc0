//! What expressions name: variables and their values, resources of the file.

use std::cell::Cell;

use super::code::Code;
use super::scope::{Declared, Meaning, Scope, Type};
use crate::arm::{self, Expr};
use crate::json::{Data, Value};
use crate::schema::IDENTITY;

/// How many variables are put in their places in one expression.
const MAX_EXPANDED: u32 = 200;

/// The symbolic name under which a resource is emitted.
pub(super) fn emitted(declared: &str) -> &str {
    declared.trim_end_matches('_')
}

impl Scope {
    /// What the first argument of a function that takes a symbolic name says in the source, if it is one:
    /// `my-id`, or `loop[0]` of a loop.
    pub(super) fn symbol_in(&self, function: &str, text: &str) -> Option<String> {
        if !arm::takes_symbol(function) {
            return None;
        }
        let (symbol, index) = text.split_at(text.find('[').unwrap_or(text.len()));
        let (whole, part) = (self.symbols.get(text), self.symbols.get(symbol));
        let written = |declared: &String| emitted(declared).to_owned();
        whole.map(written).or_else(|| part.map(|declared| format!("{}{index}", written(declared))))
    }

    /// The expression with symbolic names as the source has them.
    pub(super) fn with_symbols(&self, expr: &Expr) -> Expr {
        let mut out = expr.map_parts(&mut |part| self.with_symbols(part));
        if let Expr::Call { name, args } = &mut out
            && let Some(Expr::Str(symbol)) = args.first_mut()
            && let Some(written) = self.symbol_in(name, symbol)
        {
            *symbol = written.into();
        }
        out
    }

    /// The expression with something else in the place of variables.
    pub(super) fn renamed(&self, expr: &Expr, to: &dyn Fn(&str) -> Option<Expr>) -> Expr {
        if let Some(variable) = expr.name_in("variables")
            && let Some(other) = to(&variable.to_lowercase())
        {
            return other;
        }
        expr.map_parts(&mut |part| self.renamed(part, to))
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

    /// What an expression gives with all that variables hold in their places, as far as that is known.
    pub(super) fn constant(&self, value: &Value) -> Option<Expr> {
        match self.quiet_meaning(value.as_text()?) {
            Meaning::Expr(expr) => Some(arm::fold(&self.filled_in(&expr, 0, &Cell::new(MAX_EXPANDED)))),
            _ => None,
        }
    }

    fn filled_in(&self, expr: &Expr, depth: u8, left: &Cell<u32>) -> Expr {
        if depth > 8 {
            return expr.clone();
        }
        self.renamed(expr, &|variable| self.held(self.written.get(variable)?, depth + 1, left))
    }

    /// What a variable holds, as an expression.
    fn held(&self, value: &Value, depth: u8, left: &Cell<u32>) -> Option<Expr> {
        // Variables of variables may grow without end.
        left.set(left.get().checked_sub(1)?);
        Some(match &value.data {
            Data::Null => Expr::Null,
            Data::Bool(value) => Expr::Bool(*value),
            Data::Number(text) => Expr::Int(text.parse().ok()?),
            Data::Text(text) | Data::Placeholder(text) => match self.quiet_meaning(text) {
                Meaning::Text(text) => Expr::str(text),
                Meaning::Expr(expr) => self.filled_in(&expr, depth, left),
                Meaning::Broken => return None,
            },
            Data::List(items) => {
                let items = items.iter().map(|item| self.held(item, depth, left));
                Expr::call("createArray", items.collect::<Option<_>>()?)
            }
            Data::Object(object) => {
                let mut args = Vec::new();
                for member in object.effective() {
                    args.push(Expr::str(&*member.key.text));
                    args.push(self.held(&member.value, depth, left)?);
                }
                Expr::call("createObject", args)
            }
        })
    }

    /// The value of a variable, or a part of it, where it is written in the template.
    pub(super) fn known_value(&self, expr: &Expr) -> Option<&Value> {
        let value = match expr {
            Expr::Call { .. } => self.written.get(&expr.name_in("variables")?.to_lowercase())?,
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

    /// `builder.principal_id`: what Azure says of an identity of the file.
    pub(super) fn identity_member(&mut self, base: &Expr, member: &str) -> Option<Code> {
        let word = match member {
            "principalId" => "principal_id",
            "clientId" => "client_id",
            _ => return None,
        };
        let at = self.asked_for(base)?;
        let target = self.planned.get(at)?;
        let identity = target.kind.or(target.listed).is_some_and(|kind| kind.keyword == IDENTITY.keyword);
        identity.then(|| Code::new(format!("{}.{word}", target.path), Type::Text))
    }

    /// `web.properties`: what Azure says of a resource of the file.
    pub(super) fn answer(&mut self, name: &str, args: &[Expr]) -> Option<Code> {
        let at = self.asked_for(&Expr::Call { name: name.into(), args: args.to_vec() })?;
        let path = &self.planned.get(at)?.path;
        Some(Code::new(format!("{path}.properties"), Type::Any))
    }

    /// The resource of the file that is asked for as the compiler asks: by its symbolic name where it has one, else by
    /// its id and with the version it is deployed with.
    fn asked_for(&mut self, expr: &Expr) -> Option<usize> {
        let Expr::Call { name, args } = expr else { return None };
        if !name.eq_ignore_ascii_case("reference") || self.plain_ids {
            return None;
        }
        match args.as_slice() {
            [Expr::Str(symbol)] if self.asks => {
                let at = *self.by_symbol.get(&**symbol)?;
                let target = self.planned.get(at)?;
                // A symbol that cannot be kept is not what the compiler asks by.
                let kept = self.symbols.get(&**symbol).is_some_and(|declared| *declared == target.declared);
                (target.one && kept && self.may_refer(at)).then_some(at)
            }
            [Expr::Call { name, args: id }, Expr::Str(version)]
                if !self.asks && name.eq_ignore_ascii_case("resourceId") =>
            {
                let Declared { index, .. } = self.declared_by(name, id)?;
                let asked = self.planned.get(index)?.version.as_deref() == Some(&**version);
                asked.then_some(index)
            }
            _ => None,
        }
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
