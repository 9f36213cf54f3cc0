//! Rules about several resources of one document or program: definitions, and what is declared beside them.

use aib::diag::find_code;
use serde_json::{Value, json};

use super::check_json::check_with_advice;
use super::json_images::{image, template};
use super::pipeline::run;

/// Where a document raises a rule.
#[track_caller]
fn places(rule: &str, document: &Value) -> Vec<String> {
    let code = find_code(rule).unwrap();
    let checked = check_with_advice("x.json", &document.to_string()).expect("no image template was found");
    checked.holds_its_places();
    checked.mends_stay_json();
    checked.found.iter().filter(|d| d.code.id == code.id).map(|d| checked.at(d).to_owned()).collect()
}

const ID: &str = "[resourceId('Microsoft.Compute/galleries/images', 'g', 'd')]";

/// An image template of a document that has the definition, too.
fn of_document(waits: Option<Value>) -> Value {
    let mut image = image();
    image["properties"]["distribute"][0]["galleryImageId"] = json!(ID);
    if let Some(waits) = waits {
        image["dependsOn"] = waits;
    }
    image
}

fn definition(version: &str, properties: Value) -> Value {
    let mut all = json!({
        "osType": "Linux", "osState": "Generalized", "identifier": { "publisher": "p", "offer": "o", "sku": "s" }
    });
    all.as_object_mut().unwrap().extend(properties.as_object().unwrap().clone());
    json!({
        "type": "Microsoft.Compute/galleries/images", "apiVersion": version, "name": "g/d", "location": "westeurope",
        "properties": all
    })
}

fn v2() -> Value {
    definition("2023-07-03", json!({ "hyperVGeneration": "V2" }))
}

#[test]
fn templates_wait_for_definitions_of_their_document() {
    let rule = "definition-made-late";
    let of = |waits: Option<Value>| template(&[v2(), of_document(waits)], json!({}));
    let at = [format!("\"{ID}\"")];
    assert_eq!(places(rule, &of(None)), at);
    assert_eq!(places(rule, &of(Some(json!([])))), at);
    assert_eq!(places(rule, &of(Some(json!([ID])))), [""; 0]);
    assert_eq!(places(rule, &of(Some(json!(["g/d"])))), [""; 0]);
    // Two targets of one definition are one mistake.
    let mut twice = of_document(None);
    let other = json!({ "type": "SharedImage", "galleryImageId": ID, "runOutputName": "b", "excludeFromLatest": true,
        "targetRegions": [{ "name": "westeurope" }] });
    twice["properties"]["distribute"].as_array_mut().unwrap().push(other);
    assert_eq!(places(rule, &template(&[v2(), twice], json!({}))), at);
    // What it waits for may wait for the definition in turn, or hold it.
    for unknown in
        [json!(["[variables('late')]"]), json!("[variables('late')]"), json!(["a-nested-deployment"])]
    {
        let document = template(&[v2(), of_document(Some(unknown))], json!({ "variables": { "late": "x" } }));
        assert_eq!(places(rule, &document), [""; 0]);
    }
    let role = json!({
        "type": "Microsoft.Authorization/locks", "apiVersion": "2020-05-01", "name": "lock",
        "properties": { "level": "CanNotDelete" }, "dependsOn": [ID]
    });
    let by_way = json!(["[resourceId('Microsoft.Authorization/locks', 'lock')]"]);
    assert_eq!(places(rule, &template(&[v2(), role, of_document(Some(by_way))], json!({}))), [""; 0]);
    // A definition under a condition may be there already; one of another document is.
    let mut conditional = v2();
    conditional["condition"] = json!("[parameters('first')]");
    let parameters = json!({ "parameters": { "first": { "type": "bool" } } });
    assert_eq!(places(rule, &template(&[conditional, of_document(None)], parameters)), [""; 0]);
    assert_eq!(places(rule, &template(&[of_document(None)], json!({}))), [""; 0]);
    // What is asked of a resource is a dependency as well.
    let mut asks = of_document(None);
    asks["properties"]["distribute"][0]["artifactTags"] =
        json!({ "os": format!("[reference({}, '2023-07-03').osType]", &ID[1..ID.len() - 1]) });
    assert_eq!(places(rule, &template(&[v2(), asks], json!({}))), [""; 0]);
}

