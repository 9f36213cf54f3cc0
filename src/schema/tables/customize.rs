//! The steps that change the build VM: `properties.customize`. Their bodies serve the checks of `validate` too.

use super::versions::{V2018_02, V2019_02, V2019_05, V2020_02};
use crate::schema::model::{
    CrossRule, Entries, LabelRole, Legacy, ObjectType, Os, Prop, Role, Ty, Union, Variant,
};

/// The block `customize`: a list of steps.
pub(super) static CUSTOMIZE: ObjectType = ObjectType {
    name: "customize",
    doc: "The steps that change the build VM, in order.",
    props: &[],
    entries: Some(&Entries { arm: "", union: &CUSTOMIZER, since: None }),
    shorthand: None,
    rules: &[],
};

/// The steps of `customize`.
pub static CUSTOMIZER: Union = Union {
    name: "customizer",
    discriminator: "type",
    exact: None,
    variants: &[
        Variant {
            keyword: "shell",
            arm: "Shell",
            legacy: &[Legacy { until: V2018_02, arm: "shell" }],
            label: LabelRole::Sets("name"),
            main: Some("inline"),
            body: &SHELL,
            since: None,
            until: None,
            os: Some(Os::Linux),
            doc: "Runs commands or a script on Linux, as a user without privileges: begin commands with `sudo`.",
        },
        Variant {
            keyword: "powershell",
            arm: "PowerShell",
            legacy: &[],
            label: LabelRole::Sets("name"),
            main: Some("inline"),
            body: &POWERSHELL,
            since: Some(V2019_02),
            until: None,
            os: Some(Os::Windows),
            doc: "Runs commands or a script on Windows.",
        },
        Variant {
            keyword: "file",
            arm: "File",
            legacy: &[],
            label: LabelRole::Sets("name"),
            main: None,
            body: &FILE,
            since: Some(V2019_05),
            until: None,
            os: None,
            doc: "Copies one file to the build VM. Meant for files under 20 MB; fetch larger ones in a script.",
        },
        Variant {
            keyword: "restart",
            arm: "WindowsRestart",
            legacy: &[],
            label: LabelRole::Sets("name"),
            main: None,
            body: &RESTART,
            since: Some(V2019_02),
            until: None,
            os: Some(Os::Windows),
            doc: "Restarts Windows and waits until it is back. There is no counterpart for Linux.",
        },
        Variant {
            keyword: "windows_update",
            arm: "WindowsUpdate",
            legacy: &[],
            label: LabelRole::Sets("name"),
            main: None,
            body: &WINDOWS_UPDATE,
            since: Some(V2020_02),
            until: None,
            os: Some(Os::Windows),
            doc: "Installs Windows updates, restarting as often as they ask for it.",
        },
    ],
};

// Rows that several steps share.
const NAME: Prop =
    Prop::new("name", "name", Ty::Str).doc("The step's name in the build log. The step's label sets it.");
const INLINE: Prop = Prop::new("inline", "inline", Ty::Script)
    .role(Role::Script)
    .since(V2019_02)
    .doc("The commands: text, which is split into lines, or a list, which is taken as it is. The main value of the step.");
const SCRIPT: Prop = Prop::new("script", "scriptUri", Ty::Url)
    .legacy(&[Legacy { until: V2019_02, arm: "script" }])
    .doc("The URL of a script to run in place of `inline`. The service fetches it when the template is created; a script in Azure Storage is read with the template's identity.");
const SCRIPT_SHA256: Prop = Prop::new("sha256", "sha256Checksum", Ty::Sha256)
    .since(V2019_05)
    .doc("The SHA-256 of the script, in lower-case hexadecimal digits; the service checks it when the template is created.");
const ENV: Prop = Prop::new("env", "", Ty::Map(&Ty::Str))
    .role(Role::Env)
    .doc("Environment variables, written in front of the commands with the shell's own quoting. Readable in the template: no place for secrets.");
const SECRETS: Prop = Prop::new("secrets", "", Ty::Map(&Ty::Any))
    .role(Role::Secrets)
    .doc("Environment variables whose values are fetched from a key vault on the VM, at run time, with one of `build.vm_identities`.");
const PROVIDES: Prop = Prop::new("provides", "", Ty::List(&Ty::Str))
    .role(Role::Provides)
    .doc("Names of what the image has after this step, for `requires` of later steps. Not written to the template.");
const REQUIRES: Prop = Prop::new("requires", "", Ty::List(&Ty::Str))
    .role(Role::Requires)
    .doc("Names of what an earlier step must have provided. Not written to the template.");
const NEEDS_RESTART: Prop = Prop::new("needs_restart", "", Ty::Bool)
    .role(Role::NeedsRestart)
    .default("false")
    .doc("Whether this step leaves a restart pending. Not written to the template.");
/// Members that aib does not know, of a step or target.
pub(super) const RAW: Prop = Prop::new("raw", "", Ty::Any).role(Role::Raw).doc(
    "Members merged into this object as they are, under their ARM names; they win over what aib writes.",
);

/// A step or target that aib does not know, whole: `raw = { type = "…" }`.
pub static RAW_ENTRY: Variant = Variant {
    keyword: "raw",
    arm: "",
    legacy: &[],
    label: LabelRole::None,
    main: Some("raw"),
    body: &RAW_BODY,
    since: None,
    until: None,
    os: None,
    doc: "An object of ARM, passed on as it is.",
};

