//! Lists of exit codes that leave success out.

use crate::check::Node;
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::EXIT_CODES_WITHOUT_ZERO,
        confidence: Confidence::Certain,
        evidence: "https://developer.hashicorp.com/packer/docs/provisioners/powershell",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        for step in &image.walk.steps {
            let Some(node) = step.object.get("validExitCodes") else { continue };
            let Some(codes) = node.as_list().filter(|codes| !codes.is_empty()) else { continue };
            let known: Option<Vec<i64>> = codes.iter().map(Node::as_int).collect();
            if known.is_some_and(|codes| !codes.contains(&0)) {
                let d = finding(
                    &code::EXIT_CODES_WITHOUT_ZERO,
                    &node.origin,
                    cx.words("`exit_codes` leaves 0 out", "`validExitCodes` leaves 0 out"),
                )
                .here(format!("{} then fails when it succeeds", step.title()))
                .note("the list takes the place of the default, `[0]`")
                .help("add 0 to the list");
                sink.push(d);
            }
        }
    }
}
