//! Existing resources that a template of language version 2.0 lists: each becomes the one declaration of what it is.

use std::collections::HashSet;

use super::out::{Entry, Ex};
use super::resources::listed;
use super::rows::address;
use super::scope::{Declared, Meaning, Scope, Type};
use crate::json::{Data, Object, Value};
use crate::schema::{DEFINITION, GALLERY, ResourceKind, Role, resource_kind_by_arm};

/// The language version whose resources stand under symbolic names, by which they are asked for.
pub(super) const SYMBOLIC_VERSION: &str = "2.0";

/// The members of a listed resource that an `existing` declaration says.
const SAID: &[&str] =
    &["existing", "type", "apiVersion", "name", "resourceGroup", "subscriptionId", "condition"];

/// An existing resource as a declaration of its kind.
struct Said {
    kind: &'static ResourceKind,
    /// The code of its names, outermost first.
    names: Vec<String>,
    /// Where it lies.
    place: Vec<(&'static str, String)>,
    /// Its API version.
    version: String,
}

impl Scope {
    /// Whether the resources of a template are asked for by symbolic names, as the compiler does it.
    pub(super) fn asks_by_symbol(template: &Object) -> bool {
        let version = template.get("languageVersion").and_then(Value::as_text);
        version == Some(SYMBOLIC_VERSION)
            && matches!(template.get("resources").map(|v| &v.data), Some(Data::Object(_)))
    }

    /// Declares the existing resources of the kinds that the language knows, before anything refers to them.
    pub(super) fn declare_existing(&mut self, template: &Object) {
        let resources = listed(template.get("resources"));
        let mut asked: HashSet<usize> = HashSet::new();
        for (index, (_, value)) in resources.iter().enumerate() {
            if self.planned.get(index).is_some_and(|p| !p.existing) {
                self.referred(value, &mut asked, 0);
            }
        }
        if let Some(outputs) = template.get("outputs") {
            self.referred(outputs, &mut asked, 1);
        }
        // A gallery is declared before the definitions in it.
        for children in [false, true] {
            for (index, (_, value)) in resources.iter().enumerate() {
                if self.planned.get(index).is_some_and(|p| p.existing)
                    && let Some(said) = self.said_existing(value, asked.contains(&index))
                    && (said.names.len() > 1) == children
                {
                    self.declare_one(index, value, said, asked.contains(&index));
                }
            }
        }
    }

    fn declare_one(&mut self, index: usize, value: &Value, said: Said, asked: bool) {
        let Some(planned) = self.planned.get(index).cloned() else { return };
        let declared = planned.declared;
        let condition = value.get("condition");
        let code = condition.and_then(|condition| self.condition(condition));
        if condition.is_some() && (code.is_none() || said.names.len() > 1) {
            return;
        }
        let mut facts = Vec::new();
        if !asked || said.version != said.kind.default_version.0 {
            facts.push(Entry::set("api_version", Ex::atom(crate::syntax::quote(&said.version))));
        }
        let path = match said.names.as_slice() {
            [name] => {
                let mut entries = vec![("name", name.clone())];
                entries.extend(said.place);
                self.list_existing(said.kind, &declared, entries, facts).then(|| declared.clone())
            }
            [gallery, name] => {
                let gallery = self.existing_gallery(gallery, said.place);
                self.list_definition(&gallery, &declared, name, facts)
            }
            _ => None,
        };
        let Some(path) = path else { return };
        let before = self.deep_comments(value);
        if said.names.len() == 1 {
            self.surround_existing(&declared, code, before);
        }
        self.take(value);
        if let Some(planned) = self.planned.get_mut(index) {
            planned.path.clone_from(&path);
            planned.listed = Some(said.kind);
            if let Some(key) = &planned.key {
                let keyword = said.kind.keyword;
                self.declared.insert(key.clone(), Declared { path, keyword, index });
            }
        }
    }

    /// What a declaration of a known kind says of a listed resource; nothing if it can't say all of it.
    fn said_existing(&mut self, value: &Value, asked: bool) -> Option<Said> {
        let object = value.as_object()?;
        if object.members.iter().any(|m| !SAID.contains(&&*m.key.text)) {
            return None;
        }
        let kind = resource_kind_by_arm(object.get("type")?.as_text()?)?;
        let known = ["identity", "gallery", "definition", "vault", "storage_account", "managed_image"];
        if !known.contains(&kind.keyword) {
            return None;
        }
        let version = object.get("apiVersion")?.as_text()?.to_owned();
        let pinned = kind.body.props.iter().any(|prop| prop.role == Role::ApiVersion);
        let default = version == kind.default_version.0;
        if !(kind.versions.iter().any(|v| v.0 == version) && (pinned || (default && asked))) {
            return None;
        }
        let written = object.get("name")?;
        let names = match self.meaning(written.as_text()?, written.range) {
            Meaning::Text(text) => text.split('/').map(crate::syntax::quote).collect(),
            Meaning::Expr(expr) => match self.name_parts(&expr) {
                Some(parts) => parts,
                None => vec![self.text_of(written)?],
            },
            Meaning::Broken => return None,
        };
        let wanted = if std::ptr::eq(kind, &DEFINITION) { 2 } else { 1 };
        let mut place = Vec::new();
        for (member, property) in [("resourceGroup", "resource_group"), ("subscriptionId", "subscription")] {
            if let Some(value) = object.get(member) {
                place.push((property, self.text_of(value)?));
            }
        }
        // Without a group a subscription says nothing to the language.
        let placed = place.first().is_none_or(|(property, _)| *property == "resource_group");
        (names.len() == wanted && placed).then_some(Said { kind, names, place, version })
    }

    /// The code of a text that may be a name.
    fn text_of(&mut self, value: &Value) -> Option<String> {
        let code = self.text_code(value)?;
        matches!(code.ty, Type::Text | Type::Any).then_some(code.text)
    }

    fn existing_gallery(&mut self, name: &str, place: Vec<(&'static str, String)>) -> String {
        let mut entries = vec![("name", name.to_owned())];
        entries.extend(place);
        self.existing(&GALLERY, &super::ids::wanted(&GALLERY, name), entries)
    }

    /// `existing resource "Type@version" name { … }`: the members of a listed resource that no kind says.
    pub(super) fn listed_member(&mut self, key: &str, value: &Value) -> Option<Entry> {
        match key {
            "existing" if value.data == Data::Bool(true) => {
                self.take(value);
                None
            }
            "resourceGroup" => Some(Entry::set("resource_group", self.value(value))),
            "subscriptionId" => Some(Entry::set("subscription", self.value(value))),
            "dependsOn" => {
                self.take(value);
                self.said.insert(address(value));
                Some(Entry::set("dependsOn", self.symbols_in(value)))
            }
            _ => None,
        }
    }
}
