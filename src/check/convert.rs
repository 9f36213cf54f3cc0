//! Values to nodes: what the author wrote, checked against the rows of the table, in the shape of ARM.

use std::sync::Arc;

use super::errors;
use super::module::Checker;
use super::program::{Key, Member, Node, NodeKind, Object, Origin, Reference, ResourceId, Via};
use super::ty::Type;
use super::value::{Field, Fields, Kind, Value};
use crate::arm;
use crate::base::Span;
use crate::schema::{ApiVersion, CrossRule, Implied, Lit, ObjectType, Prop, Role, Ty, Variant};

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
    fn origin(&self, span: Span) -> Origin {
        Origin { span, via: self.via.clone() }
    }
}

/// The word as it is meant where a property of the target is expected, if it is one of its bare words.
pub(crate) fn bare_word(ty: &Ty, name: &str) -> Option<Arc<str>> {
    match ty {
        Ty::Enum(e) => e.values.iter().find(|v| v.name == name).map(|v| v.name.into()),
        Ty::Union(u) => u
            .variants
            .iter()
            .find(|v| v.keyword == name && u.discriminator != "type")
            .map(|v| v.keyword.into()),
        _ => None,
    }
}

/// The bare words of a property.
pub(crate) fn bare_words(ty: &Ty) -> Vec<&'static str> {
    match ty {
        Ty::Enum(e) => e.values.iter().map(|v| v.name).collect(),
        Ty::Union(u) if u.discriminator != "type" => u.variants.iter().map(|v| v.keyword).collect(),
        _ => Vec::new(),
    }
}

/// Whether a text holds a placeholder that a later tool fills in: `<region>`, `{name}`, `__region__`, `%name%`.
pub(crate) fn has_placeholder(text: &str) -> bool {
    let between = |open: char, close: char| {
        text.find(open).is_some_and(|a| text.get(a + 1..).is_some_and(|rest| rest.contains(close)))
    };
    between('<', '>') || between('{', '}') || between('%', '%') || text.matches("__").count() >= 2
}

/// Text split at its line breaks; nothing for what cannot be split before deployment.
pub(crate) fn split_lines(value: &Value) -> Option<Vec<Value>> {
    let line = |kind: Kind| Value { kind, ..value.clone() };
    match &value.kind {
        Kind::Str(text) => {
            Some(text.trim_end_matches('\n').split('\n').map(|l| line(Kind::Str(l.into()))).collect())
        }
        Kind::Deferred(arm::Expr::Shared { expr, .. }, ty) => {
            split_lines(&Value { kind: Kind::Deferred((**expr).clone(), ty.clone()), ..value.clone() })
        }
        Kind::Deferred(arm::Expr::Call { name, args }, _) if &**name == "format" => {
            let (arm::Expr::Str(pattern), rest) = args.split_first()? else { return None };
            let mut lines = Vec::new();
            for part in pattern.trim_end_matches('\n').split('\n') {
                lines.push(match format_line(part, rest) {
                    arm::Expr::Str(text) => Value::str(text, value.span),
                    expr => line(Kind::Deferred(expr, Type::STRING)),
                });
            }
            Some(lines)
        }
        Kind::Deferred(..) => None,
        _ => None,
    }
}

/// One line of a `format` pattern with the arguments it uses, numbered anew.
fn format_line(pattern: &str, args: &[arm::Expr]) -> arm::Expr {
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '{' | '}' if chars.peek() == Some(&c) => {
                chars.next();
                text.push(c);
            }
            '{' => {
                let number: String = std::iter::from_fn(|| chars.next_if(|c| *c != '}')).collect();
                chars.next();
                if let Some(arg) = number.parse::<usize>().ok().and_then(|i| args.get(i)) {
                    if !text.is_empty() {
                        parts.push(arm::Expr::Str(std::mem::take(&mut text).into()));
                    }
                    parts.push(arg.clone());
                }
            }
            c => text.push(c),
        }
    }
    if !text.is_empty() || parts.is_empty() {
        parts.push(arm::Expr::Str(text.into()));
    }
    arm::interpolate(parts)
}

