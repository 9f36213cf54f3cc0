//! A document as a program: its resources, named and checked.

use std::collections::HashMap;
use std::sync::Arc;

use super::errors;
use super::facts;
use super::find::{Found, find, is_image, is_truncated};
use super::ids::Target;
use super::names::Names;
use super::scope::{At, ScopeId, Scopes, Text, is_secret_type};
use super::walk::{Around, Frame, Walk};
use super::words::is_envelope;
use crate::arm;
use crate::base::{FileId, Span};
use crate::check::{
    ImageFacts, Kind, Node, NodeKind, Object, Param, Program, Resource, ResourceId, WrittenIn,
    has_placeholder,
};
use crate::diag::Sink;
use crate::json::Document;
use crate::schema::{ApiVersion, IMAGE, ResourceKind, V2019_05, V2020_02, resource_kind_by_arm};

/// Reads a document into a program and reports what is wrong with its image templates, and with what belongs to them. `text`
/// is the text that the document was read from.
pub fn read(file: FileId, text: &str, document: &Document, sink: &mut Sink) -> Program {
    let mut scopes = Scopes::new(file, text);
    let found = find(document, &mut scopes);
    if !found.iter().any(is_image) {
        return Program { written_in: WrittenIn::Json, ..Program::default() };
    }
    sink.extend(document.findings.iter().cloned());
    let headers = Header::all(&found, &scopes);
    let mut names = Names::default();
    for (id, header) in (0u32..).map(ResourceId).zip(&headers) {
        if let Some(target) = &header.target {
            names.add(target.clone(), id);
        }
    }
    duplicates(&found, &headers, &scopes, sink);
    let mut reader = Reader { scopes: &scopes, names: &names, headers: &headers, sink };
    let mut resources: Vec<Resource> =
        found.iter().zip(&headers).map(|(found, header)| reader.resource(found, header)).collect();
    let params = reader.params(&found);
    state_facts(&mut resources);
    Program { written_in: WrittenIn::Json, params, resources, ..Program::default() }
}

/// What a resource is, before its body is read.
struct Header {
    kind: Kind,
    target: Option<Target>,
    parent: Option<ResourceId>,
    /// Its name as it is written, or its symbolic name.
    shown: Arc<str>,
    /// Where it is named, for findings about all of it.
    span: Span,
}

