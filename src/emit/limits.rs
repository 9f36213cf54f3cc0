//! What a template may hold at most.

use super::backend::{EmitError, Fault};
use crate::plan::{Json, Roles};

/// The most of each that a template holds: azure-resource-manager/templates/best-practices, "Template limits".
const LIMITS: &[(&str, usize)] =
    &[("parameters", 256), ("variables", 512), ("resources", 800), ("outputs", 64)];

/// What a template, or a deployment in it, has too many of. That what the author wrote comes to so many is an error of the
/// checker; so it is the roles that make it too large.
pub(super) fn too_large(template: &Json, roles: &Roles) -> Option<EmitError> {
    let count = |json: &Json| match json {
        Json::Object(members) => members.len(),
        Json::List(items) => items.len(),
        _ => 0,
    };
    let span = roles.grants.first().and_then(|grant| grant.reasons.first()).map(|reason| reason.span)?;
    for (what, most) in LIMITS {
        let count = template.get(what).map_or(0, count);
        if count > *most {
            return Some(EmitError {
                fault: Fault::Limit,
                title: format!("the template of the roles has {count} {what}, ARM takes {most}"),
                span,
                label: "the roles begin with what this needs".to_owned(),
                causes: Vec::new(),
                help: "split the file: each part has roles of its own".to_owned(),
            });
        }
    }
    let Some(Json::List(resources)) = template.get("resources") else { return None };
    let nested = resources.iter().filter_map(|resource| resource.get("properties")?.get("template"));
    nested.into_iter().find_map(|template| too_large(template, roles))
}
