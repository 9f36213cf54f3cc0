//! [`Expr`] to text, and the two escapes of templates.

use std::borrow::Cow;
use std::fmt::Write;

use super::expr::Expr;
use super::parse::is_identifier;

/// The function under which a text stands that is written as it is: one that looks like an expression, and is that of
/// another template, or none at all.
pub const VERBATIM: &str = "aib.verbatim";

/// Returns the canonical text of an expression, without the outer brackets. `shared` answers, for a
/// [`Expr::Shared`], the name of the variable that stands for it; without one the expression itself is written.
pub fn print(expr: &Expr, shared: &dyn Fn(u32) -> Option<String>) -> String {
    let mut out = String::new();
    write_expr(expr, shared, &mut out);
    out
}

/// Returns the expression as a JSON string of a template holds it: `[...]`.
pub fn print_template(expr: &Expr, shared: &dyn Fn(u32) -> Option<String>) -> String {
    if let Expr::Call { name, args } = expr
        && &**name == VERBATIM
        && let [Expr::Str(text)] = args.as_slice()
    {
        return text.to_string();
    }
    let mut out = "[".to_owned();
    write_expr(expr, shared, &mut out);
    out.push(']');
    out
}

/// Escapes a plain string, value or key, of a template: one more `[` in front when it would else be read as an
/// expression, that is when it starts with `[` and ends with `]` (template-expressions.md of the Azure documentation;
/// escaping a string that only starts with `[` corrupts it, Azure/bicep#1993).
pub fn escape_literal(text: &str) -> Cow<'_, str> {
    if text.starts_with('[') && text.ends_with(']') {
        Cow::Owned(format!("[{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Returns the text as a string literal of an expression.
pub fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    write_quoted(text, &mut out);
    out
}

fn write_quoted(text: &str, out: &mut String) {
    out.push('\'');
    for (index, piece) in text.split('\'').enumerate() {
        if index > 0 {
            out.push_str("''");
        }
        out.push_str(piece);
    }
    out.push('\'');
}

fn write_expr(expr: &Expr, shared: &dyn Fn(u32) -> Option<String>, out: &mut String) {
    match expr {
        Expr::Str(text) => write_quoted(text, out),
        // Writing to a `String` cannot fail.
        Expr::Int(number) => write!(out, "{number}").unwrap_or_default(),
        Expr::Bool(true) => out.push_str("true()"),
        Expr::Bool(false) => out.push_str("false()"),
        Expr::Null => out.push_str("null()"),
        // Within an expression it is a text like any other.
        Expr::Call { name, args } if &**name == VERBATIM => {
            args.iter().for_each(|arg| write_expr(arg, shared, out));
        }
        Expr::Call { name, args } => {
            out.push_str(name);
            out.push('(');
            for (index, arg) in args.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                write_expr(arg, shared, out);
            }
            out.push(')');
        }
        Expr::Member { base, name, safe } => {
            let open = access(base, *safe, shared, out);
            match open {
                Access::Safe => write_quoted(name, out),
                Access::Plain if is_identifier(name) => {
                    out.push('.');
                    out.push_str(name);
                    return;
                }
                Access::Plain => {
                    out.push('[');
                    write_quoted(name, out);
                }
            }
            out.push(open.close());
        }
        Expr::Index { base, index, safe } => {
            let open = access(base, *safe, shared, out);
            if matches!(open, Access::Plain) {
                out.push('[');
            }
            write_expr(index, shared, out);
            out.push(open.close());
        }
        Expr::Shared { id, expr } => match shared(*id) {
            Some(name) => {
                out.push_str("variables(");
                write_quoted(&name, out);
                out.push(')');
            }
            None => write_expr(expr, shared, out),
        },
    }
}

/// How an element is reached; templates have no `.?`, so the safe way is a call.
#[derive(Clone, Copy)]
enum Access {
    Plain,
    Safe,
}

impl Access {
    fn close(self) -> char {
        match self {
            Self::Plain => ']',
            Self::Safe => ')',
        }
    }
}

/// Writes the base of an access, up to where the key begins.
fn access(base: &Expr, safe: bool, shared: &dyn Fn(u32) -> Option<String>, out: &mut String) -> Access {
    if !safe {
        write_expr(base, shared, out);
        return Access::Plain;
    }
    out.push_str("tryGet(");
    write_expr(base, shared, out);
    out.push_str(", ");
    Access::Safe
}

#[cfg(test)]
mod tests {
    use super::{escape_literal, print, print_template, quote};
    use crate::arm::{Expr, TemplateString, parse, parse_template_string};

    /// What a script line becomes in a template: the table of the Azure documentation and of Bicep's baselines.
    #[test]
    fn literals_are_escaped_only_when_both_brackets_are_there() {
        for (line, escaped) in [
            ("[ -f /etc/x ]", "[[ -f /etc/x ]"),
            ("[ -f /etc/x ] && reboot", "[ -f /etc/x ] && reboot"),
            ("[[ -f /etc/x ]]", "[[[ -f /etc/x ]]"),
            ("[[ -f /etc/x ]] && reboot", "[[ -f /etc/x ]] && reboot"),
            ("[Console]::OutputEncoding = 1", "[Console]::OutputEncoding = 1"),
            ("[void]$a[0]", "[[void]$a[0]"),
            ("[]", "[[]"),
            ("[test", "[test"),
            ("[test[]test2]", "[[test[]test2]"),
            ("a[b]", "a[b]"),
            ("[", "["),
            ("", ""),
        ] {
            assert_eq!(escape_literal(line), escaped);
            assert_eq!(parse_template_string(escaped), Ok(TemplateString::Literal(line.to_owned())));
        }
        assert_eq!(quote("it's"), "'it''s'");
    }

    #[test]
    fn spelling_is_canonical() {
        for (text, printed) in [
            ("concat( '[', '''test''',\n']' )", "concat('[', '''test''', ']')"),
            ("TRUE( )", "true()"),
            ("a.b ( -5 ) . c [ 'd' ] [0]", "a.b(-5).c['d'][0]"),
            ("parameters('x').?y", "tryGet(parameters('x'), 'y')"),
            ("parameters('x')[?0].z", "tryGet(parameters('x'), 0).z"),
            ("tryGet(parameters('x'), 'y', 'z')", "tryGet(parameters('x'), 'y', 'z')"),
        ] {
            assert_eq!(print(&parse(text).unwrap(), &|_| None), printed);
        }
        let odd = Expr::parameter("x").member("a-b");
        assert_eq!(print_template(&odd, &|_| None), "[parameters('x')['a-b']]");
    }

    #[test]
    fn shared_values_print_as_variables() {
        let shared = Expr::Shared { id: 3, expr: Expr::parameter("p").into() }.member("x");
        assert_eq!(print(&shared, &|id| Some(format!("v{id}"))), "variables('v3').x");
        assert_eq!(print(&shared, &|_| None), "parameters('p').x");
    }
}
