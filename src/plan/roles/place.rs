//! Ids to scopes: what an id says about where its resource is.

use std::sync::Arc;

use super::scope::{Scope, Target};
use crate::arm::{Expr, Piece, format_pieces, interpolate};
use crate::check::{Node, NodeKind, Program, ResourceId, WrittenIn};
use crate::plan::build::{as_expr, names};

/// Where a node's resource is, be it referred to or written as an id. `ty` is its type.
pub(super) fn of_node(program: &Program, node: &Node, ty: &str) -> Option<Scope> {
    match &node.reference {
        Some(reference) => of_resource(program, reference.target),
        None => of_id(&as_expr(node)?, ty),
    }
}

/// Where a declared resource is.
pub fn of_resource(program: &Program, id: ResourceId) -> Option<Scope> {
    let resource = program.resource(id)?;
    let ty = resource.kind.arm_type();
    // The id of a document's resource is in the form in which ids compare; its name is as it is written.
    let compares = program.written_in == WrittenIn::Json;
    if !compares && let Some(scope) = as_expr(&resource.id).as_ref().and_then(known_id) {
        return Some(scope);
    }
    // An id that only Azure knows still says where it is, unless the names say it plainer.
    if !compares
        && resource.existing
        && !matches!(&resource.id.kind, NodeKind::Expr(Expr::Call { name, .. }) if is_resource_id(name))
    {
        return of_id(&as_expr(&resource.id)?, ty);
    }
    let names: Vec<_> = names(program, resource).into_iter().map(as_expr).collect::<Option<_>>()?;
    let is_whole = ty.split('/').count() == names.len() + 1;
    is_whole.then(|| Scope {
        subscription: resource.subscription.as_ref().and_then(as_expr).and_then(other_subscription),
        group: resource.group.as_ref().and_then(as_expr).and_then(other_group),
        resource: Some(Target { ty: ty.into(), names }),
    })
}

/// Where an id points, the type of its resource being known.
pub(super) fn of_id(id: &Expr, ty: &str) -> Option<Scope> {
    match id {
        Expr::Shared { expr, .. } => of_id(expr, ty),
        Expr::Str(_) => known_id(id)?.up_to(ty),
        Expr::Call { name, .. } if is_resource_id(name) => known_id(id)?.up_to(ty),
        Expr::Call { .. } if let Some(scope) = joined(id).and_then(of_pieces) => scope.up_to(ty),
        Expr::Call { name, args } if name.eq_ignore_ascii_case("format") => match args.as_slice() {
            // An id with something behind it, such as a version.
            [Expr::Str(pattern), first, ..] if pattern.starts_with("{0}/") => of_id(first, ty),
            [Expr::Str(pattern), ..] if pattern.starts_with("{0}") => Some(by_parts(id, ty)),
            _ => None,
        },
        Expr::Call { name, args } if name.eq_ignore_ascii_case("concat") => match args.as_slice() {
            [Expr::Str(_), ..] => None,
            _ => of_id(args.first()?, ty),
        },
        _ => Some(by_parts(id, ty)),
    }
}

/// An id that only Azure knows: its parts are taken out of it when it is deployed.
fn by_parts(id: &Expr, ty: &str) -> Scope {
    let part = |n| Expr::call("split", vec![id.clone(), Expr::str("/")]).index(Expr::Int(n));
    let count = i64::try_from(ty.split('/').count()).unwrap_or(1);
    Scope {
        subscription: Some(part(2)),
        group: Some(part(4)),
        resource: Some(Target { ty: ty.into(), names: (1..count).map(|n| part(6 + 2 * n)).collect() }),
    }
}

fn is_resource_id(name: &str) -> bool {
    name.eq_ignore_ascii_case("resourceId")
}

