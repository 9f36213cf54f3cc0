//! Actions with wildcards: `Microsoft.Compute/galleries/*`.

/// Whether a pattern allows an action; `*` stands for any characters, and letter case does not matter.
///
/// Source: role-based-access-control/role-definitions, "Actions" and "Wildcard permissions".
pub(super) fn allows(pattern: &str, action: &str) -> bool {
    let (pattern, action) = (pattern.to_lowercase(), action.to_lowercase());
    let mut parts = pattern.split('*');
    let Some(rest) = action.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut middle: Vec<&str> = parts.collect();
    let Some(last) = middle.pop() else { return rest.is_empty() };
    // The leftmost place for each part leaves the most to those behind it.
    let left = middle.into_iter().try_fold(rest, |rest, part| {
        let at = rest.find(part)?;
        rest.get(at + part.len()..)
    });
    left.is_some_and(|left| left.ends_with(last))
}

/// Whether it has a wildcard.
pub(super) fn is_wild(pattern: &str) -> bool {
    pattern.contains('*')
}

#[cfg(test)]
mod tests {
    use super::allows;

    #[test]
    fn a_wildcard_stands_for_anything() {
        for (pattern, action) in [
            ("*", "Microsoft.Compute/images/read"),
            ("*/read", "Microsoft.Compute/images/read"),
            ("Microsoft.Compute/*", "Microsoft.Compute/galleries/images/versions/write"),
            ("microsoft.compute/IMAGES/read", "Microsoft.Compute/images/read"),
            ("Microsoft.Compute/*/read", "Microsoft.Compute/galleries/images/read"),
            ("Microsoft.Compute/galleries/*", "Microsoft.Compute/galleries/images/read"),
            ("*/read*", "a/read"),
        ] {
            assert!(allows(pattern, action), "{pattern} {action}");
        }
        for (pattern, action) in [
            ("Microsoft.Compute/images", "Microsoft.Compute/images/read"),
            ("Microsoft.Compute/images/read", "Microsoft.Compute/images/reader"),
            ("Microsoft.Compute/*/write", "Microsoft.Compute/images/read"),
            ("Microsoft.Compute/galleries/*", "Microsoft.Compute/galleries"),
            ("*/write", "Microsoft.Compute/images/write/action"),
            ("ab*ba", "aba"),
        ] {
            assert!(!allows(pattern, action), "{pattern} {action}");
        }
    }
}
