//! Purchase plans that a source lacks, or that source and definition do not share.

use std::sync::Arc;

use crate::check::{Fact, WrittenIn, marketplace_image};
use crate::diag::{Diagnostic, Sink, code};
use crate::lint::finding::finding;
use crate::lint::values::known;
use crate::lint::{Confidence, Context, Image, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::PLAN_MISMATCH,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/image-version#purchase-plan-information",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        if let Some(d) = missing(cx, image) {
            sink.push(d);
            continue;
        }
        let Some(source) = &image.facts().plan else { continue };
        for target in image.targets("gallery") {
            let Some(id) = target.get("galleryImageId") else { continue };
            let Some((_, definition)) = cx.definition(id) else { continue };
            // What these files deploy has what they say; what exists already may have more.
            let none = Fact { value: None, span: definition.span };
            let Some(stated) = definition.facts.plan.as_ref().or(definition.is_declared().then_some(&none))
            else {
                continue;
            };
            let title = match (&source.value, &stated.value) {
                (Some(a), Some(b)) if !a.eq_ignore_ascii_case(b) => {
                    "the definition has another plan than the source"
                }
                (Some(_), None) => "the source has a plan, but the definition has none",
                (None, Some(_)) => "the definition has a plan, but the source has none",
                _ => continue,
            };
            let d = finding(&code::PLAN_MISMATCH, &id.origin, title)
                .here("source and definition must have the same plan");
            sink.push(places(cx, d, source, stated));
        }
    }
}

/// A platform image that has a plan, written by its parts and without it.
fn missing(cx: &Context<'_>, image: &Image<'_>) -> Option<Diagnostic> {
    let source = image.at("source").filter(|_| image.lacks("source.planInfo"))?;
    let part = |name: &str| known(source.get(name)?);
    let row = marketplace_image(part("publisher")?, part("offer")?, part("sku")?)?;
    let [publisher, product, name] = row.plan?;
    let plan = format!("publisher `{publisher}`, product `{product}`, name `{name}`");
    let place = source.get("offer").filter(|_| cx.program.written_in == WrittenIn::Json).unwrap_or(source);
    let d = finding(&code::PLAN_MISMATCH, &place.origin, "the source has a plan, which is not told")
        .here(format!("the plan of this image: {plan}"))
        .note("Azure refuses to make the build VM: \"PurchasePlanNotProvided\"");
    Some(d.help(match cx.program.written_in {
        WrittenIn::Aib => format!("write `marketplace.{}`, which has it", row.name),
        WrittenIn::Json => "write it as `planInfo`: `planPublisher`, `planProduct`, `planName`".to_owned(),
    }))
}

type Plan = Fact<Option<Arc<str>>>;

fn places(cx: &Context<'_>, d: Diagnostic, source: &Plan, stated: &Plan) -> Diagnostic {
    let says = |whose: &str, plan: &Option<Arc<str>>| match plan {
        Some(plan) => format!("the plan of {whose}: {}", words(plan)),
        None => format!("{whose} has no plan"),
    };
    d.also(stated.span, says("the definition", &stated.value))
        .also(source.span, says("the source", &source.value))
        .help(cx.words(
            "write the source's plan into the definition: `plan = { publisher = …, product = …, name = … }`",
            "write the source's plan into the definition, as its `purchasePlan`",
        ))
}

/// A plan `publisher:product:name` in words; what is not known of it is left out.
fn words(plan: &str) -> String {
    let parts = ["publisher", "product", "name"].into_iter().zip(plan.split(':'));
    let known = parts.filter(|(_, text)| !text.is_empty()).map(|(part, text)| format!("{part} `{text}`"));
    known.collect::<Vec<_>>().join(", ")
}
