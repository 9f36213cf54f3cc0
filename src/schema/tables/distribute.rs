//! Where the image goes: `properties.distribute`.

use super::customize::RAW;
use super::names;
use super::versions::{V2018_02, V2019_02, V2020_02, V2022_02, V2022_07, V2025_10};
use crate::schema::model::{
    CrossRule, Entries, EnumValue, Enumeration, Implied, LabelRole, Legacy, Lit, ObjectType, Prop, Required,
    Role, Ty, Union, Variant,
};

/// The block `distribute`: a list of targets.
pub(super) static DISTRIBUTE: ObjectType = ObjectType {
    name: "distribute",
    doc: "Where the image goes.",
    props: &[],
    entries: Some(&Entries { arm: "", union: &DISTRIBUTOR, since: None }),
    shorthand: None,
    rules: &[],
};

const TARGET_CASE: &str = "MicrosoftDocs/azure-docs#71715 (2021-03-05) and #105420 (2023-02-17): with `managedImage` \"Field 'distribute[0].type' has a bad value: ''\"";

/// The targets of `distribute`.
pub static DISTRIBUTOR: Union = Union {
    name: "target",
    discriminator: "type",
    exact: Some((V2020_02, TARGET_CASE)),
    variants: &[
        Variant {
            keyword: "gallery",
            arm: "SharedImage",
            legacy: &[Legacy { until: V2018_02, arm: "sharedImage" }],
            label: LabelRole::Refers("id"),
            main: Some("id"),
            body: &GALLERY,
            since: None,
            until: None,
            os: None,
            doc: "A new version of an image definition in a compute gallery.",
        },
        Variant {
            keyword: "managed_image",
            arm: "ManagedImage",
            legacy: &[Legacy { until: V2018_02, arm: "managedImage" }],
            label: LabelRole::Refers("id"),
            main: Some("id"),
            body: &MANAGED_IMAGE,
            since: None,
            until: None,
            os: None,
            doc: "A managed image. There are none for Arm64.",
        },
        Variant {
            keyword: "vhd",
            arm: "VHD",
            legacy: &[],
            label: LabelRole::None,
            main: None,
            body: &VHD,
            since: Some(V2019_02),
            until: None,
            os: None,
            doc: "A VHD in a storage account.",
        },
    ],
};

const OUTPUT: Prop = Prop::new("output", "runOutputName", Ty::Name(&names::RUN_OUTPUT))
    .implied(Implied::OutputName)
    .doc("The name of the run output that tells what a build made, unique in the image. aib makes a stable one.");
const TAGS: Prop = Prop::new("tags", "artifactTags", Ty::Tags)
    .doc("Tags of what is made: the image version, the image or the VHD.");

static GALLERY: ObjectType = ObjectType {
    name: "gallery target",
    doc: "A new version of an image definition.",
    props: &[
        Prop::new("id", "galleryImageId", Ty::Id(&["definition", "version"])).required().doc(
            "The image definition, which must exist before the template is created and match the source. The entry's label sets it.",
        ),
        Prop::new("version", "", Ty::Version)
            .role(Role::TargetVersion)
            .since(V2020_02)
            .doc("The version to make, `1.2.3`. It must not exist yet, so the template can be built once. Left out, the service numbers it."),
        OUTPUT,
        Prop::new("regions", "targetRegions", Ty::List(&Ty::Object(&TARGET_REGION)))
            .since(V2022_07)
            .doc("The regions the version is replicated to: a region, or an object with its replicas and storage. The gallery's own region must be among them; each only once."),
        Prop::new("versioning", "versioning", Ty::Union(&VERSIONING))
            .since(V2022_07)
            .default("latest")
            .doc("How the service numbers the version."),
        Prop::new("exclude_from_latest", "excludeFromLatest", Ty::Bool)
            .since(V2020_02)
            .default("false")
            .doc("Keeps the version from being taken as the definition's latest."),
        Prop::new("replication_mode", "replicationMode", Ty::Enum(&REPLICATION_MODE))
            .since(V2025_10)
            .default("full")
            .doc("How the version is replicated. It cannot be changed later."),
        TAGS,
        Prop::new("replication_regions", "replicationRegions", Ty::List(&Ty::Region))
            .required_in(Required::Until(V2022_02))
            .deprecated("`regions`, from 2022-07-01 on")
            .succeeded_by("regions")
            .doc("The regions the version is replicated to, the gallery's own among them."),
        Prop::new("storage_account_type", "storageAccountType", Ty::Enum(&STORAGE))
            .since(V2020_02)
            .deprecated("`storage` of each of `regions`, from 2022-07-01 on")
            .default("standard_lrs")
            .doc("The storage of the version in all `replication_regions`."),
        RAW,
    ],
    entries: None,
    shorthand: None,
    rules: &[
        CrossRule::AtMostOne {
            props: &["regions", "replication_regions"],
            why: "both say where the version goes, and the API takes one of them",
        },
        CrossRule::Requires {
            prop: "storage_account_type",
            needs: "replication_regions",
            why: "the API takes it only beside `replicationRegions`; `regions` have a `storage` each",
        },
        CrossRule::AtMostOne {
            props: &["version", "versioning"],
            why: "both decide the number of the version",
        },
    ],
};

