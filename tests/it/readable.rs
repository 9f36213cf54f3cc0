//! What comes out of `decompile` reads as a person would have written it.

use aib::base::FileId;
use aib::decompile::{Decompiled, Options, Placeholders, decompile};
use aib::json;

fn of(stem: &str, text: &str) -> Decompiled {
    let document = json::read(FileId(0), text).unwrap();
    decompile(FileId(0), &document, &Options { stem: stem.into(), ..Options::default() }).unwrap()
}

fn template(parts: &str) -> String {
    format!(
        r#"{{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
"contentVersion": "1.0.0.0", {parts}}}"#
    )
}

fn image(members: &str, target: &str) -> String {
    format!(
        r#"{{"type": "Microsoft.VirtualMachineImages/imageTemplates", "apiVersion": "2024-02-01", {members}
"location": "westeurope", "properties": {{
"source": {{"type": "PlatformImage", "publisher": "p", "offer": "o", "sku": "s", "version": "latest"}},
"distribute": [{{"type": "SharedImage", "galleryImageId": "{target}", "runOutputName": "out", "replicationRegions": []}}]}}}}"#
    )
}

fn definition(group: &str, gallery: &str, name: &str) -> String {
    format!(
        "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/{group}/providers/Microsoft.Compute/galleries/{gallery}/images/{name}"
    )
}

/// The line that declares the first image.
fn declared(source: &str) -> &str {
    source.lines().find(|line| line.starts_with("image ")).unwrap()
}

#[test]
fn images_are_called_after_what_tells_most() {
    let parameter = |default: &str| {
        let target = "[parameters('target')]";
        let image = image("\"name\": \"[parameters('imageTemplateName')]\",", target);
        template(&format!(
            r#""parameters": {{"imageTemplateName": {{"type": "string"{default}}}, "target": {{"type": "string"}}}},
"resources": [{image}]"#
        ))
    };
    let named = |name: &str| {
        template(&format!("\"resources\": [{}]", image(&format!("\"name\": \"{name}\","), "<id>")))
    };
    let body = |target: &str| image("", &definition("rg", "contoso", target));
    for (stem, text, line) in [
        // Its own name, the text in it, or the default of the parameter that it is.
        ("web", named("it-nginx"), "image it_nginx {"),
        ("web", named("[concat('it-nginx-', uniqueString(resourceGroup().id))]"), "image it_nginx {"),
        ("web", parameter(", \"defaultValue\": \"Win2019_Baseline\""), "image win2019_baseline {"),
        // What it becomes, unless every image may be called so; then the file, unless every file may be called so.
        ("web", body("nginx"), "image nginx {"),
        ("web", body("GoldenImage"), "image web {"),
        ("azuredeploy", body("GoldenImage"), "image golden_image {"),
        ("goldenWeb", parameter(""), "image golden_web {"),
        ("azuredeploy", parameter(""), "image image_template {"),
    ] {
        assert_eq!(declared(&of(stem, &text).text), line, "{stem} {text}");
    }
}

#[test]
fn resources_are_called_after_the_text_in_their_names() {
    let text = template(
        r#""parameters": {"prefix": {"type": "string"}, "time": {"type": "string"}}, "resources": [
{"type": "Microsoft.Resources/deployments", "apiVersion": "2024-03-01", "name": "[concat(parameters('prefix'), 'NETWORK')]"},
{"type": "Microsoft.Resources/deployments", "apiVersion": "2024-03-01", "name": "[format('Compute-Gallery-{0}', parameters('time'))]"},
{"type": "Microsoft.Resources/deployments", "apiVersion": "2024-03-01", "name": "[format('ID-{0}', parameters('time'))]"}]"#,
    );
    let source = of("x", &text).text;
    let names: Vec<&str> =
        source.lines().filter(|l| l.starts_with("resource ")).filter_map(|l| l.split(' ').nth(2)).collect();
    assert_eq!(names, ["network", "compute_gallery", "deployment"]);
}

