//! Arm64 images on a VM of the default size.

use crate::diag::{Diagnostic, Sink, code};
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::ARM64_DEFAULT_SIZE,
        confidence: Confidence::Certain,
        evidence: "an inference: both sizes that the service takes by default are x64",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let size = image.at("vmProfile.vmSize");
        if size.is_some_and(|size| size.as_str().is_none_or(|s| !s.is_empty())) {
            continue;
        }
        let Some(source) = image.facts().architecture.as_ref().filter(|a| &*a.value == "Arm64") else {
            continue;
        };
        let d = Diagnostic::new(
            &code::ARM64_DEFAULT_SIZE,
            image.span(),
            cx.words("an Arm64 image without `build.vm_size`", "an Arm64 image without `vmProfile.vmSize`"),
        )
        .here("the default sizes have x64 processors")
        .also(source.span, "the source is Arm64")
        .help(cx.words(
            "write an Arm64 size: `build { vm_size = \"Standard_D2ps_v5\" }`",
            "write an Arm64 size into `vmProfile`: `\"vmSize\": \"Standard_D2ps_v5\"`",
        ));
        sink.push(d);
    }
}
