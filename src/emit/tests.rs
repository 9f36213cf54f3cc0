//! What programs become.

use serde_json::Value;

use super::Options;
use super::{Artifact, Emit, EmitError, Fault, emit, locations};
use crate::arm::Deployment;
use crate::base::SourceMap;
use crate::plan::fixture::Fixture;

/// The whole example: parameters, a gallery with a definition, an image with a target, an output.
fn web() -> Fixture {
    let mut f = Fixture::default();
    f.param("location", "string", r#""[resourceGroup().location]""#);
    f.param("env", "string", r#""dev""#).allowed = vec!["dev".into(), "prod".into()];
    f.param("unused", "string", "");
    f.resource("identity", "builder", r#"{"$name": "id-aib", "$existing": true, "$group": "rg-platform"}"#);
    f.resource("vault", "secrets", r#"{"$name": "kv-build", "$existing": true}"#);
    f.resource(
        "storage_account",
        "assets",
        r#"{"$name": "contoso", "$existing": true, "$group": "rg-platform"}"#,
    );
    f.resource(
        "subnet",
        "net",
        r#"{"$name": "vnet/build", "$existing": true, "$group": "rg-net", "$subscription": "s-2"}"#,
    );
    f.resource(
        "gallery",
        "prod",
        r#"{"$name": "contoso_images", "location": "[parameters('location')]", "properties": {}}"#,
    );
    f.resource(
        "definition",
        "web",
        r#"{"$parent": "@prod", "location": "[parameters('location')]", "properties": {"osType": "Linux"}}"#,
    );
    f.resource(
        "image",
        "img",
        r#"{
          "$name": "web",
          "location": "[parameters('location')]",
          "tags": {"[[x]": "[[y]", "env": "[parameters('env')]"},
          "identity": {"type": "UserAssigned", "userAssignedIdentities": {"@builder": {}}},
          "properties": {
            "vmProfile": {"vnetConfig": {"subnetId": "@net"}, "userAssignedIdentities": ["@builder"]},
            "source": {"type": "PlatformImage", "offer": "o"},
            "customize": [
              {"type": "File", "sourceUri": "@assets=https://contoso.blob.core.windows.net/aib/nginx.conf"},
              {"type": "Shell", "inline": ["[[ -f /x ]", "[ -f /x ] && y"], "secrets": {"TOKEN": "@secrets=acr-token"}}
            ],
            "distribute": [{"type": "SharedImage", "galleryImageId": "@web", "runOutputName": "o"}, {"type": "VHD"}]
          }
        }"#,
    );
    f.output("image_id", r#""@img""#);
    f
}

fn files(f: &Fixture, kind: Emit) -> Vec<Artifact> {
    emit(&[kind], &f.program, &SourceMap::default(), "web", &Options::default()).unwrap()
}

fn read(artifact: &Artifact) -> Value {
    serde_json::from_str(&artifact.text).unwrap()
}

#[test]
fn the_template_of_the_example() {
    let files = files(&web(), Emit::Arm);
    assert_eq!(files.iter().map(|file| &*file.name).collect::<Vec<_>>(), ["web.json", "web.roles.json"]);
    insta::assert_snapshot!("template", files[0].text);
    insta::assert_snapshot!("roles", files[1].text);
}

#[test]
fn the_roles_of_the_example_one_by_one() {
    let files = files(&web(), Emit::Roles);
    let names: Vec<_> = files.iter().map(|file| &*file.name).collect();
    assert_eq!(names, ["web.id-aib-virtual-network-vnet.role.json", "web.id-aib-own-group.role.json"]);
    insta::assert_snapshot!("role", files[1].text);
}

#[test]
fn the_parameters_file() {
    let mut f = Fixture::default();
    f.param("given", "string", r#""[[x]""#);
    f.param("computed", "string", r#""[resourceGroup().location]""#);
    f.param("needed", "int", "").range = (Some(3), None);
    f.param("choice", "string", "").allowed = vec!["dev".into()];
    f.param("token", "string", "").secret = true;
    f.param("unused", "string", "");
    f.output("o", r#""[format('{0}{1}{2}{3}{4}', parameters('given'), parameters('computed'), parameters('needed'), parameters('choice'), parameters('token'))]""#);
    let files = files(&f, Emit::Params);
    assert_eq!(
        read(&files[0])["parameters"].to_string(),
        r#"{"given":{"value":"[x]"},"needed":{"value":3},"choice":{"value":"dev"},"token":{"reference":{"keyVault":{"id":"/subscriptions/<subscription-id>/resourceGroups/<resource-group>/providers/Microsoft.KeyVault/vaults/<vault>"},"secretName":"token"}}}"#
    );
}

#[test]
fn shared_values_become_variables_where_they_are_used_twice() {
    let mut f = Fixture::default();
    f.param("a", "string", "");
    f.shared("twice", "toLower(parameters('a'))");
    f.shared("once", "concat(variables('twice'), 'x')");
    f.shared("asks", "reference('r').x");
    f.shared("inner", "toUpper(parameters('a'))");
    f.shared("outer", "concat(variables('inner'), variables('inner'))");
    f.output(
        "o1",
        r#""[concat(variables('twice'), variables('once'), variables('asks'), variables('asks'))]""#,
    );
    f.output("o2", r#""[concat(variables('outer'), variables('outer'))]""#);
    let template = read(&files(&f, Emit::Arm)[0]);
    assert_eq!(
        template["variables"].to_string(),
        r#"{"twice":"[toLower(parameters('a'))]","inner":"[toUpper(parameters('a'))]","outer":"[concat(variables('inner'), variables('inner'))]"}"#
    );
    assert_eq!(
        template["outputs"]["o1"]["value"],
        "[concat(variables('twice'), concat(variables('twice'), 'x'), reference('r').x, reference('r').x)]"
    );
}

#[test]
fn a_content_hash_is_known_where_nothing_is_deferred() {
    let body = |text: &str, tag: &str| {
        let mut f = Fixture::default();
        let json = format!(
            r#"{{"$name": "[format('it-{{0}}', aib.contentHash(0))]", "location": "westeurope", "tags": {{"t": "{tag}"}}, "properties": {{"x": "{text}"}}}}"#
        );
        f.resource("image", "web", &json);
        f.resource("trigger", "t", r#"{"$parent": "@web", "properties": {}}"#);
        f.output("id", r#""@web""#);
        read(&files(&f, Emit::Arm)[0])
    };
    let (one, two, other) = (body("a", "1"), body("a", "2"), body("b", "1"));
    let name = one["resources"][0]["name"].as_str().unwrap();
    assert!(name.len() == 11 && name.starts_with("it-"), "{name}");
    assert_eq!(one["resources"][0]["name"], two["resources"][0]["name"], "tags do not count");
    assert_ne!(one["resources"][0]["name"], other["resources"][0]["name"]);
    assert_eq!(one["resources"][1]["name"], format!("{name}/t"));
    let id = format!("[resourceId('Microsoft.VirtualMachineImages/imageTemplates', '{name}')]");
    assert_eq!(one["resources"][1]["dependsOn"][0], id);
    assert_eq!(one["outputs"]["id"]["value"], id);
}

#[test]
fn a_content_hash_counts_what_parameters_are_given() {
    let mut f = Fixture::default();
    f.param("n", "int", "");
    f.param("s", "string", "");
    f.resource(
        "image",
        "web",
        r#"{"$name": "[format('it-{0}', aib.contentHash(0))]", "tags": {"s": "[parameters('s')]"}, "properties": {"x": "[parameters('n')]"}}"#,
    );
    let template = read(&files(&f, Emit::Arm)[0]);
    let name = template["resources"][0]["name"].as_str().unwrap();
    assert!(name.ends_with("', uniqueString(string(parameters('n')))))]"), "{name}");
    assert_eq!(template["parameters"].as_object().unwrap().len(), 2);
}

#[test]
fn content_hashes_are_told_apart_by_the_names_they_are_in() {
    let mut f = Fixture::default();
    for name in ["a", "b"] {
        let json = format!(
            r#"{{"$name": "[format('{name}-{{0}}', aib.contentHash())]", "properties": {{"x": "{name}"}}}}"#
        );
        f.resource("image", name, &json);
    }
    f.output("b", r#""[toUpper(format('b-{0}', aib.contentHash()))]""#);
    let template = read(&files(&f, Emit::Arm)[0]);
    let name = template["resources"][1]["name"].as_str().unwrap();
    assert_eq!(template["outputs"]["b"]["value"], name.to_uppercase());
    f.output("both", r#""[aib.contentHash()]""#);
    let faults =
        emit(&[Emit::Arm], &f.program, &SourceMap::default(), "web", &Options::default()).unwrap_err();
    assert_eq!(faults.len(), 1, "{faults:?}");
}

#[test]
fn a_raw_body_is_never_escaped() {
    let mut f = Fixture::default();
    f.resource("identity", "builder", r#"{"$name": "id", "$existing": true}"#);
    f.resource(
        "image",
        "web[dev]",
        r#"{"location": "westeurope", "identity": {"type": "UserAssigned", "userAssignedIdentities": {"@builder": {}}}, "properties": {"customize": [{"inline": ["[[x]"], "n": 1.25}]}}"#,
    );
    let options = Options {
        deployment: Deployment { subscription: Some("s".into()), resource_group: Some("rg".into()) },
        ..Options::default()
    };
    let files = emit(&[Emit::Image], &f.program, &SourceMap::default(), "web", &options).unwrap();
    assert_eq!(files[0].name, "web.web-dev.image.json");
    assert_eq!(
        read(&files[0]).to_string(),
        r#"{"type":"Microsoft.VirtualMachineImages/imageTemplates","apiVersion":"2024-02-01","name":"web[dev]","location":"westeurope","identity":{"type":"UserAssigned","userAssignedIdentities":{"/subscriptions/s/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id":{}}},"properties":{"customize":[{"inline":["[x]"],"n":1.25}]}}"#
    );
}

#[test]
fn a_raw_body_says_what_it_does_not_know() {
    let faults: Vec<EmitError> =
        emit(&[Emit::Image], &web().program, &SourceMap::default(), "web", &Options::default()).unwrap_err();
    let told: Vec<_> = faults.iter().map(|fault| (&*fault.title, &*fault.help)).collect();
    assert_eq!(
        told,
        [
            (
                "the raw body of image `img` needs the value of `location`",
                "give it with `--set location=…` or `--params FILE`"
            ),
            (
                "the raw body of image `img` needs the value of `env`",
                "give it with `--set env=…` or `--params FILE`"
            ),
            (
                "the raw body of image `img` needs values that only the deployment has",
                "write the values themselves (`location`, `id` of what exists), or emit `arm`"
            ),
        ]
    );
}

#[test]
fn every_pointer_is_in_the_template() {
    let f = web();
    let template = read(&files(&f, Emit::Arm)[0]);
    let all = locations(&f.program);
    assert!(all.len() > 30);
    for location in &all {
        assert!(template.pointer(&location.pointer).is_some(), "{}", location.pointer);
    }
}

#[test]
fn resources_stand_after_what_they_wait_for() {
    let mut f = Fixture::default();
    f.resource("A.B/c", "a", "{}");
    f.resource(
        "A.B/c",
        "b",
        r#"{"properties": {"to": "@a", "in": "[concat(resourceId('A.B/c', 'a'), 'x')]"}}"#,
    );
    f.resource("A.B/c", "c", r#"{"$after": "@b"}"#);
    f.resource("A.B/c", "e", r#"{"$existing": true, "$parent": "@c"}"#);
    f.resource("A.B/c", "d", r#"{"x": "@e", "dependsOn": ["own"], "$when": "[parameters('p')]"}"#);
    f.resource("A.B/c", "f", "{}");
    let template = read(&files(&f, Emit::Arm)[0]);
    let names: Vec<_> =
        template["resources"].as_array().unwrap().iter().map(|r| r["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["a", "b", "c", "d", "f"]);
    assert_eq!(template["resources"][3]["dependsOn"].to_string(), r#"["[resourceId('A.B/c', 'c')]","own"]"#);
    assert_eq!(template["resources"][3]["condition"], "[parameters('p')]");
}

#[test]
fn resources_that_wait_for_one_another_are_refused() {
    let mut f = Fixture::default();
    f.resource("A.B/c", "a", "{}");
    f.resource("A.B/c", "b", r#"{"x": "@a"}"#);
    f.resource("A.B/c", "c", r#"{"x": "@b"}"#);
    f.resource("A.B/c", "d", r#"{"x": "@a"}"#);
    f.program.resources[0].depends_on.push(crate::check::ResourceId(2));
    let errors =
        emit(&[Emit::Arm], &f.program, &SourceMap::default(), "web", &Options::default()).unwrap_err();
    let titles: Vec<&str> = errors.iter().map(|error| error.title.as_str()).collect();
    assert_eq!(titles, ["resources wait for one another: `a` → `c` → `b` → `a`"]);
    assert_eq!((errors[0].fault, errors[0].causes.len()), (Fault::Ring, 2));
}

#[test]
fn an_image_waits_for_the_image_that_it_is_built_from() {
    let mut f = Fixture::default();
    f.resource("gallery", "g", "{}");
    for name in ["a", "b", "c", "d"] {
        f.resource("definition", name, r#"{"$parent": "@g"}"#);
    }
    let mut image = |name: &str, source: &str, target: &str| {
        let json = format!(
            r#"{{"properties": {{"source": {{"imageVersionId": "@{source}"}}, "distribute": [{{"galleryImageId": "@{target}"}}]}}}}"#
        );
        f.resource("image", name, &json);
    };
    image("late", "a", "b");
    image("early", "a", "a");
    image("ring1", "c", "d");
    image("ring2", "d", "c");
    let template = read(&files(&f, Emit::Arm)[0]);
    let resources = template["resources"].as_array().unwrap();
    let names: Vec<_> =
        resources.iter().filter_map(|r| r["name"].as_str()).filter(|name| !name.starts_with('g')).collect();
    assert_eq!(names, ["early", "late", "ring1", "ring2"]);
    let late = resources.iter().find(|r| r["name"] == "late").unwrap();
    assert_eq!(late["dependsOn"].as_array().unwrap().len(), 3);
}

#[test]
fn a_thousand_resources_take_no_time() {
    let mut f = Fixture::default();
    f.param("x", "string", "");
    f.shared("big", &format!("concat({})", vec!["parameters('x')"; 1000].join(", ")));
    f.resource("gallery", "g", "{}");
    for n in 0..1000 {
        f.resource(
            "definition",
            &format!("d{n}"),
            r#"{"$parent": "@g", "properties": {"t": "[variables('big')]"}}"#,
        );
    }
    let start = std::time::Instant::now();
    let text = files(&f, Emit::Arm).remove(0).text;
    assert!(text.matches("[variables('big')]").count() == 1000);
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
}
