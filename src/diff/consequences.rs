//! What follows from a change, in words.

use super::classes::{covers, possible_since};
use super::model::{Change, Class, Kind, Topic, Word};
use super::pairs::Sides;
use super::read::Resource;
use super::tree::Tree;

const IMAGE: &str = "Microsoft.VirtualMachineImages/imageTemplates";
const DEFINITION: &str = "Microsoft.Compute/galleries/images";
const GALLERY: &str = "Microsoft.Compute/galleries";
const IDENTITY: &str = "Microsoft.ManagedIdentity/userAssignedIdentities";

/// Where an image template says what it reads, writes or runs as, and what another value means for rights.
static RIGHTS: &[(&str, &str)] = &[
    ("/identity", "it builds as another identity, which needs all rights before the template is created"),
    ("/properties/distribute/*/galleryImageId", TARGET),
    ("/properties/distribute/*/imageId", TARGET),
    ("/properties/distribute/*/uri", TARGET),
    ("/properties/source/imageId", SOURCE),
    ("/properties/source/imageVersionId", SOURCE),
    (
        "/properties/vmProfile/vnetConfig",
        "its identity needs the right to join the subnets that it names now",
    ),
    (
        "/properties/vmProfile/userAssignedIdentities",
        "its identity needs Managed Identity Operator on the identities that the build VM has now",
    ),
    ("/properties/stagingResourceGroup", "a staging group that exists needs rights of its own"),
    ("/properties/customize/*/scriptUri", SCRIPT),
    ("/properties/customize/*/sourceUri", SCRIPT),
];

const TARGET: &str = "its identity needs rights where the images go now, and those at the old place may not be needed any more";
const SOURCE: &str = "its identity needs the right to read the image that it is built from now";
const SCRIPT: &str =
    "its identity needs the right to read files of a storage account that it did not use before";

/// The consequences of what happens to one resource.
pub(super) fn words(sides: &Sides<'_>, class: Class, changes: &[Change], roles_known: bool) -> Vec<Word> {
    let Some(shown) = sides.new.or(sides.old) else { return Vec::new() };
    let mut out = Words(Vec::new());
    let is = |ty: &str| shown.ty.eq_ignore_ascii_case(ty);
    let by_default = changes.iter().any(|change| change.by_default && change.class == Some(Class::Remove));
    if class == Class::Remove && !by_default {
        out.put(
            Topic::Resource,
            "an incremental deployment leaves it where it is; it has to be deleted by hand",
        );
    }
    if by_default {
        out.put(
            Topic::Resource,
            "with the default it is not deployed any more: an incremental deployment leaves it where it is",
        );
    }
    if is(IMAGE) {
        image(sides, class, changes, &mut out);
        if !roles_known {
            rights(changes, &mut out);
        }
        versions(sides, changes, &mut out);
    } else if class == Class::Replace {
        if is(DEFINITION) {
            out.put(Topic::Versions, "a definition can be deleted only when it has no versions any more");
        } else if is(GALLERY) {
            out.put(
                Topic::Versions,
                "a gallery can be deleted only when it has no definitions and versions any more",
            );
        } else if is(IDENTITY) {
            out.put(
                Topic::Roles,
                "a new identity has another principal: all its role assignments have to be made again",
            );
        }
    }
    out.0
}

/// What is said of the triggers of an image template that is deleted.
pub(super) fn of_triggers(triggers: &[&Resource]) -> Option<Word> {
    let names: Vec<String> = triggers.iter().map(|one| format!("`{}`", one.shown_name())).collect();
    let text = match names.as_slice() {
        [] => return None,
        [one] => format!("its trigger {one} goes with it, and has to be deployed again too"),
        all => format!("its triggers {} go with it, and have to be deployed again too", all.join(", ")),
    };
    Some(Word { topic: Topic::Resource, text })
}

struct Words(Vec<Word>);

impl Words {
    /// Adds a sentence, once.
    fn put(&mut self, topic: Topic, text: impl Into<String>) {
        let word = Word { topic, text: text.into() };
        if !self.0.contains(&word) {
            self.0.push(word);
        }
    }
}

