//! Values in the form in which they are compared.

use std::borrow::Cow;
use std::fmt::Write;

use super::spelling::key_of;
use crate::arm::{Expr, Value, escape_literal, parse, print};
use crate::plan::Json;

/// A value: literals as they are, expressions by their canonical text.
#[derive(Clone, Debug)]
pub enum Tree {
    /// `null`; as a member it counts as absent and is not kept.
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number, as written.
    Number(Box<str>),
    /// Text, without the escapes of templates.
    Text(Box<str>),
    /// What only Azure knows.
    Expr {
        /// The expression without its brackets, for people.
        shown: Box<str>,
        /// What it is compared by.
        key: Box<str>,
    },
    /// A list.
    List(Vec<Tree>),
    /// An object.
    Object(Vec<(Box<str>, Tree)>),
}

impl Tree {
    /// Makes text.
    pub(super) fn text(text: impl Into<Box<str>>) -> Self {
        Self::Text(text.into())
    }

    /// An expression; one that spells a value becomes that value.
    pub(super) fn from_expr(expr: &Expr) -> Self {
        match expr {
            Expr::Str(text) => Self::text(&**text),
            Expr::Int(number) => Self::Number(number.to_string().into()),
            Expr::Bool(value) => Self::Bool(*value),
            Expr::Null => Self::Null,
            Expr::Call { name, args } if name.eq_ignore_ascii_case("createArray") => {
                Self::List(args.iter().map(Self::from_expr).collect())
            }
            Expr::Call { name, args } if name.eq_ignore_ascii_case("createObject") => {
                members(args).unwrap_or_else(|| Self::computed(expr))
            }
            // How numbers are written that no literal of an expression holds.
            Expr::Call { name, args } if name.eq_ignore_ascii_case("json") => match args.as_slice() {
                [Expr::Str(text)] if is_number(text) => Self::Number(text.trim().into()),
                _ => expr.as_value().map_or_else(|| Self::computed(expr), |value| Self::from_value(&value)),
            },
            other => match other.as_value() {
                Some(value) => Self::from_value(&value),
                None => Self::computed(expr),
            },
        }
    }

    fn computed(expr: &Expr) -> Self {
        let shown = print(expr, &|_| None).into();
        Self::Expr { shown, key: key_of(expr).into() }
    }