#[test]
fn places_that_repeat_are_said_once() {
    let one = |at: usize| {
        image(&format!("\"name\": \"image-{at}\","), &definition("rg", &format!("gallery{at}"), "web"))
    };
    let of_images = |count: usize| {
        let images: Vec<String> = (1..=count).map(one).collect();
        of("x", &format!("[{}]", images.join(","))).text
    };
    let source = of_images(3);
    assert!(source.starts_with("let subscription = \"11111111-2222-3333-4444-555555555555\"\n"), "{source}");
    assert_eq!(source.matches("  subscription = subscription\n").count(), 3, "{source}");
    // A short text is not worth a name.
    assert_eq!(source.matches("  resource_group = \"rg\"\n").count(), 3, "{source}");
    assert!(!of_images(2).contains("let subscription"));
}

/// A long line that would be full of escapes is a block; what is said within an identity stands above it.
#[test]
fn lines_and_identities_are_plain() {
    let text = template(
        r#""resources": [{"type": "Microsoft.VirtualMachineImages/imageTemplates", "apiVersion": "2024-02-01", "name": "web",
"location": "westeurope",
"identity": {"type": "UserAssigned", "userAssignedIdentities": {
  // of the platform team
  "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-build')]": {}
  // "[parameters('other')]": {}
}},
"properties": {"source": {"type": "ManagedImage", "imageId": "<id>"},
"customize": [
{"type": "PowerShell", "name": "long", "inline": ["(Get-Content -Path C:\\a.ps1 -Raw) -replace 'a b','c d' | Set-Content C:\\a.ps1"], "runElevated": true},
{"type": "PowerShell", "name": "short", "inline": ["Set-Content 'C:\\a' x"]}],
"distribute": [{"type": "VHD", "runOutputName": "vhd"}]}}]"#,
    );
    let done = of("x", &text);
    insta::assert_snapshot!(done.text, @r#"
    existing identity id_build { name = "id-build" }

    image web {
      location = "westeurope"
      // of the platform team
      // "[parameters('other')]": {}
      identity = id_build
      source = managed_image("<id>")

      customize {
        powershell "long" = '''
          (Get-Content -Path C:\a.ps1 -Raw) -replace 'a b','c d' | Set-Content C:\a.ps1
        ''' { elevated = true }

        powershell "short" = "Set-Content 'C:\\a' x"
      }

      distribute {
        vhd { output = "vhd" }
      }
    }
    "#);
    assert!(done.findings.is_empty(), "{:?}", done.findings);
}

/// What may be given is text, placeholders and all; a default is one where it is among it, and else told with the reason.
#[test]
fn defaults_are_held_to_what_is_allowed() {
    let text = template(
        r#""parameters": {
"one": {"type": "string", "defaultValue": "<region>", "allowedValues": ["<region>", "<other>"]},
"none": {"type": "string", "defaultValue": "<region>", "allowedValues": ["westeurope", "northeurope"]},
"real": {"type": "string", "defaultValue": "westeurope", "allowedValues": ["<region>"]},
"kept": {"type": "int", "defaultValue": 1, "allowedValues": [1, 2]},
"azure": {"type": "string", "defaultValue": "[resourceGroup().location]", "allowedValues": ["westeurope", "<x>"]}
}, "resources": []"#,
    );
    let document = json::read(FileId(0), &text).unwrap();
    let with = |placeholders| {
        let options = Options { stem: "x".into(), placeholders };
        decompile(FileId(0), &document, &options).unwrap()
    };
    let literal = with(Placeholders::Literal);
    insta::assert_snapshot!(literal.text, @r#"
    param one: "<region>" | "<other>" = "<region>"
    param none: "westeurope" | "northeurope"
    param real: "<region>"
    param kept: int = 1
    param azure_ as "azure": "westeurope" | "<x>"

    template {
      parameters = {
        none = { defaultValue = "<region>" }
        real = { defaultValue = "westeurope" }
        kept = { allowedValues = [1, 2] }
        azure = { defaultValue = azure.resource_group.location }
      }
    }
    "#);
    let why: Vec<&str> = literal.findings.iter().filter_map(|d| Some(d.title.split_once(": ")?.1)).collect();
    assert_eq!(
        why,
        [
            "it is none of the allowed values",
            "it is none of the allowed values",
            "aib has no word for it",
            "only Azure knows whether it is one of the allowed values",
        ]
    );
    let filled = with(Placeholders::Param).text;
    let changed: Vec<&str> = filled.lines().filter(|line| !literal.text.contains(line)).collect();
    let param =
        ["/// Stands for `<region>`.", "param region: string", "    none = { defaultValue = region }"];
    assert_eq!(changed, param);
}