fn image(sides: &Sides<'_>, class: Class, changes: &[Change], out: &mut Words) {
    match class {
        Class::Replace | Class::Refused => {
            out.put(
                Topic::Resource,
                "delete it, then deploy: deploying over an image template that exists is refused",
            );
            out.put(
                Topic::Resource,
                "its runs and run outputs go with it; images in galleries and managed images stay",
            );
            staged(sides.old, out);
            for change in changes.iter().filter(|change| change.class == Some(Class::Replace)) {
                if let Some(since) = possible_since(IMAGE, &change.path) {
                    let at = change.path.split('/').take(3).collect::<Vec<_>>().join("/");
                    let text = format!("from API version {since} on, `{at}` can be changed in place");
                    out.put(Topic::Resource, text);
                }
            }
        }
        Class::InPlace => {
            out.put(
                Topic::Resource,
                "send it as an update (PATCH): deploying over an image template that exists is refused",
            );
            if changes.iter().any(|change| covers("/properties/distribute", &change.path)) {
                out.put(Topic::Resource, "an update of targets has to repeat all of them");
            }
        }
        Class::Beside => {
            let old = sides.old.map(Resource::shown_name).unwrap_or_default();
            let text = if sides.by_content {
                format!(
                    "its name follows its content: it is created beside `{old}`, which stays, with its runs, until it is deleted"
                )
            } else {
                "it is created under its new name; the old one stays, with its runs, until it is deleted"
                    .to_owned()
            };
            out.put(Topic::Resource, text);
        }
        Class::Remove => {
            out.put(Topic::Resource, "deleting it takes its runs and run outputs with it");
            staged(sides.old, out);
        }
        Class::Create | Class::Changed => {}
    }
}

/// VHDs that lie in the staging group of a template that is deleted.
fn staged(old: Option<&Resource>, out: &mut Words) {
    let targets =
        old.and_then(|old| old.body.at("properties.distribute")).map(Tree::items).unwrap_or_default();
    for target in targets {
        let is_vhd =
            target.get("type").and_then(Tree::shown).is_some_and(|ty| ty.eq_ignore_ascii_case("VHD"));
        let has_place = target.get("uri").is_some_and(|uri| uri.shown() != Some(""));
        if is_vhd && !has_place {
            let name = target.get("runOutputName").and_then(Tree::shown);
            let what = name.map_or_else(|| "its VHD".to_owned(), |name| format!("the VHD `{name}`"));
            let text = format!("{what} lies in its staging group and goes with it: copy it first");
            out.put(Topic::Resource, text);
        }
    }
}

/// What another identity or another place means for rights, where these cannot be derived on both sides.
fn rights(changes: &[Change], out: &mut Words) {
    for change in changes {
        let row = RIGHTS.iter().find(|(at, _)| covers(at, &change.path));
        if let Some((_, text)) = row.filter(|_| change.kind != Kind::Removed) {
            out.put(Topic::Roles, format!("{text}{}", unless_same(change)));
        } else if covers("/properties/distribute/*", &change.path)
            && change.path.matches('/').count() == 3
            && matches!(change.kind, Kind::Added | Kind::Removed)
        {
            out.put(Topic::Roles, TARGET);
        }
    }
}

