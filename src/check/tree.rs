//! Putting members where their rows say.

use super::program::{Key, Member, Node, NodeKind, Object};

/// Puts a member at a dotted path, making the objects on the way; objects that are there already are merged.
pub(crate) fn insert_at(object: &mut Object, path: &str, mut member: Member) {
    match path.split_once('.') {
        None => {
            member.key = Key::Str(path.into());
            let place = object.members.iter_mut().find(|m| m.key == member.key);
            match place {
                Some(old) => match (&mut old.value.kind, member.value.kind) {
                    (NodeKind::Object(a), NodeKind::Object(b)) => {
                        a.ty = a.ty.or(b.ty);
                        for m in b.members {
                            let Key::Str(key) = m.key.clone() else { continue };
                            insert_at(a, &key, m);
                        }
                        a.hidden.extend(b.hidden);
                    }
                    // What replaces a value brings its own place, labels and reference.
                    (_, kind) => *old = Member { value: Node { kind, ..member.value }, ..member },
                },
                None => object.members.push(member),
            }
        }
        Some((first, rest)) => {
            let key = Key::Str(first.into());
            if !object.members.iter().any(|m| m.key == key) {
                let origin = member.key_origin.clone();
                object.members.push(Member {
                    key: key.clone(),
                    key_origin: origin.clone(),
                    prop: None,
                    value: Node::new(NodeKind::Object(Object::default()), origin),
                });
            }
            if let Some(m) = object.members.iter_mut().find(|m| m.key == key)
                && let NodeKind::Object(inner) = &mut m.value.kind
            {
                insert_at(inner, rest, member);
            }
        }
    }
}

/// Puts members into an object as they are: those that are there already are replaced, objects in both are merged.
pub(crate) fn merge(object: &mut Object, members: Vec<Member>) {
    for member in members {
        match object.members.iter_mut().find(|m| m.key == member.key) {
            Some(old) => match (&mut old.value.kind, member.value.kind) {
                (NodeKind::Object(inner), NodeKind::Object(more)) => merge(inner, more.members),
                // What replaces a value is no longer what the table knows.
                (_, kind) => *old = Member { value: Node { kind, ..member.value }, ..member },
            },
            None => object.members.push(member),
        }
    }
}

/// Adds an element to `properties.features`.
pub(super) fn push_feature(out: &mut Object, element: Node) {
    let origin = element.origin.clone();
    let list = Member {
        key: Key::Str("features".into()),
        key_origin: origin.clone(),
        prop: None,
        value: Node::new(NodeKind::List(Vec::new()), origin),
    };
    let there = out.get("properties").and_then(|p| p.get("features")).is_some();
    if !there {
        insert_at(out, "properties.features", list);
    }
    let features = out.members.iter_mut().find(|m| m.key == Key::Str("properties".into())).and_then(|m| {
        match &mut m.value.kind {
            NodeKind::Object(o) => o.members.iter_mut().find(|m| m.key == Key::Str("features".into())),
            _ => None,
        }
    });
    if let Some(Member { value: Node { kind: NodeKind::List(items), .. }, .. }) = features {
        items.push(element);
    }
}
