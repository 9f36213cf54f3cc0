//! Names that change with the content: `content_hash()`.
//!
//! The checker leaves `aib.contentHash(n)` in names and ids, `n` being the resource's place in the program. Without
//! an argument the resource is the one whose name the expression is, else the one that the node refers to or stands
//! in, else the only one that has a hash.

use std::collections::{BTreeSet, HashMap};
use std::ops::Deref;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::lower::Lower;
use super::reach::Reach;
use super::walk::{Visitor, exprs_of_node, exprs_of_resource};
use crate::arm::{Expr, concat, fold, print};
use crate::base::Span;
use crate::check::{CONTENT_HASH, Key, Member, Node, NodeKind, Object, Program, Resource, ResourceId};

/// A program without placeholders.
#[derive(Debug)]
pub enum Settled<'p> {
    /// There were none.
    Same(&'p Program),
    /// They are replaced.
    New(Box<Program>),
}

impl Deref for Settled<'_> {
    type Target = Program;

    fn deref(&self) -> &Program {
        match self {
            Self::Same(program) => program,
            Self::New(program) => program,
        }
    }
}

/// Replaces every content hash; resources are hashed in the given order, so that what one refers to is known.
pub(super) fn settle<'p>(
    program: &'p Program,
    waits: &[BTreeSet<ResourceId>],
    order: &[ResourceId],
) -> Settled<'p> {
    let hashed: Vec<_> = program
        .iter()
        .filter(|(_, resource)| is_hashed(&resource.name, &mut Visitor::default()))
        .map(|(id, _)| id)
        .collect();
    if hashed.is_empty() {
        return Settled::Same(program);
    }
    let only = match hashed.as_slice() {
        [only] => Some(*only),
        _ => None,
    };
    let names = by_name(program, &hashed);
    let mut hashes = Hashes { found: HashMap::new(), shared: HashMap::new(), names, only };
    for id in order.iter().filter(|id| hashed.binary_search(id).is_ok()) {
        if let Some(resource) = program.resource(*id) {
            let waits = waits.get(id.0 as usize).into_iter().flatten().filter_map(|id| program.resource(*id));
            let value = hashes.of(program, *id, resource, &waits.collect::<Vec<_>>());
            hashes.found.insert(*id, value);
            // Shared values may hold the hash that is known only now.
            hashes.shared.clear();
        }
    }
    Settled::New(Box::new(hashes.program(program)))
}

/// The hashed resources by the text of their names; none where two are written the same.
fn by_name(program: &Program, hashed: &[ResourceId]) -> HashMap<String, Option<ResourceId>> {
    let mut out = HashMap::new();
    for id in hashed {
        if let Some(NodeKind::Expr(name)) = program.resource(*id).map(|resource| &resource.name.kind) {
            out.entry(print(name, &|_| None)).and_modify(|other| *other = None).or_insert(Some(*id));
        }
    }
    out
}

/// Where a placeholder is left, because nothing says which resource it belongs to.
pub(super) fn unsettled(program: &Settled<'_>) -> Vec<Span> {
    let Settled::New(program) = program else { return Vec::new() };
    let resources = program.resources.iter().flat_map(|resource| [&resource.name, &resource.body]);
    let nodes = resources.chain(program.outputs.iter().map(|output| &output.value));
    let mut visitor = Visitor::default();
    nodes.filter(|node| is_hashed(node, &mut visitor)).map(|node| node.origin.span).collect()
}

fn is_hashed<'a>(node: &'a Node, visitor: &mut Visitor) -> bool {
    let mut found = false;
    exprs_of_node(node, &mut |expr: &'a Expr| {
        visitor.visit(expr, &mut |expr| found |= placeholder(expr).is_some());
    });
    found
}

/// The resource that a placeholder names, if it is one.
fn placeholder(expr: &Expr) -> Option<Option<ResourceId>> {
    match expr {
        Expr::Call { name, args } if &**name == CONTENT_HASH => Some(match args.as_slice() {
            [Expr::Int(n)] => u32::try_from(*n).ok().map(ResourceId),
            _ => None,
        }),
        _ => None,
    }
}

struct Hashes {
    found: HashMap<ResourceId, Expr>,
    /// Shared values already rewritten; `None` where nothing changed.
    shared: HashMap<u32, Option<Arc<Expr>>>,
    names: HashMap<String, Option<ResourceId>>,
    /// The hashed resource, if there is only one.
    only: Option<ResourceId>,
}

impl Hashes {
    /// The hash of a resource: eight digits, and the parameters that the resource is made with.
    fn of(&mut self, program: &Program, id: ResourceId, resource: &Resource, waits: &[&Resource]) -> Expr {
        let mut resource = resource.clone();
        self.resource(id, &mut resource);
        if let NodeKind::Object(body) = &mut resource.body.kind {
            body.members.retain(|member| member.key != Key::Str("tags".into()));
        }
        let ids: Vec<Node> = waits.iter().map(|wait| self.node_of(id, &wait.id)).collect();
        let lower = Lower { variable: &|_| None };
        let text = lower.resource(&resource, None, &ids.iter().collect::<Vec<_>>()).compact();
        let digits: String = Sha256::digest(text).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        let mut reach = Reach::default();
        exprs_of_resource(&resource, &mut |expr| reach.add(expr));
        // A name can be read by everyone: nothing of a secret goes into it.
        let params = reach.params(program).into_iter().filter(|param| !param.secret).map(|param| {
            let value = Expr::parameter(Arc::clone(&param.name));
            if param.arm_type == "string" { value } else { Expr::call("string", vec![value]) }
        });
        let params: Vec<_> = params.collect();
        if params.is_empty() {
            return Expr::str(digits);
        }
        concat(vec![Expr::str(digits), Expr::call("uniqueString", params)])
    }

