//! Role assignments that stand beside the images, and what they are about.

use crate::arm::{Expr, print};
use crate::check::{Key, Node, NodeKind, Object, Program, Resource, ResourceId};

use super::Image;
use super::values::known;
use crate::schema::IDENTITY;

const ROLE: &str = "Microsoft.Authorization/roleDefinitions";

/// A role assignment of the program.
#[derive(Clone, Copy, Debug)]
pub(super) struct Assignment<'a> {
    pub(super) id: ResourceId,
    pub(super) resource: &'a Resource,
}

/// All that are deployed.
pub(super) fn assignments(program: &Program) -> Vec<Assignment<'_>> {
    let is_one = |r: &Resource| {
        !r.existing && r.kind.arm_type().eq_ignore_ascii_case("Microsoft.Authorization/roleAssignments")
    };
    program.iter().filter(|(_, r)| is_one(r)).map(|(id, resource)| Assignment { id, resource }).collect()
}

impl Assignment<'_> {
    /// Whether it is surely for the template's identity of an image.
    pub(super) fn is_for(&self, image: &Image<'_>) -> bool {
        let principal = self.resource.body.at("properties.principalId").and_then(principal_of);
        let (Some(principal), Some(own)) = (principal, template_identity(image)) else { return false };
        own.id == principal.id || principal.may_be_name && own.name.is_some_and(|name| name == principal.id)
    }

    /// The identity that it is for, if the same deployment creates that.
    pub(super) fn new_identity<'a>(&self, program: &'a Program) -> Option<&'a Resource> {
        let principal = self.resource.body.at("properties.principalId").and_then(principal_of)?;
        let name = principal.name.as_ref().or(principal.may_be_name.then_some(&principal.id))?;
        let is_identity =
            |r: &&Resource| !r.existing && r.kind.arm_type().eq_ignore_ascii_case(IDENTITY.arm_type);
        let mut created = program.iter().map(|(_, resource)| resource).filter(is_identity);
        created.find(|identity| match &identity.name.kind {
            NodeKind::Str(text) => text.to_lowercase() == *name,
            NodeKind::Expr(expr) => comparable(expr) == *name,
            _ => false,
        })
    }

    /// The role that it gives, where the program has its definition.
    pub(super) fn definition<'a>(&self, program: &'a Program) -> Option<&'a Resource> {
        let id = self.resource.body.at("properties.roleDefinitionId")?;
        let mut roles = program.iter().filter(|(_, resource)| !resource.existing && is_role(resource));
        if let Some(reference) = &id.reference {
            return roles.find(|(role, _)| *role == reference.target).map(|(_, resource)| resource);
        }
        let NodeKind::Expr(id) = &id.kind else { return None };
        let wanted = role_name(id)?;
        roles.map(|(_, role)| role).find(|role| match &role.name.kind {
            NodeKind::Str(name) => name.to_lowercase() == wanted,
            NodeKind::Expr(name) => comparable(name) == wanted,
            _ => false,
        })
    }

    /// The GUID of the role that it gives, in lower case, if that is written out.
    pub(super) fn role(&self) -> Option<String> {
        let mut found = None;
        let mut look = |text: &str| {
            let last = text.rsplit('/').next().unwrap_or(text);
            if is_guid(last) {
                found = Some(last.to_lowercase());
            }
        };
        match &self.resource.body.at("properties.roleDefinitionId")?.kind {
            NodeKind::Str(text) => look(text),
            NodeKind::Expr(expr) => expr.walk(&mut |part| {
                if let Expr::Str(text) = part {
                    look(text);
                }
            }),
            _ => {}
        }
        found
    }
}

/// Whether a resource is the definition of a role.
pub(super) fn is_role(resource: &Resource) -> bool {
    resource.kind.arm_type().eq_ignore_ascii_case(ROLE)
}

/// `NAME` of `resourceId('Microsoft.Authorization/roleDefinitions', NAME)`, and of `subscriptionResourceId`.
fn role_name(id: &Expr) -> Option<String> {
    let Expr::Call { args, .. } = bare(id) else { return None };
    match args.as_slice() {
        [.., Expr::Str(kind), name] if kind.eq_ignore_ascii_case(ROLE) => Some(comparable(name)),
        _ => None,
    }
}

