//! Ids of resources in one spelling: `resourceId(…)`, however they are put together.

use super::expr::{Scope, parts_of_format};
use crate::arm::Expr;

const OF_GROUP: &str = "resourceId";
const OF_SUBSCRIPTION: &str = "subscriptionResourceId";

impl Scope<'_> {
    /// `resourceId(…)`, or the id itself where all of it is known. The deployment's own group and subscription are not
    /// said.
    pub(super) fn id(&self, mut args: Vec<Expr>) -> Expr {
        let group = |arg: &Expr| is_of(arg, "resourceGroup", "name");
        match args.as_slice() {
            [subscription, one, Expr::Str(ty), ..]
                if ty.contains('/') && is_own_subscription(subscription) =>
            {
                let start = if group(one) { 2 } else { 1 };
                args.drain(..start);
            }
            [one, Expr::Str(ty), ..] if ty.contains('/') && group(one) => {
                args.remove(0);
            }
            _ => {}
        }
        let texts: Option<Vec<&str>> =
            args.iter().map(|arg| if let Expr::Str(t) = arg { Some(&**t) } else { None }).collect();
        let known = texts.and_then(|texts| {
            let [subscription, group, ty, names @ ..] = texts.as_slice() else { return None };
            let (provider, types) = ty.split_once('/')?;
            let types: Vec<&str> = types.split('/').collect();
            let pairs = types.iter().zip(names).map(|(ty, name)| format!("/{ty}/{name}"));
            let tail: String = pairs.collect();
            let whole = types.len() == names.len() && !subscription.contains('/') && !group.contains('/');
            whole.then(|| {
                format!("/subscriptions/{subscription}/resourceGroups/{group}/providers/{provider}{tail}")
            })
        });
        known.map_or_else(|| Expr::call(OF_GROUP, args), Expr::str)
    }

    /// `subscriptionResourceId(…)`, without the deployment's own subscription.
    pub(super) fn id_in_subscription(&self, mut args: Vec<Expr>) -> Expr {
        if let [own, Expr::Str(ty), ..] = args.as_slice()
            && ty.contains('/')
            && is_own_subscription(own)
        {
            args.remove(0);
        }
        Expr::call(OF_SUBSCRIPTION, args)
    }

    /// The id that parts of text surely make: one of the own group with a path behind it, a child behind another id, or
    /// all of it from the subscription on.
    pub(super) fn id_of_parts(&self, parts: &[Expr]) -> Option<Expr> {
        let (first, rest) = parts.split_first()?;
        // Most text is none.
        let goes_on = matches!(rest.first(), Some(Expr::Str(text)) if text.starts_with('/'));
        let could_be = match first {
            Expr::Str(text) => starts_id(text),
            _ if !goes_on => false,
            Expr::Call { name, .. } => is_named(name, OF_GROUP) || is_named(name, OF_SUBSCRIPTION),
            Expr::Member { name, .. } => is_named(name, "id"),
            _ => false,
        };
        if !could_be {
            return None;
        }
        if let Expr::Str(_) = first {
            let all = segments(parts, self);
            let [empty, subscriptions, subscription, rest @ ..] = all.as_slice() else { return None };
            let rest = (empty.is_none() && word(subscriptions, "subscriptions")).then_some(rest)?;
            let subscription = subscription.clone()?;
            if let Some(ty_and_names) = after_provider(rest) {
                return Some(self.id_in_subscription([vec![subscription], ty_and_names].concat()));
            }
            let (group, rest) = group_of(rest)?;
            return Some(self.id([vec![subscription, group], after_provider(rest)?].concat()));
        }
        let tail = segments(rest, self);
        // What comes next begins with a slash.
        let tail = tail.split_first().filter(|(before, _)| before.is_none())?.1;
        if is_of(first, "resourceGroup", "id") {
            return Some(self.id(after_provider(tail)?));
        }
        if is_of(first, "subscription", "id") {
            if let Some(args) = after_provider(tail) {
                return Some(self.id_in_subscription(args));
            }
            let (group, rest) = group_of(tail)?;
            let own = Expr::call("subscription", Vec::new()).member("subscriptionId");
            return Some(self.id([vec![own, group], after_provider(rest)?].concat()));
        }
        let Expr::Call { name, args } = first else { return None };
        let at = args.iter().take(3).position(|arg| matches!(arg, Expr::Str(text) if text.contains('/')))?;
        let (before, after) = args.split_at(at);
        let (Expr::Str(ty), names) = after.split_first()? else { return None };
        if ty.matches('/').count() != names.len() {
            return None;
        }
        let (types, more) = pairs(tail)?;
        let ty = Expr::str(format!("{ty}/{}", types.join("/")));
        let args = [before, &[ty], names, &more].concat();
        Some(if is_named(name, OF_GROUP) { self.id(args) } else { self.id_in_subscription(args) })
    }
}

