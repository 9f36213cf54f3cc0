//! Faults of the target's shape: properties, entries, versions.

use crate::base::{Span, list_words, nearest};
use crate::check::convert::{Conversion, Pinned};
use crate::check::value::Field;
use crate::diag::{Applicability, Diagnostic, Severity, code};
use crate::schema::{ApiVersion, LabelRole, ObjectType, Os, Prop, ResourceKind, Ty, Variant};

use super::property::{UPLOAD, entry_variants};
use super::values::short;

pub(crate) fn unknown_property(
    name: &str,
    span: Span,
    ty: &'static ObjectType,
    known: &[&str],
    written: &dyn Fn(&str) -> bool,
) -> Diagnostic {
    if let Some(d) = envelope(name, span, ty) {
        return d;
    }
    if let Some(path) = crate::schema::spelling_of(ty, name).filter(|p| p != name) {
        let d = Diagnostic::new(
            &code::ARM_SPELLING,
            span,
            format!("`{name}` is ARM's name; in aib it is `{path}`"),
        );
        let simple = !path.contains('.');
        return match simple {
            true => d.help(format!("write `{path} = …`")).fix(
                format!("write `{path}`"),
                span,
                path,
                Applicability::Unsafe,
            ),
            false => {
                let (block, rest) = path.split_once('.').unwrap_or_default();
                d.help(format!("write `{block} {{ {rest} = … }}`"))
            }
        };
    }
    if let Some(block) = crate::schema::block_of(ty, name) {
        let title = format!("`{name}` is ARM's name; in aib what it holds is written in `{}`", block.name);
        return Diagnostic::new(&code::ARM_SPELLING, span, title)
            .help(format!("write `{} {{ … }}`", block.name));
    }
    if let Some(row) = crate::schema::UNMODELLED
        .iter()
        .find(|u| u.read_only && u.kind == ty.name && u.arm.trim_start_matches("properties.") == name)
    {
        let title = format!("`{name}` can't be written: only the service sets it");
        return Diagnostic::new(&code::READ_ONLY_PROPERTY, span, title).note(row.why).help("take it away");
    }
    let d = Diagnostic::new(
        &code::UNKNOWN_PROPERTY,
        span,
        format!("{} has no property `{}`", called(ty), short(name)),
    );
    match nearest(name, known.iter().copied().filter(|k| !written(k))) {
        Some(near) => d.did_you_mean(near, span, near),
        None if known.is_empty() => d,
        None => d.help(format!("its properties: {}", list_words(known, "and", 24))),
    }
}

/// ARM's members that hold nothing but other members, which aib writes without them.
fn envelope(name: &str, span: Span, ty: &'static ObjectType) -> Option<Diagnostic> {
    if name == "properties" {
        let title = "`properties` is ARM's name; aib has none for it";
        return Some(
            Diagnostic::new(&code::ARM_SPELLING, span, title)
                .help(format!("write its members right into the block of {}", called(ty))),
        );
    }
    let entries = ty.entries.filter(|e| !e.arm.is_empty() && e.arm.rsplit('.').next() == Some(name))?;
    let title = format!("`{name}` is ARM's name; in aib its elements are entries of {}", called(ty));
    let words: Vec<String> = entries.union.variants.iter().map(|v| format!("`{}`", v.keyword)).collect();
    Some(
        Diagnostic::new(&code::ARM_SPELLING, span, title)
            .help(format!("write them there without it: {}", list_words(&words, "or", 8))),
    )
}

/// What an object of the target is called: a block by its word, anything else with its article.
fn called(ty: &'static ObjectType) -> String {
    let is_block = |ty: &'static ObjectType, object: &'static ObjectType| {
        object
            .props
            .iter()
            .any(|p| matches!(p.ty, Ty::Object(inner) if inner.name == ty.name && p.name == ty.name))
    };
    match crate::schema::RESOURCE_KINDS.iter().any(|k| is_block(ty, k.body)) {
        true => format!("`{}`", ty.name),
        false => an(ty.name),
    }
}

