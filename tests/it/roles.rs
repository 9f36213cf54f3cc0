//! `aib roles`: which rights follow from what, for whom, and how roles that there are compare.

use std::collections::BTreeSet;

use aib::access::{Report, Role, Who, report};
use aib::analysis::{Input, Request, run};
use aib::arm::Deployment;
use aib::emit::Emit;
use aib::report::{Format, Settings, render};
use serde_json::Value;

use super::cli::Place;
use super::project::path;

/// A feature of a source, and the rights that the documentation says it takes: who, what, where.
struct Feature {
    /// The row of the documentation, for people.
    name: &'static str,
    /// Where it goes in the source, and its text there.
    parts: &'static [(Slot, &'static str)],
    /// What it takes.
    rights: &'static [(&'static str, &'static str, &'static str)],
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Slot {
    Source,
    Build,
    Steps,
    Targets,
}

const IMAGE_RIGHTS: [&str; 3] =
    ["Microsoft.Compute/images/delete", "Microsoft.Compute/images/read", "Microsoft.Compute/images/write"];

/// Where an image may come from; one of them is in each source.
static SOURCES: &[Feature] = &[
    Feature {
        name: "a platform image",
        parts: &[(Slot::Source, "source = marketplace.windows_server_2025")],
        rights: &[],
    },
    Feature {
        name: "a managed image",
        parts: &[(Slot::Source, "source = golden")],
        rights: &[("id-aib", "Microsoft.Compute/images/read", "managed image img-golden")],
    },
    Feature {
        name: "a version in a gallery",
        parts: &[(Slot::Source, "source = other.base.version(\"1.2.3\")")],
        rights: &[
            ("id-aib", "Microsoft.Compute/galleries/read", "gallery sig_other"),
            ("id-aib", "Microsoft.Compute/galleries/images/read", "gallery sig_other"),
            ("id-aib", "Microsoft.Compute/galleries/images/versions/read", "gallery sig_other"),
        ],
    },
];

