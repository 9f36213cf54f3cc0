//! References to resources: names, ids, and what stands behind a handle.

use std::sync::Arc;

use super::convert::Conversion;
use super::declare::{Decl, State};
use super::errors;
use super::module::Checker;
use super::program::{Kind as ResourceType, Node, NodeKind, Reference, ResourceId};
use super::ty::Type;
use super::value::{Handle, Kind, Value};
use crate::arm;
use crate::base::Span;
use crate::base::has_placeholder;
use crate::schema::{DefaultName, Prop};

impl Checker<'_, '_> {
    /// The name of a resource in Azure: what is written, else what follows from the declared name.
    pub(crate) fn resource_name(&mut self, id: ResourceId) -> Value {
        if self.naming.contains(&id) {
            let span = self.span_of(id);
            self.report(errors::resource_ring(&self.declared_of(id), span, &[]));
            return Value::unknown(span);
        }
        let head = self.head_of(id);
        if let Some(name) = &head.name
            && !matches!(name.kind, Kind::Null)
        {
            return name.clone();
        }
        if let Some(written) = &head.id {
            let is_id = written.as_str().is_none_or(|text| text.starts_with('/') || has_placeholder(text));
            // What is no id has no name in it, as is said where the id is looked at.
            return if is_id { self.last_segment(&written.clone()) } else { Value::unknown(written.span) };
        }
        let Some(slot) = self.slots.get(id.0 as usize) else { return Value::unknown(Span::default()) };
        let (short, span) = (slot.short.clone(), slot.span);
        let default = match &slot.kind {
            ResourceType::Known(kind) => kind.default_name,
            ResourceType::Raw(_) => DefaultName::AsDeclared,
        };
        match default {
            DefaultName::AsDeclared => Value::str(short, span),
            // That it is missing is said where the resource is put together.
            DefaultName::Required => Value::unknown(span),
            DefaultName::Hyphens => Value::str(short.replace('_', "-"), span),
        }
    }

    /// The name that an id ends in.
    fn last_segment(&mut self, id: &Value) -> Value {
        match &id.kind {
            Kind::Str(text) => {
                let name = text.rsplit('/').next().unwrap_or_default();
                Value::str(name, id.span).with_labels(&id.labels)
            }
            Kind::Deferred(..) => {
                let parts = self.arm_call(
                    "split",
                    &[id.clone(), Value::str("/", id.span)],
                    Type::List(Arc::new(Type::STRING)),
                    id.span,
                );
                self.arm_call("last", &[parts], Type::STRING, id.span)
            }
            _ => Value::unknown(id.span),
        }
    }

    /// The API version that a resource is written or read with.
    pub(crate) fn api_version_of(&mut self, id: ResourceId) -> Arc<str> {
        let head = self.head_of(id);
        if let Some(text) = head.api_version.as_ref().and_then(Value::as_str) {
            return text.clone();
        }
        match self.slots.get(id.0 as usize).map(|s| s.decl) {
            Some(Decl::Known(_, kind)) => kind.default_version.0.into(),
            Some(Decl::Raw(raw)) => self.raw_version(raw),
            None => Arc::default(),
        }
    }

    /// The id behind a handle.
    pub(crate) fn handle_id(&mut self, handle: &Handle, span: Span) -> Value {
        match handle {
            Handle::Resource(id) => self.resource_id(*id, span),
            Handle::Version { definition, version } => {
                let base = self.resource_id(*definition, span);
                let base = Value { belongs_to: Some(*definition), ..base };
                self.append(base, "/versions/", version, span)
            }
            Handle::Output { image, .. } => {
                let image = *image;
                match self.image_source(image, Some(handle), span) {
                    Some((definition, version)) => {
                        let base = self.resource_id(definition, span);
                        self.append(base, "/versions/", &version, span)
                    }
                    None => Value::unknown(span),
                }
            }
            Handle::Secret { .. } => {
                self.report(errors::secret_reference_as_value(span));
                Value::unknown(span)
            }
        }
    }

