//! Values outside of templates: nothing is an expression there, and nothing is escaped.

use std::sync::Arc;

use super::backend::Options;
use crate::arm::{Expr, Value, fold};
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
pub(super) fn known(expr: &Expr, options: &Options) -> Option<Json> {
    from_value(&fold(&Known { options }.put(expr)).as_value()?)
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

/// Puts what is known about the deployment into expressions.
struct Known<'a> {
    options: &'a Options,
}

impl Known<'_> {
    fn put(&self, expr: &Expr) -> Expr {
        match expr {
            Expr::Str(_) | Expr::Int(_) | Expr::Bool(_) | Expr::Null => expr.clone(),
            Expr::Shared { expr, .. } => self.put(expr),
            Expr::Call { name, args } => {
                let args: Vec<_> = args.iter().map(|arg| self.put(arg)).collect();
                self.id(name, &args).map_or_else(|| Expr::Call { name: Arc::clone(name), args }, Expr::str)
            }
            Expr::Member { base, name, safe } => match self.property(base, name) {
                Some(text) => Expr::str(text),
                None => Expr::Member { base: Box::new(self.put(base)), name: Arc::clone(name), safe: *safe },
            },
            Expr::Index { base, index, safe } => {
                Expr::Index { base: Box::new(self.put(base)), index: Box::new(self.put(index)), safe: *safe }
            }
        }
    }

    /// A property of the group or subscription that is deployed to.
    fn property(&self, base: &Expr, member: &str) -> Option<String> {
        let Expr::Call { name, args } = base else { return None };
        let (group, subscription) = (&self.options.resource_group, &self.options.subscription);
        match (name.to_lowercase().as_str(), member.to_lowercase().as_str()) {
            _ if !args.is_empty() => None,
            ("resourcegroup", "name") => group.clone(),
            ("resourcegroup", "id") => Some(group_id(subscription.as_deref()?, group.as_deref()?)),
            ("subscription", "subscriptionid") => subscription.clone(),
            ("subscription", "id") => Some(format!("/subscriptions/{}", subscription.as_deref()?)),
            _ => None,
        }
    }

    /// The id that a function makes of its arguments.
    fn id(&self, function: &str, args: &[Expr]) -> Option<String> {
        let in_group = function.eq_ignore_ascii_case("resourceId");
        if !in_group && !function.eq_ignore_ascii_case("subscriptionResourceId") {
            return None;
        }
        let texts = args.iter().map(|arg| match fold(arg) {
            Expr::Str(text) => Some(text),
            _ => None,
        });
        let texts: Vec<Arc<str>> = texts.collect::<Option<_>>()?;
        let is_type =
            |at: usize, text: &str| text.contains('/') && text.matches('/').count() == texts.len() - at - 1;
        let at = texts.iter().enumerate().position(|(at, text)| is_type(at, text))?;
        let (lead, rest) = texts.split_at(at);
        let (ty, names) = rest.split_first()?;
        let own = (self.options.subscription.as_deref(), self.options.resource_group.as_deref());
        let (subscription, group) = match (in_group, lead) {
            (_, []) => own,
            (true, [group]) => (own.0, Some(&**group)),
            (true, [subscription, group]) => (Some(&**subscription), Some(&**group)),
            (false, [subscription]) => (Some(&**subscription), None),
            _ => return None,
        };
        let mut out = match in_group {
            true => group_id(subscription?, group?),
            false => format!("/subscriptions/{}", subscription?),
        };
        let mut types = ty.split('/');
        out += "/providers/";
        out += types.next()?;
        for (ty, name) in types.zip(names) {
            out += &format!("/{ty}/{name}");
        }
        Some(out)
    }
}

fn group_id(subscription: &str, group: &str) -> String {
    format!("/subscriptions/{subscription}/resourceGroups/{group}")
}
