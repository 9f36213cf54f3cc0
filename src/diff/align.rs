//! Which element of one list is which of another.

use std::hash::Hash;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::tree::Tree;
use crate::schema::normalise_region;

/// Lists of more pairs than this are compared by position.
const MAX_PAIRS: usize = 4_000_000;

/// How the elements of a list find their counterparts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum How {
    /// By what stands before and after them.
    Order,
    /// By one of their members, or else by others; the order means nothing.
    Member(&'static [&'static str]),
    /// By themselves; the order means nothing.
    Set,
    /// The same for names of regions.
    Regions,
}

/// Lists that are no plain sequences, by the name of the member that holds them.
///
/// That the order of targets means nothing is inferred: each has an output of its own, and the service distributes to all.
static LISTS: &[(&str, How)] = &[
    ("distribute", How::Member(&["runOutputName", "galleryImageId", "imageId", "uri"])),
    ("targetRegions", How::Member(&["name"])),
    ("replicationRegions", How::Regions),
    ("userAssignedIdentities", How::Set),
    ("validExitCodes", How::Set),
    ("dependsOn", How::Set),
    ("features", How::Member(&["name"])),
];

/// Members that name an element of a list.
const NAMES: &[&str] = &["type", "name"];

/// An element of the old list, its counterpart in the new one, or both.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Pair {
    /// Both, by their places.
    Both(usize, usize),
    /// The same element at another place of a sequence.
    Moved(usize, usize),
    /// Only the old list has it.
    Old(usize),
    /// Only the new list has it.
    New(usize),
}

/// What an element is found by, if it has that.
type KeyOf<'k> = &'k dyn Fn(&Tree) -> Option<String>;

/// Pairs the elements of the list that a member of this name holds; in the order of the new list.
pub(super) fn pairs(member: &str, old: &[Tree], new: &[Tree]) -> Vec<Pair> {
    let how = LISTS.iter().find(|(name, _)| *name == member).map_or(How::Order, |(_, how)| *how);
    match how {
        How::Order => in_order(old, new),
        How::Set => by_keys(old, new, &[&|tree| Some(tree.key().to_lowercase())]),
        How::Regions => by_keys(old, new, &[&|tree| tree.shown().map(normalise_region)]),
        How::Member(members) => {
            let by_member =
                |member: &'static str| move |tree: &Tree| Some(normalise_region(tree.get(member)?.shown()?));
            let by_members: Vec<_> = members.iter().map(|member| by_member(member)).collect();
            let mut keys: Vec<KeyOf<'_>> = by_members.iter().map(|key| key as KeyOf<'_>).collect();
            // What has none of them is itself or nothing.
            keys.push(&|tree| Some(tree.key()));
            by_keys(old, new, &keys)
        }
    }
}