/// Where an id points that is written out or made by `resourceId`.
fn known_id(id: &Expr) -> Option<Scope> {
    match id {
        Expr::Str(text) => of_text(text),
        Expr::Shared { expr, .. } => known_id(expr),
        Expr::Call { name, args } if is_resource_id(name) => of_call(args),
        _ => None,
    }
}

/// The arguments of `resourceId([subscription,] [group,] type, name…)`.
fn of_call(args: &[Expr]) -> Option<Scope> {
    let is_type = |at: usize, arg: &Expr| match arg {
        Expr::Str(text) if !text.starts_with('/') => {
            text.matches('/').count() == args.len() - at - 1 && text.contains('/')
        }
        _ => false,
    };
    let at = args.iter().enumerate().position(|(at, arg)| is_type(at, arg))?;
    let (lead, rest) = args.split_at(at);
    let (Some(Expr::Str(ty)), names) = (rest.first(), rest.get(1..)?) else { return None };
    let (subscription, group) = match lead {
        [] => (None, None),
        [group] => (None, Some(group)),
        [subscription, group] => (Some(subscription), Some(group)),
        _ => return None,
    };
    Some(Scope {
        subscription: subscription.cloned().and_then(other_subscription),
        group: group.cloned().and_then(other_group),
        resource: Some(Target { ty: Arc::clone(ty), names: names.to_vec() }),
    })
}

/// The parts that a call of `format` joins.
fn pieces(pattern: &str, holes: &[Expr]) -> Option<Vec<Expr>> {
    let of = |piece| match piece {
        Piece::Text(text) => Some(Expr::str(text)),
        Piece::Hole(at) => holes.get(at).cloned(),
    };
    format_pieces(pattern)?.into_iter().map(of).collect()
}

/// The parts that an expression joins; the ids of the group and the subscription that are deployed to, in parts.
fn joined(id: &Expr) -> Option<Vec<Expr>> {
    let Expr::Call { name, args } = id else { return None };
    let parts = match args.as_slice() {
        [Expr::Str(pattern), holes @ ..] if name.eq_ignore_ascii_case("format") => pieces(pattern, holes)?,
        parts if name.eq_ignore_ascii_case("concat") => parts.to_vec(),
        _ => return None,
    };
    let own = |function: &str, member: &str| Expr::call(function, vec![]).member(member);
    let split = |part: Expr| {
        let (is_group, is_subscription) =
            (is_member_of(&part, "resourceGroup", "id"), is_member_of(&part, "subscription", "id"));
        if !is_group && !is_subscription {
            return vec![part];
        }
        let mut out = vec![Expr::str("/subscriptions/"), own("subscription", "subscriptionId")];
        if is_group {
            out.extend([Expr::str("/resourceGroups/"), own("resourceGroup", "name")]);
        }
        out
    };
    Some(parts.into_iter().flat_map(split).collect())
}

/// An id that is put together of texts and of what only Azure knows: a name each.
fn of_pieces(pieces: Vec<Expr>) -> Option<Scope> {
    let mut segments: Vec<Vec<Expr>> = vec![Vec::new()];
    for piece in pieces {
        let Expr::Str(text) = &piece else {
            segments.last_mut()?.push(piece);
            continue;
        };
        for (number, part) in text.split('/').enumerate() {
            if number > 0 {
                segments.push(Vec::new());
            }
            if !part.is_empty() {
                segments.last_mut()?.push(Expr::str(part));
            }
        }
    }
    of_segments(segments.into_iter().map(interpolate).collect())
}

