//! The same kinds of mistakes, planted into templates that others wrote, where there is a collection of them.

use std::fs;
use std::path::{Path, PathBuf};

use aib::base::has_placeholder;
use serde_json::Value;

use super::defects::{Finding, Place, findings};

/// An edit that fits many templates: `tests/defects/corpus.toml` says how.
struct Edit {
    what: String,
    place: Vec<String>,
    having: Vec<(String, Vec<Value>)>,
    absent: Vec<String>,
    literal: Vec<String>,
    patch: Value,
    finds: String,
    /// Pointers, one of which is the place.
    at: Vec<String>,
    also: Vec<String>,
}

fn edits() -> Vec<Edit> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/defects/corpus.toml");
    let data: Value = toml::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let read = |entry: &Value| {
        let text = |key: &str| entry[key].as_str().unwrap_or_else(|| panic!("no {key}: {entry}")).to_owned();
        let texts = |key: &str| match entry.get(key) {
            Some(Value::Array(items)) => items.iter().map(|t| t.as_str().unwrap().to_owned()).collect(),
            Some(Value::String(one)) => vec![one.clone()],
            _ => Vec::new(),
        };
        let having = entry.get("having").and_then(Value::as_object).into_iter().flatten();
        Edit {
            what: text("what"),
            place: text("where").split('/').skip(1).map(str::to_owned).collect(),
            having: having.map(|(k, v)| (k.clone(), v.as_array().unwrap().clone())).collect(),
            patch: entry["patch"].clone(),
            finds: text("finds"),
            at: texts("at"),
            also: texts("also"),
            absent: texts("absent"),
            literal: texts("literal"),
        }
    };
    data["edit"].as_array().unwrap().iter().map(read).collect()
}

impl Edit {
    fn fits(&self, value: &Value) -> bool {
        let literal = |v: &Value| v.as_str().is_some_and(|text| !text.is_empty() && !has_placeholder(text));
        self.having.iter().all(|(pointer, allowed)| {
            value.pointer(pointer).is_some_and(|v| allowed.contains(v) || allowed.is_empty())
        }) && self.absent.iter().all(|pointer| value.pointer(pointer).is_none())
            && self.literal.iter().all(|pointer| value.pointer(pointer).is_some_and(literal))
    }

    /// The pointers to what is edited, below a value.
    fn place(&self, value: &Value, done: &str, rest: &[String]) -> Option<String> {
        match rest.split_first() {
            None => self.fits(value).then(|| done.to_owned()),
            Some((step, rest)) if step == "*" => value
                .as_array()?
                .iter()
                .enumerate()
                .find_map(|(n, item)| self.place(item, &format!("{done}/{n}"), rest)),
            Some((step, rest)) => self.place(value.get(step)?, &format!("{done}/{step}"), rest),
        }
    }

    /// A document with the edit in it, and where the finding has to stand; nothing where it does not fit.
    fn planted(&self, document: &Value) -> Option<(String, Vec<String>)> {
        let image = image(document)?;
        let place = self.place(document.pointer(&image)?, &image, &self.place)?;
        let mut patch = self.patch.clone();
        for operation in patch.as_array_mut()? {
            for key in ["path", "from"] {
                if let Some(path) = operation.get(key).and_then(Value::as_str) {
                    operation[key] = format!("{place}{path}").into();
                }
            }
        }
        let mut document = document.clone();
        let patch: json_patch::Patch = serde_json::from_value(patch).unwrap();
        json_patch::patch(&mut document, &patch).ok()?;
        Some((
            serde_json::to_string_pretty(&document).unwrap(),
            self.at.iter().map(|at| format!("{place}{at}")).collect(),
        ))
    }
}

/// Where the first image template of a document is.
fn image(document: &Value) -> Option<String> {
    let is = |v: &Value| {
        let ty = v.get("type").and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
        ty.starts_with("microsoft.virtualmachineimages")
            && !ty.ends_with("triggers")
            && v.get("properties").is_some()
    };
    if is(document) {
        return Some(String::new());
    }
    let at = document.get("resources")?.as_array()?.iter().position(is)?;
    Some(format!("/resources/{at}"))
}

/// The documents beside the project that a strict reader takes.
fn documents() -> Vec<(String, Value)> {
    let shared = std::env::var_os("AIB_SHARED").map(PathBuf::from);
    let Some(folder) = shared.map(|s| s.join("corpus/arm")).filter(|f| f.is_dir()) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).ok().filter(|t| t.len() < 200_000)?;
        let value: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()?;
        image(&value)?;
        Some((path.file_name()?.to_string_lossy().into_owned(), value))
    };
    paths.iter().filter_map(read).collect()
}

#[test]
fn what_is_found_of_defects_planted_into_real_templates() {
    let documents = documents();
    if documents.is_empty() {
        eprintln!("skipped: AIB_SHARED names no collection of templates");
        return;
    }
    let before: Vec<Vec<Finding>> = documents
        .iter()
        .map(|(name, value)| findings(name, &serde_json::to_string_pretty(value).unwrap(), None))
        .collect();
    let mut faults = Vec::new();
    println!("{:<36}{:>8}{:>10}{:>8}", "edit", "planted", "detected", "noisy");
    let mut total = (0, 0, 0);
    for edit in edits() {
        let (mut planted, mut detected, mut noisy) = (0, 0, 0);
        for ((name, value), before) in documents.iter().zip(&before) {
            let Some((text, at)) = edit.planted(value) else { continue };
            planted += 1;
            let mut after = findings(name, &text, None);
            let places: Vec<Place> = at.iter().filter_map(|at| Place::of(name, &text, at).ok()).collect();
            let here = |f: &Finding| f.rule == edit.finds && places.iter().any(|p| p.is_at(f));
            let found = after.iter().position(here);
            match found {
                Some(at) => {
                    detected += 1;
                    after.remove(at);
                }
                None => faults.push(format!("{}: {name} at {at:?}", edit.what)),
            }
            let mut old: Vec<&str> = before.iter().map(|f| f.said.as_str()).collect();
            after.retain(|f| match old.iter().position(|said| *said == f.said) {
                Some(at) => {
                    old.swap_remove(at);
                    false
                }
                None => !edit.also.iter().any(|rule| rule == f.rule),
            });
            if !after.is_empty() {
                noisy += 1;
                let said: Vec<&str> = after.iter().map(|f| f.said.as_str()).collect();
                println!("  noise: {name}: {}", said.join("; "));
            }
        }
        println!("{:<36}{planted:>8}{detected:>10}{noisy:>8}", edit.what);
        total = (total.0 + planted, total.1 + detected, total.2 + noisy);
    }
    println!("{:<36}{:>8}{:>10}{:>8}  in {} templates", "all", total.0, total.1, total.2, documents.len());
    assert!(faults.is_empty(), "{} planted defects are not found:\n{}", faults.len(), faults.join("\n"));
}
