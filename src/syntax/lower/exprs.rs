//! Expressions: the flat node becomes a tree by precedence.

use std::iter::Peekable;
use std::sync::Arc;

use super::Lower;
use crate::base::TextRange;
use crate::syntax::ast::{
    Arg, BinaryOp, Comp, Expr, ExprKind, Ident, ListItem, ObjectComp, ObjectItem, ObjectKey, UnaryOp,
};
use crate::syntax::cst::{Children, Node};
use crate::syntax::errors::{self, Chain};
use crate::syntax::kind::SyntaxKind;
use crate::syntax::text::{NumberLit, parse_number};

/// The binary operators as written, with their strength: a stronger one binds first.
const OPERATORS: &[(&str, BinaryOp, u8)] = &[
    ("+", BinaryOp::Add, 6),
    ("==", BinaryOp::Eq, 4),
    ("??", BinaryOp::Coalesce, 1),
    ("&&", BinaryOp::And, 3),
    ("||", BinaryOp::Or, 2),
    ("!=", BinaryOp::Ne, 4),
    ("<", BinaryOp::Lt, 5),
    ("<=", BinaryOp::Le, 5),
    (">", BinaryOp::Gt, 5),
    (">=", BinaryOp::Ge, 5),
    ("-", BinaryOp::Sub, 6),
    ("*", BinaryOp::Mul, 7),
    ("/", BinaryOp::Div, 7),
    ("%", BinaryOp::Rem, 7),
    // Other languages' spellings, reported by recovery.
    ("and", BinaryOp::And, 3),
    ("&", BinaryOp::And, 3),
    ("or", BinaryOp::Or, 2),
    ("|", BinaryOp::Or, 2),
    ("===", BinaryOp::Eq, 4),
    ("=", BinaryOp::Eq, 4),
    ("!==", BinaryOp::Ne, 4),
    ("<>", BinaryOp::Ne, 4),
];

/// The strength of `==` and its like, the weakest that `not` takes.
const COMPARISON: u8 = 4;
/// How strongly an operator binds; a stronger one binds first.
pub fn strength(op: BinaryOp) -> u8 {
    OPERATORS.iter().find(|(_, other, _)| *other == op).map_or(0, |(.., strength)| *strength)
}

/// The children of one flat expression node, without comments.
struct Operands<'a> {
    rest: Peekable<Children<'a>>,
    /// Where the last one taken ended.
    at: u32,
}

impl<'a> Operands<'a> {
    fn new(node: Node<'a>) -> Self {
        Self { rest: node.children().peekable(), at: node.range().start }
    }

    fn peek(&mut self) -> Option<Node<'a>> {
        while self.rest.next_if(|n| n.kind().is_trivia()).is_some() {}
        self.rest.peek().copied()
    }

    fn take(&mut self) -> Option<Node<'a>> {
        let node = self.peek();
        self.rest.next();
        self.at = node.map_or(self.at, |n| n.range().end);
        node
    }

    fn take_if(&mut self, kind: SyntaxKind) -> Option<Node<'a>> {
        if self.peek()?.kind() == kind { self.take() } else { None }
    }
}

pub(super) fn missing(at: u32) -> Expr {
    Expr { kind: ExprKind::Missing, range: TextRange { start: at, end: at } }
}

impl<'a> Lower<'a> {
    /// The value of a child that is an expression or its absence.
    pub(super) fn expr(&mut self, node: Node<'_>) -> Expr {
        match node.kind() {
            SyntaxKind::Expr => {}
            SyntaxKind::Object => return self.object(node),
            _ => return missing(node.range().start),
        }
        // Most expressions are one name or literal.
        let links = node.children().filter(|n| is_link(n.kind())).count();
        let lone = links == 0;
        let by = links.max(1);
        let range = node.range();
        let chain = if by > 1 { Chain::Operators } else { Chain::Nest };
        let result = self.chained(chain, by, range, |lower| {
            let mut operands = Operands::new(node);
            if lone { lower.operand(&mut operands) } else { lower.ternary(&mut operands) }
        });
        result.unwrap_or(Expr { kind: ExprKind::Missing, range })
    }

    /// The expression among a node's children, or its absence at the node's end.
    pub(super) fn expr_in(&mut self, node: Node<'_>) -> Expr {
        let child = node.parts().find(|n| matches!(n.kind(), SyntaxKind::Expr | SyntaxKind::MissingExpr));
        child.map_or_else(|| missing(node.range().end), |n| self.expr(n))
    }

