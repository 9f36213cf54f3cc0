//! Role assignments that stand beside the images, and what they are about.

use crate::arm::{Expr, print};
use crate::check::{Key, Node, NodeKind, Object, Program, Resource, ResourceId};

use super::Image;

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
        let Some(principal) = self.resource.body.at("properties.principalId").and_then(identity_of) else {
            return false;
        };
        template_identity(image).is_some_and(|own| own == principal)
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

/// The id of the identity whose principal a node is: of `reference(ID, …).principalId`.
fn identity_of(node: &Node) -> Option<String> {
    let NodeKind::Expr(expr) = &node.kind else { return None };
    let mut found = None;
    expr.walk(&mut |part| {
        if let Expr::Call { name, args } = part
            && name.eq_ignore_ascii_case("reference")
            && let Some(id) = args.first()
        {
            found = found.take().or(Some(comparable(id)));
        }
    });
    found
}

/// The id of the template's own identity.
fn template_identity(image: &Image<'_>) -> Option<String> {
    let identities = image.resource.body.at("identity.userAssignedIdentities").and_then(Node::as_object)?;
    match identities {
        Object { members, .. } if members.len() == 1 => match &members.first()?.key {
            Key::Str(text) => Some(text.to_lowercase()),
            Key::Expr(expr) => Some(comparable(expr)),
        },
        _ => None,
    }
}

/// An id in the form in which it compares: `format('{0}', x)`, `concat(x)` and `string(x)` are `x`.
fn comparable(expr: &Expr) -> String {
    match expr {
        Expr::Shared { expr, .. } => comparable(expr),
        Expr::Str(text) => text.to_lowercase(),
        Expr::Call { name, args } => match args.as_slice() {
            [inner] if name.eq_ignore_ascii_case("concat") || name.eq_ignore_ascii_case("string") => {
                comparable(inner)
            }
            [Expr::Str(pattern), inner] if name.eq_ignore_ascii_case("format") && &**pattern == "{0}" => {
                comparable(inner)
            }
            _ => print(expr, &|_| None).to_lowercase(),
        },
        _ => print(expr, &|_| None).to_lowercase(),
    }
}

fn is_guid(text: &str) -> bool {
    let parts: Vec<usize> = text.split('-').map(str::len).collect();
    parts == [8, 4, 4, 4, 12] && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
}
