//! What a parameter may be, and whether its default is that.

use std::collections::HashSet;

use super::code::fits;
use super::out::Ex;
use super::scope::{Scope, Type};
use crate::json::{Data, Value};
use crate::syntax::quote;

impl Scope {
    /// A default that the compiler takes for the type; one of the allowed texts is that text.
    pub(super) fn default_of(&mut self, default: &Value, param: &Value, holds: Type, ty: &str) -> Option<Ex> {
        let allowed = param.get("allowedValues").and_then(Value::as_list).unwrap_or_default();
        match allowed.iter().any(|value| value.data == default.data) {
            true => self.unfilled(|scope| scope.default_value(default, param, holds, ty)),
            false => self.default_value(default, param, holds, ty),
        }
    }

    /// A default that the compiler takes for the type.
    fn default_value(&mut self, default: &Value, param: &Value, holds: Type, ty: &str) -> Option<Ex> {
        let made = self.made(default);
        let literal = self.literal_text(default);
        if !fits(made.ty, holds) || made.ty == Type::Null {
            return None;
        }
        if let Some(Data::List(allowed)) = param.get("allowedValues").map(|v| &v.data)
            && ty.contains('"')
        {
            let text = literal.clone()?;
            if !allowed.iter().any(|v| self.literal_text(v).as_deref() == Some(text.as_str())) {
                return None;
            }
        }
        let bound = |name: &str| whole_number(param, name);
        if let Some(text) = &literal {
            let length = i64::try_from(text.encode_utf16().count()).unwrap_or(i64::MAX);
            let outside = bound("minLength").is_some_and(|n| length < n)
                || bound("maxLength").is_some_and(|n| length > n);
            if outside && holds == Type::Text {
                return None;
            }
        }
        if let Data::Number(text) = &default.data {
            let number: i64 = text.parse().ok()?;
            if bound("minValue").is_some_and(|n| number < n) || bound("maxValue").is_some_and(|n| number > n)
            {
                return None;
            }
        }
        Some(made.ex)
    }

    /// Why a default is not written as one.
    pub(super) fn why_no_default(&mut self, default: &Value, param: &Value) -> Option<&'static str> {
        param.get("allowedValues")?.as_list()?;
        Some(match self.literal_text(default) {
            Some(_) => "it is none of the allowed values",
            None => "only Azure knows whether it is one of the allowed values",
        })
    }

    /// What comes of it where placeholders are texts: those of the allowed values say what may be given.
    pub(super) fn unfilled<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> T {
        let placeholders = std::mem::take(&mut self.placeholders);
        let made = make(self);
        self.placeholders = placeholders;
        made
    }
}

/// A whole number among the members of a parameter.
fn whole_number(param: &Value, name: &str) -> Option<i64> {
    match param.get(name).map(|v| &v.data) {
        Some(Data::Number(text)) => text.parse().ok(),
        _ => None,
    }
}

/// The type with its bounds: allowed texts, lengths, ranges.
pub(super) fn refined(value: &Value, holds: Type, said: &mut HashSet<&str>) -> Option<String> {
    let number = |name: &str| whole_number(value, name);
    if holds == Type::Text
        && let Some(Data::List(items)) = value.get("allowedValues").map(|v| &v.data)
    {
        let plain = |text: &str| !text.is_empty() && !text.contains("${") && !text.starts_with('[');
        let texts: Option<Vec<String>> =
            items.iter().map(|v| v.as_text().filter(|t| plain(t)).map(quote)).collect();
        let texts = texts.filter(|texts| !texts.is_empty() && texts.iter().all(|t| t.starts_with('"')))?;
        let distinct: HashSet<&String> = texts.iter().collect();
        if distinct.len() != texts.len() {
            return None;
        }
        said.insert("allowedValues");
        return Some(texts.join(" | "));
    }
    let (low, high) = match holds {
        Type::Text => ("minLength", "maxLength"),
        Type::Int => ("minValue", "maxValue"),
        _ => return None,
    };
    let (min, max) = (number(low), number(high));
    if min.is_none() && max.is_none() {
        return None;
    }
    said.extend([min.map(|_| low), max.map(|_| high)].into_iter().flatten());
    let show = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
    let word = if holds == Type::Text { "string" } else { "int" };
    Some(format!("{word}({}..{})", show(min), show(max)))
}
