//! Symbolic names in expressions: how language version 2.0 asks for a resource of the template.

use super::expr::Expr;

/// The functions that take the symbolic name of a resource, beside those that list what it holds (`listKeys`, …).
const SYMBOLIC: &[&str] = &["reference", "references", "resourceInfo"];

/// Whether the first argument of a function may be a symbolic name.
pub fn takes_symbol(function: &str) -> bool {
    let lists = function.get(..4).is_some_and(|front| front.eq_ignore_ascii_case("list"));
    lists || SYMBOLIC.iter().any(|known| known.eq_ignore_ascii_case(function))
}

/// What would be the symbolic name in a call that asks for a resource, if the template has one of that name:
/// `web` in `reference('web')`, and in `reference(format('web[{0}]', …))` for an element of a loop.
pub fn asked_symbol(expr: &Expr) -> Option<&str> {
    let Expr::Call { name, args } = expr else { return None };
    if !takes_symbol(name) {
        return None;
    }
    match args.first()? {
        Expr::Str(text) => text.split('[').next(),
        Expr::Call { name, args } if ["format", "concat"].iter().any(|f| f.eq_ignore_ascii_case(name)) => {
            match args.first()? {
                Expr::Str(text) => text.split_once('[').map(|(symbol, _)| symbol),
                _ => None,
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::asked_symbol;
    use crate::arm::parse;

    #[test]
    fn symbols_are_what_calls_ask_for() {
        for (text, symbol) in [
            ("reference('web')", Some("web")),
            ("Reference('web', '2024-02-01', 'full')", Some("web")),
            ("reference(format('web[{0}]', copyIndex()))", Some("web")),
            ("listKeys('web[0]', '2024-02-01')", Some("web")),
            ("reference(format('{0}', 'web'))", None),
            ("reference(resourceId('A.B/c', 'web'))", None),
            ("toLower('web')", None),
        ] {
            assert_eq!(asked_symbol(&parse(text).expect(text)), symbol, "{text}");
        }
    }
}
