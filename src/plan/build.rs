//! A program to what its template holds.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::hash::{Settled, settle, unsettled};
use super::lower::Lower;
use super::order::{Order, dependencies, listed, order};
use super::reach::{Reach, Uses};
use super::walk::{exprs_of_listed, exprs_of_node, exprs_of_output, exprs_of_resource};
use crate::arm::{Expr, interpolate};
use crate::base::Span;
use crate::check::{Node, NodeKind, Param, Program, Resource, ResourceId};

/// What a template holds, in the order of emission.
#[derive(Debug)]
pub struct Plan<'p> {
    /// The program with every content hash computed.
    pub program: Settled<'p>,
    /// Where a content hash stands that belongs to no known resource.
    pub unsettled: Vec<Span>,
    /// The parameters of the entry file, and those of others that are used, in the program's order.
    pub params: Vec<Param>,
    /// The shared values that become variables, those that others are made of first.
    pub variables: Vec<Variable>,
    /// The deployed resources, each after those it waits for.
    pub resources: Vec<Planned>,
    /// The existing resources that the template lists, which is so only where resources stand under symbolic names.
    pub listed: Vec<Planned>,
    /// Resources that wait for one another, each for the next and the last for the first: no order has them all.
    pub rings: Vec<Vec<ResourceId>>,
}

/// A shared value that became a variable.
#[derive(Debug)]
pub struct Variable {
    /// The id that expressions carry.
    pub id: u32,
    /// Its name.
    pub name: Arc<str>,
    /// Its value.
    pub expr: Expr,
}

/// A resource of the template.
#[derive(Debug)]
pub struct Planned {
    /// Its place in the program.
    pub id: ResourceId,
    /// Its name with those of its parents before it: `gallery/definition`.
    pub name: Node,
    /// The resources of the template that it waits for, in order of declaration.
    pub depends_on: Vec<ResourceId>,
}

/// Plans the template of a program.
pub fn build(program: &Program) -> Plan<'_> {
    let waits = dependencies(program);
    let Order { ids, rings } = order(program, &waits);
    let program = settle(program, &waits, &ids);
    let resources = planned(&program, &waits, ids);
    let listed = planned(&program, &waits, listed(&program, &waits));
    let (params, variables) = used(&program, &resources, &listed);
    Plan { unsettled: unsettled(&program), program, params, variables, resources, listed, rings }
}

fn planned(program: &Program, waits: &[BTreeSet<ResourceId>], ids: Vec<ResourceId>) -> Vec<Planned> {
    let waits = |id: ResourceId| waits.get(id.0 as usize).into_iter().flatten().copied().collect();
    ids.into_iter()
        .filter_map(|id| Some(Planned { id, name: full_name(program, id)?, depends_on: waits(id) }))
        .collect()
}

/// The name of a resource with those of its parents before it.
pub(super) fn full_name(program: &Program, id: ResourceId) -> Option<Node> {
    let resource = program.resource(id)?;
    if resource.parent.is_none() && resource.network.is_none() {
        return Some(resource.name.clone());
    }
    let mut parts = Vec::new();
    for part in names(program, resource) {
        if !parts.is_empty() {
            parts.push(Expr::str("/"));
        }
        parts.push(as_expr(part)?);
    }
    let kind = match interpolate(parts) {
        Expr::Str(text) => NodeKind::Str(text),
        expr => NodeKind::Expr(expr),
    };
    Some(Node { kind, ..resource.name.clone() })
}

/// The names of what a resource lies in, outermost first, and its own.
pub(super) fn names<'p>(program: &'p Program, resource: &'p Resource) -> Vec<&'p Node> {
    let mut out = vec![&resource.name];
    out.extend(&resource.network);
    let mut at = resource.parent;
    // A chain of parents is no longer than there are resources.
    while let Some(parent) = at.and_then(|id| program.resource(id))
        && out.len() <= program.resources.len()
    {
        out.push(&parent.name);
        at = parent.parent;
    }
    out.reverse();
    out
}

/// The outermost of what a resource is declared in, or itself.
pub fn outermost<'p>(program: &'p Program, resource: &'p Resource) -> &'p Resource {
    let mut out = resource;
    // A chain of parents is no longer than there are resources.
    for _ in 0..program.resources.len() {
        match out.parent.and_then(|id| program.resource(id)) {
            Some(parent) => out = parent,
            None => break,
        }
    }
    out
}

/// A scalar as an expression.
pub(super) fn as_expr(node: &Node) -> Option<Expr> {
    Some(match &node.kind {
        NodeKind::Str(text) => Expr::Str(Arc::clone(text)),
        NodeKind::Int(number) => Expr::Int(*number),
        NodeKind::Bool(value) => Expr::Bool(*value),
        NodeKind::Expr(expr) => expr.clone(),
        _ => return None,
    })
}

/// The parameters and variables that the template uses.
fn used(program: &Program, resources: &[Planned], listed: &[Planned]) -> (Vec<Param>, Vec<Variable>) {
    let (mut reach, mut uses) = (Reach::default(), Uses::default());
    let mut see = |expr| {
        reach.add(expr);
        uses.add(expr);
    };
    for planned in resources {
        exprs_of_node(&planned.name, &mut see);
        for id in &planned.depends_on {
            program.resource(*id).iter().for_each(|resource| exprs_of_node(&resource.id, &mut see));
        }
        program.resource(planned.id).iter().for_each(|resource| exprs_of_resource(resource, &mut see));
    }
    for planned in listed {
        exprs_of_node(&planned.name, &mut see);
        if let Some(resource) = program.resource(planned.id) {
            exprs_of_listed(resource, outermost(program, resource), &mut see);
        }
    }
    program.outputs.iter().for_each(|output| exprs_of_output(output, &mut see));
    program.template.members.iter().for_each(|member| exprs_of_node(&member.value, &mut see));
    program.params.iter().filter(|param| param.own).for_each(|param| reach.add_param(param));
    let names: HashMap<u32, &Arc<str>> =
        (0u32..).zip(program.shared.iter().map(|shared| &shared.name)).collect();
    let variables = uses.variables().into_iter().filter_map(|(id, expr)| {
        Some(Variable { id, name: Arc::clone(names.get(&id)?), expr: expr.clone() })
    });
    (reach.params(program).into_iter().cloned().collect(), variables.collect())
}

impl Plan<'_> {
    /// Calls `f` with what writes values in the shape of this template.
    pub fn lower<T>(&self, f: impl FnOnce(&Lower<'_>) -> T) -> T {
        let names: HashMap<u32, &Arc<str>> = self.variables.iter().map(|v| (v.id, &v.name)).collect();
        f(&Lower { variable: &|id| names.get(&id).map(|name| name.to_string()) })
    }
}

/// The parameters that some expressions use, in the program's order.
pub fn params_of<'p, 'e>(program: &'p Program, exprs: impl IntoIterator<Item = &'e Expr>) -> Vec<&'p Param> {
    let mut reach = Reach::default();
    exprs.into_iter().for_each(|expr| reach.add(expr));
    reach.params(program)
}