    fn append(&mut self, base: Value, between: &str, tail: &Value, span: Span) -> Value {
        let labels = base.labels.join(&tail.labels);
        let belongs_to = base.belongs_to;
        let (Some(a), Some(b)) = (self.text_of(base), self.text_of(tail.clone())) else {
            return Value::unknown(span);
        };
        let part = |t: Result<Arc<str>, arm::Expr>| t.map_or_else(|e| e, arm::Expr::Str);
        let value = match arm::interpolate(vec![part(a), arm::Expr::Str(between.into()), part(b)]) {
            arm::Expr::Str(text) => Value::str(text, span).with_labels(&labels),
            expr => Value::deferred(expr, Type::STRING, labels, span),
        };
        Value { belongs_to, ..value }
    }

    /// The id of a resource: as written, or `resourceId(…)`, folded where everything in it is known.
    fn resource_id(&mut self, id: ResourceId, span: Span) -> Value {
        if let Some(slot) = self.slots.get_mut(id.0 as usize) {
            slot.used = true;
        }
        let head = self.head_of(id);
        if let Some(written) = &head.id {
            let value = written.clone().at(span);
            return Value { belongs_to: Some(id), ..value };
        }
        let Some(slot) = self.slots.get(id.0 as usize) else { return Value::unknown(span) };
        let parent = slot.parent;
        let arm_type = slot.kind.arm_type().to_string();
        if let Some(parent) = parent
            && self.head_of(parent).id.is_some()
        {
            let base = self.resource_id(parent, span);
            let name = self.resource_name(id);
            let segment = arm_type.rsplit('/').next().unwrap_or_default().to_string();
            let value = self.append(base, &format!("/{segment}/"), &name, span);
            return Value { belongs_to: Some(id), ..value };
        }
        let mut names = Vec::new();
        let mut at = Some(id);
        let mut root = head.clone();
        while let Some(one) = at {
            names.push(self.resource_name(one));
            root = self.head_of(one);
            at = self.slots.get(one.0 as usize).and_then(|s| s.parent);
        }
        if let Some(vnet) = &root.vnet {
            names.push(vnet.clone());
        }
        names.reverse();
        let names = self.split_name(names, &arm_type);
        let value =
            self.id_of_parts(&arm_type, &names, root.group.as_ref(), root.subscription.as_ref(), span);
        Value { belongs_to: Some(id), ..value }
    }

    /// `resourceId([subscription,] [group,] type, names…)`
    fn id_of_parts(
        &mut self,
        arm_type: &str,
        names: &[Value],
        group: Option<&Value>,
        subscription: Option<&Value>,
        span: Span,
    ) -> Value {
        let known = |v: &Value| v.as_str().cloned();
        let all: Option<Vec<Arc<str>>> = names.iter().map(known).collect();
        if let (Some(names), Some(group), Some(subscription)) =
            (&all, group.and_then(known), subscription.and_then(known))
        {
            let mut types = arm_type.split('/');
            let provider = types.next().unwrap_or_default();
            let mut text =
                format!("/subscriptions/{subscription}/resourceGroups/{group}/providers/{provider}");
            for (ty, name) in types.zip(names) {
                text.push_str(&format!("/{ty}/{name}"));
            }
            return Value::str(text, span);
        }
        let mut labels =
            super::value::deferred_by("the id of a resource, which holds the subscription", span);
        let mut args = Vec::new();
        for value in subscription
            .into_iter()
            .chain(group)
            .chain(std::iter::once(&Value::str(arm_type, span)))
            .chain(names)
        {
            labels = value.labels.join(&labels);
            match self.text_of(value.clone()) {
                Some(Ok(text)) => args.push(arm::Expr::Str(text)),
                Some(Err(expr)) => args.push(expr),
                None => return Value::unknown(span),
            }
        }
        Value::deferred(arm::Expr::call("resourceId", args), Type::STRING, labels, span)
    }

    /// One name for each segment of a type: a child whose parent is not declared has the names of both, with slashes between.
    fn split_name(&self, names: Vec<Value>, arm_type: &str) -> Vec<Value> {
        let wanted = arm_type.matches('/').count();
        let [whole] = names.as_slice() else { return names };
        if wanted < 2 {
            return names;
        }
        let found: Vec<Value> = match &whole.kind {
            Kind::Str(text) => {
                text.split('/').map(|part| Value::str(part, whole.span).with_labels(&whole.labels)).collect()
            }
            Kind::Deferred(expr, _) => {
                let parts = self.slashed(expr).filter(|parts| parts.len() == wanted);
                let parts =
                    parts.unwrap_or_else(|| (0i64..).take(wanted).map(|at| part_of(expr, at)).collect());
                let one = |part| match part {
                    arm::Expr::Str(text) => Value::str(text, whole.span).with_labels(&whole.labels),
                    expr => Value::deferred(expr, Type::STRING, whole.labels.clone(), whole.span),
                };
                parts.into_iter().map(one).collect()
            }
            _ => return names,
        };
        // What has too few or too many names is no name of this type, as Azure says.
        if found.len() == wanted { found } else { names }
    }

