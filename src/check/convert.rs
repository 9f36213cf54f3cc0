//! Values to nodes: what the author wrote, checked against the rows of the table, in the shape of ARM.

use std::sync::Arc;

use super::errors;
use super::module::Checker;
use super::program::{Key, Member, Node, NodeKind, Object, Origin, Reference, ResourceId, Via};
use super::tree::{insert_at, push_feature};
use super::ty::Type;
use super::value::{Field, Fields, Kind, Value};
use crate::base::Span;
use crate::schema::{ApiVersion, CrossRule, Implied, ObjectType, Prop, Role, Ty, Variant};

/// The state of converting one resource.
pub(crate) struct Conversion {
    pub(crate) owner: ResourceId,
    /// "the image `web`", for messages.
    pub(crate) what: String,
    /// The version converted for; raised by what is used unless it is pinned.
    pub(crate) version: ApiVersion,
    /// Where the version is stated, if it is.
    pub(crate) pinned: Option<Pinned>,
    /// Whether it is only a reference: nothing is required and nothing implied.
    pub(crate) partial: bool,
    pub(crate) via: Option<Arc<Via>>,
    pub(crate) location: Option<Node>,
    pub(crate) outputs: Vec<(Arc<str>, Span)>,
}

/// What fixes the API version.
#[derive(Clone)]
pub(crate) enum Pinned {
    At(Span),
    Option,
}

impl Conversion {
    pub(super) fn origin(&self, span: Span) -> Origin {
        Origin { span, via: self.via.clone() }
    }
}

impl Checker<'_, '_> {
    /// Reports a finding about a value, with the uses that brought it here.
    pub(crate) fn complain(&mut self, c: &Conversion, d: crate::diag::Diagnostic) {
        self.report_via(d, &c.via);
    }

    /// Converts fields by the rows of an object type.
    pub(crate) fn object(
        &mut self,
        c: &mut Conversion,
        fields: &Fields,
        ty: &'static ObjectType,
        span: Span,
    ) -> Object {
        let mut out = Object { ty: Some(ty), ..Object::default() };
        let mut meant = Vec::new();
        for field in fields.map.values() {
            match &field.key {
                Key::Str(name) if ty.prop(name).is_some() => {}
                Key::Str(name) => {
                    let known: Vec<&str> = ty.props.iter().map(|p| p.name).collect();
                    let d = errors::unknown_property(name, field.key_span, ty, &known, &|k| {
                        fields.get(k).is_some()
                    });
                    self.complain(c, d);
                    meant.extend(errors::meant_property(name, ty));
                }
                Key::Expr(_) => {
                    let d = errors::deferred(&field.value, "the name of a property", field.key_span);
                    self.complain(c, d);
                }
            }
        }
        for prop in ty.props {
            match fields.get(prop.name) {
                Some(field) => self.property_node(c, field, prop, &mut out),
                None if !c.partial => self.implied(c, prop, &mut out, span),
                None => {}
            }
        }
        meant.extend(brought_raw(fields, ty));
        meant.extend(brought_around(fields, ty));
        if !c.partial {
            self.required(c, fields, ty, &meant, span);
        }
        self.cross_rules(c, fields, ty, &meant, span);
        out
    }

    pub(super) fn property_node(
        &mut self,
        c: &mut Conversion,
        field: &Field,
        prop: &'static Prop,
        out: &mut Object,
    ) {
        if prop.read_only {
            let d = errors::read_only(prop, field.key_span);
            return self.complain(c, d);
        }
        if let Some(instead) = prop.deprecated {
            let d = errors::deprecated(prop, instead, field.key_span);
            self.complain(c, d);
        }
        self.use_since(c, prop.since, prop.until, &format!("`{}`", prop.name), field.key_span);
        let present = (!prop.is_required_in(c.version)).then(|| present(&field.value)).flatten();
        let value = present.as_ref().unwrap_or(&field.value);
        let Some(value) = self.node(c, value, &prop.ty, prop) else { return };
        self.place(c, prop, value, field.key_span, out);
    }

