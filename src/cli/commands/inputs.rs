//! From arguments to a request.

use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use crate::analysis::{Input, parameter_file};
use crate::check::{Given, GivenValue};
use crate::cli::args::Values;
use crate::cli::failure::{self, Failure};

/// The argument that means standard input.
const STDIN: &str = "-";

/// One file.
pub(super) fn file(path: &Path) -> Input {
    if path == Path::new(STDIN) { Input::Stdin } else { Input::File(path.to_path_buf()) }
}

/// One file, or the .aib files below a folder, sorted by path.
pub(super) fn file_or_folder(path: &Path) -> Result<Vec<Input>, Failure> {
    if path == Path::new(STDIN) || !path.is_dir() {
        return Ok(vec![file(path)]);
    }
    let mut found: Vec<PathBuf> = Vec::new();
    for entry in WalkBuilder::new(path).require_git(false).build() {
        let entry = entry.map_err(|error| failure::unwalkable(&error))?;
        let is_file = entry.file_type().is_some_and(|kind| !kind.is_dir());
        if is_file && entry.path().extension().is_some_and(|ending| ending == "aib") {
            found.push(entry.into_path());
        }
    }
    if found.is_empty() {
        return Err(failure::no_sources(path));
    }
    found.sort();
    Ok(found.into_iter().map(Input::File).collect())
}

/// The values that arguments give, each parameter once: later ones win, `--set` wins over `--params`.
pub(super) fn given(values: &Values) -> Result<Vec<Given>, Vec<Failure>> {
    let (mut all, mut failures) = (Vec::new(), Vec::new());
    for path in &values.params {
        match parameter_file(path) {
            Ok(given) => all.extend(given),
            Err(unusable) => failures.extend(unusable.iter().map(Failure::from)),
        }
    }
    if !failures.is_empty() {
        return Err(failures);
    }
    let set = values.set.iter().map(|(name, value)| Given {
        name: name.clone(),
        value: GivenValue::Text(value.clone()),
        from: "--set".to_string(),
    });
    all.extend(set);
    let mut kept: Vec<Given> = Vec::new();
    for given in all {
        kept.retain(|other| other.name != given.name);
        kept.push(given);
    }
    Ok(kept)
}
