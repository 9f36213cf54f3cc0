//! The documentation is true: what it shows is compiled and run, what it names exists, what is generated is current.
//!
//! Conventions of the pages. `<!-- file: NAME -->` before a block of aib gives the block's file its name; with text before
//! the `-->` the file is there without being shown. Blocks of aib check without errors and warnings; those marked
//! `error=CODE` raise that code; those marked `fragment` are parsed only. The commands of a `console` block are run in the
//! page's folder, where its files lie, and print what stands below them; a line `…` stands for any lines, and `…` in a line for any text. With
//! `UPDATE=1` the generated pages and the output of commands are written anew.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use aib::base::FileId;
use aib::check::function_page;
use aib::diag::find_code;
use aib::resolve::STDLIB;
use aib::syntax::{ast, parse};
use tempfile::TempDir;

use crate::folder::{below, files};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn updating() -> bool {
    std::env::var_os("UPDATE").is_some()
}

/// Every page, by its path below the project, in order.
fn pages() -> Vec<(String, String)> {
    let mut files = files(&root().join("docs"), ".md");
    files.push(root().join("README.md"));
    files.sort();
    files.iter().map(|path| (below(root(), path), read(path))).collect()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display())).replace("\r\n", "\n")
}

/// A part of a page that means something here.
enum Part<'p> {
    /// A fenced block: what stands after the fence, the name of its file, its text, its first line.
    Block { info: &'p str, file: Option<&'p str>, text: &'p str, line: usize },
    /// A file that is not shown.
    Hidden { file: &'p str, text: &'p str },
}

fn parts(page: &str) -> Vec<Part<'_>> {
    let mut out = Vec::new();
    let mut name = None;
    let mut at = 0;
    let mut number = 0;
    while at < page.len() {
        let end = page[at..].find('\n').map_or(page.len(), |n| at + n + 1);
        let line = page[at..end].trim_end();
        number += 1;
        if let Some(rest) = line.strip_prefix("<!-- file: ") {
            match rest.strip_suffix(" -->") {
                Some(file) => name = Some(file),
                None => {
                    let close = page[end..].find("\n-->").expect("a file that is not shown ends") + end + 1;
                    out.push(Part::Hidden { file: rest, text: &page[end..close] });
                    number += page[end..close].lines().count() + 1;
                    at = close + "-->\n".len();
                    continue;
                }
            }
        } else if let Some(info) = line.strip_prefix("```") {
            let close = page[end..].find("\n```").map(|n| end + n + 1);
            let close = if page[end..].starts_with("```") { end } else { close.expect("a block ends") };
            let text = &page[end..close];
            out.push(Part::Block { info, file: name.take(), text, line: number });
            number += text.lines().count() + 1;
            at = close + "```\n".len();
            continue;
        } else if !line.is_empty() {
            name = None;
        }
        at = end;
    }
    out
}

/// A page while its blocks are gone through.
struct Visit {
    folder: TempDir,
    name: String,
    wrong: String,
}

impl Visit {
    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_aib"));
        command.args(args).current_dir(self.folder.path()).env_clear().output().unwrap()
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn complain(&mut self, line: usize, what: &str) {
        let _ = writeln!(self.wrong, "{}:{line}: {what}", self.name);
    }

    fn aib(&mut self, marks: &str, file: Option<&str>, text: &str, line: usize) {
        if marks == "fragment" {
            let errors = parse(FileId(0), text).errors;
            if let Some(error) = errors.first() {
                self.complain(line, &format!("the fragment does not parse: {}", error.title));
            }
            return;
        }
        let name = file.unwrap_or("block.aib");
        self.write(name, text);
        let ran = self.run(&["check", name, "--format", "short", "--deny", "warnings"]);
        let found = String::from_utf8(ran.stdout).unwrap();
        match marks.strip_prefix("error=") {
            None if marks.is_empty() => {
                if !ran.status.success() {
                    self.complain(
                        line,
                        &format!("the block does not check:\n{found}{}", text_of(&ran.stderr)),
                    );
                }
            }
            None => self.complain(line, &format!("a block is marked `{marks}`")),
            Some(code) => {
                if find_code(code).is_none() || !found.contains(&format!("[{code}]")) {
                    self.complain(line, &format!("the block does not raise {code}, but:\n{found}"));
                }
            }
        }
        if file.is_none() {
            fs::remove_file(self.folder.path().join(name)).unwrap();
        }
    }

