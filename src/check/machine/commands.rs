//! The commands of inline scripts: words outside comments, here-documents and other commands' quotes.
//!
//! Not a shell: just enough to tell `sudo reboot` from `echo "reboot"`. What is in doubt is no command.

use super::scanner::Scanner;
use crate::check::program::Node;

/// The language of a script.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dialect {
    /// A POSIX shell.
    Sh,
    /// PowerShell.
    PowerShell,
}

/// A word of a command.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Word {
    /// The text, without quotes.
    pub text: String,
    /// Whether a part of it stood in quotes.
    pub quoted: bool,
    /// Whether the output of the command goes there: it stood after `>`.
    pub redirect: bool,
}

/// A command.
#[derive(Clone, Debug)]
pub struct Command<'a> {
    /// The line in which it begins.
    pub line: &'a Node,
    /// Its words.
    pub words: Vec<Word>,
    program: Option<Program>,
}

/// The program that a command runs.
#[derive(Clone, Debug)]
struct Program {
    name: String,
    /// The first of its arguments among the words.
    arguments: usize,
}

/// The commands of the inline lines of a step. Lines whose text is not known are passed over.
pub fn commands(lines: &[Node], dialect: Dialect) -> Vec<Command<'_>> {
    let mut scanner = Scanner::new(dialect);
    for node in lines {
        match node.as_str() {
            Some(text) => text.split('\n').for_each(|line| scanner.line(node, line)),
            None => scanner.end_command(),
        }
    }
    scanner.end_command();
    scanner.out
}

/// Words of a shell that stand before a command without being one.
static SH_PREFIXES: &[&str] =
    &["if", "then", "elif", "else", "do", "while", "until", "!", "{", "}", "time", "exec", "nohup"];
/// Options of `sudo` and `env` that take a value of their own.
static VALUE_OPTIONS: &[&str] = &["-u", "-g", "-h", "-p", "-C", "-S"];

impl<'a> Command<'a> {
    /// A command of words; `called` says whether PowerShell's call operator stands before it.
    pub(super) fn new(line: &'a Node, words: Vec<Word>, called: bool, dialect: Dialect) -> Self {
        let program = Program::of(&words, called, dialect);
        Self { line, words, program }
    }

    /// The program that runs, in lower case and without folder and `.exe`, with its arguments. Looks through `sudo`, `env`,
    /// `Start-Process` and `cmd /c`. None if it is an expression, or only a look for the command.
    pub fn program(&self) -> Option<(&str, &[Word])> {
        let program = self.program.as_ref()?;
        Some((&program.name, self.words.get(program.arguments..)?))
    }
}

impl Program {
    fn of(all: &[Word], called: bool, dialect: Dialect) -> Option<Self> {
        let mut words = all;
        // In PowerShell a quoted word or a variable is a value, unless something says that it is run.
        let mut runs_values = called || dialect == Dialect::Sh;
        loop {
            let (first, rest) = words.split_first()?;
            let next = match dialect {
                _ if first.redirect => Prefix::GoOn(rest),
                Dialect::Sh => sh_prefix(first, rest),
                Dialect::PowerShell => powershell_prefix(first, rest),
            };
            match next {
                Prefix::Starts(next) => {
                    words = next;
                    runs_values = true;
                }
                Prefix::GoOn(next) => words = next,
                Prefix::Nothing => return None,
                Prefix::Program if runs_values || !(first.quoted || first.text.starts_with('$')) => {
                    let name = base_name(&first.text).to_lowercase();
                    return Some(Self { name, arguments: all.len() - rest.len() });
                }
                Prefix::Program => return None,
            }
        }
    }
}

/// What the first word of a command is.
enum Prefix<'w> {
    /// The program itself.
    Program,
    /// Something that runs the program named next.
    Starts(&'w [Word]),
    /// Something that stands before the program.
    GoOn(&'w [Word]),
    /// A sign that no program runs.
    Nothing,
}

fn powershell_prefix<'w>(first: &Word, rest: &'w [Word]) -> Prefix<'w> {
    if first.text.starts_with('$') && !first.quoted && rest.first().is_some_and(|w| w.text == "=") {
        return Prefix::GoOn(rest.get(1..).unwrap_or_default());
    }
    let skip_option = |name: &str| match rest.split_first() {
        Some((w, after)) if w.text.eq_ignore_ascii_case(name) => after,
        _ => rest,
    };
    let name = base_name(&first.text);
    let is = |known: &[&str]| known.iter().any(|known| name.eq_ignore_ascii_case(known));
    if is(&["start-process", "start", "saps"]) {
        Prefix::Starts(skip_option("-FilePath"))
    } else if is(&["cmd"]) {
        Prefix::Starts(skip_option("/c"))
    } else if is(&["return"]) {
        Prefix::GoOn(rest)
    } else {
        Prefix::Program
    }
}

