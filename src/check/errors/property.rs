//! Faults of what a property is given: its type, bounds, texts, names and ids.

use crate::base::has_placeholder;
use crate::base::{Span, list_words, nearest};
use crate::check::convert::Conversion;
use crate::check::program::Key;
use crate::check::texts::{id_complaint, id_shape, is_group_name};
use crate::check::ty::Domain;
use crate::check::value::{Fields, Kind, Value};
use crate::diag::{Applicability, Diagnostic, Severity, code};
use crate::schema::{Enumeration, LabelRole, NameRule, Prop, Required, Ty, Union, Variant};

use super::shape::{an, duplicate_property};
use super::values::short;

pub(crate) fn words_of(ty: &Ty) -> &'static str {
    match ty {
        Ty::Str => "a string",
        Ty::Name(_) => "a name as a string",
        Ty::Int => "an int",
        Ty::Bool | Ty::State => "a bool",
        Ty::Minutes => "a duration in whole minutes, such as `2h`",
        Ty::GoDuration => "a duration such as `10m`",
        Ty::Gigabytes => "a size such as `64GB`",
        Ty::Url => "a URL as a string",
        Ty::Sha256 => "a SHA-256 as a string",
        Ty::Region => "a region as a string",
        Ty::Version => "a version such as \"1.2.3\"",
        Ty::List(_) => "a list",
        Ty::Map(_) | Ty::Tags | Ty::Object(_) => "an object",
        Ty::Script => "a string or a list of strings",
        Ty::Id(_) | Ty::Identity => "a resource or its id",
        Ty::ResourceGroup => "the name or id of a resource group",
        Ty::Enum(_) | Ty::Union(_) | Ty::Any => "a value",
    }
}

pub(crate) fn words_of_enum(e: &'static Enumeration) -> String {
    let words: Vec<String> = e.values.iter().map(|v| format!("`{}`", v.name)).collect();
    list_words(&words, "or", 12)
}

pub(crate) fn words_of_union(union: &'static Union) -> String {
    let words: Vec<String> = union.variants.iter().map(|v| format!("`{}(…)`", v.keyword)).collect();
    let head = if union.name == "source" {
        "an image, a gallery definition or version, a marketplace source, "
    } else {
        ""
    };
    format!("{head}{}", list_words(&words, "or", 12))
}

pub(crate) fn words_of_kinds(kinds: &[&str]) -> String {
    let words: Vec<String> =
        kinds.iter().filter(|k| **k != "version").map(|k| an(&k.replace('_', " "))).collect();
    format!("{} or its id", list_words(&words, "or", 6))
}

pub(crate) fn property_type(prop: &'static Prop, value: &Value, wanted: &str) -> Diagnostic {
    let d = Diagnostic::new(
        &code::PROPERTY_TYPE,
        value.span,
        match (&prop.ty, &value.kind) {
            (Ty::List(_), Kind::Deferred(..)) => {
                format!("`{}` takes {wanted} that aib knows, this is {}", prop.name, value.describe())
            }
            _ => format!("`{}` takes {wanted}, this is {}", prop.name, value.describe()),
        },
    );
    // A list is blamed, or an element of it.
    let blamed = match &prop.ty {
        Ty::List(inner) if wanted != words_of(&prop.ty) => inner,
        ty => ty,
    };
    let (help, fix) = match (blamed, &value.kind) {
        (Ty::List(_), Kind::Deferred(..)) => {
            let help = "give the parameter a value with `--set` or `--params`, so that the list is known when aib runs";
            (help.to_string(), None)
        }
        (Ty::Minutes, Kind::Int(n)) => {
            let text = minutes(*n);
            (format!("write `{text}`, if it means minutes"), Some(text))
        }
        (Ty::Gigabytes, Kind::Int(n)) => (format!("write `{n}GB`"), Some(format!("{n}GB"))),
        (Ty::Bool | Ty::State, Kind::Str(text)) if matches!(&*text.to_lowercase(), "true" | "false") => {
            let word = text.to_lowercase();
            (format!("write `{word}` without quotes"), Some(word))
        }
        (Ty::Int, Kind::Str(text)) if text.parse::<i64>().is_ok() => {
            (format!("write `{text}` without quotes"), Some(text.to_string()))
        }
        (Ty::List(_), _) => (format!("put it in brackets: `{} = [ … ]`", prop.name), None),
        _ => (format!("write {wanted}"), None),
    };
    let d = d.help(help);
    let d = match value.cause() {
        Some(cause) => d.also(cause.span, format!("its type comes from {}", cause.what)),
        None => d,
    };
    match fix {
        Some(text) => d.fix(format!("write `{text}`"), value.span, text, Applicability::Unsafe),
        None => d,
    }
}

