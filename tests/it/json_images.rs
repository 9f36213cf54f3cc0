//! Image templates in JSON, one mistake at a time: what is computed is looked at as if it stood there.

use aib::diag::Severity;
use serde_json::{Value, json};

use super::check_json::check;
use super::cli::Place;

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
    }, "outputs": {
        // Each case uses only some of them.
        "all": { "type": "array", "value": "[createArray(variables('a'), variables('b'), variables('ab'), variables('o'), variables('q'))]" }
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

fn trigger(name: &str) -> Value {
    json!({
        "type": "Microsoft.VirtualMachineImages/imageTemplates/triggers",
        "apiVersion": "2024-02-01",
        "name": name,
        "properties": { "kind": "SourceImage" }
    })
}

/// A deployment within a deployment.
fn nested(resource: &Value, parameters: Value, given: Value) -> Value {
    json!({
        "type": "Microsoft.Resources/deployments",
        "apiVersion": "2022-09-01",
        "name": "inner",
        "properties": {
            "mode": "Incremental",
            "expressionEvaluationOptions": { "scope": "inner" },
            "parameters": given,
            "template": template(std::slice::from_ref(resource), json!({ "parameters": parameters }))
        }
    })
}

#[test]
fn outputs_variables_and_defaults_are_looked_at_too() {
    let of = |parts: Value| said(&template(&[image()], parts));
    let secret = json!({ "s": { "type": "secureString" }, "d": { "type": "string", "defaultValue": "[parameters('no')]" } });
    assert_eq!(
        of(json!({
            "parameters": secret,
            "variables": { "from": "[concat('x', parameters('s'))]", "idle": ["[parameters('gone')]"] },
            "outputs": {
                "o": { "type": "object", "value": { "in": "[variables('from')]" } },
                "p": { "type": "securestring", "value": "[parameters('s')]" },
                "q": { "type": "string", "value": "[variables('none')]" }
            }
        })),
        ["AIB111 'no'", "AIB111 'gone'", "AIB500 \"[variables('from')]\"", "AIB111 'none'"]
    );
    assert_eq!(
        of(json!({ "variables": {
            "a": "[variables('b')]", "b": { "x": "[variables('C')]" }, "c": "[variables('a')]", "d": "[variables('a')]"
        }, "outputs": { "o": { "type": "string", "value": "[variables('d')]" } } })),
        ["AIB107 \"[variables('a')]\""]
    );
}

#[test]
fn what_the_resource_manager_refuses_is_told() {
    let tagged = |text: &str| said(&template(&[with("/tags", json!({ "x": text }))], json!({})));
    for (text, code) in [
        ("[concatt('a', 'b')]", "AIB207"),
        ("[if(true)]", "AIB207"),
        ("[resourceId()]", "AIB202"),
        ("[if(true())]", "AIB202"),
        ("[parameters(1)]", "AIB202"),
        ("[resourceId('Microsoft.Compute/galleries/images', 'g')]", "AIB325"),
        ("[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'a', 'b')]", "AIB325"),
    ] {
        assert_eq!(tagged(text), [format!("{code} \"{text}\"")]);
    }
    for text in [
        "[contoso.unique('a')]",
        "[resourceId('group', 'Microsoft.Compute/galleries', 'g')]",
        "[resourceId('subscription', 'group', 'Microsoft.Compute/galleries/images', 'g', 'd')]",
        "[extensionResourceId(resourceGroup().id, 'Microsoft.Authorization/locks', 'l')]",
    ] {
        assert_eq!(tagged(text), [""; 0], "{text}");
    }
    let one = |resource: Value| said(&template(&[image(), resource], json!({})));
    assert_eq!(one(trigger("t")), ["AIB311 \"t\""]);
    assert_eq!(one(trigger("[concat(parameters('x'))]")), ["AIB111 'x'"]);
    let mut outer = image();
    outer["resources"] = json!([trigger("t")]);
    outer["resources"][0]["type"] = json!("triggers");
    assert_eq!(said(&template(&[outer], json!({}))), [""; 0]);
    let gallery = json!({ "[resourceId('Microsoft.Compute/galleries', 'g')]": {} });
    let of_gallery = with("/identity/userAssignedIdentities", gallery);
    assert_eq!(
        said(&template(&[of_gallery], json!({}))),
        ["AIB313 \"[resourceId('Microsoft.Compute/galleries', 'g')]\""]
    );
    let parameters = json!({ "a": { "type": "string" }, "b": { "type": "string", "defaultValue": "x" } });
    assert_eq!(
        said(&template(&[nested(&image(), parameters.clone(), json!({ "zz": { "value": 1 } }))], json!({}))),
        ["AIB302 \"parameters\"", "AIB111 \"zz\""]
    );
    let given = json!({ "A": { "value": "1" } });
    assert_eq!(said(&template(&[nested(&image(), parameters, given)], json!({}))), [""; 0]);
}

#[test]
fn names_and_versions_are_asked_for() {
    let mut nameless = image();
    nameless.as_object_mut().unwrap().remove("name");
    assert_eq!(said(&template(&[nameless.clone()], json!({}))), ["AIB302 {"]);
    assert_eq!(said(&nameless), [""; 0]);
    // Beside what else is missing.
    nameless.as_object_mut().unwrap().remove("identity");
    let ty = "\"Microsoft.VirtualMachineImages/imageTemplates\"";
    assert_eq!(said(&template(&[nameless], json!({}))), ["AIB302 {".to_owned(), format!("AIB302 {ty}")]);
    assert_eq!(said(&template(&[with("/apiVersion", json!(2024))], json!({}))), ["AIB307 2024"]);
}

#[test]
fn what_is_never_deployed_fails_nothing() {
    let mut off = with("/properties/zones", json!(1));
    assert_eq!(said(&template(&[off.clone()], json!({}))), ["AIB300 \"zones\""]);
    for condition in [json!(false), json!("[equals(1, 2)]")] {
        off["condition"] = condition;
        assert_eq!(said(&template(&[off.clone()], json!({}))), [""; 0]);
    }
}

#[test]
fn the_letter_case_of_a_resource_does_not_count() {
    let image = image();
    let mut other = serde_json::Map::new();
    for (key, value) in image.as_object().unwrap() {
        other.insert(format!("{}{}", key[..1].to_uppercase(), &key[1..]), value.clone());
    }
    assert_eq!(said(&template(&[Value::Object(other.clone())], json!({}))), [""; 0]);
}

#[test]
fn what_is_unknown_is_told_where_it_can_be_meant() {
    let mut step = with("/properties/customize/0/destination", json!("/tmp/x"));
    let checked = check("x.json", &step.to_string()).unwrap();
    let [found] = checked.found.as_slice() else { panic!("{:?}", checked.found) };
    assert!(!found.help.as_ref().unwrap().contains("it belongs at"), "{found:?}");
    step = with("/properties/vmSize", json!("Standard_D2s_v5"));
    let checked = check("x.json", &step.to_string()).unwrap();
    assert!(checked.found[0].help.as_ref().unwrap().contains("`properties.vmProfile.vmSize`"));
}

#[test]
fn values_are_given_to_parameters_that_there_are() {
    let parameters = json!({ "parameters": { "x": { "type": "string", "defaultValue": "a" } } });
    let place = Place::with(&[("web.json", &template(&[image()], parameters).to_string())]);
    place.run(&["check", "web.json", "--set", "X=1"]).code(0);
    place.run(&["check", "web.json", "--set", "zz=3"]).code(1).tells("there is no parameter `zz` (--set)");
    // In a folder it may be meant for another file.
    place.run(&["check", ".", "--set", "zz=3"]).code(0);
}

#[test]
fn json_is_known_by_its_first_character() {
    let place = Place::with(&[("other.json", "{}")]);
    let text = format!("// made by hand\n{}", with("/properties/zones", json!(1)));
    place.run_with(&["check", "-"], &[], &text).code(1).tells("`properties` has no member `zones`");
    place.run_with(&["check", "-"], &[], "let a = 1\n").code(0);
    place.run(&["check", "other.json", "-v", "--format", "short"]).code(0).tells("skipped other.json");
}

#[test]
fn bytes_that_are_no_text_are_told_where_they_stand() {
    let place = Place::with(&[]);
    place.write("latin.json", b"{\n \"a\": \"\xe9\" }");
    let found = place.run(&["check", "latin.json", "--format", "short"]).code(1);
    assert!(found.out.starts_with("latin.json:2:8: error[AIB800]"), "{}", found.out);
}

#[test]
fn a_version_in_an_id_excludes_a_scheme() {
    let id = format!(
        "{}/versions/1.0.0",
        image()["properties"]["distribute"][0]["galleryImageId"].as_str().unwrap()
    );
    let mut target = with("/properties/distribute/0/galleryImageId", json!(id));
    target["properties"]["distribute"][0]["versioning"] = json!({ "scheme": "Latest" });
    let checked = check("x.json", &target.to_string()).unwrap();
    let titles: Vec<&str> = checked.found.iter().map(|d| d.title.as_str()).collect();
    assert!(titles.iter().any(|t| t.contains("a version in `galleryImageId`")), "{titles:?}");
}

#[test]
fn an_empty_id_is_none_where_one_is_needed() {
    assert_eq!(said(&with("/properties/distribute/0/galleryImageId", json!(""))), ["AIB312 \"\""]);
    assert_eq!(said(&with("/properties/stagingResourceGroup", json!(""))), [""; 0]);
    assert_eq!(said(&with("/properties/vmProfile", json!({ "vnetConfig": { "subnetId": "" } }))), [""; 0]);
}

#[test]
fn a_trigger_of_an_image_that_is_its_own_source_is_known_by_the_ids() {
    let definition = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/Microsoft.Compute/galleries/g/images";
    let source = |name: &str| {
        let mut image = with(
            "/properties/source",
            json!({ "type": "SharedImageVersion", "imageVersionId": format!("{definition}/{name}/versions/latest") }),
        );
        image["properties"]["distribute"][0]["galleryImageId"] = json!(format!("{definition}/d"));
        let trigger = json!({
            "type": "Microsoft.VirtualMachineImages/imageTemplates/triggers", "apiVersion": "2024-02-01",
            "name": "it-web/source", "properties": { "kind": "SourceImage" }
        });
        said(&template(&[image, trigger], json!({})))
    };
    assert_eq!(source("D"), ["AIB625 \"it-web/source\""]);
    assert_eq!(source("base"), [""; 0]);
}

/// The image at another version, with something in it.
fn at(version: &str, pointer: &str, value: Value) -> Value {
    let mut image = with(pointer, value);
    image["apiVersion"] = json!(version);
    let properties = image["properties"].as_object_mut().unwrap();
    if !pointer.contains("vmProfile") {
        properties.remove("vmProfile");
    }
    if !pointer.contains("targetRegions") {
        let target = properties["distribute"][0].as_object_mut().unwrap();
        target.remove("targetRegions");
        target.insert("replicationRegions".into(), json!(["westeurope"]));
    }
    image
}

/// The codes that are found of a template of one image, with how bad they are; not those of rules.
fn told(image: &Value) -> Vec<String> {
    let checked = check("x.json", &template(std::slice::from_ref(image), json!({})).to_string()).unwrap();
    let told = checked.found.iter().filter(|d| d.code.id < "AIB320");
    told.map(|d| format!("{} {:?}", d.code.id, d.severity)).collect()
}

#[test]
fn templates_of_previews_keep_the_names_that_they_had() {
    let disk = json!({ "vmSize": "Standard_D2_v2", "osDiskSizeGB": 30 });
    let vnet = json!({ "vnetConfig": { "name": "v", "subnetName": "s", "resourceGroupName": "rg" } });
    let update = json!([{ "type": "WindowsUpdate", "searchCriteria": "IsInstalled=0" }]);
    let windows = json!({ "type": "ManagedImage", "imageId": "<id>" });
    let tags = "/properties/distribute/0/tags";
    let preview = "2019-05-01-preview";
    let mut updated = at(preview, "/properties/customize", update);
    updated["properties"]["source"] = windows;
    for (image, expected) in [
        (at(preview, "/properties/vmProfile", disk), &["AIB319 Warning"][..]),
        (at(preview, "/properties/vmProfile", vnet.clone()), &["AIB319 Warning"]),
        (updated, &["AIB319 Warning"]),
        (at("2019-02-01-preview", tags, json!({})), &["AIB319 Error"]),
        (at("[parameters('version')]", tags, json!({})), &[]),
        // Later versions have them no more.
        (at(preview, tags, json!({})), &["AIB319 Warning", "AIB300 Error"]),
        (at("2020-02-14", "/properties/vmProfile", vnet), &["AIB300 Error", "AIB300 Error", "AIB300 Error"]),
    ] {
        assert_eq!(told(&image), expected, "{image}");
    }
    let mut iso =
        at(preview, "/properties/source", json!({ "type": "ISO", "sourceURI": "https://x.example/a" }));
    iso["properties"]["source"]["sha256Checksum"] = json!("a".repeat(64));
    assert!(told(&iso).contains(&"AIB300 Warning".to_owned()), "{:?}", told(&iso));
}

#[test]
fn the_version_in_a_body_binds_no_request() {
    let body = at("2020-02-14", "/properties/distribute/0/targetRegions", json!([{ "name": "westeurope" }]));
    let not_in_version = |text: &str| {
        let checked = check("x.json", text).unwrap();
        let found = checked.found.iter().find(|d| d.code.id == "AIB303").unwrap();
        (found.severity, found.notes.join(" "))
    };
    let (severity, note) = not_in_version(&body.to_string());
    assert_eq!(severity, aib::diag::Severity::Warning);
    assert!(note.contains("binds nothing"), "{note}");
    let (severity, note) = not_in_version(&template(&[body], json!({})).to_string());
    assert_eq!((severity, note.as_str()), (aib::diag::Severity::Error, ""));
}

#[test]
fn an_example_of_the_api_says_its_version_beside_the_body() {
    let mut body = with("/properties/errorHandling", json!({ "onCustomizerError": "cleanup" }));
    let members = body.as_object_mut().unwrap();
    members.remove("type");
    members.remove("apiVersion");
    let example = |version: &str| json!({ "parameters": { "api-version": version, "parameters": body } });
    assert_eq!(said(&example("2024-02-01")), [""; 0]);
    assert_eq!(said(&example("2022-07-01")), ["AIB303 \"errorHandling\""]);
    // Nobody has to say a version in a body.
    let checked = check("x.json", &body.to_string()).unwrap();
    let [found] = checked.found.as_slice() else { panic!("{:?}", checked.found) };
    assert_eq!((found.code.id, found.severity), ("AIB302", aib::diag::Severity::Info));
}

#[test]
fn nothing_is_offered_that_the_version_does_not_have() {
    let help = |image: &Value| {
        let checked = check("x.json", &template(std::slice::from_ref(image), json!({})).to_string()).unwrap();
        let found = checked.found.iter().find(|d| ["AIB300", "AIB302"].contains(&d.code.id)).unwrap();
        found.help.clone().unwrap()
    };
    let proxy = json!({ "proxyVmSize": "Standard_A1_v2" });
    let text = help(&at("2020-02-14", "/properties/vmProfile", proxy.clone()));
    assert!(text.starts_with("from API version 2021-10-01 on it belongs at"), "{text}");
    let text = help(&at("2022-07-01", "/properties/vmProfile", proxy));
    assert_eq!(text, "it belongs at `properties.vmProfile.vnetConfig.proxyVmSize`");
    assert_eq!(help(&at("2020-02-14", "/properties/tags", json!({}))), "it belongs at `tags`");
    let text = help(&at("2020-02-14", "/properties/source", json!({})));
    assert!(!text.contains("ISO") && text.contains("PlatformImage"), "{text}");
    let text = help(&with("/properties/properties", json!({ "stagingResourceGroup": "" })));
    assert_eq!(text, "take what is in it out of it, into the `properties` around it");
}

#[test]
fn an_empty_address_is_told_where_it_is_needed() {
    let step = |step: Value| said(&with("/properties/customize/0", step));
    assert_eq!(step(json!({ "type": "Shell", "name": "a", "scriptUri": "" })), ["AIB302 \"\""]);
    let file = json!({ "type": "File", "name": "a", "sourceUri": "", "destination": "/tmp/x" });
    assert_eq!(step(file), ["AIB302 \"\""]);
}

#[test]
fn one_slip_of_a_list_is_one_finding() {
    let codes = json!(["0", "1", "3010"]);
    let step = json!({ "type": "PowerShell", "name": "a", "inline": ["exit 0"], "validExitCodes": codes });
    let mut image = with("/properties/customize/0", step);
    image["properties"]["source"] = json!({ "type": "ManagedImage", "imageId": "<id>" });
    let checked = check("x.json", &image.to_string()).unwrap();
    let found: Vec<_> = checked.found.iter().filter(|d| d.code.id == "AIB307").collect();
    let [one] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((checked.at(one), one.fixes[0].edits.len()), ("\"0\"", 3));
    checked.mends_stay_json();
}

#[test]
fn a_member_of_another_kind_of_target_is_one_mistake() {
    let target = with("/properties/distribute/0/type", json!("ManagedImage"));
    let checked = check("x.json", &target.to_string()).unwrap();
    let found: Vec<_> = checked.found.iter().map(|d| (d.code.id, checked.at(d))).collect();
    assert_eq!(found, [("AIB300", "\"galleryImageId\"")]);
    let mut old = at("2020-02-14", "/properties/distribute/0/type", json!("ManagedImage"));
    old["properties"]["distribute"][0].as_object_mut().unwrap().remove("replicationRegions");
    assert_eq!(told(&old), ["AIB300 Error"]);
    let help = checked.found[0].help.as_ref().unwrap();
    assert!(help.contains("`\"type\": \"SharedImage\"`"), "{help}");
}

#[test]
fn rows_speak_of_json_only() {
    let mut target = image();
    target["properties"]["distribute"][0].as_object_mut().unwrap().remove("runOutputName");
    let checked = check("x.json", &target.to_string()).unwrap();
    let notes: Vec<&String> = checked.found.iter().flat_map(|d| &d.notes).collect();
    assert!(!notes.is_empty() && notes.iter().all(|note| !note.contains("aib")), "{notes:?}");
}

#[test]
fn the_type_of_a_target_is_compared_in_all_versions() {
    let severity = |version: &str, pointer: &str, word: &str| {
        let mut image = with(pointer, json!(word));
        image["apiVersion"] = json!(version);
        let checked = check("x.json", &image.to_string()).unwrap();
        let mut cased = checked.found.iter().filter(|d| d.title.contains(" is spelled "));
        cased.next().map(|d| d.severity)
    };
    let (target, step) = ("/properties/distribute/0/type", "/properties/customize/0/type");
    for version in ["2020-02-14", "2022-07-01", "2023-07-01", "2024-02-01"] {
        assert_eq!(severity(version, target, "sharedImage"), Some(Severity::Error), "{version}");
        assert_eq!(severity(version, target, "SharedImage"), None, "{version}");
    }
    assert_eq!(severity("2019-05-01-preview", target, "sharedImage"), Some(Severity::Warning));
    // Of steps nobody has told.
    assert_eq!(severity("2023-07-01", step, "shell"), Some(Severity::Warning));
    assert_eq!(severity("2024-02-01", step, "shell"), Some(Severity::Error));
}

/// What the previews of 2019 had and need not have.
#[test]
fn previews_are_held_to_what_they_had() {
    let preview = |source: Value| {
        let mut image = with("/properties/source", source);
        image["apiVersion"] = json!("2019-05-01-preview");
        image.as_object_mut().unwrap().remove("identity");
        image["properties"]["distribute"] = json!([{ "type": "VHD", "runOutputName": "a" }]);
        let mut found = said(&image);
        found.retain(|text| !text.starts_with("AIB319") && !text.starts_with("AIB634"));
        found
    };
    let sum = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";
    let iso = |sum: &str| json!({ "type": "ISO", "sourceUri": "https://example.com/1/rhel.iso", "sha256Checksum": sum });
    assert_eq!(preview(iso(sum)), [""; 0]);
    assert_eq!(preview(iso("no")), ["AIB310 \"no\""]);
    assert_eq!(preview(json!({ "type": "ISO", "sha256Checksum": sum })), ["AIB302 \"ISO\""]);
    let mut old = with("/properties/source", iso(sum));
    old["apiVersion"] = json!("2020-02-14");
    assert!(said(&old).contains(&"AIB303 \"ISO\"".to_owned()), "{:?}", said(&old));
}

#[test]
fn secrets_are_followed_member_by_member() {
    let parts = || {
        json!({
            "parameters": { "s": { "type": "securestring" } },
            "variables": {
                "v": { "open": "a", "key": "[parameters('s')]", "deep": { "key": "[parameters('s')]", "open": "b" } },
                "copy": [{ "name": "l", "count": 1, "input": "[parameters('s')]" }]
            }
        })
    };
    let trail = |tag: &str| {
        let mut parts = parts();
        parts["outputs"] = json!({ "all": { "type": "secureObject", "value": "[createObject('v', variables('v'), 'l', variables('l'))]" } });
        let mut image = image();
        image["tags"] = json!({ "t": tag });
        let checked = check("x.json", &template(&[image], parts).to_string()).unwrap();
        let found: Vec<_> = checked
            .found
            .iter()
            .map(|d| {
                assert_eq!(d.code.id, "AIB500", "{tag}: {}", d.title);
                d.labels.iter().skip(1).map(|l| l.message.clone()).collect::<Vec<_>>().join("; ")
            })
            .collect();
        found.join(" | ")
    };
    let whole = "1. the parameter `s` is secret; 2. `key` holds it; 3. `v` is made from it";
    assert_eq!(trail("[variables('v').key]"), whole);
    assert_eq!(trail("[VARIABLES('v')['KEY']]"), whole);
    assert_eq!(trail("[concat('a', variables('v').open, variables('v').key)]"), whole);
    for open in ["[variables('v').open]", "[variables('v')['open']]", "[concat(variables('v').open, 'x')]"] {
        assert_eq!(trail(open), "", "{open}");
    }
    // Where nobody knows which member it is, it may be that one.
    assert_ne!(trail("[string(variables('v'))]"), "");
    assert_ne!(trail("[variables('v').deep.key]"), "");
}
