//! Faults of values: wrong types, deferred where they must be known, secrets where they must not be.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::base::Span;
use crate::check::program::Key;
use crate::check::ty::Type;
use crate::check::value::{Kind, Value};
use crate::check::{MAX_DEPTH, MAX_ELEMENTS, MAX_NESTING, MAX_STEPS, MAX_STRING};
use crate::diag::{Diagnostic, code};

pub(crate) fn type_mismatch(value: &Value, wanted: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::TYPE_MISMATCH, span, format!("{wanted} is expected, this is {}", value.describe()))
        .help(format!("write {wanted}"))
}

pub(crate) fn does_not_fit(value: &Value, ty: &Type, what: &str, complaint: Option<String>) -> Diagnostic {
    let shown = match &value.kind {
        Kind::Str(text) => format!("\"{}\"", short(text)),
        Kind::Int(n) => n.to_string(),
        _ => value.describe(),
    };
    let d = Diagnostic::new(&code::TYPE_MISMATCH, value.span, format!("{what} takes {ty}, this is {shown}"));
    let d = match complaint {
        Some(why) => d.note(why),
        None => d,
    };
    match value.cause() {
        Some(cause) => d.also(cause.span, format!("its value comes from {}", cause.what)),
        None => d.help(format!("write {ty}")),
    }
}

/// A text cut to a readable length, on one line.
pub(crate) fn short(text: &str) -> String {
    let mut chars = text.chars();
    let mut out: String = chars.by_ref().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if chars.next().is_some() {
        out.push('…');
    }
    out
}

/// Deferred where the compiler must know. `role` says what the value decides.
pub(crate) fn deferred(value: &Value, role: &str, span: Span) -> Diagnostic {
    let d = Diagnostic::new(&code::DEFERRED, span, format!("{role} must be known when aib runs"))
        .here("this is known only when Azure deploys");
    match value.cause() {
        Some(cause) if cause.span != span => {
            d.also(cause.span, format!("because of {}", cause.what)).help(if value.labels.secret.is_some() {
                "aib never knows a secret: decide by a parameter that is none"
            } else {
                "give the parameter a value with `--set` or `--params`, or make it a `let`"
            })
        }
        Some(cause) => d.note(format!("because of {}", cause.what)),
        None => d,
    }
}

pub(crate) fn bad_operand(operator: &str, value: &Value, wanted: &str) -> Diagnostic {
    Diagnostic::new(
        &code::TYPE_MISMATCH,
        value.span,
        format!("`{operator}` takes {wanted}, this is {}", value.describe()),
    )
    .help(match (operator, &value.kind) {
        (_, Kind::Null) => "give it another value with `??`: `(x ?? other)`".to_string(),
        ("+", _) => {
            "`+` adds ints, durations and sizes, and joins strings or lists; `\"${a}${b}\"` joins anything"
                .to_string()
        }
        _ => format!("write {wanted}"),
    })
}

/// A difference of durations or sizes.
pub(crate) fn below_zero(what: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::EVALUATION, span, "the result is below zero")
        .note(format!("there is no {what} below zero"))
        .help("take the smaller from the larger")
}

/// A choice between things that no expression of ARM can be, which only Azure could make.
pub(crate) fn deferred_choice(condition: &Value) -> Diagnostic {
    deferred(condition, "which of the two it is", condition.span)
        .note("an expression of ARM chooses between values, not between sources or their like")
        .help("give the parameter a value with `--set` or `--params`, or write `if condition { … } else { … }` around two declarations")
}

/// Something else than a resource after which a resource is made.
pub(crate) fn not_a_dependency(value: &Value) -> Diagnostic {
    let title = format!("`depends_on` takes resources of this file, this is {}", value.describe());
    Diagnostic::new(&code::TYPE_MISMATCH, value.span, title)
        .help("write their names without quotes: `depends_on = [web]`")
}

pub(crate) fn division_by_zero(span: Span) -> Diagnostic {
    Diagnostic::new(&code::EVALUATION, span, "division by zero").help("write a number other than 0")
}

