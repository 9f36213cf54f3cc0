//! Definitions that leave to a default what cannot be changed later, since that default is not what it was.

use crate::check::{Node, NodeKind, Resource, WrittenIn};
use crate::diag::{Diagnostic, Sink, code};
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::DEFAULTED_DEFINITION,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/shared-image-galleries#image-definitions",
        on: true,
    },
    check,
};

/// From this version on a definition is of generation 2 and supports Trusted Launch, unless it says otherwise.
const CHANGED_IN: &str = "2025-03-03";

fn check(cx: &Context<'_>, sink: &mut Sink) {
    // Sources always write both.
    if cx.program.written_in != WrittenIn::Json {
        return;
    }
    for (_, definition) in cx.program.deployed("definition") {
        let is_new = definition.version().is_some_and(|version| version.0 >= CHANGED_IN);
        let Some(properties) = definition.body.get("properties").filter(|_| is_new) else { continue };
        if properties.as_object().is_none() {
            continue;
        }
        let (what, default, write) = match (properties.get("hyperVGeneration"), states_security(definition)) {
            (None, Some(true)) => ("generation", "V2", "\"hyperVGeneration\""),
            (None, Some(false)) => (
                "generation and security type",
                "V2 and TrustedLaunchSupported",
                "\"hyperVGeneration\", and a feature named \"SecurityType\"",
            ),
            (Some(Node { kind: NodeKind::Str(generation), .. }), Some(false)) if &**generation == "V2" => {
                ("security type", "TrustedLaunchSupported", "a feature named \"SecurityType\"")
            }
            _ => continue,
        };
        let d = Diagnostic::new(
            &code::DEFAULTED_DEFINITION,
            definition.span,
            format!("a changed default decides the {what} of `{}`", definition.declared),
        )
        .here(format!("from API version {CHANGED_IN} on this is {default}; before, V1 and no security type"))
        .note("neither can be changed once the definition exists, and an image that is built into it has to have the same")
        .help(format!("write {write}"));
        sink.push(d);
    }
}

/// Whether a definition says its security type; none if nobody knows its features.
fn states_security(definition: &Resource) -> Option<bool> {
    let Some(features) = definition.body.at("properties.features") else { return Some(false) };
    let mut states = false;
    for feature in features.as_list()? {
        states |= &**feature.get("name")?.as_str()? == "SecurityType";
    }
    Some(states)
}
