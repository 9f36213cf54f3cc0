//! The table of the target against the types that Azure publishes, version by version.
//!
//! `tests/data/*.json` hold one line per published property (`tests/data/README.md` says how they are made). Every
//! published property is a row in exactly the versions that have it, or is in `UNMODELLED` with a reason; every row is
//! published; and what both say of it agrees, but for [`DIFFERENCES`].

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use aib::schema::{
    ApiVersion, IMAGE_VERSIONS, Implied, Lit, NameRule, ObjectType, Prop, ResourceKind, Role,
    TRIGGER_VERSIONS, Ty, UNMODELLED, Union, resource_kind, unmodelled,
};
use serde_json::Value;

/// Where the table says something else than the published types, on purpose.
struct Difference {
    /// The ARM path without variants: `properties.source.publisher`.
    path: &'static str,
    /// What differs: `required`, `pattern`.
    what: &'static str,
    /// Why.
    why: &'static str,
}

const DIFFERENCES: &[Difference] = &[
    Difference {
        path: "properties.source.publisher",
        what: "required",
        why: "the service answers BadPIRSource to a Marketplace source without it",
    },
    Difference {
        path: "properties.source.offer",
        what: "required",
        why: "the service answers BadPIRSource to a Marketplace source without it",
    },
    Difference {
        path: "properties.source.sku",
        what: "required",
        why: "the service answers BadPIRSource to a Marketplace source without it",
    },
    Difference {
        path: "properties.customize[].sourceUri",
        what: "required",
        why: "a step that copies a file needs the file",
    },
    Difference {
        path: "properties.customize[].destination",
        what: "required",
        why: "a step that copies a file needs a place for it",
    },
    Difference {
        path: "properties.validate.inVMValidations[].sourceUri",
        what: "required",
        why: "a step that copies a file needs the file",
    },
    Difference {
        path: "properties.validate.inVMValidations[].destination",
        what: "required",
        why: "a step that copies a file needs a place for it",
    },
    Difference {
        path: "properties.purchasePlan.name",
        what: "required",
        why: "a plan that lacks a part never equals the source's",
    },
    Difference {
        path: "properties.purchasePlan.product",
        what: "required",
        why: "a plan that lacks a part never equals the source's",
    },
    Difference {
        path: "properties.purchasePlan.publisher",
        what: "required",
        why: "a plan that lacks a part never equals the source's",
    },
    Difference {
        path: "properties.recommended.vCPUs.min",
        what: "min",
        why: "the documentation counts from 1; the schema has no bounds",
    },
    Difference {
        path: "properties.recommended.vCPUs.max",
        what: "min",
        why: "the documentation counts from 1; the schema has no bounds",
    },
    Difference {
        path: "properties.recommended.memory.min",
        what: "min",
        why: "the documentation counts from 1; the schema has no bounds",
    },
    Difference {
        path: "properties.recommended.memory.max",
        what: "min",
        why: "the documentation counts from 1; the schema has no bounds",
    },
    Difference {
        path: "name",
        what: "pattern up to 2019-02-01-preview",
        why: "these previews refuse `.`, but the service refuses the previews",
    },
    Difference {
        path: "properties.distribute[].runOutputName",
        what: "pattern up to 2019-02-01-preview",
        why: "these previews refuse `.`, but the service refuses the previews",
    },
];

type Published = BTreeMap<String, Value>;

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

fn read(name: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(data(name)).unwrap()).unwrap()
}

fn published(value: &Value) -> Published {
    value.as_object().unwrap().iter().map(|(k, v)| (k.clone(), v.clone())).collect()
}

/// The rows of a kind in a version, by ARM path as the published types write it.
fn rows(kind: &ResourceKind, version: ApiVersion) -> BTreeMap<String, &'static Prop> {
    let mut out = BTreeMap::new();
    object_rows(kind.body, "", version, &mut out);
    out
}

fn join(prefix: &str, path: &str) -> String {
    match (prefix, path) {
        ("", path) => path.to_owned(),
        (prefix, "") => prefix.to_owned(),
        (prefix, path) => format!("{prefix}.{path}"),
    }
}

fn object_rows(
    object: &ObjectType,
    prefix: &str,
    version: ApiVersion,
    out: &mut BTreeMap<String, &'static Prop>,
) {
    for prop in object.props.iter().filter(|p| p.is_in(version) && !p.arm.is_empty()) {
        if prop.role == Role::Feature {
            continue;
        }
        let path = join(prefix, prop.arm_in(version));
        assert!(out.insert(path.clone(), prop).is_none(), "two rows for {path}");
        type_rows(&prop.ty, &path, version, out);
    }
    if let Some(entries) = object.entries
        && entries.since.is_none_or(|s| version >= s)
    {
        union_rows(entries.union, &format!("{}[]", join(prefix, entries.arm)), version, out);
    }
}

