//! What the parser says about broken files, and that nothing breaks the parser.

use std::fmt::Write;
use std::time::{Duration, Instant};

use aib::base::{FileId, SourceFile, TextRange, apply_edits};
use aib::diag::{Applicability, Diagnostic};
use aib::syntax::ast::{Expr, ExprKind, File, Stmt, StmtKind, StrPart};
use aib::syntax::{KindClass, MAX_BYTES, MAX_DEPTH, Parsed, SyntaxKind, parse};

use crate::soup::{self, Random};

/// The diagnostics of a text, as plain lines.
fn render(source: &str) -> String {
    let parsed = parse(FileId(0), source);
    let file = SourceFile::new("main.aib", source);
    let mut out = String::new();
    for error in &parsed.errors {
        writeln!(out, "{} {}", error.code.id, error.title).unwrap();
        for label in &error.labels {
            let at = file.position(label.span.range.start);
            let text = file.slice(label.span.range).lines().next().unwrap_or("").trim_end();
            writeln!(out, "  {}:{} `{text}` {}", at.line, at.column, label.message).unwrap();
        }
        for note in &error.notes {
            writeln!(out, "  note: {note}").unwrap();
        }
        if let Some(help) = &error.help {
            writeln!(out, "  help: {help}").unwrap();
        }
        for fix in &error.fixes {
            writeln!(out, "  {:?} fix: {}", fix.applicability, fix.title).unwrap();
        }
    }
    out
}

fn errors(source: &str) -> Vec<Diagnostic> {
    parse(FileId(0), source).errors
}

fn ast(source: &str) -> File {
    let parsed = parse(FileId(0), source);
    assert!(parsed.errors.is_empty(), "{}", render(source));
    (*parsed.ast).clone()
}

/// The value of `x = …`.
fn value(text: &str) -> Expr {
    let file = ast(&format!("x = {text}"));
    match file.items.into_iter().next().expect("an entry").kind {
        StmtKind::Entry(entry) => entry.value.expect("a value"),
        other => panic!("{other:?}"),
    }
}

/// An expression with every operation in parentheses.
fn grouped(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Name(name) => name.to_string(),
        ExprKind::Int(n) => n.to_string(),
        ExprKind::Paren(inner) => format!("<{}>", grouped(inner)),
        ExprKind::Member { base, name, optional } => {
            format!("({}{}{})", grouped(base), if *optional { "?." } else { "." }, name.text)
        }
        ExprKind::Index { base, index } => format!("({}[{}])", grouped(base), grouped(index)),
        ExprKind::Call { callee, args } => {
            let args: Vec<String> = args.iter().map(|a| grouped(&a.value)).collect();
            format!("({}({}))", grouped(callee), args.join(", "))
        }
        ExprKind::Unary { op, operand } => format!("({op:?} {})", grouped(operand)),
        ExprKind::Binary { op, left, right, .. } => {
            format!("({} {} {})", grouped(left), op.symbol(), grouped(right))
        }
        ExprKind::Ternary { condition, then, otherwise } => {
            format!("({} ? {} : {})", grouped(condition), grouped(then), grouped(otherwise))
        }
        other => format!("{other:?}"),
    }
}

#[test]
fn operators_bind_as_people_expect() {
    for (text, expected) in [
        ("a + b * c", "(a + (b * c))"),
        ("a - b - c", "((a - b) - c)"),
        ("a || b && c == d + e", "(a || (b && (c == (d + e))))"),
        ("a ?? b || c", "(a ?? (b || c))"),
        ("a < b == c", "((a < b) == c)"),
        ("!a.b && -c[0](1)", "((Not (a.b)) && (Neg ((c[0])(1))))"),
        ("a ? b : c ? d : e", "(a ? b : (c ? d : e))"),
        ("a ? b ? c : d : e", "(a ? (b ? c : d) : e)"),
        ("a || b ? c + 1 : d ?? e", "((a || b) ? (c + 1) : (d ?? e))"),
        ("a?.b ?? c", "((a?.b) ?? c)"),
        ("(a + b) * c", "(<(a + b)> * c)"),
    ] {
        assert_eq!(grouped(&value(text)), expected, "{text}");
    }
}

