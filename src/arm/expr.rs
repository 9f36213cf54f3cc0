//! Expressions, as they stand inside `[...]`.

use std::collections::HashSet;
use std::sync::Arc;

use super::eval::fold_call;
use super::json::read_json;
use super::parse::MAX_DEPTH;
use super::value::Value;

/// More nodes than this are not collected into one literal value.
const MAX_LITERAL: usize = 100_000;

/// An expression, as inside `[...]`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Expr {
    /// A string literal.
    Str(Arc<str>),
    /// An integer literal.
    Int(i64),
    /// A boolean, printed `true()` or `false()`.
    Bool(bool),
    /// The null value, printed `null()`.
    Null,
    /// A call of a function of the language, or of a template's own as `namespace.function`.
    Call {
        /// The name as written.
        name: Arc<str>,
        /// The arguments in order.
        args: Vec<Expr>,
    },
    /// `base.name`; the safe form is printed as `tryGet(base, 'name')`, which is how templates say it.
    Member {
        /// The object.
        base: Box<Expr>,
        /// The member's name; case does not matter to Azure.
        name: Arc<str>,
        /// Whether an absent member is null instead of an error.
        safe: bool,
    },
    /// `base[index]`; the safe form is printed as `tryGet(base, index)`.
    Index {
        /// The array or object.
        base: Box<Expr>,
        /// The position or key.
        index: Box<Expr>,
        /// Whether an absent element is null instead of an error.
        safe: bool,
    },
    /// A value that the compiler knows under a name: printed as `variables('name')` when the printer is told to share
    /// it, else as the expression itself.
    Shared {
        /// Identifies the value to the printer's caller.
        id: u32,
        /// What the name stands for.
        expr: Arc<Expr>,
    },
}

impl Expr {
    /// Returns a string literal.
    pub fn str(text: impl Into<Arc<str>>) -> Self {
        Self::Str(text.into())
    }

    /// Returns a call; `true()`, `false()` and `null()` become the literals they are.
    pub fn call(name: impl Into<Arc<str>>, args: Vec<Expr>) -> Self {
        let name = name.into();
        if args.is_empty() {
            for (word, literal) in
                [("true", Self::Bool(true)), ("false", Self::Bool(false)), ("null", Self::Null)]
            {
                if name.eq_ignore_ascii_case(word) {
                    return literal;
                }
            }
        }
        Self::Call { name, args }
    }

    /// Returns `parameters('name')`.
    pub fn parameter(name: impl Into<Arc<str>>) -> Self {
        Self::Call { name: "parameters".into(), args: vec![Self::Str(name.into())] }
    }

    /// Returns `variables('name')`.
    pub fn variable(name: impl Into<Arc<str>>) -> Self {
        Self::Call { name: "variables".into(), args: vec![Self::Str(name.into())] }
    }

    /// The name in `function('name')`, where it is this function: `parameters`, `variables`.
    pub fn name_in(&self, function: &str) -> Option<&Arc<str>> {
        match self {
            Self::Call { name, args } if name.eq_ignore_ascii_case(function) => match args.as_slice() {
                [Self::Str(name)] => Some(name),
                _ => None,
            },
            _ => None,
        }
    }

    /// Returns `self.name`.
    #[must_use]
    pub fn member(self, name: impl Into<Arc<str>>) -> Self {
        Self::Member { base: Box::new(self), name: name.into(), safe: false }
    }

    /// Returns `self[index]`.
    #[must_use]
    pub fn index(self, index: Expr) -> Self {
        Self::Index { base: Box::new(self), index: Box::new(index), safe: false }
    }

    /// Visits this expression and all in it, parents first, left to right. What is [`Expr::Shared`] is entered once,
    /// however often it occurs, so that values built from values cost no more than their text.
    pub fn walk(&self, f: &mut dyn FnMut(&Expr)) {
        let mut entered = HashSet::new();
        let mut waiting = vec![self];
        while let Some(expr) = waiting.pop() {
            f(expr);
            match expr {
                Self::Str(_) | Self::Int(_) | Self::Bool(_) | Self::Null => {}
                Self::Call { args, .. } => waiting.extend(args.iter().rev()),
                Self::Member { base, .. } => waiting.push(base),
                Self::Index { base, index, .. } => waiting.extend([index.as_ref(), base.as_ref()]),
                Self::Shared { expr, .. } => {
                    if entered.insert(Arc::as_ptr(expr)) {
                        waiting.push(expr);
                    }
                }
            }
        }
    }

