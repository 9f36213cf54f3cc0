//! Passwords on command lines.

use std::collections::HashSet;

use crate::check::{Node, Origin};
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Rule, RuleMeta, secrets, shell};

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
            let mut told: HashSet<*const Node> = HashSet::new();
            let script = image.script(step.index);
            for line in step.lines() {
                let Some(text) = line.as_str() else { continue };
                if let Some(found) = secrets::password(text) {
                    told.insert(line);
                    if !is_reported(line) {
                        report(cx, sink, &cx.part(line, found.range), &format!("after `{}`", found.word));
                    }
                }
            }
            let Some(script) = script else { continue };
            for command in script.commands() {
                let Some((place, range)) = shell::literal_password(&script.script, command) else { continue };
                let Some((line, _)) = script.line(range) else { continue };
                if told.insert(line) && !is_reported(line) {
                    report(cx, sink, &cx.place(script, range), &place);
                }
            }
        }
    }
}

/// Whether a line holds what is surely a credential: then it is reported as one.
fn is_reported(line: &Node) -> bool {
    line.as_str().is_some_and(|t| secrets::credential(t).is_some() || secrets::shared_access_signature(t))
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
