//! Sources whose security type the service cannot build from.

use crate::diag::{Sink, code};
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::UNSUPPORTED_SECURITY,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/image-builder-overview#trusted-launch-support",
        on: true,
    },
    check,
};

/// Types that every VM from the image must have; those ending in `Supported` leave it open.
static STRICT: &[&str] = &["TrustedLaunch", "ConfidentialVM"];

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let Some(source) = &image.facts().security else { continue };
        if STRICT.contains(&&*source.value) {
            let title = format!("the service cannot build from a {} image", source.value);
            let d = crate::diag::Diagnostic::new(&code::UNSUPPORTED_SECURITY, source.span, title)
                .here("the source's security type")
                .also(image.span(), "the image that is built from it")
                .help(format!("build from an image of type {}Supported", source.value));
            sink.push(d);
        }
    }
}
