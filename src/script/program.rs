//! Which program a command runs, behind the programs that only run others.

use super::model::{Command, HOLE, Word};

/// The program that a command runs.
#[derive(Clone, Debug)]
pub(super) struct Program {
    name: String,
    arguments: Arguments,
    /// Whether it runs behind one that makes it another user's: `sudo x`.
    is_other_users: bool,
}

#[derive(Clone, Debug)]
enum Arguments {
    /// The words from this one on.
    From(usize),
    /// Words that stand elsewhere or are parts of others: those of `Start-Process -ArgumentList '…'`.
    Own(Vec<Word>),
}

/// A program of a shell that runs the program named behind its options.
struct Runner {
    name: &'static str,
    /// Its options that take a value of their own.
    value_options: &'static [&'static str],
    /// How many words it takes before the program.
    words: usize,
}

/// The runners that make a program another user's.
static SWITCHERS: &[&str] = &["sudo", "doas"];

const fn runner(name: &'static str, value_options: &'static [&'static str], words: usize) -> Runner {
    Runner { name, value_options, words }
}

static RUNNERS: &[Runner] = &[
    runner("sudo", &["-u", "-g", "-h", "-p", "-C", "-D", "-R", "-T", "-U", "--user", "--group"], 0),
    runner("doas", &["-u", "-C"], 0),
    runner("env", &["-u", "-C", "-S", "--unset", "--chdir"], 0),
    runner("nohup", &[], 0),
    runner("setsid", &[], 0),
    runner("exec", &["-a"], 0),
    runner("builtin", &[], 0),
    runner("time", &["-f", "-o"], 0),
    runner("timeout", &["-k", "-s", "--kill-after", "--signal"], 1),
    runner("nice", &["-n", "--adjustment"], 0),
    runner("ionice", &["-c", "-n", "-p"], 0),
    runner("stdbuf", &["-i", "-o", "-e"], 0),
    runner(
        "xargs",
        &["-a", "-d", "-E", "-I", "-L", "-n", "-P", "-s", "--max-args", "--max-procs", "--delimiter"],
        0,
    ),
];

impl Command {
    /// The program that runs, in lower case and without folder and `.exe`, with its arguments. Looks through what only runs
    /// another: `sudo`, `env`, `timeout`, `xargs`, `Start-Process`, `cmd /c`. A method of PowerShell begins with a point.
    /// None if no program runs, or one that nobody knows: an expression, a function of the script, a look for the command.
    pub fn program(&self) -> Option<(&str, &[Word])> {
        let program = self.program.as_ref().filter(|p| !p.name.contains(HOLE))?;
        let arguments = match &program.arguments {
            Arguments::From(at) => self.words.get(*at..)?,
            Arguments::Own(words) => words,
        };
        Some((&program.name, arguments))
    }

    /// Whether its program runs as the user that the script runs as. What redirections open is opened by the shell, whatever
    /// stands before the program.
    pub fn is_own_users(&self) -> bool {
        !self.in_other_shell && self.program.as_ref().is_none_or(|p| !p.is_other_users)
    }

    /// Whether the shell that reads it, and opens its redirections, runs as the user that the script runs as.
    pub fn is_in_own_shell(&self) -> bool {
        !self.in_other_shell
    }

    /// The word that names its program: `/usr/bin/apt`, `Sudo.exe`. None where that is a part of another word.
    pub fn called(&self) -> Option<&Word> {
        let (name, _) = self.program()?;
        self.words.iter().find(|word| base_name(&word.text).eq_ignore_ascii_case(name))
    }
}

impl Program {
    /// That of a shell's command.
    pub(super) fn of_sh(all: &[Word]) -> Option<Self> {
        let (mut at, mut is_other_users) = (0, false);
        let program = |word: &Word, arguments, is_other_users| {
            Some(Self { is_other_users, ..Self::from(word, arguments) })
        };
        loop {
            at = next_word(all, at);
            let first = all.get(at)?;
            let name = base_name(&first.text);
            if name == "command" {
                // `command -v reboot` only looks whether there is such a command.
                let looks = all.get(at + 1).is_some_and(|w| matches!(w.text.as_str(), "-v" | "-V"));
                if looks {
                    return None;
                }
                at += 1 + usize::from(all.get(at + 1).is_some_and(|w| w.text == "-p"));
                continue;
            }
            match RUNNERS.iter().find(|r| r.name == name) {
                Some(runner) if all.get(at + 1).is_some() => match runner.behind(all, at + 1) {
                    Some(next) => {
                        is_other_users |= SWITCHERS.contains(&runner.name);
                        at = next;
                    }
                    None => return program(first, at + 1, is_other_users),
                },
                _ => return program(first, at + 1, is_other_users),
            }
        }
    }

    /// That of PowerShell's command; `called` says whether `&` or `.` stands before it.
    pub(super) fn of_powershell(all: &[Word], called: bool) -> Option<Self> {
        let first = all.first()?;
        // A variable is a value, unless something says that it is run.
        if !called && (first.text.starts_with('$') || first.quoted) {
            return None;
        }
        let name = base_name(&first.text).to_lowercase();
        match name.as_str() {
            "start-process" | "start" | "saps" => Some(started(all)),
            "cmd" => {
                let at = all
                    .iter()
                    .position(|w| w.text.eq_ignore_ascii_case("/c") || w.text.eq_ignore_ascii_case("/k"));
                match at.and_then(|at| Some((at, all.get(at + 1)?))) {
                    // A command line in quotes is a script, which is read as one.
                    Some((at, program)) if !program.text.contains(' ') => Some(Self::from(program, at + 2)),
                    _ => Some(Self::from(first, 1)),
                }
            }
            _ => Some(Self::from(first, 1)),
        }
    }

    /// A method: `.downloadstring`.
    #[cfg(feature = "powershell")]
    pub(super) fn of_method(name: &str) -> Self {
        Self::new(format!(".{}", name.to_lowercase()), Arguments::From(1))
    }

    fn from(word: &Word, arguments: usize) -> Self {
        Self::new(base_name(&word.text).to_lowercase(), Arguments::From(arguments))
    }

    fn new(name: String, arguments: Arguments) -> Self {
        Self { name, arguments, is_other_users: false }
    }
}

impl Runner {
    /// Where the program stands that it runs; none if it runs none.
    fn behind(&self, all: &[Word], from: usize) -> Option<usize> {
        let mut at = from;
        let mut words = self.words;
        loop {
            at = next_word(all, at);
            let text = all.get(at)?.text.as_str();
            if text == "--" {
                at += 1;
            } else if text.starts_with('-') && text.len() > 1 {
                at += 1 + usize::from(self.value_options.contains(&text));
            } else if is_assignment(text) && matches!(self.name, "env" | "sudo" | "doas") {
                at += 1;
            } else if words > 0 {
                words -= 1;
                at += 1;
            } else {
                return Some(at);
            }
        }
    }
}

/// The next word that is no target of a redirection.
fn next_word(all: &[Word], from: usize) -> usize {
    let skipped = all.iter().skip(from).take_while(|w| w.redirect.is_some()).count();
    from + skipped
}

/// The program of `Start-Process`, with the arguments that it is given.
fn started(all: &[Word]) -> Program {
    let named = |names: &[&str]| {
        let at =
            all.iter().position(|w| !w.quoted && names.iter().any(|n| w.text.eq_ignore_ascii_case(n)))?;
        Some(at + 1)
    };
    let path = named(&["-filepath", "-path"]).or_else(|| first_positional(all));
    let Some((at, program)) = path.and_then(|at| Some((at, all.get(at)?))) else {
        return Program::new("start-process".into(), Arguments::From(1));
    };
    let mut arguments = Vec::new();
    let list = named(&["-argumentlist", "-args"])
        .or_else(|| all.get(at + 1).filter(|w| w.quoted || !w.text.starts_with('-')).map(|_| at + 1));
    let given = all.iter().skip(list.unwrap_or(all.len()));
    for word in given.take_while(|w| w.quoted || !w.text.starts_with('-') || w.text.contains(' ')) {
        arguments.extend(word.text.split_whitespace().map(|part| Word {
            text: part.to_owned(),
            quoted: word.quoted,
            range: word.range,
            // Which part of the text is expanded no longer matters: all of it is in doubt.
            expansions: word.expansions.first().map(|_| 0..part.len()).into_iter().collect(),
            ..Word::default()
        }));
    }
    Program::new(base_name(&program.text).to_lowercase(), Arguments::Own(arguments))
}

/// Parameters of `Start-Process` that take no value.
static SWITCHES: &[&str] = &["-wait", "-nonewwindow", "-passthru", "-usenewenvironment", "-loaduserprofile"];

fn first_positional(all: &[Word]) -> Option<usize> {
    let mut at = 1;
    while let Some(word) = all.get(at) {
        if word.quoted || !word.text.starts_with('-') {
            return Some(at);
        }
        at += if SWITCHES.iter().any(|s| word.text.eq_ignore_ascii_case(s)) { 1 } else { 2 };
    }
    None
}

/// Whether a word sets a variable.
pub(super) fn is_assignment(text: &str) -> bool {
    text.split_once('=').is_some_and(|(name, _)| is_name(name))
}

/// Whether a text is the name of a variable.
pub(super) fn is_name(text: &str) -> bool {
    !text.starts_with(|c: char| c.is_ascii_digit())
        && !text.is_empty()
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The name of a program without folder and `.exe`.
pub(super) fn base_name(text: &str) -> &str {
    let name = text.rsplit(['/', '\\']).next().unwrap_or(text);
    let stem = name.len().checked_sub(4).and_then(|at| name.split_at_checked(at));
    match stem {
        Some((stem, end)) if end.eq_ignore_ascii_case(".exe") && !stem.is_empty() => stem,
        _ => name,
    }
}
