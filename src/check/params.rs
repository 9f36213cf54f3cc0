//! Parameters: declared, given from outside, or left to Azure.

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexMap;

use super::errors;
use super::eval::Expect;
use super::module::{Checker, Env, GivenValue};
use super::program::{Cause, Labels, Node, NodeKind, Param};
use super::ty::Type;
use super::types::{Declared, secret_source};
use super::value::{Kind, Value};
use crate::arm;
use crate::base::{FileId, Span};
use crate::resolve::SymbolKind;
use crate::syntax::ast::{Binding, Expr, Stmt, StmtKind};

/// The parameters met so far.
#[derive(Default)]
pub(crate) struct ParamTable {
    params: IndexMap<Arc<str>, Entry>,
    /// Names that got a value from outside.
    given: HashMap<Arc<str>, Value>,
    /// Names that have their default as a value, where that is asked for.
    defaulted: Vec<Arc<str>>,
}

struct Entry {
    param: Param,
    ty: Type,
    value: Value,
}

impl ParamTable {
    pub(crate) fn was_used(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    /// The default of the parameter that an expression names, if it is known text.
    pub(crate) fn default_of(&self, expr: &arm::Expr) -> Option<Arc<str>> {
        let entry = self.params.get(expr.name_in("parameters")?)?;
        entry.param.default.as_ref()?.as_str().cloned()
    }

    /// Whether an expression names a parameter that is text.
    pub(crate) fn is_text(&self, expr: &arm::Expr) -> bool {
        let named = expr.name_in("parameters").and_then(|param| self.params.get(param));
        named.is_some_and(|entry| entry.ty.is_text())
    }

    /// The fewest characters that the parameter has which an expression names.
    pub(crate) fn least_length(&self, expr: &arm::Expr) -> usize {
        let named = expr.name_in("parameters").and_then(|param| self.params.get(param));
        match named.map(|entry| &entry.ty) {
            Some(Type::String { min: Some(min), .. }) => usize::try_from(*min).unwrap_or(0),
            Some(Type::Literals(all)) => all.iter().map(|text| text.chars().count()).min().unwrap_or(0),
            _ => 0,
        }
    }

    pub(crate) fn names(&self) -> Vec<Arc<str>> {
        self.params.keys().chain(self.given.keys()).chain(&self.defaulted).cloned().collect()
    }

    /// The parameters of the template and where they are declared.
    pub(crate) fn declared(&self) -> Vec<(Arc<str>, Span)> {
        self.params.iter().map(|(name, e)| (name.clone(), e.param.span)).collect()
    }

    pub(crate) fn into_params(self) -> Vec<Param> {
        self.params.into_values().map(|e| e.param).collect()
    }
}

impl<'a> Checker<'a, '_> {
    /// The value of a parameter: bound by an import, given from outside, or an expression of ARM.
    pub(crate) fn param_value(
        &mut self,
        stmt: &'a Stmt,
        binding: &'a Binding,
        name: &Arc<str>,
        span: Span,
        env: &Env,
    ) -> Value {
        // An import binds it under its declared name; outside it is known under its name in the template.
        let (own, name) = (name, &arm_name(binding, name));
        let declared = match &binding.ty {
            Some(ty) => self.type_of_expr(ty, env),
            None => Declared { ty: Type::Any, secret: false },
        };
        let bound = self.instances.get(env.instance).and_then(|i| i.given.get(own)).cloned();
        if let Some(value) = bound {
            let value = self.conform(value, &declared.ty, &format!("the parameter `{name}`"));
            return value.hop(|| format!("it is bound to the parameter `{name}`"), span);
        }
        // Where errors do not stop the writing, a secret stays a parameter: its value is in no output.
        let stays = declared.secret && self.options.permissive;
        if let Some(value) = self.given_value(name, &declared, span).filter(|_| !stays) {
            return value;
        }
        let default = binding.value.as_ref();
        let ty = match (&binding.ty, default) {
            // Without a type the default says it.
            (None, Some(expr)) => self.eval(expr, env, Expect::None).type_of(),
            _ => declared.ty.clone(),
        };
        if let Some(expr) = default.filter(|_| self.options.defaults && !declared.secret) {
            let value = self.eval(expr, env, Expect::Type(&ty));
            let value = self.conform(value, &ty, &format!("the default of `{name}`"));
            if !matches!(value.kind, Kind::Null | Kind::Unknown) {
                self.params.defaulted.push(name.clone());
                return value;
            }
        }
        self.hoist(stmt, name, ty, declared.secret, default, span, env)
    }

