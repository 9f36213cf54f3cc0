//! `aib test`

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use similar::TextDiff;

use crate::analysis::{self, Case, Input, Outcome, Request};
use crate::base::{list_words, plural};
use crate::check::{Given, Judged, Verdicts};
use crate::cli::args::{Test, TextOrJson};
use crate::cli::exit::Exit;
use crate::cli::failure::{self, Failure};
use crate::cli::style::{ADDED, QUIET, REMOVED, STRONG, paint, plain};
use crate::cli::terminal::{Stream, Terminal};
use crate::cli::write::{Target, write_all};
use crate::diag::{Code, Diagnostic, Severity};
use crate::emit::Emit;
use crate::report::{self, Format, Settings};

/// The lines around a change in a diff.
const CONTEXT: usize = 3;

pub(super) fn run(args: &Test, terminal: &Terminal) -> Result<Exit, Failure> {
    let cases = match analysis::cases(&args.folder) {
        Ok(cases) => cases,
        Err(faults) => {
            terminal.failures(&faults.iter().map(Failure::from).collect::<Vec<_>>());
            return Ok(Exit::Unusable);
        }
    };
    if cases.is_empty() {
        return Err(failure::no_tests(&args.folder));
    }
    let wanted = |case: &Case| args.only.as_ref().is_none_or(|text| case.name.contains(text.as_str()));
    let cases: Vec<Case> = cases.into_iter().filter(wanted).collect();
    if cases.is_empty() {
        return Err(failure::no_such_test(args.only.as_deref().unwrap_or_default()));
    }
    let mut ran: Vec<Ran> = cases.into_iter().map(Ran::new).collect();
    if args.update {
        update(&mut ran)?;
    }
    match args.format {
        TextOrJson::Human => terminal.print(&human(&ran, terminal))?,
        TextOrJson::Json => terminal.print(&format!("{:#}\n", json!({ "tests": rows(&ran)? })))?,
    }
    Ok(match ran.iter().any(Ran::is_unusable) {
        true => Exit::Unusable,
        false if ran.iter().all(Ran::passed) => Exit::Clean,
        false => Exit::Findings,
    })
}

/// A test that was run.
struct Ran {
    case: Case,
    outcome: Outcome,
    /// What could not be read of what the test names.
    failures: Vec<Failure>,
    golden: Option<Golden>,
}

/// The template that was expected, and what came.
struct Golden {
    path: PathBuf,
    state: State,
    /// What came; none if nothing was emitted.
    new: Option<String>,
    /// How it differs.
    diff: String,
}

/// How an expected template compares.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Same,
    Differs,
    Missing,
    Written,
    /// There is no template to compare.
    Nothing,
}

impl State {
    fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Differs => "differs",
            Self::Missing => "missing",
            Self::Written => "written",
            Self::Nothing => "nothing emitted",
        }
    }
}

impl Ran {
    fn new(case: Case) -> Self {
        let (mut given, mut failures): (Vec<Given>, Vec<Failure>) = (Vec::new(), Vec::new());
        for path in &case.params {
            match analysis::parameter_file(path) {
                Ok(values) => given.extend(values),
                Err(faults) => failures.extend(faults.iter().map(Failure::from)),
            }
        }
        given.extend(case.set.iter().cloned());
        let inputs = vec![Input::File(case.file.clone())];
        let outcome = match failures.is_empty() {
            true => analysis::run(&Request {
                inputs,
                given,
                defaults: true,
                emit: vec![Emit::Arm],
                ..Request::default()
            }),
            false => Outcome::default(),
        };
        failures.extend(outcome.unusable.iter().map(Failure::from));
        let golden = match case.golden.as_ref().map(|path| Golden::new(path, &outcome)).transpose() {
            Ok(golden) => golden,
            Err(failure) => {
                failures.push(failure);
                None
            }
        };
        Self { case, outcome, failures, golden }
    }

    fn is_unusable(&self) -> bool {
        !self.failures.is_empty()
    }

