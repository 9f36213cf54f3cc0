//! Children that stand within their parents, lifted out of them: what deploys is the same, and the parent's block takes
//! them in again as its own.

use crate::arm::{self, Expr, TemplateString};
use crate::json::{Data, Object, Value};
use crate::schema::{DEFINITION, GALLERY, IMAGE, ResourceKind, TRIGGER};

/// The kinds whose children the language has words for.
static FAMILIES: &[(&ResourceKind, &ResourceKind)] = &[(&GALLERY, &DEFINITION), (&IMAGE, &TRIGGER)];

/// The members of a resource that make something else of it than one resource.
const NOT_PLAIN: &[&str] = &["copy", "condition", "existing", "scope"];

/// A template whose galleries and images hold definitions and triggers, with these beside them; nothing if none does.
pub(super) fn lifted(root: &Value) -> Option<Value> {
    let holds = |resource: &Value| {
        let family = family(resource);
        family.is_some_and(|family| {
            children(resource).iter().any(|child| full_name(resource, child, family).is_some())
        })
    };
    if !root.get("resources")?.as_list()?.iter().any(holds) {
        return None;
    }
    let mut root = root.clone();
    let Data::Object(object) = &mut root.data else { return None };
    let section = object.members.iter_mut().rev().find(|member| &*member.key.text == "resources")?;
    let Data::List(items) = &mut section.value.data else { return None };
    let parents = std::mem::take(items);
    for mut parent in parents {
        let out = lift(&mut parent);
        items.push(parent);
        items.extend(out);
    }
    Some(root)
}

/// What a resource may hold.
fn family(resource: &Value) -> Option<(&'static ResourceKind, &'static ResourceKind)> {
    let ty = resource.get("type")?.as_text()?;
    let plain = NOT_PLAIN.iter().all(|key| resource.get(key).is_none());
    FAMILIES.iter().copied().find(|(parent, _)| plain && parent.arm_type.eq_ignore_ascii_case(ty))
}

fn children(resource: &Value) -> &[Value] {
    resource.get("resources").and_then(Value::as_list).unwrap_or_default()
}

/// The whole name of a child of one of the kinds; nothing if it is something else.
fn full_name(parent: &Value, child: &Value, (_, kind): (&ResourceKind, &ResourceKind)) -> Option<String> {
    let ty = child.get("type")?.as_text()?;
    let short = kind.arm_type.rsplit('/').next()?;
    let plain = NOT_PLAIN.iter().chain(&["resources"]).all(|key| child.get(key).is_none());
    if !plain || !short.eq_ignore_ascii_case(ty) {
        return None;
    }
    let expr = |value: &Value| match arm::parse_template_string(value.get("name")?.as_text()?).ok()? {
        TemplateString::Literal(text) => Some(Expr::str(text)),
        TemplateString::Expr(expr) => Some(expr),
    };
    match (expr(parent)?, expr(child)?) {
        (Expr::Str(parent), Expr::Str(child)) => {
            Some(arm::escape_literal(&format!("{parent}/{child}")).into_owned())
        }
        (parent, child) => {
            let whole = Expr::call("concat", vec![parent, Expr::str("/"), child]);
            Some(arm::print_template(&whole, &|_| None))
        }
    }
}

/// Takes the children out of a resource, under their whole types and names.
fn lift(parent: &mut Value) -> Vec<Value> {
    let Some(family) = family(parent) else { return Vec::new() };
    let names: Vec<Option<String>> =
        children(parent).iter().map(|child| full_name(parent, child, family)).collect();
    let Data::Object(object) = &mut parent.data else { return Vec::new() };
    let Some(at) = object.members.iter().rposition(|member| &*member.key.text == "resources") else {
        return Vec::new();
    };
    let (mut out, mut left) = (Vec::new(), Vec::new());
    if let Some(Data::List(items)) = object.members.get_mut(at).map(|member| &mut member.value.data) {
        for (mut child, name) in std::mem::take(items).into_iter().zip(names) {
            match name {
                Some(name) => {
                    if let Data::Object(object) = &mut child.data {
                        set(object, "type", family.1.arm_type);
                        set(object, "name", &name);
                    }
                    out.push(child);
                }
                None => left.push(child),
            }
        }
        *items = left;
    }
    let empty = object.members.get(at).and_then(|m| m.value.as_list()).is_some_and(<[Value]>::is_empty);
    if empty {
        let section = object.members.remove(at).value;
        move_comments(&section, &mut out);
    }
    out
}

fn set(object: &mut Object, key: &str, text: &str) {
    if let Some(member) = object.members.iter_mut().rev().find(|member| &*member.key.text == key) {
        member.value.data = Data::Text(text.into());
    }
}

/// Gives the comments at a list that is no more to its elements.
fn move_comments(list: &Value, items: &mut [Value]) {
    if let Some(first) = items.first_mut() {
        let comments = first.comments.get_or_insert_default();
        comments.before.splice(0..0, list.before().iter().cloned());
    }
    if let Some(last) = items.last_mut() {
        let comments = last.comments.get_or_insert_default();
        comments.after.extend([list.inside(), list.after()].into_iter().flatten().cloned());
    }
}
