//! Diagnostics as text, in every format.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper that fails fails its test")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use aib::base::{FileId, SourceFile, SourceMap, Span, TextEdit, TextRange};
use aib::diag::{Applicability, Diagnostic, Fix, Label, Severity, code};
use aib::report::{FORMATS, Format, Settings, render, summary};
use serde_json::Value;

const WEB: &str = r#"/// The web tier.
import "./company.aib" as company

param password: secret string

image web {
  location = company.location
  tags     = { owner = password }
  source   = marketplace.ubuntu_22_04
  customize {
    shell "install" = "sudo apt-get install -y nginx"
  }
}
"#;

const COMPANY: &str = "/// Where we build.\nlet location = \"westeurope\"\nlet owner = \"web\"\n";

/// Files and the findings in them.
#[derive(Default)]
struct Case {
    sources: SourceMap,
    found: Vec<Diagnostic>,
}

impl Case {
    fn file(&mut self, name: &str, text: &str) -> FileId {
        self.sources.add(Arc::new(SourceFile::new(name, text)))
    }

    /// The span of the `n`th occurrence of a text, from 0.
    fn nth(&self, file: FileId, needle: &str, n: usize) -> Span {
        let text = self.sources.file(file).unwrap().text();
        let (start, _) = text.match_indices(needle).nth(n).unwrap_or_else(|| panic!("no {needle:?}"));
        TextRange::new(start, start + needle.len()).in_file(file)
    }

    fn find(&self, file: FileId, needle: &str) -> Span {
        self.nth(file, needle, 0)
    }

