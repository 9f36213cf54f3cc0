//! The severities that `[lints]` of `aib.toml` gives to codes.

use crate::diag::{Code, Diagnostic, Severity};
use crate::lint::ALL;

/// A level on the command line and in `aib.toml`.
#[derive(Debug)]
pub(super) struct Level {
    /// Its name.
    pub(super) name: &'static str,
    /// The severity that findings get; none if they are dropped.
    pub(super) severity: Option<Severity>,
}

/// All levels.
pub(super) static LEVELS: &[Level] = &[
    Level { name: "error", severity: Some(Severity::Error) },
    Level { name: "warning", severity: Some(Severity::Warning) },
    Level { name: "info", severity: Some(Severity::Info) },
    Level { name: "off", severity: None },
];

/// Which code has which level, where it is not the code's own.
#[derive(Clone, Debug, Default)]
pub(super) struct Levels(Vec<(&'static str, Option<Severity>)>);

impl Levels {
    /// Sets the level of a code.
    pub(super) fn set(&mut self, code: &'static Code, level: &Level) {
        self.0.retain(|(id, _)| *id != code.id);
        self.0.push((code.id, level.severity));
    }

    /// Whether the level of a code can be set: what rules report, and what is no error anyway. Every other error says
    /// that nothing valid could be emitted, or nothing safe.
    pub(super) fn may_set(code: &Code) -> bool {
        code.severity != Severity::Error || ALL.iter().any(|rule| rule.meta.code.id == code.id)
    }

    /// The finding at its level, or nothing if it is switched off.
    pub(super) fn apply(&self, mut diagnostic: Diagnostic) -> Option<Diagnostic> {
        if let Some((_, level)) = self.0.iter().find(|(id, _)| *id == diagnostic.code.id) {
            diagnostic.severity = (*level)?;
        }
        Some(diagnostic)
    }
}
