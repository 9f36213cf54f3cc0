//! Values in the shape of ARM, where they came from and what rides on them.

use std::sync::Arc;

use super::ResourceId;
use crate::arm;
use crate::base::Span;
use crate::schema::{ObjectType, Prop, Role, Variant};

/// A value in the shape of ARM.
#[derive(Clone, Debug)]
pub struct Node {
    /// The value.
    pub kind: NodeKind,
    /// Where it came from.
    pub origin: Origin,
    /// What rides on it.
    pub labels: Labels,
    /// The resource whose id it is, if it is one.
    pub reference: Option<Reference>,
}

/// The kinds of values.
#[derive(Clone, Debug)]
pub enum NodeKind {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number.
    Int(i64),
    /// A decimal number, as written.
    Decimal(Arc<str>),
    /// Text that is known, not yet escaped for ARM.
    Str(Arc<str>),
    /// What only Azure knows.
    Expr(arm::Expr),
    /// A list.
    List(Vec<Node>),
    /// An object.
    Object(Object),
    /// Something that was reported as wrong; never emitted.
    Invalid,
}

/// An object in the shape of ARM.
#[derive(Clone, Debug, Default)]
pub struct Object {
    /// The row of the table, where the table knows it.
    pub ty: Option<&'static ObjectType>,
    /// The variant, if it is one of a union.
    pub variant: Option<&'static Variant>,
    /// The members, in the order of emission.
    pub members: Vec<Member>,
    /// What is written but not emitted: facts, capabilities, variables; under aib names.
    pub hidden: Vec<Member>,
}

/// A member of an object.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its ARM name.
    pub key: Key,
    /// Where the name is written.
    pub key_origin: Origin,
    /// The row of the table.
    pub prop: Option<&'static Prop>,
    /// Its value.
    pub value: Node,
}

/// A member's name.
#[derive(Clone, PartialEq, Debug)]
pub enum Key {
    /// Known; not yet escaped for ARM.
    Str(Arc<str>),
    /// Known only to Azure: `[parameters('x')]` as a key.
    Expr(arm::Expr),
}

/// The resource that an id points to.
#[derive(Clone, PartialEq, Debug)]
pub struct Reference {
    /// The resource.
    pub target: ResourceId,
    /// The version of a gallery image, if the id goes on with one: `latest`, `1.2.3`.
    pub version: Option<Arc<str>>,
    /// The image whose output it is, where the author names that.
    pub made_by: Option<ResourceId>,
}

impl Reference {
    /// A reference to the resource itself.
    pub fn to(target: ResourceId) -> Self {
        Self { target, version: None, made_by: None }
    }
}

/// Where something came from: its place in a file, and through which uses of recipes and loops.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The place.
    pub span: Span,
    /// The innermost use that brought it here.
    pub via: Option<Arc<Via>>,
}

/// A step on the way from a declaration to where its content ends up.
#[derive(Debug)]
pub struct Via {
    /// What was used: "`linux.docker` is used here".
    pub what: Arc<str>,
    /// Where.
    pub span: Span,
    /// The use around it.
    pub outer: Option<Arc<Via>>,
}

/// What rides on a value besides its type.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    /// Set if the value is secret, with the hops from its source.
    pub secret: Option<Arc<Secret>>,
    /// Set if the value is known only when Azure deploys, with what made it so.
    pub deferred: Option<Arc<Cause>>,
}

/// How a secret got somewhere.
#[derive(Debug)]
pub struct Secret {
    /// What this hop is: "parameter `token` is secret", "`connection` is made from it".
    pub what: Arc<str>,
    /// Where.
    pub span: Span,
    /// The hop before it.
    pub from: Option<Arc<Secret>>,
}

/// What made a value deferred.
#[derive(Debug)]
pub struct Cause {
    /// "parameter `env`".
    pub what: Arc<str>,
    /// Where it is declared or used.
    pub span: Span,
}

