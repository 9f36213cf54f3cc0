//! Places in a JSON document as people and Azure write them: JSON pointers, and paths such as
//! `properties.customize[3].sha256Checksum`.

use crate::base::{pointer_step, pointer_steps};
use crate::json::{Data, Value};

/// A place as it is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Written {
    /// A JSON pointer: exact, from the document's root.
    Pointer(Vec<String>),
    /// A path of an error message: in any letter case, from the root or from a resource.
    Path(Vec<String>),
}

/// How far a place leads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Reached {
    /// The pointer to the last thing that is there.
    pub(super) pointer: String,
    /// What is not there any more.
    pub(super) missing: Vec<String>,
}

/// The members of a template that a path from its root begins with.
const ROOTS: &[&str] = &["resources", "parameters", "variables", "outputs", "$schema", "contentVersion"];

/// Follows the steps of a path from a resource; Azure leaves `properties` out of some.
pub(super) fn from_resource(resource: &Found<'_>, steps: &[String]) -> Reached {
    let whole = follow(resource.value, &resource.pointer, steps, true);
    let Some(properties) = resource.value.get("properties").filter(|_| whole.pointer == resource.pointer)
    else {
        return whole;
    };
    let inner = follow(properties, &format!("{}/properties", resource.pointer), steps, true);
    if inner.missing.len() < whole.missing.len() { inner } else { whole }
}

/// The path in a sentence of an error message: the first in quotes that looks like one, else the first word that does.
fn in_sentence(text: &str) -> Option<&str> {
    let is_path = |part: &&str| {
        let steps = split(part).map_or(0, |steps| steps.len());
        steps > 0 && !part.contains(char::is_whitespace) && (steps > 1 || part.starts_with('/'))
    };
    let quoted = |quote: char| text.split(quote).skip(1).step_by(2).find(is_path);
    let words = || {
        let mut words = text.split_whitespace().map(|word| word.trim_matches(['.', ',', ':', ';', '(', ')']));
        words.find(|word| is_path(word) && word.contains(['[', '.', '/']))
    };
    quoted('\'').or_else(|| quoted('"')).or_else(|| quoted('`')).or_else(words)
}

/// Reads a place; the error says what is wrong with it.
pub(super) fn parse(text: &str) -> Result<Written, String> {
    let text = text.trim();
    let is_sentence = text.contains(char::is_whitespace) && !text.starts_with('/');
    let text = if is_sentence { in_sentence(text).ok_or("no path is in it")? } else { text };
    let text = text.strip_prefix('#').unwrap_or(text);
    if text.is_empty() || text.starts_with('/') {
        return Ok(Written::Pointer(pointer_steps(text).collect()));
    }
    let mut steps = split(text)?;
    // Azure names the template within the deployment that carries it.
    let whole = ["properties", "template"];
    if steps.len() > 2 && steps.iter().zip(whole).all(|(step, word)| step.eq_ignore_ascii_case(word)) {
        steps.drain(..2);
    }
    Ok(Written::Path(steps))
}

/// The steps of a path: `a.b[0]['c.d']`.
fn split(text: &str) -> Result<Vec<String>, String> {
    let mut steps = Vec::new();
    let mut rest = text.strip_prefix("$.").or_else(|| text.strip_prefix('$')).unwrap_or(text);
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix('[') {
            let (step, after) = bracketed(inner).ok_or("a bracket is not closed")?;
            steps.push(step);
            rest = after;
        } else {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let (step, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            if step.is_empty() {
                return Err("a name is missing between two dots".to_owned());
            }
            steps.push(step.to_owned());
            rest = after;
        }
        if let Some(after) = rest.strip_prefix('.') {
            if after.is_empty() {
                return Err("it ends in a dot".to_owned());
            }
            rest = after;
        }
    }
    if steps.is_empty() { Err("it is empty".to_owned()) } else { Ok(steps) }
}

/// What stands in brackets, without its quotes, and what follows.
fn bracketed(text: &str) -> Option<(String, &str)> {
    for quote in ['\'', '"'] {
        if let Some(inner) = text.strip_prefix(quote) {
            let (step, after) = inner.split_once(quote)?;
            return Some((step.to_owned(), after.strip_prefix(']')?));
        }
    }
    let (step, after) = text.split_once(']')?;
    Some((step.trim().to_owned(), after))
}

/// Whether a path begins at the root of a template.
pub(super) fn is_from_root(steps: &[String]) -> bool {
    steps.first().is_some_and(|step| ROOTS.iter().any(|root| root.eq_ignore_ascii_case(step)))
}

