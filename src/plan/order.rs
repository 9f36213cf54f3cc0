//! Which resource waits for which, and the order that follows.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap};
use std::sync::Arc;

use super::chain::chain;
use super::walk::{exprs_of_node, exprs_of_output, exprs_of_resource, parts};
use crate::arm::{Expr, asked_symbol, print};
use crate::check::{Node, NodeKind, Program, Resource, ResourceId};

/// For each resource, by its place in the program, the deployed ones that it waits for; nothing for existing ones. Where
/// resources stand under symbolic names, also the existing ones that it asks for by them.
pub(super) fn dependencies(program: &Program) -> Vec<BTreeSet<ResourceId>> {
    let mut ids = Ids::new(program);
    let mut waits: Vec<_> =
        program.iter().map(|(id, resource)| of_resource(program, &mut ids, id, resource)).collect();
    for (id, from) in chain(program) {
        waits.get_mut(id.0 as usize).into_iter().for_each(|waits| waits.extend(&from));
    }
    waits
}

fn of_resource(
    program: &Program,
    ids: &mut Ids,
    id: ResourceId,
    resource: &Resource,
) -> BTreeSet<ResourceId> {
    let mut found = Found::default();
    if resource.existing {
        return found.ids;
    }
    found.ids.extend(resource.parent);
    // An existing resource can be waited for where the template lists it.
    let stated = if ids.symbols.is_empty() { &mut found.ids } else { &mut found.asked };
    stated.extend(&resource.depends_on);
    for node in [&resource.body, &resource.name] {
        node.walk(&mut |node| found.ids.extend(ids.named_by(node)));
    }
    let mut see = |expr: &Expr| ids.find(expr, &mut found);
    exprs_of_resource(resource, &mut see);
    exprs_of_node(&resource.name, &mut see);
    let mut waits: BTreeSet<_> =
        found.ids.into_iter().filter_map(|target| deployed(program, target)).collect();
    waits.extend(found.asked);
    waits.remove(&id);
    waits
}

/// The existing resources that a template whose resources stand under symbolic names has to list: what is asked for by
/// its symbolic name, what something waits for, and what says that it is listed.
pub(super) fn listed(program: &Program, waits: &[BTreeSet<ResourceId>]) -> Vec<ResourceId> {
    if !program.is_symbolic() {
        return Vec::new();
    }
    let mut ids = Ids::new(program);
    let mut found = Found::default();
    let mut see = |expr: &Expr| ids.find(expr, &mut found);
    for output in &program.outputs {
        exprs_of_output(output, &mut see);
    }
    program.template.members.iter().for_each(|member| exprs_of_node(&member.value, &mut see));
    let mut asked = found.asked;
    asked.extend(waits.iter().flatten());
    let listed = |(id, resource): &(ResourceId, &Resource)| {
        resource.existing && (resource.listed || asked.contains(id))
    };
    program.iter().filter(listed).map(|(id, _)| id).collect()
}

/// The resource, or the nearest one above it, that this template deploys.
fn deployed(program: &Program, id: ResourceId) -> Option<ResourceId> {
    let mut at = Some(id);
    // A chain of parents is no longer than there are resources.
    for _ in 0..program.resources.len() {
        let resource = program.resource(at?)?;
        if !resource.existing {
            return at;
        }
        at = resource.parent;
    }
    None
}

/// The resources that a value names.
#[derive(Clone, Default)]
struct Found {
    /// By their ids.
    ids: BTreeSet<ResourceId>,
    /// By their symbolic names.
    asked: BTreeSet<ResourceId>,
}

/// The ids of the deployed resources by their text, for ids inside longer expressions.
struct Ids {
    by_text: HashMap<String, ResourceId>,
    /// All resources by their symbolic names, where they have such.
    symbols: HashMap<Arc<str>, ResourceId>,
    /// What shared values hold, so that each is read once.
    shared: HashMap<u32, Found>,
}

impl Ids {
    fn new(program: &Program) -> Self {
        let ids = program.iter().filter(|(_, resource)| !resource.existing);
        let by_text = ids.filter_map(|(id, resource)| Some((key(&resource.id)?, id))).collect();
        let symbols = if program.is_symbolic() { program.symbols() } else { Vec::new() };
        let symbols = symbols.into_iter().zip((0u32..).map(ResourceId)).collect();
        Self { by_text, symbols, shared: HashMap::new() }
    }

