//! Expressions of ARM as expressions of the language.

use super::out::Ex;
use std::cell::Cell;

use super::scope::{Declared, Scope, Type};
use super::text::{Part, interpolated, paragraph};
use crate::arm::{self, Expr, Returns, Value};
use crate::check::{BUILTINS, Builtin};
use crate::json::Value as Value_;
use crate::schema::IDENTITY;
use crate::syntax::{is_name, quote};

/// An expression of the language: its text, what it gives, and how tightly it binds.
#[derive(Clone, Debug)]
pub(super) struct Code {
    pub(super) text: String,
    pub(super) ty: Type,
    binds: u8,
    /// What a text is put together of, where that is known.
    parts: Option<Vec<Part>>,
}

/// How tightly operators bind, loosest first; what is above all of them needs no brackets anywhere.
const TERNARY: u8 = 0;
const COALESCE: u8 = 1;
const UNARY: u8 = 8;
const ATOM: u8 = 9;

/// How deep expressions are translated.
const MAX_DEPTH: u32 = 50;

/// How many variables are put in their places in one expression.
const MAX_EXPANDED: u32 = 200;

/// An operator that a function of ARM is.
struct OperatorRow {
    function: &'static str,
    symbol: &'static str,
    binds: u8,
    operands: Type,
    result: Type,
    /// Whether it takes more than two.
    chains: bool,
}

const fn operator(
    function: &'static str,
    symbol: &'static str,
    binds: u8,
    operands: Type,
    result: Type,
) -> OperatorRow {
    OperatorRow { function, symbol, binds, operands, result, chains: false }
}

static OPERATORS: &[OperatorRow] = &[
    OperatorRow {
        function: "or",
        symbol: "||",
        binds: 2,
        operands: Type::Bool,
        result: Type::Bool,
        chains: true,
    },
    OperatorRow {
        function: "and",
        symbol: "&&",
        binds: 3,
        operands: Type::Bool,
        result: Type::Bool,
        chains: true,
    },
    operator("equals", "==", 4, Type::Any, Type::Bool),
    operator("less", "<", 5, Type::Int, Type::Bool),
    operator("lessOrEquals", "<=", 5, Type::Int, Type::Bool),
    operator("greater", ">", 5, Type::Int, Type::Bool),
    operator("greaterOrEquals", ">=", 5, Type::Int, Type::Bool),
    operator("add", "+", 6, Type::Int, Type::Int),
    operator("sub", "-", 6, Type::Int, Type::Int),
    operator("mul", "*", 7, Type::Int, Type::Int),
    operator("div", "/", 7, Type::Int, Type::Int),
    operator("mod", "%", 7, Type::Int, Type::Int),
];

/// What only Azure knows: the function of ARM, its member, and the path in the language.
static AZURE: &[(&str, &str, &str, Type)] = &[
    ("resourceGroup", "location", "azure.resource_group.location", Type::Text),
    ("resourceGroup", "name", "azure.resource_group.name", Type::Text),
    ("resourceGroup", "id", "azure.resource_group.id", Type::Text),
    ("resourceGroup", "tags", "azure.resource_group.tags", Type::Object),
    ("subscription", "id", "azure.subscription.id", Type::Text),
    ("subscription", "subscriptionId", "azure.subscription.subscription_id", Type::Text),
    ("subscription", "tenantId", "azure.subscription.tenant_id", Type::Text),
    ("subscription", "displayName", "azure.subscription.display_name", Type::Text),
    ("deployment", "name", "azure.deployment.name", Type::Text),
];

impl Code {
    pub(super) fn new(text: impl Into<String>, ty: Type) -> Self {
        Self::with(text.into(), ty, ATOM)
    }

    fn with(text: String, ty: Type, binds: u8) -> Self {
        Self { text, ty, binds, parts: None }
    }

    /// A known text.
    pub(super) fn text(text: &str) -> Self {
        Self::of_parts(vec![Part::Text(text.to_owned())])
    }

