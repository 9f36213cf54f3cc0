//! The pipelines of `--emit pipeline`: valid by the published schemas, without secrets, with what the scripts need.

use std::process::Command;

use super::cli::Place;

const SOURCE: &str = r#"import std/marketplace

param owner: string = "team"

existing identity builder { name = "id-aib" }

image web {
  name = "web-${content_hash()}"
  tags = { owner = owner }
  location = "westeurope"
  identity = builder
  source = marketplace.ubuntu_24_04
  build { timeout = 3h }
  customize { shell "first" = "sudo apt-get install -y nginx" }
  distribute { managed_image "img-web" }
}
"#;

/// The pipeline of a source in a folder of the repository.
fn pipeline(args: &[&str], file: &str) -> (Place, String) {
    let place = Place::with(&[("images/web.aib", SOURCE)]);
    let mut all = vec!["build", "images/web.aib", "--emit", "pipeline"];
    all.extend(args);
    place.run(&all).code(0);
    let text = place.read(&format!("out/{file}"));
    (place, text)
}

/// Holds a file against one of the schemas that come with `check-jsonschema`, where that is there.
fn obeys(place: &Place, file: &str, schema: &str) {
    let path = place.path(&format!("out/{file}"));
    // Patterns of that schema are no valid ones of ECMAScript.
    let args = ["--regex-variant", "python", "--builtin-schema", schema];
    match Command::new("check-jsonschema").args(args).arg(&path).output() {
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stdout).into_owned()
                + &String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{said}");
        }
        Err(_) => println!("skipped: there is no check-jsonschema"),
    }
}

#[test]
fn a_workflow_for_github() {
    let file = "web.github.yml";
    let (place, text) = pipeline(&["--environment", "dev=params/dev.json,prod-eu"], file);
    insta::assert_snapshot!("github", text);
    obeys(&place, file, "vendor.github-workflows");
}

#[test]
fn a_pipeline_for_azure_devops() {
    let file = "web.azure-pipelines.yml";
    let (place, text) =
        pipeline(&["--for", "azure-devops", "--environment", "dev=params/dev.json,prod-eu"], file);
    insta::assert_snapshot!("azure_devops", text);
    obeys(&place, file, "vendor.azure-pipelines");
}

#[test]
fn one_environment_is_there_without_being_asked_for() {
    let (_, text) = pipeline(&["--together"], "web.github.yml");
    assert!(text.contains("environment: \"production\"") && !text.contains("--no-roles"), "{text}");
    assert!(text.contains("--out \"out/$TO\" --together"), "{text}");
    // The script has to name the image templates: a file of values says what they are called.
    let named = SOURCE.replace("web-${content_hash()}", "web-${owner}");
    let place = Place::with(&[("web.aib", &named)]);
    let args = ["build", "web.aib", "--emit", "pipeline", "--environment"];
    place.run(&[&args[..], &["dev=dev.json"]].concat()).code(0);
    place
        .run(&[&args[..], &["dev"]].concat())
        .code(1)
        .tells("the script can't name the image template `web`");
    for bad in ["", "a b", "a=", "ä"] {
        place.run(&["build", "web.aib", "--emit", "pipeline", "--environment", bad]).code(2);
    }
}

/// What pipelines and scripts of the caller hold: no secret, no wildcard, no way to grant more.
#[test]
fn nothing_that_a_caller_runs_holds_a_secret_or_a_wildcard() {
    let place = Place::with(&[("web.aib", SOURCE)]);
    for (shell, service) in [("bash", "github"), ("pwsh", "azure-devops")] {
        let args =
            ["--shell", shell, "--for", service, "--set", "owner=us", "--emit", "deploy,caller,pipeline"];
        place.run(&[&["build", "web.aib"][..], &args].concat()).code(0);
    }
    let mut seen = 0;
    for entry in std::fs::read_dir(place.path("out")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        for bad in [
            "secrets.",
            "clientSecret",
            "client-secret",
            "password",
            "--password",
            "AccountKey",
            "sig=",
            "SharedAccessKey",
        ] {
            assert!(!text.to_lowercase().contains(&bad.to_lowercase()), "{name}: {bad}");
        }
        if name.contains("caller") {
            assert!(
                !text.contains("/*")
                    && !text.contains("\"*\"")
                    && !text.contains("Microsoft.Authorization/roleAssignments/write"),
                "{name}"
            );
        }
        seen += 1;
    }
    assert!(seen >= 8, "{seen}");
}
