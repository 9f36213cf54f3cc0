//! Which feature needs which right, where, and on what evidence.
//!
//! The sources are Microsoft's pages on Image Builder (image-builder-permissions-cli.md, image-builder-json.md,
//! image-builder-troubleshoot.md) and the list of built-in roles (role-based-access-control/built-in-roles.md).

/// A role that Azure has.
#[derive(PartialEq, Eq, Debug)]
pub struct BuiltIn {
    /// Its display name.
    pub name: &'static str,
    /// Its id, the same in every tenant.
    pub guid: &'static str,
    /// What a build uses of it.
    pub uses: Uses,
}

/// The actions of a role of Azure's that a build uses: a role that allows these would do.
#[derive(PartialEq, Eq, Debug)]
pub struct Uses {
    /// Actions.
    pub actions: &'static [&'static str],
    /// Actions on data.
    pub data_actions: &'static [&'static str],
}

/// Full control of a scope, save its role assignments.
pub(super) static CONTRIBUTOR: BuiltIn = BuiltIn {
    name: "Contributor",
    guid: "b24988ac-6180-42a0-ab88-20f7382dd24c",
    uses: Uses { actions: &["*"], data_actions: &[] },
};
/// Reads blobs.
pub(super) static BLOB_READER: BuiltIn = BuiltIn {
    name: "Storage Blob Data Reader",
    guid: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
    uses: Uses {
        actions: &[
            "Microsoft.Storage/storageAccounts/blobServices/containers/read",
            "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action",
        ],
        data_actions: &["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"],
    },
};
/// Reads and writes blobs.
pub(super) static BLOB_CONTRIBUTOR: BuiltIn = BuiltIn {
    name: "Storage Blob Data Contributor",
    guid: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    uses: Uses {
        actions: &[
            "Microsoft.Storage/storageAccounts/blobServices/containers/read",
            "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action",
        ],
        data_actions: &[
            "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
            "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write",
        ],
    },
};
/// Assigns an identity to a virtual machine.
pub(super) static IDENTITY_OPERATOR: BuiltIn = BuiltIn {
    name: "Managed Identity Operator",
    guid: "f1a07417-d97a-45cb-824c-7a7467783830",
    uses: Uses {
        actions: &["Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"],
        data_actions: &[],
    },
};
/// Reads the values of secrets.
pub(super) static SECRETS_USER: BuiltIn = BuiltIn {
    name: "Key Vault Secrets User",
    guid: "4633458b-17de-408a-b874-0445c86b69e6",
    uses: Uses { actions: &[], data_actions: &["Microsoft.KeyVault/vaults/secrets/getSecret/action"] },
};

/// How well a row is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Evidence {
    /// Microsoft's documentation or published schema says so.
    Documented,
    /// A sample, module or issue in a repository of Microsoft's says so.
    Sample,
    /// Roles that others publish and run builds with hold it.
    Community,
    /// It follows from the above; no text says it.
    Inferred,
}

impl Evidence {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Sample => "sample",
            Self::Community => "community",
            Self::Inferred => "inferred",
        }
    }
}

/// What a feature needs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Needs {
    /// Actions, put into a custom role.
    Actions(&'static [&'static str]),
    /// These verbs of the type of what is named, put into a custom role: `read` is `Microsoft.Compute/galleries/read`.
    Verbs(&'static [&'static str]),
    /// A role that Azure has.
    Role(&'static BuiltIn),
}

/// What kind of scope is the narrowest that works.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ScopeKind {
    /// The resource group of what is named.
    ResourceGroup,
    /// The resource of this type that is named, or the one of this type above it.
    Resource(&'static str),
}

/// A use of the target that needs a right.
#[derive(PartialEq, Eq, Debug)]
pub struct Feature {
    /// What it is, as the end of "because of …".
    pub what: &'static str,
    /// What it needs.
    pub needs: Needs,
    /// Where.
    pub scope: ScopeKind,
    /// How well that is known.
    pub evidence: Evidence,
    /// Where it is said.
    pub source: &'static str,
}

const GALLERY: &str = "Microsoft.Compute/galleries";
const IMAGE: &str = "Microsoft.Compute/images";
const NETWORK: &str = "Microsoft.Network/virtualNetworks";
const CONTAINER: &str = "Microsoft.Storage/storageAccounts/blobServices/containers";
const IDENTITY: &str = "Microsoft.ManagedIdentity/userAssignedIdentities";
const SECRET: &str = "Microsoft.KeyVault/vaults/secrets";
const PERMISSIONS_PAGE: &str = "virtual-machines/linux/image-builder-permissions-cli";
const TEMPLATE_PAGE: &str = "virtual-machines/linux/image-builder-json";

