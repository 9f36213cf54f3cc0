//! Functions of numbers, comparisons and conditions.

use std::cmp::Ordering;

use super::Value;

fn ints(args: &[Value], compute: impl Fn(i64, i64) -> Option<i64>) -> Option<Value> {
    let [Value::Int(left), Value::Int(right)] = args else { return None };
    compute(*left, *right).map(Value::Int)
}

/// `add`.
pub(in crate::arm) fn add(args: &[Value]) -> Option<Value> {
    ints(args, i64::checked_add)
}

/// `sub`.
pub(in crate::arm) fn sub(args: &[Value]) -> Option<Value> {
    ints(args, i64::checked_sub)
}

/// `mul`.
pub(in crate::arm) fn mul(args: &[Value]) -> Option<Value> {
    ints(args, i64::checked_mul)
}

/// `div`, rounding to zero.
pub(in crate::arm) fn div(args: &[Value]) -> Option<Value> {
    ints(args, i64::checked_div)
}

/// `mod`, with the sign of the dividend.
pub(in crate::arm) fn modulo(args: &[Value]) -> Option<Value> {
    ints(args, i64::checked_rem)
}

/// `min`, of numbers or of one array of numbers.
pub(in crate::arm) fn min(args: &[Value]) -> Option<Value> {
    numbers(args)?.into_iter().min().map(Value::Int)
}

/// `max`, of numbers or of one array of numbers.
pub(in crate::arm) fn max(args: &[Value]) -> Option<Value> {
    numbers(args)?.into_iter().max().map(Value::Int)
}

fn numbers(args: &[Value]) -> Option<Vec<i64>> {
    let items = if let [Value::Array(items)] = args { items } else { args };
    items.iter().map(|item| if let Value::Int(number) = item { Some(*number) } else { None }).collect()
}

/// `int`.
pub(in crate::arm) fn int(args: &[Value]) -> Option<Value> {
    match args {
        [Value::Int(number)] => Some(Value::Int(*number)),
        [Value::Str(text)] if !text.starts_with('+') => text.parse().ok().map(Value::Int),
        _ => None,
    }
}

/// `float`.
pub(in crate::arm) fn float(args: &[Value]) -> Option<Value> {
    let [Value::Str(text)] = args else { return None };
    let plain = text.contains('.') && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'));
    text.parse().ok().filter(|_| plain && text.ends_with(|c: char| c.is_ascii_digit())).map(Value::Float)
}

/// `bool`.
pub(in crate::arm) fn boolean(args: &[Value]) -> Option<Value> {
    match args {
        [Value::Bool(value)] => Some((*value).into()),
        [Value::Int(0)] => Some(false.into()),
        [Value::Int(1)] => Some(true.into()),
        [Value::Str(text)] if text.eq_ignore_ascii_case("true") => Some(true.into()),
        [Value::Str(text)] if text.eq_ignore_ascii_case("false") => Some(false.into()),
        _ => None,
    }
}

/// `equals`, with case.
pub(in crate::arm) fn equals(args: &[Value]) -> Option<Value> {
    match args {
        [Value::Int(_), Value::Float(_)] | [Value::Float(_), Value::Int(_)] => None,
        [left, right] => Some((left == right).into()),
        _ => None,
    }
}

/// `less`.
pub(in crate::arm) fn less(args: &[Value]) -> Option<Value> {
    compare(args).map(|order| order.is_lt().into())
}

/// `lessOrEquals`.
pub(in crate::arm) fn less_or_equals(args: &[Value]) -> Option<Value> {
    compare(args).map(|order| order.is_le().into())
}

/// `greater`.
pub(in crate::arm) fn greater(args: &[Value]) -> Option<Value> {
    compare(args).map(|order| order.is_gt().into())
}

/// `greaterOrEquals`.
pub(in crate::arm) fn greater_or_equals(args: &[Value]) -> Option<Value> {
    compare(args).map(|order| order.is_ge().into())
}

/// Strings compare in the order of the invariant culture, where `a` stands before `A` and both before `b` (the
/// documentation: `greater('A', 'a')` is true). Only letters and digits are certain.
fn compare(args: &[Value]) -> Option<Ordering> {
    match args {
        [Value::Int(left), Value::Int(right)] => Some(left.cmp(right)),
        [Value::Str(left), Value::Str(right)] => {
            let certain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric());
            if !certain(left) || !certain(right) {
                return None;
            }
            let letters = left.to_ascii_lowercase().cmp(&right.to_ascii_lowercase());
            Some(letters.then_with(|| right.cmp(left)))
        }
        _ => None,
    }
}

/// `not`.
pub(in crate::arm) fn not(args: &[Value]) -> Option<Value> {
    let [Value::Bool(value)] = args else { return None };
    Some((!value).into())
}

/// `and`.
pub(in crate::arm) fn and(args: &[Value]) -> Option<Value> {
    booleans(args).map(|all| all.into_iter().all(|value| value).into())
}

/// `or`.
pub(in crate::arm) fn or(args: &[Value]) -> Option<Value> {
    booleans(args).map(|all| all.into_iter().any(|value| value).into())
}

fn booleans(args: &[Value]) -> Option<Vec<bool>> {
    args.iter().map(|arg| if let Value::Bool(value) = arg { Some(*value) } else { None }).collect()
}

/// `if`.
pub(in crate::arm) fn choose(args: &[Value]) -> Option<Value> {
    match args {
        [Value::Bool(true), value, _] | [Value::Bool(false), _, value] => Some(value.clone()),
        _ => None,
    }
}

/// `coalesce`.
pub(in crate::arm) fn coalesce(args: &[Value]) -> Option<Value> {
    args.iter().find(|arg| **arg != Value::Null).or(args.first()).cloned()
}

/// `true`.
pub(in crate::arm) fn always(_: &[Value]) -> Option<Value> {
    Some(true.into())
}

/// `false`.
pub(in crate::arm) fn never(_: &[Value]) -> Option<Value> {
    Some(false.into())
}

/// `null`.
pub(in crate::arm) fn null(_: &[Value]) -> Option<Value> {
    Some(Value::Null)
}
