//! Sources that are hardened against what a build does.

use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::values::known;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::HARDENED_SOURCE,
        confidence: Confidence::Likely,
        evidence: "https://github.com/Azure/azvmimagebuilder/issues/48",
        on: true,
    },
    check,
};

/// The publisher of the images of the Center for Internet Security.
const CIS: &str = "center-for-internet-security-inc";

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let Some(publisher) = image.at("source.publisher") else { continue };
        if !known(publisher).is_some_and(|name| name.eq_ignore_ascii_case(CIS)) {
            continue;
        }
        let d = finding(&code::HARDENED_SOURCE, &publisher.origin, "builds from CIS images may fail")
            .here("images of the Center for Internet Security")
            .note("the service reaches the build VM by SSH or WinRM and makes its scripts executable; hardened images cut the one and forbid the other")
            .help("try the build with this very image, or harden a plain image in the last step");
        sink.push(d);
    }
}
