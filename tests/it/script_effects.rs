//! What scripts do to the machine and to the build: what the rules about that find, and what only looks like it.

use super::pipeline::run;
use super::scripts::{codes, linux, near_misses, step, windows};

/// What the rules find in each of several scripts.
#[track_caller]
fn all_found(of: fn(&str) -> Vec<String>, code: &str, scripts: &[&str]) {
    for script in scripts {
        assert_eq!(of(script), [code], "{script}");
    }
}

#[test]
fn interactive_install() {
    near_misses(
        linux,
        "AIB430",
        "if command -v apt-get; then\n  sudo apt-get -o DPkg::Lock::Timeout=60 install jq\nfi",
        &[
            "# apt install jq",
            "echo apt install jq",
            "echo 'sudo apt install jq'",
            "sudo apt-get install -y jq",
            "sudo apt-get -y install jq",
            "sudo apt-get install jq -y",
            "sudo DEBIAN_FRONTEND=noninteractive apt-get -yq install jq",
            "sudo apt-get -qq install jq",
            "sudo apt-get -q -q install jq",
            "sudo apt-get install -fy",
            "sudo apt install jq --assume-yes",
            "sudo apt-get -o APT::Get::Assume-Yes=true install jq",
            "sudo apt-get -oAPT::Get::Assume-Yes=1 install jq",
            "yes | sudo apt install jq",
            "echo y | sudo apt install jq",
            "sudo apt install jq <<< y",
            "sudo apt install jq < /dev/null",
            "yes | sudo bash -c 'apt install jq'",
            "printf 'APT::Get::Assume-Yes \"true\";\\n' | sudo tee /etc/apt/apt.conf.d/90yes\nsudo apt-get install jq",
            "sudo apt-get update",
            "sudo apt-get clean && sudo apt-get autoclean",
            "sudo apt-get -s upgrade",
            "sudo apt-get --dry-run dist-upgrade",
            "sudo apt-get install -d jq",
            "apt list --upgradable",
            "apt-cache show install",
            "apt-mark hold install",
            "apt-get download jq",
            "sudo apt-get $OPTIONS install jq",
            "sudo apt-get install \"$@\"",
            "sudo apt-get install $PACKAGES",
            "apt() { sudo /usr/bin/apt -y \"$@\"; }\napt install jq",
            "install_one() { sudo apt-get install \"$1\" $YES; }\ninstall_one jq",
            "cat > /tmp/x <<'EOF'\napt install jq\nEOF",
            "docker run ubuntu apt install jq",
            "docker build - <<EOF\nFROM ubuntu\nRUN apt install jq\nEOF",
            "sudo add-apt-repository ppa:deadsnakes/ppa",
            "while read -r line; do echo \"$line\"; done < /etc/hosts",
            "read -r name < /etc/hostname",
            "read -t 5 -p 'go on? ' x || true",
            "if [ -t 0 ]; then read -p 'go on? ' x; fi",
        ],
    );
    near_misses(
        linux,
        "AIB430",
        "sudo dnf --enablerepo extras install jq",
        &[
            "sudo dnf install -y jq",
            "sudo dnf -qy install jq",
            "sudo yum update --assumeyes",
            "sudo yum -y -x kernel update",
            "sudo dnf --setopt=assumeyes=1 install jq",
            "echo assumeyes=1 | sudo tee -a /etc/dnf/dnf.conf\nsudo dnf install jq",
            "sudo dnf makecache",
            "sudo dnf check-update || true",
            "dnf list installed",
            "dnf info install",
            "sudo dnf config-manager --enable install",
            "sudo microdnf install jq",
            "sudo zypper --non-interactive install jq",
            "sudo zypper -n in jq",
            "sudo zypper install -y jq",
            "sudo zypper refresh",
            "sudo zypper patch --no-confirm",
            "rpm -i install.rpm",
            "pip3 install requests",
            "pip uninstall -y requests",
            "snap install jq",
        ],
    );
    all_found(
        linux,
        "AIB430",
        &[
            "sudo apt-get upgrade -q",
            "sudo bash -c 'apt-get update && apt-get install jq'",
            "sudo apt install linux-headers-$(uname -r)",
            "sudo apt-get install \"$PACKAGE\"",
            "sudo apt-get -t stable-proposed-y install jq",
            "sudo dpkg -i x.deb || sudo apt-get -f install",
            "sudo yum update",
            "sudo zypper dup",
            "sudo aptitude safe-upgrade",
            "pip3 uninstall requests",
            "conda install numpy",
            "read -rp 'go on? ' answer",
        ],
    );
}

