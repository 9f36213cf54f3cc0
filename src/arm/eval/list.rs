//! Functions of arrays, and those that take an array, a string or an object.

use std::collections::HashSet;

use super::Value;
use super::chars::{len16, slice16};
use super::object::{canonical, common_members, merge_all};
use super::text::position;

/// More elements than this are refused by Azure.
const MAX_RANGE: i64 = 10_000;

/// `array`.
pub(in crate::arm) fn array(args: &[Value]) -> Option<Value> {
    let [value] = args else { return None };
    match value {
        Value::Array(_) => Some(value.clone()),
        Value::Str(_) | Value::Int(_) | Value::Object(_) => Some(Value::Array(vec![value.clone()])),
        Value::Null | Value::Bool(_) | Value::Float(_) => None,
    }
}

/// `createArray`.
pub(in crate::arm) fn create_array(args: &[Value]) -> Option<Value> {
    Some(Value::Array(args.to_vec()))
}

/// `contains`: substrings and elements with case, keys without.
pub(in crate::arm) fn contains(args: &[Value]) -> Option<Value> {
    match args {
        [Value::Str(text), Value::Str(wanted)] => Some(text.contains(&**wanted).into()),
        [Value::Array(items), wanted] => Some(items.contains(wanted).into()),
        [object @ Value::Object(_), Value::Str(key)] => Some(object.member(key).is_some().into()),
        _ => None,
    }
}

/// `empty`.
pub(in crate::arm) fn empty(args: &[Value]) -> Option<Value> {
    let [value] = args else { return None };
    if *value == Value::Null {
        return Some(true.into());
    }
    count(value).map(|count| (count == 0).into())
}

/// `length`.
pub(in crate::arm) fn length(args: &[Value]) -> Option<Value> {
    let [value] = args else { return None };
    i64::try_from(count(value)?).ok().map(Value::Int)
}

fn count(value: &Value) -> Option<usize> {
    match value {
        Value::Str(text) => Some(len16(text)),
        Value::Array(items) => Some(items.len()),
        Value::Object(members) => Some(members.len()),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => None,
    }
}

/// `first`; of nothing it is left to Azure.
pub(in crate::arm) fn first(args: &[Value]) -> Option<Value> {
    match args {
        [Value::Array(items)] => items.first().cloned(),
        [Value::Str(text)] => slice16(text, 0, 1).map(Value::from),
        _ => None,
    }
}

/// `last`; of nothing it is left to Azure.
pub(in crate::arm) fn last(args: &[Value]) -> Option<Value> {
    match args {
        [Value::Array(items)] => items.last().cloned(),
        [Value::Str(text)] => slice16(text, len16(text).checked_sub(1)?, len16(text)).map(Value::from),
        _ => None,
    }
}

/// `take`.
pub(in crate::arm) fn take(args: &[Value]) -> Option<Value> {
    let [value, Value::Int(number)] = args else { return None };
    cut(value, 0, clamp(*number, value)?)
}

/// `skip`.
pub(in crate::arm) fn skip(args: &[Value]) -> Option<Value> {
    let [value, Value::Int(number)] = args else { return None };
    cut(value, clamp(*number, value)?, count(value)?)
}

fn clamp(number: i64, value: &Value) -> Option<usize> {
    let most = count(value)?;
    Some(usize::try_from(number.max(0)).unwrap_or(most).min(most))
}

fn cut(value: &Value, start: usize, end: usize) -> Option<Value> {
    match value {
        Value::Str(text) => slice16(text, start, end).map(Value::from),
        Value::Array(items) => items.get(start..end).map(|items| Value::Array(items.to_vec())),
        _ => None,
    }
}

/// `indexOf`: strings without case, elements with.
pub(in crate::arm) fn index_of(args: &[Value]) -> Option<Value> {
    match args {
        [Value::Str(text), Value::Str(wanted)] => position(text, wanted, false),
        [Value::Array(items), wanted] => place(items.iter().position(|item| item == wanted)),
        _ => None,
    }
}

/// `lastIndexOf`: strings without case, elements with.
pub(in crate::arm) fn last_index_of(args: &[Value]) -> Option<Value> {
    match args {
        [Value::Str(text), Value::Str(wanted)] => position(text, wanted, true),
        [Value::Array(items), wanted] => place(items.iter().rposition(|item| item == wanted)),
        _ => None,
    }
}

fn place(found: Option<usize>) -> Option<Value> {
    found.map_or(Some(Value::Int(-1)), |at| i64::try_from(at).ok().map(Value::Int))
}

/// `indexFromEnd`, counted from 1.
pub(in crate::arm) fn index_from_end(args: &[Value]) -> Option<Value> {
    let [Value::Array(items), Value::Int(number)] = args else { return None };
    items.len().checked_sub(usize::try_from(*number).ok()?).and_then(|at| items.get(at)).cloned()
}

/// `tryIndexFromEnd`: null where there is no such element.
pub(in crate::arm) fn try_index_from_end(args: &[Value]) -> Option<Value> {
    let [Value::Array(_), Value::Int(number)] = args else { return None };
    if *number < 1 {
        return None;
    }
    Some(index_from_end(args).unwrap_or(Value::Null))
}

/// `flatten`, one level.
pub(in crate::arm) fn flatten(args: &[Value]) -> Option<Value> {
    let [Value::Array(items)] = args else { return None };
    let mut all = Vec::new();
    for item in items {
        let Value::Array(inner) = item else { return None };
        all.extend(inner.iter().cloned());
    }
    Some(Value::Array(all))
}

/// `range`.
pub(in crate::arm) fn range(args: &[Value]) -> Option<Value> {
    let [Value::Int(start), Value::Int(count)] = args else { return None };
    let end = start.checked_add(*count)?;
    let fits = (0..=MAX_RANGE).contains(count) && end <= i64::from(i32::MAX) && *start >= i64::from(i32::MIN);
    fits.then(|| Value::Array((*start..end).map(Value::Int).collect()))
}

/// `union`: the elements of arrays once each, objects merged to the bottom.
pub(in crate::arm) fn union(args: &[Value]) -> Option<Value> {
    if let [Value::Object(_), ..] = args {
        return merge_all(args, true);
    }
    let mut seen = HashSet::new();
    let mut all = Vec::new();
    for arg in args {
        let Value::Array(items) = arg else { return None };
        all.extend(items.iter().filter(|item| seen.insert(canonical(item))).cloned());
    }
    Some(Value::Array(all))
}

/// `intersection`: the elements, or members of equal value, that all have.
pub(in crate::arm) fn intersection(args: &[Value]) -> Option<Value> {
    let (first, rest) = args.split_first()?;
    let items = match first {
        Value::Array(items) => items,
        Value::Object(members) => return common_members(members, rest),
        _ => return None,
    };
    let mut others = Vec::new();
    for arg in rest {
        let Value::Array(items) = arg else { return None };
        others.push(items.iter().map(canonical).collect::<HashSet<_>>());
    }
    let mut seen = HashSet::new();
    let common = items.iter().filter(|item| {
        let key = canonical(item);
        seen.insert(key.clone()) && others.iter().all(|other| other.contains(&key))
    });
    Some(Value::Array(common.cloned().collect()))
}
