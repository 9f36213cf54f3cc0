//! The rules that need no script text: for each what it reports and where, what it lets pass, and what looks like a mistake
//! but is none.

use aib::diag::{Severity, find_code};
use serde_json::{Value, json};

use super::check_json::check;
use super::cli::Place;
use super::json_images::{template, with};
use super::pipeline::run_with_advice;

const LINUX: &str = "marketplace.ubuntu_24_04";
const WINDOWS: &str = "marketplace.windows_server_2022";
const SHA: &str = "sha256 = \"2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae\"";
const TARGET: &str = "managed_image \"img\"";
const ONE: &str = "11111111-1111-1111-1111-111111111111";
const TWO: &str = "22222222-2222-2222-2222-222222222222";

/// An image; `body` stands beside its source, `head` in front of it.
#[derive(Clone, Copy)]
struct Image<'a> {
    source: &'a str,
    body: &'a str,
    steps: &'a str,
    targets: &'a str,
    head: &'a str,
}

const IMAGE: Image<'_> = Image { source: LINUX, body: "", steps: "", targets: TARGET, head: "" };

impl Image<'_> {
    fn text(&self) -> String {
        let Image { source, body, steps, targets, head } = self;
        let location = if body.contains("location =") { "" } else { "location = \"westeurope\"" };
        format!(
            "import std/marketplace\nexisting identity builder {{ name = \"id-builder\" }}\n{head}\nimage web {{\n  {location}\n  \
             identity = builder\n  source = {source}\n  {body}\n  customize {{\n{steps}\n  }}\n  distribute {{ {targets} }}\n}}\n"
        )
    }
}

/// The image raises the rule once, at this text, and no other error.
#[track_caller]
fn raises(rule: &str, image: &Image<'_>, at: &str) {
    let code = find_code(rule).unwrap();
    let text = image.text();
    let outcome = run_with_advice(&[("main.aib", text.as_str())]);
    let places: Vec<&str> =
        outcome.codes().iter().filter(|(id, _)| *id == code.id).map(|(_, at)| *at).collect();
    assert_eq!(places, [at], "{rule}: {}\n{text}", outcome.describe());
    let others = outcome.at(Severity::Error).filter(|d| d.code.id != code.id).count();
    assert_eq!(others, 0, "{rule}: {}\n{text}", outcome.describe());
}

/// The image does not raise the rule, and no error.
#[track_caller]
fn passes(rule: &str, image: &Image<'_>) {
    let code = find_code(rule).unwrap();
    let text = image.text();
    let outcome = run_with_advice(&[("main.aib", text.as_str())]);
    let said = outcome.found.iter().any(|d| d.code.id == code.id || d.severity == Severity::Error);
    assert!(!said, "{rule}: {}\n{text}", outcome.describe());
}

/// Where the rule is raised in a document in JSON.
#[track_caller]
fn places(rule: &str, document: &Value) -> Vec<String> {
    let code = find_code(rule).unwrap();
    let checked = check("x.json", &document.to_string()).expect("no image template was found");
    checked.holds_its_places();
    checked.mends_stay_json();
    checked.found.iter().filter(|d| d.code.id == code.id).map(|d| checked.at(d).to_owned()).collect()
}

/// What the binary prints holds these texts and not those.
#[track_caller]
fn says(place: &Place, args: &[&str], these: &[&str], not: &[&str]) {
    let ran = place.run(args);
    let out = ran.out();
    assert!(these.iter().all(|text| out.contains(text)), "{these:?} in\n{out}");
    assert!(!not.iter().any(|text| out.contains(text)), "{not:?} in\n{out}");
}

fn file(name: &str, destination: &str) -> String {
    format!(
        "file \"{name}\" {{\n source = \"https://example.com/1/{name}\"\n {SHA}\n destination = {destination}\n}}\n"
    )
}

#[test]
fn the_override_of_the_last_step_lies_where_it_is_run() {
    let rule = "idle-deprovision-script";
    let linux = |path: &str, more: &str| format!("{}{more}", file("a", &format!("\"{path}\"")));
    let of = |steps: &str| raises(rule, &Image { steps, ..IMAGE }, "\"/tmp/deprovisioningscript.sh\"");
    of(&linux("/tmp/deprovisioningscript.sh", ""));
    of(&linux("/tmp/deprovisioningscript.sh", "shell = \"date\""));
    // Nobody writes a script elsewhere only to mend a letter.
    let elsewhere = format!("shell {{ script = \"https://example.com/1/a.sh\"\n {SHA} }}");
    of(&linux("/tmp/deprovisioningscript.sh", &elsewhere));
    for steps in [
        linux("/tmp/DeprovisioningScript.sh", ""),
        linux(
            "/tmp/deprovisioningscript.sh",
            "shell = \"mv /tmp/deprovisioningscript.sh /tmp/DeprovisioningScript.sh\"",
        ),
        linux(
            "/tmp/a/DeprovisioningScript.sh",
            &format!("shell {{ script = \"https://example.com/1/a.sh\"\n {SHA} }}"),
        ),
        linux("/tmp/MyDeprovisioningScript.sh", ""),
    ] {
        passes(rule, &Image { steps: &steps, ..IMAGE });
    }
    let windows = |path: &str| file("a", &format!("'{path}'"));
    let image = Image { source: WINDOWS, body: "build { vm_size = \"Standard_D4s_v5\" }", ..IMAGE };
    let steps = windows("C:\\Temp\\DeprovisioningScript.ps1");
    raises(rule, &Image { steps: &steps, ..image }, "'C:\\Temp\\DeprovisioningScript.ps1'");
    let steps = windows("C:\\DeprovisioningScript.sh");
    raises(rule, &Image { steps: &steps, ..image }, "'C:\\DeprovisioningScript.sh'");
    passes(rule, &Image { steps: &windows("C:\\deprovisioningscript.PS1"), ..image });
    passes(rule, &Image { steps: &windows("c:/DeprovisioningScript.ps1"), ..image });
    let step = json!([{ "type": "File", "sourceUri": "https://a.example/x", "destination": "/tmp/deprovisioningScript.sh" }]);
    assert_eq!(places(rule, &with("/properties/customize", step)), ["\"/tmp/deprovisioningScript.sh\""]);
}

