//! Texts, numbers, variants and identities by their rows.

use super::errors;
use super::names::wrong_kind;
use super::rows::{Given, member_of};
use super::scope::{At, Text};
use super::walk::{Frame, Walk, is_placeholder};
use crate::base::{Span, has_placeholder};
use crate::check::{
    Key, Member, Node, NodeKind, Object, Origin, id_complaint, is_go_duration, text_complaint,
};
use crate::diag::Severity;
use crate::json::{self, Data};
use crate::schema::{Enumeration, Lit, Prop, Required, Ty, Union, V2022_07, Variant};

impl<'a> Walk<'a, '_> {
    /// A text that is known, by its type.
    pub(super) fn known_text(
        &mut self,
        prop: &'static Prop,
        ty: &'static Ty,
        text: &str,
        at: At<'a>,
        path: &str,
    ) -> Node {
        let span = self.span(at.value.range);
        let name = member_of(prop);
        let mut node = Node::str(text, span.into());
        if has_placeholder(text) && !matches!(ty, Ty::Str | Ty::Any) {
            return node;
        }
        let found = match ty {
            Ty::Str => errors::bad_length(prop, text, span),
            Ty::Any => None,
            Ty::Name(rule) => (!rule.accepts(text)).then(|| errors::bad_name(text, name, rule.words, span)),
            Ty::Url | Ty::Sha256 | Ty::Region | Ty::Version => {
                text_complaint(ty, text).map(|why| errors::bad_value(name, text, why, ty, span))
            }
            Ty::GoDuration => (!is_go_duration(text)).then(|| errors::bad_duration(name, text, span)),
            Ty::State => self.state(name, text, span),
            Ty::Enum(e) => return self.enum_text(prop, e, text, at),
            Ty::Id(kinds) => {
                node.reference = self.reference_of(text);
                self.id_text(prop, kinds, text, span)
            }
            Ty::ResourceGroup => errors::bad_group(name, text, span),
            _ => Some(errors::wrong_type(&errors::noun_at(name, path), errors::words_of(ty), at.value, span)),
        };
        if let Some(d) = found {
            let fatal = d.severity == Severity::Error;
            self.sink.push(d);
            if fatal {
                node.kind = NodeKind::Invalid;
            }
        }
        node
    }

    fn state(&mut self, name: &str, text: &str, span: Span) -> Option<crate::diag::Diagnostic> {
        const WORDS: [&str; 2] = ["Enabled", "Disabled"];
        if WORDS.contains(&text) {
            return None;
        }
        Some(match WORDS.into_iter().find(|w| w.eq_ignore_ascii_case(text)) {
            Some(word) => errors::casing(text, word, self.around, span),
            None => errors::not_allowed(name, text, &WORDS, false, span),
        })
    }

    fn enum_text(&mut self, prop: &'static Prop, e: &'static Enumeration, text: &str, at: At<'a>) -> Node {
        let span = self.span(at.value.range);
        let words: Vec<&'static str> = e.values.iter().filter_map(|v| word(v.arm)).collect();
        let node = |word: &str| Node::str(word, span.into());
        if errors::is_boolean(e) {
            let d = errors::wrong_type(&errors::quoted(member_of(prop)), "a truth value", at.value, span);
            self.sink.push(d);
            return Node::new(NodeKind::Invalid, span.into());
        }
        if let Some(value) = e.values.iter().find(|v| word(v.arm) == Some(text)) {
            self.since(value.since, None, &format!("`{text}` of `{}`", member_of(prop)), span);
            return node(text);
        }
        if let Some(right) = words.iter().find(|w| w.eq_ignore_ascii_case(text)) {
            self.sink.push(errors::casing(text, right, self.around, span));
            return node(right);
        }
        self.sink.push(errors::not_allowed(member_of(prop), text, &words, e.open, span));
        if e.open { node(text) } else { Node::new(NodeKind::Invalid, span.into()) }
    }

    fn id_text(
        &mut self,
        prop: &'static Prop,
        kinds: &'static [&'static str],
        text: &str,
        span: Span,
    ) -> Option<crate::diag::Diagnostic> {
        let name = member_of(prop);
        let kinds = super::values::written_kinds(kinds);
        // An empty id stands for none where none is needed; Azure shows some that way.
        let empty = text.is_empty() && prop.required != Required::No;
        if let Some(why) = id_complaint(text, kinds).or_else(|| empty.then(|| "it is empty".into())) {
            return Some(errors::bad_id(name, text, &why, kinds, span));
        }
        let latest = text.to_ascii_lowercase().ends_with("/versions/latest");
        if latest && kinds.first() == Some(&"version") {
            self.since(Some(V2022_07), None, "`latest` as the version of a source", span);
        }
        None
    }

    pub(super) fn number(&mut self, prop: &'static Prop, text: &str, at: At<'a>) -> Node {
        let span = self.span(at.value.range);
        let name = member_of(prop);
        let Ok(number) = text.parse::<i64>() else {
            self.sink.push(errors::wrong_type(&errors::quoted(name), "an integer", at.value, span));
            return Node::new(NodeKind::Invalid, span.into());
        };
        let limit = prop.limit;
        let low = limit.min.is_some_and(|m| number < m) || number < i64::from(i32::MIN);
        let high = limit.max.is_some_and(|m| number > m) || number > i64::from(i32::MAX);
        if low || high {
            self.sink.push(errors::out_of_bounds(prop, number, span));
            return Node::new(NodeKind::Invalid, span.into());
        }
        Node::new(NodeKind::Int(number), span.into())
    }

    /// An object of a union: told by its discriminator.
    pub(super) fn variant(&mut self, union: &'static Union, at: At<'a>, path: &str) -> Option<Node> {
        let (at, via) = self.scopes.follow(at);
        let origin = Origin { span: self.span(at.value.range), via };
        let invalid = || Some(Node::new(NodeKind::Invalid, origin.clone()));
        let Some(object) = at.value.as_object() else {
            if matches!(at.value.data, Data::Null) {
                return None;
            }
            if self.is_stand_in(at) {
                return Some(self.plain(at));
            }
            let noun = errors::an(union.name);
            self.sink.push(errors::wrong_type(&noun, "an object", at.value, origin.span));
            return invalid();
        };
        let Some(tag) = object.member_ignoring_case(union.discriminator) else {
            // An object of placeholders, or an empty one, is a sketch; anything else lacks what it is.
            let place = self.opening(at.value);
            self.sink.push(errors::no_discriminator(union, self.around, place));
            return Some(self.plain(at));
        };
        let key = self.span(tag.key.range);
        if &*tag.key.text != union.discriminator {
            self.sink.push(errors::casing(&tag.key.text, union.discriminator, self.around, key));
        }
        let (value, _) = self.scopes.follow(At { value: &tag.value, ..at });
        let span = self.span(value.value.range);
        let text = match value.value.as_text() {
            Some(text) => match self.scopes.text(text, value.value.range, value.scope, self.sink) {
                Text::Known(text) => text,
                _ => return Some(self.plain(at)),
            },
            None if is_placeholder(value.value) => return Some(self.plain(at)),
            None => {
                self.sink.push(errors::wrong_type(
                    &errors::quoted(union.discriminator),
                    "a string",
                    value.value,
                    span,
                ));
                return invalid();
            }
        };
        let Some(mut variant) = self.variant_of(union, &text, span) else { return Some(self.plain(at)) };
        self.since(variant.since, variant.until, &format!("`{}`", variant.arm), span);
        let mut noun = errors::noun_of(union, variant);
        let mut also = vec![union.discriminator];
        let mut own = None;
        if let Some((other, member)) = self.meant_instead(union, variant, object) {
            let key = (&*member.key.text, self.span(member.key.range));
            self.sink.push(errors::of_other_variant(key, &noun, (union, other), span));
            // It is read as what it is meant to be; members of the other type go with that.
            also.extend(variant.body.props.iter().filter(|p| !p.arm.is_empty()).map(member_of));
            also.retain(|name| !other.body.props.iter().any(|p| member_of(p) == *name));
            own = Some(std::mem::replace(&mut variant, other));
            noun = errors::noun_of(union, other);
        }
        let rows = self.instance(variant.body, span, noun.clone());
        let of = self.instances.len() - 1;
        if let (Some(own), Some(instance)) = (own, self.instances.get_mut(of)) {
            // Nor is what only the meant one needs told beside it.
            let shared = |p: &&Prop| own.body.props.iter().any(|q| member_of(q) == member_of(p));
            let only = variant.body.props.iter().filter(|p| !shared(p));
            instance.given.extend(only.map(|p| Given { prop: p.name, key: span, is: None, sure: false }));
        }
        let frame = Frame { rows, noun, path: &format!("{path}[]"), also: &also };
        let mut read = self.object(object, at.scope, &frame);
        self.finish_variant(of, &read);
        let tag = Member {
            key: Key::Str(union.discriminator.into()),
            key_origin: key.into(),
            prop: None,
            value: Node::str(variant.arm, span.into()),
        };
        read.members.insert(0, tag);
        let read = Object { ty: Some(variant.body), variant: Some(variant), ..read };
        // A step is shown by its type, as long as it may be.
        Some(Node::new(NodeKind::Object(read), Origin { span, ..origin }))
    }

    /// The variant with this discriminator, in any letter case or old spelling, which are reported.
    fn variant_of(&mut self, union: &'static Union, text: &str, span: Span) -> Option<&'static Variant> {
        let version = self.around.version;
        let right = |v: &Variant| version.map_or(v.arm, |version| v.arm_in(version));
        let exact = union
            .variants
            .iter()
            .find(|v| right(v) == text || (version.is_none() && v.legacy.iter().any(|l| l.arm == text)));
        if exact.is_some() {
            return exact;
        }
        if let Some(variant) = union.variants.iter().find(|v| v.arm.eq_ignore_ascii_case(text)) {
            let is_exact = union.exact.is_some_and(|(since, _)| version.is_some_and(|v| v >= since));
            self.sink.push(match is_exact {
                true => errors::refused_casing(text, right(variant), self.around, span),
                false => errors::casing(text, right(variant), self.around, span),
            });
            return Some(variant);
        }
        if !has_placeholder(text) {
            let there = |v: &&Variant| version.is_none_or(|version| v.is_in(version));
            let known: Vec<&str> = union.variants.iter().filter(there).map(|v| v.arm).collect();
            self.sink.push(errors::unknown_variant(union, text, &known, span));
        }
        None
    }

    /// The variant that an object is, going by a member that only that one has and needs, where nothing of what its own
    /// needs is there.
    fn meant_instead(
        &self,
        union: &'static Union,
        own: &Variant,
        object: &'a json::Object,
    ) -> Option<(&'static Variant, &'a json::Member)> {
        let needed = |v: &'static Variant| {
            v.body.props.iter().filter(|p| p.required == Required::Always && !p.arm.is_empty()).map(member_of)
        };
        let own_needs = own.body.props.iter().filter(|p| p.required == Required::Always && !p.arm.is_empty());
        let mut own_needs = own_needs.map(member_of).peekable();
        own_needs.peek()?;
        if own_needs.any(|name| object.member_ignoring_case(name).is_some()) {
            return None;
        }
        let has = |name: &str| own.body.props.iter().any(|p| member_of(p) == name);
        let is_there = |v: &&Variant| self.around.version.is_none_or(|version| v.is_in(version));
        let mut found = union.variants.iter().filter(is_there).filter_map(|other| {
            let name = needed(other).find(|name| !has(name) && object.get(name).is_some())?;
            Some((other, object.members.iter().find(|m| &*m.key.text == name)?))
        });
        // Of two that it could be, neither is meant more.
        let one = found.next()?;
        found.next().is_none().then_some(one)
    }

    /// What a variant lacks; the version in a target's id counts as given.
    fn finish_variant(&mut self, of: usize, read: &Object) {
        let pinned = read.member("galleryImageId").filter(|m| match &m.value.kind {
            NodeKind::Str(text) => text.to_ascii_lowercase().contains("/versions/"),
            _ => m.value.reference.as_ref().is_some_and(|r| r.version.is_some()),
        });
        if let Some(member) = pinned
            && let Some(instance) = self.instances.get_mut(of)
        {
            let key = member.value.origin.span;
            instance.given.push(Given { prop: "version", key, is: None, sure: true });
        }
        // Beside commands an empty address says that there is none.
        let addresses = read.members.iter().filter_map(|m| Some((m.prop?, &m.value)));
        for (prop, value) in addresses.filter(|_| read.member("inline").is_none()) {
            if matches!(prop.ty, Ty::Url) && value.as_str().is_some_and(|text| text.is_empty()) {
                let name = self.around.version.map_or(prop.arm, |version| prop.arm_in(version));
                self.sink.push(errors::empty_address(name, value.origin.span));
            }
        }
        self.finish(of);
    }

    /// The identity of a template: exactly one user-assigned one.
    pub(super) fn identity(&mut self, object: &'a json::Object, at: At<'a>, key: Span) -> Node {
        if !self.around.is_builder() {
            return self.plain(at);
        }
        for member in object.effective() {
            let span = self.span(member.key.range);
            let known = ["type", "userAssignedIdentities"];
            let read_only = ["principalId", "tenantId"];
            let text = &*member.key.text;
            if known.contains(&text) || self.scopes.expr_of(text, at.scope).is_some() {
                continue;
            }
            let d = match known.into_iter().find(|k| k.eq_ignore_ascii_case(text)) {
                Some(right) => errors::casing(text, right, self.around, span),
                None if read_only.contains(&text) => errors::read_only(text, "Azure sets it", span),
                None => errors::unknown_member(text, "`identity`", &known, self.around, ("", span)),
            };
            self.sink.push(d);
        }
        if self.identity_type(object, at) {
            self.identity_ids(object, at, key);
        }
        let mut node = self.plain(at);
        let ids = node.get("userAssignedIdentities").and_then(Node::as_object);
        node.reference = ids.and_then(|o| o.members.first()).and_then(|m| match &m.key {
            Key::Str(text) => self.reference_of(text),
            Key::Expr(expr) => self.names.reference(&self.scopes.segments_of(expr, at.scope)),
        });
        node
    }

    /// Checks the type of an identity; whether it is, or may be, the right one.
    fn identity_type(&mut self, object: &'a json::Object, at: At<'a>) -> bool {
        let Some(member) = object.member_ignoring_case("type") else { return true };
        let (value, _) = self.scopes.follow(At { value: &member.value, ..at });
        if self.is_stand_in(value) {
            return true;
        }
        let span = self.span(value.value.range);
        match value.value.as_text() {
            Some("UserAssigned") => return true,
            Some(text) if text.eq_ignore_ascii_case("UserAssigned") => {
                self.sink.push(errors::casing(text, "UserAssigned", self.around, span));
                return true;
            }
            Some(text) => self.sink.push(errors::identity_type(text, span)),
            None => self.sink.push(errors::wrong_type("`type`", "a string", value.value, span)),
        }
        false
    }

    fn identity_ids(&mut self, object: &'a json::Object, at: At<'a>, key: Span) {
        let Some(member) = object.member_ignoring_case("userAssignedIdentities") else {
            return self.sink.push(errors::no_identity(key));
        };
        let member_key = self.span(member.key.range);
        let (value, _) = self.scopes.follow(At { value: &member.value, ..at });
        let span = self.span(value.value.range);
        match &value.value.data {
            Data::Object(ids) => {
                let ids = ids.effective();
                match ids.as_slice() {
                    [] => self.sink.push(errors::no_identity(member_key)),
                    [one] if self.scopes.expr_of(&one.key.text, value.scope).is_none() => {
                        let text = &*one.key.text;
                        if let Some(why) = id_complaint(text, &["identity"]) {
                            let span = self.span(one.key.range);
                            let d = errors::bad_id("userAssignedIdentities", text, &why, &["identity"], span);
                            self.sink.push(d);
                        }
                    }
                    [one] => {
                        let expr = self.scopes.expr_of(&one.key.text, value.scope);
                        let segments = expr.map(|expr| self.scopes.segments_of(&expr, value.scope));
                        if let Some(other) = segments.and_then(|s| wrong_kind(&s, &["identity"])) {
                            let span = self.span(one.key.range);
                            let name = "userAssignedIdentities";
                            self.sink.push(errors::wrong_kind(name, &other, &["identity"], span));
                        }
                    }
                    [_, second, ..] => {
                        let second = self.span(second.key.range);
                        self.sink.push(errors::one_identity(ids.len(), second));
                    }
                }
            }
            Data::Null => self.sink.push(errors::no_identity(member_key)),
            _ if self.is_stand_in(value) => {}
            _ => {
                let d = errors::wrong_type("`userAssignedIdentities`", "an object", value.value, span);
                self.sink.push(d);
            }
        }
    }
}

fn word(lit: Lit) -> Option<&'static str> {
    match lit {
        Lit::Str(text) => Some(text),
        Lit::Bool(_) => None,
    }
}
