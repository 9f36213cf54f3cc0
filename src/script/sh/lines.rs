//! Scripts that the grammar refuses, line by line: what stands in the other lines is still run up to there, or would be.

use super::tokens::{MAX_NESTING, can_tokenize};
use super::{Context, Refused, parse, walk};
use crate::script::model::Script;
use crate::script::place::Place;

/// A literal or a here-document may go over so many lines.
const MAX_LINES: usize = 40;
/// What stands around commands on lines of their own.
static OPENERS: &[&str] = &["if", "then", "else", "elif", "do", "while", "until", "!", "{", "("];
static ENDS: &[&str] = &["then", "do", "{", "fi", "done", "}", ")", ";", ";;", "&&", "||", "|", "\\"];

/// Reads the lines of a text, each for itself or with those behind it that it needs.
pub(super) fn read(text: &str, place: &Place, context: Context, out: &mut Script) {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let (mut at, mut start) = (0, 0);
    // Groups of lines may be read so many bytes in all.
    let mut budget = 8 * text.len();
    while let Some(line) = lines.get(at) {
        let mut taken = 1;
        if line_alone(line, start, place, context, out) == Taken::Open {
            // A quote or a here-document that goes on.
            let mut end = start + line.len();
            for (more, next) in lines.iter().skip(at + 1).take(MAX_LINES).enumerate() {
                end += next.len();
                budget = budget.saturating_sub(end - start);
                if budget == 0 {
                    break;
                }
                let group = text.get(start..end).unwrap_or_default();
                if command(group, start, place, context, out) != Taken::Open {
                    taken = more + 2;
                    break;
                }
            }
        }
        start += lines.iter().skip(at).take(taken).map(|l| l.len()).sum::<usize>();
        at += taken;
    }
}

/// What became of some lines.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Taken {
    Read,
    /// Something begins in them that ends later.
    Open,
    Refused,
}

fn line_alone(line: &str, start: usize, place: &Place, context: Context, out: &mut Script) -> Taken {
    let taken = command(line, start, place, context, out);
    let (lead, bare) = without_keywords(line);
    match taken {
        Taken::Refused if bare.len() < line.trim().len() => command(bare, start + lead, place, context, out),
        taken => taken,
    }
}

/// A line without the words that belong to groups, and how far in it begins.
fn without_keywords(line: &str) -> (usize, &str) {
    let mut rest = line.trim_start();
    while let Some(next) = OPENERS.iter().find_map(|word| {
        let behind = rest.strip_prefix(word)?;
        behind.starts_with([' ', '\t']).then(|| behind.trim_start())
    }) {
        rest = next;
    }
    let lead = line.len() - rest.len();
    let mut bare = rest.trim_end();
    while let Some(shorter) = ENDS.iter().find_map(|word| bare.strip_suffix(word)) {
        bare = shorter.trim_end();
    }
    (lead, bare)
}

fn command(text: &str, start: usize, place: &Place, context: Context, out: &mut Script) -> Taken {
    if text.trim().is_empty() {
        return Taken::Read;
    }
    let levels = MAX_NESTING.saturating_sub(context.depth);
    if !can_tokenize(text) {
        return Taken::Refused;
    }
    match parse(text, levels) {
        Ok(parsed) => {
            walk::program(&parsed.program, &parsed.tokens, text, &place.inner(start), context, out);
            Taken::Read
        }
        Err(Refused::Document { .. } | Refused::Open(_)) => Taken::Open,
        Err(Refused::Unreadable | Refused::Fault(_)) => Taken::Refused,
    }
}
