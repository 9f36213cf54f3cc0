//! What has to be in the template's own subscription, in two.

use crate::arm::Expr;
use crate::check::{Node, NodeKind, Resource};
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::values::{known, segment};
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::TWO_SUBSCRIPTIONS,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#managedimage-source",
        on: true,
    },
    check,
};

/// What has to be there. A network interface can only be in a network of its own subscription
/// (<https://learn.microsoft.com/azure/virtual-network/virtual-network-network-interface>), and that of the build VM is in the
/// staging group.
const PLACES: &[(&str, &str)] = &[
    ("stagingResourceGroup", "the staging group"),
    ("source.imageId", "the source"),
    ("vmProfile.vnetConfig.subnetId", "the subnet"),
];

/// What stands for an id that is still to be filled in.
const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

fn check(cx: &Context<'_>, sink: &mut Sink) {
    // A nested deployment may go to another subscription, with all that is in it.
    if cx.has_nested() {
        return;
    }
    let mut seen: Vec<(&Resource, String, &Node, &str)> = Vec::new();
    for image in &cx.images {
        for (path, what) in PLACES {
            let Some(node) = image.at(path) else { continue };
            let Some(own) = subscription(node) else { continue };
            // Images of two branches are not deployed together.
            let differs = |(resource, other, ..): &&(&Resource, String, &Node, &str)| {
                *other != own && resource.may_stand_beside(image.resource)
            };
            if let Some((_, other, at, of)) = seen.iter().find(differs) {
                let d = finding(&code::TWO_SUBSCRIPTIONS, &node.origin, "two subscriptions for one deployment")
                    .here(format!("{what} is in `{own}`"))
                    .also(at.origin.span, format!("{of} is in `{other}`"))
                    .note("a managed image that is built from, a staging group and the build VM's subnet have to be in the template's own subscription")
                    .help(match *path {
                        "source.imageId" => "take a source from the same subscription; a version in a gallery may come from another",
                        _ => "name one that is in the template's subscription",
                    });
                sink.push(d);
                // All else would differ from one of these, too.
                break;
            }
            // One of each is enough to compare with, and branches are few.
            if !seen.iter().any(|(r, sub, ..)| *sub == own && r.condition == image.resource.condition) {
                seen.push((image.resource, own, node, what));
            }
        }
    }
}

/// The subscription that an id names, in lower case.
fn subscription(id: &Node) -> Option<String> {
    let found = match &id.kind {
        NodeKind::Expr(Expr::Call { name, args }) if name.eq_ignore_ascii_case("resourceId") => {
            match args.as_slice() {
                [Expr::Str(subscription), _, Expr::Str(ty), ..] if ty.contains('/') => {
                    subscription.to_lowercase()
                }
                _ => return None,
            }
        }
        _ => segment(known(id)?, "subscriptions")?.to_lowercase(),
    };
    (found.len() == NOBODY.len() && found != NOBODY).then_some(found)
}