#[test]
fn lines_end_entries_and_some_signs_go_on() {
    let lines = |text: &str| ast(text).items.len();
    assert_eq!(lines("a = b\n(c = d)".split('(').next().unwrap()), 1);
    assert_eq!(lines("a = b\n  .c\n  ? d\n  : e"), 1);
    assert_eq!(lines("a =\n  b +\n  c ?\n d :\n e"), 1);
    assert_eq!(lines("a = [\n1,\n2\n]\nb = f(\n  c = 1,\n)"), 2);
    assert_eq!(lines("a = b; c = d, e = f\ng"), 4);
    assert_eq!(lines("if a { }\nelse { }\nb"), 2);
    assert_eq!(lines("a // comment\n\n/* more\nlines */ b"), 2);
    assert_eq!(errors("a = b\n+ c").len(), 1);
    assert_eq!(errors("a = b c").len(), 1);
}

#[test]
fn keywords_are_names_where_a_value_follows() {
    let words = [
        "import", "param", "let", "fn", "type", "recipe", "output", "assert", "policy", "resource",
        "existing", "use", "for", "if", "else", "in", "as", "from", "with", "on", "secret", "true", "null",
    ];
    for word in words {
        let text = format!("a {{\n  {word} = 1\n}}\nb = {{ {word} = 1 }}\nc = x.{word}");
        assert!(errors(&text).is_empty(), "{}", render(&text));
    }
    let text = "let let = 1\nparam for: string\ntype type = type\noutput output = import\nuse use.use";
    assert!(errors(text).is_empty(), "{}", render(text));
}

