//! Replacements of text.

use std::fmt;

use super::TextRange;

/// The replacement of a range of one file's text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TextEdit {
    /// What is replaced; empty for an insertion.
    pub range: TextRange,
    /// What stands there afterwards.
    pub text: String,
}

/// Why edits could not be applied: two of them touch the same text, or one lies outside it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EditError(pub TextRange);

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the edit of bytes {:?} overlaps another one or lies outside the text", self.0)
    }
}

impl std::error::Error for EditError {}

/// Applies edits to a text, in any order given.
///
/// # Errors
/// [`EditError`] if two edits overlap, or one does not lie on character borders of the text.
pub fn apply_edits(text: &str, edits: &[TextEdit]) -> Result<String, EditError> {
    let mut sorted: Vec<&TextEdit> = edits.iter().collect();
    sorted.sort_by_key(|e| (e.range.start, e.range.end));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in sorted {
        let range = edit.range.to_usize();
        let kept = text.get(at..range.start).ok_or(EditError(edit.range))?;
        text.get(range.clone()).ok_or(EditError(edit.range))?;
        out.push_str(kept);
        out.push_str(&edit.text);
        at = range.end;
    }
    out.push_str(text.get(at..).ok_or(EditError(TextRange::at(at)))?);
    Ok(out)
}
