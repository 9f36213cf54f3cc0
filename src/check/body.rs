//! Bodies: the statements between braces, evaluated against the table of the target.

use std::sync::Arc;

use super::errors;
use super::eval::Expect;
use super::module::{Checker, Env};
use super::program::{ResourceId, Via};
use super::ty::Type;
use super::value::{Fields, Handle, Kind, Value};
use crate::base::Span;
use crate::diag::Diagnostic;
use crate::schema::{LabelRole, ObjectType, Prop, RAW_ENTRY, Required, ResourceKind, Ty, Variant};
use crate::syntax::ast::{Entry, EntryLabel, Expr, For, If, Stmt, StmtKind};

/// An evaluated body.
#[derive(Clone, Debug, Default)]
pub(crate) struct Body {
    pub(crate) fields: Fields,
    /// Steps or targets, in order.
    pub(crate) entries: Vec<EntryValue>,
    /// Whether a mistake may have kept some out of it.
    pub(crate) broken: bool,
}

impl Body {
    /// Whether it is a list of steps or targets: nothing else stands in it.
    pub(crate) fn is_list(&self) -> bool {
        !self.entries.is_empty() || self.fields.map.is_empty()
    }
}

/// An evaluated step or target.
#[derive(Clone, Debug)]
pub(crate) struct EntryValue {
    pub(crate) variant: &'static Variant,
    pub(crate) fields: Fields,
    pub(crate) span: Span,
    pub(crate) via: Option<Arc<Via>>,
}

/// What surrounds a body.
#[derive(Clone, Copy)]
pub(crate) struct Around {
    /// What may be written in it.
    pub(crate) ty: &'static ObjectType,
    /// The resource whose root it is, if it is one: its children are declared in it.
    pub(crate) root: Option<&'static ResourceKind>,
    /// Properties of `existing` resources.
    pub(crate) reference: &'static [Prop],
    /// Whether it is the body of a recipe or a loop inside a list of steps, where properties have no place.
    pub(crate) entries_only: bool,
}

impl Around {
    fn prop(&self, name: &str) -> Option<&'static Prop> {
        self.ty.prop(name).or_else(|| self.reference.iter().find(|p| p.name == name))
    }
}

/// The two layers of a body while it is evaluated: what spreads bring, and what is written.
#[derive(Default)]
pub(super) struct Draft {
    spread: Fields,
    written: Fields,
    pub(super) entries: Vec<EntryValue>,
    /// Whether some of it is not known, because of a mistake that is told elsewhere.
    pub(super) broken: bool,
    /// Properties that were probably meant by names that there are not: nobody is told that they are missing.
    meant: Vec<(&'static str, Span)>,
    /// The words that its entries begin with: nobody is told to write one of them again.
    words: Vec<Arc<str>>,
}

impl<'a> Checker<'a, '_> {
    pub(crate) fn eval_body(&mut self, items: &'a [Stmt], around: Around, env: &Env) -> Body {
        let mut draft = Draft::default();
        draft.words.extend(items.iter().filter_map(|stmt| match &stmt.kind {
            StmtKind::Entry(entry) => Some(entry.keyword.text.clone()),
            _ => None,
        }));
        let mut env = env.clone();
        let reports = self.reports;
        self.statements(items, around, &mut env, &mut draft);
        draft.broken |= self.reports > reports;
        self.body_of(draft, around)
    }

