//! Where an image starts from: `properties.source`.

use super::enums::{ARCHITECTURE, GENERATION, OS, SECURITY};
use super::versions::{V2019_02, V2019_05, V2020_02, V2021_10, V2022_07};
use crate::schema::model::{Implied, LabelRole, Legacy, ObjectType, Prop, Role, Ty, Union, Variant};

/// The sources.
pub(super) static SOURCE: Union = Union {
    name: "source",
    discriminator: "type",
    exact: None,
    variants: &[
        Variant {
            keyword: "platform_image",
            arm: "PlatformImage",
            legacy: &[],
            label: LabelRole::None,
            main: None,
            body: &PLATFORM_IMAGE,
            since: None,
            until: None,
            os: None,
            doc: "An image of the Azure Marketplace.",
        },
        Variant {
            keyword: "managed_image",
            arm: "ManagedImage",
            legacy: &[],
            label: LabelRole::None,
            main: Some("id"),
            body: &MANAGED_IMAGE,
            since: Some(V2019_02),
            until: None,
            os: None,
            doc: "A managed image, in the template's subscription and region.",
        },
        Variant {
            keyword: "gallery_version",
            arm: "SharedImageVersion",
            legacy: &[],
            label: LabelRole::None,
            main: Some("id"),
            body: &GALLERY_VERSION,
            since: Some(V2019_05),
            until: None,
            os: None,
            doc: "A version of an image in a compute gallery, replicated to the template's region.",
        },
        Variant {
            keyword: "iso",
            arm: "ISO",
            legacy: &[],
            label: LabelRole::None,
            main: None,
            body: &ISO,
            since: None,
            until: Some(V2019_05),
            os: None,
            doc: "A Red Hat Enterprise Linux installation image. Gone since 2020-02-14.",
        },
    ],
};

static PLATFORM_IMAGE: ObjectType = ObjectType::plain(
    "platform image",
    "An image of the Azure Marketplace, named by its four parts.",
    &[
        Prop::new("publisher", "publisher", Ty::Str).required().doc("The publisher, such as `Canonical`."),
        Prop::new("offer", "offer", Ty::Str).required().doc("The offer, such as `ubuntu-24_04-lts`."),
        Prop::new("sku", "sku", Ty::Str).required().doc("The SKU, such as `server`."),
        Prop::new("version", "version", Ty::Str)
            .implied(Implied::Value("latest"))
            .doc("The version; `latest` is resolved when a build runs, not when the template is created."),
        Prop::new("exact_version", "exactVersion", Ty::Str)
            .since(V2021_10)
            .read_only()
            .doc("The version that `latest` stood for in the last build."),
        Prop::new("plan", "planInfo", Ty::Object(&PLAN_INFO))
            .since(V2020_02)
            .doc("The purchase plan, for images that have one. Its terms must have been accepted in the subscription."),
        Prop::new("os", "", Ty::Enum(&OS))
            .role(Role::Fact)
            .doc("Its operating system, for the checker; the template does not hold it."),
        Prop::new("generation", "", Ty::Enum(&GENERATION))
            .role(Role::Fact)
            .doc("Its VM generation, for the checker: it must be the target definition's."),
        Prop::new("architecture", "", Ty::Enum(&ARCHITECTURE))
            .role(Role::Fact)
            .doc("Its processor architecture, for the checker: it must be the target definition's."),
        Prop::new("security", "", Ty::Enum(&SECURITY))
            .role(Role::Fact)
            .doc("Its security type, for the checker: it must be the target definition's."),
    ],
);

static PLAN_INFO: ObjectType = ObjectType::plain(
    "plan",
    "The purchase plan of a Marketplace image.",
    &[
        Prop::new("name", "planName", Ty::Str).required().doc("The plan's name, usually the SKU."),
        Prop::new("product", "planProduct", Ty::Str).required().doc("The plan's product, usually the offer."),
        Prop::new("publisher", "planPublisher", Ty::Str).required().doc("The plan's publisher."),
    ],
);

static MANAGED_IMAGE: ObjectType = ObjectType::plain(
    "managed image source",
    "A managed image as the source of a build.",
    &[Prop::new("id", "imageId", Ty::Id(&["managed_image"])).required().doc(
        "The image's resource id. It must be generalised, and in the template's subscription and region.",
    )],
);

static GALLERY_VERSION: ObjectType = ObjectType::plain(
    "gallery source",
    "A version of a gallery image as the source of a build.",
    &[
        Prop::new("id", "imageVersionId", Ty::Id(&["version", "definition"])).required().doc(
            "The version, which must be replicated to the template's region. A definition stands for its `latest`, which the API has since 2022-07-01 and resolves when a build runs.",
        ),
        Prop::new("exact_version", "exactVersion", Ty::Str)
            .since(V2022_07)
            .read_only()
            .doc("The id of the version that the last build used."),
    ],
);

static ISO: ObjectType = ObjectType::plain(
    "ISO source",
    "A Red Hat Enterprise Linux installation image.",
    &[
        Prop::new("url", "sourceUri", Ty::Url)
            .legacy(&[Legacy { until: V2019_02, arm: "sourceURI" }])
            .required()
            .doc("Where the ISO file is."),
        Prop::new("sha256", "sha256Checksum", Ty::Sha256).required().doc("The checksum of the ISO file."),
    ],
);
