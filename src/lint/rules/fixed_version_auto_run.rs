//! Images that build themselves, for a version that can be made once.

use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::values::known;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::FIXED_VERSION_AUTO_RUN,
        confidence: Confidence::Likely,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#properties-autorun",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let Some(run) = image.at("autoRun.state").filter(|s| known(s) == Some("Enabled")) else { continue };
        for id in image.targets("gallery").filter_map(|t| t.get("galleryImageId")) {
            let Some(version) = super::duplicate_target::version(id) else { continue };
            let title = format!("each new template builds version `{version}` again");
            let d = finding(&code::FIXED_VERSION_AUTO_RUN, &id.origin, title)
                .here("a version can be made once: the next build fails in its last phase")
                .also(run.origin.span, "a build starts whenever the template is created")
                .help("leave the version of the target out, or change it with every change of the template");
            sink.push(d);
        }
    }
}