#[test]
fn definitions_state_what_a_changed_default_would_decide() {
    let rule = "defaulted-definition";
    let of = |version: &str, properties: Value| {
        places(rule, &template(&[definition(version, properties), of_document(Some(json!([ID])))], json!({})))
    };
    let feature = |value: &str| json!([{ "name": "SecurityType", "value": value }]);
    let at = ["\"g/d\""];
    for version in ["2025-03-03", "2025-12-03"] {
        assert_eq!(of(version, json!({})), at);
        assert_eq!(of(version, json!({ "hyperVGeneration": "V2" })), at);
        assert_eq!(of(version, json!({ "features": feature("Standard") })), at);
        assert_eq!(
            of(version, json!({ "hyperVGeneration": "V2", "features": feature("Standard") })),
            [""; 0]
        );
    }
    assert_eq!(of("2025-03-03", json!({ "hyperVGeneration": "V1" })), [""; 0]);
    assert_eq!(of("2024-03-03", json!({})), [""; 0]);
    let parameters = json!({ "parameters": { "f": { "type": "array" } } });
    let computed =
        definition("2025-03-03", json!({ "hyperVGeneration": "V2", "features": "[parameters('f')]" }));
    assert_eq!(places(rule, &template(&[computed, of_document(Some(json!([ID])))], parameters)), [""; 0]);
}

/// Two images of one program, with what each says of its versions.
fn two_images(first: &str, second: &str) -> Vec<&'static str> {
    let image = |name: &str, target: &str| {
        format!(
            "image {name} {{\n location = \"westeurope\"\n identity = builder\n source = marketplace.ubuntu_24_04\n \
             customize {{ shell = \"echo {name}\" }}\n distribute {{ {target} }}\n}}\n"
        )
    };
    let text = format!(
        "import std/marketplace\nexisting identity builder {{ name = \"id-builder\" }}\nexisting gallery g {{\n \
         definition web {{ os = linux }}\n definition shop {{ os = linux }}\n}}\n{}{}",
        image("a", first),
        image("b", second)
    );
    run(&[("main.aib", text.as_str())]).codes().iter().map(|(code, _)| *code).collect()
}

#[test]
fn definitions_are_filled_by_one_image() {
    let regions = "regions = [\"westeurope\"]";
    let web = |more: &str| format!("gallery g.web {{ {regions}, {more} }}");
    let plain = format!("gallery g.web {{ {regions} }}");
    assert_eq!(two_images(&plain, &plain), ["AIB639"]);
    assert_eq!(two_images(&plain, &web("versioning = latest")), ["AIB639"]);
    assert_eq!(
        two_images(&web("versioning = latest(major = 1)"), &web("versioning = latest(major = 1)")),
        ["AIB639"]
    );
    for (first, second) in [
        (plain.clone(), format!("gallery g.shop {{ {regions} }}")),
        (web("versioning = latest(major = 1)"), web("versioning = latest(major = 2)")),
        (web("versioning = source"), web("versioning = source")),
        (plain.clone(), web("exclude_from_latest = true")),
        (plain.clone(), web("version = \"1.0.0\"")),
    ] {
        assert_eq!(two_images(&first, &second), [""; 0], "{first} {second}");
    }
    // One image may fill a definition twice: its targets are told apart otherwise.
    let both = format!(
        "gallery g.web {{ {regions}, output = \"a\" }}\n gallery g.web {{ {regions}, output = \"b\" }}"
    );
    assert_eq!(two_images(&both, &format!("gallery g.shop {{ {regions} }}")), [""; 0]);
}

