//! The built-in functions that exist only at compile time.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::MAX_ELEMENTS;
use super::errors;
use super::module::{CallableKind, Checker, Env};
use super::program::Labels;
use super::ty::Type;
use super::types::secret_source;
use super::value::{Fields, Kind, Value, deferred_by};
use crate::arm;
use crate::base::Span;
use crate::diag::{Diagnostic, code};
use crate::syntax::ast::{Binding, Expr, ExprKind};

type Args<'v> = &'v [Option<Value>];

fn arg(args: Args<'_>, index: usize) -> Option<&Value> {
    args.get(index).and_then(Option::as_ref)
}

/// A known text argument; a deferred one is reported.
fn known_text(c: &mut Checker<'_, '_>, args: Args<'_>, index: usize, role: &str) -> Option<Arc<str>> {
    let value = arg(args, index)?;
    match &value.kind {
        Kind::Str(text) => Some(text.clone()),
        Kind::Deferred(..) => {
            c.report(errors::deferred(value, role, value.span));
            None
        }
        _ => None,
    }
}

/// The call that stands for the hash of an image's content until the plan knows it.
pub const CONTENT_HASH: &str = "aib.contentHash";

/// The placeholder that the plan replaces by the hash of the emitted resource.
pub(crate) fn content_hash(c: &mut Checker<'_, '_>, _: Args<'_>, span: Span, _: &Env) -> Value {
    let value = Value::deferred(
        arm::Expr::call(CONTENT_HASH, Vec::new()),
        Type::STRING,
        deferred_by("`content_hash()`, which is known when the template is written", span),
        span,
    );
    c.content_hashes.push(span);
    value
}

pub(crate) fn file(c: &mut Checker<'_, '_>, args: Args<'_>, span: Span, env: &Env) -> Value {
    let Some(path) = known_text(c, args, 0, "the path of a file") else { return Value::unknown(span) };
    match c.files.text(env.file, &path) {
        Ok(text) => Value::str(text.replace("\r\n", "\n"), span),
        Err(error) => {
            c.report(crate::resolve::load_failed(&format!("can't read `{path}`"), span, &path, &error));
            Value::unknown(span)
        }
    }
}

/// Applies a built-in function to each element.
fn apply_builtin(
    c: &mut Checker<'_, '_>,
    name: &str,
    list: &Value,
    span: Span,
) -> Option<Vec<(Value, Value)>> {
    let Some(builtin) = super::functions::find(name) else {
        c.report(errors::not_callable(name, span));
        return None;
    };
    if matches!(list.kind, Kind::Deferred(..)) {
        c.report(errors::deferred(list, "the list that a function is applied to", list.span));
        return None;
    }
    let elements = c.elements(list, false, span)?;
    let env = c.env_of(0);
    let mut out = Vec::with_capacity(elements.len());
    for (_, element) in elements {
        let given = super::calls::Args { positional: vec![element.clone()], named: Vec::new() };
        out.push((element, c.run_builtin(builtin, given, span, &env)));
    }
    Some(out)
}

/// Applies a function to each element.
fn apply(c: &mut Checker<'_, '_>, args: Args<'_>, span: Span) -> Option<Vec<(Value, Value)>> {
    let list = arg(args, 0)?;
    let id = match arg(args, 1).map(|f| &f.kind) {
        Some(Kind::Callable(id)) => id,
        Some(Kind::Builtin(name)) => return apply_builtin(c, name, list, span),
        _ => return None,
    };
    if matches!(list.kind, Kind::Deferred(..)) {
        c.report(errors::deferred(list, "the list that a function is applied to", list.span).help(
            "write a comprehension: `[for x in list: …]` works on lists that are known only at deployment",
        ));
        return None;
    }
    let elements = c.elements(list, false, span)?;
    let callable = c.callables.get(*id).copied()?;
    let CallableKind::Fn(f) = callable.kind else {
        c.report(errors::recipe_as_value(span));
        return None;
    };
    let (name, body) = (f.name.as_ref()?, f.body.as_ref()?);
    c.called.push(super::module::address(f));
    let mut out = Vec::with_capacity(elements.len());
    for (_, element) in elements {
        let env = c.env_of(callable.instance);
        let given = super::calls::Args { positional: vec![element.clone()], named: Vec::new() };
        let inner = c.bind_params(&f.params, given, env, span, &name.text)?;
        let result = c.run_function(*id, f, body, inner, span);
        out.push((element, result));
    }
    Some(out)
}

pub(crate) fn map(c: &mut Checker<'_, '_>, args: Args<'_>, span: Span, _: &Env) -> Value {
    match apply(c, args, span) {
        Some(pairs) => Value::list(pairs.into_iter().map(|(_, r)| r).collect(), span),
        None => Value::unknown(span),
    }
}

