//! `aib.toml`.

use std::ops::Range;
use std::sync::Arc;

use ignore::gitignore::GitignoreBuilder;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::cases::Case;
use super::levels::{Level, Levels, Settings};
use super::unusable::Unusable;
use crate::base::{SourceFile, TextRange, list_words, nearest};
use crate::lint::{Misnamed, Subject};
use crate::schema::IMAGE_VERSIONS;

/// What `aib.toml` says.
#[derive(Debug, Default)]
pub(super) struct Config {
    /// `[roots]`: a name, and the folder as written.
    pub(super) roots: Vec<(String, String)>,
    /// `api-version`
    pub(super) api_version: Option<String>,
    /// `policies`: paths as written, and where.
    pub(super) policies: Vec<(String, TextRange)>,
    /// `[lints]`
    pub(super) levels: Levels,
    /// `[[tests]]`
    pub(super) tests: Vec<Case>,
}

pub(super) type Value<'i> = Spanned<DeValue<'i>>;

/// A key of `aib.toml` and what reads it.
struct Key {
    name: &'static str,
    read: fn(&mut Reader<'_>, &Value<'_>),
}

/// Every key, in the order of the reference.
static KEYS: &[Key] = &[
    Key { name: "roots", read: |reader, value| reader.roots(value) },
    Key { name: "api-version", read: |reader, value| reader.api_version(value) },
    Key { name: "policies", read: |reader, value| reader.policies(value) },
    Key { name: "lints", read: |reader, value| reader.lints(value) },
    Key { name: "tests", read: |reader, value| reader.tests(value) },
];

/// Reads `aib.toml`, reporting everything that is wrong with it.
pub(super) fn read(file: &Arc<SourceFile>) -> Result<Config, Vec<Unusable>> {
    let mut reader = Reader { file, config: Config::default(), faults: Vec::new() };
    let (table, errors) = DeTable::parse_recoverable(file.text());
    for error in &errors {
        let range = error.span().unwrap_or_default();
        let what = error.message().lines().collect::<Vec<_>>().join(" ");
        reader.fault(range, format!("`{}` is no valid TOML", file.name()), what, None);
    }
    if reader.faults.is_empty() {
        reader.keys(table.get_ref());
    }
    if reader.faults.is_empty() {
        return Ok(reader.config);
    }
    reader.faults.sort_by_key(|f| f.excerpt.as_ref().map(|e| e.range.start));
    Err(reader.faults)
}

/// Whether a text is an API version of image templates that is known; else what to do.
///
/// # Errors
/// The help text.
pub fn known_api_version(text: &str) -> Result<(), String> {
    let known: Vec<&str> = IMAGE_VERSIONS.iter().map(|v| v.0).collect();
    if known.contains(&text) {
        return Ok(());
    }
    Err(format!("image templates have the API versions {}", list_words(&known, "and", known.len())))
}

/// Reads the keys of `aib.toml`.
pub(super) struct Reader<'a> {
    file: &'a Arc<SourceFile>,
    pub(super) config: Config,
    faults: Vec<Unusable>,
}

