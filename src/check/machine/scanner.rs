//! Reading scripts into commands, character by character.

use std::collections::VecDeque;

use super::commands::{Command, Dialect, Word};
use crate::check::program::Node;

enum Mode {
    Plain,
    Quote(char),
    /// Up to a line with this text.
    Here(String),
    BlockComment,
}

/// The state between two characters.
pub(super) struct Scanner<'a> {
    dialect: Dialect,
    mode: Mode,
    pub(super) out: Vec<Command<'a>>,
    words: Vec<Word>,
    word: Option<Word>,
    redirect: bool,
    called: bool,
    start: Option<&'a Node>,
    /// The commands around the parentheses that are open.
    outer: Vec<Outer<'a>>,
    /// The ends of the here-documents that begin after this line.
    documents: VecDeque<String>,
}

struct Outer<'a> {
    words: Vec<Word>,
    called: bool,
    start: Option<&'a Node>,
    /// The commands found when the parenthesis opened.
    found: usize,
}

type Chars<'t> = std::iter::Peekable<std::str::Chars<'t>>;

impl<'a> Scanner<'a> {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            mode: Mode::Plain,
            out: Vec::new(),
            words: Vec::new(),
            word: None,
            redirect: false,
            called: false,
            start: None,
            outer: Vec::new(),
            documents: VecDeque::new(),
        }
    }

    /// Reads one line.
    pub(super) fn line(&mut self, node: &'a Node, text: &str) {
        let mut text = text.trim_end_matches('\r');
        if let Mode::Here(end) = &self.mode {
            let trimmed = text.trim_start();
            match self.dialect {
                Dialect::Sh if trimmed.trim_end() == *end => {
                    self.mode = self.next_document();
                    return;
                }
                Dialect::PowerShell if trimmed.starts_with(end.as_str()) => {
                    text = trimmed.get(end.len()..).unwrap_or_default();
                    self.mode = Mode::Plain;
                }
                _ => return,
            }
        }
        let mut chars = text.chars().peekable();
        let mut continued = false;
        while let Some(c) = chars.next() {
            continued = match &self.mode {
                Mode::Plain => self.plain(node, c, &mut chars),
                Mode::Quote(quote) => {
                    let quote = *quote;
                    self.quoted(c, quote, &mut chars)
                }
                Mode::BlockComment => {
                    if c == '#' && chars.next_if_eq(&'>').is_some() {
                        self.mode = Mode::Plain;
                    }
                    false
                }
                Mode::Here(_) => break,
            };
        }
        if matches!(self.mode, Mode::Quote(_)) {
            self.add('\n');
        } else if !continued {
            self.end_command();
        }
        if matches!(self.mode, Mode::Plain) {
            self.mode = self.next_document();
        }
    }

    fn next_document(&mut self) -> Mode {
        self.documents.pop_front().map_or(Mode::Plain, Mode::Here)
    }

    /// Reads one character outside quotes; whether the line goes on behind its end.
    fn plain(&mut self, node: &'a Node, c: char, chars: &mut Chars<'_>) -> bool {
        let escape = if self.dialect == Dialect::Sh { '\\' } else { '`' };
        match c {
            c if c == escape => match chars.next() {
                Some(next) => self.begin(node).text.push(next),
                None => return true,
            },
            '#' if self.word.is_none() => chars.by_ref().for_each(drop),
            c if c.is_whitespace() => self.end_word(),
            '@' if self.dialect == Dialect::PowerShell => self.here_string(node, chars),
            '\'' | '"' => {
                self.begin(node).quoted = true;
                self.mode = Mode::Quote(c);
            }
            '$' if chars.peek() == Some(&'{') => {
                let text: String = chars.by_ref().take_while(|&c| c != '}').collect();
                self.begin(node).text.push_str(&format!("${text}}}"));
            }
            '>' => self.redirection(chars),
            '<' => self.input(chars),
            '&' if chars.next_if_eq(&'>').is_some() => self.redirection(chars),
            '&' if self.dialect == Dialect::PowerShell && self.words.is_empty() && self.word.is_none() => {
                self.called = true;
            }
            ';' | '|' | '&' => self.end_command(),
            '{' | '}' if self.dialect == Dialect::PowerShell => self.end_command(),
            '(' => self.open(node),
            ')' => self.close(node),
            c => {
                let text = &mut self.begin(node).text;
                text.push(c);
                // Most characters mean nothing but themselves.
                while let Some(c) =
                    chars.next_if(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '.'))
                {
                    text.push(c);
                }
            }
        }
        false
    }

    fn quoted(&mut self, c: char, quote: char, chars: &mut Chars<'_>) -> bool {
        let escape = match (self.dialect, quote) {
            (Dialect::Sh, '"') => Some('\\'),
            (Dialect::PowerShell, '"') => Some('`'),
            _ => None,
        };
        if Some(c) == escape {
            if let Some(next) = chars.next() {
                self.add(next);
            }
        } else if c == quote {
            // A doubled quote stands for itself in PowerShell.
            if self.dialect == Dialect::PowerShell && chars.next_if_eq(&quote).is_some() {
                self.add(quote);
            } else {
                self.mode = Mode::Plain;
            }
        } else {
            self.add(c);
            while let Some(c) = chars.next_if(|c| *c != quote && Some(*c) != escape) {
                self.add(c);
            }
        }
        false
    }

    /// PowerShell's `@'` and `@"` at the end of a line begin a here-string.
    fn here_string(&mut self, node: &'a Node, chars: &mut Chars<'_>) {
        let mut ahead = chars.clone();
        let quote = ahead.next().filter(|c| matches!(c, '\'' | '"'));
        match quote.filter(|_| ahead.all(char::is_whitespace)) {
            Some(quote) => {
                chars.by_ref().for_each(drop);
                self.begin(node).quoted = true;
                self.mode = Mode::Here(format!("{quote}@"));
            }
            None => self.begin(node).text.push('@'),
        }
    }

    fn redirection(&mut self, chars: &mut Chars<'_>) {
        // The number before `>` is a stream, not a word.
        if self.word.as_ref().is_some_and(|w| w.text.chars().all(|c| c.is_ascii_digit() || c == '*')) {
            self.word = None;
        }
        self.end_word();
        while chars.next_if(|&c| c == '>' || c == '&' || c == '|').is_some() {}
        self.redirect = true;
    }

    fn input(&mut self, chars: &mut Chars<'_>) {
        self.end_word();
        if self.dialect == Dialect::PowerShell {
            if chars.next_if_eq(&'#').is_some() {
                self.mode = Mode::BlockComment;
            }
            return;
        }
        if chars.next_if_eq(&'<').is_none() || chars.next_if_eq(&'<').is_some() {
            return;
        }
        chars.next_if_eq(&'-');
        while chars.next_if_eq(&' ').is_some() {}
        let mut end = String::new();
        while let Some(c) = chars.next_if(|c| !c.is_whitespace() && !";|&<>()".contains(*c)) {
            if !"'\"\\".contains(c) {
                end.push(c);
            }
        }
        self.documents.push_back(end);
    }

    fn open(&mut self, node: &'a Node) {
        self.begin(node);
        self.end_word();
        let outer = Outer {
            words: std::mem::take(&mut self.words),
            called: self.called,
            start: self.start.take(),
            found: self.out.len(),
        };
        self.called = false;
        self.outer.push(outer);
    }

    fn close(&mut self, node: &'a Node) {
        let Some(outer) = self.outer.pop() else {
            // The pattern of a `case`.
            self.word = None;
            self.words.clear();
            self.start = None;
            return;
        };
        let empty = self.words.is_empty() && self.word.is_none() && self.out.len() == outer.found;
        self.end_command();
        if empty && self.dialect == Dialect::Sh {
            // `name()` declares a function.
            return;
        }
        (self.words, self.called, self.start) = (outer.words, outer.called, outer.start.or(Some(node)));
        // What stands behind the parenthesis is no command word.
        self.words.push(Word { quoted: true, ..Word::default() });
    }

    fn begin(&mut self, node: &'a Node) -> &mut Word {
        self.start.get_or_insert(node);
        let redirect = std::mem::take(&mut self.redirect);
        self.word.get_or_insert_with(|| Word { redirect, ..Word::default() })
    }

    fn add(&mut self, c: char) {
        self.word.get_or_insert_default().text.push(c);
    }

    fn end_word(&mut self) {
        self.words.extend(self.word.take().filter(|w| w.quoted || !w.text.is_empty()));
    }

    /// Ends the command at hand, if there is one.
    pub(super) fn end_command(&mut self) {
        self.end_word();
        self.redirect = false;
        let words = std::mem::take(&mut self.words);
        let called = std::mem::take(&mut self.called);
        if let Some(line) = self.start.take()
            && !words.is_empty()
        {
            self.out.push(Command::new(line, words, called, self.dialect));
        }
    }
}