/// What may be there besides; any of them, at most one for `build.subnet` and for the staging group.
static FEATURES: &[Feature] = &[
    Feature {
        name: "a managed image as target",
        parts: &[(Slot::Targets, "managed_image \"img-web\"")],
        rights: &[
            ("id-aib", IMAGE_RIGHTS[0], "the resource group of the deployment"),
            ("id-aib", IMAGE_RIGHTS[1], "the resource group of the deployment"),
            ("id-aib", IMAGE_RIGHTS[2], "the resource group of the deployment"),
        ],
    },
    Feature {
        name: "a gallery of another group and subscription as target",
        parts: &[(Slot::Targets, "gallery shared.web { regions = [\"uksouth\"] }")],
        rights: &[
            ("id-aib", "Microsoft.Compute/galleries/images/read", "resource group rg-galleries"),
            ("id-aib", "Microsoft.Compute/galleries/images/versions/read", "resource group rg-galleries"),
            ("id-aib", "Microsoft.Compute/galleries/images/versions/write", "resource group rg-galleries"),
            ("id-aib", "Microsoft.Compute/galleries/read", "resource group rg-galleries"),
            ("id-aib", IMAGE_RIGHTS[0], "resource group rg-galleries"),
            ("id-aib", IMAGE_RIGHTS[1], "resource group rg-galleries"),
            ("id-aib", IMAGE_RIGHTS[2], "resource group rg-galleries"),
        ],
    },
    Feature {
        name: "a VHD at its default place",
        parts: &[(Slot::Targets, "vhd { output = \"plain\" }")],
        rights: &[],
    },
    Feature {
        name: "a VHD at a place of one's own",
        parts: &[(Slot::Targets, "vhd { uri = disks.blob(\"vhds/web.vhd\") }")],
        rights: &[("id-aib", "Storage Blob Data Contributor", "container contosodisks/vhds")],
    },
    Feature {
        name: "a build subnet",
        parts: &[(Slot::Build, "subnet = vms\nproxy_vm_size = \"Standard_A2_v2\"")],
        rights: &[
            ("id-aib", "Microsoft.Network/virtualNetworks/read", "virtual network vnet-build"),
            ("id-aib", "Microsoft.Network/virtualNetworks/subnets/join/action", "virtual network vnet-build"),
        ],
    },
    Feature {
        name: "a build subnet and one for containers",
        parts: &[(Slot::Build, "subnet = vms\ncontainer_subnet = containers")],
        rights: &[
            ("id-aib", "Microsoft.Network/virtualNetworks/read", "virtual network vnet-build"),
            ("id-aib", "Microsoft.Network/virtualNetworks/subnets/join/action", "virtual network vnet-build"),
        ],
    },
    Feature {
        name: "a staging group that the service makes",
        parts: &[(Slot::Build, "staging_group = \"rg-new\"")],
        rights: &[],
    },
    Feature {
        name: "a staging group that there is",
        parts: &[(Slot::Build, "staging_group = existing(\"rg-staging\")")],
        rights: &[("id-aib", "Contributor", "resource group rg-staging")],
    },
    Feature {
        name: "an identity of the build VM",
        parts: &[(Slot::Build, "vm_identities = [vm]")],
        rights: &[("id-aib", "Managed Identity Operator", "identity id-vm")],
    },
    Feature {
        name: "a script in a storage account",
        parts: &[(
            Slot::Steps,
            "powershell \"s\" { script = assets.blob(\"scripts/a.ps1\")\nsha256 = \"76a096acac34d5a6e086d0de3e6e9b746136768bc4c6e54f6ffbcd52402c35df\" }",
        )],
        rights: &[("id-aib", "Storage Blob Data Reader", "container contosoassets/scripts")],
    },
    Feature {
        name: "a script that anybody may read",
        parts: &[(
            Slot::Steps,
            "powershell \"p\" { script = \"https://example.com/a.ps1\"\nsha256 = \"76a096acac34d5a6e086d0de3e6e9b746136768bc4c6e54f6ffbcd52402c35df\" }",
        )],
        rights: &[],
    },
    Feature {
        name: "a secret of a step",
        parts: &[
            (
                Slot::Steps,
                "powershell \"t\" = \"Write-Output done\" { secrets = { TOKEN = kv.secret(\"token\") } }",
            ),
            (Slot::Build, ""),
        ],
        rights: &[("id-vm", "Key Vault Secrets User", "secret kv-build/token")],
    },
];

const HEAD: &str = r#"import std/marketplace
existing identity builder { name = "id-aib" }
existing identity vm { name = "id-vm" }
existing managed_image golden { name = "img-golden"
resource_group = "rg-golden"
os = windows
generation = v2 }
existing gallery other { name = "sig_other"
resource_group = "rg-other"
location = "uksouth"
definition base { name = "base"
os = windows
generation = v2 } }
existing gallery shared { name = "sig_shared"
resource_group = "rg-galleries"
subscription = "11111111-2222-3333-4444-555555555555"
location = "uksouth"
definition web { name = "web"
os = windows
generation = v2 } }
existing subnet vms { vnet = "vnet-build"
name = "snet-vms"
resource_group = "rg-network" }
existing subnet containers { vnet = "vnet-build"
name = "snet-containers"
resource_group = "rg-network" }
existing storage_account assets { name = "contosoassets"
resource_group = "rg-assets" }
existing storage_account disks { name = "contosodisks"
resource_group = "rg-disks" }
existing vault kv { name = "kv-build"
resource_group = "rg-kv" }
"#;

fn source(features: &[&Feature]) -> String {
    let part = |slot: Slot| -> String {
        let parts = features.iter().flat_map(|feature| feature.parts).filter(|(at, _)| *at == slot);
        parts.map(|(_, text)| format!("{text}\n")).collect()
    };
    format!(
        "{HEAD}image web {{\nlocation = \"uksouth\"\nidentity = builder\n{}build {{\n{}}}\ncustomize {{\npowershell \"first\" = \"Write-Output one\"\n{}}}\ndistribute {{\n{}}}\n}}\n",
        part(Slot::Source),
        part(Slot::Build),
        part(Slot::Steps),
        part(Slot::Targets),
    )
}

