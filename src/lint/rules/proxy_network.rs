//! Builds in a subnet that the service enters through a proxy VM.

use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::PROXY_NETWORK,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-networking",
        on: false,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let Some(subnet) = image.at("vmProfile.vnetConfig.subnetId") else { continue };
        if !image.lacks("vmProfile.vnetConfig.containerInstanceSubnetId") {
            continue;
        }
        let d = finding(&code::PROXY_NETWORK, &subnet.origin, "the build VM is reached through a proxy VM")
            .here("the service puts a proxy VM, a load balancer and a private link into this network")
            .note("Microsoft advises against it since 2024-02-01: a second subnet for the build's container is faster, and needs no proxy")
            .help(match super::lacks_container_subnet(image) {
                true => cx.words(
                    "write `container_subnet` too, which API versions from 2024-02-01 on have",
                    "write \"containerInstanceSubnetId\" too, which API versions from 2024-02-01 on have",
                ),
                false => cx.words("write `container_subnet` too", "write \"containerInstanceSubnetId\" too"),
            });
        sink.push(d);
    }
}
