//! Faults of values: wrong types, bounds, forms of texts.

use super::{an, short};
use crate::arm_json::rows::member_of;
use crate::arm_json::scope::Scopes;
use crate::base::{Span, has_placeholder, list_words, nearest};
use crate::check::{id_shape, is_group_name};
use crate::diag::{Applicability, Diagnostic, Severity, code};
use crate::json::{Data, Object, Value};
use crate::schema::{Prop, Ty, id_kind};

/// What a value is, for messages.
fn describe(value: &Value) -> String {
    match &value.data {
        Data::Null => "null".into(),
        Data::Bool(b) => format!("the truth value {b}"),
        Data::Number(text) => format!("the number {text}"),
        Data::Text(text) => format!("the string \"{}\"", short(text)),
        Data::Placeholder(text) => format!("`{text}`"),
        Data::List(_) => "a list".into(),
        Data::Object(_) => "an object".into(),
    }
}

pub(in crate::arm_json) fn wrong_type(noun: &str, wanted: &str, value: &Value, span: Span) -> Diagnostic {
    let d = Diagnostic::new(
        &code::PROPERTY_TYPE,
        span,
        format!("{noun} takes {wanted}, this is {}", describe(value)),
    );
    let unquoted = value.as_text().map(str::to_lowercase).filter(|text| match wanted {
        "a truth value" => matches!(text.as_str(), "true" | "false"),
        "an integer" => text.parse::<i64>().is_ok(),
        _ => false,
    });
    match (unquoted, wanted) {
        (Some(text), _) => d.help(format!("write {text} without quotes")).fix(
            format!("write {text}"),
            span,
            text,
            Applicability::Safe,
        ),
        (None, "a list" | "a list of strings") if matches!(value.data, Data::Text(_) | Data::Object(_)) => {
            d.help("put it in brackets: `[ … ]`")
        }
        _ => d.help(format!("write {wanted}")),
    }
}

pub(in crate::arm_json) fn out_of_bounds(prop: &'static Prop, number: i64, span: Span) -> Diagnostic {
    let bounds = match (prop.limit.min, prop.limit.max) {
        (Some(a), Some(b)) => format!("between {a} and {b}"),
        (Some(a), None) if number < a => format!("at least {a}"),
        (None, Some(b)) if number > b => format!("at most {b}"),
        _ => "a 32-bit integer".into(),
    };
    let title = format!("`{}` must be {bounds}, this is {number}", member_of(prop));
    Diagnostic::new(&code::OUT_OF_BOUNDS, span, title).help(match bounds.as_str() {
        "a 32-bit integer" => "write a value between -2147483648 and 2147483647".to_owned(),
        bounds => format!("write a value {bounds}"),
    })
}

pub(in crate::arm_json) fn bad_length(prop: &'static Prop, text: &str, span: Span) -> Option<Diagnostic> {
    let n = text.chars().count();
    let short_one = prop.limit.min_len.is_some_and(|m| n < m);
    let long = prop.limit.max_len.is_some_and(|m| n > m);
    (short_one || long).then(|| {
        let (a, b) = (prop.limit.min_len.unwrap_or(0), prop.limit.max_len.unwrap_or(0));
        let title = format!("`{}` has {a} to {b} characters, this has {n}", member_of(prop));
        Diagnostic::new(&code::OUT_OF_BOUNDS, span, title).help(format!("write {a} to {b} characters"))
    })
}

pub(in crate::arm_json) fn not_allowed(
    name: &str,
    text: &str,
    words: &[&str],
    open: bool,
    span: Span,
) -> Diagnostic {
    let title = format!("`{name}` can't be \"{}\"", short(text));
    let mut d = Diagnostic::new(&code::VALUE_NOT_ALLOWED, span, title);
    if open {
        d.severity = Severity::Warning;
        d = d.note("the API takes other texts too, but documents only these");
    }
    match nearest(text, words.iter().copied()) {
        Some(near) => d.help(format!("did you mean \"{near}\"?")).fix(
            format!("write \"{near}\""),
            span,
            format!("\"{near}\""),
            Applicability::Unsafe,
        ),
        None => {
            let words: Vec<String> = words.iter().map(|w| format!("\"{w}\"")).collect();
            d.help(format!("write {}", list_words(&words, "or", 12)))
        }
    }
}

pub(in crate::arm_json) fn bad_value(name: &str, text: &str, why: &str, ty: &Ty, span: Span) -> Diagnostic {
    let title = format!("`{name}` can't be \"{}\"", short(text));
    let d = Diagnostic::new(&code::INVALID_VALUE, span, title).help(why.to_owned());
    let lower = text.to_lowercase();
    let upper_only =
        matches!(ty, Ty::Sha256) && lower != text && crate::check::text_complaint(ty, &lower).is_none();
    match upper_only {
        true => d.fix("write it in lower case", span, format!("\"{lower}\""), Applicability::Safe),
        false => d,
    }
}

