//! A JSON document that is about to be written: members keep their order and numbers their digits.

use std::fmt::Write;
use std::sync::Arc;

/// A JSON value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Json {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number by its text, so that no digit is lost.
    Number(Arc<str>),
    /// Text, not yet escaped.
    Str(Arc<str>),
    /// A list.
    List(Vec<Json>),
    /// An object; its members in order.
    Object(Vec<(Arc<str>, Json)>),
}

impl Json {
    /// Makes text.
    pub fn str(text: impl Into<Arc<str>>) -> Self {
        Self::Str(text.into())
    }

    /// Makes a whole number.
    pub fn int(number: i64) -> Self {
        Self::Number(number.to_string().into())
    }

    /// Makes a number from decimal text. What JSON does not read as a number becomes text, so that no digit is lost.
    pub fn decimal(text: &str) -> Self {
        if is_number(text) { Self::Number(text.into()) } else { Self::str(text) }
    }

    /// Makes an object.
    pub fn object<K: Into<Arc<str>>>(members: impl IntoIterator<Item = (K, Json)>) -> Self {
        Self::Object(members.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    /// The member of an object.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.iter().find(|(name, _)| &**name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// Makes a list of texts.
    pub fn texts<T: Into<Arc<str>>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::List(texts.into_iter().map(Self::str).collect())
    }

    /// The text on one line, without white space.
    pub fn compact(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, None);
        out
    }

    /// The text with two spaces a level and a line break at its end.
    pub fn pretty(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, Some(0));
        out.push('\n');
        out
    }

    fn write(&self, out: &mut String, level: Option<usize>) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(true) => out.push_str("true"),
            Self::Bool(false) => out.push_str("false"),
            Self::Number(text) => out.push_str(text),
            Self::Str(text) => write_text(text, out),
            Self::List(items) => {
                write_all(out, level, ['[', ']'], items, |item, out, level| item.write(out, level))
            }
            Self::Object(members) => {
                write_all(out, level, ['{', '}'], members, |(key, value), out, level| {
                    write_text(key, out);
                    out.push_str(if level.is_some() { ": " } else { ":" });
                    value.write(out, level);
                })
            }
        }
    }
}

/// Writes what stands between brackets.
fn write_all<T>(
    out: &mut String,
    level: Option<usize>,
    [open, close]: [char; 2],
    items: &[T],
    each: impl Fn(&T, &mut String, Option<usize>),
) {
    out.push(open);
    let inner = level.map(|level| level + 1);
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        new_line(out, inner);
        each(item, out, inner);
    }
    if !items.is_empty() {
        new_line(out, level);
    }
    out.push(close);
}

fn new_line(out: &mut String, level: Option<usize>) {
    if let Some(level) = level {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", level));
    }
}

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    // All that is escaped is ASCII, so what lies between are whole characters.
    while let Some((plain, c, after)) = split_escaped(rest) {
        out.push_str(plain);
        match c {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            8 => out.push_str("\\b"),
            12 => out.push_str("\\f"),
            // Writing to a `String` cannot fail.
            c => write!(out, "\\u{c:04x}").unwrap_or_default(),
        }
        rest = after;
    }
    out.push_str(rest);
    out.push('"');
}

/// The text before the first character that JSON escapes, that character, and what follows it.
fn split_escaped(text: &str) -> Option<(&str, u8, &str)> {
    let escaped = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
    let (at, byte) = text.bytes().enumerate().find(|(_, byte)| escaped(*byte))?;
    Some((text.get(..at)?, byte, text.get(at + 1..)?))
}

/// Whether JSON reads a text as a number.
fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (text, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.strip_prefix(['+', '-']).unwrap_or(exponent)),
        None => (text, "0"),
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits(whole) && digits(fraction) && digits(exponent) && (whole == "0" || !whole.starts_with('0'))
}

#[cfg(test)]
mod tests {
    use super::Json;

    #[test]
    fn writes_both_forms() {
        let json = Json::object([
            ("a", Json::List(vec![Json::int(-1), Json::decimal("1.50"), Json::Null])),
            ("q\"", Json::str("x\n\u{1}é")),
            ("e", Json::Object(vec![])),
            ("l", Json::List(vec![])),
        ]);
        assert_eq!(json.compact(), r#"{"a":[-1,1.50,null],"q\"":"x\n\u0001é","e":{},"l":[]}"#);
        assert_eq!(
            json.pretty(),
            "{\n  \"a\": [\n    -1,\n    1.50,\n    null\n  ],\n  \"q\\\"\": \"x\\n\\u0001é\",\n  \"e\": {},\n  \"l\": []\n}\n"
        );
        let read: serde_json::Value = serde_json::from_str(&json.pretty()).unwrap();
        assert_eq!(read.to_string(), r#"{"a":[-1,1.5,null],"q\"":"x\n\u0001é","e":{},"l":[]}"#);
    }

    #[test]
    fn what_is_no_number_is_text() {
        for text in ["0.1", "12.50", "-3.0", "1e9", "1.5E-3", "0"] {
            assert_eq!(Json::decimal(text), Json::Number(text.into()));
        }
        for text in ["01.5", ".5", "5.", "", "-", "1_000.0", "1.5x"] {
            assert_eq!(Json::decimal(text), Json::str(text));
        }
    }
}
