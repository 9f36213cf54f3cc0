//! A difference as JSON, described in `docs/reference/diff.md`.

use super::model::{Change, Difference, ResourceChange, RoleChange};
use crate::plan::Json;

/// The name of the shape; the number grows when a reader of the old shape would break.
const SCHEMA: &str = "aib-diff/1";

/// The document, with two spaces a level.
pub fn to_json(difference: &Difference, old: &str, new: &str) -> String {
    let list = |changes: &[Change]| Json::List(changes.iter().map(change).collect());
    let mut members = vec![
        ("schema", Json::str(SCHEMA)),
        ("old", Json::str(old)),
        ("new", Json::str(new)),
        ("different", Json::Bool(!difference.is_empty())),
        ("parameters", list(&difference.parameters)),
        ("variables", list(&difference.variables)),
        ("resources", Json::List(difference.resources.iter().map(resource).collect())),
        ("outputs", list(&difference.outputs)),
    ];
    let roles = difference.roles.as_ref().map(|roles| Json::List(roles.iter().map(role).collect()));
    members.push(("roles", roles.unwrap_or(Json::Null)));
    Json::object(members).pretty()
}

fn text(text: Option<&str>) -> Json {
    text.map_or(Json::Null, Json::str)
}

fn resource(found: &ResourceChange) -> Json {
    let words = found.consequences.iter().map(|word| {
        Json::object([("about", Json::str(word.topic.name())), ("text", Json::str(word.text.as_str()))])
    });
    Json::object([
        ("kind", Json::str(found.kind.name())),
        ("class", Json::str(found.class.name())),
        ("type", Json::str(found.ty.as_str())),
        ("name", Json::str(found.name.as_str())),
        ("oldName", text(found.old_name.as_deref())),
        ("oldPointer", text(found.pointers.0.as_deref())),
        ("newPointer", text(found.pointers.1.as_deref())),
        ("changes", Json::List(found.changes.iter().map(change).collect())),
        ("consequences", Json::List(words.collect())),
    ])
}

fn change(change: &Change) -> Json {
    let mut members = vec![
        ("kind", Json::str(change.kind.name())),
        ("path", Json::str(change.path.as_str())),
        ("oldPath", text(change.old_path.as_deref())),
        ("label", text(change.label.as_deref())),
    ];
    // A value that is absent has no member; `null` would be one.
    members.extend(change.old.as_ref().map(|tree| ("old", tree.to_json())));
    members.extend(change.new.as_ref().map(|tree| ("new", tree.to_json())));
    members.push(("byDefault", Json::Bool(change.by_default)));
    members.push(("class", text(change.class.map(|class| class.name()))));
    members.push(("why", text(change.rule.map(|rule| rule.why))));
    members.push(("evidence", text(change.rule.map(|rule| rule.evidence.name()))));
    Json::object(members)
}

fn role(role: &RoleChange) -> Json {
    Json::object([
        ("kind", Json::str(role.kind.name())),
        ("principal", Json::str(role.principal.as_str())),
        ("principalId", Json::str(role.principal_id.as_str())),
        ("scope", Json::str(role.scope.as_str())),
        ("scopeId", Json::str(role.scope_id.as_str())),
        ("old", text(role.old.as_deref())),
        ("new", text(role.new.as_deref())),
        ("reasons", Json::texts(role.reasons.iter().map(String::as_str))),
    ])
}
