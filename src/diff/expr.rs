//! Expressions in one spelling: variables written out, what is known computed, text put together in one way.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::asked::Named;
use super::tree::Tree;
use crate::arm::{
    Expr, MAX_DEPTH, Piece, Returns, TemplateString, fold, format_pieces, function, interpolate,
    parameter_type, parse_template_string,
};
use crate::json::{Data, Object, Value};

/// The most parts that expressions of one document may grow by, by writing variables out.
pub(super) const MAX_GROWTH: usize = 400_000;
/// A variable of more parts is compared by itself, not where it is used.
pub(super) const MAX_VARIABLE: usize = 20_000;
/// So many bytes of text count as one part more: text doubles as easily as parts do.
const TEXT_OF_A_PART: usize = 16;

/// What expressions of a document may refer to.
#[derive(Default)]
pub(super) struct Scope<'d> {
    /// Whether texts are no expressions: in raw bodies.
    pub(super) literal: bool,
    /// The variables, by their names in lower case.
    pub(super) variables: HashMap<String, &'d Value>,
    /// The parameters by their names in lower case: as declared, and their types.
    pub(super) parameters: HashMap<String, (String, String)>,
    /// What stands for parameters, by their names in lower case.
    pub(super) given: HashMap<String, Expr>,
    /// The template's own functions, by `namespace.name` in lower case.
    pub(super) functions: HashMap<String, &'d Value>,
    /// The variables that loops make, by their names in lower case.
    pub(super) loops: HashMap<String, &'d Value>,
    /// The types that parameters may refer to.
    pub(super) definitions: HashMap<String, &'d Value>,
    /// How the template calls its resources.
    pub(super) named: OnceCell<Named>,
    /// The loop of the resource that is read.
    pub(super) turn: RefCell<Option<String>>,
    growth: Cell<usize>,
    /// How many calls of the template's functions were written out.
    pub(super) calls: Cell<usize>,
    known: RefCell<HashMap<String, Option<Expr>>>,
    /// Variables that are left to stand under their names.
    left: RefCell<BTreeMap<String, String>>,
    /// Functions that are left to stand under their names.
    pub(super) left_functions: RefCell<BTreeSet<String>>,
}

impl<'d> Scope<'d> {
    /// The scope of raw bodies.
    pub(super) fn of_bodies() -> Self {
        Self { literal: true, ..Self::default() }
    }

    /// The scope of a template: its variables and parameters.
    pub(super) fn of_template(template: &'d Object) -> Self {
        let members = |key: &str| {
            let object = template.member_ignoring_case(key).and_then(|member| member.value.as_object());
            object.map(Object::effective).unwrap_or_default()
        };
        let mut scope = Self::default();
        scope.note_own(template);
        for member in members("variables") {
            scope.variables.insert(member.key.text.to_lowercase(), &member.value);
        }
        for member in members("parameters") {
            let ty = scope.type_of(&member.value);
            let name = member.key.text.to_string();
            scope.parameters.insert(name.to_lowercase(), (name, ty));
        }
        scope
    }

    /// What a value stands for; nothing if it is too large to be written out.
    pub(super) fn known(&self, value: &Value) -> Option<Expr> {
        Some(self.canonical(&self.expr_of(value)?)).filter(|expr| size(expr) <= MAX_VARIABLE)
    }

    /// A value as it is compared.
    pub(super) fn tree(&self, value: &Value) -> Tree {
        match &value.data {
            Data::Null => Tree::Null,
            Data::Bool(value) => Tree::Bool(*value),
            Data::Number(text) => Tree::Number(text.clone()),
            Data::Text(text) => self.text(text),
            Data::Placeholder(text) => Tree::Text(text.clone()),
            Data::List(items) => Tree::List(items.iter().map(|item| self.tree(item)).collect()),
            Data::Object(object) => Tree::object(
                object.effective().iter().map(|m| (self.key(&m.key.text), self.tree(&m.value))).collect(),
            ),
        }
    }

    /// A text as it is compared.
    pub(super) fn text(&self, text: &str) -> Tree {
        if self.literal {
            return Tree::text(text);
        }
        match parse_template_string(text) {
            Ok(TemplateString::Literal(text)) => Tree::text(text),
            Ok(TemplateString::Expr(expr)) => Tree::from_expr(&self.canonical(&expr)),
            // What Azure would refuse is compared as it is written.
            Err(_) => Tree::Expr { shown: inner(text).into(), key: inner(text).into() },
        }
    }

    fn key(&self, text: &str) -> Box<str> {
        match self.text(text) {
            Tree::Text(text) => text,
            Tree::Expr { shown, .. } => format!("[{shown}]").into(),
            _ => text.into(),
        }
    }

