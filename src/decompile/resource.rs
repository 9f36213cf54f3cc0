//! Resources of the kinds that the table knows.

use super::errors;
use super::out::{Entry, Ex};
use super::rows::{Around, address};
use super::scope::{Meaning, Scope};
use super::value::{dangling, lines_of};
use crate::json::{Data, Object, Value};
use crate::schema::{ApiVersion, DefaultName, ResourceKind};
use crate::syntax::quote;

/// How a resource stands in its file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Standing {
    /// As the body that a tool sends.
    Body,
    /// In a template.
    InTemplate,
}

impl Scope {
    /// A resource as a block of its kind. `name` is its own part of its name, as code.
    pub(super) fn known_resource(
        &mut self,
        value: &Value,
        kind: &'static ResourceKind,
        declared: &str,
        name: Option<String>,
        standing: Standing,
    ) -> Option<Entry> {
        let object = value.as_object()?;
        if object.get("properties").is_some_and(|p| p.as_object().is_none()) {
            return None;
        }
        let mut entries = self.head(object, kind, declared, name);
        let version = self.version(object, kind, &mut entries);
        let around = Around { version, location: object.get("location").map(|v| v.data.clone()) };
        entries.extend(self.rows(object, kind.body, &around));
        entries.extend(self.features(object, kind));
        let mut last = Vec::new();
        if let Some(properties) = object.get("properties") {
            last = self.comments_behind(properties);
            let missing =
                kind.needs_properties && properties.as_object().is_some_and(|o| o.members.is_empty());
            let has_raw = kind.body.props.iter().any(|p| p.role == crate::schema::Role::Raw);
            if !missing && has_raw {
                // An empty one included: a `properties` that holds nothing is there all the same.
                if let Some(rest) = self.rest(properties) {
                    self.tell_kept(properties, kind.body, "properties.", &around);
                    entries.push(Entry::set("raw", rest));
                }
                self.take(properties);
            } else if missing {
                self.take(properties);
            }
        }
        entries.extend(self.envelope(value, object, kind, standing, &around));
        arrange(&mut entries);
        if !last.is_empty() {
            entries.push(Entry { after: last, ..Entry::default() });
        }
        dangling(&mut entries, value.inside());
        let mut out = Entry::block(format!("{} {declared}", kind.keyword), entries);
        out.before = lines_of(value.before());
        // What has no entry of its own stands above the whole.
        out.before.extend(self.silent_comments(object));
        out.after = lines_of(value.after());
        Some(out)
    }

    /// The comments at what a resource says without an entry.
    pub(super) fn silent_comments(&mut self, object: &Object) -> Vec<String> {
        let mut out = Vec::new();
        for key in ["type", "apiVersion", "name", "dependsOn"] {
            let Some(value) = object.get(key) else { continue };
            if self.taken.contains(&address(value)) && !self.said.contains(&address(value)) {
                out.extend(self.deep_comments(value));
            }
        }
        out
    }

    /// The comments in a value, at any depth; once.
    pub(super) fn deep_comments(&mut self, value: &Value) -> Vec<String> {
        let mut out = self.comments_of(value);
        for item in value.as_list().into_iter().flatten() {
            out.extend(self.deep_comments(item));
        }
        for member in value.as_object().into_iter().flat_map(|object| &object.members) {
            out.extend(self.deep_comments(&member.value));
        }
        out
    }

    /// The name, where it does not follow from the declared one.
    fn head(
        &mut self,
        object: &Object,
        kind: &'static ResourceKind,
        declared: &str,
        name: Option<String>,
    ) -> Vec<Entry> {
        let written = object.get("name");
        let default = match kind.default_name {
            DefaultName::AsDeclared => Some(quote(declared)),
            DefaultName::Hyphens => Some(quote(&declared.replace('_', "-"))),
            DefaultName::Required => None,
        };
        let mut out = Vec::new();
        match (written, name) {
            (Some(value), Some(name)) => {
                self.take(value);
                if default.as_deref() != Some(name.as_str()) {
                    self.said.insert(address(value));
                    out.push(super::value::commented(Entry::set("name", Ex::atom(name)), value));
                }
            }
            _ => out.push(Entry::set("name", Ex::atom("null"))),
        }
        out
    }

    /// The API version that decides which rows there are; its entry where it has to be said.
    fn version(
        &mut self,
        object: &Object,
        kind: &'static ResourceKind,
        entries: &mut Vec<Entry>,
    ) -> ApiVersion {
        let default = kind.default_version;
        let Some(value) = object.get("apiVersion") else { return default };
        let Some(text) = value.as_text() else { return default };
        let find = |text: &str| kind.versions.iter().copied().find(|v| v.0 == text);
        let mut say = |scope: &mut Self, code: String| {
            scope.take(value);
            scope.said.insert(address(value));
            entries.push(super::value::commented(Entry::set("api_version", Ex::atom(code)), value));
        };
        match self.meaning(text, value.range) {
            Meaning::Text(text) => match find(&text) {
                Some(version) if version == default => self.take(value),
                Some(version) => {
                    say(self, quote(&text));
                    return version;
                }
                None => {}
            },
            Meaning::Expr(expr) => {
                let code = self.code(&expr);
                let is_text = super::code::fits(code.ty, super::scope::Type::Text);
                if is_text && !code.text.starts_with(['"', '\'']) {
                    let version = self.defaults.get(&code.text).and_then(|text| find(text));
                    say(self, code.text);
                    return version.unwrap_or(default);
                }
            }
            Meaning::Broken => {}
        }
        default
    }