    fn push(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    fn show(&self, format: Format) -> String {
        self.show_with(format, &Settings { width: 80, ..Settings::default() })
    }

    fn show_with(&self, format: Format, settings: &Settings) -> String {
        render(format, &self.found, &self.sources, settings)
    }
}

fn error(span: Span, title: &str) -> Diagnostic {
    Diagnostic::new(&code::SYNTAX, span, title)
}

/// Several places, a second file, notes, help, fixes of both kinds, and each severity.
fn everything() -> Case {
    let mut case = Case::default();
    let web = case.file("web.aib", WEB);
    let company = case.file("company.aib", COMPANY);
    let leak = error(case.nth(web, "password", 1), "a secret reaches `tags`, which can be read back")
        .here("`password` ends up here")
        .also(case.nth(web, "password", 0), "the secret starts here")
        .also(case.find(web, "tags"), "tags are shown by `az image builder show`")
        .note("everything in an image template can be read by whoever may read the template")
        .help("write `secrets = { NAME = vault.secret(\"…\") }` on the step that needs it, so that the build VM fetches it at run time and it is never in the template")
        .fix("remove `owner`", case.find(web, "owner = password"), "", Applicability::Unsafe);
    case.push(leak);
    let mut moved = error(case.find(company, "location"), "`location` hides the image's own")
        .here("declared here")
        .also(case.find(web, "company.location"), "used here")
        .fix("rename it to `_location`", case.find(company, "location"), "_location", Applicability::Safe);
    moved.severity = Severity::Warning;
    case.push(moved);
    let block = case.find(web, "{\n    shell").cover(case.find(web, "nginx\"\n  }"));
    let mut steps = error(block, "only one step").here("these steps");
    steps.severity = Severity::Info;
    case.push(steps);
    case
}

#[test]
fn graphical_shows_every_place_and_what_to_do() {
    insta::assert_snapshot!(everything().show(Format::Graphical));
}

#[test]
fn graphical_draws_in_ascii_where_it_must() {
    let settings = Settings { width: 60, unicode: false, ..Settings::default() };
    insta::assert_snapshot!(everything().show_with(Format::Graphical, &settings));
}

#[test]
fn narrated_says_every_place_and_what_to_do() {
    insta::assert_snapshot!(everything().show(Format::Narrated));
}

#[test]
fn short_is_one_line_a_finding() {
    insta::assert_snapshot!(everything().show(Format::Short), @r"
    web.aib:8:24: error[AIB001]: a secret reaches `tags`, which can be read back
    company.aib:2:5: warning[AIB001]: `location` hides the image's own
    web.aib:10:13: info[AIB001]: only one step
    ");
}

#[test]
fn json_holds_everything() {
    let text = everything().show(Format::Json);
    insta::assert_snapshot!(text);
}

#[test]
fn annotations_for_pipelines_are_one_line_a_finding() {
    insta::assert_snapshot!("github", everything().show(Format::Github));
    insta::assert_snapshot!("azure", everything().show(Format::Azure));
    // What would end a property, a command or a line is escaped, in names of files too.
    let mut case = Case::default();
    let file = case.file("a,b:c;d] 50%.aib", "x\n");
    let found = error(Span { file, range: TextRange::new(0, 1) }, "100%: a, b; c]").here("two\nlines");
    case.push(found);
    insta::assert_snapshot!("github_escaped", case.show(Format::Github));
    insta::assert_snapshot!("azure_escaped", case.show(Format::Azure));
    for case in [everything(), odd_texts()] {
        for format in [Format::Github, Format::Azure] {
            assert_eq!(case.show(format).lines().count(), case.found.len());
        }
    }
}

/// Texts that are hard to draw, each with the places that are hard in them.
fn odd_texts() -> Case {
    let mut case = Case::default();
    let mut add = |name: &str, text: &str, range: (usize, usize), what: &str| {
        let file = case.file(name, text);
        let span = TextRange { start: range.0 as u32, end: range.1 as u32 }.in_file(file);
        case.push(error(span, what).here("here"));
    };
    add("end.aib", "let a =\n", (8, 8), "nothing at the end of the file");
    add("end-without-break.aib", "let a =", (7, 7), "nothing at the end of the line");
    add("empty.aib", "", (0, 0), "nothing in an empty file");
    add("past.aib", "let a =", (90, 99), "a place past the end");
    add("crlf.aib", "let a = 1\r\nlet b = x\r\nlet c = 3\r\n", (19, 20), "a name behind CRLF");
    add("crlf-line.aib", "let a = 1\r\nlet b = x\r\n", (11, 22), "a whole line with its CRLF");
    add("bytes.aib", "let größe = \"日本語\" + wert\n", (28, 32), "a name behind wide characters");
    add("inside.aib", "let größe = 1\n", (7, 8), "a place inside of a character");
    add("tab.aib", "\tlet a = x\n", (9, 10), "a name behind a tab");
    add("bom.aib", "\u{feff}let a = x\n", (11, 12), "a name behind a byte order mark");
    add("escape.aib", "let a = \"\u{1b}[31m\u{202e}\" + x\n", (21, 22), "a name behind \u{1b}[31mcontrol");
    add("lines.aib", &"{\n".repeat(40), (2, 79), "a place over many lines");
    let long = format!("let a = \"{}\" + x + \"{}\"\n", "é".repeat(300), "z".repeat(300));
    add("long.aib", &long, (613, 614), "a name in a long line");
    let far = format!("let a = {} + x\n", "y".repeat(50));
    add("message.aib", &far, (61, 62), "a message that has little room");
    if let Some(label) = case.found.last_mut().and_then(|d| d.labels.first_mut()) {
        label.message = "`x` is an image here, and what is added up must be numbers, both of them".into();
    }
    case
}

#[test]
fn graphical_draws_odd_texts() {
    insta::assert_snapshot!(odd_texts().show(Format::Graphical));
}

#[test]
fn narrated_says_odd_texts() {
    insta::assert_snapshot!(odd_texts().show(Format::Narrated));
}

#[test]
fn columns_count_characters() {
    insta::assert_snapshot!(odd_texts().show(Format::Short));
}

#[test]
fn formats_agree_on_places() {
    for case in [everything(), odd_texts()] {
        let json: Value = serde_json::from_str(&case.show(Format::Json)).unwrap();
        let short = case.show(Format::Short);
        let drawn = case.show(Format::Graphical);
        for (line, d) in short.lines().zip(json["diagnostics"].as_array().unwrap()) {
            let label = &d["labels"][0];
            let at = &label["range"]["start"];
            let file = label["file"].as_str().unwrap();
            let place = format!("{file}:{}:{}", at["line"], at["column"]);
            assert!(line.starts_with(&format!("{place}: ")), "{line} should be at {place}");
            assert!(drawn.contains(&format!("[{place}]")), "{place} in\n{drawn}");
        }
    }
}

#[test]
fn a_file_that_is_not_there_hides_no_finding() {
    let mut case = Case::default();
    case.push(error(TextRange::new(3, 9).in_file(FileId(7)), "cannot read `x.aib`").help("write it"));
    for format in FORMATS.iter().map(|row| row.format) {
        let text = case.show(format);
        assert!(text.contains("cannot read `x.aib`"), "{format:?}: {text}");
    }
    assert_eq!(case.show(Format::Short), "error[AIB001]: cannot read `x.aib`\n");
}

#[test]
fn no_findings_are_no_text() {
    for row in FORMATS {
        let text = Case::default().show(row.format);
        if row.format == Format::Json {
            let json: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(json["diagnostics"], serde_json::json!([]));
        } else {
            assert_eq!(text, "", "{}", row.name);
        }
    }
    assert_eq!(summary(&[]), "");
}

#[test]
fn colours_and_links_are_written_only_when_asked_for() {
    for case in [everything(), odd_texts()] {
        for row in FORMATS {
            let plain = case.show(row.format);
            assert!(!plain.contains('\u{1b}'), "{}: {plain}", row.name);
            let settings = Settings { width: 80, color: true, ..Settings::default() };
            let colored = case.show_with(row.format, &settings);
            assert_eq!(anstream::adapter::strip_str(&colored).to_string(), plain, "{}", row.name);
        }
    }
    let links = everything().show_with(Format::Graphical, &Settings { links: true, ..Settings::default() });
    assert!(links.contains("\u{1b}]8;;https://"), "{links}");
}

#[test]
fn human_is_what_the_environment_asks_for() {
    let with = |value: Option<&str>| Format::Human.for_environment(|_| value.map(String::from));
    assert_eq!(with(None), Format::Graphical);
    assert_eq!(with(Some("0")), Format::Graphical);
    assert_eq!(with(Some("1")), Format::Narrated);
    assert_eq!(Format::Json.for_environment(|_| Some("1".into())), Format::Json);
    for row in FORMATS {
        assert_eq!(Format::find(row.name), Some(row.format));
    }
}

#[test]
fn the_closing_line_counts() {
    let case = everything();
    assert_eq!(summary(&case.found), "1 error, 1 warning, 1 info in 2 files");
    assert_eq!(summary(&case.found[..1]), "1 error in 1 file");
}

#[test]
fn json_has_the_documented_shape() {
    let schema: Value =
        serde_json::from_str(include_str!("../../docs/reference/diagnostics.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for case in [everything(), odd_texts(), Case::default()] {
        let json: Value = serde_json::from_str(&case.show(Format::Json)).unwrap();
        let errors: Vec<String> = validator.iter_errors(&json).map(|e| e.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
    }
    let wrong = serde_json::json!({ "schema": "aib-diagnostics/1", "diagnostics": [{}], "summary": {} });
    assert!(!validator.is_valid(&wrong));
    // The example of the page is of that shape too.
    let page = include_str!("../../docs/reference/diagnostics-json.md");
    let example = page.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    validator.validate(&serde_json::from_str(example).unwrap()).unwrap();
}

/// A small generator of numbers; the same seed gives the same run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

#[test]
fn no_span_makes_a_format_fail() {
    const PIECES: &[&str] = &[
        "a",
        "let x = 1",
        "\n",
        "\r\n",
        "\r",
        "\t",
        "é",
        "日本",
        "👩‍👩‍👧",
        "\u{feff}",
        "\u{1b}[0m",
        "\u{301}",
        "\n\n",
        " ",
    ];
    let mut random = Random(0x5eed);
    for run in 0..1500 {
        let mut case = Case::default();
        for file in 0..2 {
            let pieces = random.below(40);
            let text: String = (0..pieces).map(|_| PIECES[random.below(PIECES.len())]).collect();
            case.file(&format!("f{file}.aib"), &text);
        }
        let labels = if run % 100 == 0 { 200 } else { 1 + random.below(6) };
        let mut found = error(Span::default(), "odd\nplaces");
        found.labels = (0..labels)
            .map(|n| {
                let start = random.below(130) as u32;
                let length = random.below(40) as u32;
                // Now and then an end before the start, or past what any file holds.
                let end = match random.below(8) {
                    0 => start.saturating_sub(length),
                    1 => u32::MAX,
                    _ => start + length,
                };
                let span = Span { file: FileId(random.below(3) as u32), range: TextRange { start, end } };
                Label { span, message: ["", "here", "two\nlines"][random.below(3)].into(), primary: n == 0 }
            })
            .collect();
        let edits = found.labels.iter().map(|l| TextEdit { range: l.span.range, text: "x".into() }).collect();
        let file = found.span().file;
        found.fixes.push(Fix { title: "mend".into(), file, edits, applicability: Applicability::Safe });
        case.push(found);
        let settings = Settings {
            width: [0, 1, 20, 80, usize::MAX][random.below(5)],
            unicode: run % 2 == 0,
            ..Settings::default()
        };
        for row in FORMATS {
            let text = case.show_with(row.format, &settings);
            assert!(text.contains("odd"), "run {run}, {}: {text}", row.name);
            assert!(!text.contains("Failed to read"), "run {run}: {text}");
        }
        assert_eq!(case.show_with(Format::Short, &settings).lines().count(), 1);
    }
}

/// 500 findings with two places each in a text of about `bytes`.
fn many(bytes: usize, line: &str) -> Case {
    let mut case = Case::default();
    let file = case.file("big.aib", &line.repeat(bytes / line.len()));
    for n in 0..500 {
        let at = |part: usize| {
            let start = (bytes - 1000) / 1000 * (n + part * 500);
            TextRange::new(start, start + 3).in_file(file)
        };
        case.push(error(at(0), "wrong").here("here").also(at(1), "and here"));
    }
    case
}

fn time(case: &Case, format: Format) -> (Duration, usize) {
    let once = || {
        let start = Instant::now();
        let length = case.show(format).len();
        (start.elapsed(), length)
    };
    (0..3).map(|_| once()).min().unwrap()
}

#[test]
fn the_cost_of_a_finding_does_not_grow_with_the_file() {
    let line = "  shell \"install\" = \"sudo apt-get install -y nginx\"\n";
    let (small, large) = (many(20_000, line), many(1_000_000, line));
    for row in FORMATS {
        let ((few, _), (much, _)) = (time(&small, row.format), time(&large, row.format));
        assert!(much < few * 6 + Duration::from_millis(20), "{}: {few:?} -> {much:?}", row.name);
    }
}

#[test]
fn a_file_of_one_line_does_not_explode() {
    let case = many(300_000, "x = 1; ");
    for format in [Format::Graphical, Format::Narrated, Format::Short] {
        let length = case.show(format).len();
        assert!(length < 500 * 2_000, "{format:?}: {length}");
    }
}
