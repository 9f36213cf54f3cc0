//! Files with mistakes, each with what is to be said about it written below the line.
//!
//! ```text
//! image web { sorce = x }
//! //          ^^^^^ AIB300 an image has no property `sorce`
//! ```
//!
//! `^` draws the place of a finding, with its code and a part of its title behind it; `~` draws another place that the finding
//! points at, with a part of what is said there. `…` ends a place that goes on in the next line, `@0` in front says the column
//! where a place begins too far left to be drawn. These lines are taken away before the file is read, so they may follow any line. What is
//! expected and not found fails, and so does what is found and not expected, at every level. A folder with a `main.aib` is
//! one case. `// set: name=value` and `// api-version: …` give options. `UPDATE=1` writes what was found.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use aib::analysis::{Input, Outcome, Request, run};
use aib::base::LineColumn;
use aib::check::{Given, GivenValue};
use aib::diag::CODES;

use super::pages::shown_by_pages;
use super::project::{files, path};

/// A place that is drawn below a line.
#[derive(Clone, PartialEq, Debug)]
struct Mark {
    /// Whether it is the place of the finding, not another one that belongs to it.
    primary: bool,
    column: usize,
    width: usize,
    /// Whether it goes on in the next line.
    more: bool,
    code: String,
    text: String,
}

impl Mark {
    /// Reads a line of a case, if it is an expectation.
    fn read(line: &str) -> Option<Self> {
        let rest = line.trim_start().strip_prefix("//")?.trim_start();
        let (column, rest) = match rest.strip_prefix('@') {
            Some(rest) => {
                let (column, rest) = rest.split_once(' ')?;
                (column.parse().ok()?, rest)
            }
            None => (line.chars().count() - rest.chars().count(), rest),
        };
        let drawn = rest.chars().next().filter(|c| "^~".contains(*c))?;
        let after = rest.trim_start_matches(drawn);
        let width = rest.chars().count() - after.chars().count();
        let (more, after) = after.strip_prefix('…').map_or((false, after), |after| (true, after));
        let (code, text) = after.strip_prefix(' ')?.split_at_checked("AIB000".len())?;
        code.starts_with("AIB").then(|| Self {
            primary: drawn == '^',
            column,
            width,
            more,
            code: code.to_owned(),
            text: text.trim().to_owned(),
        })
    }

    fn write(&self, indent: usize) -> String {
        let drawn = if self.primary { "^" } else { "~" }.repeat(self.width);
        let more = if self.more { "…" } else { "" };
        let before = if self.column < 2 {
            format!("// @{} ", self.column)
        } else {
            let start = if indent + 3 <= self.column { indent } else { 0 };
            format!("{:<width$}", format!("{:start$}//", ""), width = self.column)
        };
        format!("{before}{drawn}{more} {} {}", self.code, self.text).trim_end().to_owned()
    }

    fn is_met_by(&self, found: &Self) -> bool {
        found.text.contains(&self.text) && Self { text: self.text.clone(), ..found.clone() } == *self
    }
}

/// Line and column, from 0.
fn place(at: LineColumn) -> (usize, usize) {
    (at.line - 1, at.column - 1)
}

/// A file of a case: its lines without expectations, and what is expected below each.
#[derive(Default)]
struct Source {
    lines: Vec<String>,
    marks: BTreeMap<usize, Vec<Mark>>,
    /// Whether the last line ends.
    ended: bool,
}

impl Source {
    fn read(text: &str) -> Self {
        let mut this = Self { ended: text.ends_with('\n'), ..Self::default() };
        for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
            match Mark::read(line) {
                Some(mark) => this.marks.entry(this.lines.len() - 1).or_default().push(mark),
                None => this.lines.push(line.to_owned()),
            }
        }
        this
    }

    fn text(&self) -> String {
        self.lines.join("\n") + if self.ended { "\n" } else { "" }
    }

    /// The file with these marks in place of the expected ones.
    fn marked(&self, found: &BTreeMap<usize, Vec<Mark>>) -> String {
        let mut lines = Vec::new();
        for (number, line) in self.lines.iter().enumerate() {
            lines.push(line.clone());
            let indent = line.chars().take_while(|c| *c == ' ').count();
            lines.extend(found.get(&number).into_iter().flatten().map(|mark| mark.write(indent)));
        }
        lines.join("\n") + if self.ended { "\n" } else { "" }
    }

    fn option(&self, name: &str) -> Vec<&str> {
        let start = format!("// {name}: ");
        self.lines.iter().filter_map(|line| line.strip_prefix(&start)).collect()
    }
}

