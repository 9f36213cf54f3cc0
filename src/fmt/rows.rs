//! What stands on one line together: an element, and the comments before and behind it.

use super::layout::{Layout, ends_line};
use crate::base::TextRange;
use crate::syntax::{KindClass, Node, SyntaxKind};

/// An element of a body or list with its comments, or comments alone.
#[derive(Default)]
pub(super) struct Row<'t> {
    /// Whether an empty line stands before it.
    pub(super) blank: bool,
    /// Whether its author began a line with it.
    pub(super) begins_line: bool,
    /// The comments before the element on its line.
    pub(super) lead: Vec<Node<'t>>,
    /// The element.
    pub(super) item: Option<Item<'t>>,
    /// The comments behind it on its line.
    pub(super) trail: Vec<Node<'t>>,
}

/// An element.
#[derive(Clone, Copy)]
pub(super) enum Item<'t> {
    /// One that was understood.
    Node(Node<'t>),
    /// Text that is left as it is.
    Verbatim(TextRange),
}

/// The rows of a body or list.
#[derive(Default)]
pub(super) struct Rows<'t> {
    /// The rows, in order.
    pub(super) rows: Vec<Row<'t>>,
    /// The comments right behind the opening bracket.
    pub(super) open_trail: Vec<Node<'t>>,
    /// Whether its author began a line with the first row.
    pub(super) opens_line: bool,
    /// Whether its author broke a line anywhere between the elements.
    pub(super) breaks: bool,
}

impl Rows<'_> {
    /// Whether each row has to stand on lines of its own, because of its author or of a comment.
    pub(super) fn keep_apart(&self, any_break: bool) -> bool {
        let ends = |nodes: &[Node<'_>]| nodes.iter().any(|n| ends_line(n.kind()));
        let author = if any_break { self.breaks } else { self.opens_line };
        author
            || !self.open_trail.is_empty()
            || self.rows.iter().any(|row| row.item.is_none() || ends(&row.lead) || ends(&row.trail))
    }
}

/// What was gone through.
struct Reader<'l, 't> {
    layout: &'l Layout<'t>,
    rows: Rows<'t>,
    /// Where the node before ended, comments and separators included.
    at: u32,
    /// The separator behind the last element.
    separator: Option<Node<'t>>,
    has_opener: bool,
    /// The last element.
    last: Option<Item<'t>>,
}

impl<'t> Layout<'t> {
    /// The rows among the children of a node, without its brackets.
    pub(super) fn rows(&self, children: &[Node<'t>], opener: Option<Node<'t>>, end: u32) -> Rows<'t> {
        let mut reader = Reader {
            layout: self,
            rows: Rows::default(),
            at: opener.map_or(0, |n| n.range().end),
            separator: None,
            has_opener: opener.is_some(),
            last: None,
        };
        for (node, next) in children.iter().copied().zip(next_parts(children)) {
            let kind = node.kind();
            if matches!(kind, SyntaxKind::Comma | SyntaxKind::Semi) {
                reader.separator(node);
            } else if kind.is_trivia() {
                reader.comment(node, next);
            } else {
                reader.item(node, children);
            }
            reader.at = node.range().end.max(reader.at);
        }
        reader.rows.breaks |= self.newlines(reader.at, end) > 0;
        reader.rows
    }
}

