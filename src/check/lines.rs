//! Scripts as lines.

use super::ty::Type;
use super::value::{Kind, Value};
use crate::arm;

/// Text split at its line breaks; nothing for what cannot be split before deployment.
pub(crate) fn split_lines(value: &Value) -> Option<Vec<Value>> {
    let line = |kind: Kind| Value { kind, ..value.clone() };
    match &value.kind {
        Kind::Str(text) => {
            Some(text.trim_end_matches('\n').split('\n').map(|l| line(Kind::Str(l.into()))).collect())
        }
        Kind::Deferred(arm::Expr::Shared { expr, .. }, ty) => {
            split_lines(&Value { kind: Kind::Deferred((**expr).clone(), ty.clone()), ..value.clone() })
        }
        Kind::Deferred(arm::Expr::Call { name, args }, _) if &**name == "format" => {
            let (arm::Expr::Str(pattern), rest) = args.split_first()? else { return None };
            let mut lines = Vec::new();
            for part in pattern.trim_end_matches('\n').split('\n') {
                lines.push(match format_line(part, rest) {
                    arm::Expr::Str(text) => Value::str(text, value.span),
                    expr => line(Kind::Deferred(expr, Type::STRING)),
                });
            }
            Some(lines)
        }
        Kind::Deferred(..) => None,
        _ => None,
    }
}

/// One line of a `format` pattern with the arguments it uses, numbered anew.
fn format_line(pattern: &str, args: &[arm::Expr]) -> arm::Expr {
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '{' | '}' if chars.peek() == Some(&c) => {
                chars.next();
                text.push(c);
            }
            '{' => {
                let number: String = std::iter::from_fn(|| chars.next_if(|c| *c != '}')).collect();
                chars.next();
                if let Some(arg) = number.parse::<usize>().ok().and_then(|i| args.get(i)) {
                    if !text.is_empty() {
                        parts.push(arm::Expr::Str(std::mem::take(&mut text).into()));
                    }
                    parts.push(arg.clone());
                }
            }
            c => text.push(c),
        }
    }
    if !text.is_empty() || parts.is_empty() {
        parts.push(arm::Expr::Str(text.into()));
    }
    arm::interpolate(parts)
}
