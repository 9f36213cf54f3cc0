//! Resources from their bodies: images with their sources, targets and identities, and all other kinds.

use std::sync::Arc;

use super::body::{Around, Body, EntryValue};
use super::convert::{Conversion, Pinned, insert_at};
use super::declare::Decl;
use super::errors;
use super::eval::Expect;
use super::module::{Checker, Env};
use super::program::{
    Fact, ImageFacts, Key, Kind as ResourceType, Member, Node, NodeKind, Object, Origin, Reference, Resource,
    ResourceId,
};
use super::ty::Type;
use super::value::{Fields, Handle, Kind, Value};
use crate::arm;
use crate::base::Span;
use crate::schema::{
    ApiVersion, Entries, Enumeration, Lit, ObjectType, Os, Prop, ResourceKind, Role, Ty, Union,
};
use crate::syntax::ast::{Entry, RawResource, Stmt, StmtKind};

/// The facts that a source or definition states, by their property.
const FACTS: &[&str] = &["os", "generation", "architecture", "security"];

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
        let facts = self.facts_of(kind, &fields, &object);
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
            api_version: c.version.0.into(),
            name,
            parent: self.slots.get(id.0 as usize).and_then(|s| s.parent),
            id: self.plain_node(&id_value),
            group: head.group.clone().map(|v| self.plain_node(&v)),
            subscription: head.subscription.clone().map(|v| self.plain_node(&v)),
            condition,
            body: Node::new(NodeKind::Object(object), Origin::from(span)),
            facts,
            depends_on,
            span,
        }
    }

    fn parent_existing(&self, id: ResourceId) -> bool {
        let parent = self.slots.get(id.0 as usize).and_then(|s| s.parent);
        parent.and_then(|p| self.slots.get(p.0 as usize)).is_some_and(|p| match p.decl {
            Decl::Known(entry, _) => entry.existing.is_some(),
            Decl::Raw(raw) => raw.existing.is_some(),
        })
    }

    fn condition_of(&self, id: ResourceId) -> Option<arm::Expr> {
        let list = self.slots.get(id.0 as usize).map(|s| s.conditions.clone())?;
        list.into_iter().reduce(|a, b| arm::Expr::call("and", vec![a, b]))
    }

    /// What an `existing` resource must and must not say.
    fn check_head(&mut self, id: ResourceId, kind: &'static ResourceKind, body: &Body, existing: bool) {
        let span = self.span_of(id);
        let has = |name: &str| body.fields.get(name).is_some_and(|f| !matches!(f.value.kind, Kind::Null));
        if !existing {
            return;
        }
        if let (Some(id_field), true) = (body.fields.get("id"), has("id")) {
            if let Some(other) =
                ["name", "resource_group", "subscription", "vnet"].into_iter().find(|n| has(n))
            {
                let at = body.fields.get(other).map(|f| f.key_span).unwrap_or(span);
                self.report(errors::id_and_parts(other, id_field.key_span, at));
            }
            return;
        }
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
    fn version_of(
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
                Kind::Deferred(..) => self.report(errors::deferred(&field.value, "the API version", span)),
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
    fn check_age(&mut self, version: ApiVersion, span: Span) {
        if version < crate::schema::V2019_05 {
            self.report(errors::refused_version(version, span));
        } else if version < crate::schema::V2020_02 {
            self.report(errors::old_version(version, span));
        }
    }

    fn location_of(
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
    fn name_node(&mut self, c: &mut Conversion, id: ResourceId, kind: &'static ResourceKind) -> Node {
        let value = self.resource_name(id);
        if value.labels.secret.is_some() {
            let d = errors::secret_sink(&value, &format!("the name of {}", c.what), value.span);
            self.report(d);
        }
        match &value.kind {
            Kind::Str(text) => {
                if !kind.name.accepts(text) && !super::convert::has_placeholder(text) {
                    self.report(errors::bad_name(text, &kind.name, kind.keyword, value.span));
                }
            }
            Kind::Deferred(_, ty) if ty.is_text() || *ty == Type::Any => {}
            Kind::Unknown => {}
            _ => self.report(errors::type_mismatch(&value, "a string as the name", value.span)),
        }
        self.plain_node(&value)
    }

    /// Members of `raw` go into `properties` as they are.
    fn merge_raw(&mut self, object: &mut Object) {
        let raw = object
            .hidden
            .iter()
            .find(|m| m.prop.is_some_and(|p| p.role == Role::Raw))
            .map(|m| (m.key_origin.clone(), m.value.clone()));
        let Some((origin, raw)) = raw else { return };
        match raw.kind {
            NodeKind::Object(raw) => {
                self.report(errors::raw_members(origin.span));
                for member in raw.members {
                    if let Key::Str(key) = member.key.clone() {
                        insert_raw(object, &key, member);
                    }
                }
            }
            NodeKind::Invalid => {}
            _ => self.report(errors::raw_not_object(origin.span)),
        }
    }

    fn dependencies(&mut self, fields: &Fields) -> Vec<ResourceId> {
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
                _ => self.report(errors::type_mismatch(&item, "resources of this file, by name", item.span)),
            }
        }
        out
    }

    /// What is known of an image or definition.
    fn facts_of(&mut self, kind: &'static ResourceKind, fields: &Fields, object: &Object) -> ImageFacts {
        match kind.keyword {
            "image" => {
                let mut facts = match fields.get("source") {
                    Some(field) => self.source_facts(&field.value),
                    None => ImageFacts::default(),
                };
                if let Some(os) = stated_os(fields, kind.body) {
                    if let Some(known) = &facts.os
                        && known.value != os.value
                    {
                        let d = errors::os_contradicts(os.value, os.span, known.value, known.span);
                        self.report(d);
                    }
                    facts.os = Some(os);
                }
                facts
            }
            "definition" | "managed_image" => {
                let mut facts = facts_from(fields, kind.body);
                facts.plan = plan_fact(fields, object);
                facts
            }
            _ => ImageFacts::default(),
        }
    }

    /// What is known of a source.
    fn source_facts(&mut self, source: &Value) -> ImageFacts {
        let at = |mut facts: ImageFacts| {
            // A fact of a source is shown where the image names the source.
            for span in [
                facts.os.as_mut().map(|f| &mut f.span),
                facts.generation.as_mut().map(|f| &mut f.span),
                facts.architecture.as_mut().map(|f| &mut f.span),
                facts.security.as_mut().map(|f| &mut f.span),
                facts.plan.as_mut().map(|f| &mut f.span),
            ]
            .into_iter()
            .flatten()
            {
                *span = source.span;
            }
            facts
        };
        match &source.kind {
            Kind::Variant(name, fields) if &**name == "platform_image" => {
                let Some(definition) = crate::schema::resource_kind("definition") else {
                    return ImageFacts::default();
                };
                let mut facts = facts_from(fields, definition.body);
                facts.plan = Some(Fact { value: plan_text(fields), span: source.span });
                at(facts)
            }
            Kind::Handle(Handle::Resource(id)) => {
                let id = *id;
                if &*self.keyword_of(id) == "image" {
                    return match self.image_source(id, None, source.span) {
                        Some((definition, _)) => at(self.known_facts(definition, Some(id))),
                        None => ImageFacts::default(),
                    };
                }
                at(self.known_facts(id, None))
            }
            Kind::Handle(Handle::Version { definition, .. }) => at(self.known_facts(*definition, None)),
            Kind::Handle(handle @ Handle::Output { image, .. }) => {
                match self.image_source(*image, Some(handle), source.span) {
                    Some((definition, _)) => at(self.known_facts(definition, Some(*image))),
                    None => ImageFacts::default(),
                }
            }
            _ => ImageFacts::default(),
        }
    }

    /// The facts of a definition, and of the image that is distributed to it where it says nothing.
    fn known_facts(&mut self, id: ResourceId, built_by: Option<ResourceId>) -> ImageFacts {
        self.force(id);
        let facts = |c: &Self, id: ResourceId| {
            c.slots
                .get(id.0 as usize)
                .and_then(|s| s.resource.as_ref())
                .map(|r| r.facts.clone())
                .unwrap_or_default()
        };
        let own = facts(self, id);
        let Some(image) = built_by.map(|i| facts(self, i)) else { return own };
        ImageFacts {
            os: own.os.or(image.os),
            generation: own.generation.or(image.generation),
            architecture: own.architecture.or(image.architecture),
            security: own.security.or(image.security),
            plan: own.plan.or(image.plan),
        }
    }

    /// A raw resource: its body as it is.
    pub(crate) fn raw_resource(&mut self, id: ResourceId, raw: &'a RawResource, env: &Env) -> Resource {
        let span = self.span_of(id);
        let fields = self.raw_fields(&raw.body.items, env);
        let existing = self.slots.get(id.0 as usize).is_some_and(|s| s.existing);
        let version = self.raw_version(raw);
        if version.is_empty()
            && let Some(ty) = &raw.ty
        {
            self.report(errors::raw_type(env.span(ty.range)));
        }
        let mut kept = fields.clone();
        let drop: &[&str] = if existing {
            &["name", "id", "resource_group", "subscription"]
        } else {
            &["name", "depends_on", "type", "apiVersion"]
        };
        for name in drop {
            kept.map.shift_remove(&super::value::FieldKey::Str((*name).into()));
        }
        let depends_on = self.dependencies(&fields);
        let body = Value::object(kept, span);
        let plain = self.as_plain(body, span);
        let body = self.plain_node(&plain);
        if let Some(slot) = self.slots.get_mut(id.0 as usize) {
            slot.fields = Arc::new(fields);
        }
        let name = self.resource_name(id);
        let head = self.head_of(id);
        let id_value = self.handle_id(&Handle::Resource(id), span);
        Resource {
            kind: self.slots.get(id.0 as usize).map_or(ResourceType::Raw(Arc::default()), |s| s.kind.clone()),
            declared: self.declared_of(id),
            existing,
            api_version: version,
            name: self.plain_node(&name),
            parent: None,
            id: self.plain_node(&id_value),
            group: head.group.clone().map(|v| self.plain_node(&v)),
            subscription: head.subscription.clone().map(|v| self.plain_node(&v)),
            condition: self.condition_of(id),
            body,
            facts: ImageFacts::default(),
            depends_on,
            span,
        }
    }

    fn raw_fields(&mut self, items: &'a [Stmt], env: &Env) -> Fields {
        let mut fields = Fields::default();
        let mut env = env.clone();
        for stmt in items {
            match &stmt.kind {
                StmtKind::Entry(entry) => {
                    let span = env.span(entry.keyword.range);
                    let value = match (&entry.value, &entry.block) {
                        (Some(expr), None) => self.eval(expr, &env, Expect::None),
                        (None, Some(block)) => Value::object(self.raw_fields(&block.items, &env), span),
                        _ => {
                            self.report(errors::raw_entry(&entry.keyword.text, span));
                            continue;
                        }
                    };
                    if let Some(first) = fields.insert(entry.keyword.text.clone(), span, value) {
                        self.report(errors::duplicate_property(&entry.keyword.text, span, first.key_span));
                    }
                }
                StmtKind::Spread(expr) => {
                    let value = self.eval(expr, &env, Expect::None);
                    if let Some(more) = value.as_object() {
                        for field in more.map.values() {
                            fields.insert_key(field.key.clone(), field.key_span, field.value.clone());
                        }
                    } else if !value.is_unknown() {
                        self.report(errors::type_mismatch(&value, "an object", value.span));
                    }
                }
                StmtKind::Let(binding) => {
                    if let Some(name) = &binding.name {
                        let value = self.let_value(binding, &name.text, env.span(name.range), &env.clone());
                        env.bind(name.text.clone(), value);
                    }
                }
                _ => self.report(errors::misplaced(stmt, env.span(stmt.range))),
            }
        }
        fields
    }

    /// A block with entries: its own members, and the list.
    pub(crate) fn body_node(
        &mut self,
        c: &mut Conversion,
        body: &Body,
        ty: &'static ObjectType,
        value: &Value,
    ) -> Node {
        let Some(entries) = ty.entries else {
            let object = self.object(c, &body.fields, ty, value.span);
            return self.labelled(c, NodeKind::Object(object), value);
        };
        if let (Some(since), false) = (entries.since, body.entries.is_empty()) {
            self.use_since(
                c,
                Some(since),
                None,
                &format!("a {} in `{}`", entries.union.name, ty.name),
                value.span,
            );
        }
        let list = self.entries_node(c, &body.entries, entries);
        let list = self.labelled(c, NodeKind::List(list), value);
        if entries.arm.is_empty() {
            return list;
        }
        let mut object = self.object(c, &body.fields, ty, value.span);
        if !body.entries.is_empty() {
            let origin = list.origin.clone();
            insert_at(
                &mut object,
                entries.arm,
                Member { key: Key::Str(entries.arm.into()), key_origin: origin, prop: None, value: list },
            );
        }
        self.labelled(c, NodeKind::Object(object), value)
    }

    fn entries_node(
        &mut self,
        c: &mut Conversion,
        list: &[EntryValue],
        entries: &'static Entries,
    ) -> Vec<Node> {
        let mut out = Vec::with_capacity(list.len());
        for entry in list {
            c.via = entry.via.clone();
            let mut fields = entry.fields.clone();
            let prelude = self.prelude(c, entry, &mut fields);
            self.default_output(c, entry, &mut fields);
            let mut object =
                self.variant_object(c, entry.variant, entries.union.discriminator, &fields, entry.span);
            self.append_version(&mut object);
            self.apply_prelude(c, &mut object, prelude);
            out.push(Node::new(
                NodeKind::Object(object),
                Origin { span: entry.span, via: entry.via.clone() },
            ));
            c.via = None;
        }
        out
    }

    /// The explicit version of a gallery target goes to the end of its id.
    fn append_version(&mut self, object: &mut Object) {
        let version = object
            .hidden
            .iter()
            .find(|m| m.prop.is_some_and(|p| p.role == Role::TargetVersion))
            .map(|m| m.value.clone());
        let Some(version) = version else { return };
        let Some(member) = object.members.iter_mut().find(|m| m.key == Key::Str("galleryImageId".into()))
        else {
            return;
        };
        let part = |node: &Node| match &node.kind {
            NodeKind::Str(text) => Some(arm::Expr::Str(text.clone())),
            NodeKind::Expr(expr) => Some(expr.clone()),
            _ => None,
        };
        if let (Some(id), Some(tail)) = (part(&member.value), part(&version)) {
            let joined = arm::interpolate(vec![id, arm::Expr::Str("/versions/".into()), tail]);
            member.value.kind = match joined {
                arm::Expr::Str(text) => NodeKind::Str(text),
                expr => NodeKind::Expr(expr),
            };
            if let Some(reference) = &mut member.value.reference {
                reference.version = version.as_str().cloned();
            }
        }
    }

    /// A run output name where none is written: the image's name and the target's, unique in the image.
    fn default_output(&mut self, c: &mut Conversion, entry: &EntryValue, fields: &mut Fields) {
        let Some(prop) =
            entry.variant.body.props.iter().find(|p| p.implied == crate::schema::Implied::OutputName)
        else {
            return;
        };
        if let Some(field) = fields.get(prop.name) {
            if let Some(text) = field.value.as_str() {
                c.outputs.push((text.clone(), field.value.span));
            }
            return;
        }
        let image = self.slots.get(c.owner.0 as usize).map(|s| s.short.clone()).unwrap_or_default();
        let target = match fields.get("id").map(|f| f.value.kind.clone()) {
            Some(Kind::Handle(Handle::Resource(id) | Handle::Version { definition: id, .. })) => {
                self.slots.get(id.0 as usize).map(|s| s.short.to_string()).unwrap_or_default()
            }
            Some(Kind::Str(text)) => text.rsplit('/').next().unwrap_or_default().to_string(),
            _ => entry.variant.keyword.to_string(),
        };
        let tidy = |text: &str| -> String {
            text.chars().map(|ch| if ch.is_ascii_alphanumeric() || ch == '.' { ch } else { '-' }).collect()
        };
        let (image, target) = (tidy(&image), tidy(&target));
        let base = if image == target { image } else { format!("{image}-{target}") };
        let base: String = base.chars().take(60).collect();
        let taken = |name: &str| c.outputs.iter().any(|(o, _)| o.eq_ignore_ascii_case(name));
        let name = std::iter::once(base.clone())
            .chain((2..1000).map(|n| format!("{base}-{n}")))
            .find(|n| !taken(n))
            .unwrap_or(base);
        c.outputs.push((name.as_str().into(), entry.span));
        fields.insert(prop.name.into(), entry.span, Value::str(name, entry.span));
    }

    /// A value of a union: a variant, or what converts to one.
    pub(crate) fn union_node(
        &mut self,
        c: &mut Conversion,
        value: &Value,
        union: &'static Union,
        prop: &'static Prop,
    ) -> Option<Node> {
        let (keyword, fields) = match &value.kind {
            Kind::Variant(name, fields) => (name.clone(), (**fields).clone()),
            Kind::Str(word) if union.variants.iter().any(|v| v.keyword == &**word) => {
                (word.clone(), Fields::default())
            }
            Kind::Deferred(expr, Type::Any | Type::Map(_)) => {
                return Some(self.labelled(c, NodeKind::Expr(expr.clone()), value));
            }
            _ => match self.as_source(value) {
                Some(Ok((keyword, fields))) => (keyword, fields),
                Some(Err(())) => return None,
                None => return self.mismatch(c, value, &errors::words_of_union(union), prop),
            },
        };
        let Some(variant) = union.variant(&keyword) else {
            return self.mismatch(c, value, &errors::words_of_union(union), prop);
        };
        let mut fields = fields;
        if &*keyword == "platform_image" {
            for fact in FACTS {
                fields.map.shift_remove(&super::value::FieldKey::Str((*fact).into()));
            }
        }
        let object = self.variant_object(c, variant, union.discriminator, &fields, value.span);
        let reference = fields.get("id").and_then(|f| match &f.value.kind {
            Kind::Handle(Handle::Resource(id)) => Some(*id),
            _ => None,
        });
        let mut node = self.labelled(c, NodeKind::Object(object), value);
        node.reference = reference.map(|target| Reference { target, version: None });
        Some(node)
    }

    /// A handle as the variant of a source that it stands for. `Err` after a reported mistake.
    fn as_source(&mut self, value: &Value) -> Option<Result<(Arc<str>, Fields), ()>> {
        let Kind::Handle(handle) = &value.kind else { return None };
        let mut fields = Fields::default();
        let mut versioned = |definition: ResourceId, version: Value| {
            let handle = Handle::Version { definition, version: Arc::new(version) };
            fields.insert("id".into(), value.span, Value::new(Kind::Handle(handle), value.span));
        };
        match handle {
            Handle::Version { definition, version } => versioned(*definition, (**version).clone()),
            Handle::Output { image, .. } => match self.image_source(*image, Some(handle), value.span) {
                Some((definition, version)) => versioned(definition, version),
                None => return Some(Err(())),
            },
            Handle::Resource(id) => match &*self.keyword_of(*id) {
                "definition" => versioned(*id, Value::str("latest", value.span)),
                "image" => match self.image_source(*id, None, value.span) {
                    Some((definition, version)) => versioned(definition, version),
                    None => return Some(Err(())),
                },
                "managed_image" => {
                    fields.insert("id".into(), value.span, value.clone());
                    return Some(Ok(("managed_image".into(), fields)));
                }
                _ => return None,
            },
            Handle::Secret { .. } => return None,
        }
        Some(Ok(("gallery_version".into(), fields)))
    }

    /// The template's identity: one handle or id.
    pub(crate) fn identity_node(
        &mut self,
        c: &mut Conversion,
        value: &Value,
        prop: &'static Prop,
    ) -> Option<Node> {
        let value = match &value.kind {
            Kind::List(items) => match items.as_slice() {
                [one] => one.clone(),
                _ => {
                    let d = errors::one_identity(value.span, items.len());
                    self.complain(c, d);
                    return None;
                }
            },
            Kind::Object(_) => {
                // As it is: what `arm`-shaped sources hold.
                return Some(self.plain_node(value));
            }
            _ => value.clone(),
        };
        let id = self.id_node(c, &value, &["identity"], prop)?;
        let key = match &id.kind {
            NodeKind::Str(text) => Key::Str(text.clone()),
            NodeKind::Expr(expr) => Key::Expr(expr.clone()),
            _ => return None,
        };
        let origin = id.origin.clone();
        let member = |key: Key, value: Node| Member { key, key_origin: origin.clone(), prop: None, value };
        let empty = Node::new(NodeKind::Object(Object::default()), origin.clone());
        let ids = Object { members: vec![member(key, empty)], ..Object::default() };
        let mut node = Node::new(
            NodeKind::Object(Object {
                members: vec![
                    member(Key::Str("type".into()), Node::str("UserAssigned", origin.clone())),
                    member(
                        Key::Str("userAssignedIdentities".into()),
                        Node::new(NodeKind::Object(ids), origin.clone()),
                    ),
                ],
                ..Object::default()
            }),
            origin.clone(),
        );
        node.labels = id.labels;
        node.reference = id.reference;
        Some(node)
    }

    /// The staging group: a name becomes an id; `existing("rg")` says that it is there already.
    pub(crate) fn group_node(
        &mut self,
        c: &mut Conversion,
        value: &Value,
        prop: &'static Prop,
    ) -> Option<Node> {
        let (value, exists) = match &value.kind {
            Kind::Variant(name, fields) if &**name == "existing" => {
                (fields.get("name").map(|f| f.value.clone())?, true)
            }
            _ => (value.clone(), false),
        };
        let labels = value.labels.clone();
        let kind = match &value.kind {
            Kind::Str(text)
                if text.starts_with('/') || super::convert::has_placeholder(text) || text.is_empty() =>
            {
                NodeKind::Str(text.clone())
            }
            Kind::Str(text) => {
                if let Some(d) = errors::bad_group(text, prop, value.span) {
                    self.complain(c, d);
                    return None;
                }
                NodeKind::Expr(group_id(arm::Expr::Str(text.clone())))
            }
            // Deferred text may be a name or an id: only Azure can tell.
            Kind::Deferred(expr, ty) if ty.is_text() || *ty == Type::Any => NodeKind::Expr(expr.clone()),
            Kind::Unknown => return None,
            _ => return self.mismatch(c, &value, "the name or id of a resource group", prop),
        };
        let mut node = Node::new(kind, Origin { span: value.span, via: c.via.clone() });
        node.labels = labels;
        if exists {
            self.staging_exists.push((c.owner, value.span));
        }
        Some(node)
    }
}

