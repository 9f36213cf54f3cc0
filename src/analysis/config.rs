//! `aib.toml`.

use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::levels::{LEVELS, Levels};
use super::unusable::Unusable;
use crate::base::{SourceFile, TextRange, list_words, nearest};
use crate::diag::{CODES, Class, Code, code, find_code};
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
}

/// What to do about an error whose level can't be set.
const MEND: &str = "mend what it reports; the levels of rules, warnings and infos can be set";

type Value<'i> = Spanned<DeValue<'i>>;

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

struct Reader<'a> {
    file: &'a Arc<SourceFile>,
    config: Config,
    faults: Vec<Unusable>,
}

impl Reader<'_> {
    fn fault(&mut self, range: Range<usize>, title: String, label: impl Into<String>, help: Option<String>) {
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

    fn wrong_type(&mut self, what: &str, value: &Value<'_>, wanted: &str) {
        let found = value.get_ref().type_str();
        let title = format!("`{what}` in `{}` takes {wanted}", self.file.name());
        self.fault(value.span(), title, format!("this is of type {found}"), None);
    }

    fn text(&mut self, what: &str, value: &Value<'_>) -> Option<String> {
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
        let Some(table) = value.get_ref().as_table() else {
            return self.wrong_type(
                "lints",
                value,
                "a table: `[lints]` with lines `rule-name = \"warning\"`",
            );
        };
        for (key, level) in table {
            let code = self.rule(key.get_ref(), key.span());
            let Some(text) = self.text(&format!("lints.{}", key.get_ref()), level) else { continue };
            let names: Vec<&str> = LEVELS.iter().map(|l| l.name).collect();
            match (LEVELS.iter().find(|l| l.name == text), code) {
                (Some(level), Some(code)) => self.config.levels.set(code, level),
                (Some(_), None) => {}
                (None, _) => {
                    let help = match nearest(&text, names.iter().copied()) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!("write {}", list_words(&names, "or", names.len())),
                    };
                    self.fault(level.span(), format!("there is no level `{text}`"), "this level", Some(help));
                }
            }
        }
    }

    /// The code that a key of `[lints]` names, if its level can be set.
    fn rule(&mut self, name: &str, range: Range<usize>) -> Option<&'static Code> {
        let Some(code) = find_code(name) else {
            let settable = CODES.iter().filter(|c| Levels::may_set(c)).map(|c| c.name);
            let help = match nearest(name, settable) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`aib explain --list` shows all of them".to_string(),
            };
            self.fault(range, format!("there is no rule `{name}`"), "this rule", Some(help));
            return None;
        };
        if !Levels::may_set(code) {
            let title = format!("the level of `{}` can't be set", code.name);
            let (label, help) = match code.class {
                Class::Language => ("an error of the language: what it is about has no meaning", MEND),
                Class::Target if code.id == code::SECRET_LEAK.id => (
                    "nothing secret is ever written",
                    "`reveal(value, because = \"…\")` lets one value through",
                ),
                Class::Target => ("an error after which nothing valid can be written", MEND),
            };
            self.fault(range, title, label, Some(help.into()));
            return None;
        }
        Some(code)
    }
}