fn report_of(place: &Place, text: &str, who: Who) -> Report {
    place.write("web.aib", text);
    let outcome = run(&Request {
        inputs: vec![Input::File(place.path("web.aib"))],
        emit: vec![Emit::Arm],
        programs: true,
        ..Request::default()
    });
    let program = outcome.entries[0].program.clone();
    let program = program.unwrap_or_else(|| {
        panic!(
            "{text}\n{}",
            render(Format::Short, &outcome.diagnostics, &outcome.sources, &Settings::default())
        )
    });
    report(&[&program], &outcome.sources, &Deployment::default(), who, false)
}

/// Who, what, where, of all rights of a report.
fn rights(report: &Report) -> BTreeSet<(String, String, String)> {
    let mut out = BTreeSet::new();
    for party in &report.parties {
        for right in &party.rights {
            let mut put = |what: &str| {
                let (who, scope) = (party.label().to_owned(), right.scope.clone());
                assert!(out.insert((who, what.to_owned(), scope)), "twice: {what}");
            };
            match &right.role {
                Role::BuiltIn { name, .. } => put(name),
                Role::Custom => right.blocks.iter().flat_map(|b| &b.actions).for_each(|action| put(action)),
            }
        }
    }
    out
}

/// Every row alone, and every combination of any two with each source and each other.
#[test]
fn every_documented_row_and_every_pair_of_them() {
    let place = Place::with(&[]);
    let (mut count, mut with_secret) = (0, 0);
    let conflicts = |a: &Feature, b: &Feature| {
        let of = |f: &Feature, word: &str| {
            f.parts.iter().any(|(slot, text)| *slot == Slot::Build && text.starts_with(word))
        };
        (of(a, "subnet") && of(b, "subnet")) || (of(a, "staging") && of(b, "staging"))
    };
    for from in SOURCES {
        for (at, one) in FEATURES.iter().enumerate() {
            for other in &FEATURES[at..] {
                if !std::ptr::eq(one, other) && conflicts(one, other) {
                    continue;
                }
                let mut features = vec![from, one];
                if !std::ptr::eq(one, other) {
                    features.push(other);
                }
                let has = |slot| features.iter().any(|f| f.parts.iter().any(|(at, _)| *at == slot));
                let plain = &FEATURES[2];
                if !has(Slot::Targets) {
                    features.push(plain);
                }
                // Secrets want an identity of the build VM.
                let identity = FEATURES.iter().find(|f| f.name.starts_with("an identity")).unwrap();
                let wants = features.iter().any(|f| f.name.starts_with("a secret"));
                if wants && !features.iter().any(|f| std::ptr::eq(*f, identity)) {
                    features.push(identity);
                    with_secret += 1;
                }
                let mut expected: BTreeSet<(String, String, String)> = features
                    .iter()
                    .flat_map(|f| f.rights)
                    .map(|(who, what, scope)| (who.to_string(), what.to_string(), scope.to_string()))
                    .collect();
                // Windows, an own subnet without one for containers, and a staging group that there is: the service itself
                // makes the proxy VM.
                let named = |start: &str| features.iter().any(|f| f.name == start);
                if named("a build subnet") && named("a staging group that there is") {
                    let who = "Azure Virtual Machine Image Builder".to_owned();
                    expected.insert((who, "Contributor".into(), "resource group rg-staging".into()));
                }
                let names: Vec<&str> = features.iter().map(|f| f.name).collect();
                let report = report_of(&place, &source(&features), Who::Identities);
                assert_eq!(rights(&report), expected, "{names:?}");
                assert!(report.open.is_empty(), "{names:?}");
                count += 1;
            }
        }
    }
    assert!(count > 150 && with_secret > 0, "{count}");
}

/// A place with the typical image of a gallery behind an own subnet.
fn typical() -> Place {
    let place = Place::with(&[]);
    let wanted = ["a gallery of another group and subscription as target", "a build subnet"];
    let features: Vec<&Feature> =
        FEATURES.iter().filter(|f| wanted.contains(&f.name)).chain([&SOURCES[0]]).collect();
    place.write("web.aib", source(&features));
    for name in ["aibRoleImageCreation.json", "aibRoleNetworking.json"] {
        place.write(name, std::fs::read(path(&format!("tests/data/roles/{name}"))).unwrap());
    }
    place
}

