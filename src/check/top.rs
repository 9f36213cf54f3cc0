//! The top level of the entry file: outputs, asserts, and what has no place there.

use super::declare::conditions;
use super::errors;
use super::eval::Expect;
use super::module::{Checker, Env};
use super::program::{Node, Output};
use super::ty::Type;
use super::value::{Kind, Value};
use crate::syntax::ast::{Entry, EntryLabel, Stmt, StmtKind};

impl<'a> Checker<'a, '_> {
    /// The top level of the entry file: outputs, asserts, and what has no place there.
    pub(crate) fn top_level(
        &mut self,
        items: &'a [Stmt],
        env: &Env,
        condition: &super::declare::Conditions,
        keys: &str,
    ) {
        for stmt in items {
            match &stmt.kind {
                StmtKind::Output(binding) => self.output(stmt, binding, env, condition),
                StmtKind::Assert(assert) => self.check_assert(assert, env, None),
                StmtKind::If(choice) => {
                    let value = self.eval(&choice.condition, env, Expect::None);
                    let (then, otherwise) = self.branches(&value, condition);
                    if let Some(c) = then {
                        self.top_level(&choice.then.items, env, &c, keys);
                    }
                    if let (Some(c), Some(block)) = (otherwise, &choice.otherwise) {
                        self.top_level(&block.items, env, &c, keys);
                    }
                }
                StmtKind::For(each) => {
                    for turn in self.turns_of(each, env, keys) {
                        let scope = self.scope_of_turn(&each.body.items, &turn);
                        self.top_level(&each.body.items, &scope, condition, &turn.keys);
                    }
                }
                StmtKind::Use(_) | StmtKind::Spread(_) => {
                    self.report(errors::misplaced(stmt, env.span(stmt.range)))
                }
                StmtKind::Entry(entry) => self.top_entry(entry, env),
                _ => {}
            }
        }
    }

    /// Entries at the top level must be resources with a name.
    fn top_entry(&mut self, entry: &'a Entry, env: &Env) {
        let word = &entry.keyword;
        let span = env.span(word.range);
        match crate::schema::resource_kind(&word.text) {
            Some(kind) if kind.parent.is_some() => {
                self.report(errors::child_at_top(kind.keyword, kind.parent.unwrap_or_default(), span));
            }
            Some(kind) => {
                if !matches!(&entry.label, Some(EntryLabel::Path(p)) if p.len() == 1) {
                    self.report(errors::needs_name(kind.keyword, span));
                } else if !kind.deployable && entry.existing.is_none() {
                    self.report(errors::only_existing(kind, span));
                }
                if let Some(value) = &entry.value {
                    self.report(errors::resource_takes_no_value(kind.keyword, env.span(value.range)));
                }
            }
            None if &*word.text == "template" && entry.label.is_none() && entry.value.is_none() => {
                let items: &'a [Stmt] = entry.block.as_ref().map_or(&[], |b| &b.items);
                let fields = self.raw_fields(items, env);
                let value = Value::object(fields, span);
                self.report_secrets(&value, "`template`");
                let value = self.as_plain(value, span);
                if let super::program::NodeKind::Object(object) = self.plain_node(&value).kind {
                    self.report(errors::raw_members("template", span));
                    self.template.members.extend(object.members);
                }
            }
            None => self.report(errors::unknown_declaration(&word.text, span)),
        }
    }

    fn output(
        &mut self,
        stmt: &'a Stmt,
        binding: &'a crate::syntax::ast::Binding,
        env: &Env,
        condition: &super::declare::Conditions,
    ) {
        let (Some(name), Some(expr)) = (&binding.name, &binding.value) else { return };
        let span = env.span(name.range);
        let value = self.eval(expr, env, Expect::None);
        let declared = binding.ty.as_ref().map(|t| self.type_of_expr(t, env));
        let value = match &declared {
            Some(d) => self.conform(value, &d.ty, &format!("the output `{}`", name.text)),
            None => value,
        };
        if value.labels.secret.is_some() {
            self.report(errors::secret_sink(&value, &format!("the output `{}`", name.text), value.span));
            if !self.options.permissive {
                return;
            }
        }
        let written = super::params::arm_name(binding, &name.text);
        if let Some(first) = self.outputs.iter().find(|o| o.name.eq_ignore_ascii_case(&written)) {
            let first = first.span;
            self.report(errors::duplicate_property(&written, span, first));
            return;
        }
        let plain = self.as_plain(value, env.span(expr.range));
        if plain.is_unknown() {
            return;
        }
        if matches!(plain.kind, Kind::Null | Kind::Decimal(_)) {
            self.report(errors::no_output_type(&name.text, plain.span));
            return;
        }
        let node: Node = self.plain_node(&plain);
        let condition =
            conditions(condition).into_iter().reduce(|a, b| crate::arm::Expr::call("and", vec![a, b]));
        let ty = match &declared {
            Some(declared) => declared.ty.clone(),
            None => plain.type_of(),
        };
        if ty == Type::Any {
            self.report(errors::output_needs_type(&name.text, span));
        }
        let arm_type = ty.arm_type();
        let description = stmt.doc.clone();
        self.outputs.push(Output { name: written, arm_type, value: node, condition, description, span });
    }
}
