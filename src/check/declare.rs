//! Declared resources: found before anything is evaluated, evaluated when something needs them.

use std::sync::Arc;

use super::body::Body;
use super::errors;
use super::eval::Expect;
use super::heads::Head;
use super::module::{Checker, Env, address};
use super::program::{
    ImageFacts, Kind as ResourceType, Node, NodeKind, Object, Origin, Resource, ResourceId,
};
use super::value::{Fields, Handle, Kind, Value};
use crate::arm;
use crate::base::Span;
use crate::schema::{self, ResourceKind};
use crate::syntax::ast::{Block, Entry, EntryLabel, RawResource, Stmt, StmtKind};

/// A resource on its way from declaration to [`Resource`].
pub(crate) struct Slot<'a> {
    pub(crate) decl: Decl<'a>,
    pub(crate) kind: ResourceType,
    /// The name as declared, without loop keys.
    pub(crate) short: Arc<str>,
    pub(crate) declared: Arc<str>,
    pub(crate) span: Span,
    pub(crate) existing: bool,
    pub(crate) env: Env,
    pub(crate) parent: Option<ResourceId>,
    pub(crate) children: Vec<(Arc<str>, ResourceId)>,
    pub(crate) conditions: Vec<arm::Expr>,
    pub(crate) head: Option<Arc<Head>>,
    pub(crate) state: State,
    pub(crate) used: bool,
    pub(crate) fields: Arc<Fields>,
    pub(crate) resource: Option<Resource>,
}

/// Where a resource is declared.
#[derive(Clone, Copy)]
pub(crate) enum Decl<'a> {
    Known(&'a Entry, &'static ResourceKind),
    Raw(&'a RawResource),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum State {
    Declared,
    Open,
    Done,
}

impl Slot<'_> {
    /// The finished resource; one that was never needed is an empty reference.
    pub(crate) fn into_resource(self) -> Resource {
        let origin = Origin::from(self.span);
        let empty = || Node::new(NodeKind::Object(Object::default()), origin.clone());
        self.resource.unwrap_or_else(|| Resource {
            kind: self.kind.clone(),
            declared: self.declared.clone(),
            existing: true,
            imported: false,
            api_version: match &self.kind {
                ResourceType::Known(kind) => Arc::from(kind.default_version.0),
                ResourceType::Raw(_) => Arc::from(""),
            },
            name: Node::str(self.declared.clone(), origin.clone()),
            parent: self.parent,
            id: Node::str("", origin.clone()),
            group: None,
            subscription: None,
            condition: None,
            body: empty(),
            envelope: Object::default(),
            unnamed: false,
            listed: false,
            network: None,
            facts: ImageFacts::default(),
            depends_on: Vec::new(),
            waits_for_more: false,
            span: self.span,
        })
    }
}

impl<'a> Decl<'a> {
    pub(crate) fn items(&self) -> &'a [Stmt] {
        match self {
            Self::Known(entry, _) => entry.block.as_ref().map_or(&[], |b| &b.items),
            Self::Raw(raw) => &raw.body.items,
        }
    }
}

pub(crate) type Conditions = Option<Arc<ConditionList>>;

/// The deferred conditions around a declaration.
pub(crate) struct ConditionList {
    expr: arm::Expr,
    outer: Conditions,
}

pub(crate) fn conditions(list: &Conditions) -> Vec<arm::Expr> {
    let mut out = Vec::new();
    let mut at = list.as_deref();
    while let Some(c) = at {
        out.push(c.expr.clone());
        at = c.outer.as_deref();
    }
    out.reverse();
    out
}

/// The most resources of one program: ARM takes 800 in a template (azure-basics section 4), references are free.
const MAX_RESOURCES: usize = 4_000;

