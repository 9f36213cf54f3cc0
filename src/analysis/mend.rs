//! Applying the mends that findings bring.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::pipeline::Outcome;
use crate::base::{FileId, TextEdit, TextRange, apply_edits};
use crate::diag::{Applicability, Class, Severity};

/// A file with mends applied.
#[derive(Clone, Debug)]
pub struct Mended {
    /// Where it is.
    pub path: PathBuf,
    /// Its name as shown.
    pub shown: String,
    /// What it was, without a byte order mark.
    pub before: String,
    /// What it is to be.
    pub after: String,
    /// How many findings that mends.
    pub findings: usize,
}

/// The files of a run with the first mend of each finding applied, where it is sure enough. Of mends that touch the same text
/// the first by place is applied; another run will find the others again.
pub fn mended(outcome: &Outcome, least: Applicability) -> Vec<Mended> {
    let mut edits: BTreeMap<FileId, Edits> = BTreeMap::new();
    for found in &outcome.diagnostics {
        let fits = |sure: Applicability| sure == Applicability::Safe || least == Applicability::Unsafe;
        let Some(fix) = found.fixes.iter().find(|fix| fits(fix.applicability)) else { continue };
        if !outcome.paths.contains_key(&fix.file) {
            continue;
        }
        edits.entry(fix.file).or_default().add(&fix.edits);
    }
    let apply = |(file, Edits { edits, findings, .. })| {
        let source = outcome.sources.file(file)?;
        let before = source.text().to_string();
        let after = apply_edits(&before, &edits).ok()?;
        let path = outcome.paths.get(&file)?.clone();
        Some(Mended { path, shown: source.name().to_string(), before, after, findings })
    };
    edits.into_iter().filter_map(apply).collect()
}

/// The edits of one file so far.
#[derive(Default)]
struct Edits {
    edits: Vec<TextEdit>,
    /// Where each begins, and where it ends.
    taken: BTreeMap<u32, u32>,
    findings: usize,
}

impl Edits {
    /// Adds the edits of one mend, unless one touches text that another edit does.
    fn add(&mut self, edits: &[TextEdit]) {
        let is_taken = |range: TextRange| {
            self.taken.range(..=range.end).next_back().is_some_and(|(_, end)| *end >= range.start)
        };
        if edits.iter().any(|edit| is_taken(edit.range)) {
            return;
        }
        self.taken.extend(edits.iter().map(|edit| (edit.range.start, edit.range.end)));
        self.edits.extend(edits.iter().cloned());
        self.findings += 1;
    }
}

/// How many errors of the language there are: a mend must not add any.
pub fn language_errors(outcome: &Outcome) -> usize {
    let is = |severity, class| severity == Severity::Error && class == Class::Language;
    outcome.diagnostics.iter().filter(|d| is(d.severity, d.code.class())).count()
}
