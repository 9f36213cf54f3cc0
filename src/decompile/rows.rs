//! Objects of ARM as blocks of the language: the rows of the table, read backwards.
//!
//! Each value that a row could say is taken; what is left of an object afterwards is passed on as it is. So nothing is
//! lost, whatever a template holds.

use super::code::fits;
use super::out::{Entry, Ex};
use super::scope::{Meaning, Scope, Type};
use super::value::{commented, dangling, lines_of};
use crate::json::{Data, Object, Value};
use crate::schema::{ApiVersion, Entries, Implied, LabelRole, ObjectType, Prop, Role, Ty, Union, Variant};

/// What rows have to know of the resource that they belong to.
#[derive(Clone, Debug)]
pub(super) struct Around {
    /// The version that decides which rows there are.
    pub(super) version: ApiVersion,
    /// Where the resource lies, as it is written in the template.
    pub(super) location: Option<Data>,
}

/// The identity of a value within the document.
pub(super) fn address(value: &Value) -> usize {
    std::ptr::from_ref(value) as usize
}

impl Scope {
    /// The entries that the rows of a type make of an object.
    pub(super) fn rows(&mut self, object: &Object, ty: &'static ObjectType, around: &Around) -> Vec<Entry> {
        let mut out = Vec::new();
        for prop in ty.props {
            if prop.arm.is_empty() || !matches!(prop.role, Role::Member | Role::Script) {
                continue;
            }
            if prop.read_only || !prop.is_in(around.version) {
                continue;
            }
            match self.found(object, prop.arm_in(around.version)) {
                Some((value, mut before)) => {
                    if let Some(mut entry) = self.property(prop, value, around) {
                        before.append(&mut entry.before);
                        entry.before = before;
                        out.push(entry);
                    }
                }
                None => out.extend(absent(prop)),
            }
        }
        out
    }