fn versions(sides: &Sides<'_>, changes: &[Change], out: &mut Words) {
    for change in changes {
        let path = change.path.as_str();
        let target = || target_name(sides, change);
        if covers("/properties/distribute/*/galleryImageId", path) && change.kind == Kind::Removed {
            out.put(
                Topic::Versions,
                format!("no new versions are made for `{}`; those that exist stay", target()),
            );
        } else if covers("/properties/distribute/*/galleryImageId", path) {
            gallery_id(change, &target(), out);
        } else if covers("/properties/distribute/*/versioning", path) {
            let text = format!(
                "new versions of `{}` are numbered by another scheme; those that exist keep their numbers",
                target()
            );
            out.put(Topic::Versions, text);
        } else if covers("/properties/distribute/*/excludeFromLatest", path) {
            let text =
                format!("whether `latest` finds a version of `{}` changes for new versions only", target());
            out.put(Topic::Versions, text);
        } else if let Some(region) = region(change) {
            let text = match change.kind {
                Kind::Removed => format!(
                    "new versions of `{}` are not replicated to {region}; those that exist stay there",
                    target()
                ),
                _ => format!(
                    "new versions of `{}` are replicated to {region} too; those that exist are not",
                    target()
                ),
            };
            out.put(Topic::Versions, text);
        } else if path.matches('/').count() == 3
            && covers("/properties/distribute/*", path)
            && change.kind == Kind::Removed
            && change.old.as_ref().is_some_and(|old| old.get("galleryImageId").is_some())
        {
            out.put(
                Topic::Versions,
                format!("no new versions are made for `{}`; those that exist stay", target()),
            );
        }
    }
}

/// The output's name of the target that a change is in.
fn target_name(sides: &Sides<'_>, change: &Change) -> String {
    let (side, path) = match change.kind {
        Kind::Removed => (sides.old, change.path.as_str()),
        _ => (sides.new, change.path.as_str()),
    };
    let index = path.split('/').nth(3).and_then(|step| step.parse::<usize>().ok());
    let targets =
        side.and_then(|side| side.body.at("properties.distribute")).map(Tree::items).unwrap_or_default();
    // What is gone from a target that stays has the target's place on the old side.
    let target = index.and_then(|index| targets.get(index));
    target.and_then(|target| target.get("runOutputName")?.shown()).unwrap_or("the target").to_owned()
}

fn gallery_id(change: &Change, target: &str, out: &mut Words) {
    let (Some(old), Some(new)) =
        (change.old.as_ref().and_then(Tree::shown), change.new.as_ref().and_then(Tree::shown))
    else {
        return;
    };
    let ((old_definition, old_version), (new_definition, new_version)) = (version_of(old), version_of(new));
    if !old_definition.eq_ignore_ascii_case(&new_definition) {
        let text = format!(
            "new versions of `{target}` go to another definition; those that exist stay where they are{}",
            unless_same(change)
        );
        out.put(Topic::Versions, text);
    }
    let text = match (old_version, new_version) {
        (Some(old), Some(new)) if old != new => {
            format!("`{target}` makes version {new} instead of {old}, which stays")
        }
        (Some(old), None) => {
            format!("the service numbers the versions of `{target}`; version {old} stays")
        }
        (None, Some(new)) => format!("`{target}` makes version {new} and no other"),
        _ => return,
    };
    out.put(Topic::Versions, text);
}

/// What is added to a sentence about another value where the two may be the same: what only Azure knows, against what is
/// written or made in another way.
fn unless_same(change: &Change) -> &'static str {
    const MAY_BE: &str = " (unless both come to the same)";
    let made_by = |tree: &Tree| match tree {
        Tree::Expr { shown, .. } => shown.split('(').next().map(str::to_lowercase),
        _ => None,
    };
    match (&change.old, &change.new) {
        (Some(old), Some(new)) if made_by(old) != made_by(new) => MAY_BE,
        _ => "",
    }
}

/// An id without its version, and that.
fn version_of(id: &str) -> (String, Option<String>) {
    match id.split_once("/versions/") {
        Some((definition, rest)) => {
            let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.')).unwrap_or(rest.len());
            let (version, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            (format!("{definition}{after}"), Some(version.to_owned()))
        }
        None => (id.to_owned(), None),
    }
}

/// The region that came or went with a change.
fn region(change: &Change) -> Option<String> {
    let lists = ["/properties/distribute/*/targetRegions/*", "/properties/distribute/*/replicationRegions/*"];
    let is_element = change.path.matches('/').count() == 5 && lists.iter().any(|at| covers(at, &change.path));
    let came_or_went = matches!(change.kind, Kind::Added | Kind::Removed);
    let tree = change.new.as_ref().or(change.old.as_ref()).filter(|_| is_element && came_or_went)?;
    let name = tree.get("name").unwrap_or(tree);
    name.shown().map(|name| format!("`{name}`"))
}
