//! Faults of members: unknown, misspelt, missing, excluding each other.

use super::{an, short};
use crate::arm_json::rows::{Given, Instance, in_arm, member_of};
use crate::arm_json::walk::Around;
use crate::base::{Span, list_words, nearest};
use crate::diag::{Applicability, Diagnostic, Severity, code};
use crate::schema::{ApiVersion, Place, Prop, Union, V2024_02, Variant, places};

pub(in crate::arm_json) fn unknown_member(
    key: &str,
    noun: &str,
    known: &[&str],
    around: &Around,
    (here, span): (&str, Span),
) -> Diagnostic {
    let key_shown = short(key);
    let d = Diagnostic::new(&code::UNKNOWN_PROPERTY, span, format!("{noun} has no member `{key_shown}`"));
    let mut d = match around.version {
        Some(version) if around.is_builder() && version < V2024_02 => {
            d.note(format!("API version {version} passes over it, so that it does nothing; from 2024-02-01 on the service refuses it"))
        }
        _ => d,
    };
    if !around.is_builder() {
        d.severity = Severity::Warning;
    }
    let ends_alike = || {
        let lower = key.to_lowercase();
        known.iter().copied().find(|k| k.len() > key.len() && k.to_lowercase().ends_with(&lower))
    };
    if let Some(near) = nearest(key, known.iter().copied()).or_else(ends_alike) {
        return d.did_you_mean(near, span, format!("\"{near}\""));
    }
    // Braces too many around members that belong beside it.
    if here.rsplit('.').nth(1) == Some(key) {
        return d.help(format!("take what is in it out of it, into the `{key_shown}` around it"));
    }
    match elsewhere(key, around).filter(|place| place.arm != here) {
        Some(Place { arm, since: Some(since), .. }) if around.version.is_some_and(|v| v < since) => {
            d.help(format!("from API version {since} on it belongs at `{arm}`; take it away"))
        }
        Some(place) => d.help(format!("it belongs at `{}`", place.arm)),
        None if known.is_empty() => d.help("take it away"),
        None => d.help(format!("its members: {}", list_words(known, "and", 24))),
    }
}

/// Where in the resource a member of this name belongs, if it is one place.
fn elsewhere(key: &str, around: &Around) -> Option<Place> {
    let mut found: Vec<Place> = places(around.kind)
        .into_iter()
        .filter(|place| place.arm.rsplit('.').next() == Some(key))
        .filter(|place| place.until.is_none_or(|until| around.version.is_none_or(|v| v <= until)))
        .collect();
    found.dedup_by(|a, b| a.arm == b.arm);
    match found.len() {
        1 => found.pop(),
        _ => None,
    }
}

/// A name in another letter case.
pub(in crate::arm_json) fn casing(written: &str, right: &str, around: &Around, span: Span) -> Diagnostic {
    let title = format!("`{}` is spelled `{right}`", short(written));
    let mut d = Diagnostic::new(&code::UNKNOWN_PROPERTY, span, title)
        .note("API versions from 2024-02-01 on tell upper from lower case, and refuse what they do not know")
        .help(format!("write `{right}`"))
        .fix(format!("write `{right}`"), span, format!("\"{right}\""), Applicability::Safe);
    d.severity = around.casing();
    d
}

/// A word in another letter case that the service refuses in versions, too, that compare no others.
pub(in crate::arm_json) fn refused_casing(
    written: &str,
    right: &str,
    around: &Around,
    span: Span,
) -> Diagnostic {
    let mut d = casing(written, right, around, span);
    d.severity = Severity::Error;
    d.notes = vec!["the service compares this word in all versions: \"has a bad value: ''\"".to_owned()];
    d
}

/// The spelling of another version.
pub(in crate::arm_json) fn old_spelling(
    written: &str,
    right: &str,
    until: Option<ApiVersion>,
    around: &Around,
    span: Span,
) -> Diagnostic {
    let version = around.version.map_or("", |v| v.0);
    let d = Diagnostic::new(
        &code::UNKNOWN_PROPERTY,
        span,
        format!("API version {version} calls `{written}` `{right}`"),
    );
    let d = match until {
        Some(until) => d.note(format!("it was `{written}` up to {until}")),
        None => d,
    };
    d.help(format!("write `{right}`")).fix(
        format!("write `{right}`"),
        span,
        format!("\"{right}\""),
        Applicability::Safe,
    )
}

