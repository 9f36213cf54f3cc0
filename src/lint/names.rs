//! Names of rules, codes and categories where an author or a team says what is to become of their findings.

use crate::base::nearest;
use crate::diag::{CODES, Category, Class, Code, Severity, code, find_code};

use super::ALL;

/// Why a text is no name that can stand there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Misnamed {
    /// What is wrong, in one line.
    pub title: String,
    /// What is to be said at the text.
    pub label: &'static str,
    /// What to do.
    pub help: String,
}

/// What a setting is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Subject {
    /// One code.
    Code(&'static Code),
    /// All codes of a category whose level can be set.
    Category(Category),
}

/// What to do about an error whose level can't be set.
const MEND: &str = "mend what it reports; the levels of rules, warnings and infos can be set";

impl Subject {
    /// What a name stands for: a rule, a code or a category.
    ///
    /// # Errors
    /// [`Misnamed`] if there is no such rule, or one whose level can't be set.
    pub fn named(text: &str) -> Result<Self, Misnamed> {
        if let Some(category) = categories().find(|c| c.name() == text) {
            return Ok(Self::Category(category));
        }
        if let Some(category) = Category::ALL.iter().find(|c| c.name() == text && holds_findings(**c)) {
            let title = format!("the level of `{}` can't be set", category.name());
            let label = "a category of errors alone";
            return Err(Misnamed { title, label, help: MEND.to_string() });
        }
        let code = find_code(text).ok_or_else(|| unknown(text))?;
        if may_set(code) {
            return Ok(Self::Code(code));
        }
        let (label, help) = match code.class() {
            Class::Language => ("an error of the language: what it is about has no meaning", MEND),
            Class::Target if code.id == code::SECRET_LEAK.id => {
                ("nothing secret is ever written", "`reveal(value, because = \"…\")` lets one value through")
            }
            Class::Target => ("an error after which nothing valid can be written", MEND),
        };
        Err(Misnamed {
            title: format!("the level of `{}` can't be set", code.name),
            label,
            help: help.to_string(),
        })
    }
}

/// The categories that can be named: those that hold a code whose level can be set.
fn categories() -> impl Iterator<Item = Category> {
    let named = |c: &Category| CODES.iter().any(|code| code.category == *c && may_set(code));
    Category::ALL.iter().copied().filter(named)
}

/// Whether a category is one that `aib rules` lists.
fn holds_findings(category: Category) -> bool {
    CODES.iter().any(|code| code.category == category && code.class() == Class::Target)
}

fn unknown(text: &str) -> Misnamed {
    let rules = CODES.iter().filter(|c| may_set(c)).map(|c| c.name);
    let help = match nearest(text, rules.chain(categories().map(Category::name))) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`aib rules` shows all rules and categories".to_string(),
    };
    Misnamed { title: format!("there is no rule or category `{text}`"), label: "this name", help }
}

/// Whether the level of a code can be set: what rules and policies report, and what is no error anyway. Every other error
/// says that nothing valid could be emitted, or nothing safe.
pub fn may_set(code: &Code) -> bool {
    code.severity != Severity::Error
        || code.category == Category::Policy
        || ALL.iter().any(|rule| rule.meta.code.id == code.id)
}
