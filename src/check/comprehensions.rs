//! What loops walk, and lists and objects made of it: `[for x in xs if c: e]`.

use std::sync::Arc;

use super::errors;
use super::eval::Expect;
use super::module::{Checker, Env};
use super::program::Key;
use super::ty::Type;
use super::value::{Fields, Kind, Value};
use super::{MAX_ELEMENTS, MAX_VALUES};
use crate::arm;
use crate::base::Span;
use crate::syntax::ast::{Comp, Expr, Ident, ObjectComp};

impl<'a> Checker<'a, '_> {
    /// The elements of something walked, as pairs of key and value; nothing if it is deferred or wrong.
    pub(crate) fn elements(&mut self, value: &Value, pairs: bool, span: Span) -> Option<Vec<(Value, Value)>> {
        let items: Vec<(Value, Value)> = match &value.kind {
            Kind::List(items) => {
                let index = |i: usize| Value::new(Kind::Int(i64::try_from(i).unwrap_or(i64::MAX)), span);
                items.iter().enumerate().map(|(i, v)| (index(i), v.clone())).collect()
            }
            Kind::Object(fields) if pairs => fields
                .map
                .values()
                .filter_map(|f| match &f.key {
                    Key::Str(name) => Some((Value::str(name.clone(), f.key_span), f.value.clone())),
                    Key::Expr(_) => None,
                })
                .collect(),
            Kind::Object(fields) => {
                let names = fields.map.values().filter_map(|f| match &f.key {
                    Key::Str(name) => Some(Value::str(name.clone(), f.key_span)),
                    Key::Expr(_) => None,
                });
                names.map(|n| (n.clone(), n)).collect()
            }
            Kind::Body(body) if body.is_list() => {
                let list = self.as_list(value.clone());
                return self.elements(&list, pairs, span);
            }
            Kind::Null if self.judging.is_some() => Vec::new(),
            Kind::Unknown => return None,
            _ => {
                self.report(errors::type_mismatch(value, "a list or an object to walk", span));
                return None;
            }
        };
        if items.len() > MAX_ELEMENTS {
            self.report(errors::too_many_elements(items.len(), span));
            return None;
        }
        if !self.spend_on(u32::try_from(items.len()).unwrap_or(u32::MAX), span) {
            return None;
        }
        Some(
            items
                .into_iter()
                .map(|(k, v)| (k.with_labels(&value.labels), v.with_labels(&value.labels)))
                .collect(),
        )
    }

    /// Binds the one or two names of a loop.
    pub(crate) fn bind_loop(&self, env: &Env, names: &[Ident], key: &Value, value: &Value) -> Env {
        let mut env = env.clone();
        match names {
            [one] => env.bind(one.text.clone(), value.clone()),
            [first, second, ..] => {
                env.bind(first.text.clone(), key.clone());
                env.bind(second.text.clone(), value.clone());
            }
            [] => {}
        }
        env
    }

    /// Whether a loop takes an element; nothing if that is deferred or wrong, which is reported.
    pub(crate) fn loop_condition(&mut self, condition: Option<&'a Expr>, env: &Env) -> Option<bool> {
        let Some(condition) = condition else { return Some(true) };
        let value = self.eval(condition, env, Expect::Type(&Type::Bool));
        self.known_bool(&value, "whether a loop takes an element")
    }

    pub(super) fn eval_list_comp(
        &mut self,
        comp: &'a Comp,
        span: Span,
        env: &Env,
        expect: Expect<'_>,
    ) -> Value {
        let over = self.eval(&comp.iterable, env, Expect::None);
        if let Kind::Deferred(list, ty) = &over.kind {
            return self.deferred_comp(comp, list.clone(), &ty.clone(), &over, span, env);
        }
        let pairs = comp.bindings.len() > 1;
        let Some(elements) = self.elements(&over, pairs, over.span) else { return Value::unknown(span) };
        let mut out = Vec::new();
        let mut weight: u32 = 0;
        for (key, value) in &elements {
            if self.exhausted() {
                return Value::unknown(span);
            }
            let inner = self.bind_loop(env, &comp.bindings, key, value);
            match self.loop_condition(comp.condition.as_ref(), &inner) {
                Some(true) => {
                    let value = self.eval(&comp.body, &inner, expect.element());
                    weight = weight.saturating_add(value.extent.weight);
                    out.push(value);
                }
                Some(false) => {}
                None => return Value::unknown(span),
            }
            // What is made here is dropped as soon as it is too much, not when it is done.
            if weight > MAX_VALUES {
                self.report(errors::too_heavy(MAX_VALUES, false, span));
                return Value::unknown(span);
            }
        }
        Value::list(out, span)
    }

    /// A comprehension over a deferred list: ARM's `map` and `filter` with lambdas.
    fn deferred_comp(
        &mut self,
        comp: &'a Comp,
        list: arm::Expr,
        ty: &Type,
        over: &Value,
        span: Span,
        env: &Env,
    ) -> Value {
        let [name] = comp.bindings.as_slice() else {
            self.report(errors::deferred(over, "the list that a loop with two names walks", over.span));
            return Value::unknown(span);
        };
        let element = match ty {
            Type::List(inner) => (**inner).clone(),
            Type::Any => Type::Any,
            _ => {
                self.report(errors::type_mismatch(over, "a list to walk", over.span));
                return Value::unknown(span);
            }
        };
        let variable = arm::Expr::call("lambdaVariables", vec![arm::Expr::Str(name.text.clone())]);
        let mut inner = env.clone();
        inner.bind(name.text.clone(), Value::deferred(variable.clone(), element, over.labels.clone(), span));
        let lambda =
            |body: arm::Expr| arm::Expr::call("lambda", vec![arm::Expr::Str(name.text.clone()), body]);
        let mut list = list;
        let mut labels = over.labels.clone();
        if let Some(condition) = &comp.condition {
            let value = self.eval(condition, &inner, Expect::Type(&Type::Bool));
            let Some(expr) = value.to_expr() else { return Value::unknown(span) };
            labels = labels.join(&value.labels);
            list = arm::Expr::call("filter", vec![list, lambda(expr)]);
        }
        let body = self.eval(&comp.body, &inner, Expect::None);
        let body = self.as_plain(body, span);
        let Some(expr) = body.to_expr() else { return Value::unknown(span) };
        labels = labels.join(&body.labels);
        // What only chooses among the elements is a filter.
        let result = match comp.condition.is_some() && expr == variable {
            true => list,
            false => arm::Expr::call("map", vec![list, lambda(expr)]),
        };
        Value::deferred(result, Type::List(Arc::new(body.type_of())), labels, span)
    }

    pub(super) fn eval_object_comp(&mut self, comp: &'a ObjectComp, span: Span, env: &Env) -> Value {
        let over = self.eval(&comp.iterable, env, Expect::None);
        if matches!(over.kind, Kind::Deferred(..)) {
            self.report(errors::deferred(&over, "what an object is made from", over.span));
            return Value::unknown(span);
        }
        let pairs = comp.bindings.len() > 1;
        let Some(elements) = self.elements(&over, pairs, over.span) else { return Value::unknown(span) };
        let mut fields = Fields::default();
        for (key, value) in &elements {
            if self.exhausted() {
                return Value::unknown(span);
            }
            let inner = self.bind_loop(env, &comp.bindings, key, value);
            match self.loop_condition(comp.condition.as_ref(), &inner) {
                Some(true) => {
                    let Some((key, key_span)) = self.eval_key(&comp.key, &inner) else {
                        return Value::unknown(span);
                    };
                    let value = self.eval(&comp.value, &inner, Expect::None);
                    if fields.insert_key(key.clone(), key_span, value).is_some() {
                        self.report(errors::duplicate_key(&key, key_span, key_span));
                    }
                }
                Some(false) => {}
                None => return Value::unknown(span),
            }
        }
        Value::object(fields, span)
    }
}
