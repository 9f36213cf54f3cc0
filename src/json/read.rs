//! The reader: text to tree, in one pass.

use std::collections::HashMap;

use super::errors::{self, Broken};
use super::model::{Comment, Comments, Data, Document, Key, Member, Object, Value};
use super::text;
use crate::base::{BYTE_ORDER_MARK, FileId, Span, TextRange};
use crate::diag::Diagnostic;

/// The most bytes that are read.
pub const MAX_BYTES: usize = 64_000_000;
/// The most values that are read, keys not counted.
pub const MAX_VALUES: usize = 1_000_000;
/// The most brackets within brackets.
pub const MAX_DEPTH: usize = 256;

/// The most findings that are kept of a file that could be read.
const MAX_FINDINGS: usize = 100;

/// Reads a text; `file` is what the spans of its findings name.
///
/// # Errors
///
/// A text that is no JSON, even in the wide sense of this room, or that exceeds its limits, gives what is wrong.
pub fn read(file: FileId, text: &str) -> Result<Document, Vec<Diagnostic>> {
    if text.len() > MAX_BYTES {
        return Err(vec![errors::too_large(file, MAX_BYTES)]);
    }
    let at = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 };
    let mut reader =
        Reader { file, text, bytes: text.as_bytes(), at, depth: 0, values: 0, findings: Vec::new() };
    match reader.document() {
        Ok(root) => Ok(Document { root, findings: reader.findings }),
        Err(broken) => {
            reader.findings.push(*broken);
            Err(reader.findings)
        }
    }
}

struct Reader<'a> {
    file: FileId,
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    depth: usize,
    values: usize,
    findings: Vec<Diagnostic>,
}

/// A comment, and whether it is alone on its line so far.
struct Found {
    comment: Comment,
    own_line: bool,
}

/// The comments at something that is being read.
type Pending = Vec<Comment>;

