//! What only looks like what the rules about scripts look for: in comments, quotes, here-documents, other programs' arguments.

use super::pipeline::run;

const HEAD: &str = "import std/marketplace\nexisting identity builder { name = \"id-builder\" }\nimage web {\n  location = \
                    \"westeurope\"\n  identity = builder\n";

/// The codes that an image with these steps raises. Scripts in tests leave `sudo` and elevation out where they do not matter:
/// `missing-sudo` and `missing-elevation` have tests of their own.
pub(super) fn codes(source: &str, customize: &str, validate: &str) -> Vec<String> {
    let all = all_codes(source, customize, validate);
    all.into_iter().filter(|code| !["AIB435", "AIB436"].contains(&code.as_str())).collect()
}

/// All codes that an image with these steps raises.
pub(super) fn all_codes(source: &str, customize: &str, validate: &str) -> Vec<String> {
    let validate =
        if validate.is_empty() { String::new() } else { format!("  validate {{\n{validate}\n  }}\n") };
    let text = format!(
        "{HEAD}  source = marketplace.{source}\n  build {{ vm_size = \"Standard_D4s_v5\" }}\n  customize {{\n{customize}\n  }}\n{validate}  \
         distribute {{ managed_image \"img\" }}\n}}\n"
    );
    run(&[("main.aib", &text)]).codes().into_iter().map(|(code, _)| code.to_owned()).collect()
}

/// A script as a step, in a literal that takes it as it is.
pub(super) fn step(kind: &str, script: &str) -> String {
    format!("{kind} = '''\n{script}\n'''")
}

/// On a Linux whose `sh` is bash.
pub(super) fn linux(script: &str) -> Vec<String> {
    codes("rhel_9", &step("shell", script), "")
}

pub(super) fn windows(script: &str) -> Vec<String> {
    codes("windows_server_2022", &step("powershell", script), "")
}

#[track_caller]
pub(super) fn near_misses(of: fn(&str) -> Vec<String>, code: &str, hit: &str, near: &[&str]) {
    assert_eq!(of(hit), [code], "{hit}");
    for script in near {
        assert_eq!(of(script), [""; 0], "{script}");
    }
}

#[test]
fn reboot_in_script() {
    near_misses(
        linux,
        "AIB406",
        "if true; then\n  sudo -n systemctl reboot\nfi",
        &[
            "# sudo reboot",
            "echo reboot # now",
            "echo \"then\nreboot\n\"",
            "cat > /etc/motd <<EOF\nreboot\nEOF",
            "cat <<'A' > /etc/a; cat <<B > /etc/b\nreboot\nA\nhalt\nB",
            "reboot() { echo no; }\nreboot",
            "function halt { echo no; }",
            "command -v reboot",
            "systemctl disable reboot.target",
            "shutdown -c",
            "apt-get install -y molly-guard \\\n  reboot",
            "case $1 in\n  reboot|halt) echo $1 ;;\nesac",
            "for reboot in 1 2; do echo $reboot; done",
            "reboot=yes; echo $reboot",
            "alias r='reboot'",
            "needs=(reboot halt)",
            "ssh host 'reboot'",
            "docker run image reboot",
            "grep -q reboot <<< \"$log\"",
            "[[ $next == reboot ]] && echo later",
            "echo $((halt + 1))",
            "python3 -c 'reboot'",
            "f() { reboot; }",
            "f() { reboot; f; }",
            "f() { reboot; }\ng() { f; }",
            "f() { reboot; g; }\ng() { f; }",
            "systemctl disable reboot.target",
            "systemctl mask reboot.target",
        ],
    );
    near_misses(
        linux,
        "AIB406",
        "sudo systemctl start reboot.target",
        &["systemctl reboot --help", "systemctl --dry-run reboot"],
    );
    near_misses(linux, "AIB406", "f() { reboot; }\nretry 3 f", &[]);
    near_misses(linux, "AIB406", "f() { reboot; }\ng() { f; }\ng", &[]);
    near_misses(
        windows,
        "AIB406",
        "if ($x) { Restart-Computer -Force }",
        &[
            "# Restart-Computer",
            "<#\nRestart-Computer\n#>",
            "Write-Host \"Restart-Computer\"",
            "$text = @'\nRestart-Computer\n'@",
            "$text = @\"\nRestart-Computer\n\"@",
            "'Restart-Computer' | Out-File C:\\x.ps1",
            "Restart-Computer -WhatIf",
            "function Restart-Computer { Write-Host no }",
            "Get-Command Restart-Computer",
            "shutdown /a",
            "$Restart-Computer = 1",
            "Get-Help -Name Restart-Computer",
            "@{ Action = 'Restart-Computer' }",
            "function R { Restart-Computer }",
            "$x = { Restart-Computer }",
            "$x = { Restart-Computer }; Register-ScheduledJob -Name x -ScriptBlock $x",
            "Invoke-Command -ComputerName db { Restart-Computer }",
            "Invoke-Command -Session $s -ScriptBlock { Restart-Computer }",
            "Register-ScheduledJob -Name x -ScriptBlock { Restart-Computer }",
            "Rename-Computer -NewName x -ComputerName db -Restart",
            "Rename-Computer -NewName x",
            "Install-WindowsFeature X -Restart -WhatIf",
            "Install-WindowsFeature X -Restart:$false",
            "Install-WindowsFeature X -IncludeManagementTools -Restart:$False -Verbose",
            "Get-WindowsUpdate -Install -AutoReboot:$false -AcceptAll",
            "Get-WindowsUpdate -Install -AcceptAll -IgnoreReboot",
            "wusa.exe C:\\x.msu /quiet /norestart",
            "wusa C:\\x.msu /extract:C:\\x",
            "Start-Process wusa.exe -ArgumentList 'C:\\x.msu', '/quiet', '/norestart' -Wait",
            "'Restart-Computer' | Write-Host",
        ],
    );
    for script in [
        "Rename-Computer x -Restart",
        "Add-Computer -DomainName x -Credential $c -Restart",
        "Install-WindowsFeature X -Restart",
        "Add-WindowsFeature X -Restart",
        "Install-WindowsFeature X -Restart:$true",
        "Get-WindowsUpdate -Install -AcceptAll -AutoReboot",
        "wusa.exe C:\\x.msu /quiet",
        "Start-Process wusa.exe -ArgumentList 'C:\\x.msu /quiet' -Wait",
        "Uninstall-WindowsFeature X -Restart",
        "\"Restart-Computer\" | iex",
        "function R { Restart-Computer }; R",
        "$x = { Restart-Computer }; & $x",
        "$x = { Restart-Computer }; Invoke-Command -ScriptBlock $x",
        "$x = Start-Job { Restart-Computer }",
    ] {
        assert_eq!(windows(script), ["AIB406"], "{script}");
    }
    let outcome = |kind: &str, source: &str, script: &str| {
        let text = format!(
            "{HEAD}  source = marketplace.{source}\n  build {{ vm_size = \"Standard_D4s_v5\" }}\n  customize {{\n{}\n  }}\n  distribute {{ \
             managed_image \"img\" }}\n}}\n",
            step(kind, script)
        );
        let outcome = run(&[("main.aib", &text)]);
        let place = outcome.codes().iter().map(|(_, at)| at.to_string()).collect::<String>();
        (outcome.found[0].title.clone(), place)
    };
    let (title, place) = outcome("shell", "ubuntu_24_04", "sudo systemctl reboot");
    assert_eq!(title, "the `shell` step stops the machine with `systemctl reboot`");
    assert_eq!(place, "sudo systemctl reboot");
    let (_, place) = outcome("powershell", "windows_server_2022", "Restart-Computer | Out-Null");
    assert_eq!(place, "Restart-Computer");
}

