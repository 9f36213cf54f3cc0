//! Scripts that delete what the hidden last step runs.

use crate::check::{Command, Dialect, Phase, Word};
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

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
        for (step, dialect, commands) in image.scripts() {
            if step.phase != Phase::Customize {
                continue;
            }
            for command in commands {
                let Some(arg) = removes(command, dialect) else { continue };
                let script = match dialect {
                    Dialect::Sh => "/tmp/DeprovisioningScript.sh",
                    Dialect::PowerShell => "C:\\DeprovisioningScript.ps1",
                };
                let title = format!("{} deletes `{script}`", step.title());
                let d = finding(&code::DEPROVISION_SCRIPT_LOST, &cx.origin(command.line), title)
                    .here(format!("`{arg}` takes it along"))
                    .note("the hidden last step generalises the machine with that script: without it the build fails, or VMs from the image do not start")
                    .help("delete only what your own steps put there");
                sink.push(d);
            }
        }
    }
}

fn removes<'c>(command: &'c Command<'_>, dialect: Dialect) -> Option<&'c str> {
    let (program, args) = command.program()?;
    let remover = REMOVERS.iter().find(|r| r.dialect == dialect && r.programs.contains(&program))?;
    let taken = |w: &&Word| remover.args.contains(&w.text.to_lowercase().as_str());
    args.iter().find(taken).map(|w| w.text.as_str())
}
