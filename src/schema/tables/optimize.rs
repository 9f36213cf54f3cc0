//! Optimisations and error handling: `properties.optimize` and `properties.errorHandling`.

use super::versions::V2025_10;
use crate::schema::model::{CrossRule, EnumValue, Enumeration, Implied, Lit, ObjectType, Prop, Ty};

/// The block `optimize`.
pub(super) static OPTIMIZE: ObjectType = ObjectType::plain(
    "optimize",
    "Optimisations of the finished image.",
    &[
        Prop::new("vm_boot", "vmBoot.state", Ty::State)
            .doc("Makes VMs from the image boot faster. Adds 20 to 35 minutes to the build; not for images over 2 TB."),
        Prop::new("workload", "workload", Ty::Object(&WORKLOAD))
            .since(V2025_10)
            .doc("Optimises the image for the work that a script does."),
    ],
);

static WORKLOAD: ObjectType = ObjectType {
    name: "workload optimisation",
    doc: "Optimises the image for the work that a script does.",
    props: &[
        Prop::new("enabled", "state", Ty::State)
            .implied(Implied::Value("true"))
            .doc("Whether to do it. A `workload` block alone says yes."),
        Prop::new("script", "scriptUri", Ty::Url).doc("The URL of the script."),
        Prop::new("sha256", "sha256Checksum", Ty::Sha256)
            .doc("The SHA-256 of the script, in lower-case hexadecimal digits."),
    ],
    entries: None,
    shorthand: None,
    rules: &[CrossRule::Requires {
        prop: "sha256",
        needs: "script",
        why: "it is the checksum of that script",
    }],
};

/// The block `on_error`.
pub(super) static ON_ERROR: ObjectType = ObjectType::plain(
    "error handling",
    "What happens to the build VM when something fails.",
    &[
        Prop::new("customizer", "onCustomizerError", Ty::Enum(&ON_ERROR_ACTION))
            .default("cleanup")
            .doc("What happens when a step of `customize` fails."),
        Prop::new("validation", "onValidationError", Ty::Enum(&ON_ERROR_ACTION))
            .default("cleanup")
            .doc("What happens when a check of `validate` fails."),
    ],
);

static ON_ERROR_ACTION: Enumeration = Enumeration {
    name: "error action",
    values: &[
        EnumValue {
            name: "cleanup",
            arm: Lit::Str("cleanup"),
            since: None,
            doc: "The service deletes what the build made.",
        },
        EnumValue {
            name: "abort",
            arm: Lit::Str("abort"),
            since: None,
            doc: "The build VM stays, for a look at it; you pay for it and remove it.",
        },
    ],
    open: true,
};