pub(crate) fn overflow(span: Span) -> Diagnostic {
    Diagnostic::new(&code::EVALUATION, span, "the result does not fit into 64 bits")
        .help("use smaller numbers")
}

pub(crate) fn refused_call(function: &str, why: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::REFUSED_CALL, span, format!("`{function}` fails: {why}"))
        .note("the deployment would fail with it, before anything is created")
}

pub(crate) fn index_outside(index: i64, length: usize, span: Span) -> Diagnostic {
    Diagnostic::new(
        &code::EVALUATION,
        span,
        format!("the list has {}, there is none at {index}", crate::base::plural(length, "element")),
    )
    .help("elements are counted from 0")
}

pub(crate) fn cannot_index(base: &Value, index: &Value, span: Span) -> Diagnostic {
    Diagnostic::new(
        &code::TYPE_MISMATCH,
        span,
        format!("{} has no element at {}", base.describe(), index.describe()),
    )
    .help("lists are indexed by ints, objects by strings")
}

pub(crate) fn bad_argument(function: &str, param: &str, value: &Value, wanted: &str) -> Diagnostic {
    Diagnostic::new(
        &code::TYPE_MISMATCH,
        value.span,
        format!("`{param}` of `{function}` takes {wanted}, this is {}", value.describe()),
    )
    .help(format!("give {wanted}"))
}

pub(crate) fn no_text(value: &Value) -> Diagnostic {
    let help = match value.kind {
        Kind::Duration(_) | Kind::Size(_) => "write the number and unit as a string",
        Kind::Null => "give another value with `??`",
        _ => "use `join(list, \" \")` or `string(x)`",
    };
    Diagnostic::new(
        &code::TYPE_MISMATCH,
        value.span,
        format!("{} can't be written into a string", value.describe()),
    )
    .help(help)
}

pub(crate) fn missing_member(name: &str, what: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::TYPE_MISMATCH, span, format!("{what} lacks `{name}`"))
        .help(format!("add `{name} = …`"))
}

pub(crate) fn duplicate_key(key: &Key, span: Span, first: Span) -> Diagnostic {
    let name = match key {
        Key::Str(text) => format!("`{text}`"),
        Key::Expr(_) => "the same expression".into(),
    };
    let d = Diagnostic::new(&code::DUPLICATE_PROPERTY, span, format!("{name} is a key twice"));
    let d = if first == span { d } else { d.also(first, "first written here") };
    d.help("take one away")
}

pub(crate) fn too_many_steps(span: Span) -> Diagnostic {
    Diagnostic::new(
        &code::TOO_LARGE,
        span,
        format!("the program takes more than {MAX_STEPS} steps to evaluate"),
    )
    .help("loops inside loops multiply: walk fewer elements")
}

pub(crate) fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::new(&code::TOO_LARGE, span, format!("evaluation nests deeper than {MAX_DEPTH} levels"))
        .help("call fewer functions from within functions")
}

pub(crate) fn too_many_elements(count: usize, span: Span) -> Diagnostic {
    Diagnostic::new(
        &code::TOO_LARGE,
        span,
        format!("{count} elements are more than the limit of {MAX_ELEMENTS}"),
    )
    .help("a template holds at most 800 resources and 4 MB: fewer elements will do")
}

pub(crate) fn too_heavy(most: u32, deferred: bool, span: Span) -> Diagnostic {
    let what = if deferred { "the expression has more parts" } else { "the value holds more values" };
    Diagnostic::new(&code::TOO_LARGE, span, format!("{what} than the limit of {most}"))
        .help("a template holds at most 4 MB, and an expression of ARM 24,576 characters")
}

pub(crate) fn type_too_large(most: u32, span: Span) -> Diagnostic {
    Diagnostic::new(&code::TOO_LARGE, span, format!("the type has more parts than the limit of {most}"))
        .help("types that are made of types multiply: use `object` for a part")
}

pub(crate) fn secret_type(ty: &Type, span: Span) -> Diagnostic {
    Diagnostic::new(&code::TYPE_MISMATCH, span, format!("{ty} can't be secret"))
        .note("ARM hides secure strings and secure objects only; all else stands in the deployment's history")
        .help("write `secret string` or `secret object`")
}