/// Microsoft's own role definitions are what is derived for the templates that they are meant for, up to order and names.
#[test]
fn the_official_roles_come_out() {
    let place = typical();
    let ran =
        place.run(&["roles", "web.aib", "--check", "aibRoleImageCreation.json", "aibRoleNetworking.json"]);
    assert_eq!(ran.code(0).quiet().out, "exactly what is needed\n");

    place.run(&["build", "web.aib", "--emit", "roles"]).code(0);
    let actions = |name: &str| -> BTreeSet<String> {
        let json: Value = serde_json::from_str(&place.read(name)).unwrap();
        let of = |key: &str| {
            json[key].as_array().unwrap().iter().map(|a| a.as_str().unwrap().to_owned()).collect()
        };
        assert!(json["NotActions"].as_array().unwrap().is_empty());
        of("Actions")
    };
    let made = ["resource-group-rg-galleries", "virtual-network-vnet-build"];
    for (made, official) in made.iter().zip(["aibRoleImageCreation.json", "aibRoleNetworking.json"]) {
        assert_eq!(actions(&format!("out/web.id-aib-{made}.role.json")), actions(official));
    }
}

#[test]
fn a_report_says_who_what_where_and_why() {
    let place = typical();
    insta::assert_snapshot!(
        "identities",
        place.run(&["roles", "web.aib", "--for", "identities"]).code(0).quiet().out
    );
    insta::assert_snapshot!(
        "caller",
        place.run(&["roles", "web.aib", "--for", "caller"]).code(0).quiet().out
    );
    insta::assert_snapshot!(
        "approver",
        place.run(&["roles", "web.aib", "--for", "approver"]).code(0).quiet().out
    );
    insta::assert_snapshot!(
        "markdown",
        place.run(&["roles", "web.aib", "--format", "markdown"]).code(0).quiet().out
    );
    let known = ["--subscription", "00000000-0000-0000-0000-000000000001", "--resource-group", "rg-images"];
    let args = [&["roles", "web.aib", "--json", "--for", "id-aib"][..], &known].concat();
    insta::assert_snapshot!("json", place.run(&args).code(0).quiet().out);
    let page = place.run(&["roles", "web.aib", "--format", "html"]).code(0).quiet().out;
    assert!(
        page.starts_with("<!doctype html>") && page.contains("<td>resource group rg-galleries</td>"),
        "{page}"
    );
}

#[test]
fn what_is_needed_twice_is_told_once() {
    let place = typical();
    let text = place.read("web.aib");
    place.write("api.aib", text.replace("image web", "image api").replace("snet-vms", "snet-apis"));
    let both = place.run(&["roles", "web.aib", "api.aib", "--for", "id-aib"]).code(0).quiet().out;
    assert_eq!(both.matches("Microsoft.Compute/galleries/images/versions/write").count(), 1, "{both}");
    assert!(both.contains("image `web`: gallery") && both.contains("image `api`: gallery"), "{both}");
    // The same words may name different things in two files.
    let named = |text: &str| {
        text.replace("name = \"sig_shared\"", "name = where")
            .replace("existing identity builder", "param where: string\nexisting identity builder")
            .replace("rg-galleries", "${where}")
    };
    place.write("web.aib", named(&text));
    place.write("api.aib", named(&text).replace("image web", "image api"));
    let both = place.run(&["roles", "web.aib", "api.aib", "--for", "id-aib"]).code(0).quiet().out;
    assert_eq!(both.matches("Microsoft.Compute/galleries/images/versions/write").count(), 2, "{both}");
}

#[test]
fn templates_in_json_are_told_of_too() {
    let place = typical();
    let source = place.run(&["roles", "web.aib", "--json", "--for", "identities"]).code(0).out;
    place.run(&["build", "web.aib"]).code(0);
    let template = place.run(&["roles", "out/web.json", "--json", "--for", "identities"]).code(0).quiet().out;
    let scopes = |text: &str| -> Vec<(Value, Value)> {
        let json: Value = serde_json::from_str(text).unwrap();
        let rights = json["principals"][0]["rights"].as_array().unwrap().clone();
        let of = |right: &Value| {
            (
                right["scope"].clone(),
                right["needs"].as_array().unwrap().iter().map(|n| n["actions"].clone()).collect(),
            )
        };
        rights.iter().map(of).collect()
    };
    assert_eq!(scopes(&source), scopes(&template));
}

