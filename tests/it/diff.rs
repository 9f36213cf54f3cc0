//! `aib diff`: what differs, and what it means.

use serde_json::{Value, json};

use super::cli::Place;
use super::project::{files, path};

/// The body of an image template for an API version.
fn image(version: &str) -> Value {
    json!({
        "type": "Microsoft.VirtualMachineImages/imageTemplates",
        "apiVersion": version,
        "name": "web",
        "location": "westeurope",
        "tags": { "env": "dev" },
        "identity": { "type": "UserAssigned", "userAssignedIdentities": { "/subscriptions/s/a": {} } },
        "properties": {
            "buildTimeoutInMinutes": 60,
            "vmProfile": { "vmSize": "Standard_D2s_v5" },
            "source": { "type": "PlatformImage", "publisher": "p", "offer": "o", "sku": "s", "version": "latest" },
            "customize": [
                { "type": "Shell", "name": "a", "inline": ["echo 1", "echo 2"] },
                { "type": "Shell", "name": "b", "inline": ["echo b"] },
                { "type": "File", "name": "c", "sourceUri": "https://x/y", "destination": "/tmp/y" }
            ],
            "distribute": [
                {
                    "type": "SharedImage",
                    "runOutputName": "out",
                    "galleryImageId": "/subscriptions/s/g/images/web",
                    "targetRegions": [{ "name": "westeurope" }, { "name": "northeurope" }]
                },
                { "type": "VHD", "runOutputName": "disk" }
            ]
        }
    })
}

fn template(resources: &[Value]) -> Value {
    json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "resources": resources,
    })
}

/// The difference of two documents as JSON, held against its schema.
fn between(old: &Value, new: &Value) -> Value {
    let place = Place::with(&[("old.json", &old.to_string()), ("new.json", &new.to_string())]);
    of_files(&place, &["old.json", "new.json"])
}

fn of_files(place: &Place, args: &[&str]) -> Value {
    let all: Vec<&str> = ["diff", "--format", "json"].iter().chain(args).copied().collect();
    let text = place.run(&all).quiet().out;
    let document: Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}\n{text}"));
    let schema = serde_json::from_str(include_str!("../../docs/reference/diff.schema.json")).unwrap();
    let faults: Vec<String> = jsonschema::validator_for(&schema)
        .unwrap()
        .iter_errors(&document)
        .map(|fault| format!("{}: {fault}", fault.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{}\n{text}", faults.join("\n"));
    document
}

/// One line a change of a resource: kind, path, class.
fn changes(difference: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let all =
        difference["resources"].as_array().unwrap().iter().flat_map(|r| r["changes"].as_array().unwrap());
    all.map(|c| format!("{} {} {}", text(&c["kind"]), text(&c["path"]), text(&c["class"]))).collect()
}

/// The classes of the resources that differ.
fn classes(difference: &Value) -> Vec<String> {
    let all = difference["resources"].as_array().unwrap().iter();
    all.map(|r| r["class"].as_str().unwrap().to_owned()).collect()
}

/// What follows, as one text.
fn words(difference: &Value) -> String {
    let all = difference["resources"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|r| r["consequences"].as_array().unwrap());
    all.map(|w| format!("{}: {}\n", w["about"].as_str().unwrap(), w["text"].as_str().unwrap())).collect()
}

/// What becomes of an image template with another value at a pointer.
fn with(version: &str, pointer: &str, value: Value) -> Value {
    let old = image(version);
    let mut new = old.clone();
    *new.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value;
    between(&template(&[old]), &template(&[new]))
}

#[test]
fn classes_follow_the_version() {
    let cases = [
        ("2018-02-01-preview", "/tags/env", json!("prod"), "in-place"),
        ("2019-02-01-preview", "/identity/type", json!("None"), "replace"),
        ("2019-05-01-preview", "/identity/type", json!("None"), "in-place"),
        ("2022-07-01", "/properties/distribute/0/galleryImageId", json!("/x"), "replace"),
        ("2023-07-01", "/properties/distribute/0/galleryImageId", json!("/x"), "in-place"),
        ("2023-07-01", "/properties/vmProfile/vmSize", json!("Standard_D4s_v5"), "replace"),
        ("2024-02-01", "/properties/vmProfile/vmSize", json!("Standard_D4s_v5"), "in-place"),
        ("2024-02-01", "/properties/distribute/1/runOutputName", json!("other"), "refused"),
        ("2024-02-01", "/properties/customize/0/inline/1", json!("echo 3"), "replace"),
        ("2024-02-01", "/properties/source/sku", json!("t"), "replace"),
        ("2024-02-01", "/location", json!("northeurope"), "replace"),
        ("2024-02-01", "/apiVersion", json!("2025-10-01"), "changed"),
    ];
    for (version, pointer, value, class) in cases {
        let difference = with(version, pointer, value);
        assert_eq!(classes(&difference), [class], "{version} {pointer}");
    }
}

#[test]
fn a_target_that_goes_is_refused() {
    let mut new = image("2024-02-01");
    new["properties"]["distribute"].as_array_mut().unwrap().remove(1);
    let difference = between(&image("2024-02-01"), &new);
    assert_eq!(changes(&difference), ["removed /properties/distribute/1 refused"]);
    let words = words(&difference);
    assert!(words.contains("the VHD `disk` lies in its staging group and goes with it"), "{words}");
    // One that comes is no trouble.
    assert_eq!(changes(&between(&new, &image("2024-02-01"))), ["added /properties/distribute/1 in-place"]);
}

#[test]
fn a_step_that_is_put_between_others_is_one_addition() {
    let mut new = image("2024-02-01");
    let steps = new["properties"]["customize"].as_array_mut().unwrap();
    steps.insert(1, json!({ "type": "Shell", "name": "new", "inline": ["echo new"] }));
    steps[2]["inline"] = json!(["echo 0", "echo b"]);
    assert_eq!(
        changes(&between(&image("2024-02-01"), &new)),
        ["added /properties/customize/1 replace", "added /properties/customize/2/inline/0 replace"]
    );
    let mut moved = image("2024-02-01");
    moved["properties"]["customize"].as_array_mut().unwrap().rotate_right(1);
    assert_eq!(changes(&between(&image("2024-02-01"), &moved)), ["moved /properties/customize/0 replace"]);
    // Steps without names keep their order.
    let nameless = |lines: &[&str]| {
        let mut image = image("2024-02-01");
        image["properties"]["customize"] =
            lines.iter().map(|line| json!({ "type": "Shell", "inline": [line] })).collect();
        image
    };
    let difference = between(&nameless(&["a", "b", "c"]), &nameless(&["a", "x", "b", "c"]));
    assert_eq!(changes(&difference), ["added /properties/customize/1 replace"]);
}

#[test]
fn what_means_the_same_is_the_same() {
    let old = json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "parameters": { "env": { "type": "String", "defaultValue": "dev", "metadata": { "description": "x" } } },
        "variables": { "name": "[concat('gallery_', parameters('env'))]", "regions": ["West Europe", "northeurope"] },
        "resources": [{
            "type": "microsoft.compute/galleries",
            "apiVersion": "2022-03-03",
            "name": "[variables('name')]",
            "comments": "x",
            "location": "West Europe",
            "properties": { "description": "[if(true(), toUpper('a'), 'b')]", "a": null },
            "resources": [{
                "type": "images",
                "apiVersion": "2022-03-03",
                "name": "web",
                "location": "[resourcegroup().Location]",
                "dependsOn": ["[variables('name')]"],
                "tags": {},
                "properties": { "regions": "[variables('regions')]" }
            }]
        }]
    });
    let new = json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "parameters": { "env": { "defaultValue": "dev", "type": "string" } },
        "resources": [
            {
                "type": "Microsoft.Compute/galleries/images",
                "apiVersion": "2022-03-03",
                "name": "[format('gallery_{0}/web', parameters('ENV'))]",
                "location": "[resourceGroup().location]",
                "properties": { "regions": ["West Europe", "northeurope"] },
                "dependsOn": ["[resourceId('Microsoft.Compute/galleries', format('gallery_{0}', parameters('env')))]"]
            },
            {
                "name": "[format('gallery_{0}', parameters('env'))]",
                "type": "Microsoft.Compute/galleries",
                "apiVersion": "2022-03-03",
                "properties": { "description": "A" },
                "condition": true,
                "location": "westeurope"
            }
        ]
    });
    let place = Place::with(&[("old.json", &old.to_string()), ("new.json", &new.to_string())]);
    let ran = place.run(&["diff", "old.json", "new.json"]).code(0).quiet();
    assert_eq!(ran.out, "old.json and new.json deploy the same\n");
}