pub(crate) fn filter(c: &mut Checker<'_, '_>, args: Args<'_>, span: Span, _: &Env) -> Value {
    let Some(pairs) = apply(c, args, span) else { return Value::unknown(span) };
    let mut out = Vec::new();
    for (element, keep) in pairs {
        match c.known_bool(&keep, "which elements a filter keeps") {
            Some(true) => out.push(element),
            Some(false) => {}
            None => return Value::unknown(span),
        }
    }
    Value::list(out, span)
}

pub(crate) fn lines(c: &mut Checker<'_, '_>, args: Args<'_>, span: Span, _: &Env) -> Value {
    let Some(text) = arg(args, 0) else { return Value::unknown(span) };
    match super::lines::split_lines(text) {
        Some(lines) => Value::list(lines, span).with_labels(&text.labels),
        None => c.arm_call(
            "split",
            &[text.clone(), Value::str("\n", span)],
            Type::List(Arc::new(Type::STRING)),
            span,
        ),
    }
}

pub(crate) fn range(c: &mut Checker<'_, '_>, args: Args<'_>, span: Span, _: &Env) -> Value {
    let (Some(start), Some(count)) = (arg(args, 0), arg(args, 1)) else { return Value::unknown(span) };
    match (&start.kind, &count.kind) {
        (Kind::Int(start), Kind::Int(count)) => {
            let Ok(n) = usize::try_from(*count) else {
                c.report(errors::bad_argument(
                    "range",
                    "count",
                    arg(args, 1).unwrap_or(&Value::unknown(span)),
                    "int from 0 on",
                ));
                return Value::unknown(span);
            };
            if n > MAX_ELEMENTS {
                c.report(errors::too_many_elements(n, span));
                return Value::unknown(span);
            }
            if !c.spend_on(u32::try_from(n).unwrap_or(u32::MAX), span) {
                return Value::unknown(span);
            }
            let Some(end) = start.checked_add(*count) else {
                c.report(errors::overflow(span));
                return Value::unknown(span);
            };
            Value::list((*start..end).map(|i| Value::new(Kind::Int(i), span)).collect(), span)
        }
        _ => c.arm_call("range", &[start.clone(), count.clone()], Type::List(Arc::new(Type::INT)), span),
    }
}

pub(crate) fn platform_image(c: &mut Checker<'_, '_>, args: Args<'_>, span: Span, _: &Env) -> Value {
    let names =
        ["publisher", "offer", "sku", "version", "plan", "os", "generation", "architecture", "security"];
    let mut fields = Fields::default();
    for (name, value) in names.iter().zip(args) {
        match value {
            Some(value) if matches!(value.kind, Kind::Null) => {}
            Some(value) => {
                fields.insert((*name).into(), value.span, value.clone());
            }
            None if *name == "version" => {
                fields.insert((*name).into(), span, Value::str("latest", span));
            }
            None => {}
        }
    }
    c.spend(span);
    Value::new(Kind::Variant("platform_image".into(), Arc::new(fields)), span)
}

pub(crate) fn reveal(c: &mut Checker<'_, '_>, args: Args<'_>, span: Span, _: &Env) -> Value {
    let (Some(secret), Some(because)) = (arg(args, 0).cloned(), arg(args, 1)) else {
        return Value::unknown(span);
    };
    let reason = because.as_str().cloned().unwrap_or_default();
    if reason.trim().is_empty() {
        c.report(
            Diagnostic::new(&code::WRONG_ARGUMENTS, because.span, "`reveal` gives no reason")
                .note("whoever reads the file should learn why the value may be read by all")
                .help("write `reveal(x, because = \"a reason\")`"),
        );
    } else if secret.labels.secret.is_none() {
        c.report(
            Diagnostic::new(&code::NEEDLESS_REVEAL, span, "`reveal` of a value that is not secret")
                .help("take the call away: `reveal` is for values labelled secret"),
        );
    } else {
        c.report(
            Diagnostic::new(&code::SECRET_REVEALED, span, "a secret is written in plain")
                .here(format!("because: {reason}"))
                .note("whoever may read the template can read it"),
        );
    }
    Value { labels: Labels { secret: None, ..secret.labels.clone() }, ..secret }
}

pub(crate) fn sha256(c: &mut Checker<'_, '_>, args: Args<'_>, span: Span, _: &Env) -> Value {
    let Some(text) = known_text(c, args, 0, "a text that is hashed") else { return Value::unknown(span) };
    let digest = Sha256::digest(text.as_bytes());
    let hex: String = digest.iter().map(|b| format!("{b:02x}")).collect();
    Value::str(hex, span).with_labels(&arg(args, 0).map(|v| v.labels.clone()).unwrap_or_default())
}

pub(crate) fn shell_quote(c: &mut Checker<'_, '_>, args: Args<'_>, span: Span, _: &Env) -> Value {
    quote(c, args, span, SH_QUOTES)
}

