//! Triggers: `Microsoft.VirtualMachineImages/imageTemplates/triggers`.

use super::names;
use super::references::{ENVELOPE, REFERENCE};
use super::versions::{TRIGGER_VERSIONS, V2024_02};
use crate::schema::model::{
    DefaultName, EnumValue, Enumeration, Implied, Lit, ObjectType, Prop, ResourceKind, Role, Ty,
};

/// A trigger: builds an image again when something happens.
pub static TRIGGER: ResourceKind = ResourceKind {
    keyword: "trigger",
    arm_type: "Microsoft.VirtualMachineImages/imageTemplates/triggers",
    versions: TRIGGER_VERSIONS,
    default_version: V2024_02,
    parent: Some("image"),
    deployable: true,
    needs_properties: false,
    name: names::IMAGE,
    default_name: DefaultName::AsDeclared,
    body: &TRIGGER_BODY,
    reference: &REFERENCE,
    doc: "Builds the image again when its source has a new version. The source must be `latest`, the target must have no explicit version, and there is one such trigger an image.",
    link: "https://learn.microsoft.com/azure/virtual-machines/image-builder-triggers-how-to",
};

static TRIGGER_BODY: ObjectType = ObjectType::plain(
    "trigger",
    "A trigger of an image.",
    &[
        Prop::new("name", "name", Ty::Name(&names::IMAGE))
            .role(Role::Name)
            .implied(Implied::DeclaredName)
            .doc("The trigger's name."),
        Prop::new("api_version", "apiVersion", Ty::Str)
            .role(Role::ApiVersion)
            .doc("The API version to write; the image's own unless it is written."),
        Prop::new("kind", "properties.kind", Ty::Enum(&KIND))
            .required()
            .implied(Implied::Value("source_image"))
            .doc("What sets it off. It cannot be changed later."),
        Prop::new("raw", "", Ty::Any)
            .role(Role::Raw)
            .doc("Members merged into `properties` as they are, under their ARM names."),
        ENVELOPE,
        Prop::new("depends_on", "", Ty::Any)
            .role(Role::DependsOn)
            .doc("Resources that must be deployed before this one, beyond its image."),
    ],
);

static KIND: Enumeration = Enumeration {
    name: "trigger kind",
    values: &[EnumValue {
        name: "source_image",
        arm: Lit::Str("SourceImage"),
        since: None,
        doc: "A new version of the image's source.",
    }],
    open: false,
};
