//! Files fetched without encryption.

use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Category, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::PLAIN_HTTP,
        category: Category::SupplyChain,
        evidence: "an inference: what travels in the clear can be changed on the way",
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        for download in image.downloads() {
            if download.text.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http://")) {
                let d = finding(&code::PLAIN_HTTP, &download.url.origin, "an address without encryption")
                    .here("anyone on the way can change what arrives")
                    .help("write `https://`");
                sink.push(d);
            }
        }
    }
}
