//! Computing what is known of an expression.

use std::sync::Arc;

use super::eval::fold_call;
use super::expr::{Expr, is_constructor};
use super::value::Value;

/// Expressions that nest deeper stay as they are.
const MAX_FOLD_DEPTH: usize = 256;

/// A known value above this size does not replace the shorter call that computes it, as in `map(range(0, 500), ..)`.
const MAX_INLINE: usize = 1024;

/// Returns the expression with everything computed that is known before deployment. What the result means is what
/// the expression meant; what is an error of Azure stays as written.
pub fn fold(expr: &Expr) -> Expr {
    match known(expr, 0) {
        Known::Value(value) => Expr::from_value(&value),
        Known::Expr(expr) => expr,
    }
}

/// A folded expression.
enum Known {
    Value(Value),
    Expr(Expr),
}

impl Known {
    fn found(value: Option<&Value>) -> Option<Self> {
        value.cloned().map(Self::Value)
    }
}

fn known(expr: &Expr, depth: usize) -> Known {
    if depth > MAX_FOLD_DEPTH {
        return Known::Expr(expr.clone());
    }
    match expr {
        Expr::Str(text) => Known::Value(Value::Str(Arc::clone(text))),
        Expr::Int(number) => Known::Value(Value::Int(*number)),
        Expr::Bool(value) => Known::Value(Value::Bool(*value)),
        Expr::Null => Known::Value(Value::Null),
        Expr::Shared { expr: inner, .. } => {
            inner.as_value().map_or_else(|| Known::Expr(expr.clone()), Known::Value)
        }
        Expr::Call { name, args } => call(name, args, depth),
        Expr::Member { base, name, safe } => {
            let folded = known(base, depth + 1);
            member(&folded, name, *safe).unwrap_or_else(|| {
                let base = Box::new(settle(folded, base));
                Known::Expr(Expr::Member { base, name: Arc::clone(name), safe: *safe })
            })
        }
        Expr::Index { base, index, safe } => {
            let folded = known(base, depth + 1);
            let key = known(index, depth + 1);
            element(&folded, &key, *safe).unwrap_or_else(|| {
                let (base, index) = (Box::new(settle(folded, base)), Box::new(settle(key, index)));
                Known::Expr(Expr::Index { base, index, safe: *safe })
            })
        }
    }
}

/// Returns the folded part as an expression, in the shorter of the two spellings when the value is large.
fn settle(folded: Known, original: &Expr) -> Expr {
    let value = match folded {
        Known::Expr(expr) => return expr,
        Known::Value(value) => value,
    };
    match original {
        Expr::Call { name, .. }
            if !is_constructor(name) && value.weight(MAX_INLINE, MAX_FOLD_DEPTH).is_none() =>
        {
            original.clone()
        }
        _ => Expr::from_value(&value),
    }
}

fn call(name: &Arc<str>, args: &[Expr], depth: usize) -> Known {
    if let [condition, yes, no] = args
        && name.eq_ignore_ascii_case("if")
    {
        let condition = known(condition, depth + 1);
        return match condition {
            Known::Value(Value::Bool(true)) => known(yes, depth + 1),
            Known::Value(Value::Bool(false)) => known(no, depth + 1),
            undecided => {
                let folded = [undecided, known(yes, depth + 1), known(no, depth + 1)];
                rebuilt(name, folded.into_iter().collect(), args)
            }
        };
    }
    let mut folded: Vec<Known> = Vec::with_capacity(args.len());
    for arg in args {
        folded.push(known(arg, depth + 1));
    }
    let mut values = Vec::with_capacity(folded.len());
    for part in &folded {
        let Known::Value(value) = part else { break };
        values.push(value);
    }
    if values.len() == folded.len() {
        let owned: Vec<Value> = values.into_iter().cloned().collect();
        return match fold_call(name, &owned) {
            Some(value) => Known::Value(value),
            None => rebuilt(name, owned.into_iter().map(Known::Value).collect(), args),
        };
    }
    if let Some(decided) = decided(name, &values) {
        return Known::Value(decided);
    }
    rebuilt(name, folded, args)
}

/// What the leading arguments of `and`, `or` and `coalesce` decide, whatever the others are.
fn decided(name: &str, leading: &[&Value]) -> Option<Value> {
    let passed = if name.eq_ignore_ascii_case("and") {
        Value::Bool(true)
    } else if name.eq_ignore_ascii_case("or") {
        Value::Bool(false)
    } else if name.eq_ignore_ascii_case("coalesce") {
        Value::Null
    } else {
        return None;
    };
    let deciding = leading.iter().find(|value| ***value != passed)?;
    (passed == Value::Null || matches!(deciding, Value::Bool(_))).then(|| (*deciding).clone())
}

