//! What is known of the image that a resource is, or is built from.

use std::sync::Arc;

use super::errors;
use super::module::Checker;
use super::program::{Fact, ImageFacts, ResourceId};
use super::value::{Fields, Handle, Kind, Value};
use crate::base::Span;
use crate::schema::{Enumeration, Implied, Lit, ObjectType, Os, ResourceKind, Ty};

impl Checker<'_, '_> {
    /// What is known of an image or definition. One that a file deploys, which is declared at `made`, has what stands for what
    /// it does not say.
    pub(super) fn facts_of(
        &mut self,
        kind: &'static ResourceKind,
        fields: &Fields,
        made: Option<Span>,
    ) -> ImageFacts {
        match kind.keyword {
            "image" => {
                let mut facts = match fields.get("source") {
                    Some(field) => self.source_facts(&field.value),
                    None => ImageFacts::default(),
                };
                if let Some(os) = stated_os(fields, kind.body) {
                    let other = facts.os.take().filter(|known| known.value != os.value);
                    match other {
                        // One of the two is wrong: the steps are held to neither.
                        Some(known) => {
                            self.report(errors::os_contradicts(os.value, os.span, known.value, known.span));
                        }
                        None => facts.os = Some(os),
                    }
                }
                facts
            }
            "definition" | "managed_image" => {
                let mut facts = facts_from(fields, kind.body);
                facts.plan = plan_fact(fields);
                if let Some(span) = made {
                    let stands = |name: &str| fact_left_out(fields, kind.body, name, span);
                    facts.generation = facts.generation.or_else(|| stands("generation"));
                    facts.architecture = facts.architecture.or_else(|| stands("architecture"));
                    facts.security = facts.security.or_else(|| stands("security"));
                }
                facts
            }
            _ => ImageFacts::default(),
        }
    }

    /// What is known of a source.
    pub(super) fn source_facts(&mut self, source: &Value) -> ImageFacts {
        let at = |mut facts: ImageFacts| {
            // A fact of a source is shown where the image names the source.
            for span in [
                facts.os.as_mut().map(|f| &mut f.span),
                facts.generation.as_mut().map(|f| &mut f.span),
                facts.architecture.as_mut().map(|f| &mut f.span),
                facts.security.as_mut().map(|f| &mut f.span),
                facts.plan.as_mut().map(|f| &mut f.span),
            ]
            .into_iter()
            .flatten()
            {
                *span = source.span;
            }
            facts
        };
        match &source.kind {
            Kind::Variant(name, fields) if &**name == "platform_image" => {
                let Some(definition) = crate::schema::resource_kind("definition") else {
                    return ImageFacts::default();
                };
                let mut facts = facts_from(fields, definition.body);
                facts.plan = Some(Fact { value: plan_text(fields), span: source.span });
                at(facts)
            }
            Kind::Handle(Handle::Resource(id)) => {
                let id = *id;
                if &*self.keyword_of(id) == "image" {
                    return match self.image_source(id, None, source.span) {
                        Some((definition, _)) => at(self.known_facts(definition, Some(id))),
                        None => ImageFacts::default(),
                    };
                }
                at(self.known_facts(id, None))
            }
            Kind::Handle(Handle::Version { definition, .. }) => at(self.known_facts(*definition, None)),
            Kind::Handle(handle @ Handle::Output { image, .. }) => {
                match self.image_source(*image, Some(handle), source.span) {
                    Some((definition, _)) => at(self.known_facts(definition, Some(*image))),
                    None => ImageFacts::default(),
                }
            }
            _ => ImageFacts::default(),
        }
    }

    /// The facts of a definition, and of the image that is distributed to it where it says nothing.
    pub(super) fn known_facts(&mut self, id: ResourceId, built_by: Option<ResourceId>) -> ImageFacts {
        self.force(id);
        let facts = |c: &Self, id: ResourceId| {
            c.slots
                .get(id.0 as usize)
                .and_then(|s| s.resource.as_ref())
                .map(|r| r.facts.clone())
                .unwrap_or_default()
        };
        let own = facts(self, id);
        let Some(image) = built_by.map(|i| facts(self, i)) else { return own };
        ImageFacts {
            os: own.os.or(image.os),
            generation: own.generation.or(image.generation),
            architecture: own.architecture.or(image.architecture),
            security: own.security.or(image.security),
            plan: own.plan.or(image.plan),
        }
    }
}

fn enumeration(ty: &Ty) -> Option<&'static Enumeration> {
    match ty {
        Ty::Enum(e) => Some(e),
        _ => None,
    }
}

/// The ARM text of a fact, if it is known and one of its words.
fn fact_text(fields: &Fields, ty: &'static ObjectType, name: &str) -> Option<Fact<Arc<str>>> {
    let field = fields.get(name)?;
    let text = field.value.as_str()?;
    let e = enumeration(&ty.prop(name)?.ty)?;
    match e.find(text)?.arm {
        Lit::Str(arm) => Some(Fact { value: arm.into(), span: field.value.span }),
        Lit::Bool(_) => None,
    }
}

/// What stands for a fact that is not written: what the compiler writes, or what the service takes.
fn fact_left_out(fields: &Fields, ty: &'static ObjectType, name: &str, span: Span) -> Option<Fact<Arc<str>>> {
    if fields.get(name).is_some_and(|field| !matches!(field.value.kind, Kind::Null)) {
        return None;
    }
    let prop = ty.prop(name)?;
    let word = match prop.implied {
        Implied::Value(word) => word,
        _ => prop.default?,
    };
    match enumeration(&prop.ty)?.find(word)?.arm {
        Lit::Str(arm) => Some(Fact { value: arm.into(), span }),
        Lit::Bool(_) => None,
    }
}

fn stated_os(fields: &Fields, ty: &'static ObjectType) -> Option<Fact<Os>> {
    let fact = fact_text(fields, ty, "os")?;
    let value = [Os::Linux, Os::Windows].into_iter().find(|os| os.name() == &*fact.value)?;
    Some(Fact { value, span: fact.span })
}

fn facts_from(fields: &Fields, ty: &'static ObjectType) -> ImageFacts {
    ImageFacts {
        os: stated_os(fields, ty),
        generation: fact_text(fields, ty, "generation"),
        architecture: fact_text(fields, ty, "architecture"),
        security: fact_text(fields, ty, "security"),
        plan: None,
    }
}

/// `publisher:product:name` of a stated plan.
fn plan_text(fields: &Fields) -> Option<Arc<str>> {
    let plan = fields.get("plan")?.value.as_object()?.clone();
    let part = |name: &str| plan.get(name).and_then(|f| f.value.as_str().cloned()).unwrap_or_default();
    Some(format!("{}:{}:{}", part("publisher"), part("product"), part("name")).into())
}

fn plan_fact(fields: &Fields) -> Option<Fact<Option<Arc<str>>>> {
    let field = fields.get("plan")?;
    Some(Fact { value: plan_text(fields), span: field.key_span })
}