    /// Puts a converted value where its row says.
    pub(super) fn place(
        &mut self,
        c: &Conversion,
        prop: &'static Prop,
        value: Node,
        key_span: Span,
        out: &mut Object,
    ) {
        let key_origin = c.origin(key_span);
        let member = Member {
            key: Key::Str(prop.name.into()),
            key_origin: key_origin.clone(),
            prop: Some(prop),
            value,
        };
        match prop.role {
            Role::Member | Role::Script if !prop.arm.is_empty() => {
                insert_at(out, prop.arm_in(c.version), member);
            }
            Role::Feature => {
                let text = match &member.value.kind {
                    NodeKind::Bool(b) => NodeKind::Str(if *b { "True" } else { "False" }.into()),
                    other => other.clone(),
                };
                let value = Node { kind: text, ..member.value.clone() };
                let name = Node::str(prop.arm, key_origin.clone());
                let element = Object {
                    members: vec![
                        Member {
                            key: Key::Str("name".into()),
                            key_origin: key_origin.clone(),
                            prop: None,
                            value: name,
                        },
                        Member {
                            key: Key::Str("value".into()),
                            key_origin: key_origin.clone(),
                            prop: Some(prop),
                            value,
                        },
                    ],
                    ..Object::default()
                };
                push_feature(out, Node::new(NodeKind::Object(element), key_origin));
            }
            _ => out.hidden.push(member),
        }
    }

    pub(super) fn implied(&mut self, c: &mut Conversion, prop: &'static Prop, out: &mut Object, span: Span) {
        let value = match prop.implied {
            Implied::Nothing | Implied::DeclaredName | Implied::OutputName => return,
            Implied::Value(word) => match prop.ty {
                Ty::Bool | Ty::State => Value::new(Kind::Bool(word == "true"), span),
                _ => Value::str(word, span),
            },
            Implied::GroupLocation => {
                let node = self.default_location(c.owner);
                self.place(c, prop, node, span, out);
                return;
            }
            Implied::ResourceLocation => match c.location.clone() {
                Some(node) => {
                    self.place(c, prop, node, span, out);
                    return;
                }
                None => return,
            },
        };
        if !prop.is_in(c.version) {
            return;
        }
        if let Some(node) = self.node(c, &value, &prop.ty, prop) {
            self.place(c, prop, node, span, out);
        }
    }

    /// Reports what is required and neither there nor `meant`.
    pub(super) fn required(
        &mut self,
        c: &Conversion,
        fields: &Fields,
        ty: &'static ObjectType,
        meant: &[&str],
        span: Span,
    ) {
        let given = |prop: &Prop| {
            meant.contains(&prop.name)
                || fields.get(prop.name).is_some_and(|f| !matches!(f.value.kind, Kind::Null))
        };
        let required = ty
            .props
            .iter()
            .filter(|p| p.implied == Implied::Nothing && p.is_in(c.version) && p.is_required_in(c.version));
        let missing: Vec<&'static Prop> = required.filter(|p| !given(p)).collect();
        if !missing.is_empty() {
            let d = errors::missing_properties(&missing, ty, c, span);
            self.complain(c, d);
        }
    }

    pub(super) fn cross_rules(
        &mut self,
        c: &Conversion,
        fields: &Fields,
        ty: &'static ObjectType,
        meant: &[&str],
        span: Span,
    ) {
        let given = |name: &str| fields.get(name).filter(|f| !matches!(f.value.kind, Kind::Null));
        for rule in ty.rules {
            match rule {
                CrossRule::ExactlyOne { props, why } => {
                    let present: Vec<(&str, &Field)> =
                        props.iter().filter_map(|p| Some((*p, given(p)?))).collect();
                    match present.as_slice() {
                        [] if !c.partial && !props.iter().any(|p| meant.contains(p)) => {
                            let d = errors::one_of_missing(props, why, span);
                            self.complain(c, d);
                        }
                        [] | [_] => {}
                        [first, rest @ ..] => {
                            let d = errors::excluding(*first, rest, why);
                            self.complain(c, d);
                        }
                    }
                }
                CrossRule::AtMostOne { props, why } => {
                    let present: Vec<(&str, &Field)> =
                        props.iter().filter_map(|p| Some((*p, given(p)?))).collect();
                    if let [first, rest @ ..] = present.as_slice()
                        && !rest.is_empty()
                    {
                        let d = errors::excluding(*first, rest, why);
                        self.complain(c, d);
                    }
                }
                CrossRule::Requires { prop, needs, why } => {
                    if let Some(field) = given(prop)
                        && given(needs).is_none()
                    {
                        let d = errors::requires(prop, needs, why, field.key_span, None);
                        self.complain(c, d);
                    }
                }
                CrossRule::RequiresTrue { prop, needs, why } => {
                    let Some(field) = given(prop) else { continue };
                    if !matches!(field.value.kind, Kind::Bool(true)) {
                        continue;
                    }
                    let other = given(needs);
                    let missing = other.is_none_or(|f| matches!(f.value.kind, Kind::Bool(false)));
                    if missing {
                        let d = errors::requires(prop, needs, why, field.key_span, other.map(|f| f.key_span));
                        self.complain(c, d);
                    }
                }
            }
        }
    }

