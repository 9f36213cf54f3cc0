//! The script that the hidden last step generalises the machine with: a step may put one of its own in its place.
//!
//! <https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#generalize>

/// What it is called, without its ending.
pub const DEPROVISION_SCRIPT: &str = "DeprovisioningScript";
/// Where it lies on Linux, which tells letter cases apart.
pub const DEPROVISION_SCRIPT_LINUX: &str = "/tmp/DeprovisioningScript.sh";
/// Where it lies on Windows.
pub const DEPROVISION_SCRIPT_WINDOWS: &str = "C:\\DeprovisioningScript.ps1";
