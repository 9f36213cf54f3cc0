//! Properties and names that the grammar accepts, and that mean nothing.

use super::Recovery;
use crate::base::TextRange;
use crate::diag::{Diagnostic, code};
use crate::syntax::cst::Node;
use crate::syntax::kind::SyntaxKind;
use crate::syntax::slip::slipped_entry;
use crate::syntax::text::is_value_word;

impl<'a> Recovery<'a> {
    /// A property whose value is missing before the next entry.
    pub(super) fn property(&mut self, node: Node<'a>) {
        if let Some(slip) = slipped_entry(self.source, node) {
            let at = TextRange { start: slip.wanted_at, end: slip.wanted_at };
            let title = "expected a value, found the end of the line";
            let entry = self.between(slip.keyword.range().start, slip.keyword.range().end);
            let diagnostic = Diagnostic::new(&code::SYNTAX, self.span(at), title)
                .also(self.span(slip.keyword.range()), format!("`{entry}` begins an entry of its own"));
            self.push(node, at, diagnostic);
        }
    }

    /// `let null = 1`, `param if: string`: where a name is used, these words are values or no names.
    pub(super) fn name_of_a_value(&mut self, node: Node<'a>) {
        let written = self.between(node.range().start, node.range().end);
        if !is_value_word(written) || !names_a_value(node) {
            return;
        }
        let why = match written {
            "if" => "`if` never stands for a value",
            _ => "where it is used it is the value of that name",
        };
        let title = format!("`{written}` can't be the name of a value");
        let diagnostic = Diagnostic::new(&code::SYNTAX, self.span(node.range()), title)
            .note(why)
            .help("give it another name");
        self.push(node, node.range(), diagnostic);
    }
}

/// Whether a name is declared by what it stands in, and used among values.
fn names_a_value(name: Node<'_>) -> bool {
    let Some(parent) = name.parent() else { return false };
    let first = || parent.child(SyntaxKind::Ident).is_some_and(|n| n.index() == name.index());
    match parent.kind() {
        SyntaxKind::Let | SyntaxKind::Param | SyntaxKind::ParamDef | SyntaxKind::Fn | SyntaxKind::Recipe => {
            first()
        }
        SyntaxKind::For | SyntaxKind::ListComp | SyntaxKind::ObjectComp | SyntaxKind::WrongComp => true,
        SyntaxKind::Import | SyntaxKind::ImportName | SyntaxKind::Policy => {
            name.prev_sibling().is_some_and(|n| n.kind() == SyntaxKind::KwAs)
        }
        _ => false,
    }
}
