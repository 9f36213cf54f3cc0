//! Operators: computed where both sides are known, else the ARM function that computes the same.

use std::sync::Arc;

use super::errors;
use super::eval::Expect;
use super::module::{Checker, Env};
use super::ty::Type;
use super::value::{Kind, Value};
use crate::base::Span;
use crate::syntax::ast::{BinaryOp, Expr};

/// An operator on numbers or text and the ARM function that it is.
struct OperatorRow {
    op: BinaryOp,
    function: &'static str,
    operands: Operands,
    result: Type,
}

#[derive(Clone, Copy, PartialEq)]
enum Operands {
    Ints,
    Bools,
    Anything,
}

/// The rows (azure-resource-manager template functions: numeric, comparison, logical).
static OPERATORS: &[OperatorRow] = &[
    OperatorRow { op: BinaryOp::Or, function: "or", operands: Operands::Bools, result: Type::Bool },
    OperatorRow { op: BinaryOp::And, function: "and", operands: Operands::Bools, result: Type::Bool },
    OperatorRow { op: BinaryOp::Eq, function: "equals", operands: Operands::Anything, result: Type::Bool },
    OperatorRow { op: BinaryOp::Ne, function: "equals", operands: Operands::Anything, result: Type::Bool },
    OperatorRow { op: BinaryOp::Lt, function: "less", operands: Operands::Ints, result: Type::Bool },
    OperatorRow { op: BinaryOp::Le, function: "lessOrEquals", operands: Operands::Ints, result: Type::Bool },
    OperatorRow { op: BinaryOp::Gt, function: "greater", operands: Operands::Ints, result: Type::Bool },
    OperatorRow {
        op: BinaryOp::Ge,
        function: "greaterOrEquals",
        operands: Operands::Ints,
        result: Type::Bool,
    },
    OperatorRow { op: BinaryOp::Add, function: "add", operands: Operands::Ints, result: Type::INT },
    OperatorRow { op: BinaryOp::Sub, function: "sub", operands: Operands::Ints, result: Type::INT },
    OperatorRow { op: BinaryOp::Mul, function: "mul", operands: Operands::Ints, result: Type::INT },
    OperatorRow { op: BinaryOp::Div, function: "div", operands: Operands::Ints, result: Type::INT },
    OperatorRow { op: BinaryOp::Rem, function: "mod", operands: Operands::Ints, result: Type::INT },
];

/// The operator that a function of ARM is.
#[derive(Clone, Copy, Debug)]
pub struct ArmOperator {
    /// The operator.
    pub op: BinaryOp,
    /// What it takes on both sides, by the word for it: `int`, `bool`, or `any`.
    pub takes: &'static str,
    /// What it gives: `int` or `bool`.
    pub gives: &'static str,
    /// Whether the function takes more than two arguments, as a chain of the operator does.
    pub chains: bool,
}

/// The operator that a function of ARM with this name is.
pub fn operator_of(function: &str) -> Option<ArmOperator> {
    let row = OPERATORS.iter().find(|row| row.function.eq_ignore_ascii_case(function))?;
    let takes = match row.operands {
        Operands::Ints => "int",
        Operands::Bools => "bool",
        Operands::Anything => "any",
    };
    let gives = if row.result == Type::Bool { "bool" } else { "int" };
    Some(ArmOperator { op: row.op, takes, gives, chains: row.operands == Operands::Bools })
}