/// A managed image as the source.
pub(super) static MANAGED_IMAGE_SOURCE: Feature = Feature {
    what: "managed image as source",
    needs: Needs::Actions(&["Microsoft.Compute/images/read"]),
    scope: ScopeKind::Resource(IMAGE),
    evidence: Evidence::Documented,
    source: PERMISSIONS_PAGE,
};
/// A managed image as a target.
pub(super) static MANAGED_IMAGE_TARGET: Feature = Feature {
    what: "managed image as target",
    needs: Needs::Actions(&[
        "Microsoft.Compute/images/delete",
        "Microsoft.Compute/images/read",
        "Microsoft.Compute/images/write",
    ]),
    scope: ScopeKind::ResourceGroup,
    evidence: Evidence::Documented,
    source: PERMISSIONS_PAGE,
};
/// A version in a gallery as the source.
pub(super) static GALLERY_SOURCE: Feature = Feature {
    what: "gallery image as source",
    needs: Needs::Actions(&[
        "Microsoft.Compute/galleries/images/read",
        "Microsoft.Compute/galleries/images/versions/read",
        "Microsoft.Compute/galleries/read",
    ]),
    scope: ScopeKind::Resource(GALLERY),
    evidence: Evidence::Documented,
    source: PERMISSIONS_PAGE,
};
/// A gallery as a target. The service first makes a managed image beside the gallery, hence `images/*` and the group.
pub(super) static GALLERY_TARGET: Feature = Feature {
    what: "gallery image as target",
    needs: Needs::Actions(&[
        "Microsoft.Compute/galleries/images/read",
        "Microsoft.Compute/galleries/images/versions/read",
        "Microsoft.Compute/galleries/images/versions/write",
        "Microsoft.Compute/galleries/read",
        "Microsoft.Compute/images/delete",
        "Microsoft.Compute/images/read",
        "Microsoft.Compute/images/write",
    ]),
    scope: ScopeKind::ResourceGroup,
    evidence: Evidence::Documented,
    source: PERMISSIONS_PAGE,
};
/// A subnet for the build VM.
pub(super) static BUILD_SUBNET: Feature = Feature {
    what: "build subnet",
    needs: Needs::Actions(&[
        "Microsoft.Network/virtualNetworks/read",
        "Microsoft.Network/virtualNetworks/subnets/join/action",
    ]),
    scope: ScopeKind::Resource(NETWORK),
    evidence: Evidence::Documented,
    source: PERMISSIONS_PAGE,
};
/// A subnet for the container group that drives the build.
pub(super) static CONTAINER_SUBNET: Feature = Feature {
    what: "container subnet",
    needs: Needs::Actions(&["Microsoft.Network/virtualNetworks/subnets/join/action"]),
    scope: ScopeKind::Resource(NETWORK),
    evidence: Evidence::Documented,
    source: TEMPLATE_PAGE,
};
/// A script or file in a storage account.
pub(super) static PRIVATE_FILE: Feature = Feature {
    what: "file in storage",
    needs: Needs::Role(&BLOB_READER),
    scope: ScopeKind::Resource(CONTAINER),
    evidence: Evidence::Documented,
    source: PERMISSIONS_PAGE,
};
/// A staging group that exists before the build.
pub(super) static STAGING_GROUP: Feature = Feature {
    what: "existing staging group",
    needs: Needs::Role(&CONTRIBUTOR),
    scope: ScopeKind::ResourceGroup,
    evidence: Evidence::Documented,
    source: TEMPLATE_PAGE,
};
/// An existing staging group together with an own subnet, on Windows: the service's own principal makes the proxy VM.
pub(super) static STAGING_GROUP_PROXY: Feature = Feature {
    what: "proxy VM of a Windows build in an existing staging group",
    needs: Needs::Role(&CONTRIBUTOR),
    scope: ScopeKind::ResourceGroup,
    evidence: Evidence::Documented,
    source: "virtual-machines/linux/image-builder-troubleshoot",
};
/// An identity that the build VM gets.
pub(super) static VM_IDENTITY: Feature = Feature {
    what: "identity of the build VM",
    needs: Needs::Role(&IDENTITY_OPERATOR),
    scope: ScopeKind::Resource(IDENTITY),
    evidence: Evidence::Documented,
    source: TEMPLATE_PAGE,
};
/// A VHD that is written to a place of one's own.
pub(super) static VHD_TARGET: Feature = Feature {
    what: "VHD written to an own container",
    needs: Needs::Role(&BLOB_CONTRIBUTOR),
    scope: ScopeKind::Resource(CONTAINER),
    evidence: Evidence::Inferred,
    source: TEMPLATE_PAGE,
};
/// A secret that a step fetches on the build VM.
pub(super) static STEP_SECRET: Feature = Feature {
    what: "secret of a step",
    needs: Needs::Role(&SECRETS_USER),
    scope: ScopeKind::Resource(SECRET),
    evidence: Evidence::Inferred,
    source: TEMPLATE_PAGE,
};

/// A part of an image template that only Azure knows: what it needs can't be told.
pub(super) static DEFERRED: Feature = Feature {
    what: "a part of the image template",
    needs: Needs::Actions(&[]),
    scope: ScopeKind::ResourceGroup,
    evidence: Evidence::Inferred,
    source: TEMPLATE_PAGE,
};

/// All features that need a right. What is not here needs none: marketplace sources, a VHD at its default place, a
/// staging group that the service makes, boot optimisation, triggers.
pub static FEATURES: &[&Feature] = &[
    &MANAGED_IMAGE_SOURCE,
    &MANAGED_IMAGE_TARGET,
    &GALLERY_SOURCE,
    &GALLERY_TARGET,
    &BUILD_SUBNET,
    &CONTAINER_SUBNET,
    &PRIVATE_FILE,
    &STAGING_GROUP,
    &STAGING_GROUP_PROXY,
    &VM_IDENTITY,
    &VHD_TARGET,
    &STEP_SECRET,
];

/// The application id of the service's own principal, "Azure Virtual Machine Image Builder".
pub const IMAGE_BUILDER_APP: &str = "cf32a0cc-373c-47c9-9156-0db11f6a6dfc";

/// Where Microsoft's pages are.
const PAGES: &str = "https://learn.microsoft.com/azure/";

impl Feature {
    /// The address of its source.
    pub fn link(&self) -> String {
        if self.source.starts_with("https://") {
            self.source.to_owned()
        } else {
            format!("{PAGES}{}", self.source)
        }
    }

    /// Whether what runs on the build VM needs it, rather than the service.
    pub fn is_of_build_vm(&self) -> bool {
        std::ptr::eq(self, &raw const STEP_SECRET)
    }
}