/// The property that a name which there is not probably means: ARM's spelling of it, or a slip.
pub(crate) fn meant_property(name: &str, ty: &'static ObjectType) -> Option<&'static str> {
    let path = crate::schema::spelling_of(ty, name);
    let spelling = path.as_deref().and_then(|path| ty.prop(path.split('.').next().unwrap_or_default()));
    let slip = || nearest(name, ty.props.iter().map(|p| p.name));
    spelling.map(|prop| prop.name).or_else(slip)
}

/// "an image", "a gallery".
pub(super) fn an(noun: &str) -> String {
    let vowel = noun.chars().next().is_some_and(|c| "aeiou".contains(c.to_ascii_lowercase()));
    format!("{} {noun}", if vowel { "an" } else { "a" })
}

pub(crate) fn unknown_entry(name: &str, span: Span, what: &str, known: &[&str]) -> Diagnostic {
    let d = Diagnostic::new(&code::UNKNOWN_ENTRY, span, format!("there is no {what} `{}`", short(name)));
    match nearest(name, known.iter().copied()) {
        Some(near) => d.did_you_mean(near, span, near),
        None => d.help(format!("there are: {}", list_words(known, "and", 12))),
    }
}

pub(crate) fn missing_properties(
    props: &[&'static Prop],
    ty: &'static ObjectType,
    c: &Conversion,
    span: Span,
) -> Diagnostic {
    let names: Vec<String> = props.iter().map(|p| format!("`{}`", p.name)).collect();
    let sketches: Vec<String> = props.iter().map(|p| format!("`{}`", sketch(p))).collect();
    if let [prop] = props
        && let Some(keyword) = labelled_by(prop, ty)
    {
        let title = format!("{} does not say which {}", an(ty.name), noun_of(prop));
        return Diagnostic::new(&code::MISSING_PROPERTY, span, title)
            .here(format!("of {}", c.what))
            .note(prop.doc)
            .help(format!("name it in the label: `{keyword} {} {{ … }}`", label_of(prop)));
    }
    let title = format!("{} lacks {}", called(ty), list_words(&names, "and", 8));
    let d = Diagnostic::new(&code::MISSING_PROPERTY, span, title).here(format!("of {}", c.what));
    let told = |d: Diagnostic, prop: &&'static Prop| match props {
        [_] => d.note(prop.doc),
        _ => d.note(format!("`{}`: {}", prop.name, prop.doc)),
    };
    props.iter().fold(d, told).help(format!("add {}", list_words(&sketches, "and", 8)))
}

/// The keyword of the entry whose label refers to this property.
fn labelled_by(prop: &'static Prop, ty: &'static ObjectType) -> Option<&'static str> {
    let variant =
        entry_variants().find(|v| v.body.name == ty.name && v.label == LabelRole::Refers(prop.name))?;
    Some(variant.keyword)
}

/// What a property that refers to something refers to.
fn noun_of(prop: &'static Prop) -> String {
    match prop.ty {
        Ty::Id(kinds) => kinds.first().copied().unwrap_or("resource").replace('_', " "),
        _ => "resource".into(),
    }
}

