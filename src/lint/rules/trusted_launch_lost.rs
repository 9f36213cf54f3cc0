//! Managed images of sources that are made for Trusted Launch.

use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::TRUSTED_LAUNCH_LOST,
        confidence: Confidence::Likely,
        evidence: "https://github.com/hashicorp/packer/issues/13189",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let Some(source) = image.facts().security.as_ref().filter(|s| s.value.starts_with("TrustedLaunch"))
        else {
            continue;
        };
        for id in image.targets("managed_image").filter_map(|t| t.get("imageId")) {
            let d = finding(&code::TRUSTED_LAUNCH_LOST, &id.origin, "a managed image of a Trusted Launch source")
                .here("managed images have no security type: VMs from it start without Trusted Launch, if the build succeeds")
                .also(source.span, format!("the source is {}", source.value))
                .help(cx.words(
                    "distribute to a gallery definition with `security = trusted_launch_supported`",
                    "distribute to a gallery definition with the security type \"TrustedLaunchSupported\"",
                ));
            sink.push(d);
        }
    }
}
