//! Whether two texts mean the same.

use crate::base::FileId;
use crate::syntax::{KindClass, parse};

/// Whether two texts have the same abstract tree, wherever its parts stand, and the same comments.
pub fn same_meaning(a: &str, b: &str) -> bool {
    meaning(a) == meaning(b)
}

/// The tree without its places, and the comments in the order of their texts.
fn meaning(text: &str) -> (String, Vec<String>) {
    let parsed = parse(FileId(0), text);
    let comments = parsed.cst.nodes().filter(|n| n.kind().class() == KindClass::Trivia);
    let mut comments: Vec<String> = comments.map(|n| n.text(text).trim_end().replace("\r\n", "\n")).collect();
    comments.sort_unstable();
    (without_places(&format!("{:?}", parsed.ast)), comments)
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
    }
}
