//! Literals: what the text of numbers, escapes and block strings means.

use crate::base::is_unseen;

/// A number literal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum NumberLit {
    /// `1_000`
    Int(i64),
    /// `1.5`, without underscores.
    Decimal(String),
    /// `1h30m`, in seconds.
    Duration(u64),
    /// `64GB`, in whole gigabytes.
    Size(u64),
}

/// Why a number literal has no value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum NumberError {
    /// It doesn't fit 64 bits.
    TooLarge,
    /// `0x1F`, `0b1`
    Radix,
    /// `512MB`: sizes are whole gigabytes.
    SmallSize,
    /// `1.5h`, `1.5GB`
    Fraction,
    /// `30m1h`, `1h2h`: units stand once and in the order hours, minutes, seconds.
    Order,
    /// `5x`: no such unit; with the unit that was probably meant.
    Unit(String, Option<&'static str>),
}

/// The units of durations, in the order in which they may follow one another, with their seconds.
const DURATIONS: &[(&str, u64)] = &[("h", 3600), ("m", 60), ("s", 1)];
/// The units of sizes, in gigabytes.
const SIZES: &[(&str, u64)] = &[("GB", 1), ("TB", 1024)];
/// Units that people write, and what to write instead.
const FOREIGN_UNITS: &[(&str, &str)] = &[
    ("hr", "h"),
    ("hrs", "h"),
    ("hour", "h"),
    ("hours", "h"),
    ("min", "m"),
    ("mins", "m"),
    ("minute", "m"),
    ("minutes", "m"),
    ("sec", "s"),
    ("secs", "s"),
    ("second", "s"),
    ("seconds", "s"),
    ("gb", "GB"),
    ("G", "GB"),
    ("g", "GB"),
    ("Gb", "GB"),
    ("GiB", "GB"),
    ("tb", "TB"),
    ("T", "TB"),
    ("t", "TB"),
    ("Tb", "TB"),
    ("TiB", "TB"),
];
const SMALL_SIZES: &[&str] = &["MB", "mb", "Mb", "M", "MiB", "KB", "kB", "kb", "K", "KiB", "B"];

/// The value of a number literal: an integer, a decimal, a duration or a size.
///
/// # Errors
/// [`NumberError`] says why it has none.
pub(super) fn parse_number(text: &str) -> Result<NumberLit, NumberError> {
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().map(NumberLit::Int).map_err(|_| NumberError::TooLarge);
    }
    let plain: String = text.chars().filter(|c| *c != '_').collect();
    let is_radix = plain.strip_prefix('0').and_then(|r| r.chars().next());
    if matches!(is_radix, Some('x' | 'X' | 'b' | 'o' | 'O')) {
        return Err(NumberError::Radix);
    }
    let letter = plain.find(|c: char| c.is_ascii_alphabetic());
    match (plain.contains('.'), letter) {
        (true, None) => Ok(NumberLit::Decimal(plain)),
        (true, Some(_)) => Err(NumberError::Fraction),
        (false, None) => plain.parse().map(NumberLit::Int).map_err(|_| NumberError::TooLarge),
        (false, Some(_)) => with_units(&plain),
    }
}

fn with_units(text: &str) -> Result<NumberLit, NumberError> {
    let mut rest = text;
    let mut seconds: u64 = 0;
    let mut last_unit = None;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (number, tail) = rest.split_at_checked(digits).unwrap_or((rest, ""));
        let letters = tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at_checked(letters).unwrap_or((tail, ""));
        let number: u64 = number.parse().map_err(|_| NumberError::TooLarge)?;
        if let Some((_, gigabytes)) = SIZES.iter().find(|(name, _)| *name == unit) {
            let whole = last_unit.is_none() && tail.is_empty();
            let size = number.checked_mul(*gigabytes).ok_or(NumberError::TooLarge)?;
            return if whole { Ok(NumberLit::Size(size)) } else { Err(NumberError::Order) };
        }
        if SMALL_SIZES.contains(&unit) {
            return Err(NumberError::SmallSize);
        }
        let Some(index) = DURATIONS.iter().position(|(name, _)| *name == unit) else {
            let meant = FOREIGN_UNITS.iter().find(|(name, _)| *name == unit).map(|(_, ours)| *ours);
            return Err(NumberError::Unit(unit.to_string(), meant));
        };
        if last_unit.is_some_and(|last| last >= index) {
            return Err(NumberError::Order);
        }
        last_unit = Some(index);
        let factor = DURATIONS.get(index).map_or(1, |(_, s)| *s);
        seconds = number
            .checked_mul(factor)
            .and_then(|s| s.checked_add(seconds))
            .filter(|s| i64::try_from(*s).is_ok())
            .ok_or(NumberError::TooLarge)?;
        rest = tail;
    }
    Ok(NumberLit::Duration(seconds))
}

