//! The resources of a template: which is written in which form.

use super::errors;
use super::out::{Entry, Ex};
use super::planned::Planned;
use super::resource::Standing;
use super::rows::address;
use super::scope::{Meaning, Scope};
use super::value::{commented, dangling, lines_of};
use super::waits::{add_waits, is_inner};
use crate::json::{Data, Object, Value};
use crate::schema::resource_kind_by_arm;
use crate::syntax::{is_name, quote};

impl Scope {
    /// The declarations of resources.
    pub(super) fn resources(&mut self, section: Option<&Value>) -> Vec<Entry> {
        let values = listed(section);
        let mut entries: Vec<Option<Entry>> = Vec::new();
        for (index, (_, value)) in values.iter().enumerate() {
            if self.planned.get(index).is_some_and(|p| p.listed.is_some()) {
                entries.push(None);
                continue;
            }
            self.current = Some(index);
            let entry = self.resource(index, value);
            self.current = None;
            entries.push(Some(entry));
        }
        // Children move into their parents, last first, so that they keep their order.
        for index in (0..entries.len()).rev() {
            let Some(parent) = self.planned.get(index).and_then(|p| p.parent) else { continue };
            let child = entries.get_mut(index).and_then(Option::take);
            if let (Some(mut child), Some(Some(parent))) = (child, entries.get_mut(parent)) {
                child.apart = true;
                let block = parent.block.get_or_insert_default();
                let at = block
                    .iter()
                    .position(|e| e.head.starts_with("definition ") || e.head.starts_with("trigger "));
                block.insert(at.unwrap_or(block.len()), child);
            }
        }
        together(entries.into_iter().flatten())
    }

    fn resource(&mut self, index: usize, value: &Value) -> Entry {
        let Some(planned) = self.planned.get(index).cloned() else { return Entry::item(self.value(value)) };
        let condition = value.get("condition").filter(|_| planned.parent.is_none());
        let code = condition.and_then(|c| self.condition(c));
        if let (Some(condition), Some(_)) = (condition, &code) {
            self.take(condition);
        }
        let waits = if planned.existing { None } else { self.waits(index, value, &planned) };
        let known = planned.kind.and_then(|kind| {
            let name = planned.name.clone();
            self.known_resource(value, kind, &planned.declared, name, Standing::InTemplate)
        });
        let mut entry = match known {
            Some(entry) => entry,
            None => self.passed_through(value, &planned),
        };
        if let Some(block) = &mut entry.block {
            add_waits(block, waits);
        }
        match code {
            Some(code) => {
                let lines = condition.map(|c| self.comments_of(c)).unwrap_or_default();
                let before = std::mem::take(&mut entry.before);
                let mut outer = Entry::block(format!("if {code}"), vec![entry]);
                outer.before = before.into_iter().chain(lines).collect();
                outer
            }
            None => entry,
        }
    }

