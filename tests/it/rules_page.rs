//! docs/reference/rules.md: the list of rules is generated, and what is known of the target is accounted for.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use aib::diag::{Applicability, CODES, Category, Class, find_code};
use aib::lint::{Confidence, meta_of};

const BEGIN: &str = "<!-- generated: rules -->\n";
const END: &str = "<!-- end -->";

fn page() -> (std::path::PathBuf, String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference/rules.md");
    let text = fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
    (path, text)
}

/// The rules by category, a table each.
fn tables() -> String {
    let mut text = String::new();
    for category in Category::ALL {
        let rules = || CODES.iter().filter(|c| c.category == *category && c.class() == Class::Target);
        if rules().next().is_none() {
            continue;
        }
        let _ = write!(
            text,
            "\n### {}\n\n| | rule | level | mend | what it finds |\n|---|---|---|---|---|\n",
            category.name()
        );
        for code in rules() {
            let likely = meta_of(code).is_some_and(|meta| meta.confidence == Confidence::Likely);
            let fix = code.fix.map_or("", Applicability::name);
            let _ = writeln!(
                text,
                "| [{}](../codes/{}.md) | `{}` | {}{} | {fix} | {} |",
                code.id,
                code.id,
                code.name,
                if meta_of(code).is_none_or(|meta| meta.on) { code.severity.name() } else { "off" },
                if likely { ", likely" } else { "" },
                code.summary().replace('|', "\\|"),
            );
        }
    }
    text.push('\n');
    text
}

#[test]
fn the_list_of_rules_is_current() {
    let (path, text) = page();
    let (before, rest) = text.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let wanted = format!("{before}{BEGIN}{}{END}{after}", tables());
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path, &wanted).unwrap();
        return;
    }
    assert!(
        text == wanted,
        "docs/reference/rules.md is stale: run `UPDATE=1 cargo test --test it rules_page`"
    );
}

/// The rows of what is known: number, fact, and what tells of it.
fn known(text: &str) -> Vec<[&str; 3]> {
    let rows = text.lines().filter(|line| line.starts_with("| R"));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        cells.try_into().unwrap_or_else(|_| panic!("{row}"))
    })
    .collect()
}

#[test]
fn every_rule_that_is_named_exists() {
    let (_, text) = page();
    let rows = known(&text);
    assert!(rows.len() > 80, "{}", rows.len());
    for [number, _, told] in rows {
        // A row names rules, or says why there is none.
        let names: Vec<&str> = told.split(", ").collect();
        let is_name = |name: &&str| name.starts_with('`') && name.ends_with('`') && !name.contains(' ');
        if names.iter().all(is_name) {
            for name in names {
                assert!(find_code(name.trim_matches('`')).is_some(), "{number}: there is no {name}");
            }
        } else {
            assert!(told.len() > 20, "{number}: {told}");
        }
    }
}

/// Where the collection of facts is there, each of its rules has a row.
#[test]
fn every_known_rule_has_a_row() {
    let Some(shared) = std::env::var_os("AIB_SHARED") else {
        return println!("skipped: the collection of facts is not there");
    };
    let facts = fs::read_to_string(Path::new(&shared).join("reference/image-templates.md")).unwrap();
    let (_, text) = page();
    let rows: BTreeSet<&str> = known(&text).iter().map(|[number, ..]| *number).collect();
    let numbers = facts.lines().filter_map(|line| line.strip_prefix("| R")?.split_once(" |").map(|(n, _)| n));
    let missing: Vec<String> = numbers
        .filter(|n| n.parse::<u32>().is_ok())
        .map(|n| format!("R{n}"))
        .filter(|n| !rows.contains(&**n))
        .collect();
    assert!(missing.is_empty(), "without a row: {missing:?}");
}
