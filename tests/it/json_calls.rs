//! Calls of functions in templates in JSON: in places that Azure evaluates early, and of what gives secrets.

use serde_json::{Value, json};

use super::json_images::{image, said, template, with};

const LIST: &str =
    "listKeys(resourceId('Microsoft.Storage/storageAccounts', 's'), '2022-09-01').keys[0].value";

fn of(resource: Value, parts: Value) -> Vec<String> {
    let mut found = said(&template(&[resource], parts));
    // That nothing uses a variable is not what this is about.
    found.retain(|line| !line.starts_with("AIB822"));
    found
}

/// A template in another one.
fn nested(given: Value, param: &str, inner: Value) -> Value {
    let template = template(&[inner], json!({ "parameters": { "p": { "type": param } } }));
    json!({
        "type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "inner",
        "properties": {
            "mode": "Incremental", "expressionEvaluationOptions": { "scope": "inner" },
            "parameters": { "p": given }, "template": template
        }
    })
}

#[test]
fn what_is_known_late_stands_where_azure_looks_late() {
    let time = "[concat('it-', utcNow())]";
    assert_eq!(of(with("/name", json!(time)), json!({})), [format!("AIB324 \"{time}\"")]);
    for (pointer, value) in [
        ("/name", "[reference('x').a]"),
        ("/location", "[reference('x').location]"),
        ("/condition", "[equals(reference('x').a, 1)]"),
        ("/properties/distribute/0/runOutputName", "[concat('r', utcNow('yyyyMMdd'))]"),
        ("/tags", "[createObject('a', newGuid())]"),
    ] {
        assert_eq!(of(with(pointer, json!(value)), json!({})), [format!("AIB324 \"{value}\"")], "{pointer}");
    }
    let value = |call: &str| json!({ "type": "string", "value": call });
    let default = |call: &str| json!({ "parameters": { "p": { "type": "string", "defaultValue": call } } });
    assert_eq!(of(image(), json!({ "variables": { "v": "[utcNow()]" } })), ["AIB324 \"[utcNow()]\""]);
    assert_eq!(of(image(), json!({ "outputs": { "o": value("[newGuid()]") } })), ["AIB324 \"[newGuid()]\""]);
    assert_eq!(of(image(), default("[reference('x').a]")), ["AIB324 \"[reference('x').a]\""]);
    // Each in its place.
    let none: [&str; 0] = [];
    assert_eq!(of(with("/name", json!("[parameters('p')]")), default("[concat('it-', utcNow())]")), none);
    assert_eq!(of(with("/tags", json!({ "a": "[reference('x').a]" })), json!({})), none);
    assert_eq!(of(image(), json!({ "outputs": { "o": value("[reference('x').a]") } })), none);
    // What a nested deployment gives is not the template's own.
    let inner = with("/name", json!("[parameters('p')]"));
    assert_eq!(of(nested(json!({ "value": "[reference('x').a]" }), "string", inner), json!({})), none);
}

#[test]
fn calls_of_outputs_are_judged() {
    let output = |call: &str, more: Value| {
        let mut output = json!({ "type": "int", "value": call });
        output.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        of(image(), json!({ "outputs": { "o": output } }))
    };
    assert_eq!(output("[int('5x')]", json!({})), ["AIB325 \"[int('5x')]\""]);
    let none: [&str; 0] = [];
    assert_eq!(output("[int('5')]", json!({})), none);
    assert_eq!(output("[int('5x')]", json!({ "condition": "[equals(1, 2)]" })), none);
}

#[test]
fn keys_that_a_template_reads_are_secret() {
    let inline = "/properties/customize/0/inline/0";
    let call = format!("[concat('KEY=', {LIST})]");
    assert_eq!(of(with(inline, json!(call)), json!({})), [format!("AIB500 \"{call}\"")]);
    let variables =
        json!({ "variables": { "sas": format!("[{}]", LIST.replace("listKeys", "LISTSERVICESAS")) } });
    let used = "[concat('x ', variables('sas'))]";
    assert_eq!(of(with(inline, json!(used)), variables), [format!("AIB500 \"{used}\"")]);
    let output = |ty: &str| json!({ "outputs": { "o": { "type": ty, "value": format!("[{LIST}]") } } });
    assert_eq!(of(image(), output("string")), [format!("AIB500 \"[{LIST}]\"")]);
    let none: [&str; 0] = [];
    assert_eq!(of(image(), output("securestring")), none);
    // Other lists may be read by anyone; other resources keep what they are given.
    let status = format!("[concat('x ', {})]", LIST.replace("listKeys", "listSyncFunctionTriggerStatus"));
    assert_eq!(of(with(inline, json!(status)), json!({})), none);
    let site = json!({
        "type": "Microsoft.Web/sites", "apiVersion": "2022-09-01", "name": "s", "location": "westeurope",
        "properties": { "siteConfig": { "appSettings": [{ "name": "k", "value": format!("[{LIST}]") }] } }
    });
    assert_eq!(said(&template(&[image(), site], json!({}))), none);
}

