//! The existing resources that a file declares: each once, whoever asks for it first.

use std::collections::HashMap;

use super::names::Names;
use super::out::{Entry, Ex};
use super::scope::Scope;
use crate::schema::ResourceKind;
use crate::syntax::quote;

/// An existing resource that the file has to declare.
#[derive(Clone, Debug)]
struct Existing {
    kind: &'static ResourceKind,
    name: String,
    entries: Vec<Entry>,
    /// The condition around it.
    condition: Option<String>,
    /// Comments above it.
    before: Vec<String>,
    /// Definitions of a gallery: their names, and what is said of them.
    children: Vec<(String, Vec<Entry>)>,
    children_by_code: HashMap<String, String>,
    child_names: Names,
}

/// Those of a file.
#[derive(Debug, Default)]
pub(super) struct Existings {
    list: Vec<Existing>,
    /// Their names, by what they are.
    names: HashMap<String, String>,
    /// Their places, by name.
    places: HashMap<String, usize>,
}

impl Existing {
    fn of(kind: &'static ResourceKind) -> Self {
        Self {
            kind,
            name: String::new(),
            entries: Vec::new(),
            condition: None,
            before: Vec::new(),
            children: Vec::new(),
            children_by_code: HashMap::new(),
            child_names: Names::default(),
        }
    }
}

impl Scope {
    /// The name of the existing resource with these properties, declared if it is new.
    pub(super) fn existing(
        &mut self,
        kind: &'static ResourceKind,
        wanted: &str,
        entries: Vec<(&'static str, String)>,
    ) -> String {
        let key = format!("{} {entries:?}", kind.keyword);
        if let Some(known) = self.existing.names.get(&key) {
            return known.clone();
        }
        let name = self.names.take(wanted);
        let entries = entries.into_iter().map(|(name, value)| Entry::set(name, Ex::atom(value))).collect();
        self.existing.list.push(Existing { name: name.clone(), entries, ..Existing::of(kind) });
        self.existing.places.insert(name.clone(), self.existing.list.len() - 1);
        self.existing.names.insert(key, name.clone());
        name
    }

    /// Declares an existing resource under a name that is taken for it, with facts beside what tells it from others;
    /// whether it was new.
    pub(super) fn list_existing(
        &mut self,
        kind: &'static ResourceKind,
        name: &str,
        entries: Vec<(&'static str, String)>,
        facts: Vec<Entry>,
    ) -> bool {
        let key = format!("{} {entries:?}", kind.keyword);
        if self.existing.names.contains_key(&key) {
            return false;
        }
        let entries = entries.into_iter().map(|(name, value)| Entry::set(name, Ex::atom(value)));
        let entries = entries.chain(facts).collect();
        self.existing.list.push(Existing { name: name.to_owned(), entries, ..Existing::of(kind) });
        self.existing.places.insert(name.to_owned(), self.existing.list.len() - 1);
        self.existing.names.insert(key, name.to_owned());
        true
    }

    /// Puts a condition around an existing resource, and comments above it.
    pub(super) fn surround_existing(&mut self, name: &str, condition: Option<String>, before: Vec<String>) {
        let place = self.existing.places.get(name);
        if let Some(existing) = place.and_then(|at| self.existing.list.get_mut(*at)) {
            existing.condition = condition;
            existing.before = before;
        }
    }

    /// Declares a definition in an existing gallery under its symbolic name, if that is free there: its path.
    pub(super) fn list_definition(
        &mut self,
        gallery: &str,
        name: &str,
        code: &str,
        facts: Vec<Entry>,
    ) -> Option<String> {
        let place = *self.existing.places.get(gallery)?;
        let existing = self.existing.list.get_mut(place)?;
        if existing.children_by_code.contains_key(code)
            || existing.child_names.clone().take_member(name) != name
        {
            return None;
        }
        existing.child_names.take_member(name);
        existing.children_by_code.insert(code.to_owned(), name.to_owned());
        let own = (code != quote(name)).then(|| Entry::set("name", Ex::atom(code)));
        existing.children.push((name.to_owned(), own.into_iter().chain(facts).collect()));
        Some(format!("{gallery}.{name}"))
    }

    /// The path of a definition in an existing gallery: `contoso.web`.
    pub(super) fn existing_definition(&mut self, gallery: &str, wanted: &str, name_code: &str) -> String {
        let place = self.existing.places.get(gallery);
        let Some(existing) = place.and_then(|at| self.existing.list.get_mut(*at)) else {
            return gallery.to_owned();
        };
        if let Some(child) = existing.children_by_code.get(name_code) {
            return format!("{gallery}.{child}");
        }
        let child = existing.child_names.take_member(wanted);
        existing.children_by_code.insert(name_code.to_owned(), child.clone());
        let entries = match name_code == quote(&child) {
            true => Vec::new(),
            false => vec![Entry::set("name", Ex::atom(name_code))],
        };
        existing.children.push((child.clone(), entries));
        format!("{gallery}.{child}")
    }

    /// The declarations of existing resources.
    pub(super) fn existing_entries(&self) -> Vec<Entry> {
        let of = |existing: &Existing| {
            let mut entries = existing.entries.clone();
            for (name, facts) in &existing.children {
                entries.push(Entry::block(format!("definition {name}"), facts.clone()));
            }
            let one = Entry::block(format!("existing {} {}", existing.kind.keyword, existing.name), entries);
            let mut out = match &existing.condition {
                Some(condition) => Entry::block(format!("if {condition}"), vec![one]),
                None => one,
            };
            out.before.clone_from(&existing.before);
            out
        };
        self.existing.list.iter().map(of).collect()
    }
}
