//! For programs: one JSON document, described in `docs/reference/diagnostics-json.md`.

use serde_json::{Value, json};

use super::Settings;
use super::format::page_url;
use super::place::clamp_span;
use super::summary::Counts;
use crate::base::{LineColumn, SourceMap, Span};
use crate::diag::{Diagnostic, Fix, Label};

/// The name of the shape; the number grows when a reader of the old shape would break.
const SCHEMA: &str = "aib-diagnostics/1";

/// Writes the document; colours, width and links do not concern it.
pub(super) fn render(diagnostics: &[Diagnostic], sources: &SourceMap, _: &Settings) -> String {
    let counts = Counts::new(diagnostics);
    let document = json!({
        "schema": SCHEMA,
        "diagnostics": diagnostics.iter().map(|d| diagnostic(d, sources)).collect::<Vec<_>>(),
        "summary": { "errors": counts.errors, "warnings": counts.warnings, "infos": counts.infos },
    });
    format!("{document:#}\n")
}

fn diagnostic(d: &Diagnostic, sources: &SourceMap) -> Value {
    let mut value = json!({
        "code": d.code.id,
        "name": d.code.name,
        "severity": d.severity.name(),
        "title": d.title,
        "labels": d.labels.iter().map(|l| label(l, sources)).collect::<Vec<_>>(),
        "notes": d.notes,
        "help": d.help,
        "fixes": d.fixes.iter().map(|f| fix(f, sources)).collect::<Vec<_>>(),
    });
    if let (Some(object), Some(url)) = (value.as_object_mut(), page_url(d.code)) {
        object.insert("url".into(), url.into());
    }
    value
}

fn label(label: &Label, sources: &SourceMap) -> Value {
    json!({
        "file": sources.name_of(label.span.file),
        "message": label.message,
        "primary": label.primary,
        "range": range(label.span, sources),
    })
}

fn fix(fix: &Fix, sources: &SourceMap) -> Value {
    let edits = fix
        .edits
        .iter()
        .map(|edit| json!({ "range": range(edit.range.in_file(fix.file), sources), "text": edit.text }));
    json!({
        "title": fix.title,
        "applicability": fix.applicability.name(),
        "file": sources.name_of(fix.file),
        "edits": edits.collect::<Vec<_>>(),
    })
}

fn range(span: Span, sources: &SourceMap) -> Value {
    let span = clamp_span(sources, span);
    json!({
        "start": position(span.range.start, sources.start_of(span)),
        "end": position(span.range.end, sources.end_of(span)),
    })
}

fn position(byte: u32, at: LineColumn) -> Value {
    json!({ "byte": byte, "line": at.line, "column": at.column })
}