    fn ternary(&mut self, operands: &mut Operands<'_>) -> Expr {
        let mut arms = Vec::new();
        let mut last = self.binary(operands, 0);
        while operands.take_if(SyntaxKind::Question).is_some() {
            let then = match operands.peek() {
                Some(n) if matches!(n.kind(), SyntaxKind::Expr | SyntaxKind::MissingExpr) => {
                    operands.take();
                    self.expr(n)
                }
                _ => missing(operands.at),
            };
            let has_else = operands.take_if(SyntaxKind::Colon).is_some();
            if !has_else {
                operands.take_if(SyntaxKind::MissingColon);
            }
            let otherwise = if has_else { self.binary(operands, 0) } else { missing(operands.at) };
            arms.push((std::mem::replace(&mut last, otherwise), then));
        }
        arms.into_iter().rev().fold(last, |otherwise, (condition, then)| Expr {
            range: condition.range.cover(otherwise.range),
            kind: ExprKind::Ternary {
                condition: Box::new(condition),
                then: Box::new(then),
                otherwise: Box::new(otherwise),
            },
        })
    }

    fn binary(&mut self, operands: &mut Operands<'_>, weakest: u8) -> Expr {
        let mut left = self.operand(operands);
        while let Some(node) = operands.peek() {
            if !matches!(node.kind(), SyntaxKind::Operator | SyntaxKind::WrongOperator) {
                break;
            }
            let text = self.text(node);
            let Some((_, op, strength)) = OPERATORS.iter().find(|(t, ..)| *t == text) else { break };
            if *strength < weakest {
                break;
            }
            operands.take();
            let right = self.binary(operands, strength + 1);
            left = Expr {
                range: left.range.cover(right.range),
                kind: ExprKind::Binary {
                    op: *op,
                    op_range: node.range(),
                    left: Box::new(left),
                    right: Box::new(right),
                },
            };
        }
        left
    }

    /// Prefixes, a primary, postfixes.
    fn operand(&mut self, operands: &mut Operands<'_>) -> Expr {
        // Where people write `not`, it binds weaker than a comparison.
        if let Some(not) = operands.take_if(SyntaxKind::WrongNot) {
            let operand = Box::new(self.binary(operands, COMPARISON));
            let range = not.range().cover(operand.range);
            return Expr { kind: ExprKind::Unary { op: UnaryOp::Not, operand }, range };
        }
        let mut prefixes = Vec::new();
        while let Some(prefix) = operands.take_if(SyntaxKind::PrefixOp) {
            prefixes.push(prefix);
        }
        let mut expr = match operands.peek() {
            Some(node) if is_operand(node.kind()) && self.cut != Some(node.range().start) => {
                operands.take();
                self.primary(node)
            }
            _ => missing(operands.at),
        };
        while let Some(node) = operands.peek() {
            if !matches!(node.kind(), SyntaxKind::Member | SyntaxKind::Call | SyntaxKind::Index) {
                break;
            }
            operands.take();
            expr = self.postfix(expr, node);
        }
        for prefix in prefixes.into_iter().rev() {
            let op = if self.text(prefix) == "!" { UnaryOp::Not } else { UnaryOp::Neg };
            expr = Expr {
                range: prefix.range().cover(expr.range),
                kind: ExprKind::Unary { op, operand: Box::new(expr) },
            };
        }
        expr
    }

    pub(super) fn postfix(&mut self, base: Expr, node: Node<'_>) -> Expr {
        let range = base.range.cover(node.range());
        let base = Box::new(base);
        let kind = match node.kind() {
            SyntaxKind::Member => match node.child(SyntaxKind::Ident) {
                Some(name) => ExprKind::Member {
                    base,
                    name: self.ident(name),
                    optional: node.child(SyntaxKind::OptDot).is_some(),
                },
                None => ExprKind::Missing,
            },
            SyntaxKind::Index => ExprKind::Index { base, index: Box::new(self.expr_in(node)) },
            _ => ExprKind::Call { callee: base, args: self.args(node) },
        };
        Expr { kind, range }
    }

    fn args(&mut self, node: Node<'_>) -> Vec<Arg> {
        let args = node.children().filter(|n| n.kind() == SyntaxKind::Arg);
        args.map(|n| Arg {
            name: n.child(SyntaxKind::Ident).map(|name| self.ident(name)),
            value: self.expr_in(n),
        })
        .collect()
    }

    fn primary(&mut self, node: Node<'_>) -> Expr {
        let range = node.range();
        if self.is_text(range.start) {
            return Expr { kind: ExprKind::Missing, range };
        }
        let kind = match node.kind() {
            SyntaxKind::Name => match self.text(node) {
                "true" => ExprKind::Bool(true),
                "false" => ExprKind::Bool(false),
                "null" => ExprKind::Null,
                // Reported: conditions in values are written with `?`.
                "if" => ExprKind::Missing,
                name => ExprKind::Name(Arc::from(name)),
            },
            SyntaxKind::Number => self.number(node),
            SyntaxKind::Paren => ExprKind::Paren(Box::new(self.expr_in(node))),
            SyntaxKind::List => self.list(node),
            SyntaxKind::Object => return self.object(node),
            kind if kind.is_string() => ExprKind::Str(self.string(node)),
            _ => ExprKind::Missing,
        };
        Expr { kind, range }
    }

