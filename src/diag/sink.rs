//! Where findings are collected.

use std::collections::HashSet;

use super::{Class, Code, Diagnostic, Severity, code};
use crate::base::Span;

/// How much must be right before something is emitted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Gate {
    /// No error of any class.
    #[default]
    Strict,
    /// No error of the language itself; findings about the target are let through.
    Permissive,
}

/// Collects diagnostics. The same code at the same place is kept once, the first time.
#[derive(Clone, Debug, Default)]
pub struct Sink {
    found: Vec<Diagnostic>,
    seen: HashSet<(&'static str, Span, Option<Span>)>,
}

/// Codes of which one place may have several findings, told apart by their second place: the assert of a policy, the
/// fact of a definition.
static SEVERAL: &[&Code] = &[&code::POLICY_VIOLATED, &code::DEFINITION_MISMATCH];

impl Sink {
    /// An empty sink.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a finding, unless the same code was already reported at the same place.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let several = SEVERAL.contains(&diagnostic.code);
        let other = diagnostic.labels.get(1).filter(|_| several).map(|label| label.span);
        if self.seen.insert((diagnostic.code.id, diagnostic.span(), other)) {
            self.found.push(diagnostic);
        }
    }

    /// Adds the findings of another sink.
    pub fn extend(&mut self, other: impl IntoIterator<Item = Diagnostic>) {
        other.into_iter().for_each(|d| self.push(d));
    }

    /// Whether what was found lets emission go on.
    pub fn is_clean(&self, gate: Gate) -> bool {
        !self.found.iter().any(|d| {
            d.severity == Severity::Error && (gate == Gate::Strict || d.code.class() == Class::Language)
        })
    }

    /// What was found so far, in the order of finding.
    pub fn found(&self) -> &[Diagnostic] {
        &self.found
    }

    /// What was found, ordered by file, place and code.
    pub fn into_sorted(self) -> Vec<Diagnostic> {
        let mut found = self.found;
        found.sort_by(|a, b| (a.span(), a.code.id, &a.title).cmp(&(b.span(), b.code.id, &b.title)));
        found
    }
}
