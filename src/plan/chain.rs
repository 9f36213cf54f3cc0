//! Images that are built from other images of the same program.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::check::{Program, ResourceId, makers};

/// For each image that is built from others of this program, those others. Images in a ring, and what is built from
/// them, are left out: the rules report the ring.
pub fn chain(program: &Program) -> BTreeMap<ResourceId, BTreeSet<ResourceId>> {
    let mut open: BTreeMap<ResourceId, BTreeSet<ResourceId>> = BTreeMap::new();
    let mut below: HashMap<ResourceId, Vec<ResourceId>> = HashMap::new();
    for (id, image) in program.deployed("image") {
        let from = makers(program, id, image).all.into_iter().filter(|maker| !maker.image.existing);
        let from: BTreeSet<_> = from.map(|maker| maker.id).collect();
        from.iter().for_each(|maker| below.entry(*maker).or_default().push(id));
        open.insert(id, from);
    }
    let mut counts: HashMap<ResourceId, usize> = open.iter().map(|(id, from)| (*id, from.len())).collect();
    let mut ready: Vec<_> = open.iter().filter(|(_, from)| from.is_empty()).map(|(id, _)| *id).collect();
    let mut done = BTreeSet::new();
    while let Some(id) = ready.pop() {
        done.insert(id);
        for next in below.get(&id).into_iter().flatten() {
            if let Some(count) = counts.get_mut(next) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    ready.push(*next);
                }
            }
        }
    }
    open.retain(|id, from| done.contains(id) && !from.is_empty());
    open
}