pub(crate) fn powershell_quote(c: &mut Checker<'_, '_>, args: Args<'_>, span: Span, _: &Env) -> Value {
    quote(c, args, span, POWERSHELL_QUOTES)
}

/// What ends a text in single quotes, and how it is written in one.
pub(crate) type Quotes = &'static [(&'static str, &'static str)];

/// POSIX shells: the text is closed, a quote is escaped, the text goes on.
pub(crate) const SH_QUOTES: Quotes = &[("'", "'\\''")];

/// PowerShell takes the typographic single quotes for `'` (about_Quoting_Rules); doubled, each stands for itself.
pub(crate) const POWERSHELL_QUOTES: Quotes = &[
    ("'", "''"),
    ("\u{2018}", "\u{2018}\u{2018}"),
    ("\u{2019}", "\u{2019}\u{2019}"),
    ("\u{201a}", "\u{201a}\u{201a}"),
    ("\u{201b}", "\u{201b}\u{201b}"),
];

/// Text in single quotes.
fn quote(c: &mut Checker<'_, '_>, args: Args<'_>, span: Span, quotes: Quotes) -> Value {
    let Some(value) = arg(args, 0) else { return Value::unknown(span) };
    match c.text_of(value.clone()) {
        None => Value::unknown(span),
        Some(text) => {
            let quoted = quoted(text, quotes);
            c.text_value(quoted, value.labels.clone(), span)
        }
    }
}

/// A text in single quotes as a shell reads it; deferred text becomes `format('''{0}''', replace(…))`.
pub(crate) fn quoted(text: Result<Arc<str>, arm::Expr>, quotes: Quotes) -> Result<Arc<str>, arm::Expr> {
    match text {
        Ok(text) => {
            let escaped =
                quotes.iter().fold(text.to_string(), |text, (quote, written)| text.replace(quote, written));
            Ok(format!("'{escaped}'").into())
        }
        Err(expr) => {
            let escaped = quotes.iter().fold(expr, |text, (quote, written)| {
                arm::Expr::call("replace", vec![text, arm::Expr::str(*quote), arm::Expr::str(*written)])
            });
            Err(arm::interpolate(vec![arm::Expr::str("'"), escaped, arm::Expr::str("'")]))
        }
    }
}

/// Texts that look like expressions are written as they stand, at any depth.
pub(crate) fn verbatim(_: &mut Checker<'_, '_>, args: Args<'_>, span: Span, _: &Env) -> Value {
    arg(args, 0).map_or_else(|| Value::unknown(span), |value| as_it_stands(value, span))
}

fn as_it_stands(value: &Value, span: Span) -> Value {
    let looks = |text: &str| text.starts_with('[') && text.ends_with(']');
    let expr = |text: &Arc<str>| arm::Expr::call(arm::VERBATIM, vec![arm::Expr::Str(text.clone())]);
    match &value.kind {
        Kind::Str(text) if looks(text) => Value::deferred(
            expr(text),
            Type::Any,
            deferred_by("a text that is written as it stands", span),
            value.span,
        ),
        Kind::List(items) => {
            let items = items.iter().map(|item| as_it_stands(item, span)).collect();
            Value { kind: Kind::List(Arc::new(items)), ..value.clone() }
        }
        Kind::Object(fields) => {
            let mut out = Fields::default();
            for field in fields.map.values() {
                let key = match &field.key {
                    super::Key::Str(text) if looks(text) => super::Key::Expr(expr(text)),
                    key => key.clone(),
                };
                out.insert_key(key, field.key_span, as_it_stands(&field.value, span));
            }
            Value { kind: Kind::Object(Arc::new(out)), ..value.clone() }
        }
        _ => value.clone(),
    }
}

/// Whether an expression is `arm("[variables('NAME')]")` of just this name: a variable that `template` defines.
pub(crate) fn is_own_variable(expr: Option<&Expr>, wanted: &str) -> bool {
    let Some(ExprKind::Call { callee, args }) = expr.map(|expr| &expr.kind) else { return false };
    let (ExprKind::Name(function), [arg]) = (&callee.kind, args.as_slice()) else { return false };
    let ExprKind::Str(text) = &arg.value.kind else { return false };
    let text = text.as_text().filter(|_| &**function == "arm");
    match text.as_deref().map(arm::parse_template_string) {
        Some(Ok(arm::TemplateString::Expr(expr))) => {
            expr.name_in("variables").is_some_and(|variable| variable.eq_ignore_ascii_case(wanted))
        }
        _ => false,
    }
}

