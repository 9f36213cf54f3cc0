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
    /// Where in the template stands what a raw body holds; nothing for the template itself.
    within: String,
}

/// What the files of raw bodies end in.
pub(super) const IMAGE_FILE: &str = ".image.json";

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
            Some(SCHEMA) if json.get("mappings").is_some_and(Value::is_object) => {
                Ok(Self { json, within: String::new() })
            }
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

    /// Reads pointers as those of the raw body of an image: by its file `NAME.IMAGE.image.json`, else by its name, else
    /// if it is the only one.
    ///
    /// # Errors
    /// The images that it may be of, if that is not clear.
    pub(super) fn of_image(&mut self, file: &str, name: Option<&str>) -> Result<(), Vec<String>> {
        let mappings = self.json.get("mappings").and_then(Value::as_object);
        let images: Vec<(&String, &str)> = mappings
            .into_iter()
            .flatten()
            .filter(|(pointer, _)| pointer.matches('/').count() == 2)
            .filter_map(|(pointer, entry)| {
                Some((pointer, entry.get("declaration")?.as_str()?.strip_prefix("image ")?))
            })
            .collect();
        let part = file.strip_suffix(IMAGE_FILE).and_then(|stem| stem.rsplit('.').next());
        let by = |wanted: Option<&str>| {
            let wanted = wanted?;
            images.iter().find(|(_, declared)| declared.eq_ignore_ascii_case(wanted))
        };
        let only = if let [only] = images.as_slice() { Some(only) } else { None };
        match by(part).or_else(|| by(name)).or(only) {
            Some((pointer, _)) => {
                self.within = (*pointer).clone();
                Ok(())
            }
            None => Err(images.iter().map(|(_, declared)| format!("`{declared}`")).collect()),
        }
    }

    /// Whether pointers are those of a raw body.
    pub(super) fn is_of_image(&self) -> bool {
        !self.within.is_empty()
    }

    /// What a pointer leads to, or the nearest thing around it, with the pointer to that.
    pub(super) fn nearest<'p>(&self, pointer: &'p str) -> Option<(&'p str, Entry)> {
        let mappings = self.json.get("mappings")?;
        let mut at = pointer;
        loop {
            if let Some(entry) = mappings.get(format!("{}{at}", self.within)).and_then(entry) {
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
