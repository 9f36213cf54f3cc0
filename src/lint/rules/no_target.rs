//! Images that are distributed nowhere.

use crate::check::Node;
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::NO_TARGET,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#properties-distribute",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let properties = image.resource.body.get("properties").and_then(Node::as_object);
        let Some(member) = properties.and_then(|p| p.member("distribute")) else { continue };
        if member.value.as_list().is_some_and(<[Node]>::is_empty) {
            let title = match &*image.resource.declared {
                "" => "the image template has no target".to_owned(),
                name => format!("image `{name}` has no target"),
            };
            let d = finding(&code::NO_TARGET, &member.key_origin, title)
                .here("no target is left in it")
                .help(cx.words(
                    "an image needs at least one target: a `gallery`, a `managed_image` or a `vhd`",
                    "an image needs at least one target: a `SharedImage`, a `ManagedImage` or a `VHD`",
                ));
            sink.push(d);
        }
    }
}
