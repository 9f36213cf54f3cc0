//! What rules say of two steps with scripts, and what only looks like it.

use super::scripts::codes;

/// The codes of an image with these scripts, one a step.
fn codes_of(source: &str, kind: &str, scripts: &[&str]) -> Vec<String> {
    let step = |(at, script): (usize, &&str)| format!("{kind} \"s{at}\" = '''\n{script}\n'''\n");
    let steps: String = scripts.iter().enumerate().map(step).collect();
    codes(source, &steps, "")
}

fn linux(scripts: &[&str]) -> Vec<String> {
    codes_of("rhel_9", "shell", scripts)
}

fn windows(scripts: &[&str]) -> Vec<String> {
    codes_of("windows_server_2022", "powershell", scripts)
}

#[test]
fn variables_are_lost_between_shell_steps() {
    for [first, second] in [
        ["v=3.2.1", "echo $v"],
        ["export v=3.2.1", "echo \"${v}\" > /tmp/version"],
        ["v=$(date)", "cat > /tmp/x <<EOF\nbuilt $v\nEOF"],
        ["read v < /etc/hostname", "if [ \"$v\" = web ]; then echo web; fi"],
        ["for v in a b; do echo $v; done", "x=$(echo $v)"],
        ["if true; then v=1; fi", "w=$v"],
        ["v=1", "sudo bash -c \"echo $v\""],
        ["v=1", "V=2; echo $V $v"],
    ] {
        assert_eq!(linux(&[first, second]), ["AIB415"], "{first} / {second}");
    }
    // Once a variable and step, and of the last step that sets it.
    assert_eq!(linux(&["v=1", "echo $v; echo $v", "echo $v"]), ["AIB415", "AIB415"]);
    // A variable is kept by name.
    for keeps in
        ["echo \"w=1\" | sudo tee -a /etc/environment", "sudo tee -a /etc/environment <<EOF\nw=1\nEOF"]
    {
        assert_eq!(linux(&["v=1; w=1", keeps, "echo $w $v"]), ["AIB415"], "{keeps}");
    }
    for [first, second] in [
        ["v=1", "echo $w"],
        ["echo $v", "v=1"],
        ["v=1", "echo '$v'"],
        ["v=1", "echo \\$v"],
        ["v=1", "# echo $v"],
        ["v=1", "V=2; echo $V"],
        ["v=1", "v=2; echo $v"],
        ["v=1", "read v; echo $v"],
        ["v=1", "for v in a b; do echo $v; done"],
        ["v=1", "while read -r a v; do echo $v; done < /etc/passwd"],
        ["v=1", "while getopts 'x:' v; do echo $v; done"],
        ["v=1", "printf -v v x; echo $v"],
        ["v=1", "mapfile -t v < /etc/passwd; echo ${v[0]}"],
        ["v=1", ". /etc/os-release; echo $v"],
        ["v=1", "source /opt/versions; echo $v"],
        ["v=1", "set -a; . /opt/versions; set +a; echo $v"],
        ["v=1", "eval $(cat /opt/versions); echo $v"],
        ["v=1", "export $(cat /opt/versions | xargs); echo $v"],
        ["v=1", "while read -r line; do export \"$line\"; done < /opt/x; echo $v"],
        ["v=1", "declare \"$name=1\"; echo $v"],
        ["v=1", "echo ${v:-2}"],
        ["v=1", ": \"${v:=2}\"\necho $v"],
        ["v=1", "echo ${v:?not set}"],
        ["v=1", "if [ -z \"$v\" ]; then exit 0; fi; echo $v"],
        ["v=1", "[[ -n $v ]] && echo $v"],
        ["v=1", "[ \"$v\" = \"\" ] || echo $v"],
        ["v=1", "f() { echo $v; }; f"],
        ["v=1", "f() { v=2; }; f; echo $v"],
        ["v=1", "sudo bash -c 'v=2; echo $v'"],
        ["v=1", "cat > /opt/x <<'EOF'\necho $v\nEOF"],
        ["v=1", "awk '{ print $v }' /etc/passwd"],
        ["f() { local v=1; }; f", "echo $v"],
        ["v=1 make install", "echo $v"],
        ["sudo bash -c 'v=1'", "echo $v"],
        ["export v=1\necho v=1 | sudo tee -a /etc/environment", "echo $v"],
        ["echo \"export v=1\" >> ~/.profile; v=1", "echo $v"],
        ["v=1; sudo install -m 644 /tmp/environment /etc/environment", "echo $v"],
        ["v=1; cat /tmp/settings | sudo tee -a /etc/environment", "echo $v"],
        ["v=1; for line in a b; do echo \"$line\" >> ~/.bashrc; done", "echo $v"],
        ["unset v", "echo $v"],
        ["export PATH=$PATH:/opt/bin", "echo $PATH"],
        ["USER=x", "echo $USER"],
        ["LC_ALL=C; TMPDIR=/mnt", "echo $LC_ALL $TMPDIR"],
        ["PACKER_BUILD_NAME=x", "echo $PACKER_BUILD_NAME"],
        ["#!/usr/bin/env python3\nv=1", "echo $v"],
        ["v=1", "#!/usr/bin/perl\n$v = 2; print $v;"],
    ] {
        assert_eq!(linux(&[first, second]), [""; 0], "{first} / {second}");
    }
}

