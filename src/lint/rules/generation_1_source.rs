//! Sources of the old generation of VMs.

use crate::diag::{Diagnostic, Sink, code};
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::GENERATION_1_SOURCE,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/reliability/reliability-image-builder",
        on: false,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let Some(generation) = image.facts().generation.as_ref().filter(|g| &*g.value == "V1") else {
            continue;
        };
        let d = Diagnostic::new(&code::GENERATION_1_SOURCE, generation.span, "a source of generation 1")
            .here("trusted launch, confidential VMs and the newer sizes want generation 2")
            .help("build from an image of generation 2, and distribute to a definition of generation 2");
        sink.push(d);
    }
}
