//! For GitHub Actions: workflow commands, which become annotations at the lines of a pull request.
//!
//! Source: docs.github.com, "Workflow commands for GitHub Actions"; what is escaped how, github.com/actions/toolkit,
//! `packages/core/src/command.ts`.

use std::fmt::Write;

use super::Settings;
use super::place::places;
use super::prose::prose;
use crate::base::SourceMap;
use crate::diag::{Diagnostic, Severity};

/// Writes `::error file=…,line=…::message` for each diagnostic.
pub(super) fn render(diagnostics: &[Diagnostic], sources: &SourceMap, _: &Settings) -> String {
    diagnostics.iter().map(|diagnostic| command(diagnostic, sources)).collect()
}

fn command(diagnostic: &Diagnostic, sources: &SourceMap) -> String {
    let kind = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let mut out = format!("::{kind} ");
    if let Some(place) = places(diagnostic, sources).iter().find(|place| place.primary) {
        let (start, end) = (place.start(), place.end());
        let _ = write!(out, "file={},line={}", property(place.file.name()), start.line);
        // Columns are taken only within one line; the last one is the last character of the place.
        match start.line == end.line {
            true => {
                let last = end.column.saturating_sub(1).max(start.column);
                let _ = write!(out, ",endLine={},col={},endColumn={last}", end.line, start.column);
            }
            false => {
                let _ = write!(out, ",endLine={}", end.line);
            }
        }
        out.push(',');
    }
    let title = format!("{} {}", diagnostic.code.id, diagnostic.code.name);
    let _ = writeln!(out, "title={}::{}", property(&title), data(&prose(diagnostic, sources).join("\n")));
    out
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
