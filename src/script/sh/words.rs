//! What a word of a shell is made of: quotes, expansions, substitutions.
//!
//! brush delimits words; its own parser for their pieces is exponential in nested expansions that fail and keeps a cache that
//! all threads share, so the pieces are read here, in one pass.

use std::ops::Range;

use super::extent::{to_backquote, to_brace, to_paren};
use crate::script::model::Word;
use crate::script::program::is_name;

/// A word, and what was found in it. Ranges are bytes of the text that it was read from.
#[derive(Default)]
pub(super) struct Pieces {
    pub(super) word: Word,
    /// Where the text stands, if all of it stands there as it is.
    pub(super) verbatim: Option<Range<usize>>,
    pub(super) substitutions: Vec<Substitution>,
    /// Variables that are read, and whether it is said what stands in for them.
    pub(super) variables: Vec<(String, Range<usize>, bool)>,
    pub(super) bash_only: Vec<(&'static str, Range<usize>)>,
}

/// A script within a word.
pub(super) struct Substitution {
    /// Where it stands.
    pub(super) inner: Range<usize>,
    /// Its text, if escapes make that another than what stands there.
    pub(super) text: Option<String>,
}

/// How a text is quoted as a whole.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Quoting {
    /// A word.
    None,
    /// A here-document that is expanded: quotes mean nothing.
    Document,
    /// What stands behind the operator of `${x:-…}`: only what is expanded in it counts.
    Inner,
}

/// How deep expansions in expansions are looked into.
const MAX_DEPTH: usize = 16;

struct Reader<'t> {
    text: &'t str,
    at: usize,
    end: usize,
    depth: usize,
    in_double: bool,
    quoting: Quoting,
    out: Pieces,
    /// Whether all text so far stands side by side.
    unbroken: bool,
}

/// Reads what stands between two bytes of a text.
pub(super) fn pieces(text: &str, range: Range<usize>, quoting: Quoting) -> Pieces {
    read(text, range, quoting, 0)
}

fn read(text: &str, range: Range<usize>, quoting: Quoting, depth: usize) -> Pieces {
    let mut reader = Reader {
        text,
        at: range.start,
        end: range.end.min(text.len()),
        depth,
        in_double: quoting != Quoting::None,
        quoting,
        out: Pieces::default(),
        unbroken: true,
    };
    reader.run();
    let mut out = reader.out;
    if !reader.unbroken {
        out.verbatim = None;
    }
    out
}

