//! Filters of Windows Update that nothing passes, or that nothing reaches.

use crate::check::Node;
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

use super::update_filter::{filters, split};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::USELESS_UPDATE_FILTER,
        confidence: Confidence::Certain,
        evidence: "https://github.com/rgl/packer-plugin-windows-update",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        for step in &image.walk.steps {
            let Some(list) = filters(step) else { continue };
            let parts: Option<Vec<(&str, &str)>> = list.iter().map(|f| split(f.as_str()?)).collect();
            // What is not known may do anything, and what is malformed is reported as such.
            let Some(parts) = parts else { continue };
            if let Some(node) = step.object.get("filters")
                && !parts.is_empty()
                && !parts.iter().any(|(action, _)| *action == "include")
            {
                let d = finding(
                    &code::USELESS_UPDATE_FILTER,
                    &node.origin,
                    format!("{} installs nothing", step.title()),
                )
                .here("no filter includes anything, and an update that no filter matches is not installed")
                .help("end the list with `\"include:$true\"`");
                sink.push(d);
            }
            unreachable_after(list, &parts, sink);
        }
    }
}

/// The first filter that holds decides, so nothing behind one that always holds is looked at.
fn unreachable_after(list: &[Node], parts: &[(&str, &str)], sink: &mut Sink) {
    let always = |(_, expression): &(&str, &str)| expression.trim().eq_ignore_ascii_case("$true");
    let Some(at) = parts.iter().position(always) else { return };
    if let (Some(first), Some(next)) = (list.get(at), list.get(at + 1)) {
        let d = finding(&code::USELESS_UPDATE_FILTER, &next.origin, "a filter that is never looked at")
            .here("the first filter that holds decides")
            .also(first.origin.span, "this one always holds")
            .help("move it above the one that always holds, or remove it");
        sink.push(d);
    }
}
