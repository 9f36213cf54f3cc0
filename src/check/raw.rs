//! Resources of types that the compiler does not know: their bodies as they are.

use std::sync::Arc;

use super::errors;
use super::eval::Expect;
use super::module::{Checker, Env};
use super::program::{ImageFacts, Kind as ResourceType, Resource, ResourceId};
use super::value::{Fields, Handle, Kind, Value};
use crate::base::has_placeholder;
use crate::syntax::ast::{RawResource, Stmt, StmtKind};

impl<'a> Checker<'a, '_> {
    /// A raw resource: its body as it is.
    pub(crate) fn raw_resource(&mut self, id: ResourceId, raw: &'a RawResource, env: &Env) -> Resource {
        let span = self.span_of(id);
        let fields = self.raw_fields(&raw.body.items, env);
        let existing = self.slots.get(id.0 as usize).is_some_and(|s| s.existing);
        let version = self.raw_version(raw);
        if version.is_empty()
            && let Some(ty) = &raw.ty
        {
            self.report(errors::raw_type(env.span(ty.range)));
        } else {
            self.check_raw_head(raw, &version, &fields, env);
        }
        let mut kept = fields.clone();
        // Where it lies is a part of what an existing one is; in what is deployed these are members like others.
        let drop: &[&str] = if existing {
            &["name", "id", "resource_group", "subscription", "depends_on", "type", "apiVersion", "envelope"]
        } else {
            &["name", "depends_on", "type", "apiVersion", "envelope"]
        };
        for name in drop {
            kept.map.shift_remove(&super::value::FieldKey::Str((*name).into()));
        }
        self.open_secrets(&fields, id);
        let depends_on = self.dependencies(&fields);
        let body = Value::object(kept, span);
        let plain = self.as_plain(body, span);
        let body = self.plain_node(&plain);
        if let Some(slot) = self.slots.get_mut(id.0 as usize) {
            slot.fields = Arc::new(fields.clone());
        }
        let name = self.resource_name(id);
        let head = self.head_of(id);
        let id_value = self.handle_id(&Handle::Resource(id), span);
        Resource {
            kind: self.slots.get(id.0 as usize).map_or(ResourceType::Raw(Arc::default()), |s| s.kind.clone()),
            declared: self.declared_of(id),
            existing,
            imported: existing && raw.existing.is_none(),
            api_version: version,
            name: self.plain_node(&name),
            parent: None,
            id: self.plain_node(&id_value),
            group: head.group.clone().map(|v| self.plain_node(&v)),
            subscription: head.subscription.clone().map(|v| self.plain_node(&v)),
            condition: self.condition_of(id),
            body,
            envelope: self.envelope_of(&fields),
            unnamed: false,
            listed: raw.existing.is_some() && env.instance == 0,
            network: None,
            facts: ImageFacts::default(),
            depends_on,
            waits_for_more: false,
            span,
        }
    }

    /// What can be seen of a type, version and name without knowing the type.
    fn check_raw_head(&mut self, raw: &RawResource, version: &str, fields: &Fields, env: &Env) {
        let Some(ty) = raw.ty.as_ref() else { return };
        let at = env.span(ty.range);
        let text = ty.as_text().unwrap_or_default();
        let ty = text.split('@').next().unwrap_or_default();
        let mut segments = ty.split('/');
        let provider = segments.next().unwrap_or_default();
        let names = segments.clone().count();
        let is_word =
            |s: &str| !s.is_empty() && s.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
        if !provider.contains('.') || !is_word(provider) || names == 0 || !segments.all(is_word) {
            self.report(errors::no_resource_type(ty, at));
            return;
        }
        if !is_api_version(version) {
            self.report(errors::raw_version(version, at));
        }
        let Some(field) = fields.get("name") else { return };
        match &field.value.kind {
            Kind::Str(name) if !has_placeholder(name) && name.split('/').count() != names => {
                self.report(errors::raw_name(name, ty, names, field.value.span, at));
            }
            Kind::Str(_) | Kind::Deferred(..) | Kind::Unknown | Kind::Null => {}
            _ => self.report(errors::type_mismatch(&field.value, "a string as the name", field.value.span)),
        }
    }

    /// Reports secrets where everybody can read them: in the name, tags and location, also of `envelope`.
    fn open_secrets(&mut self, fields: &Fields, id: super::program::ResourceId) {
        let envelope = fields.get("envelope").and_then(|field| field.value.as_object()).cloned();
        for fields in std::iter::once(fields).chain(envelope.as_deref()) {
            for name in ["name", "tags", "location"] {
                let what = format!("`{name}` of the resource `{}`", self.declared_of(id));
                if let Some(field) = fields.get(name) {
                    self.report_secrets(&field.value, &what);
                }
            }
        }
    }

    /// Reports every secret in a value.
    pub(super) fn report_secrets(&mut self, value: &Value, what: &str) {
        let mut leaked = Vec::new();
        super::convert::secrets_in(value, &mut leaked);
        for part in leaked {
            self.report(errors::secret_sink(&part, what, part.span));
        }
    }

    pub(super) fn raw_fields(&mut self, items: &'a [Stmt], env: &Env) -> Fields {
        let mut fields = Fields::default();
        let mut env = env.clone();
        for stmt in items {
            match &stmt.kind {
                StmtKind::Entry(entry) => {
                    let span = env.span(entry.keyword.range);
                    let value = match (&entry.value, &entry.block) {
                        (Some(expr), None) => self.eval(expr, &env, Expect::None),
                        (None, Some(block)) => Value::object(self.raw_fields(&block.items, &env), span),
                        _ => {
                            self.report(errors::raw_entry(&entry.keyword.text, span));
                            continue;
                        }
                    };
                    if let Some(first) = fields.insert(entry.keyword.text.clone(), span, value) {
                        self.report(errors::duplicate_property(&entry.keyword.text, span, first.key_span));
                    }
                }
                StmtKind::Spread(expr) => {
                    let value = self.eval(expr, &env, Expect::None);
                    if let Some(more) = value.as_object() {
                        for field in more.map.values() {
                            fields.insert_key(field.key.clone(), field.key_span, field.value.clone());
                        }
                    } else if !value.is_unknown() {
                        self.report(errors::type_mismatch(&value, "an object", value.span));
                    }
                }
                StmtKind::Let(binding) => {
                    if let Some(name) = &binding.name {
                        let value = self.let_value(binding, &name.text, env.span(name.range), &env.clone());
                        env.bind(name.text.clone(), value);
                    }
                }
                _ => self.report(errors::misplaced(stmt, env.span(stmt.range))),
            }
        }
        fields
    }
}

