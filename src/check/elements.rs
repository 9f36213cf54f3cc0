//! The elements of lists: those that are known, and those of lists that only Azure knows, where the table wants objects:
//! what is made of each element gets ARM's names.

use std::collections::HashSet;
use std::sync::Arc;

use super::convert::Conversion;
use super::module::Checker;
use super::program::{Key, Node, NodeKind};
use super::ty::Type;
use super::value::{Fields, Kind, Value};
use crate::arm;
use crate::base::Span;
use crate::diag::{Diagnostic, code};
use crate::schema::{Prop, Ty};

/// What an element is called where the source names none.
const ELEMENT: &str = "item";

impl Checker<'_, '_> {
    /// The elements of a list. One slip of the whole list is one finding.
    pub(super) fn list_nodes(
        &mut self,
        c: &mut Conversion,
        items: &[Value],
        inner: &'static Ty,
        prop: &'static Prop,
    ) -> Vec<Node> {
        let around = std::mem::take(self.sink);
        let nodes = items.iter().filter_map(|value| self.node(c, value, inner, prop)).collect();
        let found = std::mem::replace(self.sink, around);
        let elements: HashSet<Span> = items.iter().map(|item| item.span).collect();
        let alike = |d: &Diagnostic| d.code.id == code::PROPERTY_TYPE.id && elements.contains(&d.span());
        let (wrong, others): (Vec<_>, Vec<_>) = found.found().iter().cloned().partition(alike);
        self.sink.extend(others);
        self.sink.extend(Diagnostic::of_elements(wrong));
        nodes
    }

    /// A list known only to Azure: `[for r in regions: { name = r, replicas = 1 }]` is checked and named by the table, as
    /// a list that is known.
    pub(super) fn deferred_list(
        &mut self,
        c: &mut Conversion,
        expr: &arm::Expr,
        element: &Type,
        value: &Value,
        inner: &'static Ty,
        prop: &'static Prop,
    ) -> Option<arm::Expr> {
        let named = matches!(inner, Ty::Object(_)) && matches!(element, Type::Object(_) | Type::Map(_));
        let short = matches!(inner, Ty::Object(object) if object.shorthand.is_some()) && element.is_text();
        if !named && !short {
            return Some(expr.clone());
        }
        let arm::Expr::Call { name, args } = peeled(expr) else { return Some(expr.clone()) };
        match (args.as_slice(), name.to_ascii_lowercase().as_str()) {
            ([list, arm::Expr::Call { name: lambda, args }], "map") if &**lambda == "lambda" => {
                let [variable, body] = args.as_slice() else { return Some(expr.clone()) };
                let body = self.element(c, body, element, value, inner, prop)?;
                let lambda = arm::Expr::call("lambda", vec![variable.clone(), body]);
                Some(arm::Expr::call("map", vec![list.clone(), lambda]))
            }
            ([condition, lists @ ..], "if") => {
                let mut parts = vec![condition.clone()];
                for list in lists {
                    parts.push(self.deferred_list(c, list, element, value, inner, prop)?);
                }
                Some(arm::Expr::call(name.clone(), parts))
            }
            (lists, "concat") => {
                let mut parts = Vec::new();
                for list in lists {
                    parts.push(self.deferred_list(c, list, element, value, inner, prop)?);
                }
                Some(arm::Expr::call(name.clone(), parts))
            }
            (items, "createarray") => {
                let mut parts = Vec::new();
                for item in items {
                    parts.push(self.element(c, item, element, value, inner, prop)?);
                }
                Some(arm::Expr::call(name.clone(), parts))
            }
            // A list of texts, each of which stands for an object that holds it.
            _ if short => {
                let name = arm::Expr::str(ELEMENT);
                let variable = arm::Expr::call("lambdaVariables", vec![name.clone()]);
                let body = self.element(c, &variable, element, value, inner, prop)?;
                let lambda = arm::Expr::call("lambda", vec![name, body]);
                Some(arm::Expr::call("map", vec![expr.clone(), lambda]))
            }
            _ => Some(expr.clone()),
        }
    }

    /// What is made of one element.
    fn element(
        &mut self,
        c: &mut Conversion,
        body: &arm::Expr,
        ty: &Type,
        value: &Value,
        inner: &'static Ty,
        prop: &'static Prop,
    ) -> Option<arm::Expr> {
        let made = value_of(body, ty, value.span);
        let node: Node = self.node(c, &made, inner, prop)?;
        expr_of(&node)
    }
}

/// An expression without the name that it is shared under.
fn peeled(expr: &arm::Expr) -> &arm::Expr {
    match expr {
        arm::Expr::Shared { expr, .. } => peeled(expr),
        other => other,
    }
}

/// What an expression of this type makes, as far as its members can be told apart.
fn value_of(expr: &arm::Expr, ty: &Type, span: Span) -> Value {
    let deferred = || Value::deferred(expr.clone(), ty.clone(), super::program::Labels::default(), span);
    match (peeled(expr), ty) {
        (arm::Expr::Call { name, args }, Type::Object(_) | Type::Map(_))
            if name.eq_ignore_ascii_case("createObject") && args.len() % 2 == 0 =>
        {
            let mut fields = Fields::default();
            for pair in args.chunks(2) {
                let [key, member] = pair else { continue };
                let key = match key {
                    arm::Expr::Str(key) => Key::Str(key.clone()),
                    other => Key::Expr(other.clone()),
                };
                let ty = match (ty, &key) {
                    (Type::Object(shapes), Key::Str(key)) => shapes.iter().find(|shape| shape.name == *key),
                    _ => None,
                };
                let ty = ty.map_or(Type::Any, |shape| shape.ty.clone());
                fields.insert_key(key, span, value_of(member, &ty, span));
            }
            Value::new(Kind::Object(Arc::new(fields)), span)
        }
        // Durations are minutes and sizes gigabytes in an expression.
        (arm::Expr::Int(minutes), Type::Duration) => {
            u64::try_from(*minutes).map_or_else(|_| deferred(), |m| Value::new(Kind::Duration(m * 60), span))
        }
        (arm::Expr::Int(count), Type::Size) => {
            u64::try_from(*count).map_or_else(|_| deferred(), |count| Value::new(Kind::Size(count), span))
        }
        (known, _) => match known.as_value() {
            Some(known) => Value::from_arm(&known, span),
            None => deferred(),
        },
    }
}

/// A value in the shape of ARM as an expression.
fn expr_of(node: &Node) -> Option<arm::Expr> {
    Some(match &node.kind {
        NodeKind::Null => arm::Expr::Null,
        NodeKind::Bool(value) => arm::Expr::Bool(*value),
        NodeKind::Int(number) => arm::Expr::Int(*number),
        NodeKind::Str(text) => arm::Expr::Str(text.clone()),
        NodeKind::Expr(expr) => expr.clone(),
        NodeKind::List(items) => {
            arm::Expr::call("createArray", items.iter().map(expr_of).collect::<Option<_>>()?)
        }
        NodeKind::Object(object) => {
            let mut args = Vec::new();
            for member in &object.members {
                args.push(match &member.key {
                    Key::Str(key) => arm::Expr::Str(key.clone()),
                    Key::Expr(expr) => expr.clone(),
                });
                args.push(expr_of(&member.value)?);
            }
            arm::Expr::call("createObject", args)
        }
        NodeKind::Decimal(_) | NodeKind::Invalid => return None,
    })
}
