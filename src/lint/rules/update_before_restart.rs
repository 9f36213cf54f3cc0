//! Windows Update behind what leaves a restart pending, as far as scripts tell.

use crate::check::{Node, Origin, Phase, StepScript, StepView};
use crate::diag::{Sink, code};
use crate::lint::finding::{misplaced, placed};
use crate::lint::{Confidence, Context, Rule, RuleMeta};
use crate::schema::Role;
use crate::script::{Command, Script, Within, Word};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::UPDATE_BEFORE_RESTART,
        confidence: Confidence::Likely,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#windows-update-customizer, https://github.com/danielsollondon/azvmimagebuilder/issues/66",
        on: true,
    },
    check,
};

/// Exit codes of installers that ask for a restart: ERROR_SUCCESS_REBOOT_REQUIRED and ERROR_SUCCESS_REBOOT_INITIATED.
static RESTART_CODES: &[i64] = &[3010, 1641];

/// A command that installs something, and what makes it do so.
struct Installer {
    programs: &'static [&'static str],
    /// One of these must be an argument; any will do if there is none.
    with: &'static [&'static str],
    /// None of these may be: with them it installs nothing, or restarts itself.
    without: &'static [&'static str],
    /// Whether it leaves a restart pending only for some features.
    features: bool,
}

static INSTALLERS: &[Installer] = &[
    Installer {
        programs: &["msiexec"],
        with: &["/i", "-i", "/package", "-package"],
        without: &["/forcerestart", "-forcerestart"],
        features: false,
    },
    Installer { programs: &["wusa"], with: &[], without: &["/?", "/forcerestart"], features: false },
    Installer {
        programs: &["install-windowsupdate"],
        with: &[],
        without: &["-autoreboot", "-whatif", "-download"],
        features: false,
    },
    Installer {
        programs: &["install-windowsfeature", "add-windowsfeature"],
        with: &[],
        without: &["-restart", "-whatif", "-vhd", "-computername"],
        features: true,
    },
    Installer {
        programs: &["enable-windowsoptionalfeature", "disable-windowsoptionalfeature"],
        with: &["-online"],
        without: &["-whatif"],
        features: true,
    },
    Installer {
        programs: &["dism"],
        with: &["/enable-feature", "/disable-feature"],
        without: &["/?", "/image"],
        features: true,
    },
];

/// Features whose documentation says that a restart completes them. Most others, those of IIS and .NET among them, need none.
static FEATURES: &[&str] = &[
    // Server roles and features: "Install-WindowsFeature … -Restart" on their pages.
    "hyper-v",
    "containers",
    "rds-rd-server",
    "rds-virtualization",
    "bitlocker",
    "multipath-io",
    "server-media-foundation",
    // Optional features: "restart the computer to complete the installation" on their pages.
    "microsoft-hyper-v",
    "microsoft-hyper-v-all",
    "microsoft-windows-subsystem-linux",
    "virtualmachineplatform",
    "hypervisorplatform",
    "containers-disposableclientvm",
    "smb1protocol",
    "fs-smb1",
];

/// What leaves a restart pending.
struct Cause<'w, 'a> {
    step: &'w StepView<'a>,
    origin: Origin,
    why: String,
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in cx.images.iter().filter(|image| image.knows_all_steps()) {
        let mut cause: Option<Cause<'_, '_>> = None;
        for (step, state) in image.walk.moments().filter(|(step, _)| step.phase == Phase::Customize) {
            // What a step itself says of restarts is what `pending-restart` looks at.
            if let (Some(why), Some(cause), None) = (step.effect.settled, &cause, state.restart)
                && image.can_run(step)
            {
                report(cx, step, cause, why, sink);
            }
            let script = image.script(step.index);
            let restarts = |script: &StepScript<'_>| STOPPERS.iter().any(|text| script.mentions(text));
            if step.effect.restarts || script.is_some_and(restarts) {
                cause = None;
            } else if step.object.hidden(Role::NeedsRestart).is_none() {
                cause = cause_of(cx, step, script).or(cause);
            }
        }
    }
}

/// What a script names that restarts the machine, or looks whether it has to.
static STOPPERS: &[&str] =
    &["restart-computer", "shutdown", "pendingreboot", "rebootpending", "rebootrequired"];

fn report(cx: &Context<'_>, step: &StepView<'_>, cause: &Cause<'_, '_>, why: &'static str, sink: &mut Sink) {
    let (title, before) = (step.title(), cause.step.title());
    let restart = cx.words("restart", "WindowsRestart");
    let d = misplaced(
        &code::UPDATE_BEFORE_RESTART,
        step,
        format!("no restart between what {before} installs and {title}"),
    )
    .here("needs a machine that has restarted")
    .also(placed(&cause.origin), &*cause.why)
    .note(why)
    .help(format!("put a `{restart}` step between {before} and {title}"));
    sink.push(d);
}

fn cause_of<'w, 'a>(
    cx: &Context<'_>,
    step: &'w StepView<'a>,
    script: Option<&StepScript<'_>>,
) -> Option<Cause<'w, 'a>> {
    let codes = step.object.get("validExitCodes").and_then(Node::as_list).unwrap_or_default();
    let code = codes
        .iter()
        .find_map(|node| Some((node, RESTART_CODES.iter().find(|c| node.as_int() == Some(**c))?)));
    if let Some((node, code)) = code {
        let why = format!("{code} says that a restart is needed");
        return Some(Cause { step, origin: cx.origin(node), why });
    }
    let script = script?;
    let found = script.commands().iter().rfind(|command| installs(&script.script, command))?;
    let why = "may leave a restart pending, or still run".to_owned();
    Some(Cause { step, origin: cx.place(script, found.range), why })
}

/// Whether a command surely runs, and installs something that wants a restart.
fn installs(script: &Script, command: &Command) -> bool {
    let Some((program, args)) = command.program() else { return false };
    let Some(row) = INSTALLERS.iter().find(|row| row.programs.contains(&program)) else { return false };
    let words =
        || args.iter().flat_map(|word: &Word| word.text.split([' ', ',', '\'', '"', ':', '=', '(', ')']));
    let has = |texts: &[&str]| words().any(|word| texts.iter().any(|text| word.eq_ignore_ascii_case(text)));
    let may_not_run = |within: &Within| matches!(within, Within::Function(_) | Within::Branch);
    (row.with.is_empty() || has(row.with))
        && !has(row.without)
        && (!row.features || has(FEATURES))
        && !script.within(command).any(may_not_run)
}
