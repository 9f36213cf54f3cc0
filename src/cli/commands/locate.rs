//! `aib locate`

use serde_json::{Value, json};

use super::{inputs, tell};
use crate::analysis::{self, Hit, Request, SourceLine, SourcePlace, Used};
use crate::cli::args::{Findings, Locate, TextOrJson};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::style::{CHANGED, QUIET, STRONG, paint, plain};
use crate::cli::terminal::Terminal;

/// The name of the shape; the number grows when a reader of the old shape would break.
const SCHEMA: &str = "aib-locate/1";
/// The most characters of a source line that are shown.
const MAX_LINE: usize = 160;

pub(super) fn run(args: &Locate, terminal: &Terminal) -> Result<Exit, Failure> {
    let rebuild = match &args.source {
        Some(source) => {
            let Some(given) = inputs::given_or_told(&args.values, terminal) else {
                return Ok(Exit::Unusable);
            };
            Some(Request {
                inputs: vec![inputs::file(source)],
                given,
                api_version: args.values.api_version.clone(),
                ..Request::default()
            })
        }
        None => None,
    };
    let request = analysis::Locate {
        template: args.template.clone(),
        place: args.place.clone(),
        resource: args.resource.clone(),
        map: args.map.clone(),
        rebuild,
    };
    let located = analysis::locate(&request).map_err(|unusable| Failure::from(&unusable))?;
    if let Some(built) = located.built.as_ref().filter(|built| !built.is_usable()) {
        tell::outcome(built, &Findings::default(), terminal)?;
        return Ok(Exit::Unusable);
    }
    match args.format {
        TextOrJson::Json => {
            let hits: Vec<Value> = located.hits.iter().map(hit_json).collect();
            let document = json!({
                "schema": SCHEMA,
                "found": located.found,
                "places": hits,
                "notes": located.notes,
            });
            terminal.print(&format!("{document:#}\n"))?;
        }
        TextOrJson::Human => {
            let hits: Vec<String> = located.hits.iter().map(hit_text).collect();
            terminal.print(&hits.join("\n"))?;
            for note in &located.notes {
                terminal.tell(&format!("note: {}\n", plain(note)));
            }
        }
    }
    Ok(if located.found { Exit::Clean } else { Exit::Findings })
}

fn hit_text(hit: &Hit) -> String {
    let at =
        |place: &SourcePlace| format!("{}:{}:{}", plain(&place.file), place.start.line, place.start.column);
    let mut text = format!("{}: {}", paint(STRONG, at(&hit.place)), plain(&hit.declaration));
    let pointer = if hit.pointer.is_empty() { "/" } else { &hit.pointer };
    text.push_str(&format!("\n  {}", paint(QUIET, format!("is {}", plain(pointer)))));
    if hit.mapped != hit.pointer {
        text.push_str(&paint(QUIET, format!(", which belongs to {}", plain(&hit.mapped))));
    }
    text.push('\n');
    if let Some(excerpt) = &hit.excerpt {
        text.push_str(&excerpt_text(excerpt, hit.place.start.line));
    }
    let place = &hit.place;
    let elsewhere = |declared: &&Used| declared.file != place.file || declared.at != place.start;
    if let Some(declared) = hit.declared.as_ref().filter(elsewhere) {
        let at = format!("{}:{}:{}", plain(&declared.file), declared.at.line, declared.at.column);
        text.push_str(&format!("  `{}` is declared at {at}\n", plain(&hit.declaration)));
    }
    for via in &hit.via {
        let at = format!("{}:{}:{}", plain(&via.file), via.at.line, via.at.column);
        text.push_str(&format!("  {} at {at}\n", plain(&via.what)));
    }
    text
}

/// The line of the source with the place underlined.
fn excerpt_text(excerpt: &SourceLine, number: usize) -> String {
    let (start, end) = excerpt.columns;
    // A line that is too long is shown from a little before the place.
    let skip = if excerpt.line.chars().count() > MAX_LINE { start.saturating_sub(MAX_LINE / 4) } else { 0 };
    let part = |from: usize, to: usize| -> String {
        plain(&excerpt.line.chars().skip(from).take(to.saturating_sub(from)).collect::<String>())
    };
    let lead = if skip > 0 { "…" } else { "" };
    let last = skip + MAX_LINE;
    let tail = if excerpt.line.chars().count() > last { "…" } else { "" };
    let before = format!("{lead}{}", part(skip, start - 1));
    let under = part(start - 1, end.min(last + 1) - 1);
    let line = format!("{before}{under}{}{tail}", part(end - 1, last));
    let gap: String = before.chars().map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
    let marks = "^".repeat(under.chars().count().max(1));
    let margin = " ".repeat(number.to_string().len());
    format!("  {number} | {line}\n  {margin} | {gap}{}\n", paint(CHANGED, marks))
}

fn hit_json(hit: &Hit) -> Value {
    let via = hit.via.iter().map(
        |via| json!({ "what": via.what, "file": via.file, "line": via.at.line, "column": via.at.column }),
    );
    let (start, end) = (hit.place.start, hit.place.end);
    json!({
        "pointer": hit.pointer,
        "mapped": hit.mapped,
        "file": hit.place.file,
        "range": {
            "start": { "byte": hit.place.bytes.0, "line": start.line, "column": start.column },
            "end": { "byte": hit.place.bytes.1, "line": end.line, "column": end.column },
        },
        "declaration": hit.declaration,
        "declared": hit.declared.as_ref().map(|declared| {
            json!({ "file": declared.file, "line": declared.at.line, "column": declared.at.column })
        }),
        "via": via.collect::<Vec<_>>(),
        "excerpt": hit.excerpt.as_ref().map(|excerpt| excerpt.line.as_str()),
    })
}
