//! Compiled patterns of string refinements.

use std::collections::HashMap;
use std::sync::Arc;

use regex::Regex;

/// Patterns by their text: each is compiled once a program.
#[derive(Default)]
pub(crate) struct Regexes {
    compiled: HashMap<Arc<str>, Option<Regex>>,
}

impl Regexes {
    /// Compiles a pattern, or says why it is none.
    pub(crate) fn compile(&mut self, pattern: &Arc<str>) -> Result<(), String> {
        if self.compiled.contains_key(pattern) {
            return Ok(());
        }
        match Regex::new(pattern) {
            Ok(regex) => {
                self.compiled.insert(pattern.clone(), Some(regex));
                Ok(())
            }
            Err(error) => Err(error.to_string().lines().last().unwrap_or_default().to_string()),
        }
    }

    /// Whether a text matches; a pattern that was reported as broken matches everything.
    pub(crate) fn matches(&mut self, pattern: &Arc<str>, text: &str) -> bool {
        let regex = self.compiled.entry(pattern.clone()).or_insert_with(|| Regex::new(pattern).ok());
        regex.as_ref().is_none_or(|r| r.is_match(text))
    }
}
