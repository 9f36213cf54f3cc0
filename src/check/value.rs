//! What expressions evaluate to: known values, values that only Azure knows, handles of resources.

use std::sync::Arc;

use indexmap::IndexMap;

use super::program::{Cause, Key, Labels, ResourceId, Secret};
use super::ty::Type;
use crate::arm;
use crate::base::Span;

/// A value with its labels and the place that made it.
#[derive(Clone, Debug)]
pub(crate) struct Value {
    pub(crate) kind: Kind,
    pub(crate) labels: Labels,
    pub(crate) span: Span,
    /// A resource that the value belongs to without being its handle: the account of a blob's URL.
    pub(crate) belongs_to: Option<ResourceId>,
    /// How large it is, written out: lists and objects share their parts, so a small program can make a huge value.
    pub(crate) extent: Extent,
}

/// How large a value is when it is written out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extent {
    /// Values in it, itself included; long texts count more.
    pub(crate) weight: u32,
    /// Levels of lists, objects and calls.
    pub(crate) depth: u32,
}

impl Extent {
    const ONE: Self = Self { weight: 1, depth: 1 };

    fn around(parts: impl Iterator<Item = Self>) -> Self {
        parts.fold(Self::ONE, |all, part| Self {
            weight: all.weight.saturating_add(part.weight),
            depth: all.depth.max(part.depth.saturating_add(1)),
        })
    }

    fn of(kind: &Kind) -> Self {
        match kind {
            Kind::Str(text) | Kind::Decimal(text) => Self::of_text(text),
            Kind::List(items) => Self::around(items.iter().map(|v| v.extent)),
            Kind::Object(fields) | Kind::Variant(_, fields) => {
                Self::around(fields.map.values().map(|f| f.value.extent))
            }
            Kind::Deferred(expr, _) => Self::of_expr(expr),
            _ => Self::ONE,
        }
    }

    fn of_text(text: &str) -> Self {
        Self { weight: u32::try_from(text.len() / 64).unwrap_or(u32::MAX).saturating_add(1), depth: 1 }
    }

    /// A shared value counts as one, since it is written as a variable.
    pub(crate) fn of_expr(expr: &arm::Expr) -> Self {
        match expr {
            arm::Expr::Str(text) => Self::of_text(text),
            arm::Expr::Call { args, .. } => Self::around(args.iter().map(Self::of_expr)),
            arm::Expr::Member { base, .. } => Self::around(std::iter::once(Self::of_expr(base))),
            arm::Expr::Index { base, index, .. } => {
                Self::around([Self::of_expr(base), Self::of_expr(index)].into_iter())
            }
            _ => Self::ONE,
        }
    }
}

/// The kinds of values.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// After a reported mistake, and the arguments of code that nothing calls. Absorbs everything in silence.
    Unknown,
    Null,
    Bool(bool),
    Int(i64),
    Decimal(Arc<str>),
    /// Seconds.
    Duration(u64),
    /// Gigabytes.
    Size(u64),
    Str(Arc<str>),
    List(Arc<Vec<Value>>),
    Object(Arc<Fields>),
    /// An ARM expression. Durations are whole minutes and sizes gigabytes in it.
    Deferred(arm::Expr, Type),
    Handle(Handle),
    /// A block with steps or targets.
    Body(Arc<super::body::Body>),
    /// `latest(major = 1)`, `platform_image(…)`, `existing("rg")`
    Variant(Arc<str>, Arc<Fields>),
    /// An imported module: an instance.
    Namespace(usize),
    /// A declared function or recipe, by its place in the checker's table.
    Callable(usize),
    /// A built-in function or namespace, by name.
    Builtin(&'static str),
}

/// The members of an object, with where their keys are written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields {
    pub(crate) map: IndexMap<FieldKey, Field>,
}

/// A key: text, or an ARM expression told apart by its printed form.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum FieldKey {
    Str(Arc<str>),
    Deferred(Arc<str>),
}

#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) key: Key,
    pub(crate) key_span: Span,
    pub(crate) value: Value,
}

/// A reference to a resource or to something in it.
#[derive(Clone, Debug)]
pub(crate) enum Handle {
    Resource(ResourceId),
    /// `prod.base.version("1.2.3")`
    Version {
        definition: ResourceId,
        version: Arc<Value>,
    },
    /// `web.output("name")`
    Output {
        image: ResourceId,
        name: Arc<str>,
    },
    /// `vault.secret("x", identity = id)`
    Secret {
        vault: ResourceId,
        name: Arc<str>,
        version: Option<Arc<str>>,
        identity: Option<ResourceId>,
    },
}

impl Fields {
    pub(crate) fn get(&self, name: &str) -> Option<&Field> {
        self.map.get(&FieldKey::Str(Arc::from(name)))
    }