/// Changes the official role and tells what is said of it.
fn checked(change: impl Fn(&mut Value)) -> (String, i32) {
    let place = typical();
    let mut role: Value = serde_json::from_str(&place.read("aibRoleImageCreation.json")).unwrap();
    change(&mut role);
    place.write("mine.json", role.to_string());
    let ran = place.run(&["roles", "web.aib", "--check", "mine.json", "aibRoleNetworking.json"]);
    let code = i32::from(!ran.out.ends_with("exactly what is needed\n"));
    (ran.code(code).quiet().out, code)
}

#[test]
fn roles_that_there_are_lack_something_or_hold_too_much() {
    let (text, _) = checked(|role| {
        let actions = role["Actions"].as_array_mut().unwrap();
        actions.retain(|action| action != "Microsoft.Compute/images/delete");
        actions.push("Microsoft.Compute/virtualMachines/write".into());
        role["DataActions"] =
            serde_json::json!(["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"]);
    });
    insta::assert_snapshot!("lacks_and_holds", text);
    let (text, _) = checked(|role| role["Actions"] = serde_json::json!(["Microsoft.Compute/*"]));
    insta::assert_snapshot!("a_wildcard", text);
    let (text, _) = checked(|role| {
        role["NotActions"] = serde_json::json!(["microsoft.compute/Images/*"]);
    });
    insta::assert_snapshot!("taken_out", text);
    // Letter case, and what is taken out again, make no difference.
    let (_, code) = checked(|role| {
        let upper = |a: &Value| Value::from(a.as_str().unwrap().to_uppercase());
        let mut actions: Vec<Value> = role["Actions"].as_array().unwrap().iter().map(upper).collect();
        actions.push("Microsoft.Compute/disks/write".into());
        role["Actions"] = actions.into();
        role["NotActions"] = serde_json::json!(["Microsoft.Compute/disks/*"]);
    });
    assert_eq!(code, 0);
}

/// The forms in which people keep roles.
#[test]
fn roles_are_read_in_every_form() {
    let place = typical();
    place.run(&["build", "web.aib", "--emit", "arm,roles"]).code(0);
    place.run(&["roles", "web.aib", "--check", "out/web.roles.json"]).code(0);
    let made = [
        "out/web.id-aib-resource-group-rg-galleries.role.json",
        "out/web.id-aib-virtual-network-vnet-build.role.json",
    ];
    place.run(&["roles", "web.aib", "--check", made[0], made[1]]).code(0);
    // As `az role definition list` prints them.
    let listed: Vec<Value> = ["aibRoleImageCreation.json", "aibRoleNetworking.json"]
        .iter()
        .map(|name| {
            let role: Value = serde_json::from_str(&place.read(name)).unwrap();
            serde_json::json!({
                "assignableScopes": role["AssignableScopes"], "id": "/subscriptions/x/providers/Microsoft.Authorization/roleDefinitions/y",
                "name": "y", "roleName": role["Name"], "roleType": "CustomRole", "type": "Microsoft.Authorization/roleDefinitions",
                "permissions": [{ "actions": role["Actions"], "notActions": [], "dataActions": [], "notDataActions": [] }],
            })
        })
        .collect();
    place.write("list.json", Value::from(listed).to_string());
    place.run(&["roles", "web.aib", "--check", "list.json"]).code(0);

    for (text, said) in [
        ("{}", "it holds no role definition"),
        ("{\"actions\": [1]}", "an element of `actions` is no text"),
        ("{\"permissions\": [{\"actions\": \"[parameters('a')]\"}]}", "which only Azure knows"),
        ("{\"actions\": \"*\"}", "`actions` is no list"),
        ("{", "no valid JSON"),
    ] {
        place.write("odd.json", text);
        place.run(&["roles", "web.aib", "--check", "odd.json"]).code(2).tells(said);
    }
    place.run(&["roles", "web.aib", "--check", "none.json"]).code(2).tells("none.json");
    place.run(&["roles", "web.aib", "--for", "nobody"]).code(2).tells("there is id-aib");
    place.write("broken.aib", "image web {");
    place.run(&["roles", "broken.aib"]).code(2).tells("no rights are told");
}

