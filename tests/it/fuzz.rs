//! Nothing breaks the pipeline: files of the project with pieces moved, doubled, dropped and mixed, and tokens in any order.
//!
//! Every text goes through parser, checker, rules, all forms of output and all formats of reports. `hunt.rs` says how to ask for
//! more of them.

use std::collections::HashMap;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, LazyLock, OnceLock};

use aib::arm::parse_template_string;
use aib::base::{FileId, SourceFile, SourceMap, apply_edits, has_placeholder};
use aib::check::{Options, check};
use aib::diag::{Diagnostic, Gate, Sink};
use aib::emit::{self, BACKENDS};
use aib::report::{FORMATS, Settings, render};
use aib::resolve::{LoadError, Modules, STDLIB};
use aib::schema::IMAGE_VERSIONS;
use aib::syntax::{Parsed, parse};
use serde_json::Value;

use super::examples::against_schemas;
use super::hunt::hunt;
use super::project::{files, path};
use super::soup::{Random, cut, mutate, tokens};
use super::totality;

/// How many texts without `AIB_FUZZ`.
const COUNT: u64 = 2_500;

/// The files that texts are made from, and that they may import.
struct World {
    sources: SourceMap,
    parsed: Vec<OnceLock<Parsed>>,
    ids: HashMap<PathBuf, FileId>,
    /// The files that are mutated.
    corpus: Vec<(PathBuf, Arc<str>)>,
}

static WORLD: LazyLock<World> = LazyLock::new(World::new);

impl World {
    fn new() -> Self {
        let mut this = Self {
            sources: SourceMap::default(),
            parsed: Vec::new(),
            ids: HashMap::new(),
            corpus: Vec::new(),
        };
        for module in STDLIB {
            this.add(PathBuf::from(module.path), module.text.into());
        }
        let folders = ["docs/examples", "tests/official", "tests/cases", "stdlib"];
        for file in folders.iter().flat_map(|folder| files(&path(folder), ".aib")) {
            let text: Arc<str> = fs::read_to_string(&file).unwrap().into();
            this.add(file.clone(), text.clone());
            this.corpus.push((file, text));
        }
        this
    }

    fn add(&mut self, name: PathBuf, text: Arc<str>) {
        let id = self.sources.add(Arc::new(SourceFile::new(name.display().to_string(), text)));
        self.ids.insert(name, id);
        self.parsed.push(OnceLock::new());
    }
}

/// A text with what surrounds it.
struct Case {
    text: String,
    /// The file whose imports it follows.
    origin: PathBuf,
    api_version: Option<String>,
}

impl Case {
    fn new(seed: u64) -> Self {
        let random = &mut Random::new(seed);
        let corpus = &WORLD.corpus;
        let (origin, base) = &corpus[random.below(corpus.len())];
        let (_, other) = &corpus[random.below(corpus.len())];
        let mut text = match random.below(12) {
            0 => {
                let count = random.below(200);
                tokens(random, count)
            }
            1 => base[..cut(random, base)].to_owned(),
            2 => format!("{}{}", &base[..cut(random, base)], &other[cut(random, other)..]),
            3 => splice_lines(random, base, other),
            4 => mutate(random, base),
            _ => base.to_string(),
        };
        for _ in 0..random.below(4) {
            text = shuffle(random, &text, other);
        }
        let version = (random.below(8) == 0).then(|| IMAGE_VERSIONS[random.below(IMAGE_VERSIONS.len())]);
        Self { text, origin: origin.clone(), api_version: version.map(|v| v.0.to_owned()) }
    }
}

/// Some lines of one text among those of another.
fn splice_lines(random: &mut Random, base: &str, other: &str) -> String {
    let mut lines: Vec<&str> = base.lines().collect();
    let more: Vec<&str> = other.lines().collect();
    for _ in 0..=random.below(4) {
        let from = random.below(more.len());
        let to = (from + 1 + random.below(6)).min(more.len());
        let at = random.below(lines.len() + 1);
        lines.splice(at..at, more.get(from..to).unwrap_or_default().iter().copied());
    }
    lines.join("\n")
}

/// The pieces of a text: words, numbers, white space, and every other character alone.
fn pieces(text: &str) -> Vec<&str> {
    let class = |c: char| match c {
        c if c.is_alphanumeric() || c == '_' => 1,
        ' ' => 2,
        _ => 0,
    };
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let kind = class(first);
        let end = match kind {
            0 => first.len_utf8(),
            kind => rest.find(|c| class(c) != kind).unwrap_or(rest.len()),
        };
        let (piece, after) = rest.split_at(end);
        found.push(piece);
        rest = after;
    }
    found
}

/// What may stand for a value, in places where it has no business.
const VALUES: &[&str] = &[
    "null",
    "-1",
    "0",
    "9223372036854775807",
    "true",
    "\"\"",
    "\"${null}\"",
    "[]",
    "{}",
    "{ a = 1 }",
    "[for x in [1, 2]: x]",
    "2h",
    "0GB",
    "azure.resource_group.location",
    "azure.subscription.id",
    "arm(\"[resourceGroup().tags]\")",
    "range(0, 9999)",
    "content_hash()",
    "reveal(1, because = \"x\")",
    "unique_string(azure.subscription.id)",
    "marketplace.ubuntu_24_04",
    "builder",
    "web",
    "(x) -> x",
    "file(\"./x.sh\")",
];

