//! Existing templates, there and back: what is decompiled and built deploys what the original deploys.
//!
//! The templates lie outside of the project; where they are not there, the test says so and does nothing. The judge is
//! the program that the templates come with. What is measured is printed: `cargo test roundtrip -- --nocapture`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use aib::analysis::{self, Input, Request};
use aib::base::FileId;
use aib::decompile::{Form, Options};
use aib::diag::{Gate, Severity};
use aib::emit::Emit;
use aib::json;

use super::project::{shared, templates_in};

/// How many templates come back strictly, rules and all; the number only grows.
const STRICT_FLOOR: usize = 168;

/// Why a template is refused strictly: codes of errors, and the mistake in the template that each of them is.
const MISTAKES: &[(&str, &str)] = &[
    (
        "AIB302",
        "a member lacks that the service requires: an identity, the regions of a target, an image's id",
    ),
    ("AIB303", "a member stands in an API version that does not have it"),
    ("AIB306", "`runAsSystem` without `runElevated`"),
    ("AIB311", "a run output without a name"),
    ("AIB312", "an empty id, in a skeleton of a template"),
    ("AIB319", "the service refuses the API version"),
    ("AIB500", "a secret in the address of a script, which everybody can read back"),
    ("AIB713", "the address of a web page in place of the script that it shows"),
    ("AIB730", "an update filter without `include:` or `exclude:`"),
];

/// The most of the expressions that may be left as `arm(…)`, in hundredths.
const ARM_SHARE: usize = 2;

/// Says of each pair of files on its standard input whether they are the same deployment.
const JUDGE: &str = "
import sys, json
sys.path.insert(0, sys.argv[1])
import armcmp
for line in sys.stdin:
    left, right = line.rstrip('\\n').split('\\t')
    try:
        found = armcmp.compare(armcmp.load(left), armcmp.load(right))
        print('same' if not found else 'differs ' + ' '.join(json.dumps(found[0]).split())[:300])
    except Exception as error:
        print('unreadable ' + ' '.join(repr(error).split())[:200])
";

/// Says of each file on its standard input what it holds; of an example of the REST API, the body goes to a file.
const SORTER: &str = "
import sys, json, os
sys.path.insert(0, sys.argv[1])
import armcmp
def is_body(d):
    p = d.get('properties') if isinstance(d, dict) else None
    image = str(d.get('type', '')).lower().startswith('microsoft.virtualmachineimages') if isinstance(d, dict) else False
    return image or (isinstance(p, dict) and 'source' in p and 'distribute' in p)
for number, line in enumerate(sys.stdin):
    path = line.rstrip('\\n')
    try:
        d = armcmp.load(path)
    except Exception:
        print('-\\t' + path); continue
    inner = d.get('parameters', {}) if isinstance(d, dict) else {}
    inner = inner.get('parameters') if isinstance(inner, dict) else None
    if armcmp.is_template(d) or is_body(d):
        print('template\\t' + path)
    elif is_body(inner):
        out = os.path.join(sys.argv[2], '%03d-%s' % (number, os.path.basename(path)))
        json.dump(inner, open(out, 'w'), indent=2)
        print('template\\t' + out)
    else:
        print('-\\t' + path)
";

/// A template and what became of it.
struct Case {
    path: PathBuf,
    source: Option<String>,
    /// Written strictly and permissively; absent where nothing was written.
    built: [Option<PathBuf>; 2],
    /// The codes of the errors that the strict run ended in.
    refused: BTreeSet<&'static str>,
    results: [String; 2],
}

#[test]
fn existing_templates_come_back_as_they_were() {
    let Some(shared) = shared("existing_templates_come_back_as_they_were") else { return };
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let found = templates_in(&shared);
    let mut cases: Vec<Case> = Vec::new();
    for (number, path) in templates(&shared, &found, folder.path()).into_iter().enumerate() {
        cases.push(there_and_back(path, &folder.path().join(number.to_string())));
    }
    judge(&shared, &mut cases);
    eprintln!("{}", table(&cases));
    let same = |pass: usize| cases.iter().filter(|case| case.results[pass] == "same").count();
    let wrong: Vec<String> = cases
        .iter()
        .filter(|case| case.results[1] != "same")
        .map(|case| format!("{}: {}", case.path.display(), case.results[1]))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cases.len() >= 230, "only {} templates were found", cases.len());
    assert!(same(0) >= STRICT_FLOOR, "only {} of {} come back strictly", same(0), cases.len());
    let strictly_wrong: Vec<&Case> =
        cases.iter().filter(|case| !matches!(case.results[0].as_str(), "same" | "refused")).collect();
    assert!(strictly_wrong.is_empty(), "{}", strictly_wrong[0].path.display());
    for case in cases.iter().filter(|case| case.results[0] == "refused") {
        let known = |code: &&&str| !MISTAKES.iter().any(|(known, _)| known == *code);
        let other: Vec<_> = case.refused.iter().filter(known).collect();
        assert!(other.is_empty() && !case.refused.is_empty(), "{}: {other:?}", case.path.display());
    }
    let (all, left, _) = expressions(&cases);
    assert!(left * 100 <= all * ARM_SHARE, "{left} of {all} expressions are left as they are");
}

