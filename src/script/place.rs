//! From a text within a script to the script: by how far it lies behind its begin, or only as a whole.

use crate::base::TextRange;

/// Where a text stands in the whole script.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    /// As it is, from this byte on.
    At(usize),
    /// With escapes, in this range.
    Within(TextRange),
}

impl Place {
    /// Where a part of the text stands.
    pub(super) fn range(self, start: usize, end: usize) -> TextRange {
        match self {
            Self::At(at) => TextRange::new(at + start, at + end),
            Self::Within(range) => range,
        }
    }

    /// The place of a text that stands in this one.
    pub(super) fn inner(self, at: usize) -> Self {
        match self {
            Self::At(start) => Self::At(start + at),
            within => within,
        }
    }
}

/// From brush's counting of characters to bytes.
pub(super) struct Characters {
    /// Where each character begins, if not all are single bytes.
    starts: Option<Vec<u32>>,
    /// The length of the text.
    end: usize,
}

impl Characters {
    pub(super) fn new(text: &str) -> Self {
        let starts = || text.char_indices().map(|(at, _)| u32::try_from(at).unwrap_or(u32::MAX));
        Self { starts: (!text.is_ascii()).then(|| starts().collect()), end: text.len() }
    }

    /// The bytes of a token between two characters. What brush gives begins with the white space before it, if a line goes on
    /// there or a here-document stands between.
    pub(super) fn token(&self, text: &str, start: usize, end: usize) -> std::ops::Range<usize> {
        let start = self.byte(start);
        let end = self.byte(end).max(start);
        let mut rest = text.get(start..end).unwrap_or_default();
        while let Some(shorter) = rest.strip_prefix("\\\n").or_else(|| rest.strip_prefix([' ', '\t'])) {
            rest = shorter;
        }
        end - rest.len()..end
    }

    /// The byte at which a character begins.
    pub(super) fn byte(&self, character: usize) -> usize {
        match &self.starts {
            None => character.min(self.end),
            Some(starts) => starts.get(character).map_or(self.end, |at| *at as usize),
        }
    }
}
