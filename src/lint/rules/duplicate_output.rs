//! Run outputs with one name.

use std::collections::HashMap;

use crate::check::Node;
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::values::{key, known};
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::DUPLICATE_OUTPUT,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#properties-distribute",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let mut seen: HashMap<String, &Node> = HashMap::new();
        for output in image.resource.targets().iter().filter_map(|t| t.get("runOutputName")) {
            // What is computed twice alike is the same name, whatever it comes to.
            let Some(key) = key(output) else { continue };
            if let Some(first) = seen.insert(key, output) {
                let title = match known(output) {
                    Some(name) => format!("two targets have the output `{name}`"),
                    None => "two targets have the same output".to_owned(),
                };
                let d = finding(&code::DUPLICATE_OUTPUT, &output.origin, title)
                    .here("once more")
                    .also(first.origin.span, "first here")
                    .note("names of outputs compare without letter case")
                    .help(cx.words(
                        "give each target its own `output`, or leave it out: aib makes unique ones",
                        "give each target its own `runOutputName`",
                    ));
                sink.push(d);
            }
        }
    }
}