/// Pairs what has the same key; what is left over, by the next key.
fn by_keys(old: &[Tree], new: &[Tree], keys: &[KeyOf<'_>]) -> Vec<Pair> {
    let mut partner: Vec<Option<usize>> = vec![None; new.len()];
    let mut taken = vec![false; old.len()];
    for key in keys {
        let mut open: std::collections::HashMap<String, Vec<usize>> = std::collections::HashMap::new();
        for (index, tree) in
            old.iter().enumerate().rev().filter(|(index, _)| taken.get(*index) == Some(&false))
        {
            if let Some(key) = key(tree) {
                open.entry(key).or_default().push(index);
            }
        }
        for (tree, slot) in new.iter().zip(&mut partner).filter(|(_, slot)| slot.is_none()) {
            let found = key(tree).and_then(|key| open.get_mut(&key)?.pop());
            if let Some(index) = found {
                *slot = Some(index);
                if let Some(taken) = taken.get_mut(index) {
                    *taken = true;
                }
            }
        }
    }
    let both = partner.iter().enumerate().map(|(new, old)| match old {
        Some(old) => Pair::Both(*old, new),
        None => Pair::New(new),
    });
    let gone = taken.iter().enumerate().filter(|(_, taken)| !**taken).map(|(index, _)| Pair::Old(index));
    both.chain(gone).collect()
}

/// Pairs sequences: first what is equal, then, between that, what has the same type and name.
fn in_order(old: &[Tree], new: &[Tree]) -> Vec<Pair> {
    let keys = |items: &[Tree]| items.iter().map(Tree::key).collect::<Vec<_>>();
    let (old_keys, new_keys) = (keys(old), keys(new));
    let mut out = Vec::new();
    for gap in gaps(&old_keys, &new_keys) {
        match gap {
            Gap::Same(old, new) => out.push(Pair::Both(old, new)),
            Gap::Between(olds, news) => {
                let named = |items: &[Tree], range: &std::ops::Range<usize>| {
                    items.get(range.clone()).unwrap_or_default().iter().map(name).collect::<Vec<_>>()
                };
                for inner in gaps(&named(old, &olds), &named(new, &news)) {
                    match inner {
                        Gap::Same(a, b) => out.push(Pair::Both(olds.start + a, news.start + b)),
                        Gap::Between(a, b) => {
                            let olds = olds.start + a.start..olds.start + a.end;
                            let news = news.start + b.start..news.start + b.end;
                            out.extend(renamed((old, olds), (new, news)));
                        }
                    }
                }
            }
        }
    }
    moved(out, &old_keys, &new_keys)
}

/// Pairs what differs in nothing but its name; the rest came or went.
fn renamed(
    (old, olds): (&[Tree], std::ops::Range<usize>),
    (new, news): (&[Tree], std::ops::Range<usize>),
) -> Vec<Pair> {
    let key = |items: &[Tree], at: usize| {
        let mut tree = items.get(at).filter(|tree| tree.get("name").is_some())?.clone();
        tree.remove("name");
        Some(tree.key())
    };
    let mut open: std::collections::HashMap<String, Vec<usize>> = std::collections::HashMap::new();
    for at in olds.clone().rev() {
        if let Some(key) = key(old, at) {
            open.entry(key).or_default().push(at);
        }
    }
    let mut partner: Vec<(usize, Option<usize>)> = Vec::new();
    let mut last = olds.start;
    for at in news {
        // Pairs do not cross: then one of them would have moved.
        let from = key(new, at).and_then(|key| open.get_mut(&key)?.pop()).filter(|from| *from >= last);
        last = from.map_or(last, |from| from + 1);
        partner.push((at, from));
    }
    let mut out = Vec::new();
    let mut rest = olds;
    for (at, from) in partner {
        if let Some(from) = from {
            out.extend((rest.start..from).map(Pair::Old));
            rest.start = from + 1;
        }
        out.push(from.map_or(Pair::New(at), |from| Pair::Both(from, at)));
    }
    out.extend(rest.map(Pair::Old));
    out
}

/// What names an element: type and name of an object, else only what kind of value it is.
fn name(tree: &Tree) -> String {
    let parts = NAMES.iter().filter_map(|member| tree.get(member)?.shown());
    let kind = match tree {
        Tree::Object(_) => "object",
        Tree::List(_) => "list",
        _ => "value",
    };
    std::iter::once(kind).chain(parts).collect::<Vec<_>>().join("\n")
}

/// Finds what is gone from one place and, equal, new at another. A plain text that stands twice is no move.
fn moved(pairs: Vec<Pair>, old: &[String], new: &[String]) -> Vec<Pair> {
    let mut gone: std::collections::HashMap<&str, Vec<usize>> = std::collections::HashMap::new();
    for pair in pairs.iter().rev() {
        if let Pair::Old(index) = pair
            && let Some(key) = old.get(*index).filter(|key| key.starts_with('{'))
        {
            gone.entry(key).or_default().push(*index);
        }
    }
    let mut found = Vec::new();
    let out: Vec<Pair> = pairs
        .into_iter()
        .map(|pair| match pair {
            Pair::New(at) => match new.get(at).and_then(|key| gone.get_mut(key.as_str())?.pop()) {
                Some(from) => {
                    found.push(from);
                    Pair::Moved(from, at)
                }
                None => pair,
            },
            other => other,
        })
        .collect();
    out.into_iter().filter(|pair| !matches!(pair, Pair::Old(index) if found.contains(index))).collect()
}

enum Gap {
    /// An element of both.
    Same(usize, usize),
    /// What stands between two such elements.
    Between(std::ops::Range<usize>, std::ops::Range<usize>),
}

/// The longest common part of two sequences, and what stands between its elements.
fn gaps<T: Eq + Hash>(old: &[T], new: &[T]) -> Vec<Gap> {
    let mut out = Vec::new();
    let (mut at_old, mut at_new) = (0, 0);
    let mut same = |old_index: usize, new_index: usize, out: &mut Vec<Gap>| {
        if at_old < old_index || at_new < new_index {
            out.push(Gap::Between(at_old..old_index, at_new..new_index));
        }
        if old_index < old.len() && new_index < new.len() {
            out.push(Gap::Same(old_index, new_index));
        }
        (at_old, at_new) = (old_index + 1, new_index + 1);
    };
    if old.len().saturating_mul(new.len()) > MAX_PAIRS {
        for (index, _) in old.iter().zip(new).enumerate().filter(|(_, (a, b))| a == b) {
            same(index, index, &mut out);
        }
    } else {
        for op in capture_diff_slices(Algorithm::Myers, old, new) {
            if let DiffOp::Equal { old_index, new_index, len } = op {
                (0..len).for_each(|n| same(old_index + n, new_index + n, &mut out));
            }
        }
    }
    same(old.len(), new.len(), &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::{Pair, pairs};
    use crate::diff::expr::Scope;
    use crate::diff::tree::Tree;

    fn list(text: &str) -> Vec<Tree> {
        let root = crate::json::read(crate::base::FileId(0), text).unwrap().root;
        Scope::default().tree(&root).items().to_vec()
    }

    #[test]
    fn steps_keep_their_counterparts() {
        let step = |name: &str, code: i32| format!(r#"{{"type": "Shell", "name": "{name}", "x": {code}}}"#);
        let of = |steps: &[String]| list(&format!("[{}]", steps.join(",")));
        let old = of(&[step("a", 1), step("b", 1), step("c", 1)]);
        let new = of(&[step("a", 1), step("x", 1), step("b", 2), step("c", 1)]);
        assert_eq!(
            pairs("customize", &old, &new),
            [Pair::Both(0, 0), Pair::New(1), Pair::Both(1, 2), Pair::Both(2, 3)]
        );
        let turned = of(&[step("c", 1), step("a", 1), step("b", 1)]);
        assert_eq!(
            pairs("customize", &old, &turned),
            [Pair::Moved(2, 0), Pair::Both(0, 1), Pair::Both(1, 2)]
        );
    }

    #[test]
    fn sets_have_no_order() {
        let (old, new) = (list(r#"["West Europe", "a"]"#), list(r#"["b", "westeurope"]"#));
        assert_eq!(pairs("replicationRegions", &old, &new), [Pair::New(0), Pair::Both(0, 1), Pair::Old(1)]);
        let (old, new) = (list("[0, 3010]"), list("[3010, 0]"));
        assert_eq!(pairs("validExitCodes", &old, &new), [Pair::Both(1, 0), Pair::Both(0, 1)]);
        assert_eq!(pairs("other", &old, &new).len(), 3);
    }
}
