//! Command lines that rules look for, as rows of tables.

use crate::script::{Command, Dialect, HOLE, Word};

/// A command line: a program and what its arguments hold.
pub(super) struct Call {
    /// The language that it is written in.
    pub(super) dialect: Dialect,
    /// The names of the program, in lower case, without folder and `.exe`.
    pub(super) programs: &'static [&'static str],
    /// Of each list one has to be among the arguments, letter case aside. `*` at an end stands for any text.
    pub(super) with: &'static [&'static [&'static str]],
    /// None of these may be among them.
    pub(super) without: &'static [&'static str],
    /// One of these has to be among them, in this letter case, if there are any: `-U` of `rpm`, whose `-u` is none.
    pub(super) cased: &'static [&'static str],
}

/// A command line of a shell.
pub(super) const fn sh(programs: &'static [&'static str], with: &'static [&'static [&'static str]]) -> Call {
    Call { dialect: Dialect::Sh, programs, with, without: &[], cased: &[] }
}

/// A command line of PowerShell.
pub(super) const fn powershell(
    programs: &'static [&'static str],
    with: &'static [&'static [&'static str]],
) -> Call {
    Call { dialect: Dialect::PowerShell, programs, with, without: &[], cased: &[] }
}

impl Call {
    /// The same without some arguments.
    pub(super) const fn without(self, without: &'static [&'static str]) -> Self {
        Self { without, ..self }
    }

    /// The same with one of some arguments, in this letter case.
    pub(super) const fn cased(self, cased: &'static [&'static str]) -> Self {
        Self { cased, ..self }
    }

    /// Whether a command is this one. One with arguments that may be anything is not, where some must not be among them.
    pub(super) fn is(&self, command: &Command) -> bool {
        let Some((program, args)) = command.program() else { return false };
        let given = || args.iter().filter(|w| w.redirect.is_none());
        let holds = |patterns: &[&str]| given().any(|w| patterns.iter().any(|p| stands_in(p, w)));
        // A variable of PowerShell is never taken for a parameter, a table of parameters is.
        let may_be_option = |w: &Word| {
            let is_expanded = !w.quoted && w.expansions.first().is_some_and(|e| e.start == 0);
            command.dialect == Dialect::Sh && is_expanded
        };
        let is_open = |w: &Word| w.text.starts_with(['@', HOLE]) || may_be_option(w);
        let is_sure = || self.without.is_empty() || !given().any(is_open);
        command.dialect == self.dialect
            && self.programs.contains(&program)
            && self.with.iter().all(|one| holds(one))
            && !holds(self.without)
            && (self.cased.is_empty() || given().any(|w| self.cased.contains(&w.text.as_str())))
            && is_sure()
    }
}

/// Whether a word, or one of a list such as `a,b`, is of a pattern.
fn stands_in(pattern: &str, word: &Word) -> bool {
    word.text.split(',').any(|part| is_like(pattern, part.trim().trim_matches(['"', '\''])))
}

fn is_like(pattern: &str, text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let (begin, end) = (pattern.strip_suffix('*'), pattern.strip_prefix('*'));
    match (begin, end) {
        (Some(_), Some(_)) => text.contains(pattern.trim_matches('*')),
        (Some(begin), None) => text.starts_with(begin),
        (None, Some(end)) => text.ends_with(end),
        (None, None) => text == pattern,
    }
}
