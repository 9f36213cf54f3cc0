//! Values of single properties: texts, numbers, truth values, enumerations.

use super::convert::Conversion;
use super::errors;
use super::module::Checker;
use super::program::{Node, NodeKind};
use super::texts::is_go_duration;
use super::ty::Type;
use super::value::{Kind, Value};
use crate::arm;
use crate::base::has_placeholder;
use crate::schema::{Lit, Prop, Ty};

impl Checker<'_, '_> {
    pub(super) fn text_node(
        &mut self,
        c: &mut Conversion,
        value: &Value,
        ty: &'static Ty,
        prop: &'static Prop,
    ) -> Option<Node> {
        let value = match &value.kind {
            Kind::Handle(handle) if matches!(ty, Ty::Str) => self.handle_id(&handle.clone(), value.span),
            _ => value.clone(),
        };
        match &value.kind {
            Kind::Str(text) => {
                if let Some(d) = errors::bad_text(text, ty, prop, value.span, c) {
                    self.complain(c, d);
                    return None;
                }
                Some(self.labelled(c, NodeKind::Str(text.clone()), &value))
            }
            Kind::Deferred(expr, have)
                if have.is_text() || matches!(have, Type::Any | Type::Source) || is_text_union(have) =>
            {
                Some(self.labelled(c, NodeKind::Expr(expr.clone()), &value))
            }
            Kind::Unknown => None,
            _ => self.mismatch(c, &value, errors::words_of(ty), prop),
        }
    }

    pub(super) fn number_node(
        &mut self,
        c: &mut Conversion,
        value: &Value,
        ty: &'static Ty,
        prop: &'static Prop,
    ) -> Option<Node> {
        let number = match (&value.kind, ty) {
            (Kind::Int(n), Ty::Int) => Some(*n),
            (Kind::Duration(s), Ty::Minutes) => {
                if s % 60 != 0 {
                    let d = errors::not_whole_minutes(prop, *s, value.span);
                    self.complain(c, d);
                    return None;
                }
                i64::try_from(s / 60).ok()
            }
            (Kind::Size(gb), Ty::Gigabytes) => i64::try_from(*gb).ok(),
            (Kind::Deferred(expr, have), _) => {
                let fits = match ty {
                    Ty::Int => matches!(have, Type::Int { .. } | Type::Any),
                    // An int of the template counts what ARM counts: minutes, gigabytes.
                    Ty::Minutes => matches!(have, Type::Duration | Type::Int { .. } | Type::Any),
                    _ => matches!(have, Type::Size | Type::Int { .. } | Type::Any),
                };
                if !fits {
                    return self.mismatch(c, value, errors::words_of(ty), prop);
                }
                if let (Ty::Int | Ty::Minutes | Ty::Gigabytes, Type::Int { min, max }) = (ty, have)
                    && let Some(d) = errors::range_of_type(prop, *min, *max, value.span)
                {
                    self.complain(c, d);
                }
                return Some(self.labelled(c, NodeKind::Expr(expr.clone()), value));
            }
            _ => None,
        };
        let Some(number) = number else { return self.mismatch(c, value, errors::words_of(ty), prop) };
        let limit = prop.limit;
        let low = limit.min.is_some_and(|m| number < m);
        let high = limit.max.is_some_and(|m| number > m) || number > i64::from(i32::MAX);
        if low || high || number < i64::from(i32::MIN) {
            let d = errors::out_of_bounds(prop, number, value.span);
            self.complain(c, d);
            return None;
        }
        Some(self.labelled(c, NodeKind::Int(number), value))
    }

