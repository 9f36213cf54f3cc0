//! Members of the previews that the published types do not list, or list under another name.

use super::model::ApiVersion;
use super::tables::versions::{V2019_02, V2019_05};

/// A member that templates of the previews had.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Former {
    /// The keyword of the kind.
    pub kind: &'static str,
    /// The dotted ARM path, from the resource's root.
    pub arm: &'static str,
    /// The last version that took it.
    pub until: ApiVersion,
    /// What shows that it was taken.
    pub evidence: &'static str,
}

/// All of them.
pub static FORMER: &[Former] = &[
    Former {
        kind: "image",
        arm: "properties.distribute[].tags",
        until: V2019_02,
        evidence: "the examples of 2018-02-01-preview and 2019-02-01-preview in azure-rest-api-specs; April 2019 in danielsollondon/azvmimagebuilder: \"'tags' property is now 'artifactTags'\"",
    },
    Former { kind: "image", arm: "properties.vmProfile.vnetConfig.name", until: V2019_05, evidence: VNET },
    Former {
        kind: "image",
        arm: "properties.vmProfile.vnetConfig.subnetName",
        until: V2019_05,
        evidence: VNET,
    },
    Former {
        kind: "image",
        arm: "properties.vmProfile.vnetConfig.resourceGroupName",
        until: V2019_05,
        evidence: VNET,
    },
];

const VNET: &str = "the templates of March and April 2020 in danielsollondon/azvmimagebuilder; its MayServiceAlert01 replaces them by `subnetId`";

/// The old member at an ARM path from the resource's root, given the kind's keyword.
pub fn former(kind: &str, arm: &str) -> Option<&'static Former> {
    FORMER.iter().find(|f| f.kind == kind && f.arm == arm)
}
