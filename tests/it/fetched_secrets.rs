//! The code that fetches secrets on the build VM, run by the shells that are there: whatever fails, the step ends.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use super::pipeline::template;

/// The commands of the only step of an image.
fn inline(os: &str, step: &str) -> Vec<String> {
    let text = format!(
        "import std/marketplace
existing identity builder {{ name = \"id-builder\" }}
existing identity vm {{
  id = \"/subscriptions/0f4b5c4e-6a52-4d5b-9a56-0a3b9a7d3c11/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-build-vm\"
}}
existing vault kv {{ name = \"kv-build\" }}
image web {{
  location = \"westeurope\"
  identity = builder
  source = marketplace.{os}
  build {{ vm_size = \"Standard_D4s_v5\"; vm_identities = [vm] }}
  customize {{
{step}
  }}
  distribute {{ managed_image \"img\" }}
}}
"
    );
    let template: Value = serde_json::from_str(&template(&[("main.aib", &text)]).unwrap()).unwrap();
    let resources = template["resources"].as_array().unwrap();
    let image =
        resources.iter().find(|r| r["type"] == "Microsoft.VirtualMachineImages/imageTemplates").unwrap();
    let lines = image["properties"]["customize"][0]["inline"].as_array().unwrap();
    lines.iter().map(|l| l.as_str().unwrap().to_owned()).collect()
}

/// Where a program is, if it is there.
fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

fn executable(file: &Path, text: &str) {
    fs::write(file, text).unwrap();
    fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
}

/// A folder of programs for `PATH`: what exists under these names, and a curl that answers as told.
fn programs(folder: &Path, names: &[&str], curl: Option<&str>) {
    fs::create_dir_all(folder).unwrap();
    let path = std::env::var("PATH").unwrap();
    for name in names {
        let real = program(name).unwrap();
        executable(
            &folder.join(name),
            &format!("#!/bin/sh\nPATH='{path}' exec '{}' \"$@\"\n", real.display()),
        );
    }
    if let Some(curl) = curl {
        // The metadata service is asked past every proxy, the vault is not.
        let text = format!(
            "#!/bin/sh
case \"$*\" in
  *169.254.169.254*) asked=token; case \"$*\" in *\"--noproxy *\"*) ;; *) exit 5 ;; esac ;;
  *vault.azure.net/secrets/pass*) asked=secret; case \"$*\" in *--noproxy*) exit 5 ;; esac ;;
  *) exit 3 ;;
esac
{curl}
"
        );
        executable(&folder.join("curl"), &text);
    }
}

fn run(shell: &Path, options: &[&str], folder: &Path, script: &str) -> Output {
    let file = folder.join("script.sh");
    fs::write(&file, script).unwrap();
    Command::new(shell).args(options).arg(&file).env("PATH", folder.join("bin")).output().unwrap()
}

const TOKEN: &str = r#"if [ $asked = token ]; then echo '{"access_token":"t","expires_in":"1"}'; exit 0; fi"#;

#[test]
fn every_failure_ends_the_step() {
    let step = "shell { inline = \"echo got $TOKEN; sh -c 'echo child $TOKEN'; echo end\"; secrets = { TOKEN = kv.secret(\"pass\") } }";
    let script = inline("ubuntu_24_04", step).join("\n");
    let readers: Vec<&str> = ["jq", "python3"].into_iter().filter(|name| program(name).is_some()).collect();
    let shells: Vec<PathBuf> = ["sh", "bash", "dash"].into_iter().filter_map(program).collect();
    if readers.is_empty() || shells.is_empty() || program("sed").is_none() {
        eprintln!("skipped: no shell, no sed, or neither jq nor python3");
        return;
    }
    let answers = |secret: &str| format!("{TOKEN}\n{secret}");
    let failures: &[(&str, String)] = &[
        ("no token", "exit 22".into()),
        ("no metadata service", "exit 7".into()),
        ("no token in the answer", "echo '<html>'; exit 0".into()),
        (
            "token refused",
            "if [ $asked = token ]; then echo '{\"error\":\"invalid_request\"}'; fi; exit 22".into(),
        ),
        ("secret refused", answers("exit 22")),
        ("no vault", answers("exit 6")),
        ("an answer that is no JSON", answers("echo '<html>'")),
        ("an answer without text", answers("exit 0")),
        ("an answer without a value", answers("echo '{\"error\":{\"code\":\"Forbidden\"}}'")),
        ("an answer of null", answers("echo '{\"value\":null}'")),
        ("an empty secret", answers("echo '{\"value\":\"\"}'")),
    ];
    let good = answers("echo '{\"value\":\"a b$c\",\"id\":\"x\"}'");
    let folder = tempfile::tempdir().unwrap();
    for (number, reader) in readers.iter().enumerate() {
        let place = |name: &str| folder.path().join(format!("{number}-{name}"));
        for (shell, is_first) in shells.iter().zip([true, false, false]) {
            // Without `-e` too: the first line of a script may name another interpreter.
            let all = [&["-e"][..], &[]];
            for options in all.into_iter().take(if is_first { 2 } else { 1 }) {
                let what = format!("{} {options:?}, {reader}", shell.display());
                let here = place("good");
                programs(&here.join("bin"), &["sed", "sh", reader], Some(&good));
                let output = run(shell, options, &here, &script);
                let said = String::from_utf8_lossy(&output.stdout).into_owned();
                assert_eq!(said, "got a b$c\nchild a b$c\nend\n", "{what}: {output:?}");
                assert!(output.status.success(), "{what}: {output:?}");
                let fails = |name: &str, names: &[&str], curl: Option<&str>| {
                    let here = place(name);
                    programs(&here.join("bin"), names, curl);
                    let output = run(shell, options, &here, &script);
                    assert!(output.stdout.is_empty(), "{what}, {name}: {output:?}");
                    assert_eq!(output.status.code(), Some(1), "{what}, {name}: {output:?}");
                    let told = String::from_utf8_lossy(&output.stderr).into_owned();
                    assert!(told.contains("aib: "), "{what}, {name}: {told}");
                };
                for (name, curl) in failures {
                    fails(name, &["sed", "sh", reader], Some(curl));
                }
                fails("no reader", &["sed", "sh"], Some(&good));
                fails("no curl", &["sed", "sh", reader], None);
                fails("no sed", &["sh", reader], Some(&good));
            }
        }
    }
}

#[test]
fn a_code_that_counts_as_success_does_not_hide_the_failure() {
    let fetched = |codes: &str| {
        let secrets = "secrets = { TOKEN = kv.secret(\"pass\") }";
        let step = format!("powershell {{ inline = \"Write-Output $env:TOKEN\"; {codes}{secrets} }}");
        let lines = inline("windows_server_2022", &step);
        let call = lines.iter().find(|l| l.contains("= Get-AibSecret ")).unwrap();
        let (before, code) = call.rsplit_once("exit ").unwrap();
        assert!(
            before.starts_with("try { $env:TOKEN = Get-AibSecret 'https://kv-build.vault.azure.net' 'pass' ")
        );
        code.trim_end_matches(" }").to_owned()
    };
    assert_eq!(fetched(""), "1");
    assert_eq!(fetched("exit_codes = [0, 3010]; "), "1");
    assert_eq!(fetched("exit_codes = [0, 1, 3010]; "), "2");
    assert_eq!(fetched("exit_codes = [0, 2, 1, 3]; "), "4");
}