/// A case: the folder of its files, and the entry's path in it.
struct Case {
    folder: PathBuf,
    entry: PathBuf,
    sources: BTreeMap<PathBuf, Source>,
}

fn cases() -> Vec<Case> {
    let root = path("tests/cases/err");
    let mut found = Vec::new();
    let all = files(&root, ".aib");
    let mains: Vec<&Path> =
        all.iter().filter(|f| f.ends_with("main.aib")).filter_map(|f| f.parent()).collect();
    for file in &all {
        let folder = file.parent().unwrap();
        let in_folder = mains.iter().any(|main| file.starts_with(main));
        if in_folder && !file.ends_with("main.aib") {
            continue;
        }
        let members = if in_folder { files(folder, ".aib") } else { vec![file.clone()] };
        let source = |f: &PathBuf| {
            let text = fs::read_to_string(f).unwrap();
            (f.strip_prefix(folder).unwrap().to_owned(), Source::read(&text))
        };
        found.push(Case {
            folder: folder.to_owned(),
            entry: file.strip_prefix(folder).unwrap().to_owned(),
            sources: members.iter().map(source).collect(),
        });
    }
    found
}

impl Case {
    fn name(&self) -> String {
        self.folder.join(&self.entry).strip_prefix(path("tests/cases/err")).unwrap().display().to_string()
    }

    /// Writes the files without their expectations into a folder and checks the entry there.
    fn run(&self, room: &Path) -> Outcome {
        if self.entry.ends_with("main.aib") {
            for file in files(&self.folder, "") {
                let target = room.join(file.strip_prefix(&self.folder).unwrap());
                fs::create_dir_all(target.parent().unwrap()).unwrap();
                fs::copy(&file, target).unwrap();
            }
        }
        for (name, source) in &self.sources {
            fs::write(room.join(name), source.text()).unwrap();
        }
        let entry = &self.sources[&self.entry];
        let given = |text: &&str| {
            let (name, value) = text.split_once('=').unwrap();
            Given { name: name.into(), value: GivenValue::Text(value.into()), from: "--set".into() }
        };
        run(&Request {
            inputs: vec![Input::File(room.join(&self.entry))],
            given: entry.option("set").iter().map(given).collect(),
            api_version: entry.option("api-version").first().map(|v| (*v).to_owned()),
            ..Request::default()
        })
    }

    /// What is found, by file and line.
    fn found(&self) -> BTreeMap<PathBuf, BTreeMap<usize, Vec<Mark>>> {
        let room = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let outcome = self.run(room.path());
        let here = format!("{}/", room.path().strip_prefix(path("")).unwrap_or(room.path()).display());
        assert!(outcome.unusable.is_empty(), "{}: {:?}", self.name(), outcome.unusable);
        let mut found: BTreeMap<PathBuf, BTreeMap<usize, Vec<Mark>>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for d in &outcome.diagnostics {
            for label in &d.labels {
                let (start, end) =
                    (place(outcome.sources.start_of(label.span)), place(outcome.sources.end_of(label.span)));
                let name = path(outcome.sources.name_of(label.span.file));
                let Ok(file) = name.strip_prefix(room.path()) else {
                    assert!(!label.primary, "{}: found in {}: {}", self.name(), name.display(), d.title);
                    continue;
                };
                let lines = &self.sources[file].lines;
                // The end of a file with a line break at its end is told at the end of its last line.
                let start = if start.0 < lines.len() { start } else { (lines.len() - 1, usize::MAX) };
                let length = lines[start.0].chars().count();
                let start = (start.0, start.1.min(length));
                let text = if label.primary { &d.title } else { &label.message };
                let more = end.0 > start.0 && start.1 < length;
                let width = if more { length - start.1 } else { end.1.saturating_sub(start.1) };
                let mark = Mark {
                    primary: label.primary,
                    column: start.1,
                    width: width.max(1),
                    more,
                    code: d.code.id.to_owned(),
                    text: text.replace(&here, ""),
                };
                let key = (file.to_owned(), start.0, format!("{mark:?}"));
                if seen.insert(key) {
                    found.entry(file.to_owned()).or_default().entry(start.0).or_default().push(mark);
                }
            }
        }
        for marks in found.values_mut().flat_map(BTreeMap::values_mut) {
            marks.sort_by_key(|m| (!m.primary, m.column, m.code.clone(), m.text.clone()));
        }
        found
    }

