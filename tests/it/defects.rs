//! How much the checker finds: mistakes that are planted into sound files, and edits that only look like mistakes.
//!
//! `tests/defects/README.md` says how an entry is written. `cargo test --test it defects -- --nocapture` prints the rates.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use aib::base::FileId;
use aib::diag::{Category, Diagnostic, find_code};
use aib::json;
use serde_json::Value;

use super::check_json;
use super::pipeline;

/// One edit, and what has to become of it.
struct Entry {
    category: String,
    base: String,
    edit: Edit,
    what: String,
    expected: Expected,
    /// The rule of advice that is asked for.
    advice: Option<String>,
}

/// What is done to a base.
enum Edit {
    /// Texts that occur once, and what stands in their place.
    Texts(Vec<(String, String)>),
    /// A JSON Patch, RFC 6902.
    Patch(json_patch::Patch),
}

enum Expected {
    /// The rule, the place, and rules that have to say something as well.
    Found { rule: String, at: String, also: Vec<String> },
    /// Nothing is said of it yet; the place is where it will have to be.
    Missed { why: String, at: String },
    /// Nothing may be said of it.
    Silence,
}

/// What is found in a file.
pub(crate) struct Finding {
    pub(crate) rule: &'static str,
    pub(crate) place: Range<usize>,
    pub(crate) said: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/defects")
}

fn base(name: &str) -> String {
    fs::read_to_string(folder().join("bases").join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// The text of a member, which there must be.
#[track_caller]
fn text_of(entry: &Value, key: &str) -> String {
    let text = entry.get(key).and_then(Value::as_str);
    text.unwrap_or_else(|| panic!("an entry has no text `{key}`: {entry}")).to_owned()
}

/// Where the command of `line` is added: to the first step of these bases.
const LINES: [(&str, &str); 3] = [
    ("body.json", "/properties/customize/0/inline"),
    ("session-host.json", "/resources/5/properties/customize/0/inline"),
    ("nightly.json", "/resources/0/properties/customize/0/inline"),
];

fn edit_of(entry: &Value) -> Edit {
    if let Some(line) = entry.get("line") {
        let (_, list) =
            LINES.iter().find(|(base, _)| entry["base"] == *base).expect("a base that takes a `line`");
        let patch = serde_json::json!([{ "op": "add", "path": format!("{list}/-"), "value": line }]);
        return Edit::Patch(serde_json::from_value(patch).unwrap());
    }
    if let Some(patch) = entry.get("patch") {
        return Edit::Patch(serde_json::from_value(patch.clone()).unwrap_or_else(|e| panic!("{e}: {patch}")));
    }
    let pair = |edit: &Value| (text_of(edit, "replace"), text_of(edit, "with"));
    Edit::Texts(match entry.get("edits").and_then(Value::as_array) {
        Some(edits) => edits.iter().map(pair).collect(),
        None => vec![pair(entry)],
    })
}

const KEYS: &[&str] = &[
    "base", "replace", "with", "edits", "patch", "line", "what", "evidence", "finds", "at", "also", "missed",
    "advice",
];

/// The row of advice in the table.
const ADVICE: &str = "advice";

/// The entries of a category's file: its `defect`s, then its `sound` edits.
fn entries(path: &Path) -> Vec<Entry> {
    let category = path.file_stem().unwrap().to_string_lossy().into_owned();
    assert!(Category::ALL.iter().any(|c| c.name() == category), "{category} is no category of rules");
    let text = fs::read_to_string(path).unwrap();
    let data: Value = toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let of = |key: &str| data.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let defects = of("defect").into_iter().map(|e| (false, e));
    let read = |(sound, entry): (bool, Value)| {
        let unknown = entry.as_object().unwrap().keys().find(|key| !KEYS.contains(&key.as_str()));
        assert!(unknown.is_none(), "unknown member {unknown:?}: {entry}");
        let expected = match entry.get("finds").map(|_| text_of(&entry, "finds")) {
            _ if sound => Expected::Silence,
            None => {
                let why = text_of(&entry, "missed");
                assert!(!why.is_empty());
                Expected::Missed { why, at: text_of(&entry, "at") }
            }
            Some(rule) => {
                let found = find_code(&rule).unwrap_or_else(|| panic!("no rule is called {rule}"));
                assert_eq!(found.category.name(), category, "`{rule}` stands in {category}.toml");
                let also = entry.get("also").and_then(Value::as_array).into_iter().flatten();
                let also = also.map(|rule| rule.as_str().unwrap().to_owned()).collect();
                Expected::Found { rule, at: text_of(&entry, "at"), also }
            }
        };
        assert!(sound || !text_of(&entry, "evidence").is_empty());
        let advice = entry.get("advice").map(|_| text_of(&entry, "advice"));
        let is_advice = |rule: &str| find_code(rule).is_some_and(aib::lint::is_advice);
        assert!(advice.as_deref().is_none_or(is_advice), "{advice:?} is no advice: {entry}");
        Entry {
            category: category.clone(),
            base: text_of(&entry, "base"),
            edit: edit_of(&entry),
            what: text_of(&entry, "what"),
            expected,
            advice,
        }
    };
    defects.chain(of("sound").into_iter().map(|e| (true, e))).map(read).collect()
}

fn all() -> Vec<Entry> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder()).unwrap().map(|e| e.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "toml") && !path.ends_with("corpus.toml"));
    paths.sort();
    paths.iter().flat_map(|path| entries(path)).collect()
}

