//! Where resources stand in a document.

use super::computed::Made;
use super::scope::{At, GivenBy, ScopeId, Scopes};
use crate::base::TextRange;
use crate::json::{Data, Document, Member, Object, Value};
use crate::schema::{IMAGE, TRIGGER};

/// The provider that truncated types name.
pub(super) const PROVIDER: &str = "Microsoft.VirtualMachineImages";
pub(super) const DEPLOYMENTS: &str = "Microsoft.Resources/deployments";
/// How deep deployments may nest; Azure takes five.
const MAX_DEPTH: usize = 16;
/// How many resources of a document are read; Azure takes 800 a template.
pub(super) const MAX_RESOURCES: usize = 20_000;

/// A resource that was found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found<'a> {
    pub(super) object: &'a Object,
    /// The range of the whole object.
    pub(super) range: TextRange,
    pub(super) scope: ScopeId,
    /// The resource that it is nested in.
    pub(super) parent: Option<usize>,
    /// Its symbolic name.
    pub(super) symbol: Option<&'a str>,
    /// Whether it stands in a template, rather than by itself.
    pub(super) in_template: bool,
    /// Whether it is never deployed: its condition is known to be false.
    pub(super) off: bool,
    /// The version of the request whose body it is, where that stands beside it: `api-version` of an example of the API.
    pub(super) request: Option<&'a Member>,
}

impl<'a> Found<'a> {
    pub(super) fn member(&self, key: &str) -> Option<&'a Member> {
        self.object.member_ignoring_case(key)
    }

    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.member(key)?.value.as_text()
    }
}

/// Whether a text speaks of image templates at all: broken JSON that does not is none of ours.
pub fn mentions_images(text: &str) -> bool {
    let needle = PROVIDER.as_bytes();
    // The types are written in any letter case; a scan for it costs less than another text.
    text.as_bytes().windows(needle.len()).any(|w| w.eq_ignore_ascii_case(needle))
}

/// Whether a document holds an image template or a trigger of one, in any form that [`super::read`] finds.
pub fn holds_images(document: &Document) -> bool {
    let made = Made::default();
    let mut scopes = Scopes::new(crate::base::FileId(0), "", &made);
    find(document, &mut scopes).iter().any(is_ours)
}

/// Whether a resource is one of Image Builder's.
pub(super) fn is_ours(found: &Found<'_>) -> bool {
    is_image(found) || found.text("type").is_some_and(|ty| ty.eq_ignore_ascii_case(TRIGGER.arm_type))
}

/// Whether a resource is an image template, or means to be one.
pub(super) fn is_image(found: &Found<'_>) -> bool {
    match found.text("type") {
        Some(ty) => ty.eq_ignore_ascii_case(IMAGE.arm_type) || is_truncated(ty),
        None => !found.in_template,
    }
}

/// Whether a type lacks its second part, as it stands in many files for `az resource create`.
pub(super) fn is_truncated(ty: &str) -> bool {
    ty.trim_end_matches('/').eq_ignore_ascii_case(PROVIDER)
}

/// All resources of a document.
pub(super) fn find<'a>(document: &'a Document, scopes: &mut Scopes<'a>) -> Vec<Found<'a>> {
    let mut finder = Finder { scopes, found: Vec::new(), raw: None, request: None };
    finder.anywhere(&document.root, 0);
    finder.found
}

struct Finder<'a, 's> {
    scopes: &'s mut Scopes<'a>,
    found: Vec<Found<'a>>,
    raw: Option<ScopeId>,
    request: Option<&'a Member>,
}

