//! Sources whose system gets no more updates.

use crate::diag::{Sink, code};
use crate::lint::ended::ended;
use crate::lint::finding::finding;
use crate::lint::values::known;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::SOURCE_PAST_SUPPORT,
        confidence: Confidence::Likely,
        evidence: "https://learn.microsoft.com/lifecycle/products, https://wiki.ubuntu.com/Releases, https://wiki.debian.org/LTS, https://access.redhat.com/support/policy/updates/errata and others that the table names by row, as of 2026-11",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let part = |name: &str| Some(known(image.at("source")?.get(name)?)?.to_lowercase());
        let (Some(publisher), Some(offer), Some(sku)) = (part("publisher"), part("offer"), part("sku"))
        else {
            continue;
        };
        let Some(ended) = ended(&publisher, &offer, &sku) else { continue };
        let (Some(month), Some(node)) = (ended.month_of(&sku), image.at("source.sku")) else { continue };
        let title = format!("{} gets no more updates", ended.what);
        let source = ended.source;
        let d = finding(&code::SOURCE_PAST_SUPPORT, &node.origin, title)
            .here(format!("its support ended in {month}"))
            .note(format!("so says {}, as of {}", source.page, source.of))
            .note("publishers take such images from the Marketplace; the build then ends with \"InternalOperationError\"")
            .help("build from a newer release");
        sink.push(d);
    }
}
