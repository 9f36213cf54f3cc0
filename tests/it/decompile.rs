//! Templates in JSON to source: what a person would have written, nothing lost in silence, and the same deployment.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use aib::analysis::{self, Input, Request, Versus};
use aib::base::{FileId, SourceFile, SourceMap};
use aib::decompile::{Decompiled, Form, Options, Placeholders, decompile};
use aib::diag::Gate;
use aib::emit::Emit;
use aib::json::{self, Document, Value};
use aib::report::{Format, Settings, render};
use aib::{fmt, syntax};

use crate::cli::Place;
use crate::pipeline;
use crate::project::{assert_snapshots, names, path};

const CASES: &str = "tests/cases/decompile";

fn text_of(case: &str) -> String {
    fs::read_to_string(path(CASES).join(format!("{case}.json"))).unwrap()
}

fn read(text: &str) -> Document {
    json::read(FileId(0), text).unwrap()
}

fn source_of(stem: &str, text: &str, placeholders: Placeholders) -> Decompiled {
    decompile(FileId(0), &read(text), &Options { stem: stem.into(), placeholders }).unwrap()
}

/// The findings, each on a line, then the source.
fn shown(stem: &str, text: &str, placeholders: Placeholders) -> String {
    let done = source_of(stem, text, placeholders);
    let mut map = SourceMap::default();
    map.add(Arc::new(SourceFile::new(format!("{stem}.json"), text)));
    let mut found = done.findings;
    found.sort_by_key(|d| (d.span(), d.code.id));
    let mut out = render(Format::Short, &found, &map, &Settings::default());
    write!(out, "\n{}", done.text).unwrap();
    out.trim_start().to_owned()
}

#[test]
fn templates_become_source() {
    let mut made = Vec::new();
    for case in names(CASES, ".json") {
        insta::assert_snapshot!(case.as_str(), shown(&case, &text_of(&case), Placeholders::Literal));
        made.push(case);
    }
    let name = "placeholders_as_parameters";
    insta::assert_snapshot!(name, shown("placeholders", &text_of("placeholders"), Placeholders::Param));
    made.push(name.into());
    assert_snapshots("decompile", &made);
}

/// The templates of this project that are decompiled: those of these tests, and those that `check` is tested with.
fn all() -> Vec<PathBuf> {
    let of = |folder: &str| {
        let names = names(folder, ".json");
        names.into_iter().map(|name| path(folder).join(format!("{name}.json"))).collect::<Vec<_>>()
    };
    let mut out = of(CASES);
    out.extend(of("tests/cases/json"));
    out
}

/// What `build --permissive` makes of the source of a template; nothing if the file is no template.
fn there_and_back(template: &Path, folder: &Path) -> Option<PathBuf> {
    let (_, written) = analysis::decompile(&[Input::File(template.into())], &Options::default());
    let written = written.into_iter().next()?;
    let source = folder.join(&written.name);
    fs::write(&source, &written.text).unwrap();
    let outcome = analysis::run(&Request {
        inputs: vec![Input::File(source)],
        emit: vec![if written.form == Form::Template { Emit::Arm } else { Emit::Image }],
        gate: Gate::Permissive,
        ..Request::default()
    });
    let found = render(Format::Short, &outcome.diagnostics, &outcome.sources, &Settings::default());
    let artifacts = outcome.entries.first().and_then(|entry| entry.artifacts.as_ref());
    let artifacts = artifacts.unwrap_or_else(|| panic!("{}\n{found}\n{}", template.display(), written.text));
    let texts: Vec<&str> =
        artifacts.iter().filter(|a| !a.name.ends_with(".roles.json")).map(|a| a.text.as_str()).collect();
    let text = if let [only] = texts[..] { only.to_owned() } else { format!("[{}]", texts.join(",")) };
    let built = folder.join(format!("{}.built.json", written.name));
    fs::write(&built, text).unwrap();
    Some(built)
}