/// Minutes as a duration of aib.
fn minutes(n: i64) -> String {
    match n {
        n if n > 0 && n % 60 == 0 => format!("{}h", n / 60),
        n => format!("{n}m"),
    }
}

pub(crate) fn not_whole_minutes(prop: &'static Prop, seconds: u64, span: Span) -> Diagnostic {
    Diagnostic::new(
        &code::OUT_OF_BOUNDS,
        span,
        format!("`{}` counts whole minutes, this is {seconds} seconds", prop.name),
    )
    .help(format!("write `{}m`", seconds.div_ceil(60)))
}

pub(crate) fn out_of_bounds(prop: &'static Prop, number: i64, span: Span) -> Diagnostic {
    let unit = |n: i64| match prop.ty {
        Ty::Minutes => format!("`{}`", minutes(n)),
        Ty::Gigabytes => format!("`{n}GB`"),
        _ => n.to_string(),
    };
    let bounds = match (prop.limit.min, prop.limit.max) {
        (Some(a), Some(b)) => format!("between {} and {}", unit(a), unit(b)),
        (Some(a), None) => format!("at least {}", unit(a)),
        (None, Some(b)) => format!("at most {}", unit(b)),
        (None, None) if number == 0 => "more than 0".into(),
        (None, None) => "a 32-bit integer".into(),
    };
    Diagnostic::new(
        &code::OUT_OF_BOUNDS,
        span,
        format!("`{}` must be {bounds}, this is {}", prop.name, unit(number)),
    )
    .help(format!("write a value {bounds}"))
}

pub(crate) fn range_of_type(
    prop: &'static Prop,
    min: Option<i64>,
    max: Option<i64>,
    span: Span,
) -> Option<Diagnostic> {
    let low = prop.limit.min.is_some_and(|m| min.is_some_and(|v| v < m));
    let high = prop.limit.max.is_some_and(|m| max.is_some_and(|v| v > m));
    (low || high).then(|| {
        let show = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
        Diagnostic::new(
            &code::OUT_OF_BOUNDS,
            span,
            format!("the type allows values that `{}` does not take", prop.name),
        )
        .note(format!("`{}` takes {}..{}", prop.name, show(prop.limit.min), show(prop.limit.max)))
        .help(format!("declare it `int({}..{})`", show(prop.limit.min), show(prop.limit.max)))
    })
}

pub(crate) fn not_in_enum(
    text: &str,
    e: &'static Enumeration,
    prop: &'static Prop,
    span: Span,
) -> Diagnostic {
    let words: Vec<&str> = e.values.iter().map(|v| v.name).collect();
    let mut d = Diagnostic::new(
        &code::VALUE_NOT_ALLOWED,
        span,
        format!("`{}` can't be \"{}\"", prop.name, short(text)),
    );
    if e.open {
        d.severity = Severity::Warning;
        d = d.note("the API takes other texts too, but documents only these");
    }
    match nearest(text, words.iter().copied()) {
        Some(near) => d.did_you_mean(near, span, near),
        None => d.help(format!("write {}", words_of_enum(e))),
    }
}