    /// A text that is put together.
    fn of_parts(parts: Vec<Part>) -> Self {
        let parts = merged(parts);
        Self { parts: Some(parts.clone()), ..Self::new(interpolated(&parts), Type::Text) }
    }

    /// Whether it is text that begins with a known part without a slash, and is not known as a whole.
    pub(super) fn is_made_name(&self) -> bool {
        match self.parts.as_deref() {
            Some([Part::Text(first), _, ..]) => !first.contains('/'),
            _ => false,
        }
    }

    /// The text before a `?`, if it may be a truth value.
    pub(super) fn condition(&self) -> Option<String> {
        fits(self.ty, Type::Bool).then(|| self.within(COALESCE))
    }

    /// The value, over several lines where its text has several.
    pub(super) fn into_ex(self) -> Ex {
        let long = self.parts.as_deref().and_then(paragraph);
        long.unwrap_or_else(|| Ex::atom(self.text))
    }

    /// What the text is put together of.
    pub(super) fn into_parts(self) -> Vec<Part> {
        let plain = self.ty == Type::Int && self.text.parse::<i64>().is_ok();
        let alone = |text| if plain { Part::Text(text) } else { Part::Code(text) };
        self.parts.unwrap_or_else(|| vec![alone(self.text)])
    }

    /// The text where an operator of this strength stands beside it.
    fn within(&self, binds: u8) -> String {
        if self.binds < binds { format!("({})", self.text) } else { self.text.clone() }
    }
}

/// Whether a value of one type will do where another is expected.
pub(super) fn fits(have: Type, want: Type) -> bool {
    have == want || have == Type::Any || want == Type::Any
}

impl Scope {
    /// An expression as one of the language; what has no counterpart is passed on as it is.
    pub(super) fn code(&mut self, expr: &Expr) -> Code {
        if let Some(known) = self.known(expr) {
            return known;
        }
        self.depth += 1;
        // Brackets nest less deep in the language than in ARM.
        let code = if self.depth > MAX_DEPTH { None } else { self.translate(expr) };
        self.depth -= 1;
        code.unwrap_or_else(|| self.passed_on(expr))
    }

    /// What a literal spells.
    fn known(&self, expr: &Expr) -> Option<Code> {
        value_code(&expr.as_value()?)
    }

    /// `arm("[…]")`, in which variables have the names that they have in the source.
    fn passed_on(&self, expr: &Expr) -> Code {
        let ty = match expr {
            Expr::Call { name, .. } => returns(name),
            _ => Type::Any,
        };
        let whole = self.renamed(expr, &|variable| {
            self.variables.get(variable).map(|named| Expr::variable(named.name.as_str()))
        });
        Code::new(format!("arm({})", quote(&arm::print_template(&whole, &|_| None))), ty)
    }

    /// The expression with something else in the place of variables.
    fn renamed(&self, expr: &Expr, to: &dyn Fn(&str) -> Option<Expr>) -> Expr {
        let inner = |expr: &Expr| self.renamed(expr, to);
        match expr {
            Expr::Call { name, args } => {
                let named = match args.as_slice() {
                    [Expr::Str(variable)] if name.eq_ignore_ascii_case("variables") => {
                        to(&variable.to_lowercase())
                    }
                    _ => None,
                };
                named.unwrap_or_else(|| Expr::Call {
                    name: name.clone(),
                    args: args.iter().map(inner).collect(),
                })
            }
            Expr::Member { base, name, safe } => {
                Expr::Member { base: Box::new(inner(base)), name: name.clone(), safe: *safe }
            }
            Expr::Index { base, index, safe } => {
                Expr::Index { base: Box::new(inner(base)), index: Box::new(inner(index)), safe: *safe }
            }
            other => other.clone(),
        }
    }

    /// The expression with the values of variables that are texts or expressions in their places.
    pub(super) fn without_variables(&self, expr: &Expr) -> Expr {
        self.expanded(expr, 0, &Cell::new(MAX_EXPANDED))
    }

