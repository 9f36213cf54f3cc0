//! The resource providers that a subscription must have registered before a program can be deployed to it.

use indexmap::IndexMap;

use crate::check::Program;

/// A provider that image builds need, and what for.
///
/// Source: virtual-machines/linux/image-builder, "Register the providers" (2026-06). The last is for isolated builds, which
/// all builds are by now.
static OF_BUILDS: &[(&str, &str)] = &[
    ("Microsoft.VirtualMachineImages", "image templates"),
    ("Microsoft.Compute", "images, galleries and the build VM"),
    ("Microsoft.KeyVault", "certificates for the build VM"),
    ("Microsoft.Storage", "the staging account"),
    ("Microsoft.Network", "the network of the build VM"),
    ("Microsoft.ContainerInstance", "the container that drives the build"),
];

/// Why others are needed: ARM refuses a resource of a type whose provider is not registered.
const DECLARED: &str = "resources that the template makes";

/// The namespaces, each with what needs it, those of builds first. Nothing for a program that deploys nothing.
pub fn providers(program: &Program) -> Vec<(String, &'static str)> {
    let deployed = || program.iter().map(|(_, resource)| resource).filter(|resource| !resource.existing);
    let mut out: IndexMap<String, (String, &'static str)> = IndexMap::new();
    if deployed().any(|resource| resource.kind.keyword() == "image") {
        let rows = OF_BUILDS.iter().map(|(name, what)| (name.to_lowercase(), ((*name).to_owned(), *what)));
        out.extend(rows);
    }
    for resource in deployed() {
        let namespace = resource.kind.arm_type().split('/').next().unwrap_or_default();
        out.entry(namespace.to_lowercase()).or_insert_with(|| (namespace.to_owned(), DECLARED));
    }
    out.into_values().collect()
}

/// The preview features that a program needs, as `Namespace/Feature`.
///
/// Source: virtual-machines/image-builder-triggers-how-to (2026-06), "Register the feature".
pub fn features(program: &Program) -> Vec<&'static str> {
    let has_trigger = program.deployed("trigger").next().is_some();
    has_trigger.then_some("Microsoft.VirtualMachineImages/Triggers").into_iter().collect()
}