/// Why an escape means nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum EscapeError {
    /// `\q`
    Unknown,
    /// `\u{110000}`, `\u{}`
    NotACharacter,
}

/// The escapes of `"…"` strings but `\u{…}`, and what they stand for.
pub(super) const ESCAPES: &[(&str, &str)] =
    &[("\\n", "\n"), ("\\r", "\r"), ("\\t", "\t"), ("\\\"", "\""), ("\\\\", "\\"), ("\\${", "${")];

/// Appends what an escape stands for.
///
/// # Errors
/// [`EscapeError`] if it stands for nothing.
pub(super) fn unescape_into(escape: &str, out: &mut String) -> Result<(), EscapeError> {
    if let Some((_, text)) = ESCAPES.iter().find(|(written, _)| *written == escape) {
        out.push_str(text);
        return Ok(());
    }
    let hex = escape.strip_prefix("\\u{").and_then(|h| h.strip_suffix('}'));
    let hex = hex.ok_or(EscapeError::Unknown)?;
    let character = u32::from_str_radix(hex, 16).ok().and_then(char::from_u32);
    out.push(character.ok_or(EscapeError::NotACharacter)?);
    Ok(())
}

/// How far what stands at an offset is indented; `None` if it is not the first on its line.
pub(super) fn indent_at(source: &str, at: u32) -> Option<usize> {
    let before = source.get(..at as usize)?;
    let line = before.trim_end_matches([' ', '\t']);
    (line.is_empty() || line.ends_with('\n')).then_some(before.len() - line.len())
}

/// Whether a word is read as a value, or as a mistake, wherever a value stands: no name of a value can be it.
pub(super) fn is_value_word(word: &str) -> bool {
    matches!(word, "true" | "false" | "null" | "if")
}

/// Whether a text can be written as a name.
pub fn is_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// A text as a string literal on one line: raw where that spares escapes, else with the fewest of them.
pub fn quote(text: &str) -> String {
    let plain = !text.chars().any(|c| is_unseen(c) || c == '\'');
    if plain && (text.contains(['\\', '"']) || text.contains("${")) {
        return format!("'{text}'");
    }
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let escape = ESCAPES.iter().find(|(_, meant)| rest.starts_with(meant));
        let len = match escape {
            Some((written, meant)) => {
                out.push_str(written);
                meant.len()
            }
            None if is_unseen(c) => {
                out.push_str(&format!("\\u{{{:x}}}", u32::from(c)));
                c.len_utf8()
            }
            None => {
                out.push(c);
                c.len_utf8()
            }
        };
        rest = rest.get(len..).unwrap_or("");
    }
    out.push('"');
    out
}

/// The lines of a block string as the source has them, and what is cut from them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Indentation<'a> {
    common: Option<&'a str>,
    /// Whether the line that is read has shown something other than white space.
    has_content: bool,
    /// The white space at the front of the line that is read; none while it is the first.
    leading: Option<&'a str>,
}

impl<'a> Indentation<'a> {
    /// Reads a piece of literal text.
    pub(super) fn text(&mut self, text: &'a str) {
        for (i, line) in text.split('\n').enumerate() {
            if i > 0 {
                let end = line.find(|c| c != ' ' && c != '\t').unwrap_or(line.len());
                self.leading = line.get(..end);
                self.has_content = false;
            }
            if !self.has_content && !is_blank(line) {
                self.content();
            }
        }
    }

    /// Notes that the line shows something: text, an escape or an interpolation.
    pub(super) fn content(&mut self) {
        if std::mem::replace(&mut self.has_content, true) {
            return;
        }
        if let Some(leading) = self.leading {
            self.common = Some(match self.common {
                None => leading,
                Some(common) => common_prefix(common, leading),
            });
        }
    }

    /// What all lines with content begin with.
    pub(super) fn common(&self) -> &'a str {
        self.common.unwrap_or("")
    }
}

fn is_blank(line: &str) -> bool {
    line.bytes().all(|b| matches!(b, b' ' | b'\t' | b'\r'))
}