    pub(super) fn statements(&mut self, items: &'a [Stmt], around: Around, env: &mut Env, draft: &mut Draft) {
        for stmt in items {
            if !self.spend(env.span(stmt.range)) {
                return;
            }
            match &stmt.kind {
                StmtKind::Entry(entry) => self.entry(entry, around, env, draft),
                StmtKind::Spread(expr) if around.entries_only || around.ty.props.is_empty() => {
                    self.eval(expr, env, Expect::None);
                    let at = env.span(stmt.range);
                    self.report(errors::steps_in_spread(around.ty.name, at, at));
                }
                StmtKind::Spread(expr) => self.spread(expr, around, env, draft),
                StmtKind::Use(used) => {
                    self.use_recipe(&used.target, env.span(stmt.range), around, env, draft)
                }
                StmtKind::For(each) => self.for_entries(each, around, env, draft),
                StmtKind::If(choice) => self.if_entries(choice, around, env, draft),
                StmtKind::Let(binding) => {
                    if let Some(name) = &binding.name {
                        let value = self.let_value(binding, &name.text, env.span(name.range), &env.clone());
                        env.bind(name.text.clone(), value);
                    }
                }
                StmtKind::Assert(assert) => self.check_assert(assert, env, None),
                _ => self.report(errors::misplaced(stmt, env.span(stmt.range))),
            }
        }
    }

    fn entry(&mut self, entry: &'a Entry, around: Around, env: &Env, draft: &mut Draft) {
        let word = &entry.keyword;
        if let Some(kind) = crate::schema::resource_kind(&word.text)
            && let Some(root) = around.root
            && kind.parent == Some(root.keyword)
        {
            // Children have slots of their own; here only their form is looked at.
            let named = match &entry.label {
                Some(EntryLabel::Path(path)) => path.len() == 1,
                Some(EntryLabel::Str(text)) => text.as_text().is_some(),
                None => false,
            };
            if !named {
                self.report(errors::needs_name(&word.text, env.span(word.range)));
            }
            return;
        }
        if let Some(prop) = around.prop(&word.text)
            && !around.entries_only
        {
            self.property(entry, prop, env, draft);
            return;
        }
        let raw = || (&*word.text == RAW_ENTRY.keyword).then_some(&RAW_ENTRY);
        if let Some(variant) = around.ty.entries.and_then(|e| e.union.variant(&word.text).or_else(raw)) {
            if draft.entries.len() >= super::MAX_ELEMENTS {
                self.report(errors::too_many_elements(draft.entries.len() + 1, env.span(word.range)));
                return;
            }
            if let Some(value) = self.entry_value(entry, variant, env) {
                draft.entries.push(value);
            }
            return;
        }
        let d = self.unknown_entry(entry, around, env, draft);
        self.report_via(d, &env.via);
        if let Some(prop) = errors::meant_property(&word.text, around.ty) {
            draft.meant.push((prop, env.span(word.range)));
        }
        // What it holds may have mistakes of its own.
        if let Some(value) = &entry.value {
            self.eval(value, env, Expect::None);
        }
    }

    fn unknown_entry(
        &self,
        entry: &'a Entry,
        around: Around,
        env: &Env,
        draft: &Draft,
    ) -> crate::diag::Diagnostic {
        let span = env.span(entry.keyword.range);
        let text = &*entry.keyword.text;
        if let Some(entries) = around.ty.entries
            && (around.entries_only || entry.label.is_some() || around.ty.props.is_empty())
        {
            let known: Vec<&str> = entries.union.variants.iter().map(|v| v.keyword).collect();
            return errors::unknown_entry(text, span, entries.union.name, &known);
        }
        let mut known: Vec<&str> = around.ty.props.iter().chain(around.reference).map(|p| p.name).collect();
        if let Some(entries) = around.ty.entries {
            known.extend(entries.union.variants.iter().map(|v| v.keyword));
        }
        errors::unknown_property(text, span, around.ty, &known, &|k| {
            around.ty.prop(k).is_some() && draft.words.iter().any(|w| &**w == k)
        })
    }

