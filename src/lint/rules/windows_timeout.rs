//! Time limits in which Windows rarely ends.

use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Rule, RuleMeta};
use crate::schema::Os;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::WINDOWS_TIMEOUT,
        confidence: Confidence::Likely,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#properties-buildtimeoutinminutes",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let (Some(timeout), Some(os)) = (image.at("buildTimeoutInMinutes"), image.is(Os::Windows)) else {
            continue;
        };
        let Some(minutes @ 6..60) = timeout.as_int() else { continue };
        let d = finding(
            &code::WINDOWS_TIMEOUT,
            &timeout.origin,
            format!("{minutes} minutes are little for a Windows image"),
        )
        .here("the whole build must end in this time, generalisation and replication included")
        .also(os.span, "the image is Windows")
        .help(cx.words(
            "write `1h` or more; without a limit of your own it is four hours",
            "write 60 or more; without a limit of your own it is four hours",
        ));
        sink.push(d);
    }
}