impl<'a> Checker<'a, '_> {
    /// Finds the resources that statements declare, loops unrolled, and gives each a slot.
    pub(crate) fn declare(
        &mut self,
        items: &'a [Stmt],
        env: &Env,
        parent: Option<ResourceId>,
        condition: &Conditions,
        keys: &str,
    ) -> Vec<(Arc<str>, ResourceId)> {
        let mut out = Vec::new();
        for stmt in items {
            match &stmt.kind {
                StmtKind::Entry(entry) => {
                    out.extend(self.declare_entry(stmt, entry, env, parent, condition, keys))
                }
                StmtKind::Resource(raw) if parent.is_none() => {
                    out.extend(self.declare_raw(stmt, raw, env, condition, keys));
                }
                StmtKind::If(choice) => {
                    let value = self.eval(&choice.condition, env, Expect::None);
                    let (then, otherwise) = self.branches(&value, condition);
                    if let Some(c) = then {
                        out.extend(self.declare(&choice.then.items, env, parent, &c, keys));
                    }
                    if let (Some(c), Some(block)) = (otherwise, &choice.otherwise) {
                        out.extend(self.declare(&block.items, env, parent, &c, keys));
                    }
                }
                StmtKind::For(each) if declares(&each.body) => {
                    for turn in self.turns_of(each, env, keys) {
                        self.declare_turn(&each.body.items, turn, parent, condition);
                    }
                }
                _ => {}
            }
        }
        out
    }

    /// The conditions under which the two branches of an `if` are deployed; nothing for one that is not taken.
    pub(crate) fn branches(
        &mut self,
        value: &Value,
        outer: &Conditions,
    ) -> (Option<Conditions>, Option<Conditions>) {
        match &value.kind {
            Kind::Bool(true) => (Some(outer.clone()), None),
            Kind::Bool(false) => (None, Some(outer.clone())),
            Kind::Unknown => (Some(outer.clone()), Some(outer.clone())),
            Kind::Deferred(..) if value.labels.secret.is_some() => {
                self.report(errors::secret_sink(value, "the condition of what is deployed", value.span));
                (None, None)
            }
            Kind::Deferred(expr, super::ty::Type::Bool | super::ty::Type::Any) => {
                let add =
                    |expr: arm::Expr| Some(Some(Arc::new(ConditionList { expr, outer: outer.clone() })));
                (add(expr.clone()), add(arm::Expr::call("not", vec![expr.clone()])))
            }
            _ => {
                self.report(errors::type_mismatch(value, "a bool", value.span));
                (None, None)
            }
        }
    }

    fn declare_entry(
        &mut self,
        stmt: &'a Stmt,
        entry: &'a Entry,
        env: &Env,
        parent: Option<ResourceId>,
        condition: &Conditions,
        keys: &str,
    ) -> Option<(Arc<str>, ResourceId)> {
        let kind = schema::resource_kind(&entry.keyword.text)?;
        let parent_keyword = parent.map(|p| self.keyword_of(p));
        if kind.parent != parent_keyword.as_deref() {
            return None;
        }
        let short = match &entry.label {
            Some(EntryLabel::Path(path)) => match path.as_slice() {
                [name] => name.text.clone(),
                _ => return None,
            },
            Some(EntryLabel::Str(text)) if parent.is_some() => text.as_text()?,
            _ => return None,
        };
        let label = entry.label.as_ref().map(EntryLabel::range).unwrap_or_default();
        let parent_existing = parent.and_then(|p| self.slots.get(p.0 as usize)).is_some_and(|s| s.existing);
        let existing = entry.existing.is_some() || env.instance != 0 || parent_existing;
        let span = env.span(entry.existing.unwrap_or(entry.keyword.range).cover(label));
        let slot = self.new_slot(
            Decl::Known(entry, kind),
            ResourceType::Known(kind),
            short.clone(),
            span,
            existing,
            env,
            parent,
            condition,
            keys,
        )?;
        if keys.is_empty() {
            self.slot_of.insert((env.instance, address(stmt)), slot);
        }
        if let Some(block) = &entry.block {
            self.declare(&block.items, env, Some(slot), condition, keys);
        }
        Some((short, slot))
    }

    fn declare_raw(
        &mut self,
        stmt: &'a Stmt,
        raw: &'a RawResource,
        env: &Env,
        condition: &Conditions,
        keys: &str,
    ) -> Option<(Arc<str>, ResourceId)> {
        let name = raw.name.as_ref()?;
        let written = raw.ty.as_ref()?;
        let Some(full) = written.as_text() else {
            self.report(errors::known_text_only("the type of a resource", env.span(written.range)));
            return None;
        };
        let ty = full.split('@').next().unwrap_or_default();
        let existing = raw.existing.is_some() || env.instance != 0;
        let span = env.span(name.range);
        let slot = self.new_slot(
            Decl::Raw(raw),
            ResourceType::Raw(ty.into()),
            name.text.clone(),
            span,
            existing,
            env,
            None,
            condition,
            keys,
        )?;
        if keys.is_empty() {
            self.slot_of.insert((env.instance, address(stmt)), slot);
        }
        Some((name.text.clone(), slot))
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one declaration")]
    fn new_slot(
        &mut self,
        decl: Decl<'a>,
        kind: ResourceType,
        short: Arc<str>,
        span: Span,
        existing: bool,
        env: &Env,
        parent: Option<ResourceId>,
        condition: &Conditions,
        keys: &str,
    ) -> Option<ResourceId> {
        if self.slots.len() >= MAX_RESOURCES {
            self.report(errors::too_many_resources(MAX_RESOURCES, span));
            return None;
        }
        let id = ResourceId(u32::try_from(self.slots.len()).unwrap_or(u32::MAX));
        self.slots.push(Slot {
            decl,
            kind,
            declared: format!("{short}{keys}").into(),
            short: short.clone(),
            span,
            existing,
            env: env.clone(),
            parent,
            children: Vec::new(),
            conditions: conditions(condition),
            head: None,
            state: State::Declared,
            used: env.instance == 0,
            fields: Arc::default(),
            resource: None,
        });
        if let Some(parent) = parent.and_then(|p| self.slots.get_mut(p.0 as usize)) {
            parent.children.push((short, id));
        }
        Some(id)
    }

    /// The handle of a resource that a file declares outside loops.
    pub(crate) fn resource_handle(
        &mut self,
        instance: usize,
        stmt: &'a Stmt,
        span: Span,
        used: Span,
    ) -> Value {
        match self.slot_of.get(&(instance, address(stmt))) {
            Some(id) => {
                let id = *id;
                if let Some(slot) = self.slots.get_mut(id.0 as usize) {
                    slot.used = true;
                }
                Value::new(Kind::Handle(Handle::Resource(id)), span)
            }
            None => {
                let is_resource = match &stmt.kind {
                    StmtKind::Entry(e) => {
                        schema::resource_kind(&e.keyword.text).is_some_and(|k| k.parent.is_none())
                    }
                    _ => true,
                };
                if used != span && is_resource {
                    self.report(errors::not_declared_here(used, span));
                }
                Value::unknown(span)
            }
        }
    }

    /// Evaluates every resource of the entry file, and those of other files that something refers to.
    pub(crate) fn force_all(&mut self) {
        let mut index = 0;
        let mut again = true;
        while again {
            again = false;
            while index < self.slots.len() {
                if self.slots.get(index).is_some_and(|s| s.used) {
                    self.force(ResourceId(u32::try_from(index).unwrap_or(u32::MAX)));
                }
                index += 1;
            }
            // Evaluating one may have made others needed.
            if let Some(next) = self.slots.iter().position(|s| s.used && s.state == State::Declared) {
                index = next;
                again = true;
            }
        }
    }

    /// Evaluates a resource unless that is done; a ring is reported.
    pub(crate) fn force(&mut self, id: ResourceId) {
        let Some(slot) = self.slots.get_mut(id.0 as usize) else { return };
        slot.used = true;
        match slot.state {
            State::Done => return,
            State::Open => {
                let (name, span) = (slot.declared.clone(), slot.span);
                let open: Vec<(Arc<str>, Span)> = self
                    .slots
                    .iter()
                    .filter(|s| s.state == State::Open && s.span != span)
                    .map(|s| (s.declared.clone(), s.span))
                    .collect();
                self.report(errors::resource_ring(&name, span, &open));
                return;
            }
            State::Declared => slot.state = State::Open,
        }
        if let Some(parent) = slot.parent {
            let parent_state = self.slots.get(parent.0 as usize).map(|s| s.state);
            if parent_state == Some(State::Declared) {
                self.force(parent);
            }
        }
        let Some((decl, env)) = self.slots.get(id.0 as usize).map(|s| (s.decl, s.env.clone())) else {
            return;
        };
        let resource = match decl {
            Decl::Known(entry, kind) => self.known_resource(id, entry, kind, &env),
            Decl::Raw(raw) => self.raw_resource(id, raw, &env),
        };
        if let Some(slot) = self.slots.get_mut(id.0 as usize) {
            slot.resource = Some(resource);
            slot.state = State::Done;
        }
    }

    pub(crate) fn keyword_of(&self, id: ResourceId) -> Arc<str> {
        self.slots.get(id.0 as usize).map(|s| Arc::from(s.kind.keyword())).unwrap_or_default()
    }

    pub(crate) fn declared_of(&self, id: ResourceId) -> Arc<str> {
        self.slots.get(id.0 as usize).map(|s| s.declared.clone()).unwrap_or_default()
    }

    pub(crate) fn span_of(&self, id: ResourceId) -> Span {
        self.slots.get(id.0 as usize).map(|s| s.span).unwrap_or_default()
    }

    pub(crate) fn children_of(&self, id: ResourceId) -> impl Iterator<Item = (Arc<str>, ResourceId)> + '_ {
        self.slots.get(id.0 as usize).into_iter().flat_map(|s| s.children.iter().cloned())
    }

    pub(crate) fn child_named(&mut self, id: ResourceId, name: &str) -> Option<ResourceId> {
        let child = self.children_of(id).find(|(n, _)| &**n == name).map(|(_, c)| c)?;
        if let Some(slot) = self.slots.get_mut(child.0 as usize) {
            slot.used = true;
        }
        Some(child)
    }

    /// The aib names of a resource's properties.
    pub(crate) fn property_names(&self, id: ResourceId) -> Vec<Arc<str>> {
        match self.slots.get(id.0 as usize).map(|s| s.decl) {
            Some(Decl::Known(_, kind)) => kind.body.props.iter().map(|p| Arc::from(p.name)).collect(),
            _ => Vec::new(),
        }
    }

    pub(crate) fn knows_property(&self, id: ResourceId, name: &str) -> bool {
        match self.slots.get(id.0 as usize).map(|s| s.decl) {
            Some(Decl::Known(_, kind)) => kind.body.prop(name).is_some(),
            _ => false,
        }
    }

    /// The author's view of a body: its fields, its entries as a field of their own.
    pub(crate) fn remember_fields(&mut self, id: ResourceId, body: &Body) {
        if let Some(slot) = self.slots.get_mut(id.0 as usize) {
            slot.fields = Arc::new(body.fields.clone());
        }
    }

    /// The types `type@version` of a raw resource.
    pub(crate) fn raw_version(&self, raw: &RawResource) -> Arc<str> {
        let full = raw.ty.as_ref().and_then(|t| t.as_text()).unwrap_or_default();
        full.split_once('@').map(|(_, v)| Arc::from(v)).unwrap_or_default()
    }
}

/// Whether a block declares resources, at any depth of loops and choices.
fn declares(block: &Block) -> bool {
    block.items.iter().any(|s| match &s.kind {
        StmtKind::Resource(_) => true,
        StmtKind::Entry(e) => e.label.is_some() && schema::resource_kind(&e.keyword.text).is_some(),
        StmtKind::If(c) => declares(&c.then) || c.otherwise.as_ref().is_some_and(declares),
        StmtKind::For(f) => declares(&f.body),
        _ => false,
    })
}
