//! VHDs that go with their template.

use crate::check::{Key, Member};
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Rule, RuleMeta};
use crate::schema::V2022_07;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::VHD_WITHOUT_URI,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#distribute-vhd",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        for target in image.resource.targets() {
            let Some(object) = target.as_object() else { continue };
            let is_vhd = object.variant.is_some_and(|v| v.keyword == "vhd");
            if !is_vhd || object.members.iter().any(is_address) {
                continue;
            }
            let old = image.resource.version().is_some_and(|version| version < V2022_07);
            let d = finding(&code::VHD_WITHOUT_URI, &target.origin, "a VHD that goes when the template goes")
                .here("lies in the storage account of the staging group")
                .help(match old {
                    true => "copy it elsewhere after each build, or write `uri`, which the API has since 2022-07-01",
                    false => "copy it elsewhere after each build, or write the address of a blob of your own as `uri`",
                });
            sink.push(d);
        }
    }
}

/// Whether a member says where the VHD goes. A misspelt one is meant to, and the empty text is as good as none.
fn is_address(member: &Member) -> bool {
    let text = member.value.as_str();
    matches!(&member.key, Key::Str(key) if key.eq_ignore_ascii_case("uri"))
        && text.is_none_or(|t| !t.is_empty())
}
