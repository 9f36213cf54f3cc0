//! Exit codes.

use std::process::ExitCode;

/// How a run ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exit {
    /// Nothing at or above the failing level.
    Clean,
    /// Findings at or above the failing level.
    Findings,
    /// Arguments or input that cannot be used, or output that cannot be written.
    Unusable,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Clean => Self::SUCCESS,
            Exit::Findings => Self::from(1),
            Exit::Unusable => Self::from(2),
        }
    }
}

/// Prints what the parser of arguments has to say: help and version, or what is wrong.
pub(super) fn of_arguments(error: &clap::Error) -> Exit {
    // Help into a closed pipe is no failure; a message that cannot be written has nowhere else to go.
    let _ = error.print();
    if error.use_stderr() { Exit::Unusable } else { Exit::Clean }
}
