//! The image: `Microsoft.VirtualMachineImages/imageTemplates`.

use super::build::BUILD;
use super::customize::CUSTOMIZE;
use super::distribute::DISTRIBUTE;
use super::enums::OS;
use super::names;
use super::optimize::{ON_ERROR, OPTIMIZE};
use super::references::{ENVELOPE, REFERENCE};
use super::source::SOURCE;
use super::validate::VALIDATE;
use super::versions::{IMAGE_VERSIONS, V2019_05, V2020_02, V2022_02, V2022_07, V2023_07, V2024_02};
use crate::schema::model::{DefaultName, Implied, ObjectType, Prop, Required, ResourceKind, Role, Ty};

/// An image template: what is built, how, and where it goes.
pub static IMAGE: ResourceKind = ResourceKind {
    keyword: "image",
    arm_type: "Microsoft.VirtualMachineImages/imageTemplates",
    versions: IMAGE_VERSIONS,
    default_version: V2024_02,
    parent: None,
    deployable: true,
    needs_properties: false,
    name: names::IMAGE,
    default_name: DefaultName::Hyphens,
    body: &IMAGE_BODY,
    reference: &REFERENCE,
    doc: "An image template of Azure VM Image Builder: a source, the steps that customise it, the checks that validate it and the places it is distributed to.",
    link: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json",
};

// The order is the order of emission. `build` spreads over `properties` and `properties.vmProfile`, so it comes before
// `source`, as in Microsoft's own templates.
static IMAGE_BODY: ObjectType = ObjectType::plain(
    "image",
    "An image template.",
    &[
        Prop::new("name", "name", Ty::Name(&names::IMAGE))
            .role(Role::Name)
            .implied(Implied::DeclaredName)
            .doc("The template's name. Image templates cannot be updated in place, so a name that holds `content_hash()` makes a changed template a new one."),
        Prop::new("api_version", "apiVersion", Ty::Str)
            .role(Role::ApiVersion)
            .doc("The API version to write. Without it, aib takes the lowest stable one from 2024-02-01 on that has every property in use."),
        Prop::new("location", "location", Ty::Region)
            .implied(Implied::GroupLocation)
            .doc("The region of the template and of its build VM. Only the regions of the Image Builder service will do; an image may be distributed to any region."),
        Prop::new("tags", "tags", Ty::Tags)
            .doc("Tags of the template itself, readable by anyone who may read it. The image gets the `tags` of its target."),
        Prop::new("identity", "identity", Ty::Identity)
            .required_in(Required::Since(V2020_02))
            .since(V2019_05)
            .doc("The user-assigned identity that the service acts as: it reads the source and the scripts and writes the image. Exactly one."),
        Prop::new("os", "", Ty::Enum(&OS))
            .role(Role::Os)
            .doc("The operating system of the source, for the checker; it is not written to the template. Needed only where the source does not tell."),
        Prop::new("build", "properties", Ty::Object(&BUILD))
            .doc("The build VM: its time limit, size, disks, network and identities."),
        Prop::new("source", "properties.source", Ty::Union(&SOURCE))
            .required()
            .doc("What the image is built from: a Marketplace image, a gallery definition or version, a managed image, or another image of these files. It must be generalised."),
        Prop::new("optimize", "properties.optimize", Ty::Object(&OPTIMIZE))
            .since(V2022_07)
            .doc("Optimisations that the service applies to the finished image."),
        Prop::new("customize", "properties.customize", Ty::Object(&CUSTOMIZE))
            .doc("The steps that change the build VM, in order. The first that fails ends the build; each is a session of its own."),
        Prop::new("validate", "properties.validate", Ty::Object(&VALIDATE))
            .since(V2022_02)
            .doc("Checks that run on a fresh VM made from the image, before it is distributed."),
        Prop::new("distribute", "properties.distribute", Ty::Object(&DISTRIBUTE))
            .required()
            .doc("Where the image goes: gallery definitions, managed images, VHDs. At least one target."),
        Prop::new("on_error", "properties.errorHandling", Ty::Object(&ON_ERROR))
            .since(V2023_07)
            .doc("What happens to the build VM when a step or a check fails."),
        Prop::new("auto_run", "properties.autoRun.state", Ty::State)
            .since(V2024_02)
            .default("false")
            .doc("Starts a build as soon as the template has been created."),
        Prop::new("raw", "", Ty::Any)
            .role(Role::Raw)
            .doc("Members merged into `properties` as they are, under their ARM names: a way to use what this version of aib does not know yet."),
        ENVELOPE,
        Prop::new("depends_on", "", Ty::Any)
            .role(Role::DependsOn)
            .doc("Resources that must be deployed before this one, beyond those it refers to."),
    ],
);
