//! Values by their types.

use super::errors;
use super::names::wrong_kind;
use super::rows::member_of;
use super::scope::{At, Text};
use super::walk::{Frame, Walk, is_placeholder};
use crate::arm::Expr;
use crate::base::{Span, TextRange};
use crate::check::{Key, Labels, Member, Node, NodeKind, Object, Origin};
use crate::diag::{Diagnostic, code};
use crate::json::{self, Data};
use crate::schema::{Prop, Ty, Union};

impl<'a> Walk<'a, '_> {
    /// A value of a property; nothing where it is absent.
    pub(super) fn value(
        &mut self,
        prop: &'static Prop,
        ty: &'static Ty,
        at: At<'a>,
        key: Span,
        path: &str,
    ) -> Option<Node> {
        let written = at;
        let (at, via) = self.scopes.follow(at);
        let span = self.span(at.value.range);
        self.complain_of_secret(written, path);
        if let Some(expr) = self.scopes.expr(written) {
            self.complain_of_names(&expr, written.value.range, written.scope);
        }
        let mut node = match &at.value.data {
            Data::Null => return None,
            Data::Placeholder(_) => Node::new(NodeKind::Invalid, span.into()),
            Data::Text(text) => match self.scopes.text(text, at.value.range, at.scope, self.sink) {
                Text::Broken => Node::new(NodeKind::Invalid, span.into()),
                Text::Expr(expr) => self.expression(&expr, at, (prop, ty), path),
                Text::Known(text) => self.known_text(prop, ty, &text, at, path),
            },
            _ => self.other_value(prop, ty, at, key, path),
        };
        node.origin.via = node.origin.via.or(via);
        Some(node)
    }

    /// A secret that an expression lets into the template.
    fn complain_of_secret(&mut self, at: At<'a>, path: &str) {
        if let Some(expr) = self.scopes.expr(at)
            && let Some(secret) = self.scopes.secret(&expr, at)
        {
            let span = self.span(at.value.range);
            self.sink.push(errors::secret(&secret, &format!("`{path}` of {}", self.around.what), span));
        }
    }

    /// What is known only when Azure deploys; or what folds.
    pub(super) fn expression(
        &mut self,
        expr: &Expr,
        at: At<'a>,
        (prop, ty): (&'static Prop, &'static Ty),
        path: &str,
    ) -> Node {
        let span = self.span(at.value.range);
        self.complain_of_names(expr, at.value.range, at.scope);
        let resolved = self.scopes.resolved(expr, at.scope);
        self.complain_of_calls(&resolved, at.value.range);
        let mut node = self.of_expr(&resolved, at);
        match (ty, &node.kind) {
            (Ty::Id(kinds), NodeKind::Expr(_)) => {
                let segments = self.scopes.segments_of(expr, at.scope);
                let kinds = written_kinds(kinds);
                if is_call_of(&resolved, "resourceId")
                    && let Some(other) = wrong_kind(&segments, kinds)
                {
                    self.sink.push(errors::wrong_kind(member_of(prop), &other, kinds, span));
                }
                node.reference = self.names.reference(&segments);
            }
            (_, NodeKind::Str(text)) => {
                let text = text.clone();
                let known = self.known_text(prop, ty, &text, at, path);
                return Node { origin: node.origin, ..known };
            }
            _ => {}
        }
        node
    }

    /// A node of a folded expression.
    fn of_expr(&self, resolved: &Expr, at: At<'a>) -> Node {
        let kind = match resolved {
            Expr::Str(text) => NodeKind::Str(text.clone()),
            Expr::Int(n) => NodeKind::Int(*n),
            Expr::Bool(b) => NodeKind::Bool(*b),
            Expr::Null => NodeKind::Null,
            other => NodeKind::Expr(other.clone()),
        };
        let deferred = matches!(kind, NodeKind::Expr(_)).then(|| self.scopes.cause(resolved, at));
        let origin = Origin::from(self.span(at.value.range));
        Node { kind, origin, labels: Labels { secret: None, deferred }, reference: None }
    }

    /// A list, object, number or truth value.
    fn other_value(
        &mut self,
        prop: &'static Prop,
        ty: &'static Ty,
        at: At<'a>,
        key: Span,
        path: &str,
    ) -> Node {
        let span = self.span(at.value.range);
        let name = member_of(prop);
        match (ty, &at.value.data) {
            (Ty::Any, _) => self.plain(at),
            (Ty::Int | Ty::Minutes | Ty::Gigabytes, Data::Number(text)) => self.number(prop, text, at),
            (Ty::Bool, Data::Bool(b)) => Node::new(NodeKind::Bool(*b), span.into()),
            (Ty::Enum(e), Data::Bool(b)) if errors::is_boolean(e) => {
                Node::new(NodeKind::Bool(*b), span.into())
            }
            (Ty::List(inner), Data::List(items)) => {
                let nodes = self.list(prop, inner, items, at, path);
                Node::new(NodeKind::List(nodes), span.into())
            }
            (Ty::Script, Data::List(items)) => self.script(prop, items, at, path),
            (Ty::Map(inner), Data::Object(object)) => self.map(prop, inner, object, at, path),
            (Ty::Tags, Data::Object(object)) => {
                static TEXT: Ty = Ty::Str;
                let found = errors::bad_tags(name, object, self.scopes, span);
                self.sink.extend(found);
                self.map(prop, &TEXT, object, at, path)
            }
            (Ty::Object(inner), Data::List(items)) if inner.entries.is_some_and(|e| e.arm.is_empty()) => {
                let Some(entries) = inner.entries else { return self.plain(at) };
                let union = entries.union;
                let items: Vec<At<'a>> = items.iter().map(|value| At { value, ..at }).collect();
                let nodes = items.into_iter().filter_map(|i| self.variant(union, i, path)).collect();
                Node::new(NodeKind::List(nodes), span.into())
            }
            (Ty::Object(inner), Data::Object(object)) if inner.entries.is_none_or(|e| !e.arm.is_empty()) => {
                self.block(inner, object, at, key, (name, path))
            }
            (Ty::Union(union), Data::Object(_)) => match self.variant(union, at, path) {
                Some(node) => node,
                None => Node::new(NodeKind::Invalid, span.into()),
            },
            (Ty::Identity, Data::Object(object)) => self.identity(object, at, key),
            _ => {
                let noun = errors::noun_at(name, path);
                self.sink.push(errors::wrong_type(&noun, errors::words_of(ty), at.value, span));
                Node::new(NodeKind::Invalid, span.into())
            }
        }
    }

    fn list(
        &mut self,
        prop: &'static Prop,
        inner: &'static Ty,
        items: &'a [json::Value],
        at: At<'a>,
        path: &str,
    ) -> Vec<Node> {
        let path = format!("{path}[]");
        let item = |value: &'a json::Value| At { value, ..at };
        let around = std::mem::take(self.sink);
        let nodes = items
            .iter()
            .filter_map(|value| self.value(prop, inner, item(value), self.span(value.range), &path))
            .collect();
        // One slip of the whole list is one finding.
        let found = std::mem::replace(self.sink, around);
        let plain = !matches!(inner, Ty::Object(_) | Ty::Union(_) | Ty::List(_));
        let alike = |d: &Diagnostic| plain && d.code.id == code::PROPERTY_TYPE.id;
        let (wrong, others): (Vec<_>, Vec<_>) = found.found().iter().cloned().partition(alike);
        self.sink.extend(others);
        self.sink.extend(Diagnostic::of_elements(wrong));
        nodes
    }

    fn script(&mut self, prop: &'static Prop, items: &'a [json::Value], at: At<'a>, path: &str) -> Node {
        static TEXT: Ty = Ty::Str;
        let span = self.span(at.value.range);
        let empty = items.iter().all(|i| i.as_text().is_some_and(|t| t.trim().is_empty()));
        if empty {
            self.sink.push(errors::empty_script(member_of(prop), span));
        }
        let nodes = self.list(prop, &TEXT, items, at, path);
        Node::new(NodeKind::List(nodes), span.into())
    }

    fn map(
        &mut self,
        prop: &'static Prop,
        inner: &'static Ty,
        object: &'a json::Object,
        at: At<'a>,
        path: &str,
    ) -> Node {
        let mut out = Object::default();
        for member in object.effective() {
            let key = &member.key;
            let key_span = self.span(key.range);
            let text = match self.scopes.text(&key.text, key.range, at.scope, self.sink) {
                Text::Known(text) => Key::Str(text),
                Text::Expr(expr) => {
                    self.complain_of_names(&expr, key.range, at.scope);
                    Key::Expr(self.scopes.resolved(&expr, at.scope))
                }
                Text::Broken => continue,
            };
            let inner_at = At { value: &member.value, ..at };
            let value = match (&text, &member.value.data) {
                // A loop of tags, or what only looks like one.
                (_, Data::List(_) | Data::Object(_)) if &*key.text == "copy" => self.plain(inner_at),
                _ => match self.value(prop, inner, inner_at, key_span, &format!("{path}.{}", key.text)) {
                    Some(value) => value,
                    None => continue,
                },
            };
            out.members.push(Member { key: text, key_origin: key_span.into(), prop: None, value });
        }
        Node::new(NodeKind::Object(out), self.span(at.value.range).into())
    }

    /// An object of known members.
    fn block(
        &mut self,
        ty: &'static crate::schema::ObjectType,
        object: &'a json::Object,
        at: At<'a>,
        key: Span,
        (name, path): (&str, &str),
    ) -> Node {
        let noun = errors::noun_at(name, path);
        // An element has no key of its own: its opening bracket stands for it.
        let place = if path.ends_with("[]") { self.opening(at.value) } else { key };
        let rows = self.instance(ty, place, noun.clone());
        let of = self.instances.len() - 1;
        let list = ty.entries.map(|e| e.arm);
        let frame = Frame { rows, noun, path, also: list.as_slice() };
        let mut out = self.object(object, at.scope, &frame);
        if let Some(entries) = ty.entries
            && let Some(member) = object.member_ignoring_case(entries.arm)
        {
            self.entries(entries.arm, entries.union, member, at, path, &mut out);
        }
        self.finish(of);
        out.ty = Some(ty);
        Node::new(NodeKind::Object(out), self.span(at.value.range).into())
    }

    /// A list of steps that is one member among others: `inVMValidations`.
    fn entries(
        &mut self,
        name: &'static str,
        union: &'static Union,
        member: &'a json::Member,
        at: At<'a>,
        path: &str,
        out: &mut Object,
    ) {
        let key = self.span(member.key.range);
        if &*member.key.text != name {
            self.sink.push(errors::casing(&member.key.text, name, self.around, key));
        }
        let (list, _) = self.scopes.follow(At { value: &member.value, ..at });
        let path = format!("{path}.{name}");
        let value = match &list.value.data {
            Data::List(items) => {
                let found = |value| self.variant(union, At { value, ..list }, &path);
                let nodes: Vec<Node> = items.iter().filter_map(found).collect();
                // A list whose every element is broken is not known to be empty.
                let broken = nodes.is_empty() && !items.is_empty();
                let kind = if broken { NodeKind::Invalid } else { NodeKind::List(nodes) };
                Node::new(kind, self.span(list.value.range).into())
            }
            Data::Text(_) | Data::Placeholder(_) => self.plain(list),
            Data::Null => return,
            _ => {
                let span = self.span(list.value.range);
                self.sink.push(errors::wrong_type(&errors::quoted(name), "a list", list.value, span));
                Node::new(NodeKind::Invalid, span.into())
            }
        };
        out.members.push(Member { key: Key::Str(name.into()), key_origin: key.into(), prop: None, value });
    }

    /// The opening bracket of an object or list.
    pub(super) fn opening(&self, value: &json::Value) -> Span {
        let start = value.range.start as usize;
        self.span(TextRange::new(start, start + 1))
    }

    /// A value that no row describes, as it is.
    pub(super) fn plain(&mut self, at: At<'a>) -> Node {
        let span = self.span(at.value.range);
        let kind = match &at.value.data {
            Data::Null => NodeKind::Null,
            Data::Bool(b) => NodeKind::Bool(*b),
            Data::Number(text) => match text.parse() {
                Ok(n) => NodeKind::Int(n),
                Err(_) => NodeKind::Decimal(text.as_ref().into()),
            },
            Data::Placeholder(_) => NodeKind::Invalid,
            Data::Text(text) => match self.scopes.text(text, at.value.range, at.scope, self.sink) {
                Text::Known(text) => NodeKind::Str(text),
                Text::Broken => NodeKind::Invalid,
                Text::Expr(expr) => {
                    self.complain_of_names(&expr, at.value.range, at.scope);
                    let resolved = self.scopes.resolved(&expr, at.scope);
                    self.complain_of_calls(&resolved, at.value.range);
                    return self.of_expr(&resolved, at);
                }
            },
            Data::List(items) => {
                NodeKind::List(items.iter().map(|value| self.plain(At { value, ..at })).collect())
            }
            Data::Object(object) => {
                let mut out = Object::default();
                for member in object.effective() {
                    let key = match self.scopes.expr_of(&member.key.text, at.scope) {
                        Some(expr) => {
                            self.complain_of_names(&expr, member.key.range, at.scope);
                            Key::Expr(self.scopes.resolved(&expr, at.scope))
                        }
                        None => Key::Str(member.key.text.as_ref().into()),
                    };
                    let key_origin = self.span(member.key.range).into();
                    let value = self.plain(At { value: &member.value, ..at });
                    out.members.push(Member { key, key_origin, prop: None, value });
                }
                NodeKind::Object(out)
            }
        };
        Node::new(kind, span.into())
    }

    /// Whether a text in place of what is no text stands for something that is filled in later.
    pub(super) fn is_stand_in(&self, at: At<'a>) -> bool {
        let bracketed = at.value.as_text().is_some_and(|t| t.starts_with('[') && t.ends_with(']'));
        is_placeholder(at.value)
            || self.scopes.expr(at).is_some()
            || (bracketed && self.scopes.is_template(at.scope))
    }

    /// The expression that an id given as text is, for rules that compare.
    pub(super) fn reference_of(&self, text: &str) -> Option<crate::check::Reference> {
        let segments: Vec<String> = text.to_lowercase().split('/').map(str::to_owned).collect();
        self.names.reference(&segments)
    }
}

/// A source names a version, where aib takes a definition for its `latest`.
pub(super) fn written_kinds(kinds: &'static [&'static str]) -> &'static [&'static str] {
    match kinds {
        ["version", ..] => kinds.get(..1).unwrap_or(kinds),
        _ => kinds,
    }
}

fn is_call_of(expr: &Expr, function: &str) -> bool {
    matches!(expr, Expr::Call { name, .. } if name.eq_ignore_ascii_case(function))
}
