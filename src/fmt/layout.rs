//! Files, statements and everything that is a sequence of words: from tree to document.

use std::collections::HashSet;

use super::doc::{Doc, Fit};
use super::lists::Style;
use super::rows::{Item, Row, Rows};
use crate::base::TextRange;
use crate::syntax::{KindClass, Node, SyntaxKind};

/// The source, and what of it is left as it is.
pub(super) struct Layout<'t> {
    source: &'t str,
    broken: HashSet<usize>,
}

impl<'t> Layout<'t> {
    pub(super) fn new(source: &'t str, broken: HashSet<usize>) -> Self {
        Self { source, broken }
    }

    pub(super) fn text(&self, node: Node<'_>) -> &'t str {
        self.slice(node.range())
    }

    fn slice(&self, range: TextRange) -> &'t str {
        self.source.get(range.to_usize()).unwrap_or("")
    }

    /// How often the line breaks between two offsets.
    pub(super) fn newlines(&self, from: u32, to: u32) -> usize {
        let between = self.source.get(from as usize..to as usize).unwrap_or("");
        between.bytes().filter(|b| *b == b'\n').count()
    }

    /// Whether a line breaks between two offsets: without reading on where the next one is far away.
    pub(super) fn breaks(&self, from: u32, to: u32) -> bool {
        self.source.get(from as usize..to as usize).is_some_and(|between| between.contains('\n'))
    }

    /// Where the white space before an offset begins, on its line.
    pub(super) fn indent_start(&self, at: u32) -> u32 {
        let before = self.source.get(..at as usize).unwrap_or("");
        TextRange::at(before.trim_end_matches([' ', '\t', '\r']).len()).start
    }

    /// Where a node ends, without the white space that what was not understood may end in.
    pub(super) fn end_of(&self, node: Node<'_>) -> u32 {
        let there = |n: &Node<'_>| n.kind().class() != KindClass::Missing;
        let junk = std::iter::successors(Some(node), |n| n.parts().filter(there).last()).last();
        let junk = junk.filter(|n| matches!(n.kind(), SyntaxKind::Junk | SyntaxKind::JunkElement));
        if let Some(junk) = junk {
            return self.indent_start(junk.range().end);
        }
        // Where brackets do not pair up, a declaration is known by the white space behind its word.
        let end = node.range().end;
        let rest = self.source.get(end as usize..).unwrap_or("");
        let after = rest.trim_start_matches([' ', '\t', '\r']);
        let bare = node.kind() == SyntaxKind::Assert && node.child(SyntaxKind::MissingExpr).is_some();
        let last = bare && (after.is_empty() || after.starts_with('\n'));
        if last { end + TextRange::at(rest.len() - after.len()).start } else { end }
    }

    pub(super) fn is_verbatim(&self, item: Item<'_>) -> bool {
        match item {
            Item::Verbatim(_) => true,
            Item::Node(node) => {
                node.kind().class() == KindClass::Wrong || self.broken.contains(&node.index())
            }
        }
    }

