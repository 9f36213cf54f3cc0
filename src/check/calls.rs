//! Calls: functions, built-in functions, methods of handles, variants.

use std::sync::Arc;

use super::errors;
use super::eval::Expect;
use super::functions::{self, Builtin, Eval};
use super::module::{CallableKind, Checker, Env, address};
use super::program::Via;
use super::value::{Fields, Kind, Value};
use crate::base::Span;
use crate::schema::{ObjectType, Ty};
use crate::syntax::ast::{Arg, Binding, Expr, ExprKind};

/// Evaluated arguments: positional ones first, then named ones.
#[derive(Default)]
pub(crate) struct Args {
    pub(crate) positional: Vec<Value>,
    pub(crate) named: Vec<(Arc<str>, Span, Value)>,
}

impl<'a> Checker<'a, '_> {
    pub(crate) fn call(
        &mut self,
        callee: &'a Expr,
        args: &'a [Arg],
        span: Span,
        env: &Env,
        expect: Expect<'_>,
    ) -> Value {
        if let ExprKind::Name(name) = &callee.kind
            && let Some(variant) = self.variant_call(name, args, span, env, expect)
        {
            return variant;
        }
        if let ExprKind::Member { base, name, optional } = &callee.kind {
            let base = self.eval(base, env, Expect::None);
            if let Kind::Handle(handle) = &base.kind {
                let handle = handle.clone();
                return self.method(&handle, name, args, span, env);
            }
            let callee = self.member(base, name, *optional, env.span(callee.range), env);
            return self.call_value(callee, args, span, env);
        }
        let callee = self.eval(callee, env, Expect::None);
        self.call_value(callee, args, span, env)
    }

    fn call_value(&mut self, callee: Value, args: &'a [Arg], span: Span, env: &Env) -> Value {
        match callee.kind {
            Kind::Unknown => {
                // The arguments still deserve a look.
                self.eval_args(args, env, &|_, _| Expect::None);
                Value::unknown(span)
            }
            Kind::Callable(id) => {
                let Some(callable) = self.callables.get(id).copied() else { return Value::unknown(span) };
                match callable.kind {
                    CallableKind::Fn(f) => {
                        self.called.push(address(f));
                        let (Some(name), Some(body)) = (&f.name, &f.body) else {
                            return Value::unknown(span);
                        };
                        let inner = self.env_of(callable.instance);
                        let args = self.eval_args(args, env, &|_, _| Expect::None);
                        let Some(inner) = self.bind_params(&f.params, args, inner, span, &name.text) else {
                            return Value::unknown(span);
                        };
                        self.run_function(id, f, body, inner, span)
                    }
                    CallableKind::Recipe(_) => {
                        self.report(errors::recipe_as_value(span));
                        Value::unknown(span)
                    }
                }
            }
            Kind::Builtin(name) => match functions::find(name) {
                Some(builtin) => self.call_builtin(builtin, args, span, env),
                None => {
                    self.report(errors::not_callable(name, span));
                    Value::unknown(span)
                }
            },
            _ => {
                self.report(errors::not_callable(&callee.describe(), span));
                Value::unknown(span)
            }
        }
    }

    /// Evaluates a function's body, refusing recursion.
    pub(crate) fn run_function(
        &mut self,
        id: usize,
        f: &'a crate::syntax::ast::Function,
        body: &'a Expr,
        inner: Env,
        span: Span,
    ) -> Value {
        let name = f.name.as_ref().map(|n| n.text.clone()).unwrap_or_default();
        if self.open_calls.contains(&id) {
            self.report(errors::recursion(&name, span));
            return Value::unknown(span);
        }
        self.open_calls.push(id);
        let declared = f.result.as_ref().map(|t| self.type_of_expr(t, &inner));
        let expect = declared.as_ref().map_or(Expect::None, |d| Expect::Type(&d.ty));
        let mut value = self.eval(body, &inner, expect);
        if let Some(declared) = declared {
            value = self.conform(value, &declared.ty, &format!("the result of `{name}`"));
        }
        self.open_calls.pop();
        value.hop(|| format!("`{name}(…)` gives it"), span).at(span)
    }

    /// Evaluates arguments; `expect` says what is expected of each, by place and name.
    pub(crate) fn eval_args<'t>(
        &mut self,
        args: &'a [Arg],
        env: &Env,
        expect: &dyn Fn(usize, Option<&str>) -> Expect<'t>,
    ) -> Args {
        let mut out = Args::default();
        for (index, arg) in args.iter().enumerate() {
            let name = arg.name.as_ref();
            let value = self.eval(&arg.value, env, expect(index, name.map(|n| &*n.text)));
            match name {
                Some(name) => {
                    let at = env.span(name.range);
                    match out.named.iter().find(|(other, ..)| *other == name.text) {
                        Some((_, first, _)) => self.report(errors::named_twice(&name.text, at, *first)),
                        None => out.named.push((name.text.clone(), at, value)),
                    }
                }
                None if !out.named.is_empty() => {
                    self.report(errors::positional_after_named(value.span));
                }
                None => out.positional.push(value),
            }
        }
        out
    }

    /// Binds arguments to the parameters of a function or recipe, defaults included. Nothing after a mistake.
    pub(crate) fn bind_params(
        &mut self,
        params: &'a [Binding],
        args: Args,
        mut inner: Env,
        span: Span,
        function: &str,
    ) -> Option<Env> {
        let mut ok = true;
        let names: Vec<&str> = params.iter().filter_map(|p| p.name.as_ref()).map(|n| &*n.text).collect();
        if args.positional.len() > params.len() {
            self.report(errors::too_many_arguments(function, params.len(), args.positional.len(), span));
            ok = false;
        }
        for (name, at, _) in &args.named {
            if !names.contains(&&**name) {
                self.report(errors::no_such_argument(function, name, *at, &names));
                ok = false;
            }
        }
        for (index, param) in params.iter().enumerate() {
            let Some(name) = &param.name else { continue };
            let positional = args.positional.get(index).cloned();
            let named = args.named.iter().find(|(n, _, _)| *n == name.text);
            if let (Some(_), Some((_, at, _))) = (&positional, named) {
                self.report(errors::argument_twice(function, &name.text, *at));
                ok = false;
            }
            let declared = param.ty.as_ref().map(|t| self.type_of_expr(t, &inner));
            let given = positional.or_else(|| named.map(|(_, _, v)| v.clone()));
            let value = match (given, &param.value) {
                (Some(value), _) => value,
                (None, Some(default)) => {
                    let expect = declared.as_ref().map_or(Expect::None, |d| Expect::Type(&d.ty));
                    self.eval(default, &inner, expect)
                }
                (None, None) => {
                    if declared.as_ref().is_some_and(|d| matches!(d.ty, super::ty::Type::Optional(_))) {
                        Value::new(Kind::Null, span)
                    } else {
                        // A name that there is not was probably meant to be this one.
                        if !args.named.iter().any(|(name, _, _)| !names.contains(&&**name)) {
                            let decl = inner.span(name.range);
                            self.report(errors::missing_argument(function, &name.text, span, decl));
                        }
                        ok = false;
                        Value::unknown(span)
                    }
                }
            };
            let value = match &declared {
                Some(d) => self.conform(value, &d.ty, &format!("`{}` of `{function}`", name.text)),
                None => value,
            };
            let at = inner.span(name.range);
            inner.bind(name.text.clone(), value.hop(|| format!("it is passed as `{}`", name.text), at));
        }
        ok.then_some(inner)
    }

    /// `latest(major = 1)` where the target expects a union, `existing("rg")` where it expects a staging group.
    fn variant_call(
        &mut self,
        name: &Arc<str>,
        args: &'a [Arg],
        span: Span,
        env: &Env,
        expect: Expect<'_>,
    ) -> Option<Value> {
        let Expect::Target(ty) = expect else { return None };
        match ty {
            Ty::Union(union) if name.as_ref() != "platform_image" => {
                let variant = union.variant(name)?;
                let fields = self.variant_fields(name, variant.body, args, span, env);
                Some(Value::new(Kind::Variant(name.clone(), Arc::new(fields)), span))
            }
            Ty::ResourceGroup if name.as_ref() == "existing" => {
                let args = self.eval_args(args, env, &|_, _| Expect::None);
                let mut fields = Fields::default();
                match (args.positional.into_iter().next(), args.named.first()) {
                    (Some(group), None) => {
                        fields.insert("name".into(), span, group);
                    }
                    _ => {
                        self.report(errors::wrong_arguments("existing", "existing(\"resource-group\")", span))
                    }
                }
                Some(Value::new(Kind::Variant(name.clone(), Arc::new(fields)), span))
            }
            _ => None,
        }
    }

    fn variant_fields(
        &mut self,
        name: &str,
        body: &'static ObjectType,
        args: &'a [Arg],
        span: Span,
        env: &Env,
    ) -> Fields {
        let by_place = |index: usize| body.props.iter().filter(|p| !p.read_only).nth(index);
        let prop_of = |index: usize, name: Option<&str>| match name {
            Some(name) => body.prop(name),
            None => by_place(index),
        };
        let args =
            self.eval_args(args, env, &|i, n| prop_of(i, n).map_or(Expect::None, |p| Expect::Target(&p.ty)));
        let mut fields = Fields::default();
        for (index, value) in args.positional.into_iter().enumerate() {
            match by_place(index) {
                Some(prop) => {
                    fields.insert(prop.name.into(), value.span, value);
                }
                None => {
                    let most = body.props.iter().filter(|p| !p.read_only).count();
                    self.report(errors::too_many_arguments(name, most, index + 1, span));
                }
            }
        }
        for (key, at, value) in args.named {
            if fields.insert(key.clone(), at, value).is_some() {
                self.report(errors::argument_twice(name, &key, at));
            }
        }
        fields
    }

    fn call_builtin(&mut self, builtin: &'static Builtin, args: &'a [Arg], span: Span, env: &Env) -> Value {
        let expected = |index: usize, name: Option<&str>| {
            let param = match name {
                Some(name) => builtin.params.iter().find(|p| p.name == name),
                None => builtin.params.get(index),
            };
            param.and_then(|p| p.target).map_or(Expect::None, Expect::Target)
        };
        let args = self.eval_args(args, env, &expected);
        self.run_builtin(builtin, args, span, env)
    }

    /// Computes a built-in function of evaluated arguments.
    pub(crate) fn run_builtin(
        &mut self,
        builtin: &'static Builtin,
        args: Args,
        span: Span,
        env: &Env,
    ) -> Value {
        let Some(values) = self.builtin_args(builtin, args, span) else { return Value::unknown(span) };
        let weight =
            values.iter().flatten().fold(0_u32, |all, value| all.saturating_add(value.extent.weight));
        if !self.spend_on(weight, span) {
            return Value::unknown(span);
        }
        match builtin.eval {
            Eval::Arm(function) => {
                let given: Vec<Value> = values.into_iter().flatten().collect();
                let ty = builtin.result_type(&given);
                self.arm_call(function, &given, ty, span)
            }
            Eval::Native(run) => run(self, &values, span, env),
        }
    }

    /// Arguments in the order of the parameters, each checked; variadic ones at the end.
    fn builtin_args(
        &mut self,
        builtin: &'static Builtin,
        args: Args,
        span: Span,
    ) -> Option<Vec<Option<Value>>> {
        let mut ok = true;
        let fixed = builtin.params.len();
        let mut out: Vec<Option<Value>> = vec![None; fixed];
        let given = args.positional.len();
        for (index, value) in args.positional.into_iter().enumerate() {
            match out.get_mut(index) {
                Some(place) => *place = Some(value),
                None if builtin.variadic => out.push(Some(value)),
                None => {
                    self.report(errors::too_many_arguments(builtin.name, fixed, given, span));
                    return None;
                }
            }
        }
        for (name, at, value) in args.named {
            let names: Vec<&str> = builtin.params.iter().map(|p| p.name).collect();
            match builtin.params.iter().position(|p| p.name == &*name).and_then(|i| out.get_mut(i)) {
                Some(place) if place.is_none() => *place = Some(value),
                Some(_) => {
                    self.report(errors::argument_twice(builtin.name, &name, at));
                    ok = false;
                }
                None => {
                    self.report(errors::no_such_argument(builtin.name, &name, at, &names));
                    ok = false;
                }
            }
        }
        for (index, param) in builtin.params.iter().enumerate() {
            if param.kind.takes_lists()
                && let Some(place) = out.get_mut(index)
            {
                *place = place.take().map(|value| match value.kind {
                    Kind::Null if self.judging.is_some() => Value::list(Vec::new(), value.span),
                    _ => self.as_list(value),
                });
            }
            match out.get(index).and_then(Option::as_ref) {
                Some(value) if value.is_unknown() => ok = false,
                Some(value) if !param.kind.accepts(value) => {
                    let d = errors::bad_argument(builtin.name, param.name, value, param.kind.words());
                    self.report(d);
                    ok = false;
                }
                None if param.required => {
                    self.report(errors::wrong_arguments(builtin.name, &builtin.signature(), span));
                    ok = false;
                }
                _ => {}
            }
        }
        ok.then_some(out)
    }

    /// The trail of a use of a recipe, for messages about what it brought.
    pub(crate) fn via(&self, env: &Env, what: impl Into<Arc<str>>, span: Span) -> Option<Arc<Via>> {
        Some(Arc::new(Via { what: what.into(), span, outer: env.via.clone() }))
    }
}
