//! What references to a resource need of it, evaluated before its body.

use std::sync::Arc;

use super::declare::Decl;
use super::eval::Expect;
use super::module::{Checker, Env};
use super::program::ResourceId;
use super::value::{Kind, Value};
use crate::syntax::ast::StmtKind;

/// What a reference to a resource needs, evaluated before its body.
#[derive(Default)]
pub(crate) struct Head {
    pub(crate) name: Option<Value>,
    pub(crate) id: Option<Value>,
    pub(crate) group: Option<Value>,
    pub(crate) subscription: Option<Value>,
    pub(crate) vnet: Option<Value>,
    pub(crate) api_version: Option<Value>,
}

/// The properties that make up a [`Head`].
const HEAD_NAMES: &[&str] = &["name", "id", "resource_group", "subscription", "vnet", "api_version"];

impl Head {
    fn place(&mut self, name: &str) -> Option<&mut Option<Value>> {
        match name {
            "name" => Some(&mut self.name),
            "id" => Some(&mut self.id),
            "resource_group" => Some(&mut self.group),
            "subscription" => Some(&mut self.subscription),
            "vnet" => Some(&mut self.vnet),
            "api_version" => Some(&mut self.api_version),
            _ => None,
        }
    }
}

impl<'a> Checker<'a, '_> {
    /// Name, id, group and so on, which references need before the body is evaluated.
    pub(crate) fn head_of(&mut self, id: ResourceId) -> Arc<Head> {
        let Some(slot) = self.slots.get(id.0 as usize) else { return Arc::default() };
        if let Some(head) = &slot.head {
            return head.clone();
        }
        let (decl, env) = (slot.decl, slot.env.clone());
        // An empty head while it is evaluated: what asks for it meanwhile gets the defaults, or is reported as a ring.
        if let Some(slot) = self.slots.get_mut(id.0 as usize) {
            slot.head = Some(Arc::default());
        }
        let head = Arc::new(self.eval_head(id, decl, &env));
        if let Some(slot) = self.slots.get_mut(id.0 as usize) {
            slot.head = Some(head.clone());
        }
        head
    }

    fn eval_head(&mut self, id: ResourceId, decl: Decl<'a>, env: &Env) -> Head {
        let mut head = Head::default();
        let mut env = env.clone();
        let mut spreads: Vec<Value> = Vec::new();
        for stmt in decl.items() {
            match &stmt.kind {
                StmtKind::Let(binding) => {
                    if let Some(name) = &binding.name {
                        let value = self.let_value(binding, &name.text, env.span(name.range), &env.clone());
                        env.bind(name.text.clone(), value);
                    }
                }
                StmtKind::Entry(entry) => {
                    if let (Some(place), Some(expr), None) =
                        (head.place(&entry.keyword.text), &entry.value, &entry.label)
                    {
                        self.naming.push(id);
                        let value = self.eval(expr, &env, Expect::None);
                        self.naming.pop();
                        // A resource is no text; that is said where the property is converted.
                        let is_handle = matches!(value.kind, Kind::Handle(_));
                        *place = Some(if is_handle { Value::unknown(value.span) } else { value });
                    }
                }
                StmtKind::Spread(expr) => spreads.push(self.eval(expr, &env, Expect::None)),
                _ => {}
            }
        }
        for spread in spreads.iter().rev() {
            let Some(fields) = spread.as_object() else { continue };
            for name in HEAD_NAMES {
                if let (Some(place), Some(field)) = (head.place(name), fields.get(name))
                    && place.is_none()
                {
                    *place = Some(field.value.clone());
                }
            }
        }
        head
    }
}
