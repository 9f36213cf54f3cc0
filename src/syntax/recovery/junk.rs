//! Text that fits nowhere.

use super::Recovery;
use super::forms::may_follow;
use crate::base::{FileId, TextRange, nearest};
use crate::diag::{Applicability, Diagnostic, code};
use crate::syntax::cst::Node;
use crate::syntax::kind::SyntaxKind;
use crate::syntax::words;

/// Characters that look like one of ours, with their name and ours.
const LOOK_ALIKES: &[(char, &str, &str)] = &[
    ('“', "a typographic quote", "\""),
    ('”', "a typographic quote", "\""),
    ('„', "a typographic quote", "\""),
    ('‘', "a typographic quote", "'"),
    ('’', "a typographic quote", "'"),
    ('\u{a0}', "a no-break space", " "),
    ('\u{202f}', "a narrow no-break space", " "),
    ('\u{3000}', "an ideographic space", " "),
    ('\u{200b}', "a zero-width space", ""),
    ('\u{feff}', "a byte order mark", ""),
    ('–', "a dash", "-"),
    ('—', "a dash", "-"),
    ('−', "a minus sign", "-"),
    ('…', "an ellipsis", "..."),
    ('，', "a full-width comma", ","),
    ('；', "a full-width semicolon", ";"),
    ('＝', "a full-width equals sign", "="),
];

/// What the first token of a text is called, and its length in bytes.
pub(super) fn describe(text: &str) -> (String, usize) {
    let Some(first) = text.chars().next() else { return ("the end of the file".into(), 0) };
    if first == '\n' || text.starts_with("//") || text.starts_with("/*") || first == '#' {
        return ("the end of the line".into(), 0);
    }
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let len =
        if is_word(first) { text.find(|c| !is_word(c)).unwrap_or(text.len()) } else { first.len_utf8() };
    if matches!(first, '"' | '\'') {
        return ("a string".into(), len);
    }
    if first == '`' {
        return ("a backtick".into(), len);
    }
    if first.is_control() {
        return (format!("the control character U+{:04X}", u32::from(first)), len);
    }
    (format!("`{}`", clip(text.get(..len).unwrap_or(""))), len)
}

/// A title for what stands where it cannot, as [`describe`] calls it.
pub(super) fn unexpected(found: &str) -> String {
    format!("unexpected {}", found.strip_prefix("a ").unwrap_or(found))
}

/// The front of a long word.
fn clip(word: &str) -> String {
    let front: String = word.chars().take(40).collect();
    if front.len() < word.len() { front + "…" } else { front }
}

/// The diagnostic for a character that only looks like one of the language, where a text begins with one.
pub(super) fn look_alike(file: FileId, range: TextRange, text: &str) -> Option<Diagnostic> {
    let first = text.chars().next()?;
    let (_, name, ours) = LOOK_ALIKES.iter().find(|(c, ..)| *c == first)?;
    let line = text.lines().next().unwrap_or(text);
    let mut diagnostic = Diagnostic::new(&code::SYNTAX, range.in_file(file), format!("this is {name}"));
    let title = match *ours {
        "" => "remove it".to_string(),
        ours => format!("write `{ours}`"),
    };
    let edits = line
        .char_indices()
        .take(200)
        .filter(|(_, c)| LOOK_ALIKES.iter().any(|(l, _, o)| l == c && o == ours))
        .map(|(i, c)| {
            let start = range.start + TextRange::at(i).start;
            let end = start + TextRange::at(c.len_utf8()).start;
            crate::base::TextEdit { range: TextRange { start, end }, text: (*ours).to_string() }
        })
        .collect();
    let applicability = Applicability::Unsafe;
    diagnostic = diagnostic.help(title.clone());
    diagnostic.fixes.push(crate::diag::Fix { title, file, edits, applicability });
    Some(diagnostic)
}

impl<'a> Recovery<'a> {
    pub(super) fn junk(&mut self, node: Node<'a>) {
        let range = node.range();
        if self.closed_at.is_some_and(|at| at <= range.start && self.is_gap(at, range.start)) {
            return;
        }
        let text = self.between(range.start, range.end);
        // What closes a bracket that was given up before was already missed there.
        let closes = text.chars().next().and_then(|c| self.awaited.iter().rposition(|a| *a == c));
        if let Some(at) = closes {
            self.awaited.remove(at);
            return;
        }
        let before = node.prev_sibling().filter(|p| self.same_line(p.range().end, range.start));
        let diagnostic = look_alike(self.file, self.first_of(range), text)
            .or_else(|| before.and_then(|b| self.after_statement(b, range, text)))
            .unwrap_or_else(|| self.alone(node, range, text));
        match before.filter(|b| b.kind().is_statement()) {
            Some(before) => self.push_behind(before, node, range, diagnostic),
            None => self.push(node, range, diagnostic),
        }
    }

