//! Definitions that say something else than the source of the image.

use crate::check::{Fact, Object, WrittenIn};
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Image, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::DEFINITION_MISMATCH,
        confidence: Confidence::Certain,
        evidence: "https://github.com/MicrosoftDocs/azure-compute-docs/pull/189",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        for target in image.targets("gallery") {
            compare(cx, image, target, sink);
        }
    }
}

fn compare(cx: &Context<'_>, image: &Image<'_>, target: &Object, sink: &mut Sink) {
    let Some(id) = target.get("galleryImageId") else { return };
    let Some((_, definition)) = cx.definition(id) else { return };
    let (source, stated) = (image.facts(), &definition.facts);
    let os = |fact: &Option<Fact<crate::schema::Os>>| {
        fact.as_ref().map(|f| Fact { value: std::sync::Arc::from(f.value.name()), span: f.span })
    };
    let pairs = [
        ("operating system", cx.words("os", "osType"), os(&source.os), os(&stated.os)),
        (
            "generation",
            cx.words("generation", "hyperVGeneration"),
            source.generation.clone(),
            stated.generation.clone(),
        ),
        ("architecture", "architecture", source.architecture.clone(), stated.architecture.clone()),
    ];
    for (what, property, source, stated) in pairs {
        let (Some(source), Some(stated)) = (source, stated) else { continue };
        if source.value.eq_ignore_ascii_case(&stated.value) {
            continue;
        }
        let title = format!(
            "the source is {}, but the definition `{}` says {}",
            source.value, definition.declared, stated.value
        );
        let d = finding(&code::DEFINITION_MISMATCH, &id.origin, title)
            .here(format!("a version of this definition must have its {what}"))
            .also(stated.span, format!("the definition's {what}"))
            .also(source.span, format!("the source's {what}"))
            .help(format!(
                "distribute to a definition with `{}`, or build from another source; the {what} of a definition cannot \
                 be changed once it exists",
                match cx.program.written_in {
                    WrittenIn::Aib => format!("{property} = {}", source.value.to_lowercase()),
                    WrittenIn::Json => format!("\"{property}\": \"{}\"", source.value),
                }
            ));
        sink.push(d);
    }
}
