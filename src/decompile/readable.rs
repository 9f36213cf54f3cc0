//! The text as it is handed out: in the one style, and such that the language reads it.

use super::errors;
use crate::base::FileId;
use crate::diag::{Diagnostic, code};
use crate::json::Value;
use crate::{fmt, syntax};

/// How often a source is formatted until it is as it stays.
const MAX_TURNS: usize = 4;

/// A text as it is when it is formatted once more.
pub(super) fn in_style(mut text: String) -> String {
    for _ in 0..MAX_TURNS {
        let formatted = fmt::format(&text);
        text = formatted.text;
        if !formatted.changed {
            break;
        }
    }
    text
}

/// Why a source cannot be read: it is too large, or nests too deeply.
pub(super) fn unreadable(file: FileId, root: &Value, text: &str) -> Option<Box<Diagnostic>> {
    let limits = [&code::FILE_TOO_LARGE, &code::NESTING_TOO_DEEP];
    let parsed = syntax::parse(file, text);
    let why = parsed.errors.iter().find(|found| limits.contains(&found.code))?;
    let place = if why.code == &code::FILE_TOO_LARGE { root } else { deepest(root).1 };
    Some(Box::new(errors::unreadable(place.range.in_file(file), &why.title)))
}

/// The value that the most others stand around, and how many these are.
fn deepest(value: &Value) -> (usize, &Value) {
    let members = value.as_object().into_iter().flat_map(|object| &object.members);
    let inner = value.as_list().into_iter().flatten().chain(members.map(|member| &member.value));
    let found = inner.map(deepest).max_by_key(|(depth, _)| *depth);
    found.map_or((0, value), |(depth, value)| (depth + 1, value))
}
