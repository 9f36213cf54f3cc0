//! Reading text files, within limits.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::Path;
use std::sync::Arc;

use super::shown::words;
use crate::base::BYTE_ORDER_MARK;
use crate::json;
use crate::resolve::LoadError;
use crate::syntax::MAX_BYTES;

/// The limit as the system counts.
const LIMIT: u64 = MAX_BYTES as u64;

/// The text of a regular file; `shown` is its name in messages.
pub(super) fn regular_file(path: &Path, shown: &str) -> Result<Arc<str>, LoadError> {
    Ok(without_mark(regular_file_as_it_is(path, shown)?))
}

/// The same, with the byte order mark that it may begin with.
pub(super) fn regular_file_as_it_is(path: &Path, shown: &str) -> Result<Arc<str>, LoadError> {
    let metadata = fs::metadata(path).map_err(|e| failed(&e, shown))?;
    if !metadata.is_dir() && !metadata.is_file() {
        // Reading a pipe or a device could wait for ever.
        return Err(LoadError::Io("it is no regular file".into()));
    }
    file_as_it_is(path, shown, LIMIT)
}

/// The text of whatever the user named: a file, or a pipe such as `<(…)`.
pub(super) fn any_file(path: &Path, shown: &str) -> Result<Arc<str>, LoadError> {
    any_file_up_to(path, shown, LIMIT)
}

/// The text of whatever the user named, with a limit of its own.
pub(super) fn any_file_up_to(path: &Path, shown: &str, limit: u64) -> Result<Arc<str>, LoadError> {
    Ok(without_mark(file_as_it_is(path, shown, limit)?))
}

fn file_as_it_is(path: &Path, shown: &str, limit: u64) -> Result<Arc<str>, LoadError> {
    let metadata = fs::metadata(path).map_err(|e| failed(&e, shown))?;
    if metadata.is_dir() {
        return Err(LoadError::IsFolder);
    }
    if metadata.len() > limit {
        return Err(LoadError::TooLarge(metadata.len(), limit));
    }
    let file = File::open(path).map_err(|e| failed(&e, shown))?;
    stream_up_to(file, usize::try_from(metadata.len()).unwrap_or(0), limit)
}

/// A file of JSON.
pub(super) struct JsonText {
    /// Its text; the nearest to it where it is none.
    pub(super) text: Arc<str>,
    /// Where it is no UTF-8, in bytes of the text; nothing if all of it is.
    pub(super) wrong: Option<usize>,
}

/// The text of a file of JSON; larger than sources may be, since templates carry what tools write into them.
pub(super) fn json_file(path: &Path, shown: &str) -> Result<JsonText, LoadError> {
    let metadata = fs::metadata(path).map_err(|e| failed(&e, shown))?;
    if metadata.is_dir() {
        return Err(LoadError::IsFolder);
    }
    json_stream(File::open(path).map_err(|e| failed(&e, shown))?)
}

/// The text of a stream of JSON.
pub(super) fn json_stream(from: impl Read) -> Result<JsonText, LoadError> {
    let limit = json::MAX_BYTES as u64;
    let mut bytes = Vec::new();
    from.take(limit + 1).read_to_end(&mut bytes).map_err(|e| LoadError::Io(words(&e)))?;
    let size = bytes.len() as u64;
    if size > limit {
        return Err(LoadError::TooLarge(size, limit));
    }
    Ok(match String::from_utf8(bytes) {
        Ok(text) => {
            JsonText { text: text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&text).into(), wrong: None }
        }
        Err(error) => {
            let wrong = Some(error.utf8_error().valid_up_to());
            JsonText { text: String::from_utf8_lossy(error.as_bytes()).into(), wrong }
        }
    })
}

/// The text of a stream, such as standard input.
pub(super) fn stream(from: impl Read, expected: usize) -> Result<Arc<str>, LoadError> {
    Ok(without_mark(stream_as_it_is(from, expected)?))
}

/// The same, with the byte order mark that it may begin with.
pub(super) fn stream_as_it_is(from: impl Read, expected: usize) -> Result<Arc<str>, LoadError> {
    stream_up_to(from, expected, LIMIT)
}

fn stream_up_to(from: impl Read, expected: usize, limit: u64) -> Result<Arc<str>, LoadError> {
    let mut bytes = Vec::with_capacity(expected + 1);
    from.take(limit + 1).read_to_end(&mut bytes).map_err(|e| LoadError::Io(words(&e)))?;
    let size = bytes.len() as u64;
    if size > limit {
        return Err(LoadError::TooLarge(size, limit));
    }
    let text = String::from_utf8(bytes).map_err(|e| LoadError::NotUtf8(e.utf8_error().valid_up_to()))?;
    Ok(text.into())
}

/// The mark is no part of the text: columns and scripts begin after it.
fn without_mark(text: Arc<str>) -> Arc<str> {
    match text.strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) => rest.into(),
        None => text,
    }
}

/// What a failure of the system means.
pub(super) fn failed(error: &io::Error, shown: &str) -> LoadError {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => LoadError::NotFound(shown.to_string()),
        ErrorKind::IsADirectory => LoadError::IsFolder,
        _ => LoadError::Io(words(error)),
    }
}