    /// What stands between the slashes in the known parts of a text.
    fn slashed(&self, expr: &arm::Expr) -> Option<Vec<arm::Expr>> {
        let (pattern, args) = match expr {
            arm::Expr::Shared { expr, .. } => return self.slashed(expr),
            arm::Expr::Call { name, args } if &**name == "format" => match args.split_first()? {
                (arm::Expr::Str(pattern), args) => (pattern, args),
                _ => return None,
            },
            _ => return None,
        };
        let mut out = vec![Vec::new()];
        for piece in arm::format_pieces(pattern)? {
            match piece {
                arm::Piece::Hole(at) => out.last_mut()?.push(args.get(at)?.clone()),
                arm::Piece::Text(text) => {
                    for (at, part) in text.split('/').enumerate() {
                        if at > 0 {
                            out.push(Vec::new());
                        }
                        if !part.is_empty() {
                            out.last_mut()?.push(arm::Expr::str(part));
                        }
                    }
                }
            }
        }
        // A parameter that is text is its own text.
        let one = |mut parts: Vec<arm::Expr>| match parts.as_slice() {
            [only] if self.params.is_text(only) => parts.pop().unwrap_or_else(|| arm::Expr::str("")),
            _ => arm::interpolate(parts),
        };
        Some(out.into_iter().map(one).collect())
    }

    /// Whether two handles mean the same.
    pub(crate) fn same_handle(&mut self, a: &Handle, b: &Handle) -> bool {
        match (a, b) {
            (Handle::Resource(a), Handle::Resource(b)) => a == b,
            (Handle::Output { image: a, name: m }, Handle::Output { image: b, name: n }) => a == b && m == n,
            (
                Handle::Version { definition: a, version: v },
                Handle::Version { definition: b, version: w },
            ) => a == b && v.as_str().is_some() && v.as_str() == w.as_str(),
            _ => false,
        }
    }

    /// The definition and version that an image used as a source stands for: its one gallery output, latest.
    pub(crate) fn image_source(
        &mut self,
        image: ResourceId,
        handle: Option<&Handle>,
        span: Span,
    ) -> Option<(ResourceId, Value)> {
        self.force(image);
        let slot = self.slots.get(image.0 as usize)?;
        if slot.state != State::Done {
            return None; // A ring, which was reported.
        }
        let name = slot.declared.clone();
        let declared_at = slot.span;
        let resource = slot.resource.as_ref()?;
        let wanted = match handle {
            Some(Handle::Output { name, .. }) => Some(name.clone()),
            _ => None,
        };
        let mut found: Vec<(Arc<str>, ResourceId, Option<Arc<str>>)> = Vec::new();
        let mut names: Vec<Arc<str>> = Vec::new();
        let mut broken = false;
        for target in resource.targets() {
            broken |= target.get("galleryImageId").is_some_and(|n| matches!(n.kind, NodeKind::Invalid));
            let output = target.get("runOutputName").and_then(Node::as_str).cloned().unwrap_or_default();
            names.push(output.clone());
            if let Some(reference) = target.get("galleryImageId").and_then(|n| n.reference.as_ref()) {
                found.push((output, reference.target, reference.version.clone()));
            }
        }
        if let Some(wanted) = wanted {
            found.retain(|(output, _, _)| *output == wanted);
            if found.is_empty() {
                self.report(errors::no_such_output(&wanted, &name, span, &names));
                return None;
            }
        }
        match found.as_slice() {
            [(_, definition, version)] => {
                let version = version.clone().unwrap_or_else(|| "latest".into());
                Some((*definition, Value::str(version, span)))
            }
            [] if broken => None,
            [] => {
                self.report(errors::image_without_gallery(&name, span, declared_at));
                None
            }
            many => {
                let outputs: Vec<Arc<str>> = many.iter().map(|(o, _, _)| o.clone()).collect();
                self.report(errors::several_outputs(&name, span, &outputs));
                None
            }
        }
    }