#[test]
fn source_deploys_what_the_template_deploys() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut count = 0;
    for template in all() {
        let Some(built) = there_and_back(&template, folder.path()) else { continue };
        let compared = analysis::compare(&Versus {
            old: Input::File(template.clone()),
            new: Input::File(built),
            given: Vec::new(),
            api_version: None,
        });
        let difference = compared.difference.as_ref().unwrap_or_else(|| panic!("{compared:?}"));
        count += 1;
        // The default of a secret parameter is never written, whatever else is.
        if template.ends_with("secrets.json")
            && difference.parameters.iter().all(|c| c.path.ends_with("/defaultValue") && c.new.is_none())
        {
            continue;
        }
        assert!(difference.is_empty(), "{}: {difference:?}", template.display());
    }
    assert!(count >= 17, "only {count} templates");
}

#[test]
fn source_is_in_the_one_style_and_always_the_same() {
    for template in all() {
        let text = fs::read_to_string(&template).unwrap();
        let Ok(document) = json::read(FileId(0), &text) else { continue };
        for placeholders in [Placeholders::Literal, Placeholders::Param] {
            let options = Options { stem: "x".into(), placeholders };
            let Ok(done) = decompile(FileId(0), &document, &options) else { continue };
            assert_eq!(fmt::format(&done.text).text, done.text, "{}", template.display());
            assert!(syntax::parse(FileId(0), &done.text).errors.is_empty(), "{}", done.text);
            let again = decompile(FileId(0), &document, &options).unwrap();
            assert_eq!(again.text, done.text);
        }
    }
}

/// Every comment is in the source, or is told at its place.
#[test]
fn comments_survive() {
    fn walk(value: &Value, out: &mut Vec<(String, aib::base::TextRange)>) {
        for comment in [value.before(), value.after(), value.inside()].into_iter().flatten() {
            let line = comment.text.lines().map(str::trim).find(|l| !l.is_empty()).unwrap_or_default();
            out.push((line.trim_start_matches(['/', '*', ' ']).into(), comment.range));
        }
        value.as_list().into_iter().flatten().for_each(|item| walk(item, out));
        value.as_object().into_iter().flat_map(|o| &o.members).for_each(|m| walk(&m.value, out));
    }
    let mut carried = 0;
    for template in all() {
        let text = fs::read_to_string(&template).unwrap();
        let Ok(document) = json::read(FileId(0), &text) else { continue };
        let Ok(done) = decompile(FileId(0), &document, &Options::default()) else { continue };
        let mut comments = Vec::new();
        walk(&document.root, &mut comments);
        for (line, range) in comments {
            let told = done.findings.iter().any(|d| d.code.id == "AIB812" && d.span().range == range);
            let kept = done.text.lines().any(|l| l.contains("//") && l.contains(&line));
            assert!(told || kept, "{}: {line}\n{}", template.display(), done.text);
            carried += usize::from(kept);
        }
    }
    assert!(carried >= 5, "only {carried} comments");
}

