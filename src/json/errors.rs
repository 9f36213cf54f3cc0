//! This room's diagnostics, one function each.

use crate::base::{FileId, Span, TextRange};
use crate::diag::{Diagnostic, code};

/// What ends the reading; in a box, since a finding is large and results of it are passed on by each function.
pub(super) type Broken = Box<Diagnostic>;

fn broken(span: Span, title: impl Into<String>) -> Diagnostic {
    Diagnostic::new(&code::BROKEN_JSON, span, title)
}

/// A file that is no text at all.
pub fn not_utf8(file: FileId, at: usize) -> Diagnostic {
    let title = match at {
        0 => "this file is not UTF-8 text".to_owned(),
        at => format!("this file is not UTF-8 text: byte {} is none", at + 1),
    };
    broken(TextRange::at(at).in_file(file), &title)
        .help("save it as UTF-8; PowerShell's `>` writes UTF-16, `Set-Content -Encoding utf8` does not")
}

/// Nothing but white space.
pub(super) fn empty(span: Span) -> Diagnostic {
    broken(span, "this file holds no JSON value")
}

/// More bytes than are read.
pub(super) fn too_large(file: FileId, limit: usize) -> Diagnostic {
    broken(TextRange::at(0).in_file(file), "this file is too large")
        .note(format!("JSON is read up to {} MB; Azure takes templates up to 4 MB", limit / 1_000_000))
}

/// More values than are read.
pub(super) fn too_many(span: Span, limit: usize) -> Diagnostic {
    broken(span, "this file holds too many values")
        .here(format!("more than {limit} values"))
        .note("Azure takes templates up to 4 MB")
}

/// Brackets within brackets beyond the limit.
pub(super) fn too_deep(span: Span, limit: usize) -> Diagnostic {
    broken(span, "this nests too deeply").here(format!("more than {limit} levels"))
}

/// Something that cannot begin a value.
pub(super) fn expected_value(span: Span, found: &str) -> Diagnostic {
    let finding = broken(span, format!("expected a value, found {}", shown(found)));
    match found.chars().next() {
        Some('\'') => finding.help("JSON's strings stand in double quotes"),
        Some(c) if c.is_alphabetic() => finding
            .help("a string stands in double quotes; the only bare words are `true`, `false` and `null`"),
        Some(',') => finding.help("a value is missing before this comma, or the comma is one too many"),
        _ => finding,
    }
}

/// A key without quotes, or none at all.
pub(super) fn expected_key(span: Span, found: &str) -> Diagnostic {
    let finding = broken(span, format!("expected a key, found {}", shown(found)));
    match found.chars().next() {
        Some('\'') => finding.help("JSON's keys stand in double quotes"),
        Some(c) if c.is_alphanumeric() || c == '_' => finding.help("keys stand in double quotes"),
        _ => finding.help("an object holds members, `\"key\": value`"),
    }
}

/// A key that no colon follows.
pub(super) fn expected_colon(span: Span, key: &str, found: &str) -> Diagnostic {
    broken(span, format!("expected `:` after the key `{}`, found {}", short(key), shown(found)))
}

/// Something other than a comma or the closing bracket behind an element. `last` is the element when it is a string
/// that goes over several lines: then its closing quote is probably missing.
pub(super) fn expected_comma(
    span: Span,
    opener: Span,
    close: char,
    found: &str,
    last: Option<Span>,
) -> Diagnostic {
    let finding = broken(span, format!("expected `,` or `{close}`, found {}", shown(found)));
    if let Some(last) = last {
        return finding
            .also(last, "this string goes over several lines")
            .help("the string's closing `\"` is probably missing where its first line ends");
    }
    match found.chars().next() {
        Some('"' | '{' | '[') => finding.help("a comma is missing before it"),
        Some('}' | ']') => finding
            .also(opener, "opened here")
            .help(format!("close it with `{close}` first, or look for a bracket too many")),
        Some(c) if c.is_alphanumeric() || c == '\'' => {
            finding.help("a string before it may hold a `\"` that is not written as `\\\"`")
        }
        _ => finding.also(opener, "opened here"),
    }
}

/// The end of the text inside a bracket.
pub(super) fn unclosed(end: Span, opener: Span, close: char) -> Diagnostic {
    broken(end, format!("the file ends before a `{close}`"))
        .also(opener, "opened here")
        .help("the file may be cut off, or a closing bracket is missing")
}

/// The end of the text inside a string.
pub(super) fn unclosed_string(span: Span) -> Diagnostic {
    broken(span, "this string is never closed").help("add the closing `\"`")
}

/// The end of the text inside a comment.
pub(super) fn unclosed_comment(span: Span) -> Diagnostic {
    broken(span, "this comment is never closed").help("add the closing `*/`")
}

/// An escape that JSON does not have.
pub(super) fn bad_escape(span: Span, text: &str) -> Diagnostic {
    broken(span, format!("`{text}` is no escape of JSON"))
        .help("write `\\\\` for a backslash, as in Windows paths")
}

/// Half of a character that takes two escapes.
pub(super) fn half_character(span: Span) -> Diagnostic {
    broken(span, "this escape is half of a character")
        .note("characters beyond U+FFFF are written as two escapes, a high and a low surrogate")
}

/// A number that JSON does not have.
pub(super) fn bad_number(span: Span, text: &str) -> Diagnostic {
    let finding = broken(span, format!("`{}` is no number of JSON", short(text)));
    if text.starts_with('0') { finding.help("numbers do not begin with `0`") } else { finding }
}

/// Something behind the one value that a file holds.
pub(super) fn more_than_one(span: Span, first: Span, found: &str) -> Diagnostic {
    broken(span, format!("expected the end of the file, found {}", shown(found)))
        .also(first, "the file's one value")
        .help("a file holds one JSON value: put the other into a file of its own")
}

/// A key that stands twice in an object.
pub(super) fn duplicate_key(span: Span, first: Span, key: &str) -> Diagnostic {
    Diagnostic::new(&code::DUPLICATE_KEY, span, format!("`{}` stands twice in this object", short(key)))
        .here("this one counts")
        .also(first, "this one is lost")
        .note("Azure's tools take the last of several equal keys")
        .help("remove one of them, or join what they hold")
}

/// A placeholder where a quoted one belongs.
pub(super) fn unquoted_placeholder(span: Span, text: &str) -> Diagnostic {
    Diagnostic::new(&code::UNQUOTED_PLACEHOLDER, span, format!("`{text}` stands without quotes"))
        .note("until another tool has filled it in, this file is not JSON")
        .help(format!("give the file after it was filled in, or write `\"{text}\"`"))
}

fn shown(found: &str) -> String {
    if found.is_empty() { "the end of the file".to_owned() } else { format!("`{}`", short(found)) }
}

/// A text cut to what fits in a title.
fn short(text: &str) -> String {
    let mut out: String = text.chars().take(40).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(40).is_some() {
        out.push('…');
    }
    out
}