#[test]
fn wrapped_commands_are_seen() {
    for script in [
        "sudo bash -c 'apt-get update && reboot'",
        "sudo sh -ec \"reboot\"",
        "su - root -c 'reboot'",
        "sudo bash <<'EOF'\nreboot\nEOF",
        "cat <<EOF | sudo bash\nreboot\nEOF",
        "nohup timeout 5 reboot &",
        "(sleep 5; reboot) &",
        "x=$(reboot)",
        "echo `reboot`",
        "f() { reboot; }\nf",
        "eval 'reboot'",
    ] {
        assert_eq!(linux(script), ["AIB406"], "{script}");
    }
    for script in [
        "cmd /c \"shutdown /r /t 0\"",
        "Start-Process shutdown.exe -ArgumentList '/r', '/t', '0' -Wait",
        "powershell -Command \"Restart-Computer -Force\"",
        "Invoke-Expression 'Restart-Computer'",
        "Invoke-Command -ScriptBlock { Restart-Computer }",
        "& { Restart-Computer }",
        "Start-Process powershell -ArgumentList '-Command Restart-Computer'",
    ] {
        assert_eq!(windows(script), ["AIB406"], "{script}");
    }
}

#[test]
fn deprovision_script_lost() {
    near_misses(
        linux,
        "AIB407",
        "cd / && sudo rm -rf /tmp/*",
        &[
            "# rm -rf /tmp/*",
            "echo rm -rf /tmp",
            "echo \"rm -rf /tmp/*\"",
            "cat > /etc/cron.daily/x <<EOF\nrm -rf /tmp/*\nEOF",
            "rm -rf /tmp/app /tmp/x.sh",
            "rm -f '/tmp/*'",
            "rm -f \"/tmp/*\"",
            "ls /tmp/* > /tmp/list",
            "docker exec app rm -rf /tmp",
            "rm() { echo no; }\nrm -rf /tmp/*",
            "find /tmp -name x",
            "find /tmp -name '*.log' -delete",
            "find /tmp -type f -mtime +1 -delete",
            "find /tmp ! -name DeprovisioningScript.sh -delete",
            "find /tmp -mindepth 2 -delete",
            "find /tmp -type d -exec chmod 755 {} +",
            "find /tmp /opt -name x -exec rm {} +",
            "find /tmp -type f",
            "cd /opt && rm -rf *",
            "cd /tmp && cd app && rm -rf *",
            "cd /tmp/app && rm -rf *",
            "cd /tmp && rm -rf app-* '*'",
            "T=/tmp; T=/opt; rm -rf $T/*",
            "T=$(mktemp -d); rm -rf $T/*",
            "rm -rf /tmp/E* /tmp/? /tmp/D*.txt /tmp/*/*",
            "rm -f x > /tmp/log",
            "command -v rm /tmp",
            "(cd /tmp; tar xf /opt/x.tgz)\nrm -rf *",
            "(cd /tmp && tar xf /opt/x.tgz)\nrm -rf *",
            "f() { cd /tmp; }\nrm -rf *",
            "f() { cd /tmp; }\nf\nrm -rf *",
            "sh -c 'cd /tmp; date'\nrm -rf *",
            "x=$(cd /tmp; pwd)\nrm -rf *",
            "if [ -d /a ]; then cd /tmp; fi\nrm -rf *",
            "cd /tmp | tee /x\nrm -rf *",
            "cd /tmp\ncd /opt\n(cd /tmp; date)\nrm -rf *",
        ],
    );
    near_misses(
        windows,
        "AIB407",
        "Remove-Item 'C:\\*' -Recurse",
        &[
            "# Remove-Item C:\\*",
            "Write-Host 'Remove-Item C:\\*'",
            "Remove-Item C:\\temp\\*",
            "Get-ChildItem C:\\*",
            "$x = 'del C:\\*'",
            "<# del C:\\* #>",
            "function Remove-Item { } ; Remove-Item C:\\*",
            "Remove-Item -Path \"$x\\*\"",
            "Write-Host (\"del C:\\*\")",
            "$t = @'\ndel C:\\*\n'@",
            "Remove-Item -Path \"C:\\*\" -Include *.log",
            "Remove-Item -Path C:\\* -Exclude D*",
            "Remove-Item C:\\* -Filter *.tmp",
            "Get-ChildItem C:\\ -Filter *.log | Remove-Item",
            "Get-ChildItem C:\\Temp -File | Remove-Item",
            "Get-ChildItem C:\\ -File | Where-Object { $_.Name -like 'a*' } | Remove-Item",
            "Get-ChildItem C:\\ -Directory | Remove-Item",
            "Remove-Item $env:SystemDrive\\Temp\\*.ps1",
        ],
    );
    for script in [
        "find /tmp -delete",
        "find /tmp -mindepth 1 -exec rm -rf {} +",
        "sudo find /tmp -type f -delete",
        "find /tmp/ -mindepth 1 -maxdepth 1 -exec rm -rf {} \\;",
        "cd /tmp && rm -rf *",
        "cd /tmp\nsudo rm -rf ./*",
        "(cd /tmp; rm -rf *)",
        "cd /tmp || exit 1\nrm -rf *",
        "cd /tmp\n(cd /opt; date)\nrm -rf *",
        "cd /tmp\nif true; then rm -rf *; fi",
        "sh -c 'cd /tmp; rm -rf *'",
        "rm -rf /tmp/D*",
        "rm -rf /tmp/?*",
        "rm -rf //tmp//*",
        "T=/tmp; rm -rf $T/*",
        "T=/tmp\nrm -rf \"${T}\"/*",
    ] {
        assert_eq!(linux(script), ["AIB407"], "{script}");
    }
    for script in [
        "rm C:/DeprovisioningScript.ps1",
        "Remove-Item $env:SystemDrive\\*.ps1",
        "Get-ChildItem C:\\ -File | Remove-Item",
        "gci C:\\*.ps1 | Remove-Item -Force",
    ] {
        assert_eq!(windows(script), ["AIB407"], "{script}");
    }
}