    /// `name = expr`, `name { … }`
    fn property(&mut self, entry: &'a Entry, prop: &'static Prop, env: &Env, draft: &mut Draft) {
        let span = env.span(entry.keyword.range);
        if let Some(existing) = entry.existing {
            self.report(errors::misplaced_existing(env.span(existing), &entry.keyword.text));
        }
        if let Some(label) = &entry.label {
            self.report(errors::property_takes_no_label(prop.name, env.span(label.range())));
        }
        let value = match (&entry.value, &entry.block) {
            (Some(expr), None) => self.eval(expr, env, Expect::Target(&prop.ty)),
            (None, Some(block)) => match &prop.ty {
                Ty::Object(ty) => {
                    let around = Around { ty, root: None, reference: &[], entries_only: false };
                    let body = self.eval_body(&block.items, around, env);
                    let at = env.span(block.range);
                    if ty.entries.is_some() {
                        Value::new(Kind::Body(Arc::new(body)), at)
                    } else {
                        Value::object(body.fields, at)
                    }
                }
                _ => {
                    self.report(errors::not_a_block(prop, env.span(block.range)));
                    Value::unknown(span)
                }
            },
            (Some(expr), Some(block)) => {
                self.eval(expr, env, Expect::Target(&prop.ty));
                self.report(errors::value_and_block(prop.name, env.span(block.range)));
                Value::unknown(span)
            }
            (None, None) => {
                self.report(errors::needs_value(prop, span));
                Value::unknown(span)
            }
        };
        let value = value.hop(|| format!("`{}` holds it", prop.name), span);
        if let Some(first) = draft.written.insert(entry.keyword.text.clone(), span, value) {
            self.report(errors::duplicate_property(prop.name, span, first.key_span));
        }
    }

    /// A step or target.
    fn entry_value(&mut self, entry: &'a Entry, variant: &'static Variant, env: &Env) -> Option<EntryValue> {
        let word = env.span(entry.keyword.range);
        let around = Around { ty: variant.body, root: None, reference: &[], entries_only: false };
        let mut fields = match &entry.block {
            Some(block) => self.eval_body(&block.items, around, env).fields,
            None => Fields::default(),
        };
        let mut span = word;
        if let Some(label) = &entry.label {
            let at = env.span(label.range());
            span = span.cover(at);
            let value = match (label, variant.label) {
                (EntryLabel::Str(text), LabelRole::Sets(prop) | LabelRole::Refers(prop)) => {
                    Some((prop, self.eval_string(text, env)))
                }
                (EntryLabel::Path(path), LabelRole::Refers(prop)) => {
                    let kinds = match variant.body.prop(prop).map(|p| &p.ty) {
                        Some(Ty::Id(kinds)) => kinds,
                        _ => [].as_slice(),
                    };
                    Some((prop, self.eval_path(path, kinds, env)))
                }
                (EntryLabel::Path(path), LabelRole::Sets(_)) => {
                    let name = path.first().map(|p| p.text.clone()).unwrap_or_default();
                    self.report(errors::label_is_text(variant.keyword, &name, at));
                    None
                }
                (_, LabelRole::None) => {
                    self.report(errors::takes_no_label(variant.keyword, at));
                    None
                }
            };
            if let Some((prop, value)) = value
                && let Some(first) = fields.insert(prop.into(), at, value)
            {
                self.report(errors::duplicate_property(prop, first.key_span, at));
            }
        }
        if let Some(expr) = &entry.value {
            match variant.main.and_then(|m| variant.body.prop(m)) {
                Some(prop) => {
                    let value = self.eval(expr, env, Expect::Target(&prop.ty));
                    let at = value.span;
                    if let Some(first) = fields.insert(prop.name.into(), at, value) {
                        self.report(errors::duplicate_property(prop.name, at, first.key_span));
                    }
                }
                None => {
                    let at = env.span(expr.range);
                    self.report(errors::takes_no_value(variant, at));
                    return None;
                }
            }
        }
        Some(EntryValue { variant, fields, span, via: env.via.clone() })
    }

