//! The rules: what each reports and where, what it lets pass, and what looks like a mistake but is none.

use aib::diag::Severity;

use super::pipeline::{Outcome, run};

const IDENTITY: &str = "existing identity builder { name = \"id-builder\" }\n";
const LINUX: &str = "marketplace.ubuntu_24_04";
const WINDOWS: &str = "marketplace.windows_server_2022";
const SHA: &str = "sha256 = \"2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae\"";

/// A step that takes all files from where they were put.
const TAKEN: &str = "shell \"take\" = \"sudo cp -r /tmp /opt\"\n";

/// An image: `body` stands beside its source, `steps` in `customize`.
fn image(source: &str, body: &str, steps: &str, targets: &str) -> String {
    format!(
        "import std/linux\nimport std/marketplace\nimport std/windows\n{IDENTITY}\nimage web {{\n  location = \"westeurope\"\n  \
         identity = builder\n  source = {source}\n  {body}\n  customize {{\n{steps}\n  }}\n  distribute {{ {targets} }}\n}}\n"
    )
}

fn linux(steps: &str) -> String {
    image(LINUX, "", steps, "managed_image \"img\"")
}

fn windows(steps: &str) -> String {
    image(WINDOWS, "build { vm_size = \"Standard_D4s_v5\" }", steps, "managed_image \"img\"")
}

/// An image for a definition of an existing gallery in West Europe.
fn gallery(source: &str, facts: &str, target: &str) -> String {
    let text = image(source, "", "", target);
    format!(
        "{text}\nexisting gallery g {{\n  name = \"images\"\n  location = \"westeurope\"\n  definition web {{ {facts} }}\n}}\n"
    )
}

fn check(source: &str) -> Outcome {
    run(&[("main.aib", source)])
}

/// The source raises exactly these codes, at these texts.
#[track_caller]
fn raises(source: &str, expected: &[(&str, &str)]) {
    let outcome = check(source);
    assert_eq!(outcome.codes(), expected, "{}\n{source}", outcome.describe());
}

#[track_caller]
fn silent(source: &str) {
    raises(source, &[]);
}

fn file(name: &str, destination: &str) -> String {
    format!(
        "file \"{name}\" {{\n source = \"https://example.com/{name}\"\n {SHA}\n destination = {destination}\n}}\n"
    )
}

#[test]
fn steps_run_on_the_system_of_the_image() {
    raises(&linux("restart \"again\""), &[("AIB401", "restart \"again\"")]);
    raises(&windows("shell = \"date\""), &[("AIB401", "shell")]);
    // A recipe is reported where it is used, once, however many steps it has.
    raises(&linux("use windows.iis"), &[("AIB401", "use windows.iis")]);
    silent(&linux("shell = \"date\""));
    silent(&windows("powershell = \"Get-Date\""));
    // Nobody says what the image is, but it cannot be both.
    let unknown = "platform_image(publisher = \"a\", offer = \"b\", sku = \"c\")";
    let both = "shell = \"date\"\npowershell \"other\" = \"Get-Date\"";
    raises(&image(unknown, "", both, "managed_image \"img\""), &[("AIB401", "powershell \"other\"")]);
    silent(&image(unknown, "", "powershell = \"Get-Date\"", "managed_image \"img\""));
}

#[test]
fn requirements_are_provided_before() {
    let docker = "shell \"pull\" = \"sudo docker pull x\" { requires = [\"docker\"] }\n";
    raises(&linux(docker), &[("AIB402", "\"docker\"")]);
    let outcome = check(&linux(&format!("{docker} use linux.docker")));
    assert_eq!(outcome.codes(), [("AIB402", "\"docker\"")]);
    let places: Vec<&str> = outcome.found[0].labels.iter().map(|l| l.message.as_str()).collect();
    assert_eq!(places, ["step `pull` requires it", "step `docker` provides it, but runs later"]);
    silent(&linux(&format!("use linux.docker\n{docker}")));
    // Spelling is helped.
    let outcome = check(&linux("use linux.docker\nshell = \"date\" { requires = [\"dokcer\"] }"));
    assert_eq!(outcome.found[0].help.as_deref(), Some("did you mean `docker`?"));
    // Nothing is known of an image that others make.
    silent(&image(
        "gallery_version(id = \"/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/r/providers/Microsoft.Compute/galleries/g/images/d/versions/latest\")",
        "os = linux",
        docker,
        "managed_image \"img\"",
    ));
}

#[test]
fn what_a_parent_provides_its_child_has() {
    let chain = |child: &str| {
        let parent = gallery(LINUX, "os = linux", "gallery g.web { regions = [\"westeurope\"] }")
            .replace("customize {", "customize { use linux.docker");
        format!(
            "{parent}\nimage child {{\n location = \"westeurope\"\n identity = builder\n source = web\n customize {{ {child} }}\n \
             distribute {{ managed_image \"child\" }}\n}}\n"
        )
    };
    silent(&chain("use linux.container_images([\"x\"])"));
    raises(&chain("shell = \"date\" { requires = [\"podman\"] }"), &[("AIB402", "\"podman\"")]);
}

#[test]
fn checks_may_require_what_customize_provided() {
    let with = |steps: &str| {
        image(
            LINUX,
            "validate { shell \"works\" = \"sudo docker ps\" { requires = [\"docker\"] } }",
            steps,
            "managed_image \"img\"",
        )
    };
    silent(&with("use linux.docker"));
    raises(&with("shell = \"date\""), &[("AIB402", "\"docker\"")]);
}

#[test]
fn files_are_there_before_they_are_used() {
    let put = file("app", "\"/tmp/app.conf\"");
    let use_it = "shell \"use\" = '''\n  date\n  sudo install -m 0644 /tmp/app.conf /etc/app.conf\n'''\n";
    raises(&linux(&format!("{use_it}{put}")), &[("AIB403", "/tmp/app.conf")]);
    silent(&linux(&format!("{put}{use_it}")));
    for near in [
        "shell = \"rm -f /tmp/app.conf\"",
        "shell = \"echo x > /tmp/app.conf; sudo cat /tmp/app.conf\"",
        "shell = \"curl -fsS -o /tmp/app.conf https://example.com/app.conf\"",
        "shell = \"sudo cat /tmp/app.conf.default\"",
        "shell = \"# /tmp/app.conf comes later\"",
        "shell = \"echo 'see /tmp/app.conf'\"",
        "shell = \"cp /etc/app.conf /tmp/app.conf\"",
        "shell = \"test -e /tmp/app.conf || date\"",
    ] {
        silent(&linux(&format!("{near}\n{put}{TAKEN}")));
    }
}

