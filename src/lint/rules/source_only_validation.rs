//! Templates that only check their source, but hold what only a build does.

use crate::check::{Node, Phase};
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Image, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::SOURCE_ONLY_VALIDATION,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/templates/microsoft.virtualmachineimages/imagetemplates#imagetemplatepropertiesvalidate",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let Some(only) = image.at("validate.sourceValidationOnly").filter(|o| o.as_bool() == Some(true))
        else {
            continue;
        };
        let d = |title: &str| finding(&code::SOURCE_ONLY_VALIDATION, &only.origin, title);
        let steps = image.walk.steps.iter().find(|s| s.phase == Phase::Customize).map(|s| s.origin().span);
        let optimised = image.at("optimize").map(|o| o.origin.span);
        if let Some(span) = steps.or(optimised) {
            sink.push(
                d("nothing is built, although there is something to do")
                    .here("only the source is checked, as it is")
                    .also(
                        span,
                        if steps.is_some() { "the first step, which never runs" } else { "never done" },
                    )
                    .help(cx.words(
                        "remove `source_only`, or what a build would do",
                        "remove it, or what a build would do",
                    )),
            );
        }
        if has_no_checks(image) {
            sink.push(
                d("the source is checked by nothing")
                    .here("only the source is checked, but there are no checks")
                    .help(cx.words(
                        "write the checks into `validate`",
                        "write the checks into `inVMValidations`",
                    )),
            );
        }
    }
}

/// Whether it is known that there are none.
fn has_no_checks(image: &Image<'_>) -> bool {
    let list = image.at("validate.inVMValidations");
    image.lacks("validate.inVMValidations") || list.and_then(Node::as_list).is_some_and(<[Node]>::is_empty)
}
