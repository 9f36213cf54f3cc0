//! Nothing breaks the parser: limits, texts nobody would write, cuts, time.

use std::time::{Duration, Instant};

use aib::base::{FileId, apply_edits};
use aib::diag::Diagnostic;
use aib::syntax::{KindClass, MAX_BYTES, MAX_DEPTH, Parsed, SyntaxKind, parse};

use crate::soup::{self, Random};
use crate::syntax::{TEN, errors, render};

#[test]
fn nesting_has_a_limit() {
    for (open, close) in
        [("(", ")"), ("[", "]"), ("{ a = ", "}"), ("f(", ")"), ("\"${", "}\""), ("x ? ", " : y")]
    {
        let nest = |n: usize| format!("a = {}b{}", open.repeat(n), close.repeat(n));
        assert!(errors(&nest(MAX_DEPTH - 8)).is_empty(), "{open}: {}", render(&nest(MAX_DEPTH - 8)));
        let found = errors(&nest(MAX_DEPTH + 1));
        assert_eq!(found.len(), 1, "{open}");
        assert_eq!(found[0].code.name, "nesting-too-deep");
    }
    let long = format!("a = {}", ["b"; 300].join(" + "));
    assert_eq!(errors(&long).iter().map(|e| e.code.name).collect::<Vec<_>>(), ["nesting-too-deep"]);
    for endless in ["!", "(", "{", "a {\n", "x ? ", "list<", "if a { } else ", "\"${", "[for x in "] {
        let text = endless.repeat(20_000);
        assert!(!errors(&format!("a = {text}")).is_empty(), "{endless}");
        assert!(!errors(&format!("type t = {text}")).is_empty(), "{endless}");
        check(&text);
    }
    check(&format!("type t = {}string{}", "secret ".repeat(20_000), "?".repeat(20_000)));
    check(&format!("a = b{}", ".c".repeat(20_000)));
}

#[test]
fn size_has_a_limit() {
    let found = errors(&" ".repeat(MAX_BYTES + 1));
    assert_eq!(found.iter().map(|e| e.code.name).collect::<Vec<_>>(), ["file-too-large"]);
}

/// Everything that must hold for any text.
pub(crate) fn check(text: &str) -> Parsed {
    let parsed = parse(FileId(0), text);
    let mut at = 0;
    for node in parsed.cst.nodes() {
        let range = node.range();
        assert!(text.get(range.to_usize()).is_some(), "{range:?} in {text:?}");
        if let Some(parent) = node.parent() {
            assert!(parent.range().contains(range), "{:?} {range:?} in {text:?}", node.kind());
        }
        if node.is_leaf() && node.kind() != SyntaxKind::File {
            let range = range.to_usize();
            assert!(at <= range.start, "{:?} {range:?} in {text:?}", node.kind());
            let gap = &text[at..range.start];
            assert!(
                gap.chars().all(|c| " \t\r\n".contains(c)),
                "{gap:?} before {:?} in {text:?}",
                node.kind()
            );
            assert!(node.kind().class() != KindClass::Missing || range.is_empty());
            at = range.end;
        }
    }
    assert!(text[at..].chars().all(|c| " \t\r\n".contains(c)), "{:?} at the end of {text:?}", &text[at..]);
    let ranges = format!("{:?}", parsed.ast);
    for (start, end) in ranges.split("range: ").skip(1).filter_map(|r| r.split_once("..")) {
        let end: String = end.chars().take_while(char::is_ascii_digit).collect();
        let range = start.parse::<usize>().unwrap()..end.parse::<usize>().unwrap();
        assert!(text.get(range.clone()).is_some(), "{range:?} in {text:?}");
    }
    let broken =
        parsed.cst.nodes().any(|n| matches!(n.kind().class(), KindClass::Missing | KindClass::Wrong));
    assert!(!broken || !parsed.errors.is_empty(), "nothing is said about {text:?}");
    for error in &parsed.errors {
        check_words(error, text);
    }
    parsed
}

/// Messages are about the user's text, in the user's words.
fn check_words(error: &Diagnostic, text: &str) {
    let mut said = vec![&error.title];
    said.extend(error.labels.iter().map(|l| &l.message));
    said.extend(&error.notes);
    said.extend(&error.help);
    for message in said {
        let prose: String = message.split('`').step_by(2).collect();
        assert!(!prose.contains('_') && !prose.contains("Missing"), "{message} about {text:?}");
        assert!(!message.contains('\n'), "{message} about {text:?}");
    }
    assert!(!error.title.ends_with('.'), "{}", error.title);
    for label in &error.labels {
        assert!(text.get(label.span.range.to_usize()).is_some(), "{error:?} about {text:?}");
    }
    for fix in &error.fixes {
        assert!(apply_edits(text, &fix.edits).is_ok(), "{fix:?} of {text:?}");
    }
}