/// An id by its segments: `/subscriptions/S/resourceGroups/R[/providers/N/T/x…]`; what is left over is left out.
fn of_segments(segments: Vec<Expr>) -> Option<Scope> {
    let is = |expr: &Expr, word: &str| matches!(expr, Expr::Str(text) if text.eq_ignore_ascii_case(word));
    let [empty, s, subscription, r, group, rest @ ..] = segments.as_slice() else { return None };
    if !is(empty, "") || !is(s, "subscriptions") || !is(r, "resourceGroups") {
        return None;
    }
    let resource = match rest {
        [] => None,
        [p, Expr::Str(provider), pairs @ ..] if is(p, "providers") && pairs.len() > 1 => {
            let known = |pair: &&[Expr]| matches!(pair, [Expr::Str(_), _]);
            let mut target = Target { ty: Arc::clone(provider), names: Vec::new() };
            for pair in pairs.chunks(2).take_while(known) {
                let [Expr::Str(part), name] = pair else { continue };
                target.ty = format!("{}/{part}", target.ty).into();
                target.names.push(name.clone());
            }
            Some(target)
        }
        _ => return None,
    };
    let subscription = other_subscription(subscription.clone());
    Some(Scope { subscription, group: other_group(group.clone()), resource })
}

/// An id as text.
pub(super) fn of_text(text: &str) -> Option<Scope> {
    of_segments(text.trim_end_matches('/').split('/').map(Expr::str).collect())
}

/// The resource group that a text, an id or `subscriptionResourceId` names.
pub(super) fn of_group(node: &Node) -> Option<Scope> {
    let group = |subscription, name: &Expr| Scope { subscription, group: Some(name.clone()), resource: None };
    let expr = as_expr(node)?;
    match &expr {
        Expr::Str(text) if text.starts_with('/') => of_text(text).map(|scope| scope.to_group()),
        Expr::Str(_) => Some(group(None, &expr)),
        Expr::Call { name, args }
            if name.eq_ignore_ascii_case("subscriptionResourceId") || is_resource_id(name) =>
        {
            let ty = "Microsoft.Resources/resourceGroups";
            match args.as_slice() {
                [Expr::Str(t), name] if t.eq_ignore_ascii_case(ty) => Some(group(None, name)),
                [subscription, Expr::Str(t), name] if t.eq_ignore_ascii_case(ty) => {
                    Some(group(other_subscription(subscription.clone()), name))
                }
                _ => None,
            }
        }
        Expr::Call { name, args } if name.eq_ignore_ascii_case("format") => match args.as_slice() {
            [Expr::Str(pattern), _, name] if &**pattern == "{0}/resourceGroups/{1}" => {
                Some(group(None, name))
            }
            [Expr::Str(pattern), subscription, name]
                if &**pattern == "/subscriptions/{0}/resourceGroups/{1}" =>
            {
                Some(group(other_subscription(subscription.clone()), name))
            }
            [Expr::Str(pattern), subscription] => {
                if let Some(name) = pattern.strip_prefix("{0}/resourceGroups/") {
                    return Some(group(None, &Expr::str(name)));
                }
                let name = Expr::str(pattern.strip_prefix("/subscriptions/{0}/resourceGroups/")?);
                Some(group(other_subscription(subscription.clone()), &name))
            }
            _ => None,
        },
        // What only Azure knows may be a name or an id: the last part is the name of both. The staging group is always
        // in the template's own subscription.
        _ => {
            let parts = Expr::call("split", vec![expr, Expr::str("/")]);
            Some(group(None, &Expr::call("last", vec![parts])))
        }
    }
}

/// The subscription, unless it is spelled as the deployment's own.
fn other_subscription(expr: Expr) -> Option<Expr> {
    let own = is_member_of(&expr, "subscription", "subscriptionId");
    (!own && expr != Expr::Null).then_some(expr)
}

/// The group, unless it is spelled as the deployment's own.
fn other_group(expr: Expr) -> Option<Expr> {
    let own = is_member_of(&expr, "resourceGroup", "name");
    (!own && expr != Expr::Null).then_some(expr)
}

fn is_member_of(expr: &Expr, function: &str, member: &str) -> bool {
    match expr {
        Expr::Member { base, name, .. } if name.eq_ignore_ascii_case(member) => {
            matches!(&**base, Expr::Call { name, args } if name.eq_ignore_ascii_case(function) && args.is_empty())
        }
        _ => false,
    }
}