    /// An expression in its one spelling.
    pub(super) fn canonical(&self, expr: &Expr) -> Expr {
        self.joined(&fold(&self.written_out(expr, 0)))
    }

    /// The variables that stand under their names, in the order of these.
    pub(super) fn left(&self) -> Vec<(String, Tree)> {
        let mut out: BTreeMap<String, Tree> = BTreeMap::new();
        // Comparing one may show that another is used.
        loop {
            let open: Vec<(String, String)> = self
                .left
                .borrow()
                .iter()
                .filter(|(key, _)| !out.contains_key(*key))
                .map(|(key, name)| (key.clone(), name.clone()))
                .collect();
            if open.is_empty() {
                return out.into_iter().collect();
            }
            for (key, _) in open {
                let value = self.variables.get(&key).or_else(|| self.loops.get(&key));
                let tree = value.map_or(Tree::Null, |value| self.tree(value));
                out.insert(key, tree);
            }
        }
    }

    fn written_out(&self, expr: &Expr, depth: usize) -> Expr {
        if depth > MAX_DEPTH {
            return expr.clone();
        }
        let part = |expr: &Expr| self.written_out(expr, depth + 1);
        match expr {
            Expr::Call { name, args } => {
                if let [Expr::Str(wanted)] = args.as_slice() {
                    if name.eq_ignore_ascii_case("variables")
                        && let Some(known) = self.variable(wanted, depth)
                    {
                        return known;
                    }
                    if name.eq_ignore_ascii_case("parameters") {
                        return self.parameter(wanted);
                    }
                }
                if let Some(body) = self.called(name, args) {
                    return part(&body);
                }
                let row = function(name).filter(|row| row.name.eq_ignore_ascii_case(name));
                let name = row.map_or_else(|| Arc::clone(name), |row| row.name.into());
                Expr::Call { name, args: args.iter().map(part).collect() }
            }
            other => other.map_parts(&mut { part }),
        }
    }

    /// An expression with what is known written out and computed.
    pub(super) fn written(&self, expr: &Expr, depth: usize) -> Expr {
        fold(&self.written_out(expr, depth))
    }

    fn parameter(&self, wanted: &str) -> Expr {
        let key = wanted.to_lowercase();
        if let Some(given) = self.given.get(&key).filter(|given| self.grow(given)) {
            return given.clone();
        }
        match self.parameters.get(&key) {
            Some((name, _)) => Expr::parameter(name.as_str()),
            None => Expr::parameter(wanted),
        }
    }

    /// What a variable stands for; nothing if it has to stand under its name.
    fn variable(&self, wanted: &str, depth: usize) -> Option<Expr> {
        let key = wanted.to_lowercase();
        if let Some(known) = self.known.borrow().get(&key) {
            return known.as_ref().filter(|expr| self.grow(expr)).cloned();
        }
        let value = self.variables.get(&key).copied();
        let turns = if value.is_none() { Some(*self.loops.get(&key)?) } else { None };
        // A ring of variables finds itself unknown.
        self.known.borrow_mut().insert(key.clone(), None);
        let expr = match (value, turns) {
            (Some(value), _) => self.expr_of(value)?,
            (None, turns) => self.turns(turns?, depth + 1)?,
        };
        let expr = self.written(&expr, depth + 1);
        let expr = Some(expr).filter(|expr| size(expr) <= MAX_VARIABLE);
        self.known.borrow_mut().insert(key.clone(), expr.clone());
        let expr = expr.filter(|expr| self.grow(expr));
        if expr.is_none() {
            self.left.borrow_mut().insert(key, wanted.to_owned());
        }
        expr
    }

    /// Whether there is room for an expression to be written once more.
    pub(super) fn grow(&self, expr: &Expr) -> bool {
        let total = self.growth.get() + size(expr);
        let fits = total <= MAX_GROWTH;
        if fits {
            self.growth.set(total);
        }
        fits
    }

    /// A JSON value as an expression.
    pub(super) fn expr_of(&self, value: &Value) -> Option<Expr> {
        Some(match &value.data {
            Data::Null => Expr::Null,
            Data::Bool(value) => Expr::Bool(*value),
            Data::Number(text) => match text.parse() {
                Ok(number) => Expr::Int(number),
                Err(_) => Expr::call("json", vec![Expr::str(&**text)]),
            },
            Data::Text(text) => match parse_template_string(text).ok()? {
                TemplateString::Literal(text) => Expr::str(text),
                TemplateString::Expr(expr) => expr,
            },
            Data::Placeholder(text) => Expr::str(&**text),
            Data::List(items) => {
                let items: Option<Vec<Expr>> = items.iter().map(|item| self.expr_of(item)).collect();
                Expr::call("createArray", items?)
            }
            Data::Object(object) => {
                let mut args = Vec::new();
                for member in object.effective() {
                    args.push(match parse_template_string(&member.key.text).ok()? {
                        TemplateString::Literal(text) => Expr::str(text),
                        TemplateString::Expr(expr) => expr,
                    });
                    args.push(self.expr_of(&member.value)?);
                }
                Expr::call("createObject", args)
            }
        })
    }

