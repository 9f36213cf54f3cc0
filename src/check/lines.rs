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
                lines.push(match format_line(part, rest)? {
                    arm::Expr::Str(text) => Value::str(text, value.span),
                    expr => line(Kind::Deferred(expr, Type::STRING)),
                });
            }
            Some(lines)
        }
        Kind::Deferred(arm::Expr::Call { name, .. }, _) if &**name == arm::VERBATIM => {
            Some(vec![value.clone()])
        }
        Kind::Deferred(..) => None,
        _ => None,
    }
}

/// One line of a `format` pattern with the arguments it uses, numbered anew.
fn format_line(pattern: &str, args: &[arm::Expr]) -> Option<arm::Expr> {
    let part = |piece| match piece {
        arm::Piece::Text(text) => Some(arm::Expr::Str(text.into())),
        arm::Piece::Hole(index) => args.get(index).cloned(),
    };
    let parts: Option<Vec<arm::Expr>> = arm::format_pieces(pattern)?.into_iter().map(part).collect();
    parts.map(arm::interpolate)
}
