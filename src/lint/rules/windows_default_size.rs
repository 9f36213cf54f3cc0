//! Windows updates on the smallest VM.

use crate::check::StepView;
use crate::diag::{Sink, code};
use crate::lint::finding::misplaced;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::WINDOWS_DEFAULT_SIZE,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-troubleshoot",
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
        let updates = |s: &&StepView<'_>| s.effect.updates && image.can_run(s);
        let Some(step) = image.walk.steps.iter().find(updates) else { continue };
        let d = misplaced(&code::WINDOWS_DEFAULT_SIZE, step, "Windows updates on a VM of the default size")
            .here("takes hours or fails where there is one processor: \"exit status 1115\"")
            .also(
                image.span(),
                cx.words("this image has no `build.vm_size`", "this image has no `vmProfile.vmSize`"),
            )
            .note("the default is Standard_D1_v2 for generation 1 and Standard_D2ds_v4 for generation 2")
            .help(cx.words(
                "write `build { vm_size = \"Standard_D2s_v5\" }`, or more",
                "write `\"vmSize\": \"Standard_D2s_v5\"` into `vmProfile`, or more",
            ));
        sink.push(d);
    }
}
