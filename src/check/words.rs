//! Bare words of the target, and placeholders.

use std::sync::Arc;

use crate::schema::Ty;

/// The word as it is meant where a property of the target is expected, if it is one of its bare words.
pub(crate) fn bare_word(ty: &Ty, name: &str) -> Option<Arc<str>> {
    match ty {
        Ty::Enum(e) => e.values.iter().find(|v| v.name == name).map(|v| v.name.into()),
        Ty::Union(u) => u
            .variants
            .iter()
            .find(|v| v.keyword == name && u.discriminator != "type")
            .map(|v| v.keyword.into()),
        _ => None,
    }
}

/// The bare words of a property.
pub(crate) fn bare_words(ty: &Ty) -> Vec<&'static str> {
    match ty {
        Ty::Enum(e) => e.values.iter().map(|v| v.name).collect(),
        Ty::Union(u) if u.discriminator != "type" => u.variants.iter().map(|v| v.keyword).collect(),
        _ => Vec::new(),
    }
}
