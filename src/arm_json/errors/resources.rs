//! Faults of resources as a whole, of parameters and of secrets.

use std::sync::Arc;

use super::{an, short};
use crate::base::{Span, list_words};
use crate::check::Secret;
use crate::diag::{Applicability, Diagnostic, Severity, code};
use crate::schema::{ApiVersion, IMAGE, IMAGE_VERSIONS, ResourceKind};

fn latest() -> &'static str {
    IMAGE_VERSIONS.iter().rev().find(|v| !v.is_preview()).map_or("", |v| v.0)
}

pub(in crate::arm_json) fn truncated_type(text: &str, in_template: bool, span: Span) -> Diagnostic {
    let title = format!("`type` can't be \"{}\": its second part is missing", short(text));
    let mut d =
        Diagnostic::new(&code::INVALID_VALUE, span, title).help(format!("write \"{}\"", IMAGE.arm_type)).fix(
            format!("write \"{}\"", IMAGE.arm_type),
            span,
            format!("\"{}\"", IMAGE.arm_type),
            Applicability::Safe,
        );
    d = match in_template {
        true => d.note("a deployment finds no such type; only `az resource create`, which is told the type, lets it pass"),
        false => d.note("`az resource create`, which is told the type, lets it pass"),
    };
    if !in_template {
        d.severity = Severity::Info;
    }
    d
}

pub(in crate::arm_json) fn missing_type(what: &str, versioned: bool, span: Span) -> Diagnostic {
    let ty = format!("`\"type\": \"{}\"`", IMAGE.arm_type);
    let lacks = |names: &str| {
        Diagnostic::new(&code::MISSING_PROPERTY, span, format!("{what} lacks {names}"))
            .note("tools that are told the type do without")
    };
    if versioned {
        let mut d = lacks("`type`").help(format!("add {ty}"));
        d.severity = Severity::Info;
        return d;
    }
    let mut d = lacks("`type` and `apiVersion`")
        .note("which members there are, and what is checked here, depends on the version")
        .help(format!(
            "say which with `--api-version {}`, or add {ty} and `\"apiVersion\": \"{0}\"`",
            latest()
        ));
    d.severity = Severity::Info;
    d
}

pub(in crate::arm_json) fn missing_version(what: &str, in_template: bool, span: Span) -> Diagnostic {
    let d = Diagnostic::new(&code::MISSING_PROPERTY, span, format!("{what} lacks `apiVersion`"))
        .note("which members there are, and what is checked here, depends on it");
    if in_template {
        return d.help(format!("add `\"apiVersion\": \"{}\"`", latest()));
    }
    // A request names its version elsewhere; its body does without.
    let mut d = d.help(format!("say which with `--api-version {}`", latest()));
    d.severity = Severity::Info;
    d
}

pub(in crate::arm_json) fn unknown_version(
    text: &str,
    kind: &'static ResourceKind,
    span: Span,
) -> Diagnostic {
    let known: Vec<&str> = kind.versions.iter().map(|v| v.0).collect();
    let title = format!("`{}` has no API version `{}`", kind.arm_type, short(text));
    Diagnostic::new(&code::UNKNOWN_VERSION, span, title)
        .help(format!("it has {}", list_words(&known, "and", 16)))
}

pub(in crate::arm_json) fn refused_version(version: ApiVersion, span: Span) -> Diagnostic {
    Diagnostic::new(&code::OLD_VERSION, span, format!("the service refuses API version {version}"))
        .note("versions before 2019-05-01-preview have been refused since June 2020")
        .help("write \"2024-02-01\", and what that version asks for: `identity` above all")
}

pub(in crate::arm_json) fn old_version(version: ApiVersion, span: Span) -> Diagnostic {
    let title = format!("API version {version} is a preview of 2019");
    let mut d = Diagnostic::new(&code::OLD_VERSION, span, title)
        .note("it is documented as deprecated")
        .help("write \"2024-02-01\", and what that version asks for: `identity` above all");
    d.severity = Severity::Warning;
    d
}

pub(in crate::arm_json) fn bad_resource_name(
    text: &str,
    kind: &'static ResourceKind,
    span: Span,
) -> Diagnostic {
    let noun = an(&kind.keyword.replace('_', " "));
    Diagnostic::new(&code::INVALID_NAME, span, format!("\"{}\" is no name for {noun}", short(text)))
        .note(kind.name.words)
        .help("write another name")
}

