//! From arguments to a request.

use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use crate::analysis::{Input, parameter_file};
use crate::check::{Given, GivenValue};
use crate::cli::args::Values;
use crate::cli::failure::{self, Failure};
use crate::cli::terminal::Terminal;

/// The argument that means standard input.
const STDIN: &str = "-";

/// One file.
pub(super) fn file(path: &Path) -> Input {
    if path == Path::new(STDIN) { Input::Stdin } else { Input::File(path.to_path_buf()) }
}

/// The endings of files that are read as JSON.
const JSON: &[&str] = &["json", "jsonc"];

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    path.extension().is_some_and(|ending| endings.iter().any(|e| ending.eq_ignore_ascii_case(e)))
}

/// A file to be checked: a source, or by its ending JSON.
fn to_check(path: PathBuf, named: bool) -> Input {
    if has_ending(&path, JSON) { Input::Json { path, named } } else { file(&path) }
}

/// One file; or the .aib and .json files below a folder, or that a pattern means, sorted by path.
pub(super) fn to_check_of(path: &Path) -> Result<Vec<Input>, Failure> {
    if path == Path::new(STDIN) {
        return Ok(vec![Input::Stdin]);
    }
    if !path.is_dir() {
        return match globs::split(path) {
            Some(pattern) if !path.exists() => globs::matching(path, &pattern),
            _ => Ok(vec![to_check(path.to_path_buf(), true)]),
        };
    }
    let found = walked(&mut WalkBuilder::new(path), is_checkable)?;
    if found.is_empty() {
        return Err(failure::no_sources(path));
    }
    Ok(found.into_iter().map(|path| to_check(path, false)).collect())
}

/// One source, or the .aib files below a folder, sorted by path.
pub(super) fn file_or_folder(path: &Path) -> Result<Vec<Input>, Failure> {
    if path == Path::new(STDIN) || !path.is_dir() {
        return Ok(vec![file(path)]);
    }
    let found = walked(&mut WalkBuilder::new(path), |path| has_ending(path, &["aib"]))?;
    if found.is_empty() {
        return Err(failure::no_aib_files(path));
    }
    Ok(found.into_iter().map(|path| file(&path)).collect())
}

/// One source, which its name says that it is, or the .aib files below a folder: for commands that write what they read.
pub(super) fn sources(path: &Path) -> Result<Vec<Input>, Failure> {
    let is_named = path == Path::new(STDIN) || path.is_dir() || has_ending(path, &["aib"]);
    if is_named { file_or_folder(path) } else { Err(failure::no_source(path)) }
}

/// The files of a walk that are wanted, sorted by path.
fn walked(walk: &mut WalkBuilder, is_wanted: fn(&Path) -> bool) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for entry in walk.require_git(false).build() {
        let entry = entry.map_err(|error| failure::unwalkable(&error))?;
        let is_file = entry.file_type().is_some_and(|kind| !kind.is_dir());
        if is_file && is_wanted(entry.path()) {
            found.push(entry.into_path());
        }
    }
    found.sort();
    Ok(found)
}

/// Whether a file that was found in a folder is one to check.
fn is_checkable(path: &Path) -> bool {
    has_ending(path, &["aib"]) || has_ending(path, JSON)
}

/// Patterns such as `images/**/*.json`, for shells that hand them on as they are.
mod globs {
    use std::path::{Component, Path, PathBuf};

    use ignore::WalkBuilder;
    use ignore::overrides::OverrideBuilder;

    use super::{Input, is_checkable, to_check, walked};
    use crate::cli::failure::{self, Failure};

    /// The folder that a pattern is about, and the pattern below it; none for a path without `*`, `?` or `[`.
    pub(super) fn split(path: &Path) -> Option<(PathBuf, String)> {
        let is_plain = |c: &Component<'_>| !c.as_os_str().to_string_lossy().contains(['*', '?', '[']);
        let folder: PathBuf = path.components().take_while(is_plain).collect();
        let pattern: Vec<String> = path
            .components()
            .skip_while(is_plain)
            .map(|c| c.as_os_str().to_string_lossy().into_owned())
            .collect();
        (!pattern.is_empty()).then(|| (folder, pattern.join("/")))
    }

    pub(super) fn matching(
        path: &Path,
        (folder, pattern): &(PathBuf, String),
    ) -> Result<Vec<Input>, Failure> {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let mut overrides = OverrideBuilder::new(folder);
        let wanted = overrides.add(&format!("/{pattern}")).and_then(|o| o.build());
        let wanted = wanted.map_err(|error| failure::unwalkable(&error))?;
        let found = walked(WalkBuilder::new(folder).overrides(wanted), is_checkable)?;
        if found.is_empty() {
            return Err(failure::no_match(path));
        }
        Ok(found.into_iter().map(|path| to_check(path, false)).collect())
    }
}

/// What several arguments mean; those that can't be read are failures.
pub(super) fn all(
    paths: &[PathBuf],
    of: fn(&Path) -> Result<Vec<Input>, Failure>,
    failures: &mut Vec<Failure>,
) -> Vec<Input> {
    let mut found = Vec::new();
    for path in paths {
        match of(path) {
            Ok(inputs) => found.extend(inputs),
            Err(failure) => failures.push(failure),
        }
    }
    found
}

/// The values that arguments give; none where that fails.
pub(super) fn given_or_failed(values: &Values, failures: &mut Vec<Failure>) -> Vec<Given> {
    given(values).map_err(|faults| failures.extend(faults)).unwrap_or_default()
}

/// The values that arguments give, or none where that fails, which is told.
pub(super) fn given_or_told(values: &Values, terminal: &Terminal) -> Option<Vec<Given>> {
    given(values).map_err(|failures| terminal.failures(&failures)).ok()
}

/// The values that arguments give, each parameter once: later ones win, `--set` wins over `--params`.
fn given(values: &Values) -> Result<Vec<Given>, Vec<Failure>> {
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