    /// `prod.web` as a label.
    fn eval_path(&mut self, path: &'a [crate::syntax::ast::Ident], kinds: &[&str], env: &Env) -> Value {
        let Some((first, rest)) = path.split_first() else { return Value::unknown(Span::default()) };
        let at = env.span(first.range);
        let Some(mut value) = self.lookup(&first.text, at, env) else {
            let known: Vec<Arc<str>> = self.names_in_scope(env);
            self.report(errors::unknown_name(&first.text, at, &known, &[]));
            return Value::unknown(at);
        };
        let mut span = at;
        for name in rest {
            let at = env.span(name.range);
            span = span.cover(at);
            if let Kind::Handle(Handle::Resource(id)) = value.kind
                && let Some(d) = self.lacks_child(id, &name.text, kinds, at)
            {
                self.report(d);
                return Value::unknown(span);
            }
            value = self.member(value, name, false, span, env);
        }
        value.at(span)
    }

    /// What is wrong if a label names a child of a resource that it does not have.
    fn lacks_child(&mut self, id: ResourceId, name: &str, kinds: &[&str], at: Span) -> Option<Diagnostic> {
        let keyword = self.keyword_of(id);
        let child = kinds.iter().filter_map(|kind| crate::schema::resource_kind(kind));
        let child = child.into_iter().find(|kind| kind.parent == Some(&*keyword))?;
        let declared: Vec<Arc<str>> = self.children_of(id).map(|(name, _)| name).collect();
        let what = format!("the {keyword} `{}`", self.declared_of(id));
        (!declared.iter().any(|other| **other == *name))
            .then(|| errors::no_such_child(name, child.keyword, at, &what, &declared))
    }

    /// The names in scope, for "did you mean"; none once enough names were compared.
    pub(crate) fn names_in_scope(&mut self, env: &Env) -> Vec<Arc<str>> {
        if self.comparisons == 0 {
            return Vec::new();
        }
        let mut names = env.local_names();
        let file = self.instances.get(env.instance).map(|i| i.file).unwrap_or_default();
        if let Some(module) = self.graph.module(file) {
            names.extend(module.symbols.keys().cloned());
        }
        self.comparisons = self.comparisons.saturating_sub(names.len());
        names
    }

    fn spread(&mut self, expr: &'a Expr, around: Around, env: &Env, draft: &mut Draft) {
        let value = self.eval(expr, env, Expect::None);
        let span = env.span(expr.range);
        match &value.kind {
            Kind::Null => {}
            Kind::Unknown => draft.may_hold_more(around, span),
            Kind::Object(fields) => {
                for field in fields.map.values() {
                    let super::Key::Str(name) = &field.key else {
                        self.report(errors::deferred(&field.value, "the name of a property", span));
                        continue;
                    };
                    let prop = around.prop(name);
                    let steps = prop.is_some_and(|p| matches!(p.ty, Ty::Object(ty) if ty.entries.is_some()));
                    if steps {
                        self.report(errors::steps_in_spread(name, field.key_span, span));
                        continue;
                    }
                    let merged = match (draft.spread.get(name), prop) {
                        (Some(before), Some(prop)) => self.merged(prop, &before.value.clone(), &field.value),
                        _ => field.value.clone(),
                    };
                    draft.spread.insert(name.clone(), field.key_span, merged);
                }
            }
            Kind::Deferred(..) => self.report(errors::deferred(&value, "which properties a block has", span)),
            _ => self.report(errors::type_mismatch(&value, "an object of properties", span)),
        }
    }

    /// What spreads bring, and what is written over it.
    fn body_of(&mut self, draft: Draft, around: Around) -> Body {
        let mut fields = draft.spread;
        for field in draft.written.map.into_values() {
            let super::Key::Str(name) = &field.key else { continue };
            let merged = match (fields.get(name), around.prop(name)) {
                (Some(before), Some(prop)) => self.merged(prop, &before.value.clone(), &field.value),
                _ => field.value.clone(),
            };
            fields.insert(name.clone(), field.key_span, merged);
        }
        for (name, span) in draft.meant {
            if fields.get(name).is_none() {
                fields.insert(name.into(), span, Value::unknown(span));
            }
        }
        Body { fields, entries: draft.entries, broken: draft.broken }
    }