    /// Puts text together in one way, whether it was written with `concat` or `format`.
    fn joined(&self, expr: &Expr) -> Expr {
        match expr {
            Expr::Call { name, args } => {
                let mut args: Vec<Expr> = args.iter().map(|arg| self.joined(arg)).collect();
                if let Some(named) = self.named.get() {
                    args = named.settled(name, args);
                }
                if name.eq_ignore_ascii_case("copyIndex") && self.is_own_turn(args.first()) {
                    args.remove(0);
                }
                if name.eq_ignore_ascii_case("resourceId") {
                    return self.id(args);
                }
                if name.eq_ignore_ascii_case("subscriptionResourceId") {
                    return self.id_in_subscription(args);
                }
                let is_text = name.eq_ignore_ascii_case("concat") && args.iter().any(|arg| self.is_text(arg));
                let parts = if is_text { Some(args.clone()) } else { parts_of_format(name, &args) };
                match parts {
                    Some(parts) => self.interpolated(parts),
                    None => Expr::Call { name: Arc::clone(name), args },
                }
            }
            other => other.map_parts(&mut |part| self.joined(part)),
        }
    }

    /// Whether an argument names the loop of the resource that is read, which is meant where none is named.
    fn is_own_turn(&self, arg: Option<&Expr>) -> bool {
        let turn = self.turn.borrow();
        matches!((arg, &*turn), (Some(Expr::Str(name)), Some(turn)) if name.eq_ignore_ascii_case(turn))
    }

    /// The text that parts make, or the id; one part that is text is itself.
    pub(super) fn interpolated(&self, parts: Vec<Expr>) -> Expr {
        let flat = flat(parts);
        self.id_of_parts(&flat).unwrap_or_else(|| self.text_of_parts(flat))
    }

    /// The text that parts make which are no texts of parts themselves.
    pub(super) fn text_of_parts(&self, flat: Vec<Expr>) -> Expr {
        if let [only] = flat.as_slice()
            && self.is_text(only)
        {
            return only.clone();
        }
        interpolate(flat)
    }

    /// Whether an expression is known to give text.
    fn is_text(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Str(_) => true,
            Expr::Call { name, args } => match args.as_slice() {
                [Expr::Str(wanted)] if name.eq_ignore_ascii_case("parameters") => {
                    let parameter = self.parameters.get(&wanted.to_lowercase());
                    parameter.and_then(|(_, ty)| parameter_type(ty)).is_some_and(|ty| ty.holds == "string")
                }
                [_, yes, no] if name.eq_ignore_ascii_case("if") => self.is_text(yes) && self.is_text(no),
                _ => function(name).is_some_and(|row| row.returns == Returns::String),
            },
            Expr::Member { base, .. } => matches!(&**base, Expr::Call { name, args }
                if args.is_empty() && CONTEXTS.iter().any(|context| context.eq_ignore_ascii_case(name))),
            _ => false,
        }
    }
}

/// Functions without arguments whose members are texts.
const CONTEXTS: &[&str] = &["resourceGroup", "subscription", "tenant"];

fn inner(text: &str) -> &str {
    text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text)
}

/// The parts of text and of the texts in it, without those that are empty.
fn flat(parts: Vec<Expr>) -> Vec<Expr> {
    let mut flat = Vec::new();
    for part in parts {
        match &part {
            Expr::Call { name, args } => match parts_of_format(name, args) {
                Some(inner) => flat.extend(inner),
                None => flat.push(part),
            },
            _ => flat.push(part),
        }
    }
    flat.retain(|part| !matches!(part, Expr::Str(text) if text.is_empty()));
    flat
}

/// The parts that `format` puts together, if its pattern says nothing but where they stand.
pub(super) fn parts_of_format(name: &str, args: &[Expr]) -> Option<Vec<Expr>> {
    let (Expr::Str(pattern), values) = args.split_first()? else { return None };
    if !name.eq_ignore_ascii_case("format") {
        return None;
    }
    let part = |piece| match piece {
        Piece::Text(text) => Some(Expr::str(text)),
        Piece::Hole(index) => values.get(index).cloned(),
    };
    format_pieces(pattern)?.into_iter().map(part).collect()
}

/// How many parts an expression has; long texts count as several.
pub(super) fn size(expr: &Expr) -> usize {
    let mut count = 0;
    expr.walk(&mut |part| {
        count += 1;
        if let Expr::Str(text) = part {
            count += text.len() / TEXT_OF_A_PART;
        }
    });
    count
}
