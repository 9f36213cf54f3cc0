//! Deployment templates: what is declared in which order, and what is merged into the document.

use std::borrow::Cow;

use super::Options;
use super::code::key_text;
use super::errors;
use super::listed::SYMBOLIC_VERSION;
use super::out::{Entry, Ex};
use super::params::Patch;
use super::resources::listed;
use super::rows::address;
use super::scope::Scope;
use super::value::{commented, lines_of};
use crate::base::TextRange;
use crate::json::{Data, Member, Object, Value};

/// The schema of templates for a resource group, without the parts that differ between its spellings.
const GROUP_SCHEMA: &str = "/deploymentTemplate.json#";

/// The member of `metadata` in which the tools that write templates say who they are, and a hash of what they wrote.
const GENERATOR: &str = "_generator";

/// Why something goes into `template`.
const NO_WORD: &str = "aib has no word for it";

/// The parts of a file.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) parameters: Vec<Entry>,
    pub(super) constants: Vec<Entry>,
    pub(super) resources: Vec<Entry>,
    pub(super) outputs: Vec<Entry>,
    pub(super) template: Option<Entry>,
    /// Comments at what the source does not say.
    pub(super) loose: Vec<String>,
}

/// Whether a value is a deployment template.
pub(super) fn is_template(value: &Value) -> bool {
    value.get("resources").is_some()
        && (value.get("$schema").is_some() || value.get("contentVersion").is_some())
}

/// The sections of a template, which are found in whatever letter case their names are written.
static SECTIONS: &[&str] = &[
    "$schema",
    "contentVersion",
    "languageVersion",
    "apiProfile",
    "metadata",
    "definitions",
    "functions",
    "parameters",
    "variables",
    "resources",
    "outputs",
];

/// What decides how a resource is written, in whatever letter case. Its other members come back as they are spelled.
static HEAD: &[&str] = &["type"];

/// What declares a parameter or an output, in whatever letter case.
static DECLARATION: &[&str] = &[
    "type",
    "defaultValue",
    "value",
    "allowedValues",
    "minValue",
    "maxValue",
    "minLength",
    "maxLength",
    "metadata",
    "condition",
    "copy",
];