pub(in crate::arm_json) fn twice(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(&code::DUPLICATE_PROPERTY, span, format!("`{name}` is written twice"))
        .also(first, "first written here")
        .help("take one away")
}

pub(in crate::arm_json) fn missing(
    props: &[&'static Prop],
    instance: &Instance,
    around: &Around,
) -> Diagnostic {
    let names: Vec<String> = props.iter().map(|p| format!("`{}`", member_of(p))).collect();
    let inner = props.first().and_then(|p| instance.place_of(p));
    let noun = match inner.and_then(|_| props.first()?.arm.split_once('.')) {
        Some((outer, _)) => format!("`{outer}`"),
        None => instance.noun.clone(),
    };
    let title = format!("{noun} lacks {}", list_words(&names, "and", 8));
    let place = inner.unwrap_or(instance.place);
    let d = Diagnostic::new(&code::MISSING_PROPERTY, place, title).here(format!("of {}", around.what));
    let told = |d: Diagnostic, prop: &&'static Prop| {
        let doc = in_arm(&without_aib(prop.doc), instance.ty);
        match props {
            [_] => d.note(doc),
            _ => d.note(format!("`{}`: {doc}", member_of(prop))),
        }
    };
    props.iter().fold(d, told).help(format!("add {}", list_words(&names, "and", 8)))
}

/// A row's text without the sentences about how it is written in aib.
fn without_aib(doc: &str) -> String {
    let mut sentences = doc.split_inclusive(". ").collect::<Vec<_>>();
    sentences.retain(|s| !s.contains("aib ") && !s.contains("entry's label"));
    sentences.concat().trim_end().to_owned()
}

/// A member that tells that another variant is meant.
pub(in crate::arm_json) fn of_other_variant(
    (key, span): (&str, Span),
    noun: &str,
    (union, other): (&Union, &Variant),
    tag: Span,
) -> Diagnostic {
    let (name, arm) = (union.discriminator, other.arm);
    Diagnostic::new(&code::UNKNOWN_PROPERTY, span, format!("{noun} has no member `{key}`"))
        .also(tag, "what says so")
        .help(format!("a {} with `{key}` is a `{arm}`: write `\"{name}\": \"{arm}\"`", union.name))
        .fix(format!("write `{arm}`"), tag, format!("\"{arm}\""), Applicability::Unsafe)
}

pub(in crate::arm_json) fn no_discriminator(union: &Union, around: &Around, span: Span) -> Diagnostic {
    let there = union.variants.iter().filter(|v| around.version.is_none_or(|version| v.is_in(version)));
    let known: Vec<String> = there.map(|v| format!("\"{}\"", v.arm)).collect();
    let name = union.discriminator;
    Diagnostic::new(&code::MISSING_PROPERTY, span, format!("{} lacks `{name}`", an(union.name)))
        .note(format!("`{name}` says which {} it is", union.name))
        .help(format!("add `\"{name}\"`: {}", list_words(&known, "or", 8)))
}

pub(in crate::arm_json) fn unknown_variant(
    union: &Union,
    text: &str,
    known: &[&str],
    span: Span,
) -> Diagnostic {
    let title = format!("there is no {} `{}`", union.name, short(text));
    let d = Diagnostic::new(&code::UNKNOWN_ENTRY, span, title);
    match nearest(text, known.iter().copied()) {
        Some(near) => d.did_you_mean(near, span, format!("\"{near}\"")),
        None => d.help(format!("there are: {}", list_words(known, "and", 12))),
    }
}

