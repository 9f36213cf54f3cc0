//! Calls that Azure surely refuses, whatever else is in the template.
//!
//! A fold that gives nothing does not say why: the outcome may only be uncertain. Here stands what is certain, after
//! the pages of the functions (learn.microsoft.com/azure/azure-resource-manager/templates/template-functions) and
//! the .NET methods behind them.

use super::Value;
use super::chars::len16;
use crate::arm::compose::{Piece, format_pieces};

/// Says why a call of known arguments is refused; nothing where it is not, or not surely.
type Refusal = fn(&[Value]) -> Option<String>;

static REFUSALS: &[(&str, Refusal)] = &[
    ("base64ToString", base64),
    ("base64ToJson", base64),
    ("bool", boolean),
    ("concat", concat),
    ("format", format),
    ("int", int),
    ("max", numbers),
    ("min", numbers),
    ("replace", replace),
    ("substring", substring),
    ("union", one_kind),
    ("intersection", one_kind),
];

/// Says why Azure surely refuses a call of known arguments, as half a sentence: `"5x" is no whole number`.
pub fn refusal(name: &str, args: &[Value]) -> Option<String> {
    let (_, refuses) = REFUSALS.iter().find(|(function, _)| function.eq_ignore_ascii_case(name))?;
    refuses(args)
}

/// A value in quotes, shortened.
fn shown(text: &str) -> String {
    let mut start: String = text.chars().take(40).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    format!("{start:?}")
}

fn int(args: &[Value]) -> Option<String> {
    match args {
        [Value::Str(text)] if text.is_empty() || text.contains(|c: char| c.is_ascii_alphabetic()) => {
            Some(format!("{} is no whole number", shown(text)))
        }
        [Value::Array(_) | Value::Object(_) | Value::Null] => {
            Some("only text and numbers become an int".into())
        }
        _ => None,
    }
}

fn boolean(args: &[Value]) -> Option<String> {
    let [Value::Str(text)] = args else { return None };
    let word = text.trim();
    let known = ["true", "false"].iter().any(|known| word.eq_ignore_ascii_case(known));
    let plain = !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphabetic());
    (plain && !known).then(|| format!("{} is neither `true` nor `false`", shown(text)))
}

fn base64(args: &[Value]) -> Option<String> {
    let [Value::Str(text)] = args else { return None };
    let digit = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=') || c.is_whitespace();
    let other = text.chars().find(|c| !digit(*c))?;
    Some(format!("{} is no Base64: {other:?} is none of its characters", shown(text)))
}

fn concat(args: &[Value]) -> Option<String> {
    let lists = args.iter().filter(|arg| matches!(arg, Value::Array(_))).count();
    (lists > 0 && lists < args.len()).then(|| "lists and texts can't be joined to one another".into())
}

fn one_kind(args: &[Value]) -> Option<String> {
    let count = |wanted: fn(&Value) -> bool| args.iter().filter(|arg| wanted(arg)).count();
    let lists = count(|arg| matches!(arg, Value::Array(_)));
    let objects = count(|arg| matches!(arg, Value::Object(_)));
    (lists > 0 && objects > 0).then(|| "it takes lists or objects, not both".into())
}

fn numbers(args: &[Value]) -> Option<String> {
    let items = if let [Value::Array(items)] = args { items } else { args };
    let other =
        items.iter().find(|item| matches!(item, Value::Str(_) | Value::Bool(_) | Value::Object(_)))?;
    Some(match other {
        Value::Str(text) => format!("{} is no number", shown(text)),
        _ => "it takes numbers only".into(),
    })
}

fn replace(args: &[Value]) -> Option<String> {
    let [_, Value::Str(old), _] = args else { return None };
    old.is_empty().then(|| "there is no text to replace: it is empty".into())
}

fn substring(args: &[Value]) -> Option<String> {
    let (Value::Str(text), Value::Int(start)) = (args.first()?, args.get(1)?) else { return None };
    let length = match args.get(2) {
        None => 0,
        Some(Value::Int(length)) => *length,
        Some(_) => return None,
    };
    let has = i64::try_from(len16(text)).ok()?;
    if *start < 0 || length < 0 {
        return Some("a text has no characters before its first".into());
    }
    let end = start.checked_add(length)?;
    (end > has).then(|| format!("{} has {has} characters, there are none up to {end}", shown(text)))
}

fn format(args: &[Value]) -> Option<String> {
    let (Value::Str(pattern), rest) = args.split_first()? else { return None };
    let missing = format_pieces(pattern)?.into_iter().find_map(|piece| match piece {
        Piece::Hole(index) if index >= rest.len() => Some(index),
        _ => None,
    })?;
    Some(format!("{} has `{{{missing}}}`, but there {} behind it", shown(pattern), values(rest.len())))
}

fn values(count: usize) -> String {
    match count {
        0 => "is no value".into(),
        1 => "is one value".into(),
        n => format!("are {n} values"),
    }
}

#[cfg(test)]
mod tests {
    use super::{REFUSALS, refusal};
    use crate::arm::{Expr, FUNCTIONS, fold, fold_call, parse};

    fn refused(text: &str) -> Option<String> {
        let Expr::Call { name, args } = parse(text).unwrap() else { panic!("{text}") };
        let args: Vec<_> = args.iter().map(|arg| fold(arg).as_value().unwrap()).collect();
        let why = refusal(&name, &args);
        assert!(why.is_none() || fold_call(&name, &args).is_none(), "{text} is refused, and computed");
        why
    }

    #[test]
    fn what_azure_refuses_is_known() {
        for text in [
            "int('5x')",
            "int('')",
            "int(createArray(1))",
            "bool('yes')",
            "base64ToString('%%')",
            "base64ToJson('a-b')",
            "concat('a', createArray())",
            "format('{1}', 'a')",
            "format('{0}')",
            "max('a', 1)",
            "min(createArray(1, true()))",
            "replace('a', '', 'b')",
            "substring('abc', 2, 2)",
            "substring('abc', 4)",
            "substring('abc', -1)",
            "union(createArray(1), createObject('a', 1))",
        ] {
            assert!(refused(text).is_some(), "{text}");
        }
    }

    #[test]
    fn what_may_be_right_is_let_through() {
        for text in [
            "int('4')",
            "int(' 4')",
            "int('+4')",
            "int('4.0')",
            "bool('True')",
            "bool(' true ')",
            "bool('1')",
            "base64ToString('YQ==')",
            "concat('a', 1)",
            "concat(createArray(), createArray())",
            "format('{0:N0}', 5)",
            "format('{{1}}', 5)",
            "max(createArray())",
            "substring('abc', 3)",
            "substring('abc', 1, 2)",
            "union(createArray(), createArray())",
        ] {
            assert_eq!(refused(text), None, "{text}");
        }
    }

    #[test]
    fn every_row_is_a_function() {
        for (name, _) in REFUSALS {
            assert!(FUNCTIONS.iter().any(|row| row.name == *name), "{name}");
        }
    }
}