static RAW_BODY: ObjectType = ObjectType::plain("raw entry", "An object of ARM, passed on as it is.", &[RAW]);

// Rules that several steps share.
const ONE_SCRIPT: CrossRule = CrossRule::ExactlyOne {
    props: &["inline", "script"],
    why: "a step runs either commands or one script; the service refuses both and refuses neither",
};
const ENV_INLINE: CrossRule = CrossRule::Requires {
    prop: "env",
    needs: "inline",
    why: "the variables are exported in front of the commands; a remote script cannot be changed",
};
const SECRETS_INLINE: CrossRule = CrossRule::Requires {
    prop: "secrets",
    needs: "inline",
    why: "the secrets are fetched in front of the commands; a remote script cannot be changed",
};

/// Commands or a script on Linux.
pub(super) static SHELL: ObjectType = ObjectType {
    name: "shell step",
    doc: "Commands or a script on Linux.",
    props: &[NAME, INLINE, SCRIPT, SCRIPT_SHA256, ENV, SECRETS, PROVIDES, REQUIRES, NEEDS_RESTART, RAW],
    entries: None,
    shorthand: None,
    rules: &[ONE_SCRIPT, ENV_INLINE, SECRETS_INLINE],
};

/// Commands or a script on Windows.
pub(super) static POWERSHELL: ObjectType = ObjectType {
    name: "PowerShell step",
    doc: "Commands or a script on Windows.",
    props: &[
        NAME,
        Prop::new("elevated", "runElevated", Ty::Bool)
            .since(V2019_05)
            .default("false")
            .doc("Runs with elevated rights. Builds have been seen to hang without `as_system` beside it."),
        Prop::new("as_system", "runAsSystem", Ty::Bool)
            .since(V2020_02)
            .default("false")
            .doc("Runs as the account `SYSTEM`."),
        INLINE,
        SCRIPT,
        SCRIPT_SHA256,
        Prop::new("exit_codes", "validExitCodes", Ty::List(&Ty::Int)).default("[0]").doc(
            "The exit codes that count as success. The list takes the place of the default, so name 0 too.",
        ),
        ENV,
        SECRETS,
        PROVIDES,
        REQUIRES,
        NEEDS_RESTART,
        RAW,
    ],
    entries: None,
    shorthand: None,
    rules: &[
        ONE_SCRIPT,
        CrossRule::RequiresTrue {
            prop: "as_system",
            needs: "elevated",
            why: "the API allows `runAsSystem` only where `runElevated` is true",
        },
        ENV_INLINE,
        SECRETS_INLINE,
    ],
};

/// A file that is copied to the VM.
pub(super) static FILE: ObjectType = ObjectType::plain(
    "file step",
    "A file that is copied to the VM.",
    &[
        NAME,
        Prop::new("source", "sourceUri", Ty::Url)
            .required()
            .doc("The URL of the file. A file in Azure Storage is read with the template's identity, even where it is public."),
        Prop::new("sha256", "sha256Checksum", Ty::Sha256)
            .doc("The SHA-256 of the file, in lower-case hexadecimal digits; the service checks it when the template is created."),
        Prop::new("destination", "destination", Ty::Str)
            .required()
            .doc("The full path and file name on the VM. The folder must exist already; on Linux it must be `/tmp`, from where a later step moves the file on. An existing file is overwritten."),
        PROVIDES,
        REQUIRES,
        RAW,
    ],
);

static RESTART: ObjectType = ObjectType::plain(
    "restart step",
    "A restart of Windows.",
    &[
        NAME,
        Prop::new("command", "restartCommand", Ty::Str)
            .default(r#"'shutdown /r /f /t 0 /c "packer restart"'"#)
            .doc("The command that restarts Windows."),
        Prop::new("check", "restartCheckCommand", Ty::Str)
            .default("\"\"")
            .doc("A command that succeeds once Windows is back."),
        Prop::new("timeout", "restartTimeout", Ty::GoDuration)
            .default("5m")
            .doc("How long to wait for Windows to come back. Windows Server 2016 with updates may take 30 minutes."),
        PROVIDES,
        REQUIRES,
        RAW,
    ],
);

static WINDOWS_UPDATE: ObjectType = ObjectType::plain(
    "Windows Update step",
    "Windows updates.",
    &[
        NAME,
        Prop::new("search", "searchCriteria", Ty::Str)
            .default("\"BrowseOnly=0 and IsInstalled=0\"")
            .doc("Which updates to look for, as a search of the Windows Update agent."),
        Prop::new("filters", "filters", Ty::List(&Ty::Str))
            .default("[\"include:$true\"]")
            .doc("Which of the updates found to install: `include:EXPRESSION` or `exclude:EXPRESSION`, PowerShell over `$_`. The first that holds decides; an update that none matches is not installed."),
        Prop::new("limit", "updateLimit", Ty::Int)
            .min(0)
            .default("0")
            .doc("How many updates to install in one round, before the next restart and search; 0 stands for 1000."),
        PROVIDES,
        REQUIRES,
        RAW,
    ],
);