impl Header {
    fn all(found: &[Found<'_>], scopes: &Scopes<'_>) -> Vec<Self> {
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

    fn of(found: &Found<'_>, outer: Option<&Self>, scopes: &Scopes<'_>) -> Self {
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

/// Resources of one template that have one type and name, and are deployed whatever is given.
fn duplicates(found: &[Found<'_>], headers: &[Header], scopes: &Scopes<'_>, sink: &mut Sink) {
    let mut seen: HashMap<(ScopeId, &Target), Span> = HashMap::new();
    for (one, header) in found.iter().zip(headers) {
        let Some(target) = &header.target else { continue };
        let always = ["condition", "copy", "existing"].into_iter().all(|k| one.member(k).is_none());
        let placeholder = one.text("name").is_some_and(has_placeholder);
        if !always || placeholder || !one.in_template || !scopes.is_template(one.scope) {
            continue;
        }
        if let Some(first) = seen.insert((one.scope, target), header.span) {
            sink.push(errors::duplicate_resource(header.kind.arm_type(), &header.shown, header.span, first));
        }
    }
}

struct Reader<'a, 's> {
    scopes: &'s Scopes<'a>,
    names: &'s Names,
    headers: &'s [Header],
    sink: &'s mut Sink,
}

impl<'a> Reader<'a, '_> {
    fn resource(&mut self, found: &Found<'a>, header: &Header) -> Resource {
        let (version, version_text, version_at) = self.version(found, header);
        let existing =
            found.member("existing").is_some_and(|m| matches!(m.value.data, crate::json::Data::Bool(true)));
        let around = Around {
            kind: match header.kind {
                Kind::Known(kind) => kind,
                Kind::Raw(_) => &IMAGE,
            },
            what: what(header),
            version,
            version_at,
            in_template: found.in_template,
        };
        let checked = matches!(header.kind, Kind::Known(kind) if kind.deployable) && !existing;
        let body = match checked {
            true => self.body(found, header, &around),
            false => self.plain_body(found, &around),
        };
        let name = self.name(found, header, &around);
        let facts = match around.kind.keyword {
            "definition" if checked => facts::of_definition(&body),
            _ => ImageFacts::default(),
        };
        let condition = found.member("condition").and_then(|m| {
            let expr = self.scopes.expr(At { value: &m.value, scope: found.scope })?;
            Some(self.scopes.resolved(&expr, found.scope))
        });
        Resource {
            kind: header.kind.clone(),
            declared: header.shown.clone(),
            existing,
            api_version: version_text,
            id: self.id(header),
            name,
            parent: header.parent,
            group: None,
            subscription: None,
            condition,
            body,
            envelope: Object::default(),
            unnamed: false,
            facts,
            depends_on: self.depends_on(found),
            span: header.span,
        }
    }

    /// The body of a resource that the table describes.
    fn body(&mut self, found: &Found<'a>, header: &Header, around: &Around) -> Node {
        let mut walk =
            Walk { scopes: self.scopes, around, names: self.names, sink: self.sink, instances: Vec::new() };
        let noun = around.what.clone();
        let rows = walk.instance(around.kind.body, header.span, noun.clone());
        let also: Vec<&str> =
            found.object.members.iter().map(|m| &*m.key.text).filter(|k| is_envelope(k)).collect();
        let frame = Frame { rows, noun, path: "", also: &also };
        let object = walk.object(found.object, found.scope, &frame);
        walk.finish(0);
        let object = Object { ty: Some(around.kind.body), ..object };
        Node::new(NodeKind::Object(object), header.span.into())
    }

    /// The body of any other resource, as it is; that of a deployment is its template, which is read by itself.
    fn plain_body(&mut self, found: &Found<'a>, around: &Around) -> Node {
        let mut walk =
            Walk { scopes: self.scopes, around, names: self.names, sink: self.sink, instances: Vec::new() };
        let mut object = Object::default();
        let nested = found.member("properties").is_some_and(|m| m.value.get("template").is_some());
        for member in found.object.effective() {
            if is_envelope(&member.key.text) || (nested && &*member.key.text == "properties") {
                continue;
            }
            let value = walk.plain(At { value: &member.value, scope: found.scope });
            let key_origin = walk.span(member.key.range).into();
            let key = crate::check::Key::Str(member.key.text.as_ref().into());
            object.members.push(crate::check::Member { key, key_origin, prop: None, value });
        }
        Node::new(NodeKind::Object(object), self.scopes.span(found.range).into())
    }

    /// The API version: as a row of the table, as text, and where it is written.
    fn version(
        &mut self,
        found: &Found<'a>,
        header: &Header,
    ) -> (Option<ApiVersion>, Arc<str>, Option<Span>) {
        let is_builder = is_image(found);
        if is_builder {
            self.check_type(found, header);
        }
        let Some(member) = found.member("apiVersion") else {
            if is_builder {
                let d = errors::missing_version(&what(header), found.in_template, header.span);
                self.sink.push(d);
            }
            return (None, "".into(), None);
        };
        let (at, _) = self.scopes.follow(At { value: &member.value, scope: found.scope });
        let span = self.scopes.span(at.value.range);
        let text = match at.value.as_text() {
            Some(text) => match self.scopes.text(text, at.value.range, at.scope, self.sink) {
                Text::Known(text) => text,
                Text::Expr(_) | Text::Broken => return (None, text.into(), Some(span)),
            },
            None => return (None, "".into(), Some(span)),
        };
        let Kind::Known(kind) = header.kind else { return (None, text, Some(span)) };
        let version = kind.versions.iter().copied().find(|v| v.0.eq_ignore_ascii_case(&text));
        match version {
            Some(version) if is_builder => self.check_age(version, span),
            None if kind.arm_type.starts_with("Microsoft.VirtualMachineImages/")
                && !has_placeholder(&text) =>
            {
                self.sink.push(errors::unknown_version(&text, kind, span));
            }
            _ => {}
        }
        (version, text, Some(span))
    }

    fn check_type(&mut self, found: &Found<'a>, header: &Header) {
        match found.member("type") {
            Some(ty) if ty.value.as_text().is_some_and(is_truncated) => {
                let text = ty.value.as_text().unwrap_or_default();
                let span = self.scopes.span(ty.value.range);
                self.sink.push(errors::truncated_type(text, found.in_template, span));
            }
            Some(_) => {}
            None => self.sink.push(errors::missing_type(&what(header), header.span)),
        }
    }

    /// Versions that the service refuses or is about to (image-templates.md, rule R07).
    fn check_age(&mut self, version: ApiVersion, span: Span) {
        if version < V2019_05 {
            self.sink.push(errors::refused_version(version, span));
        } else if version < V2020_02 {
            self.sink.push(errors::old_version(version, span));
        }
    }

    fn name(&mut self, found: &Found<'a>, header: &Header, around: &Around) -> Node {
        let Some(member) = found.member("name") else {
            return Node::new(NodeKind::Invalid, header.span.into());
        };
        let at = At { value: &member.value, scope: found.scope };
        let mut walk =
            Walk { scopes: self.scopes, around, names: self.names, sink: self.sink, instances: Vec::new() };
        let (followed, _) = self.scopes.follow(at);
        let mut node = walk.plain(followed);
        if let Kind::Known(kind) = header.kind {
            let last = node.as_str().and_then(|text| text.rsplit('/').next()).map(Arc::<str>::from);
            if let Some(last) = last {
                self.check_name(&last, kind, node.origin.span);
                node.kind = NodeKind::Str(last);
            }
            if let Some(expr) = self.scopes.expr(at)
                && let Some(secret) = self.scopes.secret(&expr, at.scope)
            {
                let sink = format!("the name of {}", around.what);
                self.sink.push(errors::secret(&secret, &sink, self.scopes.span(member.value.range)));
            }
        }
        node
    }

    fn check_name(&mut self, name: &str, kind: &'static ResourceKind, span: Span) {
        if kind.deployable && !kind.name.accepts(name) && !has_placeholder(name) {
            self.sink.push(errors::bad_resource_name(name, kind, span));
        }
    }

    /// The id as `resourceId('type', 'name', …)`.
    fn id(&self, header: &Header) -> Node {
        let Some(target) = &header.target else {
            return Node::new(NodeKind::Invalid, header.span.into());
        };
        let names = target.names.iter().map(|n| arm::Expr::str(n.as_str()));
        let ty = std::iter::once(arm::Expr::str(header.kind.arm_type()));
        let call = arm::Expr::call("resourceId", ty.chain(names).collect());
        Node::new(NodeKind::Expr(call), header.span.into())
    }

    /// What a resource waits for, of the document: by id, by name, or by symbolic name.
    fn depends_on(&self, found: &Found<'a>) -> Vec<ResourceId> {
        let list = found.member("dependsOn").and_then(|m| m.value.as_list()).unwrap_or_default();
        let of = |value: &'a crate::json::Value| {
            let segments = self.scopes.segments(At { value, scope: found.scope })?;
            self.names.reference(&segments).map(|r| r.target).or_else(|| {
                let text = value.as_text()?;
                let at = self.headers.iter().position(|h| &*h.shown == text)?;
                u32::try_from(at).ok().map(ResourceId)
            })
        };
        list.iter().filter_map(of).collect()
    }

    /// The parameters of the templates that are deployed.
    fn params(&mut self, found: &[Found<'a>]) -> Vec<Param> {
        let mut scopes: Vec<ScopeId> = found.iter().map(|f| f.scope).collect();
        scopes.dedup();
        let mut out: Vec<Param> = Vec::new();
        for scope in scopes {
            for member in self.scopes.params(scope) {
                let ty = self.scopes.type_of(scope, member).unwrap_or_default();
                let secret = is_secret_type(ty);
                let default = member.value.as_object().and_then(|o| o.member_ignoring_case("defaultValue"));
                let literal = default.and_then(|d| Some((d, d.value.as_text()?)));
                if let Some((default, text)) = literal
                    && secret
                    && !text.is_empty()
                    && !text.starts_with('[')
                    && !has_placeholder(text)
                {
                    let span = self.scopes.span(default.value.range);
                    self.sink.push(errors::secret_default(&member.key.text, span));
                }
                if self.scopes.get(scope).is_some_and(|s| s.root) {
                    out.push(Param {
                        name: member.key.text.as_ref().into(),
                        arm_type: arm_type(ty),
                        secret,
                        own: true,
                        allowed: Vec::new(),
                        range: (None, None),
                        length: (None, None),
                        default: None,
                        description: None,
                        span: self.scopes.span(member.key.range),
                    });
                }
            }
        }
        out
    }
}

fn arm_type(ty: &str) -> &'static str {
    let known = ["int", "bool", "array", "object"];
    let secret = if ty.eq_ignore_ascii_case("secureObject") { Some("object") } else { None };
    secret.or(known.into_iter().find(|k| k.eq_ignore_ascii_case(ty))).unwrap_or("string")
}

/// "the image `web`", for messages.
fn what(header: &Header) -> String {
    let noun = header.kind.keyword().replace('_', " ");
    let noun = if noun == "image" { "image template".to_owned() } else { noun };
    if header.shown.is_empty() { format!("the {noun}") } else { format!("the {noun} `{}`", header.shown) }
}

/// The facts of images, which rest on those of definitions, and on those of images that are distributed to these.
fn state_facts(resources: &mut [Resource]) {
    let facts: Vec<ImageFacts> = resources
        .iter()
        .map(|r| match r.kind.keyword() {
            "image" => facts::of_source(&r.body, resources),
            _ => r.facts.clone(),
        })
        .collect();
    for (resource, facts) in resources.iter_mut().zip(facts) {
        resource.facts = facts;
    }
}