/// A file that is no template is called what it is, with what to do.
#[test]
fn other_files_are_called_what_they_are() {
    let why = |text: &str| {
        let document = json::read(FileId(0), text).unwrap();
        let d = decompile(FileId(0), &document, &Options::default()).unwrap_err();
        assert_eq!((d.code.id, d.help.is_some()), ("AIB810", true), "{text}");
        d.title.to_string()
    };
    for (text, part) in [
        (r#"{"parameters": {"a": {"value": 1}}}"#, "a parameters file"),
        (r#"{"location": "x", "properties": {"kind": "SourceImage"}}"#, "the body of a trigger"),
        (
            r#"{"Name": "x", "Actions": ["Microsoft.Compute/images/write"], "AssignableScopes": ["/"]}"#,
            "a role definition",
        ),
        (
            r#"{"properties": {"roleName": "x", "permissions": [], "assignableScopes": []}}"#,
            "a role definition",
        ),
        (r#"[{"type": "Shell", "inline": ["a"]}, {"type": "File"}]"#, "these are customizers"),
        (r#"{"type": "PowerShell", "inline": ["a"]}"#, "these are customizers"),
        (r#"[{"type": "VHD", "runOutputName": "a"}]"#, "these are targets"),
        (r#"{"osType": "Linux", "identifier": {}}"#, "properties of an image definition"),
        (r#"{"parameters": {"triggerName": "x"}, "responses": {"200": {}}}"#, "an example of a REST API"),
        (r#"{"name": "x", "version": "1.0.0", "dependencies": {}}"#, "a package.json"),
        (r#"{"builders": [], "provisioners": []}"#, "a template of Packer"),
        (r#"{"swagger": "2.0", "paths": {}}"#, "describes an API"),
        (r#"{"resources": []}"#, "neither `$schema` nor `contentVersion`"),
        (
            r#"{"type": "Microsoft.Compute/galleries", "properties": {}}"#,
            "the body of a `Microsoft.Compute/galleries`",
        ),
        ("{}", "nothing in this file"),
        ("[]", "nothing in this file"),
        ("[1]", "there is no template in this file"),
        (r#"{"some": "thing"}"#, "there is no template in this file"),
    ] {
        let title = why(text);
        assert!(title.contains(part), "{text}: {title}");
    }
}

/// Examples of the REST API and answers of it hold bodies.
#[test]
fn bodies_are_found_in_requests_and_answers() {
    let body = image("", &definition("rg", "contoso", "nginx"));
    let alone = of("x", &body).text;
    for (text, place) in [
        (
            format!(
                r#"{{"parameters": {{"api-version": "2024-02-01", "parameters": {body}}}, "responses": {{}}}}"#
            ),
            "only the request's body",
        ),
        (
            format!(r#"{{"parameters": {{"a": "b"}}, "responses": {{"200": {{"body": {body}}}}}}}"#),
            "only the answer's body",
        ),
        (format!(r#"{{"value": [{body}], "nextLink": "https://x"}}"#), "only `value`"),
    ] {
        let done = of("x", &text);
        assert_eq!(done.text, alone);
        let told = |d: &aib::diag::Diagnostic| d.code.id == "AIB812" && d.title.contains(place);
        assert!(done.findings.iter().any(told), "{text}: {:?}", done.findings);
    }
}

/// What Azure shows of a resource is more than what it takes.
#[test]
fn what_only_azure_sets_is_told_as_such() {
    let shown = r#"{"id": "/x", "type": "Microsoft.VirtualMachineImages/imageTemplates", "apiVersion": "2024-02-01",
"name": "web", "location": "westeurope", "properties": {"provisioningState": "Succeeded",
"source": {"type": "ManagedImage", "imageId": "<id>"}, "distribute": [{"type": "VHD", "runOutputName": "vhd"}]}}"#;
    let found = of("x", shown).findings;
    let titles: Vec<&str> = found.iter().map(|d| &*d.title).collect();
    let expected = [
        "`provisioningState` is kept as it is: only Azure sets it, and the service tells whether the template is ready",
        "`id` is kept as it is: only Azure sets it, and Azure makes the id from the name",
    ];
    assert_eq!(titles, expected);
}