/// Follows steps from a value that `pointer` leads to.
pub(super) fn follow(from: &Value, pointer: &str, steps: &[String], any_case: bool) -> Reached {
    let mut at = from;
    let mut reached = pointer.to_owned();
    for (index, step) in steps.iter().enumerate() {
        let next = match &at.data {
            Data::Object(object) => {
                let member = if any_case { object.member_ignoring_case(step) } else { object.member(step) };
                member.map(|member| (&member.value, pointer_step(&member.key.text)))
            }
            Data::List(items) => {
                step.parse::<usize>().ok().and_then(|n| Some((items.get(n)?, n.to_string())))
            }
            _ => None,
        };
        let Some((value, name)) = next else {
            return Reached { pointer: reached, missing: steps.get(index..).unwrap_or_default().to_vec() };
        };
        at = value;
        reached = format!("{reached}/{name}");
    }
    Reached { pointer: reached, missing: Vec::new() }
}

/// A resource of a document: where it is, and what it says of itself.
pub(super) struct Found<'d> {
    /// The pointer to it; empty for a raw body.
    pub(super) pointer: String,
    /// The resource.
    pub(super) value: &'d Value,
    /// Its type as written.
    pub(super) ty: &'d str,
    /// Its name as written.
    pub(super) name: &'d str,
}

/// Every resource of a template, those within others included, or the one that a raw body is.
pub(super) fn resources(root: &Value) -> Vec<Found<'_>> {
    let mut out = Vec::new();
    if root.get("type").and_then(Value::as_text).is_some_and(|ty| ty.contains('/')) {
        resource(root, String::new(), &mut out);
    } else {
        below(root, "", &mut out);
    }
    out
}

fn below<'d>(value: &'d Value, pointer: &str, out: &mut Vec<Found<'d>>) {
    match value.get("resources").map(|resources| &resources.data) {
        Some(Data::List(items)) => {
            for (index, item) in items.iter().enumerate() {
                resource(item, format!("{pointer}/resources/{index}"), out);
            }
        }
        Some(Data::Object(object)) => {
            for member in object.effective() {
                resource(
                    &member.value,
                    format!("{pointer}/resources/{}", pointer_step(&member.key.text)),
                    out,
                );
            }
        }
        _ => {}
    }
}

fn resource<'d>(value: &'d Value, pointer: String, out: &mut Vec<Found<'d>>) {
    let text = |key| value.get(key).and_then(Value::as_text).unwrap_or_default();
    below_later(value, Found { pointer, value, ty: text("type"), name: text("name") }, out);
}

/// The resource first, then what is in it.
fn below_later<'d>(value: &'d Value, found: Found<'d>, out: &mut Vec<Found<'d>>) {
    let pointer = found.pointer.clone();
    out.push(found);
    below(value, &pointer, out);
}

#[cfg(test)]
mod tests {
    use super::{Written, follow, parse};
    use crate::base::FileId;
    use crate::json::read;

    fn path(text: &str) -> Vec<String> {
        match parse(text) {
            Ok(Written::Path(steps) | Written::Pointer(steps)) => steps,
            Err(why) => vec![format!("! {why}")],
        }
    }

    #[test]
    fn places_are_read_in_both_forms() {
        assert_eq!(path("/a~1b/0/~0"), ["a/b", "0", "~"]);
        assert_eq!(path("#/a"), ["a"]);
        assert!(path("").is_empty());
        assert_eq!(path("properties.customize[3].name"), ["properties", "customize", "3", "name"]);
        assert_eq!(path("$.a['b.c'][0]"), ["a", "b.c", "0"]);
        assert_eq!(path("properties.template.resources[1]"), ["resources", "1"]);
        let said = "Field 'distribute[0].type' has a bad value: 'x y'. Use one of SharedImage.";
        assert_eq!(path(said), ["distribute", "0", "type"]);
        assert_eq!(path("error at properties.source.sku: bad"), ["properties", "source", "sku"]);
        assert_eq!(path("foo bar"), ["! no path is in it"]);
        assert_eq!(path("a..b"), ["! a name is missing between two dots"]);
        assert_eq!(path("a[0"), ["! a bracket is not closed"]);
        assert_eq!(path("a."), ["! it ends in a dot"]);
    }

    #[test]
    fn what_is_missing_is_told() {
        let root = read(FileId(0), r#"{"a": {"B/c": [1, 2]}}"#).unwrap().root;
        let follow = |steps: &[&str], any_case| {
            let steps: Vec<String> = steps.iter().map(|step| (*step).to_owned()).collect();
            let reached = follow(&root, "", &steps, any_case);
            (reached.pointer, reached.missing.len())
        };
        assert_eq!(follow(&["a", "B/c", "1"], false), ("/a/B~1c/1".to_owned(), 0));
        assert_eq!(follow(&["A", "b/C"], true), ("/a/B~1c".to_owned(), 0));
        assert_eq!(follow(&["a", "b", "c"], false), ("/a".to_owned(), 2));
        assert_eq!(follow(&["a", "B/c", "2"], false), ("/a/B~1c".to_owned(), 1));
    }
}
