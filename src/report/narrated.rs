//! For screen readers: sentences without drawings.
//!
//! Not miette's handler: it counts columns in terminal cells, while editors and the other formats count characters,
//! and it repeats the labels of later snippets under the last line of each snippet.

use super::Settings;
use super::format::page_url;
use super::place::{Place, line_start, line_text, places};
use super::text::{ShownLine, one_line};
use crate::base::SourceMap;
use crate::diag::{Applicability, Diagnostic};

/// So much of a long line is read out.
const ROOM: usize = 200;

/// Writes each diagnostic as sentences: what, every place with its line, why, what to do.
pub(super) fn render(diagnostics: &[Diagnostic], sources: &SourceMap, settings: &Settings) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        if !out.is_empty() {
            out.push('\n');
        }
        let (code, severity) = (diagnostic.code, diagnostic.severity);
        push(&mut out, &format!("{} {}, {}", severity.name(), code.id, code.name), &diagnostic.title);
        for place in places(diagnostic, sources) {
            push_place(&mut out, &place);
        }
        diagnostic.notes.iter().for_each(|note| push(&mut out, "note", note));
        diagnostic.help.iter().for_each(|help| push(&mut out, "help", help));
        for fix in &diagnostic.fixes {
            let key = match fix.applicability {
                Applicability::Safe => "fix",
                Applicability::Unsafe => "unsafe fix",
            };
            push(&mut out, key, &fix.title);
        }
        if settings.links
            && let Some(url) = page_url(code)
        {
            push(&mut out, "read more", &url);
        }
    }
    out
}

/// `Key: text`, the key with a capital letter.
fn push(out: &mut String, key: &str, text: &str) {
    let mut letters = key.chars();
    out.extend(letters.next().map(|c| c.to_ascii_uppercase()));
    out.push_str(letters.as_str());
    if !text.is_empty() {
        out.push_str(": ");
        out.push_str(&one_line(text));
    }
    out.push('\n');
}

fn push_place(out: &mut String, place: &Place<'_>) {
    let (start, end) = (place.start(), place.end());
    let name = one_line(place.file.name());
    let at = if start.line != end.line {
        format!(
            "line {}, column {} to line {}, column {}",
            start.line,
            start.column,
            end.line,
            end.column.saturating_sub(1).max(1)
        )
    } else if end.column > start.column + 1 {
        // The last column said is the last character of the place, as a person counts.
        format!("line {}, columns {} to {}", start.line, start.column, end.column - 1)
    } else {
        format!("line {}, column {}", start.line, start.column)
    };
    let key = if place.primary { "at" } else { "see also" };
    push(out, &format!("{key} {name}, {at}"), place.message);

    let line = line_text(place.file, place.first_line);
    let begin = line_start(place.file, place.first_line);
    let within = |byte: u32| (byte as usize).saturating_sub(begin).min(line.len());
    let focus = within(place.range.start)..within(place.range.end);
    let shown = ShownLine::new(line, focus, ROOM, "...").text;
    if shown.trim().is_empty() {
        push(out, &format!("line {} is empty", start.line), "");
    } else {
        push(out, &format!("line {} reads", start.line), shown.trim());
    }
}
