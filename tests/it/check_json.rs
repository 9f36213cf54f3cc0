//! Templates in JSON, checked as they are: what is said of them, where, and that nothing breaks it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use aib::arm_json::{self, Options};
use aib::base::{FileId, SourceFile, SourceMap, apply_edits};
use aib::diag::{Diagnostic, Sink};
use aib::report::{Format, Settings, render};
use aib::{json, lint};

use crate::cli::Place;

/// What is found in a text.
pub(crate) struct Checked {
    pub(crate) map: SourceMap,
    pub(crate) found: Vec<Diagnostic>,
}

/// Checks a text; nothing for one that cannot be read or holds no image template.
pub(crate) fn check(name: &str, text: &str) -> Option<Checked> {
    check_with(name, text, &Options::default())
}

/// The same with advice, which nobody asked for otherwise.
pub(crate) fn check_with_advice(name: &str, text: &str) -> Option<Checked> {
    check_all(name, text, &Options::default())
}

fn check_with(name: &str, text: &str, options: &Options) -> Option<Checked> {
    let mut checked = check_all(name, text, options)?;
    checked.found.retain(|d| !lint::is_advice(d.code));
    Some(checked)
}

fn check_all(name: &str, text: &str, options: &Options) -> Option<Checked> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut map = SourceMap::default();
    let file = map.add(Arc::new(SourceFile::new(name, text)));
    let document = json::read(file, text).ok()?;
    if !arm_json::holds_images(&document) {
        return None;
    }
    let mut sink = Sink::new();
    let program = arm_json::read(file, text, &document, options, &mut sink);
    lint::run(&program, &map, &mut sink);
    Some(Checked { found: sink.into_sorted(), map })
}

impl Checked {
    fn short(&self) -> String {
        render(Format::Short, &self.found, &self.map, &Settings::default())
    }

    /// The text at the main place of a finding.
    pub(crate) fn at(&self, d: &Diagnostic) -> &str {
        self.map.text_of(d.span())
    }

    /// Checks that each finding lies in the file, at the member or value that it speaks of.
    pub(crate) fn holds_its_places(&self) {
        for d in &self.found {
            for label in &d.labels {
                let text = self.map.text_of(label.span);
                assert!(!text.is_empty(), "no text at {:?} of {}", label.span, d.title);
            }
            let (at, title) = (self.at(d), &d.title);
            let quoted: Vec<&str> = title.split('`').skip(1).step_by(2).collect();
            let is_key = |name: &&str| at == format!("\"{name}\"");
            let last = quoted.last().is_some_and(is_key);
            match d.code.id {
                "AIB300" if title.contains("has no member") => assert!(last, "{title}: {at}"),
                "AIB300" => assert!(quoted.first().is_some_and(is_key), "{title}: {at}"),
                "AIB303" => assert!(at.starts_with('"'), "{title}: {at}"),
                "AIB304" | "AIB317" => assert!(quoted.first().is_some_and(is_key), "{title}: {at}"),
                "AIB305" => assert!(quoted.iter().any(is_key) || at.contains("/versions/"), "{title}: {at}"),
                "AIB306" => assert!(quoted.first().is_some_and(is_key), "{title}: {at}"),
                "AIB307" | "AIB308" => {
                    if let Some(number) = title.split(" this is the number ").nth(1) {
                        assert_eq!(at, number, "{title}");
                    } else if title.ends_with("an object") {
                        assert!(at.starts_with('{'), "{title}: {at}");
                    } else if title.ends_with("a list") {
                        assert!(at.starts_with('['), "{title}: {at}");
                    }
                }
                "AIB111" => assert_eq!(at.trim_matches(['"', '\'']), quoted[0], "{title}"),
                "AIB319" => assert!(title.contains(at.trim_matches('"')), "{title}: {at}"),
                "AIB711" | "AIB712" | "AIB713" => assert!(at.starts_with('"'), "{title}: {at}"),
                _ => {}
            }
        }
    }

    /// Checks that each mend of a finding leaves JSON behind.
    pub(crate) fn mends_stay_json(&self) {
        for d in &self.found {
            for fix in &d.fixes {
                let text = self.map.file(fix.file).unwrap().text();
                let mended = apply_edits(text, &fix.edits).unwrap();
                assert!(json::read(FileId(0), &mended).is_ok(), "{}: {}", d.title, fix.title);
            }
        }
    }
}

