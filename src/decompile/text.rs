//! Texts as literals: on one line, or as block strings.

use super::out::Ex;
use crate::base::is_unseen;
use crate::syntax::quote;

/// From how many characters on a line with escapes is a block.
const LONG_LINE: usize = 60;

/// A part of a text that is put together: literal text, or an expression of the language.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Text(String),
    Code(String),
}

/// Parts that a character of their texts divides.
pub(super) fn divided(parts: &[Part], by: char) -> Vec<Vec<Part>> {
    let mut out = Vec::new();
    let mut last = Vec::new();
    for part in parts {
        let Part::Text(text) = part else {
            last.push(part.clone());
            continue;
        };
        for (index, piece) in text.split(by).enumerate() {
            if index > 0 {
                out.push(std::mem::take(&mut last));
            }
            if !piece.is_empty() {
                last.push(Part::Text(piece.to_owned()));
            }
        }
    }
    out.push(last);
    out
}

/// A literal on one line.
pub(super) fn literal(text: &str) -> Ex {
    Ex::atom(quote(text))
}

/// A text of parts on one line: `"it-${env}"`.
pub(super) fn interpolated(parts: &[Part]) -> String {
    match parts {
        [] => "\"\"".into(),
        [Part::Text(text)] => quote(text),
        parts => {
            let inner: String = parts.iter().map(|part| piece(part, true)).collect();
            format!("\"{inner}\"")
        }
    }
}

/// A part as it stands between double quotes, which it escapes on one line.
fn piece(part: &Part, one_line: bool) -> String {
    match part {
        Part::Code(code) => format!("${{{code}}}"),
        Part::Text(text) => {
            let mut out = String::with_capacity(text.len());
            let mut chars = text.chars().peekable();
            while let Some(c) = chars.next() {
                match c {
                    '\\' => out.push_str("\\\\"),
                    '"' if one_line => out.push_str("\\\""),
                    '$' if chars.peek() == Some(&'{') => out.push_str("\\$"),
                    '\n' => out.push_str("\\n"),
                    '\r' => out.push_str("\\r"),
                    '\t' => out.push_str("\\t"),
                    c if is_unseen(c) => out.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
                    c => out.push(c),
                }
            }
            out
        }
    }
}

/// A literal, as a block string where it has several lines.
pub(super) fn long_literal(text: &str) -> Ex {
    let whole = || paragraph(&[Part::Text(text.to_owned())]);
    let clearer = || clearer_block(&[Part::Text(text.to_owned())]);
    windows_lines(text).or_else(whole).or_else(clearer).unwrap_or_else(|| literal(text))
}

/// `replace('''…''', "\n", "\r\n")`: a text all of whose lines end as on Windows, since a block has plain line breaks.
fn windows_lines(text: &str) -> Option<Ex> {
    let plain = text.replace("\r\n", "\n");
    let all = text.matches("\r\n").count();
    if all == 0 || plain.contains('\r') || plain.matches('\n').count() != all {
        return None;
    }
    let block = paragraph(&[Part::Text(plain)])?;
    Some(Ex::Call("replace".into(), vec![block, literal("\n"), literal("\r\n")]))
}

/// A text of several lines as a block string; nothing if it has one line, or would not be exactly this.
pub(super) fn paragraph(parts: &[Part]) -> Option<Ex> {
    written_block(&divided(parts, '\n'), 2)
}

/// A long line as a block where that spares it most of its escapes.
pub(super) fn clearer_block(parts: &[Part]) -> Option<Ex> {
    let escapes = |text: &str| text.matches('\\').count();
    let one_line = interpolated(parts);
    let breaks = |part: &Part| matches!(part, Part::Text(text) if text.contains(['\n', '\r']));
    let needed = if one_line.starts_with('"') { escapes(&one_line) } else { 0 };
    if one_line.len() < LONG_LINE || needed < 2 || parts.iter().any(breaks) {
        return None;
    }
    let block = written_block(&[parts.to_vec()], 1)?;
    let Ex::Lines(quotes, lines) = &block else { return None };
    let left: usize = if *quotes == "'''" { 0 } else { lines.iter().map(|line| escapes(line)).sum() };
    (2 * left <= needed).then_some(block)
}

/// The lines of a script as a block string; nothing if there is one only, or if the last is empty, which a script loses.
pub(super) fn block(lines: &[Vec<Part>]) -> Option<Ex> {
    let ends = lines.last().is_some_and(|line| !is_empty(line));
    if ends { written_block(lines, 2) } else { None }
}

/// Lines as a block string; nothing if fewer than so many show something.
fn written_block(lines: &[Vec<Part>], least: usize) -> Option<Ex> {
    let shown: Vec<usize> =
        (0..lines.len()).filter(|at| lines.get(*at).is_some_and(|l| !is_blank(l))).collect();
    if shown.len() < least {
        return None;
    }
    // The indentation that all lines share is cut, so one line must have none, or begin with an escape. A line of
    // white space is not measured.
    let indented = |at: &usize| match lines.get(*at).and_then(|line| line.first()) {
        Some(Part::Text(text)) => text.starts_with([' ', '\t']),
        _ => false,
    };
    let escaped = shown.first().copied().filter(|_| shown.iter().all(indented));
    if let Some(lines) = plain_lines(lines).filter(|_| escaped.is_none()) {
        return Some(Ex::Lines("'''", lines));
    }
    let mut written: Vec<String> = lines.iter().map(|line| line.iter().map(block_piece).collect()).collect();
    if let Some(line) = escaped.and_then(|at| written.get_mut(at)) {
        let first = if line.starts_with('\t') { "\\t" } else { "\\u{20}" };
        line.replace_range(..1, first);
    }
    Some(Ex::Lines("\"\"\"", written))
}

/// The lines as they stand where nothing is escaped, if that shows all of them.
fn plain_lines(lines: &[Vec<Part>]) -> Option<Vec<String>> {
    let plain = |line: &Vec<Part>| match line.as_slice() {
        [] => Some(String::new()),
        [Part::Text(text)] => {
            let odd = text.contains("'''") || text.chars().any(|c| is_unseen(c) && c != '\t');
            (!odd).then(|| text.clone())
        }
        _ => None,
    };
    lines.iter().map(plain).collect()
}

fn block_piece(part: &Part) -> String {
    // A tab may stand in a block string as it is, and so may quotes that do not end it.
    match part {
        Part::Text(text) => {
            let pieces: Vec<String> =
                text.split('\t').map(|text| piece(&Part::Text(text.into()), false)).collect();
            pieces.join("\t").replace("\"\"\"", "\\\"\\\"\\\"")
        }
        code => piece(code, false),
    }
}

/// Whether a line shows nothing.
fn is_blank(line: &[Part]) -> bool {
    match line {
        [] => true,
        [Part::Text(text)] => text.chars().all(|c| matches!(c, ' ' | '\t' | '\r')),
        _ => false,
    }
}

fn is_empty(line: &[Part]) -> bool {
    match line {
        [] => true,
        [Part::Text(text)] => text.is_empty(),
        _ => false,
    }
}
