//! Passwords on command lines.

use crate::base::TextRange;
use crate::check::{Node, Origin, StepScript};
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Rule, RuleMeta, secrets, shell};
use crate::script::{Command, Word};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::PASSWORD_LITERAL,
        confidence: Confidence::Likely,
        evidence: "https://github.com/danielsollondon/azvmimagebuilder/issues/112",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        for step in &image.walk.steps {
            // What is told, by its line and place there: what two readers see is one mistake.
            let mut told: Vec<(*const Node, TextRange)> = Vec::new();
            let mut is_new = |line: &Node, range: TextRange| {
                let line: *const Node = line;
                let is_new = !told.iter().any(|(of, at)| *of == line && at.overlaps(range));
                told.push((line, range));
                is_new
            };
            let script = image.script(step.index);
            for line in step.lines() {
                let Some(text) = line.as_str() else { continue };
                let is_meant =
                    |p: &secrets::Password<'_>| script.is_none_or(|s| !is_only_shown(s, line, p.range));
                for found in secrets::passwords(text).filter(is_meant) {
                    if is_new(line, found.range) && !is_reported(line, found.range) {
                        report(cx, sink, &cx.part(line, found.range), &format!("after `{}`", found.word));
                    }
                }
            }
            let Some(script) = script else { continue };
            for command in script.commands() {
                let Some((place, range)) = shell::literal_password(&script.script, command) else { continue };
                let Some((line, part)) = script.line(range) else { continue };
                if is_new(line, part) && !is_reported(line, part) {
                    report(cx, sink, &cx.place(script, range), &place);
                }
            }
        }
    }
}

/// Programs that look for a text, or put another one in its place.
static EDITORS: &[&str] = &["sed", "grep", "egrep", "awk", "perl"];

/// Whether a part of a line is only a text that is printed, as a message, or looked for.
fn is_only_shown(script: &StepScript<'_>, line: &Node, part: TextRange) -> bool {
    let Some(start) = script.start_of(line) else { return false };
    let range = TextRange::new(start + part.start as usize, start + part.end as usize);
    let holds = |(_, c): &(usize, &Command)| c.range.contains(range);
    let Some((at, command)) = script.commands().iter().enumerate().rfind(holds) else { return false };
    let Some((program, _)) = command.program() else { return false };
    let is_stream =
        |w: &Word| w.text.starts_with("/dev/") || w.text.trim_start_matches('&').parse::<u8>().is_ok();
    let goes_on = script.commands().iter().any(|c| c.reads.iter().any(|read| read.command == at))
        || command.words.iter().any(|w| w.is_output() && !is_stream(w));
    EDITORS.contains(&program) || (shell::is_printer(program) && !goes_on)
}

/// Whether a part of a line is surely a credential, or the same as one: then it is reported as that.
fn is_reported(line: &Node, part: TextRange) -> bool {
    let is_credential = |text: &str| {
        let held = text.get(part.to_usize()).unwrap_or_default();
        let is_same = |range: TextRange| text.get(range.to_usize()).is_some_and(|one| held.contains(one));
        secrets::credentials(text).iter().any(|c| c.range.overlaps(part) || is_same(c.range))
    };
    line.as_str().is_some_and(|t| is_credential(t) || secrets::shared_access_signature(t))
}

fn report(cx: &Context<'_>, sink: &mut Sink, origin: &Origin, place: &str) {
    let d = finding(&code::PASSWORD_LITERAL, origin, format!("a literal value {place}"))
        .here("whoever may read the template, its source or the build log can read it")
        .help(cx.words(
            "keep it in a key vault and fetch it on the build VM: `secrets = { NAME = vault.secret(\"name\") }` on the step",
            "keep it in a key vault and fetch it on the build VM, with an identity of `vmProfile.userAssignedIdentities`",
        ));
    sink.push(d);
}
