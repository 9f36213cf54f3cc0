//! Passwords on command lines.

use std::collections::HashSet;

use crate::check::Node;
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
            for line in step.lines() {
                let Some(text) = line.as_str() else { continue };
                if let Some(word) = secrets::password(text) {
                    told.insert(line);
                    if !is_reported(line) {
                        report(cx, sink, line, &format!("after `{word}`"));
                    }
                }
            }
            let (mut before, mut joins) = (None, shell::Joins::default());
            for command in image.commands(step) {
                let line: *const Node = command.line;
                if let Some(place) =
                    shell::literal_password(&mut joins, before, command).filter(|_| !told.contains(&line))
                {
                    told.insert(line);
                    if !is_reported(command.line) {
                        report(cx, sink, command.line, &place);
                    }
                }
                before = Some(command);
            }
        }
    }
}

/// Whether a line holds what is surely a credential: then it is reported as one.
fn is_reported(line: &Node) -> bool {
    line.as_str().is_some_and(|t| secrets::credential(t).is_some() || secrets::shared_access_signature(t))
}

fn report(cx: &Context<'_>, sink: &mut Sink, line: &Node, place: &str) {
    let d = finding(&code::PASSWORD_LITERAL, &cx.origin(line), format!("a literal value {place}"))
        .here("whoever may read the template, its source or the build log can read it")
        .help(cx.words(
            "keep it in a key vault and fetch it on the build VM: `secrets = { NAME = vault.secret(\"name\") }` on the step",
            "keep it in a key vault and fetch it on the build VM, with an identity of `vmProfile.userAssignedIdentities`",
        ));
    sink.push(d);
}