    /// Runs the commands of a block; gives the block as it should be.
    fn console(&mut self, text: &str, line: usize) -> String {
        let mut should = String::new();
        for (index, part) in format!("\n{text}").split("\n$ ").enumerate() {
            if index == 0 {
                if !part.trim().is_empty() {
                    self.complain(line, "a console block begins with a command");
                }
                continue;
            }
            let (command, expected) = part.split_once('\n').unwrap_or((part, ""));
            let Some(args) = command.strip_prefix("aib ") else {
                self.complain(
                    line,
                    &format!("`{command}` is no command of aib; other commands stand in blocks of `sh`"),
                );
                continue;
            };
            let args: Vec<&str> = args.split(' ').map(|a| a.trim_matches('\'')).collect();
            let ran = self.run(&args);
            let told = format!("{}{}", text_of(&ran.stdout), text_of(&ran.stderr));
            let told: String = told.lines().flat_map(|l| [l.trim_end(), "\n"]).collect();
            let expected = if expected.is_empty() || expected.ends_with('\n') {
                expected.to_owned()
            } else {
                format!("{expected}\n")
            };
            let shown = if fits(&told, &expected) { &expected } else { &told };
            if shown != &expected && !updating() {
                self.complain(line, &format!("`{command}` prints\n{told}--- the page says\n{expected}---"));
            }
            let _ = write!(should, "$ {command}\n{shown}");
        }
        should
    }
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace("\r\n", "\n")
}

/// Whether a text is what is expected, where a line `…` stands for any lines and `…` in a line for any text.
fn fits(text: &str, expected: &str) -> bool {
    let mut rest: Vec<&str> = text.lines().collect();
    let mut any = false;
    for part in expected.lines() {
        if part.trim() == "…" {
            any = true;
            continue;
        }
        let reach = if any { rest.len() } else { rest.len().min(1) };
        let Some(at) = rest.iter().take(reach).position(|line| line_fits(line, part)) else { return false };
        rest.drain(..=at);
        any = false;
    }
    any || rest.is_empty()
}

