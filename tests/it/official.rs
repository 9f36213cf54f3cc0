//! Microsoft's own templates, written in aib: what is built of each is kept, and deploys what the original deploys.
//!
//! `tests/official/README.md` says what the lines at the head of a case mean and what is compared how.

use std::fs;
use std::path::Path;
use std::process::Command;

use aib::emit::Emit;
use serde_json::Value;

use super::project::{Built, armcmp, assert_snapshots, build, names, path, shared};

const IMAGE_TYPE: &str = "Microsoft.VirtualMachineImages/imageTemplates";

/// The head of a case.
struct Case {
    name: String,
    official: String,
    extract: String,
    compare: Compare,
}

#[derive(Clone, Copy, PartialEq)]
enum Compare {
    Image,
    Template,
    Trigger,
}

fn cases() -> Vec<Case> {
    names("tests/official", ".aib").into_iter().map(Case::read).collect()
}

impl Case {
    fn read(name: String) -> Self {
        let text = fs::read_to_string(path(&format!("tests/official/{name}.aib"))).unwrap();
        let head = |key: &str| {
            let start = format!("// {key}: ");
            text.lines().find_map(|line| line.strip_prefix(&start)).map(str::to_owned)
        };
        let compare = match head("compare").as_deref() {
            None | Some("image") => Compare::Image,
            Some("template") => Compare::Template,
            Some("trigger") => Compare::Trigger,
            Some(other) => panic!("{name}: there is no comparison `{other}`"),
        };
        let official = head("official").unwrap_or_else(|| panic!("{name}: no line `// official:`"));
        Self { official, extract: head("extract").unwrap_or_default(), compare, name }
    }

    fn build(&self) -> Built {
        let emit = if self.compare == Compare::Image { Emit::Image } else { Emit::Arm };
        build(&format!("tests/official/{}.aib", self.name), emit, None)
    }

    /// What is built of it, and what the original says, both as they are compared.
    fn sides(&self, shared: &Path) -> (Value, Value) {
        let built: Value = serde_json::from_str(self.build().template()).unwrap();
        let document = read_loose(shared, &shared.join("reference").join(&self.official));
        let mut original =
            document.pointer(&self.extract).unwrap_or_else(|| self.fail("no such extract")).clone();
        if self.compare == Compare::Image {
            let members = original.as_object_mut().unwrap_or_else(|| self.fail("the extract is no object"));
            let version = document.pointer("/parameters/api-version").cloned();
            for (key, value) in [
                ("type", Some(IMAGE_TYPE.into())),
                ("name", built.get("name").cloned()),
                ("apiVersion", version),
            ] {
                if let (None, Some(value)) = (members.get(key), value) {
                    members.insert(key.to_owned(), value);
                }
            }
        }
        if let Ok(patch) = fs::read_to_string(path(&format!("tests/official/{}.patch.json", self.name))) {
            let operations: Vec<Value> = serde_json::from_str(&patch).unwrap();
            for operation in &operations {
                apply(&mut original, operation)
                    .unwrap_or_else(|why| self.fail(&format!("{operation}: {why}")));
            }
        }
        match self.compare {
            Compare::Image | Compare::Template => (built, original),
            Compare::Trigger => (self.trigger(&built), member(&original, "properties")),
        }
    }

    /// The properties of the one trigger of a template.
    fn trigger(&self, template: &Value) -> Value {
        let resources = template.get("resources").and_then(Value::as_array).cloned().unwrap_or_default();
        let kind = format!("{IMAGE_TYPE}/triggers");
        let mut triggers = resources.iter().filter(|r| r.get("type").and_then(Value::as_str) == Some(&kind));
        match (triggers.next(), triggers.next()) {
            (Some(only), None) => member(only, "properties"),
            _ => self.fail("there is not exactly one trigger"),
        }
    }

    fn fail(&self, why: &str) -> ! {
        panic!("{}: {why}", self.name)
    }
}

fn member(of: &Value, key: &str) -> Value {
    of.get(key).cloned().unwrap_or_default()
}

