//! Words that people write for a declaration of ours.

use super::cst::Node;
use super::kind::SyntaxKind;
use crate::base::nearest;

/// The words that begin a declaration.
pub(super) const DECLARATIONS: &[&str] =
    &["import", "param", "let", "fn", "type", "recipe", "output", "assert", "policy", "resource", "existing"];

/// Other languages' words for the same.
const FOREIGN: &[(&str, &str)] = &[
    ("const", "let"),
    ("var", "let"),
    ("val", "let"),
    ("local", "let"),
    ("locals", "let"),
    ("set", "let"),
    ("def", "let"),
    ("parameter", "param"),
    ("variable", "let"),
    ("input", "param"),
    ("arg", "param"),
    ("out", "output"),
    ("export", "output"),
    ("function", "fn"),
    ("func", "fn"),
    ("module", "import"),
    ("include", "import"),
    ("require", "import"),
    ("using", "import"),
    ("macro", "recipe"),
    ("typedef", "type"),
    ("enum", "type"),
];

/// Our word for another language's.
pub(super) fn foreign(word: &str) -> Option<&'static str> {
    FOREIGN.iter().find(|(theirs, _)| *theirs == word).map(|(_, ours)| *ours)
}

/// The declaration that a word stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Meant {
    /// `let`
    Let,
    /// `param`
    Param,
    /// `output`
    Output,
    /// Any other.
    Other(&'static str),
}

impl Meant {
    /// The word.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Let => "let",
            Self::Param => "param",
            Self::Output => "output",
            Self::Other(word) => word,
        }
    }
}

/// The declaration that was probably meant by an entry at the top of a file: `lett a = 1`, `const a = 1`.
///
/// Only entries of a shape that no resource has are looked at: a plain name and a value, no block.
pub(super) fn meant_declaration(word: &str, entry: Node<'_>) -> Option<Meant> {
    let mut parts = entry.parts().skip(1);
    let label = parts.next()?;
    let lone = label.kind() == SyntaxKind::Path && label.child(SyntaxKind::Dot).is_none();
    let assigned =
        matches!(parts.next()?.kind(), SyntaxKind::Eq | SyntaxKind::WrongEq | SyntaxKind::WrongEquality);
    if !lone || !assigned || entry.child(SyntaxKind::Block).is_some() {
        return None;
    }
    Some(match foreign(word).or_else(|| nearest(word, DECLARATIONS.iter().copied()))? {
        "let" => Meant::Let,
        "param" => Meant::Param,
        "output" => Meant::Output,
        other => Meant::Other(other),
    })
}
