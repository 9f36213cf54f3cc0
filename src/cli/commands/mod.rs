//! The commands, one file each.

mod build;
mod check;
mod decompile;
mod diff;
mod explain;
mod fmt;
mod init;
mod inputs;
mod locate;
mod mend;
mod roles;
mod rules;
mod tell;
mod test;

use super::args::Command;
use super::exit::Exit;
use super::failure::Failure;
use super::terminal::Terminal;

/// Runs a command.
pub(super) fn run(command: &Command, terminal: &Terminal) -> Result<Exit, Failure> {
    match command {
        Command::Build(args) => build::run(args, terminal),
        Command::Check(args) => check::run(args, terminal),
        Command::Diff(args) => diff::run(args, terminal),
        Command::Decompile(args) => decompile::run(args, terminal),
        Command::Explain(args) => explain::run(args, terminal),
        Command::Fmt(args) => fmt::run(args, terminal),
        Command::Init(args) => init::run(args, terminal),
        Command::Locate(args) => locate::run(args, terminal),
        Command::Test(args) => test::run(args, terminal),
        Command::Roles(args) => roles::run(args, terminal),
        Command::Rules(args) => rules::run(args, terminal),
    }
}
