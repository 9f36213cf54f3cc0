//! Images that are not optimised for starting VMs.

use crate::diag::{Diagnostic, Sink, code};
use crate::lint::values::known;
use crate::lint::{Confidence, Context, Rule, RuleMeta};
use crate::schema::V2022_07;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::NO_BOOT_OPTIMIZATION,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/vm-boot-optimization",
        on: false,
    },
    check,
};

/// Images larger than this, in GB, cannot be optimised.
const MAX_SIZE: i64 = 2048;

/// Whether a version may have `optimize`: not an older one, known to the table or not, and not one that is yet to be filled in.
fn may_have_it(version: &str) -> bool {
    version.is_empty() || version.starts_with(|c: char| c.is_ascii_digit()) && version >= V2022_07.0
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let size = image.at("vmProfile.osDiskSizeGB").and_then(|size| size.as_int());
        if !may_have_it(&image.resource.api_version) || size.is_some_and(|gb| gb > MAX_SIZE) {
            continue;
        }
        let state = image.at("optimize.vmBoot.state");
        let span = match state {
            Some(state) if known(state) == Some("Disabled") => state.origin.span,
            None if image.lacks("optimize.vmBoot.state") => image.span(),
            _ => continue,
        };
        let d = Diagnostic::new(
            &code::NO_BOOT_OPTIMIZATION,
            span,
            "VMs from the image start slower than they could",
        )
        .here("the service can optimise the image for that, in 20 to 35 minutes of the build")
        .help(cx.words(
            "write `optimize { vm_boot = true }`",
            "write `\"optimize\": { \"vmBoot\": { \"state\": \"Enabled\" } }`",
        ));
        sink.push(d);
    }
}
