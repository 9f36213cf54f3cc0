//! What an image has from the images that it is built from.

use std::collections::HashSet;

use super::{Capability, Phase, StepView};
use crate::check::makers::{Maker, Makers, makers};
use crate::check::program::{Program, Resource, ResourceId, WrittenIn};
use crate::schema::Role;

/// What the images that an image is built from provide, nearest last, and whether there is a base that is not known.
pub(super) fn capabilities<'a>(
    program: &'a Program,
    id: ResourceId,
    image: &'a Resource,
) -> (Vec<Capability<'a>>, bool) {
    let mut seen = HashSet::from([id]);
    let mut waiting = vec![(id, image)];
    let mut found = Vec::new();
    let mut opaque = false;
    while let Some((id, child)) = waiting.pop() {
        let Makers { all, complete } = makers(program, id, child);
        opaque |= !complete && !from_marketplace(child);
        for Maker { id, image: parent, .. } in all {
            if seen.insert(id) {
                opaque |= parent.customize().is_empty() && !parent.is_declared();
                found.extend(provided(parent));
                waiting.push((id, parent));
            }
        }
    }
    found.reverse();
    (found, opaque)
}

fn from_marketplace(image: &Resource) -> bool {
    // A source that is not understood may bring along anything.
    image.body.at("properties.source.type").and_then(|t| t.as_str()).is_some_and(|t| &**t == "PlatformImage")
}

fn provided<'a>(image: &'a Resource) -> impl Iterator<Item = Capability<'a>> {
    image
        .customize()
        .iter()
        .filter_map(|node| StepView::new(0, Phase::Customize, node, WrittenIn::Aib))
        .flat_map(|step| step.names(Role::Provides).map(|(name, node)| Capability { name, node, step: None }))
}