impl Reader<'_> {
    fn byte(&self, at: usize) -> u8 {
        if at < self.end { self.text.as_bytes().get(at).copied().unwrap_or(0) } else { 0 }
    }

    fn run(&mut self) {
        while self.at < self.end {
            let at = self.at;
            match self.byte(at) {
                b'\\' => self.escape(),
                b'\'' if !self.in_double => {
                    self.out.word.quoted = true;
                    self.single(at + 1);
                }
                b'"' if self.quoting == Quoting::None => {
                    self.out.word.quoted = true;
                    self.in_double = !self.in_double;
                    self.at += 1;
                }
                b'`' => self.backquote(),
                b'$' => self.dollar(),
                b'{' if !self.in_double => self.brace(),
                _ => self.plain(),
            }
        }
    }

    /// Takes text up to the next byte that may mean something.
    fn plain(&mut self) {
        let rest = self.text.as_bytes().get(self.at + 1..self.end).unwrap_or_default();
        let next = rest.iter().position(|b| b"\\'\"`${".contains(b)).unwrap_or(rest.len());
        self.push(self.at..self.at + 1 + next);
        self.at += 1 + next;
    }

    /// Takes over what stands between two bytes.
    fn push(&mut self, range: Range<usize>) {
        let Some(text) = self.text.get(range.clone()) else { return };
        self.out.word.text.push_str(text);
        match &mut self.out.verbatim {
            Some(so_far) if so_far.end == range.start => so_far.end = range.end,
            Some(_) => self.unbroken = false,
            none => *none = Some(range),
        }
    }

    fn escape(&mut self) {
        let next = self.text.get(self.at + 1..self.end).and_then(|t| t.chars().next());
        let Some(next) = next else {
            self.at = self.end;
            return;
        };
        let start = self.at + 1;
        let end = start + next.len_utf8();
        let means_something = match self.quoting {
            Quoting::Document => "$`\\\n".contains(next),
            _ if self.in_double => "$`\"\\\n".contains(next),
            _ => true,
        };
        if !means_something {
            self.push(self.at..end);
        } else if next == '\n' {
            self.unbroken &= self.out.verbatim.is_none();
        } else {
            self.push(start..end);
        }
        self.at = end;
    }

    /// Takes text up to the next single quote.
    fn single(&mut self, from: usize) {
        let rest = self.text.get(from..self.end).unwrap_or_default();
        let length = rest.find('\'').unwrap_or(rest.len());
        self.push(from..from + length);
        self.at = (from + length + 1).min(self.end);
    }

    /// Takes over an expansion as it is written.
    fn expansion(&mut self, range: Range<usize>) {
        let start = self.out.word.text.len();
        self.push(range.clone());
        self.out.word.expansions.push(start..self.out.word.text.len());
        self.at = range.end;
    }

    fn backquote(&mut self) {
        let inner = self.at + 1..to_backquote(self.text, self.at + 1).min(self.end);
        let text = self.text.get(inner.clone()).unwrap_or_default();
        let unescaped = text.contains('\\').then(|| text.replace("\\`", "`").replace("\\\\", "\\"));
        let end = (inner.end + 1).min(self.end);
        self.out.substitutions.push(Substitution { inner, text: unescaped });
        self.expansion(self.at..end);
    }

    fn dollar(&mut self) {
        let start = self.at;
        match self.byte(start + 1) {
            b'(' if self.byte(start + 2) == b'(' && self.is_arithmetic(start + 3) => {
                let end = to_paren(self.text, start + 2).min(self.end);
                self.inner(start + 3..end);
                self.expansion(start..(end + 1).min(self.end));
            }
            b'(' => {
                let inner = start + 2..to_paren(self.text, start + 2).min(self.end);
                let end = (inner.end + 1).min(self.end);
                self.out.substitutions.push(Substitution { inner, text: None });
                self.expansion(start..end);
            }
            b'{' => {
                let end = to_brace(self.text, start + 2).min(self.end);
                self.parameter(start + 2..end);
                self.expansion(start..(end + 1).min(self.end));
            }
            b'\'' if !self.in_double => {
                self.out.bash_only.push(("$'…'", start..start + 2));
                self.out.word.quoted = true;
                self.ansi(start + 2);
            }
            b'"' if !self.in_double => {
                self.out.bash_only.push(("$\"…\"", start..start + 2));
                self.at += 1;
            }
            c if c == b'_' || c.is_ascii_alphabetic() => {
                let rest = self.text.get(start + 1..self.end).unwrap_or_default();
                let length =
                    rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
                let name = rest.get(..length).unwrap_or_default().to_owned();
                let end = start + 1 + length;
                self.out.variables.push((name, start..end, false));
                self.expansion(start..end);
            }
            c if c.is_ascii_digit() || b"@*#?-$!".contains(&c) && c != 0 => self.expansion(start..start + 2),
            _ => self.plain(),
        }
    }

    /// `$((1 + 2))`, but not `$((cd x; make) | tail)`.
    fn is_arithmetic(&self, from: usize) -> bool {
        let inner = to_paren(self.text, from).min(self.end);
        self.byte(inner + 1) == b')'
    }

    /// Text with the escapes of C, up to the next single quote.
    fn ansi(&mut self, from: usize) {
        let bytes = self.text.as_bytes();
        let mut end = from;
        while end < self.end && self.byte(end) != b'\'' {
            end += 1 + usize::from(bytes.get(end) == Some(&b'\\'));
        }
        let end = end.min(self.end);
        self.push(from..end);
        self.at = (end + 1).min(self.end);
    }

    /// What stands between `${` and `}`.
    fn parameter(&mut self, range: Range<usize>) {
        let inner = self.text.get(range.clone()).unwrap_or_default();
        let behind_sign = inner.trim_start_matches(['!', '#']);
        let sign = inner.len() - behind_sign.len();
        let length =
            behind_sign.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(behind_sign.len());
        let name = behind_sign.get(..length).unwrap_or_default();
        let whole = range.start.saturating_sub(2)..(range.end + 1).min(self.end);
        let operator = behind_sign.get(length..).unwrap_or_default();
        if is_name(name) {
            let may_lack = operator.trim_start_matches(':').starts_with(['-', '=', '?', '+']);
            self.out.variables.push((name.to_owned(), whole.clone(), may_lack));
        }
        let mut next = operator.chars();
        let what = match (next.next(), next.next()) {
            _ if inner.starts_with('!') && !name.is_empty() => Some("${!x}"),
            (Some('['), _) => Some("${x[…]}"),
            (Some('/'), _) => Some("${x/a/b}"),
            (Some('^'), _) => Some("${x^}"),
            (Some(','), _) => Some("${x,}"),
            (Some('@'), Some(_)) => Some("${x@Q}"),
            (Some(':'), Some(c)) if !"-=?+".contains(c) => Some("${x:1}"),
            _ => None,
        };
        if let Some(what) = what.filter(|_| is_name(name)) {
            self.out.bash_only.push((what, whole));
        }
        self.inner(range.start + sign + length..range.end);
    }

    /// What is expanded within an expansion.
    fn inner(&mut self, range: Range<usize>) {
        let has_any = self.text.get(range.clone()).is_some_and(|t| t.contains(['$', '`']));
        if !has_any || self.depth >= MAX_DEPTH {
            return;
        }
        let inner = read(self.text, range, Quoting::Inner, self.depth + 1);
        self.out.substitutions.extend(inner.substitutions);
        self.out.variables.extend(inner.variables);
        self.out.bash_only.extend(inner.bash_only);
    }

    /// `{a,b}` and `{1..3}` are several words in bash.
    fn brace(&mut self) {
        let rest = self.text.get(self.at + 1..self.end).unwrap_or_default();
        // Quotes and expansions in braces are rare; without them the end is in sight.
        let length = rest.find(['}', '{', '\'', '"', '$', '`', '\\']);
        let inner = length.filter(|at| rest.as_bytes().get(*at) == Some(&b'}')).and_then(|at| rest.get(..at));
        if inner.is_some_and(|inner| inner.contains(',') || inner.contains("..")) {
            let end = self.at + 2 + length.unwrap_or(0);
            self.out.bash_only.push(("{a,b}", self.at..end));
        }
        self.plain();
    }
}
