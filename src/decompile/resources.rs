//! The resources of a template: which is written in which form, what waits for what.

use std::collections::HashSet;

use super::errors;
use super::names::pleasant;
use super::out::{Entry, Ex};
use super::resource::Standing;
use super::rows::address;
use super::scope::{Declared, Meaning, Scope};
use super::value::{commented, dangling, lines_of};
use crate::arm::Expr;
use crate::json::{Data, Object, Value};
use crate::schema::{DEFINITION, GALLERY, IMAGE, ResourceKind, TRIGGER, resource_kind_by_arm};
use crate::syntax::{is_name, quote};

/// A resource of the template, as it will be written.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    /// Its name in the source.
    pub(super) declared: String,
    /// What refers to it: `prod.web` for a definition.
    pub(super) path: String,
    /// Its kind, if it is written as one.
    pub(super) kind: Option<&'static ResourceKind>,
    /// The code of its own part of its name.
    pub(super) name: Option<String>,
    /// The index of the resource that it is declared in.
    pub(super) parent: Option<usize>,
    /// Its type and the code of its names, by which others name it.
    key: Option<String>,
    /// The code of its whole name, in lower case.
    plain_name: Option<String>,
}

impl Scope {
    /// Finds the resources of a template and gives each its name in the source.
    pub(super) fn name_resources(&mut self, section: Option<&Value>) {
        for (symbol, value) in listed(section) {
            let planned = self.planned(symbol, value);
            self.planned.push(planned);
        }
        self.place_children(section);
        for planned in &self.planned {
            if let (Some(kind), Some(key)) = (planned.kind, &planned.key) {
                let declared = Declared { path: planned.path.clone(), keyword: kind.keyword };
                self.declared.insert(key.clone(), declared);
            }
        }
    }

    fn planned(&mut self, symbol: Option<&str>, value: &Value) -> Planned {
        let text = value.get("type").and_then(Value::as_text).unwrap_or_default();
        let looped = value.get("copy").is_some() || value.get("existing").is_some();
        let kind = resource_kind_by_arm(text).filter(|kind| kind.deployable && kind.arm_type == text);
        let image = || text.eq_ignore_ascii_case(IMAGE.arm_type.split('/').next()?).then_some(&IMAGE);
        let kind = kind.or_else(image).filter(|_| !looped);
        let name = value.get("name").and_then(|name| self.text_code(name));
        let wanted = self.wanted_name(value, kind, text);
        let declared = match symbol {
            Some(symbol) => self.names.take(symbol),
            None => self.names.take(&wanted),
        };
        let names = value.get("name").and_then(Value::as_text).map(|n| self.name_codes(n, value));
        let ty = kind.map_or(text, |kind| kind.arm_type);
        let key = names.as_ref().map(|names| id_key(ty, names));
        Planned {
            path: declared.clone(),
            declared,
            kind,
            plain_name: names.map(|names| names.join("/").to_lowercase()),
            name: name.map(|code| code.text),
            parent: None,
            key,
        }
    }

    /// A name for a resource: after its own name where that tells something, else after its kind.
    fn wanted_name(&mut self, value: &Value, kind: Option<&'static ResourceKind>, ty: &str) -> String {
        let text = value.get("name").and_then(Value::as_text).unwrap_or_default();
        let range = value.get("name").map(|v| v.range).unwrap_or_default();
        let from = match self.meaning(text, range) {
            Meaning::Text(text) => pleasant(text.rsplit('/').next().unwrap_or_default())
                .filter(|name| !text.contains(['<', '{']) && name.len() < 40),
            // What is hashed tells nothing.
            Meaning::Expr(expr) if is_hashed(&expr) => None,
            Meaning::Expr(expr) => named_in(&expr).and_then(|name| pleasant(&name)),
            Meaning::Broken => None,
        };
        let last = ty.rsplit('/').next().unwrap_or_default();
        let generic = pleasant(last.strip_suffix('s').unwrap_or(last)).unwrap_or_else(|| "resource".into());
        let keyword = kind.map_or(generic, |kind| kind.keyword.to_owned());
        let short = from.map(|name| {
            let ends = ["_name", "_id"].iter().find_map(|end| name.strip_suffix(end));
            ends.unwrap_or(&name).to_owned()
        });
        let name = short.filter(|name| name.len() > 2).unwrap_or(keyword);
        if self.names.is_taken(&name) && !name.ends_with(&ending(kind, last)) {
            return format!("{name}_{}", ending(kind, last));
        }
        name
    }

