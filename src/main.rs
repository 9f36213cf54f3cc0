//! The `aib` command: see [`aib::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    aib::cli::run(std::env::args_os())
}
