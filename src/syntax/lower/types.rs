//! Types: the flat node becomes a tree.

use super::Lower;
use crate::base::TextRange;
use crate::syntax::ast::{Ident, Refinement, RefinementKind, TypeExpr, TypeField, TypeKind};
use crate::syntax::cst::Node;
use crate::syntax::errors;
use crate::syntax::kind::SyntaxKind;
use crate::syntax::text::{NumberLit, parse_number};

fn missing(at: u32) -> TypeExpr {
    TypeExpr { kind: TypeKind::Missing, range: TextRange { start: at, end: at } }
}

impl<'a> Lower<'a> {
    /// The type among a node's children, if there is one or if it is missing.
    pub(super) fn type_in(&mut self, node: Node<'_>) -> Option<TypeExpr> {
        let child = node.parts().find(|n| matches!(n.kind(), SyntaxKind::TypeExpr | SyntaxKind::MissingType));
        child.map(|n| self.type_expr(n))
    }

    pub(super) fn type_expr(&mut self, node: Node<'_>) -> TypeExpr {
        if node.kind() != SyntaxKind::TypeExpr {
            return missing(node.range().start);
        }
        let range = node.range();
        let result = self.nested(1, range, |lower| lower.alternatives(node));
        result.unwrap_or(TypeExpr { kind: TypeKind::Missing, range })
    }

    fn alternatives(&mut self, node: Node<'_>) -> TypeExpr {
        let mut done = Vec::new();
        let mut current: Option<TypeExpr> = None;
        let mut secret: Option<TextRange> = None;
        let finish = |current: &mut Option<TypeExpr>, secret: &mut Option<TextRange>| {
            let ty = current.take()?;
            Some(match secret.take() {
                Some(word) => TypeExpr { range: word.cover(ty.range), kind: TypeKind::Secret(Box::new(ty)) },
                None => ty,
            })
        };
        for part in node.parts() {
            match part.kind() {
                SyntaxKind::KwSecret => secret = secret.or(Some(part.range())),
                SyntaxKind::Bar => done.extend(finish(&mut current, &mut secret)),
                // `T??` is `T?`.
                SyntaxKind::QuestionMark => {
                    current = current.map(|ty| match ty.kind {
                        TypeKind::Optional(_) => ty,
                        _ => TypeExpr {
                            range: ty.range.cover(part.range()),
                            kind: TypeKind::Optional(Box::new(ty)),
                        },
                    });
                }
                _ => current = Some(self.type_atom(part)),
            }
        }
        done.extend(finish(&mut current, &mut secret));
        match done.len() {
            0 => missing(node.range().start),
            1 => done.pop().unwrap_or_else(|| missing(node.range().start)),
            _ => TypeExpr { kind: TypeKind::Union(done), range: node.range() },
        }
    }

    fn type_atom(&mut self, node: Node<'_>) -> TypeExpr {
        let kind = match node.kind() {
            SyntaxKind::TypeName => self.type_name(node),
            SyntaxKind::TypeObject => {
                let fields = node.children().filter(|n| n.kind() == SyntaxKind::TypeField);
                TypeKind::Object(fields.filter_map(|n| self.type_field(n)).collect())
            }
            SyntaxKind::TypeParen => {
                let inner = self.type_in(node).unwrap_or_else(|| missing(node.range().end));
                TypeKind::Paren(Box::new(inner))
            }
            kind if kind.is_string() && node.child(SyntaxKind::Unterminated).is_none() => {
                TypeKind::Literal(self.string(node))
            }
            _ => TypeKind::Missing,
        };
        TypeExpr { kind, range: node.range() }
    }

    fn type_name(&mut self, node: Node<'_>) -> TypeKind {
        let path: Vec<Ident> =
            node.children().filter(|n| n.kind() == SyntaxKind::Ident).map(|n| self.ident(n)).collect();
        if node.child(SyntaxKind::MissingIdent).is_some() {
            return TypeKind::Missing;
        }
        let args = node.child(SyntaxKind::TypeArgs).map(|args| {
            args.parts()
                .filter(|n| matches!(n.kind(), SyntaxKind::TypeExpr | SyntaxKind::MissingType))
                .map(|n| self.type_expr(n))
                .collect()
        });
        let args = args.unwrap_or_default();
        let refinement = node.child(SyntaxKind::Refinement).and_then(|n| self.refinement(n));
        TypeKind::Named { path, args, refinement }
    }

    fn type_field(&mut self, node: Node<'_>) -> Option<TypeField> {
        Some(TypeField {
            name: self.ident(node.child(SyntaxKind::Ident)?),
            optional: node.child(SyntaxKind::QuestionMark).is_some(),
            ty: self.type_in(node).unwrap_or_else(|| missing(node.range().end)),
        })
    }

    fn refinement(&mut self, node: Node<'_>) -> Option<Refinement> {
        if node.child(SyntaxKind::JunkElement).is_some() {
            return None;
        }
        let inner = node.parts().nth(1)?;
        let kind = match inner.kind() {
            SyntaxKind::Range => self.bounds(inner)?,
            kind if kind.is_string() && inner.child(SyntaxKind::Unterminated).is_none() => {
                RefinementKind::Pattern(self.string(inner))
            }
            _ => return None,
        };
        Some(Refinement { kind, range: node.range() })
    }

    fn bounds(&mut self, node: Node<'_>) -> Option<RefinementKind> {
        let (mut low, mut high) = (None, None);
        let (mut negative, mut after) = (false, false);
        for part in node.parts() {
            match part.kind() {
                SyntaxKind::Minus => negative = true,
                SyntaxKind::DotDot => after = true,
                SyntaxKind::Number => {
                    let value = self.bound(part)?;
                    let value = if std::mem::take(&mut negative) { -value } else { value };
                    *(if after { &mut high } else { &mut low }) = Some(value);
                }
                _ => return None,
            }
        }
        Some(RefinementKind::Range { low, high })
    }

    fn bound(&mut self, node: Node<'_>) -> Option<i64> {
        let span = node.range().in_file(self.file);
        match parse_number(self.text(node)) {
            Ok(NumberLit::Int(value)) => return Some(value),
            Ok(_) => self.errors.push(errors::bound_is_no_integer(span, self.text(node))),
            Err(error) => self.errors.push(errors::bad_number(span, self.text(node), &error)),
        }
        None
    }
}
