//! What is wrong with expressions, and with what templates declare.

use super::short;
use crate::arm::{FUNCTIONS, Function};
use crate::base::{Span, list_words, nearest};
use crate::diag::{Diagnostic, code};

pub(in crate::arm_json) fn refused_call(function: &str, why: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::REFUSED_CALL, span, format!("`{function}` fails: {why}"))
        .note("the deployment would fail with it, before anything is created")
}

/// A function that has a value only when resources are there, where there are none yet.
pub(in crate::arm_json) fn late_function(function: &str, place: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::LATE_FUNCTION, span, format!("`{function}` can't stand in {place}"))
        .note("Azure evaluates it before it makes anything, and this has a value only when the resource is there")
        .help("what is known only later can stand in `properties` of a resource and in outputs; write the value here, or take it from a parameter")
}

/// A function that gives another value each time.
pub(in crate::arm_json) fn default_only(function: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        &code::LATE_FUNCTION,
        span,
        format!("`{function}` can stand only in the default of a parameter"),
    )
    .note("Azure would give another value each time that it evaluates the template")
    .help("make a parameter with this default, and use the parameter")
}

pub(in crate::arm_json) fn undeclared(function: &str, name: &str, known: &[&str], span: Span) -> Diagnostic {
    let noun = if function == "parameters" { "parameter" } else { "variable" };
    let title = format!("the template declares no {noun} `{}`", short(name));
    let d = Diagnostic::new(&code::UNKNOWN_PARAMETER, span, title);
    match nearest(name, known.iter().copied()) {
        Some(near) => d.did_you_mean(near, span, format!("'{near}'")),
        None if known.is_empty() => d.help(format!("declare it below `{function}`")),
        None => {
            d.help(format!("declare it below `{function}`, or name one of {}", list_words(known, "or", 12)))
        }
    }
}

pub(in crate::arm_json) fn unused(function: &str, name: &str, span: Span) -> Diagnostic {
    let (noun, help) = match function {
        "parameters" => (
            "parameter",
            "use it or remove it: once it is gone, a deployment that gives it a value is refused",
        ),
        _ => ("variable", "use it or remove it"),
    };
    Diagnostic::new(&code::UNUSED_NAME, span, format!("the {noun} `{}` is never used", short(name)))
        .here("no expression of the template names it")
        .help(help)
}

pub(in crate::arm_json) fn unknown_function(name: &str, span: Span) -> Diagnostic {
    let title = format!("templates have no function `{}`", short(name));
    let d = Diagnostic::new(&code::ARM_EXPRESSION, span, title)
        .note("the deployment would be refused before anything is created");
    match nearest(name, FUNCTIONS.iter().map(|row| row.name)) {
        Some(near) => d.help(format!("did you mean `{near}`?")),
        None => d.help("a function of the template's own is called with its namespace: `contoso.name(…)`"),
    }
}

pub(in crate::arm_json) fn wrong_count(row: &Function, given: usize, span: Span) -> Diagnostic {
    let takes = match (row.min, row.max) {
        (0, Some(0)) => "no arguments".to_owned(),
        (1, Some(1)) => "one argument".to_owned(),
        (min, Some(max)) if min == max => format!("{min} arguments"),
        (min, Some(max)) => format!("{min} to {max} arguments"),
        (1, None) => "at least one argument".to_owned(),
        (min, None) => format!("at least {min} arguments"),
    };
    let given = if given == 0 { "none".to_owned() } else { given.to_string() };
    let title = format!("`{}` takes {takes}, it is given {given}", row.name);
    Diagnostic::new(&code::WRONG_ARGUMENTS, span, title)
        .note("the deployment would be refused before anything is created")
        .help(format!("`{}`: {}", row.name, row.doc))
}

pub(in crate::arm_json) fn no_name(function: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::WRONG_ARGUMENTS, span, format!("`{function}` takes a name"))
        .note("the deployment would be refused before anything is created")
        .help(format!("write the name in quotes: `{function}('name')`"))
}

pub(in crate::arm_json) fn variable_ring(name: &str, used: Span, declared: Span) -> Diagnostic {
    let title = format!("the variable `{}` is defined by itself", short(name));
    Diagnostic::new(&code::CYCLIC_DEFINITION, used, title)
        .here("its value is needed here, to compute its value")
        .also(declared, "declared here")
        .help("break the ring: a variable may use only what can be computed before it")
}

pub(in crate::arm_json) fn unknown_given(name: &str, known: &[&str], span: Span) -> Diagnostic {
    let title = format!("the deployment gives `{}`, which its template does not declare", short(name));
    let d = Diagnostic::new(&code::UNKNOWN_PARAMETER, span, title).note("the deployment would be refused");
    match nearest(name, known.iter().copied()) {
        Some(near) => d.help(format!("did you mean `{near}`?")),
        None if known.is_empty() => d.help("it has none: leave the value away"),
        None => d.help(format!("it has {}", list_words(known, "and", 12))),
    }
}

pub(in crate::arm_json) fn not_given(name: &str, place: Span, declared: Span) -> Diagnostic {
    let title = format!("the deployment gives the parameter `{}` no value", short(name));
    Diagnostic::new(&code::MISSING_PROPERTY, place, title)
        .also(declared, "it has no default")
        .help(format!("write `\"{name}\": {{ \"value\": … }}` below `parameters` of the deployment, or give it a `defaultValue`"))
}

pub(in crate::arm_json) fn no_such_parameter(what: &str, known: &[&str], span: Span) -> Diagnostic {
    let d = Diagnostic::new(&code::UNKNOWN_PARAMETER, span, format!("there is no parameter {what}"))
        .here("in the template of this file");
    match known {
        [] => d.help("the template has no parameters"),
        known => d.help(format!("its parameters: {}", list_words(known, "and", 12))),
    }
}