#[test]
fn restarts_have_something_to_restart_for() {
    let rule = "idle-restart";
    let image = Image { source: WINDOWS, body: "build { vm_size = \"Standard_D4s_v5\" }", ..IMAGE };
    raises(rule, &Image { steps: "restart \"first\"\npowershell = \"date\"", ..image }, "restart \"first\"");
    raises(
        rule,
        &Image { steps: "powershell = \"date\"\nrestart\nrestart \"again\"", ..image },
        "restart \"again\"",
    );
    for steps in [
        "powershell = \"date\"\nrestart",
        "restart { check = \"Test-Path C:\\\\x\" }\npowershell = \"date\"",
        "powershell = \"date\"\nrestart\npowershell = \"date\"\nrestart",
    ] {
        passes(rule, &Image { steps, ..image });
    }
    // An image of somebody's own may have left one pending.
    let id = format!("/subscriptions/{ONE}/resourceGroups/r/providers/Microsoft.Compute/images/base");
    let source = format!("managed_image(id = \"{id}\")");
    passes(
        rule,
        &Image { source: &source, body: "os = windows", steps: "restart\npowershell = \"date\"", ..IMAGE },
    );
}

#[test]
fn files_of_checks_are_used_by_checks() {
    let rule = "unchecked-file";
    let put = file("a", "\"/tmp/a\"");
    let body = format!("validate {{ shell = \"date\"\n {put} }}");
    raises(rule, &Image { body: &body, ..IMAGE }, "file \"a\"");
    let body = format!("validate {{ {put}\n shell = \"date\" }}");
    passes(rule, &Image { body: &body, ..IMAGE });
    let steps = format!("{put} shell = \"sudo mv /tmp/a /opt/a\"");
    passes(rule, &Image { steps: &steps, ..IMAGE });
    // What is not known may be a check.
    let body = format!("validate {{ {put}\n raw = {{ type = \"New\" }} }}");
    passes(rule, &Image { body: &body, ..IMAGE });
    let check = json!({ "inVMValidations": [{ "type": "File", "sourceUri": "https://a.example/x", "destination": "/tmp/x" }] });
    assert_eq!(places(rule, &with("/properties/validate", check)), ["\"File\""]);
}

fn platform(publisher: &str, offer: &str, sku: &str, os: &str) -> String {
    format!("platform_image(publisher = \"{publisher}\", offer = \"{offer}\", sku = \"{sku}\", os = {os})")
}

#[test]
fn sources_are_in_support_and_not_hardened() {
    let rule = "hardened-source";
    let cis = platform("Center-for-Internet-Security-Inc", "cis", "cis", "linux");
    raises(rule, &Image { source: &cis, ..IMAGE }, "\"Center-for-Internet-Security-Inc\"");
    passes(rule, &Image { source: &platform("contoso", "cis-like", "cis", "linux"), ..IMAGE });
    passes(rule, &IMAGE);

    let rule = "source-past-support";
    for (publisher, offer, sku) in [
        ("Canonical", "UbuntuServer", "18.04-LTS"),
        ("canonical", "UbuntuServer", "16.04.0-lts-gen2"),
        ("OpenLogic", "CentOS-HPC", "7_9"),
        ("MicrosoftWindowsDesktop", "windows-11", "win11-22h2-avd"),
        ("MicrosoftWindowsDesktop", "Windows-10", "20h1-ent"),
        ("microsoftwindowsdesktop", "office-365", "19h2-evd-o365pp"),
        ("microsoftwindowsdesktop", "office-365", "win10-21h2-avd-m365-g2"),
        ("Canonical", "0001-com-ubuntu-server-focal", "20_04-lts-gen2"),
        ("Canonical", "0001-com-ubuntu-server-lunar-daily", "23_04-daily-gen2"),
        ("canonical", "ubuntu-25_04", "minimal"),
        ("Debian", "debian-10", "10-gen2"),
        ("credativ", "Debian", "9-backports"),
        ("RedHat", "RHEL", "7-LVM"),
        ("RedHat", "RHEL", "79-gen2"),
        ("MicrosoftCBLMariner", "cbl-mariner", "cbl-mariner-2-gen2"),
        ("SUSE", "sles-12-sp5", "gen2"),
        ("Oracle", "Oracle-Linux", "ol79-lvm"),
        ("MicrosoftWindowsServer", "WindowsServer", "2012-R2-Datacenter"),
        (
            "MicrosoftWindowsServer",
            "WindowsServerSemiAnnual",
            "Datacenter-Core-1903-with-Containers-smalldisk",
        ),
        ("MicrosoftWindowsDesktop", "Windows-10", "rs5-enterprise"),
        ("MicrosoftWindowsDesktop", "windows-11", "win11-23h2-avd"),
        ("MicrosoftWindowsDesktop", "windows-11", "win11-24h2-pro"),
    ] {
        let source = platform(publisher, offer, sku, "linux");
        raises(rule, &Image { source: &source, ..IMAGE }, &format!("\"{sku}\""));
    }
    for (publisher, offer, sku) in [
        ("Canonical", "ubuntu-24_04-lts", "server"),
        ("Canonical", "0001-com-ubuntu-pro-bionic", "pro-18_04-lts"),
        ("Canonical", "UbuntuServer", "<sku>"),
        ("contoso", "UbuntuServer", "18.04-LTS"),
        ("MicrosoftWindowsDesktop", "windows-10", "win10-21h2-entn-ltsc-g2"),
        ("MicrosoftWindowsDesktop", "windows-11", "win11-24h2-avd"),
        ("MicrosoftWindowsDesktop", "office-365", "win11-24h2-avd-m365"),
        ("MicrosoftWindowsDesktop", "windows-11", "win11-24h2-ent"),
        ("MicrosoftWindowsDesktop", "windows-10", "win10-22h2-avd-g2"),
        ("MicrosoftWindowsServer", "WindowsServer", "2019-Datacenter"),
        ("MicrosoftWindowsServer", "WindowsServer", "2016-datacenter-gensecond"),
        ("Canonical", "ubuntu-26_04-lts", "server"),
        ("Debian", "debian-12", "12-backports-gen2"),
        ("RedHat", "RHEL", "8_7"),
        ("RedHat", "rhel-byos", "rhel-lvm79"),
        ("RedHat", "RHEL-SAP-HA", "7.9"),
        ("SUSE", "sles-12-sp5-byos", "gen2"),
        ("SUSE", "sles-15-sp7-basic", "gen2"),
        ("MicrosoftCBLMariner", "azure-linux-3", "azure-linux-3-gen2"),
        ("Oracle", "Oracle-Linux", "ol87-lvm-gen2"),
    ] {
        passes(rule, &Image { source: &platform(publisher, offer, sku, "linux"), ..IMAGE });
    }
    let old = json!({ "type": "PlatformImage", "publisher": "Canonical", "offer": "UbuntuServer", "sku": "18.04-LTS", "version": "latest" });
    assert_eq!(places(rule, &with("/properties/source", old)), ["\"18.04-LTS\""]);
}

