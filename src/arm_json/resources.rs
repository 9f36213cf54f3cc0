//! A document as a program: its resources, named and checked.

use std::collections::HashMap;
use std::sync::Arc;

use super::computed::Made;
use super::errors;
use super::facts;
use super::find::{Found, find, is_image, is_ours, is_truncated};
use super::header::{Header, what};
use super::ids::Target;
use super::late;
use super::names::Names;
use super::scope::{At, ScopeId, Scopes, Text};
use super::secrets::is_secret_type;
use super::unused;
use super::walk::{Around, Frame, Walk, is_placeholder};
use super::whole;
use super::words::is_envelope;
use crate::arm;
use crate::base::{FileId, Span, TextRange, has_placeholder};
use crate::check::{
    Given, ImageFacts, Kind, Node, NodeKind, Object, Param, Program, Resource, ResourceId, WrittenIn,
};
use crate::diag::Sink;
use crate::json::Document;
use crate::schema::{ApiVersion, IMAGE, ResourceKind, V2019_05, V2020_02};

/// What is known of a document besides its text.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Values of parameters of the deployed template.
    pub given: Vec<Given>,
    /// The API version of image templates that state none.
    pub api_version: Option<String>,
    /// Whether a value for a parameter that the deployed template does not have is a mistake: not if it may be meant for
    /// another document.
    pub strict: bool,
}

