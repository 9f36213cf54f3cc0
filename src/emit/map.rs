//! From places in the emitted template back to the source.

use std::sync::Arc;

use crate::base::pointer_step;
use crate::check::{Kind, Node, NodeKind, Origin, Program};
use crate::plan::{self, Lower, Plan};

/// Where something in `NAME.json` came from.
#[derive(Clone, Debug)]
pub struct Location {
    /// Its JSON pointer.
    pub pointer: String,
    /// Where it is written.
    pub origin: Origin,
    /// What of the template it belongs to, by keyword and declared name: `image web`, `param env`.
    pub declaration: Arc<str>,
}

/// The places of everything in the deployment template of a program, in the template's order, parents first.
pub fn locations(program: &Program) -> Vec<Location> {
    of_plan(&plan::build(program))
}

/// The places of everything in the template of a plan.
pub(super) fn of_plan(plan: &Plan<'_>) -> Vec<Location> {
    plan.lower(|lower| {
        let mut map = Map { lower, declaration: Arc::from(""), out: Vec::new() };
        for param in &plan.params {
            map.within("param", &param.name);
            let pointer = format!("/parameters/{}", pointer_step(&param.name));
            map.put(pointer.clone(), param.span.into());
            param.default.iter().for_each(|default| map.node(&format!("{pointer}/defaultValue"), default));
        }
        for variable in &plan.variables {
            let shared = usize::try_from(variable.id).ok().and_then(|id| plan.program.shared.get(id));
            let pointer = format!("/variables/{}", pointer_step(&variable.name));
            map.within("let", &variable.name);
            shared.iter().for_each(|shared| map.put(pointer.clone(), shared.span.into()));
        }
        let symbols = if plan.program.is_symbolic() { plan.program.symbols() } else { Vec::new() };
        for (index, planned) in plan.listed.iter().chain(&plan.resources).enumerate() {
            let Some(resource) = plan.program.resource(planned.id) else { continue };
            // Without symbolic names nothing is listed, so that resources count from the first.
            let pointer = match symbols.get(planned.id.0 as usize) {
                Some(symbol) => format!("/resources/{symbol}"),
                None => format!("/resources/{index}"),
            };
            map.within(resource.kind.keyword(), &resource.declared);
            map.put(pointer.clone(), resource.span.into());
            map.put(format!("{pointer}/name"), planned.name.origin.clone());
            // What is known of an existing resource is no part of the template, unless aib does not know its type.
            if !resource.existing || matches!(resource.kind, Kind::Raw(_)) {
                map.members(&pointer, &resource.body);
            }
        }
        for output in &plan.program.outputs {
            let pointer = format!("/outputs/{}", pointer_step(&output.name));
            map.within("output", &output.name);
            map.put(pointer.clone(), output.span.into());
            map.node(&format!("{pointer}/value"), &output.value);
        }
        map.out
    })
}

struct Map<'a> {
    lower: &'a Lower<'a>,
    /// The declaration that is gone through.
    declaration: Arc<str>,
    out: Vec<Location>,
}

impl Map<'_> {
    fn within(&mut self, keyword: &str, name: &str) {
        self.declaration = format!("{keyword} {name}").into();
    }

    fn put(&mut self, pointer: String, origin: Origin) {
        self.out.push(Location { pointer, origin, declaration: Arc::clone(&self.declaration) });
    }

    fn node(&mut self, pointer: &str, node: &Node) {
        self.put(pointer.to_owned(), node.origin.clone());
        self.members(pointer, node);
    }

    /// What is below a node; what was reported as wrong is not emitted and takes no place.
    fn members(&mut self, pointer: &str, node: &Node) {
        let valid = |node: &Node| !matches!(node.kind, NodeKind::Invalid);
        match &node.kind {
            NodeKind::List(items) => {
                for (index, item) in items.iter().filter(|item| valid(item)).enumerate() {
                    self.node(&format!("{pointer}/{index}"), item);
                }
            }
            NodeKind::Object(object) => {
                for member in object.members.iter().filter(|member| valid(&member.value)) {
                    let key = pointer_step(&self.lower.key(&member.key));
                    self.node(&format!("{pointer}/{key}"), &member.value);
                }
            }
            _ => {}
        }
    }
}
