//! Compute galleries and their image definitions: `Microsoft.Compute/galleries` and `…/images`.

use super::enums::{ARCHITECTURE, GENERATION, OS, SECURITY};
use super::names;
use super::references::{ENVELOPE, REFERENCE};
use super::versions::{
    G2019_07, G2020_09, G2021_07, G2021_10, G2022_01, G2024_03, G2025_03, GALLERY_VERSIONS,
};
use crate::schema::model::{
    CrossRule, DefaultName, EnumValue, Enumeration, Implied, Lit, ObjectType, Prop, ResourceKind, Role, Ty,
};

/// A compute gallery.
pub static GALLERY: ResourceKind = ResourceKind {
    keyword: "gallery",
    arm_type: "Microsoft.Compute/galleries",
    versions: GALLERY_VERSIONS,
    default_version: G2025_03,
    parent: None,
    deployable: true,
    needs_properties: true,
    name: names::GALLERY,
    default_name: DefaultName::AsDeclared,
    body: &GALLERY_BODY,
    reference: &REFERENCE,
    doc: "A compute gallery: holds image definitions and, below them, the versions that builds make.",
    link: "https://learn.microsoft.com/azure/virtual-machines/azure-compute-gallery",
};

/// An image definition in a compute gallery.
pub static DEFINITION: ResourceKind = ResourceKind {
    keyword: "definition",
    arm_type: "Microsoft.Compute/galleries/images",
    versions: GALLERY_VERSIONS,
    default_version: G2025_03,
    parent: Some("gallery"),
    deployable: true,
    needs_properties: false,
    name: names::DEFINITION,
    default_name: DefaultName::AsDeclared,
    body: &DEFINITION_BODY,
    reference: &REFERENCE,
    doc: "An image definition: what all versions of an image have in common. It must match the source of the images built into it.",
    link: "https://learn.microsoft.com/azure/virtual-machines/shared-image-galleries",
};

/// A version of an image definition. Builds make them; files only refer to them by id, so no word declares one.
pub static VERSION: ResourceKind = ResourceKind {
    keyword: "version",
    arm_type: "Microsoft.Compute/galleries/images/versions",
    versions: GALLERY_VERSIONS,
    default_version: G2025_03,
    parent: Some("definition"),
    deployable: false,
    needs_properties: false,
    name: names::VERSION,
    default_name: DefaultName::Required,
    body: &VERSION_BODY,
    reference: &REFERENCE,
    doc: "A version of an image in a compute gallery.",
    link: "https://learn.microsoft.com/azure/virtual-machines/shared-image-galleries",
};

static VERSION_BODY: ObjectType =
    ObjectType::plain("version", "A version of an image in a compute gallery.", &[]);

const API_VERSION: Prop =
    Prop::new("api_version", "apiVersion", Ty::Str).role(Role::ApiVersion).doc("The API version to write.");
const RAW: Prop = Prop::new("raw", "", Ty::Any)
    .role(Role::Raw)
    .doc("Members merged into `properties` as they are, under their ARM names.");
const DEPENDS_ON: Prop = Prop::new("depends_on", "", Ty::Any)
    .role(Role::DependsOn)
    .doc("Resources that must be deployed before this one, beyond those it refers to.");

static GALLERY_BODY: ObjectType = ObjectType {
    name: "gallery",
    doc: "A compute gallery.",
    props: &[
        Prop::new("name", "name", Ty::Name(&names::GALLERY))
            .role(Role::Name)
            .implied(Implied::DeclaredName)
            .doc("The gallery's name, unique in the subscription."),
        API_VERSION,
        Prop::new("location", "location", Ty::Region)
            .implied(Implied::GroupLocation)
            .doc("The region of the gallery."),
        Prop::new("tags", "tags", Ty::Tags).doc("Tags of the gallery."),
        Prop::new("description", "properties.description", Ty::Str).doc("What the gallery is for."),
        Prop::new("sharing", "properties.sharingProfile.permissions", Ty::Enum(&SHARING))
            .since(G2020_09)
            .default("private")
            .doc("Who can be given its images beyond those with a role on it. Chosen when the gallery is created."),
        Prop::new("community", "properties.sharingProfile.communityGalleryInfo", Ty::Object(&COMMUNITY))
            .since(G2021_07)
            .doc("What the public sees of a gallery that is shared with everyone."),
        Prop::new("soft_delete", "properties.softDeletePolicy.isSoftDeleteEnabled", Ty::Bool)
            .since(G2021_07)
            .default("false")
            .doc("Keeps deleted image versions for a while, so that they can be restored."),
        RAW,
        ENVELOPE,
        DEPENDS_ON,
    ],
    entries: None,
    shorthand: None,
    rules: &[CrossRule::Requires {
        prop: "community",
        needs: "sharing",
        why: "only a gallery with `sharing = community` has a public face",
    }],
};

