//! Ids and names as lists of segments that compare, whether they are literal, `resourceId(…)` or `concat(…)`.

use super::scope::{At, ScopeId, Scopes, Text};
use crate::arm::{self, Expr, Piece, format_pieces};
use crate::diag::Sink;

/// What an id names: a type and the names of its parts, in the form in which they compare.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Target {
    /// The type in lower case: `microsoft.compute/galleries/images`.
    pub(super) ty: String,
    /// One name for each part of the type, in lower case; expressions in brackets.
    pub(super) names: Vec<String>,
}

/// What stands for the subscription or group of the deployment itself.
const OWN: &str = "-";

/// Whether segments name something in the deployment's own group. In another one, or in one that only a parameter names, lies
/// another resource, or may.
pub(super) fn is_own(segments: &[String]) -> bool {
    let before = segments.iter().position(|s| s == "providers").and_then(|at| segments.get(..at));
    let is = |segment: &String, call: &str| *segment == OWN || *segment == format!("[{call}]");
    match before.unwrap_or_default() {
        [] => true,
        [id] => id.is_empty() || *id == "[resourcegroup().id]",
        [_, _, subscription, _, group] => {
            is(subscription, "subscription().subscriptionid") && is(group, "resourcegroup().name")
        }
        _ => false,
    }
}

/// The deepest nesting of calls that are taken apart.
const MAX_DEPTH: usize = 16;

impl<'a> Scopes<'a> {
    /// The segments of a text or expression, split at `/`; none for what is neither.
    pub(super) fn segments(&self, at: At<'a>) -> Option<Vec<String>> {
        let (at, _) = self.follow(at);
        let text = at.value.as_text()?;
        // Who needs the value itself reports an expression that cannot be read.
        match self.text(text, at.value.range, at.scope, &mut Sink::new()) {
            Text::Known(text) => Some(split(&[Part::Text(text.to_string())])),
            Text::Expr(expr) => Some(self.segments_of(&expr, at.scope)),
            Text::Broken => None,
        }
    }

    /// The segments of an expression.
    pub(super) fn segments_of(&self, expr: &Expr, scope: ScopeId) -> Vec<String> {
        let mut parts = Vec::new();
        flatten(&self.resolved(expr, scope), 0, &mut parts);
        split(&parts)
    }
}

/// The resource that an id's segments name.
pub(super) fn target(segments: &[String]) -> Option<Target> {
    let at = segments.iter().rposition(|s| s == "providers")?;
    let mut rest = segments.get(at + 1..)?.iter();
    let mut ty = rest.next()?.clone();
    let mut names = Vec::new();
    while let Some(part) = rest.next() {
        ty.push('/');
        ty.push_str(part);
        names.push(rest.next()?.clone());
    }
    (!names.is_empty()).then_some(Target { ty, names })
}

/// A part of a text.
enum Part {
    Text(String),
    /// A part that is not known, in the form in which it compares.
    Unknown(String),
}

fn flatten(expr: &Expr, depth: usize, out: &mut Vec<Part>) {
    let unknown = |expr: &Expr| Part::Unknown(format!("[{}]", arm::print(expr, &|_| None).to_lowercase()));
    match expr {
        Expr::Str(text) => out.push(Part::Text(text.to_string())),
        Expr::Call { name, args } if depth < MAX_DEPTH && name.eq_ignore_ascii_case("concat") => {
            args.iter().for_each(|arg| flatten(arg, depth + 1, out));
        }
        Expr::Call { name, args } if depth < MAX_DEPTH && name.eq_ignore_ascii_case("format") => {
            match args.split_first() {
                Some((Expr::Str(pattern), rest)) => flatten_format(pattern, rest, depth, out),
                _ => out.push(unknown(expr)),
            }
        }
        Expr::Call { name, args } if depth < MAX_DEPTH && name.eq_ignore_ascii_case("resourceId") => {
            if flatten_id(args, depth, out).is_none() {
                out.push(unknown(expr));
            }
        }
        other => out.push(unknown(other)),
    }
}

/// `resourceId([subscription,] [group,] 'Provider/type/type', name, name)` as the text that it gives.
fn flatten_id(args: &[Expr], depth: usize, out: &mut Vec<Part>) -> Option<()> {
    let is_type = |e: &Expr| matches!(e, Expr::Str(text) if text.contains('/') && text.contains('.'));
    let at = args.iter().take(3).position(is_type)?;
    let Some(Expr::Str(ty)) = args.get(at) else { return None };
    let names = args.get(at + 1..)?;
    let mut types = ty.split('/');
    let provider = types.next()?;
    if types.clone().count() != names.len() {
        return None;
    }
    let text = |t: String| Part::Text(t);
    // The group comes last, before the type.
    let (lead, _) = args.split_at_checked(at)?;
    let (subscription, group) = match lead {
        [] => (None, None),
        [group] => (None, Some(group)),
        [subscription, group, ..] => (Some(subscription), Some(group)),
    };
    for (word, part) in [("subscriptions", subscription), ("resourcegroups", group)] {
        out.push(text(format!("/{word}/")));
        match part {
            Some(part) => flatten(part, depth + 1, out),
            None => out.push(text(OWN.to_owned())),
        }
    }
    out.push(text(format!("/providers/{provider}")));
    for (ty, name) in types.zip(names) {
        out.push(text(format!("/{ty}/")));
        flatten(name, depth + 1, out);
    }
    Some(())
}

fn flatten_format(pattern: &str, args: &[Expr], depth: usize, out: &mut Vec<Part>) {
    let Some(pieces) = format_pieces(pattern) else { return out.push(Part::Unknown(format!("[{pattern}]"))) };
    for piece in pieces {
        match piece {
            Piece::Text(text) => out.push(Part::Text(text)),
            Piece::Hole(index) => match args.get(index) {
                Some(arg) => flatten(arg, depth + 1, out),
                None => out.push(Part::Unknown(format!("[{{{index}}}]"))),
            },
        }
    }
}

fn split(parts: &[Part]) -> Vec<String> {
    let mut out = vec![String::new()];
    for part in parts {
        match part {
            Part::Text(text) => {
                let lower = text.to_lowercase();
                let mut pieces = lower.split('/');
                if let (Some(last), Some(piece)) = (out.last_mut(), pieces.next()) {
                    last.push_str(piece);
                }
                out.extend(pieces.map(str::to_owned));
            }
            Part::Unknown(text) => {
                if let Some(last) = out.last_mut() {
                    last.push_str(text);
                }
            }
        }
    }
    out
}
