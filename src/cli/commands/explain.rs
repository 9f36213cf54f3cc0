//! `aib explain`

use crate::base::nearest;
use crate::cli::args::Explain;
use crate::cli::exit::Exit;
use crate::cli::failure::{self, Failure};
use crate::cli::terminal::Terminal;
use crate::diag::{CODES, Code, find_code};
use crate::lint::meta_of;

pub(super) fn run(args: &Explain, terminal: &Terminal) -> Result<Exit, Failure> {
    let Some(text) = &args.code else {
        terminal.print(&list())?;
        return Ok(Exit::Clean);
    };
    let Some(code) = find_code(text.trim()) else {
        let words = CODES.iter().flat_map(|code| [code.name, code.id]);
        return Err(failure::no_such_code(text, nearest(text, words)));
    };
    terminal.print(&format!("{}\n{}", code.page.trim_end(), facts(code)))?;
    Ok(Exit::Clean)
}

/// What a rule is set to, and what it rests on.
fn facts(code: &Code) -> String {
    let Some(meta) = meta_of(code) else { return String::new() };
    format!(
        "\n---\n{} of category {}, {}{}. Evidence: {}\n",
        code.severity.name(),
        code.category.name(),
        meta.confidence.name(),
        if meta.on { "" } else { ", off until a level is set for it or its category" },
        meta.evidence
    )
}

/// One line a code: `AIB001  error    syntax-error`.
fn list() -> String {
    CODES.iter().map(|code| format!("{}  {:<7}  {}\n", code.id, code.severity.name(), code.name)).collect()
}
