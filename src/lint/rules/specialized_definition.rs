//! Targets whose definition is for specialised images.

use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::SPECIALIZED_DEFINITION,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#properties-source",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        for target in image.targets("gallery") {
            let Some(id) = target.get("galleryImageId") else { continue };
            let Some((_, definition)) = cx.definition(id) else { continue };
            let Some(state) = definition.body.at("properties.osState") else { continue };
            if state.as_str().is_some_and(|s| s.eq_ignore_ascii_case("Specialized")) {
                let title = format!("the definition `{}` is for specialised images", definition.declared);
                let d = finding(&code::SPECIALIZED_DEFINITION, &id.origin, title)
                    .here("the service makes generalised images only")
                    .also(state.origin.span, "said here")
                    .help(cx.words(
                        "distribute to a definition with `os_state = generalized`",
                        "distribute to a definition with `\"osState\": \"Generalized\"`",
                    ));
                sink.push(d);
            }
        }
    }
}