impl Entry {
    /// The base with the edit in it.
    fn text(&self) -> Result<String, String> {
        let mut text = base(&self.base);
        match &self.edit {
            Edit::Texts(edits) => {
                for (old, new) in edits {
                    let at = once(&text, old)?;
                    text.replace_range(at, new);
                }
            }
            Edit::Patch(patch) => {
                let mut value: Value = serde_json::from_str(&text).unwrap();
                json_patch::patch(&mut value, patch).map_err(|e| e.to_string())?;
                text = serde_json::to_string_pretty(&value).unwrap();
            }
        }
        if text.trim_end() == base(&self.base).trim_end() {
            Err("the edit changes nothing".into())
        } else {
            Ok(text)
        }
    }

    fn name(&self) -> String {
        format!("{}.toml, {}: {}", self.category, self.base, self.what)
    }

    /// Runs it and counts what becomes of it; an error says what is not as it should be.
    fn judge(&self, rates: &mut Rates) -> Result<(), String> {
        let text = self.text()?;
        let mut found = findings(&self.base, &text, self.advice.as_deref());
        let fault = |why: &str, found: &[Finding]| {
            Err(format!("{why}{}", found.iter().map(|f| format!("\n    {}", f.said)).collect::<String>()))
        };
        let (rule, at, also) = match &self.expected {
            Expected::Silence if found.is_empty() => return Ok(()),
            Expected::Silence => {
                rates.wrong += 1;
                return fault("it is sound, and yet there is", &found);
            }
            Expected::Missed { at, .. } => {
                rates.missed += 1;
                let place = Place::of(&self.base, &text, at)?;
                if found.is_empty() {
                    return Ok(());
                }
                let right =
                    if found.iter().any(|f| place.is_at(f)) { "at its place" } else { "at another place" };
                return fault(
                    &format!("it is no longer missed: write `finds` in place of `missed`; {right} is"),
                    &found,
                );
            }
            Expected::Found { rule, at, also } => (rule, at, also),
        };
        let place = Place::of(&self.base, &text, at)?;
        let is = found.iter().position(|f| f.rule == rule && place.is_at(f));
        let elsewhere = is.is_none() && found.iter().any(|f| f.rule == rule);
        match is {
            Some(at) => {
                rates.detected += 1;
                found.remove(at);
            }
            None if elsewhere => rates.misplaced += 1,
            None => rates.missed += 1,
        }
        for rule in also {
            match found.iter().position(|f| f.rule == rule) {
                Some(at) => drop(found.remove(at)),
                None => return fault(&format!("`{rule}`, which is due as well, is not found"), &found),
            }
        }
        rates.noisy += usize::from(is.is_some() && !found.is_empty());
        match is {
            Some(_) if found.is_empty() => Ok(()),
            Some(_) => fault("it is found, but there is more", &found),
            None if elsewhere => fault(&format!("`{rule}` does not stand at `{at}`"), &found),
            None => fault(&format!("`{rule}` is not found"), &found),
        }
    }
}

/// What is found in a text, of a source or of JSON, where a level is set for one rule of advice or for none.
pub(crate) fn findings(name: &str, text: &str, advice: Option<&str>) -> Vec<Finding> {
    let counts = |d: &&Diagnostic| !aib::lint::is_advice(d.code) || advice == Some(d.code.name);
    let one = |d: &Diagnostic, place: &str| Finding {
        rule: d.code.name,
        place: d.span().range.to_usize(),
        said: format!("{} at `{place}`: {}", d.code.name, d.title),
    };
    if name.ends_with(".json") {
        let checked = check_json::check_with_advice(name, text)
            .unwrap_or_else(|| panic!("{name} is not read:\n{text}"));
        return checked.found.iter().filter(counts).map(|d| one(d, checked.at(d))).collect();
    }
    let outcome = pipeline::run_with_advice(&[(name, text)]);
    outcome.found.iter().filter(counts).map(|d| one(d, outcome.files.text(d.span()))).collect()
}

/// Where a text stands in another one, once.
fn once(text: &str, part: &str) -> Result<Range<usize>, String> {
    match text.matches(part).count() {
        1 => Ok(text.find(part).map(|start| start..start + part.len()).unwrap_or_default()),
        count => Err(format!("{part:?} has to occur once, and occurs {count} times")),
    }
}

/// The place of a finding: one of some ranges, or anything within one.
pub(crate) struct Place {
    exact: Vec<Range<usize>>,
    within: Option<Range<usize>>,
}

