//! What is wrong with a script that the grammar refuses: where, and what would have to stand there.

use brush_parser::{SourcePosition, Token, TokenizerError};

use super::Refused;
use super::extent::{to_backquote, to_brace, to_paren};
use super::tokens::{Open, begins_command, open_at};
use crate::base::TextRange;
use crate::script::model::{Fault, FaultKind};
use crate::script::place::Characters;

/// Words that end a group or a part of one.
static CLOSERS: &[&str] =
    &["fi", "done", "esac", "}", ")", "]]", "then", "else", "elif", "do", ";;", ";&", ";;&"];

/// A text that can't be split into tokens: something is never closed.
pub(super) fn of_tokens(text: &str, error: &TokenizerError) -> Fault {
    let characters = Characters::new(text);
    let quote = |place: &SourcePosition, quote: &str| {
        // brush points at the quote or behind it, by kind.
        let at = characters.byte(place.index);
        let quote_at = text.get(..at + quote.len()).and_then(|t| t.rfind(quote)).unwrap_or(at);
        unclosed(text, quote_at, quote, quote)
    };
    match error {
        TokenizerError::UnterminatedSingleQuote(place) | TokenizerError::UnterminatedAnsiCQuote(place) => {
            quote(place, "'")
        }
        TokenizerError::UnterminatedDoubleQuote(place) => quote(place, "\""),
        TokenizerError::UnterminatedBackquote(place) => quote(place, "`"),
        _ => match first_unclosed(text) {
            Some((at, open, close)) => unclosed(text, at, open, close),
            None => Fault {
                kind: FaultKind::Unfinished { after: last_word(text).to_owned() },
                at: end_of(text),
                opened: None,
                stops: true,
            },
        },
    }
}

fn unclosed(text: &str, at: usize, open: &str, close: &str) -> Fault {
    Fault {
        kind: FaultKind::Unclosed { open: open.to_owned(), close: close.to_owned() },
        at: end_of(text),
        opened: Some(TextRange::new(at, at + open.len())),
        stops: true,
    }
}

/// The first here-document that nothing ends: brush gives all tags as one text, and so their lines and columns.
pub(super) fn open_document(text: &str, tags: &str, places: &str) -> Option<Refused> {
    let tag = tags.split(", ").next()?;
    let mut numbers = places.split(',').map(|n| n.trim().parse::<usize>().ok());
    let (line, column) = (numbers.next()??, numbers.next()??);
    let start: usize = text.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
    let rest = text.get(start..)?;
    let at = start + rest.char_indices().nth(column.checked_sub(1)?).map_or(rest.len(), |(at, _)| at);
    let lead = text.get(start..at)?.rfind("<<").map_or(at, |lead| start + lead);
    let end = text.get(at..)?.find(['\n', ' ', ';', '|', '&', '>', ')']).map_or(text.len(), |end| at + end);
    Some(Refused::Document { tag: tag.to_owned(), at: TextRange::new(lead, end.max(lead)) })
}

/// A here-document that nothing ends.
pub(super) fn of_document(text: &str, tag: &str, at: TextRange) -> Fault {
    Fault {
        kind: FaultKind::Unclosed { open: format!("<<{tag}"), close: tag.to_owned() },
        at: end_of(text),
        opened: Some(at),
        stops: false,
    }
}

/// The last thing that stands in a text.
fn end_of(text: &str) -> TextRange {
    let end = text.trim_end();
    let start = end.len() - last_word(text).len();
    TextRange::new(start, end.len())
}

fn last_word(text: &str) -> &str {
    let end = text.trim_end();
    let start = end.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    end.get(start..).map_or("", str::trim_start)
}

/// The first substitution that reaches to the end of the text.
fn first_unclosed(text: &str) -> Option<(usize, &'static str, &'static str)> {
    let bytes = text.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    let (mut at, mut in_double) = (0, false);
    while at < bytes.len() {
        let open = match (byte(at), byte(at + 1)) {
            (b'\\', _) => {
                at += 2;
                continue;
            }
            (b'\'', _) if !in_double => {
                at += 2 + bytes.iter().skip(at + 1).take_while(|b| **b != b'\'').count();
                continue;
            }
            (b'"', _) => {
                in_double = !in_double;
                at += 1;
                continue;
            }
            (b'#', _) if !in_double && (at == 0 || byte(at - 1).is_ascii_whitespace()) => {
                at += bytes.iter().skip(at).take_while(|b| **b != b'\n').count();
                continue;
            }
            (b'$', b'(') => Some((to_paren(text, at + 2), "$(", ")")),
            (b'$', b'{') => Some((to_brace(text, at + 2), "${", "}")),
            (b'`', _) => Some((to_backquote(text, at + 1), "`", "`")),
            _ => None,
        };
        match open {
            Some((end, open, close)) if end >= text.len() => return Some((at, open, close)),
            Some((end, ..)) => at = end + 1,
            None => at += 1,
        }
    }
    None
}