    /// The code of each part of a resource's whole name.
    fn name_codes(&mut self, text: &str, value: &Value) -> Vec<String> {
        let range = value.get("name").map(|v| v.range).unwrap_or_default();
        match self.meaning(text, range) {
            Meaning::Text(text) => text.split('/').map(quote).collect(),
            Meaning::Broken => vec![quote(text)],
            Meaning::Expr(expr) => match self.name_parts(&expr) {
                Some(parts) => parts,
                None => vec![self.code(&expr).text],
            },
        }
    }

    /// The parts between slashes of a name that is put together of one expression each.
    pub(super) fn name_parts(&mut self, expr: &Expr) -> Option<Vec<String>> {
        use super::text::Part;
        let parts = self.code(expr).into_parts();
        let mut out = vec![Vec::new()];
        for part in parts {
            match part {
                Part::Text(text) => {
                    for (index, piece) in text.split('/').enumerate() {
                        if index > 0 {
                            out.push(Vec::new());
                        }
                        if !piece.is_empty() {
                            out.last_mut()?.push(Part::Text(piece.to_owned()));
                        }
                    }
                }
                code => out.last_mut()?.push(code),
            }
        }
        (out.len() > 1).then(|| {
            let one = |parts: &Vec<Part>| match parts.as_slice() {
                [Part::Code(code)] => code.clone(),
                parts => super::text::interpolated(parts),
            };
            out.iter().map(one).collect()
        })
    }

    /// Puts definitions into their galleries and triggers into their images, where the file declares these.
    fn place_children(&mut self, section: Option<&Value>) {
        let values: Vec<&Value> = listed(section).into_iter().map(|(_, value)| value).collect();
        for index in 0..self.planned.len() {
            let Some(planned) = self.planned.get(index).cloned() else { continue };
            let Some(kind) = planned.kind.filter(|kind| kind.parent.is_some()) else { continue };
            let parent_kind = if kind.keyword == DEFINITION.keyword { &GALLERY } else { &IMAGE };
            let Some(value) = values.get(index) else { continue };
            let text = value.get("name").and_then(Value::as_text).unwrap_or_default();
            let codes = self.name_codes(text, value);
            let parent = match codes.as_slice() {
                [parent, own] => {
                    let key = id_key(parent_kind.arm_type, std::slice::from_ref(parent));
                    let at = self.planned.iter().position(|p| {
                        p.key.as_deref() == Some(key.as_str())
                            && p.kind.is_some_and(|k| std::ptr::eq(k, parent_kind))
                    });
                    at.map(|at| (at, own.clone()))
                }
                _ => None,
            };
            let parent = parent.filter(|(at, _)| {
                let conditional = |v: &Value| v.get("condition").is_some();
                !conditional(value) && values.get(*at).is_some_and(|v| !conditional(v))
            });
            let parent_path =
                parent.as_ref().and_then(|(at, _)| self.planned.get(*at)).map(|p| p.path.clone());
            let Some(child) = self.planned.get_mut(index) else { continue };
            match (parent, parent_path) {
                (Some((at, own)), Some(path)) => {
                    child.parent = Some(at);
                    child.path = format!("{path}.{}", child.declared);
                    child.name = Some(own);
                }
                _ => child.kind = None,
            }
        }
    }

