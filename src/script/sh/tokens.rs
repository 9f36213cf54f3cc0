//! Tokens of a shell script, made fit for brush's grammar, and what is open where.
//!
//! The grammar backtracks. Two parentheses side by side are tried as arithmetic at each level, and the last branch of a `case`
//! is read twice, so that hostile text takes time that doubles with each level; and each level takes 24 KiB of stack in a
//! build for debugging, of which tests have 1 MiB. So arithmetic is taken out before, and what nests too deep is refused.

use std::borrow::Cow;
use std::sync::Arc;

use brush_parser::{SourceSpan, Token};

use super::guard::guarded;
use crate::script::model::HOLE;
use crate::script::program::is_name;

/// How deep groups may nest. Nobody's script comes near.
pub(super) const MAX_NESTING: usize = 32;
/// How many times as long as a script of its length a script may take because of nested `case`.
const MAX_COST: usize = 16;

/// A group that is open.
#[derive(Clone, Copy)]
pub(super) struct Open {
    /// The token that opened it.
    pub(super) token: usize,
    pub(super) group: &'static Group,
}

/// A group of commands.
pub(super) struct Group {
    pub(super) open: &'static str,
    pub(super) close: &'static str,
}

const fn group(open: &'static str, close: &'static str) -> Group {
    Group { open, close }
}

static GROUPS: &[Group] = &[
    group("if", "fi"),
    group("do", "done"),
    group("case", "esac"),
    group("{", "}"),
    group("(", ")"),
    group("[[", "]]"),
];

/// Words behind which a command begins.
static BEFORE_COMMANDS: &[&str] = &[
    "if", "then", "else", "elif", "do", "while", "until", "!", "{", "time", "fi", "done", "esac", "}", "]]",
];

/// What is too much for the grammar.
pub(super) struct TooDeep;

/// Follows what is open, up to a token.
pub(super) fn open_at(tokens: &[Token], end: usize) -> Vec<Open> {
    let mut follow = Follow::default();
    for (at, _) in tokens.iter().enumerate().take(end) {
        follow.step(tokens, at);
    }
    follow.open
}

/// # Errors
/// [`TooDeep`] if reading them would take too much stack or time.
pub(super) fn check(tokens: &[Token], levels: usize) -> Result<(), TooDeep> {
    let mut follow = Follow::default();
    let mut cost = 0usize;
    for (at, _) in tokens.iter().enumerate() {
        follow.step(tokens, at);
        if follow.open.len() > levels {
            return Err(TooDeep);
        }
        cost += 1 << follow.cases.min(20);
    }
    if cost > MAX_COST * tokens.len() + (1 << 16) {
        return Err(TooDeep);
    }
    Ok(())
}

/// Whether a command may begin at a token, as far as the one before it tells.
pub(super) fn begins_command(tokens: &[Token], at: usize) -> bool {
    match at.checked_sub(1).and_then(|at| tokens.get(at)) {
        None | Some(Token::Operator(..)) => true,
        Some(Token::Word(word, _)) => BEFORE_COMMANDS.contains(&word.as_str()),
    }
}

#[derive(Default)]
struct Follow {
    open: Vec<Open>,
    cases: usize,
}

impl Follow {
    /// Rather too many than too few are taken as open: only what can stand in no other place closes one.
    fn step(&mut self, tokens: &[Token], at: usize) {
        let Some(token) = tokens.get(at) else { return };
        let text = token.to_str();
        let before = at.checked_sub(1).and_then(|at| tokens.get(at));
        let is_word = matches!(token, Token::Word(..));
        let begins = begins_command(tokens, at);
        for group in GROUPS {
            let is_paren = group.open == "(";
            if is_paren == is_word {
                continue;
            }
            let top_is = |open: &Open| std::ptr::eq(open.group, group);
            if text == group.open && (is_paren || begins || text == "{") {
                self.cases += usize::from(text == "case");
                self.open.push(Open { token: at, group });
            } else if text == group.close && self.open.last().is_some_and(top_is) {
                let closes = match text {
                    ")" | "]]" => true,
                    // A pattern may be the word `esac` in parentheses.
                    "esac" => before.is_some_and(|b| (begins && b.to_str() != "(") || b.to_str() == "in"),
                    _ => begins,
                };
                if closes {
                    self.cases -= usize::from(text == "esac");
                    self.open.pop();
                }
            }
        }
    }
}

