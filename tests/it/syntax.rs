//! What valid files mean, and what the parser says about broken ones.

use std::fmt::Write;

use aib::base::{FileId, SourceFile, TextRange, apply_edits};
use aib::diag::{Applicability, CODES, Diagnostic};
use aib::syntax::ast::{Expr, ExprKind, File, Stmt, StmtKind, StrPart};
use aib::syntax::{SyntaxKind, is_name, parse, quote};

/// The diagnostics of a text, as plain lines.
pub(crate) fn render(source: &str) -> String {
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

pub(crate) fn errors(source: &str) -> Vec<Diagnostic> {
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
fn quoted_text_means_itself() {
    for text in ["", "a", "C:\\x", "say \"${hi}\"", "don't \\", "a\nb\t", "\u{7}é🦀", "'\"${\\"] {
        let ExprKind::Str(string) = value(&quote(text)).kind else { panic!("no string") };
        assert_eq!(string.as_text().as_deref(), Some(text));
    }
    assert!(is_name("a_1") && !is_name("1a") && !is_name("") && !is_name("a-b"));
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

pub(crate) const TEN: &str = r#"# the web tier
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
fn a_carriage_return_alone_ends_no_line() {
    let all = |text: &str| parse(FileId(0), text).errors;
    let old = "// a\rlet a = 1\rlet b = 2\r";
    let [one] = all(old).try_into().unwrap();
    assert_eq!((one.code.id, one.span().range), ("AIB001", TextRange::new(4, 5)));
    let mended = apply_edits(old, &one.fixes[0].edits).unwrap();
    assert_eq!(mended, "// a\nlet a = 1\nlet b = 2\n");
    assert!(all(&mended).is_empty());
    // Beside other line breaks nobody knows what it was meant for.
    let [one] = all("let a = \"x\ry\"\n").try_into().unwrap();
    assert!(one.fixes.is_empty());
    for fine in ["let a = 1\r\n", "let a = 1\r\r\nlet b = 2\r\r\n", "let a = \"\\r\"\n", ""] {
        assert!(all(fine).is_empty(), "{fine:?}");
    }
    assert_eq!(all("let a = 1\r\nlet b = 2\r").len(), 1);
}

/// The `aib` block under a heading of a page.
fn example<'a>(page: &'a str, heading: &str) -> Option<&'a str> {
    let (_, rest) = page.split_once(&format!("## {heading}\n\n```aib\n"))?;
    rest.split_once("```").map(|(block, _)| block)
}

#[test]
fn pages_show_their_mistake_and_its_mend() {
    for code in CODES.iter().filter(|c| c.id.starts_with("AIB0")) {
        assert!(code.page.starts_with(&format!("# {} {}\n", code.id, code.name)));
        let right = example(code.page, "Right").expect("a mended example");
        assert!(errors(right).is_empty(), "{}", render(right));
        // A file that is too large does not fit on a page.
        let Some(wrong) = example(code.page, "Wrong") else { continue };
        let found: Vec<_> = errors(wrong).iter().map(|e| e.code.id).collect();
        assert_eq!(found, [code.id], "{}", render(wrong));
    }
}

#[test]
fn the_tree_knows_what_stands_where() {
    let source = "image web {\n  os = linux.x // c\n}\n";
    let parsed = parse(FileId(0), source);
    let at = |text: &str| {
        let offset = source.find(text).unwrap() as u32;
        let node = parsed.cst.covering(offset);
        (node.kind(), node.text(source).to_string())
    };
    assert_eq!(at("os"), (SyntaxKind::Ident, "os".into()));
    assert_eq!(at("linux"), (SyntaxKind::Name, "linux".into()));
    assert_eq!(at("// c"), (SyntaxKind::LineComment, "// c".into()));
    let node = parsed.cst.covering(source.find("linux").unwrap() as u32);
    let around: Vec<_> = node.ancestors().map(|n| n.kind()).collect();
    assert_eq!(
        around,
        [SyntaxKind::Expr, SyntaxKind::Property, SyntaxKind::Block, SyntaxKind::Entry, SyntaxKind::File]
    );
}