    /// What is expected and not found, and the other way round.
    fn differences(&self) -> Vec<String> {
        let found = self.found();
        let mut wrong = Vec::new();
        for (file, source) in &self.sources {
            let nothing = BTreeMap::new();
            let actual = found.get(file).unwrap_or(&nothing);
            let before = wrong.len();
            for number in 0..source.lines.len() {
                let expected = source.marks.get(&number).map_or(&[][..], Vec::as_slice);
                let mut left = actual.get(&number).cloned().unwrap_or_default();
                let mut say = |what: &str, mark: &Mark| {
                    let place = format!("{} ({}:{})", self.name(), file.display(), number + 1);
                    wrong.push(format!("{place}: {what}\n{}\n{}", source.lines[number], mark.write(0)));
                };
                for mark in expected {
                    match left.iter().position(|found| mark.is_met_by(found)) {
                        Some(at) => drop(left.remove(at)),
                        None => say("not found", mark),
                    }
                }
                left.iter().for_each(|mark| say("not expected", mark));
            }
            if wrong.len() > before && std::env::var_os("UPDATE").is_some() {
                fs::write(self.folder.join(file), source.marked(actual)).unwrap();
            }
        }
        wrong
    }

    fn findings(&self) -> usize {
        self.sources.values().flat_map(|s| s.marks.values().flatten()).filter(|mark| mark.primary).count()
    }
}

#[test]
fn there_are_many_cases() {
    let count = cases().len();
    assert!(count >= 90, "{count} cases");
}

#[test]
fn mistakes_are_found_where_they_are_and_nothing_else() {
    let cases = cases();
    let mut wrong: Vec<String> = cases.iter().flat_map(Case::differences).collect();
    for case in cases.iter().filter(|case| case.findings() == 0) {
        wrong.push(format!("{}: expects nothing", case.name()));
    }
    assert!(wrong.is_empty(), "{}\n\n{} differences", wrong.join("\n\n"), wrong.len());
}

/// Ten mistakes of different kinds in one file, ten findings: none hides another, none is told twice.
#[test]
fn ten_mistakes_are_ten_findings() {
    let case = cases().into_iter().find(|case| case.name() == "ten_mistakes.aib").unwrap();
    assert_eq!(case.findings(), 10);
    let codes: BTreeSet<&str> = case
        .sources
        .values()
        .flat_map(|s| s.marks.values().flatten())
        .map(|mark| mark.code.as_str())
        .collect();
    assert_eq!(codes.len(), 10, "{codes:?}");
}

/// Codes that neither a case nor a page shows, with the reason.
const NOT_SHOWN: &[(&str, &str)] = &[
    ("AIB007", "needs a file of four megabytes; tests/it/syntax.rs makes one"),
    ("AIB900", "is a mistake of aib that none of its tests knows"),
];

#[test]
fn every_code_is_raised_by_a_case_or_a_page() {
    let mut shown: BTreeSet<String> = shown_by_pages().map(str::to_owned).collect();
    for case in cases() {
        let marks = case.sources.values().flat_map(|s| s.marks.values().flatten());
        shown.extend(marks.filter(|mark| mark.primary).map(|mark| mark.code.clone()));
    }
    let exempt = |id: &str| NOT_SHOWN.iter().any(|(code, _)| *code == id);
    let missing: Vec<&str> =
        CODES.iter().map(|code| code.id).filter(|id| !shown.contains(*id) && !exempt(id)).collect();
    assert!(missing.is_empty(), "no case and no page raises {missing:?}");
    let needless: Vec<_> = NOT_SHOWN.iter().filter(|(id, _)| shown.contains(*id)).collect();
    assert!(needless.is_empty(), "shown after all: {needless:?}");
}
