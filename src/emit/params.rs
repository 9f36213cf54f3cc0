//! The parameters file.

use std::sync::Arc;

use crate::check::{Node, Param};
use crate::plan::{Json, Plan};

const SCHEMA: &str = "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#";
/// What stands for a vault that the author has to name.
const VAULT: &str = "/subscriptions/<subscription-id>/resourceGroups/<resource-group>/providers/Microsoft.KeyVault/vaults/<vault>";

/// A parameters file for a plan.
///
/// A default that is known is written as it is; one that only Azure computes is left out, since a parameters file
/// holds no expressions and the template has it anyway. What must be given gets the first allowed value, or the empty
/// value of its type. A secret is taken from a vault.
pub(super) fn file(plan: &Plan<'_>) -> Json {
    let params = plan.params.iter().filter_map(|param| Some((Arc::clone(&param.name), entry(param)?)));
    Json::object([
        ("$schema", Json::str(SCHEMA)),
        ("contentVersion", Json::str("1.0.0.0")),
        ("parameters", Json::object(params)),
    ])
}

fn entry(param: &Param) -> Option<Json> {
    if param.secret {
        let vault = Json::object([("id", Json::str(VAULT))]);
        let name = Json::str(param.name.replace('_', "-"));
        let reference = Json::object([("keyVault", vault), ("secretName", name)]);
        return param.default.is_none().then(|| Json::object([("reference", reference)]));
    }
    let value = match &param.default {
        Some(default) => plain(default)?,
        None => placeholder(param),
    };
    Some(Json::object([("value", value)]))
}

/// A value without the escapes of templates; `None` if something in it is an expression.
fn plain(node: &Node) -> Option<Json> {
    super::raw::node(node, &mut |_, _| None)
}

/// The value of a parameter that must be given.
fn placeholder(param: &Param) -> Json {
    match (param.arm_type, param.allowed.first()) {
        ("int", Some(first)) => Json::decimal(first),
        (_, Some(first)) => Json::str(Arc::clone(first)),
        ("int", None) => Json::int(param.range.0.unwrap_or(0)),
        ("bool", None) => Json::Bool(false),
        ("object", None) => Json::Object(Vec::new()),
        ("array", None) => Json::List(Vec::new()),
        (_, None) => Json::str(""),
    }
}
