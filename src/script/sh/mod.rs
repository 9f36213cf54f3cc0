//! Scripts of shells: brush's tokens and grammar, made fit, and the commands of the tree that it gives.

mod declare;
mod extent;
mod faults;
mod guard;
mod lines;
mod tokens;
mod walk;
mod words;

use brush_parser::ast::Program;
use brush_parser::{ParseError, ParserOptions, Token, TokenizerError, uncached_tokenize_str};

use super::model::{Fault, Script};
use super::place::Place;
use crate::base::TextRange;
use guard::guarded;

/// Reads a script into what was found so far; within `scope`, `depth` groups and substitutions deep. Faults are added only
/// if they are asked for. Gives the place of the command whose output is that of the script.
pub(super) fn read(text: &str, place: &Place, context: Context, out: &mut Script) -> Option<usize> {
    let levels = tokens::MAX_NESTING.checked_sub(context.depth);
    let Some(levels) = levels.filter(|_| tokens::can_tokenize(text)) else {
        out.in_parts = true;
        return None;
    };
    match parse(text, levels) {
        Ok(Parsed { tokens, program }) => walk::program(&program, &tokens, text, place, context, out),
        Err(Refused::Unreadable) => {
            out.in_parts = true;
            None
        }
        // A shell takes what follows as the here-document, and runs what stands before it.
        Err(Refused::Document { tag, at }) => {
            let closed = format!("{text}\n{tag}\n");
            if context.wants_faults {
                out.faults.push(faults::of_document(text, &tag, at));
            }
            let inner = Context { wants_faults: false, ..context };
            if closed.len() > MAX_CLOSED {
                out.in_parts = true;
                return None;
            }
            let depth = context.depth + tokens::MAX_NESTING / 4;
            let output = read(&closed, place, Context { depth, ..inner }, out);
            out.keep_within(place.range(0, text.len()).end);
            output
        }
        Err(Refused::Open(fault) | Refused::Fault(fault)) => {
            if context.wants_faults && !extent::may_mislead(text) {
                out.faults.push(*fault);
            }
            out.in_parts = true;
            lines::read(text, place, Context { wants_faults: false, ..context }, out);
            None
        }
    }
}

/// A text with a here-document that never ends is read once more with its end, up to this size.
const MAX_CLOSED: usize = 1 << 20;

/// Where a script is read.
#[derive(Clone, Copy)]
pub(super) struct Context {
    /// What encloses it.
    pub(super) scope: Option<usize>,
    /// How many groups and substitutions are around it.
    pub(super) depth: usize,
    /// Whether it is looked for faults.
    pub(super) wants_faults: bool,
}

/// A script that the grammar takes.
struct Parsed {
    tokens: Vec<Token>,
    program: Program,
}

enum Refused {
    /// It nests too deep, or brush can't cope with it.
    Unreadable,
    /// A here-document that nothing ends, and where it begins.
    Document {
        tag: String,
        at: TextRange,
    },
    /// Something that isn't closed, so that there are no tokens.
    Open(Box<Fault>),
    Fault(Box<Fault>),
}

fn parse(text: &str, levels: usize) -> Result<Parsed, Refused> {
    // A pattern such as `@(a|b)` is one word only where bash was told so.
    let refused = match parse_with(text, levels, true) {
        Err(refused @ (Refused::Open(_) | Refused::Fault(_))) => refused,
        done => return done,
    };
    match parse_with(text, levels, false) {
        Err(Refused::Open(_) | Refused::Fault(_)) => Err(refused),
        done => done,
    }
}

fn parse_with(text: &str, levels: usize, enable_extended_globbing: bool) -> Result<Parsed, Refused> {
    let options = ParserOptions { enable_extended_globbing, ..ParserOptions::default() };
    let padded = tokens::padded(text);
    let tokens = guarded(|| uncached_tokenize_str(&padded, &options.tokenizer_options()));
    let tokens = match tokens.ok_or(Refused::Unreadable)? {
        Ok(tokens) => tokens,
        // bash takes a backslash at the end for itself.
        Err(TokenizerError::UnterminatedEscapeSequence) => match text.strip_suffix('\\') {
            Some(rest) => return parse_with(rest, levels, enable_extended_globbing),
            None => return Err(Refused::Unreadable),
        },
        Err(TokenizerError::UnterminatedHereDocuments(tags, places)) => {
            return Err(faults::open_document(text, &tags, &places).unwrap_or(Refused::Unreadable));
        }
        Err(error) => return Err(Refused::Open(Box::new(faults::of_tokens(text, &error)))),
    };
    let tokens = tokens::without_hazards(tokens::without_arithmetic(tokens));
    if tokens::check(&tokens, levels).is_err() {
        return Err(Refused::Unreadable);
    }
    let program = guarded(|| brush_parser::parse_tokens(&tokens, &options));
    match program.ok_or(Refused::Unreadable)? {
        Ok(program) => Ok(Parsed { tokens, program }),
        Err(error) => {
            let at = match &error {
                ParseError::ParsingNear(place) => Some(place.index),
                _ => None,
            };
            Err(Refused::Fault(Box::new(faults::of_grammar(text, &tokens, at))))
        }
    }
}