    pub(super) fn go_duration(
        &mut self,
        c: &mut Conversion,
        value: &Value,
        prop: &'static Prop,
    ) -> Option<Node> {
        match &value.kind {
            Kind::Duration(0) => {
                let d = errors::out_of_bounds(prop, 0, value.span);
                self.complain(c, d);
                None
            }
            Kind::Duration(s) => {
                let text = match s {
                    s if s % 3600 == 0 => format!("{}h", s / 3600),
                    s if s % 60 == 0 => format!("{}m", s / 60),
                    s => format!("{s}s"),
                };
                Some(self.labelled(c, NodeKind::Str(text.into()), value))
            }
            Kind::Deferred(expr, Type::Duration) => {
                let expr = arm::interpolate(vec![expr.clone(), arm::Expr::Str("m".into())]);
                Some(self.labelled(c, NodeKind::Expr(expr), value))
            }
            Kind::Deferred(expr, t) if t.is_text() || *t == Type::Any => {
                Some(self.labelled(c, NodeKind::Expr(expr.clone()), value))
            }
            Kind::Str(text) if is_go_duration(text) || has_placeholder(text) => {
                Some(self.labelled(c, NodeKind::Str(text.clone()), value))
            }
            _ => self.mismatch(c, value, "a duration such as `10m`", prop),
        }
    }

    pub(super) fn state_node(
        &mut self,
        c: &mut Conversion,
        value: &Value,
        prop: &'static Prop,
    ) -> Option<Node> {
        let word = |b: bool| if b { "Enabled" } else { "Disabled" };
        match &value.kind {
            Kind::Bool(b) => Some(self.labelled(c, NodeKind::Str(word(*b).into()), value)),
            Kind::Str(text) if matches!(&**text, "Enabled" | "Disabled") => {
                Some(self.labelled(c, NodeKind::Str(text.clone()), value))
            }
            Kind::Deferred(expr, Type::Bool) => {
                let args =
                    vec![expr.clone(), arm::Expr::Str(word(true).into()), arm::Expr::Str(word(false).into())];
                Some(self.labelled(c, NodeKind::Expr(arm::Expr::call("if", args)), value))
            }
            Kind::Deferred(expr, t) if t.is_text() || *t == Type::Any => {
                Some(self.labelled(c, NodeKind::Expr(expr.clone()), value))
            }
            _ => self.mismatch(c, value, "a bool", prop),
        }
    }

    pub(super) fn enum_node(
        &mut self,
        c: &mut Conversion,
        value: &Value,
        e: &'static crate::schema::Enumeration,
        prop: &'static Prop,
    ) -> Option<Node> {
        let boolean = e.values.iter().any(|v| matches!(v.arm, Lit::Bool(_)));
        match &value.kind {
            Kind::Str(text) => match e.find(text) {
                Some(found) => {
                    self.use_since(
                        c,
                        found.since,
                        None,
                        &format!("`{}` of `{}`", found.name, prop.name),
                        value.span,
                    );
                    let kind = match found.arm {
                        Lit::Str(text) => NodeKind::Str(text.into()),
                        Lit::Bool(b) => NodeKind::Bool(b),
                    };
                    Some(self.labelled(c, kind, value))
                }
                None if has_placeholder(text) => Some(self.labelled(c, NodeKind::Str(text.clone()), value)),
                None => {
                    let d = errors::not_in_enum(text, e, prop, value.span);
                    self.complain(c, d);
                    e.open.then(|| self.labelled(c, NodeKind::Str(text.clone()), value))
                }
            },
            Kind::Bool(b) if boolean => Some(self.labelled(c, NodeKind::Bool(*b), value)),
            Kind::Deferred(expr, Type::Bool) if boolean => {
                Some(self.labelled(c, NodeKind::Expr(expr.clone()), value))
            }
            Kind::Deferred(expr, have) if have.is_text() || *have == Type::Any => {
                if let Type::Literals(values) = have {
                    for text in values.iter() {
                        let exact = e.values.iter().any(|v| matches!(v.arm, Lit::Str(own) if own == &**text));
                        if !exact && !e.open {
                            let d = errors::enum_of_type(text, e, prop, value.span);
                            self.complain(c, d);
                            return None;
                        }
                    }
                }
                Some(self.labelled(c, NodeKind::Expr(expr.clone()), value))
            }
            _ => self.mismatch(c, value, &errors::words_of_enum(e), prop),
        }
    }
}

fn is_text_union(ty: &Type) -> bool {
    matches!(ty, Type::Union(items) if items.iter().all(Type::is_text))
}
