//! The standard library: aib files embedded in the binary.

use std::collections::HashMap;
use std::sync::Arc;

use crate::base::TextRange;

/// A module of the standard library.
#[derive(Clone, Copy, Debug)]
pub struct StdModule {
    /// Its import path: `std/linux`.
    pub path: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// All modules, by path.
pub static STDLIB: &[StdModule] = &[
    StdModule { path: "std/linux", text: include_str!("../../stdlib/linux.aib") },
    StdModule { path: "std/marketplace", text: include_str!("../../stdlib/marketplace.aib") },
    StdModule { path: "std/regions", text: include_str!("../../stdlib/regions.aib") },
    StdModule { path: "std/windows", text: include_str!("../../stdlib/windows.aib") },
];

/// The module with this import path.
pub fn std_module(path: &str) -> Option<&'static StdModule> {
    STDLIB.iter().find(|m| m.path == path)
}

/// The parts of a module that are used, and the names that were left out.
#[derive(Debug)]
pub struct Excerpt {
    /// What is used, in order: whole lines, of neighbours one run.
    pub parts: Vec<TextRange>,
    /// The names of the declarations that were left out.
    pub left_out: Vec<Arc<str>>,
}

/// The words with which a top-level declaration begins. Lines with others belong to no declaration and are kept.
const DECLARATIONS: &[&str] = &["let ", "fn ", "type ", "recipe "];

/// Reduces a module to the declarations that some words may mean, and those that these use in turn.
///
/// Reading a module costs far more than looking for words in it, and `std/marketplace` has a hundred declarations of
/// which a file uses one. A word anywhere counts as a use, so nothing that is used is left out.
pub fn excerpt<'t>(text: &'t str, used: impl IntoIterator<Item = &'t str>) -> Excerpt {
    let chunks = chunks(text);
    let places: HashMap<&str, usize> =
        chunks.iter().enumerate().filter_map(|(i, c)| Some((c.name?, i))).collect();
    let mut kept: Vec<bool> = chunks.iter().map(|c| c.name.is_none()).collect();
    let mut open: Vec<usize> = Vec::new();
    let meet = |word: &str, kept: &mut Vec<bool>, open: &mut Vec<usize>| {
        if let Some(&place) = places.get(word)
            && let Some(state) = kept.get_mut(place)
            && !std::mem::replace(state, true)
        {
            open.push(place);
        }
    };
    for source in used {
        words(source).for_each(|word| meet(word, &mut kept, &mut open));
    }
    while let Some(place) = open.pop() {
        let body = chunks.get(place).map_or("", |c| c.text);
        words(body).for_each(|word| meet(word, &mut kept, &mut open));
    }
    let (mut parts, mut left_out): (Vec<TextRange>, _) = (Vec::new(), Vec::new());
    let mut at = 0;
    for (chunk, kept) in chunks.iter().zip(kept) {
        let range = TextRange::new(at, at + chunk.text.len());
        at += chunk.text.len();
        match chunk.name {
            Some(name) if !kept => left_out.push(Arc::from(name)),
            _ if range.is_empty() => {}
            _ => match parts.last_mut() {
                Some(last) if last.end == range.start => last.end = range.end,
                _ => parts.push(range),
            },
        }
    }
    Excerpt { parts, left_out }
}

/// A run of lines: a declaration with its documentation, or what stands between declarations.
struct Chunk<'t> {
    name: Option<&'t str>,
    text: &'t str,
}

fn chunks(text: &str) -> Vec<Chunk<'_>> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut name = None;
    // Documentation belongs to the declaration after it, so a chunk begins at its first line.
    let mut doc = None;
    let mut at = 0;
    for end in memchr::memchr_iter(b'\n', text.as_bytes()).map(|newline| newline + 1).chain([text.len()]) {
        let line = text.get(at..end).unwrap_or_default();
        // Most lines stand inside something.
        if matches!(line.as_bytes(), [] | [b' ' | b'\n' | b'}', ..]) {
            (doc, at) = (None, end);
            continue;
        }
        if line.starts_with("///") {
            (doc, at) = (doc.or(Some(at)), end);
            continue;
        }
        let declared = DECLARATIONS.iter().find_map(|word| line.strip_prefix(word)).map(first_word);
        let flush = declared.is_some() || line.starts_with("import ") || line.starts_with("policy ");
        if flush {
            let begin = doc.unwrap_or(at);
            out.push(Chunk { name, text: text.get(start..begin).unwrap_or_default() });
            (start, name) = (begin, declared);
        }
        (doc, at) = (None, end);
    }
    out.push(Chunk { name, text: text.get(start..).unwrap_or_default() });
    out
}

fn first_word(text: &str) -> &str {
    let end = text.bytes().position(|b| !(b.is_ascii_alphanumeric() || b == b'_'));
    text.get(..end.unwrap_or(text.len())).unwrap_or_default()
}

/// The identifiers of a text, in strings and comments too.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|w| !w.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_is_kept_and_all_that_it_uses() {
        let text = "// head\nlet a = 1\n/// doc\nlet b = a\n\nfn c() = 2\nlet d = \"${b}\"\n";
        let found = excerpt(text, ["x.b"]);
        assert_eq!(found.left_out, [Arc::from("c"), Arc::from("d")]);
        let parts: Vec<_> = found.parts.iter().filter_map(|part| text.get(part.to_usize())).collect();
        assert_eq!(parts, ["// head\nlet a = 1\n/// doc\nlet b = a\n\n"]);
    }

    #[test]
    fn every_module_can_be_cut_to_each_of_its_names() {
        for module in STDLIB {
            // An excerpt is made before what a module of the library imports is known.
            assert!(!module.text.contains("\nimport "), "{} imports", module.path);
            let all = excerpt(module.text, []);
            assert!(!all.left_out.is_empty(), "{}", module.path);
            for name in &all.left_out {
                let one = excerpt(module.text, [&**name]);
                let parsed = crate::syntax::parse_parts(crate::base::FileId(0), module.text, &one.parts);
                assert!(parsed.errors.is_empty(), "{} {name}: {:?}", module.path, parsed.errors);
            }
        }
    }
}