#[test]
fn restarts_are_done_where_they_must_be() {
    let feature = "powershell \"feature\" = \"Install-WindowsFeature x\" { needs_restart = true, provides = [\"x\"] }\n";
    let update = "windows_update \"update\" { filters = [\"include:$true\"] }\n";
    raises(&windows(&format!("{feature}{update} restart")), &[("AIB404", "windows_update \"update\"")]);
    silent(&windows(&format!("{feature} restart\n{update} restart")));
    // Updates restart the machine themselves; a step without `needs_restart` leaves nothing pending.
    silent(&windows(&format!("powershell = \"Get-Date\"\n{update} restart")));
    raises(&windows(update), &[("AIB412", "windows_update \"update\"")]);
    // What follows and restarts nothing changes nothing.
    for after in [
        "powershell = \"Remove-Item C:\\\\Installers -Recurse\"",
        "powershell = \"Get-Date\"\npowershell = \"Get-Service\"",
        "file { source = \"https://example.com/1/a.txt\"\n sha256 = \"2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae\"\n destination = 'C:\\a.txt' }",
    ] {
        raises(&windows(&format!("{update}{after}")), &[("AIB412", "windows_update \"update\"")]);
    }
    for near in [
        "powershell = \"Get-Date\"\nrestart",
        "restart\npowershell = \"Get-Date\"",
        "powershell = \"Write-Host 'Restart-Computer comes later'\"",
        "powershell = \"Get-Help Restart-Computer\"",
        "powershell = \"# shutdown /r\"",
        "powershell = \"Test-Path 'HKLM:\\\\SOFTWARE\\\\RebootPending'\"",
        "powershell = \"Register-ScheduledTask -TaskName reboot\"",
        "powershell = \"& C:\\\\Build\\\\harden.ps1 -Level 2\"",
        "powershell = \"Start-Process C:\\\\setup.exe -Wait\"",
        "powershell { script = \"https://example.com/1/a.ps1\"\n sha256 = \"2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae\" }",
        "powershell = \"Get-Date\"\nrestart\npowershell = \"Get-Date\"",
        "use windows.updates",
    ] {
        silent(&windows(&format!("{update}{near}")));
    }
    silent(&windows("use windows.updates"));
    raises(&windows(feature), &[("AIB404", "powershell \"feature\"")]);
    let user = "powershell \"use\" = \"Get-Date\" { requires = [\"x\"] }\n";
    raises(&windows(&format!("{feature}{user} restart")), &[("AIB404", "\"x\"")]);
    silent(&windows(&format!("{feature} restart\n{user}")));
    // Linux has no restart step, and a new VM is a new boot.
    silent(&linux("shell = \"sudo apt-get -y dist-upgrade\" { needs_restart = true }"));
}

#[test]
fn nothing_follows_generalisation() {
    let more = "\nshell \"more\" = \"date\"";
    let waagent = "shell = \"sudo /usr/sbin/waagent -force -deprovision+user && export HISTSIZE=0\"";
    raises(
        &linux(&format!("{waagent}{more}")),
        &[("AIB405", "sudo /usr/sbin/waagent -force -deprovision+user")],
    );
    let sysprep =
        "powershell = '& $env:SystemRoot\\System32\\Sysprep\\Sysprep.exe /oobe /generalize /quiet /quit'";
    let found = check(&windows(&format!("{sysprep}\npowershell = \"Get-Date\"")));
    assert_eq!(found.found[0].severity.name(), "error");
    assert_eq!(check(&windows(sysprep)).found[0].severity.name(), "warning");
    let level = |script: &str| {
        let found = check(&linux(&format!("shell = '''\n{script}\n'''"))).found;
        assert_eq!(found.len(), 1, "{script}");
        (found[0].severity.name(), found[0].title.contains("before other commands"))
    };
    assert_eq!(
        level("sudo waagent -deprovision+user -force\nsudo apt-get install -y nginx"),
        ("error", true)
    );
    assert_eq!(level("sudo waagent -deprovision -force\nsudo apt-get install -y nginx"), ("warning", true));
    assert_eq!(
        level("sudo waagent -deprovision+user -force\nsudo rm -f ~/.bash_history\nsync"),
        ("warning", false)
    );
    assert_eq!(
        level("sudo waagent -deprovision+user -force && export HISTSIZE=0 && sync"),
        ("warning", false)
    );
    for near in [
        "powershell = \"((Get-Content -path C:\\\\DeprovisioningScript.ps1 -Raw) -replace 'Sysprep.exe /oobe /generalize /quiet /quit','Sysprep.exe /oobe /generalize /quit /mode:vm') | Set-Content -Path C:\\\\DeprovisioningScript.ps1\"",
        "powershell = '''\n  # Sysprep.exe /generalize comes later\n  Write-Host 'Sysprep.exe /generalize'\n'''",
        "powershell = 'Remove-Item C:\\Windows\\System32\\Sysprep\\Panther\\unattend.xml'",
        "use windows.generalize_for_vm",
    ] {
        silent(&windows(&format!("{near}\npowershell = \"Get-Date\"")));
    }
    silent(&linux(&format!("shell = \"sudo waagent -version\"{more}")));
}

#[test]
fn scripts_do_not_stop_the_machine() {
    raises(
        &linux("shell \"kernel\" = '''\n  sudo apt-get install -y linux-azure\n  sudo reboot\n'''"),
        &[("AIB406", "sudo reboot")],
    );
    raises(&linux("shell = \"sudo systemctl reboot\""), &[("AIB406", "sudo systemctl reboot")]);
    raises(&windows("powershell = \"Restart-Computer -Force\""), &[("AIB406", "Restart-Computer -Force")]);
    raises(&windows("powershell = \"shutdown.exe /r /t 0\""), &[("AIB406", "shutdown.exe /r /t 0")]);
    for near in [
        "echo 'reboot to finish'",
        "# reboot",
        "test -e /var/run/reboot-required && touch /tmp/x",
        "sudo shutdown -c",
        "printf '%s' reboot",
        "sudo systemctl enable reboot-notify",
        "command -v reboot",
    ] {
        silent(&linux(&format!("shell = \"{near}\"")));
    }
    silent(&linux("shell = '''\n  cat > /tmp/finish.sh <<'END'\n  reboot\n  END\n'''"));
    silent(&windows("powershell = \"Write-Host 'Restart-Computer'; shutdown /a\""));
    silent(&windows("restart { command = \"shutdown /r /f /t 0\" }"));
}