fn type_rows(ty: &Ty, path: &str, version: ApiVersion, out: &mut BTreeMap<String, &'static Prop>) {
    match ty {
        Ty::Object(object) => object_rows(object, path, version, out),
        Ty::Union(union) => union_rows(union, path, version, out),
        Ty::List(item) => type_rows(item, &format!("{path}[]"), version, out),
        _ => {}
    }
}

fn union_rows(union: &Union, path: &str, version: ApiVersion, out: &mut BTreeMap<String, &'static Prop>) {
    for variant in union.variants.iter().filter(|v| v.is_in(version)) {
        object_rows(variant.body, &format!("{path}<{}>", variant.arm_in(version)), version, out);
    }
}

/// The path without variants.
fn plain(path: &str) -> String {
    let mut out = String::new();
    let mut depth = 0;
    for c in path.chars() {
        match c {
            '<' => depth += 1,
            '>' => depth -= 1,
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

fn differs(path: &str, what: &str) -> bool {
    DIFFERENCES.iter().any(|d| d.path == plain(path) && d.what == what && !d.why.is_empty())
}

/// What the two sides disagree about, in one version of one kind.
fn disagreements(kind: &ResourceKind, version: ApiVersion, types: &Published) -> Vec<String> {
    let rows = rows(kind, version);
    let mut out = Vec::new();
    for (path, upstream) in types {
        let row = rows.get(path);
        let holds =
            rows.keys().any(|r| r.starts_with(path.as_str()) && r[path.len()..].starts_with(['.', '[', '<']));
        let inside = rows.iter().any(|(r, p)| {
            opaque(&p.ty) && path.strip_prefix(r.as_str()).is_some_and(|rest| rest.starts_with(['.', '{']))
        });
        let entries = entries_at(kind.body, path);
        let left_out = unmodelled(kind.keyword, &plain(path));
        if row.is_none() && !holds && !inside && entries.is_none() && left_out.is_none() {
            out.push(format!("{path}: published, but no row and not in UNMODELLED"));
        }
        if row.is_some() && left_out.is_some() {
            out.push(format!("{path}: a row, and in UNMODELLED"));
        }
        if let Some(left_out) = left_out
            && plain(path) == left_out.arm
            && left_out.read_only != upstream["read_only"].as_bool().unwrap_or(false)
            && kind.arm_type.starts_with("Microsoft.VirtualMachineImages")
            && path != "type"
        {
            out.push(format!("{path}: UNMODELLED is wrong about who writes it"));
        }
        if let Some(union) = entries {
            compare_union(path, union, version, &upstream["items"], &mut out);
        }
        if let Some(row) = row {
            compare(path, row, version, upstream, &mut out);
        }
    }
    for path in rows.keys().filter(|p| !types.contains_key(*p)) {
        if !is_discriminator(path, types) {
            out.push(format!("{path}: a row, but not published"));
        }
    }
    out
}

/// Whether the type stands for everything below its member.
fn opaque(ty: &Ty) -> bool {
    matches!(ty, Ty::Identity | Ty::Tags | Ty::Map(_) | Ty::Any)
}

/// What may stand in the list of entries that is published under this path.
fn entries_at(object: &ObjectType, path: &str) -> Option<&'static Union> {
    object.props.iter().find_map(|p| match p.ty {
        Ty::Object(inner) => inner.entries.filter(|e| join(p.arm, e.arm) == path).map(|e| e.union),
        _ => None,
    })
}

/// The trigger's `properties.kind` tells the variants of `properties` apart.
fn is_discriminator(path: &str, types: &Published) -> bool {
    path.rsplit_once('.').is_some_and(|(outer, member)| {
        types.get(outer).is_some_and(|u| u["type"] == "union" && u["discriminator"] == member)
    })
}

fn compare(path: &str, row: &Prop, version: ApiVersion, upstream: &Value, out: &mut Vec<String>) {
    let wants = upstream["required"].as_bool().unwrap_or(false);
    let has = row.is_required_in(version);
    if wants && !has && row.implied == Implied::Nothing && row.role != Role::ApiVersion {
        out.push(format!("{path}: published as required, the row is optional and nothing is written for it"));
    }
    if has && !wants && !differs(path, "required") {
        out.push(format!("{path}: published as optional, the row is required"));
    }
    if row.role == Role::ApiVersion {
        return;
    }
    if row.read_only != upstream["read_only"].as_bool().unwrap_or(false) {
        out.push(format!("{path}: read-only on one side"));
    }
    for (what, published, ours) in
        [("min", upstream["min"].as_i64(), row.limit.min), ("max", upstream["max"].as_i64(), row.limit.max)]
    {
        if published != ours && !differs(path, what) {
            out.push(format!("{path}: {what} is {published:?} published and {ours:?} in the row"));
        }
    }
    if let (Some(pattern), Ty::Name(rule)) = (upstream["pattern"].as_str(), row.ty) {
        let early = version <= IMAGE_VERSIONS[1] && differs(path, "pattern up to 2019-02-01-preview");
        if !early {
            for name in disputed_names(rule, pattern) {
                out.push(format!("{path}: the pattern {pattern} and the row's rule disagree about `{name}`"));
            }
        }
    } else if upstream["pattern"].is_string() {
        out.push(format!("{path}: published with a pattern, the row is no name"));
    }
    compare_type(path, &row.ty, version, upstream, out);
}

fn compare_type(path: &str, ty: &Ty, version: ApiVersion, upstream: &Value, out: &mut Vec<String>) {
    let kind = upstream["type"].as_str().unwrap();
    let expected = match ty {
        Ty::Str
        | Ty::Name(_)
        | Ty::GoDuration
        | Ty::Id(_)
        | Ty::ResourceGroup
        | Ty::Url
        | Ty::Sha256
        | Ty::Region
        | Ty::Version => "string",
        Ty::Int | Ty::Minutes | Ty::Gigabytes => "int",
        Ty::Bool => "bool",
        Ty::State => "enum",
        Ty::Enum(e) if e.values.iter().all(|v| matches!(v.arm, Lit::Bool(_))) => "bool",
        Ty::Enum(_) => "enum",
        Ty::List(_) | Ty::Script => "array",
        Ty::Map(_) | Ty::Tags => "map",
        Ty::Object(o) if o.props.is_empty() && o.entries.is_some_and(|e| e.arm.is_empty()) => "array",
        Ty::Object(_) | Ty::Identity => "object",
        Ty::Union(_) => "union",
        Ty::Any => return,
    };
    if kind != expected && !(kind == "object" && path == "properties") {
        out.push(format!("{path}: published as {kind}, the row makes {expected}"));
        return;
    }
    match ty {
        Ty::State => compare_values(path, &["Enabled".into(), "Disabled".into()], false, upstream, out),
        Ty::Enum(e) if expected == "enum" => {
            let ours: Vec<String> = e
                .values
                .iter()
                .filter(|v| v.since.is_none_or(|s| version >= s))
                .filter_map(|v| if let Lit::Str(text) = v.arm { Some(text.to_owned()) } else { None })
                .collect();
            compare_values(path, &ours, e.open, upstream, out);
        }
        Ty::List(item) => compare_type(&format!("{path}[]"), item, version, &upstream["items"], out),
        Ty::Union(union) => compare_union(path, union, version, upstream, out),
        _ => {}
    }
}

fn compare_values(path: &str, ours: &[String], open: bool, upstream: &Value, out: &mut Vec<String>) {
    let published: BTreeSet<String> =
        upstream["values"].as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_owned()).collect();
    let ours: BTreeSet<String> = ours.iter().cloned().collect();
    if published != ours {
        out.push(format!("{path}: values are {published:?} published and {ours:?} in the row"));
    }
    if upstream["open"].as_bool().unwrap_or(false) != open {
        out.push(format!("{path}: the enumeration is open on one side"));
    }
}

fn compare_union(path: &str, union: &Union, version: ApiVersion, upstream: &Value, out: &mut Vec<String>) {
    if upstream["discriminator"] != union.discriminator {
        out.push(format!(
            "{path}: told apart by {} and by {}",
            upstream["discriminator"], union.discriminator
        ));
    }
    let ours: Vec<String> =
        union.variants.iter().filter(|v| v.is_in(version)).map(|v| v.arm_in(version).to_owned()).collect();
    compare_values(path, &ours, false, upstream, out);
}

/// Names about which a pattern and a rule disagree, out of all that are short or at the edge of the lengths.
fn disputed_names(rule: &NameRule, pattern: &str) -> Vec<String> {
    let pattern = regex::Regex::new(pattern).unwrap();
    let mut names = vec![String::new()];
    let alphabet: Vec<char> = (' '..='~').chain(['ä', '\n']).collect();
    names.extend(alphabet.iter().map(char::to_string));
    names.extend(alphabet.iter().flat_map(|a| alphabet.iter().map(move |b| format!("{a}{b}"))));
    names.extend(alphabet.iter().map(|c| format!("a{c}b")));
    names.extend([63, 64, 65, 80, 81].map(|n| "x".repeat(n)));
    names.into_iter().filter(|n| pattern.is_match(n) != rule.accepts(n)).collect()
}

fn check(kind: &ResourceKind, version: ApiVersion, types: &Value) {
    let found = disagreements(kind, version, &published(types));
    assert!(found.is_empty(), "{} at {version}:\n  {}", kind.keyword, found.join("\n  "));
}

#[test]
fn images_and_triggers_are_what_azure_publishes_in_every_version() {
    let all = read("image-templates.types.json");
    let versions: Vec<&str> = all.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(versions, IMAGE_VERSIONS.iter().map(|v| v.0).collect::<Vec<_>>());
    for version in IMAGE_VERSIONS {
        check(resource_kind("image").unwrap(), *version, &all[version.0]["image"]);
        let trigger = &all[version.0]["trigger"];
        assert_eq!(trigger.is_object(), TRIGGER_VERSIONS.contains(version), "trigger at {version}");
        if trigger.is_object() {
            check(resource_kind("trigger").unwrap(), *version, trigger);
        }
    }
}

#[test]
fn galleries_and_identities_are_what_azure_publishes() {
    let all = read("surroundings.types.json");
    for (keyword, versions) in all.as_object().unwrap() {
        let kind = resource_kind(keyword).unwrap();
        for (version, types) in versions.as_object().unwrap() {
            let version = kind.versions.iter().find(|v| v.0 == version).unwrap();
            check(kind, *version, types);
        }
    }
}

#[test]
fn what_is_left_out_exists() {
    let images = read("image-templates.types.json");
    let around = read("surroundings.types.json");
    for left_out in UNMODELLED {
        assert!(!left_out.why.is_empty(), "{} has no reason", left_out.arm);
        let versions: Vec<&Value> = match left_out.kind {
            "image" | "trigger" => images.as_object().unwrap().values().map(|v| &v[left_out.kind]).collect(),
            kind => around[kind].as_object().unwrap().values().collect(),
        };
        let published = versions
            .iter()
            .filter_map(|v| v.as_object())
            .any(|v| v.keys().any(|path| plain(path) == left_out.arm) || left_out.arm == "type");
        let only_in_prose = left_out.kind == "trigger" && left_out.arm == "location";
        assert!(published || only_in_prose, "{}.{} is not published", left_out.kind, left_out.arm);
    }
}

#[test]
fn every_difference_is_one() {
    let images = read("image-templates.types.json");
    let around = read("surroundings.types.json");
    let known = |path: &str| {
        images.as_object().unwrap().values().any(|v| has_path(&v["image"], path))
            || around["definition"].as_object().unwrap().values().any(|v| has_path(v, path))
    };
    for difference in DIFFERENCES {
        assert!(known(difference.path), "{} is not published", difference.path);
    }
}

fn has_path(types: &Value, path: &str) -> bool {
    types.as_object().is_some_and(|t| t.keys().any(|k| plain(k) == path))
}

/// Where the published files are, if they are here at all.
fn reference() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reference");
    let folder = std::env::var_os("AIB_REFERENCE").map_or_else(beside, PathBuf::from);
    folder.join("schemas").is_dir().then_some(folder)
}

#[test]
fn the_data_is_what_the_script_makes_of_the_published_files() {
    let Some(reference) = reference() else {
        eprintln!("skipped: the published files are not here (set AIB_REFERENCE to their folder)");
        return;
    };
    for (what, folder, file) in [
        ("image-templates", "schemas/bicep-types", "image-templates.types.json"),
        ("surroundings", "schemas/arm-related", "surroundings.types.json"),
    ] {
        let run =
            Command::new("python3").arg(data("distill.py")).arg(what).arg(reference.join(folder)).output();
        let Ok(run) = run else {
            eprintln!("skipped: there is no python3");
            return;
        };
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        let stored = std::fs::read_to_string(data(file)).unwrap();
        assert!(stored == String::from_utf8_lossy(&run.stdout), "{file} is stale: see tests/data/README.md");
    }
}
