//! Managed images that lie in another region than they have to.

use crate::base::Span;
use crate::check::{Node, Resource};
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::values::known;
use crate::lint::{Confidence, Context, Rule, RuleMeta};
use crate::schema::normalise_region;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::MANAGED_IMAGE_IN_OTHER_REGION,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#managedimage-source",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        if let (Some(id), Some(location)) = (image.at("source.imageId"), image.resource.body.get("location"))
            && let Some((source, its)) = elsewhere(cx, id, location)
        {
            let (own, region) = (text(location), text(its));
            let title = format!("the source `{}` is in `{region}`, the template in `{own}`", source.declared);
            let d = finding(&code::MANAGED_IMAGE_IN_OTHER_REGION, &id.origin, title)
                .here("a managed image can be built from only in its own region")
                .help("build in the region of the source; the result can be distributed to any");
            sink.push(places(d, its, "the source's region", location.origin.span, "the template's"));
        }
        for target in image.targets("managed_image") {
            let (Some(id), Some(location)) = (target.get("imageId"), target.get("location")) else {
                continue;
            };
            let Some((existing, its)) = elsewhere(cx, id, location) else { continue };
            let (own, region) = (text(location), text(its));
            let title = format!("the managed image `{}` is in `{region}`, not in `{own}`", existing.declared);
            let d = finding(&code::MANAGED_IMAGE_IN_OTHER_REGION, &id.origin, title)
                .here("the build writes this image anew, and an image cannot move")
                .help(format!("write `location = \"{region}\"`, or make another image"));
            sink.push(places(d, its, "the image's region", location.origin.span, "the target's"));
        }
    }
}

/// The managed image that an id names, and the region that it is in, if that is surely another one.
fn elsewhere<'a>(cx: &Context<'a>, id: &Node, location: &Node) -> Option<(&'a Resource, &'a Node)> {
    // One that a condition leaves out may be there from before, anywhere.
    let image =
        cx.program.resource(id.reference.as_ref()?.target).filter(|image| image.condition.is_none())?;
    let its = cx.own_region(image).filter(|_| image.kind.keyword() == "managed_image")?;
    (normalise_region(known(location)?) != normalise_region(known(its)?)).then_some((image, its))
}

fn text(region: &Node) -> &str {
    known(region).unwrap_or_default()
}

fn places(
    d: crate::diag::Diagnostic,
    its: &Node,
    what: &str,
    location: Span,
    own: &str,
) -> crate::diag::Diagnostic {
    d.also(its.origin.span, what).also(location, own)
}
