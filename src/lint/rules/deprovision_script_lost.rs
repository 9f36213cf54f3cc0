//! Scripts that delete what the hidden last step runs.

use crate::check::Phase;
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Rule, RuleMeta};
use crate::script::{Command, Dialect, Word};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::DEPROVISION_SCRIPT_LOST,
        confidence: Confidence::Likely,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-troubleshoot",
        on: true,
    },
    check,
};

/// What removes files, and which arguments take the script along.
struct Remover {
    dialect: Dialect,
    programs: &'static [&'static str],
    args: &'static [&'static str],
}

static REMOVERS: &[Remover] = &[
    Remover {
        dialect: Dialect::Sh,
        programs: &["rm"],
        args: &["/tmp", "/tmp/", "/tmp/*", "/tmp/*.sh", "/tmp/deprovisioningscript.sh"],
    },
    Remover {
        dialect: Dialect::PowerShell,
        programs: &["remove-item", "del", "ri", "rm", "erase", "rd", "rmdir"],
        args: &["c:\\*", "c:\\*.ps1", "c:\\*.*", "c:\\deprovisioningscript.ps1"],
    },
];

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        for (step, script) in image.scripts() {
            if step.phase != Phase::Customize {
                continue;
            }
            for command in script.commands() {
                let Some(arg) = removes(command, &script.text) else { continue };
                let file = match command.dialect {
                    Dialect::Sh => "/tmp/DeprovisioningScript.sh",
                    Dialect::PowerShell => "C:\\DeprovisioningScript.ps1",
                };
                let title = format!("{} deletes `{file}`", step.title());
                let d = finding(&code::DEPROVISION_SCRIPT_LOST, &cx.place(script, command.range), title)
                    .here(format!("`{}` takes it along", arg.text))
                    .note("the hidden last step generalises the machine with that script: without it the build fails, or VMs from the image do not start")
                    .help("delete only what your own steps put there");
                sink.push(d);
            }
        }
    }
}

fn removes<'c>(command: &'c Command, text: &str) -> Option<&'c Word> {
    let (program, args) = command.program()?;
    let remover = REMOVERS.iter().find(|r| r.dialect == command.dialect && r.programs.contains(&program))?;
    // In quotes `*` is the name of a file.
    let is_pattern = |w: &Word| {
        let ends_in_quote = text.get(w.range.to_usize()).is_some_and(|t| t.ends_with(['"', '\'']));
        command.dialect == Dialect::PowerShell || !(w.quoted && ends_in_quote)
    };
    let taken = |w: &&Word| {
        w.redirect.is_none()
            && remover.args.contains(&w.text.to_lowercase().as_str())
            && (!w.text.contains('*') || is_pattern(w))
    };
    args.iter().find(taken)
}
