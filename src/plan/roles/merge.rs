//! One custom role for each principal and scope; nothing twice.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::derive::Want;
use super::table::Needs;
use super::{Action, BuiltIn, Grant, Permission, Principal, Reason, Scope};
use crate::arm::Expr;

/// What one principal gets at one scope: its actions (for `None`) or a role of Azure's. What only a parameter names is
/// known by the number of its program too.
type Key = (Name, Name, Option<&'static str>);
type Name = (String, Option<usize>);

struct Entry {
    principal: Principal,
    scope: Scope,
    role: Option<&'static BuiltIn>,
    owner: usize,
    actions: BTreeSet<Action>,
    reasons: Vec<Reason>,
}

/// Merges what is wanted, in the order in which it is wanted first.
pub(super) fn merge(wants: Vec<Want>) -> Vec<Grant> {
    let mut entries: IndexMap<Key, Entry> = IndexMap::new();
    for Want { owner, principal, scope, reason } in wants {
        let role = match reason.feature.needs {
            Needs::Role(role) => Some(role),
            Needs::Actions(_) | Needs::Verbs(_) => None,
        };
        let key = (of_principal(&principal, owner), of_scope(&scope, owner), role.map(|role| role.guid));
        let entry = entries.entry(key).or_insert_with(|| Entry {
            principal,
            scope,
            role,
            owner,
            actions: BTreeSet::new(),
            reasons: Vec::new(),
        });
        entry.actions.extend(reason.actions.iter().cloned());
        entry.reasons.push(reason);
    }
    drop_covered(&mut entries);
    let grants = entries.into_values().map(|entry| Grant {
        permission: match entry.role {
            Some(role) => Permission::BuiltIn(role),
            None => Permission::Custom(entry.actions.into_iter().collect()),
        },
        principal: entry.principal,
        scope: entry.scope,
        reasons: entry.reasons,
    });
    grants.collect()
}

/// Gives the reasons of what a wider scope already allows to the widest such grant, which nothing else covers.
fn drop_covered(entries: &mut IndexMap<Key, Entry>) {
    let mut covered = Vec::new();
    for (key, entry) in entries.iter() {
        let wider = entry.scope.around().into_iter().rev().find_map(|scope| {
            let wider = (key.0.clone(), of_scope(&scope, entry.owner), key.2);
            let holds = entries.get(&wider).is_some_and(|wide| entry.actions.is_subset(&wide.actions));
            holds.then_some(wider)
        });
        covered.extend(wider.map(|wider| (key.clone(), wider)));
    }
    for (key, wider) in covered {
        let reasons =
            entries.get_mut(&key).map(|entry| std::mem::take(&mut entry.reasons)).unwrap_or_default();
        if let Some(wide) = entries.get_mut(&wider) {
            wide.reasons.extend(reasons);
        }
    }
    // Only what is covered is left without a reason.
    entries.retain(|_, entry| !entry.reasons.is_empty());
}

fn of_principal(principal: &Principal, owner: usize) -> Name {
    let id = match principal {
        Principal::Identity { id, .. } => Some(id),
        Principal::ImageBuilder | Principal::Caller | Principal::Approver => None,
    };
    (principal.key(), id.filter(|id| needs_a_program(id)).map(|_| owner))
}

fn of_scope(scope: &Scope, owner: usize) -> Name {
    let names = scope.resource.iter().flat_map(|target| &target.names);
    let mut parts = scope.subscription.iter().chain(&scope.group).chain(names);
    (scope.key(), parts.any(needs_a_program).then_some(owner))
}

/// Whether an expression means something in its own program only.
fn needs_a_program(expr: &Expr) -> bool {
    let mut found = false;
    expr.walk(&mut |part| {
        let own = |name: &str| ["parameters", "variables"].iter().any(|own| name.eq_ignore_ascii_case(own));
        found |= matches!(part, Expr::Call { name, .. } if own(name));
    });
    found
}
