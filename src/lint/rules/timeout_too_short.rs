//! Time limits in which no build can end.

use crate::diag::{Applicability, Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Category, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::TIMEOUT_TOO_SHORT,
        category: Category::CostAndTime,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#properties-buildtimeoutinminutes",
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let Some(timeout) = image.at("buildTimeoutInMinutes") else { continue };
        let Some(minutes @ 1..=5) = timeout.as_int() else { continue };
        let d = finding(
            &code::TIMEOUT_TOO_SHORT,
            &timeout.origin,
            format!("every build fails with a limit of {minutes} minutes"),
        )
        .here("1 to 5 minutes are less than the service needs for its own access token")
        .help(cx.words(
            "write at least `6m`, or leave it out: the limit is then four hours",
            "write at least 6, or leave it out: the limit is then four hours",
        ));
        let limit = cx.words("4h", "240");
        let title = format!("write `{limit}`, the limit without it");
        let d = d.fix(title, timeout.origin.span, limit, Applicability::Unsafe);
        sink.push(d);
    }
}