#[test]
fn what_is_in_the_templates_subscription_is_in_one() {
    let rule = "two-subscriptions";
    let base = |sub: &str| {
        format!(
            "managed_image(id = \"/subscriptions/{sub}/resourceGroups/r/providers/Microsoft.Compute/images/base\")"
        )
    };
    let staging = |sub: &str| format!("/subscriptions/{sub}/resourceGroups/rg-staging");
    let body = |sub: &str| format!("os = linux\n build {{ staging_group = \"{}\" }}", staging(sub));
    let at = format!("\"/subscriptions/{ONE}/resourceGroups/r/providers/Microsoft.Compute/images/base\"");
    raises(rule, &Image { source: &base(ONE), body: &body(TWO), ..IMAGE }, &at);
    passes(rule, &Image { source: &base(ONE), body: &body(ONE), ..IMAGE });
    // The build VM is in the staging group, and its network in the same subscription.
    let subnet = |sub: &str| {
        format!(
            "/subscriptions/{sub}/resourceGroups/n/providers/Microsoft.Network/virtualNetworks/v/subnets/s"
        )
    };
    let network = |sub: &str| {
        format!("build {{\n staging_group = \"{}\"\n subnet = \"{}\"\n}}", staging(TWO), subnet(sub))
    };
    raises(rule, &Image { body: &network(ONE), ..IMAGE }, &format!("\"{}\"", subnet(ONE)));
    passes(rule, &Image { body: &network(TWO), ..IMAGE });
    let body_of = |sub: &str| format!("os = linux\n {}", network(sub));
    raises(rule, &Image { source: &base(ONE), body: &body_of(ONE), ..IMAGE }, &at);
    // Zeros stand for an id that is still to be filled in.
    passes(rule, &Image { source: &base("00000000-0000-0000-0000-000000000000"), body: &body(TWO), ..IMAGE });
    passes(rule, &Image { source: &base(ONE), body: "os = linux", ..IMAGE });
    // An existing one of another subscription than the staging group's.
    let head = format!(
        "existing managed_image base {{ subscription = \"{ONE}\", resource_group = \"r\", os = linux }}"
    );
    let body = format!("build {{ staging_group = \"{}\" }}", staging(TWO));
    raises(rule, &Image { source: "base", body: &body, head: &head, ..IMAGE }, "base");
    // Two branches are not deployed together.
    let image = |sub: &str, name: &str| {
        format!(
            "image {name} {{ name = \"it\", location = \"westeurope\", identity = builder, os = linux, source = {}\n distribute {{ {TARGET} }} }}",
            base(sub)
        )
    };
    let branches = format!("param on: bool\nif on {{ {} }} else {{ {} }}", image(ONE, "a"), image(TWO, "b"));
    passes(rule, &Image { head: &branches, targets: "managed_image \"other\"", ..IMAGE });
    let both = format!(
        "{}\n{}",
        image(ONE, "a"),
        image(TWO, "b").replace("\"it\"", "\"it-b\"").replace(TARGET, "managed_image \"b\"")
    );
    let at = format!("\"/subscriptions/{TWO}/resourceGroups/r/providers/Microsoft.Compute/images/base\"");
    raises(rule, &Image { head: &both, targets: "managed_image \"other\"", ..IMAGE }, &at);
    let mut document = with("/properties/stagingResourceGroup", json!(staging(TWO)));
    let id = "[resourceId('11111111-1111-1111-1111-111111111111', 'rg', 'Microsoft.Compute/images', 'base')]";
    document["properties"]["source"] = json!({ "type": "ManagedImage", "imageId": id });
    assert_eq!(places(rule, &template(&[document.clone()], json!({}))), [format!("\"{id}\"")]);
    let nested = json!({ "type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "n",
        "properties": { "mode": "Incremental", "template": { "resources": [] } } });
    assert_eq!(places(rule, &template(&[document, nested], json!({}))), [""; 0]);
}

const GALLERY: &str = "existing gallery g {\n name = \"images\"\n location = \"westeurope\"\n definition web { os = linux, generation = v2 }\n}";

#[test]
fn images_that_build_themselves_do_so_again() {
    let rule = "fixed-version-auto-run";
    let image = Image { head: GALLERY, ..IMAGE };
    let fixed = "gallery g.web { regions = [\"westeurope\"], version = \"1.0.0\" }";
    let free = "gallery g.web { regions = [\"westeurope\"] }";
    raises(rule, &Image { body: "auto_run = true", targets: fixed, ..image }, "g.web");
    passes(rule, &Image { body: "auto_run = true", targets: free, ..image });
    passes(rule, &Image { body: "auto_run = false", targets: fixed, ..image });
    passes(rule, &Image { targets: fixed, ..image });
}

#[test]
fn vhds_have_an_address() {
    let rule = "vhd-without-uri";
    raises(rule, &Image { targets: "vhd", ..IMAGE }, "vhd");
    raises(rule, &Image { targets: "vhd { uri = \"\" }", ..IMAGE }, "vhd");
    passes(rule, &Image { targets: "vhd { uri = \"https://a.blob.core.windows.net/v/a\" }", ..IMAGE });
    passes(rule, &Image { head: "param address: string", targets: "vhd { uri = address }", ..IMAGE });
    passes(rule, &IMAGE);
    let target = json!([{ "type": "VHD", "runOutputName": "a" }]);
    assert_eq!(places(rule, &with("/properties/distribute", target)), ["\"VHD\""]);
}

#[test]
fn managed_images_are_read_and_written_where_they_are() {
    let rule = "managed-image-in-other-region";
    let gold =
        |region: &str| format!("existing managed_image gold {{ name = \"gold\"; os = linux; {region} }}");
    let (north, west) = (gold("location = \"northeurope\""), gold("location = \"West Europe\""));
    raises(rule, &Image { source: "gold", head: &north, ..IMAGE }, "gold");
    passes(rule, &Image { source: "gold", head: &west, ..IMAGE });
    passes(rule, &Image { source: "gold", head: &gold(""), ..IMAGE });
    passes(
        rule,
        &Image { source: "gold", head: &north, body: "location = azure.resource_group.location", ..IMAGE },
    );
    passes(rule, &Image { source: "gold", head: &north, body: "location = \"<region>\"", ..IMAGE });
    // A target that exists stays where it is; a new one goes anywhere.
    let targets = "managed_image gold { location = \"uksouth\" }";
    raises(rule, &Image { head: &north, targets, ..IMAGE }, "gold");
    passes(
        rule,
        &Image { head: &north, targets: "managed_image gold { location = \"northeurope\" }", ..IMAGE },
    );
    passes(rule, &Image { head: &gold(""), targets, ..IMAGE });
    passes(rule, &Image { targets: "managed_image \"new\" { location = \"uksouth\" }", ..IMAGE });
}

