//! Finding `allow(…)` in files.

use super::{Allow, Allows, Met, Named, code_named, errors};
use crate::base::{FileId, TextRange};
use crate::json::{Comment, Data, Document, Object, Value};
use crate::syntax::{Parsed, SyntaxKind};

/// What stands in a file beside its comments.
struct Reader<'t> {
    file: FileId,
    text: &'t str,
    found: Allows,
}

/// Those of a source.
pub(super) fn source(text: &str, parsed: &Parsed) -> Allows {
    let mut reader = Reader { file: parsed.file, text, found: Allows::default() };
    let comments = parsed.cst.nodes().filter(|n| {
        matches!(n.kind(), SyntaxKind::LineComment | SyntaxKind::BlockComment | SyntaxKind::DocComment)
    });
    let ranges: Vec<TextRange> = comments.map(|n| n.range()).collect();
    let whole = |n: &SyntaxKind| n.is_string() || *n == SyntaxKind::List;
    let mut values: Vec<TextRange> =
        parsed.cst.nodes().filter(|n| whole(&n.kind())).map(|n| n.range()).collect();
    values.sort_by_key(|range| range.start);
    for range in &ranges {
        let covers = with_values(covered(text, *range, &ranges), &values);
        let outer = || parsed.cst.covering(range.start).ancestors().map(|n| n.kind());
        use SyntaxKind::{Fn, For, If, Policy, Recipe};
        let met = match outer().any(|kind| matches!(kind, Fn | For | If | Policy)) {
            true => Met::Perhaps,
            false if outer().any(|kind| kind == Recipe) => Met::WithRecipe,
            false => Met::Always,
        };
        reader.comment(*range, covers, met);
    }
    reader.found
}

/// Those of a file of JSON.
pub(super) fn document(file: FileId, text: &str, document: &Document) -> Allows {
    let mut reader = Reader { file, text, found: Allows::default() };
    let mut comments = Vec::new();
    collect(&document.root, &mut comments);
    comments.sort_by_key(|range: &TextRange| range.start);
    let mut values = Vec::new();
    lists(&document.root, &mut values);
    values.sort_by_key(|range: &TextRange| range.start);
    for range in &comments {
        reader.comment(*range, with_values(covered(text, *range, &comments), &values), Met::Always);
    }
    reader.members(&document.root, true);
    reader.found
}

/// A line, and all of the values that begin on it.
fn with_values(line: TextRange, values: &[TextRange]) -> TextRange {
    let from = values.partition_point(|value| value.start < line.start);
    let begins = values.iter().skip(from).take_while(|value| value.start < line.end);
    begins.fold(line, |covers, value| covers.cover(*value))
}

/// The lists of a document.
fn lists(value: &Value, out: &mut Vec<TextRange>) {
    match &value.data {
        Data::List(items) => {
            out.push(value.range);
            items.iter().for_each(|item| lists(item, out));
        }
        Data::Object(object) => object.members.iter().for_each(|member| lists(&member.value, out)),
        _ => {}
    }
}

/// All comments of a document.
fn collect(value: &Value, out: &mut Vec<TextRange>) {
    let of = |comments: &[Comment]| comments.iter().map(|c| c.range).collect::<Vec<_>>();
    out.extend(of(value.before()));
    out.extend(of(value.after()));
    out.extend(of(value.inside()));
    match &value.data {
        Data::List(items) => items.iter().for_each(|item| collect(item, out)),
        Data::Object(object) => object.members.iter().for_each(|member| collect(&member.value, out)),
        _ => {}
    }
}

/// The line that a comment is about: its own if something stands before it there, else the next that holds more than
/// white space and comments; behind the last of them, nothing at the end.
fn covered(text: &str, comment: TextRange, comments: &[TextRange]) -> TextRange {
    line_of(text, comment, comments).unwrap_or(TextRange::new(text.len(), text.len()))
}

fn line_of(text: &str, comment: TextRange, comments: &[TextRange]) -> Option<TextRange> {
    let range = comment.to_usize();
    let line_start = text.get(..range.start)?.rfind('\n').map_or(0, |at| at + 1);
    if !is_idle(text, line_start, range.start, comments) {
        let end = text.get(range.end..)?.find('\n').map_or(text.len(), |at| range.end + at);
        return Some(TextRange::new(line_start, end));
    }
    let mut start = range.end;
    for line in text.get(range.end..)?.split_inclusive('\n') {
        let end = start + line.trim_end_matches(['\n', '\r']).len();
        // What stands behind the comment on its own line comes first.
        if !is_idle(text, start, end, comments) {
            return Some(TextRange::new(start, end));
        }
        start += line.len();
    }
    None
}

