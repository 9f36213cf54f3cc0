//! Groups and subscriptions that many existing resources name: they are written once.

use super::names::Names;
use super::out::{Entry, Ex};

/// Constants for the groups and subscriptions that many existing resources name.
pub(super) fn share_places(existing: &mut [Entry], names: &mut Names) -> Vec<Entry> {
    let mut out = Vec::new();
    for place in ["resource_group", "subscription"] {
        let mut counts: Vec<(String, usize)> = Vec::new();
        for text in existing.iter().filter_map(|entry| place_in(entry, place)) {
            match counts.iter_mut().find(|(known, _)| *known == text) {
                Some((_, count)) => *count += 1,
                None => counts.push((text, 1)),
            }
        }
        for (text, count) in counts {
            // The declaration has to be made up for.
            let cost = "let  = ".len() + place.len() + text.len();
            if count < 3 || count.saturating_mul(text.len().saturating_sub(place.len())) < cost {
                continue;
            }
            let name = names.take(place);
            for entry in existing.iter_mut().filter(|entry| place_in(entry, place).as_ref() == Some(&text)) {
                let own = entry.block.iter_mut().flatten().find(|own| own.head == place);
                own.into_iter().for_each(|own| own.value = Some(Ex::atom(name.clone())));
            }
            out.push(Entry::set(format!("let {name}"), Ex::Atom(text)));
        }
    }
    out
}

/// The literal text of a property of an existing resource.
fn place_in(entry: &Entry, property: &str) -> Option<String> {
    match &entry.block.as_ref()?.iter().find(|own| own.head == property)?.value {
        Some(Ex::Atom(text)) if text.starts_with(['"', '\'']) => Some(text.clone()),
        _ => None,
    }
}
