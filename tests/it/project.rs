//! The files of this project through the whole pipeline, and the tools outside of it that judge what comes out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use aib::analysis::{Input, Outcome, Request, run};
use aib::diag::{Diagnostic, Severity};
use aib::emit::Emit;
use aib::report::{Format, Settings, render};

pub(crate) use super::folder::{files, path};

/// The names of what lies in a folder and ends so, without the ending, in order.
pub(crate) fn names(folder: &str, ending: &str) -> Vec<String> {
    let entries = fs::read_dir(path(folder)).unwrap_or_else(|e| panic!("{folder}: {e}"));
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> =
        names.filter_map(|name| name.strip_suffix(ending).map(str::to_owned)).collect();
    names.sort();
    names
}

/// Fails if snapshots of a test module are there that nothing makes any more, or the other way round.
pub(crate) fn assert_snapshots(module: &str, made: &[String]) {
    let prefix = format!("it__{module}__");
    let kept = names("tests/it/snapshots", ".snap");
    let kept: Vec<&str> = kept.iter().filter_map(|name| name.strip_prefix(&prefix)).collect();
    let mut made: Vec<&str> = made.iter().map(String::as_str).collect();
    made.sort_unstable();
    assert_eq!(kept, made);
}

/// The templates of the collection that lies outside of the project, in order.
pub(crate) fn templates_in(shared: &Path) -> Vec<PathBuf> {
    let folders = ["corpus/arm", "reference/samples", "reference/examples"];
    let mut found: Vec<PathBuf> =
        folders.iter().flat_map(|folder| files(&shared.join(folder), ".json")).collect();
    found.sort();
    found
}

/// What becomes of one entry file.
pub(crate) struct Built {
    pub(crate) outcome: Outcome,
}

/// Builds an entry file of this project.
pub(crate) fn build(file: &str, emit: Emit, api_version: Option<&str>) -> Built {
    build_at(path(file), emit, api_version)
}

/// Builds an entry file that may lie anywhere.
pub(crate) fn build_at(file: PathBuf, emit: Emit, api_version: Option<&str>) -> Built {
    let outcome = run(&Request {
        inputs: vec![Input::File(file)],
        api_version: api_version.map(str::to_owned),
        emit: vec![emit],
        ..Request::default()
    });
    assert!(outcome.unusable.is_empty(), "{:?}", outcome.unusable);
    Built { outcome }
}

impl Built {
    /// What was found, as `--format short` says it.
    pub(crate) fn described(&self) -> String {
        let Outcome { diagnostics, sources, .. } = &self.outcome;
        render(Format::Graphical, diagnostics, sources, &Settings::default())
    }

    /// The findings at the level of errors.
    pub(crate) fn errors(&self) -> Vec<&Diagnostic> {
        self.outcome.diagnostics.iter().filter(|d| d.severity == Severity::Error).collect()
    }

    /// The text of the one artifact whose name ends so.
    pub(crate) fn artifact(&self, ending: &str) -> &str {
        let artifacts = self.outcome.entries.iter().flat_map(|entry| entry.artifacts.iter().flatten());
        let found: Vec<_> = artifacts.filter(|artifact| artifact.name.ends_with(ending)).collect();
        let [only] = found.as_slice() else {
            panic!("{} artifacts end in {ending}\n{}", found.len(), self.described());
        };
        &only.text
    }

    /// The text of the deployment template.
    pub(crate) fn template(&self) -> &str {
        let artifacts = self.outcome.entries.iter().flat_map(|entry| entry.artifacts.iter().flatten());
        let mut found = artifacts.filter(|a| !a.name.ends_with(".roles.json"));
        found.next().map_or_else(|| panic!("nothing was built\n{}", self.described()), |a| &a.text)
    }
}

/// The folder with the reference material, which is no part of the project; says so if it is absent.
pub(crate) fn shared(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("AIB_SHARED").map_or_else(|| path("../shared"), PathBuf::from);
    let judge = folder.join("tools/armcmp.py");
    if !judge.is_file() {
        eprintln!("skipped: {test}: there is no {}", judge.display());
        return None;
    }
    let python = Command::new("python3").arg("--version").output();
    if !python.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: {test}: python3 is not installed");
        return None;
    }
    Some(folder)
}

/// Compares two documents as deployments; the differences, if any.
pub(crate) fn armcmp(shared: &Path, left: &Path, right: &Path) -> Result<(), String> {
    let mut command = Command::new("python3");
    command.arg(shared.join("tools/armcmp.py")).args([left, right]);
    let output = command.env("PYTHONDONTWRITEBYTECODE", "1").output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() { Ok(()) } else { Err(text(&output.stdout) + &text(&output.stderr)) }
}
