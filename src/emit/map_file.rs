//! The map from places in the deployment template to the source, as a file.

use std::collections::BTreeSet;
use std::iter;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::backend::Context;
use super::map::{self, Location};
use crate::base::{FileId, LineColumn, SourceMap, Span};
use crate::check::{Origin, Via};
use crate::plan::Json;

/// The name of the shape; the number grows when a reader of the old shape would break.
const SCHEMA: &str = "aib-map/1";

/// The map of a template, and by what it can be told whether it still fits.
pub(super) fn file(context: &Context<'_>) -> Json {
    let locations = map::of_plan(context.plan);
    let template = context.template().pretty();
    Json::object([
        ("schema", Json::str(SCHEMA)),
        ("template", Json::str(format!("{}.json", context.stem))),
        ("sha256", Json::str(sha256(&template))),
        ("files", files(&locations, context.sources)),
        (
            "mappings",
            Json::object(locations.iter().map(|l| (l.pointer.as_str(), mapping(l, context.sources)))),
        ),
    ])
}

/// The files that are pointed to, with the hashes of their texts.
fn files(locations: &[Location], sources: &SourceMap) -> Json {
    let used = locations.iter().flat_map(|l| spans(&l.origin)).map(|span| span.file);
    let used: BTreeSet<FileId> = used.collect();
    let files = used.into_iter().filter_map(|id| sources.file(id));
    let entry = |name: &str, text: &str| {
        Json::object([("file", Json::str(name)), ("sha256", Json::str(sha256(text)))])
    };
    Json::List(files.map(|file| entry(file.name(), file.text())).collect())
}

fn mapping(location: &Location, sources: &SourceMap) -> Json {
    let span = location.origin.span;
    let via = vias(&location.origin).map(|via| {
        let at = sources.start_of(via.span);
        Json::object([
            ("what", Json::str(Arc::clone(&via.what))),
            ("file", Json::str(sources.name_of(via.span.file))),
            ("line", number(at.line)),
            ("column", number(at.column)),
        ])
    });
    Json::object([
        ("file", Json::str(sources.name_of(span.file))),
        (
            "range",
            Json::object([
                ("start", position(span.range.start, sources.start_of(span))),
                ("end", position(span.range.end, sources.end_of(span))),
            ]),
        ),
        ("declaration", Json::str(Arc::clone(&location.declaration))),
        ("via", Json::List(via.collect())),
    ])
}

fn position(byte: u32, at: LineColumn) -> Json {
    Json::object([
        ("byte", Json::int(i64::from(byte))),
        ("line", number(at.line)),
        ("column", number(at.column)),
    ])
}

fn number(n: usize) -> Json {
    Json::int(i64::try_from(n).unwrap_or(i64::MAX))
}

/// The uses through which something came, innermost first.
fn vias(origin: &Origin) -> impl Iterator<Item = &Via> {
    iter::successors(origin.via.as_deref(), |via| via.outer.as_deref())
}

fn spans(origin: &Origin) -> impl Iterator<Item = Span> {
    iter::once(origin.span).chain(vias(origin).map(|via| via.span))
}

fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}
