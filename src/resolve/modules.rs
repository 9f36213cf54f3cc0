//! The window to the outside: how files get in.

use std::sync::Arc;

use crate::base::FileId;
use crate::syntax::Parsed;

/// Gives the parsed files of one run. The command line, tests and editors bring their own.
pub trait Modules: Sync {
    /// A file that was loaded.
    fn parsed(&self, file: FileId) -> Option<&Parsed>;

    /// The file that an import in `from` points to; `path` is as written.
    ///
    /// # Errors
    /// [`LoadError`] says why there is none.
    fn import(&self, from: FileId, path: &str) -> Result<FileId, LoadError>;

    /// The text of any file of the workspace, for `file("./x.sh")`; `path` is relative to `from`.
    ///
    /// # Errors
    /// [`LoadError`] says why there is none.
    fn text(&self, from: FileId, path: &str) -> Result<Arc<str>, LoadError>;
}

/// Why a file could not be had.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LoadError {
    /// There is no such file; the name that was looked for, as shown to people.
    NotFound(String),
    /// The path leaves the workspace root, possibly through a symbolic link.
    OutsideWorkspace(String),
    /// `@name/…` with a name that `aib.toml` does not map; the names it does map.
    UnknownRoot(String, Vec<String>),
    /// `std/…` with a module that does not exist; the ones that do.
    UnknownStd(String, Vec<String>),
    /// The path has none of the forms that an import may have.
    NotAnImportPath,
    /// The file is not UTF-8; the offset of the first bad byte.
    NotUtf8(usize),
    /// The file is larger than the limit; its size and the limit in bytes.
    TooLarge(u64, u64),
    /// The path is a folder.
    IsFolder,
    /// Reading failed; the system's words.
    Io(String),
}
