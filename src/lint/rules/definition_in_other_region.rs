//! Definitions in another region than the template, which cost a copy of each image.

use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::values::known;
use crate::lint::{Confidence, Context, Rule, RuleMeta};
use crate::schema::{Service, region};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::DEFINITION_IN_OTHER_REGION,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#distribute-sharedimage",
        on: false,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let Some(location) = image.resource.body.get("location") else { continue };
        let Some(own) = known(location).and_then(region) else { continue };
        let mut told = Vec::new();
        for target in image.targets("gallery") {
            let Some(id) = target.get("galleryImageId") else { continue };
            let Some((at, definition)) = cx.definition(id) else { continue };
            let Some(home) = cx.region(definition) else { continue };
            let Some(its) = known(home).and_then(region) else { continue };
            // Where the service does not run, the template has to be elsewhere.
            if its.name == own.name || its.image_builder != Service::Yes || told.contains(&at) {
                continue;
            }
            told.push(at);
            let title = format!("the image is built in `{}`, its definition is in `{}`", own.name, its.name);
            let d = finding(&code::DEFINITION_IN_OTHER_REGION, &id.origin, title)
                .here("each version is copied there before it is made, and from there to all other regions")
                .also(home.origin.span, "the definition's region")
                .also(location.origin.span, "the template's")
                .help(format!(
                    "build in `{}`, or take a definition in `{}`: the region of a definition that exists cannot be changed",
                    its.name, own.name
                ));
            sink.push(d);
        }
    }
}