#[test]
fn the_deprovisioning_script_stays() {
    raises(&linux("shell = \"sudo rm -rf /tmp/*\""), &[("AIB407", "sudo rm -rf /tmp/*")]);
    raises(
        &windows("powershell = 'Remove-Item C:\\DeprovisioningScript.ps1 -Force'"),
        &[("AIB407", "Remove-Item C:\\DeprovisioningScript.ps1 -Force")],
    );
    silent(&linux("shell = \"sudo rm -rf /tmp/app /tmp/app.*\""));
    silent(&windows("powershell = 'Remove-Item C:\\Temp\\* -Recurse'"));
    silent(&linux("use linux.cleanup"));
    silent(&windows("use windows.cleanup"));
}

#[test]
fn destinations_are_files_that_can_be_written() {
    raises(&linux(&file("a", "\"/etc/a\"")), &[("AIB408", "\"/etc/a\"")]);
    raises(&linux(&file("a", "'C:\\a'")), &[("AIB409", "'C:\\a'")]);
    raises(&windows(&file("a", "\"/tmp/a\"")), &[("AIB409", "\"/tmp/a\"")]);
    raises(&linux(&file("a", "\"/tmp/\"")), &[("AIB410", "\"/tmp/\"")]);
    raises(&linux(&file("a", "\"a.conf\"")), &[("AIB410", "\"a.conf\"")]);
    for near in ["\"/tmp/a\"", "\"/tmp/sub.a\"", "\"<destination>\""] {
        silent(&linux(&format!("{}{TAKEN}", file("a", near))));
    }
    silent(&windows(&file("a", "'C:\\a.conf'")));
    silent(&windows(&file("a", "\"C:/a.conf\"")));
}

#[test]
fn files_do_not_overwrite_each_other_unused() {
    let (first, second) = (file("a", "\"/tmp/x\""), file("b", "\"/tmp/x\""));
    raises(&linux(&format!("{first}{second}{TAKEN}")), &[("AIB411", "\"/tmp/x\"")]);
    silent(&linux(&format!("{first}shell = \"sudo mv /tmp/x /etc/a\"\n{second}{TAKEN}")));
    let (upper, lower) = (file("a", "'C:\\X'"), file("b", "'c:\\x'"));
    raises(&windows(&format!("{upper}{lower}")), &[("AIB411", "'c:\\x'")]);
    silent(&linux(&format!("{first}{}{TAKEN}", file("b", "\"/tmp/X\""))));
}

#[test]
fn credentials_are_not_written_down() {
    let key = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef==";
    let connection = format!("export C='DefaultEndpointsProtocol=https;AccountName=a;AccountKey={key}'");
    raises(&linux(&format!("shell = \"{connection}\"")), &[("AIB511", &format!("AccountKey={key}"))]);
    raises(
        &linux("shell = '''\n  date\n  sudo register --password hunter22\n'''"),
        &[("AIB512", "--password hunter22")],
    );
    raises(
        &linux("shell = \"date\" { env = { DB_PASSWORD = \"hunter22\" } }"),
        &[("AIB512", "\"hunter22\"")],
    );
    let tags = "tags = { key = \"ghp_0123456789abcdef0123456789abcdef0123\" }";
    raises(
        &image(LINUX, tags, "shell = \"date\"", "managed_image \"img\""),
        &[("AIB511", "ghp_0123456789abcdef0123456789abcdef0123")],
    );
    raises(
        &linux("shell = 'git clone https://x:ghp_0123456789abcdef0123456789abcdef0123@github.com/x/y'"),
        &[("AIB511", "ghp_0123456789abcdef0123456789abcdef0123")],
    );
    silent(&linux("shell = 'echo AKIAIOSFODNN7EXAMPLE ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'"));
    for near in [
        "docker login -u x --password-stdin",
        "sudo passwd -l root",
        "curl -H @/run/header https://example.com",
        "register --password <password>",
    ] {
        silent(&linux(&format!("shell = \"{near}\"")));
    }
    silent(&linux("shell = 'register --password \"$PASSWORD\"'"));
    silent(&linux("use linux.harden_ssh(passwords = false)"));
}

#[test]
fn definitions_match_their_source() {
    let to = "gallery g.web { regions = [\"westeurope\"] }";
    raises(&gallery(LINUX, "os = windows", to), &[("AIB610", "g.web")]);
    raises(&gallery(LINUX, "os = linux, generation = v1", to), &[("AIB610", "g.web")]);
    raises(&gallery(LINUX, "os = linux, architecture = arm64", to), &[("AIB610", "g.web")]);
    raises(&gallery(LINUX, "os = linux, os_state = specialized", to), &[("AIB615", "g.web")]);
    silent(&gallery(LINUX, "os = linux, generation = v2, architecture = x64", to));
    // What nobody states is not compared: the security type of a Marketplace image is not known.
    silent(&gallery(LINUX, "os = linux, security = trusted_launch_supported", to));
    silent(&gallery(LINUX, "", to));
}

#[test]
fn regions_are_unique_and_hold_the_definitions_own() {
    let to =
        |regions: &str| gallery(LINUX, "os = linux", &format!("gallery g.web {{ regions = [{regions}] }}"));
    raises(&to("\"westeurope\", \"West Europe\""), &[("AIB616", "\"West Europe\"")]);
    raises(&to("\"northeurope\""), &[("AIB617", "[\"northeurope\"]")]);
    raises(
        &to("{ name = \"westeurope\", replicas = 101 }"),
        &[("AIB618", "[{ name = \"westeurope\", replicas = 101 }]")],
    );
    silent(&to("\"northeurope\", { name = \"West Europe\", replicas = 2 }"));
    // A slip in a region's name is one mistake.
    raises(&to("\"westeurop\""), &[("AIB727", "\"westeurop\"")]);
    // The definition's own region decides; the gallery's is mostly the same.
    let severity = |facts: &str| {
        let outcome = check(&gallery(LINUX, facts, "gallery g.web { regions = [\"northeurope\"] }"));
        outcome.found.iter().map(|d| d.severity).collect::<Vec<_>>()
    };
    assert_eq!(severity("os = linux"), [Severity::Warning]);
    assert_eq!(severity("os = linux\n location = \"uksouth\""), [Severity::Error]);
    assert!(severity("os = linux\n location = \"northeurope\"").is_empty());
    // Placeholders and regions that only Azure knows say nothing.
    silent(&to("\"<region1>\""));
    silent(&to("\"northeurope\", azure.resource_group.location"));
}

