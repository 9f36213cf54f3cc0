//! The one style: what people see of it, and the laws that hold for every text.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use aib::base::FileId;
use aib::fmt::{format, same_meaning};
use aib::syntax::{MAX_DEPTH, parse};

use crate::folder::{below, files, path};
use crate::soup::{self, Random};
use crate::syntax::TEN;

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap().replace("\r\n", "\n")
}

/// Every text of the project: files, and blocks of aib in pages.
fn texts() -> Vec<(String, String)> {
    let mut found = vec![("ten mistakes".to_owned(), TEN.to_owned())];
    let name = |file: &Path| below(&path(""), file);
    for folder in ["docs", "stdlib", "tests"] {
        found.extend(files(&path(folder), ".aib").iter().map(|path| (name(path), read(path))));
    }
    let mut pages = files(&path("docs"), ".md");
    pages.push(path("README.md"));
    for path in pages {
        for (i, text) in blocks(&read(&path)).into_iter().enumerate() {
            found.push((format!("{} block {}", name(&path), i + 1), text));
        }
    }
    found
}

/// The blocks of aib of a page.
fn blocks(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Option<String> = None;
    for line in page.lines() {
        match &mut open {
            Some(_) if line == "```" => found.extend(open.take()),
            Some(text) => {
                text.push_str(line);
                text.push('\n');
            }
            None => open = line.starts_with("```aib").then(String::new),
        }
    }
    found
}

/// The three laws.
fn check(name: &str, text: &str) -> String {
    let once = format(text);
    let twice = format(&once.text);
    assert_eq!(twice.text, once.text, "formatting it again changes {name}:\n{text}\n--- once\n{}", once.text);
    assert!(
        same_meaning(text, &once.text),
        "{name} means something else:\n{text}\n--- formatted\n{}\n---\n{text:?}",
        once.text
    );
    assert_eq!(once.changed, once.text != text);
    once.text
}

#[test]
fn the_style() {
    for path in files(&path("tests/cases/fmt"), ".aib") {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        insta::assert_snapshot!(name.as_str(), check(&name, &read(&path)));
    }
}

/// Cases of errors and of the formatter are written as they need to be.
#[test]
fn the_project_is_formatted() {
    for folder in ["docs", "stdlib", "tests/official"] {
        for path in files(&path(folder), ".aib") {
            let formatted = format(&read(&path));
            assert!(formatted.understood, "{}", path.display());
            assert!(!formatted.changed, "run `aib fmt {}`:\n{}", path.display(), formatted.text);
        }
    }
}

/// The page of the style, the README and the tutorial show it.
#[test]
fn pages_are_formatted() {
    for page in ["docs/reference/formatting.md", "README.md", "docs/tutorial.md"] {
        for text in blocks(&read(&path(page))) {
            let formatted = format(&text);
            assert!(!formatted.changed || !formatted.understood, "{page}:\n{text}\n---\n{}", formatted.text);
        }
    }
}

#[test]
fn laws_hold_for_every_text_of_the_project() {
    let texts = texts();
    assert!(texts.len() > 300, "{}", texts.len());
    for (name, text) in texts {
        check(&name, &text);
    }
}

/// How many texts are made up: this often the usual number.
fn effort() -> usize {
    std::env::var("FMT_EFFORT").ok().and_then(|n| n.parse().ok()).unwrap_or(1)
}

#[test]
fn laws_hold_for_texts_nobody_would_write() {
    let texts = texts();
    let mut random = Random::new(2026);
    for _ in 0..2_000 * effort() {
        let count = 1 + random.below(40);
        check("tokens", &soup::tokens(&mut random, count));
    }
    for _ in 0..2_000 * effort() {
        let count = 1 + random.below(60);
        check("bytes", &soup::bytes(&mut random, count));
    }
    for i in 0..2_000 * effort() {
        let (name, text) = &texts[i % texts.len()];
        let piece = piece(&mut random, text);
        check(name, &soup::mutate(&mut random, piece));
    }
}

/// A part of a text.
fn piece<'t>(random: &mut Random, text: &'t str) -> &'t str {
    let from = soup::cut(random, text);
    let mut to = (from + random.below(400)).min(text.len());
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    text.get(from..to.max(from)).unwrap_or("")
}

const GAPS: &[&str] = &[
    "\n",
    "\n\n\n",
    " ",
    "\t",
    ",",
    ";",
    "// c\n",
    " /* c */ ",
    "/* c\n  d */",
    "\n/// d\n",
    "\n  // c\n",
    "\r\n",
    "\n,",
    ",\n",
    " /* c */\n",
    ", // c\n",
    "# c\n",
];

