//! The pages of the codes: each shows the mistake and its mend, and both are compiled here.

use std::fs;
use std::path::{Path, PathBuf};

use aib::diag::{CODES, Code, Severity, find_code};

use super::pipeline::run;

/// Codes that one self-contained file cannot show, with the reason.
static NOT_IN_ONE_FILE: &[(&str, &str)] = &[
    ("import-failed", "needs a file that cannot be read"),
    ("import-ring", "needs two files"),
    ("outside-workspace", "needs a workspace"),
    ("private-name", "needs an imported file"),
    ("conflicting-parameters", "needs an imported file with a parameter of the same name"),
    ("file-too-large", "needs a file of four megabytes"),
    ("too-large", "needs ten thousand elements"),
    ("unknown-parameter", "is about values given on the command line or in `with`"),
    ("local-file", "needs a file of the workspace"),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/codes")
}

/// The blocks of aib below a heading of the second level.
fn blocks(page: &str, heading: &str) -> Vec<String> {
    let mut here = false;
    let mut block: Option<String> = None;
    let mut found = Vec::new();
    for line in page.lines() {
        match &mut block {
            Some(text) if line == "```" => {
                found.push(std::mem::take(text));
                block = None;
            }
            Some(text) => {
                text.push_str(line);
                text.push('\n');
            }
            None if line.starts_with("## ") => here = line == heading,
            None if here && line == "```aib" => block = Some(String::new()),
            None => {}
        }
    }
    found
}

#[test]
fn every_code_has_a_page_with_a_wrong_and_a_right_example() {
    let mut missing = Vec::new();
    for code in CODES {
        if !code.page.starts_with(&format!("# {} {}\n", code.id, code.name)) {
            missing
                .push(format!("{}: begins with another title than `# {} {}`", code.id, code.id, code.name));
        }
        let exempt = NOT_IN_ONE_FILE.iter().any(|(name, _)| *name == code.name);
        for heading in ["## Wrong", "## Right"] {
            if !exempt && blocks(code.page, heading).is_empty() {
                missing.push(format!("{} {}: no aib block below `{heading}`", code.id, code.name));
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
        if NOT_IN_ONE_FILE.iter().any(|(name, _)| *name == code.name) {
            continue;
        }
        for block in blocks(code.page, "## Wrong") {
            wrong.extend(raises(code, &block));
        }
        for block in blocks(code.page, "## Right") {
            wrong.extend(is_silent(code, &block));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A wrong example raises its code, and no other at the level of errors.
fn raises(code: &Code, block: &str) -> Option<String> {
    let outcome = run(&[("main.aib", block)]);
    let others = outcome.at(Severity::Error).filter(|d| d.code.id != code.id).count();
    let found = outcome.found.iter().any(|d| d.code.id == code.id);
    (!found || others > 0).then(|| {
        format!("{} {}: the wrong example raises\n{}\n{block}", code.id, code.name, outcome.describe())
    })
}

/// A right example raises no error, and its code at no level.
fn is_silent(code: &Code, block: &str) -> Option<String> {
    let outcome = run(&[("main.aib", block)]);
    let raised = outcome.found.iter().any(|d| d.code.id == code.id || d.severity == Severity::Error);
    raised.then(|| {
        format!("{} {}: the right example raises\n{}\n{block}", code.id, code.name, outcome.describe())
    })
}
