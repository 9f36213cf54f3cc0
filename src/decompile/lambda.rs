//! Lambdas of ARM as comprehensions.

use super::code::{Code, TERNARY, fits};
use super::names::unmeant;
use super::out::Ex;
use super::rows::Around;
use super::scope::{Meaning, Scope, Type};
use super::share::spelled_out;
use crate::arm::{self, Expr};
use crate::base::TextRange;
use crate::check::BUILTINS;
use crate::json::{Data, Key, Member, Object, Value};
use crate::schema::ObjectType;
use crate::syntax::is_name;

/// `lambda('x', body)`
fn lambda(expr: &Expr) -> Option<(&str, &Expr)> {
    let Expr::Call { name, args } = expr else { return None };
    match args.as_slice() {
        [Expr::Str(variable), body] if name.eq_ignore_ascii_case("lambda") => Some((variable, body)),
        _ => None,
    }
}

/// What `map` and `filter` make of a list: `[for variable in list if kept: body]`.
struct Walk<'e> {
    list: &'e Expr,
    variable: &'e str,
    kept: Option<&'e Expr>,
    /// None where the elements stay what they are.
    body: Option<&'e Expr>,
}

impl<'e> Walk<'e> {
    /// A call that the compiler writes of a comprehension.
    fn of(name: &str, args: &'e [Expr]) -> Option<Self> {
        if let Some((list, variable, kept)) = walked_by("filter", name, args) {
            return Some(Self { list, variable, kept: Some(kept), body: None });
        }
        let (list, variable, body) = walked_by("map", name, args)?;
        if let Expr::Call { name, args } = list
            && let Some((list, same, kept)) = walked_by("filter", name, args)
            && same == variable
        {
            // With nothing else made of the elements, the compiler leaves the `map` out.
            let says_more = variable_of(body) != Some(variable);
            return says_more.then_some(Self { list, variable, kept: Some(kept), body: Some(body) });
        }
        Some(Self { list, variable, kept: None, body: Some(body) })
    }
}

/// The list and the lambda of `map(list, lambda(…))` or `filter(list, lambda(…))`.
fn walked_by<'e>(function: &str, name: &str, args: &'e [Expr]) -> Option<(&'e Expr, &'e str, &'e Expr)> {
    let [list, with] = args else { return None };
    let (variable, body) = lambda(with).filter(|_| name.eq_ignore_ascii_case(function))?;
    Some((list, variable, body))
}

/// The name of the element that `lambdaVariables('x')` is.
fn variable_of(expr: &Expr) -> Option<&str> {
    expr.name_in("lambdaVariables").map(|name| &**name)
}

impl Scope {
    /// `[for x in xs if c: e]`, where the compiler writes that so.
    pub(super) fn comprehension(&mut self, name: &str, args: &[Expr]) -> Option<Code> {
        let walk = Walk::of(name, args)?;
        self.walked(&walk, |scope| {
            Some(walk.body.map_or_else(|| Code::new(walk.variable, Type::Any), |body| scope.code(body)))
        })
    }

    /// A list of objects that an expression gives: what it makes of each element is written in the words of the type.
    pub(super) fn fit_objects(
        &mut self,
        ty: &'static ObjectType,
        value: &Value,
        around: &Around,
    ) -> Option<Ex> {
        let plain = self.code_of(value, Type::List)?;
        let Meaning::Expr(expr) = self.quiet_meaning(value.as_text()?) else { return None };
        let whole = self.without_variables(&expr);
        let text = plain.inline().unwrap_or_default();
        if !makes_objects(&whole) || text.starts_with("arm(") {
            return Some(plain);
        }
        // Objects made in any other place keep the names of ARM, which no property takes.
        let Expr::Call { name, args } = &expr else { return None };
        let walk = Walk::of(name, args)?;
        let made = as_value(walk.body?, value.range)?;
        let code = self.walked(&walk, |scope| {
            let entries = scope.fit_object(ty, &made, around);
            // It is gone after this, and another value may come to lie in its place.
            scope.release(&made);
            let members = spelled_out(&Ex::Object(entries?), &scope.names).inline()?;
            Some(Code::new(members, Type::Object))
        })?;
        Some(Ex::atom(code.text))
    }

