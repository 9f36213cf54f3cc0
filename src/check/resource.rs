//! Resources of the known kinds, from their bodies.

use super::body::{Around, Body};
use super::convert::{Conversion, Pinned};
use super::declare::Decl;
use super::errors;
use super::module::{Checker, Env};
use super::program::{
    Key, Kind as ResourceType, Member, Node, NodeKind, Object, Origin, Resource, ResourceId,
};
use super::tree::merge;
use super::ty::Type;
use super::value::{Fields, Handle, Kind, Value};
use crate::arm;
use crate::base::{Span, has_placeholder};
use crate::diag::Diagnostic;
use crate::schema::{ApiVersion, Prop, ResourceKind, Role};
use crate::syntax::ast::{Entry, Stmt};

/// How many characters `content_hash()` gives.
const HASH_LENGTH: usize = 8;

impl<'a> Checker<'a, '_> {
    /// Evaluates and converts a resource of a known kind.
    pub(crate) fn known_resource(
        &mut self,
        id: ResourceId,
        entry: &'a Entry,
        kind: &'static ResourceKind,
        env: &Env,
    ) -> Resource {
        let existing = self.slots.get(id.0 as usize).is_some_and(|s| s.existing);
        let span = self.span_of(id);
        let written_existing = entry.existing.is_some() || self.parent_existing(id);
        let reference: &'static [Prop] = if written_existing { kind.reference } else { &[] };
        let around = Around { ty: kind.body, root: Some(kind), reference, entries_only: false };
        let items: &'a [Stmt] = entry.block.as_ref().map_or(&[], |b| &b.items);
        let body = self.eval_body(items, around, env);
        self.remember_fields(id, &body);
        self.check_head(id, kind, &body, written_existing);
        let (version, pinned) = self.version_of(id, kind, &body);
        let envelope = self.envelope_of(&body.fields);
        let mut c = Conversion {
            owner: id,
            what: format!("the {} `{}`", kind.keyword, self.declared_of(id)),
            version,
            pinned,
            partial: existing,
            via: None,
            location: None,
            outputs: Vec::new(),
        };
        let mut fields = body.fields.clone();
        for prop in reference {
            fields.map.shift_remove(&super::value::FieldKey::Str(prop.name.into()));
        }
        c.location = self.location_of(&mut c, &fields, kind);
        let mut object = self.object(&mut c, &fields, kind.body, span);
        self.merge_raw(&mut object);
        if kind.needs_properties && !existing && object.get("properties").is_none() {
            let origin = Origin::from(span);
            let empty = Node::new(NodeKind::Object(Object::default()), origin.clone());
            let key = Key::Str("properties".into());
            object.members.push(Member { key, key_origin: origin, prop: None, value: empty });
        }
        if let Some((_, at)) = self.staging_exists.iter().find(|(owner, _)| *owner == id) {
            object.hidden.push(Member {
                key: Key::Str("staging_group_exists".into()),
                key_origin: Origin::from(*at),
                prop: None,
                value: Node::new(NodeKind::Bool(true), Origin::from(*at)),
            });
        }
        let name = self.name_node(&mut c, id, kind);
        let facts = self.facts_of(kind, &fields, (!written_existing).then_some(span));
        let depends_on = self.dependencies(&fields);
        let keep = |key: &str| !matches!(key, "name" | "type" | "apiVersion");
        object.members.retain(|m| !matches!(&m.key, Key::Str(k) if !keep(k)));
        let condition = self.condition_of(id);
        let id_value = self.handle_id(&Handle::Resource(id), span);
        let head = self.head_of(id);
        Resource {
            kind: ResourceType::Known(kind),
            declared: self.declared_of(id),
            existing,
            imported: existing && !written_existing,
            api_version: c.version.0.into(),
            name,
            parent: self.slots.get(id.0 as usize).and_then(|s| s.parent),
            id: self.plain_node(&id_value),
            group: head.group.clone().map(|v| self.plain_node(&v)),
            subscription: head.subscription.clone().map(|v| self.plain_node(&v)),
            condition,
            body: Node::new(NodeKind::Object(object), Origin::from(span)),
            envelope,
            listed: written_existing && env.instance == 0 && head.api_version.is_some(),
            network: head.vnet.clone().map(|v| self.plain_node(&v)),
            unnamed: body.fields.get("name").is_some_and(|f| matches!(f.value.kind, Kind::Null)),
            facts,
            depends_on,
            waits_for_more: false,
            span,
        }
    }

    /// What is merged into the resource itself: `envelope`, and an API version that only Azure knows.
    pub(super) fn envelope_of(&mut self, fields: &Fields) -> Object {
        let mut out = Object::default();
        // The last two are how a resource of any other type says them.
        for (name, arm) in [("api_version", "apiVersion"), ("apiVersion", "apiVersion"), ("type", "type")] {
            let Some(field) = fields.get(name) else { continue };
            if name != "api_version" || matches!(field.value.kind, Kind::Deferred(..)) {
                let key_origin = Origin::from(field.key_span);
                let value = self.plain_node(&field.value);
                out.members.push(Member { key: Key::Str(arm.into()), key_origin, prop: None, value });
            }
        }
        let Some(field) = fields.get("envelope") else { return out };
        let plain = self.as_plain(field.value.clone(), field.value.span);
        match self.plain_node(&plain).kind {
            NodeKind::Object(object) => {
                self.report(errors::raw_members("envelope", field.key_span));
                out.members.extend(object.members);
            }
            NodeKind::Invalid => {}
            _ => self.report(errors::raw_not_object("envelope", field.key_span)),
        }
        out
    }

    pub(super) fn parent_existing(&self, id: ResourceId) -> bool {
        let parent = self.slots.get(id.0 as usize).and_then(|s| s.parent);
        parent.and_then(|p| self.slots.get(p.0 as usize)).is_some_and(|p| match p.decl {
            Decl::Known(entry, _) => entry.existing.is_some(),
            Decl::Raw(raw) => raw.existing.is_some(),
        })
    }

    pub(super) fn condition_of(&self, id: ResourceId) -> Option<arm::Expr> {
        let list = self.slots.get(id.0 as usize).map(|s| s.conditions.clone())?;
        list.into_iter().reduce(|a, b| arm::Expr::call("and", vec![a, b]))
    }

    /// What an `existing` resource must and must not say.
    pub(super) fn check_head(
        &mut self,
        id: ResourceId,
        kind: &'static ResourceKind,
        body: &Body,
        existing: bool,
    ) {
        let span = self.span_of(id);
        let has = |name: &str| body.fields.get(name).is_some_and(|f| !matches!(f.value.kind, Kind::Null));
        if !existing {
            return;
        }
        if let (Some(id_field), true) = (body.fields.get("id"), has("id")) {
            if let (Some(text), Some(prop)) =
                (id_field.value.as_str(), kind.reference.iter().find(|p| p.name == "id"))
                && let Some(d) =
                    errors::bad_id(text, std::slice::from_ref(&kind.keyword), prop, id_field.value.span)
            {
                self.report(d);
            }
            if let Some(other) =
                ["name", "resource_group", "subscription", "vnet"].into_iter().find(|n| has(n))
            {
                let at = body.fields.get(other).map(|f| f.key_span).unwrap_or(span);
                self.report(errors::id_and_parts(other, id_field.key_span, at));
            }
            return;
        }
        self.check_place(&body.fields);
        if has("subscription") && !has("resource_group") {
            let at = body.fields.get("subscription").map(|f| f.key_span).unwrap_or(span);
            self.report(errors::requires(
                "subscription",
                "resource_group",
                "an id holds both, and the deployment's own group lies in its own subscription",
                at,
                None,
            ));
        }
        if kind.keyword == "subnet" && !has("vnet") {
            self.report(errors::subnet_needs_vnet(span));
        }
        if kind.default_name == crate::schema::DefaultName::Required && !has("name") {
            self.report(errors::name_required(kind.keyword, span));
        }
    }

    /// The API version that a resource is converted for, and what fixes it.
    pub(super) fn version_of(
        &mut self,
        id: ResourceId,
        kind: &'static ResourceKind,
        body: &Body,
    ) -> (ApiVersion, Option<Pinned>) {
        let find = |text: &str| kind.versions.iter().copied().find(|v| v.0 == text);
        if let Some(field) = body.fields.get("api_version") {
            let span = field.value.span;
            match &field.value.kind {
                Kind::Str(text) => match find(text) {
                    Some(version) => {
                        if kind.keyword == "image" {
                            self.check_age(version, span);
                        }
                        return (version, Some(Pinned::At(span)));
                    }
                    None => self.report(errors::unknown_version(text, kind, span)),
                },
                Kind::Unknown => {}
                Kind::Deferred(expr, _) => {
                    let default = self.params.default_of(expr);
                    let version = default.and_then(|text| find(&text)).unwrap_or(kind.default_version);
                    self.report(errors::deferred_version(&field.value, version, span));
                    return (version, None);
                }
                _ => {
                    self.report(errors::type_mismatch(&field.value, "a version such as \"2024-02-01\"", span))
                }
            }
            return (kind.default_version, None);
        }
        if let ("trigger", Some(parent)) =
            (kind.keyword, self.slots.get(id.0 as usize).and_then(|s| s.parent))
        {
            let text = self
                .slots
                .get(parent.0 as usize)
                .and_then(|s| s.resource.as_ref())
                .map(|r| r.api_version.clone());
            let text = match text {
                Some(text) => text,
                None => self
                    .head_of(parent)
                    .api_version
                    .as_ref()
                    .and_then(Value::as_str)
                    .cloned()
                    .unwrap_or_default(),
            };
            if let Some(version) = find(&text) {
                let span = self.span_of(parent);
                let pinned = self.head_of(parent).api_version.is_some();
                return (version, pinned.then_some(Pinned::At(span)));
            }
        }
        if kind.arm_type.starts_with("Microsoft.VirtualMachineImages/")
            && let Some(text) = &self.options.api_version
        {
            match find(text) {
                Some(version) => return (version, Some(Pinned::Option)),
                None => {
                    let text = text.clone();
                    let span = self.span_of(id);
                    self.report(errors::unknown_version(&text, kind, span));
                }
            }
        }
        (kind.default_version, None)
    }

    /// Versions that the service refuses or is about to (image-templates.md, rule R07).
    pub(super) fn check_age(&mut self, version: ApiVersion, span: Span) {
        if version < crate::schema::V2019_05 {
            self.report(errors::refused_version(version, span));
        } else if version < crate::schema::V2020_02 {
            self.report(errors::old_version(version, span));
        }
    }

    pub(super) fn location_of(
        &mut self,
        c: &mut Conversion,
        fields: &Fields,
        kind: &'static ResourceKind,
    ) -> Option<Node> {
        let prop = kind.body.prop("location")?;
        match fields.get("location") {
            // Its mistakes are reported when the whole body is converted.
            Some(field) if !matches!(field.value.kind, Kind::Unknown | Kind::Null) => {
                self.node(c, &field.value, &prop.ty, prop)
            }
            _ => Some(self.default_location(c.owner)),
        }
    }

    /// Where a resource lies that does not say it: where its parent lies, else where the resource group does.
    pub(crate) fn default_location(&mut self, id: ResourceId) -> Node {
        let parent = self.slots.get(id.0 as usize).and_then(|s| s.parent);
        let stated = parent
            .and_then(|p| self.slots.get(p.0 as usize))
            .and_then(|s| s.resource.as_ref())
            .and_then(|r| r.body.get("location").cloned());
        stated.unwrap_or_else(|| {
            let expr = arm::Expr::call("resourceGroup", Vec::new()).member("location");
            Node::new(NodeKind::Expr(expr), Origin::from(self.span_of(id)))
        })
    }

    /// The name, checked against the rule of its kind.
    pub(super) fn name_node(
        &mut self,
        c: &mut Conversion,
        id: ResourceId,
        kind: &'static ResourceKind,
    ) -> Node {
        let value = self.resource_name(id);
        if value.labels.secret.is_some() {
            let d = errors::secret_sink(&value, &format!("the name of {}", c.what), value.span);
            self.report(d);
        }
        let told = |d: Diagnostic| if c.partial { d.help(errors::NAME_IN_AZURE) } else { d };
        match &value.kind {
            Kind::Str(text) => {
                if !kind.name.accepts(text) && !has_placeholder(text) {
                    self.report(told(errors::bad_name(text, &kind.name, kind.keyword, value.span)));
                }
            }
            Kind::Deferred(expr, ty) if ty.is_text() || *ty == Type::Any => {
                let known = known_parts(expr);
                let placeholder = has_placeholder(&known.concat());
                let choice = match ty {
                    Type::Literals(all) => all.iter().find(|text| !kind.name.accepts(text)),
                    _ => None,
                };
                let length = self.least_length(expr);
                if let Some(text) = choice {
                    self.report(told(errors::bad_name(text, &kind.name, kind.keyword, value.span)));
                } else if !kind.name.accepts_in(&known.concat()) && !placeholder {
                    self.report(told(errors::bad_name(
                        &known.join("…"),
                        &kind.name,
                        kind.keyword,
                        value.span,
                    )));
                } else if length > kind.name.max && !placeholder {
                    self.report(told(errors::long_name(length, &kind.name, kind.keyword, value.span)));
                }
            }
            Kind::Unknown => {}
            _ => self.report(errors::type_mismatch(&value, "a string as the name", value.span)),
        }
        self.plain_node(&value)
    }

    /// The group and subscription of an existing resource, as far as they are known.
    fn check_place(&mut self, fields: &Fields) {
        let known = |name: &str| {
            let value = fields.get(name).map(|field| &field.value)?;
            value.as_str().filter(|text| !has_placeholder(text)).map(|text| (text.clone(), value.span))
        };
        if let Some((text, span)) = known("subscription")
            && !super::ty::is_guid(&text)
        {
            self.report(errors::bad_subscription(&text, span));
        }
        if let Some((text, span)) = known("resource_group")
            && !super::texts::is_group_name(&text)
        {
            self.report(errors::bad_group_name(&text, span));
        }
    }

    /// The fewest characters that a text has, whatever its parameters get.
    fn least_length(&self, expr: &arm::Expr) -> usize {
        match expr {
            arm::Expr::Str(text) => text.chars().count(),
            arm::Expr::Call { name, .. } if &**name == super::natives::CONTENT_HASH => HASH_LENGTH,
            _ => match pieces(expr) {
                None => self.params.least_length(expr),
                Some((pieces, args)) => {
                    let lengths = pieces.iter().map(|piece| match piece {
                        arm::Piece::Text(text) => text.chars().count(),
                        arm::Piece::Hole(at) => args.get(*at).map_or(0, |arg| self.least_length(arg)),
                    });
                    lengths.sum()
                }
            },
        }
    }

    /// Members of `raw` go into `properties` as they are.
    pub(super) fn merge_raw(&mut self, object: &mut Object) {
        let Some((origin, members)) = self.raw_of(object) else { return };
        let key = Key::Str("properties".into());
        if !object.members.iter().any(|m| m.key == key) {
            let empty = Node::new(NodeKind::Object(Object::default()), origin.clone());
            object.members.push(Member { key: key.clone(), key_origin: origin, prop: None, value: empty });
        }
        if let Some(Member { value: Node { kind: NodeKind::Object(properties), .. }, .. }) =
            object.members.iter_mut().find(|m| m.key == key)
        {
            merge(properties, members);
        }
    }

    /// The members that `raw` of an object brings, if it has one.
    pub(super) fn raw_of(&mut self, object: &Object) -> Option<(Origin, Vec<Member>)> {
        let written = object.hidden.iter().find(|m| m.prop.is_some_and(|p| p.role == Role::Raw))?;
        let origin = written.key_origin.clone();
        match written.value.kind.clone() {
            NodeKind::Object(raw) => {
                self.report(errors::raw_members("raw", origin.span));
                Some((origin, raw.members))
            }
            NodeKind::Invalid => None,
            _ => {
                self.report(errors::raw_not_object("raw", origin.span));
                None
            }
        }
    }

    pub(super) fn dependencies(&mut self, fields: &Fields) -> Vec<ResourceId> {
        let Some(field) = fields.get("depends_on") else { return Vec::new() };
        let items: Vec<Value> = match &field.value.kind {
            Kind::List(items) => items.to_vec(),
            _ => vec![field.value.clone()],
        };
        let mut out = Vec::new();
        for item in items {
            match item.kind {
                Kind::Handle(Handle::Resource(id)) => out.push(id),
                Kind::Unknown => {}
                _ => self.report(errors::not_a_dependency(&item)),
            }
        }
        out
    }
}

/// What is known of a text that is put together: the pieces between the values that only Azure knows.
fn known_parts(expr: &arm::Expr) -> Vec<String> {
    pieces(expr).map_or_else(Vec::new, |(pieces, _)| {
        let text = |piece| if let arm::Piece::Text(text) = piece { Some(text) } else { None };
        pieces.into_iter().filter_map(text).collect()
    })
}

/// The pieces of a text that `format` puts together, and its arguments.
fn pieces(expr: &arm::Expr) -> Option<(Vec<arm::Piece>, &[arm::Expr])> {
    match expr {
        arm::Expr::Shared { expr, .. } => pieces(expr),
        arm::Expr::Call { name, args } if name.eq_ignore_ascii_case("format") => match args.split_first()? {
            (arm::Expr::Str(pattern), rest) => Some((arm::format_pieces(pattern)?, rest)),
            _ => None,
        },
        _ => None,
    }
}