    fn judged(&self) -> Judged {
        self.outcome.entries.first().map(|entry| entry.judged).unwrap_or_default()
    }

    fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.outcome.diagnostics.iter().filter(|d| d.severity == Severity::Error)
    }

    /// The errors that were not expected.
    fn unexpected(&self) -> Vec<&Diagnostic> {
        self.errors().filter(|d| !self.case.fails.contains(&d.code)).collect()
    }

    /// What was expected and did not come.
    fn absent(&self) -> Vec<&'static Code> {
        let came = |code: &Code| self.errors().any(|d| d.code == code);
        self.case.fails.iter().copied().filter(|code| !came(code)).collect()
    }

    /// Whether everything but the template is as expected.
    fn is_as_expected(&self) -> bool {
        !self.is_unusable() && self.unexpected().is_empty() && self.absent().is_empty()
    }

    fn passed(&self) -> bool {
        let golden = self.golden.as_ref().is_none_or(|g| matches!(g.state, State::Same | State::Written));
        golden && self.is_as_expected()
    }
}

impl Golden {
    fn new(path: &Path, outcome: &Outcome) -> Result<Self, Failure> {
        let shown = path.display().to_string();
        let entry = outcome.entries.first();
        let artifact = entry.and_then(|entry| {
            entry.artifacts.as_ref()?.iter().find(|artifact| artifact.name == entry.template)
        });
        let new = artifact.map(|artifact| artifact.text.clone());
        let old = match fs::read_to_string(path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(failure::unreadable(&shown, &error)),
        };
        let state = match (&new, &old) {
            (None, _) => State::Nothing,
            (Some(_), None) => State::Missing,
            (Some(new), Some(old)) if lines_of(new) == lines_of(old) => State::Same,
            (Some(_), Some(_)) => State::Differs,
        };
        let diff = match (&new, &old) {
            (Some(new), Some(old)) if state == State::Differs => TextDiff::from_lines(old, new)
                .unified_diff()
                .context_radius(CONTEXT)
                .header(&shown, "what is built now")
                .to_string(),
            _ => String::new(),
        };
        Ok(Self { path: path.to_path_buf(), state, new, diff })
    }
}

/// A text whose lines end as version control on another system may have left them.
fn lines_of(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// Writes the templates that are expected from now on: those of tests in which nothing else is wrong.
fn update(ran: &mut [Ran]) -> Result<(), Failure> {
    let mut targets = Vec::new();
    let mut places = Vec::new();
    for (at, test) in ran.iter().enumerate() {
        let Some(golden) = test.golden.as_ref().filter(|_| test.is_as_expected()) else { continue };
        if golden.state == State::Same {
            continue;
        }
        if let Some(text) = &golden.new {
            let shown = golden.path.display().to_string();
            targets.push(Target { path: golden.path.clone(), shown, text });
            places.push(at);
        }
    }
    write_all(&targets)?;
    for at in places {
        if let Some(golden) = ran.get_mut(at).and_then(|test| test.golden.as_mut()) {
            golden.state = State::Written;
        }
    }
    Ok(())
}

/// The table, and below it what is wrong.
fn human(ran: &[Ran], terminal: &Terminal) -> String {
    const HEAD: [&str; 5] = ["", "test", "asserts", "policies", "template"];
    let cells: Vec<[String; 5]> = ran.iter().map(cells).collect();
    let width = |column: usize| {
        let of = |row: &[String; 5]| row.get(column).map_or(0, |cell| cell.chars().count());
        cells.iter().map(of).chain(HEAD.get(column).map(|h| h.len())).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..HEAD.len()).map(width).collect();
    let line = |cells: &[&str]| -> String {
        let padded = cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_string()
    };
    let mut text = format!("{}\n", paint(QUIET, line(&HEAD)));
    for (row, test) in cells.iter().zip(ran) {
        let row = line(&row.each_ref().map(String::as_str));
        let (mark, rest) = row.split_at(row.find(' ').unwrap_or(row.len()));
        text.push_str(&format!("{}{rest}\n", paint(if test.passed() { ADDED } else { REMOVED }, mark)));
    }
    for test in ran.iter().filter(|test| !test.passed()) {
        text.push_str(&format!("\n{}\n", paint(STRONG, plain(&test.case.name))));
        text.push_str(&why(test, terminal));
    }
    let failed = ran.iter().filter(|test| !test.passed()).count();
    text.push_str(&match failed {
        0 => format!("\n{} passed\n", plural(ran.len(), "test")),
        n => format!("\n{n} of {} failed\n", plural(ran.len(), "test")),
    });
    text
}

fn cells(test: &Ran) -> [String; 5] {
    let judged = test.judged();
    let mark = if test.passed() { "ok" } else { "FAILED" };
    let golden = test.golden.as_ref().map_or("", |golden| golden.state.name());
    [mark.into(), plain(&test.case.name), said(judged.asserts), said(judged.policies), golden.into()]
}

/// `3 held, 1 failed`
fn said(verdicts: Verdicts) -> String {
    let parts = [(verdicts.held, "held"), (verdicts.failed, "failed"), (verdicts.open, "not known yet")];
    let parts = parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}"));
    let text = parts.collect::<Vec<_>>().join(", ");
    if text.is_empty() { "-".to_string() } else { text }
}

