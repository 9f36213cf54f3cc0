//! The diagnostics of this room, one function each.

use super::graph::Link;
use super::modules::LoadError;
use crate::base::{Span, list_words, nearest};
use crate::diag::{Diagnostic, code};

pub(crate) fn duplicate_name(name: &str, span: Span, first: Span, noun: &str) -> Diagnostic {
    Diagnostic::new(&code::DUPLICATE_NAME, span, format!("`{name}` is declared twice in this file"))
        .here("declared again here")
        .also(first, format!("first declared here, as a {noun}"))
        .help("give one of them another name: a name means one thing in a file")
}

pub(crate) fn shadowed(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(&code::DUPLICATE_NAME, span, format!("`{name}` hides another `{name}` of this file"))
        .here("declared here for a part of the file")
        .also(first, "declared here already")
        .help("give one of them another name: a name means one thing in a file")
}

pub(crate) fn private_name(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::PRIVATE_NAME, span, format!("`{name}` is private to its file"))
        .note("names that begin with `_` can't be used from other files")
        .help("import another name, or take the `_` away where it is declared")
}

pub(crate) fn import_needs_alias(path: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::IMPORT_FAILED, span, format!("`{path}` gives no name to import it under"))
        .help(format!("name it: `import \"{path}\" as name`"))
}

/// A ring of imports, the one that closes it first.
pub(super) fn import_ring(ring: &[Link<'_>]) -> Diagnostic {
    let (path, span) = ring.first().map(|link| (link.path, link.span)).unwrap_or_default();
    let mut d =
        Diagnostic::new(&code::IMPORT_RING, span, format!("importing `{path}` closes a ring of imports"))
            .here("this import leads back to a file that is still being imported");
    for link in ring.iter().skip(1) {
        d = d.also(link.span, "through this import");
    }
    d.help("move what both files need into a third file that both import")
}

pub(crate) fn import_failed(path: &str, span: Span, error: &LoadError) -> Diagnostic {
    load_failed(&format!("can't import `{path}`"), span, path, error)
}

/// What a failure to load means to the author; `what` is the first half of the title.
pub(crate) fn load_failed(what: &str, span: Span, path: &str, error: &LoadError) -> Diagnostic {
    let code = match error {
        LoadError::OutsideWorkspace(_) => &code::OUTSIDE_WORKSPACE,
        _ => &code::IMPORT_FAILED,
    };
    let new = |why: String| Diagnostic::new(code, span, format!("{what}: {why}"));
    match error {
        LoadError::NotFound(name) => {
            new(format!("there is no file `{name}`")).help("paths are relative to the file that names them")
        }
        LoadError::OutsideWorkspace(name) => new(format!("`{name}` lies outside the workspace"))
            .note("the workspace is the folder with `aib.toml`, else the folder of the file that is built; symbolic links out of it are not followed")
            .help("move the file into the workspace, put an `aib.toml` into a common folder, or map a root: `[roots]` `name = \"path\"` and `import @name/…`"),
        LoadError::UnknownRoot(name, known) => {
            let d = new(format!("`aib.toml` maps no root `@{name}`"));
            match nearest(name, known.iter().map(String::as_str)) {
                Some(near) => d.help(format!("did you mean `@{near}`?")),
                None if known.is_empty() => d.help(format!("add it to `aib.toml`: `[roots]` `{name} = \"path\"`")),
                None => d.help(format!("roots that it maps: {}", list_words(known, "and", 8))),
            }
        }
        LoadError::UnknownStd(name, known) => {
            let d = new(format!("the standard library has no module `{name}`"));
            match nearest(name, known.iter().map(String::as_str)) {
                Some(near) => d.help(format!("did you mean `{near}`?")),
                None => d.help(format!("its modules: {}", list_words(known, "and", 20))),
            }
        }
        LoadError::NotAnImportPath => new("that is no import path".into())
            .help(format!("write `std/NAME`, `@root/NAME`, or a path in quotes that begins with `./` or `../`: `\"./{path}\"`")),
        LoadError::NotUtf8(at) => new(format!("it is not UTF-8 text (byte {at})")).help("save it as UTF-8"),
        LoadError::TooLarge(size, limit) => {
            new(format!("it has {size} bytes, the limit is {limit}")).help("split it into several files")
        }
        LoadError::IsFolder => new("it is a folder".into()).help("name a file in it"),
        LoadError::Io(words) => new(words.clone()),
    }
}
