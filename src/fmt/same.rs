//! Whether two texts mean the same.

use crate::base::FileId;
use crate::syntax::{KindClass, parse};

/// Whether a new text has the same abstract tree as an old one, wherever its parts stand, and the same comments, and no
/// mistake of syntax if the old one had none: what is mended while it is read has a tree too.
pub fn same_meaning(old: &str, new: &str) -> bool {
    let (old, new) = (Meaning::of(old), Meaning::of(new));
    old.tree == new.tree && old.comments == new.comments && (new.valid || !old.valid)
}

struct Meaning {
    /// The tree without its places.
    tree: String,
    /// The comments, in the order of their texts.
    comments: Vec<String>,
    /// Whether nothing was reported.
    valid: bool,
}

impl Meaning {
    fn of(text: &str) -> Self {
        let parsed = parse(FileId(0), text);
        let comments = parsed.cst.nodes().filter(|n| n.kind().class() == KindClass::Trivia);
        let mut comments: Vec<String> =
            comments.map(|n| n.text(text).trim_end().replace("\r\n", "\n")).collect();
        comments.sort_unstable();
        let tree = without_places(&format!("{:?}", parsed.ast));
        Self { tree, comments, valid: parsed.errors.is_empty() }
    }
}

/// The debug text of a tree, which shows all that it holds, without its ranges (`12..34`).
///
/// Outside of quoted text, where quotes are escaped, nothing else has two dots between digits.
fn without_places(debug: &str) -> String {
    let mut out = String::with_capacity(debug.len());
    let mut rest = debug.chars().peekable();
    let (mut quoted, mut escaped) = (false, false);
    while let Some(c) = rest.next() {
        if quoted {
            quoted = escaped || c != '"';
            escaped = !escaped && c == '\\';
        } else if c == '.' && rest.next_if_eq(&'.').is_some() {
            out.truncate(out.trim_end_matches(|c: char| c.is_ascii_digit()).len());
            while rest.next_if(char::is_ascii_digit).is_some() {}
            out.push('.');
        } else {
            quoted = c == '"';
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{same_meaning, without_places};

    #[test]
    fn places_are_cut_out() {
        let debug = r#"A { n: 12, text: "3..4 \" 5..6", range: 10..34, other: Some(7..8) }"#;
        let without = r#"A { n: 12, text: "3..4 \" 5..6", range: .., other: Some(..) }"#;
        assert_eq!(without_places(debug), without);
    }

    #[test]
    fn what_is_written_differently_may_mean_the_same() {
        assert!(same_meaning("a = [1,2] // x", "a = [\n  1,\n  2,\n]\n// x\n"));
        assert!(!same_meaning("a = 1", "a = 2"));
        assert!(!same_meaning("a = 1 // x", "a = 1"));
        assert!(!same_meaning("/// x\na = 1", "a = 1 /// x"));
        assert!(!same_meaning("a = '1..2'", "a = '1..3'"));
        assert!(!same_meaning("a = [1, /*\n*/]", "a = [1 /*\n*/,]"));
    }
}