/// Tokens that are no script: the grammar stopped at a character, or at the end.
pub(super) fn of_grammar(text: &str, tokens: &[Token], at: Option<usize>) -> Fault {
    let characters = Characters::new(text);
    let range = |token: &Token| {
        let (start, end) = (token.location().start.index, token.location().end.index);
        let bytes = characters.token(text, start, end);
        // The place of a line break begins with the comment before it.
        match token.to_str() {
            "\n" if text.get(bytes.clone()).is_some_and(|t| t.ends_with('\n')) => {
                TextRange::new(bytes.end - 1, bytes.end)
            }
            _ => TextRange::new(bytes.start, bytes.end),
        }
    };
    let mut stopped = at.and_then(|at| tokens.iter().position(|t| t.location().start.index >= at));
    // Where a word that ends a group can't stand, the grammar stops behind it.
    let before = stopped.unwrap_or(tokens.len()).checked_sub(1);
    if let Some((at, word)) = before.and_then(|at| Some((at, tokens.get(at)?.to_str())))
        && begins_command(tokens, at)
        && (matches!(word, "fi" | "done" | "esac" | "}") && !fits(tokens, at) || is_stray(word, tokens, at))
    {
        stopped = Some(at);
    }
    stopped = stopped.map(|at| misplaced_paren(tokens, at).unwrap_or(at));
    let end = stopped.unwrap_or(tokens.len());
    let open = open_at(tokens, end);
    let opener = |open: &Open| tokens.get(open.token).map(&range);
    let top = open.last();
    let fault = |kind, at, opened| Fault { kind, at, opened, stops: true };
    let Some(found) = stopped.and_then(|at| tokens.get(at)) else {
        let last = tokens.iter().rev().find(|t| t.to_str() != "\n");
        let at = last.map_or(end_of(text), &range);
        return match top {
            Some(open) => {
                let kind = FaultKind::Unclosed {
                    open: open.group.open.to_owned(),
                    close: open.group.close.to_owned(),
                };
                fault(kind, at, opener(open))
            }
            None => {
                let after = last.map(|t| t.to_str().to_owned()).unwrap_or_default();
                fault(FaultKind::Unfinished { after }, at, None)
            }
        };
    };
    let at = range(found);
    let is_word = matches!(found, Token::Word(..));
    let word = match text.get(at.to_usize()) {
        Some("\n") | None => None,
        Some(text) => Some(text.to_owned()),
    };
    let expected = match found.to_str() {
        word if is_word && lacks_do(tokens, end, word) => Some("do".to_owned()),
        word if CLOSERS.contains(&word) => expected(word, tokens, top),
        _ => None,
    };
    let opened = top.filter(|top| expected.as_deref() == Some(top.group.close)).and_then(opener);
    let expected = expected.filter(|_| is_word || found.to_str() == ")");
    fault(FaultKind::Unexpected { found: word, expected }, at, opened)
}

/// The `(` behind an argument on the line before a token: `foo bar(baz)`. It can stand behind the name of a function alone.
fn misplaced_paren(tokens: &[Token], end: usize) -> Option<usize> {
    let is_line_end = |t: &Token| t.to_str() == "\n";
    let start = tokens.iter().take(end).rposition(is_line_end).map_or(0, |at| at + 1);
    let is_argument = |at: usize| {
        let is_word = |at: usize| matches!(tokens.get(at), Some(Token::Word(..)));
        at > start && is_word(at) && is_word(at - 1) && !begins_command(tokens, at)
    };
    let is_paren =
        |at: usize| tokens.get(at).is_some_and(|t| matches!(t, Token::Operator(..)) && t.to_str() == "(");
    let follows_paren = |at: usize| tokens.get(at + 1).is_some_and(|t| t.to_str() == ")");
    let found = (start + 1..end).find(|at| is_paren(*at) && is_argument(at - 1))?;
    let line = tokens.get(start..found)?;
    // A pattern of `case`, and words of `for`, are no arguments; nor is the name in `function f()`.
    let is_other = line.iter().any(|t| matches!(t.to_str(), "case" | "in" | "function" | "[[" | "coproc"));
    (!is_other && !follows_paren(found)).then_some(found)
}

/// Whether a word that ends a group ends one there: it is open, its parts are there, and it isn't empty.
fn fits(tokens: &[Token], at: usize) -> bool {
    let open = open_at(tokens, at);
    let Some(top) = open.last().filter(|top| tokens.get(at).is_some_and(|t| t.to_str() == top.group.close))
    else {
        return false;
    };
    let before = tokens.iter().take(at).rev().find(|t| t.to_str() != "\n").map_or("", Token::to_str);
    let is_empty = matches!(before, "then" | "else" | "do" | "{");
    !is_empty && expected(top.group.close, tokens, Some(top)).is_none()
}

/// Whether a word continues an `if`, and none is open.
fn is_stray(word: &str, tokens: &[Token], at: usize) -> bool {
    matches!(word, "then" | "else" | "elif")
        && open_at(tokens, at).last().is_none_or(|top| top.group.open != "if")
}

/// Whether a loop begins before a token, and its `do` would have to stand there at the latest.
fn lacks_do(tokens: &[Token], end: usize, found: &str) -> bool {
    let before = tokens.get(..end).unwrap_or_default();
    let is_loop =
        |at: usize, t: &Token| matches!(t.to_str(), "for" | "while" | "until") && begins_command(tokens, at);
    let Some((at, begin)) = before.iter().enumerate().rfind(|(at, t)| is_loop(*at, t)) else { return false };
    let has_do = before.iter().skip(at).any(|t| t.to_str() == "do");
    !has_do && (found == "done" || (begin.to_str() == "for" && begins_command(tokens, end)))
}

/// What would have to stand in the place of a word that ends a group.
fn expected(found: &str, tokens: &[Token], top: Option<&Open>) -> Option<String> {
    let top = top?;
    if found != top.group.close {
        let continues = match top.group.open {
            "if" => matches!(found, "then" | "else" | "elif"),
            "case" => matches!(found, ";;" | ";&" | ";;&"),
            _ => false,
        };
        return (!continues).then(|| top.group.close.to_owned());
    }
    let has_then = tokens.iter().skip(top.token).any(|t| t.to_str() == "then");
    (top.group.open == "if" && !has_then).then(|| "then".to_owned())
}
