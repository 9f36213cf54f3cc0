//! The script of `--emit deploy`, run against a stand-in for `az` that records its calls and answers from files.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::cli::Place;
use super::project::path;

/// A chain: `next` is built from what `web` makes.
const CHAIN: &str = r#"import std/marketplace

param owner: string = "team's images"

identity builder { location = "westeurope" }

gallery shared {
  location = "westeurope"
  definition web {
    os = linux
    identifier = { publisher = "Contoso", offer = "web", sku = "1" }
  }
}

image web {
  location = "westeurope"
  identity = builder
  tags = { owner = owner }
  source = marketplace.ubuntu_24_04
  customize { shell "first" = "sudo apt-get install -y nginx" }
  distribute { gallery shared.web { regions = ["westeurope"] } }
}

image next {
  location = "westeurope"
  identity = builder
  source = shared.web
  customize { shell "first" = "sudo apt-get install -y nginx" }
  distribute { managed_image "img-next" }
}
"#;

/// A folder with a script, the stand-in, and its answers.
struct Scene {
    place: Place,
}

struct Ran {
    code: Option<i32>,
    text: String,
}

impl Scene {
    fn new(source: &str, args: &[&str]) -> Self {
        let place = Place::with(&[("web.aib", source)]);
        let mut all = vec!["build", "web.aib", "--emit", "deploy"];
        all.extend(args);
        place.run(&all).code(0);
        place.write("bin/az", fs::read(path("tests/data/az.sh")).unwrap());
        place.write("az/calls", "");
        make_executable(place.path("bin/az"));
        Self { place }
    }