    /// Notes that something is used that not every version has.
    pub(crate) fn use_since(
        &mut self,
        c: &mut Conversion,
        since: Option<ApiVersion>,
        until: Option<ApiVersion>,
        what: &str,
        span: Span,
    ) {
        if c.partial {
            return;
        }
        let fits = since.is_none_or(|s| c.version >= s) && until.is_none_or(|u| c.version <= u);
        if fits {
            return;
        }
        match (since, &c.pinned) {
            (Some(since), None) if c.version < since => c.version = since,
            _ => {
                let d = errors::not_in_version(what, since, until, c, span);
                self.complain(c, d);
            }
        }
    }

    /// Converts one value by its type; nothing where it is absent.
    pub(crate) fn node(
        &mut self,
        c: &mut Conversion,
        value: &Value,
        ty: &'static Ty,
        prop: &'static Prop,
    ) -> Option<Node> {
        let origin = c.origin(value.span);
        let container =
            matches!(value.kind, Kind::List(_) | Kind::Object(_) | Kind::Body(_) | Kind::Variant(..));
        if value.labels.secret.is_some() && !container {
            let d = errors::secret_sink(value, &errors::of(prop, c), value.span);
            self.complain(c, d);
            if !self.options.permissive {
                return Some(Node::new(NodeKind::Invalid, origin));
            }
        }
        let kind = match &value.kind {
            Kind::Null => return None,
            Kind::Unknown => NodeKind::Invalid,
            _ => match self.node_kind(c, value, ty, prop) {
                Some(node) => return Some(node),
                None => return Some(self.refused(c, value)),
            },
        };
        Some(Node::new(kind, origin))
    }

    /// Reports every secret in a value that is written as it is.
    fn leaks(&mut self, c: &Conversion, value: &Value, prop: &'static Prop) -> bool {
        let mut leaked = Vec::new();
        secrets_in(value, &mut leaked);
        for part in &leaked {
            let d = errors::secret_sink(part, &errors::of(prop, c), part.span);
            self.complain(c, d);
        }
        !leaked.is_empty()
    }

    /// A value that was reported as wrong: kept as it is where the run is permissive, else nothing.
    fn refused(&mut self, c: &Conversion, value: &Value) -> Node {
        let origin = c.origin(value.span);
        if !self.options.permissive {
            return Node::new(NodeKind::Invalid, origin);
        }
        let value = self.as_plain(value.clone(), value.span);
        Node { origin, ..self.plain_node(&value) }
    }

    /// A node of a kind with the labels of a value.
    pub(crate) fn labelled(&self, c: &Conversion, kind: NodeKind, value: &Value) -> Node {
        let reference = value.belongs_to.map(Reference::to);
        Node { kind, origin: c.origin(value.span), labels: value.labels.clone(), reference }
    }

    pub(super) fn node_kind(
        &mut self,
        c: &mut Conversion,
        value: &Value,
        ty: &'static Ty,
        prop: &'static Prop,
    ) -> Option<Node> {
        match ty {
            Ty::Str | Ty::Name(_) | Ty::Url | Ty::Sha256 | Ty::Region | Ty::Version => {
                self.text_node(c, value, ty, prop)
            }
            Ty::Int | Ty::Minutes | Ty::Gigabytes => self.number_node(c, value, ty, prop),
            Ty::Bool => match &value.kind {
                Kind::Bool(b) => Some(self.labelled(c, NodeKind::Bool(*b), value)),
                Kind::Deferred(expr, Type::Bool | Type::Any) => {
                    Some(self.labelled(c, NodeKind::Expr(expr.clone()), value))
                }
                _ => self.mismatch(c, value, "a bool", prop),
            },
            Ty::GoDuration => self.go_duration(c, value, prop),
            Ty::State => self.state_node(c, value, prop),
            Ty::Enum(e) => self.enum_node(c, value, e, prop),
            Ty::List(inner) => match &value.kind {
                Kind::List(items) => {
                    let nodes = self.list_nodes(c, &items.clone(), inner, prop);
                    Some(self.labelled(c, NodeKind::List(nodes), value))
                }
                Kind::Deferred(expr, Type::List(element)) => {
                    let expr = self.deferred_list(c, expr, element, value, inner, prop)?;
                    Some(self.labelled(c, NodeKind::Expr(expr), value))
                }
                Kind::Deferred(expr, Type::Any) => {
                    Some(self.labelled(c, NodeKind::Expr(expr.clone()), value))
                }
                _ => self.mismatch(c, value, "a list", prop),
            },
            Ty::Map(inner) => self.map_node(c, value, inner, prop),
            Ty::Tags => self.tags_node(c, value, prop),
            Ty::Object(object) => self.object_node(c, value, object, prop),
            Ty::Union(union) => self.union_node(c, value, union, prop),
            Ty::Id(kinds) => self.id_node(c, value, kinds, prop),
            Ty::Identity => self.identity_node(c, value, prop),
            Ty::ResourceGroup => self.group_node(c, value, prop),
            Ty::Script => self.script_node(c, value, prop),
            Ty::Any => {
                if self.leaks(c, value, prop) {
                    return None;
                }
                let plain = self.as_plain(value.clone(), value.span);
                if plain.is_unknown() { None } else { Some(self.plain_node(&plain)) }
            }
        }
    }