#[test]
fn interactive_install_on_windows() {
    near_misses(
        windows,
        "AIB430",
        "Start-Process msiexec.exe -ArgumentList '/i C:\\x\\agent.msi /norestart' -Wait",
        &[
            "# msiexec /i x.msi",
            "Write-Host 'msiexec /i x.msi'",
            "msiexec /i x.msi /qn",
            "msiexec.exe /quiet /i x.msi",
            "msiexec /i x.msi /passive",
            "msiexec /i x.msi /QB!",
            "msiexec -i x.msi -qn",
            "Start-Process msiexec -ArgumentList \"/i `\"$path`\" /qn\" -Wait",
            "Start-Process msiexec -ArgumentList '/i', $path, '/quiet' -Wait",
            "Start-Process msiexec -ArgumentList $arguments -Wait",
            "Start-Process msiexec -ArgumentList \"/i $path $options\" -Wait",
            "Start-Process msiexec -ArgumentList @('/i', $path, '/qn') -Wait",
            "msiexec @arguments",
            "cmd /c \"msiexec /i x.msi /qn\"",
            "cmd /c \"msiexec /i x.msi %OPTIONS%\"",
            "Get-Process msiexec",
            "Stop-Process -Name msiexec",
            "msiexec /?",
            "choco install git -y",
            "choco install git --params '/NoShell' --yes",
            "choco feature enable -n allowGlobalConfirmation\nchoco install git",
            "choco install $packages",
            "choco list",
            "Install-Module Az -Force",
            "Install-Module Az -Scope AllUsers -Confirm:$false",
            "Set-PSRepository PSGallery -InstallationPolicy Trusted\nInstall-Module Az",
            "Install-Module Az -Repository Contoso",
            "Install-Module @parameters",
            "Install-PackageProvider -Name NuGet -For",
            "Get-Module Install-Module",
            "winget install Git.Git --source winget",
            "winget install Git.Git --accept-source-agreements",
            "function Read-Host { 'y' }\nRead-Host",
            "function Ask { Read-Host 'name' }",
            "if ([Environment]::UserInteractive) { Read-Host 'go on' }",
            "Install-WindowsFeature Web-Server",
        ],
    );
    all_found(
        windows,
        "AIB430",
        &[
            "msiexec /i \"$env:TEMP\\x.msi\" /norestart",
            "cmd /c \"msiexec /i x.msi\"",
            "& msiexec.exe /x{11111111-1111-1111-1111-111111111111} /norestart",
            "choco install git",
            "Install-Module Az -Repository PSGallery",
            "Install-PackageProvider -Name NuGet -MinimumVersion 2.8.5.201",
            "winget install Git.Git",
            "Install-WindowsUpdate -MicrosoftUpdate",
            "$name = Read-Host 'name'",
            "pause",
        ],
    );
}

/// What one step sets holds in the next one.
#[test]
fn a_setting_answers_later_steps() {
    let setting = step("shell", "echo 'APT::Get::Assume-Yes \"1\";' | sudo tee /etc/apt/apt.conf.d/9y");
    let install = step("shell", "sudo apt-get install jq");
    let found = |steps: &[&String]| {
        let steps: Vec<&str> = steps.iter().map(|s| s.as_str()).collect();
        codes("ubuntu_24_04", &steps.join("\n"), "")
    };
    assert_eq!(found(&[&setting, &install]), [""; 0]);
    assert_eq!(found(&[&install, &setting]), ["AIB430"]);
}

