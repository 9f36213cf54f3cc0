//! Templates that follow the first schema.

use crate::diag::{Applicability, Sink, code};
use crate::lint::finding::finding;
use crate::lint::values::known;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::OLD_SCHEMA,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/azure-resource-manager/templates/syntax#template-format",
        on: false,
    },
    check,
};

/// What the address of the old schema ends in, behind the scheme, and that of the current one.
const OLD: &str = "schema.management.azure.com/schemas/2015-01-01/deploymenttemplate.json";
const CURRENT: &str = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";

fn check(cx: &Context<'_>, sink: &mut Sink) {
    let Some(schema) = &cx.program.schema else { return };
    let Some((_, address)) = known(schema).and_then(|text| text.split_once("://")) else { return };
    if !address.trim_end_matches('#').eq_ignore_ascii_case(OLD) {
        return;
    }
    let d = finding(&code::OLD_SCHEMA, &schema.origin, "the schema of 2015 has a successor")
        .here("editors check the template against this one, which does not know what came later")
        .help(format!("write \"{CURRENT}\""));
    sink.push(d.fix(
        "name the current schema",
        schema.origin.span,
        format!("\"{CURRENT}\""),
        Applicability::Unsafe,
    ));
}
