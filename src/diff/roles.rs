//! Which rights are needed on one side only.

use indexmap::IndexMap;

use super::model::{Kind, RoleChange};
use crate::arm::{Expr, print_template};
use crate::plan::{Grant, Permission, Principal, Roles};

/// Compares the rights that two programs need; what is the same is left out.
pub(super) fn compare(old: &Roles, new: &Roles) -> Vec<RoleChange> {
    let key = |grant: &Grant| {
        let role = match &grant.permission {
            Permission::BuiltIn(role) => role.guid,
            Permission::Custom(_) => "",
        };
        format!("{} {} {role}", grant.principal.key(), grant.scope.key())
    };
    let olds: IndexMap<String, &Grant> = old.grants.iter().map(|grant| (key(grant), grant)).collect();
    let news: IndexMap<String, &Grant> = new.grants.iter().map(|grant| (key(grant), grant)).collect();
    let mut out = Vec::new();
    for (key, grant) in &news {
        match olds.get(key) {
            None => out.push(change(Kind::Added, grant, None, Some(said(grant)))),
            Some(old) if old.permission != grant.permission => {
                out.push(change(Kind::Changed, grant, Some(said(old)), Some(said(grant))));
            }
            Some(_) => {}
        }
    }
    let gone = olds.iter().filter(|(key, _)| !news.contains_key(*key));
    out.extend(gone.map(|(_, grant)| change(Kind::Removed, grant, Some(said(grant)), None)));
    out
}

fn change(kind: Kind, grant: &Grant, old: Option<String>, new: Option<String>) -> RoleChange {
    RoleChange {
        kind,
        principal: grant.principal.label().to_owned(),
        principal_id: match &grant.principal {
            Principal::Identity { id, .. } => id_text(id),
            other => other.key(),
        },
        scope: grant.scope.label(),
        scope_id: id_text(&grant.scope.id()),
        old,
        new,
        reasons: grant.reasons.iter().map(|reason| reason.text.clone()).collect(),
    }
}

fn id_text(id: &Expr) -> String {
    match id {
        Expr::Str(text) => text.to_string(),
        other => print_template(other, &|_| None),
    }
}

/// A right in words.
fn said(grant: &Grant) -> String {
    match &grant.permission {
        Permission::BuiltIn(role) => role.name.to_owned(),
        Permission::Custom(actions) => {
            let short = actions.iter().map(|action| action.strip_prefix("Microsoft.").unwrap_or(action));
            short.collect::<Vec<_>>().join(", ")
        }
    }
}
