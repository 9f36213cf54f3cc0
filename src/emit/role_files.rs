//! One file a custom role, in the form that `az role definition create` reads.

use super::backend::{Artifact, Context, Options};
use super::raw;
use super::roles::{description, display_name};
use super::text::{Slugs, clip};
use crate::arm::{Expr, print};
use crate::plan::{Grant, Json, Permission, Roles, Scope};

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
        let slug = slugs.unique(&format!("{} {}", grant.principal.label(), grant.scope.label()));
        let name = format!("{}.{slug}.role.json", context.stem);
        Artifact { name, text: file(context, grant, actions).pretty() }
    });
    files.collect()
}

fn file(context: &Context<'_>, grant: &Grant, actions: &[&'static str]) -> Json {
    Json::object([
        ("Name", Json::str(clip(&display_name(context.stem, grant), 512))),
        ("IsCustom", Json::Bool(true)),
        ("Description", Json::str(description(&grant.reasons))),
        ("Actions", Json::texts(actions.iter().copied())),
        ("NotActions", Json::List(Vec::new())),
        ("DataActions", Json::List(Vec::new())),
        ("NotDataActions", Json::List(Vec::new())),
        ("AssignableScopes", Json::List(vec![Json::str(group_id(&grant.scope, context.options))])),
    ])
}

/// The id of the group that the role may be assigned in; what is not known stands in angle brackets.
fn group_id(scope: &Scope, options: &Options) -> String {
    let part = |expr: &Option<Expr>, own: &Option<String>, hole: &str| match expr {
        Some(expr) => match raw::known(expr, options) {
            Some(Json::Str(text)) => text.to_string(),
            _ => format!("<{}>", print(expr, &|_| None)),
        },
        None => own.clone().unwrap_or_else(|| hole.to_owned()),
    };
    let subscription = part(&scope.subscription, &options.subscription, SUBSCRIPTION);
    let group = part(&scope.group, &options.resource_group, GROUP);
    format!("/subscriptions/{subscription}/resourceGroups/{group}")
}