    fn number(&mut self, node: Node<'_>) -> ExprKind {
        match parse_number(self.text(node)) {
            Ok(NumberLit::Int(n)) => ExprKind::Int(n),
            Ok(NumberLit::Decimal(text)) => ExprKind::Decimal(Arc::from(text)),
            Ok(NumberLit::Duration(seconds)) => ExprKind::Duration(seconds),
            Ok(NumberLit::Size(gigabytes)) => ExprKind::Size(gigabytes),
            Err(error) => {
                let span = node.range().in_file(self.file);
                self.errors.push(errors::bad_number(span, self.text(node), &error));
                ExprKind::Missing
            }
        }
    }

    fn list(&mut self, node: Node<'_>) -> ExprKind {
        if let Some(comp) = node.child(SyntaxKind::ListComp) {
            let head = self.comp_head(comp);
            let last = comp.parts().last();
            let body = last.map_or_else(|| missing(comp.range().end), |n| self.expr(n));
            let CompHead { bindings, iterable, condition } = head;
            return ExprKind::ListComp(Box::new(Comp { bindings, iterable, condition, body }));
        }
        // `[x for x in xs]`, as it is written elsewhere.
        if let Some(comp) = node.child(SyntaxKind::WrongComp) {
            let CompHead { bindings, iterable, condition } = self.comp_head(comp);
            let body = self.expr_in(node);
            return ExprKind::ListComp(Box::new(Comp { bindings, iterable, condition, body }));
        }
        let items = node.children().filter_map(|n| match n.kind() {
            SyntaxKind::Expr => Some(ListItem::Item(self.expr(n))),
            SyntaxKind::Spread => Some(ListItem::Spread(self.expr_in(n))),
            _ => None,
        });
        ExprKind::List(items.collect())
    }

    /// An object literal or comprehension.
    pub(super) fn object(&mut self, node: Node<'_>) -> Expr {
        let range = node.range();
        let kind = self.nested(1, range, |lower| lower.object_kind(node));
        Expr { kind: kind.unwrap_or(ExprKind::Missing), range }
    }

    fn object_kind(&mut self, node: Node<'_>) -> ExprKind {
        if let Some(comp) = node.child(SyntaxKind::ObjectComp) {
            return self.object_comp(comp);
        }
        let items = node.children().filter_map(|n| match n.kind() {
            SyntaxKind::ObjectMember => {
                let (key, value) = self.member(n.parts())?;
                Some(ObjectItem::Member { key, value })
            }
            SyntaxKind::Spread => Some(ObjectItem::Spread(self.expr_in(n))),
            _ => None,
        });
        ExprKind::Object(items.collect())
    }

    fn object_comp(&mut self, comp: Node<'_>) -> ExprKind {
        let CompHead { bindings, iterable, condition } = self.comp_head(comp);
        let tail = comp
            .parts()
            .skip_while(|n| !matches!(n.kind(), SyntaxKind::Colon | SyntaxKind::MissingColon))
            .skip(1);
        match self.member(tail) {
            Some((key, value)) => {
                ExprKind::ObjectComp(Box::new(ObjectComp { bindings, iterable, condition, key, value }))
            }
            None => ExprKind::Missing,
        }
    }

    /// `key = value`. A string key that is not closed is still a key.
    fn member<'n>(&mut self, mut parts: impl Iterator<Item = Node<'n>>) -> Option<(ObjectKey, Expr)> {
        let key = parts.next()?;
        let lowered = match key.kind() {
            SyntaxKind::Ident => ObjectKey::Ident(self.ident(key)),
            SyntaxKind::Paren => ObjectKey::Expr(self.expr_in(key)),
            kind if kind.is_string() => ObjectKey::Str(self.string(key)),
            _ => return None,
        };
        let value = parts.last().map_or_else(|| missing(key.range().end), |n| self.expr(n));
        Some((lowered, value))
    }

    fn comp_head(&mut self, comp: Node<'_>) -> CompHead {
        let mut head =
            CompHead { bindings: Vec::new(), iterable: missing(comp.range().end), condition: None };
        let mut in_condition = false;
        for node in comp.parts() {
            match node.kind() {
                SyntaxKind::Ident => head.bindings.push(self.ident(node)),
                SyntaxKind::KwIf => in_condition = true,
                SyntaxKind::Expr if in_condition => head.condition = Some(self.expr(node)),
                SyntaxKind::Expr => head.iterable = self.expr(node),
                SyntaxKind::Colon | SyntaxKind::MissingColon => break,
                _ => {}
            }
        }
        head
    }
}

struct CompHead {
    bindings: Vec<Ident>,
    iterable: Expr,
    condition: Option<Expr>,
}

/// Whether a part of an expression makes its tree one level deeper.
fn is_link(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        SyntaxKind::Member
            | SyntaxKind::Call
            | SyntaxKind::Index
            | SyntaxKind::Operator
            | SyntaxKind::WrongOperator
            | SyntaxKind::PrefixOp
            | SyntaxKind::WrongNot
            | SyntaxKind::Question
    )
}

fn is_operand(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        SyntaxKind::Name | SyntaxKind::Number | SyntaxKind::List | SyntaxKind::Object | SyntaxKind::Paren
    ) || kind.is_string()
}