#[test]
fn definitions_are_in_the_region_of_the_template() {
    let rule = "definition-in-other-region";
    let of = |home: &str, own: &str| {
        let (mut definition, mut image) = (v2(), of_document(Some(json!([ID]))));
        definition["location"] = json!(home);
        image["location"] = json!(own);
        image["properties"]["distribute"][0]["targetRegions"] = json!([{ "name": home }]);
        let parameters = json!({ "parameters": { "region": { "type": "string" } } });
        places(rule, &template(&[definition, image], parameters))
    };
    assert_eq!(of("northeurope", "westeurope"), [format!("\"{ID}\"")]);
    for (home, own) in [
        ("westeurope", "westeurope"),
        ("West Europe", "westeurope"),
        ("[parameters('region')]", "westeurope"),
        ("northeurope", "[parameters('region')]"),
        ("northeurope", "<region>"),
        ("mars", "westeurope"),
        // The service does not run there.
        ("brazilsoutheast", "brazilsouth"),
    ] {
        assert_eq!(of(home, own), [""; 0], "{home} {own}");
    }
}

#[test]
fn what_is_declared_is_used() {
    let rule = "unused-name";
    let of = |parts: Value, text: &str| {
        let mut image = image();
        image["tags"] = json!({ "a": text });
        places(rule, &template(&[image], parts))
    };
    let both = || json!({ "parameters": { "p": { "type": "string" } }, "variables": { "v": "x" } });
    assert_eq!(of(both(), "x"), ["\"p\"", "\"v\""]);
    assert_eq!(of(both(), "[parameters('p')]"), ["\"v\""]);
    assert_eq!(of(both(), "[VARIABLES('V')]"), ["\"p\""]);
    assert_eq!(of(both(), "[[parameters('p')]"), ["\"p\"", "\"v\""]);
    for used in [
        "[concat(parameters('p'), variables('v'))]",
        "[if(equals(parameters('p'), 'a'), variables('v'), 'b')]",
        "[deployment().name]",
        "[concat(parameters('p'), variables(concat('v', parameters('p'))))]",
        "[concat(parameters('<name>'), variables('<name>'))]",
        // A slip is one mistake.
        "[concat(parameters('q'), variables('w'))]",
        // It is refused; what it names nobody knows.
        "[concat(parameters('p', variables('v'))]",
    ] {
        assert_eq!(of(both(), used), [""; 0], "{used}");
    }
    // Names in keys, in other declarations, in outputs, in loops and in nested deployments.
    let more = |key: &str, value: Value| {
        let mut parts = both();
        parts[key] = value;
        of(parts, "[variables('v')]")
    };
    let output = json!({ "o": { "type": "string", "value": "[parameters('p')]" } });
    assert_eq!(more("outputs", output), [""; 0]);
    assert_eq!(more("variables", json!({ "v": { "[parameters('p')]": 1 } })), [""; 0]);
    let copy = json!({ "v": "x", "copy": [{ "name": "l", "count": 2, "input": "[parameters('p')]" }] });
    assert_eq!(more("variables", copy), ["\"l\""]);
    let nested = json!({
        "type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "n",
        "properties": {
            "mode": "Incremental", "parameters": { "q": { "value": "[parameters('p')]" } },
            "templateLink": { "uri": "https://example.com/1/t.json" }
        }
    });
    let parameters = json!({ "parameters": { "p": { "type": "string" } } });
    assert_eq!(places(rule, &template(&[nested, image()], parameters)), [""; 0]);
}

#[test]
fn the_old_schema_is_told_to_those_who_ask() {
    let of = |schema: &str| {
        let mut document = template(&[image()], json!({}));
        document["$schema"] = json!(schema);
        places("old-schema", &document)
    };
    for old in [
        "http://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json#",
        "https://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json",
    ] {
        assert_eq!(of(old), [format!("\"{old}\"")]);
    }
    for new in [
        "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#",
        "<schema>",
    ] {
        assert_eq!(of(new), [""; 0]);
    }
}