    /// The value at a dotted path, with the comments at the objects on the way that were not carried over yet.
    fn found<'v>(&mut self, object: &'v Object, path: &str) -> Option<(&'v Value, Vec<String>)> {
        let mut steps = path.split('.');
        let first = steps.next()?;
        let mut value = object.get(first)?;
        let mut passed = Vec::new();
        for step in steps {
            passed.push(value);
            value = value.get(step)?;
        }
        let mut before = Vec::new();
        for (at, value) in passed.into_iter().enumerate() {
            // What ends the properties of a resource stands at the end of its block.
            before.extend(match at == 0 && first == "properties" {
                true => self.comments_before(value),
                false => self.comments_of(value),
            });
        }
        Some((value, before))
    }

    /// The comments before a value that has no entry of its own; once.
    fn comments_before(&mut self, value: &Value) -> Vec<String> {
        let new = value.comments.is_some() && self.begun.insert(address(value));
        if new { lines_of(value.before()) } else { Vec::new() }
    }

    /// The comments at the end of a value that has no entry of its own, and those before it if they are not said yet.
    pub(super) fn comments_behind(&mut self, value: &Value) -> Vec<String> {
        let mut out = self.comments_before(value);
        if value.comments.is_some() && self.told.insert(address(value)) {
            out.extend([value.inside(), value.after()].into_iter().flat_map(lines_of));
        }
        out
    }

    /// The comments before and behind a value that has no entry of its own; once.
    pub(super) fn comments_around(&mut self, value: &Value) -> Vec<String> {
        if value.comments.is_none() || !self.told.insert(address(value)) {
            return Vec::new();
        }
        [value.before(), value.after()].into_iter().flat_map(lines_of).collect()
    }

    /// The comments at a value that has no entry of its own; once.
    pub(super) fn comments_of(&mut self, value: &Value) -> Vec<String> {
        if value.comments.is_none() || !self.told.insert(address(value)) {
            return Vec::new();
        }
        [value.before(), value.after(), value.inside()].into_iter().flat_map(lines_of).collect()
    }

    /// What a row makes of a value; nothing if it cannot say it.
    fn property(&mut self, prop: &'static Prop, value: &Value, around: &Around) -> Option<Entry> {
        if is_implied(self, prop, value, around) {
            self.take(value);
            let comments = self.comments_of(value);
            let entry = || Entry { after: comments.clone(), ..Entry::default() };
            return (!comments.is_empty()).then(entry);
        }
        if let (Ty::Object(ty), Some(object)) = (&prop.ty, value.as_object())
            && ty.entries.is_none()
        {
            let mut entries = self.rows(object, ty, around);
            let said = !object.members.is_empty() && self.rest(value).is_none();
            if entries.iter().all(|entry| entry.head.is_empty()) && !said {
                return None;
            }
            let shared = prop.arm_in(around.version) == "properties";
            if !shared {
                dangling(&mut entries, value.inside());
            }
            let block = Entry::block(prop.name, entries);
            return Some(if shared { block } else { commented(block, value) });
        }
        if let Ty::Object(ty) = &prop.ty
            && let Some(entries) = ty.entries
        {
            return self.steps_block(prop, ty, entries, value, around);
        }
        let ex = self.fit(&prop.ty, value, around)?;
        self.take(value);
        let mut entry = commented(Entry::set(prop.name, ex), value);
        entry.before.append(&mut self.pending);
        Some(entry)
    }

    pub(super) fn take(&mut self, value: &Value) {
        self.taken.insert(address(value));
    }

    /// `customize { … }`
    fn steps_block(
        &mut self,
        prop: &'static Prop,
        ty: &'static ObjectType,
        entries: &'static Entries,
        value: &Value,
        around: &Around,
    ) -> Option<Entry> {
        let mut out = Vec::new();
        let list = match entries.arm {
            "" => Some(value),
            arm => {
                out = self.rows(value.as_object()?, ty, around);
                value.get(arm)
            }
        };
        let items =
            list.and_then(Value::as_list).filter(|items| items.iter().all(|i| i.as_object().is_some()));
        let in_version = entries.since.is_none_or(|since| around.version >= since);
        match (list, items) {
            (Some(list), Some(items)) if in_version && (entries.arm.is_empty() || !items.is_empty()) => {
                self.take(list);
                let steps: Vec<Entry> =
                    items.iter().map(|item| self.step(item, entries.union, around)).collect();
                let spread = steps
                    .iter()
                    .any(|step| step.block.is_some() || matches!(step.value, Some(Ex::Lines(..))));
                let before = out.len();
                out.extend(steps);
                for (index, entry) in out.iter_mut().enumerate().skip(1) {
                    entry.apart = spread || index == before;
                }
                dangling(&mut out, list.inside());
            }
            _ if entries.arm.is_empty() => return None,
            _ => {}
        }
        if out.is_empty() && !entries.arm.is_empty() {
            return None;
        }
        Some(commented(Entry::block(prop.name, out), value))
    }

    /// A step or target.
    fn step(&mut self, value: &Value, union: &'static Union, around: &Around) -> Entry {
        let Some(object) = value.as_object() else { return Entry::item(self.value(value)) };
        let tag = object.get(union.discriminator);
        let text = tag.and_then(Value::as_text).unwrap_or_default();
        let Some(variant) = variant_like(union, text, around.version) else {
            return commented(Entry::set("raw", self.value_without_comments(value)), value);
        };
        if let Some(tag) = tag
            && text == variant.arm_in(around.version)
        {
            self.take(tag);
        }
        let mut entries = self.rows(object, variant.body, around);
        if let Some(tag) = tag {
            let lines = self.comments_of(tag);
            if let Some(first) = entries.first_mut() {
                first.before.splice(0..0, lines);
            }
        }
        let mut head = variant.keyword.to_owned();
        let mut label = None;
        if let LabelRole::Sets(name) | LabelRole::Refers(name) = variant.label
            && let Some(index) = entries.iter().position(|e| e.head == name && e.block.is_none())
            && let Some(entry) = entries.get(index)
            && let Some(Ex::Atom(text)) = &entry.value
            && let Some(written) = label_text(text, variant.label)
        {
            label = Some(entry.clone());
            head.push_str(&format!(" {written}"));
            entries.remove(index);
        }
        let mut value_of = None;
        if let Some(main) = variant.main
            && let Some(index) = entries.iter().position(|e| e.head == main)
        {
            let entry = entries.remove(index);
            label = label.or_else(|| Some(entry.clone()));
            value_of = entry.value;
        }
        entries.extend(self.left_over(value, variant.body, around));
        dangling(&mut entries, value.inside());
        let mut out = commented(Entry { head, value: value_of, ..Entry::default() }, value);
        if let Some(label) = label {
            out.before.extend(label.before);
            out.after.extend(label.after);
        }
        out.block = (!entries.is_empty()).then_some(entries);
        out
    }

    fn value_without_comments(&mut self, value: &Value) -> Ex {
        self.value(value)
    }

    /// A list, each element of which fits a type.
    pub(super) fn fit_list(&mut self, inner: &'static Ty, value: &Value, around: &Around) -> Option<Ex> {
        let Data::List(items) = &value.data else {
            return match inner {
                Ty::Object(object) => self.fit_objects(object, value, around),
                _ => self.code_of(value, Type::List),
            };
        };
        let mut out = Vec::new();
        for item in items {
            out.push(commented(Entry::item(self.fit(inner, item, around)?), item));
        }
        dangling(&mut out, value.inside());
        Some(Ex::List(out))
    }

    /// An expression that gives what is wanted.
    pub(super) fn code_of(&mut self, value: &Value, want: Type) -> Option<Ex> {
        if self.raw || !value.as_text().is_some_and(|text| text.starts_with('[')) {
            return None;
        }
        let made = self.made(value);
        let is_code = !matches!(value.data, Data::Text(_)) || made.ty != Type::Text || want == Type::Text;
        (is_code && fits(made.ty, want) && made.ty != Type::Null).then_some(made.ex)
    }

    /// An expression that surely gives what is wanted: the compiler would make something else of another type.
    pub(super) fn known_code(&mut self, value: &Value, want: Type) -> Option<Ex> {
        if self.raw || !value.as_text().is_some_and(|text| text.starts_with('[')) {
            return None;
        }
        let made = self.made(value);
        let ty = match self.quiet_meaning(value.as_text()?) {
            Meaning::Expr(expr) => self.surely(&expr).unwrap_or(made.ty),
            _ => made.ty,
        };
        (ty == want).then_some(made.ex)
    }

    /// An object that the rows of a type say completely.
    pub(super) fn fit_object(
        &mut self,
        ty: &'static ObjectType,
        value: &Value,
        around: &Around,
    ) -> Option<Vec<Entry>> {
        let mut entries = self.rows(value.as_object()?, ty, around);
        if self.rest(value).is_some_and(|rest| !matches!(rest, Ex::Object(members) if members.is_empty())) {
            self.release(value);
            return None;
        }
        dangling(&mut entries, value.inside());
        Some(entries)
    }

    /// Takes nothing of a value after all.
    pub(super) fn release(&mut self, value: &Value) {
        self.taken.remove(&address(value));
        value.as_list().into_iter().flatten().for_each(|item| self.release(item));
        value.as_object().into_iter().flat_map(|o| &o.members).for_each(|m| self.release(&m.value));
    }
}