impl From<Span> for Origin {
    fn from(span: Span) -> Self {
        Self { span, via: None }
    }
}

impl Labels {
    /// The labels of something made from both.
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        Self {
            secret: self.secret.clone().or_else(|| other.secret.clone()),
            deferred: self.deferred.clone().or_else(|| other.deferred.clone()),
        }
    }
}

impl Node {
    /// A node without labels.
    pub fn new(kind: NodeKind, origin: Origin) -> Self {
        Self { kind, origin, labels: Labels::default(), reference: None }
    }
    /// Known text.
    pub fn str(text: impl Into<Arc<str>>, origin: Origin) -> Self {
        Self::new(NodeKind::Str(text.into()), origin)
    }
    /// The text, if it is known.
    pub fn as_str(&self) -> Option<&Arc<str>> {
        match &self.kind {
            NodeKind::Str(text) => Some(text),
            _ => None,
        }
    }
    /// The number, if it is known.
    pub fn as_int(&self) -> Option<i64> {
        match self.kind {
            NodeKind::Int(n) => Some(n),
            _ => None,
        }
    }
    /// The truth value, if it is known.
    pub fn as_bool(&self) -> Option<bool> {
        match self.kind {
            NodeKind::Bool(b) => Some(b),
            _ => None,
        }
    }
    /// The elements, if it is a list.
    pub fn as_list(&self) -> Option<&[Node]> {
        match &self.kind {
            NodeKind::List(items) => Some(items),
            _ => None,
        }
    }
    /// The object, if it is one.
    pub fn as_object(&self) -> Option<&Object> {
        match &self.kind {
            NodeKind::Object(object) => Some(object),
            _ => None,
        }
    }
    /// The member of an object.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_object()?.get(key)
    }
    /// The node at a dotted path of members: `properties.vmProfile.vmSize`.
    pub fn at(&self, path: &str) -> Option<&Node> {
        path.split('.').try_fold(self, |node, key| node.get(key))
    }
    /// Whether two values are written the same, wherever they came from.
    pub fn same_as(&self, other: &Self) -> bool {
        match (&self.kind, &other.kind) {
            (NodeKind::Null, NodeKind::Null) => true,
            (NodeKind::Bool(a), NodeKind::Bool(b)) => a == b,
            (NodeKind::Int(a), NodeKind::Int(b)) => a == b,
            (NodeKind::Decimal(a), NodeKind::Decimal(b)) | (NodeKind::Str(a), NodeKind::Str(b)) => a == b,
            (NodeKind::Expr(a), NodeKind::Expr(b)) => a == b,
            (NodeKind::List(a), NodeKind::List(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same_as(b))
            }
            (NodeKind::Object(a), NodeKind::Object(b)) => {
                a.members.len() == b.members.len()
                    && a.members
                        .iter()
                        .zip(&b.members)
                        .all(|(a, b)| a.key == b.key && a.value.same_as(&b.value))
            }
            _ => false,
        }
    }
    /// Calls `f` for this node and all below it, parents first.
    pub fn walk<'a>(&'a self, f: &mut dyn FnMut(&'a Node)) {
        f(self);
        match &self.kind {
            NodeKind::List(items) => items.iter().for_each(|n| n.walk(f)),
            NodeKind::Object(object) => object.members.iter().for_each(|m| m.value.walk(f)),
            _ => {}
        }
    }
}

impl Object {
    /// The value of a member.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.member(key).map(|m| &m.value)
    }
    /// A member.
    pub fn member(&self, key: &str) -> Option<&Member> {
        self.members.iter().find(|m| matches!(&m.key, Key::Str(k) if &**k == key))
    }
    /// What is written for a role but not emitted.
    pub fn hidden(&self, role: Role) -> Option<&Node> {
        self.hidden.iter().find(|m| m.prop.is_some_and(|p| p.role == role)).map(|m| &m.value)
    }
}
