//! Parameter files: the values that a deployment would be given, known beforehand.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::read;
use super::shown::Cwd;
use super::unusable::Unusable;
use crate::arm::Value;
use crate::base::{SourceFile, TextRange, nearest};
use crate::check::{Given, GivenValue};

/// The members of a parameter file of Azure, besides its parameters.
const ENVELOPE: &[&str] = &["$schema", "contentVersion", "metadata", "parameters"];

/// Reads a parameter file: `{"parameters": {"x": {"value": 1}}}` as Azure takes it, or plain `{"x": 1}`.
///
/// # Errors
/// [`Unusable`], one for each thing that is wrong.
pub fn parameter_file(path: &Path) -> Result<Vec<Given>, Vec<Unusable>> {
    let cwd = Cwd::get().map_err(|e| vec![e])?;
    let name = path
        .canonicalize()
        .map_or_else(|_| path.display().to_string(), |real| cwd.shown_argument(path, &real));
    let text = read::any_file(path, &name).map_err(|e| vec![Unusable::from_load(&name, &e)])?;
    let json = serde_json::from_str::<Json>(&text).map_err(|e| vec![no_json(&name, &text, &e)])?;
    let Json::Object(members) = json else {
        let help = "write `{\"parameters\": {\"name\": {\"value\": …}}}` or `{\"name\": …}`";
        return Err(vec![Unusable::new(format!("`{name}` is no object of parameters")).help(help)]);
    };
    let found = match members.get("parameters") {
        Some(Json::Object(parameters)) => of_azure(&name, &members, parameters),
        _ => members.iter().map(|(key, value)| given(&name, key, value)).collect(),
    };
    let (mut good, mut faults) = (Vec::new(), Vec::new());
    for one in found {
        match one {
            Ok(given) => good.push(given),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(good) } else { Err(faults) }
}

fn of_azure(
    file: &str,
    envelope: &Map<String, Json>,
    parameters: &Map<String, Json>,
) -> Vec<Result<Given, Unusable>> {
    let unknown = envelope.keys().filter(|key| !ENVELOPE.contains(&key.as_str())).map(|key| {
        let fault = Unusable::new(format!("`{file}` has an unknown member `{key}` beside `parameters`"));
        Err(match nearest(key, ENVELOPE.iter().copied()) {
            Some(near) => fault.help(format!("did you mean `{near}`?")),
            None => fault.help("parameters stand inside of `parameters`"),
        })
    });
    let values = parameters.iter().map(|(name, entry)| {
        if let Some(value) = entry.get("value") {
            return given(file, name, value);
        }
        if entry.get("reference").is_some() {
            return Ok(Given { name: name.clone(), value: GivenValue::Later, from: file.to_string() });
        }
        let help = format!("write `\"{name}\": {{ \"value\": … }}`");
        Err(Unusable::new(format!("`{name}` in `{file}` has no `value`")).help(help))
    });
    unknown.chain(values).collect()
}

fn given(file: &str, name: &str, json: &Json) -> Result<Given, Unusable> {
    let number = |number: &str| {
        Unusable::new(format!("`{name}` in `{file}` holds the number {number}, which a template can't carry"))
            .help("whole numbers have at most 64 bits")
    };
    let value = value(json).map_err(|n| number(&n))?;
    Ok(Given { name: name.to_string(), value: GivenValue::Value(value), from: file.to_string() })
}

/// The value, or the number in it that is too large. The reader has bounded the nesting.
fn value(json: &Json) -> Result<Value, String> {
    Ok(match json {
        Json::Null => Value::Null,
        Json::Bool(b) => Value::Bool(*b),
        Json::Number(n) => match (n.as_i64(), n.as_f64()) {
            (Some(int), _) => Value::Int(int),
            (None, Some(float)) if !n.is_u64() && float.is_finite() => Value::Float(float),
            _ => return Err(n.to_string()),
        },
        Json::String(text) => Value::Str(text.as_str().into()),
        Json::Array(items) => Value::Array(items.iter().map(value).collect::<Result<_, _>>()?),
        Json::Object(members) => {
            let members = members.iter().map(|(key, json)| Ok((Arc::from(key.as_str()), value(json)?)));
            Value::Object(members.collect::<Result<_, String>>()?)
        }
    })
}

fn no_json(name: &str, text: &Arc<str>, error: &serde_json::Error) -> Unusable {
    let words = error.to_string();
    let what = words.split(" at line ").next().unwrap_or(&words).to_string();
    let file = Arc::new(SourceFile::new(name, Arc::clone(text)));
    let line = file.line_bytes(error.line().saturating_sub(1)).unwrap_or(0..0);
    // The column counts bytes and names the last one that was read.
    let at = (line.start + error.column().saturating_sub(1)).min(text.trim_end().len());
    let at = (0..=at).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0);
    Unusable::new(format!("`{name}` is no valid JSON")).at(&file, TextRange::at(at), what)
}
