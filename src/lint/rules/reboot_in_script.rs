//! Scripts that restart the VM or shut it down.

use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::within::may_run_here;
use crate::lint::{Confidence, Context, Rule, RuleMeta};
use crate::script::{Command, Dialect, Word};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::REBOOT_IN_SCRIPT,
        confidence: Confidence::Likely,
        evidence: "https://github.com/Azure/azvmimagebuilder/issues/62, https://github.com/danielsollondon/azvmimagebuilder/issues/64",
        on: true,
    },
    check,
};

/// A command that stops the machine, and what makes it do so.
struct Stopper {
    dialect: Dialect,
    program: &'static str,
    /// One of these must be an argument; any will do if there is none.
    with: &'static [&'static str],
    /// None of these may be.
    without: &'static [&'static str],
}

const fn sh(
    program: &'static str,
    with: &'static [&'static str],
    without: &'static [&'static str],
) -> Stopper {
    Stopper { dialect: Dialect::Sh, program, with, without }
}
const fn powershell(
    program: &'static str,
    with: &'static [&'static str],
    without: &'static [&'static str],
) -> Stopper {
    Stopper { dialect: Dialect::PowerShell, program, with, without }
}

/// What `systemctl` does with a unit other than starting it.
const NO_START: &[&str] = &[
    "enable",
    "disable",
    "mask",
    "unmask",
    "status",
    "show",
    "cat",
    "is-active",
    "is-enabled",
    "is-failed",
    "list-units",
    "list-unit-files",
    "list-dependencies",
    "edit",
    "add-wants",
    "add-requires",
    "set-default",
    "stop",
    "help",
    "preset",
    "revert",
    "reenable",
    "reset-failed",
    "link",
    "--help",
    "--dry-run",
];
/// Options of `systemctl` with which it only tells something; `-h` is another program's.
const NO_SYSTEMCTL: &[&str] = &["--help", "--version", "--dry-run", "-h"];

static STOPPERS: &[Stopper] = &[
    sh("reboot", &[], &["--help", "-w", "--wtmp-only"]),
    sh("poweroff", &[], &["--help", "-w", "--wtmp-only"]),
    sh("halt", &[], &["--help", "-w", "--wtmp-only"]),
    sh("shutdown", &[], &["-c", "-k", "--help", "--show"]),
    sh("systemctl", &["reboot", "poweroff", "halt", "kexec"], NO_SYSTEMCTL),
    sh("systemctl", &["reboot.target", "poweroff.target", "halt.target"], NO_START),
    sh("init", &["0", "6"], &[]),
    sh("telinit", &["0", "6"], &[]),
    powershell("restart-computer", &[], &["-whatif", "-computername"]),
    powershell("stop-computer", &[], &["-whatif", "-computername"]),
    powershell("rename-computer", &["-restart"], &["-whatif", "-computername"]),
    powershell("add-computer", &["-restart"], &["-whatif", "-computername"]),
    powershell("remove-computer", &["-restart"], &["-whatif", "-computername"]),
    powershell("install-windowsfeature", &["-restart"], &["-whatif", "-computername", "-vhd"]),
    powershell("add-windowsfeature", &["-restart"], &["-whatif", "-computername", "-vhd"]),
    powershell("uninstall-windowsfeature", &["-restart"], &["-whatif", "-computername", "-vhd"]),
    powershell("remove-windowsfeature", &["-restart"], &["-whatif", "-computername", "-vhd"]),
    powershell("get-windowsupdate", &["-autoreboot"], &["-whatif", "-computername"]),
    powershell("install-windowsupdate", &["-autoreboot"], &["-whatif", "-computername"]),
    powershell("get-wuinstall", &["-autoreboot"], &["-whatif", "-computername"]),
    // Where nobody is asked, it restarts the machine as soon as the update wants that.
    powershell("wusa", &["/quiet"], &["/norestart"]),
    powershell("shutdown", &["/r", "-r", "/g", "-g", "/s", "-s", "/p", "-p", "/sg", "-sg"], &["/m", "-m"]),
];

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        for (step, script) in image.scripts() {
            for command in script.commands() {
                let Some(program) = stops(command).filter(|_| may_run_here(script, command)) else {
                    continue;
                };
                let title = format!("{} stops the machine with `{program}`", step.title());
                let d = finding(&code::REBOOT_IN_SCRIPT, &cx.place(script, command.range), title)
                    .here("the build loses the machine here");
                sink.push(match script.script.dialect {
                    Dialect::PowerShell => {
                        d.help(cx.words(
                            "end the step here and put a `restart` step behind it, which waits until Windows is back",
                            "end the step here and put a `WindowsRestart` step behind it, which waits until Windows is back",
                        ))
                    }
                    Dialect::Sh => d.help(
                        "remove it: there is no restart step for Linux, and what needs a new boot becomes active when a \
                         VM starts from the image",
                    ),
                });
            }
        }
    }
}

/// The program by which a command stops the machine, with the argument that makes it so.
fn stops(command: &Command) -> Option<String> {
    let (program, args) = command.program()?;
    let find = |options: &'static [&'static str]| {
        // `-Restart:$false`
        let is_off = |at: usize| args.get(at + 1).is_some_and(|w| w.text.eq_ignore_ascii_case("$false"));
        let has = |option: &str| {
            let is_option = |w: &Word| w.text.split(' ').any(|t| t.eq_ignore_ascii_case(option));
            args.iter().enumerate().any(|(at, w)| is_option(w) && !is_off(at))
        };
        options.iter().find(|option| has(option))
    };
    let is_row = |s: &&Stopper| s.dialect == command.dialect && s.program == program;
    STOPPERS.iter().filter(is_row).find_map(|stopper| {
        if find(stopper.without).is_some() {
            return None;
        }
        match stopper.with {
            [] => Some(stopper.program.to_owned()),
            options => find(options).map(|option| format!("{} {option}", stopper.program)),
        }
    })
}
