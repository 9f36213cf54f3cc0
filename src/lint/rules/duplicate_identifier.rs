//! Definitions of a gallery that share their identifier.

use std::collections::HashMap;

use crate::check::{Node, ResourceId};
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::values::known;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::DUPLICATE_IDENTIFIER,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/shared-image-galleries#image-definitions",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    let mut seen: HashMap<(Option<ResourceId>, String), (&Node, &str)> = HashMap::new();
    for (_, definition) in cx.program.iter().filter(|(_, r)| r.kind.keyword() == "definition") {
        let Some(identifier) = definition.body.at("properties.identifier") else { continue };
        let Some(triple) = triple(identifier) else { continue };
        let key = (definition.parent, triple.to_lowercase());
        if let Some((first, name)) = seen.insert(key, (identifier, &definition.declared)) {
            let title = format!("`{name}` and `{}` have the same identifier", definition.declared);
            let d = finding(&code::DUPLICATE_IDENTIFIER, &identifier.origin, title)
                .here(format!("`{triple}` once more"))
                .also(first.origin.span, "first here")
                .help("publisher, offer and SKU together must be unique in a gallery: change one of them");
            sink.push(d);
        }
    }
}

fn triple(identifier: &Node) -> Option<String> {
    let part = |name: &str| known(identifier.get(name)?);
    Some(format!("{}:{}:{}", part("publisher")?, part("offer")?, part("sku")?))
}