#[test]
fn comments_stand_at_what_they_are_about() {
    let text = r#"// of the file
{
  // schema
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  /* of the parameters */
  "parameters": {
    "a": { "type": "string" }, // of a
    // of b
    "b": { "type": "int", "defaultValue": /* two */ 2 }
    // last
  }, // behind the parameters
  "resources": [
    // of the resource
    {
      "type": "A.B/c", // of the type
      "apiVersion": "2024-01-01",
      "name": "x",
      // of the properties
      "properties": { "list": [1, /* of two */ 2] },
      "dependsOn": [] // nothing
    },
    // of the image
    {
      "type": "Microsoft.VirtualMachineImages/imageTemplates",
      "apiVersion": "2024-02-01",
      "name": "web",
      // of its properties
      "properties": {
        "source": { "type": "ManagedImage", "imageId": "<id>" },
        "distribute": [{ "type": "VHD", "runOutputName": "vhd" }]
        // last of its properties
      } // behind its properties
    }
  ]
  // last of the template
}
// behind the template
"#;
    insta::assert_snapshot!(source_of("x", text, Placeholders::Literal).text, @r#"
    // of the file
    // schema

    // of the parameters
    param a: string // of a

    // of b
    // two
    param b: int = 2

    // last
    // behind the parameters

    // of the resource
    // of the type
    // nothing
    resource "A.B/c@2024-01-01" resource {
      name = "x"
      // of the properties
      properties = {
        list = [
          1, // of two
          2,
        ]
      }
    }

    // of the image
    image web {
      location = null
      // of its properties
      source = managed_image("<id>")

      distribute {
        vhd { output = "vhd" }
      }
      // last of its properties
      // behind its properties
    }

    // last of the template
    // behind the template
    "#);
    let list = "// first\n[\n// of the body\n{\"type\": \"Microsoft.VirtualMachineImages/imageTemplates\", \"name\": \"web\", \"properties\": {}}\n// last\n]\n// behind\n";
    let text = source_of("x", list, Placeholders::Literal).text;
    assert!(text.starts_with("// first\n\n// of the body\nimage web {"), "{text}");
    assert!(text.ends_with("}\n\n// last\n// behind\n"), "{text}");
}

/// What the source of a template builds, in spite of what Azure would refuse.
fn built(source: &str) -> serde_json::Value {
    let place = Place::with(&[("x.aib", source)]);
    serde_json::from_str(place.run(&["build", "x.aib", "--permissive", "--stdout"]).out()).unwrap()
}

/// In a template `[ -f /x ]` is an expression, and a broken one: the line stays as it is, the script a script.
#[test]
fn tests_of_the_shell_leave_scripts_readable() {
    let text = text_of("shell_tests");
    let built = built(&source_of("x", &text, Placeholders::Literal).text);
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let steps = |template: &serde_json::Value| template["resources"][0]["properties"]["customize"].clone();
    assert_eq!(steps(&built), steps(&json));
}

#[test]
fn the_command_writes_files() {
    let body = text_of("body");
    let place = Place::with(&[("web.json", &body), ("more/Web.image.json", &body), ("other.json", "{}")]);
    let source = source_of("web", &body, Placeholders::Literal).text;
    assert_eq!(place.run(&["decompile", "web.json"]).code(0).out(), source);
    assert_eq!(place.run_with(&["decompile", "-"], &[], &body).code(0).out(), source);

    let marked = format!("\u{feff}{}", body.replace('\n', "\r\n"));
    assert_eq!(place.run_with(&["decompile", "-"], &[], &marked).code(0).out(), source);

    place.run(&["decompile", "web.json", "-o", "src"]).code(0).tells("wrote src/web.aib");
    assert_eq!(place.read("src/web.aib"), source);
    place.run(&["check", "src/web.aib"]).code(0);

    place.run(&["decompile", "web.json", "-o", "src"]).code(0).tells("wrote src/web.aib");
    place.write("src/web.aib", "output mine = 1\n");
    place.write("more/other.json", &body);
    let both = ["decompile", "more/other.json", "web.json", "-o", "src"];
    place.run(&both).code(2).tells("--force").tells("`src/web.aib`");
    assert_eq!(place.read("src/web.aib"), "output mine = 1\n");
    assert!(!place.path("src/other.aib").exists());
    place.run(&[&both[..], &["--force"]].concat()).code(0);
    assert_eq!(place.read("src/web.aib"), source);
    place.write("named.aib", &body);
    place.run(&["decompile", "named.aib", "-o", "."]).code(2).tells("named.aib");
    assert_eq!(place.read("named.aib"), body);

    place.run(&["decompile", "web.json", "-o", "new/Mine.aib"]).code(0).tells("wrote new/Mine.aib");
    assert_eq!(place.read("new/Mine.aib"), source);
    place.write("new/Mine.aib", "output mine = 1\n");
    place.run(&["decompile", "web.json", "-o", "new/Mine.aib"]).code(2).tells("`new/Mine.aib`");
    assert_eq!(place.read("new/Mine.aib"), "output mine = 1\n");
    let many = ["decompile", "web.json", "more/other.json", "-o", "new/all.aib"];
    place.run(&many).code(2).tells("2 files can't be written to `new/all.aib` as one");
    assert!(!place.path("new/all.aib").exists());
    // A folder that is there already stays one.
    place.write("odd.aib/x.txt", "");
    place.run(&["decompile", "web.json", "-o", "odd.aib"]).code(0).tells("wrote odd.aib/web.aib");

    place.run(&["decompile", "web.json", "other.json"]).code(2).tells("--out");
    place.run(&["decompile", "web.json", "more/Web.image.json", "-o", "both"]).code(2).tells("web.aib");
    place.run(&["decompile", "other.json"]).code(1).tells("AIB810");
    let values = "{\"parameters\": {\"a\": {\"value\": 1}}}";
    place.run_with(&["decompile", "-"], &[], values).code(1).tells("--params");
    place.run(&["decompile", "none.json"]).code(2).tells("none.json");
    place.run_with(&["decompile", "-"], &[], "{").code(1).tells("AIB800");
}

/// Control characters in texts come through, also on standard output.
#[test]
fn texts_come_through() {
    let all = "a\u{7f}b\u{1b}[0m\u{9b}1m\r\n\t\u{0}\u{2028}\u{feff}'''\"\"\" ${x} \\ \n  indented\n\nlast\n";
    let template = serde_json::json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "resources": [],
        "outputs": {
            "all": { "type": "string", "value": all },
            "lines": { "type": "array", "value": all.split('\n').collect::<Vec<_>>() },
        },
    });
    let place = Place::with(&[("a.json", &template.to_string())]);
    let source = place.run(&["decompile", "a.json"]).code(0);
    place.write("a.aib", source.out());
    let built = place.run(&["build", "a.aib", "--stdout"]).code(0);
    let built: serde_json::Value = serde_json::from_str(built.out()).unwrap();
    assert_eq!(built, template);
}

