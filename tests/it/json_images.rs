//! Image templates in JSON, one mistake at a time: what is computed is looked at as if it stood there.

use serde_json::{Value, json};

use super::check_json::check;

/// A correct image template.
pub(crate) fn image() -> Value {
    let group = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers";
    json!({
        "type": "Microsoft.VirtualMachineImages/imageTemplates",
        "apiVersion": "2024-02-01",
        "name": "it-web",
        "location": "westeurope",
        "identity": {
            "type": "UserAssigned",
            "userAssignedIdentities": { format!("{group}/Microsoft.ManagedIdentity/userAssignedIdentities/id"): {} }
        },
        "properties": {
            "buildTimeoutInMinutes": 120,
            "vmProfile": { "vmSize": "Standard_D4s_v5" },
            "source": {
                "type": "PlatformImage", "publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "latest"
            },
            "customize": [{ "type": "Shell", "name": "a", "inline": ["echo hi"] }],
            "distribute": [{
                "type": "SharedImage",
                "galleryImageId": format!("{group}/Microsoft.Compute/galleries/g/images/d"),
                "runOutputName": "web",
                "targetRegions": [{ "name": "westeurope" }]
            }]
        }
    })
}

/// An image template with another value at a place.
pub(crate) fn with(pointer: &str, value: Value) -> Value {
    let mut image = image();
    let (outer, key) = pointer.rsplit_once('/').unwrap();
    match image.pointer_mut(outer).unwrap() {
        Value::Object(object) => drop(object.insert(key.to_owned(), value)),
        other => *other.get_mut(key.parse::<usize>().unwrap()).unwrap() = value,
    }
    image
}

/// A template of resources, with other parts.
pub(crate) fn template(resources: &[Value], parts: Value) -> Value {
    let mut all = json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
    });
    all.as_object_mut().unwrap().extend(parts.as_object().unwrap().clone());
    all["resources"] = json!(resources);
    all
}

/// What is found: codes, and the text at the place.
pub(crate) fn said(document: &Value) -> Vec<String> {
    let checked = check("x.json", &document.to_string()).expect("no image template was found");
    checked.holds_its_places();
    checked.found.iter().map(|d| format!("{} {}", d.code.id, checked.at(d))).collect()
}

fn said_of(pointer: &str, value: Value, parts: Value) -> Vec<String> {
    said(&template(&[with(pointer, value)], parts))
}

#[test]
fn a_type_says_what_it_is_even_if_all_else_is_missing() {
    for properties in [None, Some(Value::Null)] {
        let mut image = image();
        match properties {
            Some(value) => image["properties"] = value,
            None => drop(image.as_object_mut().unwrap().remove("properties")),
        }
        let place = "AIB302 \"it-web\"";
        assert_eq!(said(&image), [place]);
        assert_eq!(said(&template(&[image], json!({}))), [place]);
    }
    assert_eq!(said(&with("/properties", json!([]))), ["AIB307 []"]);
}

#[test]
fn computed_numbers_have_the_bounds_of_written_ones() {
    let expr = json!("[mul(1000, 2)]");
    let bad = ["AIB308 \"[mul(1000, 2)]\""];
    assert_eq!(said_of("/properties/buildTimeoutInMinutes", expr.clone(), json!({})), bad);
    let variables = json!({ "variables": { "x": expr } });
    assert_eq!(said_of("/properties/buildTimeoutInMinutes", json!("[variables('x')]"), variables), bad);
    let expr = json!("[sub(1, 2)]");
    assert_eq!(said_of("/properties/vmProfile/osDiskSizeGB", expr, json!({})), ["AIB308 \"[sub(1, 2)]\""]);
    let replicas = "/properties/distribute/0/targetRegions/0/replicaCount";
    assert_eq!(said_of(replicas, json!("[int('0')]"), json!({})), ["AIB308 \"[int('0')]\""]);
    assert_eq!(said_of(replicas, json!("[int('2')]"), json!({})), [""; 0]);
}

#[test]
fn computed_lists_and_objects_are_read() {
    let step = json!({ "type": "PowerShell", "inline": ["x"] });
    let variables = json!({ "variables": {
        "a": [step],
        "b": [{ "type": "Shell", "inline": [] }],
        "ab": [{ "type": "Shell", "inline": "x" }],
        "o": { "name": "o" },
        "q": step,
    } });
    let windows = "AIB401 \"PowerShell\"";
    for (value, expected) in [
        ("[concat(variables('a'), variables('b'))]", [windows, "AIB302 []"].as_slice()),
        ("[createArray(union(variables('o'), variables('q')))]", &[windows]),
        ("[createArray(variables('q'), variables('o'))]", &["AIB302 {", windows]),
        ("[if(true(), variables('a'), variables('b'))]", &[windows]),
        ("[variables(concat('a', 'b'))]", &["AIB307 \"x\""]),
        ("[variables('nope')]", &["AIB111 'nope'"]),
        ("[concat(variables('a'), parameters('more'))]", &["AIB111 'more'"]),
    ] {
        assert_eq!(said_of("/properties/customize", json!(value), variables.clone()), expected, "{value}");
    }
    let ty = "[concat('Power', 'Shell')]";
    let expected = [format!("AIB401 \"{ty}\"")];
    assert_eq!(said_of("/properties/customize/0/type", json!(ty), json!({})), expected);
    let inline = "[createArray('sudo reboot', parameters('x'))]";
    let parameters = json!({ "parameters": { "x": { "type": "string" } } });
    let expected = [format!("AIB406 \"{inline}\"")];
    assert_eq!(said_of("/properties/customize/0/inline", json!(inline), parameters), expected);
}

#[test]
fn what_rests_on_itself_is_unknown() {
    for value in
        ["[concat(variables('a'), variables('a'))]", "[variables(variables('a'))]", "[variables('a')]"]
    {
        let variables = json!({ "variables": { "a": value } });
        let found = said_of("/properties/customize", json!("[variables('a')]"), variables);
        assert!(found.iter().all(|one| !one.starts_with("AIB3")), "{found:?}");
    }
    let mut variables = serde_json::Map::from_iter([("v0".to_owned(), json!([image()]))]);
    for n in 0..2000 {
        let text = format!("[concat(variables('v{n}'), variables('v{n}'))]");
        variables.insert(format!("v{}", n + 1), json!(text));
    }
    let customize = json!("[variables('v2000')]");
    said_of("/properties/customize", customize, json!({ "variables": variables }));
}

#[test]
fn findings_in_one_line_take_their_time_once() {
    let time = |n: usize| {
        let line = "curl x | sh; ".repeat(n);
        let mut files: Vec<Value> = (0..n / 20)
            .map(|i| json!({ "type": "File", "sourceUri": format!("https://x.example/{i}"), "destination": "/tmp/x" }))
            .collect();
        files.push(json!({ "type": "Shell", "inline": [line] }));
        let text = with("/properties/customize", json!(files)).to_string();
        let started = std::time::Instant::now();
        let checked = check("x.json", &text).unwrap();
        aib::report::render(aib::report::Format::Short, &checked.found, &checked.map, &Default::default());
        started.elapsed().as_secs_f64()
    };
    // Linear is 8; quadratic would be 64.
    let (small, large) = (time(2000), time(16_000));
    assert!(large < small.max(0.02) * 30.0, "{small} {large}");
}
