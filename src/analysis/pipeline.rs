//! The pipeline: entries in, findings and artifacts out.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::entry::Entries;
use super::host::Host;
use super::levels::{self, LintLevel};
use super::load::{Loaded, WorkspaceId};
use super::naming;
use super::shown::Cwd;
use super::templates;
use super::told::Told;
use super::unusable::Unusable;
use super::workers::{Workers, with_deep_stack};
use super::workspace::{Place, Workspace};
use crate::allow::Used;
use crate::base::{FileId, SourceMap, Span};
use crate::check::{self, Given, Judged, Program};
use crate::diag::{Diagnostic, Gate, Sink, code};
use crate::emit::{self, Artifact, Emit, EmitError, Fault};
use crate::lint;

/// What an entry comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Input {
    /// A file; relative to the current directory.
    File(PathBuf),
    /// Standard input; its imports are relative to the current directory.
    Stdin,
    /// A file of JSON: a template or a raw body, to be checked as it is.
    Json {
        /// Where it is; relative to the current directory.
        path: PathBuf,
        /// Whether the user named it. What only lies in a folder may be broken JSON that has nothing to do with images.
        named: bool,
    },
}

/// What is to be done.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The entries, in the order in which their findings are told.
    pub inputs: Vec<Input>,
    /// Values of parameters; of several for one parameter the last counts.
    pub given: Vec<Given>,
    /// Whether this stands for one deployment: a parameter that is given no value has its default, and an assert over what only
    /// Azure knows is left open.
    pub defaults: bool,
    /// The API version for image templates that state none; wins over `aib.toml`.
    pub api_version: Option<String>,
    /// Whether standard input may be a template in JSON, which its first character says.
    pub json_on_stdin: bool,
    /// The forms of the artifacts.
    pub emit: Vec<Emit>,
    /// What else the emission is told.
    pub options: emit::Options,
    /// Whether the programs are wanted too.
    pub programs: bool,
    /// Levels that the command line gives; they win over those of `aib.toml`.
    pub levels: Vec<LintLevel>,
    /// How much must be right before something is emitted.
    pub gate: Gate,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Outcome {
    /// All files that were read.
    pub sources: SourceMap,
    /// Where those are that belong to a workspace of the run: the sources and templates of its authors.
    pub paths: HashMap<FileId, PathBuf>,
    /// What was found, by file and place; what several entries share, once.
    pub diagnostics: Vec<Diagnostic>,
    /// The entries that could be read, in order.
    pub entries: Vec<EntryOutcome>,
    /// Files of JSON that hold no image template.
    pub skipped: Vec<Skipped>,
    /// What could not be used at all.
    pub unusable: Vec<Unusable>,
}

/// A file that there is nothing to check in.
#[derive(Clone, Debug)]
pub struct Skipped {
    /// Its name as shown.
    pub path: String,
    /// Why: "it holds no image template".
    pub why: &'static str,
}

impl Outcome {
    /// Whether every input could be read and gave artifacts.
    pub fn is_usable(&self) -> bool {
        self.unusable.is_empty() && self.entries.iter().all(|entry| entry.artifacts.is_some())
    }
}

/// What came of one entry.
#[derive(Clone, Debug)]
pub struct EntryOutcome {
    /// Its name as shown.
    pub path: String,
    /// Its template's name, relative to the folder of the output: where `arm` is emitted, one artifact has it.
    pub template: String,
    /// Its artifacts, with names relative to the folder of the output; none if there are errors that the gate holds.
    pub artifacts: Option<Vec<Artifact>>,
    /// The program, if it is wanted and nothing is wrong with it.
    pub program: Option<Arc<Program>>,
    /// What became of its asserts and policies.
    pub judged: Judged,
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
    let Entries { entries, templates, workspaces, policies, mut unusable, .. } =
        Entries::read(&request.inputs, request.json_on_stdin, &cwd);
    let folders = naming::folders(&entries);
    let mut jobs: Vec<Job> = Vec::new();
    // The entries are loaded first, in order: their numbers are their ids.
    for ((entry, folder), file) in entries.iter().zip(folders).zip(0..) {
        let (shown, stem) = (entry.shown.clone(), entry.stem.clone());
        jobs.push(Job { file: FileId(file), workspace: entry.workspace, shown, stem, folder });
    }
    let mut loaded = Loaded::new(cwd, workspaces);
    loaded.load(entries, &policies, &workers);