    /// The same expression with other parts: what it is asked of, its index, its arguments. What is [`Expr::Shared`] is
    /// seen through.
    #[must_use]
    pub fn map_parts(&self, part: &mut dyn FnMut(&Expr) -> Expr) -> Expr {
        match self {
            Self::Str(_) | Self::Int(_) | Self::Bool(_) | Self::Null => self.clone(),
            Self::Shared { expr, .. } => part(expr),
            Self::Call { name, args } => {
                Self::Call { name: Arc::clone(name), args: args.iter().map(part).collect() }
            }
            Self::Member { base, name, safe } => {
                Self::Member { base: Box::new(part(base)), name: Arc::clone(name), safe: *safe }
            }
            Self::Index { base, index, safe } => {
                Self::Index { base: Box::new(part(base)), index: Box::new(part(index)), safe: *safe }
            }
        }
    }

    /// Returns the expression that computes a value: `createArray`, `createObject`, `json('1.5')` for what has no
    /// literal.
    pub fn from_value(value: &Value) -> Self {
        let call = |name: &str, args| Self::Call { name: name.into(), args };
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Int(number) => Self::Int(*number),
            Value::Float(number) => call("json", vec![Self::str(format!("{number:?}"))]),
            Value::Str(text) => Self::Str(Arc::clone(text)),
            Value::Array(items) => call("createArray", items.iter().map(Self::from_value).collect()),
            Value::Object(members) => {
                let pairs = members
                    .iter()
                    .flat_map(|(key, value)| [Self::Str(Arc::clone(key)), Self::from_value(value)]);
                call("createObject", pairs.collect())
            }
        }
    }

    /// Returns the value that a literal spells, arrays and objects of literals included; `None` for what has to be
    /// computed (see [`crate::arm::fold`]).
    pub fn as_value(&self) -> Option<Value> {
        let mut budget = MAX_LITERAL;
        self.literal(0, &mut budget)
    }

    fn literal(&self, depth: usize, budget: &mut usize) -> Option<Value> {
        *budget = budget.checked_sub(1)?;
        if depth > MAX_DEPTH {
            return None;
        }
        match self {
            Self::Str(text) => Some(Value::Str(Arc::clone(text))),
            Self::Int(number) => Some(Value::Int(*number)),
            Self::Bool(value) => Some(Value::Bool(*value)),
            Self::Null => Some(Value::Null),
            Self::Call { name, args } if name.eq_ignore_ascii_case("json") => match args.as_slice() {
                [Self::Str(text)] => read_json(text),
                _ => None,
            },
            Self::Call { name, args } if is_constructor(name) => {
                let values: Option<Vec<_>> = args.iter().map(|arg| arg.literal(depth + 1, budget)).collect();
                fold_call(name, &values?)
            }
            Self::Shared { expr, .. } => expr.literal(depth + 1, budget),
            Self::Call { .. } | Self::Member { .. } | Self::Index { .. } => None,
        }
    }
}

/// Whether calls of this function are how arrays and objects are spelled.
pub(super) fn is_constructor(name: &str) -> bool {
    name.eq_ignore_ascii_case("createArray") || name.eq_ignore_ascii_case("createObject")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::Expr;
    use crate::arm::parse;

    #[test]
    fn literals_are_values_and_back() {
        for text in [
            "'a'",
            "-5",
            "true()",
            "null()",
            "createArray('a', createObject('k', json('1.5')), createArray())",
        ] {
            let expr = parse(text).unwrap();
            assert_eq!(Expr::from_value(&expr.as_value().unwrap()), expr);
        }
        for text in [
            "parameters('x')",
            "createArray(1, parameters('x'))",
            "createObject('a', 1, 'A', 2)",
            "createObject('a')",
        ] {
            assert_eq!(parse(text).unwrap().as_value(), None, "{text}");
        }
    }

    #[test]
    fn values_built_from_values_do_not_explode() {
        let mut expr = Expr::parameter("x");
        for id in 0..64 {
            let shared = Expr::Shared { id, expr: Arc::new(expr) };
            expr = Expr::call("createArray", vec![shared.clone(), shared]);
        }
        let mut seen = 0;
        expr.walk(&mut |_| seen += 1);
        assert_eq!(seen, 64 * 3 + 2);
        assert_eq!(expr.as_value(), None);
        assert_eq!(expr, expr.clone());
    }
}
