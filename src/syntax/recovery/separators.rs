//! What must stand between neighbours.

use super::Recovery;
use super::junk::describe;
use crate::base::{TextEdit, TextRange};
use crate::diag::{Applicability, Diagnostic, Fix, code};
use crate::syntax::cst::Node;
use crate::syntax::kind::SyntaxKind;
use crate::syntax::words;

impl<'a> Recovery<'a> {
    /// Entries end with their line, `;` or `,`.
    pub(super) fn statements(&mut self, container: Node<'a>) {
        let mut last: Option<Node<'a>> = None;
        for node in container.children() {
            if node.kind().is_trivia() {
                continue;
            }
            if node.kind().is_statement() {
                if let Some(before) = last.filter(|b| b.kind().is_statement())
                    && self.same_line(before.range().end, node.range().start)
                    && !self.is_text(node.range().start)
                {
                    self.runs_on(before, node);
                }
                if container.kind() == SyntaxKind::File && node.kind() == SyntaxKind::Entry {
                    self.declaration(node);
                }
            }
            last = Some(node);
        }
    }

    fn runs_on(&mut self, before: Node<'a>, node: Node<'a>) {
        let start = node.range().start;
        let slip = self
            .slip_of_keyword(before)
            .or_else(|| self.quote_in_string(before, start))
            .or_else(|| (node.kind() == SyntaxKind::If).then(|| self.if_is_no_value(first_token(node))));
        let diagnostic = slip.unwrap_or_else(|| {
            let (found, len) = describe(self.rest(start));
            let place = TextRange { start, end: start + TextRange::at(len).start };
            let diagnostic = Diagnostic::new(
                &code::MISSING_SEPARATOR,
                self.span(place),
                format!("expected a new line, `,` or `;` before {found}"),
            );
            let after = TextRange { start: before.range().end, end: before.range().end };
            if node.kind() == SyntaxKind::Property && before.kind() == SyntaxKind::Property {
                diagnostic.fix("write `,`", self.span(after), ",", Applicability::Safe)
            } else {
                diagnostic
            }
        });
        self.push_behind(before, node, node.range(), diagnostic);
    }

    /// `a = if b …`, which is not read as a value.
    pub(super) fn word_in_value(&mut self, node: Node<'a>) {
        let range = node.range();
        if self.between(range.start, range.end) == "if" {
            let diagnostic = self.if_is_no_value(range);
            self.push(node, range, diagnostic);
        }
    }

    fn if_is_no_value(&self, word: TextRange) -> Diagnostic {
        Diagnostic::new(&code::FOREIGN_WORD, self.span(word), "`if` is no value")
            .help("write `condition ? value : other`")
    }

    /// `lett a = 1`, `const a = 1` at the top of a file.
    fn declaration(&mut self, node: Node<'a>) {
        let Some(word) = node.child(SyntaxKind::Ident) else { return };
        let written = self.between(word.range().start, word.range().end);
        if let Some(meant) = words::meant_declaration(written, node) {
            let diagnostic = self.foreign_word(word.range(), written, meant.word());
            self.push(node, node.range(), diagnostic);
        }
    }

    /// Members of object literals, object types and import lists: as entries.
    pub(super) fn members(&mut self, container: Node<'a>) {
        let is_member = |kind| {
            matches!(
                kind,
                SyntaxKind::ObjectMember
                    | SyntaxKind::Spread
                    | SyntaxKind::TypeField
                    | SyntaxKind::ImportName
            )
        };
        let mut last: Option<Node<'a>> = None;
        for node in container.parts() {
            if is_member(node.kind())
                && let Some(before) = last.filter(|b| is_member(b.kind()))
                && self.same_line(before.range().end, node.range().start)
            {
                self.missing_comma(before, node, "a new line or `,`");
            }
            last = Some(node);
        }
    }

    /// Elements of lists, arguments, parameters: separated by `,`, which ends a line rather than beginning it.
    pub(super) fn elements(&mut self, container: Node<'a>) {
        let lone = matches!(container.kind(), SyntaxKind::Paren | SyntaxKind::Index);
        let is_element = |kind| {
            matches!(kind, SyntaxKind::Expr | SyntaxKind::Spread | SyntaxKind::Arg | SyntaxKind::ParamDef)
        };
        let mut last: Option<Node<'a>> = None;
        for node in container.parts() {
            let before = last.replace(node);
            let Some(before) = before else { continue };
            if is_element(node.kind()) && is_element(before.kind()) {
                if lone { self.two_values(node) } else { self.missing_comma(before, node, "`,`") }
            } else if node.kind() == SyntaxKind::Comma {
                if lone {
                    self.comma_in_parens(container, node);
                } else if !is_element(before.kind()) {
                    self.lone_comma(before, node);
                } else if !self.same_line(before.range().end, node.range().start) {
                    self.leading_comma(before, node);
                }
            }
        }
    }

    fn missing_comma(&mut self, before: Node<'a>, node: Node<'a>, wanted: &str) {
        let start = node.range().start;
        let (found, len) = describe(self.rest(start));
        let place = TextRange { start, end: start + TextRange::at(len).start };
        let after = TextRange { start: before.range().end, end: before.range().end };
        let title = format!("expected {wanted} before {found}");
        let diagnostic = Diagnostic::new(&code::MISSING_SEPARATOR, self.span(place), title).fix(
            "write `,`",
            self.span(after),
            ",",
            Applicability::Safe,
        );
        self.push(node, node.range(), diagnostic);
    }

    fn two_values(&mut self, node: Node<'a>) {
        let start = node.range().start;
        let (found, len) = describe(self.rest(start));
        let place = TextRange { start, end: start + TextRange::at(len).start };
        let title = format!("expected an operator or a closing bracket before {found}");
        let diagnostic = Diagnostic::new(&code::SYNTAX, self.span(place), title);
        self.push(node, node.range(), diagnostic);
    }

    fn comma_in_parens(&mut self, container: Node<'a>, node: Node<'a>) {
        let help = match container.kind() {
            SyntaxKind::Paren => "parentheses hold one value; a list is written `[a, b]`",
            _ => "an index is one value",
        };
        let diagnostic = Diagnostic::new(&code::SYNTAX, self.span(node.range()), "unexpected `,`").help(help);
        self.push(node, container.range(), diagnostic);
    }

    fn lone_comma(&mut self, before: Node<'a>, node: Node<'a>) {
        if !matches!(before.kind(), SyntaxKind::Comma | SyntaxKind::LBrack | SyntaxKind::LParen) {
            return;
        }
        let span = self.span(node.range());
        let diagnostic = Diagnostic::new(&code::SYNTAX, span, "nothing stands before this `,`").fix(
            "remove it",
            span,
            "",
            Applicability::Safe,
        );
        self.push(node, node.range(), diagnostic);
    }

    fn leading_comma(&mut self, before: Node<'a>, node: Node<'a>) {
        let title = "`,` stands at the end of a line, not at the front of the next";
        let mut diagnostic = Diagnostic::new(&code::MISSING_SEPARATOR, self.span(node.range()), title);
        let after = TextRange { start: before.range().end, end: before.range().end };
        let edits = vec![
            TextEdit { range: after, text: ",".into() },
            TextEdit { range: node.range(), text: String::new() },
        ];
        diagnostic.fixes.push(Fix {
            title: "put it there".into(),
            file: self.file,
            edits,
            applicability: Applicability::Safe,
        });
        self.push(node, node.range(), diagnostic);
    }
}

/// The first token of a node.
fn first_token(node: Node<'_>) -> TextRange {
    std::iter::successors(Some(node), |n| n.parts().next()).last().map_or(node.range(), Node::range)
}