    for (_, place) in &policies {
        unusable.extend(loaded.failure_at(place).map(|e| Unusable::from_load(&loaded.name_of(place), e)));
    }

    let command_line = levels::settings(&request.levels);
    let run = Run {
        request,
        loaded: &loaded,
        policies: &policies,
        told: Told { command_line: &command_line, allows: loaded.allows() },
    };
    let checked = workers.map(&jobs, true, |job| run.entry(job));
    let mut sink = Sink::new();
    let mut outcomes = Vec::new();
    sink.extend(run.about_allows(&jobs, &checked));
    for (job, Checked { found, artifacts, program, judged, .. }) in jobs.into_iter().zip(checked) {
        sink.extend(found);
        let template = in_folder(&job.folder, &format!("{}.json", job.stem));
        outcomes.push(EntryOutcome { path: job.shown, template, artifacts, program, judged });
    }
    let mut skipped = Vec::new();
    let mut template_paths = Vec::new();
    for checked in templates::check(&templates, &mut loaded, &workers, request) {
        match checked {
            Ok(templates::Checked { file, path, found, program }) => {
                sink.extend(found);
                template_paths.extend(file);
                outcomes.push(EntryOutcome {
                    path,
                    template: String::new(),
                    artifacts: None,
                    program,
                    judged: Judged::default(),
                });
            }
            Err(file) => skipped.push(file),
        }
    }
    let diagnostics = sink.into_sorted();
    let mut paths = loaded.own_paths();
    paths.extend(template_paths);
    Outcome { sources: loaded.sources, paths, diagnostics, entries: outcomes, skipped, unusable }
}

/// An entry to be checked.
struct Job {
    file: FileId,
    workspace: WorkspaceId,
    shown: String,
    stem: String,
    folder: String,
}

/// What came of checking an entry.
#[derive(Default)]
struct Checked {
    found: Vec<Diagnostic>,
    artifacts: Option<Vec<Artifact>>,
    program: Option<Arc<Program>>,
    judged: Judged,
    /// Which `allow(…)` let something pass.
    used: Used,
    /// Whether the language was right, so that all rules ran.
    ran: bool,
}

/// What every entry of a run has in common.
struct Run<'a> {
    request: &'a Request,
    loaded: &'a Loaded,
    policies: &'a [(WorkspaceId, Place)],
    told: Told<'a>,
}