/// A role may be assigned in its scopes only, where both are known.
#[test]
fn scopes_of_roles_are_compared_where_they_are_known() {
    let place = typical();
    let gallery = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-galleries";
    let network = "/subscriptions/s/resourceGroups/rg-network";
    let known = ["--subscription", "s", "--resource-group", "rg-images"];
    let check = |scopes: &[&str]| {
        for name in ["aibRoleImageCreation.json", "aibRoleNetworking.json"] {
            let mut role: Value = serde_json::from_str(&place.read(name)).unwrap();
            role["AssignableScopes"] = scopes.iter().copied().map(Value::from).collect();
            place.write(name, role.to_string());
        }
        let files = ["--check", "aibRoleImageCreation.json", "aibRoleNetworking.json"];
        place.run(&[&["roles", "web.aib"][..], &known, &files].concat())
    };
    check(&[gallery, network]).code(0);
    check(&["/subscriptions/11111111-2222-3333-4444-555555555555", "/subscriptions/s"]).code(0);
    check(&["/subscriptions/<subscriptionID>/resourceGroups/<rgName>"]).code(0);
    let out = check(&[gallery, "/subscriptions/s/resourceGroups/rg-net"]).code(1).out;
    assert!(out.starts_with(&format!("missing none of the roles may be assigned at {network}")), "{out}");
}

/// The caller builds; it can grant nothing, and nothing that it has is a wildcard.
#[test]
fn the_caller_gets_a_role_of_its_own() {
    let place = typical();
    place.run(&["build", "web.aib", "--emit", "caller"]).code(0);
    let text = place.read("out/web.caller.json");
    assert!(
        !text.contains("*\"") && !text.contains("\"Microsoft.Authorization/roleAssignments/write"),
        "{text}"
    );
    insta::assert_snapshot!("caller_template", text);
    place.run(&["roles", "web.aib", "--for", "caller", "--check", "out/web.caller.json"]).code(0);
    let role: Value = serde_json::from_str(&place.read("out/web.caller-own-group.role.json")).unwrap();
    let actions = role["Actions"].as_array().unwrap();
    assert!(actions.contains(&"Microsoft.VirtualMachineImages/imageTemplates/run/action".into()));
}

const MADE: &str = r#"import std/marketplace

identity builder { location = "westeurope" }
identity build_vm { location = "westeurope" }

gallery shared {
  location = "westeurope"
  definition web {
    os = linux
    identifier = { publisher = "Contoso", offer = "web", sku = "1" }
  }
}

existing subnet vms {
  vnet = "vnet-build"
  name = "snet-vms"
  resource_group = "rg-network"
}

image web {
  location = "westeurope"
  identity = builder
  source = marketplace.ubuntu_24_04
  build { subnet = vms
    vm_identities = [build_vm] }
  customize { shell "first" = "sudo apt-get install -y nginx" }
  distribute { gallery shared.web { regions = ["westeurope"] } }
}
"#;

/// What each resource of a template waits for, one a line.
fn waits(template: &Value) -> String {
    let resources: Vec<(String, &Value)> = match &template["resources"] {
        Value::Object(named) => named.iter().map(|(symbol, r)| (format!("{symbol}: "), r)).collect(),
        list => list.as_array().unwrap().iter().map(|r| (String::new(), r)).collect(),
    };
    let mut out = String::new();
    for (symbol, resource) in resources {
        out += &format!(
            "{symbol}{} {}\n",
            resource["type"].as_str().unwrap(),
            resource["name"].as_str().unwrap()
        );
        for wait in resource["dependsOn"].as_array().into_iter().flatten() {
            out += &format!("  after {}\n", wait.as_str().unwrap());
        }
    }
    out
}

