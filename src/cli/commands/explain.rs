//! `aib explain`

use crate::base::nearest;
use crate::cli::args::Explain;
use crate::cli::exit::Exit;
use crate::cli::failure::{self, Failure};
use crate::cli::terminal::Terminal;
use crate::diag::{CODES, find_code};

pub(super) fn run(args: &Explain, terminal: &Terminal) -> Result<Exit, Failure> {
    let Some(text) = &args.code else {
        terminal.print(&list())?;
        return Ok(Exit::Clean);
    };
    let Some(code) = find_code(text.trim()) else {
        let words = CODES.iter().flat_map(|code| [code.name, code.id]);
        return Err(failure::no_such_code(text, nearest(text, words)));
    };
    terminal.print(&format!("{}\n", code.page.trim_end()))?;
    Ok(Exit::Clean)
}

/// One line a code: `AIB001  error    syntax-error`.
fn list() -> String {
    CODES.iter().map(|code| format!("{}  {:<7}  {}\n", code.id, code.severity.name(), code.name)).collect()
}