#[test]
fn step_after_generalize() {
    near_misses(
        linux,
        "AIB405",
        "sudo waagent -deprovision+user -force",
        &[
            "# waagent -deprovision",
            "echo waagent -deprovision",
            "echo 'waagent -deprovision+user'",
            "cat > /x <<EOF\nwaagent -deprovision\nEOF",
            "waagent -version",
            "command -v waagent && echo deprovision",
            "systemctl restart waagent",
            "waagent() { echo no; }\nwaagent -deprovision",
            "grep -r deprovision /usr/sbin/waagent",
            "ssh host 'waagent -deprovision'",
            "x='waagent -deprovision'",
        ],
    );
    near_misses(
        windows,
        "AIB405",
        "& $env:SystemRoot\\System32\\Sysprep\\Sysprep.exe /oobe /generalize /quiet",
        &[
            "# sysprep /generalize",
            "Write-Host 'sysprep /generalize'",
            "Get-Process sysprep",
            "$x = \"sysprep /generalize\"",
            "'sysprep /generalize' | Set-Content x",
            "(Get-Content x) -replace 'sysprep.exe /generalize', ''",
            "Test-Path C:\\Windows\\System32\\Sysprep\\Sysprep.exe",
            "@'\nsysprep /generalize\n'@ | Out-Null",
            "sysprep /audit",
            "Remove-Item C:\\Windows\\System32\\Sysprep\\Panther -Recurse",
        ],
    );
}