static TARGET_REGION: ObjectType = ObjectType {
    name: "target region",
    doc: "A region that the version is replicated to.",
    props: &[
        Prop::new("name", "name", Ty::Region).required().doc("The region. Any region of Azure will do."),
        Prop::new("replicas", "replicaCount", Ty::Int)
            .min(1)
            .default("1")
            .doc("How many copies to keep there; up to 100 in all regions together. One serves about 20 VMs created at a time."),
        Prop::new("storage", "storageAccountType", Ty::Enum(&STORAGE))
            .default("standard_lrs")
            .doc("The storage of the copies."),
    ],
    entries: None,
    shorthand: Some("name"),
    rules: &[],
};

static STORAGE: Enumeration = Enumeration {
    name: "storage account type",
    values: &[
        EnumValue {
            name: "standard_lrs",
            arm: Lit::Str("Standard_LRS"),
            since: None,
            doc: "Hard disks, redundant in one place.",
        },
        EnumValue {
            name: "standard_zrs",
            arm: Lit::Str("Standard_ZRS"),
            since: None,
            doc: "Hard disks, redundant across availability zones.",
        },
        EnumValue {
            name: "premium_lrs",
            arm: Lit::Str("Premium_LRS"),
            since: Some(V2022_07),
            doc: "Solid-state disks, redundant in one place.",
        },
    ],
    open: true,
};

static REPLICATION_MODE: Enumeration = Enumeration {
    name: "replication mode",
    values: &[
        EnumValue {
            name: "full",
            arm: Lit::Str("Full"),
            since: None,
            doc: "Copies the image to each region.",
        },
        EnumValue {
            name: "shallow",
            arm: Lit::Str("Shallow"),
            since: None,
            doc: "Refers to the original: quick, for tests and for images over 2 TB.",
        },
    ],
    open: true,
};

static VERSIONING: Union = Union {
    name: "versioning",
    discriminator: "scheme",
    exact: None,
    variants: &[
        Variant {
            keyword: "latest",
            arm: "Latest",
            legacy: &[],
            label: LabelRole::None,
            main: Some("major"),
            body: &LATEST,
            since: None,
            until: None,
            os: None,
            doc: "One patch above the newest version: 2.1.0 gives 2.1.1.",
        },
        Variant {
            keyword: "source",
            arm: "Source",
            legacy: &[],
            label: LabelRole::None,
            main: None,
            body: &SAME_AS_SOURCE,
            since: None,
            until: None,
            os: None,
            doc: "A number that follows from the source image's version.",
        },
    ],
};

static LATEST: ObjectType = ObjectType::plain(
    "latest versioning",
    "One patch above the newest version.",
    &[Prop::new("major", "major", Ty::Int)
        .min(-1)
        .default("-1")
        .doc("Looks for the newest version below this major number only; -1 looks at all. With 0.1.2, 1.2.0 and 2.1.0 there, 1 gives 1.2.1.")],
);

static SAME_AS_SOURCE: ObjectType =
    ObjectType::plain("source versioning", "A number that follows from the source image's version.", &[]);

static MANAGED_IMAGE: ObjectType = ObjectType::plain(
    "managed image target",
    "A managed image.",
    &[
        Prop::new("id", "imageId", Ty::Id(&["managed_image"])).required().doc(
            "The managed image to make or overwrite: its name in the deployment's resource group, or its id. The entry's label sets it.",
        ),
        Prop::new("location", "location", Ty::Region)
            .implied(Implied::ResourceLocation)
            .doc("The region of the managed image; if it exists already, its own."),
        OUTPUT,
        TAGS,
        RAW,
    ],
);

static VHD: ObjectType = ObjectType::plain(
    "VHD target",
    "A VHD in a storage account.",
    &[
        OUTPUT,
        Prop::new("uri", "uri", Ty::Str).since(V2022_07).default("\"\"").doc(
            "The URL of the blob to write. Left out, the VHD lies in the staging group's storage account and goes when the template is deleted.",
        ),
        TAGS,
        RAW,
    ],
);