pub(in crate::arm_json) fn not_in_version(
    what: &str,
    since: Option<ApiVersion>,
    until: Option<ApiVersion>,
    version: ApiVersion,
    around: &Around,
    span: Span,
) -> Diagnostic {
    let when = match (since, until) {
        (Some(s), _) if version < s => format!("it exists from {s} on"),
        (_, Some(u)) => format!("it exists up to {u}"),
        _ => "it does not exist in it".into(),
    };
    let title = format!("{what} is not in API version {version}");
    let d = Diagnostic::new(&code::NOT_IN_VERSION, span, title).here(when);
    let mut d = match around.version_at {
        Some(at) => d.also(at, format!("{} is written for {version}", around.what)),
        None => d,
    };
    // The version in a body binds nobody: requests name one of their own.
    if !around.binding {
        d.severity = Severity::Warning;
        d = d.note("outside of a deployment template `apiVersion` binds nothing: the tool that sends the body names a version of its own, and that one counts");
    }
    match since.filter(|s| version < *s) {
        Some(since) if !around.binding => d.help(format!(
            "see that it is sent with {since} or later, and write `\"apiVersion\": \"{since}\"` to say so"
        )),
        Some(since) => d.help(format!("write `\"apiVersion\": \"{since}\"`, or take {what} away")),
        None => d.help(format!("take {what} away")),
    }
}

pub(in crate::arm_json) fn read_only(name: &str, why: &str, span: Span) -> Diagnostic {
    let title = format!("`{name}` can't be written: only the service sets it");
    let mut d = Diagnostic::new(&code::READ_ONLY_PROPERTY, span, title)
        .note(why.to_owned())
        .help("take it away: what Azure shows of a resource is more than what it takes");
    // What the service shows can often be handed back to it as it is.
    d.severity = Severity::Warning;
    d
}

pub(in crate::arm_json) fn deprecated(prop: &'static Prop, instead: &str, span: Span) -> Diagnostic {
    let name = member_of(prop);
    // The table says what to write instead in aib's names of the same target.
    let instead = match crate::schema::resource_kind("image")
        .and_then(|kind| places(kind).into_iter().find(|p| std::ptr::eq(p.prop, prop)).map(|p| p.object))
    {
        Some(ty) => in_arm(instead, ty),
        None => instead.to_owned(),
    };
    Diagnostic::new(&code::DEPRECATED_PROPERTY, span, format!("`{name}` is deprecated"))
        .help(format!("write {instead}"))
}

pub(in crate::arm_json) fn one_of_missing(names: &[&str], why: &str, instance: &Instance) -> Diagnostic {
    let words: Vec<String> = names.iter().map(|p| format!("`{p}`")).collect();
    let title = format!("{} lacks {}", instance.noun, list_words(&words, "or", 8));
    Diagnostic::new(&code::MISSING_PROPERTY, instance.place, title)
        .note(why.to_owned())
        .help(format!("add {}", list_words(&words, "or", 8)))
}

pub(in crate::arm_json) fn excluding(present: &[(&'static str, Given)], why: &str) -> Option<Diagnostic> {
    let [(first, given), rest @ ..] = present else { return None };
    let (_, last) = rest.last()?;
    // The version of a target is no member of its own.
    let shown = |name: &str| match name {
        "version" => "a version in `galleryImageId`".to_owned(),
        name => format!("`{name}`"),
    };
    let names: Vec<String> = present.iter().map(|(n, _)| shown(n)).collect();
    let title = format!("{} exclude each other", list_words(&names, "and", 8));
    Some(
        Diagnostic::new(&code::EXCLUDING_PROPERTIES, last.key, title)
            .also(given.key, format!("{} is written here", shown(first)))
            .note(why.to_owned())
            .help("keep one of them"),
    )
}

pub(in crate::arm_json) fn requires(
    prop: &str,
    needs: &str,
    why: &str,
    span: Span,
    other: Option<Span>,
) -> Diagnostic {
    let title = format!("`{prop}` needs `{needs}`");
    let d = Diagnostic::new(&code::REQUIRES_PROPERTY, span, title).note(why.to_owned());
    match other {
        Some(other) => {
            d.also(other, format!("`{needs}` is off here")).help(format!("write `\"{needs}\": true`"))
        }
        None => d.help(format!("add `{needs}`")),
    }
}
