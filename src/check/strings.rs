//! Strings with interpolations.

use std::sync::Arc;

use super::MAX_STRING;
use super::errors;
use super::eval::Expect;
use super::module::{Checker, Env};
use super::program::Labels;
use super::ty::Type;
use super::value::{Kind, Value};
use crate::arm;
use crate::base::Span;
use crate::syntax::ast::{ExprKind, StrLit, StrPart};

impl<'a> Checker<'a, '_> {
    /// Evaluates a string; an interpolation of something deferred makes it an ARM `format(…)`.
    pub(crate) fn eval_string(&mut self, text: &'a StrLit, env: &Env) -> Value {
        let span = env.span(text.range);
        if let Some(known) = text.as_text() {
            return Value::str(known, span);
        }
        let mut parts: Vec<arm::Expr> = Vec::with_capacity(text.parts.len());
        let mut known = String::new();
        let mut labels = Labels::default();
        let mut broken = false;
        for part in &text.parts {
            match part {
                StrPart::Text { text, .. } => known.push_str(text),
                StrPart::Interpolation(expr) => {
                    let value = match &expr.kind {
                        ExprKind::Name(name) => {
                            let at = env.span(expr.range);
                            match self.lookup(name, at, env) {
                                Some(value) => value,
                                None => {
                                    let d = self.unknown_in_string(name, at, env);
                                    self.report(d);
                                    Value::unknown(at)
                                }
                            }
                        }
                        _ => self.eval(expr, env, Expect::None),
                    };
                    labels = labels.join(&value.labels);
                    match self.text_of(value) {
                        Some(Ok(text)) => known.push_str(&text),
                        Some(Err(expr)) => {
                            if !known.is_empty() {
                                parts.push(arm::Expr::Str(std::mem::take(&mut known).into()));
                            }
                            parts.push(expr);
                        }
                        None => broken = true,
                    }
                }
            }
            if known.len() > MAX_STRING {
                self.report(errors::too_long(span));
                return Value::unknown(span);
            }
        }
        if broken {
            return Value::unknown(span);
        }
        if parts.is_empty() {
            let labels = Labels { deferred: None, ..labels };
            return Value::str(known, span).with_labels(&labels);
        }
        if !known.is_empty() {
            parts.push(arm::Expr::Str(known.into()));
        }
        Value::deferred(arm::interpolate(parts), Type::STRING, labels, span)
    }

    /// A value as text: known, or as an ARM expression; nothing (reported) if it has no text.
    pub(crate) fn text_of(&mut self, value: Value) -> Option<Result<Arc<str>, arm::Expr>> {
        let value = match &value.kind {
            Kind::Handle(handle) => self.handle_id(&handle.clone(), value.span),
            _ => value,
        };
        match &value.kind {
            Kind::Unknown => None,
            Kind::Str(text) | Kind::Decimal(text) => Some(Ok(text.clone())),
            Kind::Int(n) => Some(Ok(n.to_string().into())),
            // ARM writes truth values as .NET does.
            Kind::Bool(b) => Some(Ok(if *b { "True" } else { "False" }.into())),
            Kind::Deferred(expr, ty) => match ty {
                Type::List(_) | Type::Map(_) | Type::Object(_) => {
                    self.report(errors::no_text(&value));
                    None
                }
                _ => Some(Err(expr.clone())),
            },
            _ => {
                self.report(errors::no_text(&value));
                None
            }
        }
    }

    /// Text as a value: what `text_of` gives, put together again.
    pub(crate) fn text_value(&self, text: Result<Arc<str>, arm::Expr>, labels: Labels, span: Span) -> Value {
        match text {
            Ok(text) => Value::str(text, span).with_labels(&labels),
            Err(expr) => Value::deferred(expr, Type::STRING, labels, span),
        }
    }
}