impl Reader<'_> {
    pub(super) fn fault(
        &mut self,
        range: Range<usize>,
        title: String,
        label: impl Into<String>,
        help: Option<String>,
    ) {
        let mut fault = Unusable::new(title).at(self.file, TextRange::new(range.start, range.end), label);
        fault.help = help;
        self.faults.push(fault);
    }

    fn keys(&mut self, table: &DeTable<'_>) {
        for (key, value) in table {
            let name: &str = key.get_ref();
            if let Some(row) = KEYS.iter().find(|k| k.name == name) {
                (row.read)(self, value);
                continue;
            }
            let known: Vec<&str> = KEYS.iter().map(|k| k.name).collect();
            self.fault(
                key.span(),
                format!("`{}` has an unknown key `{name}`", self.file.name()),
                "unknown key",
                Some(match nearest(name, known.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("its keys are {}", list_words(&known, "and", known.len())),
                }),
            );
        }
    }

    pub(super) fn wrong_type(&mut self, what: &str, value: &Value<'_>, wanted: &str) {
        let found = value.get_ref().type_str();
        let title = format!("`{what}` in `{}` takes {wanted}", self.file.name());
        self.fault(value.span(), title, format!("this is of type {found}"), None);
    }

    pub(super) fn text(&mut self, what: &str, value: &Value<'_>) -> Option<String> {
        let text = value.get_ref().as_str().map(str::to_string);
        if text.is_none() {
            self.wrong_type(what, value, "a string");
        }
        text
    }

    fn roots(&mut self, value: &Value<'_>) {
        let Some(table) = value.get_ref().as_table() else {
            return self.wrong_type("roots", value, "a table: `[roots]` with lines `name = \"folder\"`");
        };
        for (key, folder) in table {
            let name: &str = key.get_ref();
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
            if name.is_empty() || !name.chars().all(plain) {
                let title = format!("`{name}` can't be the name of a root");
                let help = "write letters, digits, `_` and `-`".to_string();
                self.fault(key.span(), title, "the name that imports write after `@`", Some(help));
            }
            if let Some(text) = self.text(&format!("roots.{name}"), folder) {
                self.config.roots.push((name.to_string(), text));
            }
        }
    }

    fn api_version(&mut self, value: &Value<'_>) {
        let Some(text) = self.text("api-version", value) else { return };
        match known_api_version(&text) {
            Ok(()) => self.config.api_version = Some(text),
            Err(help) => {
                self.fault(value.span(), format!("unknown API version `{text}`"), "this version", Some(help))
            }
        }
    }

    fn policies(&mut self, value: &Value<'_>) {
        let wanted = "a list of paths: `policies = [\"./policies.aib\"]`";
        let Some(list) = value.get_ref().as_array() else {
            return self.wrong_type("policies", value, wanted);
        };
        for item in list {
            if let Some(text) = self.text("policies", item) {
                let range = TextRange::new(item.span().start, item.span().end);
                self.config.policies.push((text, range));
            }
        }
    }

    fn lints(&mut self, value: &Value<'_>) {
        let wanted = "a table: `[lints]` with lines `rule-name = \"warning\"`";
        let Some(table) = value.get_ref().as_table() else { return self.wrong_type("lints", value, wanted) };
        let mut everywhere = Settings::default();
        for (key, value) in table {
            match value.get_ref().as_table() {
                Some(inner) => self.lints_of(key, inner),
                None => self.lint(&mut everywhere, "lints", key, value),
            }
        }
        self.config.levels.everywhere = everywhere;
    }

    /// `[lints."legacy/**"]`
    fn lints_of(&mut self, pattern: &Spanned<std::borrow::Cow<'_, str>>, table: &DeTable<'_>) {
        let text: &str = pattern.get_ref();
        let mut settings = Settings::default();
        for (key, value) in table {
            self.lint(&mut settings, &format!("lints.\"{text}\""), key, value);
        }
        let mut builder = GitignoreBuilder::new("");
        match builder.add_line(None, text).and_then(|builder| builder.build()) {
            Ok(matcher) if matcher.num_ignores() == 1 => self.config.levels.paths.push((matcher, settings)),
            _ => {
                let title = format!("`{text}` is no pattern of paths");
                let help = "write one as in `.gitignore`, relative to `aib.toml`: `legacy/**`, `*.json`";
                self.fault(pattern.span(), title, "this pattern", Some(help.into()));
            }
        }
    }

    fn lint(
        &mut self,
        settings: &mut Settings,
        table: &str,
        key: &Spanned<std::borrow::Cow<'_, str>>,
        level: &Value<'_>,
    ) {
        let name: &str = key.get_ref();
        let subject = self.or_fault(key.span(), Subject::named(name));
        let Some(text) = self.text(&format!("{table}.{name}"), level) else { return };
        let level = self.or_fault(level.span(), Level::named(&text));
        if let (Some(subject), Some(level)) = (subject, level) {
            settings.set(subject, level);
        }
    }

    fn or_fault<T>(&mut self, range: Range<usize>, named: Result<T, Misnamed>) -> Option<T> {
        named.map_err(|wrong| self.fault(range, wrong.title, wrong.label, Some(wrong.help))).ok()
    }
}
