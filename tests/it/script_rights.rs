//! What scripts may not do as the user that they run as, and what only looks like it.

use super::pipeline::{run, run_with_advice};
use super::scripts::{all_codes, near_misses, step};

fn linux(script: &str) -> Vec<String> {
    all_codes("rhel_9", &step("shell", script), "")
}

/// Two steps, of which the first is a script that the service fetches or one with these lines.
fn steps(first: &str, second: &str) -> Vec<String> {
    let first = match first {
        "" => "shell {\n  script = \"https://example.com/x.sh\"\n  sha256 = \"2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae\"\n}".to_owned(),
        script => step("shell", script),
    };
    all_codes("rhel_9", &format!("{first}\n{}", step("shell", second)), "")
}

/// Who ends the script if a command fails, wants it to work.
#[test]
fn commands_that_end_the_script_if_they_fail_are_meant() {
    let of = |script: &str| {
        let found = all_codes("ubuntu_24_04", &step("shell", script), "");
        found.iter().filter(|code| *code == "AIB435").count()
    };
    for hit in [
        "apt-get update || exit 1",
        "apt-get update || exit $?",
        "apt-get update || { echo failed >&2; exit 1; }",
        "systemctl enable nginx || {\n  echo failed\n  exit 1\n}",
        "cp /tmp/x /etc/x || false",
    ] {
        assert_eq!(of(hit), 1, "{hit}");
    }
    for near in [
        "apt-get update || true",
        "apt-get update || echo no",
        "apt-get update || echo no; exit 0",
        "apt-get update || { echo no; }",
        "if apt-get update || false; then echo yes; fi",
        "apt-get update || sudo apt-get update || exit 1",
    ] {
        assert_eq!(of(near), 0, "{near}");
    }
}

#[test]
fn what_needs_no_root_or_was_given_away() {
    for near in [
        "swapon --show",
        "swapon -s",
        "sudo mkdir -m 0777 -p /opt/a\ntouch /opt/a/b",
        "sudo mkdir -p --mode=0777 /opt/a\ntouch /opt/a/b",
        "if [ \"$USER\" != root ]; then exec sudo sh \"$0\"; fi\napt-get update",
    ] {
        let found = all_codes("ubuntu_24_04", &step("shell", near), "");
        assert!(!found.iter().any(|code| code == "AIB435"), "{near}: {found:?}");
    }
}

#[test]
fn missing_sudo() {
    near_misses(
        linux,
        "AIB435",
        "dnf -y install jq",
        &[
            "sudo dnf -y install jq",
            "sudo -E dnf -y install jq",
            "sudo env X=1 timeout 60 dnf -y install jq",
            "echo jq | xargs sudo dnf -y install",
            "sudo bash -c 'dnf -y install jq'",
            "sudo sh -ec 'cd /opt && bash -c \"systemctl start x\"'",
            "sudo su -c 'dnf -y install jq'",
            "sudo bash <<'EOF'\ndnf -y install jq\necho x > /etc/x\nEOF",
            "echo 'dnf -y install jq' | sudo sh",
            "sudo -s <<'EOF'\ndnf -y install jq\nEOF",
            "$SUDO dnf -y install jq",
            "if [ $(id -u) = 0 ]; then dnf -y install jq; else sudo dnf -y install jq; fi",
            "[ \"$EUID\" = 0 ] || exec sudo bash \"$0\"\ndnf -y install jq",
            "dnf -y makecache || true",
            "dnf -y upgrade || true",
            "if dnf -y install jq; then date; fi",
            "dnf list installed",
            "yum list updates",
            "dnf history list",
            "dnf info install",
            "rpm -qa",
            "rpm -q -i bash",
            "rpm -E %rhel",
            "rpm -e",
            "dpkg -I x.deb",
            "dpkg -l",
            "apt list --upgradable",
            "apt-cache policy install",
            "apt-get download jq",
            "apt-get -s install jq",
            "docker run --rm ubuntu apt-get install -y jq",
            "ssh host 'dnf -y install jq'",
            "systemctl status x",
            "systemctl --user enable x",
            "systemctl is-active x",
            "service --status-all",
            "sysctl -n kernel.hostname",
            "sysctl kernel.hostname",
            "hostnamectl status",
            "pip3 install --user requests",
            "f() { dnf -y install jq; }\nsudo bash -c \"$(declare -f f); f\"",
            "# dnf -y install jq",
            "echo 'dnf -y install jq'",
            "cat > /tmp/x.sh <<'EOF'\ndnf -y install jq\nEOF\nsudo sh /tmp/x.sh",
        ],
    );
    for script in [
        "dnf -y upgrade && dnf -y install jq",
        "timeout 600 dnf -y install jq",
        "bash -c 'dnf -y install jq'",
        "if [ -f /etc/x ]; then\n  systemctl restart x\nfi",
        "curl -fsSL https://example.com/x | gpg --dearmor > /tmp/k\nrpm --import /tmp/k",
        "rpm -Uvh x.rpm",
        "useradd -m web",
        "update-ca-trust",
        "cp /tmp/x /usr/local/bin/x",
        "install -m 0755 /tmp/x /usr/local/bin",
        "ln -s /tmp/x /usr/bin/x",
        "touch /etc/x",
        "tar -xzf /tmp/x.tgz -C /usr/local",
        "sed -i 's/a/b/' /etc/ssh/sshd_config",
        "curl -sSLo /usr/local/bin/x https://example.com/x",
        "mkdir /buildArtifacts",
        "mkdir /etc/x",
        "echo x | tee /etc/x",
        "sudo mkdir -p /opt/app\ncp /tmp/x /opt/app/x",
    ] {
        assert_eq!(linux(script), ["AIB435"], "{script}");
    }
}

