//! Image templates of a document that do not wait for the definition that they name.

use crate::arm::Expr;
use crate::check::{NodeKind, ResourceId, WrittenIn};
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::waits::waits_for;
use crate::lint::{Confidence, Context, Image, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::DEFINITION_MADE_LATE,
        confidence: Confidence::Likely,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#distribute-sharedimage, \
                   https://learn.microsoft.com/azure/azure-resource-manager/templates/resource-dependency",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    // What is written from sources waits for all that it names.
    if cx.program.written_in != WrittenIn::Json || cx.has_nested() {
        return;
    }
    for image in cx.images.iter().filter(|image| !image.resource.waits_for_more && !asks(image)) {
        let stated = image.resource.depends_on.iter().copied();
        let before: Vec<ResourceId> =
            stated.flat_map(|id| waits_for(cx.program, id).into_iter().chain([id])).collect();
        let mut told = Vec::new();
        for target in image.targets("gallery") {
            let Some(id) = target.get("galleryImageId") else { continue };
            let Some((definition, resource)) = cx.definition(id) else { continue };
            // One under another condition may be there already.
            let is_made = !resource.existing
                && (resource.condition.is_none() || resource.condition == image.resource.condition);
            if !is_made || before.contains(&definition) || told.contains(&definition) {
                continue;
            }
            told.push(definition);
            let d = finding(
                &code::DEFINITION_MADE_LATE,
                &id.origin,
                "the template does not wait for the definition that it names",
            )
            .here("an id is no dependency: both are deployed at once")
            .also(resource.span, "the definition")
            .note("the service looks for the definition when the template is created, and refuses it where there is none yet")
            .help("write this id in \"dependsOn\" of the image template, too");
            sink.push(d);
        }
    }
}

/// Whether anything of an image is asked of another resource, which is a dependency too.
fn asks(image: &Image<'_>) -> bool {
    let mut found = false;
    image.resource.body.walk(&mut |node| {
        if let NodeKind::Expr(expr) = &node.kind {
            expr.walk(&mut |part| {
                found |= matches!(part, Expr::Call { name, .. } if ASKING.iter().any(|asks| name.eq_ignore_ascii_case(asks)));
            });
        }
    });
    found
}

/// Functions that ask a resource something. `resourceInfo` and `references` take symbolic names.
const ASKING: &[&str] = &["reference", "references", "resourceInfo"];