/// `format('{0}/resourceGroups/{1}', subscription().id, name)`
fn group_id(name: arm::Expr) -> arm::Expr {
    let subscription = arm::Expr::call("subscription", Vec::new()).member("id");
    arm::interpolate(vec![subscription, arm::Expr::Str("/resourceGroups/".into()), name])
}

fn insert_raw(object: &mut Object, key: &str, member: Member) {
    let path = format!("properties.{key}");
    // A key with dots is one member, so the path is built by hand.
    if key.contains('.') {
        if let Some(NodeKind::Object(properties)) = object
            .members
            .iter_mut()
            .find(|m| m.key == Key::Str("properties".into()))
            .map(|m| &mut m.value.kind)
        {
            properties.members.push(member);
        }
        return;
    }
    insert_at(object, &path, member);
}

fn enumeration(ty: &Ty) -> Option<&'static Enumeration> {
    match ty {
        Ty::Enum(e) => Some(e),
        _ => None,
    }
}

/// The ARM text of a fact, if it is known and one of its words.
fn fact_text(fields: &Fields, ty: &'static ObjectType, name: &str) -> Option<Fact<Arc<str>>> {
    let field = fields.get(name)?;
    let text = field.value.as_str()?;
    let e = enumeration(&ty.prop(name)?.ty)?;
    match e.find(text)?.arm {
        Lit::Str(arm) => Some(Fact { value: arm.into(), span: field.value.span }),
        Lit::Bool(_) => None,
    }
}

