//! Credentials written into a template.

use crate::check::Node;
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Rule, RuleMeta, secrets};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::CREDENTIAL_LITERAL,
        confidence: Confidence::Likely,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for root in roots(cx) {
        root.walk(&mut |node| {
            let mut found = None;
            secrets::texts(node, &mut |text| found = found.or_else(|| secrets::credential(text)));
            if let Some(what) = found {
                let d = finding(&code::CREDENTIAL_LITERAL, &cx.origin(node), format!("the template holds {what}"))
                    .here("whoever may read the template, its source or the build log can read it")
                    .help(cx.words(
                        "keep it in a key vault and fetch it on the build VM: `secrets = { NAME = vault.secret(\"name\") }` \
                         on the step. Renew it, since it has been written down",
                        "keep it in a key vault, and let the script fetch it on the build VM with one of \
                         `vmProfile.userAssignedIdentities`. Renew it, since it has been written down",
                    ));
                sink.push(d);
            }
        });
    }
}

/// Everything that is written into the template.
fn roots<'a>(cx: &Context<'a>) -> impl Iterator<Item = &'a Node> {
    let deployed = cx.program.iter().filter(|(_, resource)| !resource.existing);
    let bodies = deployed.flat_map(|(_, resource)| [&resource.name, &resource.body]);
    let outputs = cx.program.outputs.iter().map(|output| &output.value);
    let defaults = cx.program.params.iter().filter_map(|param| param.default.as_ref());
    bodies.chain(outputs).chain(defaults)
}
