//! The entry files of a run.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::load::WorkspaceId;
use super::pipeline::Input;
use super::read;
use super::shown::Cwd;
use super::unusable::Unusable;
use super::workspace::{Place, Workspace};
use crate::resolve::LoadError;

/// The name of standard input.
pub(super) const STDIN_NAME: &str = "<stdin>";
/// The name of its artifacts.
const STDIN_STEM: &str = "stdin";

/// An entry file that was read.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Where it is.
    pub(super) place: Place,
    /// Its name as shown.
    pub(super) shown: String,
    /// The name of its artifacts.
    pub(super) stem: String,
    /// Its canonical folder.
    pub(super) folder: PathBuf,
    /// Its text.
    pub(super) text: Arc<str>,
    /// Its workspace.
    pub(super) workspace: WorkspaceId,
}

/// A file of JSON that was read.
#[derive(Clone, Debug)]
pub(super) struct TemplateFile {
    /// Where it is.
    pub(super) place: Place,
    /// Its name as shown.
    pub(super) shown: String,
    /// Its text.
    pub(super) text: Arc<str>,
    /// Whether it is text at all; if not, `text` is the nearest to it.
    pub(super) wrong: Option<usize>,
    /// Whether the user named it, rather than a folder that it is in.
    pub(super) named: bool,
    /// Its workspace.
    pub(super) workspace: WorkspaceId,
}

/// The entries of a run and their workspaces; what cannot be used is put aside.
#[derive(Default)]
pub(super) struct Entries {
    pub(super) entries: Vec<Entry>,
    pub(super) templates: Vec<TemplateFile>,
    pub(super) workspaces: Vec<Workspace>,
    pub(super) policies: Vec<(WorkspaceId, Place)>,
    pub(super) unusable: Vec<Unusable>,
    seen: HashSet<Place>,
    /// By root; absent inside if its `aib.toml` cannot be used.
    known: HashMap<PathBuf, Option<WorkspaceId>>,
}

impl Entries {
    /// Reads the entries that the inputs name, each file once, and the `aib.toml` of each workspace.
    ///
    /// With `json_on_stdin`, standard input that begins like JSON is a template.
    pub(super) fn read(inputs: &[Input], json_on_stdin: bool, cwd: &Cwd) -> Self {
        let mut this = Self::default();
        for input in inputs {
            if let Input::Json { path, named } = input {
                this.template(path, *named, cwd);
                continue;
            }
            match found(input, cwd) {
                Ok(entry) if !this.seen.insert(entry.place.clone()) => {}
                Ok(entry) if json_on_stdin && *input == Input::Stdin && looks_like_json(&entry.text) => {
                    if let Some(workspace) = this.workspace(Workspace::root_of(&entry.folder), cwd) {
                        let (shown, text) = (entry.shown, entry.text);
                        this.templates.push(TemplateFile {
                            place: entry.place,
                            shown,
                            text,
                            wrong: None,
                            named: true,
                            workspace,
                        });
                    }
                }
                Ok(mut entry) => {
                    if let Some(workspace) = this.workspace(Workspace::root_of(&entry.folder), cwd) {
                        entry.workspace = workspace;
                        this.entries.push(entry);
                    }
                }
                Err(unusable) => this.unusable.push(unusable),
            }
        }
        this
    }

    /// Reads a file of JSON, once.
    fn template(&mut self, path: &Path, named: bool, cwd: &Cwd) {
        let read = file(path, cwd, read::json_file);
        match read {
            Ok((entry, _)) if !self.seen.insert(entry.place.clone()) => {}
            Ok((entry, text)) => {
                if let Some(workspace) = self.workspace(Workspace::root_of(&entry.folder), cwd) {
                    self.templates.push(TemplateFile {
                        place: entry.place,
                        shown: entry.shown,
                        text: text.text,
                        wrong: text.wrong,
                        named,
                        workspace,
                    });
                }
            }
            Err(unusable) => self.unusable.push(unusable),
        }
    }

    fn workspace(&mut self, root: &Path, cwd: &Cwd) -> Option<WorkspaceId> {
        if let Some(known) = self.known.get(root) {
            return *known;
        }
        let id = self.workspaces.len();
        let read = Workspace::read(root, cwd).and_then(|w| w.policies(cwd).map(|policies| (w, policies)));
        let id = match read {
            Ok((workspace, policies)) => {
                self.workspaces.push(workspace);
                self.policies.extend(policies.into_iter().map(|place| (id, place)));
                Some(id)
            }
            Err(faults) => {
                self.unusable.extend(faults);
                None
            }
        };
        self.known.insert(root.to_path_buf(), id);
        id
    }
}

/// Whether a text begins like JSON, behind comments: no source begins with a bracket.
fn looks_like_json(text: &str) -> bool {
    let mut rest = text.trim_start();
    loop {
        let after = match (rest.strip_prefix("//"), rest.strip_prefix("/*")) {
            (Some(line), _) => line.split_once('\n'),
            (_, Some(block)) => block.split_once("*/"),
            _ => return rest.starts_with(['{', '[']),
        };
        let Some((_, next)) = after else { return false };
        rest = next.trim_start();
    }
}

fn found(input: &Input, cwd: &Cwd) -> Result<Entry, Unusable> {
    match input {
        Input::Stdin => {
            let text =
                read::stream(io::stdin().lock(), 0).map_err(|e| Unusable::from_load(STDIN_NAME, &e))?;
            Ok(Entry {
                place: Place::Stdin,
                shown: STDIN_NAME.to_string(),
                stem: STDIN_STEM.to_string(),
                folder: cwd.path().to_path_buf(),
                text,
                workspace: 0,
            })
        }
        Input::File(path) | Input::Json { path, .. } => {
            let (entry, text) = file(path, cwd, read::any_file)?;
            Ok(Entry { text, ..entry })
        }
    }
}

/// The file that an argument names, without its text, and what `read` makes of it.
fn file<T>(
    argument: &Path,
    cwd: &Cwd,
    read: impl Fn(&Path, &str) -> Result<T, LoadError>,
) -> Result<(Entry, T), Unusable> {
    let written = argument.display().to_string();
    let canonical = match fs::canonicalize(argument) {
        Ok(path) => path,
        // A pipe such as `<(…)` has a name that can be opened, but no path.
        Err(_) if fs::metadata(argument).is_ok() => cwd.path().join(argument),
        Err(error) => return Err(Unusable::from_load(&written, &read::failed(&error, &written))),
    };
    let shown = cwd.shown_argument(argument, &canonical);
    let text = read(&canonical, &shown).map_err(|error| match error {
        LoadError::NotFound(_) => Unusable::from_load(&written, &error),
        _ => Unusable::from_load(&shown, &error),
    })?;
    let stem = argument.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let folder = canonical.parent().unwrap_or(&canonical).to_path_buf();
    let place = Place::Disk(canonical);
    Ok((Entry { place, shown, stem, folder, text: Arc::default(), workspace: 0 }, text))
}
