//! Two documents to their difference.

use std::collections::HashMap;

use super::classes::rule_for;
use super::consequences::{of_triggers, words};
use super::model::{Change, Class, Difference, Kind, ResourceChange};
use super::pairs::{Sides, pair};
use super::read::{Deployment, Resource};
use super::tree::Tree;
use super::trees::{change, differences};
use super::{roles, trees};
use crate::base::pointer_step;
use crate::plan::Roles;

/// One side of a comparison.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// What it deploys.
    pub deployment: &'a Deployment,
    /// What it deploys when the parameters that have another default on the other side are not given, if there are any.
    pub by_default: Option<&'a Deployment>,
    /// The rights that it needs, where they can be derived: of sources.
    pub roles: Option<&'a Roles>,
}

/// Compares what two documents deploy.
pub fn compare(old: Side<'_>, new: Side<'_>) -> Difference {
    let roles = old.roles.zip(new.roles).map(|(old, new)| roles::compare(old, new));
    let defaults = old.by_default.zip(new.by_default);
    let (old, new) = (old.deployment, new.deployment);
    let roles_known = roles.is_some();
    let resources = pair(&old.resources, &new.resources);
    Difference {
        parameters: named(&old.parameters, &new.parameters),
        variables: named(&old.variables, &new.variables),
        resources: resources
            .iter()
            .filter_map(|sides| {
                let mut found = resource(sides, defaults, roles_known)?;
                if matches!(found.class, Class::Replace | Class::Refused | Class::Remove) {
                    found.consequences.extend(of_triggers(&triggers_of(sides.old, &old.resources)));
                }
                Some(found)
            })
            .collect(),
        outputs: named(&old.outputs, &new.outputs),
        roles,
    }
}

const TRIGGER: &str = "Microsoft.VirtualMachineImages/imageTemplates/triggers";

/// The triggers among resources that belong to an image template.
fn triggers_of<'r>(image: Option<&Resource>, all: &'r [Resource]) -> Vec<&'r Resource> {
    let Some(image) = image.filter(|image| TRIGGER.starts_with(&format!("{}/", image.ty))) else {
        return Vec::new();
    };
    let (key, start) = (image.key(), format!("{}/", image.shown_name()).to_lowercase());
    let belongs = |one: &&Resource| {
        one.ty == TRIGGER
            && (one.parent.as_ref() == Some(&key) || one.shown_name().to_lowercase().starts_with(&start))
    };
    all.iter().filter(belongs).collect()
}

/// The differences of parameters, variables or outputs: by name, in any letter case.
fn named(old: &[(String, Tree)], new: &[(String, Tree)]) -> Vec<Change> {
    let by_name = |list: &[(String, Tree)]| -> HashMap<String, Tree> {
        list.iter().map(|(name, tree)| (name.to_lowercase(), tree.clone())).collect()
    };
    let (olds, news) = (by_name(old), by_name(new));
    let pointer = |name: &str, rest: &str| format!("/{}{rest}", pointer_step(name));
    let mut out = Vec::new();
    for (name, tree) in new {
        match olds.get(&name.to_lowercase()) {
            None => out.push(change(Kind::Added, pointer(name, ""), None, Some(tree.clone()))),
            Some(other) => out.extend(trees::differences(other, tree).into_iter().map(|found| Change {
                path: pointer(name, &found.path),
                old_path: found.old_path.as_ref().map(|path| pointer(name, path)),
                ..found
            })),
        }
    }
    for (name, tree) in old.iter().filter(|(name, _)| !news.contains_key(&name.to_lowercase())) {
        out.push(change(Kind::Removed, pointer(name, ""), Some(tree.clone()), None));
    }
    out
}

/// Both documents as they are deployed with the defaults that differ.
type ByDefault<'d> = Option<(&'d Deployment, &'d Deployment)>;

fn resource(sides: &Sides<'_>, defaults: ByDefault<'_>, roles_known: bool) -> Option<ResourceChange> {
    let shown = sides.new.or(sides.old)?;
    let mut changes = match (sides.old, sides.new) {
        (Some(old), Some(new)) => changes_of(old, new, defaults),
        _ => Vec::new(),
    };
    // Of a new resource nothing has to be changed.
    let is_new = sides.by_content || changes.iter().any(|change| change.path == "/name");
    let settled = |change: &Change| change.class.is_some();
    for change in changes.iter_mut().filter(|change| !settled(change) && (!is_new || change.path == "/name"))
    {
        change.rule = rule_for(&shown.ty, shown.version.as_deref(), change);
        change.class = change.rule.map(|rule| rule.class);
    }
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

fn changes_of(old: &Resource, new: &Resource, defaults: ByDefault<'_>) -> Vec<Change> {
    let mut changes = differences(&old.body, &new.body);
    // A body as Azure shows it does not say for which version it is.
    changes.retain(|change| change.path != "/apiVersion" || change.kind == Kind::Changed);
    let at = |deployment: &'_ Deployment, pointer: &str| {
        deployment.resources.iter().find(|resource| resource.pointer == pointer).cloned()
    };
    let Some((olds, news)) = defaults else { return changes };
    let (old, new) = match (at(olds, &old.pointer), at(news, &new.pointer)) {
        (Some(old), Some(new)) => (old, new),
        (None, None) => return changes,
        (was, is) => {
            changes.extend(switched(was.is_some(), is.is_some()));
            return changes;
        }
    };
    let mut found = differences(&old.body, &new.body);
    if let (Some(a), Some(b)) = (&old.name, &new.name)
        && !a.key().eq_ignore_ascii_case(&b.key())
    {
        found.insert(0, change(Kind::Changed, "/name".to_owned(), old.name.clone(), new.name.clone()));
    }
    for one in found {
        let known = changes.iter().any(|change| change.path == one.path && change.kind == one.kind);
        if !known && one.path != "/dependsOn" {
            changes.push(Change { by_default: true, ..one });
        }
    }
    changes
}

/// Another default that makes the condition of a resource another one.
fn switched(was: bool, is: bool) -> Option<Change> {
    let condition = |value: bool| Some(Tree::Bool(value));
    (was != is).then(|| Change {
        class: Some(if is { Class::Create } else { Class::Remove }),
        by_default: true,
        ..change(Kind::Changed, "/condition".to_owned(), condition(was), condition(is))
    })
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