    /// `resource "Type@version" name { … }`
    fn passed_through(&mut self, value: &Value, planned: &Planned) -> Entry {
        let Some(object) = value.as_object() else {
            let d =
                errors::not_carried(self.span(value.range), "this element of `resources`", "it is no object");
            self.report(d);
            return Entry::default();
        };
        if object.get("type").and_then(Value::as_text).is_none_or(str::is_empty) {
            let d = errors::not_carried(self.span(value.range), "this resource", "it says no type");
            self.report(d);
            return Entry::default();
        }
        self.tell_loop(object);
        let literal = |scope: &mut Self, key: &str| {
            let text = object.get(key)?.as_text()?;
            match scope.meaning(text, value.range) {
                Meaning::Text(text) if !text.is_empty() && !text.contains(['@', '"', '\\', '$']) => {
                    Some(text)
                }
                _ => None,
            }
        };
        let (ty, version) = (literal(self, "type"), literal(self, "apiVersion"));
        let head = format!(
            "{}resource \"{}@{}\" {}",
            if planned.existing { "existing " } else { "" },
            ty.as_deref().unwrap_or("Unknown/unknown"),
            version.as_deref().unwrap_or("unknown"),
            planned.declared
        );
        let mut entries = Vec::new();
        let mut envelope = Vec::new();
        for (key, said) in [("type", ty.is_some()), ("apiVersion", version.is_some()), ("name", true)] {
            if object.get(key).is_none() {
                envelope.push(Entry::set(key, Ex::atom("null")));
            } else if said && key != "name" {
                self.take_member(object, key);
            }
        }
        for member in object.effective() {
            let (key, value) = (&*member.key.text, &member.value);
            if self.taken.contains(&address(value)) {
                continue;
            }
            if planned.existing
                && matches!(key, "existing" | "resourceGroup" | "subscriptionId" | "dependsOn")
            {
                entries.extend(self.listed_member(key, value).map(|entry| commented(entry, value)));
                continue;
            }
            match key {
                "name" if planned.name.as_deref() == Some(quote(&planned.declared).as_str()) => {
                    self.take(value);
                }
                "dependsOn" => {}
                "condition" | "envelope" | "depends_on" | "id" | "resource_group" | "subscription" => {
                    envelope.push(self.member_entry(member));
                }
                "properties" => {
                    let ex = self.properties(value, ty.as_deref().unwrap_or_default());
                    entries.push(commented(Entry::set("properties", ex), value));
                }
                key if is_name(key) || !key.starts_with('[') => entries.push(self.member_entry(member)),
                _ => envelope.push(self.member_entry(member)),
            }
        }
        if !envelope.is_empty() {
            entries.push(Entry::set("envelope", Ex::Object(envelope)));
        }
        dangling(&mut entries, value.inside());
        let mut out = Entry::block(head, entries);
        out.before = lines_of(value.before());
        out.before.extend(self.silent_comments(object));
        out.after = lines_of(value.after());
        out
    }

    /// Tells of a loop that a resource of a kind of the language is not written in its form.
    fn tell_loop(&mut self, object: &Object) {
        let kind = object.get("type").and_then(Value::as_text).and_then(resource_kind_by_arm);
        let (Some(kind), Some(copy)) = (kind.filter(|kind| kind.deployable), object.member("copy")) else {
            return;
        };
        let why = format!(
            "aib has no word for a loop of resources, so this {} stands under ARM's names and is not checked",
            kind.keyword
        );
        let d = errors::kept_raw(self.span(copy.key.range), "`copy`", &why);
        self.report(d);
    }

    fn take_member(&mut self, object: &Object, key: &str) {
        if let Some(value) = object.get(key) {
            self.take(value);
        }
    }

    /// The properties of a resource that is passed through; a nested template that has a scope of its own holds
    /// expressions of its own.
    fn properties(&mut self, value: &Value, ty: &str) -> Ex {
        let inner = is_inner(value);
        let nested = ty.eq_ignore_ascii_case("Microsoft.Resources/deployments") && inner;
        let Some(object) = value.as_object().filter(|_| nested) else { return self.value(value) };
        let mut out = Vec::new();
        for member in object.effective() {
            out.push(match &*member.key.text {
                "template" => {
                    let ex = self.verbatim(&member.value);
                    commented(Entry::set("template", ex), &member.value)
                }
                _ => self.member_entry(member),
            });
        }
        dangling(&mut out, value.inside());
        Ex::Object(out)
    }
}

/// Puts neighbours under the same condition into one block.
fn together(entries: impl Iterator<Item = Entry>) -> Vec<Entry> {
    let mut out: Vec<Entry> = Vec::new();
    for mut entry in entries {
        if let (Some(last), Some(more)) = (out.last_mut(), entry.block.as_mut())
            && let Some(block) = last.block.as_mut()
            && entry.head.starts_with("if ")
            && entry.head == last.head
            && last.after.is_empty()
        {
            if let Some(first) = more.first_mut() {
                first.apart = true;
                first.before.splice(0..0, entry.before);
            }
            block.append(more);
            last.after = entry.after;
        } else {
            out.push(entry);
        }
    }
    out
}

/// The resources of a section: a list, or members under symbolic names.
pub(super) fn listed(section: Option<&Value>) -> Vec<(Option<&str>, &Value)> {
    match section.map(|value| &value.data) {
        Some(Data::List(items)) => items.iter().map(|item| (None, item)).collect(),
        Some(Data::Object(object)) => {
            object.effective().into_iter().map(|m| (Some(&*m.key.text), &m.value)).collect()
        }
        _ => Vec::new(),
    }
}