fn is_named(name: &str, other: &str) -> bool {
    name.eq_ignore_ascii_case(other)
}

/// Whether text begins as ids do.
fn starts_id(text: &str) -> bool {
    const START: &str = "/subscriptions/";
    text.get(..START.len()).is_some_and(|start| start.eq_ignore_ascii_case(START))
}

/// Whether an expression is a member of what a function without arguments gives.
fn is_of(expr: &Expr, function: &str, member: &str) -> bool {
    matches!(expr, Expr::Member { base, name, .. } if is_named(name, member)
        && matches!(&**base, Expr::Call { name, args } if args.is_empty() && is_named(name, function)))
}

fn is_own_subscription(expr: &Expr) -> bool {
    is_of(expr, "subscription", "subscriptionId")
}

/// What stands between the slashes; nothing where nothing does.
pub(super) fn segments(parts: &[Expr], scope: &Scope<'_>) -> Vec<Option<Expr>> {
    let mut out: Vec<Vec<Expr>> = vec![Vec::new()];
    for part in parts {
        let pieces = match part {
            Expr::Str(text) => text.split('/').map(Expr::str).collect(),
            _ => vec![part.clone()],
        };
        for (index, piece) in pieces.into_iter().enumerate() {
            if index > 0 {
                out.push(Vec::new());
            }
            if !matches!(&piece, Expr::Str(text) if text.is_empty()) {
                out.last_mut().into_iter().for_each(|last| last.push(piece.clone()));
            }
        }
    }
    out.into_iter()
        .map(|mut parts| match parts.as_slice() {
            [] => None,
            [_] => parts.pop(),
            _ => Some(scope.text_of_parts(parts)),
        })
        .collect()
}

fn word(segment: &Option<Expr>, word: &str) -> bool {
    matches!(segment, Some(Expr::Str(text)) if is_named(text, word))
}

/// `resourceGroups/NAME` and what follows.
fn group_of(segments: &[Option<Expr>]) -> Option<(Expr, &[Option<Expr>])> {
    let [keyword, Some(group), rest @ ..] = segments else { return None };
    word(keyword, "resourceGroups").then(|| (group.clone(), rest))
}

/// The type and the names of `providers/SPACE/type/name/…`.
fn after_provider(segments: &[Option<Expr>]) -> Option<Vec<Expr>> {
    let [keyword, Some(Expr::Str(space)), rest @ ..] = segments else { return None };
    let (types, names) = pairs(rest).filter(|_| word(keyword, "providers"))?;
    Some([vec![Expr::str(format!("{space}/{}", types.join("/")))], names].concat())
}

/// Types and names in turn.
fn pairs(segments: &[Option<Expr>]) -> Option<(Vec<&str>, Vec<Expr>)> {
    if segments.is_empty() || !segments.len().is_multiple_of(2) {
        return None;
    }
    let (mut types, mut names) = (Vec::new(), Vec::new());
    for pair in segments.chunks(2) {
        let [Some(Expr::Str(ty)), Some(name)] = pair else { return None };
        // An extension's id is another thing.
        if is_named(ty, "providers") {
            return None;
        }
        types.push(&**ty);
        names.push(name.clone());
    }
    Some((types, names))
}

/// The names between the slashes of a whole name; the whole name where there are not so many.
pub(super) fn names_in(name: &Expr, count: usize, scope: &Scope<'_>) -> Vec<Expr> {
    let parts = match name {
        Expr::Call { name, args } => parts_of_format(name, args),
        other => Some(vec![other.clone()]),
    };
    let names: Option<Vec<Expr>> =
        segments(&parts.unwrap_or_else(|| vec![name.clone()]), scope).into_iter().collect();
    names.filter(|names| names.len() == count).unwrap_or_else(|| vec![name.clone()])
}
