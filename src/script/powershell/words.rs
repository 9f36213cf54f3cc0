//! Words of PowerShell: literals without their quotes, arguments as they are written.

use std::ops::Range;

use tree_sitter::Node;

use crate::script::model::{Redirect, Word};
use crate::script::place::Place;

/// The bytes of a node. The grammar takes a backtick and one byte for an escape, so that a node may end within a character.
pub(super) fn bytes(node: Node<'_>, text: &str) -> Range<usize> {
    let border = |mut at: usize| {
        while !text.is_char_boundary(at) && at < text.len() {
            at += 1;
        }
        at.min(text.len())
    };
    border(node.start_byte())..border(node.end_byte())
}

/// The word that a node is: a literal, a bare argument, or any other expression as it is written.
pub(super) fn word(node: Node<'_>, text: &str, place: Place) -> Word {
    let bytes = bytes(node, text);
    let written = text.get(bytes.clone()).unwrap_or_default();
    let range = place.range(bytes.start, bytes.end);
    let base = Word { range, ..Word::default() };
    match node.kind() {
        "verbatim_string_characters" => {
            literal(written, 1, base, bytes.start, place, |inner| inner.replace("''", "'"))
        }
        "verbatim_here_string_characters" => literal(written, 2, base, bytes.start, place, str::to_owned),
        "expandable_string_literal" => {
            expanded(node, literal(written, 1, base, bytes.start, place, unescaped), text)
        }
        "expandable_here_string_literal" => {
            expanded(node, literal(written, 2, base, bytes.start, place, unescaped), text)
        }
        "generic_token" | "command_name" | "command_parameter" => bare(written, base, bytes.start, place),
        "script_block_expression" => all_expanded(Word { text: "{…}".into(), ..base }),
        _ => all_expanded(Word { text: written.to_owned(), ..base }),
    }
}

fn all_expanded(word: Word) -> Word {
    let expansions = std::iter::once(0..word.text.len()).collect();
    Word { expansions, ..word }
}

/// A literal between quotes of so many characters; those of a here-string stand on lines of their own.
fn literal(
    written: &str,
    quotes: usize,
    base: Word,
    start: usize,
    place: Place,
    meant: fn(&str) -> String,
) -> Word {
    let inner = written.get(quotes..written.len().saturating_sub(quotes)).unwrap_or_default();
    let (lead, inner) = match quotes {
        1 => (0, inner),
        _ => {
            let begin = inner.find('\n').map_or(0, |at| at + 1);
            let body = inner.get(begin..).unwrap_or_default();
            (begin, body.strip_suffix('\n').unwrap_or(body).trim_end_matches('\r'))
        }
    };
    let text = meant(inner);
    let at = start + quotes + lead;
    let as_is = text == inner && matches!(place, Place::At(_));
    let verbatim = as_is.then(|| place.range(at, at + inner.len()));
    Word { text, quoted: true, verbatim, ..base }
}

/// The variables and expressions in a literal, by their text.
fn expanded(node: Node<'_>, mut word: Word, text: &str) -> Word {
    let mut from = 0;
    let mut cursor = node.walk();
    for child in
        node.named_children(&mut cursor).filter(|c| matches!(c.kind(), "variable" | "sub_expression"))
    {
        let written = text.get(bytes(child, text)).unwrap_or_default();
        let Some(at) = word.text.get(from..).and_then(|rest| rest.find(written)) else { continue };
        word.expansions.push(from + at..from + at + written.len());
        from += at + written.len();
    }
    word
}

/// A word without quotes. The grammar takes `2>$null` for one.
fn bare(written: &str, base: Word, start: usize, place: Place) -> Word {
    let behind_stream = written.trim_start_matches(|c: char| c.is_ascii_digit() || c == '*');
    let file = behind_stream.trim_start_matches('>');
    let is_redirection = file.len() < behind_stream.len();
    let shown = if is_redirection { file } else { written };
    let redirect = (is_redirection && !file.starts_with('&')).then_some(Redirect::Output);
    let text = unescaped(shown);
    let first = text.find('$');
    let expansions = first.map(|at| at..text.len()).into_iter().collect();
    let at = start + written.len() - shown.len();
    let as_is = text == shown && matches!(place, Place::At(_));
    let verbatim = as_is.then(|| place.range(at, at + shown.len()));
    Word { text, redirect, expansions, verbatim, ..base }
}

/// A text with the escapes of PowerShell taken away; a doubled quote is one.
fn unescaped(text: &str) -> String {
    if !text.contains(['`', '"']) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '`' => match chars.next() {
                Some('n') => out.push('\n'),
                Some('r') => out.push('\r'),
                Some('t') => out.push('\t'),
                Some('0') => out.push('\0'),
                Some('\n') | None => {}
                Some(other) => out.push(other),
            },
            '"' => {
                chars.next_if_eq(&'"');
                out.push('"');
            }
            c => out.push(c),
        }
    }
    out
}
