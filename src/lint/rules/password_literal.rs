//! Passwords on command lines.

use crate::check::Node;
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Category, Context, Rule, RuleMeta, secrets};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::PASSWORD_LITERAL,
        category: Category::Secrets,
        evidence: "https://github.com/danielsollondon/azvmimagebuilder/issues/112",
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        for step in &image.walk.steps {
            for line in step.lines() {
                let Some(text) = line.as_str() else { continue };
                let Some(word) = secrets::password(text) else { continue };
                // What is surely a credential is reported as one.
                if secrets::credential(text).is_none() && !secrets::shared_access_signature(text) {
                    report(cx, sink, line, word);
                }
            }
        }
    }
}

fn report(cx: &Context<'_>, sink: &mut Sink, line: &Node, word: &str) {
    let d = finding(&code::PASSWORD_LITERAL, &cx.origin(line), format!("a literal value after `{word}`"))
        .here("whoever may read the template, its source or the build log can read it")
        .help(cx.words(
            "keep it in a key vault and fetch it on the build VM: `secrets = { NAME = vault.secret(\"name\") }` on the step",
            "keep it in a key vault, and let the script fetch it on the build VM with one of `vmProfile.userAssignedIdentities`",
        ));
    sink.push(d);
}
