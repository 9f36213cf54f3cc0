//! Staging groups that two images share.

use std::collections::HashMap;

use crate::check::{Node, Resource};
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::values::key;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::SHARED_STAGING_GROUP,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#properties-stagingresourcegroup",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    let mut seen: HashMap<String, Vec<(&Node, &Resource)>> = HashMap::new();
    for image in cx.all_images() {
        let Some(group) = image.at("stagingResourceGroup") else { continue };
        // The empty text, too, lets the service make a group.
        let Some(key) = key(group).filter(|key| !key.is_empty()) else { continue };
        let name = &*image.resource.declared;
        let same = seen.entry(key).or_default();
        let before = same.iter().rev().find(|(_, other)| other.may_stand_beside(image.resource)).copied();
        same.push((group, image.resource));
        if let Some((first, other)) = before.filter(|_| !image.resource.imported) {
            let other = &other.declared;
            let title = format!("`{other}` and `{name}` share a staging group");
            let d = finding(&code::SHARED_STAGING_GROUP, &group.origin, title)
                .here(format!("the group of `{name}`"))
                .also(first.origin.span, format!("the group of `{other}`"))
                .note("a staging group must be empty, and no other template may use it; builds fail with InternalOperationError")
                .help(cx.words(
                    "give each image its own group, or leave `staging_group` out: the service then makes one",
                    "give each image its own group, or leave `stagingResourceGroup` out: the service then makes one",
                ));
            sink.push(d);
        }
    }
}