#[test]
fn piped_script() {
    near_misses(
        linux,
        "AIB715",
        "curl -fsSL https://example.com/x | tee log | sudo bash",
        &[
            "# curl https://example.com/x | bash",
            "echo 'curl https://example.com/x | bash'",
            "cat > /x <<EOF\ncurl https://example.com/x | bash\nEOF",
            "curl -s https://example.com/x || bash other.sh",
            "curl -s https://example.com/x; bash other.sh",
            "curl -s https://example.com/x | grep bash",
            "curl -s https://example.com/x | sudo tee /etc/x",
            "curl -s https://example.com/x | python3 -m json.tool",
            "curl -s https://example.com/x | python3 -c 'print(1)'",
            "curl -fsSLo x https://example.com/x | bash -n y",
            "bash x.sh \"$(curl -s https://example.com/ip)\"",
            "bash -c \"echo $HOME\"",
            "date | bash -s",
            "curl -s https://example.com/x > y; bash < z",
            "echo \"$(curl -s https://example.com/x)\" | bash y",
            "version=$(curl -s https://example.com/v); bash x.sh $version",
        ],
    );
    near_misses(
        windows,
        "AIB715",
        "Invoke-RestMethod https://example.com/x | Invoke-Expression",
        &[
            "# irm https://example.com/x | iex",
            "'irm https://example.com/x | iex'",
            "Write-Host \"irm https://example.com/x | iex\"",
            "irm https://example.com/x -OutFile x; iex .\\x.ps1",
            "irm https://example.com/x | ConvertFrom-Json",
            "iwr https://example.com/x -OutFile x | iex",
            "$x = irm https://example.com/x; Write-Host iex",
            "<# irm x | iex #>",
            "$t = @'\nirm x | iex\n'@",
            "iex 'Get-Date'",
            "$x = irm https://example.com/x; $x = 'Get-Date'; iex $x",
            "$x = irm https://example.com/x -OutFile y; iex $x",
            "$x = Get-Content y; irm https://example.com/x; iex $x",
        ],
    );
    for script in [
        "$x = irm https://example.com/x; iex $x",
        "$x = Invoke-WebRequest https://example.com/x\nGet-Date\nInvoke-Expression $($X.Content)",
        "$x = (New-Object Net.WebClient).DownloadString('https://example.com/x')\niex $x",
    ] {
        assert_eq!(windows(script), ["AIB715"], "{script}");
    }
    assert_eq!(linux("curl -s https://example.com/x | python3.11"), ["AIB715"]);
}

#[test]
fn plain_http() {
    near_misses(
        linux,
        "AIB710",
        "bash -c 'curl -O http://example.com/x'",
        &[
            "# curl http://example.com/x",
            "echo curl http://example.com/x",
            "cat > /x <<EOF\ncurl http://example.com/x\nEOF",
            "git config --global url.http://example.com/.insteadOf x",
            "echo \"$(date) http://example.com\"",
            "curl -H 'Referer: http://example.com/x' https://example.com/x",
            "curl -e http://example.com https://example.com/x",
            "curl https://example.com/?u=http://example.com",
            "curl http://$HOST/x",
            "curl http://127.0.0.1/x",
            "curl \"http://$(hostname)/x\"",
            "curl() { echo no; }\ncurl http://example.com/x",
        ],
    );
}

fn with_file(early: &str) -> Vec<String> {
    let file = "file \"app\" {\n source = \"https://example.com/app\"\n sha256 = \
                \"2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae\"\n destination = \"/tmp/app.sh\"\n}";
    codes("rhel_9", &format!("{}\n{file}\n{}", step("shell", early), step("shell", "ls /tmp")), "")
}

fn checked_file(check: &str) -> Vec<String> {
    let file = "file \"app\" {\n source = \"https://example.com/app\"\n sha256 = \
                \"2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae\"\n destination = \"/tmp/app.sh\"\n}";
    codes("rhel_9", file, &step("shell", check))
}

/// Scripts that name `/tmp/app.sh` without needing it.
static UNUSED: &[&str] = &[
    "# bash /tmp/app.sh",
    "echo /tmp/app.sh",
    "echo \"run /tmp/app.sh\"",
    "cat > /etc/x <<EOF\nbash /tmp/app.sh\nEOF",
    "echo 'date' > /tmp/app.sh\nbash /tmp/app.sh",
    "curl -so /tmp/app.sh https://example.com/y\nbash /tmp/app.sh",
    "cp x /tmp/app.sh",
    "bash /tmp/app.sh.old",
    "bash -c 'echo /tmp/app.sh'",
    "touch /tmp/app.sh && cat /tmp/app.sh",
    "rm -f /tmp/app.sh",
    "bash() { echo no; }\nbash /tmp/app.sh",
    "tee /tmp/app.sh <<< x > log",
];

#[test]
fn file_used_early() {
    near_misses(with_file, "AIB403", "sudo bash -c 'bash /tmp/app.sh'", UNUSED);
    near_misses(with_file, "AIB403", "x=$(cat /tmp/app.sh)", &["[ -e /tmp/app.sh ] || date"]);
    near_misses(with_file, "AIB403", "bash < /tmp/app.sh", &[]);
    for script in [
        "chmod 755 /tmp/app.sh && sudo /tmp/app.sh",
        "sudo install -m 755 /tmp/app.sh /opt",
        "(. /tmp/app.sh)",
    ] {
        assert_eq!(with_file(script), ["AIB403"], "{script}");
    }
    let file = "file {\n source = \"https://example.com/app\"\n sha256 = \
                \"2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae\"\n destination = ";
    for script in ["tar xzf /tmp/app.tgz -C /opt", "tar -x -f /tmp/app.tgz", "sudo tar tf /tmp/app.tgz"] {
        let steps = format!("{}\n{file}\"/tmp/app.tgz\"\n}}", step("shell", script));
        assert_eq!(codes("ubuntu_24_04", &steps, ""), ["AIB403"], "{script}");
    }
    for script in ["Expand-Archive -Path C:\\app.zip -DestinationPath D:\\", "msiexec /i C:\\app.zip /qn"] {
        let steps = format!("{}\n{file}'C:\\app.zip'\n}}", step("powershell", script));
        assert_eq!(codes("windows_server_2022", &steps, ""), ["AIB403"], "{script}");
    }
}

