//! `aib: allow(rule) because …`: findings that an author lets pass, where they are.
//!
//! In a source, and in JSON that has comments, it stands in a comment: behind something it is about what begins on its line, on
//! a line of its own about what begins on the next one; a text or list of several lines that begins there belongs to it. In strict JSON it
//! stands in `comments` of a resource and is about that resource, or in `metadata.aib` of a template and is about all of it.
//!
//! Invariant: what can't be set to another level can't be allowed either.

mod errors;
mod read;

use std::collections::HashSet;

use crate::base::{FileId, Span, TextRange};
use crate::diag::{Code, Diagnostic};
use crate::json;
use crate::lint::{Misnamed, Subject};
use crate::syntax::Parsed;

/// A name within an `allow(…)`.
#[derive(Clone, Debug)]
struct Named {
    span: Span,
    code: &'static Code,
    /// What to delete to be rid of it, where others stand beside it: with a comma.
    part: TextRange,
}

/// One `allow(…)`.
#[derive(Clone, Debug)]
struct Allow {
    /// What to delete to be rid of it, and what that is called: the comment, or the member or element of the JSON.
    whole: Option<(&'static str, TextRange)>,
    names: Vec<Named>,
    /// What it is about.
    covers: TextRange,
    /// Whether this run comes to what it is about.
    met: Met,
}

/// Whether a run comes to what an `allow(…)` is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Met {
    /// It does.
    Always,
    /// Where something uses the recipe that it stands in.
    WithRecipe,
    /// Nobody knows: a branch may not be taken.
    Perhaps,
}

/// All of one file.
#[derive(Clone, Debug, Default)]
pub struct Allows {
    list: Vec<Allow>,
    /// What is wrong with them.
    pub faults: Vec<Diagnostic>,
}

/// What became of the `allow(…)` of a run.
#[derive(Clone, Debug, Default)]
pub struct Used {
    /// Which names of which `allow(…)` of a file let something pass.
    names: HashSet<(FileId, usize, usize)>,
    /// Which `allow(…)` of a recipe are about something that an image of the run has.
    met: HashSet<(FileId, usize)>,
}

impl Used {
    /// Adds what another part of the run found.
    pub fn extend(&mut self, other: &Self) {
        self.names.extend(&other.names);
        self.met.extend(&other.met);
    }
}

impl Allows {
    /// Those of a source; none if it says nothing of the kind.
    pub fn of_source(text: &str, parsed: &Parsed) -> Option<Self> {
        mentions(text).then(|| read::source(text, parsed))
    }

    /// Those of a file of JSON; none if it says nothing of the kind.
    pub fn of_json(file: FileId, text: &str, document: &json::Document) -> Option<Self> {
        mentions(text).then(|| read::document(file, text, document))
    }

    /// Whether a finding about this file is let pass; notes by what.
    pub fn let_pass(&self, found: &Diagnostic, used: &mut Used) -> bool {
        let Span { file, range } = found.span();
        let mut passes = false;
        for (at, allow) in self.list.iter().enumerate() {
            if !(allow.covers.start..allow.covers.end.max(allow.covers.start + 1)).contains(&range.start) {
                continue;
            }
            for (index, _) in allow.names.iter().enumerate().filter(|(_, n)| n.code.id == found.code.id) {
                used.names.insert((file, at, index));
                passes = true;
            }
        }
        passes
    }

    /// Notes those of recipes that are about something at these places.
    pub fn meet(&self, file: FileId, places: &[Span], used: &mut Used) {
        let recipes = self.list.iter().enumerate().filter(|(_, allow)| allow.met == Met::WithRecipe);
        for (at, Allow { covers, .. }) in recipes {
            let within = |place: &Span| (covers.start..covers.end).contains(&place.range.start);
            if places.iter().any(|place| place.file == file && within(place)) {
                used.met.insert((file, at));
            }
        }
    }

    /// Reports those that let nothing pass.
    pub fn unused(&self, file: FileId, used: &Used) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let is_met = |at: usize, allow: &Allow| match allow.met {
            Met::Always => true,
            Met::WithRecipe => used.met.contains(&(file, at)),
            Met::Perhaps => false,
        };
        for (at, allow) in self.list.iter().enumerate().filter(|(at, allow)| is_met(*at, allow)) {
            let idle: Vec<&Named> = allow
                .names
                .iter()
                .enumerate()
                .filter(|(index, _)| !used.names.contains(&(file, at, *index)))
                .map(|(_, name)| name)
                .collect();
            let whole = idle.len() == allow.names.len();
            found.extend(idle.into_iter().map(|name| match whole {
                true => errors::unused(name, allow.whole),
                false => errors::unused(name, Some(("delete the name", name.part))),
            }));
        }
        found
    }
}

/// Whether there is anything to look for: most files allow nothing.
fn mentions(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memmem::find_iter(bytes, b"allow").any(|at| {
        // A prefix, a key, white space and quotes at most lie before it.
        let before = bytes.get(at.saturating_sub(64)..at).unwrap_or_default();
        before.windows(3).any(|part| part.eq_ignore_ascii_case(b"aib"))
    }) || memchr::memmem::find(bytes, b"aib:").is_some()
}

/// The code that a name stands for, if findings of it can be let pass.
fn code_named(text: &str) -> Result<&'static Code, Misnamed> {
    match Subject::named(text)? {
        Subject::Code(code) => Ok(code),
        Subject::Category(category) => Err(errors::category(category)),
    }
}