    /// The declarations of resources.
    pub(super) fn resources(&mut self, section: Option<&Value>) -> Vec<Entry> {
        let values = listed(section);
        let mut entries: Vec<Option<Entry>> = Vec::new();
        for (index, (_, value)) in values.iter().enumerate() {
            let entry = self.resource(index, value);
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
        let waits = self.waits(index, value, &planned);
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
        let Some(object) = value.as_object() else { return Entry::item(self.value(value)) };
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
            "resource \"{}@{}\" {}",
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
            match key {
                "name" if planned.name.as_deref() == Some(quote(&planned.declared).as_str()) => {}
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
        out.after = lines_of(value.after());
        out
    }

    fn take_member(&mut self, object: &Object, key: &str) {
        if let Some(value) = object.get(key) {
            self.take(value);
        }
    }

    /// The properties of a resource that is passed through; a nested template that has a scope of its own holds
    /// expressions of its own.
    fn properties(&mut self, value: &Value, ty: &str) -> Ex {
        let inner = value
            .get("expressionEvaluationOptions")
            .and_then(|options| options.get("scope"))
            .and_then(Value::as_text)
            .is_some_and(|scope| scope.eq_ignore_ascii_case("inner"));
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

    /// What a resource waits for: nothing to say where it follows from what it refers to.
    fn waits(&mut self, index: usize, value: &Value, planned: &Planned) -> Option<Entry> {
        let mut derived: HashSet<usize> = HashSet::new();
        self.referred(value, &mut derived, 0);
        derived.extend(planned.parent);
        derived.remove(&index);
        let written = value.get("dependsOn");
        let items = match written {
            None => &[][..],
            Some(value) => match &value.data {
                Data::List(items) => items.as_slice(),
                _ => return Some(self.exact_waits(value, planned)),
            },
        };
        let mut explicit: HashSet<usize> = HashSet::new();
        let mut all_known = !self.symbolic;
        for item in items {
            match self.depended(item) {
                Some(at) if at != index => {
                    explicit.insert(at);
                }
                _ => all_known = false,
            }
        }
        if all_known && derived.is_subset(&explicit) {
            if let Some(value) = written {
                self.take(value);
            }
            let mut more: Vec<usize> = explicit.difference(&derived).copied().collect();
            more.sort_unstable();
            let paths: Vec<Entry> = more
                .iter()
                .filter_map(|at| self.planned.get(*at))
                .map(|p| Entry::item(Ex::atom(p.path.clone())))
                .collect();
            let entry = Entry::set("depends_on", Ex::List(paths.clone()));
            return (!paths.is_empty()).then_some(entry);
        }
        match written {
            Some(value) => Some(self.exact_waits(value, planned)),
            None if derived.is_empty() => None,
            None => {
                let nothing = Entry::set("dependsOn", Ex::atom("null"));
                Some(Entry::set("envelope", Ex::Object(vec![nothing])))
            }
        }
    }

    /// `envelope = { dependsOn = … }`: what is waited for, exactly as the template has it.
    fn exact_waits(&mut self, value: &Value, _: &Planned) -> Entry {
        self.take(value);
        self.said.insert(address(value));
        let nothing = matches!(&value.data, Data::List(items) if items.is_empty());
        let ex = if nothing { Ex::atom("null") } else { self.value(value) };
        let d = errors::kept_raw(
            self.span(value.range),
            "`dependsOn`",
            "it is not what follows from what the resource refers to",
        );
        self.report(d);
        Entry::set("envelope", Ex::Object(vec![commented(Entry::set("dependsOn", ex), value)]))
    }

    /// The resource that an element of `dependsOn` names.
    fn depended(&mut self, item: &Value) -> Option<usize> {
        let text = item.as_text()?;
        match self.meaning(text, item.range) {
            Meaning::Text(text) => self.by_name(&text.split('/').map(quote).collect::<Vec<_>>().join("/")),
            Meaning::Expr(expr) => {
                let expr = self.without_variables(&expr, 0);
                if let Some(key) = self.key_of(&expr) {
                    return self.planned.iter().position(|p| p.key.as_deref() == Some(key.as_str()));
                }
                let codes = self.name_parts(&expr).unwrap_or_else(|| vec![self.code(&expr).text]);
                self.by_name(&codes.join("/"))
            }
            Meaning::Broken => None,
        }
    }

    fn by_name(&self, name: &str) -> Option<usize> {
        let name = name.to_lowercase();
        let mut found =
            self.planned.iter().enumerate().filter(|(_, p)| p.plain_name.as_deref() == Some(&name));
        let first = found.next();
        if found.next().is_some() { None } else { first.map(|(at, _)| at) }
    }

    /// The resources of the file whose ids stand in a value: the compiler makes it wait for them.
    fn referred(&mut self, value: &Value, out: &mut HashSet<usize>, depth: u8) {
        match &value.data {
            Data::Text(text) => {
                if let Meaning::Expr(expr) = self.quiet_meaning(text) {
                    self.referred_by(&expr, out);
                }
            }
            Data::List(items) => items.iter().for_each(|item| self.referred(item, out, depth + 1)),
            Data::Object(object) => {
                for member in &object.members {
                    if depth == 0 && matches!(&*member.key.text, "dependsOn" | "name" | "type" | "apiVersion")
                    {
                        continue;
                    }
                    if let Meaning::Expr(expr) = self.quiet_meaning(&member.key.text) {
                        self.referred_by(&expr, out);
                    }
                    self.referred(&member.value, out, depth + 1);
                }
            }
            _ => {}
        }
    }

    fn referred_by(&mut self, expr: &Expr, out: &mut HashSet<usize>) {
        let whole = self.without_variables(expr, 0);
        let mut ids = Vec::new();
        whole.walk(&mut |expr| {
            if matches!(expr, Expr::Call { name, .. } if name.eq_ignore_ascii_case("resourceId")) {
                ids.push(expr.clone());
            }
        });
        for id in ids {
            let Some(key) = self.key_of(&id) else { continue };
            out.extend(self.planned.iter().position(|p| p.key.as_deref() == Some(key.as_str())));
        }
    }

    /// The type and names of `resourceId(type, names…)`, in the form of [`Planned::key`].
    pub(super) fn key_of(&mut self, expr: &Expr) -> Option<String> {
        let Expr::Call { name, args } = expr else { return None };
        let [Expr::Str(ty), names @ ..] = args.as_slice() else { return None };
        if !name.eq_ignore_ascii_case("resourceId") || names.len() != ty.matches('/').count() {
            return None;
        }
        let codes: Vec<String> = names.iter().map(|name| self.code(name).text).collect();
        Some(id_key(ty, &codes))
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
fn listed(section: Option<&Value>) -> Vec<(Option<&str>, &Value)> {
    match section.map(|value| &value.data) {
        Some(Data::List(items)) => items.iter().map(|item| (None, item)).collect(),
        Some(Data::Object(object)) => {
            object.effective().into_iter().map(|m| (Some(&*m.key.text), &m.value)).collect()
        }
        _ => Vec::new(),
    }
}

/// What resources are told apart by: type and names, without case.
fn id_key(ty: &str, names: &[String]) -> String {
    format!("{} {}", ty.to_lowercase(), names.join(" / ").to_lowercase())
}

/// Whether a name is made of what nobody reads.
fn is_hashed(expr: &Expr) -> bool {
    let hash = |name: &str| ["guid", "newGuid"].iter().any(|f| f.eq_ignore_ascii_case(name));
    matches!(expr, Expr::Call { name, .. } if hash(name))
}

/// The parameter or variable that a name is, or is put together of.
fn named_in(expr: &Expr) -> Option<String> {
    let mut found = None;
    expr.walk(&mut |expr| {
        if let Expr::Call { name, args } = expr
            && (name.eq_ignore_ascii_case("parameters") || name.eq_ignore_ascii_case("variables"))
            && let [Expr::Str(text)] = args.as_slice()
        {
            found = Some(text.to_string());
        }
    });
    found
}

/// What is put behind a name that is taken.
fn ending(kind: Option<&'static ResourceKind>, last: &str) -> String {
    match kind {
        Some(kind) if std::ptr::eq(kind, &TRIGGER) => "trigger".into(),
        Some(kind) => kind.keyword.to_owned(),
        None => pleasant(last.strip_suffix('s').unwrap_or(last)).unwrap_or_else(|| "resource".into()),
    }
}

/// Adds what is waited for: to an `envelope` that is there already, else as an entry of its own.
fn add_waits(block: &mut Vec<Entry>, waits: Option<Entry>) {
    let Some(waits) = waits else { return };
    if waits.head == "envelope"
        && let Some(Ex::Object(more)) = waits.value.clone()
        && let Some(Ex::Object(members)) =
            block.iter_mut().find(|e| e.head == "envelope").and_then(|e| e.value.as_mut())
    {
        members.extend(more);
        return;
    }
    let at = block.iter().position(|e| e.block.is_some() && e.head.starts_with("definition "));
    block.insert(at.unwrap_or(block.len()), waits);
}