pub(crate) fn arm_expression(c: &mut Checker<'_, '_>, args: Args<'_>, span: Span, _: &Env) -> Value {
    let Some(text) = known_text(c, args, 0, "an ARM expression") else { return Value::unknown(span) };
    match arm::parse_template_string(&text) {
        Ok(arm::TemplateString::Expr(expr)) => c.arm_value(expr, span),
        Ok(arm::TemplateString::Literal(_)) => {
            c.report(
                Diagnostic::new(&code::ARM_EXPRESSION, span, format!("`{text}` is no ARM expression"))
                    .help("it begins with `[` and ends with `]`: arm(\"[resourceGroup().name]\")"),
            );
            Value::unknown(span)
        }
        Err(error) => {
            c.report(
                Diagnostic::new(
                    &code::ARM_EXPRESSION,
                    span,
                    format!("the ARM expression can't be read: {}", error.message),
                )
                .here(format!("at character {} of the expression", error.offset + 1)),
            );
            Value::unknown(span)
        }
    }
}

impl<'a> Checker<'a, '_> {
    /// The value of an ARM expression: folded, with the labels of the parameters that it names.
    fn arm_value(&mut self, expr: arm::Expr, span: Span) -> Value {
        let expr = arm::fold(&self.with_constants(&expr, span));
        if let Some(known) = expr.as_value() {
            return Value::from_arm(&known, span);
        }
        let mut names: Vec<Arc<str>> = Vec::new();
        expr.walk(&mut |e| {
            names.extend(e.name_in("parameters").cloned());
        });
        let mut labels = deferred_by("an ARM expression", span);
        let mut lists = None;
        let mut harmless = 0;
        expr.walk(&mut |e| {
            harmless += usize::from(arm::asks_no_secret(e));
            if let arm::Expr::Call { name, .. } = e
                && arm::gives_secret(name)
            {
                // What is asked comes before what it is asked of.
                match harmless {
                    0 => drop(lists.get_or_insert_with(|| name.clone())),
                    _ => harmless -= 1,
                }
            }
        });
        labels.secret =
            lists.map(|name| secret_source(format!("`{name}` gives what only its resource may know"), span));
        let mut broken = false;
        for name in names {
            match self.declared_param(&name, span) {
                Some(value) => labels.secret = labels.secret.take().or(value.labels.secret),
                None => {
                    broken = true;
                    self.report(
                        Diagnostic::new(
                            &code::ARM_EXPRESSION,
                            span,
                            format!(
                                "the expression names a parameter `{name}` that this file does not declare"
                            ),
                        )
                        .help(format!("declare it: `param {name}: string`")),
                    );
                }
            }
        }
        if broken {
            return Value::unknown(span);
        }
        let ty = match &expr {
            arm::Expr::Call { name, .. } => match arm::function(name).map(|f| f.returns) {
                Some(arm::Returns::String) => Type::STRING,
                Some(arm::Returns::Int) => Type::INT,
                Some(arm::Returns::Bool) => Type::Bool,
                Some(arm::Returns::Array) => Type::List(Arc::new(Type::Any)),
                Some(arm::Returns::Object) => Type::Map(Arc::new(Type::Any)),
                _ => Type::Any,
            },
            arm::Expr::Member { base, name, .. } => match &**base {
                arm::Expr::Call { name: function, .. } => super::azure::type_of_member(function, name),
                _ => Type::Any,
            },
            _ => Type::Any,
        };
        Value::deferred(expr, ty, labels, span)
    }

    /// The expression with the file's constants in the place of `variables('name')`; other names stay.
    fn with_constants(&mut self, expr: &arm::Expr, span: Span) -> arm::Expr {
        if let Some(constant) = expr.name_in("variables")
            && let Some(value) = self.constant(constant, span)
            && let Some(constant) = self.as_plain(value, span).to_expr()
        {
            return constant;
        }
        expr.map_parts(&mut |part| self.with_constants(part, span))
    }

    /// A variable that `template` defines and a `let` of the same name names: there is nothing to look up.
    pub(crate) fn template_variable(
        &mut self,
        binding: &'a Binding,
        name: &Arc<str>,
        span: Span,
        env: &Env,
    ) -> Value {
        let at = binding.value.as_ref().map_or(span, |expr| env.span(expr.range));
        let labels = deferred_by("a variable of the template", at);
        let value = Value::deferred(arm::Expr::variable(name.clone()), Type::Any, labels, at);
        self.take_shared_name(name);
        match &binding.ty {
            None => value,
            Some(ty) => {
                let declared = self.type_of_expr(ty, env);
                self.conform(value, &declared.ty, &format!("`{name}`"))
            }
        }
    }

    /// The value of a `let` of the entry file.
    fn constant(&mut self, name: &str, span: Span) -> Option<Value> {
        let file = self.instances.first()?.file;
        let symbol = self.graph.module(file)?.symbols.get(name)?;
        let is_let = matches!(symbol.kind, crate::resolve::SymbolKind::Let(..));
        if is_let { self.symbol(0, name, span) } else { None }
    }
}