/// An example of a label that refers to it.
fn label_of(prop: &'static Prop) -> &'static str {
    match prop.ty {
        Ty::Id(kinds) if kinds.contains(&"definition") => "images.web",
        _ => "\"name\"",
    }
}

/// How a property is written.
fn sketch(prop: &'static Prop) -> String {
    match prop.ty {
        Ty::Object(ty) if ty.entries.is_some() => format!("{} {{ … }}", prop.name),
        _ => format!("{} = …", prop.name),
    }
}

pub(crate) fn needs_value(prop: &'static Prop, span: Span) -> Diagnostic {
    Diagnostic::new(&code::MISSING_PROPERTY, span, format!("`{}` has no value", prop.name))
        .help(format!("write `{}`", sketch(prop)))
}

pub(crate) fn read_only(prop: &'static Prop, span: Span) -> Diagnostic {
    Diagnostic::new(
        &code::READ_ONLY_PROPERTY,
        span,
        format!("`{}` can't be written: only the service sets it", prop.name),
    )
    .note(prop.doc)
    .help("take it away")
}

pub(crate) fn deprecated(prop: &'static Prop, instead: &str, span: Span) -> Diagnostic {
    let name = prop.name;
    let d = Diagnostic::new(&code::DEPRECATED_PROPERTY, span, format!("`{name}` is deprecated"))
        .help(format!("write {instead}"));
    match prop.successor {
        Some(other) => d.fix(format!("write `{other}`"), span, other, Applicability::Unsafe),
        None => d,
    }
}

pub(crate) fn not_in_version(
    what: &str,
    since: Option<ApiVersion>,
    until: Option<ApiVersion>,
    c: &Conversion,
    span: Span,
) -> Diagnostic {
    let when = match (since, until) {
        (Some(s), _) if c.version < s => format!("it exists from {s} on"),
        (_, Some(u)) => format!("it exists up to {u}"),
        _ => "it does not exist in it".into(),
    };
    let d =
        Diagnostic::new(&code::NOT_IN_VERSION, span, format!("{what} is not in API version {}", c.version))
            .here(when);
    let d = match &c.pinned {
        Some(Pinned::At(at)) => d.also(*at, format!("{} is written for {}", c.what, c.version)),
        Some(Pinned::Option) => d.note(format!("`--api-version {}` asks for it", c.version)),
        None => d,
    };
    match since.filter(|s| c.version < *s) {
        Some(since) => d.help(format!("ask for `api_version = \"{since}\"`, or take {what} away")),
        None => d.help(format!("take {what} away")),
    }
}

pub(crate) fn unknown_version(text: &str, kind: &'static ResourceKind, span: Span) -> Diagnostic {
    let known: Vec<&str> = kind.versions.iter().map(|v| v.0).collect();
    let d = Diagnostic::new(
        &code::UNKNOWN_VERSION,
        span,
        format!("`{}` has no API version `{text}`", kind.arm_type),
    );
    d.help(format!("it has {}", list_words(&known, "and", 16)))
}

pub(crate) fn refused_version(version: ApiVersion, span: Span) -> Diagnostic {
    Diagnostic::new(&code::OLD_VERSION, span, format!("the service refuses API version {version}"))
        .note("versions before 2019-05-01-preview have been refused since June 2020")
        .help("take `api_version` away: aib finds the version that the image needs")
}

pub(crate) fn old_version(version: ApiVersion, span: Span) -> Diagnostic {
    let mut d =
        Diagnostic::new(&code::OLD_VERSION, span, format!("API version {version} is a preview of 2019"))
            .note("it is documented as deprecated")
            .help("take `api_version` away: aib finds the version that the image needs");
    d.severity = Severity::Warning;
    d
}

pub(crate) fn duplicate_property(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(&code::DUPLICATE_PROPERTY, span, format!("`{name}` is written twice"))
        .also(first, "first written here")
        .help("take one away")
}

pub(crate) fn one_of_missing(props: &[&str], why: &str, span: Span) -> Diagnostic {
    let words: Vec<String> = props.iter().map(|p| format!("`{p}`")).collect();
    Diagnostic::new(
        &code::MISSING_PROPERTY,
        span,
        format!("one of {} is needed", list_words(&words, "or", 8)),
    )
    .note(why)
    .help(format!("add {}", list_words(&words, "or", 8)))
}

pub(crate) fn excluding(first: (&str, &Field), rest: &[(&str, &Field)], why: &str) -> Diagnostic {
    let mut names: Vec<String> = vec![format!("`{}`", first.0)];
    names.extend(rest.iter().map(|(n, _)| format!("`{n}`")));
    let last = rest.last().map(|(_, f)| f.key_span).unwrap_or(first.1.key_span);
    let d = Diagnostic::new(
        &code::EXCLUDING_PROPERTIES,
        last,
        format!("{} exclude each other", list_words(&names, "and", 8)),
    );
    d.also(first.1.key_span, format!("`{}` is written here", first.0)).note(why).help("keep one of them")
}

pub(crate) fn requires(prop: &str, needs: &str, why: &str, span: Span, other: Option<Span>) -> Diagnostic {
    let d = Diagnostic::new(&code::REQUIRES_PROPERTY, span, format!("`{prop}` needs `{needs}`")).note(why);
    match other {
        Some(other) => {
            d.also(other, format!("`{needs}` is off here")).help(format!("write `{needs} = true`"))
        }
        None => d.help(format!("add `{needs}`")),
    }
}

pub(crate) fn property_takes_no_label(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::UNKNOWN_ENTRY, span, format!("the property `{name}` takes no label"))
        .help(format!("write `{name} = …`"))
}

