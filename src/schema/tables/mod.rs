//! The rows, one file per object family.

pub(super) mod build;
pub(super) mod customize;
pub(super) mod distribute;
pub(super) mod enums;
pub(super) mod gallery;
pub(super) mod identity;
pub(super) mod image;
pub(super) mod names;
pub(super) mod optimize;
pub(super) mod references;
pub(super) mod regions;
pub(super) mod sizes;
pub(super) mod source;
pub(super) mod trigger;
pub(super) mod validate;
pub(super) mod versions;

use crate::schema::model::ResourceKind;

/// Every kind of resource, in the order in which the reference lists them.
pub static RESOURCE_KINDS: &[&ResourceKind] = &[
    &image::IMAGE,
    &trigger::TRIGGER,
    &gallery::GALLERY,
    &gallery::DEFINITION,
    &identity::IDENTITY,
    &references::SUBNET,
    &references::VAULT,
    &references::STORAGE_ACCOUNT,
    &references::MANAGED_IMAGE,
];
