//! Windows on VMs with one processor.

use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::values::known;
use crate::lint::{Confidence, Context, Rule, RuleMeta};
use crate::schema::Os;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::WINDOWS_SMALL_SIZE,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#vmprofile",
        on: true,
    },
    check,
};

/// Sizes with one processor, in lower case, that the service can be given.
static SMALL: &[&str] = &[
    "basic_a1",
    "standard_a1",
    "standard_a1_v2",
    "standard_b1s",
    "standard_b1ms",
    "standard_b1ls",
    "standard_d1",
    "standard_d1_v2",
    "standard_ds1",
    "standard_ds1_v2",
    "standard_f1",
    "standard_f1s",
];

fn check(cx: &Context<'_>, sink: &mut Sink) {
    // A size that cannot boot the source at all is told by its own rule.
    for image in cx.images.iter().filter(|image| !super::size_without_generation_2::is_broken(image)) {
        let (Some(os), Some(size)) = (image.is(Os::Windows), image.at("vmProfile.vmSize")) else { continue };
        let Some(name) = known(size).filter(|name| SMALL.contains(&&*name.to_lowercase())) else { continue };
        let d = finding(&code::WINDOWS_SMALL_SIZE, &size.origin, format!("`{name}` is small for Windows"))
            .here("one processor")
            .also(os.span, "the source is Windows")
            .note("Microsoft asks for Standard_D2_v2 or better: on less, updates end with \"exit status 1115\", and the last step may come before the guest agent")
            .help("name a size with two processors or more");
        sink.push(d);
    }
}