#[test]
fn strings_mean_what_they_say() {
    let parts = |text: &str| -> Vec<String> {
        let ExprKind::Str(string) = value(text).kind else { panic!("no string") };
        let part = |p: &StrPart| match p {
            StrPart::Text { text, .. } => text.to_string(),
            StrPart::Interpolation(e) => format!("${{{}}}", grouped(e)),
        };
        string.parts.iter().map(part).collect()
    };
    assert_eq!(parts(r#""a\n\"${b}\${c}\u{e9}""#), ["a\n\"", "${b}", "${c}é"]);
    assert_eq!(parts("'C:\\new $_ ${x}'"), ["C:\\new $_ ${x}"]);
    assert_eq!(parts("\"\""), Vec::<String>::new());
    assert_eq!(
        parts("\"\"\"\n    a ${b}\n      ${c}\n    d\\n\n  \"\"\""),
        ["a ", "${b}", "\n  ", "${c}", "\nd\n"]
    );
    assert_eq!(parts("'''\r\n  a\r\n    b\r\n  '''"), ["a\n  b"]);
    assert_eq!(parts("\"\"\"\n  ${a}\n  b\"\"\""), ["${a}", "\nb"]);
}

#[test]
fn documentation_belongs_to_what_follows() {
    let file =
        ast("/// one\n///  two\n// not this\nlet a = 1 /// nor this\nlet b = 2\na {\n  /// x\n  b = 1\n}");
    let docs: Vec<_> = file.items.iter().map(|s| s.doc.as_deref()).collect();
    assert_eq!(docs, [Some("one\n two"), None, None]);
    let StmtKind::Entry(entry) = &file.items[2].kind else { panic!("an entry") };
    assert_eq!(entry.block.as_ref().unwrap().items[0].doc.as_deref(), Some("x"));
}

const TEN: &str = r#"# the web tier
import ./company.aib as company
lett app = "web"
param env string = "dev"
let regions = ["westeurope" "northeurope"]

image web {
  os: linux
  source =
  name = "web
  build
  {
    timeout = 90minutes
  }
}

let last = 1
"#;

#[test]
fn ten_mistakes_are_ten_messages() {
    insta::assert_snapshot!(render(TEN));
    assert_eq!(errors(TEN).len(), 10);
    // What is right beside them is still understood.
    let parsed = parse(FileId(0), TEN);
    assert_eq!(parsed.ast.items.len(), 6);
}

#[test]
fn habits_of_other_languages() {
    insta::assert_snapshot!(render(
        r#"const a = 1
function f(a) = a
let b = x and y or not z
let c = x === y
let d = { "a": 1, 'b' => 2 }
let e = “text”
let f = 'don't'
let g := 1
let h = a? b : c
image web {
  linux.docker()
  a.b = 1
  if a = b { }
  elif c { }
  else if d { } elsif e { }
  - item
  + 1
  build: { timeout = 2h }
}
"#
    ));
}

#[test]
fn brackets_point_at_their_opener() {
    insta::assert_snapshot!(render(
        r#"image a {
  build {
    timeout = 2h
  customize {
    x = 1
  }
}

/// Not swallowed.
let b = [1, 2
let c = f(1, g(2)
image d {
  x = { a = 1
}
image e {
  x = (1]
  y = "${a"
}
let f = 1
"#
    ));
}

#[test]
fn a_forgotten_brace_does_not_swallow_the_next_declaration() {
    for next in ["let b = 1", "image b {\n}", "import std/linux", "param b: string", "existing vault b { }"] {
        let text = format!("image a {{\n  build {{\n    x = 1\n  }}\n\n{next}\n");
        let parsed = parse(FileId(0), &text);
        assert_eq!(parsed.ast.items.len(), 2, "{text}");
        assert_eq!(parsed.errors.len(), 1, "{}", render(&text));
        assert_eq!(parsed.errors[0].span().range, TextRange::new(8, 9), "{}", render(&text));
    }
}

#[test]
fn what_is_never_closed_is_said_once() {
    insta::assert_snapshot!(
        [
            "a {\n  x = '''\n}\n",
            "a {\n  x = 1 /* more\n}\n",
            "a {\n  b = f([{ c = 1",
            "a { b = \"c }\nlet d = 1",
            "x = \"${a"
        ]
        .map(render)
        .join("--\n")
    );
}

#[test]
fn literals_that_mean_nothing() {
    insta::assert_snapshot!(render(
        r#"a = 9223372036854775808
b = 0x1F
c = 512MB
d = 1.5h
e = 30m1h
f = 3days
g = 10parsecs
h = "\q\u{110000}"
i = 1h30
type j = int(1h..2)
"key ${x}" = 1
k = "${a +
  b}"
"#
    ));
}

#[test]
fn safe_fixes_mend() {
    for (wrong, right) in [
        ("a: 1", "a = 1"),
        ("a : 1", "a = 1"),
        ("# text", "// text"),
        ("import ./x.aib as x", "import \"./x.aib\" as x"),
        ("a = [1 2]", "a = [1, 2]"),
        ("a = [1\n, 2]", "a = [1,\n 2]"),
        ("a = b and c", "a = b && c"),
        ("image web\n{\n}", "image web {\n}"),
        ("a { b = 1 c = 2 }", "a { b = 1, c = 2 }"),
        ("a = b? c : d", "a = b ? c : d"),
        ("if a { } elif b { }", "if a { } else if b { }"),
        ("param a string", "param a: string"),
        ("output a b.c", "output a = b.c"),
        ("a = 90minutes", "a = 90m"),
        ("a = { b { c = 1 } }", "a = { b = { c = 1 } }"),
    ] {
        let found = errors(wrong);
        let edits: Vec<_> = found
            .iter()
            .flat_map(|d| &d.fixes)
            .filter(|f| f.applicability == Applicability::Safe)
            .flat_map(|f| f.edits.clone())
            .collect();
        assert_eq!(apply_edits(wrong, &edits).expect("edits apply"), right);
        assert!(errors(right).is_empty(), "{}", render(right));
    }
}

#[test]
fn byte_order_mark_and_crlf() {
    let unix = "/// doc\nlet a = 1 // c\nimage b {\n  c = '''\n    x\n  '''\n}\n";
    let dos = format!("\u{feff}{}", unix.replace('\n', "\r\n"));
    let (unix, dos) = (ast(unix), ast(&dos));
    assert_eq!(unix.items.len(), dos.items.len());
    assert_eq!(unix.items[0].doc, dos.items[0].doc);
    let script = |stmt: &Stmt| match &stmt.kind {
        StmtKind::Entry(entry) => match &entry.block.as_ref().unwrap().items[0].kind {
            StmtKind::Entry(inner) => match &inner.value.as_ref().unwrap().kind {
                ExprKind::Str(s) => s.as_text().unwrap(),
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    };
    assert_eq!(script(&unix.items[1]), script(&dos.items[1]));
}

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
fn check(text: &str) -> Parsed {
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
        "x = f(a = 1\n",
        "'",
        "\"",
        nested.as_str(),
    ];
    for shape in shapes {
        let times = 2 + 3000 / shape.len();
        let small = time(&shape.repeat(times));
        let large = time(&shape.repeat(times * 8));
        let ratio = large.as_secs_f64() / small.as_secs_f64().max(1e-6);
        assert!(ratio < 32.0, "{shape:?}: {small:?}, eight times as much {large:?}");
    }
}
