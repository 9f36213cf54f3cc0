//! What values are by what they hold.

use crate::json::{Object, Value};

/// Whether a value is the body of a resource: it says its type, or has what image templates have.
pub(super) fn is_body(value: &Value) -> bool {
    let Some(object) = value.as_object() else { return false };
    if text_of(object, "type").is_some_and(|ty| ty.contains('/')) {
        return true;
    }
    let properties = object.member_ignoring_case("properties").and_then(|m| m.value.as_object());
    properties.is_some_and(|properties| {
        ["source", "distribute"].iter().any(|key| properties.member_ignoring_case(key).is_some())
    })
}

pub(super) fn text_of<'v>(object: &'v Object, key: &str) -> Option<&'v str> {
    object.member_ignoring_case(key)?.value.as_text()
}