#[test]
fn variables_are_lost_between_powershell_steps() {
    for [first, second] in [
        ["$v = 'C:\\Logs'", "New-Item -ItemType Directory -Path $v"],
        ["$v = 1", "Write-Host \"version $V\""],
        ["$env:V = '1'", "Write-Host $env:v"],
        ["[string]$v = 1", "Write-Host $($v)"],
        ["Set-Item Env:V 1", "Write-Host $env:V"],
        ["$v = 1", "1..3 | ForEach-Object { Write-Host $v }"],
        ["$v = 1", "$w = $v.Name"],
    ] {
        assert_eq!(windows(&[first, second]), ["AIB415"], "{first} / {second}");
    }
    for [first, second] in [
        ["$v = 1", "Write-Host $w"],
        ["$v = 1", "Write-Host '$v'"],
        ["$v = 1", "Write-Host \"`$v\""],
        ["$v = 1", "$V = 2; Write-Host $v"],
        ["$v = 1", "Write-Host $env:v"],
        ["$env:v = 1", "Write-Host $v"],
        ["$v = 1", "foreach ($v in 1..3) { Write-Host $v }"],
        ["$v = 1", "Get-Item C:\\ -OutVariable v; Write-Host $v"],
        ["$v = 1", "& { param($v) Write-Host $v } 1"],
        ["$v = 1", "Set-Variable -Name v -Value 2; Write-Host $v"],
        ["$v = 1", "Set-Variable -Name $name -Value 2; Write-Host $v"],
        ["$v = 1", "Set-Item -Path \"env:$name\" -Value 2; Write-Host $v"],
        ["$v = 1", "if ($v) { Write-Host $v }"],
        ["$v = 1", "if (-not $v) { $w = 2 }; Write-Host $v"],
        ["$env:v = 1", "if (Test-Path env:v) { Write-Host $env:v }"],
        ["$v = 1", ". C:\\settings.ps1; Write-Host $v"],
        ["$v = 1", "  . C:\\settings.ps1\nWrite-Host $v"],
        ["$v = 1", "Invoke-Expression (Get-Content C:\\x.ps1 -Raw); Write-Host $v"],
        ["$v = 1", "Get-Content C:\\x.ps1 -Raw | iex; Write-Host $v"],
        ["$v = 1", "function f { Write-Host $v }; f"],
        ["function f { $v = 1 }", "Write-Host $v"],
        ["function f($v) { }", "Write-Host $v"],
        ["[Environment]::SetEnvironmentVariable('V', '1', 'Machine')\n$env:V = '1'", "Write-Host $env:V"],
        ["$env:V = '1'; setx V 1 /M", "Write-Host $env:V"],
        [
            "$env:V = 1; Set-ItemProperty 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment' -Name V -Value 1",
            "Write-Host $env:V",
        ],
        ["$env:V = '1'; [Environment]::SetEnvironmentVariable($name, '1', 'Machine')", "Write-Host $env:V"],
        ["$env:V = '1'", "refreshenv\nWrite-Host $env:V"],
        ["$ErrorActionPreference = 'Stop'", "Write-Host $ErrorActionPreference"],
        ["$env:TEMP = 'C:\\T'", "Write-Host $env:TEMP"],
        ["$env:Path += ';C:\\x'", "Write-Host $env:PATH"],
        ["$LASTEXITCODE = 0", "exit $LASTEXITCODE"],
        ["$matches = 1", "Write-Host $Matches[1]"],
        ["$v = 1", "Get-ChildItem | ForEach-Object { $_.Name }"],
        ["$v = 1", "powershell -Command '$v = 2; Write-Host $v'"],
        ["$v = @(1", "Write-Host $w"],
    ] {
        let found = windows(&[first, second]);
        let others: Vec<_> = found.iter().filter(|code| *code != "AIB414").collect();
        assert!(others.is_empty(), "{first} / {second}: {found:?}");
    }
}

/// Text that is known only at deployment may hold anything, as a line of its own; as a part of one it sets nothing.
#[test]
fn unknown_lines_may_set_variables() {
    let with = |second: &str| {
        let steps = format!("shell \"a\" = \"v=1\"\nshell \"b\" {{ inline = [{second}] }}");
        codes("rhel_9", &steps, "")
    };
    assert_eq!(with("\"echo $v\""), ["AIB415"]);
    assert_eq!(with("\"echo ${azure.resource_group.name}\", \"echo $v\""), ["AIB415"]);
    assert_eq!(with("azure.resource_group.name, \"echo $v\""), [""; 0]);
}

/// The codes of an image whose steps stand before `windows_update` and a restart.
fn before_updates(steps: &str) -> Vec<String> {
    let mut found = codes("windows_server_2022", &format!("{steps}\nwindows_update\nrestart"), "");
    // That `wusa` wants more rights is not what this is about.
    found.retain(|code| code != "AIB436");
    found
}

