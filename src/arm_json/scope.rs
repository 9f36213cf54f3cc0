//! What expressions mean: the parameters and variables of a template, and of the deployments around it.

use std::collections::HashMap;
use std::sync::Arc;

use super::computed::{Computed, Made};
use super::errors;
use crate::arm::{self, Expr, TemplateString};
use crate::base::{FileId, Span, TextRange};
use crate::check::{Cause, Given, GivenValue, Via};
use crate::diag::Sink;
use crate::json::{Member, Object, Value};

/// A scope by its number.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct ScopeId(pub(super) usize);

/// How many variables and parameters are followed one after the other.
pub(super) const MAX_HOPS: usize = 32;

/// Where expressions are evaluated.
#[derive(Debug, Default)]
pub(super) struct Scope<'a> {
    /// Whether texts in brackets are expressions: in templates, not in raw bodies.
    pub(super) template: bool,
    /// Whether it is the template that is deployed: then Azure gives its parameters their values.
    pub(super) root: bool,
    pub(super) params: HashMap<String, &'a Member>,
    variables: HashMap<String, &'a Member>,
    /// What a nested deployment gives to its parameters, and the scope in which that is evaluated.
    given: HashMap<String, (&'a Value, ScopeId)>,
    definitions: Option<&'a Object>,
    /// The template itself.
    pub(super) template_object: Option<&'a Object>,
    /// How a nested deployment gives values, if that is written out.
    pub(super) call: Option<GivenBy<'a>>,
}

impl<'a> Scope<'a> {
    /// The declarations of variables, and the names of loops of variables.
    pub(super) fn variables(&self) -> impl Iterator<Item = &'a Member> {
        self.variables.values().copied()
    }
}

/// What a nested deployment gives to its template.
#[derive(Clone, Copy, Debug)]
pub(super) struct GivenBy<'a> {
    /// Its `parameters`, if there are any.
    pub(super) given: Option<&'a Object>,
    /// Where to report what it does not give.
    pub(super) place: TextRange,
    /// The scope in which they are evaluated.
    pub(super) outer: ScopeId,
}

/// A value and where it is evaluated.
#[derive(Clone, Copy, Debug)]
pub(super) struct At<'a> {
    pub(super) value: &'a Value,
    pub(super) scope: ScopeId,
}

/// A text of a template.
pub(super) enum Text {
    /// Known.
    Known(Arc<str>),
    /// An expression, as it is written.
    Expr(Expr),
    /// One that cannot be read, which was reported.
    Broken,
}

/// All scopes of a document.
#[derive(Debug)]
pub(super) struct Scopes<'a> {
    pub(super) file: FileId,
    /// The text of the document.
    pub(super) text: &'a str,
    all: Vec<Scope<'a>>,
    pub(super) made: &'a Made,
    pub(super) computed: Computed<'a>,
    /// Values of the deployed template's parameters, by name in lower case.
    pub(super) values: HashMap<String, GivenValue>,
}

impl<'a> Scopes<'a> {
    pub(super) fn new(file: FileId, text: &'a str, made: &'a Made) -> Self {
        Self { file, text, all: Vec::new(), made, computed: Computed::default(), values: HashMap::new() }
    }

    /// Gives parameters of the deployed template their values.
    pub(super) fn give(&mut self, given: &[Given]) {
        self.values.extend(given.iter().map(|g| (g.name.to_lowercase(), g.value.clone())));
    }

    pub(super) fn span(&self, range: TextRange) -> Span {
        range.in_file(self.file)
    }

