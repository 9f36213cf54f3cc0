//! The command line: arguments, terminals, files and exit codes.
//!
//! Nothing is decided here about the language or the target: commands translate arguments into a request for
//! `analysis` and its outcome into text, files and an exit code. Invariants:
//! - Text for people goes to standard error; artifacts and machine formats go to standard output or into files.
//! - Files are written all or none, each atomically, and only if their bytes change.
//! - Exit codes: see [`Exit`]. A closed pipe is no failure, and nothing panics.
//!
//! Entry points: [`run`]; [`command`] for what generates help from it.

mod args;
mod commands;
mod exit;
mod failure;
mod style;
mod terminal;
mod write;

pub use args::command;
pub use exit::Exit;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use args::Args;
use terminal::Terminal;

/// Runs the command that the arguments name; the first argument is the program's own name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args = match Args::try_parse_from(arguments) {
        Ok(args) => args,
        Err(error) => return exit::of_arguments(&error).into(),
    };
    let terminal = Terminal::new(args.color, |name| std::env::var(name).ok());
    let done = commands::run(&args.command, &terminal);
    done.unwrap_or_else(|failure| {
        terminal.failures(&[failure]);
        Exit::Unusable
    })
    .into()
}