#[test]
fn a_declared_definition_is_what_stands_for_what_it_leaves_out() {
    let head = "gallery prod {\n location = \"westeurope\"\n definition plain { os = linux; identifier = { publisher = \"C\", offer = \"p\", \
                sku = \"1\" } }\n definition arm { os = linux; architecture = arm64; identifier = { publisher = \"C\", offer = \"a\", sku = \
                \"1\" } }\n definition safe { os = linux; security = trusted_launch_supported; identifier = { publisher = \"C\", offer = \
                \"s\", sku = \"1\" } }\n}";
    let to = |definition: &str| format!("gallery prod.{definition} {{ regions = [\"westeurope\"] }}");
    let (plain, arm, safe) = (to("plain"), to("arm"), to("safe"));
    let image = |source, targets| Image { source, targets, head, ..IMAGE };
    raises("definition-mismatch", &image("prod.plain", &arm), "prod.arm");
    raises("security-mismatch", &image("prod.plain", &safe), "prod.safe");
    raises("security-mismatch", &image("prod.safe", &plain), "prod.plain");
    passes("definition-mismatch", &image("prod.plain", &plain));
    passes("security-mismatch", &image("prod.plain", &plain));
    // What exists may be more than what is said of it.
    let existing = "existing gallery prod {\n name = \"images\"\n location = \"westeurope\"\n definition plain { os = linux }\n definition \
                    safe { os = linux; security = trusted_launch_supported }\n}";
    passes("security-mismatch", &Image { head: existing, ..image("prod.plain", &safe) });
}

#[test]
fn generations_and_security_types_fit_what_is_made() {
    let rule = "generation-1-source";
    raises(
        rule,
        &Image { source: "marketplace.ubuntu_24_04_gen1", ..IMAGE },
        "marketplace.ubuntu_24_04_gen1",
    );
    passes(rule, &IMAGE);
    passes(rule, &Image { source: &platform("a", "b", "c", "linux"), ..IMAGE });

    let rule = "trusted-launch-lost";
    let source = |security: &str| {
        format!(
            "platform_image(publisher = \"a\", offer = \"b\", sku = \"c\", os = linux, generation = v2, security = {security})"
        )
    };
    let trusted = source("trusted_launch_supported");
    raises(rule, &Image { source: &trusted, ..IMAGE }, "\"img\"");
    passes(rule, &Image { source: &source("standard"), ..IMAGE });
    let head = GALLERY.replace("v2 }", "v2, security = trusted_launch_supported }");
    let targets = "gallery g.web { regions = [\"westeurope\"] }";
    passes(rule, &Image { source: &trusted, head: &head, targets, ..IMAGE });
}

#[test]
fn what_fails_its_checks_is_not_handed_out_unseen() {
    let rule = "distribute-on-failure";
    let body = "validate { on_failure = distribute\n shell = \"date\" }";
    raises(rule, &Image { body, ..IMAGE }, "distribute");
    raises(rule, &Image { body: "validate { on_failure = distribute }", ..IMAGE }, "distribute");
    passes(rule, &Image { body: "validate { on_failure = stop\n shell = \"date\" }", ..IMAGE });
    let level = |validate: Value| {
        let checked = check("x.json", &with("/properties/validate", validate).to_string()).unwrap();
        let found = checked.found.iter().find(|d| d.code.name == rule);
        found.map(|d| d.severity)
    };
    let check = json!({ "type": "Shell", "inline": ["date"] });
    let on = "continueDistributeOnFailure";
    assert_eq!(level(json!({ on: true, "inVMValidations": [check] })), Some(Severity::Info));
    assert_eq!(level(json!({ on: true, "inVMValidations": [] })), Some(Severity::Warning));
    assert_eq!(level(json!({ on: false, "inVMValidations": [check] })), None);
}

#[test]
fn disks_hold_their_source() {
    let rule = "disk-too-small";
    let build = |size: &str| format!("build {{ vm_size = \"Standard_D4s_v5\", disk_size = {size} }}");
    let windows = Image { source: WINDOWS, ..IMAGE };
    raises(rule, &Image { body: &build("64GB"), ..windows }, "64GB");
    for size in ["0GB", "127GB", "256GB"] {
        passes(rule, &Image { body: &build(size), ..windows });
    }
    let small = "marketplace.windows_server_2022_smalldisk";
    passes(rule, &Image { source: small, body: &build("64GB"), ..windows });
    passes(rule, &Image { body: &build("64GB"), ..IMAGE });
}

#[test]
fn elevated_steps_on_clients_run_as_the_system() {
    let rule = "elevated-without-system";
    let client = platform("MicrosoftWindowsDesktop", "windows-11", "win11-25h2-ent", "windows");
    let step = |switches: &str| format!("powershell = \"date\" {{ {switches} }}");
    let image = Image { source: &client, body: "build { vm_size = \"Standard_D4s_v5\" }", ..IMAGE };
    raises(rule, &Image { steps: &step("elevated = true"), ..image }, "elevated");
    raises(rule, &Image { steps: &step("elevated = true, as_system = false"), ..image }, "elevated");
    passes(rule, &Image { steps: &step("elevated = true, as_system = true"), ..image });
    passes(rule, &Image { steps: &step("elevated = false"), ..image });
    // Nobody reported it of servers and of Windows for several users.
    passes(rule, &Image { source: WINDOWS, steps: &step("elevated = true"), ..image });
    let several = platform("MicrosoftWindowsDesktop", "windows-11", "win11-25h2-avd", "windows");
    passes(rule, &Image { source: &several, steps: &step("elevated = true"), ..image });
    let mut document = with(
        "/properties/customize",
        json!([{ "type": "PowerShell", "inline": ["x"], "runElevated": true }]),
    );
    document["properties"]["source"] = json!({ "type": "PlatformImage", "publisher": "MicrosoftWindowsDesktop", "offer": "windows-11", "sku": "win11-25h2-ent", "version": "latest" });
    assert_eq!(places(rule, &document), ["\"runElevated\""]);
}

#[test]
fn scripts_are_of_the_shell_that_runs_them() {
    let rule = "script-for-other-shell";
    let step =
        |word: &str, name: &str| format!("{word} {{ script = \"https://example.com/1/{name}\"\n {SHA} }}");
    let at = |name: &str| format!("\"https://example.com/1/{name}\"");
    for name in ["setup.ps1", "Setup.PS1", "setup.ps1?v=2"] {
        raises(rule, &Image { steps: &step("shell", name), ..IMAGE }, &at(name));
    }
    let windows = Image { source: WINDOWS, body: "build { vm_size = \"Standard_D4s_v5\" }", ..IMAGE };
    raises(rule, &Image { steps: &step("powershell", "setup.sh"), ..windows }, &at("setup.sh"));
    passes(rule, &Image { steps: &step("powershell", "setup.ps1"), ..windows });
    for name in ["setup.sh", "setup", "setup.py", "ps1", "setup.ps1.sh", "setup.sh?from=setup.ps1"] {
        passes(rule, &Image { steps: &step("shell", name), ..IMAGE });
    }
    let check = json!({ "inVMValidations": [{ "type": "Shell", "scriptUri": "https://a.example/x.ps1" }] });
    assert_eq!(places(rule, &with("/properties/validate", check)), ["\"https://a.example/x.ps1\""]);
    // A file of the author's own, by the name that the source gives it.
    let text = Image { steps: "shell \"own\" = file(\"./setup.ps1\")", ..IMAGE }.text();
    let place = Place::with(&[("web.aib", &text), ("setup.ps1", "Get-Date\n"), ("setup.sh", "date\n")]);
    says(&place, &["check", "--format", "short", "web.aib"], &["AIB735"], &[]);
    place.write("web.aib", text.replace("setup.ps1", "setup.sh"));
    says(&place, &["check", "--format", "short", "web.aib"], &[], &["AIB735"]);
}