/// Whether a part of a text holds white space and comments only.
fn is_idle(text: &str, mut start: usize, end: usize, comments: &[TextRange]) -> bool {
    while start < end {
        let from = comments.partition_point(|c| (c.end as usize) <= start);
        let next = comments.get(from).map(|c| c.to_usize()).filter(|c| c.start < end);
        let plain_end = next.as_ref().map_or(end, |c| c.start.max(start));
        if text.get(start..plain_end).is_none_or(|plain| !plain.trim().is_empty()) {
            return false;
        }
        start = next.map_or(end, |c| c.end);
    }
    true
}

impl Reader<'_> {
    /// A comment, if it is one for aib.
    fn comment(&mut self, range: TextRange, covers: TextRange, met: Met) {
        let Some(whole) = self.text.get(range.to_usize()) else { return };
        let lead = whole.len() - whole.trim_start_matches(['/', '*']).trim_start().len();
        let inner = whole.get(lead..).unwrap_or_default();
        let inner = inner.strip_suffix("*/").unwrap_or(inner).trim_end();
        let deleted = with_its_line(self.text, range);
        self.read(inner, range.start as usize + lead, Some(("delete the comment", deleted)), covers, met);
    }

    /// The text of something that may be for aib, and where it stands.
    fn read(
        &mut self,
        text: &str,
        at: usize,
        whole: Option<(&'static str, TextRange)>,
        covers: TextRange,
        met: Met,
    ) {
        let Some(rest) = text.strip_prefix("aib:") else {
            // Meant for aib all the same.
            let (prefix, rest) = text.split_at_checked(4).unwrap_or_default();
            if prefix.eq_ignore_ascii_case("aib:") && rest.trim_start().starts_with("allow") {
                let span = TextRange::new(at, at + text.len()).in_file(self.file);
                self.found.faults.push(errors::malformed(span));
            }
            return;
        };
        self.order(text, rest, at, whole, covers, met);
    }

    /// What stands behind `aib:`, or in a member that is for aib anyway.
    fn order(
        &mut self,
        text: &str,
        rest: &str,
        at: usize,
        whole: Option<(&'static str, TextRange)>,
        covers: TextRange,
        met: Met,
    ) {
        let span = |from: usize, len: usize| TextRange::new(at + from, at + from + len).in_file(self.file);
        let all = span(0, text.len());
        let offset = |part: &str| part.as_ptr().addr() - text.as_ptr().addr();
        let inner = rest.trim_start().strip_prefix("allow").map(str::trim_start);
        let Some((names, reason)) = inner.and_then(|i| i.strip_prefix('(')).and_then(|i| i.split_once(')'))
        else {
            return self.found.faults.push(errors::malformed(all));
        };
        let mut named = Vec::new();
        for name in names.split(',') {
            let trimmed = name.trim();
            let place = span(offset(trimmed), trimmed.len());
            if trimmed.is_empty() {
                // The brackets or commas around it.
                let around = span(offset(name).saturating_sub(1), name.len() + 2);
                self.found.faults.push(errors::no_name(around));
                continue;
            }
            match code_named(trimmed) {
                Ok(code) => {
                    let from = offset(name) - offset(names);
                    let part = part_of(names, from, name.len());
                    let part = span(offset(names) + part.start, part.len()).range;
                    named.push(Named { span: place, code, part });
                }
                Err(wrong) => self.found.faults.push(errors::misnamed(place, wrong)),
            }
        }
        let reason = reason.trim_start().strip_prefix("because").map(str::trim);
        if reason.is_none_or(str::is_empty) {
            let written = span(0, offset(names) + names.len() + 1);
            self.found.faults.push(errors::without_reason(written));
        }
        self.found.list.push(Allow { whole, names: named, covers, met });
    }

    /// What members of a template say: `comments` of resources, `metadata.aib` of templates.
    fn members(&mut self, value: &Value, is_root: bool) {
        match &value.data {
            Data::List(items) => items.iter().for_each(|item| self.members(item, false)),
            Data::Object(object) => {
                let is_resource = is_root || object.get("type").is_some();
                if is_resource && let Some(text) = object.get("comments") {
                    self.member(text, self.without_member(object, "comments"), value.range);
                }
                let metadata = object.get("metadata").and_then(Value::as_object);
                let said = metadata.and_then(|metadata| Some((metadata, metadata.get("aib")?)));
                match said.map(|(metadata, said)| (&said.data, metadata, said)) {
                    Some((Data::List(items), ..)) => {
                        let ranges: Vec<TextRange> = items.iter().map(|item| item.range).collect();
                        for (at, item) in items.iter().enumerate() {
                            let whole = self.without(&ranges, at).map(|range| ("delete the text", range));
                            self.own_member(item, whole, value.range);
                        }
                    }
                    Some((_, metadata, said)) => {
                        self.own_member(said, self.without_member(metadata, "aib"), value.range);
                    }
                    None => {}
                }
                object.members.iter().for_each(|member| self.members(&member.value, false));
            }
            _ => {}
        }
    }

    /// What to delete to be rid of a member.
    fn without_member(&self, object: &Object, name: &str) -> Option<(&'static str, TextRange)> {
        let at = object.members.iter().position(|member| &*member.key.text == name)?;
        let ranges: Vec<TextRange> =
            object.members.iter().map(|m| m.key.range.cover(m.value.range)).collect();
        self.without(&ranges, at).map(|range| ("delete the member", range))
    }

    /// One of several parts of a list or object with the comma that goes with it. Comments between two parts may be about
    /// either: nothing is deleted then.
    fn without(&self, parts: &[TextRange], at: usize) -> Option<TextRange> {
        let own = *parts.get(at)?;
        let bare = |from: u32, to: u32| {
            let between = self.text.get(from as usize..to as usize)?;
            let mut rest = between.chars().filter(|c| !c.is_whitespace());
            (rest.next() == Some(',') && rest.next().is_none()).then_some(())
        };
        if let Some(next) = parts.get(at + 1) {
            bare(own.end, next.start)?;
            return Some(TextRange { end: next.start, ..own });
        }
        let Some(before) = at.checked_sub(1).and_then(|at| parts.get(at)) else { return Some(own) };
        bare(before.end, own.start)?;
        Some(TextRange { start: before.end, ..own })
    }

    /// A text of `metadata.aib`, which needs no `aib:` to be one for aib.
    fn own_member(&mut self, value: &Value, whole: Option<(&'static str, TextRange)>, covers: TextRange) {
        let inner =
            self.text.get(value.range.start as usize + 1..(value.range.end as usize).saturating_sub(1));
        match inner.filter(|inner| inner.trim_start().starts_with("allow")) {
            Some(inner) if value.as_text().is_some() => {
                let lead = inner.len() - inner.trim_start().len();
                let (text, at) = (inner.trim(), value.range.start as usize + 1 + lead);
                self.order(text, text, at, whole, covers, Met::Always);
            }
            _ => self.member(value, whole, covers),
        }
    }

    fn member(&mut self, value: &Value, whole: Option<(&'static str, TextRange)>, covers: TextRange) {
        // Escapes would shift the places; they are of no use in what is written for aib.
        let inner =
            self.text.get(value.range.start as usize + 1..(value.range.end as usize).saturating_sub(1));
        if let (Some(_), Some(inner)) = (value.as_text(), inner) {
            let lead = inner.len() - inner.trim_start().len();
            self.read(inner.trim(), value.range.start as usize + 1 + lead, whole, covers, Met::Always);
        }
    }
}

/// A name in a list of several, with the comma that goes with it.
fn part_of(names: &str, from: usize, len: usize) -> std::ops::Range<usize> {
    match names.get(from + len..).and_then(|rest| rest.strip_prefix(',')) {
        // The white space behind the comma stands before what follows.
        Some(rest) => {
            let gap = match from {
                0 => rest.len() - rest.trim_start().len(),
                _ => 0,
            };
            from..from + len + 1 + gap
        }
        None => from.saturating_sub(1)..from + len,
    }
}

/// A comment with the line that it stands alone on, or the white space before it.
fn with_its_line(text: &str, range: TextRange) -> TextRange {
    let Some(before) = text.get(..range.start as usize) else { return range };
    let start = before.trim_end_matches([' ', '\t']).len();
    let alone = start == 0 || before.get(..start).is_some_and(|b| b.ends_with('\n'));
    let end = range.end as usize;
    let rest = text.get(end..).unwrap_or_default();
    let line_end = rest.trim_start_matches([' ', '\t', '\r']);
    match line_end.strip_prefix('\n') {
        Some(after) if alone => TextRange::new(start, text.len() - after.len()),
        _ => TextRange::new(start, end),
    }
}
