//! Which resource of one document is which of another.

use std::collections::HashSet;

use indexmap::IndexMap;

use super::read::Resource;

/// The two sides of a resource.
pub(super) struct Sides<'r> {
    pub(super) old: Option<&'r Resource>,
    pub(super) new: Option<&'r Resource>,
    /// Whether the names differ because they follow from the content.
    pub(super) by_content: bool,
}

/// How many digits a name has that follow from its content.
const DIGITS: usize = 8;

/// Pairs resources by type and name; then those whose names differ in a content hash only; then one without a name, as
/// raw bodies may be, with the only one of its type. In the order of the new document; what is gone follows.
pub(super) fn pair<'r>(old: &'r [Resource], new: &'r [Resource]) -> Vec<Sides<'r>> {
    let mut partner: Vec<Option<(usize, bool)>> = vec![None; new.len()];
    let mut taken = vec![false; old.len()];
    match_up(old, new, &mut partner, &mut taken, false, &|resource| Some(resource.key()));
    match_up(old, new, &mut partner, &mut taken, true, &|resource| {
        let stem = stem(&resource.key())?;
        Some(stem)
    });
    let nameless = |resource: &&Resource| resource.name.is_none();
    if old.iter().chain(new).any(|resource| nameless(&resource)) {
        let counts = |list: &'r [Resource]| {
            let mut counts: IndexMap<&'r str, usize> = IndexMap::new();
            list.iter().for_each(|resource| *counts.entry(&resource.ty).or_default() += 1);
            counts
        };
        let (olds, news) = (counts(old), counts(new));
        let only = |counts: &IndexMap<&str, usize>, resource: &Resource| {
            counts.get(resource.ty.as_str()) == Some(&1)
        };
        match_up(old, new, &mut partner, &mut taken, false, &|resource| {
            (only(&olds, resource) && only(&news, resource)).then(|| resource.ty.clone())
        });
    }
    let mut out: Vec<Sides<'r>> = Vec::new();
    for (resource, found) in new.iter().zip(&partner) {
        out.push(Sides {
            old: found.and_then(|(index, _)| old.get(index)),
            new: Some(resource),
            by_content: found.is_some_and(|(_, by_content)| by_content),
        });
    }
    // What has the name of one that is deployed is not gone: of several with one name, there is one in Azure.
    let names: HashSet<String> = new.iter().map(Resource::key).collect();
    let gone = old.iter().zip(&taken).filter(|(one, taken)| !**taken && !names.contains(&one.key()));
    out.extend(gone.map(|(resource, _)| Sides { old: Some(resource), new: None, by_content: false }));
    out
}

/// Pairs what is left over by a key.
fn match_up(
    old: &[Resource],
    new: &[Resource],
    partner: &mut [Option<(usize, bool)>],
    taken: &mut [bool],
    by_content: bool,
    key: &dyn Fn(&Resource) -> Option<String>,
) {
    let mut open: IndexMap<String, Vec<usize>> = IndexMap::new();
    let free = old.iter().enumerate().zip(taken.iter()).filter(|(_, taken)| !**taken);
    for ((index, resource), _) in free.collect::<Vec<_>>().into_iter().rev() {
        if let Some(key) = key(resource) {
            open.entry(key).or_default().push(index);
        }
    }
    for (resource, slot) in new.iter().zip(partner).filter(|(_, slot)| slot.is_none()) {
        if let Some(index) = key(resource).and_then(|key| open.get_mut(&key)?.pop()) {
            *slot = Some((index, by_content));
            if let Some(taken) = taken.get_mut(index) {
                *taken = true;
            }
        }
    }
}

/// A key without the last run of hexadecimal digits in it that may be a content hash, and what follows up to a slash.
fn stem(key: &str) -> Option<String> {
    let is_digit = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    let mut found = None;
    let mut run: Option<(usize, usize)> = None;
    let mut before = ' ';
    for (at, c) in key.char_indices().chain([(key.len(), ' ')]) {
        match run {
            Some((start, length)) if is_digit(c) => run = Some((start, length + 1)),
            Some((start, DIGITS)) if !c.is_ascii_alphanumeric() => {
                found = Some(start);
                run = None;
            }
            Some(_) => run = None,
            None if is_digit(c) && !before.is_ascii_alphanumeric() => run = Some((at, 1)),
            None => {}
        }
        before = c;
    }
    let (before, rest) = key.split_at_checked(found?)?;
    let child = rest.split_once('/').map_or("", |(_, child)| child);
    Some(format!("{before}/{child}"))
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn hashes_in_names_are_found() {
        assert_eq!(stem("t \"web-0a1b2c3d\"").as_deref(), Some("t \"web-/"));
        assert_eq!(stem("t \"web-0a1b2c3d/a\"").as_deref(), Some("t \"web-/a\""));
        assert_eq!(stem("t [format('web-0a1b2c3d{0}', x)]").as_deref(), Some("t [format('web-/"));
        assert_eq!(stem("t \"web-0a1b2c3\""), None);
        assert_eq!(stem("t \"web-0a1b2c3d4\""), None);
        assert_eq!(stem("t \"web\""), None);
    }
}
