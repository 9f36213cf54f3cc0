//! Templates in JSON, checked as they are.

use std::sync::Arc;

use super::entry::TemplateFile;
use super::load::Loaded;
use super::pipeline::{Request, Skipped};
use super::workers::Workers;
use crate::base::{FileId, SourceFile, SourceMap};
use crate::diag::{Diagnostic, Sink};
use crate::{arm_json, json, lint};

/// From so many bytes files are checked on several threads: below, starting them costs more.
const PARALLEL_BYTES: usize = 64 << 10;

/// A file that holds image templates, or should.
pub(super) struct Checked {
    /// Its name as shown.
    pub(super) path: String,
    /// What was found.
    pub(super) found: Vec<Diagnostic>,
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
    let bytes: usize = files.iter().map(|f| f.text.len()).sum();
    let loaded = &*loaded;
    workers.map(&jobs, bytes >= PARALLEL_BYTES, |(id, file)| {
        let config = loaded.workspaces.get(file.workspace).map(|w| &w.config);
        let stated = config.and_then(|c| c.api_version.clone());
        let options = arm_json::Options {
            given: request.given.clone(),
            api_version: request.api_version.clone().or(stated),
            strict: file.named,
        };
        let found = findings(*id, file, &options, &loaded.sources)
            .map_err(|why| Skipped { path: file.shown.clone(), why })?;
        let levels = config.map(|c| &c.levels);
        let levelled = |d: Diagnostic| levels.map_or(Some(d.clone()), |levels| levels.apply(d));
        Ok(Checked { path: file.shown.clone(), found: found.into_iter().filter_map(levelled).collect() })
    })
}

/// What is wrong with a file; or why there is nothing in it to look at.
fn findings(
    id: FileId,
    file: &TemplateFile,
    options: &arm_json::Options,
    sources: &SourceMap,
) -> Result<Vec<Diagnostic>, &'static str> {
    let ours = || file.named || arm_json::mentions_images(&file.text);
    let broken = |found: Vec<Diagnostic>| match ours() {
        true => Ok(found),
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
    Ok(sink.into_sorted())
}
