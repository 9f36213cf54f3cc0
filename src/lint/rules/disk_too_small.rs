//! OS disks that are smaller than what they hold.

use crate::diag::{Sink, code};
use crate::lint::finding::{finding, replace};
use crate::lint::values::known;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::DISK_TOO_SMALL,
        confidence: Confidence::Likely,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#osdisksizegb, and the 127 GB of the images of Windows",
        on: true,
    },
    check,
};

/// Publishers whose images are all of one size, but for those that say otherwise.
static PUBLISHERS: &[&str] = &["MicrosoftWindowsServer", "MicrosoftWindowsDesktop"];
/// The word of a SKU with a disk of 30 GB.
const SMALL: &str = "smalldisk";
/// The size of the others in GB.
const SIZE: i64 = 127;

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let part = |name: &str| image.at("source")?.get(name).and_then(known);
        let (Some(publisher), Some(sku)) = (part("publisher"), part("sku")) else { continue };
        let Some(size) = image.at("vmProfile.osDiskSizeGB") else { continue };
        let fits = size.as_int().is_none_or(|gb| !(1..SIZE).contains(&gb));
        let ours = PUBLISHERS.iter().any(|p| p.eq_ignore_ascii_case(publisher));
        if fits || !ours || sku.to_lowercase().contains(SMALL) {
            continue;
        }
        let gb = size.as_int().unwrap_or_default();
        let d = finding(
            &code::DISK_TOO_SMALL,
            &size.origin,
            format!("a disk of {gb} GB for a source of {SIZE} GB"),
        )
        .here("the disk of the build VM can only be larger than the source's");
        let source = image.at("source.sku").map(|sku| sku.origin.span);
        let d = source.into_iter().fold(d, |d, span| d.also(span, "the source"));
        let d = replace(d, &size.origin, "127", cx.words("127GB", "127"));
        sink.push(d.help(format!(
            "write at least {SIZE}, leave it out, or build from a SKU with `{SMALL}` in its name"
        )));
    }
}
