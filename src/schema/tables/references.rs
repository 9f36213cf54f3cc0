//! Resources that a file refers to but does not deploy, and what every `existing` resource takes.

use super::enums::{ARCHITECTURE, GENERATION, OS, SECURITY};
use super::names;
use super::versions::{COMPUTE_IMAGES, KEY_VAULT, NETWORK, STORAGE};
use crate::schema::model::{DefaultName, Implied, ObjectType, Prop, ResourceKind, Role, Ty};

const ID: Prop = Prop::new("id", "", Ty::Str)
    .role(Role::ReferenceId)
    .doc("The whole resource id, in place of `name`, `resource_group` and `subscription`.");
const GROUP: Prop = Prop::new("resource_group", "", Ty::Str)
    .role(Role::ReferenceGroup)
    .doc("The name of its resource group; the one that is deployed to if left out.");
const SUBSCRIPTION: Prop = Prop::new("subscription", "", Ty::Str).role(Role::ReferenceSubscription).doc(
    "The id of its subscription, a GUID; the one that is deployed to if left out. Needs `resource_group`.",
);
/// Members of a resource that aib does not know.
pub(super) const ENVELOPE: Prop = Prop::new("envelope", "", Ty::Any)
    .role(Role::Envelope)
    .doc("Members merged into the resource itself, beside `properties`, as they are, under their ARM names; they win over what aib writes, and `null` leaves one out.");

const LOCATION: Prop =
    Prop::new("location", "", Ty::Region).role(Role::Fact).doc("Its region, for the checker.");

/// What an `existing` resource takes besides its name and its facts.
pub(super) static REFERENCE: [Prop; 3] = [ID, GROUP, SUBSCRIPTION];

static SUBNET_REFERENCE: [Prop; 4] = [
    ID,
    Prop::new("vnet", "", Ty::Name(&names::VNET))
        .role(Role::ReferenceVnet)
        .doc("The name of its virtual network."),
    GROUP,
    SUBSCRIPTION,
];

const fn name(rule: &'static crate::schema::model::NameRule) -> Prop {
    Prop::new("name", "name", Ty::Name(rule)).role(Role::Name).implied(Implied::DeclaredName).doc("Its name.")
}

/// A subnet of a virtual network.
pub static SUBNET: ResourceKind = ResourceKind {
    keyword: "subnet",
    arm_type: "Microsoft.Network/virtualNetworks/subnets",
    versions: &[NETWORK],
    default_version: NETWORK,
    parent: None,
    deployable: false,
    needs_properties: false,
    name: names::SUBNET,
    default_name: DefaultName::AsDeclared,
    body: &SUBNET_BODY,
    reference: &SUBNET_REFERENCE,
    doc: "An existing subnet that build VMs run in.",
    link: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-networking",
};

static SUBNET_BODY: ObjectType = ObjectType::plain(
    "subnet",
    "An existing subnet.",
    &[
        name(&names::SUBNET),
        LOCATION,
        Prop::new("outbound", "", Ty::Bool).role(Role::Fact).doc(
            "Whether VMs in it reach the internet. Subnets made after March 2026 do not unless that was arranged.",
        ),
    ],
);

/// A key vault.
pub static VAULT: ResourceKind = ResourceKind {
    keyword: "vault",
    arm_type: "Microsoft.KeyVault/vaults",
    versions: &[KEY_VAULT],
    default_version: KEY_VAULT,
    parent: None,
    deployable: false,
    needs_properties: false,
    name: names::VAULT,
    default_name: DefaultName::Hyphens,
    body: &VAULT_BODY,
    reference: &REFERENCE,
    doc: "An existing key vault that build VMs fetch secrets from.",
    link: "https://learn.microsoft.com/azure/key-vault/general/overview",
};

static VAULT_BODY: ObjectType = ObjectType::plain(
    "vault",
    "An existing key vault.",
    &[
        name(&names::VAULT),
        Prop::new("firewalled", "", Ty::Bool)
            .role(Role::Fact)
            .doc("Whether a firewall keeps networks out that it does not list."),
    ],
);

/// A storage account.
pub static STORAGE_ACCOUNT: ResourceKind = ResourceKind {
    keyword: "storage_account",
    arm_type: "Microsoft.Storage/storageAccounts",
    versions: &[STORAGE],
    default_version: STORAGE,
    parent: None,
    deployable: false,
    needs_properties: false,
    name: names::STORAGE_ACCOUNT,
    default_name: DefaultName::Required,
    body: &STORAGE_BODY,
    reference: &REFERENCE,
    doc: "An existing storage account that holds scripts and files.",
    link: "https://learn.microsoft.com/azure/storage/common/storage-account-overview",
};

static STORAGE_BODY: ObjectType = ObjectType::plain(
    "storage account",
    "An existing storage account.",
    &[
        Prop::new("name", "name", Ty::Name(&names::STORAGE_ACCOUNT)).role(Role::Name).doc("Its name."),
        Prop::new("firewalled", "", Ty::Bool).role(Role::Fact).doc(
            "Whether a firewall keeps networks out that it does not list: then the service reaches it only with `build.subnet` and `build.container_subnet` both set.",
        ),
    ],
);

/// A managed image.
pub static MANAGED_IMAGE: ResourceKind = ResourceKind {
    keyword: "managed_image",
    arm_type: "Microsoft.Compute/images",
    versions: &[COMPUTE_IMAGES],
    default_version: COMPUTE_IMAGES,
    parent: None,
    deployable: false,
    needs_properties: false,
    name: names::MANAGED_IMAGE,
    default_name: DefaultName::AsDeclared,
    body: &MANAGED_IMAGE_BODY,
    reference: &REFERENCE,
    doc: "An existing managed image, as a source or a target.",
    link: "https://learn.microsoft.com/azure/virtual-machines/capture-image-resource",
};

static MANAGED_IMAGE_BODY: ObjectType = ObjectType::plain(
    "managed image",
    "An existing managed image.",
    &[
        name(&names::MANAGED_IMAGE),
        LOCATION,
        Prop::new("os", "", Ty::Enum(&OS)).role(Role::Fact).doc("Its operating system, for the checker."),
        Prop::new("generation", "", Ty::Enum(&GENERATION))
            .role(Role::Fact)
            .doc("Its VM generation, for the checker."),
        Prop::new("architecture", "", Ty::Enum(&ARCHITECTURE))
            .role(Role::Fact)
            .doc("Its processor architecture, for the checker."),
        Prop::new("security", "", Ty::Enum(&SECURITY))
            .role(Role::Fact)
            .doc("Its security type, for the checker."),
    ],
);