/// A text of several lines is a block, whatever its lines begin and end with.
#[test]
fn long_texts_are_blocks() {
    let text = text_of("long_texts");
    let built = built(&source_of("x", &text, Placeholders::Literal).text);
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(built["resources"][0]["properties"], json["resources"][0]["properties"]);
    assert_eq!(built["parameters"], json["parameters"]);
    assert_eq!(built["outputs"]["made"], json["outputs"]["made"]);
    assert_eq!(built["outputs"]["list"]["value"][0], json["outputs"]["list"]["value"][0]);
}

/// Texts of all that a block string has to be careful with come back as they were.
#[test]
fn blocks_hold_exactly_their_text() {
    let mut seed = 7_u64;
    let mut next = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let letters = [
        "a", " ", "\t", "\n", "\r\n", "\r", "'", "\"", "\\", "${", "}", "\n\n", "'''", "\"\"\"", "n", "\u{1}",
    ];
    for _ in 0..60 {
        let texts: Vec<String> = (0..40)
            .map(|_| (0..next(14)).map(|_| letters[usize::try_from(next(16)).unwrap()]).collect())
            .collect();
        let template = serde_json::json!({
            "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
            "contentVersion": "1.0.0.0",
            "resources": [],
            "outputs": { "all": { "type": "array", "value": texts } },
        });
        let source = source_of("x", &template.to_string(), Placeholders::Literal).text;
        let made = pipeline::template(&[("main.aib", &source)]).unwrap();
        let made: serde_json::Value = serde_json::from_str(&made).unwrap();
        assert_eq!(made, template, "{source}");
    }
}

#[test]
fn permissive_says_so_and_fails() {
    let source =
        "image web {\n  location = \"westeurope\"\n  source = { type = \"X\" }\n  distribute { vhd }\n}\n";
    let place = Place::with(&[("web.aib", source), ("typo.aib", "output x = nothing\n")]);
    place.run(&["build", "web.aib"]).code(1).tells("AIB302");
    place.run(&["build", "web.aib", "--permissive"]).code(1).tells("in spite of these errors");
    assert!(place.read("out/web.json").contains("\"type\": \"X\""));
    let typo = place.run(&["build", "typo.aib", "--permissive", "-o", "typo"]).code(1);
    typo.tells("AIB1");
    assert!(!place.path("typo").exists());
    let clean = "output x = 1\n";
    place.write("clean.aib", clean);
    let ran = place.run(&["build", "clean.aib", "--permissive", "-o", "clean"]).code(0);
    assert!(!ran.err.contains("in spite of"), "{}", ran.err);
}

