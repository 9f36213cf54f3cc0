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
    /// What it is about.
    pub category: Category,
    /// Where its fact is documented: a link, or a word on where it was seen.
    pub evidence: &'static str,
}

/// What a rule is about.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Category {
    /// The order of the steps.
    Ordering,
    /// Credentials.
    Secrets,
    /// Sources, targets and what lies between them.
    Gallery,
    /// Values that the target refuses, or that do not do what they seem to.
    Schema,
    /// Networks and regions.
    Network,
    /// Where scripts and files come from.
    SupplyChain,
    /// What a build costs, and whether it ends in time.
    CostAndTime,
}

impl Category {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ordering => "ordering",
            Self::Secrets => "secrets",
            Self::Gallery => "gallery",
            Self::Schema => "schema",
            Self::Network => "network",
            Self::SupplyChain => "supply-chain",
            Self::CostAndTime => "cost-and-time",
        }
    }
}