/// The variant that a discriminator names: exactly, or in another letter case or an older spelling.
fn variant_like(union: &'static Union, text: &str, version: ApiVersion) -> Option<&'static Variant> {
    let exact = union.variants.iter().find(|v| v.is_in(version) && v.arm_in(version) == text);
    exact.or_else(|| {
        let like = |v: &&Variant| v.is_in(version) && !text.is_empty() && v.arm.eq_ignore_ascii_case(text);
        union.variants.iter().find(like)
    })
}

/// `name = null` where the compiler would else write something that the template does not have.
fn absent(prop: &'static Prop) -> Option<Entry> {
    let writes = !matches!(prop.implied, Implied::Nothing | Implied::DeclaredName);
    writes.then(|| Entry::set(prop.name, Ex::atom("null")))
}

/// Whether the compiler writes this very value where the property is left out.
fn is_implied(scope: &mut Scope, prop: &'static Prop, value: &Value, around: &Around) -> bool {
    match prop.implied {
        Implied::Nothing | Implied::DeclaredName | Implied::OutputName => false,
        Implied::ResourceLocation => around.location.as_ref() == Some(&value.data),
        Implied::GroupLocation => {
            let location = scope.text_code(value).map(|code| code.text);
            !scope.raw && location.as_deref() == Some("azure.resource_group.location")
        }
        Implied::Value(word) => match &prop.ty {
            Ty::Enum(e) => e.find(word).is_some_and(|v| match v.arm {
                crate::schema::Lit::Str(text) => value.as_text() == Some(text),
                crate::schema::Lit::Bool(b) => value.data == Data::Bool(b),
            }),
            Ty::State => value.as_text() == Some(if word == "true" { "Enabled" } else { "Disabled" }),
            _ => value.as_text() == Some(word),
        },
    }
}

/// How a value stands as a label: a text as it is, a path to what is declared.
fn label_text(code: &str, role: LabelRole) -> Option<String> {
    if code.starts_with(['"', '\'']) {
        return Some(code.to_owned());
    }
    match role {
        LabelRole::Sets(_) => Some(format!("\"${{{code}}}\"")),
        _ => {
            let path = code.contains('.') && code.split('.').all(crate::syntax::is_name);
            (path && !code.starts_with("azure.")).then(|| code.to_owned())
        }
    }
}
