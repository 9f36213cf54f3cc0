//! Resources of types that the compiler does not know: their bodies as they are.

use std::sync::Arc;

use super::errors;
use super::eval::Expect;
use super::module::{Checker, Env};
use super::program::{ImageFacts, Kind as ResourceType, Resource, ResourceId};
use super::value::{Fields, Handle, Value};
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
        }
        let mut kept = fields.clone();
        let drop: &[&str] = if existing {
            &["name", "id", "resource_group", "subscription"]
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
            facts: ImageFacts::default(),
            depends_on,
            span,
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
