//! Objects against their rows: which members there may be, which there must be, and which go together.

use super::errors;
use super::rows::{Given, Instance, Row, arm_name, rows_of};
use super::scope::{At, ScopeId, Scopes, Text};
use crate::arm;
use crate::base::{Span, TextRange, has_placeholder, nearest};
use crate::check::{Key, Member, Node, NodeKind, Object, Origin};
use crate::diag::{Severity, Sink};
use crate::json;
use crate::schema::{
    ApiVersion, CrossRule, Implied, ObjectType, Prop, Required, ResourceKind, Ty, V2019_05, V2020_02,
    V2024_02, former, unmodelled,
};

/// A property loop.
const COPY: &str = "copy";

/// How many unknown members of one resource are told.
const MAX_UNKNOWN: usize = 200;

/// What is known of the resource that is read.
pub(super) struct Around {
    pub(super) kind: &'static ResourceKind,
    /// "the image `web`".
    pub(super) what: String,
    /// Its version, if it is known.
    pub(super) version: Option<ApiVersion>,
    /// Where the version is written.
    pub(super) version_at: Option<Span>,
    /// Whether it stands in a template: then ARM wants all of it there.
    pub(super) in_template: bool,
    /// Whether its version is the one that it is read by: not the one that a body states, which no request heeds.
    pub(super) binding: bool,
}

impl Around {
    /// How bad a member in another letter case is: versions from 2024-02-01 on compare it.
    pub(super) fn casing(&self) -> Severity {
        let strict = self.is_builder() && self.version.is_some_and(|v| v >= V2024_02);
        if strict { Severity::Error } else { Severity::Warning }
    }

    /// Whether it is of Image Builder, which refuses what it does not know.
    pub(super) fn is_builder(&self) -> bool {
        self.kind.arm_type.starts_with("Microsoft.VirtualMachineImages/")
    }

    pub(super) fn has(&self, prop: &Prop) -> bool {
        self.version.is_none_or(|v| prop.is_in(v))
    }
}

/// The walk over one resource.
pub(super) struct Walk<'a, 's> {
    pub(super) scopes: &'s Scopes<'a>,
    pub(super) around: &'s Around,
    pub(super) names: &'s super::names::Names,
    pub(super) sink: &'s mut Sink,
    pub(super) instances: Vec<Instance>,
    /// How many unknown members were met.
    pub(super) unknown: usize,
}

/// An object that is about to be read.
pub(super) struct Frame<'p> {
    /// The rows that may be met.
    pub(super) rows: Vec<Row>,
    /// What the object is called in messages.
    pub(super) noun: String,
    /// Its path from the resource's root, for members that the table leaves out.
    pub(super) path: &'p str,
    /// Members that are read elsewhere.
    pub(super) also: &'p [&'p str],
}

