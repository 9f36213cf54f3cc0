//! Expressions of ARM as expressions of the language.

use super::code::{ATOM, Code, TERNARY, UNARY, fits, key_text, returns, returns_of, value_code, words_of};
use super::scope::{Scope, Type};
use super::text::Part;
use crate::arm::{self, Expr};
use crate::check::{ArmOperator, BUILTINS, azure_path, operator_of};
use crate::json::Value;
use crate::syntax::ast::BinaryOp;
use crate::syntax::{is_name, quote, strength};

/// How deep expressions are translated.
const MAX_DEPTH: u32 = 50;

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

    /// `arm("[…]")`, in which variables and symbols have the names that they have in the source.
    fn passed_on(&self, expr: &Expr) -> Code {
        let ty = match expr {
            Expr::Call { name, .. } => returns(name),
            _ => Type::Any,
        };
        let whole = self.renamed(&self.with_symbols(expr), &|variable| {
            // What a loop makes has the name that the template gives it.
            let named = self.variables.get(variable).filter(|_| !self.loops.contains(variable));
            named.map(|named| Expr::variable(named.name.as_str()))
        });
        Code::new(format!("arm({})", quote(&arm::print_template(&whole, &|_| None))), ty)
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

    fn member(&mut self, base: &Expr, name: &str, safe: bool) -> Option<Code> {
        if let Expr::Call { name: function, args } = base
            && args.is_empty()
            && let Some((path, is_text)) = azure_path(function, name)
        {
            return Some(Code::new(path, if is_text { Type::Text } else { Type::Object }));
        }
        if let Some(code) = self.identity_member(base, name) {
            return Some(code);
        }
        let mut name = name.to_owned();
        if let Some(object) = self.known_value(base).and_then(Value::as_object) {
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
        // What Azure surely refuses would be an error of the language: it stays Azure's.
        if self.is_refused(name, args) {
            return None;
        }
        if is("reference")
            && let Some(answer) = self.answer(name, args)
        {
            return Some(answer);
        }
        if let [Expr::Str(symbol), rest @ ..] = args
            && let Some(symbol) = self.symbol_in(name, symbol)
        {
            let args: Vec<Expr> = std::iter::once(Expr::str(symbol)).chain(rest.iter().cloned()).collect();
            return self.builtin(name, &args);
        }
        match args {
            [Expr::Str(param)] if is("parameters") => self.named(param, true),
            [Expr::Str(variable)] if is("variables") => self.named(variable, false),
            [condition, then, otherwise] if is("if") => self.ternary(condition, then, otherwise),
            [Expr::Str(pattern), rest @ ..] if is("format") => self.format(pattern, rest),
            [only] if is("not") => self.negation(only),
            [Expr::Str(_)] if is("lambdaVariables") => self.bound_variable(name, args),
            [_, Expr::Call { name: with, .. }] if with.eq_ignore_ascii_case("lambda") => {
                self.comprehension(name, args)
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
            _ => match operator_of(name) {
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

    /// Whether a call fails whatever Azure knows: `int('x')`, a division by zero, a wrong number of arguments.
    fn is_refused(&self, name: &str, args: &[Expr]) -> bool {
        if arm::function(name).is_some_and(|row| !row.takes(args.len())) {
            return true;
        }
        let values: Option<Vec<arm::Value>> =
            args.iter().map(|arg| arm::fold(&self.without_variables(arg)).as_value()).collect();
        values.is_some_and(|values| {
            arm::refusal(name, &values).is_some()
                || (operator_of(name).is_some() && arm::fold_call(name, &values).is_none())
        })
    }

    fn named(&mut self, name: &str, param: bool) -> Option<Code> {
        let table = if param { &self.params } else { &self.variables };
        if !param && self.loops.contains(&name.to_lowercase()) {
            self.used_loops.insert(name.to_lowercase());
        }
        table.get(&name.to_lowercase()).map(|named| Code::new(named.name.clone(), named.ty))
    }

    fn ternary(&mut self, condition: &Expr, then: &Expr, otherwise: &Expr) -> Option<Code> {
        let (c, a, b) = (self.code(condition), self.code(then), self.code(otherwise));
        let ty = if a.ty == b.ty { a.ty } else { Type::Any };
        let text = format!("{} ? {} : {}", c.within(TERNARY + 1), a.within(TERNARY + 1), b.within(TERNARY));
        fits(c.ty, Type::Bool).then_some(Code::with(text, ty, TERNARY))
    }

    fn negation(&mut self, operand: &Expr) -> Option<Code> {
        if let Expr::Call { name, args } = operand
            && name.eq_ignore_ascii_case("equals")
            && let [left, right] = args.as_slice()
        {
            let binds = strength(BinaryOp::Ne);
            let (left, right) = (self.code(left), self.code(right));
            let text = format!("{} != {}", left.within(binds + 1), right.within(binds + 1));
            return Some(Code::with(text, Type::Bool, binds));
        }
        let operand = self.code(operand);
        fits(operand.ty, Type::Bool)
            .then(|| Code::with(format!("!{}", operand.within(UNARY)), Type::Bool, UNARY))
    }

    fn operator(&mut self, row: ArmOperator, args: &[Expr]) -> Option<Code> {
        if args.len() < 2 || (args.len() > 2 && !row.chains) {
            return None;
        }
        let binds = strength(row.op);
        let sides: Vec<Code> = args.iter().map(|arg| self.code(arg)).collect();
        if !sides.iter().all(|side| fits(side.ty, Type::of_word(row.takes))) {
            return None;
        }
        // The first may be a chain of the same strength; what follows it may not.
        let texts = sides.iter().enumerate().map(|(i, side)| side.within(binds + u8::from(i > 0)));
        let text = texts.collect::<Vec<_>>().join(&format!(" {} ", row.op.symbol()));
        Some(Code::with(text, Type::of_word(row.gives), binds))
    }

    fn coalesce(&mut self, args: &[Expr]) -> Option<Code> {
        let sides: Vec<Code> = args.iter().map(|arg| self.code(arg)).collect();
        // A left side that is known is decided by the compiler, which leaves the others out.
        let known = args.iter().take(args.len() - 1).any(|arg| self.known(arg).is_some());
        let ty = sides.last().map_or(Type::Any, |side| side.ty);
        let texts: Vec<String> =
            sides.iter().map(|side| side.within(strength(BinaryOp::Coalesce) + 1)).collect();
        // Two at a time would nest otherwise than ARM does.
        (!known && sides.len() == 2).then(|| Code::with(texts.join(" ?? "), ty, strength(BinaryOp::Coalesce)))
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
