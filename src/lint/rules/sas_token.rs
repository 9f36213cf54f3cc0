//! Signed addresses of storage.

use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Rule, RuleMeta, secrets};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::SAS_TOKEN,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#file-customizer",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        image.resource.body.walk(&mut |node| {
            let mut found = false;
            secrets::texts(node, &mut |text| found |= secrets::shared_access_signature(text));
            if found {
                let d = finding(&code::SAS_TOKEN, &cx.origin(node), "an address holds a shared access signature")
                    .here("whoever may read the template can read it, and use it until it expires")
                    .help(cx.words(
                        "declare the account, `existing storage_account assets { … }`, and write \
                         `assets.blob(\"container/path\")`: the service reads it with the template's identity, and the \
                         role for that is derived. Renew the signature, which has been written down",
                        "write the address without it: the service reads the blob with the template's identity, which \
                         needs the role Storage Blob Data Reader. Renew the signature, which has been written down",
                    ));
                sink.push(d);
            }
        });
    }
}
