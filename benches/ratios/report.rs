//! 500 findings in one large file, drawn, beside one line for each.

use std::sync::Arc;

use aib::base::{SourceFile, SourceMap, TextRange};
use aib::diag::{Diagnostic, code};
use aib::report::{Format, Settings, render};

use super::material::entry;
use super::measure::{Case, Result, compare};

const FINDINGS: usize = 500;
const BYTES: usize = 1 << 20;

pub(crate) fn run() -> Result<()> {
    let unit = entry(0);
    let text = unit.repeat(BYTES / unit.len() + 1);
    let starts: Vec<usize> = text.match_indices("shell \"install\"").map(|(at, _)| at).collect();
    let step = starts.len() / FINDINGS;
    let mut sources = SourceMap::default();
    let file = sources.add(Arc::new(SourceFile::new("large.aib", text)));
    let places = starts.chunks(step.max(1)).filter_map(|chunk| chunk.first()).take(FINDINGS);
    let found: Vec<Diagnostic> = places
        .map(|&at| {
            let keyword = TextRange::new(at, at + 5).in_file(file);
            let label = TextRange::new(at + 6, at + 15).in_file(file);
            Diagnostic::new(&code::UNKNOWN_NAME, keyword, "there is no `shell` here")
                .here("not found")
                .also(label, "named here")
                .help("did you mean `powershell`?")
        })
        .collect();
    let draw = |format| render(format, &found, &sources, &Settings::default());
    let title = format!("{} findings in a file of 1 MB", found.len());
    let cases = vec![
        Case::new("a line for each", || Ok(draw(Format::Short))),
        Case::new("JSON", || Ok(draw(Format::Json))),
        Case::new("drawn (graphical)", || Ok(draw(Format::Graphical))),
    ];
    compare(&title, 31, cases)?;
    Ok(())
}
