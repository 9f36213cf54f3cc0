//! The checks that run on a fresh VM made from the image: `properties.validate`.

use super::customize::{FILE, POWERSHELL, SHELL};
use super::versions::V2022_07;
use crate::schema::model::{
    Entries, EnumValue, Enumeration, LabelRole, Lit, ObjectType, Os, Prop, Ty, Union, Variant,
};

/// The block `validate`: two switches and a list of checks.
pub(super) static VALIDATE: ObjectType = ObjectType {
    name: "validate",
    doc: "Checks that run on a fresh VM made from the image.",
    props: &[
        Prop::new("on_failure", "continueDistributeOnFailure", Ty::Enum(&ON_FAILURE))
            .default("stop")
            .doc("What happens to the image when a check fails. The run is reported as failed either way."),
        Prop::new("source_only", "sourceValidationOnly", Ty::Bool)
            .default("false")
            .doc("Checks the source as it is and builds nothing."),
    ],
    entries: Some(&Entries { arm: "inVMValidations", union: &VALIDATOR, since: None }),
    shorthand: None,
    rules: &[],
};

static ON_FAILURE: Enumeration = Enumeration {
    name: "validation outcome",
    values: &[
        EnumValue { name: "stop", arm: Lit::Bool(false), since: None, doc: "The image is not distributed." },
        EnumValue {
            name: "distribute",
            arm: Lit::Bool(true),
            since: None,
            doc: "The image is distributed all the same.",
        },
    ],
    open: false,
};

static VALIDATOR: Union = Union {
    name: "validator",
    discriminator: "type",
    exact: None,
    variants: &[
        Variant {
            keyword: "shell",
            arm: "Shell",
            legacy: &[],
            label: LabelRole::Sets("name"),
            main: Some("inline"),
            body: &SHELL,
            since: None,
            until: None,
            os: Some(Os::Linux),
            doc: "Runs commands or a script on Linux; an exit code other than 0 fails the validation.",
        },
        Variant {
            keyword: "powershell",
            arm: "PowerShell",
            legacy: &[],
            label: LabelRole::Sets("name"),
            main: Some("inline"),
            body: &POWERSHELL,
            since: None,
            until: None,
            os: Some(Os::Windows),
            doc: "Runs commands or a script on Windows; an exit code that is not in `exit_codes` fails the validation.",
        },
        Variant {
            keyword: "file",
            arm: "File",
            legacy: &[],
            label: LabelRole::Sets("name"),
            main: None,
            body: &FILE,
            since: Some(V2022_07),
            until: None,
            os: None,
            doc: "Copies one file to the validation VM, for a later check to use; it checks nothing itself.",
        },
    ],
};