pub(crate) fn takes_no_label(keyword: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::UNKNOWN_ENTRY, span, format!("`{keyword}` takes no label")).help("take it away")
}

pub(crate) fn label_is_text(keyword: &str, name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::UNKNOWN_ENTRY, span, format!("the name of a `{keyword}` step is a string"))
        .help(format!("write `{keyword} \"{name}\"`"))
        .fix("put it in quotes", span, format!("\"{name}\""), Applicability::Safe)
}

pub(crate) fn takes_no_value(variant: &'static Variant, span: Span) -> Diagnostic {
    let example =
        variant.body.props.iter().find(|p| !p.read_only && p.name != "name").map_or("…".into(), sketch);
    Diagnostic::new(&code::UNKNOWN_ENTRY, span, format!("`{}` takes no value", variant.keyword)).help(
        match variant.label {
            LabelRole::None => format!("write `{} {{ {example} }}`", variant.keyword),
            _ => format!("write `{} \"name\" {{ {example} }}`", variant.keyword),
        },
    )
}

pub(crate) fn not_a_block(prop: &'static Prop, span: Span) -> Diagnostic {
    let how = match prop.ty {
        Ty::Tags | Ty::Map(_) | Ty::Any => format!("`{} = {{ … }}`", prop.name),
        _ => format!("`{} = …`", prop.name),
    };
    Diagnostic::new(&code::UNKNOWN_ENTRY, span, format!("`{}` is a value, not a block", prop.name))
        .help(format!("write {how}"))
}

pub(crate) fn value_and_block(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::UNKNOWN_ENTRY, span, format!("`{name}` has both a value and a block"))
        .help("keep one of them")
}

pub(crate) fn resource_takes_no_value(keyword: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::UNKNOWN_ENTRY, span, format!("`{keyword}` is declared with a block, not a value"))
        .help(format!("write `{keyword} NAME {{ … }}`"))
}

pub(crate) fn steps_in_spread(name: &str, key: Span, span: Span) -> Diagnostic {
    Diagnostic::new(&code::STEPS_IN_SPREAD, span, format!("`{name}` can't come from a spread"))
        .also(key, "it is written here")
        .note("an object holds properties; steps and targets are entries")
        .help("put repeated steps into a recipe and `use` it; repeat targets with `for`")
}

pub(crate) fn step_against_recipe(keyword: &str, span: Span, recipe: &str, on: (Os, Span)) -> Diagnostic {
    Diagnostic::new(&code::STEP_AGAINST_RECIPE, span, format!("`{keyword}` does not run on {}", on.0.name()))
        .also(on.1, format!("the recipe `{recipe}` is for {}", on.0.name()))
        .help(match on.0 {
            Os::Linux => "write a `shell` step, or let the recipe be `on windows`",
            Os::Windows => "write a `powershell` step, or let the recipe be `on linux`",
        })
}

pub(crate) fn id_and_parts(other: &str, id: Span, span: Span) -> Diagnostic {
    Diagnostic::new(&code::EXCLUDING_PROPERTIES, span, format!("`id` and `{other}` exclude each other"))
        .also(id, "the id says it already")
        .help("keep one of them")
}

pub(crate) fn subnet_needs_vnet(span: Span) -> Diagnostic {
    Diagnostic::new(&code::MISSING_PROPERTY, span, "a subnet lacks `vnet`")
        .note("its id holds the name of its virtual network")
        .help("add `vnet = \"…\"`, or the whole `id`")
}

pub(crate) fn name_required(keyword: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::MISSING_PROPERTY, span, format!("{} lacks `name`", an(&keyword.replace('_', " "))))
        .note("its name is unique in the world, so the declared name can't stand for it")
        .help("add `name = \"…\"`, or the whole `id`")
}

pub(crate) fn raw_members(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::RAW_MEMBERS, span, format!("`{name}` is passed on as it is, unchecked"))
        .note("it is there for what this compiler does not know, or knows to be wrong")
}

