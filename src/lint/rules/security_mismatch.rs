//! Security types that source and definition do not share, or that cannot be built from.

use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Image, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::SECURITY_MISMATCH,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/image-builder-overview#trusted-launch-support",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        compare(cx, image, sink);
    }
}

fn compare(cx: &Context<'_>, image: &Image<'_>, sink: &mut Sink) {
    let Some(source) = &image.facts().security else { return };
    for target in image.targets("gallery") {
        let Some(id) = target.get("galleryImageId") else { continue };
        let Some((_, definition)) = cx.definition(id) else { continue };
        let Some(stated) = definition.facts.security.as_ref().filter(|s| s.value != source.value) else {
            continue;
        };
        let title = format!(
            "the source is {}, but the definition `{}` says {}",
            source.value, definition.declared, stated.value
        );
        let d = finding(&code::SECURITY_MISMATCH, &id.origin, title)
            .here("source and definition must have the same security type")
            .also(stated.span, "the definition's security type")
            .also(source.span, "the source's security type")
            .help("distribute to a definition with the source's security type, or build from a source with the definition's");
        sink.push(d);
    }
}
