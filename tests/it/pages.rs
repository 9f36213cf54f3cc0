//! The pages of the codes: each shows the mistake and its mend, and both are compiled here.

use std::fs;
use std::path::{Path, PathBuf};

use aib::base::FileId;
use aib::decompile::{Options, decompile};
use aib::diag::{CODES, Code, Severity, find_code};
use aib::{json, lint};

use super::check_json::check_with_advice;
use super::pipeline::{run_with_advice, unwritable};

/// Codes whose mistake a page cannot show, with the reason.
static NOT_ON_A_PAGE: &[(&str, &str)] = &[
    ("outside-workspace", "needs a folder above the workspace"),
    ("file-too-large", "needs a file of four megabytes"),
    ("format-unsound", "is a mistake of aib that none of its tests knows"),
];

/// The ids of the codes that a wrong example raises; [`examples_raise_what_their_pages_say`] proves it.
pub(crate) fn shown_by_pages() -> impl Iterator<Item = &'static str> {
    let exempt = |code: &&&Code| not_on_a_page(code);
    CODES.iter().filter(move |code| !exempt(code)).map(|code| code.id)
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/codes")
}

/// Codes about JSON, whose pages show JSON; [`examples_of_json_raise_what_their_pages_say`] reads it.
fn is_about_json(code: &Code) -> bool {
    code.id.starts_with("AIB8")
}

/// An example: the entry file, then the files that it imports, by name.
type Example = Vec<(String, String)>;

/// The examples below a heading of the second level. A block after `<!-- file: NAME -->` is a file of the next example.
fn examples(page: &str, heading: &str) -> Vec<Example> {
    blocks(page, heading, "```aib")
}

fn blocks(page: &str, heading: &str, fence: &str) -> Vec<Example> {
    let mut here = false;
    let mut block: Option<String> = None;
    let mut name: Option<String> = None;
    let mut files: Example = Vec::new();
    let mut found = Vec::new();
    for line in page.lines() {
        match &mut block {
            Some(text) if line == "```" => {
                let text = std::mem::take(text);
                block = None;
                match name.take() {
                    Some(name) => files.push((name, text)),
                    None => {
                        let mut example = vec![("main.aib".to_owned(), text)];
                        example.append(&mut files);
                        found.push(example);
                    }
                }
            }
            Some(text) => {
                text.push_str(line);
                text.push('\n');
            }
            None if line.starts_with("## ") => here = line == heading,
            None if here && line == fence => block = Some(String::new()),
            None if here => {
                let named = line.strip_prefix("<!-- file: ").and_then(|l| l.strip_suffix(" -->"));
                name = named.map(str::to_owned).or(name);
            }
            None => {}
        }
    }
    found
}

fn files_of(example: &Example) -> Vec<(&str, &str)> {
    example.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect()
}

#[test]
fn every_code_has_a_page_with_a_wrong_and_a_right_example() {
    let mut missing = Vec::new();
    for code in CODES {
        if !code.page.starts_with(&format!("# {} {}\n", code.id, code.name)) {
            missing
                .push(format!("{}: begins with another title than `# {} {}`", code.id, code.id, code.name));
        }
        for heading in ["## Wrong", "## Right"] {
            let exempt = heading == "## Wrong" && not_on_a_page(code);
            let language = if is_about_json(code) { "json" } else { "aib" };
            if !exempt && blocks(code.page, heading, &format!("```{language}")).is_empty() {
                missing.push(format!("{} {}: no {language} block below `{heading}`", code.id, code.name));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn every_page_belongs_to_a_code() {
    for entry in fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(name.strip_suffix(".md").and_then(find_code).is_some(), "{name} belongs to no code");
    }
}

#[test]
fn examples_raise_what_their_pages_say() {
    let mut wrong = Vec::new();
    for code in CODES {
        if !not_on_a_page(code) {
            wrong.extend(examples(code.page, "## Wrong").iter().filter_map(|e| raises(code, e)));
        }
        wrong.extend(examples(code.page, "## Right").iter().filter_map(|e| is_silent(code, e)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn examples_of_json_raise_what_their_pages_say() {
    for code in CODES.iter().filter(|code| is_about_json(code)) {
        for (heading, raised) in [("## Wrong", true), ("## Right", false)] {
            for (_, text) in blocks(code.page, heading, "```json").iter().flatten() {
                let found = match json::read(FileId(0), text) {
                    Ok(_) if code.id.starts_with("AIB82") => {
                        check_with_advice("page.json", text).unwrap().found
                    }
                    Ok(document) if code.id.starts_with("AIB81") => {
                        match decompile(FileId(0), &document, &Options::default()) {
                            Ok(done) => done.findings,
                            Err(found) => vec![*found],
                        }
                    }
                    Ok(document) => document.findings,
                    Err(found) => found,
                };
                // What is checked may hold what advice tells of nearly every image.
                let told = found.iter().filter(|d| d.code.id == code.id || !lint::is_advice(d.code));
                let ids: Vec<_> = told.map(|d| d.code.id).collect();
                assert_eq!(ids, if raised { vec![code.id] } else { vec![] }, "{} {heading}", code.id);
            }
        }
    }
}

fn not_on_a_page(code: &Code) -> bool {
    NOT_ON_A_PAGE.iter().any(|(name, _)| *name == code.name)
}

/// A wrong example raises its code, and no other at the level of errors.
fn raises(code: &Code, example: &Example) -> Option<String> {
    let outcome = run_with_advice(&files_of(example));
    let others = outcome.at(Severity::Error).filter(|d| d.code.id != code.id).count();
    let found = outcome.found.iter().any(|d| d.code.id == code.id);
    (!found || others > 0).then(|| {
        format!("{} {}: the wrong example raises\n{}\n{example:?}", code.id, code.name, outcome.describe())
    })
}

/// A right example raises no error, and its code at no level.
fn is_silent(code: &Code, example: &Example) -> Option<String> {
    let outcome = run_with_advice(&files_of(example));
    let raised = outcome.found.iter().any(|d| d.code.id == code.id || d.severity == Severity::Error);
    let unwritten = !raised && !unwritable(&files_of(example)).is_empty();
    (raised || unwritten).then(|| {
        format!("{} {}: the right example raises\n{}\n{example:?}", code.id, code.name, outcome.describe())
    })
}
