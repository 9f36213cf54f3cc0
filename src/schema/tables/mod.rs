//! The rows, one file per object family.

pub mod build;
pub mod customize;
pub mod distribute;
pub mod enums;
pub mod gallery;
pub mod identity;
pub mod image;
pub mod names;
pub mod optimize;
pub mod references;
pub mod regions;
pub mod source;
pub mod trigger;
pub mod validate;
pub mod versions;

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
