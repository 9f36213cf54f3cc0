//! A thousand entry files that share imports, in one run, beside reading the same bytes and printing the same JSON.

use std::fs;
use std::path::{Path, PathBuf};

use aib::analysis::{self, Input, Outcome, Request};
use aib::emit::Emit;
use serde_json::Value;

use super::material::{Folder, large_file, write_workspace};
use super::measure::{Case, Result, compare, growth};
use super::start::{AIB, process};

const ENTRIES: usize = 1_000;

pub(crate) fn run() -> Result<()> {
    let folder = Folder::new("workspace")?;
    let root = folder.path();
    let entries = write_workspace(root, ENTRIES)?;
    let built = build(&entries)?;
    // The outcome lists every file that was read once, and a file has its tree from one parse.
    let read = built.sources.len();
    println!("\n{ENTRIES} entries and what they import: {read} files, each read and parsed once");

    let mut read = entries.clone();
    read.push(root.join("company.aib"));
    let artifacts = artifacts(&built)?;
    let bytes: usize = artifacts.iter().map(|(_, value)| pretty(value).map_or(0, |text| text.len())).sum();
    println!("they become {} files of JSON, {:.1} MB", artifacts.len(), bytes as f64 / 1e6);

    let floor = || -> Result<usize> { Ok(read_all(&read)? + print_all(&artifacts)?) };
    let in_process = vec![
        Case::new("read the sources, print the JSON (1 thread)", floor),
        Case::new("analysis::run: check and build", || build(&entries)).at_most(3.0),
    ];
    compare(&format!("{ENTRIES} files, in memory"), 15, in_process)?;

    whole_processes(root, &read, &artifacts)?;

    let sizes = [ENTRIES / 4, ENTRIES / 2, ENTRIES];
    let some = sizes.iter().filter_map(|size| Some((*size as f64, entries.get(..*size)?)));
    let some = some.map(|(size, entries)| (size, Case::new(format!("{size} files"), || build(entries))));
    growth("check and build, more files", 15, some.collect())?;

    // An image looks at others of its template only where the two have something in common, such as names.
    let mut large = Vec::new();
    for images in [15, 30, 60] {
        let path = root.join(format!("large-{images}.aib"));
        fs::write(&path, large_file(images))?;
        large.push((
            images as f64,
            Case::new(format!("{images} images"), move || build(std::slice::from_ref(&path))),
        ));
    }
    growth("check and build, one larger file", 15, large)
}

fn whole_processes(root: &Path, sources: &[PathBuf], artifacts: &[(String, Value)]) -> Result<()> {
    let floor_out = root.join("floor");
    let (images, out) = (root.join("images"), root.join("out"));
    let mut arguments = vec!["build".into(), "--out".into(), out.clone().into_os_string()];
    let listed = sources.iter().filter(|path| path.starts_with(&images));
    arguments.extend(listed.map(|path| path.clone().into_os_string()));
    let arguments = &arguments;

    // Making a file costs far more than filling one that is there, so the floor makes its files too.
    let floor = || {
        fs::create_dir_all(&floor_out)?;
        read_all(sources)?;
        for (name, value) in artifacts {
            fs::write(floor_out.join(name), pretty(value)?)?;
        }
        Ok(())
    };
    let check = ["check".into(), images.clone().into_os_string()];
    let cases = vec![
        Case::prepared("read the sources, make the files of JSON", || remove(&floor_out), floor),
        Case::new("aib check", || process(AIB, &check)),
        Case::prepared("aib build, all of it new", || remove(&out), || process(AIB, arguments)).at_most(3.0),
        Case::new("aib build, nothing changed", || process(AIB, arguments)),
    ];
    compare(&format!("{ENTRIES} files, whole processes"), 9, cases)?;
    Ok(())
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() { Ok(fs::remove_dir_all(folder)?) } else { Ok(()) }
}

fn build(entries: &[PathBuf]) -> Result<Outcome> {
    let inputs = entries.iter().cloned().map(Input::File).collect();
    let outcome = analysis::run(&Request { inputs, emit: vec![Emit::Arm], ..Request::default() });
    match (outcome.unusable.first(), outcome.diagnostics.first()) {
        (Some(fault), _) => Err(fault.title.clone().into()),
        (_, Some(found)) => Err(format!("{} findings: {}", outcome.diagnostics.len(), found.title).into()),
        _ => Ok(outcome),
    }
}

/// What is built, as a library for JSON holds it.
fn artifacts(outcome: &Outcome) -> Result<Vec<(String, Value)>> {
    let all = outcome.entries.iter().filter_map(|entry| entry.artifacts.as_ref()).flatten();
    all.map(|artifact| Ok((artifact.name.clone(), serde_json::from_str(&artifact.text)?))).collect()
}

fn read_all(files: &[PathBuf]) -> Result<usize> {
    let mut bytes = 0;
    for file in files {
        bytes += fs::read_to_string(file)?.len();
    }
    Ok(bytes)
}

fn print_all(artifacts: &[(String, Value)]) -> Result<usize> {
    let mut bytes = 0;
    for (_, value) in artifacts {
        bytes += pretty(value)?.len();
    }
    Ok(bytes)
}

fn pretty(value: &Value) -> Result<String> {
    Ok(serde_json::to_string_pretty(value)?)
}