    /// A known value.
    pub(super) fn from_value(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Int(number) => Self::Number(number.to_string().into()),
            Value::Float(number) => Self::Number(format!("{number:?}").into()),
            Value::Str(text) => Self::text(&**text),
            Value::Array(items) => Self::List(items.iter().map(Self::from_value).collect()),
            Value::Object(members) => Self::object(
                members.iter().map(|(key, value)| (Box::from(&**key), Self::from_value(value))).collect(),
            ),
        }
    }

    /// An object; members that are null are absent.
    pub(super) fn object(mut members: Vec<(Box<str>, Self)>) -> Self {
        members.retain(|(_, value)| !matches!(value, Self::Null));
        Self::Object(members)
    }

    /// What it is compared by: the same for equal values, whatever the order of members.
    pub(super) fn key(&self) -> String {
        let mut out = String::new();
        self.write_key(&mut out);
        out
    }

    fn write_key(&self, out: &mut String) {
        // Writing to a `String` cannot fail.
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => write!(out, "{value}").unwrap_or_default(),
            Self::Number(text) => out.push_str(&plain_number(text)),
            Self::Text(text) => write!(out, "{:?}", compared(text)).unwrap_or_default(),
            Self::Expr { key, .. } => write!(out, "[{key}]").unwrap_or_default(),
            Self::List(items) => {
                out.push('(');
                for item in items {
                    item.write_key(out);
                    out.push(',');
                }
                out.push(')');
            }
            Self::Object(members) => {
                let mut sorted: Vec<_> = members.iter().collect();
                sorted.sort_by_cached_key(|(key, _)| compared(key).into_owned());
                out.push('{');
                for (key, value) in sorted {
                    write!(out, "{:?}:", compared(key)).unwrap_or_default();
                    value.write_key(out);
                    out.push(',');
                }
                out.push('}');
            }
        }
    }

    /// The member of an object.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.iter().find(|(name, _)| &**name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// Takes away what a path of members leads to.
    pub(super) fn remove(&mut self, path: &str) {
        let (first, rest) = path.split_once('.').unwrap_or((path, ""));
        let Self::Object(members) = self else { return };
        if rest.is_empty() {
            members.retain(|(key, _)| &**key != first);
        } else if let Some((_, inner)) = members.iter_mut().find(|(key, _)| &**key == first) {
            inner.remove(rest);
        }
    }

    /// The value at a path of members: `properties.source`.
    pub(super) fn at(&self, path: &str) -> Option<&Self> {
        path.split('.').try_fold(self, |tree, key| tree.get(key))
    }

    /// The elements of a list; none of anything else.
    pub(super) fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    /// The text that it is, or the expression's.
    pub(super) fn shown(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Expr { shown, .. } => Some(shown),
            _ => None,
        }
    }

    /// Whether it is an object without members or a list without elements.
    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Self::List(items) if items.is_empty())
            || matches!(self, Self::Object(members) if members.is_empty())
    }

    /// The expression that gives it; nothing for a number that no expression carries.
    pub(super) fn to_expr(&self) -> Option<Expr> {
        Some(match self {
            Self::Null => Expr::Null,
            Self::Bool(value) => Expr::Bool(*value),
            Self::Number(text) => Expr::Int(text.parse().ok()?),
            Self::Text(text) => Expr::str(&**text),
            Self::Expr { shown, .. } => parse(shown).ok()?,
            Self::List(items) => {
                Expr::call("createArray", items.iter().map(Self::to_expr).collect::<Option<_>>()?)
            }
            Self::Object(members) => {
                let mut args = Vec::new();
                for (key, value) in members {
                    args.extend([Expr::str(&**key), value.to_expr()?]);
                }
                Expr::call("createObject", args)
            }
        })
    }

    /// The JSON that a template would hold.
    pub(super) fn to_json(&self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Bool(value) => Json::Bool(*value),
            Self::Number(text) => Json::decimal(text),
            Self::Text(text) => Json::str(&*escape_literal(text)),
            Self::Expr { shown, .. } => Json::str(format!("[{shown}]")),
            Self::List(items) => Json::List(items.iter().map(Self::to_json).collect()),
            Self::Object(members) => {
                Json::object(members.iter().map(|(key, value)| (&**key, value.to_json())))
            }
        }
    }

    /// The value on one line, cut to about so many characters.
    pub fn short(&self, most: usize) -> String {
        let text = self.to_json().compact();
        if text.chars().count() <= most {
            return text;
        }
        text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
    }
}

/// Two values on a line each, cut to about so many characters, so that it can be seen where they differ.
pub fn short_pair(old: &Tree, new: &Tree, most: usize) -> (String, String) {
    /// How much of what is the same stands before what differs.
    const BEFORE: usize = 20;
    let (a, b) = (old.to_json().compact(), new.to_json().compact());
    let same = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let fits = a.chars().count().max(b.chars().count()) <= most;
    if fits || same < most.saturating_sub(BEFORE) {
        return (old.short(most), new.short(most));
    }
    let cut = |text: &str| {
        let mut rest = text.chars().skip(same - BEFORE.min(same));
        let shown: String = rest.by_ref().take(most.saturating_sub(2)).collect();
        format!("…{shown}{}", if rest.next().is_some() { "…" } else { "" })
    };
    (cut(&a), cut(&b))
}

/// A text as it is compared: ids of resources without case.
pub(super) fn compared(text: &str) -> Cow<'_, str> {
    const ID: &str = "/subscriptions/";
    let is_id = text.get(..ID.len()).is_some_and(|start| start.eq_ignore_ascii_case(ID));
    if is_id { text.to_lowercase().into() } else { text.into() }
}

/// `createObject('a', 1)` as an object, if its keys are known.
fn members(args: &[Expr]) -> Option<Tree> {
    let pairs = args.chunks(2).map(|pair| match pair {
        [Expr::Str(key), value] => Some((Box::from(&**key), Tree::from_expr(value))),
        _ => None,
    });
    pairs.collect::<Option<Vec<_>>>().map(Tree::object)
}

/// Whether text is a number as JSON writes it.
fn is_number(text: &str) -> bool {
    let text = text.trim();
    text.ends_with(|c: char| c.is_ascii_digit())
        && text.starts_with(|c: char| c == '-' || c.is_ascii_digit())
        && text.parse::<f64>().is_ok_and(f64::is_finite)
}

/// A number's digits, so that `1.0` is `1`.
fn plain_number(text: &str) -> String {
    match text.parse::<f64>() {
        Ok(number) if text.contains(['.', 'e', 'E']) && number.is_finite() => format!("{number}"),
        _ => text.to_owned(),
    }
}
