//! The tests that `aib.toml` lists: a file with the values that a deployment would give it, and what is to come of it.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use toml::de::DeValue;

use super::config::{Reader, Value};
use super::shown::Cwd;
use super::unusable::Unusable;
use super::workspace::Workspace;
use crate::arm;
use crate::base::{list_words, nearest};
use crate::check::{Given, GivenValue};
use crate::diag::{Code, find_code};

/// A test of a workspace.
#[derive(Clone, Debug, Default)]
pub struct Case {
    /// What it is called.
    pub name: String,
    /// The file that is built.
    pub file: PathBuf,
    /// Parameter files; of several values for one parameter the last counts.
    pub params: Vec<PathBuf>,
    /// Values that win over those of the files.
    pub set: Vec<Given>,
    /// The file that holds the template that is expected.
    pub golden: Option<PathBuf>,
    /// The errors that are expected; none if there may be none.
    pub fails: Vec<&'static Code>,
}

/// The keys of a test.
const KEYS: &[&str] = &["name", "file", "params", "set", "golden", "fails"];

/// The tests of the workspace that a folder lies in, with their paths as seen from the current directory.
///
/// # Errors
/// [`Unusable`], one for each thing that is wrong with `aib.toml`, or if there is none.
pub fn cases(folder: &Path) -> Result<Vec<Case>, Vec<Unusable>> {
    let cwd = Cwd::get().map_err(|e| vec![e])?;
    let written = folder.display().to_string();
    let canonical =
        folder.canonicalize().map_err(|_| vec![Unusable::new(format!("there is no folder `{written}`"))])?;
    let root = Workspace::root_of(&canonical);
    let workspace = Workspace::read(root, &cwd)?;
    let place = |path: PathBuf| PathBuf::from(cwd.shown(&root.join(path)));
    let mut cases = workspace.config.tests;
    for case in &mut cases {
        case.file = place(std::mem::take(&mut case.file));
        case.params = std::mem::take(&mut case.params).into_iter().map(place).collect();
        case.golden = case.golden.take().map(place);
    }
    Ok(cases)
}

