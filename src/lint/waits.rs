//! What is deployed before what.

use std::collections::HashSet;

use crate::check::{Node, Program, ResourceId};

/// Everything that is deployed before a resource: what it waits for, and what it names.
pub(super) fn waits_for(program: &Program, id: ResourceId) -> HashSet<ResourceId> {
    let mut seen = HashSet::new();
    let mut waiting = vec![id];
    while let Some(resource) = waiting.pop().and_then(|id| program.resource(id)) {
        let mut found: Vec<ResourceId> = resource.depends_on.iter().copied().chain(resource.parent).collect();
        resource.body.walk(&mut |node: &Node| found.extend(node.reference.as_ref().map(|r| r.target)));
        waiting.extend(found.into_iter().filter(|id| seen.insert(*id)));
    }
    seen
}