#[test]
fn targets_differ() {
    raises(
        &image(LINUX, "", "shell = \"date\"", "managed_image \"a\"; managed_image \"A\""),
        &[("AIB619", "\"A\"")],
    );
    raises(
        &image(
            LINUX,
            "",
            "shell = \"date\"",
            "managed_image \"a\" { output = \"x\" }; vhd { output = \"X\", uri = \"https://a.example/v\" }",
        ),
        &[("AIB620", "\"X\"")],
    );
    silent(&image(
        LINUX,
        "",
        "shell = \"date\"",
        "managed_image \"a\"; managed_image \"b\"; vhd { uri = \"https://a.example/v\" }; vhd { uri = \"https://a.example/w\" }",
    ));
    let version = |a: &str, b: &str| {
        let target =
            |v: &str| format!("gallery g.web {{\n version = \"{v}\"\n regions = [\"westeurope\"]\n }}");
        gallery(LINUX, "os = linux", &format!("\n{}\n{}\n", target(a), target(b)))
    };
    raises(&version("1.0.0", "1.0.0"), &[("AIB619", "g.web")]);
    silent(&version("1.0.0", "1.0.1"));
}

#[test]
fn chains_are_replicated_to_where_they_are_built() {
    let chain = |regions: &str, location: &str| {
        let parent = gallery(LINUX, "os = linux", &format!("gallery g.web {{ regions = [{regions}] }}"));
        format!(
            "{parent}\nimage child {{\n location = {location}\n identity = builder\n source = web\n \
             distribute {{ managed_image \"child\" }}\n}}\n"
        )
    };
    raises(&chain("\"westeurope\"", "\"uksouth\""), &[("AIB624", "web")]);
    silent(&chain("\"westeurope\", \"UK South\"", "\"uksouth\""));
    silent(&chain("\"westeurope\"", "azure.resource_group.location"));
}

#[test]
fn triggers_can_go_off() {
    let with = |version: &str, target: &str| {
        let source = format!("platform_image(publisher = \"a\", offer = \"b\", sku = \"c\"{version})");
        gallery(&source, "", target)
            .replace("  distribute", "  trigger source { kind = source_image }\n  distribute")
    };
    let to = "gallery g.web { regions = [\"westeurope\"] }";
    silent(&with("", to));
    raises(&with(", version = \"1.2.3\"", to), &[("AIB625", "trigger source")]);
    raises(
        &with("", "gallery g.web { version = \"1.0.0\", regions = [\"westeurope\"] }"),
        &[("AIB625", "trigger source")],
    );
}

#[test]
fn downloads_are_pinned() {
    let script = |url: &str| linux(&format!("shell \"x\" {{ script = \"{url}\", {SHA} }}"));
    raises(&script("http://example.com/x.sh"), &[("AIB710", "\"http://example.com/x.sh\"")]);
    raises(
        &linux("shell \"x\" { script = \"https://example.com/x.sh\" }"),
        &[("AIB711", "\"https://example.com/x.sh\"")],
    );
    let page = "https://github.com/a/b/blob/v1/x.sh";
    raises(&script(page), &[("AIB713", &format!("\"{page}\""))]);
    for moving in [
        "https://raw.githubusercontent.com/a/b/main/x.sh",
        "https://raw.githubusercontent.com/a/b/refs/heads/next/x.sh",
        "https://github.com/a/b/releases/latest/download/x.sh",
    ] {
        // With a checksum it is a remark, without one it is told once.
        raises(&script(moving), &[("AIB712", &format!("\"{moving}\""))]);
        assert_eq!(check(&script(moving)).found[0].severity, Severity::Info);
        let unpinned = linux(&format!("shell \"x\" {{ script = \"{moving}\" }}"));
        raises(&unpinned, &[("AIB712", &format!("\"{moving}\""))]);
        assert_eq!(check(&unpinned).found[0].severity, Severity::Warning);
    }
    // A checksum keeps what is read on the way from being changed.
    assert_eq!(check(&script("http://example.com/x.sh")).found[0].severity, Severity::Info);
    let open = check(&linux("shell \"x\" { script = \"http://example.com/x.sh\" }"));
    let found: Vec<_> = open.found.iter().map(|d| (d.code.id, d.severity)).collect();
    assert_eq!(found, [("AIB710", Severity::Warning), ("AIB711", Severity::Warning)]);
    // An empty address is the mistake, not its missing checksum.
    raises(&linux("shell \"x\" { script = \"\" }"), &[("AIB302", "\"\"")]);
    raises(&linux("file \"x\" { source = \"\", destination = \"/tmp/x\" }"), &[("AIB302", "\"\"")]);
    for near in [
        "https://raw.githubusercontent.com/a/b/v1.2.3/main/x.sh",
        "https://raw.githubusercontent.com/a/b/0123456789abcdef0123456789abcdef01234567/x.sh",
        "https://github.com/a/b/releases/download/v1/x.sh",
        "https://example.com/main/x.sh",
    ] {
        silent(&script(near));
    }
    let blob = "https://contoso.blob.core.windows.net/c/x.sh";
    raises(&script(blob), &[("AIB714", &format!("\"{blob}\""))]);
    silent(&format!("{}\nexisting storage_account s {{ name = \"contoso\" }}\n", script(blob)));
}

#[test]
fn builds_have_time_and_room() {
    let with = |source: &str, build: &str| {
        image(source, &format!("build {{\n{build}\n}}"), "", "managed_image \"img\"")
    };
    for (limit, found) in [("1m", true), ("5m", true), ("0m", false), ("6m", false)] {
        match found {
            true => raises(&with(LINUX, &format!("timeout = {limit}")), &[("AIB720", limit)]),
            false => silent(&with(LINUX, &format!("timeout = {limit}"))),
        }
    }
    raises(&with(WINDOWS, "timeout = 59m"), &[("AIB721", "59m")]);
    silent(&with(WINDOWS, "timeout = 60m"));
    silent(&with(LINUX, "timeout = 20m"));
    silent(&with(WINDOWS, "timeout = 0m"));
    let update = "windows_update \"u\" { filters = [\"include:$true\"] }\nrestart";
    raises(&image(WINDOWS, "", update, "managed_image \"img\""), &[("AIB722", "windows_update \"u\"")]);
    let param = image(WINDOWS, "build { vm_size = size }", update, "managed_image \"img\"");
    silent(&format!("{param}\nparam size: string\n"));
    silent(&image(WINDOWS, "", "powershell = \"Get-Date\"", "managed_image \"img\""));
}

#[test]
fn templates_are_where_the_service_is() {
    let at = |region: &str| linux("shell = \"date\"").replace("\"westeurope\"", region);
    raises(&at("\"francesouth\""), &[("AIB724", "\"francesouth\"")]);
    let outcome = check(&at("\"France South\""));
    assert!(outcome.found[0].notes[0].contains(aib::schema::REGIONS_DATE));
    for near in ["\"francecentral\"", "\"<region>\"", "azure.resource_group.location"] {
        silent(&at(near));
    }
}