    fn expanded(&self, expr: &Expr, depth: u8, left: &Cell<u32>) -> Expr {
        if depth > 8 {
            return expr.clone();
        }
        self.renamed(expr, &|variable| {
            let value = self.values.get(variable)?;
            // Variables of variables may grow without end.
            left.set(left.get().checked_sub(1)?);
            Some(self.expanded(value, depth + 1, left))
        })
    }

    fn translate(&mut self, expr: &Expr) -> Option<Code> {
        match expr {
            Expr::Call { name, args } => self.call(name, args),
            Expr::Member { base, name, safe } => self.member(base, name, *safe),
            Expr::Index { base, index, safe: false } => {
                let outside = match (self.known_value(base), &**index) {
                    (Some(known), Expr::Int(at)) => {
                        let count = known.as_list().map_or(usize::MAX, <[_]>::len);
                        usize::try_from(*at).map_or(true, |at| at >= count)
                    }
                    (Some(known), Expr::Str(name)) => {
                        known.as_object().is_some_and(|object| object.get(name).is_none())
                    }
                    _ => false,
                };
                if outside {
                    return None;
                }
                let (base, index) = (self.code(base), self.code(index));
                let list = fits(base.ty, Type::List) && fits(index.ty, Type::Int);
                let object = fits(base.ty, Type::Object) && fits(index.ty, Type::Text);
                (list || object)
                    .then(|| Code::new(format!("{}[{}]", base.within(ATOM), index.text), Type::Any))
            }
            _ => None,
        }
    }

    /// The value of a variable, or a part of it, where it is written in the template.
    fn known_value(&self, expr: &Expr) -> Option<&Value_> {
        let value = match expr {
            Expr::Call { name, args } if name.eq_ignore_ascii_case("variables") => match args.as_slice() {
                [Expr::Str(variable)] => self.written.get(&variable.to_lowercase())?,
                _ => return None,
            },
            Expr::Member { base, name, .. } => {
                &self.known_value(base)?.as_object()?.member_ignoring_case(name)?.value
            }
            Expr::Index { base, index, .. } => match &**index {
                Expr::Int(at) => self.known_value(base)?.as_list()?.get(usize::try_from(*at).ok()?)?,
                Expr::Str(name) => &self.known_value(base)?.as_object()?.member_ignoring_case(name)?.value,
                _ => return None,
            },
            _ => return None,
        };
        Some(value)
    }

    fn member(&mut self, base: &Expr, name: &str, safe: bool) -> Option<Code> {
        if let Expr::Call { name: function, args } = base
            && args.is_empty()
            && let Some((_, _, path, ty)) = AZURE.iter().find(|(call, member, _, _)| {
                call.eq_ignore_ascii_case(function) && member.eq_ignore_ascii_case(name)
            })
        {
            return Some(Code::new(*path, *ty));
        }
        if let Some(code) = self.identity_member(base, name) {
            return Some(code);
        }
        let mut name = name.to_owned();
        if let Some(object) = self.known_value(base).and_then(Value_::as_object) {
            // Letter case does not matter to ARM; it does here.
            name = object.member_ignoring_case(&name).map(|member| member.key.text.to_string())?;
        }
        let name = name.as_str();
        let base = self.code(base);
        if !fits(base.ty, Type::Object) {
            return None;
        }
        let dot = if safe { "?." } else { "." };
        match is_name(name) {
            true => Some(Code::new(format!("{}{dot}{name}", base.within(ATOM)), Type::Any)),
            false if !safe => Some(Code::new(format!("{}[{}]", base.within(ATOM), quote(name)), Type::Any)),
            false => None,
        }
    }

