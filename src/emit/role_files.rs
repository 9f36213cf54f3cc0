//! One file a custom role, in the form that `az role definition create` reads.

use super::backend::{Artifact, Context};
use super::raw;
use super::roles::{description, display_name};
use super::text::{Slugs, clip};
use crate::arm::{Deployment, Expr, print};
use crate::plan::{Action, Grant, Json, Permission, Roles, Scope};

/// What stands for the subscription where it is not known.
const SUBSCRIPTION: &str = "<subscription-id>";
/// What stands for the resource group where it is not known.
const GROUP: &str = "<resource-group>";

/// The files of all custom roles.
pub(super) fn files(context: &Context<'_>, roles: &Roles) -> Vec<Artifact> {
    let mut slugs = Slugs::default();
    let custom = roles.grants.iter().filter_map(|grant| match &grant.permission {
        Permission::Custom(actions) => Some((grant, actions)),
        Permission::BuiltIn(_) => None,
    });
    let files = custom.map(|(grant, actions)| {
        let place = match (&grant.scope.group, &grant.scope.resource) {
            (None, None) => "own group".to_owned(),
            _ => grant.scope.label(),
        };
        let slug = slugs.unique(&format!("{} {place}", grant.principal.label()));
        let name = format!("{}.{slug}.role.json", context.stem);
        Artifact { name, text: file(context, grant, actions).pretty() }
    });
    files.collect()
}

fn file(context: &Context<'_>, grant: &Grant, actions: &[Action]) -> Json {
    Json::object([
        ("Name", Json::str(clip(&display_name(&context.title(), grant), 512))),
        ("IsCustom", Json::Bool(true)),
        ("Description", Json::str(description(&grant.reasons))),
        ("Actions", Json::texts(actions.iter().map(|action| &**action))),
        ("NotActions", Json::List(Vec::new())),
        ("DataActions", Json::List(Vec::new())),
        ("NotDataActions", Json::List(Vec::new())),
        ("AssignableScopes", Json::List(vec![Json::str(group_id(&grant.scope, context.deployment))])),
    ])
}

/// The id of the group that the role may be assigned in; what is not known stands in angle brackets.
fn group_id(scope: &Scope, deployment: &Deployment) -> String {
    let part = |expr: &Option<Expr>, own: &Option<String>, hole: &str| match expr {
        Some(expr) => match raw::known(expr, deployment) {
            Some(Json::Str(text)) => text.to_string(),
            _ => format!("<{}>", print(expr, &|_| None)),
        },
        None => own.clone().unwrap_or_else(|| hole.to_owned()),
    };
    let subscription = part(&scope.subscription, &deployment.subscription, SUBSCRIPTION);
    let group = part(&scope.group, &deployment.resource_group, GROUP);
    format!("/subscriptions/{subscription}/resourceGroups/{group}")
}
