//! Local names that hide another name of the same file, which language.md forbids: a name means one thing in a file.

use std::sync::Arc;

use super::errors;
use super::scope::{Module, SymbolKind};
use crate::base::{FileId, Span};
use crate::diag::Sink;
use crate::syntax::ast::{
    Arg, Binding, Block, Comp, Expr, ExprKind, Ident, ListItem, ObjectComp, ObjectItem, ObjectKey, Stmt,
    StmtKind, StrLit, StrPart,
};

/// Reports every local name of a module that hides one of its declarations or a local name around it. A local name
/// may hide what is imported or built in.
pub(super) fn check(module: &Module<'_>, sink: &mut Sink) {
    let mut walk = Walk { module, file: module.file, locals: Vec::new(), sink };
    walk.items(&module.ast.items, true);
}

struct Walk<'m, 'a, 's> {
    module: &'m Module<'a>,
    file: FileId,
    locals: Vec<(Arc<str>, Span)>,
    sink: &'s mut Sink,
}

impl Walk<'_, '_, '_> {
    fn bind(&mut self, name: &Ident) {
        let span = name.range.in_file(self.file);
        let outer = self.locals.iter().rev().find(|(n, _)| *n == name.text).map(|(_, at)| *at);
        let own = self.module.symbols.get(&name.text).filter(|s| {
            !matches!(s.kind, SymbolKind::Namespace(..) | SymbolKind::Imported(..) | SymbolKind::Broken)
        });
        if let Some(first) = outer.or(own.map(|s| s.span)) {
            self.sink.push(errors::shadowed(&name.text, span, first));
        }
        self.locals.push((name.text.clone(), span));
    }

    /// Runs `f` with names that are gone afterwards.
    fn scoped(&mut self, names: &[Ident], f: impl FnOnce(&mut Self)) {
        let before = self.locals.len();
        names.iter().for_each(|n| self.bind(n));
        f(self);
        self.locals.truncate(before);
    }

    fn items(&mut self, items: &[Stmt], top: bool) {
        let before = self.locals.len();
        for stmt in items {
            self.stmt(stmt, top);
        }
        self.locals.truncate(before);
    }

    fn stmt(&mut self, stmt: &Stmt, top: bool) {
        match &stmt.kind {
            StmtKind::Let(b) => {
                self.optional(b.value.as_ref());
                if let (Some(name), false) = (&b.name, top) {
                    self.bind(name);
                }
            }
            StmtKind::Param(b) | StmtKind::Output(b) => self.optional(b.value.as_ref()),
            StmtKind::Fn(f) => self.with_params(&f.params, |w| w.optional(f.body.as_ref())),
            StmtKind::Recipe(r) => self.with_params(&r.params, |w| w.items(&r.body.items, false)),
            StmtKind::Assert(a) => {
                self.expr(&a.condition);
                self.optional(a.message.as_ref());
            }
            StmtKind::Policy(p) => {
                let names: Vec<Ident> = p.binding.iter().cloned().collect();
                self.scoped(&names, |w| w.items(&p.body.items, false));
            }
            StmtKind::Resource(r) => self.items(&r.body.items, false),
            StmtKind::Use(u) => self.expr(&u.target),
            StmtKind::Spread(e) => self.expr(e),
            StmtKind::For(f) => {
                self.expr(&f.iterable);
                self.scoped(&f.bindings, |w| {
                    w.optional(f.condition.as_ref());
                    w.items(&f.body.items, false);
                });
            }
            StmtKind::If(c) => {
                self.expr(&c.condition);
                self.block(&c.then, top);
                if let Some(other) = &c.otherwise {
                    self.block(other, top);
                }
            }
            StmtKind::Entry(e) => {
                self.optional(e.value.as_ref());
                if let Some(block) = &e.block {
                    self.items(&block.items, false);
                }
            }
            StmtKind::Import(_) | StmtKind::Type(_) => {}
        }
    }

    fn block(&mut self, block: &Block, top: bool) {
        self.items(&block.items, top);
    }

    fn with_params(&mut self, params: &[Binding], f: impl FnOnce(&mut Self)) {
        let before = self.locals.len();
        for param in params {
            self.optional(param.value.as_ref());
            if let Some(name) = &param.name {
                self.bind(name);
            }
        }
        f(self);
        self.locals.truncate(before);
    }

    fn optional(&mut self, expr: Option<&Expr>) {
        if let Some(expr) = expr {
            self.expr(expr);
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Str(text) => self.text(text),
            ExprKind::Paren(e) | ExprKind::Unary { operand: e, .. } | ExprKind::Member { base: e, .. } => {
                self.expr(e)
            }
            ExprKind::Index { base, index } => {
                self.expr(base);
                self.expr(index);
            }
            ExprKind::Call { callee, args } => {
                self.expr(callee);
                args.iter().for_each(|Arg { value, .. }| self.expr(value));
            }
            ExprKind::Binary { left, right, .. } => {
                self.expr(left);
                self.expr(right);
            }
            ExprKind::Ternary { condition, then, otherwise } => {
                self.expr(condition);
                self.expr(then);
                self.expr(otherwise);
            }
            ExprKind::List(items) => {
                for item in items {
                    let (ListItem::Item(e) | ListItem::Spread(e)) = item;
                    self.expr(e);
                }
            }
            ExprKind::ListComp(comp) => self.list_comp(comp),
            ExprKind::Object(items) => {
                for item in items {
                    match item {
                        ObjectItem::Member { key, value } => {
                            self.key(key);
                            self.expr(value);
                        }
                        ObjectItem::Spread(e) => self.expr(e),
                    }
                }
            }
            ExprKind::ObjectComp(comp) => self.object_comp(comp),
            _ => {}
        }
    }

    fn list_comp(&mut self, comp: &Comp) {
        self.expr(&comp.iterable);
        self.scoped(&comp.bindings, |w| {
            w.optional(comp.condition.as_ref());
            w.expr(&comp.body);
        });
    }

    fn object_comp(&mut self, comp: &ObjectComp) {
        self.expr(&comp.iterable);
        self.scoped(&comp.bindings, |w| {
            w.optional(comp.condition.as_ref());
            w.key(&comp.key);
            w.expr(&comp.value);
        });
    }

    fn key(&mut self, key: &ObjectKey) {
        match key {
            ObjectKey::Ident(_) => {}
            ObjectKey::Str(text) => self.text(text),
            ObjectKey::Expr(e) => self.expr(e),
        }
    }

    fn text(&mut self, text: &StrLit) {
        for part in &text.parts {
            if let StrPart::Interpolation(e) = part {
                self.expr(e);
            }
        }
    }
}