/// What is there already, nobody can tell of most folders; nor what a program makes that does not say so.
#[test]
fn files_that_may_be_there_before() {
    let file = |path: &str| {
        format!(
            "file {{\n source = \"https://example.com/app\"\n sha256 = \
             \"2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae\"\n destination = '{path}'\n}}\nrestart              {{ timeout = 15m }}"
        )
    };
    let windows = |script: &str, path: &str| {
        codes("windows_server_2022", &format!("{}\n{}", step("powershell", script), file(path)), "")
    };
    let temp = "C:\\Windows\\Temp\\x.ps1";
    for (script, path) in [
        ("Copy-Item C:\\Windows\\Temp\\x.ps1 D:\\", temp),
        (
            "Install-WindowsFeature Web-Server\nNew-Item C:\\a -ItemType Directory\nGet-Content -Path C:\\Windows\\Temp\\x.ps1",
            temp,
        ),
        ("Copy-Item C:\\app\\x.ps1 D:\\", "C:\\app\\x.ps1"),
    ] {
        assert_eq!(windows(script, path), ["AIB403"], "{script}");
    }
    for (script, path) in [
        (
            "Copy-Item C:\\Windows\\System32\\drivers\\etc\\hosts C:\\hosts.bak",
            "C:\\Windows\\System32\\drivers\\etc\\hosts",
        ),
        ("Copy-Item 'C:\\Program Files\\a\\x.conf' C:\\y", "C:\\Program Files\\a\\x.conf"),
        ("Get-Content -Path C:\\inetpub\\wwwroot\\iisstart.htm", "C:\\inetpub\\wwwroot\\iisstart.htm"),
        ("C:\\setup.exe /S | Out-Null\nCopy-Item C:\\app\\x.ps1 D:\\", "C:\\app\\x.ps1"),
        ("choco install app -y\nCopy-Item C:\\app\\x.ps1 D:\\", "C:\\app\\x.ps1"),
        (
            "Start-Process msiexec.exe -ArgumentList '/i C:\\a.msi /qn' -Wait\nCopy-Item C:\\app\\x.ps1 D:\\",
            "C:\\app\\x.ps1",
        ),
        (
            "[IO.Compression.ZipFile]::ExtractToDirectory($zip, $to)\nCopy-Item C:\\app\\x.ps1 D:\\",
            "C:\\app\\x.ps1",
        ),
        (
            "(New-Object Net.WebClient).DownloadFile($url, $to)\nCopy-Item C:\\app\\x.ps1 D:\\",
            "C:\\app\\x.ps1",
        ),
        ("Copy-Item D:\\* $to\nCopy-Item C:\\app\\x.ps1 D:\\", "C:\\app\\x.ps1"),
        ("Get-Setup\nfunction Get-Setup { C:\\a.exe }\nCopy-Item C:\\app\\x.ps1 D:\\", "C:\\app\\x.ps1"),
    ] {
        assert_eq!(windows(script, path), [""; 0], "{script}");
    }
    assert_eq!(with_file("date\nsudo dnf install -y jq\nbash /tmp/app.sh"), ["AIB403"]);
    for before in [
        "python3 /opt/build.py",
        "/opt/build",
        "make",
        "tar xf /opt/a.tgz",
        "git clone https://example.com/a.git",
        "curl -fsS -OJ https://example.com/a",
        "curl -fsS -o \"$to\" https://example.com/a",
        "cp /opt/* \"$to\"",
        "date > $to",
        ". /opt/env.sh",
        "build() { date; }\nbuild",
    ] {
        assert_eq!(with_file(&format!("{before}\nbash /tmp/app.sh")), [""; 0], "{before}");
    }
}

