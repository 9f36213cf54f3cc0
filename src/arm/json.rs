//! A strict JSON reader for the `json` function. The service reads more (single quotes, comments): such text stays
//! an expression.

use indexmap::IndexMap;

use super::cursor::Cursor;
use super::eval::distinct_keys;
use super::value::Value;

/// Deeper JSON than this is left to the service.
const MAX_DEPTH: usize = 64;

/// Reads one JSON document; `None` when it is not strict JSON or holds a number no [`Value`] can carry.
pub(super) fn read_json(text: &str) -> Option<Value> {
    let mut cursor = Cursor::new(text);
    let value = value(&mut cursor, 0)?;
    cursor.skip_white();
    cursor.peek().is_none().then_some(value)
}

fn value(cursor: &mut Cursor<'_>, depth: usize) -> Option<Value> {
    if depth > MAX_DEPTH {
        return None;
    }
    cursor.skip_white();
    match cursor.peek()? {
        '{' => object(cursor, depth),
        '[' => array(cursor, depth),
        '"' => string(cursor).map(Value::from),
        't' => cursor.eat_word("true").then_some(Value::Bool(true)),
        'f' => cursor.eat_word("false").then_some(Value::Bool(false)),
        'n' => cursor.eat_word("null").then_some(Value::Null),
        _ => number(cursor),
    }
}

fn array(cursor: &mut Cursor<'_>, depth: usize) -> Option<Value> {
    cursor.bump()?;
    let mut items = Vec::new();
    cursor.skip_white();
    if cursor.eat(']') {
        return Some(Value::Array(items));
    }
    loop {
        items.push(value(cursor, depth + 1)?);
        cursor.skip_white();
        match cursor.bump()? {
            ',' => {}
            ']' => return Some(Value::Array(items)),
            _ => return None,
        }
    }
}

fn object(cursor: &mut Cursor<'_>, depth: usize) -> Option<Value> {
    cursor.bump()?;
    let mut members = IndexMap::new();
    cursor.skip_white();
    if cursor.eat('}') {
        return Some(Value::Object(members));
    }
    loop {
        cursor.skip_white();
        let key = string(cursor)?;
        cursor.skip_white();
        if !cursor.eat(':') || members.insert(key.into(), value(cursor, depth + 1)?).is_some() {
            return None;
        }
        cursor.skip_white();
        match cursor.bump()? {
            ',' => {}
            '}' => return distinct_keys(&members).then_some(Value::Object(members)),
            _ => return None,
        }
    }
}

fn number(cursor: &mut Cursor<'_>) -> Option<Value> {
    let text = cursor.take_while(|c| matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E'));
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = match digits.find(['.', 'e', 'E']) {
        Some(end) => (digits.get(..end)?, digits.get(end..)?),
        None => (digits, ""),
    };
    let whole_fits = !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit());
    if !whole_fits || (whole.len() > 1 && whole.starts_with('0')) {
        return None;
    }
    if fraction.is_empty() {
        return text.parse().ok().map(Value::Int);
    }
    let fraction_fits = fraction.chars().last()?.is_ascii_digit()
        && !fraction.starts_with(".e")
        && !fraction.starts_with(".E");
    let float: f64 = text.parse().ok()?;
    (fraction_fits && float.is_finite()).then_some(Value::Float(float))
}

fn string(cursor: &mut Cursor<'_>) -> Option<String> {
    if !cursor.eat('"') {
        return None;
    }
    let mut out = String::new();
    loop {
        out.push_str(cursor.take_while(|c| c >= ' ' && c != '"' && c != '\\'));
        match cursor.bump()? {
            '"' => return Some(out),
            '\\' => out.push(escape(cursor)?),
            _ => return None,
        }
    }
}

fn escape(cursor: &mut Cursor<'_>) -> Option<char> {
    Some(match cursor.bump()? {
        '"' => '"',
        '\\' => '\\',
        '/' => '/',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => {
            let first = hex4(cursor)?;
            if !(0xD800..0xDC00).contains(&first) {
                return char::from_u32(first);
            }
            let second = if cursor.eat_word("\\u") { hex4(cursor)? } else { return None };
            let low = second.checked_sub(0xDC00).filter(|low| *low < 0x400)?;
            return char::from_u32(0x10000 + ((first - 0xD800) << 10) + low);
        }
        _ => return None,
    })
}

fn hex4(cursor: &mut Cursor<'_>) -> Option<u32> {
    (0..4).try_fold(0, |sum, _| Some(sum * 16 + cursor.bump()?.to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use super::read_json;

    #[test]
    fn reads_strict_json_and_writes_it_back() {
        for text in [
            r#"{"a":[1,-2,1.5],"b":{"c":null,"d":true},"e":"x\"\\\n é \u2028"}"#,
            "[]",
            "{}",
            "\"😀\"",
            "0",
            "-7",
        ] {
            let value = read_json(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(value.to_json().as_deref(), Some(text));
        }
        assert_eq!(read_json(r#""\ud83d\ude00""#), read_json("\"😀\""));
    }

    #[test]
    fn leaves_the_rest_alone() {
        let deep = "[".repeat(100_000);
        for text in [
            "",
            "{'a':1}",
            "[1,]",
            "01",
            "1.",
            "1.e5",
            "- 1",
            "\"\\ud83d\"",
            "[1] 2",
            "{\"a\":1,\"A\":2}",
            "nul",
            &deep,
        ] {
            assert_eq!(read_json(text), None, "{text:.20}");
        }
        assert_eq!(read_json("99999999999999999999"), None);
    }
}
