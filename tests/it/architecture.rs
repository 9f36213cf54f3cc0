//! Which room may import which, and what may be used where: the table of docs/ARCHITECTURE.md as data.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::folder::{below, files};

/// A room: its level, and the rooms that it may import. All of those stand on lower levels.
struct Room {
    name: &'static str,
    level: u8,
    imports: &'static [&'static str],
}

static ROOMS: &[Room] = &[
    Room { name: "base", level: 0, imports: &[] },
    Room { name: "diag", level: 1, imports: &["base"] },
    Room { name: "schema", level: 2, imports: &[] },
    Room { name: "arm", level: 2, imports: &[] },
    Room { name: "script", level: 2, imports: &["base"] },
    Room { name: "json", level: 2, imports: &["base", "diag"] },
    Room { name: "syntax", level: 2, imports: &["base", "diag"] },
    Room { name: "fmt", level: 3, imports: &["base", "diag", "syntax"] },
    Room { name: "resolve", level: 3, imports: &["base", "diag", "syntax"] },
    Room {
        name: "check",
        level: 4,
        imports: &["base", "diag", "schema", "arm", "syntax", "script", "resolve"],
    },
    Room { name: "arm_json", level: 5, imports: &["base", "diag", "schema", "arm", "json", "check"] },
    Room { name: "plan", level: 5, imports: &["base", "schema", "arm", "check"] },
    Room { name: "lint", level: 5, imports: &["base", "diag", "schema", "arm", "script", "check"] },
    Room { name: "allow", level: 6, imports: &["base", "diag", "json", "syntax", "lint"] },
    Room {
        name: "decompile",
        level: 6,
        imports: &["base", "diag", "schema", "arm", "json", "syntax", "fmt", "check"],
    },
    Room { name: "access", level: 6, imports: &["base", "arm", "json", "check", "plan"] },
    Room { name: "emit", level: 6, imports: &["base", "arm", "check", "plan"] },
    Room { name: "diff", level: 6, imports: &["base", "schema", "arm", "json", "check", "plan"] },
    Room {
        name: "analysis",
        level: 7,
        imports: &[
            "base",
            "diag",
            "schema",
            "arm",
            "json",
            "syntax",
            "fmt",
            "resolve",
            "check",
            "arm_json",
            "lint",
            "allow",
            "plan",
            "decompile",
            "emit",
            "diff",
        ],
    },
    Room { name: "report", level: 7, imports: &["base", "diag"] },
    Room {
        name: "cli",
        level: 8,
        imports: &[
            "base",
            "diag",
            "arm",
            "check",
            "lint",
            "decompile",
            "access",
            "emit",
            "diff",
            "analysis",
            "report",
        ],
    },
];

/// Text that stands in these places only: folders of `src` end in `/`, files do not.
struct Fence {
    text: &'static str,
    places: &'static [&'static str],
    why: &'static str,
}

static FENCES: &[Fence] = &[
    Fence {
        text: "pest::",
        places: &["syntax/parser.rs"],
        why: "the grammar's library is the parser's affair",
    },
    Fence {
        text: "pest_derive::",
        places: &["syntax/parser.rs"],
        why: "the grammar's library is the parser's affair",
    },
    Fence {
        text: "brush_parser::",
        places: &["script/sh/"],
        why: "what reads scripts is the affair of their room",
    },
    Fence {
        text: "tree_sitter::",
        places: &["script/powershell/"],
        why: "what reads scripts is the affair of their room",
    },
    Fence { text: "miette::", places: &["report/", "cli/"], why: "findings are plain data below `report`" },
    Fence { text: "clap::", places: &["cli/"], why: "arguments are the command line's affair" },
    Fence {
        text: "codespan_reporting::files",
        places: &["base/source.rs", "report/"],
        why: "one truth for lines and columns",
    },
    Fence {
        text: "codespan_reporting::term",
        places: &["report/"],
        why: "findings are plain data below `report`",
    },
    Fence {
        text: "serde_json::",
        places: &["plan/json.rs", "emit/", "report/", "analysis/", "cli/"],
        why: "JSON is a form of input and output",
    },
    Fence { text: "toml::", places: &["analysis/"], why: "`aib.toml` is the workspace's affair" },
    Fence { text: "ignore::", places: &["analysis/", "cli/"], why: "the core sees no folders" },
    Fence { text: "similar::", places: &["diff/", "cli/"], why: "differences of texts are for people" },
    Fence { text: "pulldown_cmark::", places: &["access/"], why: "pages are made in one place" },
    Fence { text: "brush_parser::", places: &["script/sh/"], why: "the library is one reader's affair" },
    Fence {
        text: "tree_sitter::",
        places: &["script/powershell/"],
        why: "the library is one reader's affair",
    },
    Fence { text: "std::fs", places: &["analysis/", "cli/"], why: "the core sees no disk" },
    Fence {
        text: "std::env",
        places: &["analysis/", "cli/", "main.rs"],
        why: "the core sees no environment",
    },
    Fence { text: "std::thread", places: &["analysis/", "cli/"], why: "the core has no threads" },
    Fence { text: "rayon::", places: &["analysis/", "cli/"], why: "the core has no threads" },
    Fence { text: "std::net", places: &[], why: "aib uses no network" },
    Fence { text: "std::process::Command", places: &[], why: "aib starts no other program" },
    Fence { text: "SystemTime", places: &[], why: "the same sources give the same bytes: there is no clock" },
    Fence { text: "println!", places: &[], why: "only `cli::terminal` writes to standard output and error" },
    Fence { text: "print!(", places: &[], why: "only `cli::terminal` writes to standard output and error" },
    Fence { text: "use super::*", places: &[], why: "names come in one by one" },
];

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every file below `src`, by its path there, in order; without comments and the tests of the rooms.
fn sources() -> Vec<(String, String)> {
    let files = files(&src(), ".rs").into_iter().filter(|path| !path.ends_with("tests.rs"));
    let mut out: Vec<(String, String)> =
        files.map(|path| (below(&src(), &path), code_of(&fs::read_to_string(&path).unwrap()))).collect();
    out.sort();
    out
}

