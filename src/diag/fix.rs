//! Machine-made mends.

use crate::base::{FileId, TextEdit};

/// Whether a fix may be applied without a person looking at it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Applicability {
    /// It keeps the meaning, or restores the only possible one.
    Safe,
    /// It changes what is deployed, or guesses.
    Unsafe,
}

impl Applicability {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
        }
    }
}

/// An edit of one file that mends a diagnostic.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix {
    /// What it does, as an order: "write `timeout = 2h`".
    pub title: String,
    /// The file it edits.
    pub file: FileId,
    /// The edits; they do not overlap.
    pub edits: Vec<TextEdit>,
    /// Whether it may be applied unseen.
    pub applicability: Applicability,
}
