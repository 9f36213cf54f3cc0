//! Values made of others: maps, tags, objects, and what no row of the table describes.

use super::convert::Conversion;
use super::errors;
use super::module::Checker;
use super::program::{Member, Node, NodeKind, Object, Origin, Reference};
use super::ty::Type;
use super::value::{Fields, Kind, Value};
use crate::schema::{ObjectType, Prop, Ty};

impl Checker<'_, '_> {
    pub(super) fn map_node(
        &mut self,
        c: &mut Conversion,
        value: &Value,
        inner: &'static Ty,
        prop: &'static Prop,
    ) -> Option<Node> {
        match &value.kind {
            Kind::Object(fields) => {
                let mut object = Object::default();
                for field in fields.clone().map.values() {
                    let Some(node) = self.node(c, &field.value, inner, prop) else { continue };
                    object.members.push(Member {
                        key: field.key.clone(),
                        key_origin: c.origin(field.key_span),
                        prop: None,
                        value: node,
                    });
                }
                Some(self.labelled(c, NodeKind::Object(object), value))
            }
            Kind::Deferred(expr, Type::Map(_) | Type::Object(_) | Type::Any) => {
                Some(self.labelled(c, NodeKind::Expr(expr.clone()), value))
            }
            _ => self.mismatch(c, value, "an object", prop),
        }
    }

    pub(super) fn tags_node(
        &mut self,
        c: &mut Conversion,
        value: &Value,
        prop: &'static Prop,
    ) -> Option<Node> {
        if let Kind::Object(fields) = &value.kind {
            for d in errors::bad_tags(fields, prop, value.span) {
                self.complain(c, d);
            }
        }
        static TEXT: Ty = Ty::Str;
        self.map_node(c, value, &TEXT, prop)
    }

    pub(super) fn object_node(
        &mut self,
        c: &mut Conversion,
        value: &Value,
        object: &'static ObjectType,
        prop: &'static Prop,
    ) -> Option<Node> {
        match &value.kind {
            Kind::Object(fields) => {
                let inner = self.object(c, &fields.clone(), object, value.span);
                Some(self.labelled(c, NodeKind::Object(inner), value))
            }
            Kind::Body(body) => Some(self.body_node(c, &body.clone(), object, value)),
            Kind::Deferred(expr, Type::Map(_) | Type::Object(_) | Type::Any) => {
                Some(self.labelled(c, NodeKind::Expr(expr.clone()), value))
            }
            _ => {
                let short = object.shorthand.and_then(|name| object.prop(name));
                let scalar = !matches!(
                    value.kind,
                    Kind::List(_) | Kind::Namespace(_) | Kind::Callable(_) | Kind::Builtin(_)
                );
                match short {
                    Some(short) if scalar => {
                        let mut fields = Fields::default();
                        fields.insert(short.name.into(), value.span, value.clone());
                        let inner = self.object(c, &fields, object, value.span);
                        Some(self.labelled(c, NodeKind::Object(inner), value))
                    }
                    _ => self.mismatch(c, value, "an object", prop),
                }
            }
        }
    }

    /// A value as a node without a row of the table.
    pub(crate) fn plain_node(&mut self, value: &Value) -> Node {
        let origin = Origin::from(value.span);
        let kind = match &value.kind {
            Kind::Null => NodeKind::Null,
            Kind::Bool(b) => NodeKind::Bool(*b),
            Kind::Int(n) => NodeKind::Int(*n),
            Kind::Decimal(text) => NodeKind::Decimal(text.clone()),
            Kind::Duration(s) if s % 60 != 0 => {
                self.report(errors::lost_seconds(*s, value.span));
                NodeKind::Invalid
            }
            Kind::Duration(s) => NodeKind::Int(i64::try_from(s / 60).unwrap_or(i64::MAX)),
            Kind::Size(gb) => NodeKind::Int(i64::try_from(*gb).unwrap_or(i64::MAX)),
            Kind::Str(text) => NodeKind::Str(text.clone()),
            Kind::Deferred(expr, _) => NodeKind::Expr(expr.clone()),
            Kind::List(items) => NodeKind::List(items.clone().iter().map(|v| self.plain_node(v)).collect()),
            Kind::Object(fields) => {
                let mut object = Object::default();
                for field in fields.clone().map.values() {
                    object.members.push(Member {
                        key: field.key.clone(),
                        key_origin: Origin::from(field.key_span),
                        prop: None,
                        value: self.plain_node(&field.value),
                    });
                }
                NodeKind::Object(object)
            }
            Kind::Handle(handle) => {
                let id = self.handle_id(&handle.clone(), value.span);
                return self.plain_node(&id);
            }
            _ => NodeKind::Invalid,
        };
        let reference = value.belongs_to.map(Reference::to);
        Node { kind, origin, labels: value.labels.clone(), reference }
    }
}