#[test]
fn remote_access_lost() {
    near_misses(
        linux,
        "AIB431",
        "sudo ufw --force enable",
        &[
            "# sudo ufw enable",
            "echo ufw enable",
            "sudo ufw allow OpenSSH\nsudo ufw --force enable",
            "sudo ufw limit 22/tcp && sudo ufw enable",
            "sudo ufw default allow incoming && sudo ufw enable",
            "sudo ufw disable",
            "sudo ufw status",
            "sudo systemctl enable ufw",
            "sudo systemctl restart sshd",
            "sudo systemctl disable ssh",
            "sudo systemctl stop nginx",
            "sudo systemctl status sshd",
            "sudo service ssh restart",
            "sudo iptables -A INPUT -p tcp --dport 22 -j ACCEPT\nsudo iptables -P INPUT DROP",
            "sudo iptables -P FORWARD DROP",
            "sudo iptables -P INPUT ACCEPT",
            "sudo iptables -A INPUT -s 10.0.0.0/8 -j DROP",
            "sudo iptables -A INPUT -p tcp --dport 23 -j DROP",
            "sudo iptables -A INPUT -p icmp -j DROP",
            "sudo iptables -A INPUT -p udp --dport 161 -j REJECT",
            "sudo iptables -A INPUT -p tcp --dport 3306 ! -s 10.0.0.0/8 -j DROP",
            "sudo iptables -A INPUT -p tcp --dport 22 -i eth1 -j DROP",
            "sudo iptables -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT\nsudo iptables -A INPUT -j DROP",
            "sudo iptables -D INPUT -j DROP",
            "sudo systemctl disable --now ssh.socket && sudo systemctl enable --now ssh.service",
            "sudo systemctl stop sshd && sudo systemctl start sshd",
            "sudo service ssh stop\nsudo service ssh start",
            "sudo firewall-cmd --permanent --add-service=ssh",
            "sudo firewall-cmd --remove-service=cockpit",
            "sudo apt-get remove -y openssh-client",
            "cat > /tmp/first-boot.sh <<'EOF'\nufw enable\nEOF",
            "harden() { sudo ufw enable; }",
        ],
    );
    near_misses(
        windows,
        "AIB431",
        "Disable-PSRemoting -Force",
        &[
            "# Disable-PSRemoting",
            "Write-Host 'Disable-PSRemoting'",
            "Enable-PSRemoting -Force",
            "Restart-Service WinRM",
            "Set-Service WinRM -StartupType Automatic",
            "Set-Service WinRM -StartupType Disabled",
            "Stop-Service -Name Spooler",
            "Get-Service WinRM",
            "winrm quickconfig -quiet",
            "winrm enumerate winrm/config/listener",
            "winrm set winrm/config/service '@{AllowUnencrypted=\"false\"}'",
            "Get-ChildItem WSMan:\\localhost\\Listener",
            "Remove-Item C:\\temp\\listener.txt",
            "netsh advfirewall set allprofiles firewallpolicy blockinbound,allowoutbound",
            "netsh advfirewall set allprofiles state on",
            "Set-NetFirewallProfile -Profile Domain,Public,Private -Enabled True",
            "Set-NetFirewallProfile -All -DefaultInboundAction Block",
            "Disable-NetFirewallRule -DisplayGroup 'Network Discovery'",
            "Register-ScheduledJob -Name x -ScriptBlock { Disable-PSRemoting -Force }",
            "$later = { Stop-Service WinRM }",
        ],
    );
    all_found(
        linux,
        "AIB431",
        &[
            "sudo iptables -P INPUT DROP",
            "sudo iptables --policy INPUT DROP",
            "sudo iptables -A INPUT -j DROP",
            "sudo iptables -I INPUT 1 -p tcp --dport 22 -j REJECT",
            "sudo systemctl stop ssh",
            "sudo systemctl start ssh; sudo systemctl stop ssh",
            "sudo systemctl disable --now sshd.service",
            "sudo service sshd stop",
            "sudo firewall-cmd --permanent --remove-service=ssh",
            "sudo bash -c 'ufw enable'",
            "harden() { sudo ufw --force enable; }\nharden",
            "sudo apt-get purge -y openssh-server",
        ],
    );
    all_found(
        windows,
        "AIB431",
        &[
            "Stop-Service -Name WinRM -Force",
            "Set-Service -Name winrm -Status Stopped",
            "net stop winrm",
            "cmd /c \"net stop WinRM\"",
            "winrm delete winrm/config/listener?Address=*+Transport=HTTPS",
            "Remove-Item -Path WSMan:\\localhost\\Listener\\* -Recurse",
            "netsh advfirewall set allprofiles firewallpolicy blockinboundalways,allowoutbound",
            "Set-NetFirewallProfile -All -AllowInboundRules False",
            "Disable-NetFirewallRule -DisplayGroup 'Windows Remote Management'",
        ],
    );
}