    /// A parameter that an ARM expression names, if the entry file or a file it imports declares it.
    pub(crate) fn declared_param(&mut self, name: &str, used: Span) -> Option<Value> {
        if let Some((_, entry)) = self.params.params.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)) {
            return Some(entry.value.clone());
        }
        let (instance, symbol) = (0..self.instances.len()).find_map(|i| {
            let module = self.graph.module(self.instances.get(i)?.file)?;
            let found = module.symbols.iter().find(|(own, symbol)| match symbol.kind {
                SymbolKind::Param(_, binding) => arm_name(binding, own).eq_ignore_ascii_case(name),
                _ => false,
            });
            found.map(|(own, _)| (i, own.clone()))
        })?;
        self.symbol(instance, &symbol, used)
    }

    fn given_value(&mut self, name: &Arc<str>, declared: &Declared, span: Span) -> Option<Value> {
        // The last of several values wins, as on other command lines.
        let given = self.options.given.iter().rev().find(|g| g.name == **name)?;
        if declared.secret || matches!(given.value, GivenValue::Later) {
            // A secret that were known here would be folded into the template; it is for the deployment alone.
            if matches!(given.value, GivenValue::Text(_)) {
                self.report(errors::secret_given(name, &given.from, span));
            }
            self.params.given.insert(name.clone(), Value::unknown(span));
            return None;
        }
        let value = match &given.value {
            GivenValue::Value(value) => self.typed_value(value, &declared.ty, span),
            GivenValue::Text(text) => self.read_given(text, &declared.ty, span),
            GivenValue::Later => return None,
        };
        let value = match value {
            Some(value) => {
                let what = format!("the parameter `{name}`, given by {},", given.from);
                self.conform(value, &declared.ty, &what)
            }
            None => {
                let text = match &given.value {
                    GivenValue::Text(text) => text.clone(),
                    GivenValue::Value(value) => format!("{value:?}"),
                    GivenValue::Later => String::new(),
                };
                self.report(errors::bad_given(name, &text, &given.from, &declared.ty, span));
                Value::unknown(span)
            }
        };
        self.params.given.insert(name.clone(), value.clone());
        Some(value)
    }

    /// A JSON value as the parameter's type has it: durations are minutes and sizes gigabytes, as in the template.
    fn typed_value(&self, value: &arm::Value, ty: &Type, span: Span) -> Option<Value> {
        let inner = match ty {
            Type::Optional(inner) => inner,
            other => other,
        };
        Some(match (inner, value) {
            (Type::Duration, arm::Value::Int(minutes)) => {
                Value::new(Kind::Duration(u64::try_from(*minutes).ok()?.checked_mul(60)?), span)
            }
            (Type::Size, arm::Value::Int(gb)) => Value::new(Kind::Size(u64::try_from(*gb).ok()?), span),
            (_, value) => Value::from_arm(value, span),
        })
    }

    /// Text of a command line as the parameter's type reads it.
    fn read_given(&self, text: &str, ty: &Type, span: Span) -> Option<Value> {
        let ty = match ty {
            Type::Optional(inner) => {
                if text == "null" {
                    return Some(Value::new(Kind::Null, span));
                }
                inner
            }
            other => other,
        };
        if ty.is_text() {
            return Some(Value::str(text, span));
        }
        let parsed = crate::syntax::parse(FileId::default(), &format!("let x = {text}"));
        let literal = match parsed.ast.items.first().map(|s| &s.kind) {
            Some(StmtKind::Let(binding)) if parsed.errors.is_empty() && parsed.ast.items.len() == 1 => {
                binding.value.as_ref().and_then(|e| literal(e, span))
            }
            _ => None,
        };
        // Lists and objects may also be written as JSON, as parameter files have them.
        let json = || arm::fold_call("json", &[arm::Value::Str(text.into())]);
        match (literal, ty) {
            (Some(value), _) => Some(value),
            (None, Type::List(_) | Type::Map(_) | Type::Object(_)) => {
                json().and_then(|value| self.typed_value(&value, ty, span))
            }
            (None, Type::Any | Type::Union(_)) => Some(Value::str(text, span)),
            _ => None,
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one declaration")]
    fn hoist(
        &mut self,
        stmt: &'a Stmt,
        name: &Arc<str>,
        ty: Type,
        secret: bool,
        default: Option<&'a Expr>,
        span: Span,
        env: &Env,
    ) -> Value {
        if let Some(existing) = self.params.params.get(name) {
            let (first_ty, first_default) = (existing.ty.clone(), existing.param.default.clone());
            let (first_secret, value) = (existing.param.secret, existing.value.clone());
            let default = default.and_then(|expr| self.param_default(expr, &ty, name, env));
            let same_default = match (&first_default, &default) {
                (Some(a), Some(b)) => a.same_as(b),
                (a, b) => a.is_none() && b.is_none(),
            };
            let same = first_ty == ty && same_default && first_secret == secret;
            if !same {
                let first = self.params.params.get(name).map(|e| e.param.span).unwrap_or(span);
                self.report(errors::conflicting_parameters(name, span, first));
            }
            return value.at(span);
        }
        let cause = Arc::new(Cause { what: format!("parameter `{name}`").into(), span });
        let labels = Labels {
            deferred: Some(cause),
            secret: secret.then(|| secret_source(format!("parameter `{name}` is secret"), span)),
        };
        let value = Value::deferred(arm::Expr::parameter(name.clone()), ty.clone(), labels, span);
        let mut default = default.and_then(|expr| self.param_default(expr, &ty, name, env));
        if secret
            && let Some(node) = &default
            && matches!(&node.kind, NodeKind::Str(t) if !t.is_empty())
        {
            self.report(errors::secret_default(name, node.origin.span));
            // Where errors do not stop the writing, this is not written either.
            default = None;
        }
        let own = env.instance == 0;
        let mut param = Param { own, ..describe(name, &ty, secret, default, stmt.doc.clone(), span) };
        // Where the type leaves it open, the default says what ARM calls it.
        if let Some(node) = &param.default
            && matches!(ty, Type::Any | Type::Union(_))
        {
            match arm_type_of(&node.kind) {
                Some(arm_type) => param.arm_type = arm_type,
                None => self.report(errors::no_arm_type(name, node.origin.span)),
            }
        }
        let entry = Entry { param, ty, value: value.clone() };
        self.params.params.insert(name.clone(), entry);
        value
    }

    fn param_default(&mut self, expr: &'a Expr, ty: &Type, name: &Arc<str>, env: &Env) -> Option<Node> {
        let value = self.eval(expr, env, Expect::Type(ty));
        let value = self.conform(value, ty, &format!("the default of `{name}`"));
        match value.kind {
            Kind::Null => {
                self.report(errors::null_parameter(name, ty, env.span(expr.range)));
                return None;
            }
            Kind::Unknown => return None,
            _ => {}
        }
        let plain = self.as_plain(value, env.span(expr.range));
        Some(self.plain_node(&plain))
    }
}

/// The name that a parameter or output has in the template.
pub(crate) fn arm_name(binding: &Binding, declared: &Arc<str>) -> Arc<str> {
    let written = binding.known_as.as_ref().and_then(|text| text.as_text());
    written.filter(|text| !text.is_empty()).unwrap_or_else(|| declared.clone())
}

/// The ARM declaration of a parameter.
fn describe(
    name: &Arc<str>,
    ty: &Type,
    secret: bool,
    default: Option<Node>,
    doc: Option<Arc<str>>,
    span: Span,
) -> Param {
    let inner = match ty {
        Type::Optional(inner) => inner,
        other => other,
    };
    let mut param = Param {
        name: name.clone(),
        arm_type: inner.arm_type(),
        secret,
        own: false,
        allowed: Vec::new(),
        range: (None, None),
        length: (None, None),
        default,
        description: doc,
        span,
    };
    let say = |text: &str, description: &Option<Arc<str>>| -> Option<Arc<str>> {
        Some(match description {
            Some(doc) => format!("{doc} ({text})").into(),
            None => Arc::from(text),
        })
    };
    match inner {
        Type::Literals(values) => param.allowed = values.to_vec(),
        Type::Int { min, max } => param.range = (*min, *max),
        Type::String { min, max, pattern } => {
            param.length = (*min, *max);
            if let Some(pattern) = pattern {
                param.description = say(&format!("must match {pattern}"), &param.description);
            }
        }
        Type::Duration => param.description = say("in minutes", &param.description),
        Type::Size => param.description = say("in GB", &param.description),
        _ => {}
    }
    param
}

/// A literal expression as a value: what a command line may give.
fn literal(expr: &Expr, span: Span) -> Option<Value> {
    use crate::syntax::ast::{ExprKind, ListItem, ObjectItem, ObjectKey, UnaryOp};
    Some(Value::new(
        match &expr.kind {
            ExprKind::Null => Kind::Null,
            ExprKind::Bool(b) => Kind::Bool(*b),
            ExprKind::Int(n) => Kind::Int(*n),
            ExprKind::Decimal(text) => Kind::Decimal(text.clone()),
            ExprKind::Duration(s) => Kind::Duration(*s),
            ExprKind::Size(gb) => Kind::Size(*gb),
            ExprKind::Str(text) => Kind::Str(text.as_text()?),
            ExprKind::Unary { op: UnaryOp::Neg, operand } => match literal(operand, span)?.kind {
                Kind::Int(n) => Kind::Int(n.checked_neg()?),
                _ => return None,
            },
            ExprKind::List(items) => {
                let items = items.iter().map(|i| match i {
                    ListItem::Item(e) => literal(e, span),
                    ListItem::Spread(_) => None,
                });
                Kind::List(Arc::new(items.collect::<Option<_>>()?))
            }
            ExprKind::Object(items) => {
                let mut fields = super::value::Fields::default();
                for item in items {
                    let ObjectItem::Member { key, value } = item else { return None };
                    let name = match key {
                        ObjectKey::Ident(name) => name.text.clone(),
                        ObjectKey::Str(text) => text.as_text()?,
                        ObjectKey::Expr(_) => return None,
                    };
                    fields.insert(name, span, literal(value, span)?);
                }
                Kind::Object(Arc::new(fields))
            }
            _ => return None,
        },
        span,
    ))
}

/// What ARM calls the type of a default; none for what it has no type for.
fn arm_type_of(kind: &NodeKind) -> Option<&'static str> {
    Some(match kind {
        NodeKind::Str(_) | NodeKind::Expr(_) => "string",
        NodeKind::Int(_) => "int",
        NodeKind::Bool(_) => "bool",
        NodeKind::List(_) => "array",
        NodeKind::Object(_) | NodeKind::Null | NodeKind::Invalid => "object",
        NodeKind::Decimal(_) => return None,
    })
}
