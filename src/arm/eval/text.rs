//! Functions of strings.

use super::chars::{len16, lower, slice16, upper};
use super::{MAX_WEIGHT, Value};
use crate::arm::compose::{Piece, format_pieces};

/// More delimiters than this are not looked for.
const MAX_DELIMITERS: usize = 64;

/// `concat` of scalars or of arrays.
pub(in crate::arm) fn concat(args: &[Value]) -> Option<Value> {
    if let [Value::Array(_), ..] = args {
        let mut all = Vec::new();
        for arg in args {
            let Value::Array(items) = arg else { return None };
            all.extend(items.iter().cloned());
        }
        return Some(Value::Array(all));
    }
    let mut out = String::new();
    for arg in args {
        out.push_str(&arg.text()?);
    }
    Some(out.into())
}

/// `format`, see [`format_pieces`].
pub(in crate::arm) fn format(args: &[Value]) -> Option<Value> {
    let (Value::Str(pattern), rest) = args.split_first()? else { return None };
    let mut out = String::new();
    for piece in format_pieces(pattern)? {
        match piece {
            Piece::Text(text) => out.push_str(&text),
            Piece::Hole(index) => match rest.get(index)? {
                Value::Null => {}
                value => out.push_str(&value.text()?),
            },
        }
        if out.len() > MAX_WEIGHT {
            return None;
        }
    }
    Some(out.into())
}

/// `replace`, all occurrences, with case.
pub(in crate::arm) fn replace(args: &[Value]) -> Option<Value> {
    let [Value::Str(text), Value::Str(old), Value::Str(new)] = args else { return None };
    if old.is_empty() || text.matches(&**old).count().saturating_mul(new.len()) > MAX_WEIGHT {
        return None;
    }
    Some(text.replace(&**old, new).into())
}

/// `toLower`.
pub(in crate::arm) fn to_lower(args: &[Value]) -> Option<Value> {
    let [Value::Str(text)] = args else { return None };
    lower(text).map(Value::from)
}

/// `toUpper`.
pub(in crate::arm) fn to_upper(args: &[Value]) -> Option<Value> {
    let [Value::Str(text)] = args else { return None };
    upper(text).map(Value::from)
}

/// `trim`.
pub(in crate::arm) fn trim(args: &[Value]) -> Option<Value> {
    let [Value::Str(text)] = args else { return None };
    Some(text.trim().into())
}

/// `split`, by one delimiter or by any of several: the leftmost wins, then the first in the list.
pub(in crate::arm) fn split(args: &[Value]) -> Option<Value> {
    let [Value::Str(text), delimiter] = args else { return None };
    let delimiters: Vec<&str> = match delimiter {
        Value::Str(one) => vec![one],
        Value::Array(several) => {
            let texts =
                several.iter().map(|item| if let Value::Str(text) = item { Some(&**text) } else { None });
            texts.collect::<Option<_>>()?
        }
        _ => return None,
    };
    if delimiters.is_empty()
        || delimiters.len() > MAX_DELIMITERS
        || delimiters.iter().any(|delimiter| delimiter.is_empty())
    {
        return None;
    }
    if let [one] = delimiters.as_slice() {
        return Some(Value::Array(text.split(one).map(Value::from).collect()));
    }
    let mut pieces = Vec::new();
    let mut piece = 0;
    let mut skip_to = 0;
    for (at, _) in text.char_indices() {
        let rest = text.get(at..)?;
        if at >= skip_to
            && let Some(found) = delimiters.iter().find(|delimiter| rest.starts_with(**delimiter))
        {
            pieces.push(text.get(piece..at)?.into());
            piece = at + found.len();
            skip_to = piece;
        }
    }
    pieces.push(text.get(piece..)?.into());
    Some(Value::Array(pieces))
}

/// `join`.
pub(in crate::arm) fn join(args: &[Value]) -> Option<Value> {
    let [Value::Array(items), Value::Str(delimiter)] = args else { return None };
    if items.len().saturating_mul(delimiter.len()) > MAX_WEIGHT {
        return None;
    }
    let mut out = String::new();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push_str(delimiter);
        }
        out.push_str(&item.text()?);
    }
    Some(out.into())
}

/// `substring`; a range outside the text is an error of Azure.
pub(in crate::arm) fn substring(args: &[Value]) -> Option<Value> {
    let (Value::Str(text), Value::Int(start)) = (args.first()?, args.get(1)?) else { return None };
    let start = usize::try_from(*start).ok()?;
    let end = match args.get(2) {
        None => len16(text),
        Some(Value::Int(length)) => start.checked_add(usize::try_from(*length).ok()?)?,
        Some(_) => return None,
    };
    slice16(text, start, end).map(Value::from)
}

/// `startsWith`, without case.
pub(in crate::arm) fn starts_with(args: &[Value]) -> Option<Value> {
    let [Value::Str(text), Value::Str(start)] = args else { return None };
    Some(upper(text)?.starts_with(&upper(start)?).into())
}

/// `endsWith`, without case.
pub(in crate::arm) fn ends_with(args: &[Value]) -> Option<Value> {
    let [Value::Str(text), Value::Str(end)] = args else { return None };
    Some(upper(text)?.ends_with(&upper(end)?).into())
}

/// The position of a string in a string, without case; the last one when `last`.
pub(super) fn position(text: &str, wanted: &str, last: bool) -> Option<Value> {
    // .NET's answer for an empty string at the end has changed between versions.
    if wanted.is_empty() {
        return (!last).then_some(Value::Int(0));
    }
    let (text, wanted) = (upper(text)?, upper(wanted)?);
    let found = if last { text.rfind(&wanted) } else { text.find(&wanted) };
    let Some(at) = found else { return Some(Value::Int(-1)) };
    i64::try_from(len16(text.get(..at)?)).ok().map(Value::Int)
}

/// `padLeft`, of a string or a number.
pub(in crate::arm) fn pad_left(args: &[Value]) -> Option<Value> {
    let (value, Value::Int(total)) = (args.first()?, args.get(1)?) else { return None };
    let (Value::Str(_) | Value::Int(_)) = value else { return None };
    let fill = match args.get(2) {
        None => " ",
        Some(Value::Str(fill)) if len16(fill) == 1 => fill,
        Some(_) => return None,
    };
    let text = value.text()?;
    let missing = usize::try_from(*total).ok()?.saturating_sub(len16(&text));
    if missing > MAX_WEIGHT {
        return None;
    }
    Some(format!("{}{text}", fill.repeat(missing)).into())
}

/// `string`: scalars as text, arrays and objects as compact JSON.
pub(in crate::arm) fn string(args: &[Value]) -> Option<Value> {
    let [value] = args else { return None };
    match value {
        Value::Array(_) | Value::Object(_) => value.to_json().map(Value::from),
        scalar => scalar.text().map(Value::Str),
    }
}
