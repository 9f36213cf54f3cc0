//! A value that is known before deployment, and its texts.

use std::fmt::Write;
use std::sync::Arc;

use indexmap::IndexMap;

/// A known value of the template language.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// JSON's `null`: the property counts as absent.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A 64-bit integer, the only number the template language calculates with.
    Int(i64),
    /// A number with a fraction, which templates can only carry (`json('1.5')`).
    Float(f64),
    /// A string.
    Str(Arc<str>),
    /// An array.
    Array(Vec<Value>),
    /// An object; keys keep their order and compare without case.
    Object(IndexMap<Arc<str>, Value>),
}

impl Value {
    /// Names the type as the template language does.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float",
            Self::Str(_) => "string",
            Self::Array(_) => "array",
            Self::Object(_) => "object",
        }
    }

    /// Returns the text that `concat` and `format` write for a scalar: booleans as `True` and `False`, as .NET does.
    pub fn text(&self) -> Option<Arc<str>> {
        match self {
            Self::Str(text) => Some(Arc::clone(text)),
            Self::Int(number) => Some(number.to_string().into()),
            Self::Bool(true) => Some("True".into()),
            Self::Bool(false) => Some("False".into()),
            // A whole float prints as `2` or as `2.0`, depending on which part of the service prints it.
            Self::Float(number) if number.fract() != 0.0 => float_json(*number).map(Into::into),
            Self::Float(_) | Self::Null | Self::Array(_) | Self::Object(_) => None,
        }
    }

    /// Returns the member with this name; case does not matter, the exact spelling goes first.
    pub fn member(&self, name: &str) -> Option<&Value> {
        let Self::Object(members) = self else { return None };
        let exact = members.get(name);
        exact.or_else(|| {
            members.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
        })
    }

    /// Returns the compact JSON text, as `string(value)` of an array or object writes it.
    pub fn to_json(&self) -> Option<String> {
        let mut out = String::new();
        self.write_json(&mut out)?;
        Some(out)
    }

    fn write_json(&self, out: &mut String) -> Option<()> {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Int(number) => write!(out, "{number}").ok()?,
            Self::Float(number) => out.push_str(&float_json(*number)?),
            Self::Str(text) => write_json_string(text, out),
            Self::Array(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    item.write_json(out)?;
                }
                out.push(']');
            }
            Self::Object(members) => {
                out.push('{');
                for (index, (key, value)) in members.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    write_json_string(key, out);
                    out.push(':');
                    value.write_json(out)?;
                }
                out.push('}');
            }
        }
        Some(())
    }

    /// Measures the value: nodes plus bytes of text. `None` above `most`, or when it nests deeper than `deepest`.
    pub(super) fn weight(&self, most: usize, deepest: usize) -> Option<usize> {
        let mut total = 0_usize;
        let mut waiting = vec![(self, 0_usize)];
        while let Some((value, depth)) = waiting.pop() {
            total += 1;
            match value {
                Self::Str(text) => total += text.len(),
                Self::Array(items) => waiting.extend(items.iter().map(|item| (item, depth + 1))),
                Self::Object(members) => {
                    for (key, member) in members {
                        total += key.len();
                        waiting.push((member, depth + 1));
                    }
                }
                Self::Null | Self::Bool(_) | Self::Int(_) | Self::Float(_) => {}
            }
            if total.saturating_add(waiting.len()) > most || depth > deepest {
                return None;
            }
        }
        Some(total)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Str(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Str(text.into())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

/// The range in which .NET and Rust print the same digits, without an exponent.
fn float_json(number: f64) -> Option<String> {
    let plain = number == 0.0 || (1e-4..1e15).contains(&number.abs());
    plain.then(|| format!("{number:?}"))
}

/// Escapes what Newtonsoft.Json escapes, which is what the service prints with.
fn write_json_string(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if c < ' ' || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}') => {
                out.extend(format!("\\u{:04x}", u32::from(c)).chars());
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
