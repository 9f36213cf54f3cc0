//! Checksums beside text that stands in the template.

use crate::check::Node;
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::IDLE_CHECKSUM,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#shell-customizer",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        for step in &image.walk.steps {
            let written = |name: &str| step.object.member(name);
            let (Some(inline), Some(checksum)) = (written("inline"), written("sha256Checksum")) else {
                continue;
            };
            // Beside both the finding about the two says enough. The empty text stands for none.
            if written("scriptUri").is_some() || checksum.value.as_str().is_some_and(|text| text.is_empty()) {
                continue;
            }
            let d = finding(
                &code::IDLE_CHECKSUM,
                &checksum.value.origin,
                "a checksum that nothing is compared with",
            )
            .here("the service compares it with a script that it fetches")
            .also(
                place(&inline.value),
                "this text stands in the template, which nobody can change on the way",
            )
            .help(cx.words("remove `sha256`", "remove `sha256Checksum`"));
            sink.push(d);
        }
    }
}

/// Where text begins: its first line, where it is a list of lines.
fn place(inline: &Node) -> crate::base::Span {
    let first = inline.as_list().and_then(<[Node]>::first);
    first.unwrap_or(inline).origin.span
}