#[test]
fn subnets_and_staging_groups_are_used_as_they_may_be() {
    let subnet = |vnet: &str, name: &str| {
        format!(
            "\"/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/r/providers/Microsoft.Network/virtualNetworks/{vnet}/subnets/{name}\""
        )
    };
    let with = |a: &str, b: &str| {
        image(
            LINUX,
            &format!("build {{\n subnet = {a}\n container_subnet = {b}\n}}"),
            "",
            "managed_image \"img\"",
        )
    };
    let (one, other, far) = (subnet("v", "a"), subnet("v", "b"), subnet("w", "b"));
    silent(&with(&one, &other));
    raises(&with(&one, &one), &[("AIB725", &one)]);
    raises(&with(&one, &far), &[("AIB725", &far)]);
    let two = |a: &str, b: &str| {
        let first = image(LINUX, &format!("build {{ staging_group = \"{a}\" }}"), "", "managed_image \"a\"");
        let second = first[first.find("image web").unwrap()..].replace("image web", "image api");
        format!(
            "{first}{}",
            second.replace(&format!("\"{a}\""), &format!("\"{b}\"")).replace("\"a\"", "\"b\"")
        )
    };
    raises(&two("rg-1", "rg-1"), &[("AIB726", "\"rg-1\"")]);
    silent(&two("rg-1", "rg-2"));
}

#[test]
fn update_filters_and_exit_codes_do_what_they_say() {
    let update =
        |filters: &str| windows(&format!("windows_update \"u\" {{ filters = [{filters}] }}\nrestart"));
    raises(&update("\"$_.BrowseOnly\""), &[("AIB730", "\"$_.BrowseOnly\"")]);
    raises(&update("\"exclude:$true\""), &[("AIB731", "[\"exclude:$true\"]")]);
    raises(&update("\"include:$true\", \"exclude:$_.Beta\""), &[("AIB731", "\"exclude:$_.Beta\"")]);
    silent(&update("\"exclude:$_.Title -like '*Preview*'\", \"include:$true\""));
    let exit = |codes: &str| windows(&format!("powershell = \"Get-Date\" {{ exit_codes = [{codes}] }}"));
    raises(&exit("3010"), &[("AIB732", "[3010]")]);
    silent(&exit("0, 3010"));
}

#[test]
fn every_rule_raises_a_code_of_its_own() {
    let mut codes: Vec<&str> = aib::lint::ALL.iter().map(|r| r.meta.code.id).collect();
    let count = codes.len();
    codes.dedup();
    assert_eq!(codes.len(), count);
    assert!(codes.is_sorted(), "{codes:?}");
    assert!(aib::lint::ALL.iter().all(|r| !r.meta.evidence.is_empty()));
}

#[test]
fn nothing_of_the_library_and_the_examples_is_wrong() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/examples");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "aib") {
            continue;
        }
        let outcome = check(&std::fs::read_to_string(&path).unwrap());
        let wrong = outcome.found.iter().any(|d| d.severity > Severity::Info);
        assert!(!wrong, "{}\n{}", path.display(), outcome.describe());
    }
}

#[test]
fn mends_are_offered_where_they_are_mechanical() {
    let fixes = |script: &str| {
        let outcome = check(&linux(&format!("shell \"x\" {{ script = \"{script}\", {SHA} }}")));
        let texts =
            outcome.found.iter().flat_map(|d| &d.fixes).flat_map(|f| &f.edits).map(|e| e.text.clone());
        texts.collect::<Vec<_>>()
    };
    assert_eq!(fixes("http://example.com/x.sh"), ["\"https://example.com/x.sh\""]);
    assert_eq!(
        fixes("https://github.com/a/b/blob/v1/x.sh"),
        ["\"https://raw.githubusercontent.com/a/b/v1/x.sh\""]
    );
}

#[test]
fn images_go_somewhere() {
    let to = |targets: &str| image(LINUX, "", "", targets);
    raises(&to(""), &[("AIB626", "distribute")]);
    raises(&to("if 1 > 2 { managed_image \"img\" }"), &[("AIB626", "distribute")]);
    silent(&to("if 1 < 2 { managed_image \"img\" }"));
    let to = |target: &str| gallery(LINUX, "os = linux, generation = v2", target);
    raises(&to("gallery g.web"), &[("AIB627", "gallery g.web")]);
    raises(&to("gallery g.web { regions = [] }"), &[("AIB627", "[]")]);
    silent(&to("gallery g.web { regions = [\"westeurope\"] }"));
    silent(&format!("{}\nparam r: list<string>\n", to("gallery g.web { regions = r }")));
}

#[test]
fn temporary_files_are_gone_when_checks_run() {
    let checked = |steps: &str, check: &str| {
        image(
            LINUX,
            &format!("validate {{\n{check}\n}}"),
            &format!("{}{steps}", file("a.conf", "\"/tmp/a.conf\"")),
            "managed_image \"img\"",
        )
    };
    for lost in ["grep -q x /tmp/a.conf", "test -f /tmp/a.conf", "if [ ! -d /x ]; then cat /tmp/a.conf; fi"] {
        let source = checked("", &format!("shell \"check\" = \"{lost}\""));
        raises(&source, &[("AIB413", "/tmp/a.conf")]);
    }
    let outcome = check(&checked("", "shell \"check\" = \"cat /tmp/a.conf\""));
    let places: Vec<&str> = outcome.found[0].labels.iter().map(|l| l.message.as_str()).collect();
    assert_eq!(places, ["step `check` uses it, on a new VM", "step `a.conf` puts it there, on the build VM"]);
    for near in [
        "shell = \"test ! -e /tmp/a.conf\"",
        "shell = \"cat /tmp/a.config /etc/tmp/a.conf\"",
        "shell = \"curl -o /tmp/a.conf https://example.com/a && cat /tmp/a.conf\"",
        "file \"again\" {\n source = \"https://example.com/a\"\n SHA\n destination = \"/tmp/a.conf\"\n}\nshell = \"cat /tmp/a.conf\"",
    ] {
        silent(&checked("", &near.replace("SHA", SHA)));
    }
    silent(&checked("shell = \"sudo mv /tmp/a.conf /etc/a.conf\"", "shell = \"cat /etc/a.conf\""));
}