#[test]
fn missing_sudo_for_what_the_shell_opens() {
    near_misses(
        linux,
        "AIB435",
        "sudo date > /etc/built",
        &[
            "date | sudo tee /etc/built > /dev/null",
            "sudo sh -c 'date > /etc/built'",
            "sudo bash -c \"echo x >> /etc/built\"",
            "date > /tmp/built",
            "sudo cat /etc/shadow > /dev/null",
            "sudo cat /etc/shadow > shadow",
            "sudo cat /etc/shadow > ~/shadow",
            "date > \"$HOME/etc/x\"",
            "wc -l < /etc/passwd",
            "sudo tee /etc/x < /tmp/x",
            "sudo touch /etc/built\nsudo chmod 666 /etc/built\ndate > /etc/built",
            "sudo chown -R \"$USER\" /opt\ndate > /opt/built",
            "sudo install -d -o \"$USER\" /opt/app\ndate > /opt/app/built",
            "sudo mkdir -p /opt/app && sudo chown \"$USER\" /opt/app/\ncp /tmp/x /opt/app/",
            "sudo chown \"$USER\" \"$DIR\"\ndate > /opt/app/built",
            "sudo mv /tmp/app /opt/app\ndate > /opt/app/built",
            "sudo ./prepare.sh\ndate > /opt/app/built",
            "sudo make install\ndate > /opt/app/built",
            "[ -w /etc/built ] && date > /etc/built",
            "date > /etc/built || true",
            "date > /proc/self/comm",
            "mkdir -p /usr/local/bin",
            "cp /etc/hosts .",
            "cp /etc/hosts /tmp/etc/hosts",
            "ln -s /etc/hosts",
            "echo 'x > /etc/y'",
            "grep -q x /etc/hosts 2> /dev/null",
            "sed 's/a/b/' /etc/hosts > /tmp/hosts",
            "tar -cf /tmp/x.tar -C /etc .",
        ],
    );
    assert_eq!(linux("date > /etc/built"), ["AIB435"]);
    assert_eq!(linux("date >> /opt/app/built"), ["AIB435"]);
    assert_eq!(linux("date > /etc/a; date > /etc/b"), ["AIB435", "AIB435"]);
    // What an earlier step did, or may have done.
    assert_eq!(steps("sudo chown -R $USER /opt/app", "date > /opt/app/x"), [""; 0]);
    assert_eq!(steps("sudo mkdir -p /opt/app", "date > /opt/app/x"), ["AIB435"]);
    assert_eq!(steps("", "date > /opt/app/x"), [""; 0]);
    assert_eq!(steps("", "date > /etc/x"), ["AIB435"]);
}

