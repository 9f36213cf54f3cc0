//! Versions of gallery images that are none.

use crate::base::has_placeholder;
use crate::check::{Node, Object, WrittenIn};
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::values::{known, segment};
use crate::lint::{Confidence, Context, Rule, RuleMeta};
use crate::schema::Role;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::BAD_IMAGE_VERSION,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/shared-image-galleries#image-versions",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        for id in image.targets("gallery").filter_map(|t| t.get("galleryImageId")) {
            version(id, false, sink);
        }
        for target in image.targets("gallery") {
            two_numbers(cx, target, sink);
        }
        if let Some(id) = image.at("source.imageVersionId") {
            version(id, true, sink);
        }
    }
}

/// A version at the end of a written id, beside `versioning` (image-templates.md, rule R32). In JSON, and where the
/// version is a property of its own, the table says that the two exclude each other.
fn two_numbers(cx: &Context<'_>, target: &Object, sink: &mut Sink) {
    let in_id = target.hidden(Role::TargetVersion).is_none() && cx.program.written_in == WrittenIn::Aib;
    let (Some(id), Some(versioning)) = (target.get("galleryImageId"), target.member("versioning")) else {
        return;
    };
    if !in_id || known(id).and_then(|text| segment(text, "versions")).is_none() {
        return;
    }
    let d = finding(
        &code::BAD_IMAGE_VERSION,
        &id.origin,
        "the id ends in a version, and `versioning` numbers it too",
    )
    .also(versioning.key_origin.span, "`versioning` is written here")
    .help("leave the version out of the id, or remove `versioning`");
    sink.push(d);
}

fn version(id: &Node, is_source: bool, sink: &mut Sink) {
    let Some(version) = super::duplicate_target::version(id) else { return };
    if has_placeholder(version) || is_version(version) || (is_source && version == "latest") {
        return;
    }
    let d = finding(
        &code::BAD_IMAGE_VERSION,
        &id.origin,
        format!("`{version}` is no version of a gallery image"),
    )
    .here("a version is three whole numbers below 2147483648, such as `1.2.3`");
    sink.push(match is_source {
        true => d.help("write three numbers, or `latest`"),
        false => d.help("write three numbers, or leave the version out: the service then numbers it"),
    });
}

fn is_version(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    parts.len() == 3
        && parts
            .iter()
            .all(|p| !p.is_empty() && p.chars().all(|c| c.is_ascii_digit()) && p.parse::<i32>().is_ok())
}
