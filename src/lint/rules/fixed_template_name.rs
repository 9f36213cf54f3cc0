//! Names of templates that stay when their content changes.

use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::values::known;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::FIXED_TEMPLATE_NAME,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-troubleshoot",
        on: false,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let name = &image.resource.name;
        let Some(text) = known(name).filter(|text| !text.is_empty() && !image.resource.unnamed) else {
            continue;
        };
        let d = finding(&code::FIXED_TEMPLATE_NAME, &name.origin, format!("`{text}` can be deployed once"))
            .here("a changed template of the same name is refused until the old one is deleted")
            .note("\"Update/Upgrade of image templates is currently not supported\": an image template cannot be changed, also not one that failed")
            .help(cx.words(
                "let the name change with the content: `name = \"NAME-${content_hash()}\"`",
                "let the name change with the content: take a part of it from a parameter",
            ));
        sink.push(d);
    }
}
