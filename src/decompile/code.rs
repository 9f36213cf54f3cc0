//! Expressions of the language: text that knows what it gives and how tightly it binds.

use super::out::Ex;
use super::scope::Type;
use super::text::{Part, clearer_block, interpolated, paragraph};
use crate::arm::{self, Returns, Value};
use crate::check::Builtin;
use crate::syntax::ast::BinaryOp;
use crate::syntax::{is_name, quote, strength};

/// An expression of the language: its text, what it gives, and how tightly it binds.
#[derive(Clone, Debug)]
pub(super) struct Code {
    pub(super) text: String,
    pub(super) ty: Type,
    pub(super) binds: u8,
    /// What a text is put together of, where that is known.
    parts: Option<Vec<Part>>,
}

/// How tightly what is no operator of two sides binds; what is above all of them needs no brackets anywhere.
pub(super) const TERNARY: u8 = 0;
pub(super) const UNARY: u8 = 8;
pub(super) const ATOM: u8 = 9;

impl Code {
    pub(super) fn new(text: impl Into<String>, ty: Type) -> Self {
        Self::with(text.into(), ty, ATOM)
    }

    pub(super) fn with(text: String, ty: Type, binds: u8) -> Self {
        Self { text, ty, binds, parts: None }
    }

    /// A known text.
    pub(super) fn text(text: &str) -> Self {
        Self::of_parts(vec![Part::Text(text.to_owned())])
    }

    /// A text that is put together.
    pub(super) fn of_parts(parts: Vec<Part>) -> Self {
        let parts = merged(parts);
        Self { parts: Some(parts.clone()), ..Self::new(interpolated(&parts), Type::Text) }
    }

    /// Whether it is text that begins with a known part without a slash, and is not known as a whole.
    pub(super) fn is_made_name(&self) -> bool {
        match self.parts.as_deref() {
            Some([Part::Text(first), _, ..]) => !first.contains('/'),
            _ => false,
        }
    }

    /// The text before a `?`, if it may be a truth value.
    pub(super) fn condition(&self) -> Option<String> {
        fits(self.ty, Type::Bool).then(|| self.within(strength(BinaryOp::Coalesce)))
    }

    /// The value, over several lines where its text has several.
    pub(super) fn into_ex(self) -> Ex {
        let long = self.parts.as_deref().and_then(|parts| paragraph(parts).or_else(|| clearer_block(parts)));
        long.unwrap_or_else(|| Ex::atom(self.text))
    }

    /// What the text is put together of.
    pub(super) fn into_parts(self) -> Vec<Part> {
        let plain = self.ty == Type::Int && self.text.parse::<i64>().is_ok();
        let alone = |text| if plain { Part::Text(text) } else { Part::Code(text) };
        self.parts.unwrap_or_else(|| vec![alone(self.text)])
    }

    /// The text where an operator of this strength stands beside it.
    pub(super) fn within(&self, binds: u8) -> String {
        if self.binds < binds { format!("({})", self.text) } else { self.text.clone() }
    }
}

/// Whether a value of one type will do where another is expected.
pub(super) fn fits(have: Type, want: Type) -> bool {
    have == want || have == Type::Any || want == Type::Any
}

/// A key as it is written in an object.
pub(super) fn key_text(key: &str) -> String {
    if is_name(key) { key.to_owned() } else { quote(key) }
}

/// A known value.
pub(super) fn value_code(value: &Value) -> Option<Code> {
    Some(match value {
        Value::Null => Code::new("null", Type::Null),
        Value::Bool(value) => Code::new(value.to_string(), Type::Bool),
        Value::Int(i64::MIN) => return None,
        Value::Int(number) if *number < 0 => Code::with(number.to_string(), Type::Int, UNARY),
        Value::Int(number) => Code::new(number.to_string(), Type::Int),
        Value::Float(_) => return None,
        Value::Str(text) => Code::of_parts(vec![Part::Text(text.to_string())]),
        Value::Array(items) => {
            let items: Option<Vec<String>> =
                items.iter().map(|item| value_code(item).map(|c| c.text)).collect();
            Code::new(format!("[{}]", items?.join(", ")), Type::List)
        }
        Value::Object(members) if members.is_empty() => Code::new("{}", Type::Object),
        Value::Object(members) => {
            let members: Option<Vec<String>> = members
                .iter()
                .map(|(key, value)| Some(format!("{} = {}", key_text(key), value_code(value)?.text)))
                .collect();
            Code::new(format!("{{ {} }}", members?.join(", ")), Type::Object)
        }
    })
}

fn merged(parts: Vec<Part>) -> Vec<Part> {
    let mut out: Vec<Part> = Vec::new();
    for part in parts {
        match (out.last_mut(), part) {
            (_, Part::Text(text)) if text.is_empty() => {}
            (Some(Part::Text(before)), Part::Text(text)) => before.push_str(&text),
            (_, part) => out.push(part),
        }
    }
    out
}

pub(super) fn returns(function: &str) -> Type {
    match arm::function(function).map(|row| row.returns) {
        Some(Returns::String) => Type::Text,
        Some(Returns::Int) => Type::Int,
        Some(Returns::Bool) => Type::Bool,
        Some(Returns::Array) => Type::List,
        Some(Returns::Object) => Type::Object,
        _ => Type::Any,
    }
}

/// What the compiler takes a call of a built-in function to give.
pub(super) fn returns_of(row: &Builtin, function: &str) -> Type {
    match row.returns {
        "string" => Type::Text,
        "int" => Type::Int,
        "bool" => Type::Bool,
        "list" | "list of strings" => Type::List,
        "object" => Type::Object,
        _ => returns(function),
    }
}

/// The word for a type in the table of functions.
pub(super) fn words_of(ty: Type) -> &'static str {
    match ty {
        Type::Text => "string",
        Type::Int => "int",
        Type::Bool => "bool",
        Type::List => "list",
        Type::Object => "object",
        Type::Null => "null",
        Type::Any => "any",
    }
}