fn sh_prefix<'w>(first: &Word, rest: &'w [Word]) -> Prefix<'w> {
    let text = first.text.as_str();
    if is_assignment(text) || (!first.quoted && SH_PREFIXES.contains(&text)) {
        return Prefix::GoOn(rest);
    }
    match base_name(text) {
        "sudo" | "env" => Prefix::Starts(skip_options(rest)),
        // `command -v reboot` only looks whether there is such a command.
        "command" if rest.first().is_some_and(|w| w.text.starts_with('-')) => Prefix::Nothing,
        "command" => Prefix::Starts(rest),
        _ => Prefix::Program,
    }
}

fn skip_options(mut words: &[Word]) -> &[Word] {
    while let Some((first, rest)) = words.split_first() {
        let takes_value = VALUE_OPTIONS.contains(&first.text.as_str());
        if !first.text.starts_with('-') {
            break;
        }
        words = if takes_value { rest.get(1..).unwrap_or_default() } else { rest };
    }
    words
}

fn is_assignment(text: &str) -> bool {
    text.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

/// The name of a program without folder and `.exe`.
fn base_name(text: &str) -> &str {
    let name = text.rsplit(['/', '\\']).next().unwrap_or(text);
    let split = name.len().checked_sub(4).and_then(|at| name.split_at_checked(at));
    split.filter(|(_, ending)| ending.eq_ignore_ascii_case(".exe")).map_or(name, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::{Dialect, commands};
    use crate::check::program::{Node, Origin};

    /// The programs that run, with their arguments.
    fn programs(dialect: Dialect, script: &str) -> Vec<String> {
        let lines: Vec<Node> = script.lines().map(|l| Node::str(l, Origin::default())).collect();
        let show = |(name, args): (&str, &[super::Word])| {
            let args: Vec<&str> = args.iter().map(|w| w.text.as_str()).collect();
            format!("{name} {}", args.join(" ")).trim().to_owned()
        };
        commands(&lines, dialect).iter().filter_map(|c| c.program()).map(show).collect()
    }

    #[test]
    fn shell_commands_are_found_where_they_run() {
        let sh = |s| programs(Dialect::Sh, s);
        assert_eq!(sh("sudo -E /sbin/reboot now"), ["reboot now"]);
        assert_eq!(sh("X=1 sudo -u root shutdown -r +1 # later"), ["shutdown -r +1"]);
        assert_eq!(
            sh("test -e x && reboot || echo 'no reboot; here'"),
            ["test -e x", "reboot", "echo no reboot; here"]
        );
        assert_eq!(sh("# reboot"), [""; 0]);
        assert_eq!(sh("cat <<EOF >/etc/x\nreboot\nEOF\ndate"), ["cat /etc/x", "date"]);
        assert_eq!(sh("command -v reboot >/dev/null"), [""; 0]);
        assert_eq!(sh("reboot() {\n  echo no\n}"), ["echo no"]);
        assert_eq!(sh("case $x in\n  reboot) date ;;\nesac"), ["case $x in", "date", "esac"]);
        assert_eq!(sh("echo $(id -u) reboot"), ["id -u", "echo $  reboot"]);
        assert_eq!(sh("echo \"a\nreboot\" 2>&1"), ["echo a\nreboot 1"]);
        assert_eq!(sh("apt-get install -y \\\n  reboot"), ["apt-get install -y reboot"]);
    }

    #[test]
    fn powershell_commands_are_found_where_they_run() {
        let ps = |s| programs(Dialect::PowerShell, s);
        assert_eq!(
            ps("& \"$env:SystemRoot\\System32\\Sysprep\\Sysprep.exe\" /oobe /generalize"),
            ["sysprep /oobe /generalize"]
        );
        assert_eq!(ps("if ($x) { Restart-Computer -Force }"), ["if", "restart-computer -Force"]);
        assert_eq!(ps("'Restart-Computer'"), [""; 0]);
        assert_eq!(ps("Start-Process -FilePath C:\\sysprep.exe -Wait"), ["sysprep -Wait"]);
        assert_eq!(ps("cmd.exe /c shutdown /r"), ["shutdown /r"]);
        assert_eq!(ps("<# Restart-Computer #> Get-Date # Restart-Computer"), ["get-date"]);
        assert_eq!(ps("$s = @'\nRestart-Computer\n'@\nGet-Date"), ["get-date"]);
        assert_eq!(
            ps("((Get-Content x) -replace 'Sysprep.exe /generalize','y') | Set-Content x"),
            ["get-content x", "set-content x"]
        );
    }
}
