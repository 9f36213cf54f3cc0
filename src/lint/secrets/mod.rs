//! Credentials in literals: what their issuers make them look like, and values after words such as `--password`.
//!
//! Hand-written scans, each linear in the text. Values that are variables, commands or placeholders are no credentials.

mod issued;
mod passwords;

use crate::arm::Expr;
use crate::base::has_placeholder;
use crate::check::{Node, NodeKind};

pub(super) use self::issued::{Credential, credentials};
pub(super) use self::passwords::{Password, names_password, passwords};

/// The texts of a node that are known: the text, or the literals of an expression.
pub(super) fn texts(node: &Node, f: &mut dyn FnMut(&str)) {
    match &node.kind {
        NodeKind::Str(text) => f(text),
        NodeKind::Expr(expr) => expr.walk(&mut |part| {
            if let Expr::Str(text) = part {
                f(text);
            }
        }),
        _ => {}
    }
}

/// Whether a text holds a SAS, the signed query that stands for a storage key.
pub(super) fn shared_access_signature(text: &str) -> bool {
    after_each(text, "sig=").any(|(before, value)| {
        let value = value.split(['&', '"', '\'', ' ']).next().unwrap_or_default();
        before.ends_with(['?', '&']) && value.len() >= 8 && !is_variable(value)
    })
}

/// Whether a value is the secret itself: no variable, option, path, address or placeholder.
pub(super) fn is_literal(value: &str) -> bool {
    const WORDS: &[&str] = &["true", "false", "yes", "no", "null", "none", "prompt", "stdin"];
    value.len() >= 4
        && !is_variable(value)
        && !value.starts_with(['-', '/', '~', '.', '(', '[', '@', '\\', '*', '{', '<'])
        && !value.contains("://")
        && !WORDS.contains(&value.to_lowercase().as_str())
}

fn is_variable(value: &str) -> bool {
    value.is_empty() || value.contains(['$', '`']) || value.starts_with('%') || has_placeholder(value)
}

/// What stands before and after each place where a text holds another one.
fn after_each<'t>(text: &'t str, needle: &'t str) -> impl Iterator<Item = (&'t str, &'t str)> {
    // Nearly always there is no such place, and `contains` sees that much sooner.
    let places = text.contains(needle).then(|| text.match_indices(needle)).into_iter().flatten();
    places.filter_map(move |(at, _)| Some((text.get(..at)?, text.get(at + needle.len()..)?)))
}

#[cfg(test)]
mod tests {
    use super::shared_access_signature;

    #[test]
    fn a_signature_is_one_of_the_query() {
        assert!(shared_access_signature("https://x.blob.core.windows.net/a?sv=1&sig=abc%2Bdefgh"));
        assert!(!shared_access_signature("https://x.blob.core.windows.net/a?sv=1&sig=$SIGNATURE"));
        assert!(!shared_access_signature("x --config=sig=abcdefghijkl"));
    }
}