#[test]
fn temporary_files_are_taken_to_their_place() {
    let put = file("a.conf", "\"/tmp/a.conf\"");
    let behind = |steps: &str| linux(&format!("{put}{steps}"));
    for steps in [
        "",
        "shell = \"sudo apt-get update\"",
        "shell = \"sudo sh -c 'date > /opt/date'\"",
        "shell = \"sudo curl -fsS -o /opt/a.tgz https://example.com/a.tgz\"",
    ] {
        raises(&behind(steps), &[("AIB413", "\"/tmp/a.conf\"")]);
    }
    // A step that comes before it takes nothing.
    raises(&linux(&format!("shell = \"ls /tmp\"\n{put}")), &[("AIB413", "\"/tmp/a.conf\"")]);
    for near in [
        "sudo mv /tmp/a.conf /etc/a.conf",
        "cd /tmp && sudo cp *.conf /etc",
        "sudo cp \\\"$TMPDIR\\\"/a.conf /etc",
        "sudo find / -xdev -path '*tmp*' -name a.conf -exec cp {} /etc +",
        "sudo tar -C / -czf /opt/all.tgz tmp",
        "/opt/setup/install.sh",
        "bash ./install.sh",
        ". /opt/setup/functions",
        "python3 setup.py",
        "$INSTALLER --all",
        "x=tmp; sudo cp -r /$x /opt",
    ] {
        let found = check(&behind(&format!("shell = \"{near}\"")));
        assert!(!found.codes().iter().any(|(code, _)| *code == "AIB413"), "{near}: {}", found.describe());
    }
    // The hidden last step runs this one, fetched scripts and what is not known may run any.
    silent(&linux(&file("a.sh", "\"/tmp/DeprovisioningScript.sh\"")));
    silent(&behind(&format!("shell {{ script = \"https://example.com/1/a.sh\", {SHA} }}")));
    silent(&format!("param line: string\n{}", behind("shell = \"${line}\"")));
    // A step that is not understood is one mistake.
    raises(&behind("shel \"use\" = \"cat /tmp/a.conf\""), &[("AIB315", "shel")]);
}

/// A script in a literal that takes it as it is, of which nobody says that `sh` runs it.
fn line(text: &str) -> String {
    format!("shell = '''\n#!/bin/bash\n{text}\n'''")
}

#[test]
fn passwords_are_known_by_the_program_that_takes_them() {
    for (text, place) in [
        ("mysql -u root -phunter22 -e 'select 1'", "-phunter22"),
        ("curl -fsS -u admin:hunter22 https://example.com/x", "admin:hunter22"),
        ("curl --user=admin:hunter22 https://example.com/x", "--user=admin:hunter22"),
        ("curl -uadmin:hunter22 https://example.com/x", "-uadmin:hunter22"),
        ("sudo docker login -u x -p hunter22 registry.example.com", "hunter22"),
        ("az login --service-principal -u x -p hunter22 --tenant y", "hunter22"),
        ("sshpass -p hunter22 ssh host true", "hunter22"),
        ("sshpass -phunter22 ssh host true", "-phunter22"),
        ("echo 'root:hunter22' | sudo chpasswd", "'root:hunter22'"),
        ("sudo chpasswd <<< 'root:hunter22'", "'root:hunter22'"),
        ("sudo chpasswd <<EOF\nroot:hunter22\nEOF", "root:hunter22"),
        ("echo hunter22 | docker login -u x --password-stdin", "hunter22"),
        ("sudo bash -c 'echo root:hunter22 | chpasswd'", "root:hunter22"),
        ("openssl rsa -in a -passin pass:hunter22", "pass:hunter22"),
        ("PGPASSWORD=hunter22 psql -h db", "PGPASSWORD=hunter22"),
        (
            "curl -H 'Authorization: Bearer abcdefgh12345678' https://example.com/x",
            "'Authorization: Bearer abcdefgh12345678'",
        ),
        (
            "curl --header 'PRIVATE-TOKEN: abcdefgh12345678' https://example.com/x",
            "'PRIVATE-TOKEN: abcdefgh12345678'",
        ),
        ("keytool -import -storepass hunter22 -file x", "hunter22"),
        ("echo hunter22 | sudo -S id", "hunter22"),
        ("az keyvault secret set --vault-name v -n n --value hunter22", "hunter22"),
        ("echo 'DB_PASSWORD=hunter22' | sudo tee /etc/app.env", "DB_PASSWORD=hunter22"),
        ("echo 'DB_PASSWORD=hunter22' >> /tmp/app.env", "DB_PASSWORD=hunter22"),
        ("export DB_PASSWORD='hunter22'", "DB_PASSWORD='hunter22'"),
    ] {
        raises(&linux(&line(text)), &[("AIB512", place)]);
    }
    let net = "powershell = 'net user admin hunter22 /add'";
    raises(&windows(net), &[("AIB512", "hunter22")]);
    let json =
        "shell = \"\"\"\ncurl -d '{\"user\":\"x\",\"password\": \"hunter22\"}' https://example.com/x\n\"\"\"";
    raises(&linux(json), &[("AIB512", "'{\"user\":\"x\",\"password\": \"hunter22\"}'")]);
    for (script, place) in [
        (r"net use Z: \\host\share /user:x hunter22", "hunter22"),
        ("cmdkey /add:host /user:x /pass:hunter22", "/pass:hunter22"),
        ("schtasks /create /tn t /tr x.exe /ru x /rp hunter22", "hunter22"),
        ("setx DB_PASSWORD hunter22", "hunter22"),
        ("[Environment]::SetEnvironmentVariable('DB_PASSWORD', 'hunter22', 'Machine')", "'hunter22'"),
        ("reg add HKLM\\SOFTWARE\\X /v DefaultPassword /d hunter22 /f", "hunter22"),
        ("Start-Process x.exe -ArgumentList '--password','hunter22' -Wait", "'hunter22'"),
    ] {
        raises(&windows(&format!("powershell = '''\n{script}\n'''")), &[("AIB512", place)]);
    }
    for near in [
        r"net use Z: \\host\share /user:x $password",
        r"net use Z: \\host\share /user:x *",
        r"net use Z: \\host\share /persistent:no",
        "setx DB_PASSWORD $password",
        "setx PATH hunter22",
        "[Environment]::SetEnvironmentVariable('DB_PASSWORD', $password, 'Machine')",
        "reg add HKLM\\SOFTWARE\\X /v DefaultUserName /d hunter22 /f",
        "Start-Process x.exe -ArgumentList '--password', $password -Wait",
        "Write-Host 'PASSWORD=missing'",
    ] {
        raises(&windows(&format!("powershell = '''\n{near}\n'''")), &[]);
    }
    for near in [
        "echo 'PASSWORD=missing' >&2",
        "[ -z \"$PASSWORD\" ] && echo 'PASSWORD=missing'",
        "sed 's/PASSWORD=.*/PASSWORD=xyz/' f",
        "echo 'enter --password value'",
        "foo --password {pass}",
        "foo --password '{{ x }}'",
        "curl -H \"Authorization: Bearer $TOKEN\" https://example.com/x",
        "curl -H 'Accept: application/json' https://example.com/x",
        "curl -d @body.json https://example.com/x",
        "echo \"$PW\" | sudo -S id",
        "echo hunter22 | sudo tee /tmp/x",
        "keytool -storepass \"$PW\" -list",
        "mkdir -p dirname",
        "ssh -p 2222 host",
        "docker run -p 8080:80 nginx",
        "docker login -u x -p \"$TOKEN\"",
        "curl -u \"$USER:$PW\" https://example.com/x",
        "curl -u admin https://example.com/x",
        "tar -pxf archive.tar",
        "mysql -p database",
        "mysql -p\"$PW\"",
        "sshpass -p \"$(cat /run/pw)\" ssh host true",
        "sshpass -f /run/password ssh host true",
        "echo \"root:$PW\" | sudo chpasswd",
        "echo 'root:$6$abc$defghijkl' | sudo chpasswd -e",
        "echo done; docker login --password-stdin < /run/password",
        "sudo chpasswd < /run/users",
        "sudo useradd -p \"$HASH\" web",
        "az login --identity",
        "openssl rsa -in a -passin env:PW",
    ] {
        silent(&linux(&line(near)));
    }
    silent(&windows("powershell = 'net user admin $password /add; net user admin /active:yes'"));
}