    /// The resource that a node refers to.
    fn named_by(&self, node: &Node) -> Option<ResourceId> {
        let by_text = || match &node.kind {
            NodeKind::Str(text) if text.starts_with('/') => self.by_text.get(&text.to_lowercase()).copied(),
            _ => None,
        };
        node.reference.as_ref().map(|reference| reference.target).or_else(by_text)
    }

    /// Adds the resources whose ids are in an expression, or that it asks for.
    fn find(&mut self, expr: &Expr, found: &mut Found) {
        let mut waiting = vec![expr];
        while let Some(expr) = waiting.pop() {
            match expr {
                Expr::Shared { id, expr } => {
                    if !self.shared.contains_key(id) {
                        let mut inner = Found::default();
                        self.find(expr, &mut inner);
                        self.shared.insert(*id, inner);
                    }
                    if let Some(inner) = self.shared.get(id) {
                        found.ids.extend(&inner.ids);
                        found.asked.extend(&inner.asked);
                    }
                }
                Expr::Call { name, .. } if name.to_ascii_lowercase().ends_with("resourceid") => {
                    found.ids.extend(self.by_text.get(&print(expr, &|_| None).to_lowercase()));
                }
                _ => {
                    let symbol = asked_symbol(expr).and_then(|symbol| self.symbols.get(symbol));
                    found.asked.extend(symbol);
                }
            }
            waiting.extend(parts(expr));
        }
    }
}

fn key(id: &Node) -> Option<String> {
    match &id.kind {
        NodeKind::Str(text) => Some(text.to_lowercase()),
        NodeKind::Expr(expr) => Some(print(expr, &|_| None).to_lowercase()),
        _ => None,
    }
}

/// The deployed resources in an order in which they can be made.
pub(super) struct Order {
    /// Each after those it waits for, else as declared. Rings are put last, as declared.
    pub(super) ids: Vec<ResourceId>,
    /// Resources that wait for one another, each for the next and the last for the first.
    pub(super) rings: Vec<Vec<ResourceId>>,
}

/// Orders the deployed resources of a program.
pub(super) fn order(program: &Program, dependencies: &[BTreeSet<ResourceId>]) -> Order {
    let mut open: HashMap<ResourceId, usize> = HashMap::new();
    let mut waiting: HashMap<ResourceId, Vec<ResourceId>> = HashMap::new();
    let mut ready = BinaryHeap::new();
    let made = |id: &&ResourceId| program.resource(**id).is_some_and(|target| !target.existing);
    for ((id, _), waits) in program.iter().zip(dependencies).filter(|((_, resource), _)| !resource.existing) {
        let waits: Vec<&ResourceId> = waits.iter().filter(made).collect();
        open.insert(id, waits.len());
        if waits.is_empty() {
            ready.push(Reverse(id));
        }
        for target in waits {
            waiting.entry(*target).or_default().push(id);
        }
    }
    let mut out = Vec::with_capacity(open.len());
    while let Some(Reverse(id)) = ready.pop() {
        out.push(id);
        open.remove(&id);
        for next in waiting.remove(&id).unwrap_or_default() {
            if let Some(count) = open.get_mut(&next) {
                *count -= 1;
                if *count == 0 {
                    ready.push(Reverse(next));
                }
            }
        }
    }
    let left: BTreeSet<ResourceId> = open.into_keys().collect();
    out.extend(&left);
    Order { ids: out, rings: rings(&left, dependencies) }
}

/// The rings among resources that wait for others of them. Of rings that share resources, one.
fn rings(left: &BTreeSet<ResourceId>, dependencies: &[BTreeSet<ResourceId>]) -> Vec<Vec<ResourceId>> {
    let mut rings = Vec::new();
    let mut seen = BTreeSet::new();
    for start in left {
        let mut path = Vec::new();
        let mut at = Some(*start);
        while let Some(id) = at.filter(|id| seen.insert(*id)) {
            path.push(id);
            // Each of them waits for another of them: that is why it is left.
            let waits = dependencies.get(id.0 as usize);
            at = waits.and_then(|waits| waits.iter().find(|next| left.contains(next))).copied();
        }
        let closes = at.and_then(|id| path.iter().position(|other| *other == id));
        if let Some(first) = closes {
            rings.push(path.split_off(first));
        }
    }
    rings
}
