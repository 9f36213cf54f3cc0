//! Credentials written into a template.

use std::collections::HashSet;

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
    // What a variable holds is told where that is written, and not once more where it is used.
    let mut told: HashSet<String> = HashSet::new();
    for (root, is_loose) in roots(cx) {
        root.walk(&mut |node| {
            let mut found: Vec<(secrets::Credential, String)> = Vec::new();
            secrets::texts(node, &mut |text| {
                let with_text = |one: secrets::Credential| Some((one, text.get(one.range.to_usize())?.to_owned()));
                found.extend(secrets::credentials(text).into_iter().filter_map(with_text));
            });
            for (secrets::Credential { what, range }, text) in found {
                if is_loose {
                    told.insert(text);
                } else if told.contains(&text) {
                    continue;
                }
                let origin = if node.as_str().is_some() { cx.part(node, range) } else { cx.origin(node) };
                let d = finding(&code::CREDENTIAL_LITERAL, &origin, format!("the template holds {what}"))
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

/// Everything that is written into the template, and whether it stands in no resource.
fn roots<'a>(cx: &Context<'a>) -> impl Iterator<Item = (&'a Node, bool)> {
    let loose = cx.program.loose.iter().map(|node| (node, true));
    let deployed = cx.program.iter().filter(|(_, resource)| !resource.existing);
    let bodies = deployed.flat_map(|(_, resource)| [&resource.name, &resource.body]);
    let outputs = cx.program.outputs.iter().map(|output| &output.value);
    let defaults = cx.program.params.iter().filter_map(|param| param.default.as_ref());
    loose.chain(bodies.chain(outputs).chain(defaults).map(|node| (node, false)))
}