#[test]
fn scripts_fetch_what_they_run_safely() {
    let address = "http://example.com/x";
    for text in [
        "curl -fsSL -o /tmp/x http://example.com/x",
        "sudo wget http://example.com/x",
        "date && curl --output x http://example.com/x",
    ] {
        raises(&linux(&line(text)), &[("AIB710", address)]);
    }
    raises(
        &windows("powershell = 'Invoke-WebRequest -Uri http://example.com/x -OutFile C:\\x'"),
        &[("AIB710", address)],
    );
    for text in [
        "curl -fsSL https://example.com/x | bash",
        "wget -qO- https://example.com/x | sudo -E bash -",
        "curl -fsSL https://example.com/x | sudo bash -s -- --version 1",
        "bash -c \"$(curl -fsSL https://example.com/x)\"",
        "bash <(curl -s https://example.com/x)",
        "curl -s https://example.com/x | python3 -",
    ] {
        raises(&linux(&line(text)), &[("AIB715", text)]);
    }
    raises(
        &linux(&line("curl -s https://example.com/x |\nbash")),
        &[("AIB715", "curl -s https://example.com/x |")],
    );
    for text in [
        "iwr -useb https://example.com/x | iex",
        "iex (irm https://example.com/x)",
        "iex ((New-Object Net.WebClient).DownloadString(\"https://example.com/x\"))",
    ] {
        raises(&windows(&format!("powershell = '{text}'")), &[("AIB715", text)]);
    }
    for near in [
        "curl -fsS http://localhost:8080/health",
        "curl -s -H Metadata:true \"http://169.254.169.254/metadata/instance\"",
        "curl -x http://proxy.example.com:3128 https://example.com/x -o x",
        "curl \"http://$HOST/x\"",
        "http_proxy=http://proxy.example.com curl https://example.com/x",
        "echo 'see http://example.com/x'",
        "curl -fsSL https://example.com/x -o x && bash x",
        "curl -fsSL https://example.com/x | tee x",
        "curl -fsSL https://example.com/x || bash",
        "curl -fsS https://example.com/health\npython3 - <<'END'\nprint(1)\nEND",
        "curl -fsSL https://example.com/x | sudo tar -xz -C /opt",
        "curl -fsSL https://example.com/x | python3 -c 'import json'",
        "curl -fsSL https://example.com/key | sudo gpg --dearmor -o /etc/k",
    ] {
        silent(&linux(&line(near)));
    }
    let asks = "validate { shell = \"curl -fsS http://example.com\" }";
    silent(&image(LINUX, asks, "", "managed_image \"img\""));
}

#[test]
fn what_raw_holds_is_shown_in_raw() {
    let with = |body: &str| image(LINUX, body, "", "managed_image \"img\"");
    let build = "build { timeout = 2h }\n  raw = { buildTimeoutInMinutes = 3 }";
    let outcome = check(&with(build));
    assert_eq!(outcome.codes(), [("AIB322", "raw"), ("AIB720", "3")], "{}", outcome.describe());
    assert!(outcome.found[1].fixes.is_empty(), "{:?}", outcome.found[1].fixes);
    assert!(outcome.found[1].help.as_deref().is_some_and(|h| h.contains("`6`")));
}

#[test]
fn what_excludes_one_another_does_not_collide() {
    let two = |first: &str, second: &str| {
        let image = |name: &str| {
            format!(
                "image {name} {{ name = \"it\", location = \"westeurope\", identity = builder, source = {LINUX}\n \
                 distribute {{ managed_image \"img\" }} }}"
            )
        };
        let head = "param env: \"a\" | \"b\"\nparam on: bool\n";
        format!(
            "import std/marketplace\n{head}{IDENTITY}\n{first} {{\n{}\n}} {second} {{\n{}\n}}\n",
            image("x"),
            image("y")
        )
    };
    silent(&two("if on", "else"));
    silent(&two("if env == \"a\"", "\nif env == \"b\""));
    let codes =
        |source: &str| check(source).codes().iter().map(|(code, _)| code.to_string()).collect::<Vec<_>>();
    assert_eq!(codes(&two("if on", "\nif on")), ["AIB321", "AIB619"]);
    assert_eq!(codes(&two("if on", "\nif 1 < 2")), ["AIB321", "AIB619"]);
}

#[test]
fn a_definition_that_differs_in_all_is_told_in_all() {
    let source = gallery(
        LINUX,
        "os = windows, generation = v1, architecture = arm64",
        "gallery g.web { regions = [\"westeurope\"] }",
    );
    let codes: Vec<_> = check(&source).codes().iter().map(|(code, _)| code.to_string()).collect();
    assert_eq!(codes, ["AIB610", "AIB610", "AIB610"]);
    let id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Compute/galleries/g/images/i";
    let target = |tail: &str, body: &str| {
        image(LINUX, "", "", &format!("gallery \"{id}{tail}\" {{ regions = [\"westeurope\"]\n {body} }}"))
    };
    let codes = |text: &str| check(text).codes().iter().map(|(code, _)| code.to_string()).collect::<Vec<_>>();
    assert_eq!(codes(&target("/versions/1.0.0", "versioning = latest")), ["AIB623"]);
    silent(&target("", "versioning = latest"));
    silent(&target("/versions/1.0.0", ""));
}

