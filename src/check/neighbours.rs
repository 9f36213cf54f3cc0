//! Images of other files that are deployed beside those of this one.

use std::collections::HashSet;

use super::program::{Resource, ResourceId};

/// The images that imported files deploy to the resource group that this one is deployed to. That is only known where both
/// use a resource that one of the files deploys, since its id is that of a resource in the own group.
pub(crate) fn neighbours<'a, I>(resources: I) -> Vec<(ResourceId, &'a Resource)>
where
    I: Iterator<Item = (ResourceId, &'a Resource)> + Clone,
{
    let imported: HashSet<ResourceId> =
        resources.clone().filter(|(_, resource)| resource.imported).map(|(id, _)| id).collect();
    if imported.is_empty() {
        return Vec::new();
    }
    let deployed = resources.clone().filter(|(_, resource)| !resource.existing);
    let shared: HashSet<ResourceId> =
        deployed.flat_map(|(_, resource)| used_by(resource)).filter(|id| imported.contains(id)).collect();
    let beside = |resource: &Resource| used_by(resource).iter().any(|id| shared.contains(id));
    resources.filter(|(_, r)| r.imported && r.kind.keyword() == "image" && beside(r)).collect()
}

/// The resources that the body of one refers to.
fn used_by(resource: &Resource) -> Vec<ResourceId> {
    let mut found = Vec::new();
    resource.body.walk(&mut |node| {
        let reference = node.reference.iter();
        found.extend(reference.flat_map(|reference| [Some(reference.target), reference.made_by]).flatten());
    });
    found
}