    fn call(&mut self, name: &str, args: &[Expr]) -> Option<Code> {
        let is = |function: &str| name.eq_ignore_ascii_case(function);
        match args {
            [Expr::Str(param)] if is("parameters") => self.named(param, true),
            [Expr::Str(variable)] if is("variables") => self.named(variable, false),
            [condition, then, otherwise] if is("if") => self.ternary(condition, then, otherwise),
            [Expr::Str(pattern), rest @ ..] if is("format") => self.format(pattern, rest),
            [only] if is("not") => self.negation(only),
            [Expr::Str(symbol), rest @ ..] if is("reference") && self.symbols.contains_key(&**symbol) => {
                let symbol = self.symbols.get(&**symbol)?.trim_end_matches('_').to_owned();
                let args: Vec<Expr> =
                    std::iter::once(Expr::str(symbol)).chain(rest.iter().cloned()).collect();
                self.builtin(name, &args)
            }
            _ if is("resourceId") => match self.declared_by(name, args) {
                Some(found) => Some(Code::new(format!("{}.id", found.path), Type::Text)),
                None => self.builtin(name, args),
            },
            _ if is("concat") => self.concat(args),
            _ if is("coalesce") && args.len() > 1 => self.coalesce(args),
            _ if is("createArray") => {
                let items: Vec<String> = args.iter().map(|arg| self.code(arg).text).collect();
                Some(Code::new(format!("[{}]", items.join(", ")), Type::List))
            }
            _ if is("createObject") => self.object(args),
            _ => match OPERATORS.iter().find(|row| is(row.function)) {
                Some(row) => self.operator(row, args),
                None if is("range") && args.len() == 2 && !self.names.is_taken("range") => {
                    let (start, count) = (self.code(args.first()?), self.code(args.last()?));
                    (fits(start.ty, Type::Int) && fits(count.ty, Type::Int))
                        .then(|| Code::new(format!("range({}, {})", start.text, count.text), Type::List))
                }
                None => self.builtin(name, args),
            },
        }
    }

    /// `builder.principal_id`: what Azure says of an identity of the file, asked with the version it is deployed with.
    fn identity_member(&mut self, base: &Expr, member: &str) -> Option<Code> {
        let word = match member {
            "principalId" => "principal_id",
            "clientId" => "client_id",
            _ => return None,
        };
        let Expr::Call { name, args } = base else { return None };
        let [Expr::Call { name: inner, args: id }, Expr::Str(version)] = args.as_slice() else { return None };
        if !name.eq_ignore_ascii_case("reference") || !inner.eq_ignore_ascii_case("resourceId") {
            return None;
        }
        let Declared { path, index, .. } = self.declared_by(inner, id)?;
        let target = self.planned.get(index)?;
        let asked = target.version.as_deref() == Some(&**version);
        let identity = target.kind.is_some_and(|kind| kind.keyword == IDENTITY.keyword);
        (asked && identity).then(|| Code::new(format!("{path}.{word}"), Type::Text))
    }

    /// The resource of the file whose id a call gives, if it may be referred to here.
    fn declared_by(&mut self, name: &str, args: &[Expr]) -> Option<Declared> {
        if self.plain_ids {
            return None;
        }
        let key = self.key_of(&Expr::Call { name: name.into(), args: args.to_vec() })?;
        let found = self.declared.get(&key)?;
        self.may_refer(found.index).then(|| found.clone())
    }

    fn named(&mut self, name: &str, param: bool) -> Option<Code> {
        let table = if param { &self.params } else { &self.variables };
        table.get(&name.to_lowercase()).map(|named| Code::new(named.name.clone(), named.ty))
    }

    fn ternary(&mut self, condition: &Expr, then: &Expr, otherwise: &Expr) -> Option<Code> {
        let (c, a, b) = (self.code(condition), self.code(then), self.code(otherwise));
        let ty = if a.ty == b.ty { a.ty } else { Type::Any };
        let text = format!("{} ? {} : {}", c.within(COALESCE), a.within(COALESCE), b.within(TERNARY));
        fits(c.ty, Type::Bool).then_some(Code::with(text, ty, TERNARY))
    }

    fn negation(&mut self, operand: &Expr) -> Option<Code> {
        if let Expr::Call { name, args } = operand
            && name.eq_ignore_ascii_case("equals")
            && let [left, right] = args.as_slice()
        {
            let (left, right) = (self.code(left), self.code(right));
            let text = format!("{} != {}", left.within(5), right.within(5));
            return Some(Code::with(text, Type::Bool, 4));
        }
        let operand = self.code(operand);
        fits(operand.ty, Type::Bool)
            .then(|| Code::with(format!("!{}", operand.within(UNARY)), Type::Bool, UNARY))
    }