    /// The program with the hashes in it.
    fn program(&mut self, program: &Program) -> Program {
        let mut out = Program {
            written_in: program.written_in,
            template: program.template.clone(),
            params: program.params.clone(),
            shared: program.shared.clone(),
            resources: program.resources.clone(),
            outputs: program.outputs.clone(),
            loose: program.loose.clone(),
            schema: program.schema.clone(),
            judged: program.judged,
        };
        for (id, resource) in (0u32..).map(ResourceId).zip(&mut out.resources) {
            self.resource(id, resource);
        }
        for shared in &mut out.shared {
            if let Some(expr) = self.rewrite(None, &shared.expr) {
                shared.expr = Arc::new(expr);
            }
        }
        for output in &mut out.outputs {
            self.node(None, &mut output.value);
            self.optional(None, &mut output.condition);
        }
        out
    }

    fn resource(&mut self, id: ResourceId, resource: &mut Resource) {
        let around = Some(id);
        self.node(around, &mut resource.name);
        self.node(around, &mut resource.body);
        self.optional(around, &mut resource.condition);
        // The id of a child holds its parent's name.
        let named = if self.found.contains_key(&id) { around } else { resource.parent.or(around) };
        self.node(named, &mut resource.id);
    }

    fn optional(&mut self, around: Option<ResourceId>, expr: &mut Option<Expr>) {
        if let Some(new) = expr.as_ref().and_then(|expr| self.rewrite(around, expr)) {
            *expr = Some(fold(&new));
        }
    }

    fn node_of(&mut self, around: ResourceId, node: &Node) -> Node {
        let mut node = node.clone();
        self.node(Some(around), &mut node);
        node
    }

    fn node(&mut self, around: Option<ResourceId>, node: &mut Node) {
        let around = match &node.reference {
            Some(reference) => Some(reference.target),
            None => around,
        };
        match &mut node.kind {
            NodeKind::Expr(expr) => {
                if let Some(new) = self.rewrite(around, expr) {
                    node.kind = match fold(&new) {
                        Expr::Str(text) => NodeKind::Str(text),
                        expr => NodeKind::Expr(expr),
                    };
                }
            }
            NodeKind::List(items) => items.iter_mut().for_each(|item| self.node(around, item)),
            NodeKind::Object(Object { members, .. }) => {
                members.iter_mut().for_each(|m| self.member(around, m))
            }
            _ => {}
        }
    }

    fn member(&mut self, around: Option<ResourceId>, member: &mut Member) {
        let target = member.value.reference.as_ref().map(|reference| reference.target).or(around);
        if let Key::Expr(expr) = &member.key
            && let Some(new) = self.rewrite(target, expr)
        {
            member.key = match fold(&new) {
                Expr::Str(text) => Key::Str(text),
                expr => Key::Expr(expr),
            };
        }
        self.node(around, &mut member.value);
    }

    /// The expression with its hashes in it; `None` if there are none.
    fn rewrite(&mut self, around: Option<ResourceId>, expr: &Expr) -> Option<Expr> {
        if let Some(named) = placeholder(expr) {
            let nearest = [named, around.filter(|_| named.is_none()), self.only.filter(|_| named.is_none())];
            return nearest.into_iter().flatten().find_map(|id| self.found.get(&id).cloned());
        }
        match expr {
            Expr::Str(_) | Expr::Int(_) | Expr::Bool(_) | Expr::Null => None,
            Expr::Call { name, args } => {
                let around = match args.iter().any(|arg| placeholder(arg).is_some()) {
                    true => self.names.get(&print(expr, &|_| None)).copied().flatten().or(around),
                    false => around,
                };
                let new: Vec<_> = args.iter().map(|arg| self.rewrite(around, arg)).collect();
                if new.iter().all(Option::is_none) {
                    return None;
                }
                let args = new.into_iter().zip(args).map(|(new, old)| new.unwrap_or_else(|| old.clone()));
                Some(Expr::Call { name: Arc::clone(name), args: args.collect() })
            }
            Expr::Member { base, name, safe } => {
                let base = Box::new(self.rewrite(around, base)?);
                Some(Expr::Member { base, name: Arc::clone(name), safe: *safe })
            }
            Expr::Index { base, index, safe } => {
                let (new_base, new_index) = (self.rewrite(around, base), self.rewrite(around, index));
                if new_base.is_none() && new_index.is_none() {
                    return None;
                }
                let base = new_base.map_or_else(|| base.clone(), Box::new);
                let index = new_index.map_or_else(|| index.clone(), Box::new);
                Some(Expr::Index { base, index, safe: *safe })
            }
            Expr::Shared { id, expr } => {
                let new = match self.shared.get(id) {
                    Some(known) => known.clone(),
                    None => {
                        let new = self.rewrite(around, expr).map(Arc::new);
                        self.shared.insert(*id, new.clone());
                        new
                    }
                };
                new.map(|expr| Expr::Shared { id: *id, expr })
            }
        }
    }
}
