//! Builtins that say something about variables, redirections, and what bash has of both.

use brush_parser::ast::{IoFileRedirectKind, IoFileRedirectTarget, IoRedirect, Word as AstWord};

use super::walk::{Scope, Walk, Words};
use super::words::Quoting;
use crate::script::model::{BashOnly, Reach, Read, Redirect, Through, Word};
use crate::script::place::Place;

/// How far variables are seen that a builtin declares; none if it declares none.
pub(super) fn reach_of(builtin: &str) -> Option<Reach> {
    match builtin {
        "export" => Some(Reach::Programs),
        "local" => Some(Reach::Part),
        "declare" | "typeset" | "readonly" => Some(Reach::Script),
        _ => None,
    }
}

/// Builtins that bash has and a plain `sh` has not.
static BASH_BUILTINS: &[&str] =
    &["source", "declare", "typeset", "pushd", "popd", "shopt", "mapfile", "readarray", "let"];

/// Arguments of builtins that bash takes and a plain `sh` does not.
static BASH_ARGUMENTS: &[(&str, &str, &str)] =
    &[("set", "pipefail", "set -o pipefail"), ("[", "==", "[ a == b ]"), ("test", "==", "test a == b")];

/// Builtins whose arguments are variables that they set.
static SETTERS: &[&str] = &["read", "mapfile", "readarray", "getopts"];

impl Walk<'_, '_> {
    /// What a command's name tells of it.
    pub(super) fn builtins(&mut self, words: &[Word], scope: Scope) {
        let Some(first) = words.first().filter(|w| !w.quoted) else { return };
        if let Some(what) = BASH_BUILTINS.iter().find(|name| **name == first.text) {
            self.out.bash_only.push(BashOnly { what, range: first.range });
        }
        for (_, argument, what) in BASH_ARGUMENTS.iter().filter(|(name, ..)| *name == first.text) {
            if let Some(word) = words.iter().skip(1).find(|w| w.text == *argument && !w.quoted) {
                self.out.bash_only.push(BashOnly { what, range: word.range });
            }
        }
        let set = match first.text.as_str() {
            "unset" => words.get(1..),
            name if SETTERS.contains(&name) => words.get(1..),
            "printf" if words.get(1).is_some_and(|w| w.text == "-v") => words.get(2..3),
            _ => None,
        };
        let set = set.unwrap_or_default().iter();
        let named = set.filter(|w| !w.text.starts_with('-') && w.redirect.is_none());
        for word in named.filter(|w| crate::script::program::is_name(&w.text)) {
            let reach = if first.text == "unset" { Reach::Part } else { Reach::Script };
            self.assign(word.text.clone(), word.range, reach, scope);
        }
    }

    pub(super) fn redirect(&mut self, redirect: &IoRedirect, words: &mut Words, scope: Scope) {
        match redirect {
            IoRedirect::File(_, kind, target) => {
                let way = match kind {
                    IoFileRedirectKind::Read | IoFileRedirectKind::DuplicateInput => Redirect::Input,
                    _ => Redirect::Output,
                };
                match target {
                    IoFileRedirectTarget::Filename(word) => self.target(word, way, words, scope),
                    IoFileRedirectTarget::ProcessSubstitution(substitution, shell) => {
                        let word = self.process(substitution, shell, Through::Input, words, scope);
                        words.words.push(Word { redirect: Some(way), ..word });
                    }
                    // `2>&1` and `>&-` name no file.
                    IoFileRedirectTarget::Fd(_) | IoFileRedirectTarget::Duplicate(_) => {}
                }
            }
            IoRedirect::OutputAndError(word, _) => {
                if let Some(loc) = &word.loc {
                    self.bash_only("&>", loc);
                }
                self.target(word, Redirect::Output, words, scope);
            }
            IoRedirect::HereString(_, word) => {
                let Some(loc) = &word.loc else { return };
                self.bash_only("<<<", loc);
                let before = words.reads.len();
                let input = self.read_word(self.bytes(loc), Quoting::None, scope, words);
                for Read { through, .. } in words.reads.iter_mut().skip(before) {
                    *through = Through::Input;
                }
                words.input = Some(input);
            }
            IoRedirect::HereDocument(_, document) => {
                let (Some(loc), Some(tag)) = (&document.doc.loc, &document.here_end.loc) else { return };
                let mut bytes = self.bytes(loc);
                let text = self.text.get(bytes.clone()).unwrap_or_default();
                bytes.end = bytes.start + without_last_line(text).len();
                // The grammar saw words without their quotes.
                let is_plain = |tag: &str| !tag.contains(['\'', '"', '\\']);
                if self.text.get(self.bytes(tag)).is_some_and(is_plain) {
                    words.input = Some(self.read_word(bytes, Quoting::Document, scope, words));
                } else {
                    let range = self.place.range(bytes.start, bytes.end);
                    let text = self.text.get(bytes).unwrap_or_default().to_owned();
                    let verbatim = matches!(self.place, Place::At(_)).then_some(range);
                    words.input = Some(Word { text, quoted: true, range, verbatim, ..Word::default() });
                }
            }
        }
    }

    fn target(&mut self, word: &AstWord, way: Redirect, words: &mut Words, scope: Scope) {
        let Some(loc) = &word.loc else { return };
        let target = self.read_word(self.bytes(loc), Quoting::None, scope, words);
        words.words.push(Word { redirect: Some(way), ..target });
    }
}

/// A here-document without the line that ends it, which brush counts to its place.
fn without_last_line(text: &str) -> &str {
    let body = text.strip_suffix('\n').unwrap_or(text);
    match body.rfind('\n') {
        Some(at) => text.get(..at + 1).unwrap_or_default(),
        None => "",
    }
}
