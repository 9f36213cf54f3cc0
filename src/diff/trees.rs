//! Two values to their differences.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::align::{Pair, pairs};
use super::model::{Change, Kind};
use super::tree::{Tree, compared};
use crate::base::pointer_step;
use crate::schema::normalise_region;

/// Where a value stands: on the new side, and on the old one.
#[derive(Clone, Default)]
struct At {
    new: String,
    old: String,
    /// The name of the innermost member.
    member: String,
}

impl At {
    fn member(&self, name: &str) -> Self {
        let step = pointer_step(name);
        Self {
            new: format!("{}/{step}", self.new),
            old: format!("{}/{step}", self.old),
            member: name.to_owned(),
        }
    }

    fn element(&self, old: usize, new: usize) -> Self {
        Self {
            new: format!("{}/{new}", self.new),
            old: format!("{}/{old}", self.old),
            member: self.member.clone(),
        }
    }

    /// Whether the value is the name of a region, which Azure reads without case and white space.
    fn is_region(&self) -> bool {
        self.member == "location"
            || self.member == "replicationRegions"
            || (self.member == "name" && self.new.contains("/targetRegions/"))
    }
}

/// The differences of two values, in the order of the old one's members; what only the new one has follows.
pub(super) fn differences(old: &Tree, new: &Tree) -> Vec<Change> {
    let mut out = Vec::new();
    values(old, new, &At::default(), None, &mut out);
    out
}

/// A change of which neither meaning nor place is known yet.
pub(super) fn change(kind: Kind, path: String, old: Option<Tree>, new: Option<Tree>) -> Change {
    Change { kind, path, old_path: None, label: None, old, new, class: None, rule: None, by_default: false }
}

fn values(old: &Tree, new: &Tree, at: &At, label: Option<&str>, out: &mut Vec<Change>) {
    match (old, new) {
        (Tree::Object(olds), Tree::Object(news)) => {
            let by_key: HashMap<Cow<'_, str>, &Tree> =
                news.iter().map(|(key, value)| (compared(key), value)).collect();
            let known: HashSet<Cow<'_, str>> = olds.iter().map(|(key, _)| compared(key)).collect();
            for (key, value) in olds {
                match by_key.get(&compared(key)) {
                    Some(other) => values(value, other, &at.member(key), label, out),
                    None => put(Kind::Removed, &at.member(key), label, (Some(value), None), out),
                }
            }
            for (key, value) in news.iter().filter(|(key, _)| !known.contains(&compared(key))) {
                put(Kind::Added, &at.member(key), label, (None, Some(value)), out);
            }
        }
        (Tree::List(olds), Tree::List(news)) => lists(olds, news, at, out),
        _ if same(old, new, at) => {}
        _ => put(Kind::Changed, at, label, (Some(old), Some(new)), out),
    }
}

fn lists(old: &[Tree], new: &[Tree], at: &At, out: &mut Vec<Change>) {
    for pair in pairs(&at.member, old, new) {
        let (from, to) = match pair {
            Pair::Both(from, to) | Pair::Moved(from, to) => (from, to),
            Pair::Old(from) => (from, from),
            Pair::New(to) => (to, to),
        };
        let (a, b) = (old.get(from), new.get(to));
        let at = at.element(from, to);
        let label = |tree: Option<&Tree>| tree.and_then(label_of);
        match (pair, a, b) {
            (Pair::Both(..), Some(a), Some(b)) => values(a, b, &at, label(Some(b)).as_deref(), out),
            (Pair::Moved(..), a, b) => put(Kind::Moved, &at, label(b).as_deref(), (a, b), out),
            (Pair::Old(_), a, _) => put(Kind::Removed, &at, label(a).as_deref(), (a, None), out),
            (_, _, b) => put(Kind::Added, &at, label(b).as_deref(), (None, b), out),
        }
    }
}

fn put(
    kind: Kind,
    at: &At,
    label: Option<&str>,
    (old, new): (Option<&Tree>, Option<&Tree>),
    out: &mut Vec<Change>,
) {
    let path = if kind == Kind::Removed { &at.old } else { &at.new };
    let old_path = (old.is_some() && at.old != *path).then(|| at.old.clone());
    out.push(Change {
        old_path,
        label: label.map(str::to_owned),
        ..change(kind, path.clone(), old.cloned(), new.cloned())
    });
}

fn same(old: &Tree, new: &Tree, at: &At) -> bool {
    if let (true, Tree::Text(a), Tree::Text(b)) = (at.is_region(), old, new) {
        return normalise_region(a) == normalise_region(b);
    }
    old.key() == new.key()
}

/// What an element of a list is, for people: `Shell "install"`, `SharedImage "out"`, `"northeurope"`.
fn label_of(tree: &Tree) -> Option<String> {
    let ty = tree.get("type").and_then(Tree::shown);
    let name = tree.get("name").or_else(|| tree.get("runOutputName")).and_then(Tree::shown);
    let name = name.map(|name| format!("\"{name}\""));
    let words: Vec<&str> = [ty, name.as_deref()].into_iter().flatten().collect();
    (!words.is_empty()).then(|| words.join(" "))
}