/// What an earlier step allows holds in the next one.
#[test]
fn an_open_port_stays_open() {
    let open = step("shell", "sudo ufw allow 22/tcp");
    let enable = step("shell", "sudo ufw --force enable");
    assert_eq!(codes("ubuntu_24_04", &format!("{open}\n{enable}"), ""), [""; 0]);
    assert_eq!(codes("ubuntu_24_04", &format!("{enable}\n{open}"), ""), ["AIB431"]);
}

#[test]
fn network_adapter_change() {
    near_misses(
        windows,
        "AIB432",
        "Get-NetAdapter | Set-NetAdapterAdvancedProperty -DisplayName 'Jumbo Packet' -DisplayValue '9014 Bytes'",
        &[
            "# Set-NetAdapterAdvancedProperty -Name Ethernet",
            "Write-Host 'Set-NetAdapterAdvancedProperty'",
            "Get-NetAdapterAdvancedProperty -Name Ethernet",
            "Set-NetAdapterAdvancedProperty -Name Ethernet -DisplayName x -DisplayValue y -NoRestart",
            "Set-NetAdapterAdvancedProperty -Name Ethernet -DisplayName x -DisplayValue y -WhatIf",
            "Set-NetAdapterAdvancedProperty @settings",
            "Get-Command Set-NetAdapterAdvancedProperty",
            "Get-Help Disable-NetAdapter",
            "Get-NetAdapter -Name Ethernet",
            "Enable-NetAdapter -Name Ethernet",
            "function Tune { Set-NetAdapterAdvancedProperty -Name Ethernet -DisplayName x -DisplayValue y }",
            "$later = { Restart-NetAdapter -Name Ethernet }",
            "Set-Content C:\\first.ps1 'Restart-NetAdapter -Name Ethernet'",
        ],
    );
    all_found(
        windows,
        "AIB432",
        &[
            "Restart-NetAdapter -Name Ethernet",
            "if ($x) { Disable-NetAdapter -Name Ethernet -Confirm:$false }",
        ],
    );
}