fn line_fits(line: &str, expected: &str) -> bool {
    let mut parts = expected.split('…');
    let Some(mut rest) = line.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut open = false;
    for part in parts {
        open = part.is_empty();
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    open || rest.is_empty()
}

/// The pages of which the commands are run.
const RUN: &[&str] = &[
    "README.md",
    "docs/tutorial.md",
    "docs/reference/check-json.md",
    "docs/reference/roles.md",
    "docs/reference/deploy.md",
];

#[test]
fn what_pages_show_is_true() {
    let mut wrong = String::new();
    for (name, text) in pages() {
        // The pages of codes have a test of their own, and what the commands print has another.
        if name.starts_with("docs/codes/") {
            continue;
        }
        let commands = RUN.contains(&name.as_str());
        let mut visit = Visit { folder: TempDir::new().unwrap(), name: name.clone(), wrong: String::new() };
        visit.write("aib.toml", "");
        let mut should = text.clone();
        for part in parts(&text) {
            match part {
                Part::Hidden { file, text } => visit.write(file, text),
                Part::Block { info, file, text: block, line } => {
                    let (lang, marks) = info.split_once(',').unwrap_or((info, ""));
                    match lang {
                        "aib" => visit.aib(marks, file, block, line),
                        "console" if commands => {
                            let mended = visit.console(block, line);
                            should = should.replacen(
                                &format!("```console\n{block}```"),
                                &format!("```console\n{mended}```"),
                                1,
                            );
                        }
                        _ => {
                            if let Some(file) = file {
                                visit.write(file, block);
                            }
                        }
                    }
                }
            }
        }
        if updating() && should != text {
            fs::write(root().join(&name), should).unwrap();
        }
        wrong.push_str(&visit.wrong);
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// The parts of a page outside of blocks and of code in a line.
fn prose(page: &str) -> String {
    let mut out = String::new();
    let mut fenced = false;
    for line in page.lines() {
        if line.starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            out.push_str(line);
        }
        out.push('\n');
    }
    out
}

/// A heading's anchor.
fn slug(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.collect::<String>().trim().to_lowercase().replace(' ', "-")
}

#[test]
fn links_lead_somewhere() {
    let mut wrong = String::new();
    for (name, page) in pages() {
        let text = prose(&page);
        for (at, _) in text.match_indices("](") {
            let target = text[at + 2..].split([')', ' ']).next().unwrap_or_default();
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let path = if file.is_empty() {
                root().join(&name)
            } else {
                root().join(&name).parent().unwrap().join(file)
            };
            if !path.exists() {
                let _ = writeln!(wrong, "{name}: `{target}` leads nowhere");
            } else if !anchor.is_empty() {
                let headings = prose(&read(&path));
                let there = headings
                    .lines()
                    .filter_map(|l| l.strip_prefix('#'))
                    .any(|h| slug(h.trim_start_matches('#')) == anchor);
                if !there {
                    let _ = writeln!(wrong, "{name}: `{target}` has no such heading");
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// What paths of the project begin with.
const TOP: &[&str] = &["src/", "docs/", "tests/", "grammar/", "stdlib/", ".ci/"];

/// The words of a page that may be paths: those in backticks, and those of commands in blocks of `sh`.
fn words(page: &str) -> impl Iterator<Item = &str> {
    let commands = parts(page).into_iter().filter_map(|part| match part {
        Part::Block { info: "sh", text, .. } => Some(text),
        _ => None,
    });
    let commands: Vec<&str> = commands.flat_map(str::split_whitespace).collect();
    let mut fenced = false;
    let lines = page.lines().filter(move |line| {
        fenced ^= line.starts_with("```");
        !fenced
    });
    lines.flat_map(|line| line.split('`').skip(1).step_by(2)).chain(commands)
}

#[test]
fn files_that_pages_name_exist() {
    let mut wrong = String::new();
    for (name, page) in pages() {
        for word in words(&page) {
            let plain = word.chars().all(|c| c.is_alphanumeric() || "/._-*".contains(c));
            if !plain || !TOP.iter().any(|top| word.starts_with(top)) {
                continue;
            }
            let path = root().join(word);
            let pattern = word.contains('*') || word.contains("NAME") || word.contains("nnn");
            let there = if pattern { path.parent().is_some_and(Path::exists) } else { path.exists() };
            if !there {
                let _ = writeln!(wrong, "{name}: there is no `{word}`");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn pages_know_no_machine() {
    let mut wrong = String::new();
    for (name, page) in pages() {
        for (number, line) in page.lines().enumerate() {
            for path in ["/work/", "/home/", "/root/", "/Users/", "C:\\Users\\", "file://"] {
                if line.contains(path) {
                    let _ = writeln!(wrong, "{name}:{}: `{path}`", number + 1);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Compares a generated page with what is stored, or stores it.
fn generated(path: &str, text: &str) -> Option<String> {
    let file = root().join(path);
    if updating() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, text).unwrap();
    }
    let stored = fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    (stored != text).then(|| format!("{path} is stale: run `UPDATE=1 cargo test --test it docs`"))
}

#[test]
fn generated_pages_are_current() {
    let mut wrong: Vec<String> =
        generated("docs/reference/functions.md", &function_page()).into_iter().collect();
    let mut made = BTreeSet::new();
    for module in STDLIB {
        let name = module.path.strip_prefix("std/").unwrap();
        made.insert(format!("{name}.md"));
        wrong.extend(generated(
            &format!("docs/reference/stdlib/{name}.md"),
            &module_page(module.path, module.text),
        ));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let folder: PathBuf = root().join("docs/reference/stdlib");
    let stored: BTreeSet<String> = fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(stored, made, "pages that nothing makes");
}

/// The page of a module of the standard library: its declarations with their documentation, in the order of the file.
fn module_page(path: &str, text: &str) -> String {
    let mut page = format!(
        "<!-- Generated from stdlib/{}.aib. Edit that, then run `UPDATE=1 cargo test --test it docs`. -->\n# {path}\n",
        path.strip_prefix("std/").unwrap()
    );
    let about: Vec<&str> =
        text.lines().take_while(|l| l.starts_with("//")).map(|l| l.trim_start_matches('/')).collect();
    let about: Vec<&str> = about.iter().map(|l| l.strip_prefix(' ').unwrap_or(l)).collect();
    let is_list = about.iter().any(|l| l.starts_with("  "));
    let _ = write!(
        page,
        "\n{}\n",
        if is_list { format!("```text\n{}\n```", about.join("\n")) } else { about.join("\n") }
    );
    let file = parse(FileId(0), text).ast;
    let (recipes, values): (Vec<&ast::Stmt>, Vec<&ast::Stmt>) =
        file.items.iter().partition(|s| !matches!(s.kind, ast::StmtKind::Let(_)));
    for stmt in recipes {
        let Some((signature, params)) = signature(stmt, text) else { continue };
        let _ = write!(page, "\n## {}\n\n`{signature}`\n\n{}\n", params, doc_of(stmt));
    }
    let values: Vec<(&str, String, String)> = values
        .iter()
        .filter_map(|s| Some((name_of(s)?, doc_of(s).replace('\n', " "), urn(&text[s.range.to_usize()]))))
        .filter(|(name, ..)| !name.starts_with('_'))
        .collect();
    if !values.is_empty() {
        let images = values.iter().any(|(.., urn)| !urn.is_empty());
        let (head, line) = if images { (" publisher:offer:sku |", "---|") } else { ("", "") };
        let _ = write!(page, "\n## Values\n\n| name | what it is |{head}\n|---|---|{line}\n");
        for (name, doc, urn) in values {
            let urn = if images { format!(" {urn} |") } else { String::new() };
            let _ = writeln!(page, "| `{name}` | {} |{urn}", doc.replace('|', "\\|"));
        }
    }
    page
}

/// The publisher, offer and SKU of a Marketplace image.
fn urn(text: &str) -> String {
    match text.split_once("platform_image(") {
        Some((_, args)) => {
            format!("`{}`", args.split('"').skip(1).step_by(2).take(3).collect::<Vec<_>>().join(":"))
        }
        None => String::new(),
    }
}

fn doc_of(stmt: &ast::Stmt) -> String {
    stmt.doc.as_deref().unwrap_or_default().to_owned()
}

fn name_of(stmt: &ast::Stmt) -> Option<&str> {
    match &stmt.kind {
        ast::StmtKind::Let(binding) => binding.name.as_ref().map(|n| &*n.text),
        _ => None,
    }
}

/// A recipe, function or type as it is declared, without its body, on one line; and its name.
fn signature(stmt: &ast::Stmt, text: &str) -> Option<(String, String)> {
    let whole = &text[stmt.range.to_usize()];
    let (name, head) = match &stmt.kind {
        ast::StmtKind::Recipe(r) => {
            (r.name.as_ref()?, &text[stmt.range.start as usize..r.body.range.start as usize])
        }
        ast::StmtKind::Fn(f) => {
            let body = f.body.as_ref()?.range.start as usize;
            (f.name.as_ref()?, text[stmt.range.start as usize..body].trim_end().trim_end_matches('='))
        }
        ast::StmtKind::Type(t) => (t.name.as_ref()?, whole),
        _ => return None,
    };
    if name.text.starts_with('_') {
        return None;
    }
    let line = head.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = line.replace("( ", "(").replace(", )", ")").replace(" )", ")");
    Some((line, name.text.to_string()))
}
