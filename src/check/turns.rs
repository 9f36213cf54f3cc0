//! Turns of the loops that declare resources: they run twice, once for what they declare and once for outputs and asserts.

use std::sync::Arc;

use super::declare::Conditions;
use super::errors;
use super::eval::Expect;
use super::module::{Checker, Env};
use super::program::ResourceId;
use super::value::{Handle, Kind, Value};
use crate::syntax::ast::{For, Stmt};

/// A turn of a loop.
pub(super) struct Turn {
    /// The names that the loop binds, and those around it.
    pub(super) scope: Env,
    /// The keys of this turn and of those around it: `[dev][web]`.
    pub(super) keys: String,
}

/// What tells a turn from others: the address of its statements, and its keys.
pub(crate) type TurnId = (usize, String);

impl Turn {
    fn id(&self, items: &[Stmt]) -> TurnId {
        (items.as_ptr().addr(), self.keys.clone())
    }
}

impl<'a> Checker<'a, '_> {
    /// The turns that a loop takes; `keys` are those of the turns around it.
    pub(super) fn turns_of(&mut self, each: &'a For, env: &Env, keys: &str) -> Vec<Turn> {
        let over = self.eval(&each.iterable, env, Expect::None);
        if matches!(over.kind, Kind::Deferred(..)) {
            self.report(errors::deferred(&over, "which resources there are", over.span));
            return Vec::new();
        }
        let elements = self.elements(&over, each.bindings.len() > 1, over.span).unwrap_or_default();
        let mut turns = Vec::with_capacity(elements.len());
        for (key, value) in &elements {
            let scope = self.bind_loop(env, &each.bindings, key, value);
            if self.loop_condition(each.condition.as_ref(), &scope) == Some(true) {
                turns.push(Turn { scope, keys: format!("{keys}[{}]", loop_key(key, value)) });
            }
        }
        turns
    }

    /// One turn of a loop: what it declares is in scope in the whole turn.
    pub(super) fn declare_turn(
        &mut self,
        items: &'a [Stmt],
        turn: Turn,
        parent: Option<ResourceId>,
        condition: &Conditions,
    ) {
        let first = self.slots.len();
        let declared = self.declare(items, &turn.scope, parent, condition, &turn.keys);
        let full = self.with_handles(&turn.scope, &declared);
        let same = |a: &Env| match (&a.locals, &turn.scope.locals) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        for slot in self.slots.iter_mut().skip(first) {
            if same(&slot.env) {
                slot.env = full.clone();
            }
        }
        self.turns.insert(turn.id(items), declared);
    }

    /// A scope with handles of resources in it.
    fn with_handles(&self, scope: &Env, declared: &[(Arc<str>, ResourceId)]) -> Env {
        let mut full = scope.clone();
        for (name, id) in declared {
            let span = self.slots.get(id.0 as usize).map(|s| s.span).unwrap_or_default();
            full.bind(name.clone(), Value::new(Kind::Handle(Handle::Resource(*id)), span));
        }
        full
    }

    /// The scope of a turn with what it declares, for the outputs and asserts in it.
    pub(super) fn scope_of_turn(&self, items: &'a [Stmt], turn: &Turn) -> Env {
        match self.turns.get(&turn.id(items)) {
            Some(declared) => self.with_handles(&turn.scope, declared),
            None => turn.scope.clone(),
        }
    }
}

/// What a turn of a loop is called: the element if it is text or a number, else the key.
fn loop_key(key: &Value, value: &Value) -> String {
    match (&value.kind, &key.kind) {
        (_, Kind::Str(text)) | (Kind::Str(text), _) => text.to_string(),
        (Kind::Int(n), _) | (_, Kind::Int(n)) => n.to_string(),
        _ => "?".into(),
    }
}
