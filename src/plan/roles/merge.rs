//! One custom role for each principal and scope; nothing twice.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::derive::Want;
use super::table::Needs;
use super::{BuiltIn, Grant, Permission, Principal, Reason, Scope};

/// What one principal gets at one scope: its actions (for `None`) or a role of Azure's.
type Key = (String, String, Option<&'static str>);

struct Entry {
    principal: Principal,
    scope: Scope,
    role: Option<&'static BuiltIn>,
    actions: BTreeSet<&'static str>,
    reasons: Vec<Reason>,
}

/// Merges what is wanted, in the order in which it is wanted first.
pub(super) fn merge(wants: Vec<Want>) -> Vec<Grant> {
    let mut entries: IndexMap<Key, Entry> = IndexMap::new();
    for Want { principal, scope, reason } in wants {
        let role = match reason.feature.needs {
            Needs::Role(role) => Some(role),
            Needs::Actions(_) => None,
        };
        let key = (principal.key(), scope.key(), role.map(|role| role.guid));
        let entry = entries.entry(key).or_insert_with(|| Entry {
            principal,
            scope,
            role,
            actions: BTreeSet::new(),
            reasons: Vec::new(),
        });
        entry.actions.extend(reason.feature.actions());
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
            let wider = (key.0.clone(), scope.key(), key.2);
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