/// A file with these lines as a step, and what the fixes that need a look make of it.
fn mended(script: &str) -> String {
    let text = format!(
        "import std/marketplace\nexisting identity b {{ name = \"id-b\" }}\nimage web {{\n  location = \"westeurope\"\n  identity = b\n  source = \
         marketplace.rhel_9\n  build {{ vm_size = \"Standard_D4s_v5\" }}\n  customize {{\n    shell = '''\n{script}\n'''\n  }}\n  distribute {{ \
         managed_image \"img\" }}\n}}\n"
    );
    let run = run(&[("main.aib", &text)]);
    let fixes = run.found.iter().flat_map(|d| &d.fixes);
    let mut edits: Vec<_> = fixes.flat_map(|fix| fix.edits.clone()).collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.range.start));
    let mut text = text;
    for edit in edits {
        text.replace_range(edit.range.start as usize..edit.range.end as usize, &edit.text);
    }
    text.split("'''\n").nth(1).unwrap().trim_end().to_owned()
}

#[test]
fn missing_sudo_is_mended() {
    assert_eq!(mended("dnf -y install jq"), "sudo dnf -y install jq");
    assert_eq!(mended("date -u > /etc/x"), "date -u | sudo tee /etc/x > /dev/null");
    assert_eq!(mended("date >> \"/etc/x\" && id"), "date | sudo tee -a \"/etc/x\" > /dev/null && id");
    // A variable for the command alone would not get through, and what stands behind a redirection would be the file's.
    assert_eq!(mended("X=1 dnf -y install jq"), "X=1 dnf -y install jq");
    assert_eq!(mended("date > /etc/x -u"), "date > /etc/x -u");
    assert_eq!(mended("date 2> /etc/x"), "date 2> /etc/x");
}

fn windows(script: &str) -> Vec<String> {
    all_codes("windows_server_2022", &step("powershell", script), "")
}

#[test]
fn missing_elevation() {
    near_misses(
        windows,
        "AIB436",
        "Get-WindowsCapability -Online -Name RSAT* | Add-WindowsCapability -Online",
        &[
            "# Add-WindowsCapability -Online -Name OpenSSH.Server",
            "Write-Host 'Add-WindowsCapability -Online -Name OpenSSH.Server'",
            "Get-WindowsCapability -Online -Name RSAT*",
            "Remove-WindowsCapability -Online -Name OpenSSH.Server",
            "Add-WindowsCapability -Path D:\\mount -Name OpenSSH.Server",
            "Add-WindowsCapability -Online -Name OpenSSH.Server -Source D:\\fod -LimitAccess",
            "Enable-WindowsOptionalFeature -Online -FeatureName TelnetClient -NoRestart",
            "Install-WindowsFeature Web-Server",
            "function Add-Tools { Add-WindowsCapability -Online -Name OpenSSH.Server }",
            "$later = { Add-WindowsCapability -Online -Name OpenSSH.Server }",
            "Invoke-Command -ComputerName db { Add-WindowsCapability -Online -Name OpenSSH.Server }",
            "$a = New-ScheduledTaskAction -Execute powershell.exe -Argument '-Command \"Add-WindowsCapability -Online -Name OpenSSH.Server\"'\nRegister-ScheduledTask -TaskName x -Action $a -User SYSTEM",
            "Get-Help Add-WindowsCapability",
            "#Requires -RunAsAdministrator\nGet-Date",
            "wusa.exe C:\\x.msu /extract:C:\\x",
            "wusa /?",
            "Test-Path C:\\wusa.msu",
        ],
    );
    for script in [
        "Add-WindowsCapability -Online -Name OpenSSH.Server~~~~0.0.1.0; Add-WindowsCapability -Online -Name OpenSSH.Client~~~~0.0.1.0",
        "powershell -Command \"Add-WindowsCapability -Online -Name OpenSSH.Server\"",
        "foreach ($n in $names) { Add-WindowsCapability -Online -Name $n }",
        "Start-Process wusa.exe -ArgumentList 'C:\\x.msu /quiet /norestart' -Wait",
    ] {
        assert_eq!(windows(script), ["AIB436"], "{script}");
    }
    let with = |members: &str| {
        let step =
            format!("powershell {{\n  {members}\n  inline = 'Add-WindowsCapability -Online -Name X'\n}}");
        all_codes("windows_server_2022", &step, "")
    };
    assert_eq!(with("elevated = true, as_system = true"), [""; 0]);
    assert_eq!(with("elevated = false"), ["AIB436"]);
}