fn cases() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/json");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    let name = |p: &Path| p.file_stem().unwrap().to_string_lossy().into_owned();
    paths.iter().map(|p| (name(p), fs::read_to_string(p).unwrap())).collect()
}

#[test]
fn what_is_said_of_templates() {
    for (name, text) in cases() {
        let Some(checked) = check(&format!("{name}.json"), &text) else {
            assert!(["broken", "other"].contains(&name.as_str()), "{name} holds no image template");
            continue;
        };
        checked.holds_its_places();
        checked.mends_stay_json();
        insta::assert_snapshot!(name.as_str(), checked.short());
    }
}

#[test]
fn what_is_right_or_to_be_filled_in_is_left_in_peace() {
    for name in ["clean", "placeholders"] {
        let (_, text) = cases().into_iter().find(|(n, _)| n == name).unwrap();
        assert_eq!(check(name, &text).unwrap().short(), "", "{name}");
    }
}

#[test]
fn how_it_is_drawn() {
    let (_, text) = cases().into_iter().find(|(name, _)| name == "secrets").unwrap();
    let checked = check("secrets.json", &text).unwrap();
    let leaks: Vec<Diagnostic> = checked
        .found
        .iter()
        .filter(|d| d.title.contains("scriptUri") || d.title.contains("no parameter"))
        .cloned()
        .collect();
    insta::assert_snapshot!(render(Format::Graphical, &leaks, &checked.map, &Settings::default()));
}

#[test]
fn the_words_are_those_of_json() {
    let words = [
        "build {",
        "vm_size",
        "vault.secret",
        "= …",
        "`restart` step",
        "`shell` step",
        "sha256 =",
        "aib finds",
    ];
    let mut all = String::new();
    for (name, text) in cases() {
        let Some(checked) = check(&name, &text) else { continue };
        for d in &checked.found {
            let labels = d.labels.iter().map(|l| l.message.as_str());
            let texts = [d.title.as_str()].into_iter().chain(d.notes.iter().map(String::as_str));
            for said in texts.chain(d.help.as_deref()).chain(labels) {
                assert!(words.iter().all(|word| !said.contains(word)), "{name}: {said}");
                writeln!(all, "{said}").unwrap();
            }
        }
    }
    for word in ["`buildTimeoutInMinutes`", "`sha256Checksum`", "`vmProfile.vmSize`"] {
        assert!(all.contains(word.trim_matches('`')), "nothing says {word}");
    }
}

#[test]
fn values_given_beforehand_are_known() {
    use aib::check::{Given, GivenValue};
    let template = r#"{ "$schema": "x/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
      "parameters": { "minutes": { "type": "int" }, "region": { "type": "string" } },
      "resources": [ { "type": "Microsoft.VirtualMachineImages/imageTemplates", "name": "it", "location": "[parameters('region')]",
        "identity": { "type": "UserAssigned", "userAssignedIdentities": { "<id>": {} } },
        "properties": { "buildTimeoutInMinutes": "[parameters('minutes')]", "stagingResourceGroup": "",
          "source": { "type": "ManagedImage", "imageId": "<id>" }, "distribute": [ { "type": "ManagedImage", "runOutputName": "a", "imageId": "<id>", "location": "<region>" } ] } } ] }"#;
    let given = |name: &str, text: &str| Given {
        name: name.into(),
        value: GivenValue::Text(text.into()),
        from: "--set".into(),
    };
    let codes = |options: &Options| -> Vec<String> {
        let checked = check_with("x.json", template, options).unwrap();
        checked.found.iter().map(|d| format!("{} {}", d.code.id, checked.at(d))).collect()
    };
    assert_eq!(codes(&Options::default()), ["AIB302 \"type\""]);
    let options = Options {
        given: vec![given("MINUTES", "3"), given("region", "Australia Central")],
        api_version: Some("2020-02-14".into()),
        ..Options::default()
    };
    assert_eq!(
        codes(&options),
        [
            "AIB724 \"[parameters('region')]\"",
            "AIB720 \"[parameters('minutes')]\"",
            "AIB303 \"stagingResourceGroup\""
        ]
    );
}

/// A template with a body of one image, and variables.
fn template(variables: &str, properties: &str) -> String {
    format!(
        r#"{{ "$schema": "x/deploymentTemplate.json#", "contentVersion": "1", "variables": {{ {variables} }}, "resources": [
        {{ "type": "Microsoft.VirtualMachineImages/imageTemplates", "apiVersion": "2024-02-01", "name": "it",
           "location": "x", "properties": {properties} }} ] }}"#
    )
}