pub(crate) fn known_text_only(what: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::DEFERRED, span, format!("{what} can't be interpolated")).help("write it out")
}

pub(crate) fn no_arm_type(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        &code::TYPE_MISMATCH,
        span,
        format!("ARM has no type for the default of the parameter `{name}`"),
    )
    .help("parameters are strings, ints, bools, lists and objects: write the number as a string")
}

pub(crate) fn no_output_type(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::TYPE_MISMATCH, span, format!("ARM has no type for the output `{name}`"))
        .note("outputs are strings, ints, bools, lists and objects; none is null")
        .help("write a number as a string, and give what may be missing a value with `??`")
}

pub(crate) fn named_twice(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(&code::WRONG_ARGUMENTS, span, format!("`{name}` is given twice"))
        .also(first, "given here first")
        .help("leave one of them out")
}

pub(crate) fn variable_twice(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(&code::DUPLICATE_PROPERTY, span, format!("the variable `{name}` is set twice"))
        .also(first, "`env` sets it too")
        .help("give one of them another name")
}

pub(crate) fn bad_secret_name(text: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::INVALID_NAME, span, format!("{text:?} is no name of a secret"))
        .note("1 to 127 letters, digits and `-`")
        .help("write the secret's name in its vault")
}

pub(crate) fn bad_secret_version(text: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::INVALID_VALUE, span, format!("{text:?} is no version of a secret"))
        .note("32 hexadecimal digits")
        .help("leave `version` out for the current one")
}

pub(crate) fn blob_without_container(text: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::INVALID_VALUE, span, format!("{text:?} names no container"))
        .help("write `blob(\"container/path\")`")
}

pub(crate) fn lost_seconds(seconds: u64, span: Span) -> Diagnostic {
    Diagnostic::new(
        &code::OUT_OF_BOUNDS,
        span,
        format!("a template counts whole minutes, this is {seconds} seconds"),
    )
    .help(format!("write `{}m`", seconds.div_ceil(60)))
}

pub(crate) fn nested_too_deep(span: Span) -> Diagnostic {
    Diagnostic::new(&code::TOO_LARGE, span, format!("the value nests deeper than {MAX_NESTING} levels"))
        .help("write a flatter value")
}

pub(crate) fn too_long(span: Span) -> Diagnostic {
    Diagnostic::new(&code::TOO_LARGE, span, format!("the string is longer than {MAX_STRING} bytes"))
        .help("a template holds at most 4 MB")
}

pub(crate) fn too_many_resources(most: usize, span: Span) -> Diagnostic {
    Diagnostic::new(&code::TOO_LARGE, span, format!("the program declares more than {most} resources"))
        .help("a template holds at most 800: split the file")
}

pub(crate) fn arm_limit(what: &str, count: usize, most: usize, span: Span) -> Diagnostic {
    Diagnostic::new(&code::TOO_LARGE, span, format!("the template has {count} {what}, ARM takes {most}"))
        .help("split the file into several that are deployed one after the other")
}

pub(crate) fn assertion_failed(message: Option<&str>, span: Span) -> Diagnostic {
    Diagnostic::new(
        &code::ASSERTION_FAILED,
        span,
        message.filter(|m| !m.trim().is_empty()).unwrap_or("an assertion does not hold").to_string(),
    )
    .here("this is false")
}

pub(crate) fn policy_violated(
    policy: &str,
    message: Option<&str>,
    image: &str,
    at: Span,
    rule: Span,
) -> Diagnostic {
    let d =
        Diagnostic::new(&code::POLICY_VIOLATED, at, format!("the image `{image}` breaks a policy: {policy}"))
            .also(rule, "this is false for it");
    match message {
        Some(message) => d.help(message.to_string()),
        None => d,
    }
}

