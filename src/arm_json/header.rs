//! What each resource of a document is, before its body is read: type, names, parent.

use std::collections::HashMap;
use std::sync::Arc;

use super::errors;
use super::find::{Found, is_truncated};
use super::ids::Target;
use super::scope::{At, Scopes};
use crate::base::Span;
use crate::check::{Kind, ResourceId};
use crate::schema::{IMAGE, resource_kind_by_arm};

/// What a resource is, before its body is read.
pub(super) struct Header {
    pub(super) kind: Kind,
    pub(super) target: Option<Target>,
    pub(super) parent: Option<ResourceId>,
    /// Its name as it is written, or its symbolic name.
    pub(super) shown: Arc<str>,
    /// Where it is named, for findings about all of it.
    pub(super) span: Span,
}

impl Header {
    pub(super) fn all<'a>(found: &[Found<'a>], scopes: &Scopes<'a>) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::with_capacity(found.len());
        for one in found {
            let outer = one.parent.and_then(|id| all.get(id));
            let header = Self::of(one, outer, scopes);
            all.push(header);
        }
        let mut ids: HashMap<Target, ResourceId> = HashMap::new();
        for (id, header) in (0u32..).map(ResourceId).zip(&all) {
            if let Some(target) = &header.target {
                ids.entry(target.clone()).or_insert(id);
            }
        }
        for (header, one) in all.iter_mut().zip(found) {
            let nested = one.parent.and_then(|id| u32::try_from(id).ok()).map(ResourceId);
            header.parent = nested.or_else(|| ids.get(&parent_of(header.target.as_ref()?)?).copied());
        }
        all
    }

    fn of<'a>(found: &Found<'a>, outer: Option<&Self>, scopes: &Scopes<'a>) -> Self {
        let ty = match found.text("type") {
            Some(ty) if is_truncated(ty) => IMAGE.arm_type.to_owned(),
            Some(ty) => match outer.and_then(|o| o.target.as_ref()) {
                // A nested resource says only the last part of its type.
                Some(outer) if !ty.contains('/') => format!("{}/{ty}", outer.ty),
                _ => ty.to_owned(),
            },
            None if found.in_template => String::new(),
            None => IMAGE.arm_type.to_owned(),
        };
        let kind = match resource_kind_by_arm(&ty) {
            Some(kind) => Kind::Known(kind),
            None => Kind::Raw(ty.as_str().into()),
        };
        let name = found.member("name");
        let names = name.and_then(|m| scopes.segments(At { value: &m.value, scope: found.scope }));
        let target = names.map(|own| {
            let outer = outer.and_then(|o| o.target.as_ref()).filter(|_| own.len() == 1);
            let names = outer.map(|o| o.names.clone()).unwrap_or_default().into_iter().chain(own).collect();
            Target { ty: ty.to_lowercase(), names }
        });
        let parts = ty.split('/').count().saturating_sub(1);
        let written = name.and_then(|m| m.value.as_text()).map(errors::short);
        let place = name.map(|m| m.value.range).or(found.member("type").map(|m| m.value.range));
        let place = place.unwrap_or(crate::base::TextRange::new(
            found.range.start as usize,
            found.range.start as usize + 1,
        ));
        Self {
            kind,
            target: target.filter(|t| t.names.len() == parts),
            parent: None,
            shown: found.symbol.map(str::to_owned).or(written).unwrap_or_default().into(),
            span: scopes.span(place),
        }
    }
}

/// What the last part of a target lies in.
fn parent_of(target: &Target) -> Option<Target> {
    let (ty, _) = target.ty.rsplit_once('/').filter(|(ty, _)| ty.contains('/'))?;
    let names = target.names.split_last().map(|(_, rest)| rest.to_vec())?;
    Some(Target { ty: ty.to_owned(), names })
}

/// "the image `web`", for messages.
pub(super) fn what(header: &Header) -> String {
    let noun = header.kind.keyword().replace('_', " ");
    let noun = if noun == "image" { "image template".to_owned() } else { noun };
    if header.shown.is_empty() { format!("the {noun}") } else { format!("the {noun} `{}`", header.shown) }
}