/// A template whose resources stand under the given symbolic names, and what asks for them.
fn symbolic(names: [&str; 4]) -> Value {
    let [builder, gallery, images, asks] = names;
    let resources = json!({
        builder: {
            "existing": true,
            "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
            "apiVersion": "2023-01-31",
            "resourceGroup": "rg-shared",
            "name": "id-builder"
        },
        gallery: {
            "type": "Microsoft.Compute/galleries",
            "apiVersion": "2023-07-03",
            "name": "[parameters('gallery')]",
            "location": "westeurope"
        },
        images: {
            "copy": { "name": images, "count": 2 },
            "type": "Microsoft.Compute/galleries/images",
            "apiVersion": "2023-07-03",
            "name": format!("[format('{{0}}/image-{{1}}', parameters('gallery'), copyIndex('{images}'))]"),
            "location": "westeurope",
            "dependsOn": [gallery]
        },
        asks: {
            "type": "Contoso.Things/things",
            "apiVersion": "2024-01-01",
            "name": "asks",
            "properties": {
                "principal": format!("[reference('{builder}').principalId]"),
                "place": format!("[reference('{gallery}', '2023-07-03', 'full').location]"),
                "first": format!("[reference('{images}[0]').identifier]"),
                "last": format!("[reference(format('{images}[{{0}}]', 1)).identifier]"),
                "all": format!("[references('{images}')]"),
                "keys": format!("[listKeys('{gallery}', '2023-07-03')]")
            },
            "dependsOn": [builder, gallery, images]
        }
    });
    json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "languageVersion": "2.0",
        "contentVersion": "1.0.0.0",
        "parameters": { "gallery": { "type": "string" } },
        "resources": resources,
        "outputs": { "place": { "type": "string", "value": format!("[reference('{gallery}').location]") } }
    })
}

#[test]
fn symbolic_names_are_only_names() {
    let old = symbolic(["builder", "gallery", "images", "asks"]);
    let new = symbolic(["identity", "asks", "gallery", "thing"]);
    let difference = between(&old, &new);
    assert_eq!(difference["different"], false, "{difference}");
    // What is asked of another resource is another value.
    let mut other = new.clone();
    let own = "[reference('thing').x]";
    other["resources"]["thing"]["properties"]["principal"] = own.into();
    assert_eq!(changes(&between(&old, &other)).len(), 1);
    other["resources"]["thing"]["properties"]["principal"] = "[reference('asks').principalId]".into();
    assert_eq!(changes(&between(&old, &other)).len(), 1);
    // And so is what is asked with another version.
    let mut older = new.clone();
    older["resources"]["thing"]["properties"]["principal"] =
        "[reference('identity', '2018-11-30').principalId]".into();
    assert_eq!(changes(&between(&old, &older)).len(), 1);
    // Waiting for a resource that is deployed is something else than waiting for none.
    let mut waits = new.clone();
    waits["resources"]["thing"]["dependsOn"] = json!(["asks"]);
    assert_eq!(changes(&between(&old, &waits)).len(), 1);
}

#[test]
fn symbolic_names_in_nested_templates_are_only_names() {
    let outer = |names| {
        json!({
            "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
            "contentVersion": "1.0.0.0",
            "resources": [{
                "type": "Microsoft.Resources/deployments",
                "apiVersion": "2022-09-01",
                "name": "inner",
                "properties": {
                    "mode": "Incremental",
                    "expressionEvaluationOptions": { "scope": "inner" },
                    "parameters": { "gallery": { "value": "contoso" } },
                    "template": symbolic(names)
                }
            }]
        })
    };
    let (old, new) = (outer(["a", "b", "c", "d"]), outer(["e", "a", "f", "b"]));
    let difference = between(&old, &new);
    assert_eq!(difference["different"], false, "{difference}");
}