static SHARING: Enumeration = Enumeration {
    name: "gallery sharing",
    values: &[
        EnumValue {
            name: "private",
            arm: Lit::Str("Private"),
            since: None,
            doc: "Only those with a role on it.",
        },
        EnumValue {
            name: "groups",
            arm: Lit::Str("Groups"),
            since: None,
            doc: "Up to 30 subscriptions and 5 tenants, directly.",
        },
        EnumValue {
            name: "community",
            arm: Lit::Str("Community"),
            since: Some(G2022_01),
            doc: "Everyone in Azure.",
        },
    ],
    open: false,
};

static COMMUNITY: ObjectType = ObjectType::plain(
    "community gallery",
    "The public face of a gallery.",
    &[
        Prop::new("prefix", "publicNamePrefix", Ty::Str).doc("What the gallery's public name begins with."),
        Prop::new("publisher_url", "publisherUri", Ty::Str).doc("The publisher's web site."),
        Prop::new("contact", "publisherContact", Ty::Str)
            .doc("The publisher's mail address, which anyone can read."),
        Prop::new("eula", "eula", Ty::Str).doc("The licence agreement, or a link to it."),
    ],
);

static DEFINITION_BODY: ObjectType = ObjectType::plain(
    "definition",
    "An image definition.",
    &[
        Prop::new("name", "name", Ty::Name(&names::DEFINITION))
            .role(Role::Name)
            .implied(Implied::DeclaredName)
            .doc("The definition's name, unique in its gallery."),
        API_VERSION,
        Prop::new("location", "location", Ty::Region)
            .implied(Implied::GroupLocation)
            .doc("The region of the definition, and so of its versions. It must be among the regions of each target."),
        Prop::new("tags", "tags", Ty::Tags).doc("Tags of the definition."),
        Prop::new("description", "properties.description", Ty::Str).doc("What the image is for."),
        Prop::new("os", "properties.osType", Ty::Enum(&OS))
            .required()
            .doc("The operating system, the same as the source's. It cannot be changed later."),
        Prop::new("os_state", "properties.osState", Ty::Enum(&OS_STATE))
            .required()
            .implied(Implied::Value("generalized"))
            .doc("Whether VMs made from it are set up anew. Image Builder makes generalised images only."),
        Prop::new("generation", "properties.hyperVGeneration", Ty::Enum(&GENERATION))
            .since(G2019_07)
            .implied(Implied::Value("v2"))
            .doc("The VM generation, the same as the source's. Always written, since the API's own default changed with 2025-03-03. It cannot be changed later."),
        Prop::new("architecture", "properties.architecture", Ty::Enum(&ARCHITECTURE))
            .since(G2021_10)
            .default("x64")
            .doc("The processor architecture, the same as the source's. It cannot be changed later."),
        Prop::new("identifier", "properties.identifier", Ty::Object(&IDENTIFIER))
            .required()
            .doc("A publisher, offer and SKU of your own, as a triple unique in the gallery. It cannot be changed later."),
        Prop::new("security", "SecurityType", Ty::Enum(&SECURITY))
            .role(Role::Feature)
            .since(G2020_09)
            .implied(Implied::Value("standard"))
            .doc("The security type, the same as the source's. Always written, since the API's own default changed with 2025-03-03. All but `standard` need generation 2."),
        Prop::new("hibernate", "IsHibernateSupported", Ty::Bool)
            .role(Role::Feature)
            .since(G2020_09)
            .doc("Whether VMs made from it can hibernate."),
        Prop::new("accelerated_networking", "IsAcceleratedNetworkSupported", Ty::Bool)
            .role(Role::Feature)
            .since(G2020_09)
            .doc("Whether the image works with accelerated networking."),
        Prop::new("disk_controllers", "DiskControllerTypes", Ty::Enum(&DISK_CONTROLLERS))
            .role(Role::Feature)
            .since(G2020_09)
            .doc("The disk controllers that the image works with."),
        Prop::new("plan", "properties.purchasePlan", Ty::Object(&PURCHASE_PLAN))
            .doc("The purchase plan, where the source has one: exactly the source's. It cannot be changed later."),
        Prop::new("recommended", "properties.recommended", Ty::Object(&RECOMMENDED))
            .doc("How large VMs should be, as a hint to those who use the image."),
        Prop::new("disallowed_disk_types", "properties.disallowed.diskTypes", Ty::List(&Ty::Str))
            .doc("Types of disk that VMs should not have, such as `Standard_LRS`."),
        Prop::new("end_of_life", "properties.endOfLifeDate", Ty::Str)
            .doc("When the image goes out of use, as a date and time in UTC such as `2027-06-30T00:00:00Z`. Informational."),
        Prop::new("eula", "properties.eula", Ty::Str).doc("The licence agreement, or a link to it."),
        Prop::new("privacy", "properties.privacyStatementUri", Ty::Str).doc("A link to the privacy statement."),
        Prop::new("release_notes", "properties.releaseNoteUri", Ty::Str).doc("A link to the release notes."),
        Prop::new("allow_update", "properties.allowUpdateImage", Ty::Bool)
            .since(G2024_03)
            .default("false")
            .doc("Lets a deployment change the features of a definition that has versions."),
        RAW,
        ENVELOPE,
        DEPENDS_ON,
    ],
);

