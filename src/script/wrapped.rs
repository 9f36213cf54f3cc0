//! Scripts that a command gives to another interpreter: `bash -c '…'`, `powershell -Command "…"`, `cmd /c "…"`.

use super::model::{Command, Dialect, HOLE, Script, Through, Within, Word};
use super::place::Place;
use super::program::Program;
use super::sh::Context;
use super::{powershell, sh};
use crate::base::TextRange;

/// How deep scripts in scripts are read.
const MAX_LEVELS: usize = 4;
/// Shells that read the language of POSIX and little else than bash has.
pub(super) static POSIX_SHELLS: &[&str] = &["sh", "bash", "dash", "ash"];
/// Shells with a syntax of their own besides.
static OTHER_SHELLS: &[&str] = &["ksh", "zsh"];

/// Programs that give a script to a shell of another user.
static SWITCHERS: &[&str] = &["su", "runuser"];

/// Whether a program of this name reads scripts of shells.
pub fn is_shell(name: &str) -> bool {
    POSIX_SHELLS.contains(&name) || OTHER_SHELLS.contains(&name)
}

/// A script within a command.
struct Inner {
    text: String,
    place: Place,
    language: Language,
}

enum Language {
    Script(Dialect),
    /// That of `cmd.exe`.
    Batch,
}

/// Reads what the commands found so far give to interpreters, and what those scripts give on.
pub(super) fn read(script: &mut Script) {
    let mut at = 0;
    while let Some(command) = script.commands.get(at) {
        let levels = script.within(command).filter(|within| matches!(within, Within::Wrapper(_))).count();
        let inner = if levels < MAX_LEVELS { inner_of(script, command) } else { None };
        if let Some((name, inner)) = inner {
            let is_other = !command.is_own_users() || SWITCHERS.contains(&name.as_str());
            let scope = script.open(Within::Wrapper(name), command.scope);
            let first = script.commands.len();
            if let Some(command) = script.commands.get_mut(at) {
                command.wraps = scope;
            }
            let context = Context { scope, depth: 4 * (levels + 1), wants_faults: false };
            match inner.language {
                Language::Script(Dialect::Sh) => _ = sh::read(&inner.text, &inner.place, context, script),
                Language::Script(Dialect::PowerShell) => {
                    _ = powershell::read(&inner.text, &inner.place, context, script);
                }
                Language::Batch => batch(&inner, scope, script),
            }
            script.commands.iter_mut().skip(first).for_each(|command| command.in_other_shell = is_other);
        }
        at += 1;
    }
}

fn inner_of(script: &Script, command: &Command) -> Option<(String, Inner)> {
    let (name, args) = command.program()?;
    let sh = Language::Script(Dialect::Sh);
    let powershell = Language::Script(Dialect::PowerShell);
    let inner = match name {
        name if is_shell(name) => match behind_short_option(args) {
            Some(word) => of_word(word, sh),
            None if reads_input(args) => of_word(input_of(script, command)?, sh),
            None => None,
        },
        name if SWITCHERS.contains(&name) => {
            of_word(args.get(1 + args.iter().position(|w| is_any(w, &["-c", "--command"]))?)?, sh)
        }
        "eval" => match args {
            [word] => of_word(word, sh),
            _ => None,
        },
        "trap" => of_word(args.first().filter(|w| w.text.contains(' '))?, sh),
        "powershell" | "pwsh" => of_words(behind_command(args)?, powershell),
        "invoke-expression" | "iex" => {
            let given = args.iter().find(|w| w.quoted || !w.text.starts_with('-'));
            // `'…' | iex`
            let word = given.or(command.input.as_ref())?;
            of_word(word, powershell).filter(|_| word.quoted)
        }
        "cmd" => {
            let at = args.iter().position(|w| is_any(w, &["/c", "/k"]))?;
            of_words(args.get(at + 1..)?, Language::Batch)
        }
        _ => None,
    };
    inner.map(|inner| (name.to_owned(), inner))
}

fn is_any(word: &Word, texts: &[&str]) -> bool {
    texts.iter().any(|text| word.text.eq_ignore_ascii_case(text))
}

/// The word behind `-c`, which other letters may stand before.
fn behind_short_option(args: &[Word]) -> Option<&Word> {
    let at = args.iter().take_while(|w| w.text.starts_with(['-', '+'])).position(is_short_c)?;
    args.iter().skip(at + 1).find(|w| !w.text.starts_with('-'))
}

/// Whether an interpreter with these arguments reads its program from its input: it is given no file and no text.
pub(super) fn reads_input(args: &[Word]) -> bool {
    let mut rest = args.iter().filter(|w| w.redirect.is_none());
    let first =
        rest.find(|w| !(w.text.starts_with('-') || w.text.starts_with('+')) || is_any(w, &["-", "-s", "--"]));
    first.is_none_or(|w| w.text == "-" || w.text == "-s") && !args.iter().any(is_short_c)
}