/// A secret where everyone can read it: shows how it got there, hop by hop.
pub(crate) fn secret_sink(value: &Value, sink: &str, span: Span) -> Diagnostic {
    let mut d = Diagnostic::new(&code::SECRET_LEAK, span, format!("a secret reaches {sink}"));
    let mut hops: Vec<(Arc<str>, Span)> = Vec::new();
    let mut at = value.labels.secret.as_ref();
    while let Some(hop) = at {
        hops.push((hop.what.clone(), hop.span));
        at = hop.from.as_ref();
    }
    hops.reverse();
    for (index, (what, place)) in hops.iter().enumerate() {
        if *place != span {
            d = d.also(*place, format!("{}. {what}", index + 1));
        }
    }
    d.here("whoever may read the template can read it here")
        .note("image templates keep nothing secret: names, tags, outputs, scripts and all other properties can be read back")
        .help("fetch it on the build VM: `secrets = { NAME = vault.secret(\"…\") }` on the step; or `reveal(x, because = \"…\")` if it is not secret after all")
}

pub(crate) fn null_parameter(name: &str, ty: &Type, span: Span) -> Diagnostic {
    let inner = if let Type::Optional(inner) = ty { inner } else { ty };
    let another = match inner.arm_type() {
        "int" => "`0`",
        "bool" => "`false`",
        "array" => "`[]`",
        "object" => "`{}`",
        _ => "`\"\"`",
    };
    Diagnostic::new(&code::TYPE_MISMATCH, span, format!("the parameter `{name}` can't be null in the template"))
        .note("parameters of an ARM template have no null")
        .help(format!("give it another default, such as {another}; or a value now, with `--set {name}=…` or `import … with {{ {name} = … }}`"))
}

pub(crate) fn output_needs_type(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::TYPE_MISMATCH, span, format!("the type of the output `{name}` is not known"))
        .help(format!("say it: `output {name}: string = …`"))
}

pub(crate) fn secret_given(name: &str, from: &str, span: Span) -> Diagnostic {
    let title = format!("`{from}` gives the secret parameter `{name}` a value");
    Diagnostic::new(&code::SECRET_LEAK, span, title)
        .note("what aib knows becomes a part of the template, which anyone with access to the deployment can read")
        .help("leave it out here, and give the value when you deploy")
}

pub(crate) fn secret_default(name: &str, span: Span) -> Diagnostic {
    let mut text = String::new();
    let _ = write!(text, "the default of the secret parameter `{name}` is written in plain");
    Diagnostic::new(&code::SECRET_LEAK, span, text)
        .note("the default is part of the template, which anyone with access to the deployment can read")
        .help("take the default away and give the value when you deploy")
}

pub(crate) fn secret_reference_as_value(span: Span) -> Diagnostic {
    Diagnostic::new(&code::SECRET_LEAK, span, "a reference to a secret is no value")
        .note("the compiler never sees what is in a vault; only a step can fetch it, on the build VM")
        .help("write it in `secrets = { NAME = vault.secret(\"…\") }` of a step")
}

pub(crate) fn not_a_secret(name: &str, value: &Value) -> Diagnostic {
    Diagnostic::new(
        &code::TYPE_MISMATCH,
        value.span,
        format!("the secret `{name}` must be one of a vault, this is {}", value.describe()),
    )
    .help("write `vault.secret(\"name\")`; plain values stand in `env = { … }`")
}

pub(crate) fn secrets_need_identity(span: Span) -> Diagnostic {
    Diagnostic::new(
        &code::SECRETS_NEED_IDENTITY,
        span,
        "a step fetches secrets, but the build VM has no identity to fetch them with",
    )
    .help("give it one: `build { vm_identities = [IDENTITY] }`; its right to read the secret is derived")
}

pub(crate) fn identity_not_on_vm(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        &code::SECRETS_NEED_IDENTITY,
        span,
        format!("the build VM does not have the identity `{name}`"),
    )
    .help(format!("add it: `build {{ vm_identities = [{name}] }}`"))
}

pub(crate) fn bad_variable(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::INVALID_NAME, span, format!("`{name}` is no name of an environment variable"))
        .help("write letters, digits and `_`, not beginning with a digit")
}

pub(crate) fn hash_outside_name(span: Span) -> Diagnostic {
    Diagnostic::new(&code::EVALUATION, span, "`content_hash()` can stand only in the `name` of an image")
        .note("it is computed from everything else that the image is")
        .help("use `image.name` where you need the name that it makes")
}
