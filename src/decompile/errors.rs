//! This room's diagnostics, one function each.

use crate::base::Span;
use crate::diag::{Diagnostic, code};

/// A string that looks like an expression and is none.
pub(super) fn broken_expression(span: Span, message: &str) -> Diagnostic {
    Diagnostic::new(&code::BROKEN_EXPRESSION, span, format!("this is no expression of ARM: {message}"))
        .note("a string that begins with `[` and ends with `]` is an expression; ARM refuses this one")
        .help("write `[[` at its beginning if it is meant as text")
}

/// A line of a script that loses a bracket.
pub(super) fn unescaped_test(span: Span, text: &str) -> Diagnostic {
    let deployed = text.get(1..).unwrap_or_default();
    Diagnostic::new(&code::BROKEN_EXPRESSION, span, format!("this line is deployed as `{deployed}`"))
        .note("ARM takes the first bracket away from a string that begins with `[[` and ends with `]`")
        .help("write `[[[` at its beginning if `[[ … ]]` is meant")
}

/// An expression that names what the template does not have.
pub(super) fn undeclared(span: Span, kind: &str, name: &str) -> Diagnostic {
    Diagnostic::new(&code::UNDECLARED_NAME, span, format!("the template declares no {kind} `{name}`"))
        .note("the expression is kept as it is; Azure refuses the template")
        .help(format!("declare the {kind}, or write the value itself"))
}

/// Members that the source holds as they are.
pub(super) fn kept_raw(span: Span, what: &str, why: &str) -> Diagnostic {
    Diagnostic::new(&code::KEPT_RAW, span, format!("{what} is kept as it is: {why}"))
}

/// A member that is written in the letter case that Azure documents.
pub(super) fn respelled(span: Span, before: &str, name: &str) -> Diagnostic {
    let title = format!("`{before}` is written as `{name}`, which Azure takes for the same");
    Diagnostic::new(&code::KEPT_RAW, span, title)
}

/// The mark of the tool that wrote the template.
pub(super) fn generator_dropped(span: Span) -> Diagnostic {
    let what = "the mark of the tool that wrote this template is not in the source";
    Diagnostic::new(&code::GENERATOR_DROPPED, span, what)
        .note("it holds a hash of what that tool wrote, which is not true of what aib writes")
}

/// Something that the source does not hold.
pub(super) fn not_carried(span: Span, what: &str, why: &str) -> Diagnostic {
    Diagnostic::new(&code::NOT_CARRIED, span, format!("{what} is not in the source: {why}"))
}

/// A member that is null, and that the compiler therefore leaves out.
pub(super) fn null_left_out(span: Span, what: &str) -> Diagnostic {
    let title =
        format!("{what} is not in what the source becomes: it is null, and aib writes nothing for that here");
    Diagnostic::new(&code::NOT_CARRIED, span, title)
}

/// A template that holds nothing.
pub(super) fn empty_template(span: Span) -> Diagnostic {
    let what = "this template declares nothing and deploys nothing, so there is nothing in its source";
    Diagnostic::new(&code::NOT_CARRIED, span, what)
}

/// A file that holds nothing that the language could say.
pub(super) fn nothing_here(span: Span) -> Diagnostic {
    let what = "it is neither a deployment template nor the body of an image template";
    Diagnostic::new(&code::NO_TEMPLATE, span, format!("there is no template in this file: {what}"))
        .help("give it a deployment template, or the body of an image template")
}

/// A document whose source the language could not read.
pub(super) fn unreadable(span: Span, why: &str) -> Diagnostic {
    let title = format!("no source is written, since aib could not read it: {why}");
    Diagnostic::new(&code::NO_TEMPLATE, span, title).help(
        "take a part of the template out, such as a variable or a nested template, and decompile the rest",
    )
}

/// A file of another kind, by what it holds.
pub(super) fn no_template(span: Span, is: &str, help: &str) -> Diagnostic {
    Diagnostic::new(&code::NO_TEMPLATE, span, is).help(help)
}

/// The body of a resource of another type.
pub(super) fn other_resource(span: Span, ty: &str) -> Diagnostic {
    let what = format!("this is the body of a `{ty}`, and by themselves aib reads image templates only");
    Diagnostic::new(&code::NO_TEMPLATE, span, what)
        .help("put it into the `resources` of a deployment template, and decompile that")
}

/// What stands around the bodies that a document holds.
pub(super) fn not_a_body(span: Span, place: &str) -> Diagnostic {
    let title =
        format!("only {place} is in the source: what stands around it is about a request to the REST API");
    Diagnostic::new(&code::NOT_CARRIED, span, title)
}