#[test]
fn what_only_checks_its_source_does_that() {
    let rule = "source-only-validation";
    let checks = "validate { source_only = true\n shell = \"date\" }";
    raises(rule, &Image { body: checks, steps: "shell = \"date\"", ..IMAGE }, "true");
    let body = format!("{checks}\n optimize {{ vm_boot = true }}");
    raises(rule, &Image { body: &body, ..IMAGE }, "true");
    raises(rule, &Image { body: "validate { source_only = true }", ..IMAGE }, "true");
    passes(rule, &Image { body: checks, ..IMAGE });
    passes(rule, &Image { body: "validate { source_only = false }", steps: "shell = \"date\"", ..IMAGE });
}

#[test]
fn names_change_with_their_content() {
    let rule = "fixed-template-name";
    raises(rule, &IMAGE, "image web");
    raises(rule, &Image { body: "name = \"it-web\"", ..IMAGE }, "\"it-web\"");
    passes(rule, &Image { body: "name = \"it-${content_hash()}\"", ..IMAGE });
    passes(rule, &Image { head: "param build: string", body: "name = \"it-${build}\"", ..IMAGE });
}

const IDENTITY: &str = "resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id')";

/// A template with an image, a role assignment for an identity, and what the image waits for.
fn with_role(role: &str, identity: &str, waits: &[&str], vm_identity: bool) -> Value {
    let mut image = with("/dependsOn", json!(waits));
    image["identity"]["userAssignedIdentities"] = json!({ format!("[format('{{0}}', {IDENTITY})]"): {} });
    if vm_identity {
        let id = format!(
            "/subscriptions/{ONE}/resourceGroups/r/providers/Microsoft.ManagedIdentity/userAssignedIdentities/vm-id"
        );
        image["properties"]["vmProfile"]["userAssignedIdentities"] = json!([id]);
    }
    let assignment = json!({
        "type": "Microsoft.Authorization/roleAssignments", "apiVersion": "2022-04-01", "name": "[guid('a')]",
        "properties": {
            "principalId": format!("[reference({identity}, '2023-01-31').principalId]"),
            "roleDefinitionId": format!("[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', {role})]"),
        }
    });
    template(&[image, assignment], json!({ "parameters": { "role": { "type": "string" } } }))
}

const IDENTITY_NAME: &str = "'id'";
const READER: &str = "'acdd72a7-3385-48ef-bd42-f606fba81ae7'";
const ASSIGNMENT: &str = "[resourceId('Microsoft.Authorization/roleAssignments', guid('a'))]";

#[test]
fn images_wait_for_the_roles_of_their_identity() {
    let rule = "role-assigned-late";
    assert_eq!(places(rule, &with_role(READER, IDENTITY, &[], false)), ["\"it-web\""]);
    assert_eq!(places(rule, &with_role(READER, IDENTITY, &[ASSIGNMENT], false)), [""; 0]);
    // By the identity's name, which is a resource of the same template.
    let by_name = |name: &str| {
        let mut document = with_role(READER, IDENTITY, &[], false);
        document["resources"][1]["properties"]["principalId"] = json!(name);
        places(rule, &document)
    };
    assert_eq!(
        by_name("[reference(NAME, '2023-01-31').principalId]".replace("NAME", IDENTITY_NAME).as_str()),
        ["\"it-web\""]
    );
    assert_eq!(by_name("[reference('other').principalId]"), [""; 0]);
    assert_eq!(
        by_name(
            "[reference(NAME, '2023-01-31', 'Full').identity.principalId]"
                .replace("NAME", IDENTITY_NAME)
                .as_str()
        ),
        [""; 0]
    );
    // The role of another identity, and one under a condition of its own.
    let other = "resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'other')";
    assert_eq!(places(rule, &with_role(READER, other, &[], false)), [""; 0]);
    let mut document = with_role(READER, IDENTITY, &[], false);
    document["resources"][1]["condition"] = json!("[equals(parameters('role'), 'x')]");
    assert_eq!(places(rule, &document), [""; 0]);
}

#[test]
fn build_vms_may_have_their_identities() {
    let rule = "missing-operator-role";
    assert_eq!(places(rule, &with_role(READER, IDENTITY, &[ASSIGNMENT], true)).len(), 1);
    assert_eq!(places(rule, &with_role(READER, IDENTITY, &[ASSIGNMENT], false)), [""; 0]);
    for enough in [
        "'f1a07417-d97a-45cb-824c-7a7467783830'",
        "'b24988ac-6180-42a0-ab88-20f7382dd24c'",
        "parameters('role')",
    ] {
        assert_eq!(places(rule, &with_role(enough, IDENTITY, &[ASSIGNMENT], true)), [""; 0], "{enough}");
    }
}

#[test]
fn staging_groups_are_not_the_templates_own() {
    let rule = "own-staging-group";
    for own in [
        "azure.resource_group.id",
        "azure.resource_group.name",
        "\"${azure.subscription.id}/resourceGroups/${azure.resource_group.name}\"",
    ] {
        raises(rule, &Image { body: &format!("build {{ staging_group = {own} }}"), ..IMAGE }, own);
    }
    for other in [
        "\"rg-staging\"",
        "\"${azure.subscription.id}/resourceGroups/IT_${azure.resource_group.name}\"",
        "\"${azure.resource_group.id}-staging\"",
    ] {
        passes(rule, &Image { body: &format!("build {{ staging_group = {other} }}"), ..IMAGE });
    }
    for own in [
        "[resourceGroup().id]",
        "[concat(subscription().id, '/resourceGroups/', resourceGroup().name)]",
        "[subscriptionResourceId('Microsoft.Resources/resourceGroups', resourceGroup().name)]",
    ] {
        let document = template(&[with("/properties/stagingResourceGroup", json!(own))], json!({}));
        assert_eq!(places(rule, &document), [format!("\"{own}\"")]);
    }
    let near = "[concat(subscription().id, '/resourceGroups/', resourceGroup().name, '-staging')]";
    assert_eq!(
        places(rule, &template(&[with("/properties/stagingResourceGroup", json!(near))], json!({}))),
        [""; 0]
    );
}