pub(in crate::arm_json) fn duplicate_resource(
    arm_type: &str,
    name: &str,
    span: Span,
    first: Span,
) -> Diagnostic {
    let title = format!("two resources of the type `{arm_type}` are named \"{}\"", short(name));
    Diagnostic::new(&code::DUPLICATE_RESOURCE, span, title)
        .also(first, "the first one")
        .note("Azure compares names without regard to case")
        .help("give one of them another `name`, or take it away")
}

pub(in crate::arm_json) fn missing_name(what: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::MISSING_PROPERTY, span, format!("{what} lacks `name`"))
        .note("the deployment would be refused: every resource of a template has a name")
        .help("add `\"name\": \"…\"`")
}

pub(in crate::arm_json) fn wrong_parts(
    what: &str,
    ty: &str,
    wanted: usize,
    given: usize,
    span: Span,
) -> Diagnostic {
    let parts = |n: usize| if n == 1 { "1 part".to_owned() } else { format!("{n} parts") };
    let title = format!("the name of {what} has {}, its type wants {}", parts(given), parts(wanted));
    Diagnostic::new(&code::INVALID_NAME, span, title)
        .note(format!(
            "the deployment would be refused: a name has a part for each part of its type, here `{ty}`, with slashes between"
        ))
        .help(if given < wanted {
            "write the names of the resources around it before it: `parent/child`"
        } else {
            "leave the names of the resources around it away"
        })
}

/// A secret where everyone can read it: shows how it got there, hop by hop.
pub(in crate::arm_json) fn secret(secret: &Arc<Secret>, sink: &str, span: Span) -> Diagnostic {
    let mut hops = Vec::new();
    let mut at = Some(secret);
    while let Some(hop) = at {
        hops.push(hop);
        at = hop.from.as_ref();
    }
    hops.reverse();
    // What is read from a resource right here has no other place.
    let source = hops.iter().find(|hop| hop.span == span).map(|hop| format!("{}; ", hop.what));
    hops.retain(|hop| hop.span != span);
    let d = Diagnostic::new(&code::SECRET_LEAK, span, format!("a secret reaches {sink}"))
        .here(format!("{}whoever may read the template can read it here", source.unwrap_or_default()));
    hops.iter()
        .enumerate()
        .fold(d, |d, (index, hop)| d.also(hop.span, format!("{}. {}", index + 1, hop.what)))
        .note("image templates keep nothing secret: names, tags, outputs, scripts and all other properties can be read back")
        .help("keep it in a key vault, and let a script on the build VM fetch it with one of `vmProfile.userAssignedIdentities`")
}

pub(in crate::arm_json) fn secret_default(name: &str, span: Span) -> Diagnostic {
    let title = format!("the default of the secret parameter `{}` is written in plain", short(name));
    Diagnostic::new(&code::SECRET_LEAK, span, title)
        .note("the default is part of the template, which anyone with access to the deployment can read")
        .help("take the default away and give the value when you deploy")
}

pub(in crate::arm_json) fn no_identity(span: Span) -> Diagnostic {
    Diagnostic::new(&code::MISSING_PROPERTY, span, "the identity names no user-assigned identity")
        .note("the service acts as it: it reads the source and writes the image")
        .help("write `\"userAssignedIdentities\": { \"ID\": {} }`")
}

pub(in crate::arm_json) fn one_identity(count: usize, span: Span) -> Diagnostic {
    let title = format!("a template has exactly one identity, this has {count}");
    Diagnostic::new(&code::INVALID_VALUE, span, title)
        .note("the service takes no more; identities of the build VM are another matter")
        .help("keep one; identities for scripts on the build VM go into `vmProfile.userAssignedIdentities`")
}

pub(in crate::arm_json) fn identity_type(text: &str, span: Span) -> Diagnostic {
    let title = format!("`type` of `identity` can't be \"{}\"", short(text));
    Diagnostic::new(&code::VALUE_NOT_ALLOWED, span, title)
        .note("the service acts as a user-assigned identity only")
        .help("write \"UserAssigned\", and the identity's id below `userAssignedIdentities`")
}
