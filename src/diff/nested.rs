//! Templates within templates: what they deploy is compared like what stands around them.

use super::expr::Scope;
use super::read::{Reader, Resource, deployed, is_inner};
use super::tree::Tree;
use crate::json::{Object, Value};

/// How deep templates may nest; Azure takes five.
const MAX_DEPTH: usize = 8;

/// What templates within a template hold.
#[derive(Default)]
pub(super) struct Inner {
    pub(super) resources: Vec<Resource>,
    /// Variables that are too large to be written out.
    pub(super) variables: Vec<(String, Tree)>,
}

impl<'d> Reader<'_, 'd> {
    /// Reads the template of a nested deployment; whether there is one.
    pub(super) fn nested(&mut self, properties: &'d Value, pointer: &str, name: &str) -> bool {
        let template = properties.get("template").and_then(Value::as_object);
        let Some(template) = template.filter(|_| self.depth < MAX_DEPTH && !self.scope.literal) else {
            return false;
        };
        let pointer = format!("{pointer}/properties/template");
        let own = is_inner(properties).then(|| self.inner_scope(properties, template));
        let scope = own.as_ref().unwrap_or(self.scope);
        let (resources, inner) = deployed(template, &pointer, scope, self.depth + 1);
        self.inner.resources.extend(resources);
        self.inner.resources.extend(inner.resources);
        self.inner.variables.extend(inner.variables);
        if let Some(own) = &own {
            let left = own.left().into_iter().map(|(variable, tree)| (format!("{name}/{variable}"), tree));
            self.inner.variables.extend(left);
            let left = own.functions_left().into_iter();
            self.inner.variables.extend(left.map(|(function, tree)| (format!("{name}/{function}"), tree)));
        }
        true
    }

    /// The scope of a template that has one of its own: its parameters stand for what they are given, else for their
    /// defaults.
    fn inner_scope(&self, properties: &'d Value, template: &'d Object) -> Scope<'d> {
        let mut scope = Scope::of_template(template);
        let parameters = template.member_ignoring_case("parameters").and_then(|m| m.value.as_object());
        let given = properties.get("parameters").and_then(Value::as_object);
        for member in parameters.map(Object::effective).unwrap_or_default() {
            let key = member.key.text.to_lowercase();
            let value = given.and_then(|given| given.member_ignoring_case(&key)?.value.get("value"));
            let expr = match value {
                Some(value) => self.scope.known(value),
                None => member.value.get("defaultValue").and_then(|value| scope.known(value)),
            };
            if let Some(expr) = expr {
                scope.given.insert(key, expr);
            }
        }
        scope
    }
}