/// Two subnets of a network, the build's with these facts.
fn subnets(facts: &str) -> String {
    let subnet = |name: &str, facts: &str| {
        format!("existing subnet {name} {{ vnet = \"vnet\", resource_group = \"rg-network\"\n {facts} }}\n")
    };
    subnet("vms", facts) + &subnet("containers", "")
}

const BOTH: &str = "build { subnet = vms, container_subnet = containers }";

#[test]
fn builds_have_a_network_of_their_own() {
    let head = subnets("");
    raises("no-build-network", &IMAGE, "image web");
    passes("no-build-network", &Image { head: &head, body: BOTH, ..IMAGE });
    passes("no-build-network", &Image { head: &head, body: "build { subnet = vms }", ..IMAGE });
    raises("proxy-network", &Image { head: &head, body: "build { subnet = vms }", ..IMAGE }, "vms");
    passes("proxy-network", &Image { head: &head, body: BOTH, ..IMAGE });
    passes("proxy-network", &IMAGE);
}

#[test]
fn subnets_are_in_the_region_of_the_build() {
    let rule = "subnet-in-other-region";
    raises(rule, &Image { head: &subnets("location = \"northeurope\""), body: BOTH, ..IMAGE }, "vms");
    passes(rule, &Image { head: &subnets("location = \"West Europe\""), body: BOTH, ..IMAGE });
    passes(rule, &Image { head: &subnets(""), body: BOTH, ..IMAGE });
    let deferred = "param region: string\n".to_owned() + &subnets("location = \"northeurope\"");
    passes(rule, &Image { head: &deferred, body: &format!("location = region\n {BOTH}"), ..IMAGE });
}

#[test]
fn subnets_reach_what_steps_fetch() {
    let rule = "no-outbound";
    let closed = subnets("outbound = false");
    let image = Image { head: &closed, body: BOTH, ..IMAGE };
    raises(rule, &Image { steps: "shell = \"sudo apt-get install -y jq\"", ..image }, "vms");
    raises(rule, &Image { steps: "shell = \"curl -fsSL https://example.com/x -o /opt/x\"", ..image }, "vms");
    passes(rule, &Image { steps: "shell = \"date\"", ..image });
    for near in [
        "curl -fsS http://localhost/health",
        "curl -fsS http://169.254.169.254/metadata/instance",
        "curl -fsS https://mirror.corp/x",
        "curl -fsS $MIRROR/x",
        "sudo apt-get clean",
        "pip --version",
        "grep -r curl /etc",
        "pip install --no-index --find-links /mnt/wheels ansible",
        "pip install --index-url https://pypi.corp.local/simple ansible",
        "pip install ./ansible-1.0.whl",
        "sudo apt-get -y install ./foo.deb",
        "sudo apt-get -y --no-download install foo",
        "sudo dnf -C -y install foo",
        "sudo snap install app.snap --dangerous",
        "sudo sed -i s#archive.ubuntu.com#mirror.corp.local# /etc/apt/sources.list; sudo apt-get update",
        "echo Acquire::http::Proxy | sudo tee /etc/apt/apt.conf.d/90; sudo apt-get update",
        "curl -fsS --proxy http://p:3128 https://example.com/x",
        "curl -fsS -x http://p.example.com:3128 https://example.com/x",
        "curl -fsS -e https://example.com http://10.0.0.4/x",
        "curl -fsS https://stcontoso.blob.core.windows.net/a/x",
    ] {
        passes(rule, &Image { steps: &format!("shell = '{near}'"), ..image });
    }
    for near in ["curl -fsS https://example.com/x", "sudo apt-get update"] {
        let steps = format!("shell = '{near}' {{ env = {{ https_proxy = 'http://proxy.corp:3128' }} }}");
        passes(rule, &Image { steps: &steps, ..image });
        let earlier = format!("shell = 'echo use_proxy=on | sudo tee -a /etc/wgetrc'\nshell = '{near}'");
        passes(rule, &Image { steps: &earlier, ..image });
        let unseen = format!("shell {{ script = \"https://example.com/1/a.sh\"\n {SHA} }}\nshell = '{near}'");
        passes(rule, &Image { steps: &unseen, ..image });
        let comment = format!("shell = \"\"\"\n  # no proxy here\n  {near}\n\"\"\"");
        raises(rule, &Image { steps: &comment, ..image }, "vms");
    }
    for found in
        ["pip install ansible", "pip install -i https://pypi.org/simple ansible", "sudo snap install jq"]
    {
        raises(rule, &Image { steps: &format!("shell = '{found}'"), ..image }, "vms");
    }
    // What the service fetches needs no way out, and a word in a text fetches nothing.
    let steps = format!("shell {{ script = \"https://example.com/1/a.sh\"\n {SHA} }}\nshell = \"echo curl\"");
    passes(rule, &Image { steps: &steps, ..image });
    let open = subnets("outbound = true");
    passes(rule, &Image { head: &open, steps: "shell = \"sudo apt-get install -y jq\"", ..image });
    let container =
        subnets("").replace("containers { vnet = \"vnet\"", "containers { outbound = false, vnet = \"vnet\"");
    raises(rule, &Image { head: &container, ..image }, "containers");
}

#[test]
fn the_service_gets_through_firewalls() {
    let rule = "firewalled-storage";
    let account = |facts: &str| {
        format!("{}existing storage_account assets {{ name = \"stassets\"\n {facts} }}\n", subnets(""))
    };
    let step = |url: &str| format!("shell {{ script = {url}\n {SHA} }}");
    let (of, plain) = ("assets.blob(\"s/a.sh\")", "\"https://stassets.blob.core.windows.net/s/a.sh\"");
    let closed = account("firewalled = true");
    for url in [of, plain] {
        let image = Image { head: &closed, steps: &step(url), ..IMAGE };
        raises(rule, &image, url);
        raises(rule, &Image { body: "build { subnet = vms }", ..image }, url);
        passes(rule, &Image { body: BOTH, ..image });
        passes(rule, &Image { head: &account("firewalled = false"), ..image });
        passes(rule, &Image { head: &account(""), ..image });
    }
    passes(
        rule,
        &Image { head: &closed, steps: &step("\"https://other.blob.core.windows.net/s/a.sh\""), ..IMAGE },
    );
    let storage = |action: &str| {
        json!({ "type": "Microsoft.Storage/storageAccounts", "apiVersion": "2023-01-01", "name": "stassets",
        "properties": { "networkAcls": { "defaultAction": action } } })
    };
    let image =
        with("/properties/customize", json!([{ "type": "Shell", "scriptUri": plain.trim_matches('"') }]));
    assert_eq!(places(rule, &template(&[image.clone(), storage("Deny")], json!({}))), [plain]);
    assert_eq!(places(rule, &template(&[image, storage("Allow")], json!({}))), [""; 0]);
}