#[test]
fn permissive_writes_no_secret() {
    let source = "param key: secret string\nexisting identity id { name = \"id-build\" }\nimage web {\n  identity = id\n  source = platform_image(\"a\", \"b\", \"c\")\n  os = linux\n  customize { shell \"s\" = \"echo ${key}\" }\n  distribute { vhd }\n}\ntemplate { metadata = { x = key } }\n";
    let place = Place::with(&[("web.aib", source)]);
    let args = ["build", "web.aib", "--permissive", "--stdout", "--set", "key=hunter2"];
    let ran = place.run(&args).code(1).tells("AIB500");
    assert!(ran.out().contains("[format('echo {0}', parameters('key'))]"), "{}", ran.out());
    assert!(!ran.out().contains("hunter2"), "{}", ran.out());
    assert!(ran.err.contains("`template`"), "{}", ran.err);
    // Nor is a default: anyone who may read the deployment could read it.
    place.write("web.aib", source.replace("secret string", "secret string = \"hunter2\""));
    let ran = place.run(&args[..4]).code(1).tells("AIB500");
    assert!(ran.out().contains("\"securestring\"") && !ran.out().contains("hunter2"), "{}", ran.out());
}

#[test]
fn resources_are_called_by_what_tells_them_apart() {
    let named = |names: &[&str]| {
        let resources: Vec<String> = names
            .iter()
            .map(|name| {
                format!(
                    r#"{{ "type": "Contoso.Things/things", "apiVersion": "2024-01-01", "name": "{name}" }}"#
                )
            })
            .collect();
        let text = format!(
            r#"{{ "contentVersion": "1.0.0.0", "parameters": {{ "prefix": {{ "type": "string" }} }}, "variables": {{ "name": "[concat(parameters('prefix'), 'HIDDEN')]" }}, "resources": [{}] }}"#,
            resources.join(",")
        );
        let source = source_of("x", &text, Placeholders::Literal).text;
        let heads = source.lines().filter_map(|line| line.strip_prefix("resource ")?.split(' ').nth(1));
        heads.map(str::to_owned).collect::<Vec<_>>()
    };
    let p = "parameters('prefix')";
    assert_eq!(
        named(&[
            &format!("[concat({p}, 'NETWORK')]"),
            &format!("[format('{{0}}-Role-Assignment-{{1}}', {p}, uniqueString({p}))]"),
            &format!("[format('{{0}}/network', {p})]"),
            &format!("[format('rg-{{0}}', {p})]"),
            &format!("[concat({p}, '-01')]"),
            "[variables('name')]",
            &format!("[guid({p}, 'reader')]"),
        ]),
        ["network", "role_assignment", "network_thing", "thing", "thing_2", "thing_3", "thing_4",]
    );
}

#[test]
fn sections_are_found_in_any_letter_case() {
    let text = text_of("names");
    let source = source_of("x", &text, Placeholders::Literal).text;
    let changed = ["$schema", "contentVersion", "parameters", "variables", "resources", "outputs"];
    let changed = changed.iter().fold(text, |text, key| {
        text.replacen(&format!("\"{key}\""), &format!("\"{}\"", key.to_uppercase()), 1)
    });
    assert_eq!(source_of("x", &changed, Placeholders::Literal).text, source);
}