    pub(crate) fn insert(&mut self, name: Arc<str>, key_span: Span, value: Value) -> Option<Field> {
        let field = Field { key: Key::Str(name.clone()), key_span, value };
        self.map.insert(FieldKey::Str(name), field)
    }

    pub(crate) fn insert_key(&mut self, key: Key, key_span: Span, value: Value) -> Option<Field> {
        let index = match &key {
            Key::Str(text) => FieldKey::Str(text.clone()),
            Key::Expr(expr) => FieldKey::Deferred(arm::print(expr, &|_| None).into()),
        };
        self.map.insert(index, Field { key, key_span, value })
    }

    /// The names that are known.
    pub(crate) fn names(&self) -> impl Iterator<Item = &Arc<str>> {
        self.map.keys().filter_map(|k| match k {
            FieldKey::Str(name) => Some(name),
            FieldKey::Deferred(_) => None,
        })
    }
}

impl Value {
    pub(crate) fn new(kind: Kind, span: Span) -> Self {
        let extent = Extent::of(&kind);
        Self { kind, labels: Labels::default(), span, belongs_to: None, extent }
    }

    pub(crate) fn unknown(span: Span) -> Self {
        Self::new(Kind::Unknown, span)
    }

    pub(crate) fn str(text: impl Into<Arc<str>>, span: Span) -> Self {
        Self::new(Kind::Str(text.into()), span)
    }

    pub(crate) fn list(items: Vec<Value>, span: Span) -> Self {
        let labels = items.iter().fold(Labels::default(), |l, v| l.join(&v.labels));
        // A list is not deferred because an element is: its length is known.
        Self { labels: Labels { deferred: None, ..labels }, ..Self::new(Kind::List(Arc::new(items)), span) }
    }

    pub(crate) fn object(fields: Fields, span: Span) -> Self {
        let labels = fields.map.values().fold(Labels::default(), |l, f| l.join(&f.value.labels));
        Self {
            labels: Labels { deferred: None, ..labels },
            ..Self::new(Kind::Object(Arc::new(fields)), span)
        }
    }

    pub(crate) fn deferred(expr: arm::Expr, ty: Type, labels: Labels, span: Span) -> Self {
        Self { labels, ..Self::new(Kind::Deferred(expr, ty), span) }
    }

    #[must_use]
    pub(crate) fn with_labels(mut self, labels: &Labels) -> Self {
        self.labels = self.labels.join(labels);
        self
    }

    #[must_use]
    pub(crate) fn at(mut self, span: Span) -> Self {
        self.span = span;
        self
    }

    /// The value and all in it as secrets; what is one already stays what it is.
    #[must_use]
    pub(crate) fn kept(mut self, source: &Arc<Secret>) -> Self {
        match &mut self.kind {
            Kind::Object(fields) => {
                for field in Arc::make_mut(fields).map.values_mut() {
                    field.value =
                        std::mem::replace(&mut field.value, Self::unknown(field.key_span)).kept(source);
                }
            }
            Kind::List(items) => {
                for item in Arc::make_mut(items) {
                    *item = std::mem::replace(item, Self::unknown(item.span)).kept(source);
                }
            }
            _ => {}
        }
        self.labels.secret.get_or_insert_with(|| Arc::clone(source));
        self
    }

    /// Adds a hop to the trail of a secret value.
    #[must_use]
    pub(crate) fn hop(mut self, what: impl FnOnce() -> String, span: Span) -> Self {
        if let Some(from) = self.labels.secret.take() {
            self.labels.secret = Some(Arc::new(Secret { what: what().into(), span, from: Some(from) }));
        }
        self
    }

    pub(crate) fn is_unknown(&self) -> bool {
        matches!(self.kind, Kind::Unknown)
    }