    fn command(&self, args: &[&str]) -> Command {
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new("bash");
        command
            .arg("out/web.deploy.sh")
            .args(["--resource-group", "rg-images", "--poll", "0"])
            .args(args)
            .current_dir(self.place.path(""))
            .env("PATH", format!("{}:{path}", self.place.path("bin").display()))
            .env("AZ", self.place.path("az"))
            .env("ROLE_WAIT", "0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn run(&self, args: &[&str]) -> Ran {
        self.place.write("az/calls", "");
        let output = self.command(args).output().unwrap();
        let text =
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        Ran { code: output.status.code(), text: without_times(&text) }
    }

    /// The calls, with the folder taken out.
    fn calls(&self) -> String {
        self.place
            .read("az/calls")
            .replace(&format!("{}/", self.place.path("").canonicalize().unwrap().display()), "")
            .replace(&self.place.path("").display().to_string(), "")
    }
}

fn make_executable(path: PathBuf) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// `12:34:56 web: Running` without the time.
fn without_times(text: &str) -> String {
    let line = |line: &str| match line.split_once(' ') {
        Some((time, rest)) if time.len() == 8 && time.matches(':').count() == 2 => format!("{rest}\n"),
        _ => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

fn has_bash() -> bool {
    let found = Command::new("bash").arg("--version").output().is_ok_and(|output| output.status.success());
    if !found {
        println!("skipped: there is no bash");
    }
    found
}

#[test]
fn a_first_run_makes_everything_and_builds_in_waves() {
    if !has_bash() {
        return;
    }
    let scene = Scene::new(CHAIN, &[]);
    scene.place.write("az/group", "false");
    scene.place.write("az/provider-Microsoft.ContainerInstance", "NotRegistered");
    let ran = scene.run(&["--set", "owner=me & you = 'us'"]);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
    insta::assert_snapshot!("first", ran.text);
    insta::assert_snapshot!("first_calls", scene.calls());

    // The second run makes nothing anew, and builds again.
    let ran = scene.run(&[]);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
    let calls = scene.calls();
    assert!(
        !calls.contains("image-web.json")
            && !calls.contains("provider register")
            && !calls.contains("\ngroup create"),
        "{calls}"
    );
    assert!(ran.text.contains("web is there already and stays as it is"), "{}", ran.text);

    // Who may not look at providers goes on without.
    scene.place.write("az/blind", "");
    let ran = scene.run(&["--no-build"]);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
    assert!(ran.text.contains("can't be seen; going on"), "{}", ran.text);

    // The next replaces them.
    let ran = scene.run(&["--replace", "--no-build"]);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
    let calls = scene.calls();
    assert!(
        calls.contains("image-web.json")
            && calls.contains("builder delete")
            && !calls.contains("builder run"),
        "{calls}"
    );
}

#[test]
fn a_build_that_fails_ends_with_the_place_of_its_log() {
    if !has_bash() {
        return;
    }
    let scene = Scene::new(CHAIN, &[]);
    scene.place.write("az/states-web", "- - -\n2026 Running Customizing\n2026 Failed -\n");
    let ran = scene.run(&[]);
    assert_eq!(ran.code, Some(1), "{}", ran.text);
    insta::assert_snapshot!("failed", ran.text);
    // What is built from it is not even made.
    assert!(!scene.calls().contains("image-next.json"));
}

#[test]
fn roles_that_do_not_work_yet_are_waited_for() {
    if !has_bash() {
        return;
    }
    let scene = Scene::new(CHAIN, &[]);
    scene.place.write("az/refuse", "2");
    scene.place.write("az/refusal", "Not authorized to access the resource: … please check the user assigned identity has the correct permissions\n");
    let ran = scene.run(&["--no-build"]);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
    assert_eq!(ran.text.matches("the roles do not work yet").count(), 2, "{}", ran.text);
    // Any other refusal ends it.
    scene.place.write("az/refuse", "1");
    scene.place.write("az/refusal", "InvalidTemplateDeployment: the SKU is not there\n");
    let ran = scene.run(&["--no-build", "--replace"]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.text.contains("the SKU is not there") && ran.text.ends_with("error: web could not be deployed\n"),
        "{}",
        ran.text
    );
    // One that failed when it was made is in the way of the next.
    fs::create_dir_all(scene.place.path("az/templates/web")).unwrap();
    scene.place.write("az/templates/web/provisioned", "Failed\n");
    let ran = scene.run(&["--no-build"]);
    assert!(ran.text.contains("deleting web, which is Failed"), "{}", ran.text);
}

#[test]
fn what_if_changes_nothing() {
    if !has_bash() {
        return;
    }
    let scene = Scene::new(CHAIN, &[]);
    let ran = scene.run(&["--what-if"]);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
    for call in scene.calls().lines() {
        let reads = ["account show", "group exists", "deployment group what-if"];
        assert!(reads.iter().any(|read| call.starts_with(read)), "{call}");
    }
    scene.place.write("az/group", "false");
    assert_eq!(scene.run(&["--what-if"]).code, Some(1));
}

#[test]
fn an_interruption_says_how_to_stop_what_was_started() {
    if !has_bash() {
        return;
    }
    let scene = Scene::new(CHAIN, &[]);
    scene.place.write("az/states-web", "2026 Running Building\n");
    let mut command = scene.command(&["--poll", "1"]);
    let child: Child = command.spawn().unwrap();
    let start = Instant::now();
    while !scene.place.read("az/calls").contains("join(") {
        assert!(start.elapsed() < Duration::from_secs(60), "{}", scene.calls());
        std::thread::sleep(Duration::from_millis(20));
    }
    Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(said.contains("az image builder cancel --resource-group rg-images --name web"), "{said}");
}

#[test]
fn cleaning_up_leaves_what_would_take_its_image_along() {
    if !has_bash() {
        return;
    }
    let vhd = CHAIN.replace("managed_image \"img-next\"", "vhd { output = \"disk\" }");
    let scene = Scene::new(&vhd, &[]);
    assert_eq!(scene.run(&["--no-build"]).code, Some(0));
    let ran = scene.run(&["--clean-up"]);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
    assert!(ran.text.contains("deleting web") && ran.text.contains("next stays"), "{}", ran.text);
    let ran = scene.run(&["--replace", "--no-build"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.text.contains("next has a VHD in its staging group"), "{}", ran.text);
}

#[test]
fn arguments_are_checked() {
    if !has_bash() {
        return;
    }
    let scene = Scene::new(CHAIN, &[]);
    for (args, said) in [
        (&["--nope"][..], "there is no option --nope"),
        (&["--set"], "--set wants a value"),
        (&["--resource-group", ""], "name the resource group"),
        (&["--poll", "soon"], "--poll wants a number"),
        (&["--set", "unknown=x"], "there is no parameter unknown"),
        (&["--set", "owner"], "--set wants NAME=VALUE, not owner"),
    ] {
        let ran = scene.run(args);
        assert_eq!(ran.code, Some(1), "{}", ran.text);
        assert!(ran.text.contains(said), "{}", ran.text);
        assert_eq!(scene.calls(), "");
    }
    scene.place.write("az/login", "1");
    assert!(scene.run(&[]).text.contains("az is not logged in"));
    assert_eq!(scene.run(&["--help"]).code, Some(0));
}

/// With `--together` the roles go with what is no image.
#[test]
fn roles_in_the_template_go_first_too() {
    if !has_bash() {
        return;
    }
    let scene = Scene::new(CHAIN, &["--together"]);
    let ran = scene.run(&[]);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
    let calls = scene.calls();
    assert!(!calls.contains("roles.json") && calls.contains("base.json"), "{calls}");
    assert!(scene.place.read("out/web.parts/base.json").contains("Microsoft.Authorization/roleAssignments"));
}

/// The service's own principal is a parameter of what grants the roles alone, and may be given by hand.
#[test]
fn each_part_gets_the_parameters_that_it_has() {
    if !has_bash() {
        return;
    }
    let source = r#"import std/marketplace
param owner: string = "team"
existing identity builder { name = "id-aib" }
existing subnet vms {
  vnet = "vnet-build"
  name = "snet"
  resource_group = "rg-network"
}
image web {
  name = "web-${content_hash()}"
  location = "westeurope"
  tags = { owner = owner }
  identity = builder
  source = marketplace.windows_server_2025
  build {
    vm_size = "Standard_D4s_v5"
    subnet = vms
    staging_group = existing("rg-staging")
  }
  customize { powershell "first" = "Write-Output one" }
  distribute { managed_image "img-web" }
}
"#;
    let scene = Scene::new(source, &["--together"]);
    assert_eq!(scene.run(&["--no-build", "--set", "owner=us"]).code, Some(0));
    let calls = scene.calls();
    let call = |part: &str| calls.lines().find(|line| line.contains(part)).unwrap().to_owned();
    assert!(call("base.json").contains("imageBuilderPrincipalId=0000"), "{calls}");
    assert!(
        !call("image-web").contains("imageBuilderPrincipalId") && call("image-web").contains("owner=us"),
        "{calls}"
    );
    let ran = scene.run(&["--no-build", "--set", "imageBuilderPrincipalId=mine"]);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
    assert!(!scene.calls().contains("ad sp show") && scene.calls().contains("imageBuilderPrincipalId=mine"));
}

/// Two roles are two, though one group may be named in two ways, and though two files have one name.
#[test]
fn no_two_roles_share_an_id() {
    let source = |target: &str| {
        format!(
            "import std/marketplace\nexisting identity builder {{ name = \"id-aib\" }}\nexisting gallery g {{ name = \"gal\"\nresource_group = \"rg-g\"\nlocation = \"westeurope\"\ndefinition d {{ os = linux }} }}\nimage web {{\nlocation = \"westeurope\"\nidentity = builder\nsource = marketplace.ubuntu_24_04\ndistribute {{ {target} }} }}\n"
        )
    };
    let both = source("gallery g.d { regions = [\"westeurope\"] }\nmanaged_image \"img\"");
    let place =
        Place::with(&[("web/main.aib", &both), ("db/main.aib", &both.replace("image web", "image db"))]);
    let seeds = |folder: &str| -> Vec<String> {
        place.run(&["build", &format!("{folder}/main.aib"), "-o", &format!("out/{folder}")]).code(0);
        let text = place.read(&format!("out/{folder}/main.roles.json"));
        text.lines()
            .filter(|line| line.contains("\"role1\": \"[guid("))
            .map(|l| l.split_once("'aib'").unwrap().1.to_owned())
            .collect()
    };
    let (web, db) = (seeds("web"), seeds("db"));
    assert_eq!(web.len(), 2, "{web:?}");
    assert_ne!(web[0], web[1]);
    assert!(web.iter().all(|seed| !db.contains(seed)), "{web:?} {db:?}");
}

/// Names that a shell would take apart do no harm.
#[test]
fn what_stands_in_the_script_is_quoted() {
    if !has_bash() {
        return;
    }
    let scene = Scene::new(CHAIN, &[]);
    fs::rename(scene.place.path("web.aib"), scene.place.path("it's $(touch bad) \"x\".aib")).unwrap();
    scene.place.run(&["build", "it's $(touch bad) \"x\".aib", "--emit", "deploy"]).code(0);
    let script = "out/it's $(touch bad) \"x\".deploy.sh";
    let output =
        Command::new("bash").arg(script).arg("--help").current_dir(scene.place.path("")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(!scene.place.path("bad").exists());
}

/// The name of each image has to be known when the script is written.
#[test]
fn names_that_only_azure_knows_are_asked_for() {
    let source = CHAIN
        .replace("image web {", "image web {\n  name = \"web-${owner}\"")
        .replace("team's images", "team");
    let place = Place::with(&[("web.aib", &source)]);
    place
        .run(&["build", "web.aib", "--emit", "deploy"])
        .code(1)
        .tells("the script can't name the image template `web`");
    place.run(&["build", "web.aib", "--emit", "deploy", "--set", "owner=us"]).code(0);
    assert!(place.read("out/web.deploy.sh").contains("IMAGES=('web-us' 'next')"));
}

/// Where shellcheck is there, it has nothing to say.
#[test]
fn shellcheck_finds_nothing() {
    let scene = Scene::new(CHAIN, &[]);
    match Command::new("shellcheck").arg(scene.place.path("out/web.deploy.sh")).output() {
        Ok(output) => assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout)),
        Err(_) => println!("skipped: there is no shellcheck"),
    }
}

/// The same for PowerShell: it reads as a script, and holds what the other holds.
#[test]
fn the_script_for_powershell() {
    let place = Place::with(&[("it's.aib", CHAIN)]);
    place.run(&["build", "it's.aib", "--emit", "deploy", "--shell", "pwsh"]).code(0);
    let script = place.read("out/it's.deploy.ps1");
    let head = script.split_once("$PSNativeCommandUseErrorActionPreference = $false\n\n").unwrap().1;
    let head = head.split_once("\n\nif (").unwrap().0;
    insta::assert_snapshot!("powershell_head", head);
    let read = aib::script::read(&script, aib::script::Dialect::PowerShell);
    assert!(read.faults.is_empty() && read.commands.len() > 50, "{:?}", read.faults);
    let mut parser = tree_sitter::Parser::new();
    parser.set_language(&tree_sitter_powershell::LANGUAGE.into()).unwrap();
    let tree = parser.parse(&script, None).unwrap();
    let mut waiting = vec![tree.root_node()];
    while let Some(node) = waiting.pop() {
        let line = node.start_position().row;
        assert!(
            !node.is_error() && !node.is_missing(),
            "{}: {}",
            line + 1,
            script.lines().nth(line).unwrap()
        );
        waiting.extend(node.children(&mut node.walk()));
    }
    match Command::new("pwsh")
        .args(["-NoProfile", "-File"])
        .arg(place.path("out/it's.deploy.ps1"))
        .args(["-ResourceGroup", ""])
        .output()
    {
        Ok(output) => assert!(!output.status.success()),
        Err(_) => println!("skipped: there is no pwsh"),
    }
}

/// The page lists every option of both scripts.
#[test]
fn the_page_lists_every_option() {
    let read = |name: &str| fs::read_to_string(path(name)).unwrap();
    let (page, shell, pwsh) = (
        read("docs/reference/deploy.md"),
        read("src/emit/deploy/deploy.sh"),
        read("src/emit/deploy/deploy.ps1"),
    );
    let usage = shell.split("USAGE").nth(1).unwrap();
    let long = usage.lines().filter_map(|line| line.trim_start().strip_prefix("--")?.split(' ').next());
    let long: Vec<String> = long.map(|name| format!("`--{name}")).collect();
    let of_pwsh = pwsh.lines().filter_map(|line| line.strip_prefix(".PARAMETER "));
    let of_pwsh: Vec<String> = of_pwsh.map(|name| format!("`-{name}`")).collect();
    assert!(long.len() == 12 && of_pwsh.len() == 12, "{long:?} {of_pwsh:?}");
    for option in long.iter().chain(&of_pwsh) {
        assert!(page.contains(option), "{option}");
    }
}