impl<'a> Walk<'a, '_> {
    pub(super) fn span(&self, range: TextRange) -> Span {
        self.scopes.span(range)
    }

    /// An instance of an object type, and its rows.
    pub(super) fn instance(&mut self, ty: &'static ObjectType, place: Span, noun: String) -> Vec<Row> {
        self.instances.push(Instance { ty, place, given: Vec::new(), inner: Vec::new(), noun });
        rows_of(ty, self.instances.len() - 1)
    }

    /// Reads an object by its rows.
    pub(super) fn object(&mut self, object: &'a json::Object, scope: ScopeId, frame: &Frame<'_>) -> Object {
        let mut out = Object::default();
        let mut seen: Vec<(&str, Span)> = Vec::new();
        for member in object.effective() {
            let key = &member.key;
            let key_span = self.span(key.range);
            let text = match self.scopes.text(&key.text, key.range, scope, self.sink) {
                Text::Known(text) => text,
                Text::Expr(expr) => {
                    self.complain_of_names(&expr, key.range, scope);
                    let value = self.plain(At { value: &member.value, scope });
                    let key = Key::Expr(self.scopes.resolved(&expr, scope));
                    out.members.push(Member { key, key_origin: key_span.into(), prop: None, value });
                    continue;
                }
                Text::Broken => continue,
            };
            if &*text == COPY && self.scopes.is_template(scope) && member.value.as_list().is_some() {
                self.copies(&member.value, scope, frame, &mut out);
                continue;
            }
            if frame.also.iter().any(|k| k.eq_ignore_ascii_case(&text)) {
                continue;
            }
            let rows = self.rows_for(&text, key_span, frame);
            if rows.is_empty() {
                let value = self.plain(At { value: &member.value, scope });
                let key = Key::Str(text);
                out.members.push(Member { key, key_origin: key_span.into(), prop: None, value });
                continue;
            }
            let name = rows.first().map_or("", Row::first);
            if let Some((_, first)) = seen.iter().find(|(n, _)| *n == name) {
                self.sink.push(errors::twice(name, key_span, *first));
                continue;
            }
            seen.push((name, key_span));
            self.member(&rows, At { value: &member.value, scope }, key_span, frame, &mut out);
        }
        out
    }

    /// The rows that a member's name means; reports a name that is none, or is not spelled as the table has it.
    fn rows_for(&mut self, key: &str, span: Span, frame: &Frame<'_>) -> Vec<Row> {
        let exact: Vec<Row> = frame.rows.iter().copied().filter(|r| r.first() == key).collect();
        let version = self.around.version;
        // Of a current and an old spelling that are the same, or of several, the one that the version has.
        let current = |r: &&Row| {
            version.is_none_or(|v| r.until.is_none_or(|u| v <= u) && r.prop.arm_in(v).ends_with(r.rest))
        };
        let fitting: Vec<Row> = exact.iter().filter(current).copied().collect();
        if !fitting.is_empty() {
            return fitting;
        }
        if let Some(row) = exact.first() {
            let right = version.map_or(row.prop.arm, |v| row.prop.arm_in(v));
            let right = right.rsplit('.').next().unwrap_or(right);
            self.sink.push(match key.eq_ignore_ascii_case(right) {
                true => errors::casing(key, right, self.around, span),
                false => errors::old_spelling(key, right, row.until, self.around, span),
            });
            return exact;
        }
        let same_letters: Vec<Row> =
            frame.rows.iter().copied().filter(|r| r.first().eq_ignore_ascii_case(key)).collect();
        if let Some(row) = same_letters.first() {
            let right = row.first();
            // The members of a resource itself are read by the Resource Manager, which does not mind.
            if !(frame.path.is_empty() && self.around.in_template) {
                self.sink.push(errors::casing(key, right, self.around, span));
            }
            return same_letters.iter().copied().filter(|r| r.first() == right).collect();
        }
        self.unknown(key, span, frame);
        Vec::new()
    }

    fn unknown(&mut self, key: &str, span: Span, frame: &Frame<'_>) {
        // Looking for what each could mean takes its time, and nobody reads that many.
        self.unknown += 1;
        if self.unknown > MAX_UNKNOWN {
            return;
        }
        let path = if frame.path.is_empty() { key.to_owned() } else { format!("{}.{key}", frame.path) };
        let kind = self.around.kind.keyword;
        // Templates of the previews keep the names that they were written with.
        if former(kind, &path).is_some_and(|old| self.around.version.is_none_or(|v| v <= old.until)) {
            return;
        }
        let d = match unmodelled(kind, &path) {
            Some(row) if row.read_only => errors::read_only(key, row.why, span),
            Some(_) => return,
            None => {
                let had = |r: &&Row| self.around.has(r.prop);
                let mut known: Vec<&str> = frame.rows.iter().filter(had).map(Row::first).collect();
                known.dedup();
                // What is meant by a slip is not missed too.
                let meant = nearest(key, known.iter().copied());
                if let Some(row) = frame.rows.iter().find(|r| Some(r.first()) == meant)
                    && let Some(instance) = self.instances.get_mut(row.of)
                {
                    let prop = row.prop.name;
                    instance.given.push(Given { prop, key: span, is: None, sure: false });
                }
                errors::unknown_member(key, &frame.noun, &known, self.around, (&path, span))
            }
        };
        self.sink.push(d);
    }

    /// Reads a member by the rows that its name means.
    fn member(&mut self, rows: &[Row], at: At<'a>, key: Span, frame: &Frame<'_>, out: &mut Object) {
        let name = rows.first().map_or("", |r| r.until.map_or(r.first(), |_| super::rows::member_of(r.prop)));
        let (followed, via) = self.scopes.follow(at);
        if matches!(followed.value.data, json::Data::Null) {
            return;
        }
        let path = if frame.path.is_empty() { name.to_owned() } else { format!("{}.{name}", frame.path) };
        let below: Vec<Row> = rows.iter().filter_map(Row::below).collect();
        let own = rows.iter().copied().find(|r| r.below().is_none());
        if let Some(row) = own {
            self.give(row, key, followed);
            if !self.allowed(row.prop, key) {
                return;
            }
        }
        let value = match own {
            Some(row) if below.is_empty() => {
                let Some(mut value) = self.value(row.prop, &row.prop.ty, at, key, &path) else { return };
                value.origin.via = value.origin.via.or(via);
                value
            }
            // An object that other rows go through: `build` lies over `properties`.
            _ => self.through(&below, own, followed, key, (name, &path)),
        };
        let prop = own.map(|r| r.prop);
        out.members.push(Member { key: Key::Str(name.into()), key_origin: key.into(), prop, value });
    }

    fn through(
        &mut self,
        below: &[Row],
        own: Option<Row>,
        at: At<'a>,
        key: Span,
        (name, path): (&str, &str),
    ) -> Node {
        let origin = Origin::from(self.span(at.value.range));
        let Some(object) = at.value.as_object() else {
            // What lies in it is not known, or not there to be missed.
            below.iter().for_each(|row| self.give(*row, key, at));
            return self.not_an_object(name, at);
        };
        let mut rows = below.to_vec();
        let mut own_instance = None;
        if let Some(Ty::Object(inner)) = own.map(|r| r.prop.ty) {
            rows.extend(self.instance(inner, key, format!("`{name}`")));
            own_instance = Some(self.instances.len() - 1);
        }
        // What is missing in it is told of its own key.
        for row in below {
            if let Some(instance) = self.instances.get_mut(row.of) {
                instance.inner.push((name.to_owned(), key));
            }
        }
        let frame = Frame { rows, noun: format!("`{name}`"), path, also: &[] };
        let read = self.object(object, at.scope, &frame);
        if let Some(of) = own_instance {
            self.finish(of);
        }
        Node::new(NodeKind::Object(read), origin)
    }

    /// Loops of members, `"copy": [{"name": …, "count": …, "input": …}]`: what one makes is not known, what it makes
    /// it of is looked at once.
    fn copies(&mut self, value: &'a json::Value, scope: ScopeId, frame: &Frame<'_>, out: &mut Object) {
        for copy in value.as_list().into_iter().flatten().filter_map(json::Value::as_object) {
            let Some(name) = copy.member_ignoring_case("name") else { continue };
            let Some(text) = name.value.as_text() else { continue };
            let key = self.span(name.value.range);
            let rows = self.rows_for(text, key, frame);
            let (Some(first), Some(input)) = (rows.first().copied(), copy.member_ignoring_case("input"))
            else {
                continue;
            };
            let at = At { value: &input.value, scope };
            self.give(first, key, at);
            let path = format!("{}.{text}[]", frame.path);
            match first.prop.ty {
                Ty::Object(ty) if ty.entries.is_some_and(|e| e.arm.is_empty()) => {
                    if let Some(entries) = ty.entries {
                        self.variant(entries.union, at, &path);
                    }
                }
                Ty::List(inner) => {
                    self.value(first.prop, inner, at, key, &path);
                }
                _ => {
                    self.plain(at);
                }
            }
            let made = arm::Expr::call("copy", vec![arm::Expr::str(text)]);
            let value = Node::new(NodeKind::Expr(made), key.into());
            let name = Key::Str(first.first().into());
            out.members.push(Member { key: name, key_origin: key.into(), prop: Some(first.prop), value });
        }
    }

    /// A value where an object of known members is expected and none stands.
    pub(super) fn not_an_object(&mut self, name: &str, at: At<'a>) -> Node {
        let node = self.plain(at);
        let unknown = matches!(node.kind, NodeKind::Expr(_) | NodeKind::Invalid | NodeKind::Null);
        if !unknown && !is_placeholder(at.value) {
            let d =
                errors::wrong_type(&format!("`{name}`"), "an object", at.value, self.span(at.value.range));
            self.sink.push(d);
            return Node::new(NodeKind::Invalid, node.origin);
        }
        node
    }

    /// Notes that a property is there.
    fn give(&mut self, row: Row, key: Span, at: At<'a>) {
        let is = match at.value.data {
            json::Data::Bool(b) => Some(b),
            _ => None,
        };
        let sure = self.scopes.expr(at).is_none_or(|expr| self.scopes.is_something(&expr, at.scope));
        if let Some(instance) = self.instances.get_mut(row.of) {
            instance.given.push(Given { prop: row.prop.name, key, is, sure });
        }
    }

    /// Whether a property may be written, in this version; reports it if not.
    fn allowed(&mut self, prop: &'static Prop, key: Span) -> bool {
        let name = super::rows::member_of(prop);
        if prop.read_only {
            self.sink.push(errors::read_only(name, prop.doc, key));
            return false;
        }
        if let Some(instead) = prop.deprecated
            && self.around.version.is_some_and(|v| v >= crate::schema::V2022_07)
        {
            self.sink.push(errors::deprecated(prop, instead, key));
        }
        self.since(prop.since, prop.until, &format!("`{name}`"), key);
        true
    }

    /// Reports what the version lacks.
    pub(super) fn since(
        &mut self,
        since: Option<ApiVersion>,
        until: Option<ApiVersion>,
        what: &str,
        at: Span,
    ) {
        let Some(version) = self.around.version else { return };
        // What a preview lacks by the published types it may have taken: its age is told, and is what to mend. Templates of
        // March and April 2020 at 2019-05-01-preview have the disk size, Windows Update and subnets of 2020-02-14.
        let grew = version < V2019_05 || version == V2019_05 && since == Some(V2020_02);
        if self.around.is_builder() && grew {
            return;
        }
        if since.is_some_and(|s| version < s) || until.is_some_and(|u| version > u) {
            self.sink.push(errors::not_in_version(what, since, until, version, self.around, at));
        }
    }

    /// Reports what an instance lacks, and what in it does not go together.
    pub(super) fn finish(&mut self, of: usize) {
        let Some(instance) = self.instances.get(of) else { return };
        let given = |name: &str| instance.given.iter().find(|g| g.prop == name);
        let missing: Vec<&'static Prop> = instance
            .ty
            .props
            .iter()
            .filter(|p| self.is_required(p) && self.around.has(p) && given(p.name).is_none())
            .filter(|p| !has_substitute(p, instance))
            .collect();
        let mut found = Vec::new();
        // Each is told of at the object that lacks it.
        let (inner, outer): (Vec<_>, Vec<_>) =
            missing.into_iter().partition(|p| instance.place_of(p).is_some());
        for group in [outer, inner].into_iter().filter(|g| !g.is_empty()) {
            found.push(errors::missing(&group, instance, self.around));
        }
        for rule in instance.ty.rules {
            found.extend(broken(rule, instance));
        }
        self.sink.extend(found);
    }

    /// Whether ARM wants a property: where the compiler fills in for an author of aib, nobody does for one of JSON.
    fn is_required(&self, prop: &Prop) -> bool {
        let written = match prop.required {
            Required::No => false,
            Required::Always => true,
            Required::Since(_) | Required::Until(_) => {
                self.around.version.is_some_and(|v| prop.is_required_in(v))
            }
        };
        written
            || match prop.implied {
                Implied::OutputName | Implied::ResourceLocation => true,
                Implied::GroupLocation => self.around.in_template,
                _ => false,
            }
    }
}