#[test]
fn a_list_of_resources_and_symbolic_names_compare() {
    let old = template(&[
        json!({
            "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
            "apiVersion": "2023-01-31",
            "name": "[variables('names').builder]",
            "location": "westeurope"
        }),
        json!({
            "copy": { "name": "loop", "count": 2 },
            "type": "Contoso.Things/things",
            "apiVersion": "2024-01-01",
            "name": "[concat('thing-', copyIndex('loop'))]",
            "properties": { "a": "[reference(variables('names').builder, '2023-01-31').principalId]" },
            "dependsOn": ["[variables('names').builder]"]
        }),
        json!({
            "type": "Contoso.Things/things/parts",
            "apiVersion": "2024-01-01",
            "name": "[concat(parameters('env'), '/part')]",
            "properties": {
                "a": "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-builder')).principalId]",
                "b": "[reference(resourceId('rg', 'Contoso.Things/things', 'other'), '2024-01-01').x]"
            },
            "dependsOn": ["loop"]
        }),
        json!({
            "type": "Contoso.Things/things",
            "apiVersion": "2024-01-01",
            "name": "last",
            "properties": { "a": "[reference(resourceId('Contoso.Things/things/parts', parameters('env'), 'part')).x]" }
        }),
    ]);
    let mut old = old;
    old["variables"] = json!({ "names": { "builder": "id-builder" } });
    let mut new = old.clone();
    new["languageVersion"] = "2.0".into();
    new["variables"].take();
    new["resources"] = json!({
        "last": {
            "type": "Contoso.Things/things",
            "apiVersion": "2024-01-01",
            "name": "last",
            "properties": { "a": "[reference('part').x]" }
        },
        "part": {
            "type": "Contoso.Things/things/parts",
            "apiVersion": "2024-01-01",
            "name": "[format('{0}/part', parameters('env'))]",
            "properties": { "a": "[reference('builder').principalId]", "b": "[reference('other').x]" },
            "dependsOn": ["things", "other"]
        },
        "other": {
            "existing": true,
            "type": "Contoso.Things/things",
            "apiVersion": "2024-01-01",
            "resourceGroup": "rg",
            "name": "other"
        },
        "things": {
            "copy": { "name": "things", "count": 2 },
            "type": "Contoso.Things/things",
            "apiVersion": "2024-01-01",
            "name": "[format('thing-{0}', copyIndex())]",
            "properties": { "a": "[reference('builder').principalId]" },
            "dependsOn": ["builder"]
        },
        "builder": {
            "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
            "apiVersion": "2023-01-31",
            "name": "id-builder",
            "location": "westeurope"
        }
    });
    let difference = between(&old, &new);
    assert_eq!(difference["different"], false, "{difference:#}");
}

#[test]
fn the_order_of_what_has_none_means_nothing() {
    let mut new = image("2024-02-01");
    new["properties"]["distribute"].as_array_mut().unwrap().reverse();
    new["properties"]["distribute"][1]["targetRegions"].as_array_mut().unwrap().reverse();
    new["properties"]["distribute"][1]["targetRegions"][1]["name"] = json!("West Europe");
    let other = json!({ "type": "Microsoft.X/y", "name": "y", "apiVersion": "1" });
    let difference = between(&template(&[image("2024-02-01"), other.clone()]), &template(&[other, new]));
    assert_eq!(difference["different"], false, "{difference:#}");
}

#[test]
fn definitions_galleries_and_identities_have_rows_of_their_own() {
    let of = |ty: &str, body: Value| {
        let mut resource = json!({ "type": ty, "apiVersion": "2023-07-03", "name": "a/b" });
        resource.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        template(&[resource])
    };
    let definition = "Microsoft.Compute/galleries/images";
    let cases = [
        (definition, json!({ "location": "a" }), json!({ "location": "b" }), "replace"),
        (
            definition,
            json!({ "properties": { "osType": "Linux" } }),
            json!({ "properties": { "osType": "Windows" } }),
            "replace",
        ),
        (
            definition,
            json!({ "properties": { "eula": "a" } }),
            json!({ "properties": { "eula": "b" } }),
            "in-place",
        ),
        ("Microsoft.Compute/galleries", json!({ "location": "a" }), json!({ "location": "b" }), "replace"),
        ("Microsoft.Compute/galleries", json!({ "tags": { "a": "b" } }), json!({}), "in-place"),
        (
            "Microsoft.ManagedIdentity/userAssignedIdentities",
            json!({ "location": "a" }),
            json!({ "location": "b" }),
            "replace",
        ),
        ("Microsoft.Storage/storageAccounts", json!({ "kind": "a" }), json!({ "kind": "b" }), "changed"),
    ];
    for (ty, old, new, class) in cases {
        assert_eq!(classes(&between(&of(ty, old), &of(ty, new))), [class], "{ty}");
    }
}

