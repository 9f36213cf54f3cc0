//! Templates that come back as what Azure takes, and the sources between, which can be read.

use serde_json::{Value, json};

use crate::cli::Place;

/// A template with one image, in which `change` puts what a test is about.
fn template(change: impl FnOnce(&mut Value)) -> Value {
    let identity = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers\
                    /Microsoft.ManagedIdentity/userAssignedIdentities/id-x";
    let mut out = json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "parameters": {},
        "variables": {},
        "resources": [{
            "type": "Microsoft.VirtualMachineImages/imageTemplates",
            "apiVersion": "2024-02-01",
            "name": "it-web",
            "location": "westeurope",
            "identity": { "type": "UserAssigned", "userAssignedIdentities": { identity: {} } },
            "properties": {
                "source": {
                    "type": "PlatformImage",
                    "publisher": "Canonical",
                    "offer": "ubuntu-24_04-lts",
                    "sku": "server",
                    "version": "latest"
                },
                "customize": [{ "type": "Shell", "name": "a", "inline": ["echo hi"] }],
                "distribute": [{ "type": "VHD", "runOutputName": "web" }]
            }
        }],
        "outputs": {}
    });
    change(&mut out);
    out
}

/// A resource whose name holds the names of its parents.
fn child(ty: &str, name: &str) -> Value {
    json!({ "type": ty, "apiVersion": "2023-07-03", "name": name, "properties": { "a": 1 } })
}

/// The source of a template, and what it builds.
fn there_and_back(template: &Value) -> (String, Value) {
    let place = Place::with(&[("t.json", &template.to_string())]);
    place.run(&["decompile", "t.json", "-o", "t.aib"]).code(0);
    let ran = place.run(&["build", "t.aib", "--stdout"]).code(0);
    (place.read("t.aib"), serde_json::from_str(ran.out()).unwrap())
}

fn image(template: &Value) -> &Value {
    let all = template["resources"].as_array().unwrap();
    all.iter().find(|r| r["type"] == "Microsoft.VirtualMachineImages/imageTemplates").unwrap()
}

#[test]
fn ids_of_children_have_a_name_for_each_segment() {
    let images = "Microsoft.Compute/galleries/images";
    let containers = "Microsoft.Storage/storageAccounts/blobServices/containers";
    let cases = [
        (images, "galz/def", format!("[resourceId('{images}', 'galz', 'def')]")),
        (
            images,
            "[concat(parameters('gal'), '/def')]",
            format!("[resourceId('{images}', parameters('gal'), 'def')]"),
        ),
        (
            images,
            "[parameters('gal')]",
            format!(
                "[resourceId('{images}', split(parameters('gal'), '/')[0], split(parameters('gal'), '/')[1])]"
            ),
        ),
        (
            containers,
            "[format('it{0}/default/c', parameters('gal'))]",
            format!("[resourceId('{containers}', format('it{{0}}', parameters('gal')), 'default', 'c')]"),
        ),
    ];
    for (ty, name, id) in cases {
        let source = format!("param gal: string\nresource \"{ty}@2023-07-03\" it {{\n  name = NAME\n}}\n");
        let name = match name {
            "galz/def" => r#""galz/def""#,
            "[parameters('gal')]" => "gal",
            "[concat(parameters('gal'), '/def')]" => r#""${gal}/def""#,
            _ => r#""it${gal}/default/c""#,
        };
        let source = format!("{}output id = it.id\n", source.replace("NAME", name));
        let place = Place::with(&[("main.aib", &source)]);
        let built: Value =
            serde_json::from_str(place.run(&["build", "main.aib", "--stdout"]).code(0).out()).unwrap();
        assert_eq!(built["outputs"]["id"]["value"], *id, "{source}");
    }
}

#[test]
fn what_is_made_is_waited_for_though_it_is_referred_to_as_existing() {
    for (name, of) in [("galz/def", "'galz'"), ("[concat(parameters('gal'), '/def')]", "parameters('gal')")] {
        let id = format!("[resourceId('Microsoft.Compute/galleries/images', {of}, 'def')]");
        let (source, built) = there_and_back(&template(|t| {
            t["parameters"]["gal"] = json!({ "type": "string" });
            let target = json!({
                "type": "SharedImage",
                "galleryImageId": id,
                "runOutputName": "web",
                "targetRegions": [{ "name": "westeurope" }]
            });
            t["resources"][0]["properties"]["distribute"] = json!([target]);
            t["resources"][0]["dependsOn"] = json!([id]);
            t["resources"].as_array_mut().unwrap().push(child("Microsoft.Compute/galleries/images", name));
        }));
        assert_eq!(image(&built)["dependsOn"], json!([id]), "{source}");
    }
}

