//! Texts as literals: on one line, or as block strings.

use super::out::Ex;
use crate::syntax::quote;

/// A part of a text that is put together: literal text, or an expression of the language.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Text(String),
    Code(String),
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
                    c if c.is_control() => out.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
                    c => out.push(c),
                }
            }
            out
        }
    }
}

/// A literal, as a block string where it has several lines that one can show.
pub(super) fn long_literal(text: &str) -> Ex {
    paragraph(&[Part::Text(text.to_owned())]).unwrap_or_else(|| literal(text))
}

/// A text of several lines as a block string; nothing if it has one line, or would not be exactly this.
pub(super) fn paragraph(parts: &[Part]) -> Option<Ex> {
    let mut lines: Vec<Vec<Part>> = vec![Vec::new()];
    for part in parts {
        match part {
            Part::Text(text) => {
                for (index, line) in text.split('\n').enumerate() {
                    if index > 0 {
                        lines.push(Vec::new());
                    }
                    if !line.is_empty() {
                        lines.last_mut()?.push(Part::Text(line.to_owned()));
                    }
                }
            }
            Part::Code(code) => lines.last_mut()?.push(Part::Code(code.clone())),
        }
    }
    block(&lines)
}

/// Lines as a block string; nothing if the lines that it stands for would not be exactly these.
pub(super) fn block(lines: &[Vec<Part>]) -> Option<Ex> {
    let plain: Option<Vec<String>> = lines
        .iter()
        .map(|line| match line.as_slice() {
            [] => Some(String::new()),
            [Part::Text(text)] => Some(text.clone()),
            _ => None,
        })
        .collect();
    if lines.len() < 2 || lines.last().is_none_or(|line| is_empty(line)) {
        return None;
    }
    // The indentation that all lines share is cut, so one line must have none; a line of white space is not measured.
    let front = |line: &Vec<Part>| match line.first() {
        Some(Part::Text(text)) => text.starts_with([' ', '\t']),
        _ => false,
    };
    let blank = |line: &Vec<Part>| match line.as_slice() {
        [Part::Text(text)] => text.chars().all(char::is_whitespace) && !text.is_empty(),
        _ => false,
    };
    if lines.iter().any(blank) || lines.iter().filter(|line| !is_empty(line)).all(front) {
        return None;
    }
    if let Some(lines) = plain {
        let fits =
            |line: &String| !line.contains("'''") && !line.chars().any(|c| c.is_control() && c != '\t');
        if lines.iter().all(fits) {
            return Some(Ex::Lines("'''", lines));
        }
    }
    let written: Vec<String> = lines.iter().map(|line| line.iter().map(block_piece).collect()).collect();
    (!written.iter().any(|line: &String| line.contains("\"\"\""))).then_some(Ex::Lines("\"\"\"", written))
}

fn block_piece(part: &Part) -> String {
    // A tab may stand in a block string as it is.
    match part {
        Part::Text(text) => {
            let pieces: Vec<String> =
                text.split('\t').map(|text| piece(&Part::Text(text.into()), false)).collect();
            pieces.join("\t")
        }
        code => piece(code, false),
    }
}

fn is_empty(line: &[Part]) -> bool {
    match line {
        [] => true,
        [Part::Text(text)] => text.is_empty(),
        _ => false,
    }
}