pub(crate) fn enum_of_type(
    text: &str,
    e: &'static Enumeration,
    prop: &'static Prop,
    span: Span,
) -> Diagnostic {
    let own: Vec<String> = e
        .values
        .iter()
        .filter_map(|v| match v.arm {
            crate::schema::Lit::Str(t) => Some(format!("\"{t}\"")),
            crate::schema::Lit::Bool(_) => None,
        })
        .collect();
    Diagnostic::new(
        &code::VALUE_NOT_ALLOWED,
        span,
        format!("the type allows \"{text}\", which `{}` does not take", prop.name),
    )
    .note("what is known only at deployment is passed on as it is, so it must have ARM's spelling")
    .help(format!("declare it as {}", list_words(&own, "|", 12)))
}

/// What is wrong with a text of a type, if something is.
pub(crate) fn bad_text(
    text: &str,
    ty: &'static Ty,
    prop: &'static Prop,
    span: Span,
    c: &Conversion,
) -> Option<Diagnostic> {
    if has_placeholder(text) {
        return None;
    }
    let is_path = !text.is_empty() && !text.contains("://") && !text.contains(char::is_whitespace);
    if matches!(ty, Ty::Url) && is_path && ["script", "source"].contains(&prop.name) {
        return Some(path_as_url(text, prop, span));
    }
    let domain = |d: Domain| {
        d.complaint(text).map(|why| {
            Diagnostic::new(
                &code::INVALID_VALUE,
                span,
                format!("{} can't be \"{}\"", of(prop, c), short(text)),
            )
            .help(why)
        })
    };
    match ty {
        Ty::Name(rule) if prop.name == "name" => (!rule.accepts(text)).then(|| {
            let d = Diagnostic::new(
                &code::INVALID_NAME,
                span,
                match entry_of(prop) {
                    Some(keyword) => {
                        format!("a `{keyword}` of {} can't be named \"{}\"", c.what, short(text))
                    }
                    None => format!("{} can't be named \"{}\"", c.what, short(text)),
                },
            );
            d.note(rule.words).help(if c.partial { NAME_IN_AZURE } else { "write another name" })
        }),
        Ty::Name(rule) => (!rule.accepts(text)).then(|| {
            let d = bad_name(text, rule, prop.name, span);
            if c.partial { d.help(NAME_IN_AZURE) } else { d }
        }),
        Ty::Region => domain(Domain::Region),
        Ty::Url if text.is_empty() => must_be_there(prop).then(|| empty_address(prop, span, c)),
        Ty::Url => domain(Domain::Url),
        Ty::Sha256 if text.is_empty() => None,
        Ty::Sha256 => {
            let lower = text.to_lowercase();
            let d = domain(Domain::Sha256)?;
            Some(if lower != text && Domain::Sha256.complaint(&lower).is_none() {
                d.fix("write it in lower case", span, format!("\"{lower}\""), Applicability::Safe)
            } else {
                d
            })
        }
        Ty::Version => domain(Domain::Version),
        Ty::Str => {
            let n = text.chars().count();
            let short_one = prop.limit.min_len.is_some_and(|m| n < m);
            let long = prop.limit.max_len.is_some_and(|m| n > m);
            (short_one || long).then(|| {
                let (a, b) = (prop.limit.min_len.unwrap_or(0), prop.limit.max_len.unwrap_or(0));
                Diagnostic::new(
                    &code::OUT_OF_BOUNDS,
                    span,
                    format!("`{}` has {a} to {b} characters, this has {n}", prop.name),
                )
                .help(format!("write {a} to {b} characters"))
            })
        }
        _ => None,
    }
}

/// A property as it is called in a sentence: by its owner, the name of a step or target by its label.
pub(crate) fn of(prop: &'static Prop, c: &Conversion) -> String {
    match entry_of(prop) {
        Some(keyword) => format!("the label of a `{keyword}` of {}", c.what),
        None => format!("`{}` of {}", prop.name, c.what),
    }
}

