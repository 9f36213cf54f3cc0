//! Workspaces, and where the paths that sources write lead.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::config::{self, Config};
use super::read;
use super::shown::Cwd;
use super::unusable::Unusable;
use crate::base::SourceFile;
use crate::resolve::{LoadError, STDLIB, std_module};

/// The name of the file that makes a folder a workspace.
const CONFIG_NAME: &str = "aib.toml";

/// Where a source is. The order is the one in which the files of a wave get their ids.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(super) enum Place {
    /// A module of the standard library, by its path.
    Std(&'static str),
    /// A file, by its canonical path.
    Disk(PathBuf),
    /// Standard input.
    Stdin,
}

impl Place {
    /// Its path, if it is a file.
    pub(super) fn path(&self) -> Option<&Path> {
        match self {
            Self::Disk(path) => Some(path),
            Self::Std(_) | Self::Stdin => None,
        }
    }
}

/// The folder that the sources of an entry may come from, and what its `aib.toml` says.
#[derive(Debug)]
pub(super) struct Workspace {
    root: PathBuf,
    config_file: Option<Arc<SourceFile>>,
    pub(super) config: Config,
}

impl Workspace {
    /// The root of the workspace of a file in a canonical folder: the nearest one with `aib.toml`, else the folder.
    pub(super) fn root_of(folder: &Path) -> &Path {
        folder.ancestors().find(|f| f.join(CONFIG_NAME).is_file()).unwrap_or(folder)
    }

    /// The templates that its tests expect.
    pub(super) fn goldens(&self) -> impl Iterator<Item = PathBuf> {
        self.config.tests.iter().filter_map(|case| Some(self.root.join(case.golden.as_ref()?)))
    }

    /// Reads the workspace with this root.
    pub(super) fn read(root: &Path, cwd: &Cwd) -> Result<Self, Vec<Unusable>> {
        let path = root.join(CONFIG_NAME);
        let mut this = Self { root: root.to_path_buf(), config_file: None, config: Config::default() };
        if path.is_file() {
            let name = cwd.shown(&path);
            let text = read::regular_file(&path, &name).map_err(|e| vec![Unusable::from_load(&name, &e)])?;
            let file = Arc::new(SourceFile::new(name, text));
            this.config = config::read(&file)?;
            this.config_file = Some(file);
        }
        Ok(this)
    }

    /// The path of a file relative to the root, if it lies below it.
    pub(super) fn relative<'p>(&self, place: &'p Place) -> Option<&'p Path> {
        place.path()?.strip_prefix(&self.root).ok()
    }

    /// Where the policies that `aib.toml` lists are.
    pub(super) fn policies(&self, cwd: &Cwd) -> Result<Vec<Place>, Vec<Unusable>> {
        let (mut places, mut faults) = (Vec::new(), Vec::new());
        let from = Place::Disk(self.root.join(CONFIG_NAME));
        for (path, range) in &self.config.policies {
            match self.locate(&from, path, cwd) {
                Ok(place) => places.push(place),
                Err(error) => {
                    let fault = Unusable::from_load(path, &error);
                    faults.push(match &self.config_file {
                        Some(file) => fault.at(file, *range, "listed here"),
                        None => fault,
                    });
                }
            }
        }
        if faults.is_empty() { Ok(places) } else { Err(faults) }
    }

    /// Where a path leads that `from` writes: `std/…`, `@root/…`, `./…` or `../…`.
    pub(super) fn locate(&self, from: &Place, path: &str, cwd: &Cwd) -> Result<Place, LoadError> {
        if path.starts_with("std/") {
            let known = || STDLIB.iter().map(|m| m.path.to_string()).collect();
            return std_module(path)
                .map(|m| Place::Std(m.path))
                .ok_or_else(|| LoadError::UnknownStd(path.to_string(), known()));
        }
        if let Some(rest) = path.strip_prefix('@') {
            let (name, rest) = rest.split_once('/').ok_or(LoadError::NotAnImportPath)?;
            let folder = self.root_folder(name, cwd)?;
            return confined(&folder, rest, &folder, cwd).map(Place::Disk);
        }
        if !path.starts_with("./") && !path.starts_with("../") {
            return Err(LoadError::NotAnImportPath);
        }
        let folder = match from {
            Place::Std(_) => return Err(LoadError::NotFound(path.to_string())),
            Place::Stdin => cwd.path(),
            Place::Disk(file) => file.parent().unwrap_or(file),
        };
        confined(folder, path, &self.area_of(folder, cwd), cwd).map(Place::Disk)
    }

    /// The folder of a root that `aib.toml` maps.
    fn root_folder(&self, name: &str, cwd: &Cwd) -> Result<PathBuf, LoadError> {
        let Some((_, folder)) = self.config.roots.iter().find(|(known, _)| known == name) else {
            let known = self.config.roots.iter().map(|(known, _)| known.clone()).collect();
            return Err(LoadError::UnknownRoot(name.to_string(), known));
        };
        let path = self.root.join(folder);
        path.canonicalize().map_err(|e| read::failed(&e, &cwd.shown(&path)))
    }

    /// What relative paths in a folder may reach: the workspace, or the folder of the root that it belongs to.
    fn area_of(&self, folder: &Path, cwd: &Cwd) -> PathBuf {
        if folder.starts_with(&self.root) {
            return self.root.clone();
        }
        let roots = self.config.roots.iter().filter_map(|(name, _)| self.root_folder(name, cwd).ok());
        let holding = roots.filter(|root| folder.starts_with(root));
        // Of roots within each other, the innermost.
        holding.max_by_key(|root| root.components().count()).unwrap_or_else(|| folder.to_path_buf())
    }
}