#[test]
fn what_is_missing_in_the_source_is_told() {
    let head = "{\"$schema\": \"x/deploymentTemplate.json#\", \"contentVersion\": \"1.0.0.0\", ";
    let found = |text: &str| {
        let done = source_of("x", text, Placeholders::Literal);
        let told = |d: &aib::diag::Diagnostic| (d.code.id == "AIB812").then(|| d.title.to_string());
        (done.text, done.findings.iter().filter_map(told).collect::<Vec<_>>())
    };
    let (text, told) = found(&format!("{head}\"resources\": []}}"));
    assert_eq!((text.as_str(), told.len()), ("", 1));
    let (text, told) = found(&format!("{head}\"resources\": [{{\"name\": \"a\"}}, {{\"type\": 5}}, {{}}]}}"));
    assert_eq!((text.trim(), told.len()), ("", 3), "{told:?}");
    let large = format!("{head}\"resources\": [], \"variables\": {{\"a\": 12345678901234567890}}}}");
    assert_eq!(found(&large), ("let a = arm(\"[json('12345678901234567890')]\")\n".into(), Vec::new()));
    let image = "\"type\": \"Microsoft.VirtualMachineImages/imageTemplates\", \"location\": \"x\"";
    let (text, told) = found(&format!(
        "{{{image}, \"tags\": null, \"properties\": {{\"a\": 12345678901234567890, \"b\": null}}}}"
    ));
    assert_eq!(told.len(), 2, "{told:?}\n{text}");
}

/// What is written to break it ends soon, and in a clear word where it is no template.
#[test]
fn hostile_templates_end_in_time() {
    let head = "{\"$schema\": \"x/deploymentTemplate.json#\", \"contentVersion\": \"1.0.0.0\", ";
    let nested = |call: &str, depth: usize| format!("[{}'a'{}]", call.repeat(depth), ")".repeat(depth));
    let output = |value: &str| {
        format!(
            "{head}\"resources\": [], \"outputs\": {{\"o\": {{\"type\": \"string\", \"value\": \"{value}\"}}}}}}"
        )
    };
    let resources = |count: usize| {
        let one = "{\"type\": \"A.B/c\", \"apiVersion\": \"1\", \"name\": \"same\", \"properties\": {}}";
        format!("{head}\"resources\": [{}]}}", vec![one; count].join(","))
    };
    let growing = |last: usize| {
        let twice = |i: usize| {
            format!("\"v{i}\": \"[concat(variables('v{0}'), variables('v{0}'), variables('v{0}'))]\"", i - 1)
        };
        let all: Vec<String> = (1..=last).map(twice).collect();
        format!(
            "{head}\"variables\": {{\"v0\": \"[resourceGroup().name]\", {}}}, \"resources\": [{{\"type\": \"A.B/c\", \"apiVersion\": \"1\", \"name\": \"[variables('v{last}')]\"}}]}}",
            all.join(",")
        )
    };
    let comments = |count: usize| {
        let of =
            |i: usize| format!("/* c{i} */ \"o{i}\": /* d{i} */ {{\"type\": \"string\", \"value\": \"x\"}}");
        let all: Vec<String> = (0..count).map(of).collect();
        format!("{head}\"resources\": [], \"outputs\": {{{}}}}}", all.join(","))
    };
    let behind = |count: usize| format!("{head}\"resources\": []}}\n{}", "// c\n".repeat(count));
    let ring = format!(
        "{head}\"resources\": [{{\"type\": \"A.B/c\", \"apiVersion\": \"1\", \"name\": \"a\", \"properties\": {{\"x\": \"[resourceId('A.B/c', 'b')]\"}}}}, {{\"type\": \"A.B/c\", \"apiVersion\": \"1\", \"name\": \"b\", \"properties\": {{\"x\": \"[resourceId('A.B/c', 'a')]\"}}}}]}}"
    );
    let texts = [
        output(&nested("concat('x', ", 120)),
        output(&nested("format('{0}', ", 120)),
        output(&nested("resourceId('A.B/c', ", 100)),
        output(&nested("coalesce(parameters('p'), ", 100)),
        output(&"<a>\\n".repeat(200_000)),
        resources(3_000),
        growing(14),
        comments(3_000),
        behind(200_000),
        ring,
        format!(
            "{head}\"resources\": [[], 1, null, \"x\", {{}}, {{\"type\": 1}}, {{\"name\": {{}}}}], \"outputs\": [], \"parameters\": 1, \"variables\": \"x\"}}"
        ),
        format!(
            "{head}\"resources\": {{\"a-b\": {{}}, \"1\": null, \"\": []}}, \"languageVersion\": \"2.0\"}}"
        ),
    ];
    for text in texts {
        let start = Instant::now();
        for placeholders in [Placeholders::Literal, Placeholders::Param] {
            let done = source_of("x", &text, placeholders);
            let shown: String = text.chars().take(300).collect();
            assert!(syntax::parse(FileId(0), &done.text).errors.is_empty(), "{shown}\n{}", done.text);
        }
        let shown: String = text.chars().take(300).collect();
        assert!(start.elapsed() < Duration::from_secs(120), "{:?}: {shown}", start.elapsed());
    }
}

