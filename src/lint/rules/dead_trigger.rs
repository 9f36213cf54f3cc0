//! Triggers that the service refuses, or that never go off.

use std::collections::HashMap;

use crate::base::Span;
use crate::check::{Node, Resource, ResourceId};
use crate::diag::{Diagnostic, Sink, code};
use crate::lint::values::{key, known};
use crate::lint::{Confidence, Context, Image, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::DEAD_TRIGGER,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/image-builder-triggers-how-to",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    let mut first: HashMap<ResourceId, Span> = HashMap::new();
    for (_, trigger) in cx.program.deployed("trigger") {
        let Some(image) = cx.images.iter().find(|i| Some(i.id) == trigger.parent) else { continue };
        if let Some(first) = first.insert(image.id, trigger.span) {
            let d = report(trigger, "a second trigger of one image")
                .also(first, "the first")
                .help("an image takes one trigger of a kind: remove one of them");
            sink.push(d);
        }
        source(image, trigger, sink);
        targets(cx, image, trigger, sink);
    }
}

fn report(trigger: &Resource, title: &str) -> Diagnostic {
    Diagnostic::new(&code::DEAD_TRIGGER, trigger.span, title)
}

fn source(image: &Image<'_>, trigger: &Resource, sink: &mut Sink) {
    let Some(source) = image.at("source") else { return };
    let latest = |node: &Node, version: &str| {
        let d = report(trigger, "a trigger on a source that never changes")
            .here("waits for a new version of the source")
            .also(node.origin.span, format!("the source is always version `{version}`"))
            .help("build from `latest`, or remove the trigger");
        (!version.eq_ignore_ascii_case("latest")).then_some(d)
    };
    let kind = source.get("type").and_then(known);
    let found = match kind {
        Some("PlatformImage") => source.get("version").and_then(|v| latest(v, known(v)?)),
        Some("SharedImageVersion") => {
            source.get("imageVersionId").and_then(|id| latest(id, super::duplicate_target::version(id)?))
        }
        Some(_) => Some(
            report(trigger, "a trigger on a source that has no versions")
                .here("waits for a new version of the source")
                .also(source.origin.span, "the source")
                .help("build from a Marketplace image or a gallery definition, or remove the trigger"),
        ),
        None => None,
    };
    sink.extend(found);
}

fn targets(cx: &Context<'_>, image: &Image<'_>, trigger: &Resource, sink: &mut Sink) {
    let from = image.at("source.imageVersionId");
    let source = from.and_then(|id| cx.definition(id));
    let built_from = from.and_then(definition_of);
    for id in image.targets("gallery").filter_map(|t| t.get("galleryImageId")) {
        if let Some(version) = super::duplicate_target::version(id) {
            let d = report(trigger, "a trigger of an image with a fixed target version")
                .here("builds the image again and again")
                .also(id.origin.span, format!("version `{version}` can be made once only"))
                .help("leave the version of the target out, or remove the trigger");
            sink.push(d);
        }
        let declared = matches!((&source, cx.definition(id)), (Some(a), Some(b)) if a.0 == b.0);
        let named = built_from.as_ref().is_some_and(|from| key(id).as_ref() == Some(from));
        if declared || named {
            let d = report(trigger, "a trigger of an image that is its own source")
                .here("each build would set off the next")
                .also(id.origin.span, "the target is the definition that the source is a version of")
                .help("distribute to another definition, or remove the trigger");
            sink.push(d);
        }
    }
}

/// The definition that a version's id names, in the form in which ids compare; only of an id that is known.
fn definition_of(version: &Node) -> Option<String> {
    known(version)?;
    Some(key(version)?.split_once("/versions/")?.0.to_owned())
}