/// Whether a text is the version of an API: a date, and a word for previews.
fn is_api_version(text: &str) -> bool {
    let number = |from: usize, to: usize, most: u32| {
        let digits = text.get(from..to).filter(|d| d.bytes().all(|b| b.is_ascii_digit()));
        digits.and_then(|d| d.parse::<u32>().ok()).is_some_and(|n| (1..=most).contains(&n))
    };
    let dashed = text.get(4..5) == Some("-") && text.get(7..8) == Some("-");
    let word = text.get(10..).unwrap_or_default();
    let is_word = |w: &str| {
        w.len() > 1 && w.starts_with('-') && w.chars().skip(1).all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    dashed
        && number(0, 4, 9999)
        && number(5, 7, 12)
        && number(8, 10, 31)
        && (word.is_empty() || is_word(word))
}

#[cfg(test)]
mod tests {
    use super::is_api_version;

    #[test]
    fn versions_are_dates() {
        for text in ["2024-02-01", "2018-02-01-preview", "2014-04-01-privatepreview"] {
            assert!(is_api_version(text), "{text}");
        }
        for text in [
            "latest",
            "2024-13-01",
            "2024-02-32",
            "2024-02-1",
            "2024-02-01-",
            "2024-02-01preview",
            "é024-02-01",
        ] {
            assert!(!is_api_version(text), "{text}");
        }
    }
}