    pub(crate) fn mismatch(
        &mut self,
        c: &Conversion,
        value: &Value,
        wanted: &str,
        prop: &'static Prop,
    ) -> Option<Node> {
        let d = errors::property_type(prop, value, wanted);
        self.complain(c, d);
        None
    }

    /// A variant's object: its discriminator first.
    pub(crate) fn variant_object(
        &mut self,
        c: &mut Conversion,
        variant: &'static Variant,
        discriminator: &str,
        fields: &Fields,
        span: Span,
    ) -> Object {
        self.use_since(c, variant.since, variant.until, &format!("`{}`", variant.keyword), span);
        let inner = self.object(c, fields, variant.body, span);
        let tag = Member {
            key: Key::Str(discriminator.into()),
            key_origin: c.origin(span),
            prop: None,
            value: Node::str(variant.arm_in(c.version), c.origin(span)),
        };
        let mut members = vec![tag];
        members.extend(inner.members);
        Object { ty: Some(variant.body), variant: Some(variant), members, hidden: inner.hidden }
    }
}

/// The innermost parts of a value that are secret.
pub(super) fn secrets_in(value: &Value, out: &mut Vec<Value>) {
    if value.labels.secret.is_none() {
        return;
    }
    match &value.kind {
        Kind::List(items) => items.iter().for_each(|v| secrets_in(v, out)),
        Kind::Object(fields) => fields.map.values().for_each(|f| secrets_in(&f.value, out)),
        _ => out.push(value.clone()),
    }
}

/// A value that Azure may find to be `null`, typed as what it is otherwise: where a property may be left out, ARM takes
/// `null` for that.
fn present(value: &Value) -> Option<Value> {
    let Kind::Deferred(expr, ty) = &value.kind else { return None };
    let ty = ty.without_null()?;
    Some(Value { kind: Kind::Deferred(expr.clone(), ty), ..value.clone() })
}

/// The properties whose members `raw` brings, in whatever letter case: nobody is told that they are missing.
fn brought_raw(fields: &Fields, ty: &'static ObjectType) -> Vec<&'static str> {
    let raw = ty.props.iter().filter(|p| p.role == Role::Raw).find_map(|p| fields.get(p.name));
    let Some(raw) = raw.and_then(|field| field.value.as_object()) else { return Vec::new() };
    let brings = |prop: &Prop| {
        let spellings = std::iter::once(prop.arm).chain(prop.legacy.iter().map(|l| l.arm));
        let member = |path: &str| path.trim_start_matches("properties.").to_ascii_lowercase();
        let known: Vec<String> = spellings.filter(|path| !path.is_empty()).map(member).collect();
        let keys = raw.map.values().filter_map(|f| match &f.key {
            Key::Str(key) => Some(key.to_ascii_lowercase()),
            Key::Expr(_) => None,
        });
        keys.into_iter().chain(looped(raw)).any(|key| known.contains(&key))
    };
    ty.props.iter().filter(|p| brings(p)).map(|p| p.name).collect()
}

/// The properties of a resource itself, beside its `properties`, whose members `envelope` brings.
fn brought_around(fields: &Fields, ty: &'static ObjectType) -> Vec<&'static str> {
    let around = ty.props.iter().filter(|p| p.role == Role::Envelope).find_map(|p| fields.get(p.name));
    let Some(around) = around.and_then(|field| field.value.as_object()) else { return Vec::new() };
    let brings = |prop: &Prop| {
        let found = around.map.values().find(|f| matches!(&f.key, Key::Str(key) if **key == *prop.arm));
        !prop.arm.is_empty() && found.is_some_and(|field| !matches!(field.value.kind, Kind::Null))
    };
    ty.props.iter().filter(|p| brings(p)).map(|p| p.name).collect()
}

/// The members that `copy` of ARM makes: `copy = [{ name = "distribute", count = …, input = … }]`.
fn looped(members: &Fields) -> Vec<String> {
    let loops = members.get("copy").map(|field| &field.value.kind);
    let Some(Kind::List(loops)) = loops else { return Vec::new() };
    let name = |value: &Value| Some(value.as_object()?.get("name")?.value.as_str()?.to_ascii_lowercase());
    loops.iter().filter_map(name).collect()
}
