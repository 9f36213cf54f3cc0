//! The row that a rule is.

use super::Context;
use crate::diag::{Code, Sink};

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// What is to be known about it without running it.
    pub meta: RuleMeta,
    /// Looks at a program and reports.
    pub check: fn(&Context<'_>, &mut Sink),
}

/// What a rule is called, and what it rests on.
#[derive(Debug)]
pub struct RuleMeta {
    /// The code that it raises.
    pub code: &'static Code,
    /// How sure its findings are.
    pub confidence: Confidence,
    /// Where its fact is documented: a link, or a word on where it was seen.
    pub evidence: &'static str,
    /// Whether it speaks unless asked to. One that does not is advice, which holds for nearly every sound image: a
    /// finding of it counts only where a level is set for it or its category.
    pub on: bool,
}

/// How sure a finding of a rule is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Confidence {
    /// It follows from what is documented or was observed, and from values that are known.
    Certain,
    /// It holds almost always; mostly because it reads scripts or names, or knows a list that ages.
    Likely,
}

impl Confidence {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Likely => "likely",
        }
    }
}
