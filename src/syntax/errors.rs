//! This room's diagnostics about literals, one function each. Those about structure are in `recovery`.

use super::text::{ESCAPES, EscapeError, NumberError};
use crate::base::{FileId, Span, TextRange};
use crate::diag::{Applicability, Diagnostic, code};

/// What makes the tree deeper than it may be.
#[derive(Clone, Copy)]
pub(super) enum Chain {
    /// Brackets and blocks in one another.
    Nest,
    /// `a + b + …`, `a.b.c…`
    Operators,
    /// `if … else if … else if …`
    Branches,
}

/// A part that is one long chain, or stands too deep in others.
pub(super) fn chain_too_long(span: Span, limit: usize, chain: Chain) -> Diagnostic {
    let new = |title: &str| Diagnostic::new(&code::NESTING_TOO_DEEP, span, title);
    match chain {
        Chain::Nest => new("this nests too deeply")
            .here(format!("more than {limit} levels"))
            .help("name a part of it with `let`"),
        Chain::Operators => new("this chain of operators is too long")
            .here(format!("more than {limit} operators in a row, and what stands around them"))
            .help("join many texts with `join([…], \"\")`, or name a part of it with `let`"),
        Chain::Branches => new("this chain of `else if` is too long")
            .here(format!("more than {} branches", limit / 2))
            .help("put the cases into an object and look the value up in it, or walk them with `for`"),
    }
}

/// A carriage return that no line feed follows: what a reader takes for two lines would be one.
pub(super) fn lone_return(file: FileId, text: &str, at: usize) -> Diagnostic {
    let place = TextRange::new(at, at + 1).in_file(file);
    let d = Diagnostic::new(&code::SYNTAX, place, "a carriage return without a line feed ends no line")
        .note("some programs show it as a line break, so a comment may hide more than it seems to");
    // Beside other line breaks it may be part of a text.
    match text.contains('\n') {
        true => d.help("remove it, or write `\\r` where it belongs to a text"),
        false => d.help("save the file with line feeds at the ends of its lines").fix(
            "write line feeds",
            TextRange::new(0, text.len()).in_file(file),
            text.replace('\r', "\n"),
            Applicability::Safe,
        ),
    }
}

/// A number without a value.
pub(super) fn bad_number(span: Span, text: &str, error: &NumberError) -> Diagnostic {
    let new = |title: String| Diagnostic::new(&code::INVALID_NUMBER, span, title);
    match error {
        NumberError::TooLarge => new(format!("`{text}` is too large")).note("integers have 64 bits"),
        NumberError::Radix => new(format!("`{text}` is no number")).help("write it as a decimal number"),
        NumberError::SmallSize => new(format!("`{text}` is smaller than sizes can be"))
            .help("sizes are whole gigabytes, like `64GB`"),
        NumberError::Fraction => {
            new(format!("`{text}` has a fraction and a unit")).help("write whole units, like `1h30m`")
        }
        NumberError::Order => new(format!("the units of `{text}` are out of order")).help(
            "hours, minutes and seconds stand once each and in this order, like `1h30m`; a size has one unit",
        ),
        NumberError::Unit(unit, meant) => {
            let title = match unit.as_str() {
                "" => format!("`{text}` ends without a unit"),
                unit => format!("unknown unit `{unit}` in `{text}`"),
            };
            match meant {
                Some(meant) => {
                    let mended = text.replacen(unit.as_str(), meant, 1);
                    new(title).fix(format!("write `{mended}`"), span, mended, Applicability::Safe)
                }
                None => new(title).help("durations have `h`, `m`, `s`; sizes `GB`, `TB`"),
            }
        }
    }
}

/// A bound of a refinement that is no integer.
pub(super) fn bound_is_no_integer(span: Span, text: &str) -> Diagnostic {
    Diagnostic::new(&code::SYNTAX, span, format!("`{text}` is no integer"))
        .help("bounds are integers, like `1..10`")
}

/// The path of an import with something inserted.
pub(super) fn interpolated_path(span: Span) -> Diagnostic {
    Diagnostic::new(&code::SYNTAX, span, "the path of an import can't be interpolated")
        .note("which files there are is known before anything is evaluated")
        .help("write the path out")
}

/// An escape that stands for nothing.
pub(super) fn bad_escape(span: Span, text: &str, error: EscapeError) -> Diagnostic {
    match error {
        EscapeError::NotACharacter => {
            Diagnostic::new(&code::INVALID_ESCAPE, span, format!("`{text}` is no Unicode character"))
        }
        EscapeError::Unknown => {
            let known: Vec<String> = ESCAPES.iter().map(|(e, _)| format!("`{e}`")).collect();
            Diagnostic::new(&code::INVALID_ESCAPE, span, format!("unknown escape `{text}`"))
                .note(format!("the escapes are {} and `\\u{{…}}`", known.join(" ")))
                .help("write `\\\\` for a backslash, or a raw string `'…'`")
        }
    }
}

/// A file that is not read for its size.
pub(super) fn file_too_large(span: Span, limit: usize) -> Diagnostic {
    Diagnostic::new(&code::FILE_TOO_LARGE, span, "this file is too large")
        .note(format!("a file may have {} MiB", limit >> 20))
        .help("spread it over several files and `import` them")
}

/// Where a bracket nests too deeply, in a file that was therefore not read.
pub(super) fn too_deep(file: FileId, at: usize, limit: usize) -> Diagnostic {
    let span = TextRange::new(at, at + 1).in_file(file);
    Diagnostic::new(&code::NESTING_TOO_DEEP, span, "this nests too deeply")
        .here(format!("more than {limit} levels"))
        .help("name a part of it with `let`")
}