/// The keyword of the step or target whose label sets this property.
fn entry_of(prop: &'static Prop) -> Option<&'static str> {
    let sets = |v: &&Variant| {
        v.label == LabelRole::Sets(prop.name) && v.body.props.iter().any(|p| std::ptr::eq(p, prop))
    };
    entry_variants().find(sets).map(|v| v.keyword)
}

/// The steps and targets that there are.
pub(super) fn entry_variants() -> impl Iterator<Item = &'static Variant> {
    let unions = crate::schema::RESOURCE_KINDS.iter().flat_map(|k| k.body.props).filter_map(|p| match p.ty {
        Ty::Object(inner) => inner.entries.map(|e| e.union),
        _ => None,
    });
    unions.flat_map(|u| u.variants)
}

/// Whether an address is what a step or a source is about, so that an empty one leaves nothing to fetch.
fn must_be_there(prop: &'static Prop) -> bool {
    let of_step = || entry_variants().any(|v| v.body.props.iter().any(|p| std::ptr::eq(p, prop)));
    prop.required != Required::No || of_step()
}

fn empty_address(prop: &'static Prop, span: Span, c: &Conversion) -> Diagnostic {
    Diagnostic::new(&code::MISSING_PROPERTY, span, format!("{} is empty", of(prop, c)))
        .note("there is nothing to fetch")
        .help("write the address, or take it away")
}

/// A path where a URL is expected.
fn path_as_url(text: &str, prop: &'static Prop, span: Span) -> Diagnostic {
    // Scripts are read from the workspace, other files are fetched by the service.
    let title = format!("`{}` takes a URL, \"{}\" is a path", prop.name, short(text));
    let absolute = text.starts_with(['/', '\\', '~']) || text.get(1..2) == Some(":");
    let d = Diagnostic::new(&code::LOCAL_FILE, span, title);
    if prop.name != "script" {
        return d.note("the service fetches it, and can't reach this machine").help(UPLOAD);
    }
    if absolute {
        return d.help("only files of the workspace are read: put it there and write `\"./setup.sh\"`; a URL begins with `https://`");
    }
    let path = format!("./{}", text.replace('\\', "/"));
    d.help(format!("for a file of the workspace write `\"{path}\"`; a URL begins with `https://`")).fix(
        format!("write `\"{path}\"`"),
        span,
        crate::syntax::quote(&path),
        Applicability::Unsafe,
    )
}

/// How a file comes to where the service can fetch it.
pub(super) const UPLOAD: &str = "upload it and name its URL: `source = account.blob(\"container/path\")`; or write it in a step, from `file(\"./…\")`";

/// What to do about the name of a resource that exists: another one would not be it.
pub(crate) const NAME_IN_AZURE: &str = "write the name that it has in Azure; none there can have this one";

pub(crate) fn bad_name(text: &str, rule: &NameRule, what: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        &code::INVALID_NAME,
        span,
        format!("\"{}\" is no name for {}", short(text), an(&what.replace('_', " "))),
    )
    .note(rule.words)
    .help("write another name")
}

pub(crate) fn bad_subscription(text: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::INVALID_ID, span, format!("\"{}\" is no id of a subscription", short(text)))
        .note("it is a GUID, such as `00000000-0000-0000-0000-000000000000`")
        .help("write the id, not the name: `az account show --query id`")
}

pub(crate) fn bad_group_name(text: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::INVALID_NAME, span, format!("\"{}\" is no name of a resource group", short(text)))
        .note("1 to 90 letters, digits, `_`, `-`, `.` and parentheses, not ending in `.`")
        .help("write the name that the group has in Azure")
}

pub(crate) fn long_name(length: usize, rule: &NameRule, what: &str, span: Span) -> Diagnostic {
    let title = format!("a name for {} has at most {} characters", an(&what.replace('_', " ")), rule.max);
    Diagnostic::new(&code::INVALID_NAME, span, title)
        .here(format!("at least {length}, whatever its parameters get"))
        .note(rule.words)
        .help("shorten what is written here")
}