fn rebuilt(name: &Arc<str>, folded: Vec<Known>, args: &[Expr]) -> Known {
    let args = folded.into_iter().zip(args).map(|(folded, original)| settle(folded, original)).collect();
    Known::Expr(Expr::Call { name: Arc::clone(name), args })
}

fn member(base: &Known, name: &str, safe: bool) -> Option<Known> {
    let absent = || safe.then_some(Known::Value(Value::Null));
    match base {
        Known::Value(value @ Value::Object(_)) => Known::found(value.member(name)).or_else(absent),
        Known::Value(Value::Null) => absent(),
        Known::Value(_) => None,
        Known::Expr(Expr::Call { name: function, args }) if function.eq_ignore_ascii_case("createObject") => {
            let mut found = None;
            for pair in args.chunks(2) {
                let [Expr::Str(key), value] = pair else { return None };
                if key.eq_ignore_ascii_case(name) {
                    found = Some(value);
                }
            }
            found.map(again).or_else(absent)
        }
        Known::Expr(_) => None,
    }
}

fn element(base: &Known, key: &Known, safe: bool) -> Option<Known> {
    let at = match key {
        Known::Value(Value::Str(name)) => return member(base, name, safe),
        Known::Value(Value::Int(at)) => usize::try_from(*at).ok()?,
        Known::Value(_) | Known::Expr(_) => return None,
    };
    let absent = || safe.then_some(Known::Value(Value::Null));
    match base {
        Known::Value(Value::Array(items)) => Known::found(items.get(at)).or_else(absent),
        Known::Value(Value::Null) => absent(),
        Known::Expr(Expr::Call { name, args }) if name.eq_ignore_ascii_case("createArray") => {
            args.get(at).map(again).or_else(absent)
        }
        Known::Value(_) | Known::Expr(_) => None,
    }
}

/// A part of a folded expression: a literal is a value again.
fn again(expr: &Expr) -> Known {
    expr.as_value().map_or_else(|| Known::Expr(expr.clone()), Known::Value)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::fold;
    use crate::arm::{Expr, parse, print};

    #[test]
    fn folds_what_is_known_and_keeps_the_rest() {
        for (text, expected) in [
            ("concat(parameters('x'), toLower('ABC'))", "concat(parameters('x'), 'abc')"),
            ("if(parameters('x'), add(1, 2), 'b')", "if(parameters('x'), 3, 'b')"),
            ("if(false(), parameters('x'), parameters('y'))", "parameters('y')"),
            ("and(false(), parameters('x'))", "false()"),
            ("and(parameters('x'), false())", "and(parameters('x'), false())"),
            ("or(true(), parameters('x'))", "true()"),
            ("coalesce(null(), 'a', parameters('x'))", "'a'"),
            ("coalesce(parameters('x'), 'a')", "coalesce(parameters('x'), 'a')"),
            ("createObject('a', parameters('x'), 'b', 2).B", "2"),
            ("createObject('a', parameters('x')).a.b", "parameters('x').b"),
            ("createArray(parameters('x'), 2)[0]", "parameters('x')"),
            ("tryGet(createObject('a', parameters('x')), 'b')", "null()"),
            ("createArray(1)[3]", "createArray(1)[3]"),
            (
                "map(range(0, 3), lambda('i', lambdaVariables('i')))",
                "map(createArray(0, 1, 2), lambda('i', lambdaVariables('i')))",
            ),
            ("map(range(0, 3000), lambda('i', 1))", "map(range(0, 3000), lambda('i', 1))"),
            ("resourceGroup().location", "resourceGroup().location"),
        ] {
            assert_eq!(print(&fold(&parse(text).unwrap()), &|_| None), expected, "{text}");
        }
    }

    #[test]
    fn shared_values_keep_their_name_until_they_are_known() {
        let shared = |expr| Expr::Shared { id: 7, expr: Arc::new(expr) };
        let unknown = Expr::call("toLower", vec![shared(Expr::parameter("x"))]);
        assert_eq!(fold(&unknown), unknown);
        assert_eq!(fold(&Expr::call("toLower", vec![shared(Expr::str("A"))])), Expr::str("a"));
    }

    #[test]
    fn depth_is_bounded() {
        let mut expr = Expr::parameter("x");
        for _ in 0..2000 {
            expr = Expr::call("createArray", vec![expr]);
        }
        assert_eq!(fold(&expr), expr);
    }
}