    /// The first character of a range.
    fn first_of(&self, range: TextRange) -> TextRange {
        let len = self.rest(range.start).chars().next().map_or(0, char::len_utf8);
        TextRange { start: range.start, end: range.start + TextRange::at(len).start }
    }

    /// Text after a statement on its line.
    fn after_statement(&self, before: Node<'a>, range: TextRange, text: &str) -> Option<Diagnostic> {
        if !before.kind().is_statement() {
            return None;
        }
        if let Some(diagnostic) = self.slip_of_keyword(before) {
            return Some(diagnostic);
        }
        if let Some(diagnostic) = self.quote_in_string(before, range.start) {
            return Some(diagnostic);
        }
        let (found, len) = describe(text);
        let place = TextRange { start: range.start, end: range.start + TextRange::at(len).start };
        let owner = before.parts().last().map_or(before.kind(), Node::kind);
        Some(
            Diagnostic::new(&code::SYNTAX, self.span(place), unexpected(&found))
                .here(format!("expected {}", may_follow(owner))),
        )
    }

    /// `'don't'`, `"say "no""`: what follows a string without a space was meant to stand in it.
    pub(super) fn quote_in_string(&self, before: Node<'a>, at: u32) -> Option<Diagnostic> {
        let last = std::iter::successors(Some(before), |n| n.parts().last()).last()?;
        if last.range().end != at {
            return None;
        }
        let (title, help) = match last.kind() {
            SyntaxKind::Quote => {
                ("a raw string `'…'` cannot hold a `'`", "write `'''…'''`, or `\"…\"` with its escapes")
            }
            SyntaxKind::DQuote => ("a `\"` ends a string", "write `\\\"` for a quote in it"),
            _ => return None,
        };
        let diagnostic = Diagnostic::new(&code::UNTERMINATED_STRING, self.span(last.range()), title);
        Some(diagnostic.here("the string ends here").help(help))
    }

    /// `recpie x(…)`: the first word is near a keyword, and nothing else can explain what follows.
    pub(super) fn slip_of_keyword(&self, statement: Node<'a>) -> Option<Diagnostic> {
        let top = statement.parent().is_some_and(|p| p.kind() == SyntaxKind::File);
        let word = statement.parts().next().filter(|n| n.kind() == SyntaxKind::Ident)?;
        let written = self.between(word.range().start, word.range().end);
        if !top || statement.kind() != SyntaxKind::Entry {
            return None;
        }
        let meant =
            words::foreign(written).or_else(|| nearest(written, words::DECLARATIONS.iter().copied()))?;
        Some(self.foreign_word(word.range(), written, meant))
    }

    /// A word of another language, or a slip in one of ours.
    pub(super) fn foreign_word(&self, range: TextRange, written: &str, meant: &str) -> Diagnostic {
        let diagnostic =
            Diagnostic::new(&code::FOREIGN_WORD, self.span(range), format!("unknown word `{written}`"));
        // What stands behind another language's word for it is no path of ours.
        if meant == "import" && words::foreign(written).is_some() {
            return diagnostic.help("files of aib are read with `import \"./file.aib\" as name`");
        }
        diagnostic.did_you_mean(meant, self.span(range), meant)
    }

    /// Text that begins a line, or stands among elements.
    fn alone(&self, node: Node<'a>, range: TextRange, text: &str) -> Diagnostic {
        let (found, len) = describe(text);
        let place = TextRange { start: range.start, end: range.start + TextRange::at(len).start };
        let first = text.chars().next().unwrap_or(' ');
        let new = |title: String| Diagnostic::new(&code::SYNTAX, self.span(place), title);
        let in_brackets = node.kind() != SyntaxKind::Junk;
        match first {
            ')' | ']' if !in_brackets => {
                new(format!("{found} closes nothing")).help("remove it, or open it before")
            }
            '-' if !in_brackets && text.starts_with("- ") => {
                new(unexpected(&found)).help("lists are written `[a, b]`")
            }
            '+' | '-' | '*' | '/' | '%' | '&' | '|' | '<' | '>' | '!' if !in_brackets => new(format!(
                "a line cannot begin with {found}"
            ))
            .help("an operator stands at the end of the line before, or the expression in parentheses"),
            c if c.is_alphabetic() && !c.is_ascii() => new(format!("{found} is no name"))
                .note("names consist of the letters a to z and A to Z, digits and `_`")
                .help("other characters can stand in strings"),
            '0'..='9' if !in_brackets => new(unexpected(&found)).help("a property is written `name = value`"),
            _ if node.kind() == SyntaxKind::JunkInterpolation => {
                new(unexpected(&found)).here("expected an operator or `}`")
            }
            _ => new(unexpected(&found)),
        }
    }
}