    /// An id where the table expects one of these kinds.
    pub(crate) fn id_node(
        &mut self,
        c: &mut Conversion,
        value: &Value,
        kinds: &'static [&'static str],
        prop: &'static Prop,
    ) -> Option<Node> {
        match &value.kind {
            Kind::Handle(handle) => {
                let handle = handle.clone();
                let (target, version) = match &handle {
                    Handle::Resource(id) => (*id, None),
                    Handle::Version { definition, version } => (*definition, version.as_str().cloned()),
                    Handle::Output { .. } | Handle::Secret { .. } => {
                        return self.mismatch(c, value, &errors::words_of_kinds(kinds), prop);
                    }
                };
                let keyword = self.keyword_of(target);
                if !kinds.contains(&&*keyword) {
                    let d = errors::wrong_kind(
                        prop,
                        &self.declared_of(target),
                        &keyword,
                        kinds,
                        value.span,
                        self.span_of(target),
                    );
                    self.complain(c, d);
                    return None;
                }
                let id = self.handle_id(&handle, value.span).with_labels(&value.labels);
                if id.is_unknown() {
                    return None;
                }
                let mut node = self.plain_node(&id);
                node.origin = super::program::Origin { span: value.span, via: c.via.clone() };
                node.reference = Some(Reference { version, ..Reference::to(target) });
                Some(node)
            }
            Kind::Str(text) => self.id_text(c, text, value, kinds, prop),
            Kind::Deferred(expr, ty)
                if kinds.contains(&"managed_image") && ty.is_text() && is_made_name(expr) =>
            {
                let kind = crate::schema::resource_kind("managed_image")?;
                let id = self.id_of_parts(kind.arm_type, std::slice::from_ref(value), None, None, value.span);
                let mut node = self.plain_node(&id);
                node.origin = super::program::Origin { span: value.span, via: c.via.clone() };
                Some(node)
            }
            Kind::Deferred(expr, ty) if ty.is_text() || *ty == Type::Any => {
                let mut node = self.labelled(c, NodeKind::Expr(expr.clone()), value);
                node.reference = value.belongs_to.map(Reference::to);
                Some(node)
            }
            _ => self.mismatch(c, value, &errors::words_of_kinds(kinds), prop),
        }
    }

    fn id_text(
        &mut self,
        c: &mut Conversion,
        text: &Arc<str>,
        value: &Value,
        kinds: &'static [&'static str],
        prop: &'static Prop,
    ) -> Option<Node> {
        if !text.contains('/') && !has_placeholder(text) && kinds.contains(&"managed_image") {
            let kind = crate::schema::resource_kind("managed_image")?;
            if !kind.name.accepts(text) {
                let d = errors::bad_name(text, &kind.name, "managed image", value.span);
                self.complain(c, d);
                return None;
            }
            let id = self.id_of_parts(kind.arm_type, std::slice::from_ref(value), None, None, value.span);
            let mut node = self.plain_node(&id);
            node.origin = super::program::Origin { span: value.span, via: c.via.clone() };
            return Some(node);
        }
        if let Some(d) = errors::bad_id(text, kinds, prop, value.span) {
            self.complain(c, d);
            return None;
        }
        Some(self.labelled(c, NodeKind::Str(text.clone()), value))
    }
}

/// `split(name, '/')[at]`
fn part_of(expr: &arm::Expr, at: i64) -> arm::Expr {
    arm::Expr::call("split", vec![expr.clone(), arm::Expr::str("/")]).index(arm::Expr::Int(at))
}

/// Whether a text known only to Azure is surely a name and no id: it begins with text that has no `/`. What begins
/// with the value of a parameter may be either, and is passed on as it is.
fn is_made_name(expr: &arm::Expr) -> bool {
    match expr {
        arm::Expr::Shared { expr, .. } => is_made_name(expr),
        arm::Expr::Call { name, args } if &**name == "format" => match args.first() {
            Some(arm::Expr::Str(pattern)) => !pattern.contains('/') && !pattern.starts_with('{'),
            _ => false,
        },
        _ => false,
    }
}
