//! Staging groups that two images share.

use crate::check::Node;
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::values::same;
use crate::lint::{Category, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::SHARED_STAGING_GROUP,
        category: Category::Network,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#properties-stagingresourcegroup",
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    let mut seen: Vec<(&Node, &str)> = Vec::new();
    for image in &cx.images {
        let Some(group) = image.at("stagingResourceGroup") else { continue };
        if group.as_str().is_some_and(|g| g.is_empty()) {
            continue;
        }
        let name = &*image.resource.declared;
        if let Some((first, other)) = seen.iter().find(|(g, _)| same(g, group)) {
            let title = format!("`{other}` and `{name}` share a staging group");
            let d = finding(&code::SHARED_STAGING_GROUP, &group.origin, title)
                .here(format!("the group of `{name}`"))
                .also(first.origin.span, format!("the group of `{other}`"))
                .note("a staging group must be empty, and no other template may use it; builds fail with InternalOperationError")
                .help("give each image its own group, or leave `staging_group` out: the service then makes one");
            sink.push(d);
        }
        seen.push((group, name));
    }
}