/// With `--together` an image template waits for its roles, and a role for what it is about: `reference` of an id with a
/// version makes nothing wait.
#[test]
fn roles_stand_in_the_template_if_asked() {
    let place = Place::with(&[("web.aib", MADE)]);
    place.run(&["build", "web.aib", "--emit", "arm,map", "--together"]).code(0);
    assert!(!place.path("out/web.roles.json").exists());
    let template: Value = serde_json::from_str(&place.read("out/web.json")).unwrap();
    insta::assert_snapshot!("together", waits(&template));
    place.run(&["locate", "out/web.json", "properties.customize[0].inline[0]"]).code(0);
    place.run(&["check", "out/web.json"]).code(0);
    // It holds the same roles as the one of their own.
    place.run(&["roles", "web.aib", "--check", "out/web.json"]).code(0);

    place.write("symbolic.aib", format!("{MADE}\ntemplate {{ languageVersion = \"2.0\" }}\nlet role1 = azure.resource_group.location\noutput a = role1\noutput b = role1\n"));
    place.run(&["build", "symbolic.aib", "--together"]).code(0);
    let template: Value = serde_json::from_str(&place.read("out/symbolic.json")).unwrap();
    insta::assert_snapshot!("together_symbolic", waits(&template));
    assert!(template["variables"]["role1_"].is_string(), "{template:#}");
}

/// Whoever deploys such a template grants the roles too.
#[test]
fn the_caller_of_a_template_with_roles_grants_them() {
    let place = Place::with(&[("web.aib", MADE)]);
    let alone = place.run(&["roles", "web.aib", "--for", "caller"]).code(0).out;
    assert!(!alone.contains("Microsoft.Authorization"), "{alone}");
    let both = place.run(&["roles", "web.aib", "--for", "caller", "--together"]).code(0).out;
    assert!(both.contains("Microsoft.Authorization/roleAssignments/write"), "{both}");
    place.run(&["build", "web.aib", "--emit", "caller", "--together"]).code(0);
    place
        .run(&["roles", "web.aib", "--for", "caller", "--together", "--check", "out/web.caller.json"])
        .code(0);
    let all = place.run(&["roles", "web.aib", "--together"]).code(0).out;
    assert!(!all.contains("approver"), "{all}");
}

#[test]
fn roles_that_no_template_can_hold_are_an_error() {
    let vaults: String =
        (0..801).map(|n| format!("existing vault kv{n} {{ name = \"kv-{n}\" }}\n")).collect();
    let secrets: Vec<String> = (0..801).map(|n| format!("S{n} = kv{n}.secret(\"s\")")).collect();
    let text = MADE
        .replace("image web {", &format!("{vaults}image web {{"))
        .replace("nginx\" }", &format!("nginx\" {{ secrets = {{ {} }} }} }}", secrets.join("\n")));
    let place = Place::with(&[("web.aib", &text)]);
    place.run(&["build", "web.aib"]).code(1).tells("resources, ARM takes 800").tells("nothing was written");
}

/// What a template lists as existing is named as it is written.
#[test]
fn existing_resources_of_symbolic_templates_keep_their_names() {
    let template = serde_json::json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "languageVersion": "2.0",
        "contentVersion": "1.0.0.0",
        "parameters": { "identityName": { "type": "string" } },
        "resources": {
            "builder": {
                "existing": true, "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
                "apiVersion": "2023-01-31", "name": "[parameters('identityName')]"
            },
            "web": {
                "type": "Microsoft.VirtualMachineImages/imageTemplates", "apiVersion": "2024-02-01", "name": "web",
                "location": "westeurope",
                "identity": { "type": "UserAssigned", "userAssignedIdentities": {
                    "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', parameters('identityName'))]": {}
                } },
                "properties": {
                    "source": { "type": "PlatformImage", "publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "latest" },
                    "customize": [{ "type": "Shell", "name": "a", "inline": ["true"] }],
                    "distribute": [{
                        "type": "ManagedImage", "runOutputName": "img", "location": "westeurope",
                        "imageId": "[resourceId('Microsoft.Compute/images', 'img')]"
                    }]
                }
            }
        }
    });
    let place = Place::with(&[("t.json", &template.to_string())]);
    let out = place.run(&["roles", "t.json", "--for", "identities"]).code(0).out;
    let id = "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', parameters('identityName'))]";
    assert!(
        out.starts_with(&format!("identity `parameters('identityName')`: the service acts with it {id}\n")),
        "{out}"
    );
}
