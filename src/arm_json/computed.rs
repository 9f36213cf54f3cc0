//! Values that expressions come to before anything is deployed, as if they stood there: `[concat(variables('a'),
//! createArray('x'))]` is a list whose elements stand where they are written, else where the expression does.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use super::scope::{At, MAX_HOPS, Scopes};
use crate::arm::{self, Expr};
use crate::base::TextRange;
use crate::json::{Data, Key, Member, Object, Value};

/// How many parts all computed values of a document may have; above, an expression counts as unknown.
const MAX_PARTS: usize = 500_000;
/// How many blocks of values there are; each holds twice as many as the one before.
const BLOCKS: usize = 24;
/// How many values the first block holds.
const FIRST: usize = 64;

/// Values that are no part of the document, kept as long as it.
#[derive(Debug)]
pub(super) struct Made {
    blocks: [OnceCell<Vec<OnceCell<Value>>>; BLOCKS],
    /// The block and the place in it that are free.
    free: Cell<(usize, usize)>,
}

impl Default for Made {
    fn default() -> Self {
        Self { blocks: [const { OnceCell::new() }; BLOCKS], free: Cell::default() }
    }
}

impl Made {
    fn put(&self, value: Value) -> Option<&Value> {
        let (block, at) = self.free.get();
        let size = FIRST << block;
        self.free.set(if at + 1 < size { (block, at + 1) } else { (block + 1, 0) });
        let cells = self.blocks.get(block)?.get_or_init(|| vec![OnceCell::new(); size]);
        Some(cells.get(at)?.get_or_init(|| value))
    }
}

/// What is known of computed values.
#[derive(Debug, Default)]
pub(super) struct Computed<'a> {
    /// What values that are expressions come to, by where these are kept; nothing while it is looked for.
    known: RefCell<HashMap<*const Value, Option<At<'a>>>>,
    parts: Cell<usize>,
    depth: Cell<usize>,
    /// Whether a name is being computed: names within it have to be written.
    pub(super) naming: Cell<bool>,
}

