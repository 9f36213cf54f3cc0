//! What stands around commands of a script: the commands that give them to an interpreter, who may answer for them, and whether
//! they run at all.

use std::collections::HashMap;

use crate::check::StepScript;
use crate::script::{Command, Redirect, Script, Through, Within, Word, reads_program};

/// The commands that give scripts to interpreters, by what encloses the commands of those scripts.
pub(super) struct Wrappers<'s> {
    script: &'s Script,
    by_scope: HashMap<usize, &'s Command>,
}

impl<'s> Wrappers<'s> {
    pub(super) fn new(script: &'s Script) -> Self {
        let by_scope = script.commands.iter().filter_map(|c| Some((c.wraps?, c))).collect();
        Self { script, by_scope }
    }

    /// The commands that give a command to an interpreter, from the inside out: `sudo bash -c '…'`.
    pub(super) fn around(&self, command: &Command) -> impl Iterator<Item = &'s Command> {
        let outer = |at: &usize| self.script.scopes.get(*at).and_then(|scope| scope.outer);
        std::iter::successors(command.scope, outer).filter_map(|at| self.by_scope.get(&at).copied())
    }

    /// Whether a command may be given an answer: `yes | apt install x`, `x <<< y`, `x < answers`, `echo y | bash -c 'x'`.
    pub(super) fn may_be_answered(&self, command: &Command) -> bool {
        let around = self.around(command).filter(|wrapper| {
            // What reads its program from there leaves no answer.
            !wrapper.program().is_some_and(|(_, args)| reads_program(args))
        });
        std::iter::once(command).chain(around).any(has_input)
    }
}

fn has_input(command: &Command) -> bool {
    command.input.is_some()
        || command.reads.iter().any(|read| read.through == Through::Input)
        || command.words.iter().any(|word| word.redirect == Some(Redirect::Input))
}

/// Whether a command stands in a function, which may run, or not, or otherwise than it looks.
pub(super) fn in_function(script: &Script, command: &Command) -> bool {
    script.within(command).any(|within| matches!(within, Within::Function(_)))
}

/// Whether a command is meant to work: nothing asks whether it does, and it stands in no function, which may be called in
/// many ways.
pub(super) fn is_meant(script: &StepScript<'_>, command: &Command) -> bool {
    let scopes = &script.script.scopes;
    let mut ends = ends_without(script, command);
    let mut scope = command.scope;
    while let Some(at) = scope.and_then(|at| scopes.get(at)) {
        let outer = at.outer.and_then(|at| scopes.get(at));
        let is_chain = outer.is_some_and(|outer| outer.kind == Within::Chain);
        match &at.kind {
            Within::Function(_) | Within::Kept(_) | Within::Negated => return false,
            // `x || exit 1` asks in order to end: once, since an `if` may stand around it.
            Within::Condition if ends => ends = false,
            Within::Condition if !is_chain => return false,
            _ => {}
        }
        scope = at.outer;
    }
    true
}

/// Commands that end a script, or make the last of it fail.
static ENDS: &[&str] = &["exit", "return", "false"];

/// Whether the script ends if a command fails: `x || exit 1`, `x || { echo no; exit 1; }`.
fn ends_without(script: &StepScript<'_>, command: &Command) -> bool {
    let behind = script.text.get(command.range.end as usize..).unwrap_or_default();
    let Some(other) = behind.trim_start_matches([' ', '\t']).strip_prefix("||") else { return false };
    let other = other.trim_start();
    let is_end = |word: &str| {
        let word = word.split_whitespace().next().unwrap_or_default();
        ENDS.contains(&word)
    };
    let (group, is_group) = match other.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
        Some((group, _)) => (group, true),
        None => (other.lines().next().unwrap_or_default(), false),
    };
    match is_group {
        true => group.split([';', '\n']).any(is_end),
        // What stands behind `;` runs in any case.
        false => group.split(';').next().is_some_and(is_end),
    }
}

/// Whether a command runs only under a condition, as far as one can see.
pub(super) fn is_conditional(script: &Script, command: &Command) -> bool {
    script.within(command).any(|within| matches!(within, Within::Branch | Within::Block))
}

/// Commands that run a block on other machines where they name some, and those that keep a block for later.
static REMOTE: &[&str] = &["invoke-command", "icm"];
static MACHINES: &[&str] = &[
    "-computername",
    "-cn",
    "-session",
    "-connectionuri",
    "-vmname",
    "-vmid",
    "-hostname",
    "-sshconnection",
    "-containerid",
];
static KEEPERS: &[&str] =
    &["register-scheduledjob", "register-objectevent", "register-engineevent", "set-psbreakpoint"];

/// Whether a command may run at all, in this build and on this machine: not in a function that nobody calls, nor in a block that
/// is only kept or goes to another machine.
pub(super) fn may_run_here(script: &StepScript<'_>, command: &Command) -> bool {
    let within: Vec<&Within> = script.script.within(command).collect();
    let runs = within.iter().all(|within| match within {
        Within::Function(name) => is_called(script, name),
        Within::Kept(name) => is_run(script, name),
        _ => true,
    });
    let goes_away = |outer: &Command| {
        let is_around = outer.range != command.range && outer.range.contains(command.range);
        let named = outer.program().filter(|_| is_around);
        named.is_some_and(|(name, args)| {
            KEEPERS.contains(&name) || (REMOTE.contains(&name) && has_machine(args))
        })
    };
    runs && !(within.contains(&&Within::Block) && script.commands().iter().any(goes_away))
}

fn has_machine(args: &[Word]) -> bool {
    args.iter().any(|w| MACHINES.iter().any(|m| w.text.eq_ignore_ascii_case(m)))
}

/// Whether something that runs names a function: calls it, or gives it to something that may. What only functions name that
/// nobody calls does not run.
fn is_called(script: &StepScript<'_>, name: &str) -> bool {
    let mut called = vec![name.to_lowercase()];
    let mut at = 0;
    while let Some(name) = called.get(at).cloned() {
        for command in script.commands() {
            if !command.words.iter().any(|w| w.text.eq_ignore_ascii_case(&name)) {
                continue;
            }
            match script.script.within(command).find_map(function_name) {
                // A caller of the caller is looked for in turn.
                Some(outer) if !called.contains(&outer) => called.push(outer),
                Some(_) => {}
                None => return true,
            }
        }
        at += 1;
    }
    false
}

fn function_name(within: &Within) -> Option<String> {
    match within {
        Within::Function(name) => Some(name.to_lowercase()),
        _ => None,
    }
}

/// Whether a block that a variable holds is run: `& $x`, `. $x`, `$x.Invoke()`, `Invoke-Command $x`.
fn is_run(script: &StepScript<'_>, name: &str) -> bool {
    let variable = format!("${name}").to_lowercase();
    let called = ["& ", "&", ". "].iter().any(|call| script.mentions(&format!("{call}{variable}")));
    let given = |c: &Command| {
        let runs = c.program().is_some_and(|(name, args)| REMOTE.contains(&name) && !has_machine(args));
        runs && c.words.iter().any(|w| w.text.eq_ignore_ascii_case(&variable))
    };
    called || script.mentions(&format!("{variable}.invoke")) || script.commands().iter().any(given)
}
