//! The pipeline: entries in, findings and artifacts out.

use std::path::PathBuf;

use super::entry::Entries;
use super::host::Host;
use super::load::{Loaded, WorkspaceId};
use super::naming;
use super::shown::Cwd;
use super::unusable::Unusable;
use super::workers::{Workers, with_deep_stack};
use crate::base::{FileId, SourceMap};
use crate::check::{self, Given, Program};
use crate::diag::{Diagnostic, Gate, Sink, code};
use crate::emit::{self, Artifact, Emit, EmitError};
use crate::lint;

/// What an entry comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Input {
    /// A file; relative to the current directory.
    File(PathBuf),
    /// Standard input; its imports are relative to the current directory.
    Stdin,
}

/// What is to be done.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The entries, in the order in which their findings are told.
    pub inputs: Vec<Input>,
    /// Values of parameters; of several for one parameter the last counts.
    pub given: Vec<Given>,
    /// The API version for image templates that state none; wins over `aib.toml`.
    pub api_version: Option<String>,
    /// The forms of the artifacts.
    pub emit: Vec<Emit>,
    /// What is known about the deployment.
    pub deployment: emit::Options,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Outcome {
    /// All files that were read.
    pub sources: SourceMap,
    /// What was found, by file and place; what several entries share, once.
    pub diagnostics: Vec<Diagnostic>,
    /// The entries that could be read, in order.
    pub entries: Vec<EntryOutcome>,
    /// What could not be used at all.
    pub unusable: Vec<Unusable>,
}

/// What came of one entry.
#[derive(Clone, Debug)]
pub struct EntryOutcome {
    /// Its name as shown.
    pub path: String,
    /// Its template's name, relative to the folder of the output: where `arm` is emitted, one artifact has it.
    pub template: String,
    /// Its artifacts, with names relative to the folder of the output; none if there are errors.
    pub artifacts: Option<Vec<Artifact>>,
}

/// Reads, checks and emits.
pub fn run(request: &Request) -> Outcome {
    with_deep_stack(|| match Cwd::get() {
        Ok(cwd) => run_in(request, cwd),
        Err(unusable) => Outcome { unusable: vec![unusable], ..Outcome::default() },
    })
}

fn run_in(request: &Request, cwd: Cwd) -> Outcome {
    let workers = Workers::default();
    let Entries { entries, workspaces, policies, unusable, .. } = Entries::read(&request.inputs, &cwd);
    let folders = naming::folders(&entries);
    let mut jobs: Vec<Job> = Vec::new();
    for ((entry, folder), file) in entries.iter().zip(folders).zip(0..) {
        let (shown, stem) = (entry.shown.clone(), entry.stem.clone());
        jobs.push(Job { file: FileId(file), workspace: entry.workspace, shown, stem, folder });
    }
    let mut loaded = Loaded::new(cwd, workspaces);
    loaded.load(entries, &policies, &workers);

    let run = Run { request, loaded: &loaded, policies: policies_of(&loaded, &policies) };
    let checked = workers.map(&jobs, true, |job| run.entry(job));
    let mut sink = Sink::new();
    let mut outcomes = Vec::new();
    for (job, (found, artifacts)) in jobs.into_iter().zip(checked) {
        sink.extend(found);
        let template = in_folder(&job.folder, &format!("{}.json", job.stem));
        outcomes.push(EntryOutcome { path: job.shown, template, artifacts });
    }
    let diagnostics = sink.into_sorted();
    Outcome { sources: loaded.sources, diagnostics, entries: outcomes, unusable }
}