impl<'a> Checker<'a, '_> {
    pub(crate) fn binary(
        &mut self,
        op: BinaryOp,
        left: &'a Expr,
        right: &'a Expr,
        span: Span,
        env: &Env,
    ) -> Value {
        let l = self.eval(left, env, Expect::None);
        // What is decided by the left side alone leaves the right side unevaluated, as ARM's `and` and `or` do not,
        // but as an author expects of a guard.
        match (op, &l.kind) {
            (BinaryOp::And, Kind::Bool(false)) | (BinaryOp::Or, Kind::Bool(true)) => return l.at(span),
            (BinaryOp::Coalesce, Kind::Null) => return self.eval(right, env, Expect::None),
            (BinaryOp::Coalesce, Kind::Deferred(..)) => {
                let r = self.eval(right, env, Expect::None);
                let ty = r.type_of();
                return self.arm_call("coalesce", &[l, r], ty, span);
            }
            (BinaryOp::Coalesce, _) => return l,
            _ => {}
        }
        let r = self.eval(right, env, Expect::None);
        if l.is_unknown() || r.is_unknown() {
            return Value::unknown(span);
        }
        if op == BinaryOp::Add
            && let Some(joined) = self.join(&l, &r, span)
        {
            return joined;
        }
        if let Some(value) = self.units(op, &l, &r, span) {
            return value;
        }
        self.by_row(op, l, r, span)
    }

    fn by_row(&mut self, op: BinaryOp, l: Value, r: Value, span: Span) -> Value {
        let Some(row) = OPERATORS.iter().find(|row| row.op == op) else { return Value::unknown(span) };
        let fits = |v: &Value| match row.operands {
            Operands::Ints => matches!(v.type_of(), Type::Int { .. } | Type::Any),
            Operands::Bools => matches!(v.type_of(), Type::Bool | Type::Any),
            Operands::Anything => true,
        };
        // What the other side is says what this one should be.
        let wanted = |other: &Value| match (row.operands, &other.kind) {
            (Operands::Bools, _) => "a bool",
            (Operands::Anything, _) => "a value",
            (Operands::Ints, Kind::Duration(_)) if with_units(op) => "a duration",
            (Operands::Ints, Kind::Size(_)) if with_units(op) => "a size",
            (Operands::Ints, Kind::Int(_)) => "an int",
            (Operands::Ints, _) if with_units(op) => "an int, a duration or a size",
            (Operands::Ints, _) => "an int",
        };
        for (side, other) in [(&l, &r), (&r, &l)] {
            if !fits(side) {
                self.report(errors::bad_operand(op.symbol(), side, wanted(other)));
                return Value::unknown(span);
            }
        }
        if matches!(op, BinaryOp::Div | BinaryOp::Rem) && matches!(r.kind, Kind::Int(0)) {
            self.report(errors::division_by_zero(r.span));
            return Value::unknown(span);
        }
        if row.operands == Operands::Anything {
            return self.equality(op, l, r, span);
        }
        let known = matches!((&l.kind, &r.kind), (Kind::Int(_), Kind::Int(_)));
        let value = self.arm_call(row.function, &[l, r], row.result.clone(), span);
        if known && matches!(value.kind, Kind::Deferred(..)) {
            self.report(errors::overflow(span));
            return Value::unknown(span);
        }
        value
    }

    fn equality(&mut self, op: BinaryOp, l: Value, r: Value, span: Span) -> Value {
        let known = match (&l.kind, &r.kind) {
            (Kind::Handle(a), Kind::Handle(b)) => Some(self.same_handle(&a.clone(), &b.clone())),
            (Kind::Variant(..), _) | (_, Kind::Variant(..)) => Some(false),
            (Kind::Null, Kind::Deferred(..)) | (Kind::Deferred(..), Kind::Null) => None,
            (Kind::Null, k) | (k, Kind::Null) => Some(matches!(k, Kind::Null)),
            _ => None,
        };
        let equal = match known {
            Some(b) => Value::new(Kind::Bool(b), span).with_labels(&l.labels).with_labels(&r.labels),
            None => self.arm_call("equals", &[l, r], Type::Bool, span),
        };
        if op == BinaryOp::Ne { self.negate_bool(equal, span) } else { equal }
    }

    /// `+` on text and on lists.
    fn join(&mut self, l: &Value, r: &Value, span: Span) -> Option<Value> {
        let both = |f: &dyn Fn(&Type) -> bool| f(&l.type_of()) && f(&r.type_of());
        if both(&Type::is_text) {
            return Some(self.arm_call("concat", &[l.clone(), r.clone()], Type::STRING, span));
        }
        if let (Kind::List(a), Kind::List(b)) = (&l.kind, &r.kind) {
            return Some(Value::list(a.iter().chain(b.iter()).cloned().collect(), span));
        }
        if both(&|t| matches!(t, Type::List(_))) {
            return Some(self.arm_call(
                "concat",
                &[l.clone(), r.clone()],
                Type::List(Arc::new(Type::Any)),
                span,
            ));
        }
        None
    }

    /// Durations and sizes: sums, differences, comparisons, and products with ints.
    fn units(&mut self, op: BinaryOp, l: &Value, r: &Value, span: Span) -> Option<Value> {
        let labels = l.labels.join(&r.labels);
        let (a, b, wrap): (u64, u64, fn(u64) -> Kind) = match (&l.kind, &r.kind) {
            (Kind::Duration(a), Kind::Duration(b)) => (*a, *b, Kind::Duration),
            (Kind::Size(a), Kind::Size(b)) => (*a, *b, Kind::Size),
            (Kind::Duration(a), Kind::Int(n)) | (Kind::Int(n), Kind::Duration(a)) if op == BinaryOp::Mul => {
                (*a, u64::try_from(*n).ok()?, Kind::Duration)
            }
            (Kind::Size(a), Kind::Int(n)) | (Kind::Int(n), Kind::Size(a)) if op == BinaryOp::Mul => {
                (*a, u64::try_from(*n).ok()?, Kind::Size)
            }
            _ => return None,
        };
        let number = match op {
            BinaryOp::Add => a.checked_add(b),
            BinaryOp::Sub => a.checked_sub(b),
            BinaryOp::Mul if !std::mem::discriminant(&l.kind).eq(&std::mem::discriminant(&r.kind)) => {
                a.checked_mul(b)
            }
            _ => {
                let truth = match op {
                    BinaryOp::Eq => a == b,
                    BinaryOp::Ne => a != b,
                    BinaryOp::Lt => a < b,
                    BinaryOp::Le => a <= b,
                    BinaryOp::Gt => a > b,
                    BinaryOp::Ge => a >= b,
                    _ => return None,
                };
                return Some(Value::new(Kind::Bool(truth), span).with_labels(&labels));
            }
        };
        match number {
            Some(n) => Some(Value::new(wrap(n), span).with_labels(&labels)),
            None if op == BinaryOp::Sub => {
                let what = if matches!(l.kind, Kind::Size(_)) { "size" } else { "duration" };
                self.report(errors::below_zero(what, span));
                Some(Value::unknown(span))
            }
            None => {
                self.report(errors::overflow(span));
                Some(Value::unknown(span))
            }
        }
    }

    pub(crate) fn negate_bool(&mut self, value: Value, span: Span) -> Value {
        match value.type_of() {
            Type::Unknown => Value::unknown(span),
            Type::Bool | Type::Any => self.arm_call("not", &[value], Type::Bool, span),
            _ => {
                self.report(errors::bad_operand("!", &value, "a bool"));
                Value::unknown(span)
            }
        }
    }

    pub(crate) fn negate_int(&mut self, value: Value, span: Span) -> Value {
        match &value.kind {
            Kind::Unknown => Value::unknown(span),
            Kind::Int(n) => match n.checked_neg() {
                Some(n) => Value::new(Kind::Int(n), span).with_labels(&value.labels),
                None => {
                    self.report(errors::overflow(span));
                    Value::unknown(span)
                }
            },
            Kind::Decimal(text) => {
                let text = text.strip_prefix('-').map_or_else(|| format!("-{text}"), str::to_string);
                Value::new(Kind::Decimal(text.into()), span)
            }
            Kind::Deferred(_, Type::Int { .. } | Type::Any) => {
                self.arm_call("sub", &[Value::new(Kind::Int(0), span), value], Type::INT, span)
            }
            _ => {
                self.report(errors::bad_operand("-", &value, "an int"));
                Value::unknown(span)
            }
        }
    }

    pub(crate) fn ternary(
        &mut self,
        condition: &'a Expr,
        then: &'a Expr,
        otherwise: &'a Expr,
        span: Span,
        env: &Env,
        expect: Expect<'_>,
    ) -> Value {
        let c = self.eval(condition, env, Expect::Type(&Type::Bool));
        match &c.kind {
            Kind::Bool(true) => return self.eval(then, env, expect).with_labels(&c.labels),
            Kind::Bool(false) => return self.eval(otherwise, env, expect).with_labels(&c.labels),
            _ => {}
        }
        let a = self.eval(then, env, expect);
        let b = self.eval(otherwise, env, expect);
        match &c.kind {
            Kind::Unknown => Value::unknown(span),
            Kind::Deferred(_, Type::Bool | Type::Any) => {
                let has_no_expression =
                    |v: &Value| matches!(v.kind, Kind::Variant(..) | Kind::Namespace(_) | Kind::Callable(_));
                if has_no_expression(&a) || has_no_expression(&b) {
                    self.report(errors::deferred_choice(&c));
                    return Value::unknown(span);
                }
                let ty = a.exact_type().either(b.exact_type());
                self.arm_call("if", &[c, a, b], ty, span)
            }
            _ => {
                self.report(errors::type_mismatch(&c, "a bool", c.span));
                Value::unknown(span)
            }
        }
    }
}

/// Whether an operator on ints takes two durations or two sizes as well.
fn with_units(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::Add | BinaryOp::Sub | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge)
}
