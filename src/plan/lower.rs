//! Values in the shape of ARM to JSON.
//!
//! It serves the content hash and every backend, so that what is hashed is what is emitted.

use std::sync::Arc;

use super::json::Json;
use crate::arm::{Expr, Value, escape_literal, print_template};
use crate::check::{Key, Kind, Node, NodeKind, Object, Resource};

/// Writes values as a deployment template holds them.
pub struct Lower<'a> {
    /// Answers the variable that stands for a shared value, if one does.
    pub variable: &'a dyn Fn(u32) -> Option<String>,
}

/// The members of a resource that stand at fixed places; all others follow in their own order.
const LEADING: &[&str] = &["location", "tags", "identity"];

impl Lower<'_> {
    /// A value; `None` for what was reported as wrong.
    pub fn node(&self, node: &Node) -> Option<Json> {
        Some(match &node.kind {
            NodeKind::Null => Json::Null,
            NodeKind::Bool(value) => Json::Bool(*value),
            NodeKind::Int(number) => Json::int(*number),
            NodeKind::Decimal(text) => decimal(text),
            NodeKind::Str(text) => literal(text),
            NodeKind::Expr(expr) => self.expr(expr),
            NodeKind::List(items) => Json::List(items.iter().filter_map(|item| self.node(item)).collect()),
            NodeKind::Object(object) => Json::Object(
                object
                    .members
                    .iter()
                    .filter_map(|m| Some((self.key(&m.key), self.node(&m.value)?)))
                    .collect(),
            ),
            NodeKind::Invalid => return None,
        })
    }

    /// An expression; a literal becomes the value that it spells.
    pub fn expr(&self, expr: &Expr) -> Json {
        if let Expr::Shared { id, expr: inner } = expr
            && (self.variable)(*id).is_none()
        {
            return self.expr(inner);
        }
        match expr.as_value() {
            Some(value) => {
                from_value(&value).unwrap_or_else(|| Json::str(print_template(expr, self.variable)))
            }
            None => Json::str(print_template(expr, self.variable)),
        }
    }

    /// A member's name.
    pub fn key(&self, key: &Key) -> Arc<str> {
        match key {
            Key::Str(text) => escape_literal(text).into(),
            Key::Expr(Expr::Str(text)) => escape_literal(text).into(),
            Key::Expr(expr) => print_template(expr, self.variable).into(),
        }
    }

    /// A resource in the fixed order: `type`, `apiVersion`, `name`, `condition`, `location`, `tags`, `identity`,
    /// `dependsOn`, `properties`, then everything else. Without a name, `name` and `tags` are left out.
    pub fn resource(&self, resource: &Resource, name: Option<&Node>, depends_on: &[&Node]) -> Json {
        let mut out: Vec<(Arc<str>, Json)> = vec![
            ("type".into(), literal(resource.kind.arm_type())),
            ("apiVersion".into(), literal(&resource.api_version)),
        ];
        let mut put = |key: &str, value: Option<Json>| out.extend(value.map(|value| (Arc::from(key), value)));
        put("name", name.and_then(|name| self.node(name)));
        put("condition", resource.condition.as_ref().map(|condition| self.expr(condition)));
        let member = |key: &str| resource.body.get(key).and_then(|value| self.node(value));
        for key in LEADING.iter().filter(|key| name.is_some() || **key != "tags") {
            put(key, member(key));
        }
        let mut waits: Vec<Json> = depends_on.iter().filter_map(|id| self.node(id)).collect();
        // A resource that is passed through may say more itself.
        if let Some(Json::List(own)) = member("dependsOn") {
            waits.extend(own.into_iter().filter(|id| !waits.contains(id)).collect::<Vec<_>>());
        }
        put("dependsOn", (!waits.is_empty()).then_some(Json::List(waits)));
        put("properties", member("properties"));
        for other in resource.body.as_object().iter().flat_map(|object| &object.members) {
            let placed = matches!(&other.key, Key::Str(key) if LEADING.contains(&&**key) || matches!(&**key, "dependsOn" | "properties"));
            if !placed && let Some(value) = self.node(&other.value) {
                out.push((self.key(&other.key), value));
            }
        }
        self.envelope(resource, &mut out);
        Json::Object(out)
    }

    /// An existing resource as a template lists it: where the outermost of what it is in lies, and what is passed on of
    /// one that aib does not know.
    pub fn listed(&self, resource: &Resource, outermost: &Resource, name: &Node) -> Json {
        let mut known = resource.clone();
        if matches!(resource.kind, Kind::Known(_)) {
            known.body.kind = NodeKind::Object(Object::default());
            known.envelope = Object::default();
        }
        let Json::Object(mut members) = self.resource(&known, Some(name), &[]) else { return Json::Null };
        members.insert(0, ("existing".into(), Json::Bool(true)));
        for (key, place) in [("subscriptionId", &outermost.subscription), ("resourceGroup", &outermost.group)]
        {
            members.extend(place.as_ref().and_then(|place| Some((key.into(), self.node(place)?))));
        }
        Json::Object(members)
    }

    /// Puts what the author merges into the resource itself where it belongs.
    fn envelope(&self, resource: &Resource, out: &mut Vec<(Arc<str>, Json)>) {
        for member in &resource.envelope.members {
            if let Some(value) = self.node(&member.value) {
                patch(out, self.key(&member.key), value);
            }
        }
    }
}

/// Sets a member: `null` takes it away, objects in both are merged, all else is replaced.
pub fn patch(members: &mut Vec<(Arc<str>, Json)>, key: Arc<str>, value: Json) {
    let place = members.iter_mut().find(|(k, _)| *k == key);
    match (place, value) {
        (_, Json::Null) => members.retain(|(k, _)| *k != key),
        (Some((_, Json::Object(inner))), Json::Object(more)) => {
            more.into_iter().for_each(|(key, value)| patch(inner, key, value));
        }
        (Some((_, old)), value) => *old = value,
        (None, value) => members.push((key, value)),
    }
}

/// Text as a template holds it.
pub(super) fn literal(text: &str) -> Json {
    Json::str(escape_literal(text))
}

/// A decimal number; `_` only helps the reader of the source.
pub(super) fn decimal(text: &str) -> Json {
    Json::decimal(&text.replace('_', ""))
}

/// A known value of the template language; `None` if it holds a number that only an expression can carry exactly.
fn from_value(value: &Value) -> Option<Json> {
    Some(match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Int(number) => Json::int(*number),
        Value::Float(_) => return None,
        Value::Str(text) => literal(text),
        Value::Array(items) => Json::List(items.iter().map(from_value).collect::<Option<_>>()?),
        Value::Object(members) => Json::Object(
            members
                .iter()
                .map(|(key, value)| Some((escape_literal(key).into(), from_value(value)?)))
                .collect::<Option<_>>()?,
        ),
    })
}
