//! Expressions to values.

use std::sync::Arc;

use super::errors;
use super::module::{Checker, Env};
use super::program::Key;
use super::ty::Type;
use super::value::{Fields, Kind, Value, deferred_by};
use super::{MAX_DEPTH, MAX_EXPRESSION, MAX_NESTING, MAX_VALUES};
use crate::arm;
use crate::base::Span;
use crate::schema::Ty;
use crate::syntax::ast::{Expr, ExprKind, ListItem, ObjectItem, ObjectKey, UnaryOp};

/// What the surroundings expect of an expression: it decides what bare words and calls of variants mean.
#[derive(Clone, Copy)]
pub(crate) enum Expect<'t> {
    /// Nothing in particular.
    None,
    /// A property of the target.
    Target(&'static Ty),
    /// A declared type.
    Type(&'t Type),
}

impl<'t> Expect<'t> {
    /// What is expected of the elements of a list.
    pub(super) fn element(self) -> Self {
        match self {
            Self::Target(Ty::List(inner)) => Self::Target(inner),
            Self::Type(Type::List(inner)) => Self::Type(inner),
            Self::Type(Type::Optional(inner)) => Self::Type(inner).element(),
            _ => Self::None,
        }
    }

    /// What is expected of a member of an object.
    fn member(self, name: &str) -> Self {
        match self {
            Self::Target(Ty::Object(ty)) => ty.prop(name).map_or(Self::None, |p| Self::Target(&p.ty)),
            Self::Target(Ty::Map(inner)) => Self::Target(inner),
            Self::Type(Type::Map(inner)) => Self::Type(inner),
            Self::Type(Type::Object(shape)) => {
                shape.iter().find(|s| &*s.name == name).map_or(Self::None, |s| Self::Type(&s.ty))
            }
            Self::Type(Type::Optional(inner)) => Self::Type(inner).member(name),
            _ => Self::None,
        }
    }
}

impl<'a> Checker<'a, '_> {
    /// Evaluates an expression. Bounded in steps and depth; never fails.
    pub(crate) fn eval(&mut self, expr: &'a Expr, env: &Env, expect: Expect<'_>) -> Value {
        let span = env.span(expr.range);
        if !self.spend(span) {
            return Value::unknown(span);
        }
        if self.depth >= MAX_DEPTH {
            self.report(errors::too_deep(span));
            return Value::unknown(span);
        }
        self.depth += 1;
        let value = self.eval_kind(expr, span, env, expect);
        self.depth -= 1;
        // What is only looked up costs nothing more.
        if !matches!(expr.kind, ExprKind::Name(_) | ExprKind::Paren(_) | ExprKind::Member { .. }) {
            self.spend_on(value.extent.weight, span);
        }
        self.bounded(value, span)
    }

    /// The value, unless it is larger than anything that could be deployed.
    fn bounded(&mut self, value: Value, span: Span) -> Value {
        let deferred = matches!(value.kind, Kind::Deferred(..));
        let most = if deferred { MAX_EXPRESSION } else { MAX_VALUES };
        if value.extent.weight > most {
            self.report(errors::too_heavy(most, deferred, span));
            return Value::unknown(span);
        }
        if value.extent.depth > MAX_NESTING {
            self.report(errors::nested_too_deep(span));
            return Value::unknown(span);
        }
        value
    }

    fn eval_kind(&mut self, expr: &'a Expr, span: Span, env: &Env, expect: Expect<'_>) -> Value {
        match &expr.kind {
            ExprKind::Missing => Value::unknown(span),
            ExprKind::Null => Value::new(Kind::Null, span),
            ExprKind::Bool(b) => Value::new(Kind::Bool(*b), span),
            ExprKind::Int(n) => Value::new(Kind::Int(*n), span),
            ExprKind::Decimal(text) => Value::new(Kind::Decimal(text.clone()), span),
            ExprKind::Duration(seconds) => Value::new(Kind::Duration(*seconds), span),
            ExprKind::Size(gb) => Value::new(Kind::Size(*gb), span),
            ExprKind::Str(text) => self.eval_string(text, env),
            ExprKind::Name(name) => self.eval_name(name, span, env, expect),
            ExprKind::Paren(inner) => {
                let forced = matches!(expect, Expect::Target(Ty::Enum(_)));
                self.eval(inner, env, if forced { Expect::None } else { expect })
            }
            ExprKind::Member { base, name, optional } => {
                let base = self.eval(base, env, Expect::None);
                self.member(base, name, *optional, span, env)
            }
            ExprKind::Index { base, index } => {
                let base = self.eval(base, env, Expect::None);
                let index = self.eval(index, env, Expect::None);
                self.index(base, index, span)
            }
            ExprKind::Call { callee, args } => self.call(callee, args, span, env, expect),
            ExprKind::Unary { op, operand } => {
                let operand = self.eval(operand, env, Expect::None);
                match op {
                    UnaryOp::Not => self.negate_bool(operand, span),
                    UnaryOp::Neg => self.negate_int(operand, span),
                }
            }
            ExprKind::Binary { op, left, right, .. } => self.binary(*op, left, right, span, env),
            ExprKind::Ternary { condition, then, otherwise } => {
                self.ternary(condition, then, otherwise, span, env, expect)
            }
            ExprKind::List(items) => self.eval_list(items, span, env, expect),
            ExprKind::ListComp(comp) => self.eval_list_comp(comp, span, env, expect),
            ExprKind::Object(items) => self.eval_object(items, span, env, expect),
            ExprKind::ObjectComp(comp) => self.eval_object_comp(comp, span, env),
        }
    }

    fn eval_name(&mut self, name: &Arc<str>, span: Span, env: &Env, expect: Expect<'_>) -> Value {
        if let Expect::Target(ty) = expect
            && let Some(word) = super::words::bare_word(ty, name)
        {
            return Value::str(word, span);
        }
        match self.lookup(name, span, env) {
            Some(value) => value,
            None => {
                let d = self.unknown_name(name, span, env, expect);
                self.report(d);
                Value::unknown(span)
            }
        }
    }

    fn unknown_name(
        &mut self,
        name: &str,
        span: Span,
        env: &Env,
        expect: Expect<'_>,
    ) -> crate::diag::Diagnostic {
        let module = self.instances.get(env.instance).and_then(|i| self.graph.module(i.file));
        if module.is_some_and(|m| m.types.contains_key(name)) {
            return errors::type_as_value(name, span);
        }
        // Bicep and ARM write `toLower`.
        if let Some(builtin) = super::functions::builtin_name(&snake_case(name)) {
            return errors::other_spelling(name, builtin, span);
        }
        let known = self.names_in_scope(env);
        let words = match expect {
            Expect::Target(ty) => super::words::bare_words(ty),
            _ => Vec::new(),
        };
        let textual = matches!(expect, Expect::Target(Ty::Str | Ty::Name(_) | Ty::Region | Ty::Url));
        let near = || crate::base::nearest(name, known.iter().map(|k| &**k)).is_some();
        if textual && (crate::schema::region(name).is_some() || !near()) {
            return errors::unquoted(name, span);
        }
        errors::unknown_name(name, span, &known, &words)
    }

    /// An unknown name inside `${ }`: in a script it is often meant for the shell.
    pub(crate) fn unknown_in_string(&mut self, name: &str, span: Span, env: &Env) -> crate::diag::Diagnostic {
        let d = self.unknown_name(name, span, env, Expect::None);
        errors::meant_for_the_shell(d, name, span)
    }

    fn eval_list(&mut self, items: &'a [ListItem], span: Span, env: &Env, expect: Expect<'_>) -> Value {
        let mut out: Vec<Value> = Vec::with_capacity(items.len());
        let mut deferred: Vec<Value> = Vec::new();
        for item in items {
            match item {
                ListItem::Item(expr) => out.push(self.eval(expr, env, expect.element())),
                ListItem::Spread(expr) => {
                    let value = self.eval(expr, env, expect);
                    match &value.kind {
                        Kind::Unknown => return Value::unknown(span),
                        Kind::Null => {}
                        Kind::List(more) => out.extend(more.iter().cloned()),
                        Kind::Deferred(..) => {
                            // ARM joins lists with `concat`; what was collected so far becomes one argument.
                            if !out.is_empty() {
                                deferred.push(Value::list(std::mem::take(&mut out), span));
                            }
                            deferred.push(value);
                        }
                        _ => {
                            self.report(errors::type_mismatch(&value, "a list", value.span));
                            return Value::unknown(span);
                        }
                    }
                }
            }
        }
        if deferred.is_empty() {
            return Value::list(out, span);
        }
        if !out.is_empty() {
            deferred.push(Value::list(out, span));
        }
        self.arm_call("concat", &deferred, Type::List(Arc::new(Type::Any)), span)
    }

    fn eval_object(&mut self, items: &'a [ObjectItem], span: Span, env: &Env, expect: Expect<'_>) -> Value {
        let mut fields = Fields::default();
        let mut written = Fields::default();
        let mut deferred: Vec<Value> = Vec::new();
        for item in items {
            match item {
                ObjectItem::Member { key, value } => {
                    let Some((key, key_span)) = self.eval_key(key, env) else {
                        self.eval(value, env, Expect::None);
                        continue;
                    };
                    let expected = match &key {
                        Key::Str(name) => expect.member(name),
                        Key::Expr(_) => Expect::None,
                    };
                    let value = self.eval(value, env, expected);
                    let name = key.clone();
                    if let Some(first) = written.insert_key(key, key_span, value) {
                        self.report(errors::duplicate_key(&name, key_span, first.key_span));
                    }
                }
                ObjectItem::Spread(expr) => {
                    let value = self.eval(expr, env, expect);
                    match &value.kind {
                        Kind::Unknown => return Value::unknown(span),
                        Kind::Null => {}
                        Kind::Object(more) => {
                            for field in more.map.values() {
                                fields.insert_key(field.key.clone(), field.key_span, field.value.clone());
                            }
                        }
                        Kind::Deferred(..) => {
                            if !fields.map.is_empty() {
                                deferred.push(Value::object(std::mem::take(&mut fields), span));
                            }
                            deferred.push(value);
                        }
                        _ => {
                            self.report(errors::type_mismatch(&value, "an object", value.span));
                            return Value::unknown(span);
                        }
                    }
                }
            }
        }
        // What is written wins over what is spread, wherever the spread stands.
        for field in written.map.into_values() {
            fields.insert_key(field.key, field.key_span, field.value);
        }
        if deferred.is_empty() {
            return Value::object(fields, span);
        }
        if !fields.map.is_empty() {
            deferred.push(Value::object(fields, span));
        }
        self.arm_call("union", &deferred, Type::Map(Arc::new(Type::Any)), span)
    }

    /// A key as text or as an expression; nothing after a mistake.
    pub(crate) fn eval_key(&mut self, key: &'a ObjectKey, env: &Env) -> Option<(Key, Span)> {
        let span = env.span(key.range());
        let value = match key {
            ObjectKey::Ident(name) => return Some((Key::Str(name.text.clone()), span)),
            ObjectKey::Str(text) => self.eval_string(text, env),
            ObjectKey::Expr(expr) => self.eval(expr, env, Expect::None),
        };
        if value.labels.secret.is_some() {
            self.report(errors::secret_sink(&value, "the key of an object", span));
        }
        match &value.kind {
            Kind::Unknown => None,
            Kind::Str(text) => Some((Key::Str(text.clone()), span)),
            Kind::Int(n) => Some((Key::Str(n.to_string().into()), span)),
            Kind::Deferred(expr, ty) if ty.is_text() || matches!(ty, Type::Any) => {
                Some((Key::Expr(expr.clone()), span))
            }
            Kind::Handle(handle) => {
                let id = self.handle_id(&handle.clone(), span);
                match &id.kind {
                    Kind::Str(text) => Some((Key::Str(text.clone()), span)),
                    Kind::Deferred(expr, _) => Some((Key::Expr(expr.clone()), span)),
                    _ => None,
                }
            }
            _ => {
                self.report(errors::type_mismatch(&value, "a string as the key", span));
                None
            }
        }
    }

    /// A known truth value; deferred and other ones are reported. `role` says what it decides.
    pub(crate) fn known_bool(&mut self, value: &Value, role: &str) -> Option<bool> {
        match &value.kind {
            Kind::Bool(b) => Some(*b),
            Kind::Unknown => None,
            Kind::Deferred(..) => {
                self.report(errors::deferred(value, role, value.span));
                None
            }
            _ => {
                self.report(errors::type_mismatch(value, "a bool", value.span));
                None
            }
        }
    }

    /// A call of an ARM function on values, folded where all are known.
    pub(crate) fn arm_call(&mut self, function: &str, args: &[Value], ty: Type, span: Span) -> Value {
        let mut labels = args.iter().fold(super::Labels::default(), |l, v| l.join(&v.labels));
        let is_written = |value: &Value| value.labels.secret.is_none() && value.to_arm().is_some();
        if arm::tells_only_whether(function, args.iter().map(is_written)) {
            labels.secret = None;
        }
        if args.iter().any(Value::is_unknown) {
            return Value::unknown(span);
        }
        let known: Option<Vec<arm::Value>> = args.iter().map(Value::to_arm).collect();
        if let Some(known) = known {
            if let Some(value) = arm::fold_call(function, &known) {
                return Value::from_arm(&value, span).with_labels(&labels);
            }
            if let Some(why) = arm::refusal(function, &known) {
                self.report(errors::refused_call(&snake_case(function), &why, span));
                // What is emitted all the same stays as it is.
                if !self.options.permissive {
                    return Value::unknown(span);
                }
            }
        }
        let plain: Vec<Value> = args.iter().map(|v| self.as_plain(v.clone(), span)).collect();
        let Some(exprs) = plain.iter().map(Value::to_expr).collect::<Option<Vec<_>>>() else {
            return Value::unknown(span);
        };
        let labels = match labels.deferred {
            Some(_) => labels,
            None => labels.join(&deferred_by(format!("the ARM function `{function}`"), span)),
        };
        Value::deferred(arm::Expr::call(function, exprs), ty, labels, span)
    }

    /// A value that ARM can hold: handles become ids, in lists and objects too. Others are reported.
    pub(crate) fn as_plain(&mut self, value: Value, span: Span) -> Value {
        match &value.kind {
            Kind::Handle(handle) => self.handle_id(&handle.clone(), value.span).with_labels(&value.labels),
            Kind::List(items) => {
                let items: Vec<Value> = items.iter().map(|v| self.as_plain(v.clone(), span)).collect();
                Value { kind: Kind::List(Arc::new(items)), ..value }
            }
            Kind::Object(fields) => {
                let mut out = Fields::default();
                for field in fields.map.values() {
                    let plain = self.as_plain(field.value.clone(), span);
                    out.insert_key(field.key.clone(), field.key_span, plain);
                }
                Value { kind: Kind::Object(Arc::new(out)), ..value }
            }
            Kind::Namespace(_) | Kind::Callable(_) | Kind::Builtin(_) | Kind::Variant(..) => {
                self.report(errors::type_mismatch(&value, "a value", value.span));
                Value::unknown(span)
            }
            _ => value,
        }
    }
}

/// `toLower` as `to_lower`.
fn snake_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}