pub(in crate::arm_json) fn bad_duration(name: &str, text: &str, span: Span) -> Diagnostic {
    let title = format!("`{name}` can't be \"{}\"", short(text));
    Diagnostic::new(&code::INVALID_VALUE, span, title)
        .help("a duration is a number above 0 with a unit, `h`, `m` or `s`: \"10m\"")
}

pub(in crate::arm_json) fn bad_name(text: &str, what: &str, words: &'static str, span: Span) -> Diagnostic {
    let title = format!("`{what}` can't be \"{}\"", short(text));
    Diagnostic::new(&code::INVALID_NAME, span, title).note(words).help("write another name")
}

pub(in crate::arm_json) fn bad_id(
    name: &str,
    text: &str,
    why: &str,
    kinds: &[&str],
    span: Span,
) -> Diagnostic {
    let kind = kinds.first().copied().unwrap_or("resource");
    let wanted = id_kind(kind).map_or("", |k| k.arm_type);
    let title = format!("`{name}`: \"{}\" is no id of {}", short(text), an(&kind.replace('_', " ")));
    Diagnostic::new(&code::INVALID_ID, span, title)
        .note(why.to_owned())
        .help(format!("write `{}`", id_shape(wanted)))
}

pub(in crate::arm_json) fn bad_group(name: &str, text: &str, span: Span) -> Option<Diagnostic> {
    if text.is_empty() || has_placeholder(text) {
        return None;
    }
    let parts: Vec<&str> = text.split('/').collect();
    let id = match parts.as_slice() {
        ["", subscriptions, id, groups, group] => {
            subscriptions.eq_ignore_ascii_case("subscriptions")
                && groups.eq_ignore_ascii_case("resourceGroups")
                && !id.is_empty()
                && is_group_name(group)
        }
        _ => false,
    };
    let title = format!("`{name}`: \"{}\" is no id of a resource group", short(text));
    (!id).then(|| {
        Diagnostic::new(&code::INVALID_ID, span, title)
            .help("write `/subscriptions/ID/resourceGroups/NAME`; a name alone is none")
    })
}

pub(in crate::arm_json) fn wrong_kind(name: &str, other: &str, kinds: &[&str], span: Span) -> Diagnostic {
    let types: Vec<String> =
        kinds.iter().filter_map(|k| id_kind(k)).map(|k| format!("`{}`", k.arm_type)).collect();
    let title = format!("`{name}` takes the id of {}, this is one of `{other}`", list_words(&types, "or", 6));
    Diagnostic::new(&code::WRONG_KIND, span, title).help("name a resource of that type")
}

pub(in crate::arm_json) fn empty_address(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::MISSING_PROPERTY, span, format!("`{name}` is empty"))
        .note("there is nothing to fetch")
        .help("write the address")
}

pub(in crate::arm_json) fn empty_script(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::MISSING_PROPERTY, span, format!("`{name}` holds no command"))
        .help("write at least one command, or take the step away")
}

pub(in crate::arm_json) fn bad_expression(span: Span, text: &str, why: &str) -> Diagnostic {
    let title = format!("the expression can't be read: {why}");
    Diagnostic::new(&code::ARM_EXPRESSION, span, title)
        .note(format!("a string that begins with `[` and ends with `]` is an expression: {}", short(text)))
        .help("write `[[` at its beginning if it is meant as text")
}

pub(in crate::arm_json) fn bad_tags(
    name: &str,
    object: &Object,
    scopes: &Scopes<'_>,
    span: Span,
) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let members = object.effective();
    if members.len() > 50 {
        let title = format!("`{name}` has {} tags, Azure takes 50", members.len());
        out.push(Diagnostic::new(&code::OUT_OF_BOUNDS, span, title).help("take some away"));
    }
    let mut seen: std::collections::HashMap<String, Span> = std::collections::HashMap::new();
    for member in members {
        let (tag, key) = (&*member.key.text, scopes.span(member.key.range));
        if tag.starts_with('[') || has_placeholder(tag) {
            continue;
        }
        if tag.is_empty() || tag.chars().count() > 512 || tag.contains(['<', '>', '%', '&', '\\', '?', '/']) {
            let d =
                Diagnostic::new(&code::INVALID_NAME, key, format!("\"{}\" is no name of a tag", short(tag)));
            out.push(d.help("1 to 512 characters, none of `<` `>` `%` `&` `\\` `?` `/`"));
        }
        if member.value.as_text().is_some_and(|t| !t.starts_with('[') && t.chars().count() > 256) {
            let title = format!("the tag `{}` has more than 256 characters", short(tag));
            let at = scopes.span(member.value.range);
            out.push(Diagnostic::new(&code::OUT_OF_BOUNDS, at, title).help("write at most 256 characters"));
        }
        if let Some(first) = seen.insert(tag.to_lowercase(), key) {
            out.push(super::twice(tag, key, first).note("Azure compares tags without regard to case"));
        }
    }
    out
}