/// Takes from the words what the grammar doesn't need to know. It parses the index of `a[…]=` as an expression, which takes time
/// that doubles with each level, and it panics at numbers that are too large for it. Words are read from the text of the script,
/// by their places, so that nothing is lost.
pub(super) fn without_hazards(mut tokens: Vec<Token>) -> Vec<Token> {
    for token in &mut tokens {
        if let Token::Word(text, _) = token
            && let Some(safe) = safe_word(text)
        {
            *text = safe;
        }
    }
    tokens
}

/// What a word becomes, if it has to become another.
fn safe_word(text: &str) -> Option<String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_./:@%+,!{}-".contains(c);
    let is_number = text.bytes().all(|b| b.is_ascii_digit());
    if matches!(text, "[" | "]" | "[[" | "]]" | "==" | "!=" | "=~" | "=")
        || (text.chars().all(is_plain) && !is_number)
    {
        return None;
    }
    if is_number {
        return (text.is_empty() || text.len() > 4).then(|| "9".to_owned());
    }
    let length = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    let (name, rest) = text.split_at_checked(length).unwrap_or((text, ""));
    let (index, assigns) = match rest.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        Some((_, behind)) => ("[0]", behind),
        None => ("", rest),
    };
    let sign = ["+=", "="].into_iter().find(|sign| assigns.starts_with(sign));
    Some(match sign.filter(|_| is_name(name)) {
        // Behind the sign of an array stands a parenthesis.
        Some(sign) if assigns == sign => format!("{name}{index}{sign}"),
        Some(sign) => format!("{name}{index}{sign}value"),
        None => "word".to_owned(),
    })
}

/// What stands in the place of arithmetic.
pub(super) const ARITHMETIC: &str = ":";

/// Takes arithmetic out: `((…))` becomes a word, so that no two parentheses stand side by side.
pub(super) fn without_arithmetic(tokens: Vec<Token>) -> Vec<Token> {
    let is = |at: usize, text: &str| matches!(tokens.get(at), Some(Token::Operator(o, _)) if o == text);
    if !(0..tokens.len()).any(|at| is(at, "(") && is(at + 1, "(")) {
        return tokens;
    }
    let partners = partners(&tokens);
    let touch = |a: usize, b: usize| match (tokens.get(a), tokens.get(b)) {
        (Some(a), Some(b)) => a.location().end.index == b.location().start.index,
        _ => false,
    };
    let mut out = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        if !(is(at, "(") && is(at + 1, "(")) {
            out.push(token.clone());
            at += 1;
            continue;
        }
        let ends = (partners.get(at).copied().flatten(), partners.get(at + 1).copied().flatten());
        let arithmetic = match ends {
            (Some(outer), Some(inner)) if inner + 1 == outer && touch(at, at + 1) && touch(inner, outer) => {
                tokens.get(outer).map(|last| (outer, last))
            }
            _ => None,
        };
        match arithmetic {
            Some((outer, last)) => {
                let is_loop =
                    at.checked_sub(1).and_then(|b| tokens.get(b)).is_some_and(|t| t.to_str() == "for");
                let text = if is_loop { "_" } else { ARITHMETIC };
                out.push(Token::Word(text.to_owned(), span(token, last)));
                at = outer + 1;
            }
            None => {
                // A line break may stand behind a parenthesis that opens a subshell.
                out.push(token.clone());
                out.push(Token::Operator("\n".to_owned(), token.location().clone()));
                at += 1;
            }
        }
    }
    out
}

fn span(first: &Token, last: &Token) -> SourceSpan {
    SourceSpan { start: Arc::clone(&first.location().start), end: Arc::clone(&last.location().end) }
}

/// For each parenthesis that opens the place of the one that closes it.
fn partners(tokens: &[Token]) -> Vec<Option<usize>> {
    let mut out = vec![None; tokens.len()];
    let mut open = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Operator(text, _) if text == "(" => open.push(at),
            Token::Operator(text, _) if text == ")" => {
                if let Some(slot) = open.pop().and_then(|start: usize| out.get_mut(start)) {
                    *slot = Some(at);
                }
            }
            _ => {}
        }
    }
    out
}

