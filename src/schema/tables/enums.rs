//! Enumerations that more than one family uses.

use crate::schema::model::{EnumValue, Enumeration, Lit};

const fn value(name: &'static str, arm: &'static str, doc: &'static str) -> EnumValue {
    EnumValue { name, arm: Lit::Str(arm), since: None, doc }
}

/// Operating systems.
pub(super) static OS: Enumeration = Enumeration {
    name: "operating system",
    values: &[value("linux", "Linux", "Linux."), value("windows", "Windows", "Windows.")],
    open: false,
};

/// Generations of virtual machines.
pub(super) static GENERATION: Enumeration = Enumeration {
    name: "generation",
    values: &[
        value("v1", "V1", "Generation 1: boots from BIOS."),
        value("v2", "V2", "Generation 2: boots from UEFI; needed for every security type but `standard`."),
    ],
    open: false,
};

/// Processor architectures.
pub(super) static ARCHITECTURE: Enumeration = Enumeration {
    name: "architecture",
    values: &[value("x64", "x64", "64-bit x86."), value("arm64", "Arm64", "64-bit Arm.")],
    open: false,
};

/// The security types of an image.
pub(super) static SECURITY: Enumeration = Enumeration {
    name: "security type",
    values: &[
        value("standard", "Standard", "No trusted launch and no confidential VM."),
        value(
            "trusted_launch_supported",
            "TrustedLaunchSupported",
            "VMs may be made with or without trusted launch. Works as a source of a build.",
        ),
        value(
            "trusted_launch",
            "TrustedLaunch",
            "VMs must be made with trusted launch. Image Builder cannot build from it.",
        ),
        value(
            "confidential_vm_supported",
            "ConfidentialVMSupported",
            "VMs may be made as confidential VMs. Works as a source of a build.",
        ),
        value(
            "confidential_vm",
            "ConfidentialVM",
            "VMs must be made as confidential VMs. Image Builder cannot build from it.",
        ),
        value(
            "trusted_launch_and_confidential_vm_supported",
            "TrustedLaunchAndConfidentialVmSupported",
            "VMs may be made with trusted launch or as confidential VMs.",
        ),
    ],
    open: false,
};
