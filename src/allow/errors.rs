//! The findings about `allow(…)`, one function each.

use super::Named;
use crate::base::{Span, TextRange};
use crate::diag::{Applicability, Category, Diagnostic, code};
use crate::lint::Misnamed;

/// How it is written.
const FORM: &str = "write `// aib: allow(rule-name) because …`";

pub(super) fn malformed(span: Span) -> Diagnostic {
    Diagnostic::new(&code::INVALID_ALLOW, span, "this comment for aib says nothing that aib knows")
        .here("begins with `aib:`")
        .help(FORM)
}

pub(super) fn misnamed(span: Span, wrong: Misnamed) -> Diagnostic {
    Diagnostic::new(&code::INVALID_ALLOW, span, wrong.title).here(wrong.label).help(wrong.help)
}

pub(super) fn category(category: Category) -> Misnamed {
    Misnamed {
        title: format!("`{}` is a category of rules", category.name()),
        label: "not one rule",
        help: "name the rule: an author lets one finding pass; the level of a category is set in `aib.toml`"
            .into(),
    }
}

pub(super) fn without_reason(span: Span) -> Diagnostic {
    Diagnostic::new(&code::ALLOW_WITHOUT_REASON, span, "nothing says why this is allowed")
        .here("lets findings pass without a reason")
        .help("add `because …`: whoever reads this next has to know whether it still holds")
}

pub(super) fn no_name(span: Span) -> Diagnostic {
    Diagnostic::new(&code::INVALID_ALLOW, span, "nothing says what is allowed")
        .here("a rule's name is missing here")
        .help("write the name of a rule; `aib rules` shows all")
}

pub(super) fn unused(name: &Named, deleted: Option<(&str, TextRange)>) -> Diagnostic {
    let title = format!("`{}` is allowed, but there is nothing of it here", name.code.name);
    let found = Diagnostic::new(&code::UNUSED_ALLOW, name.span, title)
        .here("lets no finding pass")
        .note(
            "behind something it is about what begins on its line, on a line of its own about what begins on the \
             next one",
        )
        .help("delete it, or put it where the finding is");
    match deleted {
        Some((order, range)) => found.fix(order, Span { range, ..name.span }, "", Applicability::Safe),
        None => found,
    }
}