#[test]
fn update_before_restart() {
    let script = |text: &str| format!("powershell \"install\" = '''\n{text}\n'''\n");
    for text in [
        "msiexec /i C:\\a.msi /qn",
        "msiexec.exe /i C:\\a.msi /qn /norestart | Out-Null",
        "Start-Process msiexec -ArgumentList '/i C:\\a.msi /qn' -Wait",
        "Start-Process -FilePath msiexec.exe -ArgumentList '/package', 'C:\\a.msi', '/qn' -Wait",
        "Start-Process msiexec -ArgumentList \"/i `\"$path`\" /qn\" -Wait",
        "cmd /c \"msiexec /i C:\\a.msi /qn\"",
        "wusa C:\\a.msu /quiet /norestart",
        "Install-WindowsUpdate -AcceptAll -IgnoreReboot",
        "Install-WindowsFeature -Name RDS-RD-Server -IncludeManagementTools",
        "Add-WindowsFeature RDS-RD-Server, RSAT",
        "try { Install-WindowsFeature Containers } catch { exit 1 }",
        "Enable-WindowsOptionalFeature -Online -FeatureName VirtualMachinePlatform -NoRestart",
        "Disable-WindowsOptionalFeature -Online -FeatureName SMB1Protocol -NoRestart",
        "dism /online /enable-feature /featurename:VirtualMachinePlatform /all /norestart",
    ] {
        assert_eq!(before_updates(&script(text)), ["AIB417"], "{text}");
    }
    for text in [
        "New-Item -ItemType Directory -Path C:\\Installers",
        "# msiexec /i C:\\a.msi",
        "Write-Host 'msiexec /i C:\\a.msi'",
        "msiexec /x C:\\a.msi /qn",
        "msiexec /i C:\\a.msi /qn /forcerestart",
        "Get-Command wusa",
        "function Add { msiexec /i C:\\a.msi /qn }",
        "if (-not (Test-Path C:\\a)) { msiexec /i C:\\a.msi /qn }",
        "Start-Process msiexec -ArgumentList $arguments -Wait",
        "Install-WindowsFeature -Name Web-Server",
        "Install-WindowsFeature -Name RSAT-Hyper-V-Tools, NET-Framework-Core",
        "Install-WindowsFeature -Name $feature",
        "Install-WindowsFeature -Name Hyper-V -WhatIf",
        "Get-WindowsFeature -Name Hyper-V",
        "Get-WindowsOptionalFeature -Online -FeatureName SMB1Protocol",
        "Enable-WindowsOptionalFeature -Online -FeatureName NetFx3 -NoRestart",
        "Enable-WindowsOptionalFeature -Path C:\\mount -FeatureName SMB1Protocol",
        "dism /online /get-featureinfo /featurename:Microsoft-Hyper-V",
        "dism /image:C:\\mount /enable-feature /featurename:Microsoft-Hyper-V",
        "Add-WindowsCapability -Online -Name OpenSSH.Server~~~~0.0.1.0",
        "msiexec /i C:\\a.msi /qn\nif (Test-PendingReboot) { exit 1 }",
        "Install-Module PSWindowsUpdate -Force",
        "choco install git -y",
    ] {
        assert_eq!(before_updates(&script(text)), [""; 0], "{text}");
    }
}

#[test]
fn update_before_restart_by_what_stands_between() {
    let install = |more: &str| format!("powershell \"install\" = \"msiexec /i C:/a.msi /qn\" {{ {more} }}\n");
    let hit = ["AIB417"];
    let nothing = [""; 0];
    assert_eq!(before_updates(&install("exit_codes = [0, 1605]")), hit);
    let other = "powershell \"other\" = \"Get-Date\"\n";
    assert_eq!(before_updates(&(install("") + other)), hit);
    // One finding, whatever is installed.
    assert_eq!(before_updates(&(install("") + &install("").replace("install\"", "more\""))), hit);
    assert_eq!(before_updates(&(install("") + "restart \"after it\"\n" + other)), nothing);
    assert_eq!(before_updates(&(install("") + "windows_update \"first\"\n")), hit);
    // Its author knows better, or another rule does.
    assert_eq!(before_updates(&install("needs_restart = false")), nothing);
    assert_eq!(before_updates(&install("needs_restart = true")), ["AIB404"]);
    // The codes of a step that is not read, or that says nothing of an installer.
    let with = |codes: &str| format!("powershell \"any\" = \"C:/setup.ps1\" {{ exit_codes = [{codes}] }}\n");
    assert_eq!(before_updates(&with("0, 3010")), hit);
    assert_eq!(before_updates(&with("0, 1641")), hit);
    assert_eq!(before_updates(&with("0, 1")), nothing);
    let behind = format!("windows_update\nrestart\n{}restart \"again\"", install(""));
    assert_eq!(codes("windows_server_2022", &behind, ""), nothing);
}
