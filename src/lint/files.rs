//! What commands surely read, and what they may make: a file that a script names may be one that it makes itself, in more ways
//! than anyone can list, so only what surely reads a file counts, and only where nothing before may have made it.

use crate::base::TextRange;
use crate::script::{Command, Redirect, Script, Within, Word};

/// Programs that fail without the files that they are given.
struct Reader {
    programs: &'static [&'static str],
    which: Which,
    /// One of these must be an argument, if there are any.
    with: &'static [&'static str],
    /// None of these may be.
    without: &'static [&'static str],
    /// Options whose values are none of the files; letter case aside.
    values: &'static [&'static str],
}

/// Which arguments of a program it reads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    /// Each that is no option.
    Each,
    /// The first that is no option.
    First,
    /// Each but the first, which is something else: `chmod 755 a b`.
    BehindFirst,
    /// Each but the last, which is where they go.
    ButLast,
    /// What stands behind an option: `tar -f a`.
    Behind(&'static [&'static str]),
}

const fn reader(programs: &'static [&'static str], which: Which) -> Reader {
    Reader { programs, which, with: &[], without: &[], values: &[] }
}

static READERS: &[Reader] = &[
    reader(
        &["cat", "sha256sum", "sha512sum", "sha1sum", "md5sum", "wc", "gunzip", "bunzip2", "unxz"],
        Which::Each,
    ),
    reader(&["source", "."], Which::First),
    Reader {
        without: &["-c", "-s", "-n", "-o", "-m", "-e"],
        ..reader(
            &[
                "sh", "bash", "dash", "zsh", "ksh", "python", "python2", "python3", "perl", "ruby", "php",
                "node",
            ],
            Which::First,
        )
    },
    Reader { values: &["-d", "-x", "-P"], ..reader(&["unzip"], Which::First) },
    Reader { with: &["-i", "--install", "--unpack"], ..reader(&["dpkg"], Which::Each) },
    Reader {
        with: &["-i", "-ivh", "-U", "-Uvh", "-uvh", "--install", "--upgrade"],
        ..reader(&["rpm"], Which::Each)
    },
    Reader { with: &["install"], ..reader(&["apt", "apt-get", "yum", "dnf"], Which::Each) },
    Reader { without: &["--reference"], ..reader(&["chmod", "chown", "chgrp"], Which::BehindFirst) },
    Reader {
        without: &["-t", "--target-directory", "-d", "--directory"],
        values: &["-m", "-o", "-g", "--mode", "--owner", "--group", "-S", "--suffix"],
        ..reader(&["cp", "mv", "install"], Which::ButLast)
    },
    reader(&["expand-archive"], Which::Behind(&["-path", "-literalpath"])),
    Reader { values: &["-destinationpath"], ..reader(&["expand-archive"], Which::First) },
    reader(&["powershell", "pwsh"], Which::Behind(&["-file", "-f"])),
    reader(&["msiexec"], Which::Behind(&["/i", "-i", "/package", "-package"])),
    reader(&["copy-item", "move-item", "get-content"], Which::Behind(&["-path", "-literalpath"])),
    Reader {
        values: &["-destination", "-filter", "-include", "-exclude", "-erroraction"],
        ..reader(&["copy-item", "move-item"], Which::First)
    },
];

/// The word by which a command surely reads a file of this path, and fails without it.
pub(super) fn surely_reads(command: &Command, path: &str) -> Option<TextRange> {
    let (program, args) = command.program()?;
    let is_path = |word: &&Word| word.text == path;
    if let Some(word) = command.words.iter().find(|w| w.redirect == Some(Redirect::Input) && w.text == path) {
        return Some(word.range);
    }
    // The program itself, behind `sudo` and the like, which run what they are given.
    let before = command.words.len().checked_sub(args.len() + 1).and_then(|at| command.words.get(at));
    let name = name_of(path);
    let is_program = name.strip_suffix(".exe").unwrap_or(&name) == program;
    if let Some(word) = before.filter(is_path).filter(|_| is_program) {
        return Some(word.range);
    }
    if program == "tar" {
        return extracted(args).filter(is_path).map(|word| word.range);
    }
    let rows = READERS.iter().filter(|row| row.programs.contains(&program) && row.applies(args));
    rows.flat_map(|row| row.files(args)).find(is_path).map(|word| word.range)
}

impl Reader {
    fn applies(&self, args: &[Word]) -> bool {
        let has = |options: &[&str]| args.iter().any(|w| options.iter().any(|o| w.text == *o));
        (self.with.is_empty() || has(self.with)) && !has(self.without)
    }