#[test]
fn versions_of_images_and_regions_are_told() {
    let set = |target: Value| with("2024-02-01", "/properties/distribute/0", target);
    let target = |id: &str, regions: &[&str]| {
        let regions: Vec<Value> = regions.iter().map(|name| json!({ "name": name })).collect();
        json!({ "type": "SharedImage", "runOutputName": "out", "galleryImageId": id, "targetRegions": regions })
    };
    let id = "/subscriptions/s/g/images/web";
    insta::assert_snapshot!(words(&set(target(&format!("{id}/versions/1.2.3"), &["westeurope", "uksouth"]))), @"
    resource: send it as an update (PATCH): deploying over an image template that exists is refused
    resource: an update of targets has to repeat all of them
    roles: its identity needs rights where the images go now, and those at the old place may not be needed any more
    versions: `out` makes version 1.2.3 and no other
    versions: new versions of `out` are replicated to `uksouth` too; those that exist are not
    versions: new versions of `out` are not replicated to `northeurope`; those that exist stay there
    ");
    let other = words(&set(target("/subscriptions/s/g/images/db", &["westeurope", "northeurope"])));
    assert!(other.contains("versions: new versions of `out` go to another definition"), "{other}");
}

#[test]
fn bodies_and_templates_compare() {
    let mut live = image("2024-02-01");
    let body = live.as_object_mut().unwrap();
    body.remove("apiVersion");
    body.insert("id".into(), json!("/subscriptions/s/web"));
    body.insert("systemData".into(), json!({ "createdBy": "x" }));
    body["properties"]["provisioningState"] = json!("Succeeded");
    body["properties"]["lastRunStatus"] = json!({ "runState": "Succeeded" });
    body["identity"]["userAssignedIdentities"]["/subscriptions/s/a"] =
        json!({ "principalId": "p", "clientId": "c" });
    assert_eq!(between(&live, &template(&[image("2024-02-01")]))["different"], false);
    assert_eq!(between(&json!([live]), &image("2024-02-01"))["different"], false);
    // A body for the REST API has its name and type in the address.
    live.as_object_mut().unwrap().retain(|key, _| !["name", "type"].contains(&key.as_str()));
    assert_eq!(between(&live, &image("2024-02-01"))["different"], false);
}

#[test]
fn resources_that_come_and_go_are_told() {
    let mut other = image("2024-02-01");
    other["name"] = json!("db");
    let difference = between(&template(&[image("2024-02-01")]), &template(&[other]));
    assert_eq!(classes(&difference), ["create", "remove"]);
    assert!(words(&difference).contains("an incremental deployment leaves it where it is"));
    let mut gone = image("2024-02-01");
    gone["condition"] = json!("[equals(1, 2)]");
    assert_eq!(classes(&between(&template(&[image("2024-02-01")]), &template(&[gone]))), ["remove"]);
}

// Sources

const WEB: &str = r#"import std/marketplace

param location: region = "westeurope"
param env: "dev" | "prod" = "dev"

existing identity builder { name = "id-aib", resource_group = "rg-platform" }
existing gallery shared {
  name           = "shared"
  resource_group = "rg-a"
  definition web { os = linux, generation = v2 }
}

image web {
  api_version = "2024-02-01"
  location = location
  tags     = { env = env }
  identity = builder
  source   = marketplace.ubuntu_24_04
  customize {
    shell "update" = "sudo apt-get update"
    shell "install" = "sudo apt-get install -y nginx"
  }
  distribute {
    gallery shared.web { regions = [location, "northeurope"], output = "web" }
    vhd { output = "disk" }
  }
}

output id = web.id
"#;

/// The source with texts replaced.
fn edited(edits: &[(&str, &str)]) -> String {
    edits.iter().fold(WEB.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    })
}

fn pair(new: &str) -> Place {
    Place::with(&[("old.aib", WEB), ("new.aib", new)])
}

#[test]
fn people_read_what_changes_and_what_follows() {
    let place = pair(&edited(&[
        ("= \"dev\"", "= \"prod\""),
        (
            "    shell \"install\"",
            "    shell \"tools\" = \"sudo apt-get install -y curl\"\n    shell \"install\"",
        ),
        ("nginx\"", "nginx=1.24\""),
        (", \"northeurope\"", ", \"swedencentral\""),
        ("    vhd { output = \"disk\" }\n", ""),
        ("rg-a", "rg-b"),
        ("output id", "output web_id"),
    ]));
    insta::assert_snapshot!(
        "changes_of_an_image",
        place.run(&["diff", "old.aib", "new.aib"]).code(1).quiet().out
    );
    let colored = place.run(&["diff", "old.aib", "new.aib", "--color", "always"]).code(1).out;
    assert!(colored.contains('\u{1b}'));
    let same = place.run(&["diff", "old.aib", "old.aib"]).code(0).quiet().out;
    assert_eq!(same, "old.aib and old.aib deploy the same\n");
}

#[test]
fn rights_of_sources_are_compared() {
    let place = pair(&edited(&[("rg-a", "rg-b")]));
    let difference = of_files(&place, &["old.aib", "new.aib"]);
    let roles = difference["roles"].as_array().unwrap();
    let said: Vec<_> =
        roles.iter().map(|r| (r["kind"].as_str().unwrap(), r["scope"].as_str().unwrap())).collect();
    assert_eq!(said, [("added", "resource group rg-b"), ("removed", "resource group rg-a")]);
    assert_eq!(roles[0]["principal"], "id-aib");
    // What is derived is not guessed too.
    assert!(!words(&difference).contains("roles:"));
    place.run(&["build", "old.aib"]).code(0);
    let difference = of_files(&place, &["out/old.json", "new.aib"]);
    assert_eq!(difference["roles"], Value::Null);
    assert!(words(&difference).contains("roles: its identity needs rights where the images go now"));
}

#[test]
fn names_by_content_make_a_template_beside_the_old_one() {
    let named = edited(&[
        ("  location = location\n", "  location = \"westeurope\"\n  name = \"web-${content_hash()}\"\n"),
        ("env = env", "a = \"b\""),
    ]);
    let place = Place::with(&[("old.aib", &named), ("new.aib", &named.replace("nginx", "apache2"))]);
    let difference = of_files(&place, &["old.aib", "new.aib"]);
    assert_eq!(classes(&difference), ["beside"]);
    let found = &difference["resources"][0];
    assert_ne!(found["name"], found["oldName"]);
    assert_eq!(found["changes"][0]["path"], "/properties/customize/1/inline/0");
    assert_eq!(found["changes"][0]["class"], Value::Null);
    assert!(words(&difference).contains("its name follows its content"));
}

#[test]
fn other_defaults_are_followed_to_the_resources() {
    let place = pair(&edited(&[("= \"dev\"", "= \"prod\""), ("= \"westeurope\"", "= \"uksouth\"")]));
    let difference = of_files(&place, &["old.aib", "new.aib"]);
    let parameters: Vec<_> =
        difference["parameters"].as_array().unwrap().iter().map(|c| c["path"].clone()).collect();
    assert_eq!(parameters, ["/location/defaultValue", "/env/defaultValue"]);
    assert_eq!(classes(&difference), ["replace"]);
    let found = difference["resources"][0]["changes"].as_array().unwrap();
    assert!(found.iter().all(|change| change["byDefault"] == true), "{found:#?}");
    assert_eq!((&found[0]["path"], &found[0]["new"]), (&"/location".into(), &"uksouth".into()));
    // Who gives them sees no difference.
    let args = ["diff", "old.aib", "new.aib", "--set", "env=dev", "--set", "location=westeurope"];
    place.run(&args).code(0);
}

