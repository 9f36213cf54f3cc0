//! The target API as a typed table: what may be written, what it becomes in ARM, in which versions.
//!
//! Everything that knows a property reads it here: checking, emission, the reference pages, later decompilation,
//! completion and hover. The room knows no language and does no IO. Invariant: a property exists in exactly one row,
//! and `tests/it/schema_contract.rs` compares the rows with the types that Azure publishes, version by version.
//!
//! Entry points: [`resource_kind`] by aib keyword, [`resource_kind_by_arm`] by ARM type, [`RESOURCE_KINDS`] for all,
//! [`places`] for every property of a kind, [`unmodelled`] for what is left out, [`former`] for what the previews had, [`reference_pages`] for the reference.

mod former;
mod lookup;
mod model;
mod page;
mod tables;
mod unmodelled;

pub use former::{FORMER, Former, former};
pub use lookup::{Place, block_of, id_kind, places, resource_kind, resource_kind_by_arm, spelling_of};
pub use model::{
    ApiVersion, CrossRule, DefaultName, Entries, EnumValue, Enumeration, Implied, LabelRole, Legacy, Limit,
    Lit, NameRule, ObjectType, Os, Prop, Required, ResourceKind, Role, Ty, Union, Variant,
};
pub use page::{reference_page, reference_pages};
pub use tables::RESOURCE_KINDS;
pub use tables::customize::{CUSTOMIZER, RAW_ENTRY};
pub use tables::distribute::DISTRIBUTOR;
pub use tables::gallery::{DEFINITION, GALLERY, VERSION};
pub use tables::identity::IDENTITY;
pub use tables::image::IMAGE;
pub use tables::references::{MANAGED_IMAGE, STORAGE_ACCOUNT, SUBNET, VAULT};
pub use tables::regions::{REGIONS, REGIONS_DATE, Region, Service, normalise_region, region};
pub use tables::sizes::VmSize;
pub use tables::trigger::TRIGGER;
pub use tables::versions::{
    GALLERY_VERSIONS, IDENTITY_VERSIONS, IMAGE_VERSIONS, TRIGGER_VERSIONS, V2018_02, V2019_02, V2019_05,
    V2020_02, V2021_10, V2022_02, V2022_07, V2023_07, V2024_02, V2025_10,
};
pub use unmodelled::{UNMODELLED, Unmodelled, unmodelled};