/// Whether something is given that a missing property excludes: then what is wrong with that says it all.
fn has_substitute(prop: &Prop, instance: &Instance) -> bool {
    instance.ty.rules.iter().any(|rule| match rule {
        CrossRule::AtMostOne { props, .. } => {
            props.contains(&prop.name) && instance.given.iter().any(|g| props.contains(&g.prop))
        }
        _ => false,
    })
}

/// Whether a value stands for one that a later tool fills in.
pub(super) fn is_placeholder(value: &json::Value) -> bool {
    match &value.data {
        json::Data::Placeholder(_) => true,
        json::Data::Text(text) => has_placeholder(text),
        _ => false,
    }
}

/// What is wrong by a rule about several properties. Properties that ARM does not have are no part of it.
fn broken(rule: &CrossRule, instance: &Instance) -> Option<crate::diag::Diagnostic> {
    let ty = instance.ty;
    let given = |name: &str| instance.given.iter().find(|g| g.prop == name);
    let present = |props: &[&'static str]| -> Vec<(&'static str, Given)> {
        props.iter().filter_map(|p| Some((arm_name(ty, p), *given(p).filter(|g| g.sure)?))).collect()
    };
    match *rule {
        CrossRule::ExactlyOne { props, why } => match present(props).as_slice() {
            [] if props.iter().any(|p| given(p).is_some()) => None,
            [] => {
                let names: Vec<&str> = props.iter().map(|p| arm_name(ty, p)).collect();
                Some(errors::one_of_missing(&names, &super::rows::in_arm(why, ty), instance))
            }
            all => errors::excluding(all, &super::rows::in_arm(why, ty)),
        },
        CrossRule::AtMostOne { props, why } => {
            errors::excluding(&present(props), &super::rows::in_arm(why, ty))
        }
        CrossRule::Requires { prop, needs, why } => {
            let first = given(prop).filter(|g| g.sure)?;
            let why = super::rows::in_arm(why, ty);
            given(needs)
                .is_none()
                .then(|| errors::requires(arm_name(ty, prop), arm_name(ty, needs), &why, first.key, None))
        }
        CrossRule::RequiresTrue { prop, needs, why } => {
            let first = given(prop).filter(|g| g.is == Some(true))?;
            let other = given(needs);
            let off = other.is_none_or(|g| g.is == Some(false));
            let why = super::rows::in_arm(why, ty);
            let other = other.map(|g| g.key);
            off.then(|| errors::requires(arm_name(ty, prop), arm_name(ty, needs), &why, first.key, other))
        }
    }
}
