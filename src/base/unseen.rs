//! Characters that nobody sees where they stand.

/// Beyond the control characters: zero-width and direction marks, line and paragraph separators, invisible operators, byte
/// order marks. Not those that join or part letters, which scripts and emoji need.
static UNSEEN: &[(char, char)] = &[
    ('\u{200b}', '\u{200b}'),
    ('\u{200e}', '\u{200f}'),
    ('\u{2028}', '\u{202e}'),
    ('\u{2060}', '\u{2069}'),
    (BYTE_ORDER_MARK, BYTE_ORDER_MARK),
];

/// What some editors begin a file with.
pub const BYTE_ORDER_MARK: char = '\u{feff}';

/// Whether nobody would see a character where it stands, or what it does: it reorders its line, or a terminal acts on it.
pub fn is_unseen(c: char) -> bool {
    c.is_control() || UNSEEN.iter().any(|&(from, to)| (from..=to).contains(&c))
}

/// Adds a text as it is shown: what is unseen is spelled as an escape, save tabs.
pub fn push_shown(out: &mut String, text: &str) {
    for c in text.chars() {
        if c != '\t' && is_unseen(c) { out.extend(c.escape_default()) } else { out.push(c) }
    }
}