    /// A walk as a comprehension, with what is made of each element.
    fn walked(&mut self, walk: &Walk<'_>, body: impl FnOnce(&mut Self) -> Option<Code>) -> Option<Code> {
        if !self.may_bind(walk.variable) || !self.is_walked_by_azure(walk.list) {
            return None;
        }
        let list = self.code(walk.list);
        self.bound.push(walk.variable.to_owned());
        let kept = walk.kept.map(|kept| self.code(kept));
        let body = body(self);
        self.bound.pop();
        let body = body?;
        // What the compiler would not take, and what says nothing more than ARM does, stays as it is.
        let passed_on = |code: &Code| code.text.starts_with("arm(");
        let truth = kept.as_ref().is_none_or(|code| fits(code.ty, Type::Bool));
        if !fits(list.ty, Type::List) || !truth || passed_on(&body) || kept.as_ref().is_some_and(passed_on) {
            return None;
        }
        let kept = kept.map(|code| format!(" if {}", code.within(TERNARY + 1))).unwrap_or_default();
        let (variable, list) = (walk.variable, list.within(TERNARY + 1));
        Some(Code::new(format!("[for {variable} in {list}{kept}: {}]", body.text), Type::List))
    }

    /// The name that stands for an element, in the lambda around an expression.
    pub(super) fn bound_variable(&self, name: &str, args: &[Expr]) -> Option<Code> {
        let call = Expr::Call { name: name.into(), args: args.to_vec() };
        let variable = variable_of(&call)?;
        self.bound.iter().any(|bound| bound == variable).then(|| Code::new(variable, Type::Any))
    }

    /// Whether a name can be that of an element: a loop may not bind what the file declares, and what is bound hides
    /// built-in functions. It is kept from what is declared later.
    fn may_bind(&mut self, variable: &str) -> bool {
        let hides = BUILTINS.iter().any(|builtin| builtin.name == variable) || unmeant(variable) != variable;
        if !is_name(variable) || hides || self.bound.iter().any(|bound| bound == variable) {
            return false;
        }
        if self.lambdas.contains(variable) {
            return true;
        }
        if self.names.is_taken(variable) {
            return false;
        }
        self.names.take(variable);
        self.lambdas.insert(variable.to_owned());
        true
    }

    /// Whether a list is known only to Azure: one that is known here, or of which the elements are, the compiler walks.
    fn is_walked_by_azure(&self, list: &Expr) -> bool {
        if let Some(variable) = list.name_in("variables") {
            let key = variable.to_lowercase();
            let value = self.values.get(&key);
            return self.loops.contains(&key) || value.is_some_and(|value| self.is_walked_by_azure(value));
        }
        match list {
            Expr::Call { name, args } => match args.as_slice() {
                _ if name.eq_ignore_ascii_case("parameters") => true,
                _ if name.eq_ignore_ascii_case("variables") => false,
                _ if name.eq_ignore_ascii_case("createArray") => false,
                _ => variable_of(list).is_some() || args.iter().any(|arg| self.is_walked_by_azure(arg)),
            },
            Expr::Member { base, .. } | Expr::Index { base, .. } => self.is_walked_by_azure(base),
            _ => false,
        }
    }
}

/// Whether an expression makes objects.
fn makes_objects(expr: &Expr) -> bool {
    let mut found = false;
    expr.walk(&mut |expr| {
        found |= matches!(expr, Expr::Call { name, .. } if name.eq_ignore_ascii_case("createObject"));
    });
    found
}

/// The object that an expression makes, as a template would write it.
fn as_value(expr: &Expr, range: TextRange) -> Option<Value> {
    let data = match expr {
        Expr::Call { name, args } if name.eq_ignore_ascii_case("createObject") => {
            let mut members = Vec::new();
            for pair in args.chunks(2) {
                let [Expr::Str(key), member] = pair else { return None };
                let text = arm::escape_literal(key).to_string().into();
                members.push(Member { key: Key { range, text }, value: as_value(member, range)? });
            }
            Data::Object(Object { members })
        }
        Expr::Null => Data::Null,
        Expr::Bool(value) => Data::Bool(*value),
        Expr::Int(number) => Data::Number(number.to_string().into()),
        Expr::Str(text) => Data::Text(arm::escape_literal(text).to_string().into()),
        other => Data::Text(arm::print_template(other, &|_| None).into()),
    };
    Some(Value { range, data, comments: None })
}