fn common_prefix<'a>(a: &'a str, b: &str) -> &'a str {
    let same = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    a.get(..same).unwrap_or("")
}

/// Appends a piece of a block string: line breaks become `\n`, the common indentation goes, and so do the break
/// after the opening quotes and the white space before the closing ones.
pub(super) fn dedent_into(text: &str, indent: &str, is_first: bool, is_last: bool, out: &mut String) {
    let mut lines = text.split('\n').enumerate().peekable();
    let mut skip_break = false;
    while let Some((i, line)) = lines.next() {
        let more = lines.peek().is_some();
        let blank = is_blank(line);
        if i == 0 && is_first && more && blank {
            skip_break = true;
            continue;
        }
        if i > 0 && !more && is_last && blank {
            return;
        }
        if i > 0 && !std::mem::take(&mut skip_break) {
            out.push('\n');
        }
        let line = if more { line.strip_suffix('\r').unwrap_or(line) } else { line };
        out.push_str(if i > 0 { cut(line, indent) } else { line });
    }
}

/// A line without as much of the indentation as it has.
fn cut<'a>(line: &'a str, indent: &str) -> &'a str {
    let same = common_prefix(line, indent).len();
    line.get(same..).unwrap_or(line)
}

/// Where the first carriage return stands that neither a line feed nor more of them before one follow.
pub(super) fn lone_return(text: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = text.get(from..)?.find('\r').map(|at| from + at) {
        let rest = text.get(at..)?;
        let run = rest.len() - rest.trim_start_matches('\r').len();
        if !rest.get(run..)?.starts_with('\n') {
            return Some(at);
        }
        from = at + run;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Indentation, NumberError, NumberLit, dedent_into, parse_number, unescape_into};

    #[test]
    fn numbers() {
        let ok = |text| parse_number(text).unwrap();
        assert_eq!(ok("1_000"), NumberLit::Int(1000));
        assert_eq!(ok("9223372036854775807"), NumberLit::Int(i64::MAX));
        assert_eq!(ok("1_0.5"), NumberLit::Decimal("10.5".into()));
        assert_eq!(ok("1h30m"), NumberLit::Duration(5400));
        assert_eq!(ok("1h15s"), NumberLit::Duration(3615));
        assert_eq!(ok("64GB"), NumberLit::Size(64));
        assert_eq!(ok("2TB"), NumberLit::Size(2048));
        let err = |text| parse_number(text).unwrap_err();
        assert_eq!(err("9223372036854775808"), NumberError::TooLarge);
        assert_eq!(err("99999999999999999999h"), NumberError::TooLarge);
        assert_eq!(err("0x1F"), NumberError::Radix);
        assert_eq!(err("512MB"), NumberError::SmallSize);
        assert_eq!(err("1.5h"), NumberError::Fraction);
        assert_eq!(err("30m1h"), NumberError::Order);
        assert_eq!(err("1h5GB"), NumberError::Order);
        assert_eq!(err("5x"), NumberError::Unit("x".into(), None));
        assert_eq!(err("3days"), NumberError::Unit("days".into(), None));
        assert_eq!(err("1h30"), NumberError::Unit(String::new(), None));
    }

    #[test]
    fn escapes() {
        let mut out = String::new();
        for escape in ["\\n", "\\u{e9}", "\\${", "\\\""] {
            unescape_into(escape, &mut out).unwrap();
        }
        assert_eq!(out, "\né${\"");
        assert!(unescape_into("\\q", &mut out).is_err());
        assert!(unescape_into("\\u{110000}", &mut out).is_err());
        assert!(unescape_into("\\u{}", &mut out).is_err());
    }

    #[test]
    fn block_strings_lose_their_indentation() {
        let check = |source: &str, expected: &str| {
            let mut indentation = Indentation::default();
            indentation.text(source);
            let mut out = String::new();
            dedent_into(source, indentation.common(), true, true, &mut out);
            assert_eq!(out, expected, "{source:?}");
        };
        check("\n    a\n      b\n\n    c\n  ", "a\n  b\n\nc");
        check("\r\n    a\r\n    b\r\n", "a\nb");
        check("a", "a");
        check("a\n    b\n    c", "a\nb\nc");
        check("\n\ta\n\t b\n", "a\n b");
        check("\n", "");
        check("", "");
        check("\n\n", "");
        check("\n  a  \n", "a  ");
        check("\n    a\n  \n    b\n", "a\n\nb");
        check("\n  a\n   ", "a");
    }
}
