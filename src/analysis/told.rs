//! What is told of what was found: authors let some of it pass, and levels change or drop the rest.

use std::collections::HashMap;

use super::levels::{Levels, Settings};
use super::workspace::{Place, Workspace};
use crate::allow::{Allows, Used};
use crate::base::FileId;
use crate::diag::Diagnostic;

/// What holds for the findings of a run.
pub(super) struct Told<'a> {
    /// Levels that the command line gives.
    pub(super) command_line: &'a Settings,
    /// What authors let pass, by file; files that allow nothing are left out.
    pub(super) allows: HashMap<FileId, Allows>,
}

impl Told<'_> {
    /// The findings that nobody lets pass; notes what the others are let pass by.
    pub(super) fn not_let_pass(&self, found: Vec<Diagnostic>, used: &mut Used) -> Vec<Diagnostic> {
        let mut passes =
            |d: &Diagnostic| self.allows.get(&d.span().file).is_some_and(|allows| allows.let_pass(d, used));
        found.into_iter().filter(|d| !passes(d)).collect()
    }

    /// What is wrong with what the author of a file lets pass: malformed, or of no use. The latter is only known where all that
    /// can be found was looked for; `used` is what let something pass there.
    pub(super) fn about_allows(&self, file: FileId, used: Option<&Used>) -> Vec<Diagnostic> {
        let Some(allows) = self.allows.get(&file) else { return Vec::new() };
        let unused = used.map(|used| allows.unused(file, used));
        allows.faults.iter().cloned().chain(unused.into_iter().flatten()).collect()
    }

    /// A finding about a file at the level that its workspace and the command line give it; nothing if they drop it.
    pub(super) fn at_level(
        &self,
        workspace: Option<&Workspace>,
        place: Option<&Place>,
        d: Diagnostic,
    ) -> Option<Diagnostic> {
        match workspace {
            Some(workspace) => {
                let path = place.and_then(|place| workspace.relative(place));
                workspace.config.levels.apply(self.command_line, path, d)
            }
            None => Levels::default().apply(self.command_line, None, d),
        }
    }
}
