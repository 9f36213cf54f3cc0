//! The table of codes: one row a code, and its page under `docs/codes/`.

/// How bad a finding is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Probably wrong, or fragile.
    Warning,
    /// Wrong: nothing is emitted.
    Error,
}

impl Severity {
    /// The word used in every format.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// What a code is about: the language itself, or the target that the language describes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Class {
    /// Syntax, names, types of expressions: without these nothing has a meaning.
    Language,
    /// What Azure would refuse or do.
    Target,
}

/// A row of the table.
#[derive(PartialEq, Eq, Debug)]
pub struct Code {
    /// `AIB101`: stable for ever, never used again for something else.
    pub id: &'static str,
    /// The kebab-case name, worded for the fault, so that "allow *name*" reads right.
    pub name: &'static str,
    /// The severity unless configured.
    pub severity: Severity,
    /// Language or target.
    pub class: Class,
    /// The page: what, why, a wrong and a right example.
    pub page: &'static str,
}

macro_rules! codes {
    ($($ident:ident $id:literal $name:literal $severity:ident $class:ident)*) => {
        /// Every code, by its name in the source.
        pub mod code {
            use super::{Class, Code, Severity};
            $(
                #[doc = concat!("`", $id, "` ", $name)]
                pub static $ident: Code = Code {
                    id: $id, name: $name, severity: Severity::$severity, class: Class::$class,
                    page: include_str!(concat!("../../docs/codes/", $id, ".md")),
                };
            )*
        }
        /// Every code, in the order of the table.
        pub static CODES: &[&Code] = &[$(&code::$ident),*];
    };
}

// Numbers: 0xx files and syntax, 1xx names and modules, 2xx types and values, 3xx the target's shape,
// 4xx ordering, 5xx secrets, 6xx gallery and sources, 7xx other rules of the target.
codes! {
    SYNTAX                 "AIB001" "syntax-error"              Error Language
    UNTERMINATED_STRING    "AIB002" "unterminated-string"       Error Language
    UNCLOSED_BRACKET       "AIB003" "unclosed-bracket"          Error Language
    WRONG_ASSIGNMENT       "AIB004" "wrong-assignment"          Error Language
    WRONG_COMMENT          "AIB005" "wrong-comment"             Error Language
    NESTING_TOO_DEEP       "AIB006" "nesting-too-deep"          Error Language
    FILE_TOO_LARGE         "AIB007" "file-too-large"            Error Language
    INVALID_ESCAPE         "AIB008" "invalid-escape"            Error Language
    INVALID_NUMBER         "AIB009" "invalid-number"            Error Language
    MISSING_SEPARATOR      "AIB010" "missing-separator"         Error Language
    BRACE_ON_NEXT_LINE     "AIB011" "brace-on-next-line"        Error Language
    FOREIGN_WORD           "AIB012" "foreign-word"              Error Language
}

/// The code with this id or name, in any letter case.
pub fn find_code(text: &str) -> Option<&'static Code> {
    CODES.iter().copied().find(|c| c.id.eq_ignore_ascii_case(text) || c.name.eq_ignore_ascii_case(text))
}
