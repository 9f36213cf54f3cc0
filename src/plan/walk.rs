//! Every expression of a program, each shared value entered once.

use std::collections::HashSet;

use crate::arm::Expr;
use crate::check::{Key, Kind, Node, NodeKind, Output, Resource};

/// Calls `f` for the expressions of a node, its keys and all below.
pub(super) fn exprs_of_node<'a>(node: &'a Node, f: &mut dyn FnMut(&'a Expr)) {
    node.walk(&mut |node| match &node.kind {
        NodeKind::Expr(expr) => f(expr),
        NodeKind::Object(object) => {
            for member in &object.members {
                if let Key::Expr(expr) = &member.key {
                    f(expr);
                }
            }
        }
        _ => {}
    });
}

/// Calls `f` for the expressions that a resource is emitted with, save its full name.
pub(super) fn exprs_of_resource<'a>(resource: &'a Resource, f: &mut dyn FnMut(&'a Expr)) {
    resource.condition.iter().for_each(&mut *f);
    exprs_of_node(&resource.body, f);
    resource.envelope.members.iter().for_each(|member| exprs_of_node(&member.value, f));
}

/// Calls `f` for the expressions with which an existing resource is listed, save its full name.
pub(super) fn exprs_of_listed<'a>(
    resource: &'a Resource,
    outermost: &'a Resource,
    f: &mut dyn FnMut(&'a Expr),
) {
    for place in [&outermost.group, &outermost.subscription].into_iter().flatten() {
        exprs_of_node(place, f);
    }
    match resource.kind {
        // What the table knows of it are facts for the rules.
        Kind::Known(_) => resource.condition.iter().for_each(f),
        Kind::Raw(_) => exprs_of_resource(resource, f),
    }
}

/// Calls `f` for the expressions of an output.
pub(super) fn exprs_of_output<'a>(output: &'a Output, f: &mut dyn FnMut(&'a Expr)) {
    output.condition.iter().for_each(&mut *f);
    exprs_of_node(&output.value, f);
}

/// Visits expressions and all in them; a shared value is entered once in the visitor's life.
#[derive(Default)]
pub(super) struct Visitor {
    entered: HashSet<u32>,
}

impl Visitor {
    /// Calls `f` for an expression and all in it.
    pub(super) fn visit<'a>(&mut self, expr: &'a Expr, f: &mut dyn FnMut(&'a Expr)) {
        let mut waiting = vec![expr];
        while let Some(expr) = waiting.pop() {
            f(expr);
            match expr {
                Expr::Shared { id, expr } if self.entered.insert(*id) => waiting.push(expr),
                Expr::Shared { .. } => {}
                _ => waiting.extend(parts(expr)),
            }
        }
    }
}

/// What an expression is directly made of; nothing for what is shared.
pub(super) fn parts(expr: &Expr) -> Vec<&Expr> {
    match expr {
        Expr::Str(_) | Expr::Int(_) | Expr::Bool(_) | Expr::Null | Expr::Shared { .. } => Vec::new(),
        Expr::Call { args, .. } => args.iter().rev().collect(),
        Expr::Member { base, .. } => vec![base],
        Expr::Index { base, index, .. } => vec![index, base],
    }
}