pub(crate) fn bad_group(text: &str, prop: &'static Prop, span: Span) -> Option<Diagnostic> {
    (!is_group_name(text)).then(|| {
        Diagnostic::new(&code::INVALID_NAME, span, format!("`{}`: \"{}\" is no name of a resource group", prop.name, short(text)))
            .help("1 to 90 letters, digits, `_`, `-`, `.` and parentheses, not ending in `.`; or a whole id `/subscriptions/…/resourceGroups/…`")
    })
}

/// What is wrong with an id as text, if something is: its provider, type and segments.
pub(crate) fn bad_id(
    text: &str,
    kinds: &'static [&'static str],
    prop: &'static Prop,
    span: Span,
) -> Option<Diagnostic> {
    // An empty id stands for none, where none is needed.
    let empty = text.is_empty() && prop.required != crate::schema::Required::No;
    let why = id_complaint(text, kinds).or_else(|| empty.then(|| "it is empty".into()))?;
    let wanted = kinds.iter().find_map(|k| crate::schema::id_kind(k)).map_or("", |k| k.arm_type);
    let noun = an(&kinds.first().copied().unwrap_or("resource").replace('_', " "));
    Some(
        Diagnostic::new(
            &code::INVALID_ID,
            span,
            format!("`{}`: \"{}\" is no id of {noun}", prop.name, short(text)),
        )
        .note(why)
        .help(format!("name a declaration, or write `{}`", id_shape(wanted))),
    )
}

pub(crate) fn wrong_kind(
    prop: &'static Prop,
    name: &str,
    keyword: &str,
    kinds: &'static [&'static str],
    span: Span,
    decl: Span,
) -> Diagnostic {
    Diagnostic::new(
        &code::WRONG_KIND,
        span,
        format!(
            "`{}` takes {}, `{name}` is {}",
            prop.name,
            words_of_kinds(kinds),
            an(&keyword.replace('_', " "))
        ),
    )
    .also(decl, "declared here")
    .help(match (keyword, kinds.first()) {
        ("gallery", Some(&"definition")) => format!("name one of its definitions: `{name}.NAME`"),
        _ => format!("name {}", words_of_kinds(kinds)),
    })
}

pub(crate) fn one_identity(span: Span, count: usize) -> Diagnostic {
    Diagnostic::new(&code::INVALID_VALUE, span, format!("a template has exactly one identity, this list has {count}"))
        .note("the service takes no more; identities of the build VM are another matter")
        .help("write `identity = NAME`; identities for scripts on the build VM go into `build { vm_identities = [ … ] }`")
}

pub(crate) fn bad_tags(fields: &Fields, prop: &'static Prop, span: Span) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    if fields.map.len() > 50 {
        out.push(
            Diagnostic::new(
                &code::OUT_OF_BOUNDS,
                span,
                format!("`{}` has {} tags, Azure takes 50", prop.name, fields.map.len()),
            )
            .help("take some away"),
        );
    }
    let mut seen: Vec<(String, Span)> = Vec::new();
    for field in fields.map.values() {
        let Key::Str(name) = &field.key else { continue };
        if name.is_empty()
            || name.chars().count() > 512
            || name.contains(['<', '>', '%', '&', '\\', '?', '/']) && !has_placeholder(name)
        {
            out.push(
                Diagnostic::new(
                    &code::INVALID_NAME,
                    field.key_span,
                    format!("\"{}\" is no name of a tag", short(name)),
                )
                .help("1 to 512 characters, none of `<` `>` `%` `&` `\\` `?` `/`"),
            );
        }
        if let Some(text) = field.value.as_str()
            && text.chars().count() > 256
        {
            out.push(
                Diagnostic::new(
                    &code::OUT_OF_BOUNDS,
                    field.value.span,
                    format!("the tag `{name}` has more than 256 characters"),
                )
                .help("write at most 256 characters"),
            );
        }
        let lower = name.to_lowercase();
        match seen.iter().find(|(n, _)| *n == lower) {
            Some((_, first)) => out.push(duplicate_property(name, field.key_span, *first)),
            None => seen.push((lower, field.key_span)),
        }
    }
    out
}