/// Reads JSON as Resource Manager does, with comments and trailing commas.
fn read_loose(shared: &Path, file: &Path) -> Value {
    let script = "import sys, json; sys.path.insert(0, sys.argv[1]); import armcmp; print(json.dumps(armcmp.load(sys.argv[2])))";
    let mut command = Command::new("python3");
    command.args(["-B", "-c", script]).arg(shared.join("tools")).arg(file);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}: {}", file.display(), String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Applies one operation of a patch (RFC 6902).
fn apply(document: &mut Value, operation: &Value) -> Result<(), String> {
    let text = |key: &str| operation.get(key).and_then(Value::as_str).ok_or(format!("no `{key}`"));
    let value = || operation.get("value").cloned().ok_or("no `value`");
    let path = text("path")?;
    match text("op")? {
        "add" => add(document, path, value()?),
        "remove" => remove(document, path).map(drop),
        "replace" => {
            *document.pointer_mut(path).ok_or("there is nothing to replace")? = value()?;
            Ok(())
        }
        "move" => {
            let moved = remove(document, text("from")?)?;
            add(document, path, moved)
        }
        "copy" => {
            let copied = document.pointer(text("from")?).cloned().ok_or("there is nothing to copy")?;
            add(document, path, copied)
        }
        "test" if document.pointer(path) == Some(&value()?) => Ok(()),
        "test" => Err(format!("the value is {:?}", document.pointer(path))),
        other => Err(format!("there is no operation `{other}`")),
    }
}

/// The parent that a pointer leads to, and the last part of it.
fn parent<'a>(document: &'a mut Value, pointer: &str) -> Result<(&'a mut Value, String), String> {
    let (parent, last) = pointer.rsplit_once('/').ok_or("the pointer is empty")?;
    let parent = document.pointer_mut(parent).ok_or("there is no such place")?;
    Ok((parent, last.replace("~1", "/").replace("~0", "~")))
}

fn add(document: &mut Value, pointer: &str, value: Value) -> Result<(), String> {
    match parent(document, pointer)? {
        (Value::Object(members), key) => drop(members.insert(key, value)),
        (Value::Array(elements), key) if key == "-" => elements.push(value),
        (Value::Array(elements), key) => match key.parse::<usize>() {
            Ok(at) if at <= elements.len() => elements.insert(at, value),
            _ => return Err("there is no such index".to_owned()),
        },
        _ => return Err("the place has no members".to_owned()),
    }
    Ok(())
}

fn remove(document: &mut Value, pointer: &str) -> Result<Value, String> {
    match parent(document, pointer)? {
        (Value::Object(members), key) => {
            members.shift_remove(&key).ok_or("there is nothing to remove".to_owned())
        }
        (Value::Array(elements), key) => match key.parse::<usize>() {
            Ok(at) if at < elements.len() => Ok(elements.remove(at)),
            _ => Err("there is no such index".to_owned()),
        },
        _ => Err("the place has no members".to_owned()),
    }
}

#[test]
fn official_templates_are_built() {
    let cases = cases();
    assert!(cases.len() >= 15, "{} cases", cases.len());
    for case in &cases {
        insta::assert_snapshot!(case.name.as_str(), case.build().template());
    }
    assert_snapshots("official", &cases.into_iter().map(|case| case.name).collect::<Vec<_>>());
}

#[test]
fn official_templates_deploy_the_same() {
    let Some(shared) = shared("official_templates_deploy_the_same") else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    let cases = cases();
    for case in &cases {
        let (built, original) = case.sides(&shared);
        let file = |name: &str, value: &Value| {
            let file = folder.path().join(name);
            fs::write(&file, value.to_string()).unwrap();
            file
        };
        let (left, right) = (file("original.json", &original), file("built.json", &built));
        if let Err(differences) = armcmp(&shared, &left, &right) {
            wrong.push(format!("{}:\n{differences}", case.name));
        }
    }
    eprintln!("{} of {} official templates deploy the same", cases.len() - wrong.len(), cases.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
