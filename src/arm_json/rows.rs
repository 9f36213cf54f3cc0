//! The rows of the table read backwards: from members of ARM to properties.

use crate::base::Span;
use crate::schema::{ApiVersion, ObjectType, Prop, Role, Ty};

/// An object of the document that an object type describes; several may describe one (`build` lies over `properties`).
#[derive(Debug)]
pub(super) struct Instance {
    pub(super) ty: &'static ObjectType,
    /// Where to report what is missing.
    pub(super) place: Span,
    /// What is given, by aib name.
    pub(super) given: Vec<Given>,
    /// The objects in it that rows go through, with their keys: `properties`.
    pub(super) inner: Vec<(String, Span)>,
    /// What it is called in messages.
    pub(super) noun: String,
}

impl Instance {
    /// The key of the object in it that lacks a property, if that is there.
    pub(super) fn place_of(&self, prop: &Prop) -> Option<Span> {
        let (outer, _) = prop.arm.split_once('.')?;
        self.inner.iter().find(|(name, _)| name == outer).map(|(_, key)| *key)
    }
}

/// A property that is given.
#[derive(Clone, Copy, Debug)]
pub(super) struct Given {
    pub(super) prop: &'static str,
    /// Its key.
    pub(super) key: Span,
    /// Its value, if it is a truth value that is known.
    pub(super) is: Option<bool>,
    /// Whether it is surely there: an expression may come to nothing.
    pub(super) sure: bool,
}

/// A row that may still be met below an object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) prop: &'static Prop,
    /// The instance that it belongs to.
    pub(super) of: usize,
    /// The dotted path from the object to it.
    pub(super) rest: &'static str,
    /// Until when this spelling held, if it is an old one.
    pub(super) until: Option<ApiVersion>,
}

impl Row {
    /// The next member on the way to it.
    pub(super) fn first(&self) -> &'static str {
        self.rest.split('.').next().unwrap_or(self.rest)
    }

    /// The row as seen from that member; none if the member is what the row is about.
    pub(super) fn below(&self) -> Option<Self> {
        self.rest.split_once('.').map(|(_, rest)| Self { rest, ..*self })
    }
}

/// The rows of an object type, old spellings included.
pub(super) fn rows_of(ty: &'static ObjectType, of: usize) -> Vec<Row> {
    let mut out = Vec::new();
    for prop in ty.props {
        if prop.arm.is_empty() || !matches!(prop.role, Role::Member | Role::Script) {
            continue;
        }
        out.push(Row { prop, of, rest: prop.arm, until: None });
        out.extend(prop.legacy.iter().map(|old| Row { prop, of, rest: old.arm, until: Some(old.until) }));
    }
    out
}

/// The member that a property becomes: the last part of its path.
pub(super) fn member_of(prop: &Prop) -> &'static str {
    prop.arm.rsplit('.').next().unwrap_or(prop.arm)
}

/// The ARM name of a property of an object type, for messages.
pub(super) fn arm_name(ty: &ObjectType, name: &'static str) -> &'static str {
    match ty.prop(name) {
        Some(prop) if !prop.arm.is_empty() => member_of(prop),
        _ => name,
    }
}

/// A text of the table that speaks in aib names, with the names of ARM in their place.
pub(super) fn in_arm(text: &str, ty: &'static ObjectType) -> String {
    let mut out = String::with_capacity(text.len());
    for (index, part) in text.split('`').enumerate() {
        if index > 0 {
            out.push('`');
        }
        match (index % 2 == 1).then(|| spelled(part, ty)).flatten() {
            Some(name) => out.push_str(name),
            None => out.push_str(part),
        }
    }
    out
}

/// The ARM name of an aib property of an object, or of one in it.
fn spelled(word: &str, ty: &'static ObjectType) -> Option<&'static str> {
    let own = |ty: &'static ObjectType| ty.prop(word).filter(|p| !p.arm.is_empty()).map(member_of);
    own(ty).or_else(|| {
        ty.props.iter().find_map(|p| match p.ty {
            Ty::Object(inner) => own(inner),
            Ty::List(Ty::Object(inner)) => own(inner),
            _ => None,
        })
    })
}