/// A name that was spelled in another letter case: where, and how it is spelled now.
pub(super) type Respelled = (TextRange, Box<str>, &'static str);

/// The document with what Azure finds without regard to letter case spelled as it documents it: the sections of a
/// template, and the types of its resources.
pub(super) fn as_spelled(root: &Value) -> (Cow<'_, Value>, Vec<Respelled>) {
    let oddly = |value: &Value, names: &[&'static str]| {
        let members = value.as_object().into_iter().flat_map(|object| &object.members);
        members.into_iter().any(|member| respelled(&member.key.text, names).is_some())
    };
    let section = root.as_object().and_then(|o| o.member_ignoring_case("resources")).map(|m| &m.value);
    let declares = |name: &str| {
        let section = root.as_object().and_then(|o| o.member_ignoring_case(name))?.value.as_object()?;
        Some(section.members.iter().any(|member| oddly(&member.value, DECLARATION)))
    };
    let declared = ["parameters", "outputs"].iter().any(|name| declares(name) == Some(true));
    let resources = listed(section).iter().any(|(_, resource)| oddly(resource, HEAD));
    if !oddly(root, SECTIONS) && !declared && !resources {
        return (Cow::Borrowed(root), Vec::new());
    }
    let (mut spelled, mut found) = (root.clone(), Vec::new());
    respell(&mut spelled, SECTIONS, &mut found);
    if !is_template(&spelled) {
        return (Cow::Borrowed(root), Vec::new());
    }
    if let Data::Object(object) = &mut spelled.data
        && let Some(resources) = object.members.iter_mut().rev().find(|m| &*m.key.text == "resources")
    {
        let mut each = |resource: &mut Value| respell(resource, HEAD, &mut found);
        match &mut resources.value.data {
            Data::List(items) => items.iter_mut().for_each(each),
            Data::Object(object) => object.members.iter_mut().for_each(|m| each(&mut m.value)),
            _ => {}
        }
    }
    if let Data::Object(object) = &mut spelled.data {
        let sections = object.members.iter_mut().filter(|m| matches!(&*m.key.text, "parameters" | "outputs"));
        for section in sections {
            let Data::Object(section) = &mut section.value.data else { continue };
            section.members.iter_mut().for_each(|m| respell(&mut m.value, DECLARATION, &mut found));
        }
    }
    (Cow::Owned(spelled), found)
}

/// The name that a text spells in another letter case.
fn respelled(text: &str, names: &[&'static str]) -> Option<&'static str> {
    names.iter().find(|name| name.eq_ignore_ascii_case(text)).copied().filter(|name| *name != text)
}

/// Gives the members of an object these names, save where one has its name already.
fn respell(value: &mut Value, names: &[&'static str], found: &mut Vec<Respelled>) {
    let Data::Object(object) = &mut value.data else { return };
    for index in 0..object.members.len() {
        let Some(name) = object.members.get(index).and_then(|m| respelled(&m.key.text, names)) else {
            continue;
        };
        let free = object.get(name).is_none();
        if let Some(member) = object.members.get_mut(index).filter(|_| free) {
            let before = std::mem::replace(&mut member.key.text, name.into());
            found.push((member.key.range, before, name));
        }
    }
}

impl Scope {
    /// A deployment template.
    pub(super) fn template(&mut self, root: &Value, object: &Object, options: &Options) -> Parts {
        let mut parts = Parts::default();
        let mut patch = Patch::default();
        self.symbolic = matches!(object.get("resources").map(|v| &v.data), Some(Data::Object(_)));
        self.asks = Self::asks_by_symbol(object);
        self.name_symbols(object.get("resources").filter(|_| self.symbolic));
        self.name_parameters(object.get("parameters"));
        let placeholders = self.parameters_for(root, options);
        self.name_constants(object.get("variables"));
        self.name_resources(object.get("resources"));
        self.declare_existing(object);
        parts.parameters = self.parameters(object.get("parameters"), &mut patch);
        parts.parameters.extend(placeholders);
        parts.constants = self.constants(object.get("variables"), &mut patch);
        parts.resources = self.resources(object.get("resources"));
        parts.outputs = self.outputs(object.get("outputs"), &mut patch);
        parts.constants.extend(self.loop_constants(object.get("variables")));
        for member in object.effective() {
            let value = &member.value;
            if matches!(&*member.key.text, "$schema" | "contentVersion") {
                parts.loose.extend(self.comments_around(value));
            }
            let entry = match &*member.key.text {
                "parameters" | "variables" | "resources" | "outputs" => {
                    let last = [value.inside(), value.after()].into_iter().flat_map(lines_of).collect();
                    parts.note_comments(&member.key.text, lines_of(value.before()), last);
                    continue;
                }
                "$schema"
                    if value.as_text().is_some_and(|t| {
                        t.trim_end_matches('#').ends_with(GROUP_SCHEMA.trim_end_matches('#'))
                    }) =>
                {
                    continue;
                }
                "contentVersion" if value.as_text() == Some("1.0.0.0") => continue,
                "metadata" | "definitions" | "functions" if self.is_empty(value) => continue,
                "metadata" if self.drops_generator(value) => continue,
                // The language says this one, in this place.
                name @ "languageVersion" if value.as_text() == Some(SYMBOLIC_VERSION) => {
                    patch.members.push(commented(Entry::set(name, self.value(value)), value));
                    continue;
                }
                "metadata" | "definitions" | "functions" => {
                    Entry::set(key_text(&member.key.text), self.verbatim(value))
                }
                name => Entry::set(key_text(name), self.value(value)),
            };
            self.tell_patched(member, &format!("`{}`", member.key.text), None);
            patch.members.push(commented(entry, value));
        }
        self.kept_variables(object.get("variables"), &mut patch);
        parts.template = patch.entry();
        parts
    }

    /// Tells that the mark of the tool which wrote the template goes, since it would not be true of what aib writes;
    /// whether nothing else is in `metadata`.
    fn drops_generator(&mut self, metadata: &Value) -> bool {
        let Some(mark) = metadata.get(GENERATOR) else { return false };
        let d = errors::generator_dropped(self.span(mark.range));
        self.report(d);
        self.dropped.insert(address(mark));
        let [only] = metadata.as_object().map_or(&[][..], |o| &o.members) else { return false };
        &*only.key.text == GENERATOR && metadata.comments.is_none() && mark.comments.is_none()
    }

    /// Tells of a member that is merged into the template, where one that is null leaves nothing.
    pub(super) fn tell_patched(&mut self, member: &Member, what: &str, why: Option<&str>) {
        let span = self.span(member.key.range);
        let d = match member.value.data {
            Data::Null => errors::null_left_out(span, what),
            _ => errors::kept_raw(span, what, why.unwrap_or(NO_WORD)),
        };
        self.report(d);
    }

    fn is_empty(&self, value: &Value) -> bool {
        match &value.data {
            Data::Object(object) => object.members.is_empty(),
            Data::List(items) => items.is_empty(),
            _ => false,
        }
    }

    /// A value whose expressions are those of another template.
    pub(super) fn verbatim(&mut self, value: &Value) -> Ex {
        let raw = std::mem::replace(&mut self.raw, true);
        let ex = self.value(value);
        self.raw = raw;
        match holds_brackets(value) {
            true => Ex::Call("verbatim".into(), vec![ex]),
            false => ex,
        }
    }
}

impl Parts {
    /// Puts the comments before a section before the first of what it became, and the last ones behind the last.
    fn note_comments(&mut self, section: &str, lines: Vec<String>, last: Vec<String>) {
        let entries = match section {
            "parameters" => &mut self.parameters,
            "variables" => &mut self.constants,
            "resources" => &mut self.resources,
            _ => &mut self.outputs,
        };
        if !last.is_empty() {
            entries.push(Entry { after: last, ..Entry::default() });
        }
        if lines.is_empty() {
            return;
        }
        match entries.first_mut() {
            Some(first) => {
                first.before.splice(0..0, lines);
            }
            None => entries.push(Entry { after: lines, ..Entry::default() }),
        }
    }
}

/// Whether a text in a value, or a key, looks like an expression.
fn holds_brackets(value: &Value) -> bool {
    let looks = |text: &str| text.starts_with('[') && text.ends_with(']');
    match &value.data {
        Data::Text(text) => looks(text),
        Data::List(items) => items.iter().any(holds_brackets),
        Data::Object(object) => object.members.iter().any(|m| looks(&m.key.text) || holds_brackets(&m.value)),
        _ => false,
    }
}

/// The comments before a document, and those behind what it holds, as entries of their own.
pub(super) fn around(root: &Value) -> (Option<Entry>, Option<Entry>) {
    let entry = |lines: Vec<String>| {
        (!lines.is_empty()).then(|| Entry { after: lines, apart: true, ..Entry::default() })
    };
    let behind: Vec<String> = [root.inside(), root.after()].into_iter().flat_map(lines_of).collect();
    (entry(lines_of(root.before())), entry(behind))
}