/// How many expressions the templates hold, how many of them are `arm(…)` in the sources, and how many belong to nested
/// templates, which are passed on whole.
fn expressions(cases: &[Case]) -> (usize, usize, usize) {
    // The first number counts those of the template itself, the second those of templates within it.
    fn walk(value: &json::Value, nested: bool, out: &mut [usize; 2]) {
        let is_expr = |text: &str| text.starts_with('[') && text.ends_with(']') && !text.starts_with("[[");
        out[usize::from(nested)] += usize::from(value.as_text().is_some_and(is_expr));
        value.as_list().into_iter().flatten().for_each(|item| walk(item, nested, out));
        let scope = value.get("expressionEvaluationOptions").and_then(|options| options.get("scope"));
        let inner =
            scope.and_then(json::Value::as_text).is_some_and(|scope| scope.eq_ignore_ascii_case("inner"));
        for member in value.as_object().into_iter().flat_map(|object| &object.members) {
            out[usize::from(nested)] += usize::from(is_expr(&member.key.text));
            walk(&member.value, nested || (inner && &*member.key.text == "template"), out);
        }
    }
    let (mut count, mut left) = ([0, 0], 0);
    for case in cases {
        let Some(source) = &case.source else { continue };
        let text = fs::read_to_string(&case.path).unwrap_or_default();
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        if let Ok(document) = json::read(FileId(0), text)
            && document.root.get("resources").is_some()
        {
            walk(&document.root, false, &mut count);
        }
        left += source.matches("arm(\"[").count() + source.matches("arm('[").count();
    }
    (count[0], left, count[1])
}

/// The files that can be read and hold a template or the body of one.
fn templates(shared: &Path, files: &[PathBuf], folder: &Path) -> Vec<PathBuf> {
    let lines: Vec<String> = files.iter().map(|path| path.display().to_string()).collect();
    let answers = python(SORTER, &[&shared.join("tools"), folder], &lines.join("\n"));
    answers.lines().filter_map(|line| line.strip_prefix("template\t")).map(PathBuf::from).collect()
}

fn python(script: &str, args: &[&Path], input: &str) -> String {
    use std::io::Write;
    use std::process::Stdio;
    let mut child = Command::new("python3")
        .args(["-B", "-c", script])
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn there_and_back(path: PathBuf, folder: &Path) -> Case {
    fs::create_dir_all(folder).unwrap();
    let (outcome, written) = analysis::decompile(&[Input::File(path.clone())], &Options::default());
    let Some(written) = written.into_iter().next() else {
        let why = format!("not decompiled: {:?}", outcome.diagnostics.first().map(|d| &d.title));
        let results = [why.clone(), why];
        return Case { path, source: None, built: [None, None], refused: BTreeSet::new(), results };
    };
    let source = folder.join("main.aib");
    fs::write(&source, &written.text).unwrap();
    let mut refused = BTreeSet::new();
    let built = [Gate::Strict, Gate::Permissive].map(|gate| {
        let emit = match written.form {
            Form::Template => Emit::Arm,
            Form::Bodies => Emit::Image,
        };
        let request = Request {
            inputs: vec![Input::File(source.clone())],
            emit: vec![emit],
            gate,
            ..Request::default()
        };
        let outcome = analysis::run(&request);
        if gate == Gate::Strict {
            let errors = outcome.diagnostics.iter().filter(|d| d.severity == Severity::Error);
            refused.extend(errors.map(|d| d.code.id));
        }
        let entry = outcome.entries.into_iter().next()?;
        let wanted = |name: &str| written.form == Form::Bodies || name == entry.template;
        let artifact = entry.artifacts?.into_iter().find(|artifact| wanted(&artifact.name))?;
        let target = folder.join(format!("{gate:?}.json"));
        fs::write(&target, artifact.text).unwrap();
        Some(target)
    });
    let results = ["refused".into(), "refused".into()];
    Case { path, source: Some(written.text), built, refused, results }
}

fn judge(shared: &Path, cases: &mut [Case]) {
    let mut lines = Vec::new();
    let mut places = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        for (pass, built) in case.built.iter().enumerate() {
            if let Some(built) = built {
                lines.push(format!("{}\t{}", case.path.display(), built.display()));
                places.push((number, pass));
            }
        }
    }
    let answers = python(JUDGE, &[&shared.join("tools")], &lines.join("\n"));
    for ((number, pass), answer) in places.into_iter().zip(answers.lines()) {
        cases[number].results[pass] = answer.to_owned();
    }
}

