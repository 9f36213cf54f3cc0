//! Reading a map of `aib build --emit map`.

use serde_json::Value;

use super::{Place, Used};
use crate::analysis::unusable::Unusable;
use crate::base::LineColumn;

/// The shape that is read.
const SCHEMA: &str = "aib-map/1";

/// A map that was read.
pub(super) struct Map {
    json: Value,
}

/// Where something is written, through which uses it came, and what it belongs to.
pub(super) struct Entry {
    pub(super) place: Place,
    pub(super) declaration: String,
    pub(super) via: Vec<Used>,
}

impl Map {
    /// Reads a map; `name` is its file's as shown.
    pub(super) fn read(name: &str, text: &str) -> Result<Self, Unusable> {
        let json: Value = serde_json::from_str(text)
            .map_err(|error| Unusable::new(format!("`{name}` is no valid JSON: {error}")))?;
        match json.get("schema").and_then(Value::as_str) {
            Some(SCHEMA) if json.get("mappings").is_some_and(Value::is_object) => Ok(Self { json }),
            _ => Err(Unusable::new(format!("`{name}` is no map of this version of aib"))
                .help("`aib build FILE --emit arm,map` writes one beside the template")),
        }
    }

    /// The hash of the template that it was made for.
    pub(super) fn template_hash(&self) -> Option<&str> {
        self.json.get("sha256").and_then(Value::as_str)
    }

    /// The hash that a source had.
    pub(super) fn source_hash(&self, file: &str) -> Option<&str> {
        let files = self.json.get("files")?.as_array()?;
        let entry = files.iter().find(|entry| entry.get("file").and_then(Value::as_str) == Some(file))?;
        entry.get("sha256")?.as_str()
    }

    /// What a pointer leads to, or the nearest thing around it, with the pointer to that.
    pub(super) fn nearest<'p>(&self, pointer: &'p str) -> Option<(&'p str, Entry)> {
        let mappings = self.json.get("mappings")?;
        let mut at = pointer;
        loop {
            if let Some(entry) = mappings.get(at).and_then(entry) {
                return Some((at, entry));
            }
            (at, _) = at.rsplit_once('/')?;
        }
    }
}

fn entry(json: &Value) -> Option<Entry> {
    let via = json.get("via").and_then(Value::as_array).into_iter().flatten().filter_map(|via| {
        Some(Used { what: text(via, "what")?, file: text(via, "file")?, at: position(via)? })
    });
    let range = json.get("range")?;
    let place = Place {
        file: text(json, "file")?,
        start: position(range.get("start")?)?,
        end: position(range.get("end")?)?,
        bytes: (byte(range.get("start")?)?, byte(range.get("end")?)?),
    };
    Some(Entry { place, declaration: text(json, "declaration")?, via: via.collect() })
}

fn text(json: &Value, key: &str) -> Option<String> {
    json.get(key)?.as_str().map(str::to_owned)
}

fn byte(json: &Value) -> Option<usize> {
    number(json, "byte")
}

fn position(json: &Value) -> Option<LineColumn> {
    Some(LineColumn { line: number(json, "line")?, column: number(json, "column")? })
}

fn number(json: &Value, key: &str) -> Option<usize> {
    usize::try_from(json.get(key)?.as_u64()?).ok()
}