/// The text with a few pieces exchanged, dropped, doubled or taken from another text.
fn shuffle(random: &mut Random, text: &str, other: &str) -> String {
    let mut own = pieces(text);
    let foreign = pieces(other);
    for _ in 0..=random.below(3) {
        if own.is_empty() {
            break;
        }
        let at = random.below(own.len());
        let to = (at + 1 + random.below(8)).min(own.len());
        match random.below(8) {
            0 => own.swap(at, to - 1),
            1 => drop(own.drain(at..to)),
            2 => {
                let doubled = own[at..to].to_vec();
                own.splice(at..at, doubled);
            }
            3 if !foreign.is_empty() => own[at] = foreign[random.below(foreign.len())],
            4 if !foreign.is_empty() => own.insert(at, foreign[random.below(foreign.len())]),
            5 => own[at] = random.pick(VALUES),
            6 => {
                // What was known is known only to Azure, and the other way round.
                for piece in &mut own {
                    if random.below(3) == 0 {
                        *piece = match *piece {
                            "let" => "param",
                            "param" => "let",
                            other => other,
                        };
                    }
                }
            }
            _ => {
                let other = random.below(own.len());
                own[at] = own[other];
            }
        }
    }
    own.concat()
}

/// The modules that a case sees: itself, and the files of the project.
struct Files<'a> {
    entry: Parsed,
    origin: &'a Path,
}

impl Files<'_> {
    fn place(&self, from: FileId, target: &str) -> PathBuf {
        let importer =
            if from == self.entry.file { self.origin } else { Path::new(WORLD.sources.name_of(from)) };
        let mut place = importer.parent().unwrap_or(importer).to_owned();
        for part in Path::new(target).components() {
            match part {
                Component::ParentDir => drop(place.pop()),
                Component::Normal(name) => place.push(name),
                _ => {}
            }
        }
        place
    }
}

impl Modules for Files<'_> {
    fn parsed(&self, file: FileId) -> Option<&Parsed> {
        if file == self.entry.file {
            return Some(&self.entry);
        }
        let slot = WORLD.parsed.get(file.index())?;
        Some(slot.get_or_init(|| parse(file, WORLD.sources.file(file).map_or("", |f| f.text()))))
    }

    fn import(&self, from: FileId, path: &str) -> Result<FileId, LoadError> {
        let place = if path.starts_with("std/") { PathBuf::from(path) } else { self.place(from, path) };
        WORLD.ids.get(&place).copied().ok_or_else(|| LoadError::NotFound(path.to_owned()))
    }

    fn text(&self, from: FileId, path: &str) -> Result<Arc<str>, LoadError> {
        let text = fs::read_to_string(self.place(from, path)).map(Into::into);
        text.map_err(|_| LoadError::NotFound(path.to_owned()))
    }
}

/// What came of a case, for comparison.
type Made = (Vec<Diagnostic>, Vec<emit::Artifact>);