/// Reads a document into a program and reports what is wrong with its image templates, and with what belongs to them. `text`
/// is the text that the document was read from.
pub fn read(file: FileId, text: &str, document: &Document, options: &Options, sink: &mut Sink) -> Program {
    let made = Made::default();
    let mut scopes = Scopes::new(file, text, &made);
    scopes.give(&options.given);
    let found = find(document, &mut scopes);
    if !found.iter().any(is_ours) {
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
    let mut quiet = Sink::new();
    let mut resources: Vec<Resource> = Vec::with_capacity(found.len());
    for (found, header) in found.iter().zip(&headers) {
        // What is never deployed fails nothing.
        let sink = if found.off { &mut quiet } else { &mut *sink };
        let mut reader = Reader { scopes: &scopes, names: &names, headers: &headers, options, sink };
        let resource = reader.resource(found, header);
        resources.push(Resource { existing: resource.existing || found.off, ..resource });
    }
    whole::check(&scopes, sink);
    unused::check(&scopes, sink);
    late::check(&found, &scopes, sink);
    if options.strict {
        whole::unknown_values(&scopes, &options.given, sink);
    }
    let mut reader = Reader { scopes: &scopes, names: &names, headers: &headers, options, sink };
    let params = reader.params(&found);
    state_facts(&mut resources);
    let loose = whole::texts(&scopes);
    let schema = whole::schema(&scopes);
    Program { written_in: WrittenIn::Json, params, resources, loose, schema, ..Program::default() }
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
    options: &'s Options,
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
            binding: found.in_template || found.member("apiVersion").is_none(),
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
        let (depends_on, waits_for_more) = self.depends_on(found);
        Resource {
            kind: header.kind.clone(),
            declared: header.shown.clone(),
            existing,
            imported: false,
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
            listed: false,
            network: None,
            facts,
            depends_on,
            waits_for_more,
            span: header.span,
        }
    }

    fn walk<'w>(&'w mut self, around: &'w Around) -> Walk<'a, 'w> {
        Walk {
            scopes: self.scopes,
            around,
            names: self.names,
            sink: self.sink,
            instances: Vec::new(),
            unknown: 0,
        }
    }

    /// The body of a resource that the table describes.
    fn body(&mut self, found: &Found<'a>, header: &Header, around: &Around) -> Node {
        let mut walk = self.walk(around);
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
        let mut walk = self.walk(around);
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
        let Some(member) = found.member("apiVersion").or(found.request) else {
            let asked = self.options.api_version.as_deref().filter(|_| is_builder);
            if let (Some(text), Kind::Known(kind)) = (asked, &header.kind) {
                let version = kind.versions.iter().copied().find(|v| v.0 == text);
                return (version, text.into(), None);
            }
            if let (true, Some(ty)) = (is_builder, found.member("type")) {
                let span = self.scopes.span(ty.key.range);
                self.sink.push(errors::missing_version(&what(header), found.in_template, span));
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
            None => {
                if is_builder && !is_placeholder(at.value) {
                    self.sink.push(errors::wrong_type("`apiVersion`", "a string", at.value, span));
                }
                return (None, "".into(), Some(span));
            }
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
            None => {
                let start = found.range.start as usize;
                let opening = self.scopes.span(TextRange::new(start, start + 1));
                let versioned = found.member("apiVersion").is_some() || self.options.api_version.is_some();
                // The body of a request has its type in the address.
                if found.request.is_some() {
                    return;
                }
                self.sink.push(errors::missing_type(&what(header), versioned, opening));
            }
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
            if found.in_template && matches!(header.kind, Kind::Known(_)) {
                // At its brace: what else it lacks is told of its type.
                let start = found.range.start as usize;
                let opening = self.scopes.span(TextRange::new(start, start + 1));
                self.sink.push(errors::missing_name(&around.what, opening));
            }
            return Node::new(NodeKind::Invalid, header.span.into());
        };
        let at = At { value: &member.value, scope: found.scope };
        self.check_parts(found, header, around);
        let (followed, _) = self.scopes.follow(at);
        let mut node = self.walk(around).plain(followed);
        if let Kind::Known(kind) = header.kind {
            let last = node.as_str().and_then(|text| text.rsplit('/').next()).map(Arc::<str>::from);
            if let Some(last) = last {
                self.check_name(&last, kind, node.origin.span);
                node.kind = NodeKind::Str(last);
            }
            if let Some(expr) = self.scopes.expr(at)
                && let Some(secret) = self.scopes.secret(&expr, at)
            {
                let sink = format!("the name of {}", around.what);
                self.sink.push(errors::secret(&secret, &sink, self.scopes.span(member.value.range)));
            }
        }
        node
    }

    /// A name has a part for each part of its type behind the provider; a nested one says only the last of them.
    fn check_parts(&mut self, found: &Found<'a>, header: &Header, around: &Around) {
        let (Some(ty), Some(name)) = (found.text("type"), found.member("name")) else { return };
        if !found.in_template || is_truncated(ty) || ty.starts_with('[') || has_placeholder(ty) {
            return;
        }
        let relative = found.parent.is_some() && !ty.contains('/');
        if !relative && !ty.contains('.') {
            return;
        }
        let wanted = if relative { 1 } else { ty.trim_end_matches('/').matches('/').count() };
        let at = At { value: &name.value, scope: found.scope };
        let Some(segments) = self.scopes.segments(at) else { return };
        // What is not known yet may hold slashes.
        if found.parent.is_some() && !relative
            || segments.iter().any(|s| s.contains('[') || has_placeholder(s))
        {
            return;
        }
        if segments.len() != wanted {
            let span = self.scopes.span(name.value.range);
            self.sink.push(errors::wrong_parts(
                &around.what,
                header.kind.arm_type(),
                wanted,
                segments.len(),
                span,
            ));
        }
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

    /// What a resource waits for, of the document: by id, by name, or by symbolic name; and whether for anything else.
    fn depends_on(&self, found: &Found<'a>) -> (Vec<ResourceId>, bool) {
        let Some(member) = found.member("dependsOn") else { return (Vec::new(), false) };
        let Some(list) = member.value.as_list() else { return (Vec::new(), true) };
        let of = |value: &'a crate::json::Value| {
            let segments = self.scopes.segments(At { value, scope: found.scope })?;
            self.names.reference(&segments).map(|r| r.target).or_else(|| {
                let text = value.as_text()?;
                let at = self.headers.iter().position(|h| &*h.shown == text)?;
                u32::try_from(at).ok().map(ResourceId)
            })
        };
        let known: Vec<ResourceId> = list.iter().filter_map(of).collect();
        let is_all = known.len() == list.len();
        (known, !is_all)
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
    arm::parameter_type(ty).map_or("string", |ty| ty.holds)
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
