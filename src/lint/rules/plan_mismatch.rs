//! Purchase plans that source and definition do not share.

use std::sync::Arc;

use crate::check::Fact;
use crate::diag::{Diagnostic, Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

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
        let Some(source) = &image.facts().plan else { continue };
        for target in image.targets("gallery") {
            let Some(id) = target.get("galleryImageId") else { continue };
            let Some((_, definition)) = cx.definition(id) else { continue };
            // What a file deploys has what it says; what exists already may have more.
            let none = Fact { value: None, span: definition.span };
            let Some(stated) = definition.facts.plan.as_ref().or((!definition.existing).then_some(&none))
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