impl<'t> Reader<'_, 't> {
    fn newlines(&self, node: Node<'t>) -> usize {
        self.layout.newlines(self.at, node.range().start)
    }

    /// A separator is laid out anew, save behind what was not understood.
    fn separator(&mut self, node: Node<'t>) {
        self.separator = Some(node);
        self.rows.breaks |= self.newlines(node) > 0;
        if self.last.is_some_and(|item| self.layout.is_verbatim(item)) {
            self.absorb(node.range().end);
        }
    }

    fn comment(&mut self, node: Node<'t>, next: Option<Node<'t>>) {
        let newlines = self.newlines(node);
        let ends_line = match next {
            Some(next) => self.layout.breaks(node.range().end, next.range().start),
            None => true,
        };
        if newlines == 0 && self.rows.rows.is_empty() && self.has_opener && ends_line {
            self.rows.open_trail.push(node);
            return;
        }
        let leads = self.separator.is_some() && !ends_line;
        let same_line = self.on_line_of_last(node);
        match self.rows.rows.last_mut().filter(|_| same_line) {
            Some(row) if row.item.is_none() => row.lead.push(node),
            Some(row) if !leads => row.trail.push(node),
            _ => {
                let mut row = self.row(newlines);
                match self.separator.filter(|_| newlines == 0 && node.kind() == SyntaxKind::DocComment) {
                    // On a line of its own it would be taken for the documentation of what follows.
                    Some(separator) => {
                        row.item = Some(Item::Verbatim(separator.range()));
                        self.last = row.item;
                        row.trail.push(node);
                    }
                    None => row.lead.push(node),
                }
                self.rows.rows.push(row);
            }
        }
    }

    /// Whether a node begins on the line where the last row ends.
    fn on_line_of_last(&self, node: Node<'t>) -> bool {
        let end = self.rows.rows.last().and_then(|row| {
            let item = || row.item.map(|item| range_of(item).end);
            let comment = |nodes: &[Node<'t>]| nodes.last().map(|c| c.range().end);
            comment(&row.trail).or_else(item).or_else(|| comment(&row.lead))
        });
        end.is_some_and(|end| !self.layout.breaks(end, node.range().start))
    }

    fn item(&mut self, node: Node<'t>, children: &[Node<'t>]) {
        if node.kind() == SyntaxKind::StrayClose {
            self.stray_close(node, children);
        } else if self.joins(node) {
            self.absorb(self.layout.end_of(node));
        } else {
            let newlines = self.newlines(node);
            let same_line = self.on_line_of_last(node);
            match self.rows.rows.last_mut().filter(|row| same_line && row.item.is_none()) {
                Some(row) => row.item = Some(Item::Node(node)),
                None => {
                    let mut row = self.row(newlines);
                    row.item = Some(Item::Node(node));
                    self.rows.rows.push(row);
                }
            }
        }
        self.separator = None;
        self.last = self.rows.rows.last().and_then(|row| row.item);
    }

    /// Whether the text from the last element up to this one has to be left as it is: nothing separates them, or one of
    /// them was not understood and what stands between them may decide what it is taken for.
    fn joins(&self, node: Node<'t>) -> bool {
        let Some(last) = self.last else { return false };
        let same_line = !self.layout.breaks(range_of(last).end, node.range().start);
        let wrong = node.kind().class() == KindClass::Wrong;
        let stray = matches!(node.kind(), SyntaxKind::StrayBlock | SyntaxKind::StrayElse);
        // What was not understood goes on in lines that no statement begins with.
        let goes_on = wrong && self.newlines(node) == 1 && self.goes_on(node);
        let both_wrong = self.layout.is_verbatim(last) && self.layout.is_verbatim(Item::Node(node));
        same_line && (self.separator.is_none() || both_wrong)
            || wrong && (stray || self.separator.is_some() || self.newlines(node) == 0 || goes_on)
    }

    /// Whether a node begins with an operator. Its column would not do: indentation changes.
    fn goes_on(&self, node: Node<'t>) -> bool {
        self.layout.text(node).starts_with(|c: char| "+-*/%&|=<>?:.,!".contains(c))
    }

    /// Extends the last element up to an offset, as text that is left as it is.
    fn absorb(&mut self, end: u32) {
        let rows = &mut self.rows.rows;
        while rows.pop_if(|r| r.item.is_none()).is_some() {}
        if let Some(row) = rows.last_mut()
            && let Some(item) = row.item
        {
            row.item = Some(Item::Verbatim(TextRange { start: range_of(item).start, end }));
            row.trail.clear();
            self.last = row.item;
        }
    }

    /// A `}` that closes nothing puts everything before it in doubt: what it closes is guessed from the indentation.
    fn stray_close(&mut self, node: Node<'t>, children: &[Node<'t>]) {
        let start = children.first().map_or(0, |n| n.range().start);
        let start = self.layout.indent_start(start);
        self.rows.rows.clear();
        let item = Some(Item::Verbatim(TextRange { start, end: node.range().end }));
        self.rows.rows.push(Row { item, ..Row::default() });
    }

    fn row(&mut self, newlines: usize) -> Row<'t> {
        let first = self.rows.rows.is_empty();
        if first {
            self.rows.opens_line = newlines > 0;
        }
        self.rows.breaks |= newlines > 0;
        Row { blank: newlines > 1 && !first, begins_line: newlines > 0, ..Row::default() }
    }
}

/// For each node, the next one that is no comment.
pub(super) fn next_parts<'t>(nodes: &[Node<'t>]) -> Vec<Option<Node<'t>>> {
    let mut next = None;
    let mut found: Vec<Option<Node<'t>>> = Vec::with_capacity(nodes.len());
    for node in nodes.iter().rev() {
        found.push(next);
        if !node.kind().is_trivia() {
            next = Some(*node);
        }
    }
    found.reverse();
    found
}

fn range_of(item: Item<'_>) -> TextRange {
    match item {
        Item::Node(node) => node.range(),
        Item::Verbatim(range) => range,
    }
}