impl<'a> Scopes<'a> {
    /// The value that an expression comes to, if the document says all of it, or all but some elements of it.
    pub(super) fn computed(&self, expr: &Expr, at: At<'a>) -> Option<At<'a>> {
        let key: *const Value = at.value;
        if let Some(known) = self.computed.known.borrow().get(&key) {
            return *known;
        }
        let depth = self.computed.depth.get();
        if depth >= MAX_HOPS {
            return None;
        }
        // One that rests on itself is unknown.
        self.computed.known.borrow_mut().insert(key, None);
        self.computed.depth.set(depth + 1);
        let found = self.part(expr, at);
        self.computed.depth.set(depth);
        self.computed.known.borrow_mut().insert(key, found);
        found
    }

    /// The value of an expression, or of a part of one, that stands somewhere.
    fn part(&self, expr: &Expr, at: At<'a>) -> Option<At<'a>> {
        if let Some((next, _)) = self.meaning(expr, at.scope) {
            let next = self.follow(next).0;
            return self.expr(next).is_none().then_some(next);
        }
        let Expr::Call { name, args } = expr else { return self.folded(expr, at) };
        let is = |function: &str| name.eq_ignore_ascii_case(function);
        match args.as_slice() {
            [condition, yes, no] if is("if") => match self.resolved(condition, at.scope) {
                Expr::Bool(true) => self.part(yes, at),
                Expr::Bool(false) => self.part(no, at),
                _ => None,
            },
            [_, ..] if is("createArray") => {
                let items = args.iter().map(|arg| self.element(arg, at)).collect::<Option<Vec<Value>>>()?;
                self.made(Data::List(items), at)
            }
            [_, ..] if is("createObject") => self.object_of(args, at),
            [_, ..] if is("concat") => match self.joined(args, at) {
                Some(items) => self.made(Data::List(items), at),
                None => self.folded(expr, at),
            },
            [_, ..] if is("union") => match self.united(args, at) {
                Some(object) => self.made(Data::Object(object), at),
                None => self.folded(expr, at),
            },
            _ => self.folded(expr, at),
        }
    }

    /// What the folding of an expression gives, if that is all known.
    fn folded(&self, expr: &Expr, at: At<'a>) -> Option<At<'a>> {
        let value = self.resolved(expr, at.scope).as_value()?;
        self.made(data_of(&value, at.value.range), at)
    }

    fn made(&self, data: Data, at: At<'a>) -> Option<At<'a>> {
        let value = Value { range: at.value.range, data, comments: None };
        let parts = self.computed.parts.get() + weight(&value);
        if parts > MAX_PARTS {
            return None;
        }
        self.computed.parts.set(parts);
        Some(At { value: self.made.put(value)?, ..at })
    }

    /// An argument as an element: what it comes to, or else the expression.
    fn element(&self, arg: &Expr, at: At<'a>) -> Option<Value> {
        if let Some(known) = self.part(arg, at) {
            return (known.scope == at.scope).then(|| known.value.clone());
        }
        let text = arm::print_template(arg, &|_| None);
        Some(Value { range: at.value.range, data: Data::Text(text.into()), comments: None })
    }

    /// The elements of lists, one after the other.
    fn joined(&self, args: &[Expr], at: At<'a>) -> Option<Vec<Value>> {
        let mut items = Vec::new();
        for arg in args {
            let list = self.part(arg, at).filter(|list| list.scope == at.scope)?;
            items.extend_from_slice(list.value.as_list()?);
            if items.len() > MAX_PARTS {
                return None;
            }
        }
        Some(items)
    }

    /// `createObject('a', 1)`, if its keys are known.
    fn object_of(&self, args: &[Expr], at: At<'a>) -> Option<At<'a>> {
        let mut members = Vec::new();
        for pair in args.chunks(2) {
            let [key, value] = pair else { return None };
            let Expr::Str(text) = self.resolved(key, at.scope) else { return None };
            let key = Key { range: at.value.range, text: arm::escape_literal(&text).into() };
            members.push(Member { key, value: self.element(value, at)? });
        }
        self.made(Data::Object(Object { members }), at)
    }

    /// The members of objects together; those of the later ones count, and objects in both are united too.
    fn united(&self, args: &[Expr], at: At<'a>) -> Option<Object> {
        let mut all = Object::default();
        for arg in args {
            let one = self.part(arg, at).filter(|one| one.scope == at.scope)?;
            unite(&mut all, one.value.as_object()?);
        }
        Some(all)
    }
}

fn unite(all: &mut Object, more: &Object) {
    for member in more.effective() {
        let known = all.members.iter_mut().find(|m| m.key.text.eq_ignore_ascii_case(&member.key.text));
        match known {
            Some(known) => match (&mut known.value.data, &member.value.data) {
                (Data::Object(inner), Data::Object(other)) => unite(inner, other),
                _ => known.value = member.value.clone(),
            },
            None => all.members.push(member.clone()),
        }
    }
}

/// A known value as a template writes it, at one place.
fn data_of(value: &arm::Value, range: TextRange) -> Data {
    let inner = |value: &arm::Value| Value { range, data: data_of(value, range), comments: None };
    let text = |text: &str| -> Box<str> { arm::escape_literal(text).into() };
    match value {
        arm::Value::Null => Data::Null,
        arm::Value::Bool(value) => Data::Bool(*value),
        arm::Value::Int(number) => Data::Number(number.to_string().into()),
        arm::Value::Float(number) => Data::Number(format!("{number:?}").into()),
        arm::Value::Str(value) => Data::Text(text(value)),
        arm::Value::Array(items) => Data::List(items.iter().map(inner).collect()),
        arm::Value::Object(members) => {
            let member = |(key, value): (&Arc<str>, &arm::Value)| Member {
                key: Key { range, text: text(key) },
                value: inner(value),
            };
            Data::Object(Object { members: members.iter().map(member).collect() })
        }
    }
}

fn weight(value: &Value) -> usize {
    match &value.data {
        Data::List(items) => 1 + items.iter().map(weight).sum::<usize>(),
        Data::Object(object) => 1 + object.members.iter().map(|m| weight(&m.value)).sum::<usize>(),
        Data::Text(text) => 1 + text.len() / 64,
        _ => 1,
    }
}
