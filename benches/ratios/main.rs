//! How long aib takes, always beside something that has to be done anyway: `cargo bench`, or `cargo bench -- start parse`
//! for some of the groups. See docs/benchmarks.md.

// What is measured is told on standard output.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod decompile;
mod emit;
mod files;
mod format;
mod material;
mod measure;
mod parse;
mod report;
mod rules;
mod start;
mod workspace;

use std::process::ExitCode;

use measure::Result;

/// A group of measurements.
struct Group {
    name: &'static str,
    run: fn() -> Result<()>,
}

const GROUPS: &[Group] = &[
    Group { name: "start", run: start::run },
    Group { name: "workspace", run: workspace::run },
    Group { name: "parse", run: parse::run },
    Group { name: "format", run: format::run },
    Group { name: "emit", run: emit::run },
    Group { name: "rules", run: rules::run },
    Group { name: "decompile", run: decompile::run },
    Group { name: "report", run: report::run },
];

fn main() -> ExitCode {
    // cargo adds `--bench`.
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    let is_wanted = |group: &Group| wanted.is_empty() || wanted.iter().any(|name| name == group.name);
    if let Some(unknown) = wanted.iter().find(|name| GROUPS.iter().all(|group| group.name != name.as_str())) {
        eprintln!("there is no group `{unknown}`");
        return ExitCode::FAILURE;
    }
    for group in GROUPS.iter().filter(|group| is_wanted(group)) {
        if let Err(error) = (group.run)() {
            eprintln!("{}: {error}", group.name);
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