/// Puts a member at a dotted path, making the objects on the way; objects that are there already are merged.
pub(crate) fn insert_at(object: &mut Object, path: &str, mut member: Member) {
    match path.split_once('.') {
        None => {
            member.key = Key::Str(path.into());
            let place = object.members.iter_mut().find(|m| m.key == member.key);
            match place {
                Some(old) => match (&mut old.value.kind, member.value.kind) {
                    (NodeKind::Object(a), NodeKind::Object(b)) => {
                        a.ty = a.ty.or(b.ty);
                        for m in b.members {
                            let Key::Str(key) = m.key.clone() else { continue };
                            insert_at(a, &key, m);
                        }
                        a.hidden.extend(b.hidden);
                    }
                    (_, kind) => old.value.kind = kind,
                },
                None => object.members.push(member),
            }
        }
        Some((first, rest)) => {
            let key = Key::Str(first.into());
            if !object.members.iter().any(|m| m.key == key) {
                let origin = member.key_origin.clone();
                object.members.push(Member {
                    key: key.clone(),
                    key_origin: origin.clone(),
                    prop: None,
                    value: Node::new(NodeKind::Object(Object::default()), origin),
                });
            }
            if let Some(m) = object.members.iter_mut().find(|m| m.key == key)
                && let NodeKind::Object(inner) = &mut m.value.kind
            {
                insert_at(inner, rest, member);
            }
        }
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
        for field in fields.map.values() {
            match &field.key {
                Key::Str(name) if ty.prop(name).is_some() => {}
                Key::Str(name) => {
                    let known: Vec<&str> = ty.props.iter().map(|p| p.name).collect();
                    let d =
                        errors::unknown_property(name, field.key_span, ty, &known, Some(field.value.span));
                    self.complain(c, d);
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
        if !c.partial {
            self.required(c, fields, ty, span);
        }
        self.cross_rules(c, fields, ty, span);
        out
    }

    fn property_node(&mut self, c: &mut Conversion, field: &Field, prop: &'static Prop, out: &mut Object) {
        if prop.read_only {
            let d = errors::read_only(prop, field.key_span);
            return self.complain(c, d);
        }
        if let Some(instead) = prop.deprecated {
            let d = errors::deprecated(prop.name, instead, field.key_span);
            self.complain(c, d);
        }
        self.use_since(c, prop.since, prop.until, &format!("`{}`", prop.name), field.key_span);
        let Some(value) = self.node(c, &field.value, &prop.ty, prop) else { return };
        self.place(c, prop, value, field.key_span, out);
    }

    /// Puts a converted value where its row says.
    fn place(&mut self, c: &Conversion, prop: &'static Prop, value: Node, key_span: Span, out: &mut Object) {
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

    fn implied(&mut self, c: &mut Conversion, prop: &'static Prop, out: &mut Object, span: Span) {
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

    fn required(&mut self, c: &Conversion, fields: &Fields, ty: &'static ObjectType, span: Span) {
        for prop in ty.props {
            let given = fields.get(prop.name).is_some_and(|f| !matches!(f.value.kind, Kind::Null));
            if !given
                && prop.implied == Implied::Nothing
                && prop.is_in(c.version)
                && prop.is_required_in(c.version)
            {
                let d = errors::missing_property(prop, ty, c, span);
                self.complain(c, d);
            }
        }
    }

    fn cross_rules(&mut self, c: &Conversion, fields: &Fields, ty: &'static ObjectType, span: Span) {
        let given = |name: &str| fields.get(name).filter(|f| !matches!(f.value.kind, Kind::Null));
        for rule in ty.rules {
            match rule {
                CrossRule::ExactlyOne { props, why } => {
                    let present: Vec<(&str, &Field)> =
                        props.iter().filter_map(|p| Some((*p, given(p)?))).collect();
                    match present.as_slice() {
                        [] if !c.partial => {
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
            let d = errors::secret_sink(value, &format!("`{}` of {}", prop.name, c.what), value.span);
            self.complain(c, d);
            return Some(Node::new(NodeKind::Invalid, origin));
        }
        let kind = match &value.kind {
            Kind::Null => return None,
            Kind::Unknown => NodeKind::Invalid,
            _ => match self.node_kind(c, value, ty, prop) {
                Some(node) => return Some(node),
                None => NodeKind::Invalid,
            },
        };
        Some(Node::new(kind, origin))
    }

    /// A node of a kind with the labels of a value.
    pub(crate) fn labelled(&self, c: &Conversion, kind: NodeKind, value: &Value) -> Node {
        let reference = value.belongs_to.map(|target| Reference { target, version: None });
        Node { kind, origin: c.origin(value.span), labels: value.labels.clone(), reference }
    }

    fn node_kind(
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
                    let nodes = items.clone().iter().filter_map(|v| self.node(c, v, inner, prop)).collect();
                    Some(self.labelled(c, NodeKind::List(nodes), value))
                }
                Kind::Deferred(expr, Type::List(_) | Type::Any) => {
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

    fn text_node(
        &mut self,
        c: &mut Conversion,
        value: &Value,
        ty: &'static Ty,
        prop: &'static Prop,
    ) -> Option<Node> {
        let value = match &value.kind {
            Kind::Handle(handle) if matches!(ty, Ty::Str) => self.handle_id(&handle.clone(), value.span),
            _ => value.clone(),
        };
        match &value.kind {
            Kind::Str(text) => {
                if let Some(d) = errors::bad_text(text, ty, prop, value.span, c) {
                    self.complain(c, d);
                    return None;
                }
                Some(self.labelled(c, NodeKind::Str(text.clone()), &value))
            }
            Kind::Deferred(expr, have)
                if have.is_text() || matches!(have, Type::Any | Type::Source) || is_text_union(have) =>
            {
                Some(self.labelled(c, NodeKind::Expr(expr.clone()), &value))
            }
            Kind::Unknown => None,
            _ => self.mismatch(c, &value, errors::words_of(ty), prop),
        }
    }

    fn number_node(
        &mut self,
        c: &mut Conversion,
        value: &Value,
        ty: &'static Ty,
        prop: &'static Prop,
    ) -> Option<Node> {
        let number = match (&value.kind, ty) {
            (Kind::Int(n), Ty::Int) => Some(*n),
            (Kind::Duration(s), Ty::Minutes) => {
                if s % 60 != 0 {
                    let d = errors::not_whole_minutes(prop, *s, value.span);
                    self.complain(c, d);
                    return None;
                }
                i64::try_from(s / 60).ok()
            }
            (Kind::Size(gb), Ty::Gigabytes) => i64::try_from(*gb).ok(),
            (Kind::Deferred(expr, have), _) => {
                let fits = match ty {
                    Ty::Int => matches!(have, Type::Int { .. } | Type::Any),
                    Ty::Minutes => matches!(have, Type::Duration | Type::Int { .. } | Type::Any),
                    _ => matches!(have, Type::Size | Type::Int { .. } | Type::Any),
                };
                if !fits {
                    return self.mismatch(c, value, errors::words_of(ty), prop);
                }
                if let (Ty::Int | Ty::Minutes | Ty::Gigabytes, Type::Int { min, max }) = (ty, have)
                    && let Some(d) = errors::range_of_type(prop, *min, *max, value.span)
                {
                    self.complain(c, d);
                }
                return Some(self.labelled(c, NodeKind::Expr(expr.clone()), value));
            }
            _ => None,
        };
        let Some(number) = number else { return self.mismatch(c, value, errors::words_of(ty), prop) };
        let limit = prop.limit;
        let low = limit.min.is_some_and(|m| number < m);
        let high = limit.max.is_some_and(|m| number > m) || number > i64::from(i32::MAX);
        if low || high || number < i64::from(i32::MIN) {
            let d = errors::out_of_bounds(prop, number, value.span);
            self.complain(c, d);
            return None;
        }
        Some(self.labelled(c, NodeKind::Int(number), value))
    }

    fn go_duration(&mut self, c: &mut Conversion, value: &Value, prop: &'static Prop) -> Option<Node> {
        match &value.kind {
            Kind::Duration(0) => {
                let d = errors::out_of_bounds(prop, 0, value.span);
                self.complain(c, d);
                None
            }
            Kind::Duration(s) => {
                let text = match s {
                    s if s % 3600 == 0 => format!("{}h", s / 3600),
                    s if s % 60 == 0 => format!("{}m", s / 60),
                    s => format!("{s}s"),
                };
                Some(self.labelled(c, NodeKind::Str(text.into()), value))
            }
            Kind::Deferred(expr, Type::Duration) => {
                let expr = arm::interpolate(vec![expr.clone(), arm::Expr::Str("m".into())]);
                Some(self.labelled(c, NodeKind::Expr(expr), value))
            }
            Kind::Deferred(expr, t) if t.is_text() || *t == Type::Any => {
                Some(self.labelled(c, NodeKind::Expr(expr.clone()), value))
            }
            Kind::Str(text) if go_duration_is_valid(text) || has_placeholder(text) => {
                Some(self.labelled(c, NodeKind::Str(text.clone()), value))
            }
            _ => self.mismatch(c, value, "a duration such as `10m`", prop),
        }
    }

    fn state_node(&mut self, c: &mut Conversion, value: &Value, prop: &'static Prop) -> Option<Node> {
        let word = |b: bool| if b { "Enabled" } else { "Disabled" };
        match &value.kind {
            Kind::Bool(b) => Some(self.labelled(c, NodeKind::Str(word(*b).into()), value)),
            Kind::Str(text) if matches!(&**text, "Enabled" | "Disabled") => {
                Some(self.labelled(c, NodeKind::Str(text.clone()), value))
            }
            Kind::Deferred(expr, Type::Bool) => {
                let args =
                    vec![expr.clone(), arm::Expr::Str(word(true).into()), arm::Expr::Str(word(false).into())];
                Some(self.labelled(c, NodeKind::Expr(arm::Expr::call("if", args)), value))
            }
            Kind::Deferred(expr, t) if t.is_text() || *t == Type::Any => {
                Some(self.labelled(c, NodeKind::Expr(expr.clone()), value))
            }
            _ => self.mismatch(c, value, "a bool", prop),
        }
    }

    fn enum_node(
        &mut self,
        c: &mut Conversion,
        value: &Value,
        e: &'static crate::schema::Enumeration,
        prop: &'static Prop,
    ) -> Option<Node> {
        let boolean = e.values.iter().any(|v| matches!(v.arm, Lit::Bool(_)));
        match &value.kind {
            Kind::Str(text) => match e.find(text) {
                Some(found) => {
                    self.use_since(
                        c,
                        found.since,
                        None,
                        &format!("`{}` of `{}`", found.name, prop.name),
                        value.span,
                    );
                    let kind = match found.arm {
                        Lit::Str(text) => NodeKind::Str(text.into()),
                        Lit::Bool(b) => NodeKind::Bool(b),
                    };
                    Some(self.labelled(c, kind, value))
                }
                None if has_placeholder(text) => Some(self.labelled(c, NodeKind::Str(text.clone()), value)),
                None => {
                    let d = errors::not_in_enum(text, e, prop, value.span);
                    self.complain(c, d);
                    e.open.then(|| self.labelled(c, NodeKind::Str(text.clone()), value))
                }
            },
            Kind::Bool(b) if boolean => Some(self.labelled(c, NodeKind::Bool(*b), value)),
            Kind::Deferred(expr, Type::Bool) if boolean => {
                Some(self.labelled(c, NodeKind::Expr(expr.clone()), value))
            }
            Kind::Deferred(expr, have) if have.is_text() || *have == Type::Any => {
                if let Type::Literals(values) = have {
                    for text in values.iter() {
                        let exact = e.values.iter().any(|v| matches!(v.arm, Lit::Str(own) if own == &**text));
                        if !exact && !e.open {
                            let d = errors::enum_of_type(text, e, prop, value.span);
                            self.complain(c, d);
                            return None;
                        }
                    }
                }
                Some(self.labelled(c, NodeKind::Expr(expr.clone()), value))
            }
            _ => self.mismatch(c, value, &errors::words_of_enum(e), prop),
        }
    }

    fn map_node(
        &mut self,
        c: &mut Conversion,
        value: &Value,
        inner: &'static Ty,
        prop: &'static Prop,
    ) -> Option<Node> {
        match &value.kind {
            Kind::Object(fields) => {
                let mut object = Object::default();
                for field in fields.clone().map.values() {
                    let Some(node) = self.node(c, &field.value, inner, prop) else { continue };
                    object.members.push(Member {
                        key: field.key.clone(),
                        key_origin: c.origin(field.key_span),
                        prop: None,
                        value: node,
                    });
                }
                Some(self.labelled(c, NodeKind::Object(object), value))
            }
            Kind::Deferred(expr, Type::Map(_) | Type::Object(_) | Type::Any) => {
                Some(self.labelled(c, NodeKind::Expr(expr.clone()), value))
            }
            _ => self.mismatch(c, value, "an object", prop),
        }
    }

    fn tags_node(&mut self, c: &mut Conversion, value: &Value, prop: &'static Prop) -> Option<Node> {
        if let Kind::Object(fields) = &value.kind {
            for d in errors::bad_tags(fields, prop, value.span) {
                self.complain(c, d);
            }
        }
        static TEXT: Ty = Ty::Str;
        self.map_node(c, value, &TEXT, prop)
    }

    fn object_node(
        &mut self,
        c: &mut Conversion,
        value: &Value,
        object: &'static ObjectType,
        prop: &'static Prop,
    ) -> Option<Node> {
        match &value.kind {
            Kind::Object(fields) => {
                let inner = self.object(c, &fields.clone(), object, value.span);
                Some(self.labelled(c, NodeKind::Object(inner), value))
            }
            Kind::Body(body) => Some(self.body_node(c, &body.clone(), object, value)),
            Kind::Deferred(expr, Type::Map(_) | Type::Object(_) | Type::Any) => {
                Some(self.labelled(c, NodeKind::Expr(expr.clone()), value))
            }
            _ => {
                let short = object.shorthand.and_then(|name| object.prop(name));
                let scalar = !matches!(
                    value.kind,
                    Kind::List(_) | Kind::Namespace(_) | Kind::Callable(_) | Kind::Builtin(_)
                );
                match short {
                    Some(short) if scalar => {
                        let mut fields = Fields::default();
                        fields.insert(short.name.into(), value.span, value.clone());
                        let inner = self.object(c, &fields, object, value.span);
                        Some(self.labelled(c, NodeKind::Object(inner), value))
                    }
                    _ => self.mismatch(c, value, "an object", prop),
                }
            }
        }
    }

    /// A value as a node without a row of the table.
    pub(crate) fn plain_node(&mut self, value: &Value) -> Node {
        let origin = Origin::from(value.span);
        let kind = match &value.kind {
            Kind::Null => NodeKind::Null,
            Kind::Bool(b) => NodeKind::Bool(*b),
            Kind::Int(n) => NodeKind::Int(*n),
            Kind::Decimal(text) => NodeKind::Decimal(text.clone()),
            Kind::Duration(s) => NodeKind::Int(i64::try_from(s / 60).unwrap_or(i64::MAX)),
            Kind::Size(gb) => NodeKind::Int(i64::try_from(*gb).unwrap_or(i64::MAX)),
            Kind::Str(text) => NodeKind::Str(text.clone()),
            Kind::Deferred(expr, _) => NodeKind::Expr(expr.clone()),
            Kind::List(items) => NodeKind::List(items.clone().iter().map(|v| self.plain_node(v)).collect()),
            Kind::Object(fields) => {
                let mut object = Object::default();
                for field in fields.clone().map.values() {
                    object.members.push(Member {
                        key: field.key.clone(),
                        key_origin: Origin::from(field.key_span),
                        prop: None,
                        value: self.plain_node(&field.value),
                    });
                }
                NodeKind::Object(object)
            }
            Kind::Handle(handle) => {
                let id = self.handle_id(&handle.clone(), value.span);
                return self.plain_node(&id);
            }
            _ => NodeKind::Invalid,
        };
        let reference = value.belongs_to.map(|target| Reference { target, version: None });
        Node { kind, origin, labels: value.labels.clone(), reference }
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

fn is_text_union(ty: &Type) -> bool {
    matches!(ty, Type::Union(items) if items.iter().all(Type::is_text))
}

/// Whether a text is a duration of Go: magnitudes with units (image-templates.md, rule R41).
fn go_duration_is_valid(text: &str) -> bool {
    let mut rest = text;
    let mut any = false;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let Some(tail) = rest.get(digits..).filter(|_| digits > 0) else { return false };
        let unit = ["ms", "h", "m", "s"].into_iter().find(|u| tail.starts_with(u));
        let Some(next) = unit.and_then(|u| tail.strip_prefix(u)) else { return false };
        any = true;
        rest = next;
    }
    any && text.bytes().any(|b| (b'1'..=b'9').contains(&b))
}

/// Adds an element to `properties.features`.
fn push_feature(out: &mut Object, element: Node) {
    let origin = element.origin.clone();
    let list = Member {
        key: Key::Str("features".into()),
        key_origin: origin.clone(),
        prop: None,
        value: Node::new(NodeKind::List(Vec::new()), origin),
    };
    let there = out.get("properties").and_then(|p| p.get("features")).is_some();
    if !there {
        insert_at(out, "properties.features", list);
    }
    let features = out.members.iter_mut().find(|m| m.key == Key::Str("properties".into())).and_then(|m| {
        match &mut m.value.kind {
            NodeKind::Object(o) => o.members.iter_mut().find(|m| m.key == Key::Str("features".into())),
            _ => None,
        }
    });
    if let Some(Member { value: Node { kind: NodeKind::List(items), .. }, .. }) = features {
        items.push(element);
    }
}
