//! A small algebra of documents: text, places where a line may break, and groups that break together.

/// A piece of a page.
#[derive(Debug)]
pub(super) struct Doc<'a> {
    pub(super) kind: Kind<'a>,
    /// Whether it holds a line break that nothing can take away.
    pub(super) breaks: bool,
}

/// The kinds of pieces.
#[derive(Debug)]
pub(super) enum Kind<'a> {
    /// Text on one line.
    Text(&'a str),
    /// One space, none at either end of a line.
    Space,
    /// A space, or a line break in a broken group.
    Line,
    /// Nothing, or a line break in a broken group.
    Soft,
    /// A line break.
    Hard,
    /// An empty line.
    Blank,
    /// Text that stands in a broken group only.
    IfBroken(&'static str),
    /// Text that stands in any other group only.
    IfFlat(&'static str),
    /// A comment that ends its line: whatever follows stands on the next.
    Comment(&'a str),
    /// Text that is left as it is, line breaks included.
    Verbatim(&'a str),
    /// A string of several lines.
    BlockString(BlockString<'a>),
    /// One level deeper, in a broken group.
    Nest(Box<Doc<'a>>),
    /// One after the other.
    Concat(Vec<Doc<'a>>),
    /// What breaks together.
    Group(Box<Doc<'a>>, Fit),
    /// Short elements that share lines, with commas between them.
    Rows(Vec<Element<'a>>),
}

/// When a group breaks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fit {
    /// If it does not fit on the line or holds a line break.
    Whole,
    /// If what stands before its first fixed line break does not fit on the line.
    Start,
    /// Always.
    Never,
}

/// An element of [`Kind::Rows`].
#[derive(Debug)]
pub(super) struct Element<'a> {
    /// What it is: it holds no place to break.
    pub(super) doc: Doc<'a>,
    /// Whether its author began a line with it.
    pub(super) begins_line: bool,
}

/// A string of several lines without the indentation that its value does not have.
#[derive(Debug)]
pub(super) struct BlockString<'a> {
    /// The quotes.
    pub(super) quotes: &'a str,
    /// The lines between them; each is indented one level deeper than the statement.
    pub(super) lines: Vec<&'a str>,
    /// Whether the closing quotes stand on a line of their own.
    pub(super) closes_on_own_line: bool,
}

impl<'a> Doc<'a> {
    fn new(kind: Kind<'a>, breaks: bool) -> Self {
        Self { kind, breaks }
    }

    pub(super) fn text(text: &'a str) -> Self {
        Self::new(Kind::Text(text), false)
    }

    pub(super) fn space() -> Self {
        Self::new(Kind::Space, false)
    }

    pub(super) fn line() -> Self {
        Self::new(Kind::Line, false)
    }

    pub(super) fn soft() -> Self {
        Self::new(Kind::Soft, false)
    }

    pub(super) fn hard() -> Self {
        Self::new(Kind::Hard, true)
    }

    pub(super) fn blank() -> Self {
        Self::new(Kind::Blank, true)
    }

    pub(super) fn if_broken(text: &'static str) -> Self {
        Self::new(Kind::IfBroken(text), false)
    }

    pub(super) fn if_flat(text: &'static str) -> Self {
        Self::new(Kind::IfFlat(text), false)
    }

    pub(super) fn comment(text: &'a str) -> Self {
        Self::new(Kind::Comment(text), true)
    }

    pub(super) fn verbatim(text: &'a str) -> Self {
        let breaks = text.contains('\n');
        Self::new(Kind::Verbatim(text), breaks)
    }

    pub(super) fn block_string(string: BlockString<'a>) -> Self {
        Self::new(Kind::BlockString(string), true)
    }

    pub(super) fn concat(parts: Vec<Doc<'a>>) -> Self {
        let breaks = parts.iter().any(|p| p.breaks);
        Self::new(Kind::Concat(parts), breaks)
    }

    pub(super) fn nest(parts: Vec<Doc<'a>>) -> Self {
        let doc = Self::concat(parts);
        let breaks = doc.breaks;
        Self::new(Kind::Nest(Box::new(doc)), breaks)
    }

    pub(super) fn group(parts: Vec<Doc<'a>>, fit: Fit) -> Self {
        let doc = Self::concat(parts);
        let breaks = doc.breaks || fit == Fit::Never;
        Self::new(Kind::Group(Box::new(doc), fit), breaks)
    }

    pub(super) fn rows(elements: Vec<Element<'a>>) -> Self {
        Self::new(Kind::Rows(elements), false)
    }

    /// How wide it is on one line.
    pub(super) fn flat_width(&self) -> usize {
        match &self.kind {
            Kind::Text(text) | Kind::Comment(text) | Kind::Verbatim(text) => width(text),
            Kind::Space | Kind::Line | Kind::IfFlat(_) => 1,
            Kind::Soft | Kind::Hard | Kind::Blank | Kind::IfBroken(_) => 0,
            Kind::BlockString(string) => string.quotes.len(),
            Kind::Nest(doc) | Kind::Group(doc, _) => doc.flat_width(),
            Kind::Concat(parts) => parts.iter().map(Doc::flat_width).sum(),
            Kind::Rows(elements) => elements.iter().map(|e| e.doc.flat_width() + 2).sum(),
        }
    }
}

/// How many columns a text takes.
pub(super) fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().count() }
}
