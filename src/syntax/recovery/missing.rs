//! What must stand somewhere and doesn't.

use super::Recovery;
use super::forms::form;
use super::junk::{describe, look_alike};
use crate::base::TextRange;
use crate::diag::{Applicability, Diagnostic, code};
use crate::syntax::cst::Node;
use crate::syntax::kind::SyntaxKind;
use crate::syntax::slip::holds_entries;

impl<'a> Recovery<'a> {
    pub(super) fn missing(&mut self, node: Node<'a>) {
        let Some(parent) = node.parent() else { return };
        let kind = node.kind();
        if kind == SyntaxKind::MissingBlock && followed_by_block(parent) {
            return;
        }
        let at = node.range().start;
        let (found_text, found_range) = self.found_at(at);
        if let Some(diagnostic) = look_alike(self.file, found_range, self.rest(found_range.start)) {
            self.push(node, found_range, diagnostic);
            return;
        }
        let no_equals = kind == SyntaxKind::MissingColon && lacks_value(parent);
        let human = if no_equals { "`=`" } else { kind.human() };
        let title = format!("expected {human}, found {found_text}");
        let place = if found_range.is_empty() { node.range() } else { found_range };
        let mut diagnostic = Diagnostic::new(&code::SYNTAX, self.span(place), title);
        diagnostic = diagnostic.maybe_help(self.help_for(node, parent));
        let insertion = match (kind, parent.kind()) {
            (SyntaxKind::MissingColon, SyntaxKind::TypeAnnotation) if !no_equals => Some(("write `:`", ":")),
            (SyntaxKind::MissingEq, _) | (SyntaxKind::MissingColon, SyntaxKind::TypeAnnotation) => {
                Some(("write `=`", " ="))
            }
            _ => None,
        };
        if let Some((title, text)) = insertion {
            let after = self.source.get(..at as usize).unwrap_or("").trim_end().len();
            diagnostic = diagnostic.fix(title, self.span(TextRange::at(after)), text, Applicability::Safe);
        }
        self.push(node, TextRange { start: at, end: at }, diagnostic);
    }

    fn help_for(&self, node: Node<'a>, parent: Node<'a>) -> Option<String> {
        let owner = parent.parent().map(|p| p.kind());
        match (node.kind(), parent.kind()) {
            (SyntaxKind::MissingColon, SyntaxKind::Expr) => Some("write `condition ? value : other`".into()),
            (SyntaxKind::MissingIdent, SyntaxKind::Member | SyntaxKind::Path) => {
                Some("a name follows the dot".into())
            }
            (SyntaxKind::MissingEq, _) => Some("write `name = { … }`: an object has no blocks".into()),
            (SyntaxKind::MissingExpr, SyntaxKind::Interpolation) => Some(
                "write an expression between `${` and `}`, or `\\${` for the characters themselves".into(),
            ),
            (SyntaxKind::MissingExpr, SyntaxKind::Spread) => Some("write `...value`".into()),
            (SyntaxKind::MissingValue, SyntaxKind::ObjectMember | SyntaxKind::QuotedProperty) => {
                let around = parent.ancestors().skip(1).find(|n| n.kind() == SyntaxKind::Property);
                let around = around.filter(|p| holds_entries(self.source, *p));
                let word = around.and_then(|p| p.child(SyntaxKind::Ident)).map(Node::range);
                Some(match word.map(|w| self.between(w.start, w.end)) {
                    Some(word) => format!(
                        "write `name = value`; entries with a label stand in a block, which takes no `=`: `{word} {{ … }}`"
                    ),
                    None => "write `name = value`".into(),
                })
            }
            (SyntaxKind::MissingRange | SyntaxKind::MissingDotDot, _) => Some(
                "a refinement is a range like `1..10`, `1..` or `..10`, or a pattern like `'^[a-z]+$'`"
                    .into(),
            ),
            (_, SyntaxKind::TypeAnnotation) => owner.and_then(form),
            (_, kind) => form(kind),
        }
    }

    /// What stands where something was expected: the next token of the line, or its end.
    pub(super) fn found_at(&self, at: u32) -> (String, TextRange) {
        let rest = self.rest(at);
        let trimmed = rest.trim_start_matches([' ', '\t', '\r']);
        let start = TextRange::at(at as usize + rest.len() - trimmed.len()).start;
        let (text, len) = describe(trimmed);
        (text, TextRange { start, end: start + TextRange::at(len).start })
    }

    pub(super) fn unterminated(&mut self, node: Node<'a>) {
        let Some(string) = node.parent() else { return };
        let opener = string.children().next().map_or(string.range(), Node::range);
        let quotes = self.between(opener.start, opener.end);
        let new = |help: &str| {
            Diagnostic::new(&code::UNTERMINATED_STRING, self.span(opener), "this string is never closed")
                .here(format!("opened with `{quotes}`"))
                .help(help)
        };
        let open = string.children().filter(|n| n.child(SyntaxKind::MissingClose).is_some()).last();
        let swallowed = open.filter(|n| self.between(n.range().start, n.range().end).contains('"'));
        let diagnostic = match string.kind() {
            SyntaxKind::LineString if swallowed.is_some() => {
                let place = swallowed.map_or(opener, Node::range).start;
                let opening = TextRange { start: place, end: place + 2 };
                Diagnostic::new(&code::UNCLOSED_BRACKET, self.span(opening), "`${` is never closed")
                    .here("a quote behind it begins a string of its own")
                    .help("write `}` behind the expression, or `\\${` for the characters themselves")
            }
            SyntaxKind::LineString => {
                new("write `\"` at its end, or `\"\"\"…\"\"\"` for text of several lines")
            }
            SyntaxKind::RawString => new("write `'` at its end, or `'''…'''` for text of several lines"),
            SyntaxKind::BlockString => new("write `\"\"\"` at its end"),
            _ => new("write `'''` at its end"),
        };
        let goes_on = self.runaways.iter().find(|r| r.string == string.range());
        let diagnostic = match goes_on {
            Some(runaway) => diagnostic.also(self.span(runaway.closer), "its text goes on to here"),
            None => diagnostic,
        };
        self.open_strings.push(string.range());
        self.push(node, string.range(), diagnostic);
    }
}

/// Whether a type without its `:` is all that follows a name that must have a value.
fn lacks_value(annotation: Node<'_>) -> bool {
    let next = annotation.next_sibling();
    annotation.kind() == SyntaxKind::TypeAnnotation
        && next.is_some_and(|n| n.kind() == SyntaxKind::MissingValue)
}

/// Whether the statement is followed by a block on a line of its own, which is then what is wrong.
pub(super) fn followed_by_block(statement: Node<'_>) -> bool {
    let mut next = statement.next_sibling();
    while let Some(node) = next {
        if !node.kind().is_trivia() {
            return node.kind() == SyntaxKind::StrayBlock;
        }
        next = node.next_sibling();
    }
    false
}
