//! What stands around commands of a script: the commands that give them to an interpreter, and who may answer for them.

use std::collections::HashMap;

use crate::script::{Command, Redirect, Script, Through, Within, reads_program};

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

/// Whether a command runs only under a condition, as far as one can see.
pub(super) fn is_conditional(script: &Script, command: &Command) -> bool {
    script.within(command).any(|within| matches!(within, Within::Branch | Within::Block))
}

/// Whether a command is only written down here, to be run some other time or elsewhere: the body of `$later = { … }`, of a
/// scheduled task, of `Invoke-Command -ComputerName x { … }`.
pub(super) fn is_of_another_run(script: &Script, command: &Command) -> bool {
    script.within(command).any(|within| matches!(within, Within::Block))
}
