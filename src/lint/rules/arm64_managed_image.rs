//! Managed images of Arm64 sources.

use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::ARM64_MANAGED_IMAGE,
        confidence: Confidence::Certain,
        evidence: "https://github.com/hashicorp/packer/issues/12188",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let Some(source) = image.facts().architecture.as_ref().filter(|a| &*a.value == "Arm64") else {
            continue;
        };
        for target in image.targets("managed_image") {
            let Some(id) = target.get("imageId") else { continue };
            let d = finding(&code::ARM64_MANAGED_IMAGE, &id.origin, "a managed image of an Arm64 source")
                .here("there are no managed images for Arm64")
                .also(source.span, "the source is Arm64")
                .help(cx.words(
                    "distribute to a gallery definition with `architecture = arm64`",
                    "distribute to a gallery definition with `\"architecture\": \"Arm64\"`",
                ));
            sink.push(d);
        }
    }
}
