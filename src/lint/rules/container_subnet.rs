//! Container subnets that do not fit the build subnet.

use crate::arm::Expr;
use crate::check::{Node, NodeKind};
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::values::{known, same, segment};
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::CONTAINER_SUBNET,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-networking",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let build = image.at("vmProfile.vnetConfig.subnetId");
        let container = image.at("vmProfile.vnetConfig.containerInstanceSubnetId");
        let (Some(build), Some(container)) = (build, container) else { continue };
        let (title, help) = if is_same(build, container) {
            (
                "one subnet for the build VM and for the container",
                "give the container a subnet of its own, delegated to Microsoft.ContainerInstance/containerGroups",
            )
        } else if other_network(build, container) {
            (
                "the container's subnet lies in another virtual network",
                "take two subnets of one virtual network: the container reaches the build VM inside it",
            )
        } else {
            continue;
        };
        let d = finding(&code::CONTAINER_SUBNET, &container.origin, title)
            .here("the container's")
            .also(build.origin.span, "the build VM's")
            .help(help);
        sink.push(d);
    }
}

fn is_same(a: &Node, b: &Node) -> bool {
    match (&a.reference, &b.reference) {
        (Some(a), Some(b)) if a.target == b.target => true,
        _ => same(a, b),
    }
}

/// Whether two ids name different virtual networks, as far as their names are known.
fn other_network(a: &Node, b: &Node) -> bool {
    matches!((network(a), network(b)), (Some(a), Some(b)) if a != b)
}

/// The name of the virtual network in the id of a subnet.
fn network(id: &Node) -> Option<String> {
    match &id.kind {
        NodeKind::Expr(Expr::Call { name, args }) if name.eq_ignore_ascii_case("resourceId") => {
            match args.as_slice() {
                [.., Expr::Str(network), _] => Some(network.to_lowercase()),
                _ => None,
            }
        }
        _ => segment(known(id)?, "virtualNetworks").map(str::to_lowercase),
    }
}