/// Each place of a valid template is replaced by something else: nothing breaks, and source comes out that can be read.
#[test]
fn changed_templates_become_source_too() {
    let strange = [
        "null",
        "1",
        "-1.5e3",
        "\"\"",
        "\"[x(\"",
        "\"[parameters('nope')]\"",
        "[]",
        "{}",
        "[[1]]",
        "\"<x>\"",
        "true",
    ];
    for case in ["deployment", "symbolic", "body"] {
        let text = text_of(case);
        let places: Vec<usize> = text.match_indices(": \"").map(|(at, _)| at + 2).collect();
        for (number, at) in places.iter().enumerate() {
            let Some(end) = text[at + 1..].find('"').map(|end| at + 1 + end + 1) else { continue };
            let with = strange[number % strange.len()];
            let changed = format!("{}{with}{}", &text[..*at], &text[end..]);
            let Ok(document) = json::read(FileId(0), &changed) else { continue };
            let Ok(done) = decompile(FileId(0), &document, &Options::default()) else { continue };
            let errors = syntax::parse(FileId(0), &done.text).errors;
            assert!(errors.is_empty(), "{with} at {at} of {case}: {errors:?}\n{}", done.text);
        }
    }
}

/// docs/decompile.md: after each template stands its source, and after the one with mistakes what is told of it;
/// `UPDATE=1` writes both.
#[test]
fn the_page_shows_what_comes_out() {
    let page = path("docs/decompile.md");
    let text = fs::read_to_string(&page).unwrap();
    let mut should = String::new();
    let mut rest = text.as_str();
    let mut shown_count = 0;
    while let Some((before, after)) = rest.split_once("<!-- file: ") {
        let (name, after) = after.split_once(" -->\n```json\n").unwrap();
        let (template, after) = after.split_once("```\n").unwrap();
        let (between, after) = after.split_once("```aib").unwrap();
        let (mark, after) = after.split_once('\n').unwrap();
        let after = if after.starts_with("```") { after } else { &after[after.find("\n```").unwrap() + 1..] };
        let stem = name.strip_suffix(".json").unwrap();
        let how = if stem == "quickstart" { Placeholders::Param } else { Placeholders::Literal };
        let shown = shown(stem, template, how);
        let (told, source) =
            if let Some(told) = shown.split_once("\n\n") { told } else { ("", shown.as_str()) };
        let (told, source) = if told.contains("AIB") { (told, source) } else { ("", shown.as_str()) };
        write!(
            should,
            "{before}<!-- file: {name} -->\n```json\n{template}```\n{between}```aib{mark}\n{source}"
        )
        .unwrap();
        rest = after;
        if let Some((between, after)) = after.split_once("```text\n")
            && stem == "old"
        {
            let after =
                if after.starts_with("```") { after } else { &after[after.find("\n```").unwrap() + 1..] };
            write!(should, "{between}```text\n{told}\n").unwrap();
            rest = after;
        } else {
            assert_eq!(told, "", "{name}");
        }
        shown_count += 1;
    }
    should.push_str(rest);
    assert_eq!(shown_count, 5);
    if std::env::var_os("UPDATE").is_some() && should != text {
        fs::write(&page, &should).unwrap();
        return;
    }
    assert!(should == text, "the page is stale: run `UPDATE=1 cargo test the_page_shows`");
}