    pub(crate) fn as_str(&self) -> Option<&Arc<str>> {
        match &self.kind {
            Kind::Str(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_object(&self) -> Option<&Arc<Fields>> {
        match &self.kind {
            Kind::Object(fields) => Some(fields),
            _ => None,
        }
    }

    /// The cause that makes it deferred.
    pub(crate) fn cause(&self) -> Option<&Arc<Cause>> {
        self.labels.deferred.as_ref()
    }

    /// What it is, for messages: "a string", "an int known only at deployment".
    pub(crate) fn describe(&self) -> String {
        match &self.kind {
            Kind::Unknown => "something unknown".into(),
            Kind::Deferred(_, ty) => format!("{ty}, known only at deployment"),
            _ => self.type_of().to_string(),
        }
    }

    /// Its value as ARM has it, if everything in it is known. Durations are whole minutes, sizes gigabytes.
    pub(crate) fn to_arm(&self) -> Option<arm::Value> {
        Some(match &self.kind {
            Kind::Null => arm::Value::Null,
            Kind::Bool(b) => arm::Value::Bool(*b),
            Kind::Int(n) => arm::Value::Int(*n),
            Kind::Decimal(text) => arm::Value::Float(text.parse().ok()?),
            Kind::Duration(seconds) => arm::Value::Int(i64::try_from(seconds / 60).ok()?),
            Kind::Size(gb) => arm::Value::Int(i64::try_from(*gb).ok()?),
            Kind::Str(text) => arm::Value::Str(text.clone()),
            Kind::List(items) => arm::Value::Array(items.iter().map(Self::to_arm).collect::<Option<_>>()?),
            Kind::Object(fields) => {
                let mut map = IndexMap::new();
                for field in fields.map.values() {
                    let Key::Str(name) = &field.key else { return None };
                    map.insert(name.clone(), field.value.to_arm()?);
                }
                arm::Value::Object(map)
            }
            _ => return None,
        })
    }

    /// Its value as an ARM expression, if it has one.
    pub(crate) fn to_expr(&self) -> Option<arm::Expr> {
        if let Some(known) = self.to_arm() {
            return Some(arm::Expr::from_value(&known));
        }
        Some(match &self.kind {
            Kind::Deferred(expr, _) => expr.clone(),
            Kind::List(items) => {
                arm::Expr::call("createArray", items.iter().map(Self::to_expr).collect::<Option<_>>()?)
            }
            Kind::Object(fields) => {
                let mut args = Vec::new();
                for field in fields.map.values() {
                    args.push(match &field.key {
                        Key::Str(name) => arm::Expr::Str(name.clone()),
                        Key::Expr(expr) => expr.clone(),
                    });
                    args.push(field.value.to_expr()?);
                }
                arm::Expr::call("createObject", args)
            }
            _ => return None,
        })
    }

    /// A known ARM value as a value here.
    pub(crate) fn from_arm(value: &arm::Value, span: Span) -> Self {
        let kind = match value {
            arm::Value::Null => Kind::Null,
            arm::Value::Bool(b) => Kind::Bool(*b),
            arm::Value::Int(n) => Kind::Int(*n),
            arm::Value::Float(f) => Kind::Decimal(f.to_string().into()),
            arm::Value::Str(text) => Kind::Str(text.clone()),
            arm::Value::Array(items) => {
                Kind::List(Arc::new(items.iter().map(|v| Self::from_arm(v, span)).collect()))
            }
            arm::Value::Object(map) => {
                let mut fields = Fields::default();
                for (name, value) in map {
                    fields.insert(name.clone(), span, Self::from_arm(value, span));
                }
                Kind::Object(Arc::new(fields))
            }
        };
        Self::new(kind, span)
    }

    /// The narrowest type that describes it: known numbers and texts are their own types.
    pub(crate) fn exact_type(&self) -> Type {
        match &self.kind {
            Kind::Int(n) => Type::Int { min: Some(*n), max: Some(*n) },
            Kind::Str(text) => Type::Literals(Arc::from([text.clone()])),
            _ => self.type_of(),
        }
    }

    /// The type that describes it.
    pub(crate) fn type_of(&self) -> Type {
        match &self.kind {
            Kind::Unknown => Type::Unknown,
            Kind::Null => Type::Null,
            Kind::Bool(_) => Type::Bool,
            Kind::Int(_) => Type::INT,
            Kind::Decimal(_) => Type::Decimal,
            Kind::Duration(_) => Type::Duration,
            Kind::Size(_) => Type::Size,
            Kind::Str(_) => Type::STRING,
            Kind::List(items) => {
                let mut types = items.iter().map(Self::type_of);
                let first = types.next().unwrap_or(Type::Any);
                Type::List(Arc::new(if types.all(|t| t == first) { first } else { Type::Any }))
            }
            Kind::Object(_) => Type::Map(Arc::new(Type::Any)),
            Kind::Deferred(_, ty) => ty.clone(),
            Kind::Handle(Handle::Resource(_)) => Type::Handle("resource"),
            Kind::Handle(Handle::Version { .. }) => Type::Handle("gallery image version"),
            Kind::Handle(Handle::Output { .. }) => Type::Handle("image output"),
            Kind::Handle(Handle::Secret { .. }) => Type::Handle("secret_ref"),
            Kind::Body(_) => Type::Named("a block"),
            Kind::Variant(name, _) => Type::Variant(name.clone()),
            Kind::Namespace(_) => Type::Named("a module"),
            Kind::Callable(_) | Kind::Builtin(_) => Type::Named("a function"),
        }
    }
}

/// The labels of a deferred value.
pub(crate) fn deferred_by(what: impl Into<Arc<str>>, span: Span) -> Labels {
    Labels { secret: None, deferred: Some(Arc::new(Cause { what: what.into(), span })) }
}