    fn operator(&mut self, row: &OperatorRow, args: &[Expr]) -> Option<Code> {
        if args.len() < 2 || (args.len() > 2 && !row.chains) {
            return None;
        }
        let sides: Vec<Code> = args.iter().map(|arg| self.code(arg)).collect();
        if !sides.iter().all(|side| fits(side.ty, row.operands)) {
            return None;
        }
        // The first may be a chain of the same strength; what follows it may not.
        let texts = sides.iter().enumerate().map(|(i, side)| side.within(row.binds + u8::from(i > 0)));
        let text = texts.collect::<Vec<_>>().join(&format!(" {} ", row.symbol));
        Some(Code::with(text, row.result, row.binds))
    }

    fn coalesce(&mut self, args: &[Expr]) -> Option<Code> {
        let sides: Vec<Code> = args.iter().map(|arg| self.code(arg)).collect();
        // A left side that is known is decided by the compiler, which leaves the others out.
        let known = args.iter().take(args.len() - 1).any(|arg| self.known(arg).is_some());
        let ty = sides.last().map_or(Type::Any, |side| side.ty);
        let texts: Vec<String> = sides.iter().map(|side| side.within(COALESCE + 1)).collect();
        // Two at a time would nest otherwise than ARM does.
        (!known && sides.len() == 2).then(|| Code::with(texts.join(" ?? "), ty, COALESCE))
    }

    fn object(&mut self, args: &[Expr]) -> Option<Code> {
        let mut members = Vec::new();
        for pair in args.chunks(2) {
            let [Expr::Str(key), value] = pair else { return None };
            members.push(format!("{} = {}", key_text(key), self.code(value).text));
        }
        let text = if members.is_empty() { "{}".into() } else { format!("{{ {} }}", members.join(", ")) };
        Some(Code::new(text, Type::Object))
    }

    /// Text put together, or lists.
    fn concat(&mut self, args: &[Expr]) -> Option<Code> {
        let sides: Vec<Code> = args.iter().map(|arg| self.code(arg)).collect();
        if sides.iter().any(|side| side.ty == Type::List) {
            let lists = sides.iter().all(|side| fits(side.ty, Type::List));
            let texts: Vec<&str> = sides.iter().map(|side| side.text.as_str()).collect();
            return lists.then(|| Code::new(format!("concat({})", texts.join(", ")), Type::List));
        }
        if sides.iter().any(|side| matches!(side.ty, Type::Object | Type::Null)) {
            return None;
        }
        if sides.iter().all(|side| side.ty == Type::Any) {
            let texts: Vec<&str> = sides.iter().map(|side| side.text.as_str()).collect();
            return Some(Code::new(format!("concat({})", texts.join(", ")), Type::Any));
        }
        Some(Code::of_parts(sides.into_iter().flat_map(Code::into_parts).collect()))
    }

    fn format(&mut self, pattern: &str, args: &[Expr]) -> Option<Code> {
        let args: Vec<Code> = args.iter().map(|arg| self.code(arg)).collect();
        if let ("{0}", [only]) = (pattern, args.as_slice())
            && only.ty == Type::Text
        {
            return Some(only.clone());
        }
        let mut out = Vec::new();
        let mut text = String::new();
        let mut chars = pattern.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '{' | '}' if chars.peek() == Some(&c) => {
                    chars.next();
                    text.push(c);
                }
                '{' => {
                    let inner: String = std::iter::from_fn(|| chars.next_if(|c| *c != '}')).collect();
                    chars.next();
                    let arg = args.get(inner.parse::<usize>().ok()?)?;
                    if !matches!(arg.ty, Type::Text | Type::Int | Type::Bool | Type::Any) {
                        return None;
                    }
                    out.push(Part::Text(std::mem::take(&mut text)));
                    out.extend(arg.clone().into_parts());
                }
                '}' => return None,
                c => text.push(c),
            }
        }
        out.push(Part::Text(text));
        Some(Code::of_parts(out))
    }

    fn builtin(&mut self, name: &str, args: &[Expr]) -> Option<Code> {
        let row = BUILTINS.iter().find(|b| b.arm_function().is_some_and(|f| f.eq_ignore_ascii_case(name)))?;
        if self.names.is_taken(row.name) {
            return None;
        }
        let required = row.params.iter().filter(|p| p.required).count();
        if args.len() < required || (args.len() > row.params.len() && !row.variadic) {
            return None;
        }
        let mut texts = Vec::new();
        for (index, arg) in args.iter().enumerate() {
            let code = self.code(arg);
            if !row.takes(index, words_of(code.ty)) {
                return None;
            }
            texts.push(code.text);
        }
        Some(Code::new(format!("{}({})", row.name, texts.join(", ")), returns_of(row, name)))
    }
}

