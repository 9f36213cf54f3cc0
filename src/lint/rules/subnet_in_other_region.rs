//! Subnets in another region than the build.

use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::values::known;
use crate::lint::{Confidence, Context, Rule, RuleMeta};
use crate::schema::normalise_region;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::SUBNET_IN_OTHER_REGION,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-networking",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let Some(location) = image.resource.body.get("location") else { continue };
        for path in ["vmProfile.vnetConfig.subnetId", "vmProfile.vnetConfig.containerInstanceSubnetId"] {
            let Some(id) = image.at(path) else { continue };
            let subnet = id.reference.as_ref().and_then(|r| cx.program.resource(r.target));
            let Some(region) = subnet.and_then(|subnet| cx.region(subnet)) else { continue };
            let (Some(own), Some(its)) = (known(location), known(region)) else { continue };
            if normalise_region(own) == normalise_region(its) {
                continue;
            }
            let d = finding(
                &code::SUBNET_IN_OTHER_REGION,
                &id.origin,
                format!("the subnet is in `{its}`, the build in `{own}`"),
            )
            .here("a VM can only be in a network of its own region")
            .also(region.origin.span, "the subnet's region")
            .also(location.origin.span, "the build's")
            .help("take a subnet in the template's region; the image can be distributed to any");
            sink.push(d);
        }
    }
}
