//! Steps and targets: blocks with an ordered list in them.

use super::body::{Body, EntryValue};
use super::convert::Conversion;
use super::module::Checker;
use super::program::{Key, Member, Node, NodeKind, Object, Origin};
use super::tree::{insert_at, merge};
use super::value::{Fields, Handle, Kind, Value};
use crate::arm;
use crate::schema::{Entries, ObjectType, Role};

impl Checker<'_, '_> {
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
        // An empty list that a mistake may have emptied is not known to be empty.
        let kind = if list.is_empty() && body.broken { NodeKind::Invalid } else { NodeKind::List(list) };
        let list = self.labelled(c, kind, value);
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

    pub(super) fn entries_node(
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
            if entry.variant.arm.is_empty() {
                object.members.clear();
            }
            if let Some((_, members)) = self.raw_of(&object) {
                merge(&mut object, members);
            }
            out.push(Node::new(
                NodeKind::Object(object),
                Origin { span: entry.span, via: entry.via.clone() },
            ));
            c.via = None;
        }
        out
    }

    /// The explicit version of a gallery target goes to the end of its id.
    pub(super) fn append_version(&mut self, object: &mut Object) {
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
    pub(super) fn default_output(&mut self, c: &mut Conversion, entry: &EntryValue, fields: &mut Fields) {
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
}
