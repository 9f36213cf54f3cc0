//! What is known of a script once it was read: plain data, with places in its text.

use std::ops::Range;

use super::program::Program;
use crate::base::TextRange;

/// Stands in the text of a script for what is not known before deployment, one character for any text.
pub const HOLE: char = '\u{E000}';

/// The language of a script.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Dialect {
    /// A POSIX shell, or bash.
    Sh,
    /// PowerShell.
    PowerShell,
}

/// A script. Ranges are bytes of its text.
#[derive(Clone, Debug)]
pub struct Script {
    /// Its language; scripts within it may have another.
    pub dialect: Dialect,
    /// Its commands and those of scripts within it, in the order in which they begin.
    pub commands: Vec<Command>,
    /// What encloses commands; [`Command::scope`] and [`Scope::outer`] are places in this list.
    pub scopes: Vec<Scope>,
    /// The functions that it defines.
    pub functions: Vec<Function>,
    /// The variables that it sets.
    pub assignments: Vec<Assignment>,
    /// The variables that it reads.
    pub uses: Vec<Variable>,
    /// What bash understands and a plain `sh` does not, without what is in scripts for other interpreters.
    pub bash_only: Vec<BashOnly>,
    /// Why it can't be run. Empty if it can, or if nobody can tell.
    pub faults: Vec<Fault>,
    /// Whether no grammar fits the whole of it, or of a script within it, so that what it sets and reads may not be complete.
    pub in_parts: bool,
}

/// A command.
#[derive(Clone, Debug)]
pub struct Command {
    /// Where it stands. That of a script in a literal with escapes is the literal's.
    pub range: TextRange,
    /// Its language, which within a wrapper may be another than that of the script.
    pub dialect: Dialect,
    /// Its words, the targets of redirections among them, without assignments before it.
    pub words: Vec<Word>,
    /// The commands whose output it is given.
    pub reads: Vec<Read>,
    /// The text that it is given as input: a here-document or a here-string.
    pub input: Option<Word>,
    /// What directly encloses it.
    pub scope: Option<usize>,
    /// The script that it gives to an interpreter, as what encloses the commands of that: a place in [`Script::scopes`].
    pub wraps: Option<usize>,
    /// Whether the shell that reads it runs as another user than the script: `sudo bash -c '…'`.
    pub(super) in_other_shell: bool,
    pub(super) program: Option<Program>,
}

/// A command whose output another one is given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Read {
    /// Its place in [`Script::commands`].
    pub command: usize,
    /// How the output gets there.
    pub through: Through,
}

/// How output gets to a command.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Through {
    /// Its input: `a | b`, `b < <(a)`, `b <<< "$(a)"`.
    Input,
    /// An argument that names it as a file: `b <(a)`.
    File,
    /// An argument: `b "$(a)"`, `b (a)`.
    Argument,
}

/// A word of a command.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Word {
    /// The text, without quotes and escapes; what is expanded at run time stands there as written.
    pub text: String,
    /// Whether a part of it stood in quotes.
    pub quoted: bool,
    /// What it is a redirection's target of.
    pub redirect: Option<Redirect>,
    /// Where it stands.
    pub range: TextRange,
    /// The parts of `text` that are expanded at run time, in order.
    pub expansions: Vec<Range<usize>>,
    /// Whether `text` without expansions is exactly what stands between these bytes of the script.
    pub(super) verbatim: Option<TextRange>,
}

/// Which way a redirection goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Redirect {
    /// `>`, `>>`, `&>`
    Output,
    /// `<`
    Input,
}

impl Word {
    /// Whether its text is known: it holds nothing that is expanded at run time or known only at deployment.
    pub fn is_known(&self) -> bool {
        self.expansions.is_empty() && !self.text.contains(HOLE)
    }

    /// Whether output goes there.
    pub fn is_output(&self) -> bool {
        self.redirect == Some(Redirect::Output)
    }

    /// Its text without what stands in substitutions, whose commands are commands of the script themselves.
    pub fn without_substitutions(&self) -> std::borrow::Cow<'_, str> {
        let is_script = |part: &&Range<usize>| {
            self.text
                .get((*part).clone())
                .is_some_and(|t| t.starts_with("$(") || t.starts_with(['(', '`', '{']))
        };
        let mut parts = self.expansions.iter().filter(is_script).peekable();
        if parts.peek().is_none() {
            return self.text.as_str().into();
        }
        let (mut text, mut from) = (String::new(), 0);
        for part in parts {
            text.push_str(self.text.get(from..part.start).unwrap_or_default());
            text.push(HOLE);
            from = part.end;
        }
        text.push_str(self.text.get(from..).unwrap_or_default());
        text.into()
    }

    /// Its text for messages: what is not known is an ellipsis.
    pub fn shown(&self) -> String {
        self.text.replace(HOLE, "…")
    }
}

/// What encloses a command.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scope {
    /// What it is.
    pub kind: Within,
    /// What encloses it in turn.
    pub outer: Option<usize>,
}

