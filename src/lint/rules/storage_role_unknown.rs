//! Files in storage accounts that are not declared.

use crate::check::WrittenIn;
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::values::host;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::STORAGE_ROLE_UNKNOWN,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#shell-customizer",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    let declared: Vec<String> = cx
        .program
        .iter()
        .filter(|(_, r)| r.kind.keyword() == "storage_account")
        .filter_map(|(_, r)| Some(r.name.as_str()?.to_lowercase()))
        .collect();
    for image in &cx.images {
        for download in image.downloads() {
            let Some((host, rest)) = host(download.text) else { continue };
            let Some((account, service)) = host.split_once('.') else { continue };
            // A signature in the address is a right of its own.
            let open =
                !service.starts_with("blob.") || rest.contains("sig=") || download.url.reference.is_some();
            if open || declared.iter().any(|name| name == account) {
                continue;
            }
            let path = rest.split(['?', '#']).next().unwrap_or_default().trim_start_matches('/');
            let title = format!("the role for the storage account `{account}` cannot be derived");
            let help = match cx.program.written_in {
                WrittenIn::Aib => format!(
                    "declare it, `existing storage_account assets {{ name = \"{account}\" }}`, and write \
                     `assets.blob(\"{path}\")`"
                ),
                WrittenIn::Json => {
                    "see to it that the identity has the role Storage Blob Data Reader on it".into()
                }
            };
            let d = finding(&code::STORAGE_ROLE_UNKNOWN, &download.url.origin, title)
                .here("the service reads it with the template's identity, even where it is public")
                .help(help);
            sink.push(d);
        }
    }
}
