//! The build VM: members of `properties` and of `properties.vmProfile`.

use super::versions::{V2019_05, V2020_02, V2021_10, V2022_02, V2024_02, V2025_10};
use crate::schema::model::{CrossRule, ObjectType, Prop, Ty};

/// The block `build`. Its rows lie below `properties`.
pub(super) static BUILD: ObjectType = ObjectType {
    name: "build",
    doc: "How the build runs, and on which VM.",
    props: &[
        Prop::new("timeout", "buildTimeoutInMinutes", Ty::Minutes)
            .since(V2019_05)
            .range(0, 960)
            .default("4h")
            .doc("How long the whole build may take, customisation, validation and replication together, in whole minutes up to 16 hours. `0m` stands for four hours; 1 to 5 minutes always fail; Windows wants at least an hour."),
        Prop::new("vm_size", "vmProfile.vmSize", Ty::Str)
            .since(V2019_05)
            .doc("The size of the build VM and of the validation VM. The service takes Standard_D1_v2 for a generation 1 source and Standard_D2ds_v4 for generation 2 when it is left out; Windows wants Standard_D2_v2 or better."),
        Prop::new("disk_size", "vmProfile.osDiskSizeGB", Ty::Gigabytes)
            .since(V2020_02)
            .min(0)
            .default("0GB")
            .doc("The size of the OS disk in GB. It can only grow; `0GB` leaves it as large as the source's."),
        Prop::new("vm_identities", "vmProfile.userAssignedIdentities", Ty::List(&Ty::Id(&["identity"])))
            .since(V2021_10)
            .doc("Identities that scripts on the build VM and the validation VM can use. The template's own identity needs the role Managed Identity Operator on each."),
        Prop::new("subnet", "vmProfile.vnetConfig.subnetId", Ty::Id(&["subnet"]))
            .since(V2020_02)
            .doc("An existing subnet for the build VM, in the template's region. Without it the service makes a network with a public IP address."),
        Prop::new("container_subnet", "vmProfile.vnetConfig.containerInstanceSubnetId", Ty::Id(&["subnet"]))
            .since(V2024_02)
            .doc("A second subnet of the same virtual network, delegated to `Microsoft.ContainerInstance/containerGroups`, for the container that runs the build. Takes the place of the proxy VM."),
        Prop::new("proxy_vm_size", "vmProfile.vnetConfig.proxyVmSize", Ty::Str)
            .since(V2021_10)
            .default("\"Standard_A1_v2\"")
            .doc("The size of the proxy VM that the service puts into `subnet` to reach the build VM."),
        Prop::new("data_disks", "additionalDataDisks", Ty::List(&Ty::Object(&DATA_DISK)))
            .since(V2025_10)
            .doc("Data disks attached to the build VM: a size each."),
        Prop::new("staging_group", "stagingResourceGroup", Ty::ResourceGroup)
            .since(V2022_02)
            .doc("The resource group for the build's own resources: a name, which the service creates, or `existing(\"name\")`, which must be empty and in the template's region. Left out, the service makes `IT_<group>_<template>_<guid>`."),
        Prop::new("resource_tags", "managedResourceTags", Ty::Tags)
            .since(V2024_02)
            .doc("Tags of the resources that the service makes in the staging group."),
    ],
    entries: None,
    shorthand: None,
    rules: &[
        CrossRule::Requires {
            prop: "container_subnet",
            needs: "subnet",
            why: "the container reaches the build VM in that subnet; the service does not support `containerInstanceSubnetId` alone",
        },
        CrossRule::Requires {
            prop: "proxy_vm_size",
            needs: "subnet",
            why: "there is a proxy VM only in a subnet of your own",
        },
        CrossRule::AtMostOne {
            props: &["container_subnet", "proxy_vm_size"],
            why: "with a container subnet there is no proxy VM",
        },
    ],
};

static DATA_DISK: ObjectType = ObjectType {
    name: "data disk",
    doc: "A data disk of the build VM.",
    props: &[Prop::new("size", "sizeGB", Ty::Gigabytes).min(0).doc("The size of the disk in GB.")],
    entries: None,
    shorthand: Some("size"),
    rules: &[],
};
