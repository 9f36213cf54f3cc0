//! Bodies of resources in documents that are no template: what tools and the documentation of the REST API put around them.

use super::model::Value;
use crate::base::pointer_step;

/// The bodies in a document, with pointers to them: it is one or a list of some, an answer that lists some, or an example of
/// the REST API, of which the request counts before the answers. None if it is none of these.
pub fn bodies(root: &Value, is_body: fn(&Value) -> bool) -> Option<Vec<(String, &Value)>> {
    if let Some(found) = one_or_more(root, "", is_body) {
        return Some(found);
    }
    // A template may have members of these names too.
    let object = root.as_object().filter(|object| object.member_ignoring_case("resources").is_none())?;
    if let Some(found) = object.get("value").and_then(|value| listed(value, "/value", is_body)) {
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
        let many = || listed(body.get("value")?, &format!("{at}/value"), is_body);
        one_or_more(body, &at, is_body).or_else(many)
    })
}

fn one_or_more<'v>(
    value: &'v Value,
    at: &str,
    is_body: fn(&Value) -> bool,
) -> Option<Vec<(String, &'v Value)>> {
    if is_body(value) { Some(vec![(at.to_owned(), value)]) } else { listed(value, at, is_body) }
}

/// The elements of a list of bodies.
fn listed<'v>(value: &'v Value, at: &str, is_body: fn(&Value) -> bool) -> Option<Vec<(String, &'v Value)>> {
    let items = value.as_list().filter(|items| !items.is_empty() && items.iter().all(is_body))?;
    Some(items.iter().enumerate().map(|(index, item)| (format!("{at}/{index}"), item)).collect())
}
