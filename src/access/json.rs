//! The report, and a comparison, as JSON.

use super::compare::Comparison;
use super::report::{Because, Block, Party, Report, Right, Role};
use crate::plan::Json;

/// The report.
pub fn to_json(report: &Report) -> String {
    let open = report.open.iter().map(|open| {
        Json::object([
            ("what", Json::str(open.what)),
            ("place", Json::str(open.place.as_str())),
            ("why", Json::str(open.why.as_str())),
        ])
    });
    let providers = report.providers.iter().map(|provider| {
        Json::object([
            ("namespace", Json::str(provider.namespace.as_str())),
            ("for", Json::str(provider.what)),
        ])
    });
    let json = Json::object([
        ("principals", Json::List(report.parties.iter().map(party).collect())),
        ("undetermined", Json::List(open.collect())),
        ("resourceProviders", Json::List(providers.collect())),
    ]);
    json.pretty()
}

fn party(party: &Party) -> Json {
    let mut members = vec![
        ("kind", Json::str(party.kind())),
        ("name", Json::str(party.label())),
        ("purpose", Json::str(party.purpose)),
    ];
    members.extend(party.id.as_ref().map(|id| ("id", Json::str(id.as_str()))));
    members.push(("rights", Json::List(party.rights.iter().map(right).collect())));
    Json::object(members)
}

fn right(right: &Right) -> Json {
    let mut members =
        vec![("scope", Json::str(right.scope.as_str())), ("scopeId", Json::str(right.scope_id.as_str()))];
    match &right.role {
        Role::Custom => members.push(("role", Json::str("custom"))),
        Role::BuiltIn { name, guid, .. } => {
            members.push(("role", Json::str("builtIn")));
            members.push(("roleName", Json::str(*name)));
            members.push(("roleId", Json::str(*guid)));
        }
    }
    members.push(("needs", Json::List(right.blocks.iter().map(block).collect())));
    Json::object(members)
}

fn block(block: &Block) -> Json {
    Json::object([
        ("actions", Json::texts(block.actions.iter().map(String::as_str))),
        ("because", Json::List(block.because.iter().map(because).collect())),
    ])
}

fn because(because: &Because) -> Json {
    Json::object([
        ("text", Json::str(because.text.as_str())),
        ("place", Json::str(because.place.as_str())),
        ("evidence", Json::str(because.evidence.name())),
        ("source", Json::str(because.source.as_str())),
    ])
}

/// A comparison with roles that people have.
pub fn comparison_to_json(comparison: &Comparison) -> String {
    let missing = comparison.missing.iter().map(|missing| {
        Json::object([
            ("action", Json::str(missing.action.as_str())),
            ("scope", Json::str(missing.scope.as_str())),
            ("because", Json::List(missing.because.iter().map(because).collect())),
        ])
    });
    let excess = comparison.excess.iter().map(|excess| {
        Json::object([
            ("role", Json::str(excess.role.as_str())),
            ("allows", Json::str(excess.pattern.as_str())),
            ("data", Json::Bool(excess.data)),
            ("neededOfIt", Json::texts(excess.needed.iter().map(String::as_str))),
        ])
    });
    let built_in = comparison.built_in.iter().map(|role| {
        let held_by = role.held_by.as_deref().map_or(Json::Null, Json::str);
        Json::object([
            ("roleName", Json::str(role.name)),
            ("scope", Json::str(role.scope.as_str())),
            ("heldBy", held_by),
        ])
    });
    let json = Json::object([
        ("exact", Json::Bool(comparison.is_exact())),
        ("missing", Json::List(missing.collect())),
        ("excess", Json::List(excess.collect())),
        ("outOfReach", Json::texts(comparison.out_of_reach.iter().map(String::as_str))),
        ("builtInRoles", Json::List(built_in.collect())),
    ]);
    json.pretty()
}
