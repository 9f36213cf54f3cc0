//! A linear look at the brackets before the grammar runs: how deep they nest, and whether they pair up.
//!
//! It reads strings and comments as the grammar does, each `${ }` being one level. What nests in the grammar without
//! a bracket of its own (`? :` and the `<` of types) counts while it is open on its line or in its value.

/// How deep brackets may nest. Recursion in every pass is bounded by it; here 128 blocks in one another take about a
/// quarter of a 2 MiB stack in a debug build.
pub const MAX_DEPTH: usize = 128;

/// What the brackets of a text look like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Scan {
    /// Whether each closer met its opener and none is left open.
    pub(super) balanced: bool,
    /// Where the nesting first exceeds [`MAX_DEPTH`].
    pub(super) too_deep: Option<usize>,
}

/// What is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Brace,
    Paren,
    Bracket,
    /// `${` in `"…"`
    LineInterp,
    /// `${` in `"""…"""`
    BlockInterp,
    /// `?` that waits for `:`.
    Soft,
    /// `<`, which never waits for a `>` on another line.
    Angle,
}

impl Open {
    /// Whether it is left open without anything being wrong: `<` may be an operator, `?` may end a type.
    fn is_soft(self) -> bool {
        matches!(self, Self::Soft | Self::Angle)
    }
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    open: Vec<Open>,
    balanced: bool,
    too_deep: Option<usize>,
}

/// Looks at the brackets of a text.
pub(super) fn scan(text: &str) -> Scan {
    let mut scanner =
        Scanner { bytes: text.as_bytes(), at: 0, open: Vec::new(), balanced: true, too_deep: None };
    scanner.run();
    scanner.drop_soft();
    Scan { balanced: scanner.balanced && scanner.open.is_empty(), too_deep: scanner.too_deep }
}

impl Scanner<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn starts(&self, with: &[u8]) -> bool {
        self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(with))
    }

    fn run(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            if self.too_deep.is_some() {
                return;
            }
            match byte {
                b'"' => self.double_quote(),
                b'\'' => self.single_quote(),
                b'#' => self.skip_line(),
                b'/' if self.peek(1) == b'/' => self.skip_line(),
                b'/' if self.peek(1) == b'*' => self.skip_past(2, b"*/"),
                b'{' => self.push(Open::Brace),
                b'(' => self.push(Open::Paren),
                b'[' => self.push(Open::Bracket),
                b')' => self.close(Open::Paren),
                b']' => self.close(Open::Bracket),
                b'}' => self.close_brace(),
                b'?' if matches!(self.peek(1), b'?' | b'.') => self.at += 2,
                b'?' => self.push(Open::Soft),
                b'<' => self.push(Open::Angle),
                b'>' | b':' => self.pop_soft(),
                b',' | b';' | b'=' => {
                    self.drop_soft();
                    self.at += 1;
                }
                b'\n' => self.line_break(),
                _ => self.at += 1,
            }
        }
    }

    fn push(&mut self, open: Open) {
        self.open.push(open);
        if self.open.len() > MAX_DEPTH {
            self.too_deep = Some(self.at);
        }
        self.at += 1;
    }

    fn drop_soft(&mut self) {
        while self.open.pop_if(|open| open.is_soft()).is_some() {}
    }

    fn pop_soft(&mut self) {
        self.open.pop_if(|open| open.is_soft());
        self.at += 1;
    }

    fn close(&mut self, what: Open) {
        self.drop_soft();
        self.at += 1;
        if self.open.last() == Some(&what) {
            self.open.pop();
            return;
        }
        self.balanced = false;
        let inner = self.open.iter().rev().take_while(|o| **o != Open::Brace);
        if let Some(up) = inner.enumerate().find(|(_, o)| **o == what).map(|(i, _)| i) {
            self.open.truncate(self.open.len().saturating_sub(up + 1));
        }
    }

    /// `}` closes the nearest brace or interpolation, whatever stands open inside.
    fn close_brace(&mut self) {
        self.drop_soft();
        self.at += 1;
        while let Some(open) = self.open.pop() {
            match open {
                Open::Brace => return,
                Open::LineInterp => return self.line_string(),
                Open::BlockInterp => return self.block_string(),
                Open::Paren | Open::Bracket => self.balanced = false,
                Open::Soft | Open::Angle => {}
            }
        }
        self.balanced = false;
    }

    /// A `"…"` ends with its line, and what is interpolated in it.
    fn line_break(&mut self) {
        self.at += 1;
        while self.open.pop_if(|open| *open == Open::Angle).is_some() {}
        while matches!(self.open.last(), Some(Open::LineInterp)) {
            self.open.pop();
            self.balanced = false;
        }
    }

    fn skip_line(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or(&[]);
        self.at += rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
    }

    fn skip_past(&mut self, opener: usize, closer: &[u8]) {
        self.at += opener;
        while self.at < self.bytes.len() && !self.starts(closer) {
            self.at += 1;
        }
        self.at += closer.len();
    }

    fn single_quote(&mut self) {
        if self.starts(b"'''") {
            return self.skip_past(3, b"'''");
        }
        self.at += 1;
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'\n' => return,
                b'\'' => {
                    self.at += 1;
                    return;
                }
                _ => self.at += 1,
            }
        }
    }

    fn double_quote(&mut self) {
        if self.starts(b"\"\"\"") {
            self.at += 3;
            self.block_string();
        } else {
            self.at += 1;
            self.line_string();
        }
    }

    /// Steps over what only a shell expands, as the rule `wrong_expansion` reads it.
    fn skip_expansion(&mut self) -> bool {
        let rest = self.bytes.get(self.at + 2..).unwrap_or(&[]);
        let len = expansion(rest);
        self.at += len.map_or(0, |len| len + 2);
        len.is_some()
    }

    fn line_string(&mut self) {
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'\n' => return,
                b'"' => {
                    self.at += 1;
                    return;
                }
                b'\\' if self.peek(1) != b'\n' => self.at += 2,
                b'$' if self.peek(1) == b'{' => {
                    if !self.skip_expansion() {
                        self.at += 1;
                        return self.push(Open::LineInterp);
                    }
                }
                _ => self.at += 1,
            }
        }
    }

    fn block_string(&mut self) {
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'"' if self.starts(b"\"\"\"") => {
                    self.at += 3;
                    return;
                }
                b'\\' => self.at += 2,
                b'$' if self.peek(1) == b'{' => {
                    if !self.skip_expansion() {
                        self.at += 1;
                        return self.push(Open::BlockInterp);
                    }
                }
                _ => self.at += 1,
            }
        }
    }
}