#[test]
fn hyper_v_sysprep() {
    near_misses(
        windows,
        "AIB434",
        "Install-WindowsFeature -Name Web-Server,Hyper-V -IncludeManagementTools",
        &[
            "# Install-WindowsFeature Hyper-V",
            "Write-Host 'Install-WindowsFeature Hyper-V'",
            "Get-WindowsFeature Hyper-V",
            "Install-WindowsFeature -Name RSAT-Hyper-V-Tools",
            "Install-WindowsFeature -Name Hyper-V-PowerShell",
            "Install-WindowsFeature -Name Hyper-V -WhatIf",
            "Uninstall-WindowsFeature -Name Hyper-V",
            "Enable-WindowsOptionalFeature -Online -FeatureName Microsoft-Hyper-V-Management-PowerShell -NoRestart",
            "Enable-WindowsOptionalFeature -Online -FeatureName VirtualMachinePlatform -NoRestart",
            "Disable-WindowsOptionalFeature -Online -FeatureName Microsoft-Hyper-V -NoRestart",
            "dism /online /get-featureinfo /featurename:Microsoft-Hyper-V",
            "function Add-Host { Install-WindowsFeature -Name Hyper-V }",
            "Install-WindowsFeature -Name Hyper-V\n(Get-Content C:\\DeprovisioningScript.ps1) -replace '/quit', '/quit /mode:vm' | Set-Content C:\\DeprovisioningScript.ps1",
        ],
    );
    all_found(
        windows,
        "AIB434",
        &[
            "Enable-WindowsOptionalFeature -Online -FeatureName Microsoft-Hyper-V-All -NoRestart",
            "dism.exe /online /enable-feature /featurename:Microsoft-Hyper-V /all /norestart",
        ],
    );
    let install = step("powershell", "Install-WindowsFeature -Name Hyper-V");
    let own = step("powershell", "Copy-Item C:\\own\\DeprovisioningScript.ps1 C:\\");
    assert_eq!(codes("windows_server_2022", &format!("{install}\n{own}"), ""), [""; 0]);
    let script = "powershell \"own\" { script = \"https://contoso.com/1.0/x.ps1\"\n sha256 = \
                  \"2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\" }";
    assert_eq!(codes("windows_server_2022", &format!("{install}\n{script}"), ""), [""; 0]);
}

fn ubuntu(script: &str) -> Vec<String> {
    codes("ubuntu_24_04", &step("shell", script), "")
}

#[test]
fn bash_in_sh() {
    near_misses(
        ubuntu,
        "AIB416",
        "if [[ -f /etc/motd ]]; then cat /etc/motd; fi",
        &[
            "#!/bin/bash\nset -o pipefail\n[[ -f /etc/motd ]]",
            "#!/usr/bin/env bash\nx=(1 2)",
            "# [[ -f /etc/motd ]]",
            "echo '[[ x ]]' \"{a,b}\" '<<<'",
            "bash -c '[[ -f /etc/motd ]]'",
            "sudo bash -euo pipefail -c 'x=(1 2); echo done'",
            "bash <<'EOF'\nset -o pipefail\n[[ -f /etc/motd ]]\nEOF",
            "cat > /tmp/x.sh <<'EOF'\n[[ -f /etc/motd ]]\nEOF\nbash /tmp/x.sh",
            "[ -z \"$BASH_VERSION\" ] && exec bash \"$0\"\n[[ -f /etc/motd ]]",
            "[ \"$a\" = \"$b\" ] || true",
            "set -eu",
            ". /etc/os-release",
            "f() { local x=1; echo \"$x\"; }\nf",
            "echo $((1 + 2)) ${x:-1} ${x#a} ${#x}",
            "command > /tmp/log 2>&1",
            "x=\"$x 1\"; export x",
            "for i in 1 2 3; do echo $i; done",
            "awk '{ a[1] += $1 } END { print a[1] }' /etc/hosts",
            "find /etc -name '*.conf' -exec echo {} +",
            "echo {} {a} {1..3",
        ],
    );
    all_found(
        ubuntu,
        "AIB416",
        &[
            "set -euo pipefail",
            "set -o pipefail",
            "source /etc/os-release",
            "files=(/etc/*.conf)",
            "cat <<< text",
            "diff <(ls) /tmp/list",
            "function f { :; }\nf",
            "echo \"${x//a/b}\"",
            "make &> /tmp/log",
            "mkdir -p /tmp/{a,b}",
            "[ \"$a\" == b ] || true",
            "((x = 1 + 2))",
        ],
    );
    // Elsewhere `/bin/sh` is bash.
    let script = step("shell", "set -o pipefail\n[[ -f /etc/motd ]]");
    assert_eq!(codes("rhel_9", &script, ""), [""; 0]);
}

