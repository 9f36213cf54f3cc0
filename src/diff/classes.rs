//! What Azure lets be changed of a resource that exists, as rows.

use super::model::{Change, Class, Kind};
use crate::plan::Evidence;

/// A row: what a change at a place of a resource means.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The ARM type; empty for all.
    pub ty: &'static str,
    /// A JSON pointer from the resource's root, which the change's own is or goes on from; `*` stands for any step. Empty
    /// for everything.
    pub at: &'static str,
    /// The first API version that lets it be changed so; empty for all.
    pub since: &'static str,
    /// Whether it holds only for what is gone.
    pub removed: bool,
    /// What it means.
    pub class: Class,
    /// Why, as the end of a sentence.
    pub why: &'static str,
    /// How well that is known.
    pub evidence: Evidence,
    /// Where it is said.
    pub source: &'static str,
}

const IMAGE: &str = "Microsoft.VirtualMachineImages/imageTemplates";
const DEFINITION: &str = "Microsoft.Compute/galleries/images";
const GALLERY: &str = "Microsoft.Compute/galleries";
const IDENTITY: &str = "Microsoft.ManagedIdentity/userAssignedIdentities";

const IMAGE_API: &str = "rest/api/imagebuilder/virtual-machine-image-templates/update";
const IMAGE_TROUBLES: &str = "virtual-machines/linux/image-builder-troubleshoot";
const GALLERY_PAGE: &str = "virtual-machines/image-version";
const DEFINITION_API: &str = "rest/api/compute/gallery-images";
const TEMPLATES: &str = "azure-resource-manager/templates/resource-declaration";
const MOVES: &str = "azure-resource-manager/management/move-resources-overview";

const fn rule(ty: &'static str, at: &'static str, class: Class, why: &'static str) -> Rule {
    Rule { ty, at, since: "", removed: false, class, why, evidence: Evidence::Documented, source: TEMPLATES }
}

const fn image(at: &'static str, since: &'static str, why: &'static str) -> Rule {
    Rule { since, source: IMAGE_API, ..rule(IMAGE, at, Class::InPlace, why) }
}

const fn definition(at: &'static str) -> Rule {
    let why = "this is fixed when a definition is created";
    Rule { source: GALLERY_PAGE, ..rule(DEFINITION, at, Class::Replace, why) }
}

const fn location(ty: &'static str) -> Rule {
    let why = "a resource stays in the region in which it was created";
    Rule { source: MOVES, ..rule(ty, "/location", Class::Replace, why) }
}

/// All rows; of those that fit a change the first counts.
pub static RULES: &[Rule] = &[
    rule("", "/name", Class::Beside, "under another name it is another resource"),
    rule("", "/apiVersion", Class::Changed, "it says how the resource is asked for, and is no part of it"),
    rule("", "/dependsOn", Class::Changed, "it says when the resource is deployed, and is no part of it"),
    rule("", "/condition", Class::Changed, "it says whether the resource is deployed, and is no part of it"),
    rule("", "/copy", Class::Changed, "it says how often the resource is deployed, and is no part of it"),
    Rule {
        removed: true,
        class: Class::Refused,
        source: IMAGE_TROUBLES,
        ..image("/properties/distribute", "", "an update can add and change targets, but not remove one")
    },
    Rule {
        class: Class::Refused,
        evidence: Evidence::Inferred,
        source: IMAGE_TROUBLES,
        ..image(
            "/properties/distribute/*/runOutputName",
            "",
            "a target is known by its output: under another name the old one would be removed, which an update can't do",
        )
    },
    Rule {
        class: Class::Refused,
        evidence: Evidence::Inferred,
        source: IMAGE_TROUBLES,
        ..image(
            "/properties/distribute/*/type",
            "",
            "a target of another kind is another target: the old one would be removed, which an update can't do",
        )
    },
    Rule {
        removed: true,
        class: Class::Refused,
        evidence: Evidence::Inferred,
        ..image("/identity", "2020-02-14", "the service requires an identity")
    },
    image("/tags", "", "tags can be updated"),
    image("/identity", "2019-05-01-preview", "the identity can be updated"),
    image("/properties/distribute", "2023-07-01", "targets can be added and changed by an update"),
    image("/properties/vmProfile", "2024-02-01", "the profile of the build VM can be updated"),
    Rule {
        class: Class::Replace,
        source: IMAGE_TROUBLES,
        ..image("", "", "an image template that exists takes no update of this")
    },
    definition("/location"),
    definition("/properties/identifier"),
    definition("/properties/osType"),
    definition("/properties/osState"),
    definition("/properties/hyperVGeneration"),
    definition("/properties/architecture"),
    definition("/properties/purchasePlan"),
    Rule {
        source: DEFINITION_API,
        ..rule(DEFINITION, "", Class::InPlace, "a definition takes updates of this")
    },
    location(GALLERY),
    Rule { source: GALLERY_PAGE, ..rule(GALLERY, "", Class::InPlace, "a gallery takes updates of this") },
    location(IDENTITY),
    Rule {
        evidence: Evidence::Inferred,
        ..rule(IDENTITY, "", Class::InPlace, "an identity takes updates of this")
    },
    Rule {
        evidence: Evidence::Inferred,
        ..rule("", "", Class::Changed, "what can be changed of this type is not known here")
    },
];

