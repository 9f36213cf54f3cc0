//! What is known of the image that a resource is, or is built from.

use std::sync::Arc;

use crate::base::Span;
use crate::check::{Fact, ImageFacts, Key, Node, Resource, marketplace_image};
use crate::schema::{DEFINITION, Enumeration, Lit, Os, Ty};

/// Publishers all of whose images are of one system.
static PUBLISHERS: &[(&str, Os)] = &[
    ("MicrosoftWindowsServer", Os::Windows),
    ("MicrosoftWindowsDesktop", Os::Windows),
    ("Canonical", Os::Linux),
    ("RedHat", Os::Linux),
    ("Debian", Os::Linux),
    ("SUSE", Os::Linux),
    ("OpenLogic", Os::Linux),
];

/// What an image definition says of itself.
pub(super) fn of_definition(body: &Node) -> ImageFacts {
    let text = |path: &str, name: &str| {
        let node = body.at(path)?;
        let value = known_word(name, node.as_str()?)?;
        Some(Fact { value, span: node.origin.span })
    };
    let plan = body.at("properties.purchasePlan").map(|plan| Fact {
        value: plan_text(plan, ["publisher", "product", "name"]),
        span: plan.origin.span,
    });
    ImageFacts {
        os: text("properties.osType", "os").and_then(|f| os_named(&f.value, f.span)),
        generation: text("properties.hyperVGeneration", "generation"),
        architecture: match body.at("properties.architecture") {
            Some(_) => text("properties.architecture", "architecture"),
            // The service takes x64 where nothing is said; what a computed body says is not known.
            None => lacks_architecture(body).then(|| Fact { value: "x64".into(), span: body.origin.span }),
        },
        security: security(body),
        plan,
    }
}

/// Whether a definition surely says nothing of its architecture.
fn lacks_architecture(body: &Node) -> bool {
    let known = |key: &Key| matches!(key, Key::Str(key) if !key.eq_ignore_ascii_case("architecture"));
    body.get("properties").and_then(Node::as_object).is_some_and(|p| p.members.iter().all(|m| known(&m.key)))
}

/// `properties.features[]` with the name `SecurityType`.
fn security(body: &Node) -> Option<Fact<Arc<str>>> {
    let features = body.at("properties.features")?.as_list()?;
    let feature = features
        .iter()
        .find(|f| f.get("name").and_then(Node::as_str).is_some_and(|n| &**n == "SecurityType"))?;
    let node = feature.get("value")?;
    Some(Fact { value: known_word("security", node.as_str()?)?, span: node.origin.span })
}

/// What is known of the source of an image; `resources` are all of the document, definitions with their facts.
pub(super) fn of_source(body: &Node, resources: &[Resource]) -> ImageFacts {
    let Some(source) = body.at("properties.source") else { return ImageFacts::default() };
    let at = source.get("type").map_or(source.origin.span, |node| node.origin.span);
    let reference = ["imageVersionId", "imageId"].into_iter().find_map(|m| source.get(m)?.reference.clone());
    if let Some(reference) = reference {
        let target = resources.get(reference.target.0 as usize);
        return target.map(|r| moved(r.facts.clone(), at)).unwrap_or_default();
    }
    let part = |name: &str| source.get(name).and_then(Node::as_str).map(|s| &**s);
    let Some(publisher) = part("publisher") else { return ImageFacts::default() };
    let fact = |value: Arc<str>| Fact { value, span: at };
    // Without `planInfo` the source may still have a plan: nothing is known then.
    let plan = source.get("planInfo").map(|plan| Fact {
        value: plan_text(plan, ["planPublisher", "planProduct", "planName"]),
        span: plan.origin.span,
    });
    let known = part("offer").zip(part("sku")).and_then(|(o, s)| marketplace_image(publisher, o, s));
    match known {
        Some(image) => ImageFacts {
            os: image.os.map(|value| Fact { value, span: at }),
            generation: image.generation.and_then(|w| known_word("generation", w)).map(fact),
            architecture: image.architecture.and_then(|w| known_word("architecture", w)).map(fact),
            security: image.security.and_then(|w| known_word("security", w)).map(fact),
            plan,
        },
        None => ImageFacts { os: publisher_os(publisher, at), plan, ..ImageFacts::default() },
    }
}

fn publisher_os(publisher: &str, span: Span) -> Option<Fact<Os>> {
    let row = PUBLISHERS.iter().find(|(name, _)| name.eq_ignore_ascii_case(publisher))?;
    Some(Fact { value: row.1, span })
}

/// Facts as they are shown where an image names its source.
fn moved(mut facts: ImageFacts, span: Span) -> ImageFacts {
    let texts = [facts.generation.as_mut(), facts.architecture.as_mut(), facts.security.as_mut()];
    texts.into_iter().flatten().for_each(|f| f.span = span);
    facts.os.iter_mut().for_each(|f| f.span = span);
    facts.plan.iter_mut().for_each(|f| f.span = span);
    facts
}

fn os_named(name: &str, span: Span) -> Option<Fact<Os>> {
    [Os::Linux, Os::Windows].into_iter().find(|os| os.name() == name).map(|value| Fact { value, span })
}

/// The ARM text of a word of one of a definition's enumerations, by the aib name of its row.
fn known_word(row: &str, word: &str) -> Option<Arc<str>> {
    let e: &'static Enumeration = match DEFINITION.body.prop(row)?.ty {
        Ty::Enum(e) => e,
        _ => return None,
    };
    match e.find(word)?.arm {
        Lit::Str(text) => Some(text.into()),
        Lit::Bool(_) => None,
    }
}

/// `publisher:product:name`, if all of it is known.
fn plan_text(plan: &Node, parts: [&str; 3]) -> Option<Arc<str>> {
    let part = |name: &str| plan.get(name).and_then(Node::as_str);
    let [publisher, product, name] = parts.map(part);
    Some(format!("{}:{}:{}", publisher?, product?, name?).into())
}
