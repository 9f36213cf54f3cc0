//! Which images of a program make the version that an image is built from.

use super::program::{Node, Object, Program, Resource, ResourceId};

/// What makes the source of an image, as far as these files tell.
#[derive(Debug, Default)]
pub struct Makers<'a> {
    /// The images that may have made it, with the target that it came from.
    pub all: Vec<Maker<'a>>,
    /// Whether it surely is of one of them: nobody else may have made it.
    pub complete: bool,
}

/// An image that makes versions of a definition.
#[derive(Clone, Copy, Debug)]
pub struct Maker<'a> {
    /// Its id.
    pub id: ResourceId,
    /// The image.
    pub image: &'a Resource,
    /// Its target.
    pub target: &'a Object,
}

/// The images that make what an image starts from; those of imported files count too.
pub fn makers<'a>(program: &'a Program, id: ResourceId, image: &Resource) -> Makers<'a> {
    let Some(source) = image.body.at("properties.source.imageVersionId") else { return Makers::default() };
    let named = source.reference.as_ref().and_then(|reference| reference.made_by);
    let wanted = version(source);
    let mut found = Makers::default();
    // An image that refreshes its own definition starts from a version that was there before it.
    let mut own = false;
    for (maker, resource) in program.iter().filter(|(_, r)| r.kind.keyword() == "image") {
        for target in resource.targets().iter().filter_map(Node::as_object) {
            let Some(makes) = target.get("galleryImageId").filter(|makes| is_of(source, makes)) else {
                continue;
            };
            let fits = match wanted.as_deref() {
                Some("latest") => target.get("excludeFromLatest").and_then(Node::as_bool) != Some(true),
                Some(wanted) => version(makes).as_deref() == Some(wanted),
                None => true,
            };
            if !fits {
                continue;
            }
            if maker == id {
                own = true;
            } else if resource.may_stand_beside(image) {
                found.all.push(Maker { id: maker, image: resource, target });
            }
        }
    }
    // The one that the author names comes first.
    found.all.sort_by_key(|maker| Some(maker.id) != named);
    found.complete = match named {
        Some(named) => found.all.first().is_some_and(|maker| maker.id == named),
        None if wanted.as_deref() == Some("latest") => {
            !own && !found.all.is_empty() && found.all.iter().all(|maker| maker.surely_makes_latest(image))
        }
        None => wanted.is_some() && !own && !found.all.is_empty(),
    };
    found
}

impl Maker<'_> {
    /// Whether what it made last is the latest version, whoever made others: the service counts on from the latest. A version
    /// that is written, or one below a number, may be below what others made, and what is left out may be too.
    fn surely_makes_latest(&self, child: &Resource) -> bool {
        let counts_on = match self.target.get("versioning") {
            None => true,
            Some(versioning) => {
                versioning
                    .get("scheme")
                    .and_then(Node::as_str)
                    .is_some_and(|s| s.eq_ignore_ascii_case("latest"))
                    && versioning.get("major").is_none_or(|major| major.as_int() == Some(-1))
            }
        };
        let is_counted =
            self.target.get("excludeFromLatest").is_none_or(|node| node.as_bool() == Some(false));
        let is_written = self.target.get("galleryImageId").is_none_or(|makes| version(makes).is_some());
        let is_made = self.image.condition.is_none() || self.image.condition == child.condition;
        counts_on && is_counted && !is_written && is_made
    }
}

/// Whether a source is a version of the definition that a target names.
fn is_of(source: &Node, makes: &Node) -> bool {
    match (&source.reference, &makes.reference) {
        (Some(source), Some(makes)) => source.target == makes.target,
        (None, None) => definition(source).is_some_and(|of| definition(makes) == Some(of)),
        _ => false,
    }
}

/// The definition in the id of a version or of itself, in lower case; only of an id that is known.
fn definition(id: &Node) -> Option<String> {
    let text = id.as_str()?.to_lowercase();
    let own = text.split_once("/versions/").map_or(&*text, |(own, _)| own);
    own.contains("/galleries/").then(|| own.to_owned())
}

/// The version that an id ends in, in lower case.
fn version(id: &Node) -> Option<String> {
    let referred = id.reference.as_ref().and_then(|reference| reference.version.as_deref());
    let written = || id.as_str().and_then(|text| text.split_once("/versions/")).map(|(_, version)| version);
    referred.or_else(written).map(str::to_lowercase)
}
