//! Names of files and roles.

use std::collections::HashSet;

/// The text, cut to at most so many characters, with an ellipsis if something is gone.
pub(super) fn clip(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// A text in a comment, which a line break would end.
pub(super) fn comment(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The text as a part of a file's name: letters, digits, `-`, `_` and `.`.
pub(super) fn slug(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '_' | '.') {
            out.push(c);
        } else if !out.ends_with('-') {
            out.push('-');
        }
    }
    let trimmed = out.trim_matches(['-', '.']);
    if trimmed.is_empty() { "_".to_owned() } else { trimmed.to_owned() }
}

/// Gives each text a slug of its own; file systems may compare without case.
#[derive(Default)]
pub(super) struct Slugs(HashSet<String>);

impl Slugs {
    /// The slug, numbered where it is taken.
    pub(super) fn unique(&mut self, text: &str) -> String {
        let slug = clip_plain(&slug(text), 100);
        let mut name = slug.clone();
        let mut number = 1;
        while !self.0.insert(name.to_lowercase()) {
            number += 1;
            name = format!("{slug}-{number}");
        }
        name
    }
}

fn clip_plain(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::{Slugs, clip, slug};

    #[test]
    fn names_are_plain_and_different() {
        assert_eq!(slug("web[dev]"), "web-dev");
        assert_eq!(slug("../x y"), "x-y");
        assert_eq!(slug("…"), "_");
        let mut slugs = Slugs::default();
        assert_eq!(["a b", "A-b", "a-b"].map(|text| slugs.unique(text)), ["a-b", "A-b-2", "a-b-3"]);
        assert_eq!(clip("abcd", 3), "ab…");
    }
}
