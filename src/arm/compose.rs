//! Strings from parts.

use std::sync::Arc;

use super::expr::Expr;
use super::functions::{Returns, function};
use super::print::VERBATIM;

/// Returns the string that interpolation builds: literals merged, the rest through `format('..{0}..', x)` with braces
/// doubled, as Bicep writes it. A single part that is a string already stays as it is.
pub fn interpolate(parts: Vec<Expr>) -> Expr {
    let mut parts = merged(parts);
    parts.retain(|part| !matches!(part, Expr::Str(text) if text.is_empty()));
    if let [only] = parts.as_slice()
        && is_string(only)
    {
        return parts.pop().unwrap_or_else(|| Expr::str(""));
    }
    let mut pattern = String::new();
    let mut args = Vec::new();
    for part in parts {
        match part {
            Expr::Str(text) => {
                for c in text.chars() {
                    pattern.push(c);
                    if matches!(c, '{' | '}') {
                        pattern.push(c);
                    }
                }
            }
            part => {
                pattern.push_str(&format!("{{{}}}", args.len()));
                args.push(part);
            }
        }
    }
    if args.is_empty() {
        return Expr::str("");
    }
    args.insert(0, Expr::str(pattern));
    Expr::call("format", args)
}

/// A piece of the pattern of `format`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Piece {
    /// Text as it will be, doubled braces taken as one. Never empty.
    Text(String),
    /// The place of an argument.
    Hole(usize),
}

/// Returns the pieces of a pattern of `format`: .NET's composite format with plain `{0}`. None for alignment, format
/// specifiers and what .NET refuses.
pub fn format_pieces(pattern: &str) -> Option<Vec<Piece>> {
    let (mut pieces, mut text) = (Vec::new(), String::new());
    let mut rest = pattern;
    while let Some((before, from)) = rest.find(['{', '}']).and_then(|at| rest.split_at_checked(at)) {
        text.push_str(before);
        if let Some(tail) = from.strip_prefix("{{") {
            text.push('{');
            rest = tail;
        } else if let Some(tail) = from.strip_prefix("}}") {
            text.push('}');
            rest = tail;
        } else {
            let (number, tail) = from.strip_prefix('{')?.split_once('}')?;
            if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            if !text.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut text)));
            }
            pieces.push(Piece::Hole(number.parse().ok()?));
            rest = tail;
        }
    }
    text.push_str(rest);
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    Some(pieces)
}

/// Returns the parts joined with `concat`, adjacent string literals merged. A single string stays as it is; a single
/// part that may be something else keeps its call.
pub fn concat(parts: Vec<Expr>) -> Expr {
    let mut parts = merged(parts);
    match parts.as_slice() {
        [] => Expr::str(""),
        [only] if is_string(only) => parts.pop().unwrap_or_else(|| Expr::str("")),
        _ => Expr::call("concat", parts),
    }
}

/// Merges neighbours that are literals; whole numbers and booleans are written as `format` writes them.
fn merged(parts: Vec<Expr>) -> Vec<Expr> {
    let mut out: Vec<Expr> = Vec::with_capacity(parts.len());
    let mut run = String::new();
    let mut in_run = false;
    let flush = |out: &mut Vec<Expr>, run: &mut String, in_run: &mut bool| {
        if std::mem::take(in_run) {
            out.push(Expr::str(std::mem::take(run)));
        }
    };
    for part in parts {
        let text: Option<Arc<str>> = match &part {
            Expr::Str(text) => Some(Arc::clone(text)),
            Expr::Int(_) | Expr::Bool(_) => part.as_value().and_then(|value| value.text()),
            _ => None,
        };
        match text {
            Some(text) => {
                run.push_str(&text);
                in_run = true;
            }
            None => {
                flush(&mut out, &mut run, &mut in_run);
                out.push(part);
            }
        }
    }
    flush(&mut out, &mut run, &mut in_run);
    out
}

/// Whether an expression gives a string whatever its arguments are.
fn is_string(expr: &Expr) -> bool {
    let mut expr = expr;
    while let Expr::Shared { expr: inner, .. } = expr {
        expr = inner;
    }
    match expr {
        Expr::Str(_) => true,
        Expr::Call { name, .. } if &**name == VERBATIM => true,
        Expr::Call { name, .. } => function(name).is_some_and(|row| row.returns == Returns::String),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{concat, interpolate};
    use crate::arm::{Expr, print};

    fn show(expr: &Expr) -> String {
        print(expr, &|_| None)
    }

    #[test]
    fn interpolation_is_written_as_bicep_writes_it() {
        let x = || Expr::parameter("x");
        let s = Expr::str;
        assert_eq!(
            show(&interpolate(vec![s("a-"), x(), s("-{b}"), Expr::Int(1)])),
            "format('a-{0}-{{b}}1', parameters('x'))"
        );
        assert_eq!(show(&interpolate(vec![x(), x()])), "format('{0}{1}', parameters('x'), parameters('x'))");
        assert_eq!(show(&interpolate(vec![s(""), x()])), "format('{0}', parameters('x'))");
        assert_eq!(show(&interpolate(vec![s("a{"), s("b"), Expr::Bool(true)])), "'a{bTrue'");
        assert_eq!(show(&interpolate(vec![])), "''");
        let lower = || Expr::call("toLower", vec![x()]);
        assert_eq!(show(&interpolate(vec![s(""), lower()])), "toLower(parameters('x'))");
        assert_eq!(
            show(&concat(vec![s("a"), s("b"), lower(), s("c")])),
            "concat('ab', toLower(parameters('x')), 'c')"
        );
        assert_eq!(show(&concat(vec![lower()])), "toLower(parameters('x'))");
        assert_eq!(show(&concat(vec![x()])), "concat(parameters('x'))");
    }
}
