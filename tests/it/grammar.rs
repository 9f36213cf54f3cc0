//! The examples beside the rules of the grammar: `// ok RULE: text` is accepted, `// err RULE: text` is refused.
//!
//! `⏎` is a line break. `expr> text` and `type_expr> text` put the text where a value or a type stands; any other
//! word before `>` only says which statement the example is.

use std::collections::HashSet;
use std::fmt::Write;
use std::path::PathBuf;

use aib::base::FileId;
use aib::syntax::{KindClass, Node, Parsed, SyntaxKind, parse};

const FILES: &[&str] = &["file", "items", "values", "types", "tokens", "trivia", "recovery"];

struct Example {
    ok: bool,
    rule: String,
    text: String,
}

fn grammar(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("grammar").join(format!("{name}.pest"));
    std::fs::read_to_string(path).expect("the grammar is there")
}

fn examples(grammar: &str) -> Vec<Example> {
    let lines = grammar.lines().filter_map(|line| {
        let (ok, rest) = match (line.strip_prefix("// ok "), line.strip_prefix("// err ")) {
            (Some(rest), _) => (true, rest),
            (_, Some(rest)) => (false, rest),
            _ => return None,
        };
        let (rule, text) = rest.split_once(':').expect("a rule and a text");
        let (context, text) = match text.split_once("> ") {
            Some((context, text))
                if !context.trim().contains(|c: char| c != '_' && !c.is_ascii_lowercase()) =>
            {
                (context.trim(), text)
            }
            _ => (rule, text.strip_prefix(' ').unwrap_or(text)),
        };
        let text = text.replace('⏎', "\n");
        let text = match context {
            "expr" => format!("x = {text}"),
            "type_expr" => format!("type t = {text}"),
            _ => text,
        };
        Some(Example { ok, rule: rule.to_string(), text })
    });
    lines.collect()
}

/// The tree on one line: leaves as they are written, nodes by their rule.
fn tree(node: Node<'_>, source: &str, out: &mut String) {
    let kind = node.kind();
    let rule = kind.rules()[0];
    match kind.class() {
        KindClass::Missing => write!(out, "<{rule}>").unwrap(),
        _ if node.is_leaf() && kind.class() != KindClass::Wrong => {
            out.push_str(&node.text(source).replace('\n', "⏎"));
        }
        _ => {
            write!(out, "{rule}(").unwrap();
            for (i, child) in node.children().enumerate() {
                out.push_str(if i > 0 { " " } else { "" });
                tree(child, source, out);
            }
            if node.is_leaf() {
                out.push_str(&node.text(source).replace('\n', "⏎"));
            }
            out.push(')');
        }
    }
}

fn render(example: &Example, parsed: &Parsed) -> String {
    let verdict = if example.ok { "ok " } else { "err" };
    let mut out = format!("{verdict} {}: {}\n    ", example.rule, example.text.replace('\n', "⏎"));
    for (i, child) in parsed.cst.root().children().enumerate() {
        out.push_str(if i > 0 { " " } else { "" });
        tree(child, &example.text, &mut out);
    }
    out.push('\n');
    for error in &parsed.errors {
        let at = error.span().range.to_usize();
        writeln!(out, "    {} {:?}: {}", error.code.id, &example.text[at], error.title).unwrap();
    }
    out
}

#[test]
fn examples_of_the_grammar() {
    for name in FILES {
        let mut out = String::new();
        for example in examples(&grammar(name)) {
            let parsed = parse(FileId(0), &example.text);
            out.push_str(&render(&example, &parsed));
            let Example { ok, rule, text } = &example;
            assert_eq!(*ok, parsed.errors.is_empty(), "{rule}: {text}\n{out}");
            let of_rule = |n: Node<'_>| n.kind().rules().contains(&rule.as_str());
            assert!(parsed.cst.nodes().any(of_rule) || !ok, "no {rule} in {text}\n{out}");
        }
        insta::assert_snapshot!(format!("grammar_{name}"), out);
    }
}

/// Nodes, comments and the words that carry a value have an accepted example; what is wrong has a refused one.
/// Punctuation, keywords and the pieces of strings are tokens that the examples of their owners show.
#[test]
fn every_rule_has_an_example() {
    let all: Vec<Example> = FILES.iter().flat_map(|name| examples(&grammar(name))).collect();
    let shown =
        |ok| -> HashSet<&str> { all.iter().filter(|e| e.ok == ok).map(|e| e.rule.as_str()).collect() };
    let (ok, err) = (shown(true), shown(false));
    for kind in SyntaxKind::ALL {
        for rule in kind.rules() {
            match kind.class() {
                KindClass::Node => assert!(ok.contains(rule), "no `// ok {rule}:` line"),
                KindClass::Wrong => assert!(err.contains(rule), "no `// err {rule}:` line"),
                KindClass::Trivia => assert!(ok.contains(rule) || err.contains(rule), "no example of {rule}"),
                KindClass::Token | KindClass::Missing => {}
            }
        }
    }
}

/// What nothing can miss is never reported: each kind of absence is shown by some example.
#[test]
fn every_absence_is_met_by_an_example() {
    let mut met = HashSet::new();
    for name in FILES {
        for example in examples(&grammar(name)) {
            let parsed = parse(FileId(0), &example.text);
            met.extend(parsed.cst.nodes().map(Node::kind));
        }
    }
    let never: Vec<_> =
        SyntaxKind::ALL.iter().filter(|k| !met.contains(k) && **k != SyntaxKind::Bom).collect();
    assert!(never.is_empty(), "no example meets {never:?}");
}
