//! Two documents to their difference.

use super::classes::rule_for;
use super::consequences::words;
use super::model::{Change, Class, Difference, Kind, ResourceChange};
use super::pairs::{Sides, pair};
use super::read::{Deployment, Resource};
use super::tree::Tree;
use super::trees::{change, differences};
use super::{roles, trees};
use crate::plan::Roles;

/// One side of a comparison.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// What it deploys.
    pub deployment: &'a Deployment,
    /// The rights that it needs, where they can be derived: of sources.
    pub roles: Option<&'a Roles>,
}

/// Compares what two documents deploy.
pub fn compare(old: Side<'_>, new: Side<'_>) -> Difference {
    let roles = old.roles.zip(new.roles).map(|(old, new)| roles::compare(old, new));
    let (old, new) = (old.deployment, new.deployment);
    let roles_known = roles.is_some();
    let resources = pair(&old.resources, &new.resources);
    Difference {
        parameters: named(&old.parameters, &new.parameters),
        variables: named(&old.variables, &new.variables),
        resources: resources.iter().filter_map(|sides| resource(sides, roles_known)).collect(),
        outputs: named(&old.outputs, &new.outputs),
        roles,
    }
}

/// The differences of parameters, variables or outputs: by name, in any letter case.
fn named(old: &[(String, Tree)], new: &[(String, Tree)]) -> Vec<Change> {
    let find = |list: &[(String, Tree)], name: &str| {
        list.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, tree)| tree.clone())
    };
    let pointer = |name: &str, rest: &str| {
        format!("/{}{rest}", name.replace('~', "~0").replace('/', "~1"))
    };
    let mut out = Vec::new();
    for (name, tree) in new {
        match find(old, name) {
            None => out.push(change(Kind::Added, pointer(name, ""), None, Some(tree.clone()))),
            Some(other) => out.extend(trees::differences(&other, tree).into_iter().map(|found| Change {
                path: pointer(name, &found.path),
                old_path: found.old_path.as_ref().map(|path| pointer(name, path)),
                ..found
            })),
        }
    }
    for (name, tree) in old.iter().filter(|(name, _)| find(new, name).is_none()) {
        out.push(change(Kind::Removed, pointer(name, ""), Some(tree.clone()), None));
    }
    out
}

fn resource(sides: &Sides<'_>, roles_known: bool) -> Option<ResourceChange> {
    let shown = sides.new.or(sides.old)?;
    let changes = match (sides.old, sides.new) {
        (Some(old), Some(new)) => changes_of(old, new, sides.by_content),
        _ => Vec::new(),
    };
    let (kind, class) = match (sides.old, sides.new) {
        (Some(_), Some(_)) if sides.by_content => (Kind::Changed, Class::Beside),
        (Some(_), Some(_)) => (Kind::Changed, changes.iter().filter_map(|change| change.class).max()?),
        (None, _) => (Kind::Added, Class::Create),
        (_, None) => (Kind::Removed, Class::Remove),
    };
    let old_name = sides.old.filter(|_| sides.by_content).map(Resource::shown_name);
    let consequences = words(sides, class, &changes, roles_known);
    Some(ResourceChange {
        kind,
        ty: shown.ty.clone(),
        noun: noun(&shown.ty),
        name: shown.shown_name(),
        old_name,
        pointers: (sides.old.map(|r| r.pointer.clone()), sides.new.map(|r| r.pointer.clone())),
        class,
        changes,
        consequences,
    })
}

fn changes_of(old: &Resource, new: &Resource, by_content: bool) -> Vec<Change> {
    let mut changes = differences(&old.body, &new.body);
    // A body as Azure shows it does not say for which version it is.
    changes.retain(|change| change.path != "/apiVersion" || change.kind == Kind::Changed);
    for change in &mut changes {
        // Of a new resource nothing has to be changed.
        change.rule = rule_for(&new.ty, new.version.as_deref(), change).filter(|_| !by_content);
        change.class = change.rule.map(|rule| rule.class);
    }
    changes
}

/// What resources are called in sentences.
const NOUNS: &[(&str, &str)] = &[
    ("Microsoft.VirtualMachineImages/imageTemplates", "image template"),
    ("Microsoft.VirtualMachineImages/imageTemplates/triggers", "trigger"),
    ("Microsoft.Compute/galleries", "gallery"),
    ("Microsoft.Compute/galleries/images", "image definition"),
    ("Microsoft.ManagedIdentity/userAssignedIdentities", "identity"),
    ("Microsoft.Authorization/roleDefinitions", "role definition"),
    ("Microsoft.Authorization/roleAssignments", "role assignment"),
];

fn noun(ty: &str) -> &'static str {
    NOUNS.iter().find(|(known, _)| known.eq_ignore_ascii_case(ty)).map_or("resource", |(_, noun)| noun)
}
