//! The deployment template.

use std::sync::Arc;

use super::roles::Granted;
use crate::arm;
use crate::check::{Node, Origin, Output, Param, Resource, ResourceId};
use crate::plan::{Json, Lower, Plan, Planned, outermost, patch};

/// The schema of templates that are deployed to a resource group.
pub(super) const SCHEMA: &str =
    "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";

/// The template of a plan, with roles that its images wait for.
pub(super) fn template(plan: &Plan<'_>, granted: Granted) -> Json {
    written(plan, &plan.resources.iter().collect::<Vec<_>>(), granted)
}

fn written(plan: &Plan<'_>, planned: &[&Planned], granted: Granted) -> Json {
    plan.lower(|lower| {
        let mut resources = match plan.program.is_symbolic() {
            true => symbolic_resources(plan, planned, lower, &granted.waits),
            false => Json::List(resources(plan, planned, lower, &granted.waits)),
        };
        match &mut resources {
            Json::Object(named) => {
                named.extend(granted.resources.into_iter().map(|(name, json)| (name.into(), json)));
            }
            Json::List(list) => list.extend(granted.resources.into_iter().map(|(_, json)| json)),
            _ => {}
        }
        let variables = plan.variables.iter().map(|v| (Arc::clone(&v.name), lower.expr(&v.expr)));
        let variables =
            variables.chain(granted.variables.into_iter().map(|(name, value)| (name.into(), value)));
        let outputs = plan.program.outputs.iter().map(|o| (Arc::clone(&o.name), output(lower, o)));
        let mut document = document(Document {
            parameters: both(parameters(&plan.params), granted.parameters),
            variables: Json::object(variables),
            resources,
            outputs: Json::object(outputs),
        });
        if let Json::Object(members) = &mut document {
            for member in &plan.program.template.members {
                if let Some(value) = lower.node(&member.value) {
                    patch(members, lower.key(&member.key), value);
                }
            }
        }
        document
    })
}

/// The members of two objects; what both have, once.
fn both(one: Json, other: Json) -> Json {
    match (one, other) {
        (Json::Object(mut members), Json::Object(others)) => {
            for (name, value) in others {
                if !members.iter().any(|(known, _)| known.eq_ignore_ascii_case(&name)) {
                    members.push((name, value));
                }
            }
            Json::Object(members)
        }
        (one, _) => one,
    }
}

/// Whether it is an image template, which waits for the roles of its identity.
fn waits_for_roles(resource: &Resource) -> bool {
    resource.kind.keyword() == "image"
}

/// The template of some resources of a plan, which wait for nothing that is not in it, without outputs. It has all
/// parameters of the whole, so that the same file gives them.
pub(super) fn part(plan: &Plan<'_>, keeps: &dyn Fn(ResourceId) -> bool, granted: Granted) -> Json {
    let kept: Vec<Planned> = plan
        .resources
        .iter()
        .filter(|planned| keeps(planned.id))
        .map(|planned| Planned {
            id: planned.id,
            name: planned.name.clone(),
            depends_on: planned.depends_on.iter().copied().filter(|id| keeps(*id)).collect(),
        })
        .collect();
    let mut json = written(plan, &kept.iter().collect::<Vec<_>>(), granted);
    if let Json::Object(members) = &mut json {
        members.retain(|(name, _)| &**name != "outputs");
    }
    json
}

fn resources(plan: &Plan<'_>, planned: &[&Planned], lower: &Lower<'_>, roles: &[Node]) -> Vec<Json> {
    let of = |planned: &&Planned| {
        let ids = planned.depends_on.iter().filter_map(|id| plan.program.resource(*id)).map(|r| &r.id);
        let resource = plan.program.resource(planned.id)?;
        let roles = roles.iter().filter(|_| waits_for_roles(resource));
        Some(lower.resource(resource, Some(&planned.name), &ids.chain(roles).collect::<Vec<_>>()))
    };
    planned.iter().filter_map(of).collect()
}

