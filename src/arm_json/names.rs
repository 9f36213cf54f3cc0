//! The resources of a document by what ids name.

use std::collections::HashMap;

use super::ids::{Target, is_own, target};
use crate::check::{Reference, ResourceId};
use crate::schema::{VERSION, id_kind};

/// All resources, by type and names.
#[derive(Debug, Default)]
pub(super) struct Names {
    all: HashMap<Target, ResourceId>,
}

impl Names {
    /// Adds a resource; of several of one name, as branches of conditions, the first counts.
    pub(super) fn add(&mut self, target: Target, id: ResourceId) {
        self.all.entry(target).or_insert(id);
    }

    pub(super) fn get(&self, target: &Target) -> Option<ResourceId> {
        self.all.get(target).copied()
    }

    /// The resource whose id these are the segments of; that of a version is its definition's.
    pub(super) fn reference(&self, segments: &[String]) -> Option<Reference> {
        let mut target = target(segments).filter(|_| is_own(segments))?;
        let mut version = None;
        if target.ty == VERSION.arm_type.to_lowercase() {
            target.ty.truncate(target.ty.rfind('/')?);
            version = target.names.pop().filter(|v| !v.contains('[')).map(Into::into);
        }
        Some(Reference { version, ..Reference::to(self.get(&target)?) })
    }
}

/// The type that the segments of an id name, if it is known and none of these kinds.
pub(super) fn wrong_kind(segments: &[String], kinds: &[&str]) -> Option<String> {
    let ty = target(segments)?.ty;
    let known = !ty.contains('[') && ty.contains('.');
    let fits = kinds.iter().filter_map(|k| id_kind(k)).any(|k| k.arm_type.eq_ignore_ascii_case(&ty));
    (known && !fits).then_some(ty)
}