/// The lines of a file without comments, up to its unit tests.
fn code_of(text: &str) -> String {
    let lines = text.lines().take_while(|line| line.trim() != "#[cfg(test)]");
    let code = lines.map(|line| if line.trim_start().starts_with("//") { "" } else { line });
    code.collect::<Vec<_>>().join("\n")
}

/// The rooms that a text imports: after `crate::`, alone or in braces.
fn imports_of(text: &str) -> Vec<String> {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut out = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            None => out.push(word(rest)),
            Some(list) => {
                let list = list.split("};").next().unwrap_or_default();
                let mut depth = 0;
                let mut start = true;
                for (at, c) in list.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        c if start && depth == 0 && c.is_alphabetic() => {
                            out.push(word(&list[at..]));
                            start = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    out
}

#[test]
fn the_table_of_rooms_is_the_tree() {
    let mut folders: Vec<String> = fs::read_dir(src())
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.is_dir())
        .map(|p| p.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    folders.sort();
    let mut rooms: Vec<&str> = ROOMS.iter().map(|r| r.name).collect();
    rooms.sort_unstable();
    assert_eq!(folders, rooms, "every folder of `src` is a room of the table and the other way round");
}

#[test]
fn imports_go_down() {
    for room in ROOMS {
        for name in room.imports {
            let other = ROOMS.iter().find(|r| r.name == *name).expect("an imported room is a room");
            assert!(
                other.level < room.level,
                "`{}` (level {}) may not import `{name}`",
                room.name,
                room.level
            );
        }
    }
}

#[test]
fn rooms_import_what_the_table_says() {
    let mut wrong = String::new();
    let mut used: Vec<(&str, String)> = Vec::new();
    for (path, text) in sources() {
        let Some((name, _)) = path.split_once('/') else { continue };
        let room = ROOMS.iter().find(|r| r.name == name).expect("a room");
        for import in imports_of(&text) {
            // Macros and items at the crate's root are no rooms.
            if import == room.name || !ROOMS.iter().any(|r| r.name == import) {
                continue;
            }
            if !room.imports.contains(&import.as_str()) {
                let _ = writeln!(wrong, "{} -> {import}: src/{path}", room.name);
            }
            used.push((room.name, import));
        }
    }
    assert!(wrong.is_empty(), "imports that the table does not have:\n{wrong}");
    // `analysis` runs the pipeline and may use all of it; for the others the table says what is, not what might be.
    for room in ROOMS.iter().filter(|r| r.name != "analysis") {
        for name in room.imports {
            let needed = used.iter().any(|(a, b)| *a == room.name && b == name);
            assert!(needed, "{} -> {name} is in the table, but nothing needs it", room.name);
        }
    }
}

#[test]
fn libraries_and_the_outside_stay_where_they_belong() {
    let mut wrong = String::new();
    for (path, text) in sources() {
        for fence in FENCES {
            let inside =
                fence.places.iter().any(|p| if p.ends_with('/') { path.starts_with(p) } else { path == *p });
            if inside {
                continue;
            }
            for (number, line) in text.lines().enumerate() {
                if finds(line, fence.text) {
                    let _ = writeln!(wrong, "src/{path}:{}: `{}`: {}", number + 1, fence.text, fence.why);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Whether a line holds a text as words of its own: `pest::` is not found in `rapidest::`.
fn finds(line: &str, text: &str) -> bool {
    line.match_indices(text).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

#[test]
fn the_page_has_the_table() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ARCHITECTURE.md");
    let page = fs::read_to_string(page).unwrap();
    for room in ROOMS {
        let imports = match room.imports {
            [] => "nothing".to_owned(),
            names => names.join(", "),
        };
        let row = format!("| {} | `{}` |", room.level, room.name);
        let line = page.lines().find(|l| l.starts_with(&row));
        let line = line.unwrap_or_else(|| panic!("docs/ARCHITECTURE.md has no row `{row}`"));
        assert!(
            line.contains(&format!("| {imports} |")),
            "the page says of `{}`:\n{line}\nthe table: {imports}",
            room.name
        );
    }
    let length = page.lines().count();
    assert!(length <= 250, "docs/ARCHITECTURE.md has {length} lines: 250 are enough");
}
