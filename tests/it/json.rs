//! The reader of JSON: what it lets pass, where it says things are, and what it says of broken files.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aib::base::{FileId, SourceFile, SourceMap};
use aib::json::{Data, MAX_DEPTH, Value, read};
use aib::report::{Format, Settings, render};

fn value(text: &str) -> Value {
    read(FileId(0), text).unwrap_or_else(|found| panic!("{text}: {found:?}")).root
}

/// The findings of a text that cannot be read, as a reader sees them.
fn broken(text: &str) -> String {
    let mut map = SourceMap::default();
    let file = map.add(Arc::new(SourceFile::new("x.json", text)));
    let found = read(file, text).map(|_| ()).expect_err(text);
    render(Format::Short, &found, &map, &Settings::default())
}

#[test]
fn what_the_tools_of_azure_let_pass_is_read() {
    let text = "\u{feff}/* a */ { // b\n \"a\": [1, 2.50, ], \"b\": \"x\ny\tz\", \"c\": {}, }\n// end";
    let root = value(text);
    assert_eq!(root.get("b").and_then(Value::as_text), Some("x\ny\tz"));
    let numbers: Vec<_> =
        root.get("a").and_then(Value::as_list).into_iter().flatten().map(|v| &v.data).collect();
    assert_eq!(numbers, [&Data::Number("1".into()), &Data::Number("2.50".into())]);
    let escapes = value(r#""\" \\ \/ \b\f\n\r\t \u00e9 \ud83d\ude00""#);
    assert_eq!(escapes.as_text(), Some("\" \\ / \u{8}\u{c}\n\r\t é 😀"));
}

#[test]
fn everything_knows_its_place() {
    let text = "{\n  \"é\": { \"list\": [\"one\", true, {\"x/y\": null}] }\n}";
    let root = value(text);
    let at = |pointer: &str| {
        let (value, key) = root.at_pointer(pointer).unwrap();
        (&text[value.range.to_usize()], key.map(|k| &text[k.to_usize()]))
    };
    assert_eq!(at("/é/list/0"), ("\"one\"", None));
    assert_eq!(at("/é/list/1"), ("true", None));
    assert_eq!(at("/é/list/2/x~1y"), ("null", Some("\"x/y\"")));
    assert_eq!(at("/é/list"), ("[\"one\", true, {\"x/y\": null}]", Some("\"list\"")));
    assert_eq!(at(""), (text, None));
    assert!(root.at_pointer("/é/list/9").is_none());
}

/// Writes each member and element with the comments that it was given.
fn comments(value: &Value, name: &str, out: &mut String) {
    let texts = |list: &[aib::json::Comment]| list.iter().map(|c| &*c.text).collect::<Vec<_>>().join("|");
    let (before, after, inside) = (texts(value.before()), texts(value.after()), texts(value.inside()));
    if value.comments.is_some() {
        writeln!(out, "{name}: before({before}) after({after}) inside({inside})").unwrap();
    }
    for member in value.as_object().into_iter().flat_map(|o| &o.members) {
        comments(&member.value, &member.key.text, out);
    }
    for (index, item) in value.as_list().into_iter().flatten().enumerate() {
        comments(item, &index.to_string(), out);
    }
}

#[test]
fn comments_stay_with_what_they_are_about() {
    let text = "// file\n{\n  // a1\n  // a2\n  \"a\": 1, // a3\n  \"b\": /* b1 */ [\n    // first\n    1, // one\n    \
                2 /* two */\n    // last\n  ], // b2\n  \"url\": \"https://x//y\"\n  // end of object\n}\n";
    let mut out = String::new();
    comments(&value(text), "root", &mut out);
    insta::assert_snapshot!(out, @r"
    root: before(file) after() inside(end of object)
    a: before(a1|a2) after(a3) inside()
    b: before(b1) after(b2) inside(last)
    0: before(first) after(one) inside()
    1: before() after(two) inside()
    ");
}

#[test]
fn the_last_of_equal_keys_counts() {
    let document = read(FileId(0), r#"{"a": 1, "b": 2, "a": 3}"#).unwrap();
    let object = document.root.as_object().unwrap();
    let kept: Vec<_> = object.effective().iter().map(|m| (&*m.key.text, &m.value.data)).collect();
    assert_eq!(kept, [("a", &Data::Number("3".into())), ("b", &Data::Number("2".into()))]);
    assert_eq!(document.findings.iter().map(|d| d.code.id).collect::<Vec<_>>(), ["AIB801"]);
}

#[test]
fn broken_files_say_where_they_broke() {
    let mut out = String::new();
    for text in [
        "",
        "{\n  \"a\": 1\n  \"b\": 2\n}",
        "{\n  \"a\": \"x,\n  \"b\": 2\n}",
        "{\n  a: 1\n}",
        "{ 'a': 1 }",
        "{ \"a\" 1 }",
        "{ \"a\": x'y }",
        "{ \"a\": [1, 2 }",
        "{ \"a\": [\"say \"hi\" \"] }",
        "{ \"a\": 01 }",
        "{ \"path\": \"C:\\Windows\" }",
        "{ \"c\": \"\\ud83d\" }",
        "{ \"a\": 1",
        "{ \"a\": \"x",
        "{} /* x",
        "{}\n{}",
        "[1,,2]",
        "{ \"a\": <min\n> }",
    ] {
        write!(out, "{}", broken(text)).unwrap();
    }
    insta::assert_snapshot!(out);
}

#[test]
fn hostile_files_end_in_a_finding() {
    let deep = "[".repeat(1_000_000);
    let nested = format!("{}{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
    assert!(read(FileId(0), &nested).is_ok());
    let many = format!("[{}0]", "0,".repeat(3_000_000));
    let twice = format!("{{{}\"a\":0}}", "\"a\":0,".repeat(900_000));
    let long = format!("\"{}", "x".repeat(20_000_000));
    let comment = "/*".repeat(1_000_000);
    let large = " ".repeat(64_000_001);
    let start = Instant::now();
    for text in [deep, many, long, comment, large] {
        let found = read(FileId(0), &text).map(|_| ()).unwrap_err();
        assert_eq!(found.iter().map(|d| d.code.id).collect::<Vec<_>>(), ["AIB800"]);
    }
    assert!(read(FileId(0), &twice).is_ok_and(|d| d.findings.len() <= 100));
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}

#[test]
fn every_cut_of_a_file_is_read_or_refused() {
    let text = "{ \"é\": [1, -2.5e3, true, null, \"\\u00e9\\n\", <x>], /* c */ \"b\": {} } // d";
    for (at, _) in text.char_indices() {
        let _ = read(FileId(0), &text[..at]);
        let _ = read(FileId(0), &text[at..]);
    }
}