#[test]
fn password_parameter() {
    let codes = |params: &str, script: &str| {
        let text = format!(
            "import std/marketplace\n{params}\nexisting identity b {{ name = \"id-b\" }}\nimage web {{\n  location = \"westeurope\"\n  identity = \
             b\n  source = marketplace.rhel_9\n  customize {{\n    shell = \"{script}\"\n  }}\n  distribute {{ managed_image \"img\" }}\n}}\n"
        );
        let outcome = run(&[("main.aib", &text)]);
        let found = outcome.codes().into_iter().map(|(code, _)| code.to_owned());
        found.collect::<Vec<_>>()
    };
    for name in ["adminPassword", "admin_password", "registration_token", "storageAccountKey", "apiKey"] {
        assert_eq!(
            codes(&format!("param {name}: string"), &format!("login ${{{name}}}")),
            ["AIB513"],
            "{name}"
        );
    }
    let one = "param password: string";
    assert_eq!(codes(one, "login ${password}; login ${password}"), ["AIB513"]);
    for name in [
        "password_length",
        "password_file",
        "token_url",
        "key",
        "secret_name",
        "passwords",
        "keyVault",
        "tokenName",
        "location2",
    ] {
        assert_eq!(codes(&format!("param {name}: string"), &format!("login ${{{name}}}")), [""; 0], "{name}");
    }
    assert_eq!(codes("param password: int", "login ${password}"), [""; 0]);
    assert_eq!(codes(one, "login ${length(password)}"), [""; 0]);
    assert_eq!(codes("param password: \"a\" | \"b\"", "login ${password}"), [""; 0]);
    // A secret one is refused.
    assert_eq!(codes("param password: secret string", "login ${password}"), ["AIB500"]);
}

/// Whether it is advised to compare what a script fetches.
fn is_advised(source: &str, kind: &str, script: &str) -> bool {
    let text = format!(
        "import std/marketplace\nexisting identity b {{ name = \"id-b\" }}\nimage web {{\n  location = \"westeurope\"\n  identity = b\n  source = \
         marketplace.{source}\n  customize {{\n{}\n  }}\n  distribute {{ managed_image \"img\" }}\n}}\n",
        step(kind, script)
    );
    run_with_advice(&[("main.aib", &text)]).codes().iter().any(|(code, _)| *code == "AIB716")
}

#[test]
fn unchecked_download() {
    let linux = |script: &str| is_advised("rhel_9", "shell", script);
    for script in [
        "curl -fsSLo /tmp/x https://example.com/x",
        "curl -fsSLO https://example.com/x.tgz",
        "curl --output /tmp/x -L https://example.com/x",
        "curl -L https://example.com/x > /tmp/x",
        "wget https://example.com/x",
        "wget -qO /tmp/x https://example.com/x",
        "sudo wget -q -P /tmp https://example.com/x",
        "sudo bash -c 'wget https://example.com/x'",
    ] {
        assert!(linux(script), "{script}");
    }
    for script in [
        "curl -fsS https://example.com/health",
        "curl -fsSo /dev/null https://example.com/x",
        "wget --spider https://example.com/x",
        "wget -qO- https://example.com/x | grep x",
        "curl -fsS http://localhost/x -o x",
        "curl -fsS \"$URL\" -o x",
        "curl -fsSo k https://example.com/k.asc",
        "curl -fsSO https://example.com/x && sha256sum -c x.sums",
        "curl -fsSO https://example.com/x\ngpg --verify x.sig x",
        "echo curl -fsSO https://example.com/x",
        "f() { curl -fsSO https://example.com/x; }",
        "curl -x http://proxy.example.com:3128 -o x file:///x",
    ] {
        assert!(!linux(script), "{script}");
    }
    let windows = |script: &str| is_advised("windows_server_2022", "powershell", script);
    assert!(windows("Invoke-WebRequest -Uri https://example.com/x.zip -OutFile C:\\x.zip"));
    assert!(windows("(New-Object Net.WebClient).DownloadFile('https://example.com/x.zip', 'C:\\x.zip')"));
    assert!(windows("Start-BitsTransfer -Source https://example.com/x.zip -Destination C:\\x.zip"));
    for script in [
        "Invoke-RestMethod -Uri https://example.com/x",
        "$r = Invoke-WebRequest -Uri https://example.com/x -UseBasicParsing",
        "Invoke-WebRequest https://example.com/x -OutFile x\nif ((Get-FileHash x).Hash -ne 'a') { throw }",
        "Invoke-WebRequest https://example.com/x -OutFile x\nGet-AuthenticodeSignature x",
    ] {
        assert!(!windows(script), "{script}");
    }
}
