//! `aib check`

use super::{inputs, mend, tell};
use crate::analysis::{self, Request};
use crate::base::plural;
use crate::cli::args::Check;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::terminal::Terminal;
use crate::diag::Applicability;
use crate::emit::Emit;

pub(super) fn run(args: &Check, terminal: &Terminal) -> Result<Exit, Failure> {
    let mut failures = Vec::new();
    let found = inputs::all(&args.inputs, inputs::to_check_of, &mut failures);
    let given = inputs::given_or_failed(&args.values, &mut failures);
    if !failures.is_empty() {
        terminal.failures(&failures);
        return Ok(Exit::Unusable);
    }
    let request = Request {
        inputs: found,
        given,
        api_version: args.values.api_version.clone(),
        levels: args.findings.levels.clone(),
        json_on_stdin: true,
        // What cannot be emitted is found by emitting it.
        emit: vec![Emit::Arm],
        ..Request::default()
    };
    let mends = match (args.fix, args.unsafe_fix) {
        (_, true) => Some(Applicability::Unsafe),
        (true, false) => Some(Applicability::Safe),
        (false, false) => None,
    };
    let outcome = match mends {
        Some(least) => mend::until_nothing_is_left(&request, least, terminal)?,
        None => analysis::run(&request),
    };
    let exit = tell::outcome(&outcome, &args.findings, terminal)?;
    let for_people = !args.findings.for_programs();
    if args.verbose {
        for file in &outcome.skipped {
            terminal.tell(&format!("skipped {}: {}\n", file.path, file.why));
        }
    }
    if for_people && exit == Exit::Clean && outcome.diagnostics.is_empty() {
        let checked = plural(outcome.entries.len(), "file");
        let skipped = match outcome.skipped.len() {
            0 => String::new(),
            n => format!(", skipped {} without an image template", plural(n, "JSON file")),
        };
        terminal.tell(&format!("checked {checked}{skipped}: nothing found\n"));
    }
    Ok(exit)
}