#[test]
fn values_are_given_to_the_sides_that_have_them() {
    let place = pair(&edited(&[("output id = web.id", "param more: string\noutput id = more")]));
    place.run(&["build", "new.aib"]).code(0);
    for new in ["new.aib", "out/new.json"] {
        let difference = of_files(&place, &["old.aib", new, "--set", "more=x"]);
        assert_eq!(difference["parameters"], json!([]), "{new}");
        assert_eq!(difference["outputs"][0]["new"], "x", "{new}");
    }
    let args = ["diff", "old.aib", "new.aib", "--set", "nope=x"];
    place.run(&args).code(2).tells("there is no parameter `nope` (--set) on either side");
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let place = Place::with(&[
        ("good.aib", WEB),
        ("bad.aib", "output x = nope\n"),
        ("text.json", "nope"),
        ("parameters.json", r#"{"parameters": {"a": {"value": 1}}}"#),
        ("list.json", "[1]"),
    ]);
    place.run(&["diff", "good.aib", "bad.aib"]).code(2).tells("bad.aib:1:12").tells("nothing was compared");
    place.run(&["diff", "good.aib", "missing.json"]).code(2).tells("there is no file `missing.json`");
    place.run(&["diff", "text.json", "good.aib"]).code(2).tells("`text.json` is no valid JSON");
    place.write("long.json", format!("{{\"a\": [{} oops", "1, ".repeat(100_000)));
    let said = place.run(&["diff", "long.json", "good.aib"]).code(2).tells("is no valid JSON at 1:").err;
    assert!(said.len() < 1000, "{} bytes", said.len());
    place.run(&["diff", "good.aib", "parameters.json"]).code(2).tells("it looks like a parameter file");
    place.run(&["diff", "good.aib", "list.json"]).code(2).tells("it is a list, but not of resources");
}

#[test]
fn what_azure_would_refuse_is_compared_and_told() {
    let body = r#"{ "type": "Shell", "name": "a", "inline": [""] }"#;
    let mut old = image("2024-02-01");
    old["identity"]["userAssignedIdentities"] = json!({
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i": {}
    });
    old["properties"]["distribute"] = json!([{ "type": "VHD", "runOutputName": "disk" }]);
    old["properties"]["customize"] = json!([serde_json::from_str::<Value>(body).unwrap()]);
    let place = Place::with(&[("azuredeploy.json", &template(&[old]).to_string())]);
    place.run(&["decompile", "azuredeploy.json", "-o", "web.aib"]);
    place.run(&["build", "web.aib", "--permissive"]).code(1);
    let same = place.run(&["diff", "azuredeploy.json", "web.aib"]).code(0);
    assert!(same.out().contains("deploy the same"), "{}", same.out());
    let same = same.tells("`inline` holds no command").tells("compared in spite of these errors");
    assert!(!same.err.contains("warning"), "{}", same.err);
    // Errors of the language stop it.
    place.write("web.aib", format!("{}\noutput x = nope\n", place.read("web.aib")));
    place.run(&["diff", "azuredeploy.json", "web.aib"]).code(2).tells("nothing was compared");
}

#[test]
fn answers_examples_and_large_files_are_read() {
    let old = image("2024-02-01");
    let mut sent = old.clone();
    sent.as_object_mut().unwrap().retain(|key, _| !["type", "name", "apiVersion"].contains(&key.as_str()));
    let example = json!({
        "parameters": { "api-version": "2024-02-01", "parameters": sent },
        "responses": { "200": { "body": { "properties": {} } } },
    });
    let answer = json!({
        "parameters": { "api-version": "2024-02-01" },
        "responses": { "200": { "body": { "value": [old] } } },
    });
    let same = |new: &Value| between(&template(std::slice::from_ref(&old)), new)["different"] == json!(false);
    assert!(same(&json!({ "value": [old] })));
    assert!(same(&example));
    assert!(same(&answer));
    let mut moved = example.clone();
    moved["parameters"]["parameters"]["location"] = json!("northeurope");
    let found = between(&template(std::slice::from_ref(&old)), &moved);
    assert_eq!(found["resources"][0]["newPointer"], json!("/parameters/parameters"));
    let large =
        with_members(template(std::slice::from_ref(&old)), json!({ "metadata": "x".repeat(5 << 20) }));
    assert!(same(&large));
}

#[test]
fn what_azure_shows_is_what_was_deployed() {
    let id =
        "/subscriptions/S/resourceGroups/RG/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id";
    let mut source = image("2024-02-01");
    source["identity"]["userAssignedIdentities"] = json!({ id: {} });
    let mut live = source.clone();
    let envelope = live.as_object_mut().unwrap();
    envelope.remove("apiVersion");
    for key in ["kind", "managedBy", "plan", "sku", "extendedLocation"] {
        envelope.insert(key.to_owned(), Value::Null);
    }
    live["resourceGroup"] = json!("rg");
    live["systemData"] = json!({ "createdBy": "someone" });
    live["identity"]["userAssignedIdentities"] =
        json!({ id.to_lowercase(): { "principalId": "p", "clientId": "c" } });
    let properties = &mut live["properties"];
    properties["provisioningState"] = json!("Succeeded");
    properties["stagingResourceGroup"] = json!("");
    properties["autoRun"] = Value::Null;
    properties["vmProfile"]["osDiskSizeGB"] = json!(0);
    properties["vmProfile"]["vnetConfig"] = json!({ "proxyVmSize": "" });
    properties["customize"][0]["sha256Checksum"] = json!("");
    properties["distribute"][0]["excludeFromLatest"] = json!(false);
    properties["distribute"][0]["artifactTags"] = json!({});
    properties["distribute"][0]["targetRegions"][0]["replicaCount"] = json!(1);
    properties["distribute"][0]["targetRegions"][1]["storageAccountType"] = json!("Standard_LRS");
    for new in [source.clone(), template(&[source.clone()])] {
        let found = between(&live, &new);
        assert_eq!(found["different"], json!(false), "{found:#}");
    }
    live["properties"]["vmProfile"]["osDiskSizeGB"] = json!(64);
    let found = between(&live, &source);
    assert_eq!(changes(&found), ["removed /properties/vmProfile/osDiskSizeGB in-place"]);
}

#[test]
fn a_default_that_switches_a_resource_is_told_at_it() {
    let side = |value: &str| {
        let mut image = image("2024-02-01");
        image["condition"] = json!("[equals(parameters('env'), 'prod')]");
        let mut all = template(&[image]);
        all["parameters"] = json!({ "env": { "type": "string", "defaultValue": value } });
        all
    };
    let off = between(&side("prod"), &side("dev"));
    assert_eq!(classes(&off), ["remove"]);
    assert_eq!(changes(&off), ["changed /condition remove"]);
    assert!(words(&off).contains("with the default it is not deployed any more"), "{}", words(&off));
    assert_eq!(classes(&between(&side("dev"), &side("prod"))), ["create"]);
    let place = Place::with(&[("a.json", &side("prod").to_string()), ("b.json", &side("dev").to_string())]);
    let found = place.run(&["diff", "a.json", "b.json"]).code(1).out;
    assert!(found.contains("not deployed any more (with the default)"), "{found}");
}

#[test]
fn long_values_are_shown_where_they_differ() {
    let side = |end: &str| {
        let mut image = image("2024-02-01");
        image["tags"] = json!({ "t": format!("{}{end}", "a".repeat(300)) });
        image
    };
    let place = Place::with(&[("a.json", &side("one").to_string()), ("b.json", &side("two").to_string())]);
    let found = place.run(&["diff", "a.json", "b.json"]).code(1).out;
    assert!(found.contains("- …aaaaaaaaaaaaaaaaaaaaone\""), "{found}");
    assert!(found.contains("+ …aaaaaaaaaaaaaaaaaaaatwo\""), "{found}");
}

#[test]
fn images_in_nested_deployments_are_classed() {
    let side = |location: &str, scope: &str| {
        let mut image = image("2024-02-01");
        image["location"] = json!("[parameters('region')]");
        let mut inner = template(&[image]);
        inner["parameters"] = json!({ "region": { "type": "string" } });
        let mut all = template(&[json!({
            "type": "Microsoft.Resources/deployments",
            "apiVersion": "2022-09-01",
            "name": "inner",
            "properties": {
                "mode": "Incremental",
                "expressionEvaluationOptions": { "scope": scope },
                "parameters": { "region": { "value": "[variables('where')]" } },
                "template": inner
            }
        })]);
        all["variables"] = json!({ "where": location });
        all["parameters"] = json!({ "region": { "type": "string", "defaultValue": "x" } });
        all
    };
    let moved = between(&side("westeurope", "inner"), &side("northeurope", "inner"));
    // The deployment is given another value.
    assert_eq!(classes(&moved), ["changed", "replace"]);
    assert_eq!(moved["resources"][1]["newPointer"], json!("/resources/0/properties/template/resources/0"));
    let outer = between(&side("westeurope", "outer"), &side("northeurope", "outer"));
    assert_eq!(classes(&outer), ["changed"]);
    let mut flat = template(&[image("2024-02-01")]);
    flat["parameters"] = json!({ "region": { "type": "string", "defaultValue": "x" } });
    let other = between(&side("westeurope", "inner"), &flat);
    assert_eq!(classes(&other), ["remove"], "{other:#}");
}

#[test]
fn what_is_another_or_only_has_another_name_is_told_as_that() {
    let old = image("2024-02-01");
    let mut new = old.clone();
    new["properties"]["customize"][1]["name"] = json!("z");
    assert_eq!(changes(&between(&old, &new)), ["changed /properties/customize/1/name replace"]);

    let mut new = old.clone();
    new.as_object_mut().unwrap().remove("identity");
    assert_eq!(classes(&between(&old, &new)), ["refused"]);

    let mut new = old.clone();
    new["properties"]["distribute"][0] = json!({ "type": "ManagedImage", "runOutputName": "out", "imageId": "/subscriptions/s/i", "location": "westeurope" });
    let found = between(&old, &new);
    assert_eq!(classes(&found), ["refused"]);
    assert!(words(&found).contains("no new versions are made for `out`"), "{}", words(&found));
    assert!(words(&found).contains("needs rights where the images go now"), "{}", words(&found));

    assert_eq!(between(&template(&[old.clone(), old.clone()]), &template(&[old]))["different"], json!(false));
}

#[test]
fn what_may_be_the_same_is_no_fact() {
    let side = |id: &str| {
        let mut image = image("2024-02-01");
        image["properties"]["distribute"][0]["galleryImageId"] = json!(id);
        template(&[image])
    };
    let call = side("[resourceId('Microsoft.Compute/galleries/images', 'g', 'd')]");
    let literal = side("/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/galleries/g/images/d");
    let found = words(&between(&call, &literal));
    assert_eq!(found.matches("(unless both come to the same)").count(), 2, "{found}");
    assert!(!words(&between(&literal, &side("/subscriptions/s/x"))).contains("unless"));
}

#[test]
fn triggers_go_with_their_image() {
    let trigger = json!({
        "type": "Microsoft.VirtualMachineImages/imageTemplates/triggers",
        "apiVersion": "2024-02-01",
        "name": "web/new-source",
        "properties": { "kind": "SourceImage" }
    });
    let side = |location: &str| {
        let mut image = image("2024-02-01");
        image["location"] = json!(location);
        template(&[image, trigger.clone()])
    };
    let found = words(&between(&side("westeurope"), &side("northeurope")));
    assert!(found.contains("its trigger `web/new-source` goes with it"), "{found}");
}

/// Variables each of which holds its predecessor twice.
fn doubling(first: &str, call: &str) -> Value {
    let mut variables = serde_json::Map::from_iter([("v0".to_owned(), json!(first))]);
    for n in 1..=60 {
        let last = format!("variables('v{}')", n - 1);
        variables.insert(format!("v{n}"), json!(format!("[{call}({last}, {last})]")));
    }
    Value::Object(variables)
}

#[test]
fn variables_that_double_are_compared_under_their_names() {
    for (first, call) in
        [("aaaaaaaaaa", "concat"), ("aaaaaaaaaa", "createArray"), ("[resourceGroup().id]", "concat")]
    {
        let side = |location: &str, first: &str| {
            let mut image = image("2024-02-01");
            image["location"] = json!(location);
            image["tags"] = json!({ "all": "[variables('v60')]" });
            let mut all = template(&[image]);
            all["variables"] = doubling(first, call);
            all
        };
        let moved = between(&side("westeurope", first), &side("northeurope", first));
        assert_eq!(changes(&moved), ["changed /location replace"], "{call}");
        assert_eq!(moved["variables"], json!([]), "{call}");
        let other = between(&side("westeurope", first), &side("westeurope", "b"));
        assert_ne!(other["different"], json!(false), "{call}");
    }
}

#[test]
fn what_is_built_of_an_example_is_what_it_deploys() {
    let mut count = 0;
    for file in files(&path("docs/examples"), ".aib") {
        let place = Place::with(&[]);
        let source = file.to_string_lossy().into_owned();
        place.run(&["build", &source, "-o", "out"]).code(0);
        let stem = file.file_stem().unwrap().to_string_lossy();
        let built = format!("out/{stem}.json");
        place.run(&["diff", &source, &built]).code(0);
        place.run(&["diff", &built, &source]).code(0);
        count += 1;
    }
    assert!(count > 20, "{count}");
}

/// A template of language version 2.0 or less with more members.
fn with_members(mut template: Value, members: Value) -> Value {
    template.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    template
}

/// An image template whose tag is an expression.
fn tagged(tag: &str) -> Value {
    let mut image = image("2024-02-01");
    image["tags"] = json!({ "a": tag });
    template(&[image])
}

/// Whether two tags of an image template deploy the same.
fn same_tags(old: &str, new: &str) -> bool {
    let parameters = json!({ "parameters": { "x": { "type": "array" }, "g": { "type": "string" } } });
    let side = |tag: &str| with_members(tagged(tag), parameters.clone());
    between(&side(old), &side(new))["different"] == json!(false)
}

#[test]
fn what_nested_deployments_are_given_is_written_out() {
    let side = |properties: Value, variable: &str, value: &str| {
        let mut properties = properties;
        properties["mode"] = json!("Incremental");
        properties["parameters"] = json!({ "a": { "value": value } });
        properties["expressionEvaluationOptions"] = json!({ "scope": "inner" });
        let deployment = json!({
            "type": "Microsoft.Resources/deployments",
            "apiVersion": "2022-09-01",
            "name": "nested",
            "properties": properties,
        });
        with_members(template(&[deployment]), json!({ "variables": { "v": variable } }))
    };
    let mut inner = template(&[]);
    inner["parameters"] = json!({ "a": { "type": "string" } });
    inner["variables"] = json!({ "v": "inner" });
    inner["outputs"] = json!({ "o": { "type": "string", "value": "[variables('v')]" } });
    for properties in [json!({ "templateLink": { "uri": "https://x" } }), json!({ "template": inner })] {
        let old = side(properties.clone(), "x", "[variables('v')]");
        let other = between(&old, &side(properties.clone(), "y", "[variables('v')]"));
        assert_eq!(changes(&other), ["changed /properties/parameters/a/value changed"]);
        let same = between(&old, &side(properties, "z", "x"));
        assert_eq!(same["different"], json!(false));
    }
}

#[test]
fn functions_of_a_template_are_followed() {
    let side = |value: Value, tag: &str| {
        let functions = json!([{ "namespace": "n", "members": { "f": {
            "parameters": [{ "name": "what", "type": "string" }],
            "output": { "type": "string", "value": value },
        } } }]);
        with_members(
            tagged(tag),
            json!({ "functions": functions, "parameters": { "g": { "type": "string" } } }),
        )
    };
    let body = |start: &str| json!(format!("[concat('{start}-', parameters('what'))]"));
    let other = between(&side(body("a"), "[n.f('x')]"), &side(body("b"), "[n.f('x')]"));
    assert_eq!(changes(&other), ["changed /tags/a in-place"]);
    // What it computes is what counts, with the caller's parameters and in any letter case.
    let same =
        between(&side(body("a"), "[N.F(parameters('g'))]"), &tagged("[format('a-{0}', parameters('g'))]"));
    assert_eq!(same["resources"], json!([]));
    let unused = between(&side(body("a"), "x"), &side(body("b"), "x"));
    assert_eq!(unused["different"], json!(false));
}

#[test]
fn functions_that_grow_are_compared_under_their_names() {
    let side = |first: &str| {
        let members: serde_json::Map<String, Value> = (0..60)
            .map(|n| {
                let value = match n {
                    0 => json!(first),
                    _ => json!(format!("[concat(n.f{0}(), n.f{0}())]", n - 1)),
                };
                (format!("f{n}"), json!({ "output": { "type": "string", "value": value } }))
            })
            .collect();
        with_members(tagged("[n.f59()]"), json!({ "functions": [{ "namespace": "n", "members": members }] }))
    };
    assert_eq!(between(&side("[utcNow()]"), &side("[utcNow()]"))["different"], json!(false));
    assert_eq!(between(&side("[utcNow()]"), &side("[newGuid()]"))["different"], json!(true));
}

#[test]
fn types_that_parameters_refer_to_are_followed() {
    let side = |definitions: Value, parameter: Value| {
        let more = json!({
            "languageVersion": "2.0",
            "definitions": definitions,
            "parameters": { "p": parameter },
        });
        with_members(template(&[image("2024-02-01")]), more)
    };
    let named = |what: &str| json!({ "$ref": format!("#/definitions/{what}") });
    let allowed = json!({ "type": "string", "allowedValues": ["x"] });
    let old = side(json!({ "d": { "type": "string" } }), named("d"));
    let new = side(json!({ "d": named("e"), "e": allowed }), named("d"));
    let other = between(&old, &new);
    assert_eq!(other["parameters"][0]["path"], json!("/p/allowedValues"));
    assert_eq!(between(&new, &side(json!({}), allowed))["different"], json!(false));
    // A type that holds itself stands under its name.
    let ring = |most: u32| {
        let next = json!({ "type": "object", "maxLength": most, "properties": { "next": named("d") } });
        side(json!({ "d": next }), named("d"))
    };
    assert_eq!(between(&ring(1), &ring(1))["different"], json!(false));
    assert_eq!(between(&ring(1), &ring(2))["different"], json!(true));
}

#[test]
fn variables_that_loops_make_are_followed() {
    let side = |count: Value, input: &str, tag: &str| {
        let copy = json!([{ "name": "c", "count": count, "input": input }]);
        let more = json!({ "variables": { "copy": copy }, "parameters": { "g": { "type": "array" } } });
        with_members(tagged(tag), more)
    };
    for count in [json!(2), json!("[length(parameters('g'))]")] {
        let of = |input: &str| side(count.clone(), input, "[variables('c')[1]]");
        let other = between(&of("[concat('a', copyIndex('c'))]"), &of("[concat('b', copyIndex('c'))]"));
        assert_eq!(changes(&other), ["changed /tags/a in-place"]);
        assert_eq!(other["variables"], json!([]));
    }
    let loops = side(json!(3), "[concat('a', copyIndex('c', 1))]", "[variables('c')[1]]");
    assert_eq!(between(&loops, &tagged("a2"))["resources"], json!([]));
}

#[test]
fn ids_are_the_same_however_they_are_put_together() {
    let id = "[resourceId('Microsoft.Compute/galleries/images', parameters('g'), 'd')]";
    let own = "/providers/Microsoft.Compute/galleries/', parameters('g'), '/images/d')]";
    for other in [
        "[concat(resourceId('Microsoft.Compute/galleries', parameters('g')), '/images/d')]".to_owned(),
        "[resourceId(resourceGroup().name, 'Microsoft.Compute/galleries/images', parameters('g'), 'd')]".to_owned(),
        "[resourceId(subscription().subscriptionId, resourceGroup().name, 'Microsoft.Compute/galleries/images', parameters('g'), 'd')]".to_owned(),
        format!("[concat(resourceGroup().id, '{own}"),
        format!("[concat(subscription().id, '/resourceGroups/', resourceGroup().name, '{own}"),
        format!("[concat('/subscriptions/', subscription().subscriptionId, '/resourcegroups/', resourceGroup().name, '{own}"),
    ] {
        assert!(same_tags(id, &other), "{other}");
    }
    let role = "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', parameters('g'))]";
    let tail = "/providers/Microsoft.Authorization/roleDefinitions/', parameters('g'))]";
    assert!(same_tags(role, &format!("[concat(subscription().id, '{tail}")));
    assert!(same_tags(role, &format!("[concat('/subscriptions/', subscription().subscriptionId, '{tail}")));
    // What is not surely the same is not.
    for other in [
        "[resourceId('other', 'Microsoft.Compute/galleries/images', parameters('g'), 'd')]",
        "[concat(resourceGroup().id, '/providers/Microsoft.Compute/galleries/', parameters('g'), '/images/e')]",
        "[concat(resourceId('Microsoft.Compute/galleries', parameters('g')), '/providers/x/images/d')]",
        "[concat(resourceId('Microsoft.Compute/galleries', parameters('g')), 'images/d')]",
    ] {
        assert!(!same_tags(id, other), "{other}");
    }
}

#[test]
fn waits_name_resources_with_their_types_too() {
    let side = |waits: &str| {
        let gallery =
            json!({ "type": "Microsoft.Compute/galleries", "apiVersion": "2022-03-03", "name": "g" });
        let definition = json!({
            "type": "Microsoft.Compute/galleries/images", "apiVersion": "2022-03-03", "name": "g/web",
        });
        let identity = json!({
            "type": "Microsoft.ManagedIdentity/userAssignedIdentities", "apiVersion": "2023-01-31", "name": "web",
        });
        let mut image = image("2024-02-01");
        image["dependsOn"] = json!([waits]);
        template(&[gallery, definition, identity, image])
    };
    let same = |a: &str, b: &str| between(&side(a), &side(b))["different"] == json!(false);
    let definition = "[resourceId('Microsoft.Compute/galleries/images', 'g', 'web')]";
    for name in [
        "Microsoft.Compute/galleries/images/g/web",
        "Microsoft.Compute/galleries/g/images/web",
        "g/web",
        "[concat('Microsoft.Compute/galleries/', 'g', '/images/web')]",
    ] {
        assert!(same(definition, name), "{name}");
    }
    let identity = "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'web')]";
    assert!(same(identity, "Microsoft.ManagedIdentity/userAssignedIdentities/web"));
    assert!(!same(identity, definition));
}

#[test]
fn names_of_lambda_variables_and_spellings_of_numbers_mean_nothing() {
    let map = |name: &str, other: &str| {
        format!(
            "[map(parameters('x'), lambda('{name}', map(parameters('x'), lambda('{other}', concat(lambdaVariables('{name}'), lambdaVariables('{other}'))))))]"
        )
    };
    assert!(same_tags(&map("a", "b"), &map("b", "a")));
    let one = "[map(parameters('x'), lambda('a', concat('1', lambdaVariables('a'))))]";
    assert!(same_tags(one, &one.replace("'a'", "'b'")));
    assert!(!same_tags(one, &one.replace("'1'", "'2'")));
    let swapped = map("a", "b").replace(
        "concat(lambdaVariables('a'), lambdaVariables('b'))",
        "concat(lambdaVariables('b'), lambdaVariables('a'))",
    );
    assert!(!same_tags(&map("a", "b"), &swapped));
    let mut old = tagged("x");
    old["resources"][0]["properties"]["foo"] = json!([12_345_678_901_234_567_890_u64, 1.5]);
    let mut new = tagged("x");
    new["resources"][0]["properties"]["foo"] = json!(["[json('12345678901234567890')]", "[json('1.5')]"]);
    assert_eq!(between(&old, &new)["different"], json!(false));
}

#[test]
fn what_azure_shows_around_a_body_counts_on_neither_side() {
    let mut shown = image("2024-02-01");
    for (key, value) in [
        ("id", json!("/subscriptions/s/resourceGroups/rg/providers/x")),
        ("resourceGroup", json!("rg")),
        ("systemData", json!({ "createdBy": "x" })),
        ("createdTime", json!("2024-01-01")),
    ] {
        shown[key] = value;
    }
    for old in [shown.clone(), template(&[shown.clone()])] {
        for new in [template(&[shown.clone()]), template(&[image("2024-02-01")])] {
            assert_eq!(between(&old, &new)["different"], json!(false));
        }
    }
}
