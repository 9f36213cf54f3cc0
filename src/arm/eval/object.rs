//! Functions of objects. Azure compares keys without case; where two spellings of one key meet, the documentation
//! does not say which stays, so nothing is computed.

use std::collections::HashSet;
use std::sync::Arc;

use indexmap::IndexMap;

use super::Value;
use super::chars::upper;

type Members = IndexMap<Arc<str>, Value>;

/// Whether no two keys are the same without case.
pub(in crate::arm) fn distinct_keys(members: &Members) -> bool {
    let mut seen = HashSet::new();
    members.keys().all(|key| seen.insert(upper(key).unwrap_or_else(|| key.to_string())))
}

/// Returns a text that is equal for equal values, whatever the order of keys.
pub(super) fn canonical(value: &Value) -> String {
    let mut out = String::new();
    write_canonical(value, &mut out);
    out
}

fn write_canonical(value: &Value, out: &mut String) {
    match value {
        Value::Null | Value::Bool(_) | Value::Int(_) => out.push_str(&format!("{value:?}")),
        Value::Float(number) => out.push_str(&format!("f{:x}", number.to_bits())),
        Value::Str(text) => out.push_str(&format!("{text:?}")),
        Value::Array(items) => {
            out.push('[');
            for item in items {
                write_canonical(item, out);
                out.push(',');
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by_key(|(key, _)| *key);
            out.push('{');
            for (key, value) in sorted {
                out.push_str(&format!("{key:?}:"));
                write_canonical(value, out);
                out.push(',');
            }
            out.push('}');
        }
    }
}

/// `createObject`.
pub(in crate::arm) fn create_object(args: &[Value]) -> Option<Value> {
    let mut members = Members::with_capacity(args.len() / 2);
    for pair in args.chunks(2) {
        let [Value::Str(key), value] = pair else { return None };
        if members.insert(Arc::clone(key), value.clone()).is_some() {
            return None;
        }
    }
    distinct_keys(&members).then_some(Value::Object(members))
}

/// The keys in the order of the service. `None` where sorting with and without case differ.
fn sorted_keys(members: &Members) -> Option<Vec<&Arc<str>>> {
    let mut keys: Vec<_> = members.keys().collect();
    keys.sort();
    let folded = keys.iter().map(|key| upper(key)).collect::<Option<Vec<_>>>()?;
    folded.is_sorted().then_some(keys)
}

/// `items`: an array of `{key, value}`, sorted by key.
pub(in crate::arm) fn items(args: &[Value]) -> Option<Value> {
    let [Value::Object(members)] = args else { return None };
    let pair = |key: &Arc<str>| {
        let value = members.get(key)?.clone();
        Some(Value::Object(IndexMap::from([
            ("key".into(), Value::Str(Arc::clone(key))),
            ("value".into(), value),
        ])))
    };
    sorted_keys(members)?.into_iter().map(pair).collect::<Option<_>>().map(Value::Array)
}

/// `objectKeys`; its order is not documented, so only keys that stand sorted are listed.
pub(in crate::arm) fn object_keys(args: &[Value]) -> Option<Value> {
    let [Value::Object(members)] = args else { return None };
    let keys = sorted_keys(members)?;
    let as_written = keys.iter().copied().eq(members.keys());
    as_written.then(|| Value::Array(keys.into_iter().map(|key| Value::Str(Arc::clone(key))).collect()))
}

/// `shallowMerge`, of an array of objects.
pub(in crate::arm) fn shallow_merge(args: &[Value]) -> Option<Value> {
    let [Value::Array(objects)] = args else { return None };
    merge_all(objects, false)
}

/// Merges objects, later ones over earlier ones; `deep` merges objects in them too.
pub(super) fn merge_all(objects: &[Value], deep: bool) -> Option<Value> {
    let mut all = Members::new();
    for object in objects {
        let Value::Object(members) = object else { return None };
        merge(&mut all, members, deep);
    }
    let merged = Value::Object(all);
    spelled_once(&merged).then_some(merged)
}

fn merge(into: &mut Members, from: &Members, deep: bool) {
    for (key, value) in from {
        match (into.get_mut(key), value) {
            (Some(Value::Object(inner)), Value::Object(more)) if deep => merge(inner, more, deep),
            (Some(slot), value) => *slot = value.clone(),
            (None, value) => {
                into.insert(Arc::clone(key), value.clone());
            }
        }
    }
}

fn spelled_once(value: &Value) -> bool {
    match value {
        Value::Object(members) => distinct_keys(members) && members.values().all(spelled_once),
        _ => true,
    }
}

/// The members that all objects have with the same value. Objects that differ inside are left to Azure.
pub(super) fn common_members(first: &Members, rest: &[Value]) -> Option<Value> {
    let mut others = Vec::with_capacity(rest.len());
    for value in rest {
        let Value::Object(members) = value else { return None };
        others.push(members);
    }
    let mut common = Members::new();
    'members: for (key, value) in first {
        for other in &others {
            match other.get(key) {
                Some(other) if other == value => {}
                Some(Value::Object(_)) if matches!(value, Value::Object(_)) => return None,
                _ => continue 'members,
            }
        }
        common.insert(Arc::clone(key), value.clone());
    }
    // A key spelled in two ways is not found above, though Azure may find it.
    let keys = first.keys().chain(others.iter().flat_map(|members| members.keys()));
    let all_keys: Members = keys.map(|key| (Arc::clone(key), Value::Null)).collect();
    distinct_keys(&all_keys).then_some(Value::Object(common))
}

/// `tryGet`: the element behind a path of keys and positions, or null.
pub(in crate::arm) fn try_get(args: &[Value]) -> Option<Value> {
    let (mut value, keys) = args.split_first()?;
    for key in keys {
        let found = match (value, key) {
            (Value::Null, Value::Str(_) | Value::Int(_)) => None,
            (Value::Object(_), Value::Str(name)) => value.member(name),
            (Value::Array(items), Value::Int(at)) => items.get(usize::try_from(*at).ok()?),
            _ => return None,
        };
        let Some(found) = found else { return Some(Value::Null) };
        value = found;
    }
    Some(value.clone())
}
