//! Diagnostics at the origin of a value, with the uses that brought it there.

use std::sync::Arc;

use crate::base::Span;
use crate::check::{Origin, StepView, Via};
use crate::diag::{Applicability, Code, Diagnostic};

/// How many uses around each other a finding shows.
const MAX_USES: usize = 4;

/// A finding at a place; where that lies in a recipe, the uses are shown too.
pub(super) fn finding(code: &'static Code, origin: &Origin, title: impl Into<String>) -> Diagnostic {
    let uses = std::iter::successors(origin.via.as_deref(), |via: &&Via| via.outer.as_deref());
    uses.take(MAX_USES).fold(Diagnostic::new(code, origin.span, title), |d, via| d.also(via.span, &*via.what))
}

/// Where an author placed something: the outermost use that brought it there, else its own place.
pub(super) fn placed(origin: &Origin) -> Span {
    let mut via: Option<&Arc<Via>> = origin.via.as_ref();
    let mut span = origin.span;
    while let Some(outer) = via {
        span = outer.span;
        via = outer.outer.as_ref();
    }
    span
}

/// A finding about the place of a step among others, which the author of a recipe's use decides.
pub(super) fn misplaced(code: &'static Code, step: &StepView<'_>, title: impl Into<String>) -> Diagnostic {
    let span = placed(step.origin());
    let found = Diagnostic::new(code, span, title);
    match span == step.origin().span {
        true => found,
        false => found.also(step.origin().span, "the step"),
    }
}

/// Offers another text for a literal, where it is the author's own and plain enough to be written as it is.
pub(super) fn rewrite(d: Diagnostic, origin: &Origin, text: &str) -> Diagnostic {
    match text.contains(['"', '\\', '$', '\n']) {
        true => d,
        false => replace(d, origin, text, &format!("\"{text}\"")),
    }
}

/// Offers another value for the author's own; `text` is how it is written there.
pub(super) fn replace(d: Diagnostic, origin: &Origin, value: &str, text: &str) -> Diagnostic {
    match origin.via {
        Some(_) => d,
        None => d.fix(format!("write `{value}`"), origin.span, text, Applicability::Unsafe),
    }
}

/// Offers another text for a word of a script, where it is the author's own.
pub(super) fn replace_part(d: Diagnostic, place: &Origin, text: &str) -> Diagnostic {
    match place.via {
        Some(_) => d,
        None => d.fix(format!("write `{text}`"), place.span, text, Applicability::Unsafe),
    }
}