/// File, results, sizes, and how much is passed on as it is.
fn table(cases: &[Case]) -> String {
    let mut out = format!(
        "{:<64} {:>8} {:>10} {:>6} {:>6} {:>4} {:>4}\n",
        "file", "strict", "permissive", "whole", "inked", "arm", "raw"
    );
    let (mut whole, mut inked) = (Vec::new(), Vec::new());
    let (mut raw, mut lines) = (0, 0);
    let mut said = Vec::new();
    for case in cases {
        let name = case.path.file_name().unwrap_or_default().to_string_lossy();
        let source = case.source.as_deref().unwrap_or("");
        let json = fs::read_to_string(&case.path).unwrap_or_default();
        let ratio = |a: usize, b: usize| if b == 0 { 0.0 } else { a as f64 / b as f64 };
        let ink = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
        whole.push(ratio(source.len(), json.len()));
        inked.push(ratio(ink(source), ink(&json)));
        said.push(ratio(ink(&texts(&json)), ink(&json)));
        let count = |words: &[&str]| words.iter().map(|word| source.matches(word).count()).sum::<usize>();
        let (arms, raws) =
            (count(&["arm(\"[", "arm('["]), count(&["raw = {", "envelope = {", "resource \""]));
        raw += raws;
        lines += source.lines().count();
        let short: String = name.chars().take(63).collect();
        out.push_str(&format!(
            "{short:<64} {:>8} {:>10} {:>6.2} {:>6.2} {arms:>4} {raws:>4} {}\n",
            case.results[0].chars().take(8).collect::<String>(),
            case.results[1].chars().take(10).collect::<String>(),
            whole.last().unwrap(),
            inked.last().unwrap(),
            case.refused.iter().copied().collect::<Vec<_>>().join(" "),
        ));
    }
    let median = |values: &mut Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or_default()
    };
    let same = |pass: usize| cases.iter().filter(|case| case.results[pass] == "same").count();
    for (code, why) in MISTAKES {
        let count = cases.iter().filter(|case| case.refused.contains(code)).count();
        out.push_str(&format!("{count:>4} refused for {code}: {why}\n"));
    }
    let (all, left, nested) = expressions(cases);
    out.push_str(&format!(
        "{} templates: {} strict, {} permissive; median size {:.2} of the JSON, {:.2} without white space, of which {:.2} \
         are texts of the JSON; {} are at most half of it; {left} of {all} expressions \
         are arm(…), {nested} more belong to nested templates; {raw} raw in {lines} lines\n",
        cases.len(),
        same(0),
        same(1),
        median(&mut whole),
        median(&mut inked),
        median(&mut said),
        whole.iter().filter(|ratio| **ratio <= 0.5).count(),
    ));
    out
}

/// The texts that a document says in any language: all but the names of its members, types and versions.
fn texts(json: &str) -> String {
    fn walk(value: &json::Value, out: &mut String) {
        out.push_str(value.as_text().unwrap_or_default());
        value.as_list().into_iter().flatten().for_each(|item| walk(item, out));
        let said = |key: &str| !["type", "apiVersion", "$schema", "contentVersion"].contains(&key);
        let members = value.as_object().into_iter().flat_map(|object| &object.members);
        members.filter(|m| said(&m.key.text)).for_each(|member| walk(&member.value, out));
    }
    let mut out = String::new();
    if let Ok(document) = json::read(FileId(0), json.strip_prefix('\u{feff}').unwrap_or(json)) {
        walk(&document.root, &mut out);
    }
    out
}