#[test]
fn nothing_takes_for_ever() {
    let started = Instant::now();
    let mut texts = Vec::new();
    // Variables that double at each step, and that name each other in a ring.
    let doubling: Vec<String> = (0..60)
        .map(|n| format!(r#""v{}": "[concat(variables('v{n}'), variables('v{n}'))]""#, n + 1))
        .collect();
    texts.push(template(
        &format!(r#""v0": "x", {}"#, doubling.join(",")),
        r#"{ "stagingResourceGroup": "[variables('v60')]", "customize": "[variables('v60')]" }"#,
    ));
    texts.push(template(
        r#""a": "[variables('b')]", "b": "[variables('a')]", "c": "[concat(variables('c'), variables('c'))]""#,
        r#"{ "source": "[variables('a')]", "customize": ["[variables('c')]", "[variables('a').x[0]['y']]"] }"#,
    ));
    let spread: Vec<String> = (0..40)
        .map(|n| format!(r#""v{}": {{ "a": "[variables('v{n}')]", "b": "[variables('v{n}')]" }}"#, n + 1))
        .collect();
    texts.push(template(
        &format!(r#""v0": {{}}, {}"#, spread.join(",")),
        r#"{ "vmProfile": "[variables('v40')]" }"#,
    ));
    // Deep values, deep deployments, many of everything.
    let deep = |open: &str, close: &str, n: usize| format!("{}1{}", open.repeat(n), close.repeat(n));
    texts.push(template("", &deep("[", "]", 240)));
    texts.push(template("", &deep(r#"{"a":"#, "}", 240)));
    let nested = r#"{"type":"Microsoft.Resources/deployments","properties":{"template":{"resources":["#;
    texts.push(format!(r#"{{"resources":[{}{}]}}"#, nested.repeat(60), "]}}}".repeat(60)));
    let step = r#"{"type":"Shell","inline":["[concat('a', variables('x'))]"]},"#.repeat(20_000);
    texts.push(template(r#""x": "y""#, &format!(r#"{{"customize":[{}{{}}]}}"#, step)));
    let resource = r#"{"type":"Microsoft.VirtualMachineImages/imageTemplates","name":"n","properties":{}},"#;
    texts.push(format!(r#"{{"resources":[{}{{}}]}}"#, resource.repeat(10_000)));
    let keys: String = (0..50_000).map(|n| format!(r#""k{n}":1,"#)).collect();
    texts.push(template("", &format!(r#"{{{keys}"buildTimeoutInMinutes":"x"}}"#)));
    let parens = "(".repeat(100_000);
    texts.push(template(
        "",
        &format!(r#"{{"source":"[f{parens}]","distribute":"[{}]"}}"#, "a.".repeat(50_000)),
    ));
    for text in &texts {
        let one = Instant::now();
        if let Some(checked) = check("x.json", text) {
            checked.mends_stay_json_of_first();
        }
        assert!(one.elapsed() < Duration::from_secs(20), "{:?} for {:.200}", one.elapsed(), text);
    }
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
}

impl Checked {
    /// A few mends; all of a hostile file would take long to apply.
    fn mends_stay_json_of_first(&self) {
        let few = Self { map: self.map.clone(), found: self.found.iter().take(3).cloned().collect() };
        few.mends_stay_json();
    }
}

#[test]
fn cut_and_changed_templates_break_nothing() {
    let mut random = crate::soup::Random::new(0x15_0A);
    for (name, text) in cases() {
        for _ in 0..60 {
            let mut bytes: Vec<u8> = text.clone().into_bytes();
            for _ in 0..=random.below(4) {
                let at = random.below(bytes.len());
                let end = (at + random.below(40)).min(bytes.len());
                match random.below(3) {
                    0 => drop(bytes.drain(at..end)),
                    1 => bytes.extend_from_within(at..end),
                    _ => bytes[at] = b"\"[]{},:'()0a"[random.below(12)],
                }
            }
            if let Ok(text) = String::from_utf8(bytes)
                && let Some(checked) = check(&name, &text)
            {
                for d in &checked.found {
                    assert!(!checked.at(d).is_empty() || text.is_empty(), "{}", d.title);
                }
            }
        }
    }
}

const IMAGE: &str = r#"{
  "type": "Microsoft.VirtualMachineImages/imageTemplates",
  "apiVersion": "2024-02-01",
  "location": "westeurope",
  "identity": { "type": "UserAssigned", "userAssignedIdentities": { "<id>": {} } },
  "properties": {
    "source": { "type": "ManagedImage", "imageId": "<id>" },
    "distribute": [{ "type": "VHD", "runOutputName": "a", "uri": "https://a.example/v" }]
  }
}
"#;

#[test]
fn folders_and_patterns_hold_both_kinds_of_files() {
    let wrong = IMAGE.replace("\"apiVersion\"", "\"zones\": [],\n  \"apiVersion\"");
    let place = Place::with(&[
        ("images/a.aib", "output a = 1\n"),
        ("images/b.json", &wrong),
        ("images/deep/c.jsonc", &wrong),
        ("images/parameters.json", "{ \"parameters\": { \"a\": { \"value\": 1 } } }"),
        ("images/package.json", "{ broken"),
        ("images/broken.json", "{ \"type\": \"Microsoft.VirtualMachineImages/imageTemplates\" "),
        ("images/notes.txt", "{"),
    ]);
    let told = |args: &[&str]| {
        let ran = place.run(&[&["check", "--format", "short"], args].concat()).code(1);
        ran.out().to_owned()
    };
    let zones = "3:3: error[AIB300]: the image template has no member `zones`\n";
    let cut = "images/broken.json:1:59: error[AIB800]: the file ends before a `}`\n";
    let (b, c) = (format!("images/b.json:{zones}"), format!("images/deep/c.jsonc:{zones}"));
    assert_eq!(told(&["images"]), format!("{b}{cut}{c}"));
    assert_eq!(told(&["images/*.json", "images/a.aib"]), format!("{b}{cut}"));
    assert_eq!(told(&["images/**/c.*"]), c);
    place.run(&["check", "images/*.yaml"]).code(2).tells("no .aib or .json file matches `images/*.yaml`");
    place
        .run(&["check", "images/parameters.json", "images/a.aib", "-v"])
        .code(0)
        .tells("skipped images/parameters.json: it holds no image template")
        .tells("checked 1 file, skipped 1 JSON file without an image template: nothing found");
    // What is named is meant, whatever it holds.
    place.run(&["check", "images/package.json"]).code(1).tells("keys stand in double quotes");
    place.run(&["check", "images/missing.json"]).code(2).tells("there is no file `images/missing.json`");
}

#[test]
fn formats_and_levels_are_those_of_sources() {
    let wrong = IMAGE.replace("\"apiVersion\"", "\"zones\": [],\n  \"apiVersion\"");
    let place = Place::with(&[("x.json", &wrong), ("good.json", &format!("\u{feff}{IMAGE}"))]);
    let ran = place.run(&["check", "x.json", "--format", "json"]).code(1);
    assert_eq!(ran.found(), [("unknown-property".to_string(), "x.json".to_string())]);
    place.run(&["check", "x.json", "--format", "narrated"]).code(1).tells("has no member `zones`");
    place.run(&["check", "good.json"]).code(0).tells("checked 1 file: nothing found");
    place.run(&["check", "good.json", "--api-version", "2020-02-14"]).code(0);
}

#[test]
fn hostile_files_end_in_a_clear_error() {
    let place = Place::with(&[
        ("deep.json", &"[".repeat(300_000)),
        ("twice.json", &IMAGE.replace("\"location\"", "\"location\": \"x\", \"location\"")),
        ("long.json", &IMAGE.replace("westeurope", &"x".repeat(5_000_000))),
    ]);
    place.write("latin.json", b"{ \"a\": \"\xe9\" }");
    place.write("utf16.json", b"\xff\xfe{\0}\0");
    let started = Instant::now();
    place.run(&["check", "deep.json"]).code(1).tells("this nests too deeply");
    place.run(&["check", "latin.json"]).code(1).tells("this file is not UTF-8 text");
    place.run(&["check", "utf16.json"]).code(1).tells("this file is not UTF-8 text");
    place.run(&["check", "twice.json"]).code(0).tells("`location` stands twice in this object");
    place.run(&["check", "long.json"]).code(0);
    place.run(&["check", "."]).code(0);
    let mut large = String::from("{\"a\": [");
    large.push_str(&"{\"b\": 1},".repeat(6_000_000));
    place.write("large.json", &large);
    assert!(large.len() > 50_000_000);
    place.run(&["check", "large.json"]).code(1).tells("this file holds too many values");
    place.write("huge.json", "x".repeat(70_000_000));
    place.run(&["check", "huge.json"]).code(2).tells("the limit is");
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
}