#[test]
fn missing_folder() {
    const FILE: &str = "file {\n  source = \"https://example.com/app/1.4.2/app.conf\"\n  sha256 = \"2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae\"\n  destination = \"DEST\"\n}";
    let into = |destination: &str, before: &str| {
        let file = FILE.replace("DEST", destination);
        codes("ubuntu_24_04", &format!("{before}\n{file}\nshell = 'sudo mv {destination} /etc/app.conf'"), "")
    };
    let after = |script: &str| into("/tmp/app/a.conf", &step("shell", script));
    assert_eq!(into("/tmp/app/a.conf", ""), ["AIB418"]);
    assert_eq!(into("/tmp/a.conf", ""), [""; 0]);
    for makes_others in [
        "sudo apt-get update\nsudo apt-get install -y jq",
        "mkdir -p /tmp/apps /opt/x",
        "# mkdir /tmp/app",
        "sudo bash -c 'systemctl enable x'",
        "curl -fsSL https://example.com/x -o /tmp/x",
        "if [ -f /etc/x ]; then sudo rm /etc/x; fi",
    ] {
        assert_eq!(after(makes_others), ["AIB418"], "{makes_others}");
    }
    for may_make in [
        "mkdir /tmp/app",
        "sudo install -d -m 0777 /tmp/app",
        "cd /tmp && mkdir app",
        "mkdir -p \"$DIR\"",
        "cd /tmp; tar xzf /opt/x.tgz",
        "tar xzf /opt/x.tgz -C /tmp",
        "unzip /opt/x.zip -d /tmp",
        "git clone https://example.com/app /tmp/app",
        "cd \"$(mktemp -d)\"",
        "./prepare.sh",
        "sudo python3 /opt/prepare.py",
        "python3 -c 'import os; os.makedirs(\"/tmp/x\")'",
        "f() { mkdir \"/tmp/$1\"; }\nf ap",
        "rsync -a host:/x/ /tmp/",
    ] {
        assert_eq!(after(may_make), [""; 0], "{may_make}");
    }
    let fetched = "shell {\n  script = \"https://example.com/x.sh\"\n  sha256 = \"2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae\"\n}";
    assert_eq!(into("/tmp/app/a.conf", fetched), [""; 0]);
    // Two files, one folder; a folder that a file before it does not make.
    let first = FILE.replace("DEST", "/tmp/app/b.conf");
    assert_eq!(into("/tmp/app/a.conf", &first), ["AIB418"]);
}

/// A fetch that may fail, or is meant to, needs no way out.
#[test]
fn fetches_that_may_fail_need_no_way_out() {
    let of = |script: &str| {
        let text = format!(
            "import std/marketplace\nexisting identity builder {{ name = \"id-builder\" }}\nexisting subnet vms {{\n  vnet = \"vnet\"\n  name = \"snet\"\n  resource_group = \"rg\"\n  outbound = false\n}}\nimage web {{\n  location = \"westeurope\"\n  identity = builder\n  source = marketplace.ubuntu_24_04\n  build {{ subnet = vms }}\n  customize {{\n    shell \"s\" = '''\n{script}\n    '''\n  }}\n  distribute {{ managed_image \"img\" }}\n}}\n"
        );
        run(&[("main.aib", &text)]).codes().into_iter().filter(|(code, _)| *code == "AIB754").count()
    };
    assert_eq!(of("curl -fsS -o /tmp/x https://example.com/x"), 1);
    for near in [
        "! curl -sf --max-time 3 https://example.com",
        "if curl -sf https://example.com; then exit 1; fi",
        "curl -fsS -o /tmp/x https://example.com/x || true",
        "fetch() { curl -fsS https://example.com/x; }",
    ] {
        assert_eq!(of(near), 0, "{near}");
    }
}
