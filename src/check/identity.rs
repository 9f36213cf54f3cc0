//! The template's identity and its staging group.

use super::convert::Conversion;
use super::errors;
use super::module::Checker;
use super::program::{Key, Member, Node, NodeKind, Object, Origin};
use super::ty::Type;
use super::value::{Kind, Value};
use crate::arm;
use crate::base::has_placeholder;
use crate::schema::Prop;

impl Checker<'_, '_> {
    /// The template's identity: one handle or id.
    pub(crate) fn identity_node(
        &mut self,
        c: &mut Conversion,
        value: &Value,
        prop: &'static Prop,
    ) -> Option<Node> {
        let value = match &value.kind {
            Kind::List(items) => match items.as_slice() {
                [one] => one.clone(),
                _ => {
                    let d = errors::one_identity(value.span, items.len());
                    self.complain(c, d);
                    return None;
                }
            },
            Kind::Object(_) => {
                // As it is: what `arm`-shaped sources hold.
                return Some(self.plain_node(value));
            }
            _ => value.clone(),
        };
        let id = self.id_node(c, &value, &["identity"], prop)?;
        let key = match &id.kind {
            NodeKind::Str(text) => Key::Str(text.clone()),
            NodeKind::Expr(expr) => Key::Expr(expr.clone()),
            _ => return None,
        };
        let origin = id.origin.clone();
        let member = |key: Key, value: Node| Member { key, key_origin: origin.clone(), prop: None, value };
        let empty = Node::new(NodeKind::Object(Object::default()), origin.clone());
        let ids = Object { members: vec![member(key, empty)], ..Object::default() };
        let mut node = Node::new(
            NodeKind::Object(Object {
                members: vec![
                    member(Key::Str("type".into()), Node::str("UserAssigned", origin.clone())),
                    member(
                        Key::Str("userAssignedIdentities".into()),
                        Node::new(NodeKind::Object(ids), origin.clone()),
                    ),
                ],
                ..Object::default()
            }),
            origin.clone(),
        );
        node.labels = id.labels;
        node.reference = id.reference;
        Some(node)
    }

    /// The staging group: a name becomes an id; `existing("rg")` says that it is there already.
    pub(crate) fn group_node(
        &mut self,
        c: &mut Conversion,
        value: &Value,
        prop: &'static Prop,
    ) -> Option<Node> {
        let (value, exists) = match &value.kind {
            Kind::Variant(name, fields) if &**name == "existing" => {
                (fields.get("name").map(|f| f.value.clone())?, true)
            }
            _ => (value.clone(), false),
        };
        let labels = value.labels.clone();
        let kind = match &value.kind {
            Kind::Str(text) if text.starts_with('/') || has_placeholder(text) || text.is_empty() => {
                NodeKind::Str(text.clone())
            }
            Kind::Str(text) => {
                if let Some(d) = errors::bad_group(text, prop, value.span) {
                    self.complain(c, d);
                    return None;
                }
                NodeKind::Expr(group_id(arm::Expr::Str(text.clone())))
            }
            // Deferred text may be a name or an id: only Azure can tell.
            Kind::Deferred(expr, ty) if ty.is_text() || *ty == Type::Any => NodeKind::Expr(expr.clone()),
            Kind::Unknown => return None,
            _ => return self.mismatch(c, &value, "the name or id of a resource group", prop),
        };
        let mut node = Node::new(kind, Origin { span: value.span, via: c.via.clone() });
        node.labels = labels;
        if exists {
            self.staging_exists.push((c.owner, value.span));
        }
        Some(node)
    }
}

/// `format('{0}/resourceGroups/{1}', subscription().id, name)`
fn group_id(name: arm::Expr) -> arm::Expr {
    let subscription = arm::Expr::call("subscription", Vec::new()).member("id");
    arm::interpolate(vec![subscription, arm::Expr::Str("/resourceGroups/".into()), name])
}