/// The row that says what a change of a resource means. `version` is the new side's; where it is not known, the newest
/// counts.
pub(super) fn rule_for(ty: &str, version: Option<&str>, change: &Change) -> Option<&'static Rule> {
    RULES.iter().find(|rule| {
        (rule.ty.is_empty() || rule.ty.eq_ignore_ascii_case(ty))
            && version.is_none_or(|version| version >= rule.since)
            && (!rule.removed || removes_element(rule, change))
            && covers(rule.at, &change.path)
    })
}

/// Whether a change takes the whole list that a rule is about, or an element of it.
fn removes_element(rule: &Rule, change: &Change) -> bool {
    let below = change.path.strip_prefix(rule.at).unwrap_or_default();
    change.kind == Kind::Removed && below.matches('/').count() <= 1
}

/// Whether a path is what a pattern of steps leads to, or below it.
pub(super) fn covers(pattern: &str, path: &str) -> bool {
    let mut steps = path.split('/');
    pattern.split('/').all(|step| steps.next().is_some_and(|other| step == "*" || step == other))
}

/// The first version that lets an image template be changed there, if the given one does not.
pub(super) fn possible_since(ty: &str, path: &str) -> Option<&'static str> {
    let fits = |rule: &&Rule| {
        rule.ty == ty && !rule.at.is_empty() && rule.class == Class::InPlace && covers(rule.at, path)
    };
    RULES.iter().find(fits).map(|rule| rule.since).filter(|since| !since.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{IMAGE, rule_for};
    use crate::diff::model::{Class, Kind};
    use crate::diff::trees::change;

    #[test]
    fn versions_decide_what_can_be_updated() {
        let class = |version: &str, kind: Kind, path: &str| {
            rule_for(IMAGE, Some(version), &change(kind, path.to_owned(), None, None)).map(|rule| rule.class)
        };
        let changed = |version, path| class(version, Kind::Changed, path);
        assert_eq!(changed("2018-02-01-preview", "/tags/a"), Some(Class::InPlace));
        assert_eq!(changed("2019-02-01-preview", "/identity"), Some(Class::Replace));
        assert_eq!(changed("2020-02-14", "/identity/type"), Some(Class::InPlace));
        assert_eq!(changed("2022-07-01", "/properties/distribute/0/artifactTags"), Some(Class::Replace));
        assert_eq!(changed("2023-07-01", "/properties/distribute/0/artifactTags"), Some(Class::InPlace));
        assert_eq!(changed("2023-07-01", "/properties/vmProfile/vmSize"), Some(Class::Replace));
        assert_eq!(changed("2024-02-01", "/properties/vmProfile/vmSize"), Some(Class::InPlace));
        assert_eq!(changed("2025-10-01", "/properties/vmProfileX"), Some(Class::Replace));
        assert_eq!(class("2024-02-01", Kind::Removed, "/properties/distribute/1"), Some(Class::Refused));
        assert_eq!(
            class("2024-02-01", Kind::Removed, "/properties/distribute/1/artifactTags"),
            Some(Class::InPlace)
        );
    }
}
