//! Which right whoever deploys a template, starts its builds or grants its roles needs, and on what evidence.
//!
//! No page of Microsoft's lists the least that a caller needs (2026-08). The rows rest on roles that people publish and run
//! builds with, on samples of Microsoft's, and on the operations that the types have.

use super::table::{Evidence, Feature, Needs, ScopeKind};

/// A role that a pipeline builds images with (2026-03).
const PIPELINE_ROLE: &str =
    "https://github.com/dstamand-msft/DevBoxImageBuilder/blob/b00d6df/IaC/VMImageContributorRBAC.json";
/// A sample of Microsoft's that starts builds.
const START_SAMPLE: &str =
    "https://github.com/Azure/avdaccelerator/blob/4ab656e1/workload/bicep/deploy-custom-image.bicep";
/// The operations of the type.
const OPERATIONS: &str = "https://learn.microsoft.com/rest/api/imagebuilder/virtual-machine-image-templates";
/// The operations of triggers.
const TRIGGERS: &str = "https://learn.microsoft.com/rest/api/imagebuilder/triggers";
/// What custom roles and assignments take.
const CUSTOM_ROLES: &str = "role-based-access-control/custom-roles";
/// What assignments take.
const ASSIGNMENTS: &str = "role-based-access-control/role-assignments-template";
/// What a deployment to another group is.
const OTHER_GROUPS: &str = "azure-resource-manager/templates/deploy-to-resource-group";

/// A row about the caller.
const fn row(what: &'static str, needs: Needs, evidence: Evidence, source: &'static str) -> Feature {
    Feature { what, needs, scope: ScopeKind::ResourceGroup, evidence, source }
}

/// What a deployment to a group takes, tried first; the group is looked for before.
const DEPLOY: Needs = Needs::Actions(&[
    "Microsoft.Resources/deployments/operations/read",
    "Microsoft.Resources/deployments/operationstatuses/read",
    "Microsoft.Resources/deployments/read",
    "Microsoft.Resources/deployments/validate/action",
    "Microsoft.Resources/deployments/whatIf/action",
    "Microsoft.Resources/deployments/write",
    "Microsoft.Resources/subscriptions/resourceGroups/read",
]);

/// A deployment of the template.
pub(super) static DEPLOYMENT: Feature =
    row("deployment of the template", DEPLOY, Evidence::Community, PIPELINE_ROLE);
/// An image template: it can't be updated, so a failed one is deleted first.
pub(super) static IMAGE_TEMPLATE: Feature = row(
    "image template, made, read and deleted",
    Needs::Actions(&[
        "Microsoft.VirtualMachineImages/imageTemplates/delete",
        "Microsoft.VirtualMachineImages/imageTemplates/read",
        "Microsoft.VirtualMachineImages/imageTemplates/write",
    ]),
    Evidence::Community,
    PIPELINE_ROLE,
);
/// The start of a build.
pub(super) static RUN: Feature = row(
    "start of its build",
    Needs::Actions(&["Microsoft.VirtualMachineImages/imageTemplates/run/action"]),
    Evidence::Sample,
    START_SAMPLE,
);
/// The end of a build before its time, and what it made.
pub(super) static FOLLOW: Feature = row(
    "cancellation of its build, and its outputs",
    Needs::Actions(&[
        "Microsoft.VirtualMachineImages/imageTemplates/cancel/action",
        "Microsoft.VirtualMachineImages/imageTemplates/runOutputs/read",
    ]),
    Evidence::Inferred,
    OPERATIONS,
);
/// A trigger.
pub(super) static TRIGGER: Feature = row(
    "trigger",
    Needs::Actions(&[
        "Microsoft.VirtualMachineImages/imageTemplates/triggers/delete",
        "Microsoft.VirtualMachineImages/imageTemplates/triggers/read",
        "Microsoft.VirtualMachineImages/imageTemplates/triggers/write",
    ]),
    Evidence::Inferred,
    TRIGGERS,
);
/// The identity that a template is given: Azure asks whether the caller may give it away.
pub(super) static ATTACH_IDENTITY: Feature = Feature {
    what: "identity of the template",
    needs: Needs::Actions(&[
        "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action",
        "Microsoft.ManagedIdentity/userAssignedIdentities/read",
    ]),
    scope: ScopeKind::Resource("Microsoft.ManagedIdentity/userAssignedIdentities"),
    evidence: Evidence::Community,
    source: PIPELINE_ROLE,
};
/// Any other resource that the template makes.
pub(super) static DECLARED: Feature = row(
    "resource that the template makes",
    Needs::Verbs(&["read", "write"]),
    Evidence::Inferred,
    CUSTOM_ROLES,
);
/// A deployment in a deployment.
pub(super) static NESTED: Feature =
    row("nested deployment", Needs::Actions(&[]), Evidence::Inferred, OTHER_GROUPS);
/// A role that is defined.
pub(super) static DEFINE_ROLE: Feature = row(
    "custom role",
    Needs::Actions(&[
        "Microsoft.Authorization/roleDefinitions/read",
        "Microsoft.Authorization/roleDefinitions/write",
    ]),
    Evidence::Documented,
    CUSTOM_ROLES,
);
/// A role that is assigned.
pub(super) static ASSIGN_ROLE: Feature = row(
    "role assignment",
    Needs::Actions(&[
        "Microsoft.Authorization/roleAssignments/read",
        "Microsoft.Authorization/roleAssignments/write",
    ]),
    Evidence::Documented,
    ASSIGNMENTS,
);
/// The identity that gets a role: the template asks for its principal, with the rights of whoever deploys it.
pub(super) static IDENTITY_PRINCIPAL: Feature = Feature {
    what: "principal of the identity that gets a role",
    needs: Needs::Actions(&["Microsoft.ManagedIdentity/userAssignedIdentities/read"]),
    scope: ScopeKind::Resource("Microsoft.ManagedIdentity/userAssignedIdentities"),
    evidence: Evidence::Inferred,
    source: "azure-resource-manager/templates/template-functions-resource",
};
/// The deployment of roles to a group.
pub(super) static ROLE_DEPLOYMENT: Feature =
    row("deployment of the roles", DEPLOY, Evidence::Community, PIPELINE_ROLE);
