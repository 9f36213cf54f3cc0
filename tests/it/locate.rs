//! `aib locate`, and the map that it reads.

use serde_json::Value;

use super::cli::Place;
use super::project::{build, files, path};
use aib::emit::Emit;

const PART: &str = "recipe tools(limit: int) on linux {\n  shell \"tools\" = '''\n    sudo apt-get update\n    sudo apt-get install -y curl\n  '''\n  shell \"last\" = \"echo ${limit}\"\n}\n\nlet tags = { team = \"images\" }\n";

const WEB: &str = r#"import std/marketplace
import "./part.aib"

param env: string = "dev"

existing identity builder { name = "id-aib" }

image web {
  tags     = { ...part.tags, env = env }
  identity = builder
  source   = marketplace.ubuntu_24_04
  customize {
    shell "first" = "true"
    use part.tools(limit = 3)
  }
  distribute { managed_image "img" }
}

image db {
  identity = builder
  source   = marketplace.ubuntu_24_04
  customize { shell = "true" }
  distribute { managed_image "img-db" }
}

output id = web.id
"#;

/// A folder with the sources, and what is built of them.
fn place() -> Place {
    let place = Place::with(&[("part.aib", PART), ("web.aib", WEB)]);
    place.run(&["build", "web.aib", "--emit", "arm,map"]).code(0);
    place
}

fn locate(place: &Place, args: &[&str], code: i32) -> String {
    let all: Vec<&str> = ["locate", "out/web.json"].iter().chain(args).copied().collect();
    place.run(&all).code(code).out
}

/// The first line of what is printed.
fn first(place: &Place, at: &str) -> String {
    locate(place, &[at], 0).lines().next().unwrap_or_default().to_owned()
}

