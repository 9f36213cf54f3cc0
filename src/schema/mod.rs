//! The target API as a typed table: what may be written, what it becomes in ARM, in which versions.
//!
//! Everything that knows a property reads it here: checking, emission, the reference pages, later decompilation,
//! completion and hover. The room knows no language and does no IO. Invariant: a property exists in exactly one row.

mod model;

pub use model::{
    ApiVersion, CrossRule, DefaultName, Entries, EnumValue, Enumeration, LabelRole, Legacy, Limit, Lit,
    NameRule, ObjectType, Os, Prop, Required, ResourceKind, Role, Ty, Union, Variant,
};
