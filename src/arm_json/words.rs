//! Members that belong to templates rather than to what is deployed.

/// Members of every resource of a template, besides those of the resource itself.
static ENVELOPE: &[&str] = &[
    "type",
    "apiVersion",
    "name",
    "dependsOn",
    "condition",
    "copy",
    "comments",
    "resources",
    "scope",
    "metadata",
    "existing",
    "import",
    "asserts",
    "@options",
];

/// Whether a member belongs to the template; letter case does not count there.
pub(super) fn is_envelope(key: &str) -> bool {
    ENVELOPE.iter().any(|k| k.eq_ignore_ascii_case(key))
}