fn valid() -> Vec<String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = vec![TEN.to_string()];
    for folder in ["docs/examples", "stdlib"] {
        let Ok(entries) = std::fs::read_dir(root.join(folder)) else { continue };
        let mut paths: Vec<_> = entries.filter_map(|e| e.ok()).map(|e| e.path()).collect();
        paths.sort();
        found.extend(
            paths
                .iter()
                .filter(|p| p.extension().is_some_and(|e| e == "aib"))
                .filter_map(|p| std::fs::read_to_string(p).ok()),
        );
    }
    found.retain(|text| text.len() < 4000);
    found
}

#[test]
fn no_text_breaks_the_parser() {
    let valid = valid();
    let mut random = Random::new(2026);
    for _ in 0..9_000 {
        let count = 1 + random.below(40);
        check(&soup::tokens(&mut random, count));
    }
    for _ in 0..4_000 {
        let count = 1 + random.below(60);
        check(&soup::bytes(&mut random, count));
    }
    for i in 0..8_000 {
        let text = &valid[i % valid.len()];
        let from = soup::cut(&mut random, text);
        let length = random.below(400);
        let mut to = (from + length).min(text.len());
        while !text.is_char_boundary(to) {
            to -= 1;
        }
        let piece = text.get(from..to.max(from)).unwrap_or("");
        check(&soup::mutate(&mut random, piece));
    }
}

#[test]
fn a_cut_leaves_what_stands_before_it() {
    for text in valid().iter().filter(|t| errors(t).is_empty()) {
        let whole = parse(FileId(0), text);
        let mut random = Random::new(7);
        for _ in 0..20 {
            let at = soup::cut(&mut random, text);
            let cut = check(&text[..at]);
            let before: Vec<_> = whole
                .ast
                .items
                .iter()
                .filter(|s| (s.range.end as usize) < at && text[s.range.end as usize..at].contains('\n'))
                .collect();
            // The last whole one may go on on the next line, which is cut.
            let sure = before.len().saturating_sub(1);
            for (kept, was) in cut.ast.items.iter().zip(before.iter().take(sure)) {
                assert_eq!(kept, *was, "cut at {at} of {text}");
            }
            assert!(cut.ast.items.len() >= sure);
        }
    }
}

/// The least time that a few parses of a text take.
fn time(text: &str) -> Duration {
    let once = || {
        let start = Instant::now();
        let parsed = parse(FileId(0), text);
        let time = start.elapsed();
        assert!(!parsed.cst.is_empty());
        time
    };
    (0..5).map(|_| once()).min().unwrap_or_default()
}

#[test]
fn time_grows_with_the_text() {
    let nested = format!("a = {}1{}\n", "(".repeat(100), ")".repeat(100));
    let shapes = [
        "a = b\n",
        "// comment\n",
        "a = [1, f(2), { b = 3 }]\n",
        "a {\n",
        "a = (\n",
        "a = '''\n",
        "a = \"${b}\"\n",
        "} ) ]\n",
        "/* a\n",
        "a b c d",
        "a = b ? c : d\n",
        "/// doc\n",
        "a.b\n.c",
        "x = (}\n",
        "a = \"${\n",
        "if a { }\n else ",
        "\u{a0}",
        "'",
        "\"",
        nested.as_str(),
    ];
    for shape in shapes {
        let times = 2 + 2000 / shape.len();
        // Linear is 16; quadratic would be 256.
        let small = time(&shape.repeat(times));
        let large = time(&shape.repeat(times * 16));
        let ratio = large.as_secs_f64() / small.as_secs_f64().max(1e-5);
        assert!(ratio < 100.0, "{shape:?}: {small:?}, sixteen times as much {large:?}");
    }
}

/// One slip of the finger is one message, nearly always: every bracket, quote, `=` and `,` of valid files is left
/// out in turn.
#[test]
fn a_character_left_out_is_one_message() {
    let (mut one, mut more) = (0, 0);
    for text in valid().iter().filter(|t| t.len() < 1500 && errors(t).is_empty()) {
        for (at, c) in text.char_indices().filter(|(_, c)| "{}()[]\"'=,".contains(*c)) {
            let broken = format!("{}{}", &text[..at], &text[at + c.len_utf8()..]);
            match errors(&broken).len() {
                0 => {}
                1 => one += 1,
                _ => more += 1,
            }
        }
    }
    assert!(one > 100 && more * 30 < one, "{one} times one message, {more} times more");
}
