//! Templates in JSON, checked as they are.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use super::entry::TemplateFile;
use super::levels;
use super::load::Loaded;
use super::pipeline::{Request, Skipped};
use super::told::Told;
use super::workers::Workers;
use super::workspace::Workspace;
use crate::allow::{Allows, Used};
use crate::base::{FileId, SourceFile, SourceMap};
use crate::check::Program;
use crate::diag::{Diagnostic, Gate, Sink};
use crate::{arm_json, json, lint};

/// From so many bytes files are checked on several threads: below, starting them costs more.
const PARALLEL_BYTES: usize = 64 << 10;

/// Why a template that a test expects is not looked at for itself.
const WHY_NO_GOLDEN: &str = "a test expects it, and its mistakes are those of its source";

/// A file that holds image templates, or should.
pub(super) struct Checked {
    /// Which file it is, and where.
    pub(super) file: Option<(FileId, PathBuf)>,
    /// Its name as shown.
    pub(super) path: String,
    /// What was found.
    pub(super) found: Vec<Diagnostic>,
    /// The program, if it is wanted and nothing is wrong with it.
    pub(super) program: Option<Arc<Program>>,
}

/// Checks files of JSON; those that hold no image template are handed back with the reason.
pub(super) fn check(
    files: &[TemplateFile],
    loaded: &mut Loaded,
    workers: &Workers,
    request: &Request,
) -> Vec<Result<Checked, Skipped>> {
    let add = |file: &TemplateFile| {
        loaded.sources.add(Arc::new(SourceFile::new(file.shown.clone(), Arc::clone(&file.text))))
    };
    let ids: Vec<FileId> = files.iter().map(add).collect();
    let jobs: Vec<(FileId, &TemplateFile)> = ids.into_iter().zip(files).collect();
    let command_line = levels::settings(&request.levels);
    let bytes: usize = files.iter().map(|f| f.text.len()).sum();
    let loaded = &*loaded;
    let goldens: HashSet<PathBuf> = loaded.workspaces.iter().flat_map(Workspace::goldens).collect();
    workers.map(&jobs, bytes >= PARALLEL_BYTES, |(id, file)| {
        if !file.named && file.place.path().is_some_and(|path| goldens.contains(path)) {
            return Err(Skipped { path: file.shown.clone(), why: WHY_NO_GOLDEN });
        }
        let workspace = loaded.workspaces.get(file.workspace);
        let stated = workspace.and_then(|w| w.config.api_version.clone());
        let options = arm_json::Options {
            given: request.given.clone(),
            api_version: request.api_version.clone().or(stated),
            strict: file.named,
        };
        let mut told = Told { command_line: &command_line, allows: HashMap::new() };
        let (found, program) = findings(*id, file, &options, &loaded.sources, &mut told)
            .map_err(|why| Skipped { path: file.shown.clone(), why })?;
        let at = file.place.path().map(|path| (*id, path.to_path_buf()));
        let mut sink = Sink::new();
        sink.extend(found.into_iter().filter_map(|d| told.at_level(workspace, Some(&file.place), d)));
        let program = program.filter(|_| request.programs && sink.is_clean(request.gate)).map(Arc::new);
        Ok(Checked { file: at, path: file.shown.clone(), found: sink.into_sorted(), program })
    })
}

/// What is wrong with a file, but for what its author lets pass, and the program that it is; or why there is nothing in it to
/// look at.
fn findings(
    id: FileId,
    file: &TemplateFile,
    options: &arm_json::Options,
    sources: &SourceMap,
    told: &mut Told<'_>,
) -> Result<(Vec<Diagnostic>, Option<Program>), &'static str> {
    let ours = || file.named || arm_json::mentions_images(&file.text);
    let broken = |found: Vec<Diagnostic>| match ours() {
        true => Ok((found, None)),
        false => Err("it is no JSON, and names no image template"),
    };
    if let Some(at) = file.wrong {
        return broken(vec![json::not_utf8(id, at)]);
    }
    let document = match json::read(id, &file.text) {
        Ok(document) => document,
        Err(found) => return broken(found),
    };
    if !arm_json::holds_images(&document) {
        return Err("it holds no image template");
    }
    let mut sink = Sink::new();
    let program = arm_json::read(id, &file.text, &document, options, &mut sink);
    lint::run(&program, sources, &mut sink);
    let ran = sink.is_clean(Gate::Permissive);
    told.allows.extend(Allows::of_json(id, &file.text, &document).map(|allows| (id, allows)));
    let mut used = Used::default();
    let mut found = told.not_let_pass(sink.into_sorted(), &mut used);
    found.extend(told.about_allows(id, ran.then_some(&used)));
    Ok((found, Some(program)))
}
