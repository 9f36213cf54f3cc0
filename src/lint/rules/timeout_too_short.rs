//! Time limits in which no build can end.

use crate::check::{Node, WrittenIn};
use crate::diag::{Applicability, Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::TIMEOUT_TOO_SHORT,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#properties-buildtimeoutinminutes",
        on: true,
    },
    check,
};

/// The minutes in which no build can end.
pub(super) const TOO_SHORT: std::ops::RangeInclusive<i64> = 1..=5;

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let properties = image.resource.body.get("properties").and_then(Node::as_object);
        let Some(member) = properties.and_then(|p| p.member("buildTimeoutInMinutes")) else { continue };
        let timeout = &member.value;
        let Some(minutes) = timeout.as_int().filter(|minutes| TOO_SHORT.contains(minutes)) else { continue };
        let d = finding(
            &code::TIMEOUT_TOO_SHORT,
            &timeout.origin,
            format!("every build fails with a limit of {minutes} minutes"),
        )
        .here("1 to 5 minutes are less than the service needs for its own access token");
        // JSON and what `raw` holds, which has no row, say the minutes as a number.
        sink.push(match member.prop {
            Some(_) if cx.program.written_in == WrittenIn::Aib => d
                .help("write at least `6m`, or leave it out: the limit is then four hours")
                .fix("write `4h`, the limit without it", timeout.origin.span, "4h", Applicability::Unsafe),
            _ => d.help("write at least `6`, or leave it out: the limit is then four hours"),
        });
    }
}