#[test]
fn a_secret_of_a_vault_stays_one_in_a_nested_deployment() {
    let inner = with("/properties/customize/0/inline/0", json!("[concat('x ', parameters('p'))]"));
    let vault = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/r/providers/Microsoft.KeyVault/vaults/v";
    let fetched = json!({ "reference": { "keyVault": { "id": vault }, "secretName": "s" } });
    assert_eq!(
        of(nested(fetched, "string", inner.clone()), json!({})),
        ["AIB500 \"[concat('x ', parameters('p'))]\""]
    );
    let none: [&str; 0] = [];
    assert_eq!(of(nested(json!({ "value": "plain" }), "string", inner), json!({})), none);
}

/// Ids that name another group, or one that only a parameter names, are not those of this document's resources.
#[test]
fn ids_of_other_groups_name_other_resources() {
    let gold = json!({
        "type": "Microsoft.Compute/images", "apiVersion": "2023-03-01", "name": "gold",
        "location": "northeurope", "properties": { "hyperVGeneration": "V2" }
    });
    let of_source = |id: &str| {
        let image = with("/properties/source", json!({ "type": "ManagedImage", "imageId": id }));
        let mut found =
            said(&template(&[gold.clone(), image], json!({ "parameters": { "rg": { "type": "string" } } })));
        found.retain(|line| line.starts_with("AIB640"));
        found.len()
    };
    assert_eq!(of_source("[resourceId('Microsoft.Compute/images', 'gold')]"), 1);
    assert_eq!(of_source("[resourceId(resourceGroup().name, 'Microsoft.Compute/images', 'gold')]"), 1);
    assert_eq!(of_source("[concat(resourceGroup().id, '/providers/Microsoft.Compute/images/gold')]"), 1);
    for id in [
        "[resourceId('other', 'Microsoft.Compute/images', 'gold')]",
        "[resourceId(parameters('rg'), 'Microsoft.Compute/images', 'gold')]",
        "[resourceId('s', resourceGroup().name, 'Microsoft.Compute/images', 'gold')]",
        "/subscriptions/s/resourceGroups/other/providers/Microsoft.Compute/images/gold",
    ] {
        assert_eq!(of_source(id), 0, "{id}");
    }
}

/// The name of a key is no key.
#[test]
fn names_of_keys_are_no_secrets() {
    let call = "listKeys(resourceId('Microsoft.Storage/storageAccounts', 's'), '2022-09-01').keys[0]";
    let tag = |member: &str| of(with("/tags", json!({ "a": format!("[{call}.{member}]") })), json!({}));
    assert_eq!(tag("keyName"), [""; 0]);
    assert_eq!(tag("value").len(), 1);
}

/// What stands beside a secret is none, and neither is whether there is one.
#[test]
fn what_only_stands_beside_a_secret_is_none() {
    let parts = json!({
        "parameters": { "p": { "type": "securestring" } },
        "variables": { "v": ["me", "[parameters('p')]"] }
    });
    let tag = |call: &str| {
        let mut found = of(with("/tags", json!({ "a": call })), parts.clone());
        found.retain(|line| line.starts_with("AIB500"));
        found.len()
    };
    for sound in [
        "[concat('x ', variables('v')[0])]",
        "[createObject('u', 'me', 'p', parameters('p')).u]",
        "[if(empty(parameters('p')), 'public', 'private')]",
        "[if(equals(parameters('p'), ''), 'public', 'private')]",
    ] {
        assert_eq!(tag(sound), 0, "{sound}");
    }
    for leak in [
        "[variables('v')[1]]",
        "[createObject('u', 'me', 'p', parameters('p')).p]",
        "[string(createObject('p', parameters('p')))]",
        "[if(empty(parameters('p')), 'public', parameters('p'))]",
        "[concat(variables('v')[0], parameters('p'))]",
    ] {
        assert_eq!(tag(leak), 1, "{leak}");
    }
}