/// Whether the definition of a role may hold an action: surely not, if all that it allows is written out and none is it.
pub(super) fn may_allow(role: &Resource, action: &str) -> bool {
    let Some(permissions) = role.body.at("properties.permissions").and_then(Node::as_list) else {
        return true;
    };
    permissions.iter().any(|permission| match permission.get("actions") {
        None => permission.as_object().is_none(),
        Some(actions) => actions.as_list().is_none_or(|list| {
            list.iter().any(|pattern| known(pattern).is_none_or(|pattern| allows(pattern, action)))
        }),
    })
}

/// Whether an action fits a pattern, in which `*` stands for anything.
fn allows(pattern: &str, action: &str) -> bool {
    let (pattern, action) = (pattern.to_lowercase(), action.to_lowercase());
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == action };
    let Some(mut left) = action.strip_prefix(start) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let end = parts.pop().unwrap_or_default();
    for part in parts {
        let Some((_, after)) = left.split_once(part) else { return false };
        left = after;
    }
    left.ends_with(end)
}

/// Whose principal a node is.
struct Principal {
    id: String,
    /// The identity's name, where it is in the group that is deployed to.
    name: Option<String>,
    /// `reference(NAME)` is a resource of the same template; not where all of a resource is asked for.
    may_be_name: bool,
}

/// The identity whose principal a node is: of `reference(ID, …).principalId`.
fn principal_of(node: &Node) -> Option<Principal> {
    let NodeKind::Expr(expr) = &node.kind else { return None };
    let mut found = None;
    expr.walk(&mut |part| {
        if let Expr::Call { name, args } = part
            && name.eq_ignore_ascii_case("reference")
            && let Some(id) = args.first()
        {
            let principal =
                || Principal { id: comparable(id), name: own_name(id), may_be_name: args.len() < 3 };
            found = found.take().or_else(|| Some(principal()));
        }
    });
    found
}

/// The template's own identity.
struct Identity {
    id: String,
    /// Its name, where it is in the group that is deployed to.
    name: Option<String>,
}

fn template_identity(image: &Image<'_>) -> Option<Identity> {
    let identities = image.resource.body.at("identity.userAssignedIdentities").and_then(Node::as_object)?;
    match identities {
        Object { members, .. } if members.len() == 1 => match &members.first()?.key {
            Key::Str(text) => Some(Identity { id: text.to_lowercase(), name: None }),
            Key::Expr(expr) => Some(Identity { id: comparable(expr), name: own_name(expr) }),
        },
        _ => None,
    }
}

/// `NAME` of `resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', NAME)`.
fn own_name(id: &Expr) -> Option<String> {
    let Expr::Call { name, args } = bare(id) else { return None };
    match args.as_slice() {
        [Expr::Str(kind), own]
            if name.eq_ignore_ascii_case("resourceId") && kind.eq_ignore_ascii_case(IDENTITY.arm_type) =>
        {
            Some(comparable(own))
        }
        _ => None,
    }
}

/// An id in the form in which it compares.
fn comparable(expr: &Expr) -> String {
    match bare(expr) {
        Expr::Str(text) => text.to_lowercase(),
        expr => print(expr, &|_| None).to_lowercase(),
    }
}

/// `format('{0}', x)`, `concat(x)` and `string(x)` are `x`.
fn bare(expr: &Expr) -> &Expr {
    match expr {
        Expr::Shared { expr, .. } => bare(expr),
        Expr::Call { name, args } => match args.as_slice() {
            [inner] if name.eq_ignore_ascii_case("concat") || name.eq_ignore_ascii_case("string") => {
                bare(inner)
            }
            [Expr::Str(pattern), inner] if name.eq_ignore_ascii_case("format") && &**pattern == "{0}" => {
                bare(inner)
            }
            _ => expr,
        },
        _ => expr,
    }
}

fn is_guid(text: &str) -> bool {
    let parts: Vec<usize> = text.split('-').map(str::len).collect();
    parts == [8, 4, 4, 4, 12] && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::allows;

    #[test]
    fn actions_fit_patterns() {
        let assign = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action";
        for pattern in [
            "*",
            "*/action",
            "microsoft.managedidentity/*",
            "Microsoft.ManagedIdentity/*/assign/action",
            assign,
        ] {
            assert!(allows(pattern, assign), "{pattern}");
        }
        for pattern in [
            "*/read",
            "Microsoft.Compute/*",
            "Microsoft.ManagedIdentity/*/read",
            "Microsoft.ManagedIdentity",
            "",
        ] {
            assert!(!allows(pattern, assign), "{pattern}");
        }
    }
}