    pub(super) fn get(&self, id: ScopeId) -> Option<&Scope<'a>> {
        self.all.get(id.0)
    }

    /// All scopes with their numbers.
    pub(super) fn all(&self) -> impl Iterator<Item = (ScopeId, &Scope<'a>)> {
        self.all.iter().enumerate().map(|(id, scope)| (ScopeId(id), scope))
    }

    pub(super) fn is_template(&self, id: ScopeId) -> bool {
        self.get(id).is_some_and(|s| s.template)
    }

    /// The scope of raw bodies, which have no expressions.
    pub(super) fn raw(&mut self) -> ScopeId {
        self.push(Scope::default())
    }

    /// The scope of a template; `call` is what a nested deployment gives to its parameters, evaluated around it.
    pub(super) fn template(
        &mut self,
        template: &'a Object,
        call: Option<GivenBy<'a>>,
        root: bool,
    ) -> ScopeId {
        let members = |name: &str| {
            let object = template.member_ignoring_case(name).and_then(|m| m.value.as_object());
            object.into_iter().flat_map(Object::effective).map(|m| (m.key.text.to_lowercase(), m))
        };
        let mut scope = Scope {
            template: true,
            root,
            params: members("parameters").collect(),
            variables: members("variables").filter(|(name, _)| name != "copy").collect(),
            given: HashMap::new(),
            definitions: template.get("definitions").and_then(Value::as_object),
            template_object: Some(template),
            call,
        };
        // A loop of variables: the name is known, the value is not.
        let copies = template.get("variables").and_then(|v| v.get("copy")).and_then(Value::as_list);
        for copy in copies.into_iter().flatten().filter_map(Value::as_object) {
            if let Some(member) = copy.member("name")
                && let Some(name) = member.value.as_text()
            {
                scope.variables.insert(name.to_lowercase(), member);
            }
        }
        if let Some(GivenBy { given: Some(object), outer, .. }) = call {
            for member in object.effective() {
                if let Some(value) = member.value.get("value") {
                    scope.given.insert(member.key.text.to_lowercase(), (value, outer));
                }
            }
        }
        self.push(scope)
    }

    fn push(&mut self, scope: Scope<'a>) -> ScopeId {
        self.all.push(scope);
        ScopeId(self.all.len() - 1)
    }

    /// What a text says. `sink` is told of expressions that cannot be read.
    pub(super) fn text(&self, text: &str, range: TextRange, scope: ScopeId, sink: &mut Sink) -> Text {
        match self.read_text(text, scope) {
            Ok(text) => text,
            Err(error) => {
                sink.push(errors::bad_expression(self.span(range), text, &error.message));
                Text::Broken
            }
        }
    }

    pub(super) fn read_text(&self, text: &str, scope: ScopeId) -> Result<Text, arm::ParseError> {
        let known = |text: &str| Ok(Text::Known(text.into()));
        if !text.starts_with('[') {
            return known(text);
        }
        if self.is_template(scope) {
            return Ok(match arm::parse_template_string(text)? {
                TemplateString::Literal(text) => Text::Known(text.into()),
                TemplateString::Expr(expr) => Text::Expr(expr),
            });
        }
        // A raw body has no expressions, but many are cut out of templates.
        match arm::parse_template_string(text) {
            Ok(TemplateString::Expr(expr)) if calls_known_function(&expr) => Ok(Text::Expr(expr)),
            _ => known(text),
        }
    }

    /// The expression that a value is, if it is one that can be read.
    pub(super) fn expr(&self, at: At<'a>) -> Option<Expr> {
        match self.read_text(at.value.as_text()?, at.scope).ok()? {
            Text::Expr(expr) => Some(expr),
            _ => None,
        }
    }

    /// The expression that a key is, if it is one that can be read.
    pub(super) fn expr_of(&self, text: &str, scope: ScopeId) -> Option<Expr> {
        match self.read_text(text, scope).ok()? {
            Text::Expr(expr) => Some(expr),
            _ => None,
        }
    }

    /// The value behind variables, behind parameters whose values the document itself gives, and of expressions whose
    /// result is known; with the uses on the way.
    pub(super) fn follow(&self, at: At<'a>) -> (At<'a>, Option<Arc<Via>>) {
        let (mut at, mut via) = (at, None);
        for _ in 0..MAX_HOPS {
            let Some(expr) = self.expr(at) else { break };
            let Some((next, what)) = self.meaning(&expr, at.scope) else {
                return (self.computed(&expr, at).unwrap_or(at), via);
            };
            let span = self.span(at.value.range);
            via = Some(Arc::new(Via { what: format!("{what} is used here").into(), span, outer: via }));
            at = next;
        }
        (at, via)
    }

    /// What `variables('x')`, `parameters('x')` or a member of one of them stands for, if the document says it.
    pub(super) fn meaning(&self, expr: &Expr, scope: ScopeId) -> Option<(At<'a>, String)> {
        match expr {
            Expr::Call { name, args } => {
                let [key] = args.as_slice() else { return None };
                if name.eq_ignore_ascii_case("variables") {
                    let key = self.name(key, scope)?;
                    let member = self.variable(scope, &key)?;
                    return Some((At { value: &member.value, scope }, format!("`variables('{key}')`")));
                }
                if name.eq_ignore_ascii_case("parameters") {
                    let key = self.name(key, scope)?;
                    let (value, scope) = self.given(scope, &key)?;
                    return Some((At { value, scope }, format!("`parameters('{key}')`")));
                }
                None
            }
            Expr::Member { base, name, .. } => self.part_of(base, scope, name),
            Expr::Index { base, index, .. } => match &**index {
                Expr::Str(key) => self.part_of(base, scope, key),
                Expr::Int(at) => {
                    let (base, what) = self.base(base, scope)?;
                    let value = base.value.as_list()?.get(usize::try_from(*at).ok()?)?;
                    Some((At { value, ..base }, what))
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// The name that `variables(…)` or `parameters(…)` is given: a text, or what an expression is known to come to.
    pub(super) fn name(&self, name: &Expr, scope: ScopeId) -> Option<Arc<str>> {
        if let Expr::Str(text) = name {
            return Some(Arc::clone(text));
        }
        // A name may not rest on names that rest on names: that could go on and on.
        if self.computed.naming.replace(true) {
            return None;
        }
        let found = self.resolved(name, scope);
        self.computed.naming.set(false);
        match found {
            Expr::Str(text) => Some(text),
            _ => None,
        }
    }

    fn part_of(&self, base: &Expr, scope: ScopeId, key: &str) -> Option<(At<'a>, String)> {
        let (base, what) = self.base(base, scope)?;
        let value = &base.value.as_object()?.member_ignoring_case(key)?.value;
        Some((At { value, ..base }, what))
    }

    fn base(&self, base: &Expr, scope: ScopeId) -> Option<(At<'a>, String)> {
        let (at, what) = self.meaning(base, scope)?;
        Some((self.follow(at).0, what))
    }

    /// The declaration of a variable whose value is written.
    pub(super) fn variable(&self, scope: ScopeId, name: &str) -> Option<&'a Member> {
        let member = self.get(scope)?.variables.get(&name.to_lowercase()).copied()?;
        // The name of a loop is no value.
        (member.key.text.as_ref() != "name" || name.eq_ignore_ascii_case("name")).then_some(member)
    }

    /// The value of a parameter of a nested deployment: given by it, or the default.
    pub(super) fn given(&self, scope: ScopeId, name: &str) -> Option<(&'a Value, ScopeId)> {
        let this = self.get(scope)?;
        if this.root {
            return None;
        }
        let name = name.to_lowercase();
        let default =
            || this.params.get(&name)?.value.as_object()?.get("defaultValue").map(|value| (value, scope));
        this.given.get(&name).copied().or_else(default)
    }

    /// Whether a template declares a parameter (or variable) of this name.
    pub(super) fn declares(&self, scope: ScopeId, function: &str, name: &str) -> bool {
        let Some(scope) = self.get(scope) else { return true };
        let all = if function == "parameters" { &scope.params } else { &scope.variables };
        all.contains_key(&name.to_lowercase())
    }

    /// The names of all parameters (or variables) of a template.
    pub(super) fn declared(&self, scope: ScopeId, function: &str) -> Vec<&'a str> {
        let Some(scope) = self.get(scope) else { return Vec::new() };
        let all = if function == "parameters" { &scope.params } else { &scope.variables };
        let mut names: Vec<&'a str> = all
            .values()
            .map(|m| match m.value.as_text() {
                Some(name) if &*m.key.text == "name" => name,
                _ => &*m.key.text,
            })
            .collect();
        names.sort_unstable();
        names
    }

    /// The parameters of a template, in order.
    pub(super) fn params(&self, scope: ScopeId) -> Vec<&'a Member> {
        let Some(scope) = self.get(scope) else { return Vec::new() };
        let mut all: Vec<&'a Member> = scope.params.values().copied().collect();
        all.sort_by_key(|m| m.key.range.start);
        all
    }

    /// The type of a parameter as it is written, behind a `$ref` to a definition.
    pub(super) fn type_of(&self, scope: ScopeId, param: &'a Member) -> Option<&'a str> {
        let mut object = param.value.as_object()?;
        for _ in 0..MAX_HOPS {
            if let Some(ty) = object.member_ignoring_case("type") {
                return ty.value.as_text();
            }
            let name = object.get("$ref")?.as_text()?.rsplit('/').next()?;
            object = self.get(scope)?.definitions?.get(name)?.as_object()?;
        }
        None
    }

    /// Whether an expression surely gives something: `if(…)` and members of objects may come to nothing.
    pub(super) fn is_something(&self, expr: &Expr, scope: ScopeId) -> bool {
        let Expr::Call { name, args } = expr else { return !matches!(expr, Expr::Null) };
        match args.as_slice() {
            [Expr::Str(key)] if name.eq_ignore_ascii_case("parameters") => {
                let param = self.get(scope).and_then(|s| s.params.get(&key.to_lowercase()));
                param.is_some_and(|m| m.value.get("nullable").is_none())
            }
            _ => arm::function(name).is_some_and(|f| f.returns == arm::Returns::String),
        }
    }

    /// What makes an expression deferred: its first parameter, else the expression itself.
    pub(super) fn cause(&self, expr: &Expr, at: At<'a>) -> Arc<Cause> {
        let mut found = None;
        expr.walk(&mut |part| {
            if found.is_none()
                && let Expr::Call { name, args } = part
                && name.eq_ignore_ascii_case("parameters")
                && let [Expr::Str(key)] = args.as_slice()
                && let Some(param) = self.get(at.scope).and_then(|s| s.params.get(&key.to_lowercase()))
            {
                found = Some((param.key.text.to_string(), param.key.range));
            }
        });
        let span = |range| self.span(range);
        Arc::new(match found {
            Some((name, range)) => Cause { what: format!("parameter `{name}`").into(), span: span(range) },
            None => Cause { what: "an expression".into(), span: span(at.value.range) },
        })
    }
}

/// Whether an expression calls a function of the template language at its root.
fn calls_known_function(expr: &Expr) -> bool {
    match expr {
        Expr::Call { name, .. } => arm::function(name).is_some(),
        Expr::Member { base, .. } | Expr::Index { base, .. } => calls_known_function(base),
        _ => false,
    }
}
