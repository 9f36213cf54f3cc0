//! Text to [`Expr`].

use std::fmt;

use super::cursor::Cursor;
use super::expr::Expr;

/// How deep an expression may nest. Hand-written templates stay below 20.
pub const MAX_DEPTH: usize = 128;

/// Why a text is not an expression.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ParseError {
    /// The byte offset in the text that was given.
    pub offset: usize,
    /// What is wrong there, in one lower-case line.
    pub message: String,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ParseError {}

/// What a JSON string of a template says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TemplateString {
    /// A plain string, its escape for a leading bracket undone.
    Literal(String),
    /// An expression.
    Expr(Expr),
}

/// Reads a JSON string value (or key) of a template: `[expr]` is an expression, `[[x]` the text `[x]`, all else
/// itself. The offset of an error counts from the start of `text`.
pub fn parse_template_string(text: &str) -> Result<TemplateString, ParseError> {
    let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) else {
        return Ok(TemplateString::Literal(text.to_owned()));
    };
    if inner.starts_with('[') {
        return Ok(TemplateString::Literal(format!("{inner}]")));
    }
    parse(inner).map(TemplateString::Expr).map_err(|error| ParseError { offset: error.offset + 1, ..error })
}

/// Reads the text between the brackets of a template expression.
pub fn parse(text: &str) -> Result<Expr, ParseError> {
    let mut parser = Parser { cursor: Cursor::new(text) };
    let (expr, _) = parser.expr(0)?;
    parser.cursor.skip_white();
    match parser.cursor.peek() {
        None => Ok(expr),
        Some(_) => Err(parser.unexpected("the end of the expression")),
    }
}

/// Whether a member of this name can be written behind a dot.
pub fn is_identifier(text: &str) -> bool {
    text.starts_with(starts_identifier) && text.chars().all(continues_identifier)
}

fn starts_identifier(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_'
}

fn continues_identifier(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// An expression and how deep it nests.
type Sized = (Expr, usize);

struct Parser<'a> {
    cursor: Cursor<'a>,
}

