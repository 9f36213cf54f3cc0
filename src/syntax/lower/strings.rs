//! Strings: escapes resolved, block strings without their indentation.

use std::sync::Arc;

use super::Lower;
use super::exprs::missing;
use crate::base::TextRange;
use crate::syntax::ast::{StrForm, StrLit, StrPart};
use crate::syntax::cst::Node;
use crate::syntax::errors;
use crate::syntax::kind::SyntaxKind;
use crate::syntax::text::{Indentation, dedent_into, unescape_into};

impl<'a> Lower<'a> {
    /// A string of any form.
    pub(super) fn string(&mut self, node: Node<'_>) -> StrLit {
        let (form, parts) = match node.kind() {
            SyntaxKind::RawString => (StrForm::Raw, self.raw(node, SyntaxKind::RawText)),
            SyntaxKind::RawBlock => (StrForm::RawBlock, self.block_text(node)),
            SyntaxKind::BlockString => (StrForm::Block, self.block_text(node)),
            _ => (StrForm::Line, self.line(node)),
        };
        let mut string = StrLit { parts, form, range: node.range() };
        if let Some(end) = node.child(SyntaxKind::Unterminated) {
            // Nobody knows where it should have ended.
            string.parts.push(StrPart::Interpolation(missing(end.range().start)));
        }
        string
    }

    fn raw(&self, node: Node<'_>, text: SyntaxKind) -> Vec<StrPart> {
        let text = node.child(text);
        text.map(|n| StrPart::Text { text: Arc::from(self.text(n)), range: n.range() }).into_iter().collect()
    }

    fn line(&mut self, node: Node<'_>) -> Vec<StrPart> {
        // Most strings are one piece of text.
        let mut parts = node.children().skip(1);
        if let (Some(only), Some(_), None) = (parts.next(), parts.next(), parts.next())
            && only.kind() == SyntaxKind::LineText
        {
            return self.raw(node, SyntaxKind::LineText);
        }
        let mut run = Run::default();
        for piece in node.children() {
            match piece.kind() {
                SyntaxKind::LineText => run.piece(piece.range()).push_str(self.text(piece)),
                SyntaxKind::Escape => self.escape(piece, run.piece(piece.range())),
                SyntaxKind::Interpolation => run.interpolation(StrPart::Interpolation(self.expr_in(piece))),
                SyntaxKind::WrongExpansion => run.interpolation(no_value(piece)),
                _ => {}
            }
        }
        run.finish()
    }

    fn block_text(&mut self, node: Node<'_>) -> Vec<StrPart> {
        let is_piece = |n: &Node<'_>| {
            matches!(
                n.kind(),
                SyntaxKind::BlockText
                    | SyntaxKind::RawBlockText
                    | SyntaxKind::Escape
                    | SyntaxKind::Interpolation
                    | SyntaxKind::WrongExpansion
            )
        };
        let mut indentation = Indentation::default();
        for piece in node.children().filter(is_piece) {
            match piece.kind() {
                SyntaxKind::BlockText | SyntaxKind::RawBlockText => indentation.text(self.text(piece)),
                _ => indentation.content(),
            }
        }
        let indent = indentation.common();
        let mut run = Run::default();
        let mut pieces = node.children().filter(is_piece).enumerate().peekable();
        while let Some((i, piece)) = pieces.next() {
            let is_last = pieces.peek().is_none();
            let range = piece.range();
            match piece.kind() {
                SyntaxKind::Escape => self.escape(piece, run.piece(range)),
                SyntaxKind::Interpolation => run.interpolation(StrPart::Interpolation(self.expr_in(piece))),
                SyntaxKind::WrongExpansion => run.interpolation(no_value(piece)),
                _ => dedent_into(self.text(piece), indent, i == 0, is_last, run.piece(range)),
            }
        }
        run.finish()
    }

    fn escape(&mut self, node: Node<'_>, out: &mut String) {
        let text = self.text(node);
        if let Err(error) = unescape_into(text, out) {
            self.errors.push(errors::bad_escape(node.range().in_file(self.file), text, error));
        }
    }
}

/// An interpolation that was reported.
fn no_value(piece: Node<'_>) -> StrPart {
    StrPart::Interpolation(missing(piece.range().start))
}

/// Neighbouring pieces of text become one part.
#[derive(Default)]
struct Run {
    parts: Vec<StrPart>,
    text: String,
    range: Option<TextRange>,
}

impl Run {
    fn piece(&mut self, range: TextRange) -> &mut String {
        self.range = Some(self.range.map_or(range, |r| r.cover(range)));
        &mut self.text
    }

    fn interpolation(&mut self, part: StrPart) {
        self.flush();
        self.parts.push(part);
    }

    fn flush(&mut self) {
        if let Some(range) = self.range.take().filter(|_| !self.text.is_empty()) {
            self.parts.push(StrPart::Text { text: Arc::from(self.text.as_str()), range });
        }
        self.text.clear();
    }

    fn finish(mut self) -> Vec<StrPart> {
        self.flush();
        self.parts
    }
}