    /// A value of a property over another one: tags and blocks of properties merge one level deep, all else is replaced.
    fn merged(&mut self, prop: &'static Prop, before: &Value, after: &Value) -> Value {
        if !merges(prop) {
            return after.clone();
        }
        match (&before.kind, &after.kind) {
            (Kind::Object(a), Kind::Object(b)) => merge(a, b, after.span),
            (Kind::Unknown, Kind::Object(_)) => Value::unknown(after.span),
            (Kind::Deferred(..), Kind::Object(_) | Kind::Deferred(..))
            | (Kind::Object(_), Kind::Deferred(..)) => {
                if matches!(prop.ty, Ty::Tags) {
                    let both = [before.clone(), after.clone()];
                    return self.arm_call("union", &both, Type::Map(Arc::new(Type::Any)), after.span);
                }
                let deferred = if matches!(before.kind, Kind::Deferred(..)) { before } else { after };
                self.report(errors::deferred(deferred, "which properties a block has", after.span));
                Value::unknown(after.span)
            }
            _ => after.clone(),
        }
    }

    fn for_entries(&mut self, each: &'a For, around: Around, env: &Env, draft: &mut Draft) {
        let over = self.eval(&each.iterable, env, Expect::None);
        if over.is_unknown() {
            // Look at the body once: it may have mistakes of its own.
            let unknown = Value::unknown(over.span);
            let mut inner = self.bind_loop(env, &each.bindings, &unknown, &unknown);
            self.statements(&each.body.items, around, &mut inner, &mut Draft::default());
            draft.may_hold_more(around, env.span(each.iterable.range));
            return;
        }
        if matches!(over.kind, Kind::Deferred(..)) {
            self.report(errors::deferred(&over, "which entries there are", over.span));
            return;
        }
        let Some(elements) = self.elements(&over, each.bindings.len() > 1, over.span) else { return };
        for (key, value) in &elements {
            if draft.entries.len() >= super::MAX_ELEMENTS {
                self.report(errors::too_many_elements(draft.entries.len() + 1, over.span));
                return;
            }
            if self.exhausted() {
                return;
            }
            let mut inner = self.bind_loop(env, &each.bindings, key, value);
            match self.loop_condition(each.condition.as_ref(), &inner) {
                Some(true) => self.statements(&each.body.items, around, &mut inner, draft),
                Some(false) => {}
                None => return,
            }
        }
    }

    fn if_entries(&mut self, choice: &'a If, around: Around, env: &Env, draft: &mut Draft) {
        let value = self.eval(&choice.condition, env, Expect::None);
        if value.is_unknown() {
            let blocks = std::iter::once(&choice.then).chain(&choice.otherwise);
            for block in blocks {
                self.statements(&block.items, around, &mut env.clone(), &mut Draft::default());
            }
            draft.may_hold_more(around, env.span(choice.condition.range));
            return;
        }
        let Some(holds) = self.known_bool(&value, "which entries there are") else { return };
        let block = if holds { Some(&choice.then) } else { choice.otherwise.as_ref() };
        if let Some(block) = block {
            self.statements(&block.items, around, &mut env.clone(), draft);
        }
    }
}

/// Whether a property of a spread is merged with what is written, rather than replaced.
fn merges(prop: &'static Prop) -> bool {
    match prop.ty {
        Ty::Tags => true,
        Ty::Object(ty) => ty.entries.is_none(),
        _ => false,
    }
}

/// Two objects merged one level deep; the later wins.
fn merge(before: &Fields, after: &Fields, span: Span) -> Value {
    let mut out = before.clone();
    for field in after.map.values() {
        out.insert_key(field.key.clone(), field.key_span, field.value.clone());
    }
    Value::object(out, span)
}

impl Draft {
    /// Notes a part of the block that nobody knows, after a mistake: what must be in a block may be in it.
    pub(super) fn may_hold_more(&mut self, around: Around, span: Span) {
        self.broken = true;
        let required = around.ty.props.iter().filter(|p| p.required != Required::No);
        self.meant.extend(required.map(|p| (p.name, span)));
    }
}