impl Run<'_> {
    /// Checks one entry and emits it if nothing is wrong.
    fn entry(&self, job: &Job) -> Checked {
        let Some(workspace) = self.loaded.workspaces.get(job.workspace) else { return Default::default() };
        let policies = self.policies_of(job.workspace);
        let mut roots = vec![job.file];
        roots.extend(&policies);

        let mut sink = Sink::new();
        for file in self.loaded.reached(job.workspace, &roots) {
            sink.extend(
                self.loaded.parsed(file).into_iter().flat_map(|parsed| parsed.errors.iter().cloned()),
            );
        }
        let host = Host { loaded: self.loaded, workspace: job.workspace };
        let options = check::Options {
            given: self.request.given.clone(),
            defaults: self.request.defaults,
            api_version: self.request.api_version.clone().or_else(|| workspace.config.api_version.clone()),
            policies,
            permissive: self.request.gate == Gate::Permissive,
        };
        let program = check::check(job.file, &host, &options, &mut sink);
        lint::run(&program, &self.loaded.sources, &mut sink);

        let mut levelled = Sink::new();
        let mut used = Used::default();
        let ran = sink.is_clean(Gate::Permissive);
        if !self.told.allows.is_empty() {
            let places = step_places(&program);
            self.told.allows.iter().for_each(|(file, allows)| allows.meet(*file, &places, &mut used));
        }
        let told = self.told.not_let_pass(sink.into_sorted(), &mut used);
        levelled.extend(told.into_iter().filter_map(|d| self.at_level(Some(workspace), d)));
        let mut artifacts = None;
        if levelled.is_clean(self.request.gate) {
            let Request { emit: forms, options, .. } = self.request;
            let options = emit::Options {
                path: options.path.clone().or_else(|| Some(job.shown.clone())),
                ..options.clone()
            };
            match emit::emit(forms, &program, &self.loaded.sources, &job.stem, &options) {
                Ok(files) => {
                    artifacts = Some(files.into_iter().map(|file| in_job_folder(job, file)).collect())
                }
                Err(errors) => levelled.extend(errors.into_iter().map(not_emittable)),
            }
        }
        let judged = program.judged;
        let program = (self.request.programs && artifacts.is_some()).then(|| Arc::new(program));
        Checked { found: levelled.into_sorted(), artifacts, program, judged, used, ran }
    }

    /// What is wrong with what authors let pass. Only of entries all that can be found was looked for.
    fn about_allows(&self, jobs: &[Job], checked: &[Checked]) -> Vec<Diagnostic> {
        let mut used = Used::default();
        checked.iter().for_each(|checked| used.extend(&checked.used));
        let mut found = Vec::new();
        for file in self.told.allows.keys() {
            let entry = jobs.iter().zip(checked).find(|(job, _)| job.file == *file);
            let ran = entry.is_some_and(|(_, checked)| checked.ran);
            let about = self.told.about_allows(*file, ran.then_some(&used));
            // Imported files are no entries, but lie in the workspace of some.
            let holds = |w: &&Workspace| self.loaded.place(*file).is_some_and(|p| w.relative(p).is_some());
            let workspace = match entry {
                Some((job, _)) => self.loaded.workspaces.get(job.workspace),
                None => self.loaded.workspaces.iter().find(holds),
            };
            found.extend(about.into_iter().filter_map(|d| self.at_level(workspace, d)));
        }
        found
    }

    fn at_level(&self, workspace: Option<&Workspace>, d: Diagnostic) -> Option<Diagnostic> {
        self.told.at_level(workspace, self.loaded.place(d.span().file), d)
    }

    /// The policies of a workspace.
    fn policies_of(&self, workspace: WorkspaceId) -> Vec<FileId> {
        let own = self.policies.iter().filter(|(id, _)| *id == workspace);
        own.filter_map(|(_, place)| self.loaded.file_at(place)).collect()
    }
}

/// Where what steps hold is written, and where the recipes are used that brought it.
fn step_places(program: &Program) -> Vec<Span> {
    let mut found = Vec::new();
    for (_, image) in program.deployed("image") {
        for step in image.customize().iter().chain(image.validations()) {
            step.walk(&mut |node| {
                found.push(node.origin.span);
                let vias = std::iter::successors(node.origin.via.as_deref(), |via| via.outer.as_deref());
                found.extend(vias.map(|via| via.span));
            });
        }
    }
    found
}

fn in_job_folder(job: &Job, artifact: Artifact) -> Artifact {
    Artifact { name: in_folder(&job.folder, &artifact.name), text: artifact.text }
}

fn in_folder(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_string() } else { format!("{folder}/{name}") }
}

/// The finding that a backend's error is.
fn not_emittable(error: EmitError) -> Diagnostic {
    let code = match error.fault {
        Fault::Unknown => &code::DEFERRED,
        Fault::Ring => &code::CYCLIC_DEFINITION,
        Fault::Limit => &code::TOO_LARGE,
    };
    let d = Diagnostic::new(code, error.span, error.title).here(error.label).help(error.help);
    error.causes.into_iter().fold(d, |d, (what, span)| d.also(span, what))
}
