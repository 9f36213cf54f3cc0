//! Writing files: all or none, each atomically, and only those whose bytes change.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::failure::{self, Failure};

/// A file to be written.
pub(super) struct Target<'a> {
    /// Where.
    pub(super) path: PathBuf,
    /// Its path as shown.
    pub(super) shown: String,
    /// What.
    pub(super) text: &'a str,
}

impl Target<'_> {
    /// Whether there is something else in its place.
    pub(super) fn replaces(&self) -> bool {
        match fs::read(&self.path) {
            Ok(bytes) => bytes != self.text.as_bytes(),
            Err(error) => error.kind() != io::ErrorKind::NotFound,
        }
    }
}

/// A file that is ready to take its place.
struct Staged<'t> {
    target: &'t Target<'t>,
    file: NamedTempFile,
    /// The bytes that it replaces.
    before: Option<Vec<u8>>,
}

/// Writes the files and says of each whether its bytes changed. On a failure everything is as it was.
pub(super) fn write_all(targets: &[Target<'_>]) -> Result<Vec<bool>, Failure> {
    let mut made = Vec::new();
    let done = stage_all(targets, &mut made).and_then(|staged| {
        let changed = targets.iter().map(|t| staged.iter().any(|s| std::ptr::eq(s.target, t))).collect();
        persist_all(staged).map(|()| changed)
    });
    if done.is_err() {
        // Innermost first; one that something else was put into meanwhile stays.
        made.iter().rev().for_each(|folder| drop(fs::remove_dir(folder)));
    }
    done
}

fn stage_all<'t>(targets: &'t [Target<'t>], made: &mut Vec<PathBuf>) -> Result<Vec<Staged<'t>>, Failure> {
    let mut staged = Vec::new();
    for target in targets {
        let fail = |error: &io::Error| failure::unwritable(&target.shown, error);
        let before = match fs::read(&target.path) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(fail(&error)),
        };
        if before.as_deref() == Some(target.text.as_bytes()) {
            continue;
        }
        let file = stage(target, made).map_err(|error| fail(&error))?;
        staged.push(Staged { target, file, before });
    }
    Ok(staged)
}

/// Writes the text beside its place, so that taking it is one step.
fn stage(target: &Target<'_>, made: &mut Vec<PathBuf>) -> io::Result<NamedTempFile> {
    let folder = match target.path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    make_folder(folder, made)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".aib-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(target.text.as_bytes())?;
    if let Ok(metadata) = fs::metadata(&target.path) {
        fs::set_permissions(file.path(), metadata.permissions())?;
    }
    Ok(file)
}

fn make_folder(folder: &Path, made: &mut Vec<PathBuf>) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(outer) = folder.parent().filter(|outer| !outer.as_os_str().is_empty()) {
        make_folder(outer, made)?;
    }
    match fs::create_dir(folder) {
        Ok(()) => made.push(folder.to_path_buf()),
        Err(_) if folder.is_dir() => {}
        Err(error) => return Err(error),
    }
    Ok(())
}

fn persist_all(staged: Vec<Staged<'_>>) -> Result<(), Failure> {
    let mut done: Vec<(&Target<'_>, Option<Vec<u8>>)> = Vec::new();
    for Staged { target, file, before } in staged {
        if let Err(error) = file.persist(&target.path) {
            for (written, before) in done {
                put_back(&written.path, before).map_err(|e| failure::half_restored(&written.shown, &e))?;
            }
            return Err(failure::unwritable(&target.shown, &error.error));
        }
        done.push((target, before));
    }
    Ok(())
}

fn put_back(path: &Path, before: Option<Vec<u8>>) -> io::Result<()> {
    match before {
        Some(bytes) => fs::write(path, bytes),
        None => fs::remove_file(path),
    }
}