/// `-c`, `-lc`
fn is_short_c(word: &Word) -> bool {
    let letters = word.text.strip_prefix('-').unwrap_or_default();
    letters.len() <= 5 && letters.contains('c') && letters.bytes().all(|b| b.is_ascii_lowercase())
}

/// The text that a command reads: its own here-document, or what stands before the pipe.
fn input_of<'s>(script: &'s Script, command: &'s Command) -> Option<&'s Word> {
    if let Some(input) = &command.input {
        return Some(input);
    }
    let read = command.reads.iter().find(|r| r.through == Through::Input)?;
    let source = script.commands.get(read.command)?;
    let (name, args) = source.program()?;
    let mut given = args.iter().filter(|w| w.redirect.is_none());
    match (name, given.next(), given.next()) {
        ("cat", None, _) => source.input.as_ref(),
        ("echo" | "printf", Some(word), None) if word.quoted => Some(word),
        _ => None,
    }
}

/// What stands behind `-Command`, or a script without it.
fn behind_command(args: &[Word]) -> Option<&[Word]> {
    let is_command = |w: &Word| {
        let option = w.text.trim_start_matches(['-', '/']).to_lowercase();
        option.len() < w.text.len() && !option.is_empty() && !w.quoted && "command".starts_with(&option)
    };
    let in_list = |w: &Word| w.quoted && is_any(w, &["-command", "-c", "/c"]);
    match args.iter().position(|w| is_command(w) || in_list(w)) {
        Some(at) => args.get(at + 1..),
        None => args.get(..1).filter(|first| first.iter().any(|w| w.quoted && w.text.contains(' '))),
    }
}

fn of_words(words: &[Word], language: Language) -> Option<Inner> {
    match words {
        [] => None,
        [word] => of_word(word, language),
        [first, .., last] => {
            let texts: Vec<String> = words.iter().filter(|w| w.redirect.is_none()).map(text_of).collect();
            let place = Place::Within(first.range.cover(last.range));
            Some(Inner { text: texts.join(" "), place, language })
        }
    }
}

fn of_word(word: &Word, language: Language) -> Option<Inner> {
    // `bash -c "$(curl …)"`: what stands there has been read, what it gives is not known.
    if word.expansions.iter().any(|part| part.len() == word.text.len()) {
        return None;
    }
    let place = match word.verbatim {
        Some(range) => Place::At(range.start as usize),
        None => Place::Within(word.range),
    };
    Some(Inner { text: text_of(word), place, language })
}

/// The text of a word as the interpreter gets it, as far as that is known: variables stay, what commands print is a hole that
/// is as long as what stands there.
fn text_of(word: &Word) -> String {
    let mut text = String::with_capacity(word.text.len());
    let mut from = 0;
    for part in &word.expansions {
        let written = word.text.get(part.clone()).unwrap_or_default();
        let hole = HOLE.len_utf8();
        if (written.starts_with("$(") || written.starts_with('`')) && written.len() >= hole {
            text.push_str(word.text.get(from..part.start).unwrap_or_default());
            text.push(HOLE);
            text.extend(std::iter::repeat_n('_', written.len() - hole));
            from = part.end;
        }
    }
    text.push_str(word.text.get(from..).unwrap_or_default());
    text
}

/// The commands of a line of `cmd.exe`: words between blanks, commands between `&` and `|`.
fn batch(inner: &Inner, scope: Option<usize>, out: &mut Script) {
    let mut words: Vec<Word> = Vec::new();
    let mut word: Option<(usize, Word)> = None;
    let mut in_quotes = false;
    let end = inner.text.len();
    for (at, c) in inner.text.char_indices().chain([(end, '&')]) {
        let ends_command = at == end || (!in_quotes && matches!(c, '&' | '|' | '(' | ')'));
        if ends_command || (!in_quotes && c.is_whitespace()) {
            if let Some((start, word)) = word.take() {
                words.push(Word { range: inner.place.range(start, at), ..word });
            }
            if ends_command {
                batch_command(std::mem::take(&mut words), scope, out);
            }
            continue;
        }
        let (_, word) = word.get_or_insert_with(|| (at, Word::default()));
        match c {
            '"' => {
                in_quotes = !in_quotes;
                word.quoted = true;
            }
            '^' if !in_quotes => {}
            c => word.text.push(c),
        }
    }
}

fn batch_command(words: Vec<Word>, scope: Option<usize>, out: &mut Script) {
    let Some(range) = words.iter().map(|w| w.range).reduce(TextRange::cover) else { return };
    let program = Program::of_powershell(&words, true);
    out.commands.push(Command {
        range,
        // What `cmd.exe` runs are programs of Windows, which rules know under PowerShell.
        dialect: Dialect::PowerShell,
        words,
        reads: Vec::new(),
        input: None,
        scope,
        wraps: None,
        in_other_shell: false,
        program,
    });
}