pub(crate) fn raw_not_object(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::PROPERTY_TYPE, span, format!("`{name}` takes an object of ARM members"))
        .help(format!("write `{name} = {{ … }}`"))
}

pub(crate) fn deferred_version(
    value: &crate::check::value::Value,
    version: ApiVersion,
    span: Span,
) -> Diagnostic {
    let d =
        Diagnostic::new(&code::DEFERRED_VERSION, span, "the API version is known only when Azure deploys")
            .here(format!("checked as if it were {version}"))
            .note("which members there are depends on the version")
            .help("write the version itself, or leave `api_version` out");
    match &value.labels.deferred {
        Some(cause) if cause.span != span => d.also(cause.span, cause.what.to_string()),
        _ => d,
    }
}

pub(crate) fn no_resource_type(text: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::INVALID_VALUE, span, format!("`{}` is no type of a resource", short(text)))
        .help("a type is a provider and what it has: `Microsoft.Storage/storageAccounts`")
}

pub(crate) fn raw_version(text: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::UNKNOWN_VERSION, span, format!("`{}` is no API version", short(text)))
        .note("it is the date of a version, such as `2023-11-30` or `2024-02-01-preview`; ARM knows no `latest`")
        .help("take a version from the page of the type at learn.microsoft.com/azure/templates")
}

pub(crate) fn raw_name(name: &str, ty: &str, names: usize, span: Span, at: Span) -> Diagnostic {
    let has = name.split('/').count();
    let title = format!("`{ty}` takes {} in its name, this has {has}", crate::base::plural(names, "segment"));
    Diagnostic::new(&code::INVALID_NAME, span, title)
        .also(at, "a segment for each part of the type behind the provider")
        .help("the names of the parents stand before its own, with `/` between them")
}

pub(crate) fn raw_type(span: Span) -> Diagnostic {
    Diagnostic::new(&code::UNKNOWN_VERSION, span, "a raw resource needs its API version")
        .help("write `resource \"Microsoft.Provider/type@2024-01-01\" name { … }`")
}

pub(crate) fn raw_entry(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::UNKNOWN_ENTRY, span, format!("`{name}` has no value"))
        .help(format!("write `{name} = …`"))
}

pub(crate) fn local_source(path: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        &code::LOCAL_FILE,
        span,
        format!("`{path}` is a file of this machine, which the service can't fetch"),
    )
    .help(UPLOAD)
}

pub(crate) fn prelude_needs_inline(span: Span) -> Diagnostic {
    Diagnostic::new(&code::REQUIRES_PROPERTY, span, "`env` and `secrets` need an inline script")
        .note("they become lines before the script's own; a script that is fetched by URL runs as it is")
        .help("write the script inline, or from a file of the workspace: `script = \"./x.sh\"`")
}

pub(crate) fn prelude_needs_lines(span: Span) -> Diagnostic {
    Diagnostic::new(&code::DEFERRED, span, "`env` and `secrets` need a script whose lines are known")
        .help("write the script as a string with interpolations")
}

pub(crate) fn empty_script(prop: &'static Prop, span: Span) -> Diagnostic {
    Diagnostic::new(&code::MISSING_PROPERTY, span, format!("`{}` holds no command", prop.name))
        .help("write at least one command, or take the step away")
}

pub(crate) fn os_contradicts(stated: Os, at: Span, known: Os, source: Span) -> Diagnostic {
    Diagnostic::new(
        &code::OS_CONTRADICTS,
        at,
        format!("`os = {}`, but the source is {}", stated.word(), known.name()),
    )
    .also(source, format!("a source of {}", known.name()))
    .help("take `os` away: it is known from the source")
}

pub(crate) fn duplicate_resource(
    keyword: &str,
    name: &str,
    declared: &str,
    span: Span,
    first: Span,
) -> Diagnostic {
    let d = Diagnostic::new(
        &code::DUPLICATE_RESOURCE,
        span,
        format!("two resources of the kind `{keyword}` are named \"{}\"", short(name)),
    )
    .here(format!("`{declared}`"));
    let d = if first == span { d } else { d.also(first, "the first one") };
    d.note("Azure compares names without regard to case")
        .help("give one of them another `name`, in a loop one that holds the loop's name")
}
