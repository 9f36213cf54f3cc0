//! The closing line.

use std::collections::HashSet;

use crate::base::{FileId, plural};
use crate::diag::{Diagnostic, Severity};

/// How many findings there are of each severity.
pub(super) struct Counts {
    pub(super) errors: usize,
    pub(super) warnings: usize,
    pub(super) infos: usize,
}

impl Counts {
    pub(super) fn new(diagnostics: &[Diagnostic]) -> Self {
        let count = |severity| diagnostics.iter().filter(|d| d.severity == severity).count();
        Self {
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            infos: count(Severity::Info),
        }
    }
}

/// The closing line, without a line break: `3 errors, 1 warning in 2 files`. Empty without diagnostics.
pub fn summary(diagnostics: &[Diagnostic]) -> String {
    if diagnostics.is_empty() {
        return String::new();
    }
    let counts = Counts::new(diagnostics);
    let parts = [(counts.errors, "error"), (counts.warnings, "warning"), (counts.infos, "info")];
    let found: Vec<String> = parts.iter().filter(|(n, _)| *n > 0).map(|&(n, noun)| plural(n, noun)).collect();
    let files: HashSet<FileId> = diagnostics.iter().map(|d| d.span().file).collect();
    format!("{} in {}", found.join(", "), plural(files.len(), "file"))
}