    /// The arguments that are files which it reads.
    fn files<'w>(&self, args: &'w [Word]) -> Vec<&'w Word> {
        if let Which::Behind(options) = self.which {
            let is_option = |w: &Word| options.iter().any(|o| w.text.eq_ignore_ascii_case(o));
            let pairs = args.iter().zip(args.iter().skip(1));
            return pairs.filter(|(option, _)| is_option(option)).map(|(_, file)| file).collect();
        }
        let mut plain: Vec<&Word> = Vec::new();
        let mut before = "";
        for word in args {
            let is_value = self.values.iter().any(|o| o.eq_ignore_ascii_case(before));
            before = &word.text;
            if !is_value && word.redirect.is_none() && !word.text.starts_with('-') {
                plain.push(word);
            }
        }
        let few = plain.len().min(1);
        match self.which {
            Which::Each | Which::Behind(_) => {}
            Which::First => plain.truncate(1),
            Which::BehindFirst => _ = plain.drain(..few),
            Which::ButLast => _ = plain.pop(),
        }
        plain
    }
}

/// The archive that `tar` takes files out of, or lists.
fn extracted(args: &[Word]) -> Option<&Word> {
    let first = args.first()?;
    let is_letters =
        |w: &Word| !w.text.starts_with("--") && (w.text.starts_with('-') || std::ptr::eq(w, first));
    let letters = |letter: char| args.iter().any(|w| is_letters(w) && w.text.contains(letter));
    let long = |option: &str| args.iter().any(|w| w.text == option);
    let takes = letters('x') || letters('t') || long("--extract") || long("--get") || long("--list");
    let makes = ['c', 'r', 'u', 'A'].iter().any(|l| letters(*l)) || long("--create") || long("--append");
    let at = args.iter().position(|w| (is_letters(w) && w.text.ends_with('f')) || w.text == "--file")?;
    args.get(at + 1).filter(|_| takes && !makes)
}

/// The last part of a path, in lower case.
fn name_of(path: &str) -> String {
    path.rsplit(['/', '\\']).next().unwrap_or(path).to_lowercase()
}

/// Whether a text names a file, or something of the same name, outside of comments.
pub(super) fn mentions(text: &str, path: &str) -> bool {
    let name = name_of(path);
    let is_comment = |line: &&str| line.trim_start().starts_with('#');
    text.lines().filter(|line| !is_comment(line)).any(|line| {
        let line = line.to_lowercase();
        line.match_indices(&name).any(|(at, _)| {
            let before = line.get(..at).unwrap_or_default();
            let after = line.get(at + name.len()..).unwrap_or_default();
            !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric)
        })
    })
}

/// Whether a command may put a file into its folder without naming it: it names that folder, or one around it.
pub(super) fn fills_folder(command: &Command, path: &str) -> bool {
    let path = path.to_lowercase().replace('\\', "/");
    command.words.iter().any(|word| is_folder_of(&word.text.to_lowercase().replace('\\', "/"), &path))
}

/// Whether a word names a folder that a file is in: `/tmp`, `/tmp/*`, `-C/tmp`, `--directory=/tmp/`.
fn is_folder_of(text: &str, path: &str) -> bool {
    if text == "/" {
        return true;
    }
    let text = text.trim_end_matches(['*', '.']);
    let text = text.trim_end_matches('/');
    let starts = |folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    let from =
        |at: Option<usize>| at.and_then(|at| text.get(at..)).is_some_and(|f| !f.is_empty() && starts(f));
    from(Some(0)) || (text.starts_with('-') || text.contains('=')) && from(text.find('/'))
}

/// Programs that ask something, so that what follows them runs only sometimes.
static ASKERS: &[&str] =
    &["test", "[", "[[", "grep", "egrep", "which", "type", "hash", "id", "systemctl", "dpkg", "rpm"];

/// Whether a command surely runs: no branch, no function, nothing of which a failure is expected.
pub(super) fn surely_runs(script: &Script, command: &Command) -> bool {
    let mut scope = command.scope;
    while let Some(at) = scope.and_then(|at| script.scopes.get(at)) {
        let outer = at.outer.and_then(|at| script.scopes.get(at));
        let is_chain = outer.is_some_and(|outer| outer.kind == Within::Chain);
        match &at.kind {
            Within::Subshell | Within::Substitution | Within::Background | Within::Wrapper(_) => {}
            Within::Condition | Within::Branch if is_chain => {}
            Within::Chain if !is_asked_before(script, command, scope) => {}
            _ => return false,
        }
        scope = at.outer;
    }
    true
}

/// Whether a command that asks something stands before another one in a chain.
fn is_asked_before(script: &Script, command: &Command, chain: Option<usize>) -> bool {
    let outer = |scope: Option<usize>| scope.and_then(|at| script.scopes.get(at)).and_then(|s| s.outer);
    let asks = |c: &Command| c.program().is_none_or(|(name, _)| ASKERS.contains(&name));
    let before = script.commands.iter().take_while(|c| c.range.start < command.range.start);
    before.filter(|c| outer(c.scope) == chain || c.scope == chain).any(asks)
}