/// A script may make the file itself, in whatever way.
#[test]
fn files_that_scripts_make() {
    let file = "file {\n source = \"https://example.com/app\"\n sha256 = \
                \"2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae\"\n destination = ";
    for script in [
        "tar czf /tmp/app.tgz /etc",
        "cd /opt && tar -cf /tmp/app.tgz .",
        "cd /tmp && curl -fsSLO https://example.com/v1.0/app.tgz && tar xf /tmp/app.tgz",
        "curl -fsSLO --output-dir /tmp https://example.com/v1.0/app.tgz && tar xf /tmp/app.tgz",
        "wget -q -P /tmp https://example.com/v1.0/app.tgz && tar xf /tmp/app.tgz",
        "cd /tmp && tar czf app.tgz x; ls /tmp/app.tgz",
        "zip -r /tmp/app.tgz /opt; cat /tmp/app.tgz",
        "7z a /tmp/app.tgz /opt; cat /tmp/app.tgz",
        "dd if=/dev/zero of=/tmp/app.tgz count=1; cat /tmp/app.tgz",
        "git clone https://example.com/app /tmp/app.tgz; mv /tmp/app.tgz /opt",
        "mkfifo /tmp/app.tgz; cat /tmp/app.tgz",
        "ln -s /opt/app.tgz /tmp/app.tgz; tar xf /tmp/app.tgz",
        "mv /opt/x /tmp/app.tgz; cat /tmp/app.tgz",
        "install -m 644 x /tmp/app.tgz; cat /tmp/app.tgz",
        "unzip -q all.zip -d /tmp; tar xf /tmp/app.tgz",
        "tar -xf all.tar -C/tmp/; tar xf /tmp/app.tgz",
        "f=/tmp/app.tgz; tar czf $f /etc; tar xf /tmp/app.tgz",
        "fetch() { curl -o \"/tmp/$1\" https://example.com/$1; }; fetch app.tgz; tar xf /tmp/app.tgz",
        "f() { tar xf /tmp/app.tgz; }",
        "true || tar xf /tmp/app.tgz",
        "tar xf /tmp/app.tgz || true",
        "if [ -f /tmp/app.tgz ]; then tar xf /tmp/app.tgz; fi",
        "[ -f /tmp/app.tgz ] && tar xf /tmp/app.tgz",
        "[ -d /opt/x ] && tar xf /tmp/app.tgz",
    ] {
        let steps =
            format!("{}\n{file}\"/tmp/app.tgz\"\n}}\n{}", step("shell", script), step("shell", "ls /tmp"));
        assert_eq!(codes("ubuntu_24_04", &steps, ""), [""; 0], "{script}");
    }
    for script in [
        "Compress-Archive -Path C:\\x -DestinationPath C:\\app.zip; Expand-Archive C:\\app.zip",
        "Get-Date | Out-File C:\\app.zip; Get-Content -Path C:\\app.zip",
        "Set-Content -Path C:\\app.zip -Value x; Get-Content -Path C:\\app.zip",
        "Start-BitsTransfer -Source https://example.com/app -Destination C:\\app.zip; Expand-Archive C:\\app.zip",
        "try { Expand-Archive C:\\app.zip D:\\ } catch { Get-Date }",
    ] {
        let steps = format!("{}\n{file}'C:\\app.zip'\n}}", step("powershell", script));
        assert_eq!(codes("windows_server_2022", &steps, ""), [""; 0], "{script}");
    }
}

#[test]
fn lost_temp_file() {
    near_misses(checked_file, "AIB413", "sudo bash -c 'bash /tmp/app.sh'", UNUSED);
    near_misses(
        checked_file,
        "AIB413",
        "[ -f /tmp/app.sh ]",
        &["! [ -f /tmp/app.sh ]", "! test -e /tmp/app.sh"],
    );
    near_misses(
        checked_file,
        "AIB413",
        "sudo diff /tmp/app.sh /opt/app.sh",
        &[
            "zip -r /tmp/app.sh /opt; cat /tmp/app.sh",
            "dd if=/dev/zero of=/tmp/app.sh count=1; cat /tmp/app.sh",
            "git clone https://example.com/app /tmp/app.sh; ls /tmp/app.sh",
            "tar -xf /opt/all.tar -C /tmp; bash /tmp/app.sh",
            "cd /tmp && curl -fsSLO https://example.com/v1/app.sh && bash /tmp/app.sh",
            "openssl enc -d -in /opt/x -out /tmp/app.sh; bash /tmp/app.sh",
        ],
    );
}

#[test]
fn password_literal() {
    near_misses(
        linux,
        "AIB512",
        "sudo bash -c \"mysql -uroot -phunter22 -e 'select 1'\"",
        &[
            "# mysql -phunter22",
            "echo mysql -phunter22",
            "cat > /x <<EOF\nmysql -phunter22\nEOF",
            "echo 'user:hunter22' | tee /x",
            "echo 'user:hunter22'; chpasswd < /x",
            "echo 'user:hunter22' || chpasswd",
            "mysql() { echo no; }\nmysql -phunter22",
            "grep -phunter22 x",
            "chpasswd <<< \"$USERS\"",
            "chpasswd <<EOF\nroot:$PW\nEOF",
            "mysql -p\"$(cat /run/pw)\"",
            "docker run -p 8080:8080 x",
        ],
    );
}