#[test]
fn variables_that_stay_texts_name_stay_in_the_template() {
    let (source, built) = there_and_back(&template(|t| {
        t["variables"] = json!({ "v": "x", "other": "y" });
        t["resources"][0]["tags"] = json!({ "a": "[concat(variables('V'), parameters('missing'))]" });
    }));
    assert_eq!(built["variables"], json!({ "v": "x" }), "{source}");
}

#[test]
fn declarations_are_read_in_any_letter_case() {
    let (source, built) = there_and_back(&template(|t| {
        t["variables"] = json!({ "v": "x" });
        t["parameters"] = json!({ "a": { "Type": "String", "DefaultValue": "d" } });
        t["resources"][0]["tags"] = json!({ "a": "[parameters('a')]" });
        t["outputs"] = json!({ "o": { "Type": "string", "Value": "[variables('v')]" } });
    }));
    assert!(source.contains("param a: string = \"d\""), "{source}");
    assert_eq!(built["outputs"]["o"], json!({ "type": "string", "value": "x" }));
}

const REGIONS: &str = r#"
param rs: list<string>
existing identity id_x { name = "id-x" }
existing gallery gal1 {
  name = "gal1"
  definition def1 {}
}
image web {
  identity = id_x
  source = platform_image(publisher = "a", offer = "b", sku = "c", version = "latest")
  customize { shell "a" = "echo hi" }
  distribute { gallery gal1.def1 { output = "web", regions = REGIONS } }
}
"#;

#[test]
fn lists_that_azure_walks_have_the_names_of_arm() {
    let whole = |made: &str| {
        format!("[map(parameters('rs'), lambda('r', createObject('name', lambdaVariables('r'), {made})))]")
    };
    for (regions, wanted) in [
        ("[for r in rs: { name = r, replicas = 2 }]", whole("'replicaCount', 2")),
        (
            r#"[for r in rs: { name = r, storage = "standard_zrs" }]"#,
            whole("'storageAccountType', 'Standard_ZRS'"),
        ),
    ] {
        let source = REGIONS.replace("REGIONS", regions);
        let place = Place::with(&[("main.aib", &source)]);
        let built = place.run(&["build", "main.aib", "--stdout"]).code(0);
        let template: Value = serde_json::from_str(built.out()).unwrap();
        let made = &image(&template)["properties"]["distribute"][0]["targetRegions"];
        assert_eq!(*made, *wanted);
        // And back, in the names of aib.
        place.write("t.json", built.out());
        let back = place.run(&["decompile", "t.json"]).code(0);
        assert!(back.out().contains(&format!("regions = {regions}")), "{}", back.out());
    }
    let wrong = REGIONS.replace("REGIONS", "[for r in rs: { name = r, replicaz = 2 }]");
    let place = Place::with(&[("main.aib", &wrong)]);
    place.run(&["check", "main.aib"]).code(1).tells("a target region has no property `replicaz`");
}

#[test]
fn what_declares_nothing_is_told() {
    for properties in [json!(null), json!([])] {
        let mut body = template(|_| ())["resources"][0].clone();
        body["properties"] = properties;
        let place = Place::with(&[("t.json", &body.to_string())]);
        place.run(&["decompile", "t.json"]).code(0).tells("its `properties` are no object");
    }
    let text = template(|t| {
        t["outputs"] = json!({ "x": 5 });
        t["parameters"] = json!({ "a": 5 });
    });
    let place = Place::with(&[("t.json", &text.to_string())]);
    let ran = place.run(&["decompile", "t.json"]).code(0);
    ran.tells("the output `x` is not in the source").tells("the parameter `a` is not in the source");
}

#[test]
fn sources_that_only_a_property_knows_are_not_shared() {
    for (ty, member) in [("SharedImageVersion", "imageVersionId"), ("ManagedImage", "imageId")] {
        let (source, _) = there_and_back(&template(|t| {
            t["parameters"]["s"] = json!({ "type": "string" });
            t["resources"][0]["properties"]["source"] = json!({ "type": ty, member: "[parameters('s')]" });
            t["resources"][0]["tags"] = json!({ "team": "desktop", "source": "image-builder" });
            t["resources"][0]["properties"]["vmProfile"] = json!({ "vmSize": "Standard_D4s_v5" });
            let mut second = t["resources"][0].clone();
            second["name"] = json!("it-db");
            t["resources"].as_array_mut().unwrap().push(second);
        }));
        assert!(source.contains("let defaults"), "{source}");
        assert_eq!(source.matches("\n  source = ").count(), 2, "{source}");
        assert!(source.contains("(s)"), "{source}");
    }
}