/// The resources under their symbolic names, by which others name them in `dependsOn`; first the existing ones that are
/// asked for.
fn symbolic_resources(plan: &Plan<'_>, planned: &[&Planned], lower: &Lower<'_>, roles: &[Node]) -> Json {
    let symbols: Vec<Node> =
        plan.program.symbols().into_iter().map(|symbol| Node::str(symbol, Origin::default())).collect();
    let symbol = |id: ResourceId| symbols.get(id.0 as usize);
    let listed = |planned: &Planned| {
        let resource = plan.program.resource(planned.id)?;
        let json = lower.listed(resource, outermost(&plan.program, resource), &planned.name);
        Some((symbol(planned.id)?.as_str()?.clone(), json))
    };
    let of = |planned: &&Planned| {
        let resource = plan.program.resource(planned.id)?;
        let roles = roles.iter().filter(|_| waits_for_roles(resource));
        let waits: Vec<&Node> = planned.depends_on.iter().filter_map(|id| symbol(*id)).chain(roles).collect();
        let json = lower.resource(resource, Some(&planned.name), &waits);
        Some((symbol(planned.id)?.as_str()?.clone(), json))
    };
    let existing = plan.listed.iter().filter_map(listed);
    Json::Object(existing.chain(planned.iter().filter_map(of)).collect())
}

/// The parts of a template.
pub(super) struct Document {
    /// The parameters.
    pub(super) parameters: Json,
    /// The variables.
    pub(super) variables: Json,
    /// The resources.
    pub(super) resources: Json,
    /// The outputs.
    pub(super) outputs: Json,
}

/// Puts a template together; parameters, variables and outputs are left out where there are none.
pub(super) fn document(parts: Document) -> Json {
    let mut members = vec![("$schema", Json::str(SCHEMA)), ("contentVersion", Json::str("1.0.0.0"))];
    let some = |json: &Json| !matches!(json, Json::Object(members) if members.is_empty());
    members.extend(Some(("parameters", parts.parameters)).filter(|(_, json)| some(json)));
    members.extend(Some(("variables", parts.variables)).filter(|(_, json)| some(json)));
    members.push(("resources", parts.resources));
    members.extend(Some(("outputs", parts.outputs)).filter(|(_, json)| some(json)));
    Json::object(members)
}

/// The declarations of parameters.
pub(super) fn parameters<'p>(params: impl IntoIterator<Item = &'p Param>) -> Json {
    // A default cannot use variables: what is shared is written out.
    let lower = Lower { variable: &|_| None };
    Json::object(params.into_iter().map(|param| (Arc::clone(&param.name), parameter(&lower, param))))
}

fn parameter(lower: &Lower<'_>, param: &Param) -> Json {
    let fits = |ty: &&arm::ParameterType| ty.holds == param.arm_type && ty.secret == param.secret;
    let arm_type = arm::PARAMETER_TYPES.iter().find(fits).map_or(param.arm_type, |ty| ty.name);
    let mut members = vec![("type", Json::str(arm_type))];
    let mut put = |key, value: Option<Json>| members.extend(value.map(|value| (key, value)));
    put("defaultValue", param.default.as_ref().and_then(|default| lower.node(default)));
    put("allowedValues", allowed(param));
    put("minValue", param.range.0.map(Json::int));
    put("maxValue", param.range.1.map(Json::int));
    put("minLength", param.length.0.map(Json::int));
    put("maxLength", param.length.1.map(Json::int));
    put("metadata", param.description.as_ref().map(description));
    Json::object(members)
}

/// The allowed values; those of a number are numbers.
fn allowed(param: &Param) -> Option<Json> {
    let value = |text: &Arc<str>| match param.arm_type {
        "int" => Json::decimal(text),
        _ => Json::str(crate::arm::escape_literal(text)),
    };
    (!param.allowed.is_empty()).then(|| Json::List(param.allowed.iter().map(value).collect()))
}

fn description(text: &Arc<str>) -> Json {
    Json::object([("description", Json::str(crate::arm::escape_literal(text)))])
}

fn output(lower: &Lower<'_>, output: &Output) -> Json {
    let mut members = vec![("type", Json::str(output.arm_type))];
    members.extend(output.condition.as_ref().map(|condition| ("condition", lower.expr(condition))));
    members.extend(lower.node(&output.value).map(|value| ("value", value)));
    members.extend(output.description.as_ref().map(|text| ("metadata", description(text))));
    Json::object(members)
}
