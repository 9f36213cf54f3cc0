//! Two targets that make the same thing.

use std::collections::HashMap;

use crate::check::{Node, Object, Resource};
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::values::{key, known, segment};
use crate::lint::{Confidence, Context, Image, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::DUPLICATE_TARGET,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#properties-distribute",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    // Two images may not write the same version or managed image either.
    pairs(targets(cx, "gallery", explicit), "the same image version", sink);
    pairs(targets(cx, "managed_image", |t| t.get("imageId")), "the same managed image", sink);
    pairs(targets(cx, "vhd", |t| t.get("uri")), "the same blob", sink);
}

/// A target: the image that it is of, and what it makes.
type Target<'a> = (&'a Resource, &'a Node);

fn targets<'a>(
    cx: &Context<'a>,
    keyword: &'static str,
    makes: impl Fn(&'a Object) -> Option<&'a Node>,
) -> Vec<Target<'a>> {
    let of_image = |image: &Image<'a>| {
        let resource = image.resource;
        image.targets(keyword).filter_map(&makes).map(move |id| (resource, id)).collect::<Vec<_>>()
    };
    cx.all_images().flat_map(of_image).collect()
}

fn pairs(targets: Vec<Target<'_>>, what: &str, sink: &mut Sink) {
    let mut seen: HashMap<(String, Option<&str>), Vec<Target<'_>>> = HashMap::new();
    for (image, id) in targets {
        let Some(key) = key(id) else { continue };
        let same = seen.entry((key, version(id))).or_default();
        let before = same.iter().rev().find(|(other, _)| other.may_stand_beside(image)).copied();
        same.push((image, id));
        if let Some((_, first)) = before.filter(|_| !image.imported) {
            let d = finding(&code::DUPLICATE_TARGET, &id.origin, format!("two targets make {what}"))
                .here("this one")
                .also(first.origin.span, "and this one")
                .help("remove one of them, or let them make different things");
            sink.push(d);
        }
    }
}

/// The id of a gallery target with a version of its own; others are numbered by the service.
fn explicit(target: &Object) -> Option<&Node> {
    let id = target.get("galleryImageId")?;
    version(id).map(|_| id)
}

/// The version that an id ends in.
pub(super) fn version(id: &Node) -> Option<&str> {
    let referred = id.reference.as_ref().and_then(|r| r.version.as_deref());
    referred.or_else(|| segment(known(id)?, "versions"))
}
