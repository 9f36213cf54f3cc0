//! The severities that `[lints]` of `aib.toml` and `--lint` give to findings.
//!
//! A setting is about a code or about a category. Of several that are about one finding the nearest counts: the command line
//! before the patterns of paths in `aib.toml`, these before what holds everywhere; in each of them a code before its
//! category, and of two settings about the same the later. Advice is off until a setting is about it or its category.

use std::path::Path;

use ignore::gitignore::Gitignore;

use crate::base::{list_words, nearest};
use crate::diag::{Code, Diagnostic, Severity};
use crate::lint::{Misnamed, Subject, is_advice, may_set};

/// A level on the command line and in `aib.toml`.
#[derive(Debug)]
pub(super) struct Level {
    /// Its name.
    name: &'static str,
    /// The severity that findings get; none if they are dropped.
    severity: Option<Severity>,
}

/// All levels.
static LEVELS: &[Level] = &[
    Level { name: "error", severity: Some(Severity::Error) },
    Level { name: "warning", severity: Some(Severity::Warning) },
    Level { name: "info", severity: Some(Severity::Info) },
    Level { name: "off", severity: None },
];

impl Level {
    /// The level of a name.
    pub(super) fn named(text: &str) -> Result<&'static Self, Misnamed> {
        LEVELS.iter().find(|level| level.name == text).ok_or_else(|| {
            let names: Vec<&str> = LEVELS.iter().map(|l| l.name).collect();
            let help = match nearest(text, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("write {}", list_words(&names, "or", names.len())),
            };
            Misnamed { title: format!("there is no level `{text}`"), label: "this level", help }
        })
    }
}

/// Settings that hold in the same place.
#[derive(Clone, Debug, Default)]
pub(super) struct Settings(Vec<(Subject, Option<Severity>)>);

impl Settings {
    /// Adds one; of two about the same the later counts.
    pub(super) fn set(&mut self, subject: Subject, level: &Level) {
        self.0.push((subject, level.severity));
    }

    /// The level of a code, if something is said of it.
    fn of(&self, code: &'static Code) -> Option<Option<Severity>> {
        let about = |wanted: Subject| self.0.iter().rev().find(|(subject, _)| *subject == wanted);
        let own = about(Subject::Code(code));
        own.or_else(|| about(Subject::Category(code.category)).filter(|_| may_set(code))).map(|found| found.1)
    }
}

/// The settings of `aib.toml`.
#[derive(Clone, Debug, Default)]
pub(super) struct Levels {
    /// What holds everywhere.
    pub(super) everywhere: Settings,
    /// What holds for files that a pattern means, relative to the folder of `aib.toml`; later ones win.
    pub(super) paths: Vec<(Gitignore, Settings)>,
}

impl Levels {
    /// The finding at its level, or nothing if it is switched off, or advice that nobody asked for. The path is that of the file it is about, if that has one.
    pub(super) fn apply(
        &self,
        command_line: &Settings,
        path: Option<&Path>,
        mut diagnostic: Diagnostic,
    ) -> Option<Diagnostic> {
        let code = diagnostic.code;
        let matches = |pattern: &Gitignore| {
            path.is_some_and(|path| pattern.matched_path_or_any_parents(path, false).is_ignore())
        };
        let at_path = || {
            let mut patterns = self.paths.iter().rev().filter(|(_, settings)| settings.of(code).is_some());
            patterns.find(|(pattern, _)| matches(pattern)).and_then(|(_, settings)| settings.of(code))
        };
        match command_line.of(code).or_else(at_path).or_else(|| self.everywhere.of(code)) {
            Some(level) => diagnostic.severity = level?,
            None if is_advice(code) => return None,
            None => {}
        }
        Some(diagnostic)
    }
}

/// A level that the command line gives: `NAME=LEVEL`.
#[derive(Clone, Debug)]
pub struct LintLevel {
    subject: Subject,
    level: &'static Level,
}

/// Reads `NAME=LEVEL`, where the name is that of a rule, a code or a category.
///
/// # Errors
/// What is wrong with it and what to write.
pub fn lint_level(text: &str) -> Result<LintLevel, String> {
    let (name, level) = text.split_once('=').ok_or("write `name=level`")?;
    let said = |wrong: Misnamed| format!("{}: {}", wrong.title, wrong.help);
    Ok(LintLevel {
        subject: Subject::named(name.trim()).map_err(said)?,
        level: Level::named(level.trim()).map_err(said)?,
    })
}

/// The settings of the command line.
pub(super) fn settings(given: &[LintLevel]) -> Settings {
    let mut settings = Settings::default();
    given.iter().for_each(|given| settings.set(given.subject, given.level));
    settings
}
