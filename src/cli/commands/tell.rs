//! Telling what was found.

use crate::analysis::Outcome;
use crate::cli::args::Findings;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::terminal::{Stream, Terminal};
use crate::report;

/// Writes findings and failures, and says how the run ended: badly if something is at the failing level or worse.
pub(super) fn outcome(outcome: &Outcome, args: &Findings, terminal: &Terminal) -> Result<Exit, Failure> {
    let format = terminal.resolve(args.format);
    let (found, sources) = (&outcome.diagnostics, &outcome.sources);
    if args.for_programs() {
        terminal.print(&report::render(format, found, sources, terminal.settings(Stream::Out)))?;
    } else if !found.is_empty() {
        let text = report::render(format, found, sources, terminal.settings(Stream::Err));
        terminal.tell(&format!("{}\n\n{}\n", text.trim_end_matches('\n'), report::summary(found)));
    }
    let failures: Vec<Failure> = outcome.unusable.iter().map(Failure::from).collect();
    terminal.failures(&failures);
    if !failures.is_empty() {
        return Ok(Exit::Unusable);
    }
    let fails = found.iter().any(|d| d.severity >= args.failing());
    Ok(if fails { Exit::Findings } else { Exit::Clean })
}
