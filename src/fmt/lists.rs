//! What stands between brackets.

use super::doc::{Doc, Element, Fit};
use super::layout::Layout;
use super::rows::{Item, Row, Rows};
use crate::syntax::{Node, SyntaxKind};

/// How the elements between brackets are laid out.
#[derive(Clone, Copy)]
pub(super) struct Style {
    /// Whether commas stay where each element stands on a line of its own.
    commas: bool,
    /// Whether a space stands inside the brackets on one line.
    padded: bool,
    /// Whether a line break between any two elements keeps them apart, not only one before the first.
    any_break: bool,
}

impl Style {
    /// Between braces a line break separates.
    pub(super) const BODY: Self = Self { commas: false, padded: true, any_break: true };
    /// In lists, arguments and parameters, commas separate.
    pub(super) const LISTED: Self = Self { commas: true, padded: false, any_break: false };
    /// Parentheses and indices hold one value, brackets may hold one comprehension.
    pub(super) const LONE: Self = Self { commas: false, padded: false, any_break: false };
}

impl<'t> Layout<'t> {
    /// What stands between braces: it breaks as soon as one element does.
    pub(super) fn body(&self, node: Node<'t>) -> Doc<'t> {
        self.delimited(node, self.rows_within(node), Style::BODY, |_| Fit::Whole)
    }

    /// One value in brackets.
    pub(super) fn lone(&self, node: Node<'t>) -> Doc<'t> {
        self.delimited(node, self.rows_within(node), Style::LONE, |_| Fit::Start)
    }

    /// A list or object.
    pub(super) fn collection(&self, node: Node<'t>) -> Doc<'t> {
        let is_comprehension =
            node.child(SyntaxKind::ListComp).is_some() || node.child(SyntaxKind::ObjectComp).is_some();
        match node.kind() {
            _ if is_comprehension => {
                self.delimited(node, self.rows_within(node), Style::LONE, |_| Fit::Whole)
            }
            SyntaxKind::Object => self.body(node),
            _ => self.listed(node),
        }
    }

    /// A list, arguments or parameters.
    pub(super) fn listed(&self, node: Node<'t>) -> Doc<'t> {
        let rows = self.rows_within(node);
        if let Some(item) = lone_argument(node, &rows) {
            // Nothing but the brackets of the argument breaks; a word alone gains nothing by a line of its own.
            let (open, close) = self.brackets(node);
            return Doc::concat(vec![open, self.node(item), close]);
        }
        let hanging = match (node.kind(), rows.rows.as_slice()) {
            (SyntaxKind::Call, [.., last]) => hangs(last),
            (SyntaxKind::List, [only]) => hangs(only),
            _ => false,
        };
        self.delimited(node, rows, Style::LISTED, |docs| match docs {
            [before @ .., _] if hanging && !before.iter().any(|d| d.breaks) => Fit::Start,
            _ => Fit::Whole,
        })
    }

    /// Brackets and what stands between them.
    pub(super) fn delimited(
        &self,
        node: Node<'t>,
        rows: Rows<'t>,
        style: Style,
        fit: impl FnOnce(&[Doc<'t>]) -> Fit,
    ) -> Doc<'t> {
        let (open, close) = self.brackets(node);
        if rows.rows.is_empty() && rows.open_trail.is_empty() {
            return Doc::concat(vec![open, close]);
        }
        let mut parts = vec![open];
        for comment in &rows.open_trail {
            parts.push(Doc::space());
            parts.push(self.comment(*comment));
        }
        if rows.rows.is_empty() && !rows.breaks {
            parts.extend([Doc::space(), close]);
            return Doc::concat(parts);
        }
        let edge = if style.padded { Doc::line } else { Doc::soft };
        let mut inner = vec![edge()];
        let fixed = rows.keep_apart(style.any_break);
        let fit = match self.elements(&rows.rows, style) {
            Some(elements) => {
                inner.push(Doc::rows(elements));
                inner.push(Doc::if_broken(","));
                if fixed { Fit::Never } else { Fit::Whole }
            }
            None => {
                let docs = self.docs(&rows.rows, style);
                let fit = if fixed { Fit::Never } else { fit(&docs) };
                for (i, (doc, row)) in docs.into_iter().zip(&rows.rows).enumerate() {
                    let blank = row.blank && fit == Fit::Never;
                    inner.extend((i > 0).then(|| if blank { Doc::blank() } else { Doc::line() }));
                    inner.push(doc);
                }
                fit
            }
        };
        parts.extend([Doc::nest(inner), edge(), close]);
        Doc::group(parts, fit)
    }

    /// Each row with what follows its element.
    fn docs(&self, rows: &[Row<'t>], style: Style) -> Vec<Doc<'t>> {
        let last = rows.iter().rposition(|row| row.item.is_some());
        let doc = |(i, row): (usize, &Row<'t>)| {
            let comma = match (style.commas, Some(i) == last) {
                _ if row.item.is_none() => None,
                (true, false) => Some(Doc::text(",")),
                (true, true) => Some(Doc::if_broken(",")),
                (false, false) => Some(Doc::if_flat(",")),
                (false, true) => None,
            };
            self.row(row, comma)
        };
        rows.iter().enumerate().map(doc).collect()
    }

    /// The elements, if they are short and their author put some on one line.
    fn elements(&self, rows: &[Row<'t>], style: Style) -> Option<Vec<Element<'t>>> {
        let shares = rows.iter().skip(1).any(|row| !row.begins_line);
        if !style.commas || !shares {
            return None;
        }
        let element = |row: &Row<'t>| match row.item {
            Some(Item::Node(node)) if row.lead.is_empty() && row.trail.is_empty() && is_short(node) => {
                Some(Element { doc: self.node(node), begins_line: row.begins_line })
            }
            _ => None,
        };
        rows.iter().map(element).collect()
    }

    fn brackets(&self, node: Node<'t>) -> (Doc<'t>, Doc<'t>) {
        let mut parts = node.parts();
        let open = parts.next().map_or("", |n| self.text(n));
        let close = parts.last().map_or("", |n| self.text(n));
        (Doc::text(open), Doc::text(close))
    }

    /// `for k, v in m if c: value`
    pub(super) fn comprehension(&self, node: Node<'t>) -> Doc<'t> {
        let children: Vec<Node<'t>> = node.children().collect();
        let colon = children.iter().position(|n| n.kind() == SyntaxKind::Colon);
        let Some((head, body)) = colon.and_then(|at| children.split_at_checked(at + 1)) else {
            return Doc::concat(self.words(children.into_iter(), true));
        };
        let mut parts = self.words(head.iter().copied(), true);
        let mut rest = vec![Doc::line()];
        rest.extend(self.words(body.iter().copied(), false));
        let rest = Doc::nest(rest);
        let between = head.last().zip(body.iter().find(|n| !n.kind().is_trivia()));
        let begins_line = between.is_some_and(|(a, b)| self.newlines(a.range().end, b.range().start) > 0);
        // A value of several lines that begins on a line of its own stays there, as it may have been put by this very
        // pass, when nothing in it was broken yet.
        let fit = if begins_line && rest.breaks { Fit::Never } else { Fit::Start };
        parts.push(rest);
        Doc::group(parts, fit)
    }
}

/// The one argument of a call, if it is in brackets of its own or one word.
fn lone_argument<'t>(node: Node<'t>, rows: &Rows<'t>) -> Option<Node<'t>> {
    let [row] = rows.rows.as_slice() else { return None };
    let alone = row.lead.is_empty() && row.trail.is_empty() && rows.open_trail.is_empty() && !rows.opens_line;
    match row.item {
        Some(Item::Node(item)) if alone && node.kind() == SyntaxKind::Call => {
            (is_bracketed(item) || is_short(item)).then_some(item)
        }
        _ => None,
    }
}

/// The value of an argument, element or spread.
fn value_of(item: Node<'_>) -> Option<Node<'_>> {
    match item.kind() {
        SyntaxKind::Expr => Some(item),
        SyntaxKind::Arg | SyntaxKind::Spread => item.child(SyntaxKind::Expr),
        _ => None,
    }
}

/// Whether an element is, but for its name, one list or object.
fn is_bracketed(item: Node<'_>) -> bool {
    let Some(value) = value_of(item) else { return false };
    let has_comments = item.children().chain(value.children()).any(|n| n.kind().is_trivia());
    let mut parts = value.parts();
    let first = parts.next().map(Node::kind);
    let bracketed = matches!(
        first,
        Some(SyntaxKind::List | SyntaxKind::Object | SyntaxKind::BlockString | SyntaxKind::RawBlock)
    );
    bracketed && !has_comments && parts.next().is_none()
}

/// Whether an element ends in a bracket that may break while the line before it goes on.
fn hangs(row: &Row<'_>) -> bool {
    let Some(Item::Node(item)) = row.item else { return false };
    let ends_in_call = || {
        let parts = value_of(item).map(|n| n.parts().map(Node::kind).collect::<Vec<_>>()).unwrap_or_default();
        let operators = parts
            .iter()
            .any(|k| matches!(k, SyntaxKind::Operator | SyntaxKind::Question | SyntaxKind::PrefixOp));
        parts.last() == Some(&SyntaxKind::Call) && !operators
    };
    row.lead.is_empty() && row.trail.is_empty() && (is_bracketed(item) || ends_in_call())
}

/// Whether an element is one word, number or string on one line, or such a value with a name.
pub(super) fn is_short(item: Node<'_>) -> bool {
    let Some(value) = value_of(item) else { return false };
    let is_word = |node: Node<'_>| match node.kind() {
        SyntaxKind::Name | SyntaxKind::Number | SyntaxKind::PrefixOp => true,
        SyntaxKind::LineString | SyntaxKind::RawString => true,
        SyntaxKind::Member => node.children().all(|n| !n.kind().is_trivia()),
        _ => false,
    };
    let plain = item.children().all(|n| !n.kind().is_trivia());
    item.kind() != SyntaxKind::Spread && plain && value.children().all(is_word)
}
