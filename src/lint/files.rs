//! What commands surely read, and what they may make: a file that a script names may be one that it makes itself, in more ways
//! than anyone can list, so only what surely reads a file counts, and only where nothing before may have made it.

use crate::base::TextRange;
use crate::script::{Command, Dialect, Redirect, Script, Within, Word};

/// Programs, and which of their arguments are files that they read or write.
struct Files {
    programs: &'static [&'static str],
    which: Which,
    /// One of these must be an argument, if there are any.
    with: &'static [&'static str],
    /// None of these may be.
    without: &'static [&'static str],
    /// Options whose values are none of the files; letter case aside.
    values: &'static [&'static str],
}

/// Which arguments of a program are the files.
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
    /// The last of several: `cp a b`.
    Last,
    /// What stands behind an option: `tar -f a`.
    Behind(&'static [&'static str]),
}

const fn files(programs: &'static [&'static str], which: Which) -> Files {
    Files { programs, which, with: &[], without: &[], values: &[] }
}

/// Programs that fail without the files that they are given.
static READERS: &[Files] = &[
    files(
        &["cat", "sha256sum", "sha512sum", "sha1sum", "md5sum", "wc", "gunzip", "bunzip2", "unxz"],
        Which::Each,
    ),
    files(&["diff", "cmp", "head", "tail", "stat"], Which::Each),
    Files {
        without: &["-e", "-f", "--regexp", "--file"],
        ..files(&["grep", "egrep", "fgrep"], Which::BehindFirst)
    },
    files(&["source", "."], Which::First),
    Files {
        without: &["-c", "-s", "-n", "-o", "-m", "-e"],
        ..files(
            &[
                "sh", "bash", "dash", "zsh", "ksh", "python", "python2", "python3", "perl", "ruby", "php",
                "node",
            ],
            Which::First,
        )
    },
    Files { values: &["-d", "-x", "-P"], ..files(&["unzip"], Which::First) },
    Files { with: &["-i", "--install", "--unpack"], ..files(&["dpkg"], Which::Each) },
    Files {
        with: &["-i", "-ivh", "-U", "-Uvh", "-uvh", "--install", "--upgrade"],
        ..files(&["rpm"], Which::Each)
    },
    Files { with: &["install"], ..files(&["apt", "apt-get", "yum", "dnf"], Which::Each) },
    Files { without: &["--reference"], ..files(&["chmod", "chown", "chgrp"], Which::BehindFirst) },
    Files {
        without: &["-t", "--target-directory", "-d", "--directory"],
        values: &["-m", "-o", "-g", "--mode", "--owner", "--group", "-S", "--suffix"],
        ..files(&["cp", "mv", "install"], Which::ButLast)
    },
    files(&["expand-archive"], Which::Behind(&["-path", "-literalpath"])),
    Files { values: &["-destinationpath"], ..files(&["expand-archive"], Which::First) },
    files(&["powershell", "pwsh"], Which::Behind(&["-file", "-f"])),
    files(&["msiexec"], Which::Behind(&["/i", "-i", "/package", "-package"])),
    files(&["copy-item", "move-item", "get-content"], Which::Behind(&["-path", "-literalpath"])),
    Files {
        values: &["-destination", "-filter", "-include", "-exclude", "-erroraction"],
        ..files(&["copy-item", "move-item"], Which::First)
    },
];

const COPIES: &[&str] = &["-m", "-o", "-g", "--mode", "--owner", "--group", "--suffix"];

/// Programs of a shell that fail where they may not write the files or folders that they are given.
static WRITERS: &[Files] = &[
    files(&["tee"], Which::Each),
    Files { values: &["-d", "-r", "-t"], ..files(&["touch"], Which::Each) },
    Files { values: &["-s", "-r", "-o"], ..files(&["truncate"], Which::Each) },
    Files {
        without: &["-t", "--target-directory", "-d", "--directory", "-n", "-u"],
        values: COPIES,
        ..files(&["cp", "mv", "install", "ln"], Which::Last)
    },
    Files { with: &["-d", "--directory"], values: COPIES, ..files(&["install"], Which::Each) },
    Files {
        with: &["-i", "-i.bak", "-ri", "-Ei", "--in-place"],
        without: &["-e", "-f", "--expression", "--file"],
        ..files(&["sed"], Which::BehindFirst)
    },
    Files { without: &["--reference"], ..files(&["chmod", "chown", "chgrp"], Which::BehindFirst) },
    // With `-p` a folder that is there is none to be made.
    Files { without: &["-p", "--parents", "-pv", "-vp"], values: &["-m"], ..files(&["mkdir"], Which::Each) },
    files(
        &["curl"],
        Which::Behind(&["-o", "--output", "-lo", "-so", "-slo", "-sslo", "-fsslo", "-flo", "-sfo"]),
    ),
    files(&["wget"], Which::Behind(&["-o", "--output-document", "-qo", "-p", "--directory-prefix"])),
    files(&["unzip"], Which::Behind(&["-d"])),
];

/// The words that name files or folders which a command of a shell surely writes, or fails. What redirections open is not
/// among them.
pub(super) fn surely_written(command: &Command) -> Vec<&Word> {
    let Some((program, args)) = command.program().filter(|_| command.dialect == Dialect::Sh) else {
        return Vec::new();
    };
    if program == "tar" {
        let is_folder = |w: &Word| matches!(w.text.as_str(), "-C" | "--directory");
        let behind = args.iter().position(is_folder).and_then(|at| args.get(at + 1));
        return behind.filter(|_| extracted(args).is_some()).into_iter().collect();
    }
    let rows = WRITERS.iter().filter(|row| row.programs.contains(&program) && row.applies(args));
    rows.flat_map(|row| row.files(args)).collect()
}

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

impl Files {
    fn applies(&self, args: &[Word]) -> bool {
        let has = |options: &[&str]| args.iter().any(|w| options.iter().any(|o| w.text == *o));
        (self.with.is_empty() || has(self.with)) && !has(self.without)
    }

    /// The arguments that are the files.
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
            Which::Last => _ = plain.drain(..plain.len().saturating_sub(1).max(few)),
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

/// Whether a text holds a path that does not go on: `/tmp/a`, but not `/tmp/ab` or `/tmp/a/b`.
pub(super) fn holds(text: &str, path: &str) -> bool {
    text.match_indices(path).any(|(at, _)| {
        let goes_on = |c: char| c.is_alphanumeric() || "_-./\\".contains(c);
        let after = text.get(at + path.len()..).unwrap_or_default();
        let before = text.get(..at).unwrap_or_default();
        !after.starts_with(goes_on) && !before.ends_with(|c: char| c.is_alphanumeric())
    })
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
