//! The API versions of each resource provider that the table knows, oldest first.

use crate::schema::model::ApiVersion;

/// The first preview: Marketplace and ISO sources, shell scripts. Refused by the service since 2020.
pub const V2018_02: ApiVersion = ApiVersion("2018-02-01-preview");
/// Adds Windows steps, inline commands, VHDs. Refused by the service since 2020.
pub const V2019_02: ApiVersion = ApiVersion("2019-02-01-preview");
/// Adds files, checksums, gallery sources, the identity and the build VM's size.
pub const V2019_05: ApiVersion = ApiVersion("2019-05-01-preview");
/// The first stable version: requires the identity; adds Windows Update, plans, virtual networks.
pub const V2020_02: ApiVersion = ApiVersion("2020-02-14");
/// Adds identities of the build VM and the proxy VM's size.
pub const V2021_10: ApiVersion = ApiVersion("2021-10-01");
/// Adds validation and the staging resource group.
pub const V2022_02: ApiVersion = ApiVersion("2022-02-14");
/// Adds target regions, versioning, boot optimisation and triggers.
pub const V2022_07: ApiVersion = ApiVersion("2022-07-01");
/// Adds error handling.
pub const V2023_07: ApiVersion = ApiVersion("2023-07-01");
/// Adds automatic runs, tags of staging resources, isolated builds; refuses unknown members.
pub const V2024_02: ApiVersion = ApiVersion("2024-02-01");
/// Adds data disks, workload optimisation and the replication mode.
pub const V2025_10: ApiVersion = ApiVersion("2025-10-01");

/// The versions of `Microsoft.VirtualMachineImages/imageTemplates`.
pub static IMAGE_VERSIONS: &[ApiVersion] =
    &[V2018_02, V2019_02, V2019_05, V2020_02, V2021_10, V2022_02, V2022_07, V2023_07, V2024_02, V2025_10];

/// The versions of `Microsoft.VirtualMachineImages/imageTemplates/triggers`.
pub static TRIGGER_VERSIONS: &[ApiVersion] = &[V2022_07, V2023_07, V2024_02, V2025_10];

pub(super) const G2018_06: ApiVersion = ApiVersion("2018-06-01");
pub(super) const G2019_03: ApiVersion = ApiVersion("2019-03-01");
pub(super) const G2019_07: ApiVersion = ApiVersion("2019-07-01");
pub(super) const G2019_12: ApiVersion = ApiVersion("2019-12-01");
pub(super) const G2020_09: ApiVersion = ApiVersion("2020-09-30");
pub(super) const G2021_07: ApiVersion = ApiVersion("2021-07-01");
pub(super) const G2021_10: ApiVersion = ApiVersion("2021-10-01");
pub(super) const G2022_01: ApiVersion = ApiVersion("2022-01-03");
pub(super) const G2022_03: ApiVersion = ApiVersion("2022-03-03");
pub(super) const G2022_08: ApiVersion = ApiVersion("2022-08-03");
pub(super) const G2023_07: ApiVersion = ApiVersion("2023-07-03");
pub(super) const G2024_03: ApiVersion = ApiVersion("2024-03-03");
pub(super) const G2025_03: ApiVersion = ApiVersion("2025-03-03");
pub(super) const G2025_12: ApiVersion = ApiVersion("2025-12-03");

/// The versions of `Microsoft.Compute/galleries` and their images.
pub static GALLERY_VERSIONS: &[ApiVersion] = &[
    G2018_06, G2019_03, G2019_07, G2019_12, G2020_09, G2021_07, G2021_10, G2022_01, G2022_03, G2022_08,
    G2023_07, G2024_03, G2025_03, G2025_12,
];

pub(super) const I2018_11: ApiVersion = ApiVersion("2018-11-30");
pub(super) const I2023_01: ApiVersion = ApiVersion("2023-01-31");
pub(super) const I2024_11: ApiVersion = ApiVersion("2024-11-30");

/// The versions of `Microsoft.ManagedIdentity/userAssignedIdentities`.
pub static IDENTITY_VERSIONS: &[ApiVersion] = &[I2018_11, I2023_01, I2024_11];

pub(super) const NETWORK: ApiVersion = ApiVersion("2024-07-01");
pub(super) const KEY_VAULT: ApiVersion = ApiVersion("2023-07-01");
pub(super) const STORAGE: ApiVersion = ApiVersion("2024-01-01");
pub(super) const COMPUTE_IMAGES: ApiVersion = ApiVersion("2024-07-01");
