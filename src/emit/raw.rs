//! Values outside of templates: nothing is an expression there, and nothing is escaped.

use std::sync::Arc;

use crate::arm::{Deployment, Expr, Value};
use crate::check::{Key, Member, Node, NodeKind};
use crate::plan::Json;

/// A value as it is; `resolve` answers for what is an expression. `None` if it has no answer.
pub(super) fn node(node: &Node, resolve: &mut dyn FnMut(&Expr, &Node) -> Option<Json>) -> Option<Json> {
    Some(match &node.kind {
        NodeKind::Null => Json::Null,
        NodeKind::Bool(value) => Json::Bool(*value),
        NodeKind::Int(number) => Json::int(*number),
        NodeKind::Decimal(text) => Json::decimal(&text.replace('_', "")),
        NodeKind::Str(text) => Json::Str(Arc::clone(text)),
        NodeKind::Expr(expr) => resolve(expr, node)?,
        NodeKind::List(items) => Json::List(
            items
                .iter()
                .filter(|item| is_valid(item))
                .map(|item| self::node(item, resolve))
                .collect::<Option<_>>()?,
        ),
        NodeKind::Object(object) => {
            let valid = object.members.iter().filter(|member| is_valid(&member.value));
            Json::Object(
                valid
                    .map(|m| Some((key(m, resolve)?, self::node(&m.value, resolve)?)))
                    .collect::<Option<_>>()?,
            )
        }
        NodeKind::Invalid => return None,
    })
}

fn is_valid(node: &Node) -> bool {
    !matches!(node.kind, NodeKind::Invalid)
}

fn key(member: &Member, resolve: &mut dyn FnMut(&Expr, &Node) -> Option<Json>) -> Option<Arc<str>> {
    match &member.key {
        Key::Str(text) => Some(Arc::clone(text)),
        Key::Expr(expr) => match resolve(expr, &member.value)? {
            Json::Str(text) => Some(text),
            _ => None,
        },
    }
}

/// The value of an expression, if it follows from what is known about the deployment.
pub(super) fn known(expr: &Expr, deployment: &Deployment) -> Option<Json> {
    from_value(&deployment.known(expr)?)
}

fn from_value(value: &Value) -> Option<Json> {
    Some(match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Int(number) => Json::int(*number),
        Value::Float(_) => Json::decimal(&value.to_json()?),
        Value::Str(text) => Json::Str(Arc::clone(text)),
        Value::Array(items) => Json::List(items.iter().map(from_value).collect::<Option<_>>()?),
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| Some((Arc::clone(key), from_value(value)?)));
            Json::Object(members.collect::<Option<_>>()?)
        }
    })
}