impl<'a> Finder<'a, '_> {
    /// A value that may hold a template or a raw body somewhere.
    fn anywhere(&mut self, value: &'a Value, depth: usize) {
        match &value.data {
            Data::Object(object) if is_template(object) => {
                let scope = self.scopes.template(object, None, true);
                self.template(object, scope, depth);
            }
            Data::Object(object) if is_raw_image(object) => {
                let scope = match self.raw {
                    Some(scope) => scope,
                    None => *self.raw.insert(self.scopes.raw()),
                };
                let found = Found {
                    object,
                    range: value.range,
                    scope,
                    parent: None,
                    symbol: None,
                    in_template: false,
                    off: false,
                    request: self.request,
                };
                self.resource(found, depth);
            }
            Data::Object(object) => {
                // An example of the API: what the service answers is nothing that anybody deploys.
                let example = object.get("parameters").is_some();
                let asked = object.members.iter().filter(|m| !(example && &*m.key.text == "responses"));
                let outer = self.request;
                let own = object.member_ignoring_case("api-version");
                self.request = own.filter(|m| m.value.as_text().is_some()).or(outer);
                asked.for_each(|m| self.anywhere(&m.value, depth));
                self.request = outer;
            }
            Data::List(items) => items.iter().for_each(|item| self.anywhere(item, depth)),
            _ => {}
        }
    }

    fn template(&mut self, template: &'a Object, scope: ScopeId, depth: usize) {
        let Some(member) = template.member_ignoring_case("resources") else { return };
        self.resources(&member.value, scope, None, depth);
    }

    /// A list of resources, or `languageVersion` 2.0's object of them.
    fn resources(&mut self, value: &'a Value, scope: ScopeId, parent: Option<usize>, depth: usize) {
        let found = |value: &'a Value, symbol: Option<&'a str>| {
            let object = value.as_object()?;
            Some(Found {
                object,
                range: value.range,
                scope,
                parent,
                symbol,
                in_template: true,
                off: false,
                request: None,
            })
        };
        match &value.data {
            Data::List(items) => {
                items.iter().filter_map(|v| found(v, None)).for_each(|f| self.resource(f, depth));
            }
            Data::Object(object) => object
                .effective()
                .into_iter()
                .filter_map(|m| found(&m.value, Some(&m.key.text)))
                .for_each(|f| self.resource(f, depth)),
            _ => {}
        }
    }

    fn resource(&mut self, found: Found<'a>, depth: usize) {
        if self.found.len() >= MAX_RESOURCES || depth > MAX_DEPTH {
            return;
        }
        let id = self.found.len();
        let off = found.in_template && self.is_off(&found);
        self.found.push(Found { off, ..found });
        if let Some(nested) = found.member("resources") {
            self.resources(&nested.value, found.scope, Some(id), depth + 1);
        }
        let deployment = found.text("type").is_some_and(|ty| ty.eq_ignore_ascii_case(DEPLOYMENTS));
        let Some(properties) = found.member("properties") else { return };
        if deployment {
            self.deployment(properties, found.scope, depth + 1);
        } else if found.in_template && !is_image(&found) {
            // The template of a template spec, say.
            self.anywhere(&properties.value, depth + 1);
        }
    }

    /// Whether a resource has a condition that is known to be false, whatever is given.
    fn is_off(&self, found: &Found<'a>) -> bool {
        let Some(condition) = found.member("condition") else { return false };
        let (at, _) = self.scopes.follow(At { value: &condition.value, scope: found.scope });
        matches!(at.value.data, Data::Bool(false))
    }

    /// A nested deployment: its template is evaluated by itself, or around it.
    fn deployment(&mut self, properties: &'a Member, around: ScopeId, depth: usize) {
        let place = properties.key.range;
        let Some(properties) = properties.value.as_object() else { return };
        let Some(template) = properties.member_ignoring_case("template") else { return };
        let (at, _) = self.scopes.follow(At { value: &template.value, scope: around });
        let Some(template) = at.value.as_object() else { return };
        let options = properties.member_ignoring_case("expressionEvaluationOptions");
        let scope = options.and_then(|m| m.value.as_object()?.member_ignoring_case("scope"));
        let inner =
            scope.and_then(|m| m.value.as_text()).is_some_and(|text| text.eq_ignore_ascii_case("inner"));
        let scope = match inner {
            true => {
                let given = properties.member_ignoring_case("parameters");
                // Parameters that are an expression may be any.
                let call = match given.map(|m| (m, &m.value.data)) {
                    Some((member, Data::Object(object))) => {
                        Some(GivenBy { given: Some(object), place: member.key.range, outer: around })
                    }
                    Some((member, Data::Null)) => {
                        Some(GivenBy { given: None, place: member.key.range, outer: around })
                    }
                    Some(_) => None,
                    None => Some(GivenBy { given: None, place, outer: around }),
                };
                self.scopes.template(template, call, false)
            }
            false => around,
        };
        self.template(template, scope, depth);
    }
}

/// Whether an object is a deployment template.
fn is_template(object: &Object) -> bool {
    let resources = object
        .member_ignoring_case("resources")
        .is_some_and(|m| matches!(m.value.data, Data::List(_) | Data::Object(_)));
    let schema = object
        .member_ignoring_case("$schema")
        .and_then(|m| m.value.as_text())
        .is_some_and(|text| text.to_ascii_lowercase().contains("deploymenttemplate"));
    let resource = object.member_ignoring_case("type").is_some_and(|m| m.value.as_text().is_some());
    resources && (schema || !resource)
}

/// Whether an object is an image template by itself: by its type, or by members that only one has.
fn is_raw_image(object: &Object) -> bool {
    let ty = object.member_ignoring_case("type").map(|m| &m.value);
    // A type that says it is enough: what is missing is told.
    if ty.and_then(Value::as_text).is_some_and(|ty| ty.eq_ignore_ascii_case(IMAGE.arm_type)) {
        return true;
    }
    let properties = object.member_ignoring_case("properties").and_then(|m| m.value.as_object());
    let Some(properties) = properties else { return false };
    match ty {
        Some(ty) => ty.as_text().is_some_and(is_truncated),
        None => {
            let has = |key: &str| properties.member_ignoring_case(key).is_some();
            has("source") && has("distribute")
        }
    }
}