/// How long an expansion of the shell is whose `${` stands before `text`.
fn expansion(text: &[u8]) -> Option<usize> {
    let word = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    let head = match text {
        [b'@' | b'*' | b'?' | b'$' | b'-' | b'!', b'}', ..] => 1,
        [b'#', ..] => 1,
        _ => {
            let start = usize::from(text.first() == Some(&b'!'));
            let name = text.get(start..)?;
            let len = name.iter().take_while(|b| word(b)).count();
            if len == 0 || name.first().is_some_and(u8::is_ascii_digit) {
                return None;
            }
            start + len + operator(name.get(len..)?)?
        }
    };
    let mut at = head;
    let mut inner = false;
    loop {
        match text.get(at..)? {
            [b'}', ..] if !inner => return Some(at + 1),
            [b'}', ..] => inner = false,
            [] | [b'"' | b'\n', ..] | [b'\r', b'\n', ..] => return None,
            [b'$', b'{', ..] => inner = true,
            _ => {}
        }
        at += 1;
    }
}

/// How long an index and the operator behind it are, if ours has none of that form.
fn operator(text: &[u8]) -> Option<usize> {
    if let [b'[', b'@' | b'*', b']', ..] = text {
        return Some(3);
    }
    let mut at = 0;
    if text.first() == Some(&b'[') {
        let inside = text.get(1..)?;
        let len = inside.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$')).count();
        if inside.get(len) != Some(&b']') {
            return None;
        }
        at = len + 2;
    }
    match text.get(at..)? {
        [b':' | b'#' | b'^' | b',' | b'@', ..] => Some(at + 1),
        [b'/', b'/' | b'#' | b'%', ..] => Some(at + 2),
        [b'=', b'=' | b'>' | b' ', ..] => None,
        [b'=', ..] => Some(at + 1),
        [b'%', next, ..] if b"%*./?:,@#=\\}".contains(next) => Some(at + 1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_DEPTH, scan};

    #[test]
    fn brackets_in_strings_and_comments_do_not_count() {
        for text in ["a = \"}\" // {", "a = '''\n{ ( '''", "a = \"\"\"\n ${ {} } } \"\"\" /* { */", "a = '{'"]
        {
            assert!(scan(text).balanced, "{text}");
        }
        for text in ["a {", "a }", "a = (]", "a = \"${\n", "a = [)"] {
            assert!(!scan(text).balanced, "{text}");
        }
    }

    #[test]
    fn what_a_shell_expands_hides_nothing() {
        for text in
            ["#a", "y//a/b", "y/#a", "x%.*", "x%%.*", "x##*/", "a[@]", "#a[*]", "a:-${b}", "@", "!a[@]"]
        {
            assert!(scan(&format!("a = \"{{${{{text}}}\" {{ }}")).balanced, "{text}");
        }
        for text in ["a % b", "a / b", "{a = 1}.a", "a ? b : c", "a == b", "a[0]"] {
            assert!(scan(&format!("a = \"${{{text}}}\" {{ }}")).balanced, "{text}");
            assert_eq!(super::expansion(format!("{text}}}").as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn what_is_less_on_one_line_does_not_count_on_the_next() {
        let text = "assert a < b\n".repeat(MAX_DEPTH + 1);
        assert_eq!(scan(&text).too_deep, None);
    }

    #[test]
    fn the_limit_counts_every_way_to_nest() {
        for (open, close) in [("(", ")"), ("{", "}"), ("\"${", "}\""), ("a ? ", " : b"), ("list<", ">")] {
            let nest = |n: usize| format!("{}x{}", open.repeat(n), close.repeat(n));
            assert_eq!(scan(&nest(MAX_DEPTH)).too_deep, None, "{open}");
            assert!(scan(&nest(MAX_DEPTH + 1)).too_deep.is_some(), "{open}");
        }
    }
}