static OS_STATE: Enumeration = Enumeration {
    name: "OS state",
    values: &[
        EnumValue {
            name: "generalized",
            arm: Lit::Str("Generalized"),
            since: None,
            doc: "Each VM is set up with a name and users of its own.",
        },
        EnumValue {
            name: "specialized",
            arm: Lit::Str("Specialized"),
            since: None,
            doc: "Each VM is a copy as it is; Image Builder cannot build these.",
        },
    ],
    open: false,
};

static DISK_CONTROLLERS: Enumeration = Enumeration {
    name: "disk controllers",
    values: &[
        EnumValue { name: "scsi", arm: Lit::Str("SCSI"), since: None, doc: "SCSI only." },
        EnumValue { name: "scsi_nvme", arm: Lit::Str("SCSI, NVMe"), since: None, doc: "SCSI and NVMe." },
        EnumValue { name: "nvme_scsi", arm: Lit::Str("NVMe, SCSI"), since: None, doc: "NVMe and SCSI." },
    ],
    open: true,
};

static IDENTIFIER: ObjectType = ObjectType::plain(
    "identifier",
    "The identifier of an image definition.",
    &[
        Prop::new("publisher", "publisher", Ty::Name(&names::PUBLISHER))
            .required()
            .doc("Who publishes the image."),
        Prop::new("offer", "offer", Ty::Name(&names::OFFER))
            .required()
            .doc("The group of images it belongs to."),
        Prop::new("sku", "sku", Ty::Name(&names::OFFER)).required().doc("Which image of the group it is."),
    ],
);

static PURCHASE_PLAN: ObjectType = ObjectType::plain(
    "purchase plan",
    "The purchase plan of an image definition.",
    &[
        Prop::new("name", "name", Ty::Str).required().doc("The plan's name, usually the SKU."),
        Prop::new("product", "product", Ty::Str).required().doc("The plan's product, usually the offer."),
        Prop::new("publisher", "publisher", Ty::Str).required().doc("The plan's publisher."),
    ],
);

static RECOMMENDED: ObjectType = ObjectType::plain(
    "recommended machine",
    "How large VMs should be.",
    &[
        Prop::new("vcpus", "vCPUs", Ty::Object(&VCPUS)).doc("How many virtual processors."),
        Prop::new("memory", "memory", Ty::Object(&MEMORY)).doc(
            "How much memory. Azure's documentation gives the unit as GB in one place and as MB in another.",
        ),
    ],
);

static VCPUS: ObjectType = ObjectType::plain(
    "vCPU range",
    "A range of virtual processors.",
    &[
        Prop::new("min", "min", Ty::Int).min(1).doc("The fewest."),
        Prop::new("max", "max", Ty::Int).min(1).doc("The most."),
    ],
);

static MEMORY: ObjectType = ObjectType::plain(
    "memory range",
    "A range of memory.",
    &[
        Prop::new("min", "min", Ty::Int).min(1).doc("The least."),
        Prop::new("max", "max", Ty::Int).min(1).doc("The most."),
    ],
);
