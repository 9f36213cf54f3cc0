//! Filters of Windows Update without an action.

use crate::check::{Node, StepView};
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::UPDATE_FILTER,
        confidence: Confidence::Certain,
        evidence: "https://github.com/rgl/packer-plugin-windows-update",
        on: true,
    },
    check,
};

/// The filters of a step that are known, in order.
pub(super) fn filters<'a>(step: &StepView<'a>) -> Option<&'a [Node]> {
    step.effect.updates.then(|| step.object.get("filters")).flatten()?.as_list()
}

/// The action of a filter, and its expression.
pub(super) fn split(filter: &str) -> Option<(&str, &str)> {
    filter.split_once(':').filter(|(action, _)| matches!(*action, "include" | "exclude"))
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        for filter in image.walk.steps.iter().filter_map(filters).flatten() {
            let Some(text) = filter.as_str().filter(|text| split(text).is_none()) else { continue };
            let d =
                finding(&code::UPDATE_FILTER, &filter.origin, format!("the filter `{text}` has no action"))
                    .here("does not begin with `include:` or `exclude:`, so no update is installed for it")
                    .help(format!("write `include:{text}` or `exclude:{text}`"));
            sink.push(d);
        }
    }
}
