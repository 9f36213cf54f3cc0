//! What resources wait for, by the resources that are meant.

use std::collections::{HashMap, HashSet};

use super::expr::{Scope, parts_of_format};
use super::ids::names_in;
use super::read::Resource;
use super::tree::Tree;
use crate::arm::{self, Expr};

/// Makes what each resource waits for a set of keys of resources, without the one that it stands in.
pub(super) fn settle_waits(resources: &mut [Resource], scope: &Scope<'_>) {
    let mut names: HashMap<String, String> = HashMap::new();
    // A symbolic name means what it names, whatever others are called.
    for resource in resources.iter() {
        let symbol = resource.symbol.as_ref().map(|symbol| symbol.to_lowercase());
        names.extend(symbol.map(|symbol| (symbol, resource.key())));
    }
    for resource in resources.iter() {
        let key = resource.key();
        let text = match &resource.name {
            Some(Tree::Text(text)) => text.to_lowercase(),
            Some(other) => other.key().to_lowercase(),
            None => continue,
        };
        let last = text.rsplit('/').next().unwrap_or(&text).to_owned();
        let turn = resource.turn.as_ref().map(|turn| turn.to_lowercase());
        for name in [Some(text), Some(last), turn].into_iter().flatten() {
            names.entry(name).or_insert_with(|| key.clone());
        }
        for form in with_type(resource, scope) {
            names.entry(form).or_insert(key.clone());
        }
    }
    let keys: HashSet<String> = resources.iter().map(Resource::key).collect();
    for resource in resources {
        let parent = resource.parent.clone().or_else(|| parent_key(resource, &keys, scope));
        let Tree::Object(members) = &mut resource.body else { continue };
        let Some(at) = members.iter().position(|(key, _)| &**key == "dependsOn") else { continue };
        let Some((_, Tree::List(waits))) = members.get_mut(at) else { continue };
        let mut settled: Vec<String> = Vec::new();
        // What exists is there already.
        let exists = |wait: &Tree| {
            let named = scope.named.get();
            matches!(wait, Tree::Text(text) if named.is_some_and(|named| named.existing.contains(&**text)))
        };
        for wait in waits.iter().filter(|wait| !exists(wait)) {
            let key = by_id(wait, &keys, scope).or_else(|| names.get(&text_key(wait)).cloned());
            let key = key.unwrap_or_else(|| wait.key());
            if Some(&key) != parent.as_ref() && !settled.contains(&key) {
                settled.push(key);
            }
        }
        settled.sort();
        if settled.is_empty() {
            members.remove(at);
        } else {
            *waits = settled.into_iter().map(|key| Tree::text(key.replace('"', "'"))).collect();
        }
    }
}

/// How a resource is called with its type before its name, or each name behind its type.
fn with_type(resource: &Resource, scope: &Scope<'_>) -> Vec<String> {
    let Some(name) = resource.name.as_ref().and_then(Tree::to_expr) else { return Vec::new() };
    let key = |parts: Vec<Expr>| text_key(&Tree::from_expr(&scope.interpolated(parts)));
    let mut out = vec![key(vec![Expr::str(format!("{}/", resource.ty)), name.clone()])];
    let mut types = resource.ty.split('/');
    let space = types.next().unwrap_or_default();
    let types: Vec<&str> = types.collect();
    let names = names_in(&name, types.len(), scope);
    if types.len() > 1 && types.len() == names.len() {
        let mut parts = vec![Expr::str(space)];
        for (ty, name) in types.into_iter().zip(names) {
            parts.extend([Expr::str(format!("/{ty}/")), name]);
        }
        out.push(key(parts));
    }
    out
}

fn text_key(tree: &Tree) -> String {
    match tree {
        Tree::Text(text) => text.to_lowercase(),
        other => other.key().to_lowercase(),
    }
}

/// The key of the resource that an id `resourceId('type', names…)` points to, if the document deploys it.
fn by_id(tree: &Tree, keys: &HashSet<String>, scope: &Scope<'_>) -> Option<String> {
    let Tree::Expr { shown, .. } = tree else { return None };
    let Ok(Expr::Call { name, args }) = arm::parse(shown) else { return None };
    let (Expr::Str(ty), names) = args.split_first()? else { return None };
    if !name.eq_ignore_ascii_case("resourceId") {
        return None;
    }
    let mut parts = Vec::new();
    for name in names {
        if !parts.is_empty() {
            parts.push(Expr::str("/"));
        }
        parts.push(name.clone());
    }
    // The names are canonical already; one name stands for itself, and several are put together as names are.
    let whole = match parts.as_slice() {
        [only] => only.clone(),
        _ => scope.interpolated(parts),
    };
    let key = format!("{ty} {}", Tree::from_expr(&whole).key()).to_lowercase();
    keys.contains(&key).then_some(key)
}

/// The key of the resource that another is a child of, by its type and name.
fn parent_key(resource: &Resource, keys: &HashSet<String>, scope: &Scope<'_>) -> Option<String> {
    let (ty, _) = resource.ty.rsplit_once('/')?;
    let outer = match resource.name.as_ref()?.to_expr()? {
        Expr::Str(name) => Expr::str(name.rsplit_once('/')?.0),
        Expr::Call { name, args } => {
            let mut parts = parts_of_format(&name, &args)?;
            // What stands behind the last slash is the own name.
            let is_slash = |part: &Expr| matches!(part, Expr::Str(text) if text.contains('/'));
            parts.truncate(parts.iter().rposition(is_slash)? + 1);
            let Some(Expr::Str(text)) = parts.pop() else { return None };
            parts.push(Expr::str(text.rsplit_once('/')?.0));
            scope.interpolated(parts)
        }
        _ => return None,
    };
    let key = format!("{ty} {}", Tree::from_expr(&outer).key()).to_lowercase();
    keys.contains(&key).then_some(key)
}
