//! The one style: what people see of it, and the laws that hold for every text.

use std::fs;
use std::path::{Path, PathBuf};

use aib::fmt::{format, same_meaning};

use crate::soup::{self, Random};
use crate::syntax::TEN;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files below a folder whose names end so, in order.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut folders = vec![root().join(folder)];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap().replace("\r\n", "\n")
}

/// Every text of the project: files, and blocks of aib in pages.
fn texts() -> Vec<(String, String)> {
    let mut found = vec![("ten mistakes".to_owned(), TEN.to_owned())];
    let name = |path: &Path| path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
    for folder in ["docs", "stdlib", "tests"] {
        found.extend(files(folder, ".aib").iter().map(|path| (name(path), read(path))));
    }
    let mut pages = files("docs", ".md");
    pages.push(root().join("README.md"));
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
        "{name} means something else:\n{text}\n--- formatted\n{}\n---",
        once.text
    );
    assert_eq!(once.changed, once.text != text);
    once.text
}

#[test]
fn laws_hold_for_every_text_of_the_project() {
    let texts = texts();
    assert!(texts.len() > 300, "{}", texts.len());
    for (name, text) in texts {
        check(&name, &text);
    }
}

#[test]
fn laws_hold_for_texts_nobody_would_write() {
    let texts = texts();
    let mut random = Random::new(2026);
    for _ in 0..6_000 {
        let count = 1 + random.below(40);
        let text = soup::tokens(&mut random, count);
        check("tokens", &text);
    }
    for _ in 0..2_000 {
        let count = 1 + random.below(60);
        let text = soup::bytes(&mut random, count);
        check("bytes", &text);
    }
    for i in 0..6_000 {
        let (name, text) = &texts[i % texts.len()];
        let from = soup::cut(&mut random, text);
        let length = random.below(400);
        let mut to = (from + length).min(text.len());
        while !text.is_char_boundary(to) {
            to -= 1;
        }
        let piece = text.get(from..to.max(from)).unwrap_or("");
        check(name, &soup::mutate(&mut random, piece));
    }
}

#[test]
fn debug_tree() {
    let Ok(path) = std::env::var("FMT_DEBUG") else { return };
    let text = fs::read_to_string(path).unwrap();
    for (n, text) in [text.clone(), format(&text).text].iter().enumerate() {
        println!("--- {n}\n{text}");
        let parsed = aib::syntax::parse(aib::base::FileId(0), text);
        for node in parsed.cst.nodes() {
            let depth = node.ancestors().count();
            println!("{}{:?} {:?} {:?}", "  ".repeat(depth), node.kind(), node.range(), if node.is_leaf() { node.text(text) } else { "" });
        }
        for e in &parsed.errors { println!("{} {:?} {}", e.code.id, e.span().range, e.title); }
    }
}
