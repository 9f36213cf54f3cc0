//! What is wrong with templates in JSON, in the words of ARM; the codes are the checker's.

mod expressions;
mod members;
mod resources;
mod texts;

pub(super) use expressions::{
    default_only, late_function, no_name, no_such_parameter, not_given, refused_call, undeclared,
    unknown_function, unknown_given, unused, variable_ring, wrong_count,
};
pub(super) use members::{
    casing, deprecated, excluding, missing, no_discriminator, not_in_version, of_other_variant, old_spelling,
    one_of_missing, read_only, refused_casing, requires, twice, unknown_member, unknown_variant,
};
pub(super) use resources::{
    bad_resource_name, duplicate_resource, identity_type, missing_name, missing_type, missing_version,
    no_identity, old_version, one_identity, refused_version, secret, secret_default, truncated_type,
    unknown_version, wrong_parts,
};
pub(super) use texts::{
    bad_duration, bad_expression, bad_group, bad_id, bad_length, bad_name, bad_tags, bad_value,
    empty_address, empty_script, not_allowed, out_of_bounds, wrong_kind, wrong_type,
};

use crate::schema::{Enumeration, Lit, Ty, Union, Variant};

/// A text cut to what fits in a title.
pub(super) fn short(text: &str) -> String {
    let mut out: String = text.chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(60).is_some() {
        out.push('…');
    }
    out
}

/// "an image", "a gallery".
pub(super) fn an(noun: &str) -> String {
    let vowel = noun.chars().next().is_some_and(|c| "aeiou".contains(c.to_ascii_lowercase()));
    format!("{} {noun}", if vowel { "an" } else { "a" })
}

/// A member's name in a message.
pub(super) fn quoted(name: &str) -> String {
    format!("`{name}`")
}

/// What a value is called that stands at a path.
pub(super) fn noun_at(name: &str, path: &str) -> String {
    if path.ends_with("[]") { format!("an element of `{name}`") } else { quoted(name) }
}

/// What a type takes, in the words of JSON.
pub(super) fn words_of(ty: &Ty) -> &'static str {
    match ty {
        Ty::Int | Ty::Minutes | Ty::Gigabytes => "an integer",
        Ty::Bool => "a truth value",
        Ty::Enum(e) if is_boolean(e) => "a truth value",
        Ty::List(_) => "a list",
        Ty::Script => "a list of strings",
        Ty::Object(ty) if ty.entries.is_some_and(|e| e.arm.is_empty()) => "a list",
        Ty::Object(_) | Ty::Union(_) | Ty::Map(_) | Ty::Tags | Ty::Identity => "an object",
        _ => "a string",
    }
}

/// Whether an enumeration of aib is a truth value in ARM.
pub(super) fn is_boolean(e: &Enumeration) -> bool {
    e.values.iter().any(|v| matches!(v.arm, Lit::Bool(_)))
}

/// "a `Shell` customizer".
pub(super) fn noun_of(union: &Union, variant: &Variant) -> String {
    an(&format!("`{}` {}", variant.arm, union.name)).replacen("an `", "a `", 1)
}