/// Comments, line breaks and separators anywhere between words, and what stands there left out.
#[test]
fn laws_hold_wherever_comments_and_line_breaks_stand() {
    let texts = texts();
    let mut random = Random::new(7);
    for i in 0..2_500 * effort() {
        let (name, text) = &texts[i % texts.len()];
        let lines: Vec<&str> = text.lines().collect();
        let from = random.below(lines.len());
        let text = lines[from..(from + 20).min(lines.len())].join("\n");
        let parsed = parse(FileId(0), &text);
        let leaves = parsed.cst.nodes().filter(|n| n.is_leaf() && !n.range().is_empty());
        let mut gaps: Vec<(usize, usize)> = vec![(0, 0)];
        for leaf in leaves {
            let (start, end) = (leaf.range().start as usize, leaf.range().end as usize);
            if let Some(last) = gaps.last_mut() {
                last.1 = start.max(last.0);
            }
            gaps.push((end, end));
        }
        let chosen: Vec<usize> = (0..=random.below(4)).map(|_| random.below(gaps.len())).collect();
        let mut out = String::new();
        let mut at = 0;
        for (i, (start, end)) in gaps.iter().enumerate().filter(|(i, _)| chosen.contains(i)) {
            out.push_str(&text[at..*start]);
            if random.below(3) > 0 {
                out.push_str(random.pick(GAPS));
            }
            if random.below(2) > 0 {
                out.push_str(&text[*start..*end]);
            }
            at = *end.max(start);
            assert!(i < gaps.len());
        }
        out.push_str(&text[at..]);
        check(name, &out);
    }
}

#[test]
fn nesting_up_to_the_limit_is_laid_out() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("{ a = ", "}"),
        ("f(", ")"),
        ("f(\n", ",\n)"),
        ("[\n", "\n]"),
        ("x ? ", " : y"),
        ("b + (", ")"),
    ] {
        let nest = |n: usize| format!("a = {}b{}", open.repeat(n), close.repeat(n));
        check(open, &nest(MAX_DEPTH - 8));
        assert!(!format(&nest(MAX_DEPTH + 1)).changed);
    }
    check("blocks", &format!("{}{}", "a {\n".repeat(MAX_DEPTH - 8), "}\n".repeat(MAX_DEPTH - 8)));
}

/// The least time that a few runs take.
fn time(text: &str) -> Duration {
    let once = || {
        let start = Instant::now();
        assert!(!format(text).text.is_empty());
        start.elapsed()
    };
    (0..2).map(|_| once()).min().unwrap_or_default()
}

/// Linear time takes 16 times as long for 16 times the text; quadratic would take 256 times. On a busy machine a
/// measurement says little, so that there are several tries.
fn is_linear(name: &str, text: impl Fn(usize) -> String, times: usize) {
    let mut tries = Vec::new();
    for _ in 0..5 {
        let (small, large) = (time(&text(times)), time(&text(times * 16)));
        if large.as_secs_f64() / small.as_secs_f64().max(1e-5) < 100.0 {
            return;
        }
        tries.push((small, large));
    }
    panic!("{name} and sixteen times as much: {tries:?}");
}

#[test]
fn time_grows_with_the_text() {
    let nested = format!("a = {}1{}\n", "[".repeat(100), "]".repeat(100));
    let long = format!("a = [{}]\n", "f({ a = 1, b = c + d }), ".repeat(20));
    let shapes = [
        "a = b\n",
        "// comment\n",
        ",\n// c\n",
        "/* c */ ",
        "a = 1, /* c */ ",
        "a = [1, f(2), { b = 3 }]\n",
        "a {\n",
        "a b c d",
        "} ) ]\n",
        "/// doc\n",
        "a\n{ }\n",
        nested.as_str(),
        long.as_str(),
    ];
    for shape in shapes {
        for (before, after) in [("", ""), ("a = [\n", "\n]"), ("a { ", " }")] {
            let name = format!("{before}{shape}");
            is_linear(&name, |n| format!("{before}{}{after}", shape.repeat(n)), 2 + 500 / shape.len());
        }
    }
    for (before, element, after) in [
        ("a = [", "1, ", "]"),
        ("a = f(", "b = 1, ", ")"),
        ("a = { ", "b = [c], ", "}"),
        ("a = [", "[c], ", "]"),
    ] {
        is_linear(element, |n| format!("{before}{}{after}", element.repeat(n)), 200);
    }
}

#[test]
fn what_goes_on_in_deeper_lines_is_left_with_what_it_goes_on_from() {
    for text in [
        "let n = a\n    + b\n    + c\n",
        "image web {\n  tags\n    = f(1)\n  os = linux\n}\n",
        "image web {\n  location: \"w\", os: linux\n}\n",
    ] {
        assert_eq!(format(text).text, text);
    }
}