fn stated_os(fields: &Fields, ty: &'static ObjectType) -> Option<Fact<Os>> {
    let fact = fact_text(fields, ty, "os")?;
    let value = [Os::Linux, Os::Windows].into_iter().find(|os| os.name() == &*fact.value)?;
    Some(Fact { value, span: fact.span })
}

fn facts_from(fields: &Fields, ty: &'static ObjectType) -> ImageFacts {
    ImageFacts {
        os: stated_os(fields, ty),
        generation: fact_text(fields, ty, "generation"),
        architecture: fact_text(fields, ty, "architecture"),
        security: fact_text(fields, ty, "security"),
        plan: None,
    }
}

/// `publisher:product:name` of a stated plan.
fn plan_text(fields: &Fields) -> Option<Arc<str>> {
    let plan = fields.get("plan")?.value.as_object()?.clone();
    let part = |name: &str| plan.get(name).and_then(|f| f.value.as_str().cloned()).unwrap_or_default();
    Some(format!("{}:{}:{}", part("publisher"), part("product"), part("name")).into())
}

fn plan_fact(fields: &Fields, object: &Object) -> Option<Fact<Option<Arc<str>>>> {
    let field = fields.get("plan")?;
    let _ = object;
    Some(Fact { value: plan_text(fields), span: field.key_span })
}
