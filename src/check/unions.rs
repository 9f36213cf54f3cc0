//! Values that are one of several objects: sources, versioning.

use std::sync::Arc;

use super::convert::Conversion;
use super::errors;
use super::module::Checker;
use super::program::{Node, NodeKind, Reference, ResourceId};
use super::ty::Type;
use super::value::{Fields, Handle, Kind, Value};
use crate::schema::{Prop, Union};

/// The facts that a source or definition states, by their property.
const FACTS: &[&str] = &["os", "generation", "architecture", "security"];

impl Checker<'_, '_> {
    /// A value of a union: a variant, or what converts to one.
    pub(crate) fn union_node(
        &mut self,
        c: &mut Conversion,
        value: &Value,
        union: &'static Union,
        prop: &'static Prop,
    ) -> Option<Node> {
        let (keyword, fields) = match &value.kind {
            Kind::Variant(name, fields) => (name.clone(), (**fields).clone()),
            Kind::Str(word) if union.variants.iter().any(|v| v.keyword == &**word) => {
                (word.clone(), Fields::default())
            }
            Kind::Deferred(expr, Type::Any | Type::Map(_)) => {
                return Some(self.labelled(c, NodeKind::Expr(expr.clone()), value));
            }
            // An object under ARM's names, which says itself what it is.
            Kind::Object(fields) if fields.get(union.discriminator).is_some() => {
                let d = errors::raw_members(prop.name, value.span);
                self.complain(c, d);
                let plain = self.as_plain(value.clone(), value.span);
                return Some(Node { origin: c.origin(value.span), ..self.plain_node(&plain) });
            }
            _ => match self.as_source(value) {
                Some(Ok((keyword, fields))) => (keyword, fields),
                Some(Err(())) => return None,
                None => return self.mismatch(c, value, &errors::words_of_union(union), prop),
            },
        };
        let Some(variant) = union.variant(&keyword) else {
            return self.mismatch(c, value, &errors::words_of_union(union), prop);
        };
        let mut fields = fields;
        if &*keyword == "platform_image" {
            for fact in FACTS {
                fields.map.shift_remove(&super::value::FieldKey::Str((*fact).into()));
            }
        }
        let mut object = self.variant_object(c, variant, union.discriminator, &fields, value.span);
        if let Some(maker) = self.maker(value) {
            let references = object.members.iter_mut().filter_map(|m| m.value.reference.as_mut());
            references.for_each(|reference| reference.made_by = Some(maker));
        }
        let reference = fields.get("id").and_then(|f| match &f.value.kind {
            Kind::Handle(Handle::Resource(id)) => Some(*id),
            _ => None,
        });
        let mut node = self.labelled(c, NodeKind::Object(object), value);
        node.reference = reference.map(Reference::to);
        Some(node)
    }

    /// The image that a value means the output of.
    fn maker(&self, value: &Value) -> Option<ResourceId> {
        match &value.kind {
            Kind::Handle(Handle::Output { image, .. }) => Some(*image),
            Kind::Handle(Handle::Resource(id)) if &*self.keyword_of(*id) == "image" => Some(*id),
            _ => None,
        }
    }

    /// A handle as the variant of a source that it stands for. `Err` after a reported mistake.
    pub(super) fn as_source(&mut self, value: &Value) -> Option<Result<(Arc<str>, Fields), ()>> {
        let Kind::Handle(handle) = &value.kind else { return None };
        let mut fields = Fields::default();
        let mut versioned = |definition: ResourceId, version: Value| {
            let handle = Handle::Version { definition, version: Arc::new(version) };
            fields.insert("id".into(), value.span, Value::new(Kind::Handle(handle), value.span));
        };
        match handle {
            Handle::Version { definition, version } => versioned(*definition, (**version).clone()),
            Handle::Output { image, .. } => match self.image_source(*image, Some(handle), value.span) {
                Some((definition, version)) => versioned(definition, version),
                None => return Some(Err(())),
            },
            Handle::Resource(id) => match &*self.keyword_of(*id) {
                "definition" => versioned(*id, Value::str("latest", value.span)),
                "image" => match self.image_source(*id, None, value.span) {
                    Some((definition, version)) => versioned(definition, version),
                    None => return Some(Err(())),
                },
                "managed_image" => {
                    fields.insert("id".into(), value.span, value.clone());
                    return Some(Ok(("managed_image".into(), fields)));
                }
                _ => return None,
            },
            Handle::Secret { .. } => return None,
        }
        Some(Ok(("gallery_version".into(), fields)))
    }
}
