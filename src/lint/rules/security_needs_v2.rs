//! Definitions with a security type that generation 1 does not have.

use crate::diag::{Diagnostic, Sink, code};
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::SECURITY_NEEDS_V2,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/trusted-launch",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    // What is said of one that exists already cannot be true either.
    for (_, definition) in cx.program.iter().filter(|(_, r)| r.kind.keyword() == "definition") {
        let facts = &definition.facts;
        let (Some(security), Some(generation)) = (&facts.security, &facts.generation) else { continue };
        if &*security.value != "Standard" && &*generation.value == "V1" {
            let title = format!("{} needs generation 2", security.value);
            let d = Diagnostic::new(&code::SECURITY_NEEDS_V2, security.span, title)
                .here(format!("security type of `{}`", definition.declared))
                .also(generation.span, "generation 1 is said here")
                .help(cx.words(
                    "write `generation = v2`, or `security = standard`",
                    "write `\"hyperVGeneration\": \"V2\"`, or the security type \"Standard\"",
                ));
            sink.push(d);
        }
    }
}