#[test]
fn script_syntax() {
    near_misses(
        linux,
        "AIB414",
        "if true; then\n  echo \"fi\"\n",
        &[
            "echo if then",
            "echo \"if\nthen\"",
            "echo \"it's\"",
            "# don't",
            "cat <<EOF\nif ( don't \"\nEOF",
            "echo \\( \\' \\\"",
            "case x in\n  if) echo ;;\n  (fi) echo ;;\nesac",
            "a=$(cat <<E\nit's\nE\n)",
            "[ \"$a\" = '(' ] || echo ')'",
            "echo $(( (1 + 2) * 3 ))",
            "arr=(a b)\n[[ $x =~ ^(a|b)$ ]] && echo y",
            "echo <name> (",
            "#!/usr/bin/env python3\nif True:\n  print('(')",
            "f() { if true; then echo; fi; }; f",
            "echo a\\",
            "x=\"${1:?can't find the release}\"",
            "echo \"${x:-'}\"",
            "echo \"${x:-it's}\"",
            "#!/bin/bash\nselect x in a b; do break; done",
            "#!/bin/bash\nif true; then\n  select x in a b\n  do break; done\nfi",
        ],
    );
    near_misses(linux, "AIB414", "#!/bin/bash\necho \"${x:-it's}\"", &["#!/bin/bash\necho \"${x:-it\\'s}\""]);
    for (script, found) in [
        ("foo bar(baz)", "("),
        ("echo a\nif true; then foo --x bar(baz) c; fi", "("),
        ("echo see (above)", "("),
        ("echo a )", ")"),
    ] {
        let text = format!(
            "{HEAD}  source = marketplace.ubuntu_24_04\n  customize {{\n{}\n  }}\n  distribute {{ managed_image \"img\" }}\n}}\n",
            step("shell", script)
        );
        assert_eq!(run(&[("main.aib", &text)]).codes(), [("AIB414", found)], "{script}");
    }
    near_misses(
        windows,
        "AIB414",
        "if ($x) {\n  Get-Date\n",
        &[
            "# don't {",
            "Write-Host '{' \"(\"",
            "<# ' { #> Get-Date",
            "$x = @'\n{ ' (\n'@",
            "Write-Host `{ `'",
            "Write-Host \"it's $('{')\"",
            "cmd --% /c echo '",
            "Write-Host \"a`\"b\"",
            "$h = @{ a = '}' }",
            "Get-Item x | Where-Object { $_.Name -match '\\(' }",
            "cmd /c \"mkdir C:\\a && copy x C:\\a\"",
            "pwsh -Command 'Get-Item x && Get-Item y'",
            "Write-Host 'a && b' # || c",
        ],
    );
    for (script, found) in [
        ("Set-Location C:\\app && .\\setup.exe /quiet", "&&"),
        ("Get-Item x || exit 1", "||"),
        ("if ($true) then { 1 }", "then"),
        ("if ($a) { 1 } else if ($b) { 2 }", "else"),
        ("try { Get-Item x }\nGet-Item y", "try"),
        ("$h = @{ a = 1, b = 2 }", ","),
    ] {
        let text = format!(
            "{HEAD}  source = marketplace.windows_server_2022\n  build {{ vm_size = \"Standard_D4s_v5\" }}\n  customize {{\n{}\n  }}\n  \
             distribute {{ managed_image \"img\" }}\n}}\n",
            step("powershell", script)
        );
        assert_eq!(run(&[("main.aib", &text)]).codes(), [("AIB414", found)], "{script}");
    }
    let outcome = run(&[(
        "main.aib",
        &format!(
            "{HEAD}  source = marketplace.ubuntu_24_04\n  customize {{\nshell = ['cat > /tmp/x <<EOF', 'a', '  EOF']\n  }}\n  distribute {{ \
             managed_image \"img\" }}\n}}\n"
        ),
    )]);
    assert_eq!(outcome.codes(), [("AIB414", "<<EOF")]);
    assert_eq!(outcome.found[0].severity, aib::diag::Severity::Warning);
}

/// Parts of scripts that may be known at deployment only: the rest is read, and no fault is reported.
#[test]
fn unknown_parts_hide_nothing_else() {
    let source = format!(
        "param name: string\n{HEAD}  source = marketplace.ubuntu_24_04\n  customize {{\nshell = [\"echo ${{name}} | tee x; sudo reboot\", \
         \"if ${{name}}; then\"]\n  }}\n  distribute {{ managed_image \"img\" }}\n}}\n"
    );
    let outcome = run(&[("main.aib", &source)]);
    let codes: Vec<&str> = outcome.codes().iter().map(|(code, _)| *code).collect();
    assert_eq!(codes, ["AIB406"], "{}", outcome.describe());
}

/// Texts of what shells and PowerShell give a meaning to, in any order.
#[test]
fn no_text_breaks_the_readers() {
    use aib::script::{Dialect, read};
    let parts = [
        "if",
        "then",
        "fi",
        "do",
        "done",
        "case",
        "in",
        "esac",
        "{",
        "}",
        "(",
        ")",
        "((",
        "))",
        "[[",
        "]]",
        "$(",
        "${",
        "}",
        "`",
        "'",
        "\"",
        "\\",
        "\n",
        " ",
        ";",
        ";;",
        "&",
        "&&",
        "|",
        "||",
        "<",
        ">",
        "<<",
        "<<<",
        "<<-E",
        "E\n",
        "2>&1",
        "<(",
        "a",
        "x=1",
        "x=(",
        "a[0]=",
        "function",
        "f()",
        "#",
        "$x",
        "$'",
        "é",
        "\u{e000}",
        "@'\n",
        "\n'@",
        "@(",
        "@{",
        "<#",
        "#>",
        "bash -c '",
        "cat",
        "eval",
        "=~",
        "~1",
        "{a,b}",
        "9>",
        "!",
        "time",
        "coproc",
        "for",
        "while",
        "$((",
        "\r\n",
        "`n",
        "::",
        ".b(",
        "-Command",
        "powershell",
        "cmd /c ",
        "\0",
    ];
    let mut seed = 7u64;
    let mut next = |n: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % n
    };
    for _ in 0..std::env::var("N").map_or(6000, |n| n.parse().unwrap()) {
        let length = 1 + next(30);
        let text: String =
            (0..length).map(|_| format!("{}{}", parts[next(parts.len())], [" ", ""][next(2)])).collect();
        for dialect in [Dialect::Sh, Dialect::PowerShell] {
            let script = read(&text, dialect);
            for range in script.commands.iter().map(|c| c.range).chain(script.faults.iter().map(|f| f.at)) {
                assert!(text.get(range.to_usize()).is_some(), "{range:?} in {text:?}");
            }
            let words = script.commands.iter().flat_map(|c| c.words.iter().map(|w| w.range));
            let others =
                script.uses.iter().map(|u| u.range).chain(script.assignments.iter().map(|a| a.range));
            for range in words.chain(others).chain(script.bash_only.iter().map(|b| b.range)) {
                assert!(text.get(range.to_usize()).is_some(), "{range:?} in {text:?}");
            }
            assert!(script.commands.iter().flat_map(|c| &c.reads).all(|r| r.command < script.commands.len()));
        }
    }
}

