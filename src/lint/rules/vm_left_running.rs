//! Build VMs that stay when a build fails.

use crate::diag::{Sink, code};
use crate::lint::finding::{finding, replace};
use crate::lint::values::known;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::VM_LEFT_RUNNING,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#properties-errorhandling",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let when = [("onCustomizerError", "a step fails"), ("onValidationError", "a check fails")];
        let mut aborts = when.into_iter().filter_map(|(member, when)| {
            let node = image.at("errorHandling")?.get(member).filter(|n| known(n) == Some("abort"))?;
            Some((node, when))
        });
        let Some((first, when)) = aborts.next() else { continue };
        let d = finding(&code::VM_LEFT_RUNNING, &first.origin, format!("when {when}, the build VM runs on"))
            .here("it stays for a look at it, and is paid for until someone deletes it");
        let cleanup = cx.words("cleanup", "\"cleanup\"");
        let d = replace(d, &first.origin, "cleanup", cleanup)
            .help("once the build works, write `cleanup`, or nothing");
        sink.push(aborts.fold(d, |d, (node, when)| d.also(node.origin.span, format!("and when {when}"))));
    }
}