#[test]
fn build_vms_get_through_firewalls() {
    let rule = "firewalled-vault";
    let head = |facts: &str| {
        let vault = format!("existing vault kv {{ name = \"kv-builds\"\n {facts} }}\n");
        format!("existing identity vm {{ name = \"id-vm\" }}\n{vault}{}", subnets(""))
    };
    let steps = "shell = 'echo \"$T\" | wc -c' { secrets = { T = kv.secret(\"token\") } }";
    let body = "build { vm_identities = [vm] }";
    let closed = head("firewalled = true");
    let image = Image { head: &closed, body, steps, ..IMAGE };
    raises(rule, &image, "kv.secret(\"token\")");
    passes(rule, &Image { body: "build { vm_identities = [vm], subnet = vms }", ..image });
    passes(rule, &Image { head: &head("firewalled = false"), ..image });
    passes(rule, &Image { head: &head(""), ..image });
    passes(rule, &Image { steps: "shell = \"date\"", ..image });
}

#[test]
fn mends_are_written_in_place() {
    let windows = platform("MicrosoftWindowsServer", "WindowsServer", "2016-Datacenter", "windows");
    let body = "build { vm_size = \"Standard_D4s_v5\", disk_size = 100GB }\non_error { validation = abort }";
    let steps = "windows_update { filters = [\"include:$true\"] }\nrestart { timeout = 10m }";
    let text = Image { source: &windows, body, steps, ..IMAGE }.text();
    let place = Place::with(&[("web.aib", &text)]);
    place.run(&["check", "--unsafe-fix", "web.aib"]).code(0);
    let mended = place.read("web.aib");
    for part in ["disk_size = 127GB", "validation = cleanup", "timeout = 30m"] {
        assert!(mended.contains(part), "{mended}");
    }
    let client = platform("MicrosoftWindowsDesktop", "windows-11", "win11-25h2-ent", "windows");
    let body = "build { vm_size = \"Standard_D4s_v5\" }";
    let steps = "powershell = \"date\" { elevated = true }";
    place.write("web.aib", Image { source: &client, body, steps, ..IMAGE }.text());
    place.run(&["check", "--unsafe-fix", "web.aib"]).code(0);
    assert!(
        place.read("web.aib").contains("{ as_system = true, elevated = true }"),
        "{}",
        place.read("web.aib")
    );
}

#[test]
fn vms_do_not_stay_unseen() {
    let rule = "vm-left-running";
    raises(rule, &Image { body: "on_error { customizer = abort }", ..IMAGE }, "abort");
    passes(rule, &Image { body: "on_error { customizer = cleanup }", ..IMAGE });
    passes(rule, &IMAGE);
    let both = json!({ "onCustomizerError": "abort", "onValidationError": "abort" });
    assert_eq!(places(rule, &with("/properties/errorHandling", both)), ["\"abort\""]);
    let near = json!({ "onCustomizerError": "cleanup", "onValidationError": "<abort or cleanup>" });
    assert_eq!(places(rule, &with("/properties/errorHandling", near)), [""; 0]);
}

#[test]
fn vms_start_fast() {
    let rule = "no-boot-optimization";
    raises(rule, &IMAGE, "image web");
    raises(rule, &Image { body: "optimize { vm_boot = false }", ..IMAGE }, "false");
    passes(rule, &Image { body: "optimize { vm_boot = true }", ..IMAGE });
    passes(rule, &Image { body: "build { disk_size = 4096GB }", ..IMAGE });
    passes(rule, &Image { head: "param fast: bool", body: "optimize { vm_boot = fast }", ..IMAGE });
}

#[test]
fn sizes_boot_the_source() {
    let vhd = Image { targets: "vhd", ..IMAGE };
    let build = |size: &str| format!("build {{ vm_size = \"{size}\" }}");
    let with = |rule: &str, source: &str, size: &str| {
        raises(rule, &Image { source, body: &build(size), ..vhd }, &format!("\"{size}\""));
    };
    let without = |source: &str, size: &str| {
        for rule in ["size-without-generation-2", "size-for-other-architecture"] {
            passes(rule, &Image { source, body: &build(size), ..vhd });
        }
    };
    for size in [
        "Standard_D1_v2",
        "standard_d2_V3",
        "Standard_A2_v2",
        "Standard_E4_v3",
        "Standard_NC6_Promo",
        "Basic_A1",
    ] {
        with("size-without-generation-2", LINUX, size);
        without("marketplace.ubuntu_24_04_gen1", size);
    }
    for size in ["Standard_D4ps_v5", "Standard_E4pds_v6", "standard_b2PTS_v2"] {
        with("size-for-other-architecture", LINUX, size);
        without("marketplace.ubuntu_24_04_arm64", size);
    }
    for size in ["Standard_D4s_v5", "Standard_D2_v2", "Standard_E8-4ads_v5"] {
        with("size-for-other-architecture", "marketplace.ubuntu_24_04_arm64", size);
    }
    for size in [
        "Standard_D2s_v3",
        "Standard_DS1_v2",
        "Standard_E4-2s_v3",
        "Standard_D2_v4",
        "Standard_F2s_v2",
        "Standard_NC6s_v3",
        "Standard_NC4as_T4_v3",
        "Standard_NV4as_v4",
        "Standard_G1",
        "Standard_B2ms",
        "Standard_H8",
        "Standard_X4ps_v9",
        "<size>",
        "Standard_<size>_v2",
    ] {
        without(LINUX, size);
    }
    // What nobody knows of its source.
    let unknown = "platform_image(publisher = \"contoso\", offer = \"linux\", sku = \"9\", os = linux)";
    without(unknown, "Standard_D2_v2");
    without(unknown, "Standard_D4ps_v5");
    passes(
        "size-without-generation-2",
        &Image { head: "param size: string", body: "build { vm_size = size }", ..vhd },
    );

    let mut document = with_size("Standard_D4_v2");
    assert_eq!(places("size-without-generation-2", &document), ["\"Standard_D4_v2\""]);
    document["properties"]["source"]["sku"] = json!("22_04-lts");
    assert!(places("size-without-generation-2", &document).is_empty());
}

/// An image in JSON from a source of generation 2, on a VM of this size.
fn with_size(size: &str) -> Value {
    let mut document = with(
        "/properties/source",
        json!({ "type": "PlatformImage", "publisher": "Canonical", "offer": "0001-com-ubuntu-server-jammy", "sku": "22_04-lts-gen2", "version": "latest" }),
    );
    document["properties"]["vmProfile"] = json!({ "vmSize": size });
    document
}

