//! Reading some parts of a text as if nothing else stood in it, with every place as it is in the whole text.

use crate::base::TextRange;

/// Parts of a text, one after another: what is read, and where it comes from.
pub(super) struct Parts {
    /// The parts put together.
    pub(super) text: String,
    /// Where each part begins in `text` and where it begins in the whole text.
    starts: Vec<(u32, u32)>,
}

impl Parts {
    /// Takes parts of a text, which stand in order.
    pub(super) fn of(whole: &str, parts: &[TextRange]) -> Self {
        let mut this = Self { text: String::new(), starts: Vec::with_capacity(parts.len()) };
        for part in parts {
            this.starts.push((TextRange::at(this.text.len()).start, part.start));
            this.text.push_str(whole.get(part.to_usize()).unwrap_or(""));
        }
        this
    }

    /// A place in the parts as a place in the whole text. Where two parts meet, a node begins in the later one and
    /// ends in the earlier one; what is empty belongs to the earlier one too.
    pub(super) fn outer(&self, range: TextRange) -> TextRange {
        let end = self.shift(range.end, |start| start < range.end);
        let start =
            if range.is_empty() { end } else { self.shift(range.start, |start| start <= range.start) };
        TextRange { start, end }
    }

    fn shift(&self, at: u32, before: impl Fn(u32) -> bool) -> u32 {
        let part = self.starts.partition_point(|(inner, _)| before(*inner)).saturating_sub(1);
        self.starts.get(part).map_or(at, |(inner, outer)| at - inner + outer)
    }
}

#[cfg(test)]
mod tests {
    use super::Parts;
    use crate::base::TextRange;

    #[test]
    fn places_are_those_of_the_whole_text() {
        let parts =
            Parts::of("abXXcdXXef", &[TextRange::new(0, 2), TextRange::new(4, 6), TextRange::new(8, 10)]);
        assert_eq!(parts.text, "abcdef");
        let outer = |start, end| parts.outer(TextRange::new(start, end));
        assert_eq!(outer(0, 2), TextRange::new(0, 2));
        assert_eq!(outer(2, 4), TextRange::new(4, 6));
        assert_eq!(outer(3, 5), TextRange::new(5, 9));
        assert_eq!(outer(2, 2), TextRange::at(2));
    }
}