/// The call of which `format('{0}', …)` gives the text: tools that write templates wrap keys in it.
pub(super) fn unwrapped(expr: &Expr) -> &Expr {
    match expr {
        Expr::Call { name, args } if name.eq_ignore_ascii_case("format") => match args.as_slice() {
            [Expr::Str(pattern), Expr::Call { name, .. }]
                if &**pattern == "{0}" && returns(name) == Type::Text =>
            {
                args.last().map_or(expr, unwrapped)
            }
            _ => expr,
        },
        _ => expr,
    }
}

/// A key as it is written in an object.
pub(super) fn key_text(key: &str) -> String {
    if is_name(key) { key.to_owned() } else { quote(key) }
}

/// A known value.
pub(super) fn value_code(value: &Value) -> Option<Code> {
    Some(match value {
        Value::Null => Code::new("null", Type::Null),
        Value::Bool(value) => Code::new(value.to_string(), Type::Bool),
        Value::Int(number) if *number < 0 => Code::with(number.to_string(), Type::Int, UNARY),
        Value::Int(number) => Code::new(number.to_string(), Type::Int),
        Value::Float(_) => return None,
        Value::Str(text) => Code::of_parts(vec![Part::Text(text.to_string())]),
        Value::Array(items) => {
            let items: Option<Vec<String>> =
                items.iter().map(|item| value_code(item).map(|c| c.text)).collect();
            Code::new(format!("[{}]", items?.join(", ")), Type::List)
        }
        Value::Object(members) if members.is_empty() => Code::new("{}", Type::Object),
        Value::Object(members) => {
            let members: Option<Vec<String>> = members
                .iter()
                .map(|(key, value)| Some(format!("{} = {}", key_text(key), value_code(value)?.text)))
                .collect();
            Code::new(format!("{{ {} }}", members?.join(", ")), Type::Object)
        }
    })
}

fn merged(parts: Vec<Part>) -> Vec<Part> {
    let mut out: Vec<Part> = Vec::new();
    for part in parts {
        match (out.last_mut(), part) {
            (_, Part::Text(text)) if text.is_empty() => {}
            (Some(Part::Text(before)), Part::Text(text)) => before.push_str(&text),
            (_, part) => out.push(part),
        }
    }
    out
}

fn returns(function: &str) -> Type {
    match arm::function(function).map(|row| row.returns) {
        Some(Returns::String) => Type::Text,
        Some(Returns::Int) => Type::Int,
        Some(Returns::Bool) => Type::Bool,
        Some(Returns::Array) => Type::List,
        Some(Returns::Object) => Type::Object,
        _ => Type::Any,
    }
}

/// What the compiler takes a call of a built-in function to give.
fn returns_of(row: &Builtin, function: &str) -> Type {
    match row.returns {
        "string" => Type::Text,
        "int" => Type::Int,
        "bool" => Type::Bool,
        "list" | "list of strings" => Type::List,
        "object" => Type::Object,
        _ => returns(function),
    }
}

/// The word for a type in the table of functions.
fn words_of(ty: Type) -> &'static str {
    match ty {
        Type::Text => "string",
        Type::Int => "int",
        Type::Bool => "bool",
        Type::List => "list",
        Type::Object => "object",
        Type::Null => "null",
        Type::Any => "any",
    }
}
