//! For Azure Pipelines: logging commands, which become issues of the run.
//!
//! Source: learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands; what is escaped how,
//! github.com/microsoft/azure-pipelines-task-lib, `node/taskcommand.ts`.

use std::fmt::Write;

use super::Settings;
use super::place::places;
use super::prose::prose;
use super::short;
use crate::base::SourceMap;
use crate::diag::{Diagnostic, Severity};

/// Writes `##vso[task.logissue type=error;sourcepath=…]message` for each error and warning. There is no issue that only
/// informs: an info is a line of the log.
pub(super) fn render(diagnostics: &[Diagnostic], sources: &SourceMap, settings: &Settings) -> String {
    let plain = Settings { color: false, ..*settings };
    let of = |diagnostic: &Diagnostic| match diagnostic.severity {
        Severity::Error => command("error", diagnostic, sources),
        Severity::Warning => command("warning", diagnostic, sources),
        Severity::Info => short::line(diagnostic, sources, &plain),
    };
    diagnostics.iter().map(of).collect()
}

fn command(kind: &str, diagnostic: &Diagnostic, sources: &SourceMap) -> String {
    let mut out = format!("##vso[task.logissue type={kind};");
    if let Some(place) = places(diagnostic, sources).iter().find(|place| place.primary) {
        let start = place.start();
        let name = property(place.file.name());
        let _ = write!(out, "sourcepath={name};linenumber={};columnnumber={};", start.line, start.column);
    }
    let message = format!("{}: {}", diagnostic.code.name, prose(diagnostic, sources).join("\n"));
    let _ = writeln!(out, "code={};]{}", property(diagnostic.code.id), data(&message));
    out
}

fn data(text: &str) -> String {
    text.replace('%', "%AZP25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(']', "%5D").replace(';', "%3B")
}
