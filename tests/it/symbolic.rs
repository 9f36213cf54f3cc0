//! Templates of language version 2.0: resources under symbolic names, and what is asked for and waited for by them.

use serde_json::{Value, json};

use crate::cli::Place;

/// The template of a source.
pub(crate) fn built(source: &str) -> Value {
    let place = Place::with(&[("main.aib", source)]);
    let ran = place.run(&["build", "main.aib", "--stdout"]).code(0);
    serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}\n{}", ran.err))
}

const SOURCE: &str = r#"
param group: string
existing identity builder { name = "id-builder", resource_group = group }
existing identity quiet { name = "id-quiet" }
existing identity told { name = "id-told", api_version = "2018-11-30" }
existing subnet build { vnet = "vnet", name = "snet" }
existing gallery contoso {
  name = "contoso_images"
  resource_group = group
  definition web { os = linux }
}
existing resource "Contoso.Logs/workspaces@2024-01-01" logs { name = "log", retention = 30 }

identity own {}

resource "Contoso.Things/things@2024-01-01" asks {
  properties = {
    builder = builder.principal_id
    own = own.client_id
    subnet = build.properties.addressPrefix
    image = contoso.web.properties.osType
    quiet = quiet.id
  }
}

resource "Contoso.Things/things@2024-01-01" waits {
  properties = { state = asks.properties.state }
  depends_on = [told, own]
}
"#;

#[test]
fn what_is_asked_for_is_listed_and_waited_for() {
    let template = built(&format!("{SOURCE}\ntemplate {{ languageVersion = \"2.0\" }}"));
    let resources = &template["resources"];
    let names: Vec<&String> = resources.as_object().unwrap().keys().collect();
    assert_eq!(names, ["builder", "told", "build", "web", "logs", "own", "asks", "waits"]);
    assert_eq!(
        resources["asks"]["properties"],
        json!({
            "builder": "[reference('builder').principalId]",
            "own": "[reference('own').clientId]",
            "subnet": "[reference('build').addressPrefix]",
            "image": "[reference('web').osType]",
            "quiet": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-quiet')]"
        })
    );
    assert_eq!(resources["asks"]["dependsOn"], json!(["builder", "build", "web", "own"]));
    assert_eq!(resources["waits"]["dependsOn"], json!(["told", "own", "asks"]));
    assert_eq!(
        resources["builder"],
        json!({
            "existing": true,
            "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
            "apiVersion": "2023-01-31",
            "name": "id-builder",
            "resourceGroup": "[parameters('group')]"
        })
    );
    assert_eq!(resources["told"]["apiVersion"], "2018-11-30");
    assert_eq!(resources["build"]["name"], "vnet/snet");
    // Where a definition lies is said by its gallery; what is known of it is no part of the template.
    assert_eq!(resources["web"]["name"], "contoso_images/web");
    assert_eq!(resources["web"]["resourceGroup"], "[parameters('group')]");
    assert_eq!(resources["web"].get("properties"), None);
    assert_eq!(resources["logs"]["retention"], 30);
}

#[test]
fn without_symbolic_names_resources_are_asked_by_id() {
    let template = built(SOURCE);
    let resources = template["resources"].as_array().unwrap();
    let names: Vec<&Value> = resources.iter().map(|resource| &resource["name"]).collect();
    assert_eq!(names, ["own", "asks", "waits"]);
    let id =
        "resourceId(parameters('group'), 'Microsoft.ManagedIdentity/userAssignedIdentities', 'id-builder')";
    let asked = format!("[reference({id}, '2023-01-31').principalId]");
    assert_eq!(resources[1]["properties"]["builder"], asked);
    let own = "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'own')]";
    assert_eq!(resources[1]["dependsOn"], json!([own]));
}

#[test]
fn what_is_known_by_its_id_alone_is_asked_by_id() {
    let template = built(
        r#"
param id: string
existing identity builder { id = id }
resource "Contoso.Things/things@2024-01-01" asks { properties = { builder = builder.principal_id } }
template { languageVersion = "2.0" }
"#,
    );
    let asks = &template["resources"]["asks"];
    assert_eq!(asks["properties"]["builder"], "[reference(parameters('id'), '2023-01-31').principalId]");
    assert_eq!(asks.get("dependsOn"), None);
    assert_eq!(template["resources"].as_object().unwrap().len(), 1);
}

#[test]
fn symbolic_names_that_a_function_is_given_are_waited_for() {
    let template = built(
        r#"
resource "Contoso.Things/things@2024-01-01" all { copy = { name = "all", count = 2 }, name = "t${copy_index()}" }
resource "Contoso.Things/things@2024-01-01" last { properties = { key = arm("[listKeys('all[0]', '2024-01-01')]").x } }
resource "Contoso.Things/things@2024-01-01" first { properties = { all = arm("[references('all')]"), own = reference("last", "2024-01-01", "full").location } }
template { languageVersion = "2.0" }
"#,
    );
    assert_eq!(template["resources"]["last"]["dependsOn"], json!(["all"]));
    assert_eq!(template["resources"]["first"]["dependsOn"], json!(["all", "last"]));
}

#[test]
fn a_reference_takes_no_name_from_what_is_deployed() {
    let template = built(
        r#"
existing gallery contoso { definition web { os = linux } }
resource "Contoso.Things/things@2024-01-01" web { properties = { os = contoso.web.properties.osType } }
template { languageVersion = "2.0" }
"#,
    );
    assert_eq!(template["resources"]["web"]["type"], "Contoso.Things/things");
    assert_eq!(template["resources"]["web"]["dependsOn"], json!(["web_2"]));
    assert_eq!(template["resources"]["web_2"]["existing"], true);
}

#[test]
fn places_in_the_template_are_found_by_symbolic_names() {
    let source = format!("{SOURCE}\ntemplate {{ languageVersion = \"2.0\" }}");
    let place = Place::with(&[("main.aib", &source)]);
    place.run(&["build", "main.aib"]).code(0);
    let found = |at: &str| place.run(&["locate", "out/main.json", at, "--source", "main.aib"]).code(0).out;
    let line = source.lines().position(|line| line.contains("own = own.client_id")).unwrap() + 1;
    let own = found("/resources/asks/properties/own");
    assert!(own.contains(&format!("main.aib:{line}:")), "{own}");
    let builder = found("/resources/builder");
    assert!(builder.contains("main.aib:3:"), "{builder}");
}
