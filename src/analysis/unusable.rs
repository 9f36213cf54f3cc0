//! Input that cannot be used at all: no file, no text, no configuration.

use std::sync::Arc;

use crate::base::{SourceFile, TextRange};

/// Why an input cannot be used; worded like a diagnostic, but about no aib source.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{title}")]
pub struct Unusable {
    /// What is wrong, on one line.
    pub title: String,
    /// Where, if it is in a text.
    pub excerpt: Option<Excerpt>,
    /// What to do.
    pub help: Option<String>,
}

/// A place in a text that is no aib source: `aib.toml`, a parameter file.
#[derive(Clone, Debug)]
pub struct Excerpt {
    /// The file.
    pub file: Arc<SourceFile>,
    /// The place.
    pub range: TextRange,
    /// What is to be said there; may be empty.
    pub label: String,
}

impl Unusable {
    /// An input that cannot be used.
    pub(super) fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), excerpt: None, help: None }
    }

    /// Points at a place.
    pub(super) fn at(mut self, file: &Arc<SourceFile>, range: TextRange, label: impl Into<String>) -> Self {
        self.excerpt = Some(Excerpt { file: Arc::clone(file), range, label: label.into() });
        self
    }

    /// Says what to do.
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