impl Parser<'_> {
    /// `level` bounds the recursion on the way down; the depth that comes back bounds chains like `a().b.b.b`, which
    /// need no recursion to read but nest all the same.
    fn expr(&mut self, level: usize) -> Result<Sized, ParseError> {
        self.bounded(level)?;
        self.cursor.skip_white();
        let mut expr = match self.cursor.peek() {
            Some('\'') => (Expr::str(self.string()?), 1),
            Some('-' | '0'..='9') => (Expr::Int(self.number()?), 1),
            Some(c) if starts_identifier(c) => self.call(level)?,
            _ => return Err(self.unexpected("an expression")),
        };
        loop {
            self.cursor.skip_white();
            expr = match self.cursor.peek() {
                Some('.') => self.member(expr)?,
                Some('[') => self.index(expr, level)?,
                _ => return Ok(expr),
            };
        }
    }

    fn string(&mut self) -> Result<String, ParseError> {
        let start = self.cursor.offset();
        self.cursor.bump();
        let mut out = String::new();
        loop {
            out.push_str(self.cursor.take_while(|c| c != '\''));
            if !self.cursor.eat('\'') {
                return Err(error(start, "this string has no closing `'`"));
            }
            if !self.cursor.eat('\'') {
                return Ok(out);
            }
            out.push('\'');
        }
    }

    fn number(&mut self) -> Result<i64, ParseError> {
        let start = self.cursor.offset();
        let sign = if self.cursor.eat('-') { "-" } else { "" };
        let digits = self.cursor.take_while(|c| c.is_ascii_digit());
        if digits.is_empty() {
            return Err(self.unexpected("a digit"));
        }
        if self
            .cursor
            .rest()
            .strip_prefix('.')
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        {
            return Err(error(
                start,
                "a number in an expression is whole: write `json('1.5')` for a fraction",
            ));
        }
        format!("{sign}{digits}").parse().map_err(|_| error(start, "this number does not fit in 64 bits"))
    }

    fn call(&mut self, level: usize) -> Result<Sized, ParseError> {
        let start = self.cursor.offset();
        let mut name = self.identifier()?.to_owned();
        self.cursor.skip_white();
        if self.cursor.eat('.') {
            name.push('.');
            name.push_str(self.identifier()?);
            self.cursor.skip_white();
        }
        if !self.cursor.eat('(') {
            let message = match ["true", "false", "null"].iter().find(|word| name.eq_ignore_ascii_case(word))
            {
                Some(word) => format!("`{name}` is a function here: write `{word}()`"),
                None => format!("`{name}` is no call: a function wants `(`, a string stands in `'`"),
            };
            return Err(error(start, message));
        }
        let mut args = Vec::new();
        let mut depth = 0;
        self.cursor.skip_white();
        if !self.cursor.eat(')') {
            loop {
                let (arg, arg_depth) = self.expr(level + 1)?;
                args.push(arg);
                depth = depth.max(arg_depth);
                self.cursor.skip_white();
                if self.cursor.eat(')') {
                    break;
                }
                if !self.cursor.eat(',') {
                    return Err(self.unexpected("`,` or `)`"));
                }
            }
        }
        self.sized(safe_access(name, args), depth)
    }

    fn member(&mut self, (base, depth): Sized) -> Result<Sized, ParseError> {
        self.cursor.bump();
        let safe = self.cursor.eat('?');
        self.cursor.skip_white();
        let name = self.identifier()?.into();
        self.sized(Expr::Member { base: Box::new(base), name, safe }, depth)
    }

    fn index(&mut self, (base, depth): Sized, level: usize) -> Result<Sized, ParseError> {
        self.cursor.bump();
        let safe = self.cursor.eat('?');
        let (index, index_depth) = self.expr(level + 1)?;
        self.cursor.skip_white();
        if !self.cursor.eat(']') {
            return Err(self.unexpected("`]`"));
        }
        self.sized(Expr::Index { base: Box::new(base), index: Box::new(index), safe }, depth.max(index_depth))
    }

    fn identifier(&mut self) -> Result<&str, ParseError> {
        if !self.cursor.peek().is_some_and(starts_identifier) {
            return Err(self.unexpected("a name"));
        }
        Ok(self.cursor.take_while(continues_identifier))
    }

    fn sized(&self, expr: Expr, depth: usize) -> Result<Sized, ParseError> {
        self.bounded(depth)?;
        Ok((expr, depth + 1))
    }

    fn bounded(&self, depth: usize) -> Result<(), ParseError> {
        if depth < MAX_DEPTH {
            return Ok(());
        }
        Err(error(self.cursor.offset(), format!("the expression nests more than {MAX_DEPTH} levels deep")))
    }

    fn unexpected(&self, wanted: &str) -> ParseError {
        let found = match self.cursor.peek() {
            Some(c) => format!("`{c}`"),
            None => "the end".to_owned(),
        };
        error(self.cursor.offset(), format!("expected {wanted}, found {found}"))
    }
}

/// Reads `tryGet(base, key)` as the safe access it is; with more keys it has no shorter form and stays a call.
fn safe_access(name: String, mut args: Vec<Expr>) -> Expr {
    if args.len() != 2 || !name.eq_ignore_ascii_case("tryGet") {
        return Expr::call(name, args);
    }
    match (args.pop(), args.pop()) {
        (Some(Expr::Str(key)), Some(base)) if is_identifier(&key) => {
            Expr::Member { base: Box::new(base), name: key, safe: true }
        }
        (Some(key), Some(base)) => Expr::Index { base: Box::new(base), index: Box::new(key), safe: true },
        (key, base) => Expr::call(name, base.into_iter().chain(key).collect()),
    }
}

fn error(offset: usize, message: impl Into<String>) -> ParseError {
    ParseError { offset, message: message.into() }
}

#[cfg(test)]
mod tests {
    use super::{parse, parse_template_string};
    use crate::arm::{Expr, print};

    fn message(text: &str) -> String {
        let error = parse(text).expect_err(text);
        format!("{}: {}", error.offset, error)
    }