/// A text with line breaks behind it. Where a here-document begins in a substitution that ends in the same line, brush takes one
/// character too many for each bracket that ends one, and panics if there is none.
pub(super) fn padded(text: &str) -> Cow<'_, str> {
    if !substitutes(text) || !text.contains("<<") {
        return text.into();
    }
    let brackets = text.bytes().filter(|b| matches!(b, b')' | b'}' | b']')).count();
    let mut padded = text.to_owned();
    padded.extend(std::iter::repeat_n('\n', brackets + 1));
    padded.into()
}

fn substitutes(text: &str) -> bool {
    ["$(", "${", "$["].iter().any(|open| text.contains(open))
}

/// Whether here-documents end in words that are plain, quotes aside. brush loses its way in a substitution in such a word.
fn has_plain_documents(text: &str) -> bool {
    let is_plain = |behind: &str| {
        let tag = behind.strip_prefix('-').unwrap_or(behind).trim_start_matches([' ', '\t']);
        let quote = tag.chars().next().filter(|c| matches!(c, '\'' | '"'));
        let tag = tag.trim_start_matches(['\'', '"', '\\']);
        let length =
            tag.find(|c: char| !c.is_alphanumeric() && !"_-.!@%^+:=,/*[]".contains(c)).unwrap_or(tag.len());
        let end = tag.get(length..).unwrap_or_default();
        let end = quote.and_then(|quote| end.strip_prefix(quote)).unwrap_or(end);
        length > 0 && !end.starts_with(['$', '`', '(', '\'', '"', '\\', '{', '#', HOLE])
    };
    let mut from = 0;
    let mut plain = true;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find("<<")).map(|at| from + at) {
        let rest = text.get(at + 2..).unwrap_or_default();
        let is_string = rest.starts_with('<');
        plain &= is_string || is_plain(rest);
        from = at + 2 + usize::from(is_string);
    }
    plain
}

/// Whether brush can split a text into tokens on a stack of ordinary size: it recurses for `$(`, `${` and patterns such as `@(`.
///
/// How deep it goes can't be told without doing what it does, quotes above all. So where a text has many of them it is read
/// once for nothing, by a reader that looks where its own frame lies and gives up before the stack ends.
pub(super) fn can_tokenize(text: &str) -> bool {
    const FEW: usize = 24;
    if substitutes(text) && !has_plain_documents(text) {
        return false;
    }
    let bytes = text.as_bytes();
    let opens =
        |w: &&[u8]| matches!(w, [b'$', b'(' | b'{' | b'['] | [b'?' | b'*' | b'+' | b'@' | b'!', b'(']);
    if bytes.windows(2).filter(opens).take(FEW + 1).count() <= FEW {
        return true;
    }
    let marker = 0u8;
    let mut reader = Measured { bytes, at: 0, base: address(&marker), too_deep: false };
    // The reader ends in an error, so that nothing is parsed.
    let options = brush_parser::ParserOptions::default();
    let read = guarded(|| drop(brush_parser::Parser::new(&mut reader, &options).parse_program()));
    read.is_some() && !reader.too_deep
}

fn address(byte: &u8) -> usize {
    std::ptr::from_ref(byte).addr()
}

/// Gives bytes until the stack has grown too much since it was made.
struct Measured<'t> {
    bytes: &'t [u8],
    at: usize,
    base: usize,
    too_deep: bool,
}

/// How much stack splitting into tokens may take.
const STACK: usize = 320 << 10;

impl std::io::Read for Measured<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let from = std::io::BufRead::fill_buf(self)?;
        let count = from.len().min(out.len());
        for (to, byte) in out.iter_mut().zip(from) {
            *to = *byte;
        }
        std::io::BufRead::consume(self, count);
        Ok(count)
    }
}

impl std::io::BufRead for Measured<'_> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        let here = 0u8;
        if address(&here).abs_diff(self.base) > STACK {
            self.too_deep = true;
        }
        match self.bytes.get(self.at..) {
            Some(rest) if !self.too_deep && !rest.is_empty() => Ok(rest),
            _ => Err(std::io::Error::other("the end")),
        }
    }

    fn consume(&mut self, count: usize) {
        self.at += count;
    }
}
