//! Steps that fetch secrets on a VM that has no identity.

use crate::check::Node;
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Category, Context, Rule, RuleMeta};
use crate::schema::Role;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::SECRETS_WITHOUT_IDENTITY,
        category: Category::Secrets,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#user-assigned-identity-for-the-image-builder-build-vm",
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        if image.has_vm_identities() {
            continue;
        }
        for step in &image.walk.steps {
            let Some(secrets) = step.object.hidden(Role::Secrets) else { continue };
            if secrets.as_object().is_none_or(|o| o.members.is_empty()) {
                continue;
            }
            report(sink, secrets, &step.title(), image.span());
        }
    }
}

fn report(sink: &mut Sink, secrets: &Node, title: &str, image: crate::base::Span) {
    let d = finding(
        &code::SECRETS_WITHOUT_IDENTITY,
        &secrets.origin,
        "the build VM has no identity to fetch secrets with",
    )
    .here(format!("{title} fetches these on the VM"))
    .also(image, "this image has no `build.vm_identities`")
    .help("give the VM an identity: `build { vm_identities = [builder] }`; its right to read each secret is derived");
    sink.push(d);
}
