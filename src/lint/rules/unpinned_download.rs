//! Files and scripts without a checksum.

use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::UNPINNED_DOWNLOAD,
        confidence: Confidence::Certain,
        evidence: "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.ImageBuilder.CustomizeHash/",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        for download in image.downloads() {
            // An address that moves is told with its missing checksum.
            if !download.is_pinned() && super::moving_reference::moving(download.text).is_none() {
                let d = finding(&code::UNPINNED_DOWNLOAD, &download.url.origin, "a file without a checksum")
                    .here("whatever lies there when the template is created goes into the image")
                    .help(cx.words(
                        "write its SHA-256 beside it, in lower case: `sha256 = \"…\"`; the service compares it",
                        "write its SHA-256 beside it, in lower case: `\"sha256Checksum\": \"…\"`; the service compares it",
                    ));
                sink.push(d);
            }
        }
    }
}
