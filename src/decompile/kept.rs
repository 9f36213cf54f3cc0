//! What no row could say of an object, and why: it goes into the source as it is.

use super::errors;
use super::out::{Entry, Ex};
use super::rows::{Around, address};
use super::scope::Scope;
use super::value::commented;
use crate::json::{Data, Object, Value};
use crate::schema::{ObjectType, Prop, RESOURCE_KINDS, Ty, unmodelled};

impl Scope {
    /// `raw = { … }`: what no row could say of a step or target.
    pub(super) fn left_over(
        &mut self,
        value: &Value,
        ty: &'static ObjectType,
        around: &Around,
    ) -> Option<Entry> {
        let rest = self.rest(value)?;
        if matches!(&rest, Ex::Object(members) if members.is_empty()) {
            return None;
        }
        self.tell_kept(value, ty, "", around);
        Some(Entry::set("raw", rest))
    }

    /// What was not taken of a value.
    pub(super) fn rest(&mut self, value: &Value) -> Option<Ex> {
        if self.taken.contains(&address(value)) {
            return None;
        }
        let Data::Object(object) = &value.data else { return Some(self.value(value)) };
        let mut out = Vec::new();
        for member in object.effective() {
            if let Some(ex) = self.rest(&member.value) {
                let key = self.key(member);
                out.push(commented(Entry::set(key, ex), &member.value));
            }
        }
        (!out.is_empty() || object.members.is_empty()).then_some(Ex::Object(out))
    }

    /// Tells of each member that no row said, at its place, and why. `path` is where the value is within what the type
    /// describes, with a dot at its end.
    pub(super) fn tell_kept(&mut self, value: &Value, ty: &'static ObjectType, path: &str, around: &Around) {
        for member in value.as_object().map(Object::effective).unwrap_or_default() {
            let path = format!("{path}{}", member.key.text);
            match self.is_said(&member.value) {
                Said::Whole => {}
                Said::Partly => self.tell_kept(&member.value, ty, &format!("{path}."), around),
                // Beside `properties` nothing is written of what is null.
                Said::Nothing if member.value.data == Data::Null && !path.contains('.') && !is_step(ty) => {
                    let d = errors::null_left_out(self.span(member.key.range), &format!("`{path}`"));
                    self.report(d);
                }
                Said::Nothing => {
                    let why = reason(ty, &path, around);
                    let name = path.strip_prefix("properties.").unwrap_or(&path);
                    let d = errors::kept_raw(self.span(member.key.range), &format!("`{name}`"), &why);
                    self.report(d);
                }
            }
        }
    }

    fn is_said(&self, value: &Value) -> Said {
        if self.taken.contains(&address(value)) {
            return Said::Whole;
        }
        let members = value.as_object().map(Object::effective).unwrap_or_default();
        match members.iter().any(|m| self.is_said(&m.value) != Said::Nothing) {
            true => Said::Partly,
            false => Said::Nothing,
        }
    }
}

/// Whether what a type describes is a part of a resource: there `raw` writes what is null.
fn is_step(ty: &'static ObjectType) -> bool {
    !RESOURCE_KINDS.iter().any(|kind| std::ptr::eq(kind.body, ty))
}

/// How much of a value the rows said.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    Whole,
    Partly,
    Nothing,
}

/// Why no row said the member at a path.
fn reason(ty: &'static ObjectType, path: &str, around: &Around) -> String {
    match path {
        "type" => return "it is not spelled as Azure documents it".into(),
        "apiVersion" => return "aib knows no such version".into(),
        _ => {}
    }
    let kind = RESOURCE_KINDS.iter().find(|kind| std::ptr::eq(kind.body, ty));
    if let Some(known) = kind.and_then(|kind| unmodelled(kind.keyword, path)).filter(|known| known.read_only)
    {
        return format!("only Azure sets it, and {}", known.why);
    }
    match row(ty, path) {
        None => "aib has no word for it".into(),
        Some(prop) if !prop.is_in(around.version) => {
            format!("API version {} does not have it", around.version.0)
        }
        Some(prop) => {
            let own = prop.arm_in(around.version).rsplit('.').next().unwrap_or_default();
            match path.ends_with(own) {
                true => format!("`{}` of aib does not take this value", prop.name),
                false => format!("its name is spelled `{own}`"),
            }
        }
    }
}

/// The row of the member at a path, in whatever letter case.
fn row(ty: &'static ObjectType, path: &str) -> Option<&'static Prop> {
    ty.props.iter().filter(|prop| !prop.arm.is_empty()).find_map(|prop| {
        let spellings = std::iter::once(prop.arm).chain(prop.legacy.iter().map(|legacy| legacy.arm));
        for arm in spellings {
            if arm.eq_ignore_ascii_case(path) {
                return Some(prop);
            }
            let front = path.get(..arm.len()).filter(|front| front.eq_ignore_ascii_case(arm));
            let inner = front.and_then(|_| path.get(arm.len()..)?.strip_prefix('.'));
            if let (Some(inner), Ty::Object(ty)) = (inner, &prop.ty)
                && let Some(found) = row(ty, inner)
            {
                return Some(found);
            }
        }
        None
    })
}