/// What is wrong with a test.
fn why(test: &Ran, terminal: &Terminal) -> String {
    let mut text = String::new();
    for failure in &test.failures {
        text.push_str(&format!("{failure}\n"));
    }
    let absent = test.absent();
    if !absent.is_empty() {
        let names: Vec<&str> = absent.iter().map(|code| code.name).collect();
        text.push_str(&format!(
            "expected to fail with {}, which was not found\n",
            list_words(&names, "and", 8)
        ));
    }
    let found: Vec<Diagnostic> = test.unexpected().into_iter().cloned().collect();
    if !found.is_empty() {
        let format = terminal.resolve(Format::Human);
        let told = report::render(format, &found, &test.outcome.sources, terminal.settings(Stream::Out));
        text.push_str(&format!("{}\n", told.trim_end_matches('\n')));
    }
    let Some(golden) = &test.golden else { return text };
    let path = plain(&golden.path.display().to_string());
    match golden.state {
        State::Missing => text.push_str(&format!("there is no `{path}`: `aib test --update` writes it\n")),
        State::Differs => {
            text.push_str(&plain_lines(&golden.diff));
            text.push_str("if this is meant, `aib test --update` writes it\n");
        }
        State::Same | State::Written | State::Nothing => {}
    }
    text
}

fn plain_lines(text: &str) -> String {
    text.lines().map(|line| format!("{}\n", plain(line))).collect()
}

fn rows(ran: &[Ran]) -> Result<Vec<Value>, Failure> {
    ran.iter().map(row).collect()
}

fn row(test: &Ran) -> Result<Value, Failure> {
    let told =
        report::render(Format::Json, &test.outcome.diagnostics, &test.outcome.sources, &Settings::default());
    let told: Value = serde_json::from_str(&told).map_err(|error| failure::internal(&error))?;
    let verdicts = |v: Verdicts| json!({ "held": v.held, "failed": v.failed, "open": v.open });
    let judged = test.judged();
    let absent = test.absent();
    Ok(json!({
        "name": test.case.name,
        "file": test.case.file.display().to_string(),
        "passed": test.passed(),
        "asserts": verdicts(judged.asserts),
        "policies": verdicts(judged.policies),
        "golden": test.golden.as_ref().map(|golden| json!({
            "file": golden.path.display().to_string(),
            "state": golden.state.name(),
        })),
        "absent": absent.iter().map(|code| code.name).collect::<Vec<_>>(),
        "failures": test.failures.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "diagnostics": told.get("diagnostics"),
    }))
}
