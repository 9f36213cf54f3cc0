//! The examples of the documentation: each is clean, builds, and what is built of it obeys Azure's schemas.

use std::collections::BTreeMap;
use std::fs;
use std::sync::LazyLock;

use aib::base::has_placeholder;
use aib::emit::Emit;
use aib::schema::IMAGE_VERSIONS;
use jsonschema::Validator;
use serde_json::{Value, json};

use super::project::{Built, armcmp, assert_snapshots, build, names, path, shared};
use super::resolved::Resolver;

/// The entries of the folders: those whose entry is not `main.aib`.
const SEVERAL: &[(&str, &[&str])] = &[("fleet", &["gallery", "linux", "windows"])];

/// Every example as its path without the ending.
fn examples() -> Vec<String> {
    let mut found = names("docs/examples", ".aib");
    for entry in fs::read_dir(path("docs/examples")).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            let folder = entry.file_name().into_string().unwrap();
            let several = SEVERAL.iter().find(|(name, _)| *name == folder);
            let entries = several.map_or(&["main"][..], |(_, entries)| entries);
            found.extend(entries.iter().map(|entry| format!("{folder}/{entry}")));
        }
    }
    found.sort();
    found
}

fn built(example: &str, version: Option<&str>) -> Built {
    build(&format!("docs/examples/{example}.aib"), Emit::Arm, version)
}

/// The schemas of `tests/data/schemas`, by name.
static SCHEMAS: LazyLock<BTreeMap<String, Validator>> = LazyLock::new(|| {
    let read = |name: String| {
        let text = fs::read_to_string(path(&format!("tests/data/schemas/{name}.json"))).unwrap();
        let validator = jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap();
        (name, validator)
    };
    names("tests/data/schemas", ".json").into_iter().map(read).collect()
});

fn faults(validator: &Validator, value: &Value) -> Vec<String> {
    validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// Placeholders such as `<region>` with something in their place.
fn filled(value: Value) -> Value {
    match value {
        // What stands around a placeholder nobody looks at: the whole becomes something that any name may be.
        Value::String(text) if has_placeholder(&text) => {
            let marks =
                if text.starts_with("/subscriptions/") || text.contains("://") { "-_./:" } else { "-_." };
            let plain = |c: &char| c.is_ascii_alphanumeric() || marks.contains(*c);
            Value::String(text.chars().filter(plain).collect())
        }
        Value::Array(items) => items.into_iter().map(filled).collect(),
        Value::Object(members) => members.into_iter().map(|(key, value)| (key, filled(value))).collect(),
        other => other,
    }
}

/// What the schemas say against a template: the document as it is, and its image templates as they would be deployed.
pub(crate) fn against_schemas(text: &str) -> Vec<String> {
    let template: Value = serde_json::from_str(text).unwrap();
    let mut document = template.clone();
    for resource in document["resources"].as_array_mut().unwrap() {
        // Azure takes an expression for all tags, its schema only an object.
        if resource["tags"].is_string() {
            resource["tags"] = json!({});
        }
    }
    let mut found = faults(&SCHEMAS["deploymentTemplate"], &document);
    let resolver = Resolver::new(&template);
    for resource in template["resources"].as_array().unwrap() {
        if resource["type"] == "Microsoft.VirtualMachineImages/imageTemplates" {
            let version = resource["apiVersion"].as_str().unwrap();
            let name = format!("{version}.imageTemplates");
            found.extend(faults(&SCHEMAS[&name], &filled(resolver.value(resource))));
        }
    }
    found
}

#[test]
fn examples_are_clean_and_built() {
    let mut made = vec!["versions".to_owned()];
    for example in examples() {
        let built = built(&example, None);
        assert!(built.errors().is_empty(), "{example}:\n{}", built.described());
        let name = example.replace('/', "_");
        insta::assert_snapshot!(name.as_str(), built.artifact(&format!("{}.json", stem(&example))));
        insta::assert_snapshot!(format!("{name}__roles"), built.artifact(".roles.json"));
        made.extend([format!("{name}__roles"), name]);
    }
    assert_snapshots("examples", &made);
}

fn stem(example: &str) -> &str {
    example.rsplit_once('/').map_or(example, |(_, stem)| stem)
}

#[test]
fn examples_warn_of_nothing_unexpected() {
    let mut found = String::new();
    for example in examples() {
        let outcome = built(&example, None).outcome;
        for d in &outcome.diagnostics {
            found += &format!("{example}: {} {}\n", d.code.id, d.title);
        }
    }
    insta::assert_snapshot!(found, @"raw-resource: AIB322 `raw` is passed on as it is, unchecked");
}

#[test]
fn what_is_built_of_examples_obeys_the_schemas() {
    let mut wrong = Vec::new();
    for example in examples() {
        let built = built(&example, None);
        for text in [built.template(), built.artifact(".roles.json")] {
            wrong.extend(against_schemas(text).into_iter().map(|fault| format!("{example}: {fault}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Members that an example passes on unchecked, which is what it shows; only newer versions have them.
const RAW: &[(&str, &str)] = &[("raw-resource", "managedResourceTags")];

fn is_raw(example: &str, fault: &str) -> bool {
    RAW.iter()
        .any(|(name, member)| *name == example && fault.contains(&format!("('{member}' was unexpected)")))
}

/// Which versions each example can be built for: what is built obeys the version's schema, and what is not built is so
/// because the version lacks something.
#[test]
fn examples_are_built_for_every_version_that_has_what_they_use() {
    const LACKS: &[&str] = &["not-in-version", "old-version", "missing-property", "unknown-version"];
    let (mut wrong, mut table) = (Vec::new(), String::new());
    for example in examples() {
        let mut versions = Vec::new();
        for version in IMAGE_VERSIONS {
            let built = built(&example, Some(version.0));
            let errors = built.errors();
            if errors.is_empty() {
                versions.push(version.0);
                let faults = against_schemas(built.template());
                let faults = faults.into_iter().filter(|fault| !is_raw(&example, fault));
                wrong.extend(faults.map(|fault| format!("{example} for {}: {fault}", version.0)));
            } else if let Some(error) = errors.iter().find(|d| !LACKS.contains(&d.code.name)) {
                wrong.push(format!("{example} for {}: {} {}", version.0, error.code.id, error.title));
            }
        }
        table += &format!("{example}: {}\n", versions.join(" "));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    insta::assert_snapshot!("versions", table);
}

#[test]
fn the_typical_template_is_short() {
    let text = fs::read_to_string(path("docs/examples/typical/main.aib")).unwrap();
    let (lines, characters) = (text.lines().count(), text.chars().count());
    assert!(lines <= 45 && characters <= 1400, "{lines} lines, {characters} characters");
    let row = format!(
        "(docs/examples/typical/main.aib) | {lines} | {},{:03} |",
        characters / 1000,
        characters % 1000
    );
    assert!(fs::read_to_string(path("README.md")).unwrap().contains(&row), "README.md lacks {row}");
}

#[test]
fn the_typical_template_deploys_what_it_should() {
    let Some(shared) = shared("the_typical_template_deploys_what_it_should") else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("main.json");
    fs::write(&file, built("typical/main", None).template()).unwrap();
    if let Err(differences) = armcmp(&shared, &shared.join("bench/typical-template.json"), &file) {
        panic!("{differences}");
    }
}