impl Place {
    /// In a source the text between `«` and `»`, or all of the text where there are none; in JSON what a pointer leads to: the
    /// key or the value, a part of a value that is a text, the brace
    /// of an object.
    pub(crate) fn of(name: &str, text: &str, at: &str) -> Result<Self, String> {
        if name.ends_with(".json") {
            let document = json::read(FileId(0), text).map_err(|_| "the edit leaves no JSON".to_owned())?;
            let (value, key) = document.root.at_pointer(at).ok_or_else(|| format!("nothing is at {at}"))?;
            let mut exact: Vec<Range<usize>> =
                [Some(value.range), key].into_iter().flatten().map(|r| r.to_usize()).collect();
            if value.as_object().is_some() {
                let start = value.range.to_usize().start;
                exact.push(start..start + 1);
            }
            return Ok(Self { exact, within: value.as_text().map(|_| value.range.to_usize()) });
        }
        let (before, rest) = at.split_once('«').unwrap_or(("", at));
        let (marked, after) = rest.split_once('»').unwrap_or((rest, ""));
        let start = once(text, &format!("{before}{marked}{after}"))?.start + before.len();
        Ok(Self { exact: std::iter::once(start..start + marked.len()).collect(), within: None })
    }

    pub(crate) fn is_at(&self, finding: &Finding) -> bool {
        let place = &finding.place;
        let within = self.within.as_ref().is_some_and(|w| w.start <= place.start && place.end <= w.end);
        within || self.exact.contains(place)
    }
}

/// The rates of a category.
#[derive(Default)]
struct Rates {
    planted: usize,
    detected: usize,
    misplaced: usize,
    missed: usize,
    noisy: usize,
    sound: usize,
    wrong: usize,
}

impl Rates {
    fn row(&self, name: &str) -> String {
        let percent = (self.detected * 100).checked_div(self.planted).unwrap_or(100);
        let Self { planted, detected, misplaced, missed, noisy, sound, wrong } = self;
        format!(
            "{name:<15}{planted:>8}{detected:>10}{percent:>6}%{misplaced:>10}{missed:>8}{noisy:>8}{sound:>8}{wrong:>8}"
        )
    }

    fn add(&mut self, other: &Self) {
        self.planted += other.planted;
        self.detected += other.detected;
        self.misplaced += other.misplaced;
        self.missed += other.missed;
        self.noisy += other.noisy;
        self.sound += other.sound;
        self.wrong += other.wrong;
    }
}

#[test]
fn bases_are_sound() {
    for file in fs::read_dir(folder().join("bases")).unwrap() {
        let name = file.unwrap().file_name().to_string_lossy().into_owned();
        let said: Vec<String> = findings(&name, &base(&name), None).into_iter().map(|f| f.said).collect();
        assert!(said.is_empty(), "{name}: {said:#?}");
        if name.ends_with(".json") {
            let value: Value = serde_json::from_str(&base(&name)).unwrap();
            let pretty = serde_json::to_string_pretty(&value).unwrap();
            assert_eq!(pretty, base(&name).trim_end(), "{name} is not laid out as patched text is");
        }
    }
}

#[test]
fn what_is_found_of_planted_defects() {
    let mut rates: BTreeMap<String, Rates> = BTreeMap::new();
    let mut faults = Vec::new();
    for entry in all() {
        let row = if entry.advice.is_some() { ADVICE } else { &entry.category };
        let rates = rates.entry(row.to_owned()).or_default();
        match &entry.expected {
            Expected::Silence => rates.sound += 1,
            expected => {
                rates.planted += 1;
                if let Expected::Missed { why, .. } = expected {
                    println!("missed: {}\n        {why}", entry.name());
                }
            }
        }
        faults.extend(entry.judge(rates).err().map(|fault| format!("{}\n  {fault}", entry.name())));
    }
    // What speaks only where it is asked to stands apart.
    let advice = rates.remove(ADVICE).unwrap_or_default();
    let mut total = Rates::default();
    let mut table =
        String::from("category        planted  detected       misplaced  missed   noisy   sound   wrong\n");
    for (category, rates) in &rates {
        writeln!(table, "{}", rates.row(category)).unwrap();
        total.add(rates);
    }
    writeln!(table, "{}\n{}", total.row("all"), advice.row(ADVICE)).unwrap();
    println!("\n{table}");
    assert!(faults.is_empty(), "{} edits:\n{}", faults.len(), faults.join("\n"));
    // The README says so.
    assert!(total.planted > 300 && total.sound > 300 && total.detected * 10 >= total.planted * 9, "{table}");
}

#[test]
fn no_edit_stands_twice() {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for entry in all() {
        let key = format!("{}\n{}", entry.base, entry.text().unwrap_or_default());
        if let Some(other) = seen.insert(key, entry.name()) {
            panic!("the same edit: {other} and {}", entry.name());
        }
    }
}
