//! Instances of modules: a module once for each `with { … }`, and what its names stand for.

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexMap;

use super::errors;
use super::eval::Expect;
use super::module::{Callable, CallableKind, Checker, Env, Instance, Slotted, address};
use super::value::{Kind, Value};
use crate::base::{FileId, Span};
use crate::resolve::SymbolKind;
use crate::syntax::ast::{self, Stmt};

impl<'a> Checker<'a, '_> {
    /// Makes an instance of a module and declares its resources.
    pub(super) fn instantiate(&mut self, file: FileId, given: IndexMap<Arc<str>, Value>) -> usize {
        let id = self.instances.len();
        self.instances.push(Instance { file, given, memo: HashMap::new() });
        if let Some(module) = self.graph.module(file) {
            let items: &'a [Stmt] = &module.ast.items;
            let env = self.env_of(id);
            self.declare(items, &env, None, &None, "");
        }
        id
    }

    /// The scope of a module's top level.
    pub(crate) fn env_of(&self, instance: usize) -> Env {
        let file = self.instances.get(instance).map(|i| i.file).unwrap_or_default();
        Env { instance, file, locals: None, via: None }
    }

    /// The instance that an import statement of `instance` leads to.
    fn imported_instance(&mut self, instance: usize, import: &'a ast::Import, target: FileId) -> usize {
        let key = if import.with.is_some() { (instance + 1, address(import)) } else { (0, target.index()) };
        if let Some(id) = self.instance_of.get(&key) {
            return *id;
        }
        let mut given = IndexMap::new();
        if let Some(with) = &import.with {
            let env = self.env_of(instance);
            given = self.bindings_of(with, &env, target);
        }
        let id = self.instantiate(target, given);
        self.instance_of.insert(key, id);
        id
    }

    /// Evaluates `with { … }` and checks that the module has such parameters.
    fn bindings_of(&mut self, with: &'a ast::Expr, env: &Env, target: FileId) -> IndexMap<Arc<str>, Value> {
        let value = self.eval(with, env, Expect::None);
        let mut given = IndexMap::new();
        let Some(fields) = value.as_object().cloned() else {
            if !value.is_unknown() {
                self.report(errors::type_mismatch(&value, "an object of parameter values", value.span));
            }
            return given;
        };
        let names: Vec<Arc<str>> = self
            .graph
            .module(target)
            .map(|m| {
                let params = m.symbols.iter().filter(|(_, s)| matches!(s.kind, SymbolKind::Param(..)));
                params.map(|(n, _)| n.clone()).collect()
            })
            .unwrap_or_default();
        for field in fields.map.values() {
            let super::Key::Str(name) = &field.key else { continue };
            if names.contains(name) {
                given.insert(name.clone(), field.value.clone());
            } else {
                self.report(errors::no_such_param(name, field.key_span, &names));
            }
        }
        given
    }

    /// The value of a name in scope, or nothing if there is none.
    pub(crate) fn lookup(&mut self, name: &str, span: Span, env: &Env) -> Option<Value> {
        if let Some(local) = env.local(name) {
            return Some(local.clone().at(span));
        }
        if let Some(value) = self.symbol(env.instance, name, span) {
            return Some(value.at(span));
        }
        super::functions::builtin_name(name).map(|b| Value::new(Kind::Builtin(b), span))
    }

    /// The value of a name that a module declares or imports.
    pub(crate) fn symbol(&mut self, instance: usize, name: &str, used: Span) -> Option<Value> {
        let (file, found) = {
            let instance = self.instances.get(instance)?;
            (instance.file, instance.memo.get(name).cloned())
        };
        let (key, symbol) = {
            let (key, symbol) = self.graph.module(file)?.symbols.get_key_value(name)?;
            (key.clone(), symbol.clone())
        };
        // A resource's handle is cheap, and whether it exists may depend on the branch that is taken.
        if let SymbolKind::Resource(stmt) = symbol.kind {
            return Some(self.resource_handle(instance, stmt, symbol.span, used));
        }
        match found {
            Some(Slotted::Done(value)) => return Some(value),
            Some(Slotted::Open(span)) => {
                self.report(errors::cyclic_definition(name, span, used));
                return Some(Value::unknown(used));
            }
            None => {}
        }
        self.set_memo(instance, &key, Slotted::Open(symbol.span));
        let value = self.symbol_value(instance, &key, symbol.span, symbol.kind, used);
        self.set_memo(instance, &key, Slotted::Done(value.clone()));
        Some(value)
    }

    fn set_memo(&mut self, instance: usize, name: &Arc<str>, state: Slotted) {
        if let Some(instance) = self.instances.get_mut(instance) {
            instance.memo.insert(name.clone(), state);
        }
    }

    fn symbol_value(
        &mut self,
        instance: usize,
        name: &Arc<str>,
        span: Span,
        kind: SymbolKind<'a>,
        used: Span,
    ) -> Value {
        let env = self.env_of(instance);
        match kind {
            SymbolKind::Param(stmt, binding) => self.param_value(stmt, binding, name, span, &env),
            SymbolKind::Let(_, binding)
                if instance == 0 && super::natives::is_own_variable(binding.value.as_ref(), name) =>
            {
                self.template_variable(binding, name, span, &env)
            }
            SymbolKind::Let(_, binding) => self.let_value(binding, name, span, &env),
            SymbolKind::Fn(function) => self.callable(instance, CallableKind::Fn(function), span),
            SymbolKind::Recipe(_, recipe) => self.callable(instance, CallableKind::Recipe(recipe), span),
            SymbolKind::Resource(stmt) => self.resource_handle(instance, stmt, span, used),
            SymbolKind::Namespace(import, target) => {
                Value::new(Kind::Namespace(self.imported_instance(instance, import, target)), span)
            }
            SymbolKind::Imported(import, target, wanted) => {
                let inner = self.imported_instance(instance, import, target);
                match self.symbol(inner, &wanted.text, used) {
                    Some(value) => value,
                    None => {
                        let known = self.public_names(inner);
                        let is_type =
                            self.graph.module(target).is_some_and(|m| m.types.contains_key(&wanted.text));
                        if !is_type {
                            self.report(errors::no_such_export(
                                &wanted.text,
                                wanted.range.in_file(env.file),
                                &known,
                            ));
                        }
                        Value::unknown(span)
                    }
                }
            }
            SymbolKind::Broken => Value::unknown(span),
        }
    }

    fn callable(&mut self, instance: usize, kind: CallableKind<'a>, span: Span) -> Value {
        let node = match kind {
            CallableKind::Fn(f) => address(f),
            CallableKind::Recipe(r) => address(r),
        };
        let next = self.callables.len();
        let id = *self.callable_of.entry((instance, node)).or_insert(next);
        if id == next {
            self.callables.push(Callable { instance, kind });
        }
        Value::new(Kind::Callable(id), span)
    }

    /// The names that other files may use, for "did you mean".
    pub(crate) fn public_names(&self, instance: usize) -> Vec<Arc<str>> {
        let file = self.instances.get(instance).map(|i| i.file).unwrap_or_default();
        let Some(module) = self.graph.module(file) else { return Vec::new() };
        let all = module.symbols.keys().chain(module.left_out);
        all.filter(|n| !n.starts_with('_')).cloned().collect()
    }

    /// Evaluates every `let`, parameter and import of the entry file, so that their mistakes show even if unused.
    pub(super) fn force_names(&mut self, instance: usize) {
        let file = self.instances.get(instance).map(|i| i.file).unwrap_or_default();
        let names: Vec<(Arc<str>, Span)> = self
            .graph
            .module(file)
            .map(|m| m.symbols.iter().map(|(n, s)| (n.clone(), s.span)).collect())
            .unwrap_or_default();
        for (name, span) in names {
            self.symbol(instance, &name, span);
        }
        self.check_types(file, instance);
    }
}