/// A kind of what encloses commands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Within {
    /// `( … )`, or a command of a pipeline that is not the last.
    Subshell,
    /// The body of a function with this name.
    Function(String),
    /// `$( … )`, `<( … )`
    Substitution,
    /// What is asked: behind `if` and `while`, before `&&` and `||`.
    Condition,
    /// What runs only sometimes: a branch, a loop, behind `&&` and `||`.
    Branch,
    /// A list with `&&` alone: its commands are conditions and a branch within it, but all are meant to run.
    Chain,
    /// What stands behind `!`.
    Negated,
    /// What is not waited for.
    Background,
    /// A script block of PowerShell.
    Block,
    /// A script block that a variable is set to; its name.
    Kept(String),
    /// A script that another program is given: `bash -c '…'`; the name of the program.
    Wrapper(String),
}

/// A function that a script defines.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub range: TextRange,
    /// What encloses the definition.
    pub scope: Option<usize>,
}

/// A variable that a script sets.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Assignment {
    /// Its name; that of a variable of PowerShell's environment without `env:`.
    pub name: String,
    /// Where it is set.
    pub range: TextRange,
    /// How far it is seen.
    pub reach: Reach,
    /// What encloses it.
    pub scope: Option<usize>,
}

/// How far a variable is seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reach {
    /// By the script itself: `X=1`, `$x = 1`.
    Script,
    /// By the programs that it starts, too: `export X=1`, `$env:X = 1`.
    Programs,
    /// By a part of the script: `X=1 command`, `local X=1`; also what `unset X` takes away.
    Part,
    /// By all that runs later: `[Environment]::SetEnvironmentVariable('X', '1', 'Machine')`.
    Machine,
}

/// A variable that a script reads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Variable {
    /// Its name; that of a variable of PowerShell's environment without `env:`.
    pub name: String,
    /// Whether it is one of PowerShell's environment.
    pub environment: bool,
    /// Whether it is said what becomes of it where it is not set: `${x:-y}`, `${x:?}`.
    pub may_lack: bool,
    /// Where it is read.
    pub range: TextRange,
    /// What encloses it.
    pub scope: Option<usize>,
}

/// Something that only bash understands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BashOnly {
    /// What it is, as one writes it: `[[`, `<( … )`.
    pub what: &'static str,
    /// Where it stands.
    pub range: TextRange,
}

/// Why a script can't be run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// What is wrong.
    pub kind: FaultKind,
    /// Where that is noticed.
    pub at: TextRange,
    /// Where it begins, if that is another place: what is never closed.
    pub opened: Option<TextRange>,
    /// Whether the shell refuses the whole script. A here-document that never ends only takes the rest of it.
    pub stops: bool,
}

/// A kind of fault.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FaultKind {
    /// Something begins that never ends.
    Unclosed {
        /// What begins, as written: `if`, `"`, `$(`.
        open: String,
        /// What would end it.
        close: String,
    },
    /// Something stands where it can't.
    Unexpected {
        /// What stands there; none if the line ends there.
        found: Option<String>,
        /// What would have to stand there, if that is known.
        expected: Option<String>,
    },
    /// Something that Windows PowerShell 5.1 refuses, in words, and what it takes instead.
    Refused {
        /// What it is: `` `&&` ``.
        what: &'static str,
        /// What to write instead, as a help.
        instead: &'static str,
    },
    /// The text ends where something has to follow.
    Unfinished {
        /// What stands last.
        after: String,
    },
}

impl Script {
    /// A script without anything.
    pub(super) fn empty(dialect: Dialect) -> Self {
        Self {
            dialect,
            commands: Vec::new(),
            scopes: Vec::new(),
            functions: Vec::new(),
            assignments: Vec::new(),
            uses: Vec::new(),
            bash_only: Vec::new(),
            faults: Vec::new(),
            in_parts: false,
        }
    }

    /// What encloses a command, from the inside out.
    pub fn within(&self, command: &Command) -> impl Iterator<Item = &Within> {
        let first = command.scope.and_then(|at| self.scopes.get(at));
        std::iter::successors(first, |scope| scope.outer.and_then(|at| self.scopes.get(at))).map(|s| &s.kind)
    }

    /// The commands whose output a command is given as its input, those in front of filters included: `curl x | tee y | sh`.
    pub fn sources<'s>(&'s self, command: &'s Command) -> Vec<&'s Command> {
        let mut found: Vec<&Command> = Vec::new();
        let mut next = Some(command);
        while let Some(at) = next {
            let source = at.reads.iter().find(|r| r.through == Through::Input);
            // A pipeline is short; what is longer is none that anyone wrote.
            next = source.and_then(|r| self.commands.get(r.command)).filter(|_| found.len() < 16);
            found.extend(next);
        }
        found
    }

    /// Ends all places at a byte, where more was read than the text holds.
    pub(super) fn keep_within(&mut self, end: u32) {
        let keep = |range: &mut TextRange| {
            range.start = range.start.min(end);
            range.end = range.end.min(end);
        };
        for command in &mut self.commands {
            keep(&mut command.range);
            command.words.iter_mut().chain(&mut command.input).for_each(|word| keep(&mut word.range));
        }
        self.assignments.iter_mut().for_each(|a| keep(&mut a.range));
        self.uses.iter_mut().for_each(|u| keep(&mut u.range));
        self.bash_only.iter_mut().for_each(|b| keep(&mut b.range));
        self.functions.iter_mut().for_each(|f| keep(&mut f.range));
    }

    pub(super) fn open(&mut self, kind: Within, outer: Option<usize>) -> Option<usize> {
        self.scopes.push(Scope { kind, outer });
        Some(self.scopes.len() - 1)
    }
}