/// Time grows with the text: eight times the text takes some eight times as long.
#[test]
fn time_grows_with_the_script() {
    use aib::script::{Dialect, read};
    let time = |text: &str, dialect| {
        let start = std::time::Instant::now();
        read(text, dialect);
        start.elapsed().as_secs_f64()
    };
    for part in [
        "echo a \"b $(date) c\" | grep x && y || z\n",
        "bash -c 'date; id'\n",
        "cat <<EOF\nx $y\nEOF\n",
        "if a; then b; fi\n",
        "f() { a; }\n",
        "echo 'a\n",
        "fi\n",
        "a | ",
        "$x = @('a', \"b $c\") | Foo { Bar }\n",
        "iex 'a; b'\n",
        "((",
        "case a in b) c;; esac; ",
        "é ",
    ] {
        for dialect in [Dialect::Sh, Dialect::PowerShell] {
            let (small, large) = (time(&part.repeat(500), dialect), time(&part.repeat(4000), dialect));
            assert!(large < small.max(0.02) * 30.0, "{dialect:?} {part:?}: {small} {large}");
        }
    }
}

/// Several credentials of a line are several mistakes; what two readers see is one.
#[test]
fn each_credential_is_told() {
    let places = |kind: &str, source: &str, script: &str| {
        let text = format!(
            "{HEAD}  source = marketplace.{source}\n  build {{ vm_size = \"Standard_D4s_v5\" }}\n  customize {{\n{}\n  }}\n  distribute {{ \
             managed_image \"img\" }}\n}}\n",
            step(kind, script)
        );
        let outcome = run(&[("main.aib", &text)]);
        outcome.codes().into_iter().map(|(code, at)| format!("{code} {at}")).collect::<Vec<_>>()
    };
    let (one, two) =
        ("glpat-abcdefghij0123456789", "xoxb-123456789012-123456789012-abcdefghijklmnopqrstuvwx");
    let found = places("shell", "rhel_9", &format!("echo {two}; echo {one}; echo {one}"));
    assert_eq!(found, [format!("AIB511 {two}"), format!("AIB511 {one}")]);
    let found =
        places("shell", "rhel_9", "mysql -phunter2pass; docker login -u x -p hunter2pass example.azurecr.io");
    assert_eq!(found.len(), 2, "{found:?}");
    let found =
        places("shell", "rhel_9", &format!("echo {one} | docker login -u x -p {one} example.azurecr.io"));
    assert_eq!(found, [format!("AIB511 {one}")]);
    let found = places("shell", "rhel_9", &format!("x --password hunter2pass; echo {one}"));
    assert_eq!(found.len(), 2, "{found:?}");
    for script in [
        "$s = 'hunter2pass' | ConvertTo-SecureString -AsPlainText -Force",
        "$s = Write-Output 'hunter2pass' | ConvertTo-SecureString -AsPlainText -Force",
        "$s = ConvertTo-SecureString 'hunter2pass' -AsPlainText -Force",
    ] {
        assert_eq!(places("powershell", "windows_server_2022", script).len(), 1, "{script}");
    }
    for script in [
        "$s = $env:PASS | ConvertTo-SecureString -AsPlainText -Force",
        "$s = Get-Content C:\\key | ConvertTo-SecureString",
        "$s = '76492d1116743f0423413b16050a5345' | ConvertTo-SecureString -Key $key",
    ] {
        assert_eq!(places("powershell", "windows_server_2022", script), [""; 0], "{script}");
    }
}

#[test]
fn expansions_of_bash_are_shown_as_they_are_written() {
    let title = |script: &str| {
        let text = format!(
            "{HEAD}  source = marketplace.ubuntu_24_04\n  customize {{\n{}\n  }}\n  distribute {{ managed_image \"img\" }}\n}}\n",
            step("shell", script)
        );
        run(&[("main.aib", &text)]).found[0].title.clone()
    };
    assert_eq!(title("echo ${x^^}"), "`${x^^}` is bash's, and the step runs in `sh`");
    assert_eq!(title("echo ${x:0:1}"), "`${x:0:1}` is bash's, and the step runs in `sh`");
    assert_eq!(title("[[ -f x ]]"), "`[[` is bash's, and the step runs in `sh`");
    assert!(title("else echo").starts_with("`else` can't stand here"));
}