#[test]
fn places_lead_through_recipes_and_imports() {
    let place = place();
    insta::assert_snapshot!(locate(&place, &["properties.customize[1].inline[1]"], 0), @r"
    part.aib:4:5: image web
      is /resources/0/properties/customize/1/inline/1
      4 |     sudo apt-get install -y curl
        |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      `image web` is declared at web.aib:8:1
      `part.tools` is used here at web.aib:14:5
    ");
    insta::assert_snapshot!(locate(&place, &["/resources/0/tags/team"], 0), @r#"
    part.aib:9:21: image web
      is /resources/0/tags/team
      9 | let tags = { team = "images" }
        |                     ^^^^^^^^
      `image web` is declared at web.aib:8:1
    "#);
}

#[test]
fn places_are_written_in_several_ways() {
    let place = place();
    for at in [
        "/resources/0/tags/env",
        "#/resources/0/tags/env",
        "resources[0].tags.env",
        "properties.template.resources[0].tags['env']",
        "$.Resources[0].TAGS.ENV",
    ] {
        assert_eq!(first(&place, at), "web.aib:9:36: image web", "{at}");
    }
    assert_eq!(first(&place, "parameters.env.defaultValue"), "web.aib:4:21: param env");
    assert_eq!(first(&place, "outputs.id"), "web.aib:26:8: output id");
    // What has no place of its own is shown with what it is part of.
    let version = locate(&place, &["/resources/0/apiVersion"], 0);
    assert!(version.contains("is /resources/0/apiVersion, which belongs to /resources/0\n"), "{version}");
}

#[test]
fn a_path_is_looked_for_in_the_images_that_it_fits() {
    let place = place();
    let lines = |args: &[&str]| -> Vec<String> {
        let text = locate(&place, args, 0);
        text.lines().filter(|line| !line.starts_with(' ') && !line.is_empty()).map(str::to_owned).collect()
    };
    assert_eq!(lines(&["properties.source"]), ["web.aib:11:14: image web", "web.aib:21:14: image db"]);
    assert_eq!(lines(&["properties.source", "--resource", "DB"]), ["web.aib:21:14: image db"]);
    assert_eq!(lines(&["properties.customize[2]"]), ["part.aib:6:3: image web"]);
    place
        .run(&["locate", "out/web.json", "properties.source", "--resource", "nope"])
        .code(2)
        .tells("holds no resource `nope`")
        .tells("there is `web` and `db`");
}

#[test]
fn a_member_that_is_missing_is_shown_at_its_object() {
    let place = place();
    let ran =
        place.run(&["locate", "out/web.json", "properties.customize[0].sha256Checksum", "--resource", "web"]);
    let ran =
        ran.code(0).tells("note: there is no `sha256Checksum` at `/resources/0/properties/customize/0`");
    assert!(ran.out.starts_with("web.aib:13:5: image web\n"), "{}", ran.out);
    // A pointer is exact.
    let ran = place.run(&["locate", "out/web.json", "/resources/0/properties/customize/9/name"]).code(1);
    let ran = ran.tells("note: there is no `9` at `/resources/0/properties/customize`");
    assert!(ran.out.starts_with("web.aib:12:13: image web\n"), "{}", ran.out);
    place
        .run(&["locate", "out/web.json", "/contentVersion"])
        .code(1)
        .tells("stands for nothing in the source");
    place.run(&["locate", "out/web.json", "/nope"]).code(1);
}

#[test]
fn the_source_can_be_built_instead() {
    let place = Place::with(&[("part.aib", PART), ("web.aib", WEB)]);
    place.run(&["build", "web.aib", "--set", "env=prod"]).code(0);
    place
        .run(&["locate", "out/web.json", "/resources/0/tags/env"])
        .code(2)
        .tells("there is no file `out/web.map.json`")
        .tells("--emit arm,map");
    let args = ["locate", "out/web.json", "/resources/0/tags/env", "--source", "web.aib"];
    let ran = place.run(&args).code(0).tells("is not what its source builds now");
    assert!(ran.out.starts_with("web.aib:9:36"), "{}", ran.out);
    let ran = place.run(&[&args[..], &["--set", "env=prod"]].concat()).code(0).quiet();
    assert!(ran.out.starts_with("web.aib:9:36"), "{}", ran.out);
    place.write("web.aib", "output x = nope\n");
    place.run(&args).code(2).tells("web.aib:1:12");
}

#[test]
fn what_has_changed_since_is_told() {
    let place = place();
    place.write("part.aib", format!("\n{PART}"));
    place
        .run(&["locate", "out/web.json", "/resources/0/tags/team"])
        .code(0)
        .tells("note: `part.aib` has changed since the map was made");
    place.write("out/web.json", place.read("out/web.json").replace("dev", "prod"));
    let ran = place.run(&["locate", "out/web.json", "/resources/0/tags/team"]).code(0);
    ran.tells("is not the template that `out/web.map.json` was made for");
    place.write("out/web.map.json", "{}");
    place.run(&["locate", "out/web.json", "/resources"]).code(2).tells("is no map of this version of aib");
    place.write("out/web.json", "{");
    place.run(&["locate", "out/web.json", "/resources"]).code(2).tells("`out/web.json` is no valid JSON");
    place.run(&["locate", "out/web.json", "a..b"]).code(2).tells("a name is missing between two dots");
}

#[test]
fn programs_get_json() {
    let place = place();
    let text = locate(&place, &["properties.customize[2].name", "--format", "json"], 0);
    let json: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["schema"], "aib-locate/1");
    assert_eq!(json["found"], true);
    let hit = &json["places"][0];
    assert_eq!((&hit["file"], &hit["declaration"]), (&"part.aib".into(), &"image web".into()));
    let start = hit["range"]["start"]["byte"].as_u64().unwrap() as usize;
    let end = hit["range"]["end"]["byte"].as_u64().unwrap() as usize;
    assert_eq!(PART.get(start..end), Some("\"last\""));
    assert_eq!(hit["via"][0]["file"], "web.aib");
    assert_eq!(hit["declared"]["line"], 8);
}

/// Every pointer of a map leads to something in its template, and every place into its file.
#[test]
fn maps_fit_their_templates() {
    for file in files(&path("docs/examples"), ".aib") {
        let relative = file.strip_prefix(path("")).unwrap().to_string_lossy().into_owned();
        let map: Value = serde_json::from_str(build(&relative, Emit::Map, None).template()).unwrap();
        let built = build(&relative, Emit::Arm, None);
        let template: Value = serde_json::from_str(built.template()).unwrap();
        let mappings = map["mappings"].as_object().unwrap();
        for (pointer, entry) in mappings {
            assert!(template.pointer(pointer).is_some(), "{relative}: {pointer}");
            let name = entry["file"].as_str().unwrap();
            let text = match aib::resolve::std_module(name) {
                Some(module) => module.text.to_owned(),
                None => std::fs::read_to_string(name).unwrap_or_else(|e| panic!("{relative}: {name}: {e}")),
            };
            let byte = |end: &str| entry["range"][end]["byte"].as_u64().unwrap() as usize;
            assert!(text.get(byte("start")..byte("end")).is_some(), "{relative}: {pointer}");
        }
        for (index, _) in template["resources"].as_array().unwrap().iter().enumerate() {
            assert!(mappings.contains_key(&format!("/resources/{index}")), "{relative}: {index}");
        }
    }
}

#[test]
fn paths_of_messages_are_found() {
    let place = place();
    let whole = locate(&place, &["properties.customize[1].inline[1]", "--resource", "web"], 0);
    assert_eq!(locate(&place, &["customize[1].inline[1]", "--resource", "web"], 0), whole);
    let sentence = "Field 'customize[1].inline[1]' has a bad value: 'x'.";
    assert_eq!(locate(&place, &[sentence, "--resource", "web"], 0), whole);
    locate(&place, &["foo bar"], 2);
    locate(&place, &["properties.customize[77]"], 1);
    locate(&place, &["properties.nonsense"], 1);
    // What some version has may be what is missing.
    locate(&place, &["properties.vmProfile"], 0);
    locate(&place, &["properties.distribute[0].artifactTags"], 0);
}

#[test]
fn raw_bodies_are_located_too() {
    let web = WEB.replace("  identity = builder\n", "  identity = builder\n  location = \"westeurope\"\n");
    let place = Place::with(&[("part.aib", PART), ("web.aib", &web)]);
    let ids = [
        "--set",
        "env=x",
        "--subscription",
        "00000000-0000-0000-0000-000000000000",
        "--resource-group",
        "rg",
    ];
    let build = ["build", "web.aib", "--emit", "image,map", "--set", "env=x"];
    let args: Vec<&str> = build.iter().chain(&ids[2..]).copied().collect();
    place.run(&args).code(0);
    for extra in [[].as_slice(), &["--source", "web.aib"]] {
        let of = |file: &str, at: &str| {
            let all: Vec<&str> = ["locate", file, at].iter().chain(extra).copied().collect();
            place.run(&all).code(0).out
        };
        let found = of("out/web.web.image.json", "properties.customize[1].inline[1]");
        assert!(found.starts_with("part.aib:4:5: image web"), "{found}");
        let found = of("out/web.db.image.json", "/properties/distribute/0/runOutputName");
        assert!(found.contains("image db"), "{found}");
    }
}
