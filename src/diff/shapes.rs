//! What a document is: where the bodies of resources stand in it.

use crate::base::pointer_step;
use crate::json::{Object, Value};

/// The bodies in a document that is no template, with the places where they stand: it is one or a list of some, an answer
/// that lists some, or an example of the REST API. Nothing if it is none of these.
pub(super) fn found_bodies(root: &Value) -> Option<Vec<(String, &Value)>> {
    if is_body(root) {
        return Some(vec![(String::new(), root)]);
    }
    if let Some(found) = listed(root, "") {
        return Some(found);
    }
    // A template may have members of these names too.
    let object = root.as_object().filter(|object| object.member_ignoring_case("resources").is_none())?;
    if let Some(found) = object.get("value").and_then(|value| listed(value, "/value")) {
        return Some(found);
    }
    let (sent, answers) = (object.get("parameters")?.as_object()?, object.get("responses")?.as_object()?);
    let sent = sent.effective().into_iter().find(|member| is_body(&member.value));
    if let Some(member) = sent {
        return Some(vec![(format!("/parameters/{}", pointer_step(&member.key.text)), &member.value)]);
    }
    answers.effective().into_iter().find_map(|answer| {
        let at = format!("/responses/{}/body", pointer_step(&answer.key.text));
        let body = answer.value.get("body")?;
        if is_body(body) {
            return Some(vec![(at, body)]);
        }
        listed(body, &at).or_else(|| listed(body.get("value")?, &format!("{at}/value")))
    })
}

/// The elements of a list of bodies.
fn listed<'v>(value: &'v Value, at: &str) -> Option<Vec<(String, &'v Value)>> {
    let items = value.as_list().filter(|items| !items.is_empty() && items.iter().all(is_body))?;
    Some(items.iter().enumerate().map(|(index, item)| (format!("{at}/{index}"), item)).collect())
}

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