/// The canonical path of `base`/`path`, which has to lie in `area` both as written and after following links.
fn confined(base: &Path, path: &str, area: &Path, cwd: &Cwd) -> Result<PathBuf, LoadError> {
    let mut target = base.to_path_buf();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                target.pop();
            }
            name if is_file_name(name) => target.push(name),
            _ => return Err(LoadError::NotAnImportPath),
        }
    }
    if !target.starts_with(area) {
        return Err(LoadError::OutsideWorkspace(cwd.shown(&target)));
    }
    let real = fs::canonicalize(&target).map_err(|e| match e.kind() {
        std::io::ErrorKind::InvalidInput => LoadError::NotAnImportPath,
        _ => read::failed(&e, &cwd.shown(&target)),
    })?;
    if real.starts_with(area) { Ok(real) } else { Err(LoadError::OutsideWorkspace(cwd.shown(&real))) }
}

/// Whether a part of a path is one name on this system: no drive, no other separator.
fn is_file_name(part: &str) -> bool {
    let mut components = Path::new(part).components();
    matches!((components.next(), components.next()), (Some(std::path::Component::Normal(_)), None))
}

impl Unusable {
    /// A file that the user named and that cannot be read.
    pub(super) fn from_load(name: &str, error: &LoadError) -> Self {
        match error {
            LoadError::NotFound(_) => Self::new(format!("there is no file `{name}`"))
                .help("paths on the command line are relative to the current directory"),
            LoadError::IsFolder => Self::new(format!("`{name}` is a folder")).help("name a file in it"),
            LoadError::NotUtf8(at) => {
                Self::new(format!("`{name}` is not UTF-8 text (byte {at})")).help("save it as UTF-8")
            }
            LoadError::TooLarge(size, limit) => {
                Self::new(format!("`{name}` has {size} bytes or more, the limit is {limit}"))
                    .help("split it into several files")
            }
            LoadError::OutsideWorkspace(place) => {
                Self::new(format!("`{name}` leads out of the workspace, to `{place}`"))
                    .help("name a file in the workspace, or map a root to its folder and write `@root/…`")
            }
            LoadError::UnknownRoot(root, known) => {
                let fault = Self::new(format!("`{name}` begins with a root `@{root}` that is not mapped"));
                fault.help(match known.as_slice() {
                    [] => format!("add it: `[roots]` `{root} = \"folder\"`"),
                    known => format!("roots that are mapped: {}", crate::base::list_words(known, "and", 8)),
                })
            }
            LoadError::UnknownStd(..) | LoadError::NotAnImportPath => {
                Self::new(format!("`{name}` is no path of a policy"))
                    .help("write `./policies.aib`, relative to `aib.toml`, or `@root/policies.aib`")
            }
            LoadError::Io(why) => Self::new(format!("can't read `{name}`: {why}")),
        }
    }
}