/// Sends a case through everything.
fn made_of(case: &Case) -> Made {
    let mut sources = WORLD.sources.clone();
    let entry = sources.add(Arc::new(SourceFile::new("entry.aib", case.text.as_str())));
    let files = Files { entry: parse(entry, &case.text), origin: &case.origin };
    let mut sink = Sink::new();
    sink.extend(files.entry.errors.clone());
    let options = Options { api_version: case.api_version.clone(), ..Options::default() };
    let program = check(entry, &files, &options, &mut sink);
    aib::lint::run(&program, &sources, &mut sink);
    let mut artifacts = Vec::new();
    if sink.is_clean(Gate::Permissive) {
        // Backends may refuse, and what is not clean need not be right; but none may break.
        let clean = sink.is_clean(Gate::Strict);
        for backend in BACKENDS {
            let written =
                emit::emit(&[backend.kind], &program, &sources, "entry", &aib::emit::Options::default());
            if clean {
                artifacts.extend(written.into_iter().flatten());
            }
        }
    }
    let found = sink.into_sorted();
    for diagnostic in &found {
        check_places(diagnostic, &sources);
    }
    for format in FORMATS {
        let text = render(format.format, &found, &sources, &Settings::default());
        assert!(found.is_empty() || !text.is_empty(), "{} says nothing", format.name);
    }
    // Scripts and sources are text.
    for artifact in artifacts.iter().filter(|artifact| artifact.name.ends_with(".json")) {
        let json: Value =
            serde_json::from_str(&artifact.text).unwrap_or_else(|e| panic!("{}: {e}", artifact.name));
        // Raw bodies hold texts as they are.
        if ["entry.json", "entry.roles.json"].contains(&artifact.name.as_str()) {
            check_expressions(&json);
        }
    }
    // What stands in `raw` is the author's, and values with placeholders are not looked at.
    if let Some(template) = artifacts.first().filter(|_| !case.text.contains("raw")) {
        let mut faults = against_schemas(&template.text);
        faults.retain(|fault| !has_placeholder(fault));
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
    (found, artifacts)
}

/// Places and mends lie in their files.
fn check_places(d: &Diagnostic, sources: &SourceMap) {
    for label in &d.labels {
        let file = sources.file(label.span.file).unwrap_or_else(|| panic!("{d:?} is nowhere"));
        assert!(file.text().get(label.span.range.to_usize()).is_some(), "{d:?}");
    }
    for fix in &d.fixes {
        let file = sources.file(fix.file).unwrap_or_else(|| panic!("{fix:?} is nowhere"));
        assert!(apply_edits(file.text(), &fix.edits).is_ok(), "{fix:?}");
    }
    // What an `assert` says is the author's.
    let closed = d.title.ends_with('.') && d.code.name != "assertion-failed";
    assert!(!d.title.is_empty() && !d.title.contains('\n') && !closed, "{:?}", d.title);
}

/// Every expression of a template can be read by Azure.
fn check_expressions(json: &Value) {
    match json {
        Value::String(text) => {
            if let Err(error) = parse_template_string(text) {
                panic!("{text}: {error}");
            }
        }
        Value::Array(items) => items.iter().for_each(check_expressions),
        Value::Object(members) => members.iter().for_each(|(key, value)| {
            assert!(parse_template_string(key).is_ok(), "{key}");
            check_expressions(value);
        }),
        _ => {}
    }
}

impl Case {
    fn shown(&self) -> String {
        format!("from {}, {:?}\n----\n{}\n----", self.origin.display(), self.api_version, self.text)
    }
}

#[test]
fn no_text_breaks_the_pipeline() {
    hunt(COUNT, &|seed| Case::new(seed).shown(), &|seed| {
        let case = Case::new(seed);
        if seed.is_multiple_of(4) {
            totality::check(&case.text);
        }
        let made = made_of(&case);
        if seed.is_multiple_of(16) {
            assert!(made == made_of(&case), "a second run gives something else");
        }
        !made.1.is_empty()
    });
}

/// Templates in JSON, as mixed: read, checked, told.
fn check_json(seed: u64) -> bool {
    let text = json_of(seed);
    let mut sources = SourceMap::default();
    let id = sources.add(Arc::new(SourceFile::new("template.json", text.as_str())));
    let mut sink = Sink::new();
    let read = match aib::json::read(id, &text) {
        Ok(document) => {
            let program =
                aib::arm_json::read(id, &text, &document, &aib::arm_json::Options::default(), &mut sink);
            aib::lint::run(&program, &sources, &mut sink);
            true
        }
        Err(found) => {
            assert!(!found.is_empty(), "refused without a word");
            sink.extend(found);
            false
        }
    };
    let found = sink.into_sorted();
    for diagnostic in &found {
        check_places(diagnostic, &sources);
    }
    for format in FORMATS {
        render(format.format, &found, &sources, &Settings::default());
    }
    read
}

/// What is built of the project's files, for mutation.
static TEMPLATES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let read = |file: PathBuf| fs::read_to_string(file).unwrap();
    let snapshots = files(&path("tests/it/snapshots"), ".snap").into_iter().map(read);
    // The head of a snapshot ends in a line of three hyphens.
    let bodies = snapshots.filter_map(|text| text.splitn(3, "---\n").nth(2).map(str::to_owned));
    bodies.filter(|text| text.starts_with('{')).collect()
});

fn json_of(seed: u64) -> String {
    let random = &mut Random::new(seed);
    let (base, other) =
        (&TEMPLATES[random.below(TEMPLATES.len())], &TEMPLATES[random.below(TEMPLATES.len())]);
    let mut text = match random.below(8) {
        0 => format!("{}{}", &base[..cut(random, base)], &other[cut(random, other)..]),
        1 => splice_lines(random, base, other),
        _ => base.clone(),
    };
    for _ in 0..random.below(3) {
        text = shuffle(random, &text, other);
    }
    if random.below(3) == 0 {
        text = replace_values(random, &text);
    }
    text
}

/// The text with some of its values replaced, so that it mostly stays JSON.
fn replace_values(random: &mut Random, text: &str) -> String {
    const JSON: &[&str] = &[
        "null",
        "0",
        "-1e999",
        "true",
        "\"\"",
        "\"[parameters('x')]\"",
        "\"[resourceGroup().location]\"",
        "\"[[literal]\"",
        "\"[\"",
        "[]",
        "{}",
        "[[[]]]",
        "{\"type\": \"Shell\"}",
        "[\"a\", 5]",
        "\"<region>\"",
        "\"[concat('a', variables('b'))]\"",
    ];
    let odds = 4 + random.below(60);
    let lines = text.lines().map(|line| match line.split_once("\": ") {
        Some((key, _)) if random.below(odds) == 0 && !line.ends_with(['{', '[']) => {
            let comma = if line.ends_with(',') { "," } else { "" };
            format!("{key}\": {}{comma}", random.pick(JSON))
        }
        _ => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn no_template_breaks_the_check_of_json() {
    let shown = |seed| format!("----\n{}\n----", json_of(seed));
    hunt(COUNT / 2, &shown, &check_json);
}
