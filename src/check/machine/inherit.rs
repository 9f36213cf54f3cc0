//! What an image has from the images that it is built from.

use std::collections::HashSet;

use super::{Capability, Phase, StepView};
use crate::check::program::{Program, Resource, ResourceId, WrittenIn};
use crate::schema::Role;

/// What the images that an image is built from provide, nearest last, and whether there is a base that is not known.
pub(super) fn capabilities<'a>(
    program: &'a Program,
    id: ResourceId,
    image: &'a Resource,
) -> (Vec<Capability<'a>>, bool) {
    let mut seen = HashSet::from([id]);
    let mut waiting = vec![image];
    let mut found = Vec::new();
    let mut opaque = false;
    while let Some(child) = waiting.pop() {
        let parents = parents(program, child);
        opaque |= parents.is_empty() && !from_marketplace(child);
        for (id, parent) in parents {
            if seen.insert(id) {
                opaque |= parent.customize().is_empty() && parent.existing;
                found.extend(provided(parent));
                waiting.push(parent);
            }
        }
    }
    found.reverse();
    (found, opaque)
}

/// The images of the program whose output an image starts from.
pub(super) fn parents<'a>(program: &'a Program, image: &Resource) -> Vec<(ResourceId, &'a Resource)> {
    let reference = image.body.at("properties.source.imageVersionId").and_then(|id| id.reference.as_ref());
    let Some(reference) = reference else { return Vec::new() };
    let makes = |resource: &Resource| {
        resource
            .targets()
            .iter()
            .filter_map(|t| t.get("galleryImageId")?.reference.as_ref())
            .any(|r| r.target == reference.target)
    };
    program
        .iter()
        .filter(|(id, r)| {
            r.kind.keyword() == "image" && (*id == reference.target || makes(r)) && !std::ptr::eq(*r, image)
        })
        .collect()
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