#[test]
fn numbers_with_a_unit_are_written_where_they_are_known() {
    for (written, minutes) in [
        ("[mul(4, 60)]", 240),
        ("[variables('vm').disk]", 127),
        ("[variables('n')]", 60),
        ("[int('30')]", 30),
        ("[coalesce(null(), 60)]", 60),
        ("[min(30, 60)]", 30),
        ("[length(variables('long'))]", 33),
    ] {
        let (source, built) = there_and_back(&template(|t| {
            t["variables"] =
                json!({ "n": 60, "vm": { "disk": 127 }, "long": "abcdefghijklmnopqrstuvwxyz1234567" });
            t["resources"][0]["properties"]["buildTimeoutInMinutes"] = json!(written);
            t["resources"][0]["properties"]["vmProfile"] = json!({ "osDiskSizeGB": written });
        }));
        let properties = &image(&built)["properties"];
        assert_eq!(properties["buildTimeoutInMinutes"], minutes, "{source}");
        assert_eq!(properties["vmProfile"]["osDiskSizeGB"], minutes, "{source}");
    }
}

#[test]
fn an_identity_that_only_azure_knows_is_passed_on() {
    let (source, built) = there_and_back(&template(|t| {
        t["parameters"]["identity"] = json!({ "type": "object" });
        t["resources"][0]["identity"] = json!("[parameters('identity')]");
    }));
    assert_eq!(image(&built)["identity"], "[parameters('identity')]", "{source}");
}

#[test]
fn no_source_is_written_that_could_not_be_read() {
    let deep = (0..140).fold(json!([]), |inner, _| json!([inner]));
    let text = template(|t| {
        let mut other = child("Contoso.Things/things", "a");
        other["properties"] = json!({ "a": deep });
        t["resources"].as_array_mut().unwrap().push(other);
    });
    let place = Place::with(&[("t.json", &text.to_string())]);
    let ran = place.run(&["decompile", "t.json"]).code(1);
    ran.tells("no source is written, since aib could not read it: this nests too deeply");
}

#[test]
fn sources_are_in_the_one_style_at_once() {
    let made = "shallowMerge(createArray(createObject('type', lambdaVariables('one').type, 'artifactTags', \
                coalesce(tryGet(lambdaVariables('one'), 'artifactTags'), createObject('sourceType', \
                parameters('ds')[0], 'sourcePublisher', parameters('ds')[1])))))";
    let text = template(|t| {
        t["parameters"]["ds"] = json!({ "type": "array" });
        let mut other = child("Contoso.Things/things", "a");
        other["properties"]["p"] = json!(format!("[map(parameters('ds'), lambda('one', {made}))]"));
        t["resources"].as_array_mut().unwrap().push(other);
    });
    let (source, _) = there_and_back(&text);
    assert!(source.contains("for one in ds:"), "{source}");
    assert_eq!(aib::fmt::format(&source).text, source);
}

#[test]
fn characters_that_nobody_sees_are_shown() {
    let line = "echo a\u{200b}b\u{2028}c\u{feff}d";
    let (source, built) = there_and_back(&template(|t| {
        t["resources"][0]["properties"]["customize"][0]["inline"] = json!(["echo hi", line]);
    }));
    assert!(source.contains(r"echo a\u{200b}b\u{2028}c\u{feff}d"), "{source}");
    let inline = &image(&built)["properties"]["customize"][0]["inline"];
    assert_eq!(*inline, json!(["echo hi", line]));
}

#[test]
fn code_in_angles_is_no_placeholder() {
    let text = template(|t| {
        let lines = ["#include <stdio.h>", "<html><body>", "echo <region>"];
        t["resources"][0]["properties"]["customize"][0]["inline"] = json!(lines);
    });
    let place = Place::with(&[("t.json", &text.to_string())]);
    let ran = place.run(&["decompile", "t.json", "--placeholders", "param"]).code(0);
    assert_eq!(ran.out().matches("param ").count(), 1, "{}", ran.out());
    assert!(ran.out().contains("param region: string"), "{}", ran.out());
}