impl Reader<'_> {
    fn span(&self, start: usize, end: usize) -> Span {
        TextRange::new(start, end).in_file(self.file)
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn document(&mut self) -> Result<Value, Broken> {
        let before = self.comments()?;
        if self.peek().is_none() {
            return Err(errors::empty(self.span(0, 0)).into());
        }
        let mut root = self.value()?;
        let after = self.comments()?;
        if self.peek().is_some() {
            let (span, found) = self.word();
            return Err(errors::more_than_one(span, root.range.in_file(self.file), &found).into());
        }
        attach(&mut root, before, after);
        Ok(root)
    }

    /// Skips white space and comments.
    fn trivia(&mut self) -> Result<Vec<Found>, Broken> {
        let mut out = Vec::new();
        let mut own_line = false;
        loop {
            match self.peek() {
                Some(b'\n') => {
                    own_line = true;
                    self.at += 1;
                }
                Some(b' ' | b'\t' | b'\r') => self.at += 1,
                Some(b'/') => match self.comment()? {
                    Some(comment) => out.push(Found { comment, own_line }),
                    None => return Ok(out),
                },
                _ => return Ok(out),
            }
        }
    }

    /// Skips white space and comments where it does not matter on which line they stand.
    fn comments(&mut self) -> Result<Pending, Broken> {
        Ok(self.trivia()?.into_iter().map(|found| found.comment).collect())
    }

    fn comment(&mut self) -> Result<Option<Comment>, Broken> {
        let start = self.at;
        let rest = self.text.get(start..).unwrap_or("");
        let (inner, length) = if let Some(line) = rest.strip_prefix("//") {
            let inner = line.split(['\n', '\r']).next().unwrap_or("");
            (inner, 2 + inner.len())
        } else if let Some(block) = rest.strip_prefix("/*") {
            let Some((inner, _)) = block.split_once("*/") else {
                return Err(errors::unclosed_comment(self.span(start, start + 2)).into());
            };
            (inner, 4 + inner.len())
        } else {
            return Ok(None);
        };
        self.at = start + length;
        let kept = rest.get(..length).map_or(length, |t| t.trim_end().len());
        Ok(Some(Comment { range: TextRange::new(start, start + kept), text: inner.trim().into() }))
    }

    fn value(&mut self) -> Result<Value, Broken> {
        let start = self.at;
        self.values += 1;
        if self.values > MAX_VALUES {
            return Err(errors::too_many(self.span(start, start + 1), MAX_VALUES).into());
        }
        let mut inside = Vec::new();
        let data = match self.peek() {
            Some(b'"') => Data::Text(self.string()?),
            Some(open @ (b'{' | b'[')) => {
                self.depth += 1;
                if self.depth > MAX_DEPTH {
                    return Err(errors::too_deep(self.span(start, start + 1), MAX_DEPTH).into());
                }
                self.at += 1;
                let (data, comments) = if open == b'{' { self.object(start)? } else { self.list(start)? };
                self.depth -= 1;
                inside = comments;
                data
            }
            Some(b'<') => self.placeholder()?,
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => self.bare_word()?,
        };
        let range = TextRange::new(start, self.at);
        let comments = (!inside.is_empty()).then(|| Box::new(Comments { inside, ..Comments::default() }));
        Ok(Value { range, data, comments })
    }

    fn string(&mut self) -> Result<Box<str>, Broken> {
        let (meant, end) = text::string(self.file, self.text, self.at)?;
        self.at = end;
        Ok(meant)
    }

    fn number(&mut self) -> Result<Data, Broken> {
        let (span, word) = self.word();
        if !text::is_number(&word) {
            return Err(errors::bad_number(span, &word).into());
        }
        self.at += word.len();
        Ok(Data::Number(word.into()))
    }

    fn bare_word(&mut self) -> Result<Data, Broken> {
        let (span, word) = self.word();
        let data = match word.as_str() {
            "null" => Data::Null,
            "true" => Data::Bool(true),
            "false" => Data::Bool(false),
            _ => return Err(errors::expected_value(span, &word).into()),
        };
        self.at += word.len();
        Ok(data)
    }

    /// `<…>` on one line, without quotes or brackets in it.
    fn placeholder(&mut self) -> Result<Data, Broken> {
        let rest = self.text.get(self.at + 1..).unwrap_or("");
        let stop = rest.find(['<', '>', '"', '\n', '{', '}', '[', ']']);
        let Some(length) = stop.filter(|&i| i > 0 && i < 200 && rest.as_bytes().get(i) == Some(&b'>')) else {
            let (span, found) = self.word();
            return Err(errors::expected_value(span, &found).into());
        };
        let end = self.at + length + 2;
        let written = self.text.get(self.at..end).unwrap_or("");
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(errors::unquoted_placeholder(self.span(self.at, end), written));
        }
        self.at = end;
        Ok(Data::Placeholder(written.into()))
    }

    /// What stands here, for messages: a run of letters and digits, or one character; empty at the end.
    fn word(&self) -> (Span, String) {
        let rest = self.text.get(self.at..).unwrap_or("");
        let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '+');
        let mut word: String = rest.chars().take_while(|&c| is_word(c)).take(200).collect();
        if word.is_empty() {
            word = rest.chars().take(1).collect();
        }
        (self.span(self.at, self.at + word.len()), word)
    }

    fn list(&mut self, start: usize) -> Result<(Data, Pending), Broken> {
        let mut items: Vec<Value> = Vec::new();
        let mut before = self.comments()?;
        loop {
            if self.peek() == Some(b']') {
                self.at += 1;
                return Ok((Data::List(items), before));
            }
            if self.peek().is_none() {
                return Err(self.unclosed(start, ']').into());
            }
            let mut item = self.value()?;
            let (after, next, more) = self.separator(start, ']', &item)?;
            attach(&mut item, before, after);
            items.push(item);
            before = next;
            if !more {
                return Ok((Data::List(items), before));
            }
        }
    }

    fn object(&mut self, start: usize) -> Result<(Data, Pending), Broken> {
        let mut members: Vec<Member> = Vec::new();
        let mut before = self.comments()?;
        loop {
            if self.peek() == Some(b'}') {
                self.at += 1;
                return Ok((self.finished(members), before));
            }
            if self.peek().is_none() {
                return Err(self.unclosed(start, '}').into());
            }
            let key = self.key()?;
            before.extend(self.comments()?);
            if self.peek() != Some(b':') {
                let (span, found) = self.word();
                return Err(errors::expected_colon(span, &key.text, &found).into());
            }
            self.at += 1;
            before.extend(self.comments()?);
            let mut value = self.value()?;
            let (after, next, more) = self.separator(start, '}', &value)?;
            attach(&mut value, before, after);
            members.push(Member { key, value });
            before = next;
            if !more {
                return Ok((self.finished(members), before));
            }
        }
    }

    fn key(&mut self) -> Result<Key, Broken> {
        let start = self.at;
        if self.peek() != Some(b'"') {
            let (span, found) = self.word();
            return Err(errors::expected_key(span, &found).into());
        }
        let text = self.string()?;
        Ok(Key { range: TextRange::new(start, self.at), text })
    }

    /// Reads the comma behind an element, or the closing bracket. Returns the comments that belong to the element,
    /// those that belong to what follows, and whether something may follow.
    fn separator(
        &mut self,
        start: usize,
        close: char,
        last: &Value,
    ) -> Result<(Pending, Pending, bool), Broken> {
        let mut after = Vec::new();
        let mut next = Vec::new();
        let split = |found: Vec<Found>, after: &mut Pending, next: &mut Pending| {
            for Found { comment, own_line } in found {
                if own_line { next.push(comment) } else { after.push(comment) }
            }
        };
        split(self.trivia()?, &mut after, &mut next);
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                split(self.trivia()?, &mut after, &mut next);
                Ok((after, next, true))
            }
            Some(b) if char::from(b) == close => {
                self.at += 1;
                Ok((after, next, false))
            }
            None => Err(self.unclosed(start, close).into()),
            Some(_) => {
                let (span, found) = self.word();
                let opener = self.span(start, start + 1);
                let written = self.text.get(last.range.to_usize()).unwrap_or("");
                let broken_string = written.starts_with('"') && written.contains('\n');
                let last = broken_string.then(|| {
                    let line = written.lines().next().map_or(1, str::len);
                    self.span(last.range.start as usize, last.range.start as usize + line)
                });
                Err(errors::expected_comma(span, opener, close, &found, last).into())
            }
        }
    }

    fn unclosed(&self, start: usize, close: char) -> Diagnostic {
        errors::unclosed(self.span(self.at, self.at), self.span(start, start + 1), close)
    }

    /// The object of these members; reports keys that stand twice.
    fn finished(&mut self, members: Vec<Member>) -> Data {
        let mut seen: HashMap<&str, TextRange> = HashMap::with_capacity(members.len());
        for member in &members {
            if let Some(first) = seen.insert(&member.key.text, member.key.range)
                && self.findings.len() < MAX_FINDINGS
            {
                let (span, first) = (member.key.range.in_file(self.file), first.in_file(self.file));
                self.findings.push(errors::duplicate_key(span, first, &member.key.text));
            }
        }
        Data::Object(Object { members })
    }
}

/// Gives a value the comments that were found around it.
fn attach(value: &mut Value, before: Pending, after: Pending) {
    if before.is_empty() && after.is_empty() {
        return;
    }
    let comments = value.comments.get_or_insert_default();
    comments.before = before;
    comments.after = after;
}