impl Reader<'_> {
    /// `[[tests]]`
    pub(super) fn tests(&mut self, value: &Value<'_>) {
        let wanted = "a list of tables: `[[tests]]` with a line `file = \"web.aib\"`";
        let Some(list) = value.get_ref().as_array() else { return self.wrong_type("tests", value, wanted) };
        for item in list {
            match item.get_ref().as_table() {
                Some(_) => {
                    if let Some(case) = self.test(item) {
                        self.is_new(&case, item);
                        self.config.tests.push(case);
                    }
                }
                None => self.wrong_type("tests", item, wanted),
            }
        }
    }

    /// Two tests of one name are told apart nowhere, and of two that write one template each undoes the other.
    fn is_new(&mut self, case: &Case, item: &Value<'_>) {
        let tests = &self.config.tests;
        let named = tests.iter().any(|other| other.name == case.name);
        let written = case.golden.as_deref().filter(|path| {
            tests.iter().any(|other| other.golden.as_deref().is_some_and(|other| is_same_path(other, path)))
        });
        let golden = written.map(|path| path.display().to_string());
        if named {
            let title = format!("two tests are called `{}`", case.name);
            self.fault(item.span(), title, "the second one", Some("give it another `name`".into()));
        }
        if let Some(path) = golden {
            let title = format!("two tests expect the same template, `{path}`");
            let help = "give each test a file of its own".to_string();
            self.fault(item.span(), title, "the second one", Some(help));
        }
    }

    fn test(&mut self, item: &Value<'_>) -> Option<Case> {
        let table = item.get_ref().as_table()?;
        let mut case = Case::default();
        for (key, value) in table {
            let name: &str = key.get_ref();
            match name {
                "name" => case.name = self.text("tests.name", value)?,
                "file" => case.file = self.inner_path("tests.file", value)?,
                "params" => {
                    case.params = self.texts("tests.params", value)?.into_iter().map(PathBuf::from).collect()
                }
                "set" => case.set = self.set(value)?,
                "golden" => case.golden = Some(self.inner_path("tests.golden", value)?),
                "fails" => case.fails = self.codes(value)?,
                _ => {
                    let help = match nearest(name, KEYS.iter().copied()) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!("its keys are {}", list_words(KEYS, "and", KEYS.len())),
                    };
                    let title = format!("a test has no key `{name}`");
                    self.fault(key.span(), title, "unknown key", Some(help));
                }
            }
        }
        if case.file.as_os_str().is_empty() {
            let help = "add `file = \"web.aib\"`".to_string();
            self.fault(item.span(), "this test names no file".to_string(), "no `file`", Some(help));
            return None;
        }
        if case.golden.is_some() && !case.fails.is_empty() {
            let title = "a test has both `golden` and `fails`".to_string();
            let help =
                "leave one of them out: what fails gives no template that could be compared".to_string();
            self.fault(item.span(), title, "this test", Some(help));
            return None;
        }
        if case.name.is_empty() {
            case.name = default_name(&case);
        }
        Some(case)
    }

    /// One text or a list of some.
    fn texts(&mut self, what: &str, value: &Value<'_>) -> Option<Vec<String>> {
        match value.get_ref().as_array() {
            Some(list) => list.iter().map(|item| self.text(what, item)).collect(),
            None => self.text(what, value).map(|text| vec![text]),
        }
    }

    /// A path below the folder of `aib.toml`: a test may not write or read somewhere else.
    fn inner_path(&mut self, what: &str, value: &Value<'_>) -> Option<PathBuf> {
        let path = PathBuf::from(self.text(what, value)?);
        if path.components().all(|c| matches!(c, Component::Normal(_) | Component::CurDir)) {
            return Some(path);
        }
        let title = format!("`{what}` leads out of the folder of `aib.toml`");
        self.fault(
            value.span(),
            title,
            "this path",
            Some("write one relative to `aib.toml`, below its folder".into()),
        );
        None
    }

    fn set(&mut self, value: &Value<'_>) -> Option<Vec<Given>> {
        let Some(table) = value.get_ref().as_table() else {
            self.wrong_type("tests.set", value, "a table: `set = { env = \"prod\" }`");
            return None;
        };
        let given = |(key, value): (&toml::Spanned<std::borrow::Cow<'_, str>>, &Value<'_>)| Given {
            name: key.get_ref().to_string(),
            value: match value.get_ref().as_str() {
                // As with `--set`: the type of the parameter says how it is read.
                Some(text) => GivenValue::Text(text.to_string()),
                None => GivenValue::Value(plain(value.get_ref())),
            },
            from: "aib.toml".to_string(),
        };
        Some(table.iter().map(given).collect())
    }

    fn codes(&mut self, value: &Value<'_>) -> Option<Vec<&'static Code>> {
        let mut codes = Vec::new();
        for text in self.texts("tests.fails", value)? {
            match find_code(&text) {
                Some(code) => codes.push(code),
                None => {
                    let title = format!("there is no code or rule `{text}`");
                    let help = "`aib explain --list` shows all of them".to_string();
                    self.fault(value.span(), title, "named here", Some(help));
                    return None;
                }
            }
        }
        Some(codes)
    }
}

/// Whether two paths below one folder name the same file.
fn is_same_path(a: &Path, b: &Path) -> bool {
    let normal = |c: &Component<'_>| matches!(c, Component::Normal(_));
    a.components().filter(normal).eq(b.components().filter(normal))
}

fn default_name(case: &Case) -> String {
    let stem = |path: &Path| path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let with =
        case.params.iter().map(|path| stem(path)).chain(case.set.iter().map(|given| match &given.value {
            GivenValue::Text(text) => format!("{} = {text}", given.name),
            GivenValue::Value(arm::Value::Int(number)) => format!("{} = {number}", given.name),
            GivenValue::Value(arm::Value::Bool(truth)) => format!("{} = {truth}", given.name),
            _ => given.name.clone(),
        }));
    let with: Vec<String> = with.collect();
    match with.as_slice() {
        [] => stem(&case.file),
        with => format!("{} with {}", stem(&case.file), with.join(", ")),
    }
}

/// A value of TOML as ARM has it; dates are text.
fn plain(value: &DeValue<'_>) -> arm::Value {
    match value {
        DeValue::String(text) => arm::Value::Str(text.as_ref().into()),
        DeValue::Boolean(b) => arm::Value::Bool(*b),
        DeValue::Integer(n) => match i64::from_str_radix(n.as_str(), n.radix()) {
            Ok(int) => arm::Value::Int(int),
            Err(_) => arm::Value::Str(n.as_str().into()),
        },
        DeValue::Float(n) => match n.as_str().parse() {
            Ok(float) => arm::Value::Float(float),
            Err(_) => arm::Value::Str(n.as_str().into()),
        },
        DeValue::Datetime(date) => arm::Value::Str(date.to_string().as_str().into()),
        DeValue::Array(items) => arm::Value::Array(items.iter().map(|item| plain(item.get_ref())).collect()),
        DeValue::Table(table) => arm::Value::Object(
            table
                .iter()
                .map(|(key, value)| (Arc::from(key.get_ref().as_ref()), plain(value.get_ref())))
                .collect(),
        ),
    }
}
