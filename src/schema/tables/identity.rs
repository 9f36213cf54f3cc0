//! User-assigned identities: `Microsoft.ManagedIdentity/userAssignedIdentities`.

use super::names;
use super::references::{ENVELOPE, REFERENCE};
use super::versions::{I2023_01, IDENTITY_VERSIONS};
use crate::schema::model::{DefaultName, Implied, ObjectType, Prop, ResourceKind, Role, Ty};

/// A user-assigned identity.
pub static IDENTITY: ResourceKind = ResourceKind {
    keyword: "identity",
    arm_type: "Microsoft.ManagedIdentity/userAssignedIdentities",
    versions: IDENTITY_VERSIONS,
    default_version: I2023_01,
    parent: None,
    deployable: true,
    needs_properties: false,
    name: names::IDENTITY,
    default_name: DefaultName::AsDeclared,
    body: &IDENTITY_BODY,
    reference: &REFERENCE,
    doc: "A user-assigned identity, which the service or a build VM acts as.",
    link: "https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview",
};

static IDENTITY_BODY: ObjectType = ObjectType::plain(
    "identity",
    "A user-assigned identity.",
    &[
        Prop::new("name", "name", Ty::Name(&names::IDENTITY))
            .role(Role::Name)
            .implied(Implied::DeclaredName)
            .doc("The identity's name."),
        Prop::new("api_version", "apiVersion", Ty::Str)
            .role(Role::ApiVersion)
            .doc("The API version to write."),
        Prop::new("location", "location", Ty::Region)
            .implied(Implied::GroupLocation)
            .doc("The region of the identity. It may be used in any region."),
        Prop::new("tags", "tags", Ty::Tags).doc("Tags of the identity."),
        Prop::new("raw", "", Ty::Any)
            .role(Role::Raw)
            .doc("Members merged into `properties` as they are, under their ARM names."),
        ENVELOPE,
        Prop::new("depends_on", "", Ty::Any)
            .role(Role::DependsOn)
            .doc("Resources that must be deployed before this one."),
    ],
);
