//! Expressions and types: where chains of operators break.

use super::doc::{Doc, Fit};
use super::layout::{Layout, ends_line};
use super::lists::is_short;
use super::rows::next_parts;
use crate::syntax::{Node, SyntaxKind};

/// The operators by strength, the loosest first: a chain breaks at the loosest that it has.
const STRENGTHS: &[&[&str]] =
    &[&["|", "??"], &["||"], &["&&"], &["==", "!="], &["<", "<=", ">", ">="], &["+", "-"], &["*", "/", "%"]];

impl<'t> Layout<'t> {
    /// An expression or type. It breaks where its author broke it; if he did not and it may, at its loosest operators: a
    /// line ends with an operator, and begins with `?`, `:` or `.name`.
    pub(super) fn chain(&self, node: Node<'t>, may_break: bool) -> Doc<'t> {
        let (mut first, rest, fit) = self.links(node, may_break);
        if rest.is_empty() {
            return Doc::concat(first);
        }
        first.push(Doc::nest(rest));
        Doc::group(first, fit)
    }

    /// What stands before the first place to break, the rest, and when the chain breaks.
    fn links(&self, node: Node<'t>, may_break: bool) -> (Vec<Doc<'t>>, Vec<Doc<'t>>, Fit) {
        let children: Vec<Node<'t>> = node.children().collect();
        let author = self.author_breaks(&children);
        let soft = may_break && !author.contains(&true);
        let loosest = self.loosest(&children);
        let (mut first, mut rest) = (Vec::new(), Vec::new());
        let mut broken = false;
        for (i, child) in children.iter().enumerate() {
            let before = i.checked_sub(1).and_then(|i| children.get(i));
            if let Some(before) = before {
                let loose = soft && !child.kind().is_trivia() && self.is_loose(*before, *child, loosest);
                let fixed = ends_line(before.kind()) || author.get(i) == Some(&true);
                broken |= fixed || loose;
                let parts = if broken { &mut rest } else { &mut first };
                if fixed {
                    parts.push(Doc::hard());
                } else if loose {
                    parts.push(Doc::line());
                } else if !glued(before.kind(), child.kind()) {
                    parts.push(Doc::space());
                }
            }
            let parts = if broken { &mut rest } else { &mut first };
            parts.push(if child.kind().is_trivia() { self.comment(*child) } else { self.node(*child) });
        }
        (first, rest, if author.contains(&true) { Fit::Never } else { Fit::Start })
    }

    /// For each child, whether its author began a line with it and it may stay there. A break behind `?` and `:` is taken
    /// for one before it.
    fn author_breaks(&self, children: &[Node<'t>]) -> Vec<bool> {
        let mut out = vec![false; children.len()];
        let mut last_part: Option<(usize, SyntaxKind)> = None;
        let next_parts = next_parts(children);
        for ((i, pair), next) in children.windows(2).enumerate().zip(next_parts) {
            let [left, right] = pair else { continue };
            if !left.kind().is_trivia() {
                last_part = Some((i, left.kind()));
            }
            if self.newlines(left.range().end, right.range().start) == 0 {
                continue;
            }
            let at = match last_part {
                Some((_, SyntaxKind::Operator | SyntaxKind::Bar)) => Some(i + 1),
                _ if next.is_some_and(|n| begins_line(n.kind())) => Some(i + 1),
                Some((at, SyntaxKind::Question | SyntaxKind::Colon)) => Some(at),
                _ => None,
            };
            if let Some(mark) = at.and_then(|at| out.get_mut(at)) {
                *mark = true;
            }
        }
        out
    }

    /// Whether a chain that does not fit on the line breaks between two neighbours.
    fn is_loose(&self, left: Node<'t>, right: Node<'t>, loosest: Option<usize>) -> bool {
        match (left.kind(), right.kind()) {
            (_, SyntaxKind::Question | SyntaxKind::Colon) => true,
            (SyntaxKind::Operator | SyntaxKind::Bar, _) => Some(strength(self.text(left))) == loosest,
            _ => false,
        }
    }

    /// The strength of the operators that a chain breaks at; none if it is a choice or has no operators.
    fn loosest(&self, children: &[Node<'t>]) -> Option<usize> {
        if children.iter().any(|n| n.kind() == SyntaxKind::Question) {
            return None;
        }
        let operators =
            children.iter().filter(|n| matches!(n.kind(), SyntaxKind::Operator | SyntaxKind::Bar));
        operators.map(|n| strength(self.text(*n))).min()
    }

    /// A value behind `=`. A chain that does not fit on the line begins on the next one, and so does the one word that
    /// a function stands for; but a chain whose author began it here and broke it stays.
    pub(super) fn assigned(&self, eq: Node<'t>, node: Node<'t>) -> Doc<'t> {
        let has = |kinds: &[SyntaxKind]| node.children().any(|n| kinds.contains(&n.kind()));
        let is_chain = has(&[SyntaxKind::Operator, SyntaxKind::Question, SyntaxKind::Bar]);
        let is_body = eq.parent().is_some_and(|n| n.kind() == SyntaxKind::Fn) && is_short(node);
        if !is_chain && !is_body {
            return self.chain(node, true);
        }
        let begins_line = self.newlines(eq.range().end, node.range().start) > 0;
        let (mut links, mut rest, fit) = self.links(node, true);
        let breaks = fit == Fit::Never || links.iter().chain(&rest).any(|d| d.breaks);
        if breaks && !begins_line {
            links.push(Doc::nest(rest));
            return Doc::group(links, fit);
        }
        if has(&[SyntaxKind::Question]) {
            rest = vec![Doc::nest(rest)];
        }
        links.extend(rest);
        Doc::group(vec![Doc::nest(vec![Doc::soft(), Doc::group(links, fit)])], Fit::Whole)
    }
}

fn strength(operator: &str) -> usize {
    STRENGTHS.iter().position(|same| same.contains(&operator)).unwrap_or(0)
}

fn begins_line(kind: SyntaxKind) -> bool {
    matches!(kind, SyntaxKind::Question | SyntaxKind::Colon | SyntaxKind::Member)
}

/// Whether nothing stands between two neighbours.
fn glued(left: SyntaxKind, right: SyntaxKind) -> bool {
    if left.is_trivia() || right.is_trivia() {
        return false;
    }
    left == SyntaxKind::PrefixOp
        || matches!(
            right,
            SyntaxKind::Member | SyntaxKind::Call | SyntaxKind::Index | SyntaxKind::QuestionMark
        )
}
