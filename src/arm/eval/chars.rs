//! Characters as .NET counts and compares them: UTF-16 units, invariant case.

/// Counts UTF-16 units.
pub(super) fn len16(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().map(char::len_utf16).sum() }
}

/// Returns the text between two UTF-16 positions; `None` outside the text or inside a surrogate pair.
pub(super) fn slice16(text: &str, start: usize, end: usize) -> Option<&str> {
    if text.is_ascii() {
        return text.get(start..end);
    }
    let mut units = 0;
    let (mut from, mut to) = (None, None);
    for (offset, c) in text.char_indices().map(|(offset, c)| (offset, c.len_utf16())).chain([(text.len(), 0)])
    {
        from = from.or((units == start).then_some(offset));
        to = to.or((units == end).then_some(offset));
        units += c;
    }
    text.get(from?..to?)
}

/// Returns the text in upper case as `ToUpperInvariant` does; `None` where that differs from Unicode's full mapping.
pub(super) fn upper(text: &str) -> Option<String> {
    text.chars()
        .map(|c| if c.is_ascii() { Some(c.to_ascii_uppercase()) } else { simple(c, c.to_uppercase()) })
        .collect()
}

/// Returns the text in lower case as `ToLowerInvariant` does; `None` where that differs from Unicode's full mapping.
pub(super) fn lower(text: &str) -> Option<String> {
    text.chars()
        .map(|c| if c.is_ascii() { Some(c.to_ascii_lowercase()) } else { simple(c, c.to_lowercase()) })
        .collect()
}

/// .NET maps one unit to one unit and never into or out of ASCII; older runtimes leave pairs alone.
fn simple(c: char, mut mapped: impl Iterator<Item = char>) -> Option<char> {
    let first = mapped.next()?;
    if first == c && mapped.next().is_none() {
        return Some(c);
    }
    let plain = mapped.next().is_none() && !first.is_ascii() && c.len_utf16() == 1 && first.len_utf16() == 1;
    plain.then_some(first)
}
