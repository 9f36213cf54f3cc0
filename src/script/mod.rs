//! Scripts of shells and PowerShell: text in, plain data out.
//!
//! [`read`] gives the commands of a script with what encloses them and whose output they read, its variables and functions, and
//! what is wrong with it. brush-parser and tree-sitter are used here and nowhere else, and nothing of them is seen outside.
//! Invariants: reading never fails and never panics; it takes time linear in the text and, whatever the text is, a stack that a
//! thread of ordinary size has: what nests deeper than 32 groups is not read. What is in doubt is no command, and no fault; a script
//! whose first line names another interpreter (`#!/usr/bin/python3`) is not read.
//! This room knows neither steps nor rules.

mod model;
mod place;
#[cfg(feature = "powershell")]
mod powershell;
#[cfg(not(feature = "powershell"))]
#[path = "no_powershell.rs"]
mod powershell;
mod program;
mod sh;
mod wrapped;

pub use model::{
    Assignment, BashOnly, Command, Dialect, Fault, FaultKind, Function, HOLE, Reach, Read, Redirect, Scope,
    Script, Through, Variable, Within, Word,
};

use place::Place;
use sh::Context;
use wrapped::POSIX_SHELLS;
pub use wrapped::is_shell;

/// Reads a script. What is only known at deployment stands in it as [`HOLE`]; a text with such parts, or with placeholders
/// that other tools fill in, has no faults that anyone could be sure of.
pub fn read(text: &str, dialect: Dialect) -> Script {
    let mut script = Script::empty(dialect);
    let interpreter = interpreter(text).filter(|_| dialect == Dialect::Sh);
    if interpreter.is_some_and(|name| !is_shell(name)) {
        return script;
    }
    // What others take and bash does not is no fault.
    let is_posix = interpreter.is_none_or(|name| POSIX_SHELLS.contains(&name));
    // brush reads as bash does; dash, which is `/bin/sh`, takes more.
    let is_bash = interpreter == Some("bash");
    let wants_faults = is_posix
        && !text.contains(HOLE)
        && !has_placeholder(text)
        && (is_bash || !has_quote_in_expansion(text))
        && !has_select(text);
    let context = Context { scope: None, depth: 0, wants_faults };
    match dialect {
        Dialect::Sh => _ = sh::read(&without_returns(text), &Place::At(0), context, &mut script),
        Dialect::PowerShell => _ = powershell::read(text, &Place::At(0), context, &mut script),
    }
    let own = script.bash_only.len();
    wrapped::read(&mut script);
    script.bash_only.truncate(own);
    sort(&mut script);
    forget_functions(&mut script);
    script
}

/// The program that a script names in its first line: `#!/usr/bin/env python3`.
fn interpreter(text: &str) -> Option<&str> {
    let line = text.strip_prefix("#!")?.lines().next()?;
    let mut words = line.split_whitespace().map(program::base_name);
    let first = words.next()?;
    if first == "env" { words.find(|word| !word.starts_with('-')) } else { Some(first) }
}

/// Whether an interpreter that is given these arguments reads its program from its input.
pub fn reads_program(args: &[Word]) -> bool {
    wrapped::reads_input(args)
}

/// Whether a text holds `<name>` or `{{name}}`, which other tools fill in. `crate::base::has_placeholder` knows more forms, but
/// those are ordinary in scripts: `$(name)`, `{ name }`.
fn has_placeholder(text: &str) -> bool {
    let is_name = |name: &str| {
        name.len() <= 80
            && name.starts_with(|c: char| c.is_ascii_alphabetic())
            && !name.ends_with(' ')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-. ".contains(c))
    };
    let named = |(at, _): (usize, &str)| {
        let near = text.get(at + 1..).unwrap_or_default().chars().take(81);
        let length: usize = near.take_while(|c| *c != '>' && *c != '\n').map(char::len_utf8).sum();
        let closed = text.as_bytes().get(at + 1 + length) == Some(&b'>');
        closed && text.get(at + 1..at + 1 + length).is_some_and(is_name)
    };
    text.contains("{{") || text.match_indices('<').any(named)
}

/// Whether a `'` stands in `${…}`. In double quotes it is an ordinary character there, `"${1:?can't find it}"`, except in bash
/// outside of its POSIX mode.
fn has_quote_in_expansion(text: &str) -> bool {
    /// Nobody writes a longer message, and looking for the end stays linear.
    const LONGEST: usize = 400;
    text.match_indices("${").any(|(at, _)| {
        let inner = text.get(at..).unwrap_or_default().chars().take(LONGEST);
        inner.take_while(|c| !matches!(c, '}' | '\n')).any(|c| c == '\'')
    })
}

/// Whether a `select` begins, which bash has and brush's grammar lacks.
fn has_select(text: &str) -> bool {
    text.match_indices("select").any(|(at, word)| {
        let before = text.get(..at).unwrap_or_default().trim_end_matches([' ', '\t']);
        let after = text.get(at + word.len()..).unwrap_or_default();
        let begins = before.is_empty()
            || before.ends_with(['\n', ';', '&', '|', '(', ')', '{', '!'])
            || ["do", "then", "else", "time"].iter().any(|word| before.ends_with(word));
        begins && after.starts_with([' ', '\t'])
    })
}

/// Windows' ends of lines as those of Unix, with all else in its place.
fn without_returns(text: &str) -> std::borrow::Cow<'_, str> {
    match text.contains("\r\n") {
        true => text.replace("\r\n", " \n").into(),
        false => text.into(),
    }
}

/// Puts commands in the order in which they begin.
fn sort(script: &mut Script) {
    let mut order: Vec<usize> = (0..script.commands.len()).collect();
    let key = |at: &usize| script.commands.get(*at).map(|c| (c.range.start, std::cmp::Reverse(c.range.end)));
    if order.is_sorted_by_key(&key) {
        return;
    }
    order.sort_by_key(key);
    let mut places = vec![0; order.len()];
    for (new, old) in order.iter().enumerate() {
        if let Some(place) = places.get_mut(*old) {
            *place = new;
        }
    }
    let mut old: Vec<Option<Command>> = std::mem::take(&mut script.commands).into_iter().map(Some).collect();
    script.commands = order.iter().filter_map(|at| old.get_mut(*at)?.take()).collect();
    for read in script.commands.iter_mut().flat_map(|c| &mut c.reads) {
        read.command = places.get(read.command).copied().unwrap_or(read.command);
    }
}

/// A function that the script itself defines is no program, whatever it is called.
fn forget_functions(script: &mut Script) {
    if script.functions.is_empty() {
        return;
    }
    let names: std::collections::HashSet<String> =
        script.functions.iter().map(|f| f.name.to_lowercase()).collect();
    for command in &mut script.commands {
        let called = command.words.iter().find(|w| w.redirect.is_none());
        if called.is_some_and(|w| names.contains(&w.text.to_lowercase())) {
            command.program = None;
        }
    }
}

#[cfg(test)]
mod tests;
