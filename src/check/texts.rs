//! What is wrong with texts by themselves: ids, names of groups, durations, and the forms of domain types.

use std::time::Duration;

use super::ty::Domain;
use crate::base::has_placeholder;
use crate::schema::{Ty, id_kind};

/// What is wrong with a text of a domain type (a region, a URL, a SHA-256, a version), if something is.
pub fn text_complaint(ty: &Ty, text: &str) -> Option<&'static str> {
    let domain = match ty {
        Ty::Region => Domain::Region,
        Ty::Url if !text.is_empty() => Domain::Url,
        Ty::Sha256 if !text.is_empty() => Domain::Sha256,
        Ty::Version => Domain::Version,
        _ => return None,
    };
    if has_placeholder(text) { None } else { domain.complaint(text) }
}

/// What is wrong with an id as text, if something is: its provider, type and segments. The kinds are those of
/// [`Ty::Id`].
pub fn id_complaint(text: &str, kinds: &[&str]) -> Option<String> {
    if has_placeholder(text) || text.is_empty() {
        return None;
    }
    let types: Vec<&str> = kinds.iter().filter_map(|k| id_kind(k)).map(|k| k.arm_type).collect();
    let lower = text.to_ascii_lowercase();
    if lower.starts_with("/sharedgalleries/") || lower.starts_with("/communitygalleries/") {
        return None;
    }
    if !text.starts_with('/') {
        return Some("an id begins with `/`".into());
    }
    let Some((scope, rest)) = lower.split_once("/providers/") else {
        return Some("it holds no `/providers/`".into());
    };
    let scope: Vec<&str> = scope.split('/').skip(1).collect();
    if scope.len() != 4 || scope.first() != Some(&"subscriptions") || scope.get(2) != Some(&"resourcegroups")
    {
        return Some("it must begin with `/subscriptions/…/resourceGroups/…`".into());
    }
    let parts: Vec<&str> = rest.split('/').collect();
    let fits = types.iter().any(|ty| {
        let ty = ty.to_ascii_lowercase();
        let mut segments = ty.split('/');
        let provider = segments.next().unwrap_or_default();
        let names: Vec<&str> = segments.collect();
        parts.first() == Some(&provider)
            && parts.len() == 1 + names.len() * 2
            && names.iter().enumerate().all(|(i, n)| parts.get(1 + i * 2) == Some(n))
            && parts.iter().all(|p| !p.is_empty())
    });
    let wanted = types.first().copied().unwrap_or_default();
    (!fits).then(|| format!("after `/providers/` comes `{wanted}` with a name after each part"))
}

/// What an id of a type looks like.
pub fn id_shape(arm_type: &str) -> String {
    let mut parts = arm_type.split('/');
    let provider = parts.next().unwrap_or_default();
    let tail: String = parts.map(|p| format!("/{p}/NAME")).collect();
    format!("/subscriptions/ID/resourceGroups/GROUP/providers/{provider}{tail}")
}

/// Whether a text can be the name of a resource group.
pub fn is_group_name(text: &str) -> bool {
    (1..=90).contains(&text.chars().count())
        && text.chars().all(|c| c.is_alphanumeric() || "_-.()".contains(c))
        && !text.ends_with('.')
}

/// Whether a text is a duration of Go that is not nothing: magnitudes with units (image-templates.md, rule R41).
pub fn is_go_duration(text: &str) -> bool {
    go_duration(text).is_some_and(|length| !length.is_zero())
}

/// The units of durations of Go, in milliseconds; a longer name before one that begins it.
const UNITS: &[(&str, u64)] = &[("ms", 1), ("h", 3_600_000), ("m", 60_000), ("s", 1000)];

/// How long a duration of Go is: `1h30m`.
pub fn go_duration(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut millis: u64 = 0;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, tail) = rest.split_at_checked(digits)?;
        let (unit, length) = UNITS.iter().find(|(unit, _)| tail.starts_with(unit))?;
        let number: u64 = if number.is_empty() { return None } else { number.parse().ok()? };
        millis = number.checked_mul(*length).and_then(|part| millis.checked_add(part))?;
        rest = tail.strip_prefix(unit)?;
    }
    (!text.is_empty()).then(|| Duration::from_millis(millis))
}
