//! Scripts whose name says that another shell is to run them.

use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::values::known;
use crate::lint::{Confidence, Context, Rule, RuleMeta};
use crate::script::Dialect;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::SCRIPT_FOR_OTHER_SHELL,
        confidence: Confidence::Likely,
        evidence: "https://learn.microsoft.com/cli/azure/image/builder/customizer#az-image-builder-customizer-add",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        for step in image.walk.steps.iter().filter(|s| image.can_run(s)) {
            let Some(dialect) = step.effect.commands else { continue };
            let remote = step.object.get("scriptUri").and_then(|url| Some((&url.origin, known(url)?)));
            let local = || step.lines().first().and_then(|line| Some((&line.origin, cx.file_of(line)?)));
            let Some((origin, name)) = remote.or_else(local) else { continue };
            let Some(suffix) = foreign(name, dialect) else { continue };
            let (other, first_line) = match dialect {
                Dialect::Sh => (
                    cx.words("powershell", "PowerShell"),
                    "unless its first line names an interpreter, it runs as a shell script",
                ),
                Dialect::PowerShell => (cx.words("shell", "Shell"), "it runs as a PowerShell script"),
            };
            let title = format!("a script `*{suffix}` in {}", step.title());
            let d = finding(&code::SCRIPT_FOR_OTHER_SHELL, origin, title)
                .here(first_line)
                .also(step.origin().span, format!("a `{}` step", step.word))
                .help(format!("use a `{other}` step, or give the script the ending of its language"));
            sink.push(d);
        }
    }
}

/// The ending of a script's name or address, if it is that of the other shell.
fn foreign(name: &str, dialect: Dialect) -> Option<&'static str> {
    let path = name.split(['?', '#']).next().unwrap_or(name).to_lowercase();
    let suffix = match dialect {
        Dialect::Sh => ".ps1",
        Dialect::PowerShell => ".sh",
    };
    path.ends_with(suffix).then_some(suffix)
}