    /// `envelope = { … }`: the members beside `properties` that no row said.
    fn envelope(
        &mut self,
        value: &Value,
        object: &Object,
        kind: &'static ResourceKind,
        standing: Standing,
        around: &Around,
    ) -> Option<Entry> {
        if let Some(ty) = object.get("type")
            && ty.as_text() == Some(kind.arm_type)
        {
            self.take(ty);
        }
        if let Some(waits) = object.get("dependsOn")
            && matches!(&waits.data, Data::List(items) if items.is_empty())
        {
            self.take(waits);
        }
        let mut members = match self.rest(value) {
            Some(Ex::Object(members)) if !object.members.is_empty() => members,
            _ => Vec::new(),
        };
        self.tell_kept(value, kind.body, "", around);
        let mut lacking = Vec::new();
        let mut lacks = |name: &'static str| {
            if object.get(name).is_none() {
                members.insert(0, Entry::set(name, Ex::atom("null")));
                lacking.push(format!("`{name}`"));
            }
        };
        lacks("apiVersion");
        lacks("type");
        if kind.needs_properties {
            lacks("properties");
        }
        if standing == Standing::InTemplate && object.get("name").is_none() {
            lacks("name");
        }
        if members.is_empty() {
            return None;
        }
        if !lacking.is_empty() {
            let what = format!("the lack of {}", lacking.join(", "));
            let d = errors::kept_raw(self.span(value.range), &what, "aib would write it");
            self.report(d);
        }
        Some(Entry::set("envelope", Ex::Object(members)))
    }

    /// The features of an image definition, which stand in a list in ARM.
    fn features(&mut self, object: &Object, kind: &'static ResourceKind) -> Vec<Entry> {
        let rows = || kind.body.props.iter().filter(|p| p.role == crate::schema::Role::Feature);
        if rows().next().is_none() {
            return Vec::new();
        }
        let list = object.get("properties").and_then(|p| p.get("features"));
        let mut out = Vec::new();
        let mut said = Vec::new();
        for item in list.and_then(Value::as_list).unwrap_or_default() {
            let name = item.get("name").and_then(Value::as_text);
            let plain = item.as_object().is_some_and(|o| o.members.len() == 2);
            let row = rows().find(|p| Some(p.arm) == name).filter(|p| plain && !said.contains(&p.name));
            let text = item.get("value").and_then(Value::as_text);
            let (Some(row), Some(text)) = (row, text) else { break };
            let ex = match &row.ty {
                crate::schema::Ty::Bool => match text {
                    "True" => Some(Ex::atom("true")),
                    "False" => Some(Ex::atom("false")),
                    _ => None,
                },
                crate::schema::Ty::Enum(e) => {
                    let value =
                        e.values.iter().find(|v| v.arm == crate::schema::Lit::Str(leak_free(text, e)));
                    value.map(|v| Ex::atom(v.name))
                }
                _ => None,
            };
            let Some(ex) = ex else { break };
            said.push(row.name);
            out.push(Entry::set(row.name, ex));
        }
        let order: Vec<&str> = rows().map(|p| p.name).filter(|name| said.contains(name)).collect();
        let all = list.is_some_and(|l| l.as_list().is_some_and(|items| items.len() == said.len()));
        // The rows are written in their own order.
        if list.is_some() && (!all || order != said) {
            let nothing = rows().filter(|p| p.implied != crate::schema::Implied::Nothing);
            return nothing.map(|p| Entry::set(p.name, Ex::atom("null"))).collect();
        }
        if let Some(list) = list {
            self.taken.insert(address(list));
        }
        for row in rows().filter(|p| !said.contains(&p.name)) {
            if row.implied != crate::schema::Implied::Nothing {
                out.push(Entry::set(row.name, Ex::atom("null")));
            }
        }
        out
    }
}

/// The member of an enumeration's own text that equals a text.
fn leak_free(text: &str, e: &'static crate::schema::Enumeration) -> &'static str {
    let own = e.values.iter().find_map(|v| match v.arm {
        crate::schema::Lit::Str(own) if own == text => Some(own),
        _ => None,
    });
    own.unwrap_or("\u{0}")
}

/// The order that reads well: what is built from before how, and blocks apart from each other.
fn arrange(entries: &mut [Entry]) {
    let at = |entries: &[Entry], name: &str| entries.iter().position(|e| e.head == name);
    if let (Some(build), Some(source)) = (at(entries, "build"), at(entries, "source"))
        && build < source
        && let Some(range) = entries.get_mut(build..=source)
    {
        range.rotate_right(1);
    }
    let mut before = false;
    for (index, entry) in entries.iter_mut().enumerate() {
        let is_block = entry.block.is_some();
        entry.apart = index > 0 && (is_block || before);
        before = is_block;
    }
}
