//! Builds in a network that the service makes.

use crate::diag::{Diagnostic, Sink, code};
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::NO_BUILD_NETWORK,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-networking",
        on: false,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        if !image.lacks("vmProfile.vnetConfig") {
            continue;
        }
        let d =
            Diagnostic::new(&code::NO_BUILD_NETWORK, image.span(), "the build VM has no network of yours")
                .here("it gets one for the build, with a public IP address")
                .help(match super::lacks_container_subnet(image) {
                    true => cx.words(
                        "write `build.subnet`, and from `api_version = \"2024-02-01\"` on `build.container_subnet`",
                        "write \"subnetId\", and from API version 2024-02-01 on \"containerInstanceSubnetId\", in \"vmProfile.vnetConfig\"",
                    ),
                    false => cx.words(
                        "write `build.subnet` and `build.container_subnet`",
                        "write \"subnetId\" and \"containerInstanceSubnetId\" in \"vmProfile.vnetConfig\"",
                    ),
                });
        sink.push(d);
    }
}