    /// The whole file.
    pub(super) fn file(&self, root: Node<'t>) -> Doc<'t> {
        let mut children: Vec<Node<'t>> = root.children().collect();
        let mut parts = Vec::new();
        if let Some(mark) = children.first().copied().filter(|n| n.kind() == SyntaxKind::Bom) {
            parts.push(Doc::text(self.text(mark)));
            children.remove(0);
        }
        let rows = self.rows(&children, None, root.range().end);
        for (i, row) in rows.rows.iter().enumerate() {
            match (i, row.blank) {
                (0, _) => {}
                (_, true) => parts.push(Doc::blank()),
                (_, false) => parts.push(Doc::hard()),
            }
            parts.push(self.row(row, None));
        }
        Doc::concat(parts)
    }

    /// The statements between braces.
    fn block(&self, node: Node<'t>) -> Doc<'t> {
        let rows = self.rows_within(node);
        let plain = rows.rows.iter().all(|row| row.item.is_none_or(|item| self.may_share_line(item)));
        let fit = if plain || rows.rows.len() < 2 { Fit::Whole } else { Fit::Never };
        self.delimited(node, rows, Style::BODY, |_| fit)
    }

    /// Whether an entry may stand with others on one line.
    fn may_share_line(&self, item: Item<'t>) -> bool {
        let Item::Node(node) = item else { return false };
        let simple = matches!(
            node.kind(),
            SyntaxKind::Property
                | SyntaxKind::QuotedProperty
                | SyntaxKind::Entry
                | SyntaxKind::Spread
                | SyntaxKind::Use
        );
        simple && !self.is_verbatim(item)
    }

    /// The rows between the brackets of a node.
    pub(super) fn rows_within(&self, node: Node<'t>) -> Rows<'t> {
        let children: Vec<Node<'t>> = node.children().collect();
        let (Some((open, inner)), Some(close)) = (children.split_first(), children.last()) else {
            return Rows::default();
        };
        let inner = inner.split_last().map_or(inner, |(_, inner)| inner);
        self.rows(inner, Some(*open), close.range().start)
    }

    /// An element with its comments; `comma` follows it before a comment that ends the line.
    pub(super) fn row(&self, row: &Row<'t>, comma: Option<Doc<'t>>) -> Doc<'t> {
        let mut parts = Vec::new();
        for comment in &row.lead {
            parts.push(self.comment(*comment));
            parts.push(Doc::space());
        }
        parts.extend(row.item.map(|item| self.item(item)));
        let mut comma = comma;
        // What was not understood may be taken for something else if white space is put behind it.
        let end = row.item.filter(|item| self.is_verbatim(*item)).map(|item| match item {
            Item::Node(node) => self.end_of(node),
            Item::Verbatim(range) => range.end,
        });
        for comment in &row.trail {
            // At the begin of a line, behind the comment's last one, a comma would separate nothing.
            if ends_line(comment.kind()) || self.text(*comment).contains('\n') {
                parts.extend(comma.take());
            }
            if end != Some(comment.range().start) {
                parts.push(Doc::space());
            }
            parts.push(self.comment(*comment));
        }
        parts.extend(comma);
        Doc::concat(parts)
    }

    fn item(&self, item: Item<'t>) -> Doc<'t> {
        match item {
            Item::Node(node) if !self.is_verbatim(item) => self.node(node),
            Item::Node(node) => {
                Doc::verbatim(self.slice(TextRange { start: node.range().start, end: self.end_of(node) }))
            }
            Item::Verbatim(range) => Doc::verbatim(self.slice(range)),
        }
    }

    /// A comment as it is, without the white space behind it.
    pub(super) fn comment(&self, node: Node<'t>) -> Doc<'t> {
        let text = self.text(node).trim_end_matches([' ', '\t', '\r', '\n']);
        if ends_line(node.kind()) { Doc::comment(text) } else { Doc::verbatim(text) }
    }

    /// Any node.
    pub(super) fn node(&self, node: Node<'t>) -> Doc<'t> {
        match node.kind() {
            SyntaxKind::Block => self.block(node),
            SyntaxKind::Expr | SyntaxKind::TypeExpr => self.chain(node, true),
            SyntaxKind::List | SyntaxKind::Object => self.collection(node),
            SyntaxKind::Call | SyntaxKind::Params => self.listed(node),
            SyntaxKind::TypeObject | SyntaxKind::ImportNames => self.body(node),
            SyntaxKind::Paren | SyntaxKind::Index | SyntaxKind::TypeParen => self.lone(node),
            SyntaxKind::ListComp | SyntaxKind::ObjectComp => self.comprehension(node),
            SyntaxKind::Assert => self.assertion(node),
            kind if kind.is_string() => self.string(node),
            _ if node.is_leaf() => Doc::text(self.text(node)),
            kind => Doc::concat(self.words(node.children(), kind == SyntaxKind::For)),
        }
    }

    /// Words side by side. In the `head` of a loop, values must not be broken: what follows them would be read as an
    /// entry of its own.
    pub(super) fn words(&self, nodes: impl Iterator<Item = Node<'t>>, head: bool) -> Vec<Doc<'t>> {
        let mut parts = Vec::new();
        let mut last: Option<Node<'t>> = None;
        for node in nodes {
            parts.extend(match last.map(Node::kind) {
                Some(last) if ends_line(last) && node.kind() == SyntaxKind::KwElse => Some(Doc::hard()),
                Some(last) if !glued(last, node.kind()) => Some(Doc::space()),
                _ => None,
            });
            let after_eq = last.filter(|l| l.kind() == SyntaxKind::Eq);
            parts.push(match (node.kind(), after_eq) {
                (kind, _) if kind.is_trivia() => self.comment(node),
                (SyntaxKind::Expr | SyntaxKind::TypeExpr, Some(eq)) => self.assigned(eq, node),
                (SyntaxKind::Expr, None) if head => self.chain(node, false),
                _ => self.node(node),
            });
            last = Some(node);
        }
        parts
    }

    /// `assert condition, "message"`
    fn assertion(&self, node: Node<'t>) -> Doc<'t> {
        let children: Vec<Node<'t>> = node.children().collect();
        let comma = children.iter().position(|n| n.kind() == SyntaxKind::Comma);
        let Some((condition, message)) = comma.and_then(|at| children.split_at_checked(at + 1)) else {
            return Doc::concat(self.words(children.into_iter(), false));
        };
        let breaks = match (condition.last(), message.iter().find(|n| !n.kind().is_trivia())) {
            (Some(comma), Some(text)) => self.newlines(comma.range().end, text.range().start) > 0,
            _ => false,
        };
        let mut parts = self.words(condition.iter().copied(), false);
        let mut rest = vec![Doc::line()];
        rest.extend(self.words(message.iter().copied(), false));
        parts.push(Doc::nest(rest));
        Doc::group(parts, if breaks { Fit::Never } else { Fit::Start })
    }
}

/// Whether a comment goes up to the end of its line.
pub(super) fn ends_line(kind: SyntaxKind) -> bool {
    matches!(kind, SyntaxKind::LineComment | SyntaxKind::DocComment | SyntaxKind::HashComment)
}

/// Whether nothing stands between two neighbours.
fn glued(left: SyntaxKind, right: SyntaxKind) -> bool {
    use SyntaxKind as K;
    if left.is_trivia() || right.is_trivia() {
        return false;
    }
    let before = matches!(
        right,
        K::Comma
            | K::Colon
            | K::TypeAnnotation
            | K::Params
            | K::QuestionMark
            | K::Dot
            | K::OptDot
            | K::DotDot
            | K::TypeArgs
            | K::Refinement
            | K::Gt
            | K::RParen
    );
    let after = matches!(left, K::Dots | K::Dot | K::OptDot | K::DotDot | K::LParen | K::Lt | K::Minus);
    before || after
}
