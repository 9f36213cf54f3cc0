//! A finding in words on several lines, for formats that show a title and a message.

use super::place::places;
use super::text::one_line;
use crate::base::SourceMap;
use crate::diag::{Applicability, Diagnostic};

/// What is to be seen at its place, the other places, why, and what to do: a line each.
pub(super) fn prose(diagnostic: &Diagnostic, sources: &SourceMap) -> Vec<String> {
    let mut out = vec![one_line(&diagnostic.title)];
    for place in places(diagnostic, sources) {
        let said = one_line(place.message);
        if place.primary {
            out.extend((!said.is_empty()).then_some(said));
        } else {
            let start = place.start();
            out.push(format!("{}:{}:{}: {said}", one_line(place.file.name()), start.line, start.column));
        }
    }
    out.extend(diagnostic.notes.iter().map(|note| format!("note: {}", one_line(note))));
    out.extend(diagnostic.help.iter().map(|help| format!("help: {}", one_line(help))));
    for fix in &diagnostic.fixes {
        let key = match fix.applicability {
            Applicability::Safe => "fix",
            Applicability::Unsafe => "unsafe fix",
        };
        out.push(format!("{key}: {}", one_line(&fix.title)));
    }
    out
}
