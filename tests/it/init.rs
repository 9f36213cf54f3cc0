//! `aib init`: what it writes checks, is formatted, passes its test and builds, whatever is asked for.

use super::cli::Place;

#[test]
fn every_project_checks_tests_and_builds() {
    for kind in ["linux", "windows", "avd"] {
        for gallery in ["new", "existing", "none"] {
            if (kind, gallery) == ("avd", "none") {
                continue;
            }
            for pipeline in ["github", "azure-devops", "none"] {
                let place = Place::with(&[]);
                let what = [
                    "init",
                    ".",
                    "--kind",
                    kind,
                    "--gallery",
                    gallery,
                    "--pipeline",
                    pipeline,
                    "--name",
                    "web-1",
                ];
                let said = place.run(&what).code(0).err;
                assert!(said.ends_with("next: aib check web-1.aib, then aib build web-1.aib\n"), "{said}");
                place.run(&["check", ".", "--deny", "warnings"]).code(0);
                place.run(&["fmt", "--check", "."]).code(0);
                place.run(&["test"]).code(0);
                place.run(&["build", "web-1.aib", "--emit", "deploy,caller,roles"]).code(0);
                let path = match pipeline {
                    "github" => ".github/workflows/images.yml",
                    _ => "azure-pipelines.yml",
                };
                assert_eq!(place.path(path).exists(), pipeline != "none");
                if pipeline != "none" {
                    assert!(place.read(path).contains("\"web-1.aib\""), "{}", place.read(path));
                }
            }
        }
    }
}

#[test]
fn a_project_of_its_own_folder() {
    let place = Place::with(&[]);
    let said = place.run(&["init", "sub/golden-images", "--location", "swedencentral"]).code(0).err;
    insta::assert_snapshot!("said", said);
    insta::assert_snapshot!("source", place.read("sub/golden-images/golden-images.aib"));
    insta::assert_snapshot!("config", place.read("sub/golden-images/aib.toml"));
    // Its policy holds.
    let text = place
        .read("sub/golden-images/golden-images.aib")
        .replace("  tags = { owner = \"golden-images\" }\n", "");
    place.write("sub/golden-images/golden-images.aib", text);
    place.run(&["check", "sub/golden-images"]).code(1).tells("whose image is it?");
}

#[test]
fn nothing_is_overwritten_and_names_are_checked() {
    let place = Place::with(&[("a/aib.toml", "# mine\n")]);
    place.run(&["init", "a"]).code(2).tells("`a/aib.toml` is there already").tells("nothing was overwritten");
    assert_eq!(place.read("a/aib.toml"), "# mine\n");
    assert!(!place.path("a/a.aib").exists());
    for name in [
        "",
        "Web",
        "1a",
        "a b",
        "a--b",
        "a-",
        "policies",
        "ä",
        "an-image-whose-name-is-longer-than-it-may-be",
    ] {
        place.run(&["init", "b", "--name", name]).code(2);
    }
    place.run(&["init", "b", "--location", "West Europe"]).code(2);
    place.run(&["init", "b", "--kind", "avd", "--gallery", "none"]).code(2).tells("needs a gallery");
    assert!(!place.path("b").exists());
    // A second time is no mistake where nothing changed but what is asked for.
    place.run(&["init", "c"]).code(0);
    place.run(&["init", "c"]).code(0);
    place.run(&["init", "c", "--kind", "windows"]).code(2);
}