    #[test]
    fn errors_say_where_and_what() {
        assert_eq!(message(""), "0: expected an expression, found the end");
        assert_eq!(message("concat('a',)"), "11: expected an expression, found `)`");
        assert_eq!(message("concat('a' 'b')"), "11: expected `,` or `)`, found `'`");
        assert_eq!(message("concat('a"), "7: this string has no closing `'`");
        assert_eq!(message("foo"), "0: `foo` is no call: a function wants `(`, a string stands in `'`");
        assert_eq!(message("if(true)"), "3: `true` is a function here: write `true()`");
        assert_eq!(message("f() x"), "4: expected the end of the expression, found `x`");
        assert_eq!(message("f().5"), "4: expected a name, found `5`");
        assert_eq!(message("f()[0"), "5: expected `]`, found the end");
        assert_eq!(
            message("1.5"),
            "0: a number in an expression is whole: write `json('1.5')` for a fraction"
        );
        assert_eq!(message("99999999999999999999"), "0: this number does not fit in 64 bits");
        assert_eq!(parse_template_string("[f(]").unwrap_err().offset, 3);
        assert_eq!(parse_template_string("[]").unwrap_err().offset, 1);
    }

    #[test]
    fn depth_is_bounded_in_every_direction() {
        for (open, close) in [("f(", ")"), ("f()[", "]")] {
            let nested = |depth: usize| format!("{}1{}", open.repeat(depth), close.repeat(depth));
            assert!(parse(&nested(120)).is_ok());
            for depth in [130, 100_000] {
                assert!(parse(&nested(depth)).unwrap_err().message.contains("128 levels"));
            }
        }
        assert!(parse(&format!("f(){}", ".a".repeat(100))).is_ok());
        assert!(parse(&format!("f(){}", ".a".repeat(100_000))).is_err());
        assert!(parse(&"f(".repeat(100_000)).is_err());
    }

    /// A small xorshift generator, seeded, so that a failure repeats.
    struct Random(u64);

    impl Random {
        fn below(&mut self, limit: u64) -> u64 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            self.0 % limit
        }

        fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
            let index = self.below(from.len() as u64);
            from[index as usize]
        }

        fn expr(&mut self, depth: u32) -> Expr {
            let names = ["concat", "a.b", "_x", "resourceId", "Parameters", "tryGet", "list9"];
            let strings = ["", "it's", "'", "''", "[x]", "{0}", "é\n\"\\", "a b", "name"];
            match self.below(if depth == 0 { 4 } else { 8 }) {
                0 => Expr::str(self.pick(&strings)),
                1 => Expr::Int((self.below(u64::MAX) as i64).wrapping_sub(5)),
                2 => Expr::Bool(self.below(2) == 0),
                3 => Expr::Null,
                4 | 5 => {
                    let name = self.pick(&names);
                    let mut args: Vec<_> = (0..self.below(4)).map(|_| self.expr(depth - 1)).collect();
                    if name == "tryGet" && args.len() == 2 {
                        args.push(Expr::Null);
                    }
                    Expr::call(name, args)
                }
                6 => {
                    let (base, name) =
                        (Box::new(self.expr(depth - 1)), self.pick(&["a", "_b9", "Name"]).into());
                    Expr::Member { base, name, safe: self.below(3) == 0 }
                }
                _ => {
                    let (base, index) = (Box::new(self.expr(depth - 1)), Box::new(self.expr(depth - 1)));
                    let plain = !matches!(&*index, Expr::Str(key) if super::is_identifier(key));
                    Expr::Index { base, index, safe: plain && self.below(3) == 0 }
                }
            }
        }
    }

    #[test]
    fn what_is_printed_reads_back() {
        let mut random = Random(0x5EED_CAFE);
        for _ in 0..5_000 {
            let expr = random.expr(6);
            let text = print(&expr, &|_| None);
            assert_eq!(parse(&text).as_ref(), Ok(&expr), "{text}");
            let _ = crate::arm::fold(&expr);
        }
    }

    #[test]
    fn any_text_is_read_or_refused() {
        let mut random = Random(77);
        let pieces =
            ["f(", ")", "'", "''", "[", "]", ".", ".?", ",", " ", "-", "12", "a", "é", "{", "tryGet('a',"];
        for _ in 0..20_000 {
            let text: String = (0..random.below(20)).map(|_| random.pick(&pieces)).collect();
            match parse(&text) {
                Ok(expr) => assert_eq!(parse(&print(&expr, &|_| None)), Ok(expr)),
                Err(error) => assert!(text.is_char_boundary(error.offset), "{text}"),
            }
        }
    }
}
