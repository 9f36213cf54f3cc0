//! The table of the target: that its rows are whole, that they are found, and that the reference pages say them.

use std::collections::BTreeSet;
use std::path::Path;

use aib::schema::{
    CrossRule, Implied, ObjectType, REGIONS, RESOURCE_KINDS, ResourceKind, Service, Ty, id_kind,
    normalise_region, places, reference_pages, region, resource_kind, resource_kind_by_arm, spelling_of,
};

/// Objects of a kind, each once.
fn objects(kind: &'static ResourceKind) -> Vec<&'static ObjectType> {
    let mut out: Vec<&'static ObjectType> = vec![kind.body];
    for place in places(kind) {
        if !out.iter().any(|o| std::ptr::eq(*o, place.object)) {
            out.push(place.object);
        }
    }
    out
}

#[test]
fn every_row_explains_itself() {
    for kind in RESOURCE_KINDS {
        assert!(
            kind.doc.ends_with('.') && kind.link.starts_with("https://learn.microsoft.com/"),
            "{}",
            kind.keyword
        );
        for place in places(kind) {
            let doc = place.prop.doc;
            assert!(doc.ends_with('.') && doc.len() > 5, "{}.{} has no doc", kind.keyword, place.path);
            assert!(
                place.since.is_none_or(|s| kind.versions.contains(&s)),
                "{}: unknown version",
                place.path
            );
        }
        for prop in kind.reference {
            assert!(prop.doc.ends_with('.'), "{}: {} has no doc", kind.keyword, prop.name);
        }
    }
}

#[test]
fn every_name_stands_once_in_its_object() {
    for kind in RESOURCE_KINDS {
        for object in objects(kind) {
            let names: BTreeSet<&str> = object.props.iter().map(|p| p.name).collect();
            assert_eq!(names.len(), object.props.len(), "{}", object.name);
            if let Some(main) = object.shorthand {
                assert!(object.prop(main).is_some(), "{}: {main}", object.name);
            }
            for rule in object.rules {
                let (named, why) = match rule {
                    CrossRule::ExactlyOne { props, why } | CrossRule::AtMostOne { props, why } => {
                        (props.to_vec(), why)
                    }
                    CrossRule::Requires { prop, needs, why }
                    | CrossRule::RequiresTrue { prop, needs, why } => (vec![*prop, *needs], why),
                };
                assert!(named.iter().all(|n| object.prop(n).is_some()), "{}: {named:?}", object.name);
                assert!(!why.is_empty());
            }
            if let Some(entries) = object.entries {
                for variant in entries.union.variants {
                    assert!(!variant.doc.is_empty());
                    assert!(
                        variant.main.is_none_or(|m| variant.body.prop(m).is_some()),
                        "{}",
                        variant.keyword
                    );
                }
            }
        }
    }
}

#[test]
fn words_in_rows_mean_something() {
    for kind in RESOURCE_KINDS {
        for place in places(kind) {
            if let Ty::Id(kinds) | Ty::List(Ty::Id(kinds)) = &place.prop.ty {
                assert!(kinds.iter().all(|k| id_kind(k).is_some()), "{}: {kinds:?}", place.path);
            }
            if let (Ty::Enum(members), Implied::Value(word)) = (place.prop.ty, place.prop.implied) {
                assert!(members.find(word).is_some(), "{}: {word}", place.path);
            }
            if let (Ty::Enum(members), Some(word)) = (place.prop.ty, place.prop.default) {
                assert!(members.find(word).is_some(), "{}: {word}", place.path);
            }
        }
    }
}

#[test]
fn places_carry_the_versions_of_what_encloses_them() {
    let image = resource_kind("image").unwrap();
    let since = |path: &str| {
        places(image)
            .into_iter()
            .find(|p| p.path == path)
            .unwrap_or_else(|| panic!("{path}"))
            .since
            .map(|v| v.0)
    };
    assert_eq!(since("validate.powershell.elevated"), Some("2022-02-14"));
    assert_eq!(since("customize.powershell.as_system"), Some("2020-02-14"));
    assert_eq!(since("distribute.gallery.regions[].storage"), Some("2022-07-01"));
    assert_eq!(since("source"), None);
}

#[test]
fn kinds_and_spellings_are_found() {
    assert_eq!(
        resource_kind_by_arm("microsoft.virtualmachineimages/IMAGETEMPLATES").map(|k| k.keyword),
        Some("image")
    );
    assert!(resource_kind("template").is_none());
    let image = resource_kind("image").unwrap().body;
    assert_eq!(spelling_of(image, "buildTimeoutInMinutes").as_deref(), Some("build.timeout"));
    assert_eq!(spelling_of(image, "vmSize").as_deref(), Some("build.vm_size"));
    assert_eq!(spelling_of(image, "errorHandling").as_deref(), Some("on_error"));
    assert_eq!(spelling_of(image, "autoRun").as_deref(), Some("auto_run"));
    assert_eq!(spelling_of(image, "nothing"), None);
}

#[test]
fn regions_compare_without_case_and_spaces() {
    assert_eq!(normalise_region("East US 2"), "eastus2");
    assert_eq!(region("West Europe").map(|r| r.name), Some("westeurope"));
    for row in REGIONS {
        assert_eq!(normalise_region(row.name), row.name);
        assert!(
            row.pair.is_none_or(|p| region(p).is_some()),
            "{} is paired with an unknown region",
            row.name
        );
    }
    let yes = REGIONS.iter().filter(|r| r.image_builder != Service::No).count();
    assert_eq!(yes, 39, "the service runs in 39 regions, two of them in preview");
}

#[test]
fn names_follow_the_rules_of_azure() {
    let accepts = |keyword: &str, name: &str| resource_kind(keyword).unwrap().name.accepts(name);
    assert!(accepts("gallery", "contoso_images.v1") && !accepts("gallery", "contoso-images"));
    assert!(
        accepts("definition", "web-1") && !accepts("definition", "web-") && !accepts("definition", "_web")
    );
    assert!(accepts("identity", "id-aib") && !accepts("identity", "id") && !accepts("identity", "-id"));
    assert!(accepts("vault", "kv-build") && !accepts("vault", "1kv") && !accepts("vault", "kv-"));
    assert!(accepts("storage_account", "contoso1") && !accepts("storage_account", "Contoso"));
    assert!(accepts("subnet", "default_") && !accepts("subnet", "default."));
}

#[test]
fn the_reference_pages_are_what_the_table_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference/target");
    let pages = reference_pages();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(&folder).unwrap();
        for (name, text) in &pages {
            std::fs::write(folder.join(name), text).unwrap();
        }
    }
    for (name, text) in &pages {
        let stored = std::fs::read_to_string(folder.join(name)).unwrap_or_default().replace("\r\n", "\n");
        assert!(
            &stored == text,
            "docs/reference/target/{name} is stale: run with UPDATE=1 to write it again"
        );
    }
    let stored: BTreeSet<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    let made: BTreeSet<String> = pages.into_iter().map(|(name, _)| name).collect();
    assert_eq!(stored, made, "pages that nothing makes");
}
