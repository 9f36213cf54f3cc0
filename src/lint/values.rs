//! Values that rules compare.

use crate::arm::print;
use crate::base::has_placeholder;
use crate::check::{Node, NodeKind};

/// The text of a node, if it is known and no placeholder for something that is filled in later.
pub(super) fn known(node: &Node) -> Option<&str> {
    node.as_str().map(|text| &**text).filter(|text| !has_placeholder(text))
}

/// What tells the value of a node from others; ids and names compare without letter case. None for what is no text and for
/// placeholders, which may come to stand for anything.
pub(super) fn key(node: &Node) -> Option<String> {
    match &node.kind {
        NodeKind::Str(text) => Some(text.to_lowercase()).filter(|text| !has_placeholder(text)),
        NodeKind::Expr(expr) => Some(format!("[{}]", print(expr, &|_| None).to_lowercase())),
        _ => None,
    }
}

/// Whether two nodes say the same.
pub(super) fn same(a: &Node, b: &Node) -> bool {
    match (key(a), key(b)) {
        (Some(a), Some(b)) => a == b,
        _ => false,
    }
}

/// The last segment of an id that follows a collection: `versions` in `…/versions/1.2.3`.
pub(super) fn segment<'a>(id: &'a str, collection: &str) -> Option<&'a str> {
    let mut segments = id.split('/');
    segments.find(|s| s.eq_ignore_ascii_case(collection))?;
    segments.next().filter(|s| !s.is_empty())
}

/// The host of an address, in lower case, and what follows it.
pub(super) fn host(url: &str) -> Option<(String, &str)> {
    let (_, rest) = url.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end)?;
    let host = authority.rsplit('@').next().unwrap_or(authority);
    Some((host.split(':').next().unwrap_or(host).to_lowercase(), path))
}

#[cfg(test)]
mod tests {
    use super::{host, segment};

    #[test]
    fn addresses_and_ids_come_apart() {
        assert_eq!(host("https://u:p@X.example:8080/a?b"), Some(("x.example".into(), "/a?b")));
        assert_eq!(host("nothing"), None);
        assert_eq!(segment("/a/versions/1.2.3", "Versions"), Some("1.2.3"));
        assert_eq!(segment("/a/versions", "versions"), None);
    }
}