#[test]
fn a_restart_ends_before_the_build() {
    let with = |build: &str, restart: &str| {
        let body = format!("build {{ vm_size = \"Standard_D4s_v5\", {build} }}");
        image(
            WINDOWS,
            &body,
            &format!("powershell = \"Get-Date\"\n restart \"again\" {{ timeout = {restart} }}"),
            "managed_image \"img\"",
        )
    };
    raises(&with("timeout = 1h", "1h"), &[("AIB770", "1h")]);
    raises(&with("timeout = 90m", "100m"), &[("AIB770", "100m")]);
    // Without a limit, and with none, it is four hours.
    raises(&with("", "4h"), &[("AIB770", "4h")]);
    raises(&with("timeout = 0m", "4h"), &[("AIB770", "4h")]);
    silent(&with("timeout = 1h", "59m"));
    silent(&with("", "3h59m"));
}

#[test]
fn restarts_and_optimisation_end_within_the_build() {
    let with = |source: &str, body: &str, steps: &str| image(source, body, steps, "managed_image \"img\"");
    let build = |time: &str| {
        format!("build {{ {time}\n vm_size = \"Standard_D4s_v5\" }}\noptimize {{ vm_boot = true }}")
    };
    let restarts = "powershell = \"a\"\nrestart \"a\" { timeout = 40m }\npowershell = \"b\"\nrestart \"b\" { timeout = 35m }";
    let found = check(&with(WINDOWS, &build("timeout = 109m"), restarts));
    assert_eq!(found.codes(), [("AIB771", "109m")], "{}", found.describe());
    assert_eq!(found.found[0].title, "what the image states may take 109 minutes, the build has 109");
    let parts: Vec<&str> = found.found[0].labels.iter().skip(1).map(|l| l.message.as_str()).collect();
    assert_eq!(
        parts,
        [
            "40 minutes: step `a` may wait so long",
            "35 minutes: step `b` may wait so long",
            "34 minutes: what a boot optimisation takes by experience, at least"
        ]
    );
    silent(&with(WINDOWS, &build("timeout = 110m"), restarts));
    raises(&with(LINUX, &build("timeout = 20m"), ""), &[("AIB771", "20m")]);
    silent(&with(LINUX, &build("timeout = 21m"), ""));
    let long = restarts.replace("35m", "170m");
    raises(&with(WINDOWS, &build(""), &long), &[("AIB771", "image web")]);
    // What other rules say already is not said twice, and what only Azure knows is not compared.
    raises(&with(WINDOWS, &build("timeout = 40m"), ""), &[("AIB721", "40m")]);
    raises(&with(LINUX, &build("timeout = 5m"), ""), &[("AIB720", "5m")]);
    silent(&format!("param t: duration\n{}", with(WINDOWS, &build("timeout = t"), restarts)));
    silent(&format!(
        "param t: duration\n{}",
        with(WINDOWS, &build("timeout = 75m"), &restarts.replace("40m", "t"))
    ));
}

#[test]
fn nothing_is_asked_of_a_source_that_is_not_understood() {
    let steps = "shell = \"date\" { requires = [\"docker\"] }";
    let outcome = check(&image("builder", "", steps, "managed_image \"img\""));
    assert_eq!(outcome.codes(), [("AIB307", "builder")], "{}", outcome.describe());
}

#[test]
fn what_is_said_of_a_definition_that_exists_holds_together() {
    let facts = "os = linux, generation = v1, security = trusted_launch_supported";
    let source = LINUX.to_owned() + "_gen1";
    let outcome = check(&gallery(&source, facts, "gallery g.web { regions = [\"westeurope\"] }"));
    assert_eq!(outcome.codes(), [("AIB613", "trusted_launch_supported")], "{}", outcome.describe());
}

#[test]
fn what_is_computed_twice_alike_is_the_same_output() {
    let two = |a: &str, b: &str| {
        let targets =
            format!("managed_image \"a\" {{ output = {a} }}\nmanaged_image \"b\" {{ output = {b} }}");
        format!("{}\nparam n: string\n", image(LINUX, "", "", &targets))
    };
    let outcome = check(&two("\"x-${n}\"", "\"x-${n}\""));
    assert_eq!(outcome.codes(), [("AIB620", "\"x-${n}\"")]);
    silent(&two("\"x-${n}\"", "\"y-${n}\""));
    silent(&two("\"<output>\"", "\"<output>\""));
}

#[test]
fn steps_are_held_to_no_system_where_two_are_said() {
    let outcome = check(&image(LINUX, "os = windows", "shell = \"date\"", "managed_image \"img\""));
    assert_eq!(outcome.codes(), [("AIB601", "windows")], "{}", outcome.describe());
}

#[test]
fn one_slip_of_a_list_is_one_finding() {
    let step = |codes: &str| windows(&format!("powershell \"x\" = \"exit 0\" {{ exit_codes = {codes} }}"));
    let found = check(&step("[\"0\", \"1\", \"3010\"]"));
    assert_eq!(found.codes(), [("AIB307", "\"0\"")], "{}", found.describe());
    let [one] = found.found.as_slice() else { panic!() };
    assert_eq!(
        (one.notes.as_slice(), one.labels.len()),
        (["so are 2 more elements of the list".to_owned()].as_slice(), 3)
    );
    assert_eq!((one.fixes[0].title.as_str(), one.fixes[0].edits.len()), ("write them without quotes", 3));
    let found = check(&step("[\"0\", true]"));
    assert_eq!(found.codes(), [("AIB307", "\"0\"")]);
    assert_eq!(found.found[0].notes, ["one more element of the list is of another type, too"]);
    assert!(found.found[0].fixes.is_empty());
    raises(&step("[0, \"1\"]"), &[("AIB307", "\"1\"")]);
    let target = gallery(LINUX, "os = linux", "gallery g.web { regions = [1, 2] }");
    raises(&target, &[("AIB307", "1")]);
}

/// A resource that exists has a name: another one is no help.
#[test]
fn names_of_what_exists_are_those_in_azure() {
    let of = |word: &str| {
        let text = format!(
            "{}\n{word}gallery contoso {{ name = \"bad name!\"{} }}\n",
            linux(""),
            if word.is_empty() { ", location = \"westeurope\"" } else { "" }
        );
        let found = check(&text);
        assert_eq!(found.codes(), [("AIB311", "\"bad name!\"")], "{}", found.describe());
        found.found[0].help.clone().unwrap()
    };
    assert_eq!(of(""), "write another name");
    assert_eq!(of("existing "), "write the name that it has in Azure; none there can have this one");
}
