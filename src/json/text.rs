//! Strings and numbers: their bytes to what they mean.

use super::errors::{self, Broken};
use crate::base::{FileId, TextRange};

/// Reads a string whose opening quote stands at `start`; returns its meaning and the offset behind its closing quote.
pub(super) fn string(file: FileId, text: &str, start: usize) -> Result<(Box<str>, usize), Broken> {
    let bytes = text.as_bytes();
    let mut out = String::new();
    let mut at = start + 1;
    let mut plain = at;
    loop {
        match bytes.get(at) {
            None => {
                let line = text.get(start..).and_then(|t| t.lines().next()).map_or(1, str::len);
                return Err(errors::unclosed_string(TextRange::new(start, start + line).in_file(file)).into());
            }
            Some(b'"') => {
                out.push_str(text.get(plain..at).unwrap_or(""));
                return Ok((out.into_boxed_str(), at + 1));
            }
            Some(b'\\') => {
                out.push_str(text.get(plain..at).unwrap_or(""));
                at = escape(file, text, at, &mut out)?;
                plain = at;
            }
            Some(_) => at += 1,
        }
    }
}

/// What follows a backslash, but for `u`, and what it stands for.
static ESCAPES: &[(u8, char)] = &[
    (b'"', '"'),
    (b'\\', '\\'),
    (b'/', '/'),
    (b'b', '\u{8}'),
    (b'f', '\u{c}'),
    (b'n', '\n'),
    (b'r', '\r'),
    (b't', '\t'),
];

/// Reads the escape at `at`; returns the offset behind it.
fn escape(file: FileId, text: &str, at: usize, out: &mut String) -> Result<usize, Broken> {
    let bytes = text.as_bytes();
    let Some(&kind) = bytes.get(at + 1) else {
        return Err(errors::unclosed_string(TextRange::new(at, at + 1).in_file(file)).into());
    };
    if let Some((_, meant)) = ESCAPES.iter().find(|(written, _)| *written == kind) {
        out.push(*meant);
        return Ok(at + 2);
    }
    let wrong = || {
        let shown: String =
            text.get(at..).unwrap_or("").chars().take(if kind == b'u' { 6 } else { 2 }).collect();
        let span = TextRange::new(at, at + shown.len()).in_file(file);
        errors::bad_escape(span, &shown)
    };
    if kind != b'u' {
        return Err(wrong().into());
    }
    let half = || errors::half_character(TextRange::new(at, at + 6).in_file(file));
    let first = hex(text, at + 2).ok_or_else(wrong)?;
    let (number, end) = match first {
        0xD800..0xDC00 => {
            let low = (bytes.get(at + 6..at + 8) == Some(b"\\u")).then(|| hex(text, at + 8)).flatten();
            let low = low.filter(|low| (0xDC00..0xE000).contains(low)).ok_or_else(half)?;
            (0x10000 + ((first - 0xD800) << 10) + (low - 0xDC00), at + 12)
        }
        number => (number, at + 6),
    };
    out.push(char::from_u32(number).ok_or_else(half)?);
    Ok(end)
}

/// Four hexadecimal digits.
fn hex(text: &str, at: usize) -> Option<u32> {
    let digits = text.get(at..at + 4)?;
    digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok()).flatten()
}

/// Whether a text is a number of JSON.
pub(super) fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    digits(whole)
        && (whole.len() == 1 || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|e| digits(e.strip_prefix(['+', '-']).unwrap_or(e)))
}

#[cfg(test)]
mod tests {
    use super::is_number;

    #[test]
    fn numbers_are_those_of_json() {
        for text in ["0", "-0", "10", "1.5", "1e3", "1.25E-10", "-3e+2"] {
            assert!(is_number(text), "{text}");
        }
        for text in ["", "-", "01", "1.", ".5", "1e", "+1", "0x1", "1_000", "1-2"] {
            assert!(!is_number(text), "{text}");
        }
    }
}