#[test]
fn sizes_and_timeouts_fit_windows() {
    let rule = "windows-small-size";
    let build = |size: &str| format!("build {{ vm_size = \"{size}\" }}");
    let windows = Image { source: "marketplace.windows_server_2022_gen1", ..IMAGE };
    for size in ["Standard_D1_v2", "Standard_DS1_v2", "standard_b1ms", "Standard_A1_v2"] {
        raises(rule, &Image { body: &build(size), ..windows }, &format!("\"{size}\""));
    }
    for size in ["Standard_D2_v2", "Standard_DS11_v2", "Standard_B2ms", "Standard_D16s_v5", "<size>"] {
        passes(rule, &Image { body: &build(size), ..windows });
    }
    passes(rule, &Image { body: &build("Standard_B1ms"), ..IMAGE });

    let rule = "restart-too-short";
    let body = build("Standard_D4s_v5");
    let old = Image { source: "marketplace.windows_server_2016", body: &body, ..IMAGE };
    let update = "windows_update { filters = [\"include:$true\"] }\n";
    let steps = |timeout: &str| format!("{update} restart \"r\" {timeout}");
    raises(rule, &Image { steps: &steps(""), ..old }, "restart \"r\"");
    raises(rule, &Image { steps: &steps("{ timeout = 10m }"), ..old }, "10m");
    passes(rule, &Image { steps: &steps("{ timeout = 30m }"), ..old });
    passes(rule, &Image { steps: &steps("{ timeout = 1h }"), ..old });
    passes(rule, &Image { source: WINDOWS, steps: &steps(""), ..old });
    passes(rule, &Image { steps: "powershell = \"date\"\nrestart", ..old });
    let server = json!({ "type": "PlatformImage", "publisher": "MicrosoftWindowsServer", "offer": "WindowsServer", "sku": "2016-Datacenter", "version": "latest" });
    let mut document = with("/properties/source", server);
    let restarts = |timeout: &str| json!([{ "type": "WindowsUpdate" }, { "type": "WindowsRestart", "restartTimeout": timeout }]);
    document["properties"]["customize"] = restarts("1200s");
    assert_eq!(places(rule, &document), ["\"1200s\""]);
    document["properties"]["customize"] = restarts("1h0m");
    assert_eq!(places(rule, &document), [""; 0]);
}

#[test]
fn the_same_is_said_of_json() {
    let image = |change: fn(&mut Value)| {
        let mut image = with("/tags", json!({}));
        change(&mut image["properties"]);
        image
    };
    let fixed = image(|p| {
        p["autoRun"] = json!({ "state": "Enabled" });
        p["distribute"][0]["galleryImageId"] =
            json!(format!("{}/versions/1.0.0", p["distribute"][0]["galleryImageId"].as_str().unwrap()));
    });
    assert_eq!(places("fixed-version-auto-run", &fixed).len(), 1);
    let disk = image(|p| {
        p["source"] = json!({ "type": "PlatformImage", "publisher": "MicrosoftWindowsServer", "offer": "WindowsServer", "sku": "2022-datacenter-g2", "version": "latest" });
        p["customize"] = json!([]);
        p["vmProfile"]["osDiskSizeGB"] = json!(100);
    });
    assert_eq!(places("disk-too-small", &disk), ["100"]);
    let only = image(|p| p["validate"] = json!({ "sourceValidationOnly": true, "inVMValidations": [] }));
    assert_eq!(places("source-only-validation", &only), ["true"]);
    let restart = image(|p| {
        p["source"] = json!({ "type": "PlatformImage", "publisher": "MicrosoftWindowsServer", "offer": "WindowsServer", "sku": "2022-datacenter-g2", "version": "latest" });
        p["customize"] = json!([{ "type": "WindowsRestart" }, { "type": "PowerShell", "inline": ["date"] }]);
    });
    assert_eq!(places("idle-restart", &restart), ["\"WindowsRestart\""]);
    let cis = image(|p| p["source"]["publisher"] = json!("center-for-internet-security-inc"));
    assert_eq!(places("hardened-source", &cis).len(), 1);
}

#[test]
fn what_is_computed_may_be_anything() {
    let computed =
        json!("[shallowMerge(createArray(parameters('own'), createObject('source', parameters('source'))))]");
    let parameters = json!({ "parameters": { "own": { "type": "object" }, "source": { "type": "object" } } });
    let place = Place::with(&[]);
    for (pointer, value) in [
        ("/properties", computed.clone()),
        ("/properties/vmProfile", json!("[parameters('own')]")),
        ("/properties/vmProfile/vnetConfig", json!("[parameters('own')]")),
    ] {
        place.write("web.json", template(&[with(pointer, value)], parameters.clone()).to_string());
        says(&place, &["check", "--format", "short", "--lint", "network=info", "web.json"], &[], &["AIB75"]);
    }
    for (pointer, value) in
        [("/properties", computed), ("/properties/optimize", json!("[parameters('own')]"))]
    {
        place.write("web.json", template(&[with(pointer, value)], parameters.clone()).to_string());
        says(
            &place,
            &["check", "--format", "short", "--lint", "cost-and-time=info", "web.json"],
            &[],
            &["AIB76", "AIB77"],
        );
    }
}

#[test]
fn advice_is_given_to_those_who_ask() {
    let text = Image { body: "name = \"it-web\"", steps: "shell = \"date\"", ..IMAGE }.text();
    let place = Place::with(&[("web.aib", &text)]);
    let plain = ["check", "--format", "short", "web.aib"];
    says(&place, &plain, &[], &["AIB751", "AIB737"]);
    let ask = |level: &'static str| [&plain[..3], &["--lint", level, plain[3]]].concat();
    says(&place, &ask("no-build-network=warning"), &["warning[AIB751]"], &["AIB737"]);
    // The level of a category is that of the advice in it.
    says(&place, &ask("network=info"), &["info[AIB751]"], &["AIB737"]);
    says(&place, &ask("network=off"), &[], &["AIB751"]);
    place.write("aib.toml", "[lints]\nschema = \"info\"\nnetwork = \"error\"\nno-build-network = \"off\"\n");
    says(&place, &plain, &["info[AIB737]"], &["AIB751"]);
    // The same for templates in JSON.
    place.write("web.json", with("/tags", json!({ "a": "b" })).to_string());
    says(&place, &["check", "--format", "short", "web.json"], &["info[AIB737]"], &["AIB751"]);
    place.write("aib.toml", "");
    says(&place, &["check", "--format", "short", "web.json"], &[], &["AIB737"]);
    // What lets advice pass is of use, asked for or not.
    let allowed =
        text.replace("image web {", "// aib: allow(no-build-network) because there is none yet\nimage web {");
    place.write("web.aib", allowed);
    says(&place, &plain, &[], &["AIB742"]);
    says(&place, &ask("network=warning"), &[], &["AIB751"]);
    says(&place, &["rules", "--category", "network"], &["no-build-network        off"], &[]);
    says(&place, &["rules", "--format", "json"], &["\"on\": false"], &[]);
    says(&place, &["explain", "no-build-network"], &["off until a level is set"], &[]);
}
