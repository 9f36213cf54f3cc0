//! The real binary, in folders of its own and without the environment of whoever runs the tests.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper that fails fails its test")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A folder to run in.
pub(crate) struct Place(TempDir);

/// What a run left behind.
pub(crate) struct Ran {
    code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Place {
    /// A folder with files in it.
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let place = Self(TempDir::new().unwrap());
        for (name, text) in files {
            place.write(name, text);
        }
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    fn has(&self, name: &str) -> bool {
        self.path(name).exists()
    }

    /// All files below a folder, sorted.
    fn files(&self, below: &str) -> Vec<String> {
        fn walk(folder: &Path, base: &Path, found: &mut Vec<String>) {
            for entry in fs::read_dir(folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(&path, base, found);
                } else {
                    found.push(path.strip_prefix(base).unwrap().to_string_lossy().replace('\\', "/"));
                }
            }
        }
        let mut found = Vec::new();
        walk(&self.path(below), &self.path(below), &mut found);
        found.sort();
        found
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_aib"));
        command.args(args).current_dir(self.0.path()).env_clear().stdin(Stdio::null());
        command
    }

    /// Runs the binary here.
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        self.run_with(args, &[], "")
    }

    pub(crate) fn run_with(&self, args: &[&str], variables: &[(&str, &str)], input: &str) -> Ran {
        let mut command = self.command(args);
        for (name, value) in variables {
            command.env(name, value);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A run that fails early does not read its input.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        let ran = Ran {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        };
        assert!(!ran.err.contains("panicked"), "{}", ran.err);
        ran
    }
}

impl Ran {
    /// What went to standard output.
    pub(crate) fn out(&self) -> &str {
        &self.out
    }

    pub(crate) fn code(self, code: i32) -> Self {
        assert_eq!(self.code, code, "exit code\n--- stdout\n{}\n--- stderr\n{}", self.out, self.err);
        self
    }

    /// Checks that a person was told something, wherever lines were broken.
    pub(crate) fn tells(self, what: &str) -> Self {
        let flat = |text: &str| text.split_whitespace().filter(|w| *w != "│").collect::<Vec<_>>().join(" ");
        assert!(flat(&self.err).contains(&flat(what)), "no {what:?} in\n{}", self.err);
        self
    }

    pub(crate) fn quiet(self) -> Self {
        assert_eq!(self.err, "");
        self
    }

    /// Codes and files of the findings of a JSON document.
    pub(crate) fn found(&self) -> Vec<(String, String)> {
        let json: Value = serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}\n{}", self.out));
        let text = |v: &Value| v.as_str().unwrap().to_string();
        let all = json["diagnostics"].as_array().unwrap().iter();
        all.map(|d| (text(&d["name"]), text(&d["labels"][0]["file"]))).collect()
    }
}

/// A file without anything wrong that deploys nothing but an output.
const OUTPUT: &str = "output x = \"1\"\n";
/// An image without anything wrong.
const IMAGE: &str = r#"import std/marketplace

param env: "dev" | "prod" = "dev"

existing identity builder { name = "id-image-builder" }

image web {
  location = "westeurope"
  tags     = { env = env }
  identity = builder
  source   = marketplace.ubuntu_24_04
  customize { shell "install" = "sudo apt-get install -y nginx" }
  distribute { managed_image "img-web" }
}
"#;

// Help, version, arguments

#[test]
fn short_help_of_every_command() {
    let place = Place::with(&[]);
    for args in [
        &["-h"][..],
        &["build", "-h"],
        &["check", "-h"],
        &["explain", "-h"],
        &["roles", "-h"],
        &["rules", "-h"],
        &["test", "-h"],
        &["decompile", "-h"],
        &["diff", "-h"],
        &["init", "-h"],
        &["locate", "-h"],
        &["fmt", "-h"],
    ] {
        let name = format!("help_{}", args.join("_").replace('-', ""));
        insta::assert_snapshot!(name, place.run(args).code(0).quiet().out);
    }
}

/// In docs/reference/commands.md each `$ aib … --help` is followed by what it prints; `UPDATE=1` writes it there.
#[test]
fn the_reference_shows_the_help() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference/commands.md");
    let text = fs::read_to_string(&path).unwrap();
    let place = Place::with(&[]);
    let mut expected = String::new();
    let mut rest = text.as_str();
    let mut shown = Vec::new();
    while let Some((before, block)) = rest.split_once("```console\n$ aib ") {
        let (inside, after) = block.split_once("```").unwrap();
        let line = inside.lines().next().unwrap();
        expected.push_str(before);
        expected.push_str("```console\n$ aib ");
        if line.ends_with("--help") {
            let args: Vec<&str> = line.split(' ').collect();
            let help = place.run(&args).code(0).out;
            let help: Vec<&str> = help.lines().map(str::trim_end).collect();
            expected.push_str(&format!("{line}\n{}\n", help.join("\n").trim_end()));
            shown.push(line.to_string());
        } else {
            expected.push_str(inside);
        }
        expected.push_str("```");
        rest = after;
    }
    expected.push_str(rest);
    let commands = aib::cli::command();
    for command in commands.get_subcommands() {
        let line = format!("{} --help", command.get_name());
        assert!(shown.contains(&line), "docs/reference/commands.md has no block `$ aib {line}`");
    }
    if std::env::var_os("UPDATE").is_some() && expected != text {
        fs::write(&path, &expected).unwrap();
        return;
    }
    assert!(
        expected == text,
        "the help changed: run `UPDATE=1 cargo test reference` and read the difference"
    );
}

#[test]
fn version_and_wrong_arguments() {
    let place = Place::with(&[("a.aib", OUTPUT)]);
    let version = place.run(&["--version"]).code(0).quiet().out;
    assert_eq!(version, format!("aib {}\n", env!("CARGO_PKG_VERSION")));
    place.run(&[]).code(2).tells("Usage: aib");
    place.run(&["biuld", "a.aib"]).code(2).tells("a similar subcommand exists: 'build'");
    place.run(&["build"]).code(2).tells("<FILE>...");
    place.run(&["build", "a.aib", "--set", "env"]).code(2).tells("write `name=value`");
    place.run(&["build", "a.aib", "--emit", "yaml"]).code(2).tells("possible values: arm");
    place.run(&["build", "a.aib", "--api-version", "2024-02-02"]).code(2).tells("2024-02-01");
    place.run(&["build", "a.aib", "--out", "x", "--stdout"]).code(2).tells("cannot be used with");
    place.run(&["check", "a.aib", "--format", "xml"]).code(2).tells("possible values: human");
    assert!(!place.has("out"));
}

// build

#[test]
fn build_writes_the_artifacts_and_says_so() {
    let place = Place::with(&[("web.aib", IMAGE)]);
    let ran = place.run(&["build", "web.aib"]).code(0).tells("wrote out/web.json, out/web.roles.json");
    assert_eq!(ran.out, "");
    let template: Value = serde_json::from_str(&place.read("out/web.json")).unwrap();
    assert_eq!(template["parameters"]["env"]["defaultValue"], "dev");
    assert_eq!(place.files("out"), ["web.json", "web.roles.json"]);
}

#[test]
fn build_leaves_unchanged_files_alone() {
    let place = Place::with(&[("a.aib", OUTPUT)]);
    place.run(&["build", "a.aib", "-o", "build/arm"]).code(0).tells("wrote build/arm/a.json");
    let time = || fs::metadata(place.path("build/arm/a.json")).unwrap().modified().unwrap();
    let before = time();
    std::thread::sleep(std::time::Duration::from_millis(20));
    let again = place.run(&["build", "a.aib", "-o", "build/arm"]).code(0);
    assert_eq!(again.err, "unchanged: build/arm/a.json, build/arm/a.roles.json\n");
    assert_eq!(time(), before);
    place.write("a.aib", "output x = \"2\"\n");
    let third = place.run(&["build", "a.aib", "-o", "build/arm"]).code(0);
    assert_eq!(third.err, "wrote build/arm/a.json\nunchanged: build/arm/a.roles.json\n");
    assert_ne!(time(), before);
}

#[test]
fn build_writes_nothing_when_anything_is_wrong() {
    let place =
        Place::with(&[("good.aib", OUTPUT), ("bad.aib", "output x = y\n"), ("old/good.json", "mine")]);
    place.run(&["build", "good.aib", "bad.aib"]).code(1).tells("bad.aib:1:12");
    assert!(!place.has("out"));
    place.run(&["build", "good.aib", "missing.aib"]).code(2).tells("there is no file `missing.aib`");
    assert!(!place.has("out"));
    place.run(&["build", "good.aib", "bad.aib", "-o", "old"]).code(1);
    assert_eq!(place.read("old/good.json"), "mine");
    assert_eq!(place.files("old"), ["good.json"]);
}

#[test]
fn build_writes_nothing_when_one_file_cannot_be_written() {
    let place = Place::with(&[("a.aib", OUTPUT), ("b.aib", OUTPUT), ("out/b.json/in-the-way", "")]);
    place.run(&["build", "a.aib", "b.aib"]).code(2).tells("can't write `out/b.json`");
    assert_eq!(place.files("out"), ["b.json/in-the-way"]);
    let place = Place::with(&[("a.aib", OUTPUT), ("out", "a file")]);
    place.run(&["build", "a.aib"]).code(2).tells("can't write `out/a.json`");
    assert_eq!(place.read("out"), "a file");
}

#[cfg(unix)]
#[test]
fn artifacts_can_be_read_like_any_new_file() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::with(&[("a.aib", OUTPUT)]);
    place.run(&["build", "a.aib"]).code(0);
    place.write("any.txt", "");
    let mode = |name: &str| fs::metadata(place.path(name)).unwrap().permissions().mode();
    assert_eq!(mode("out/a.json"), mode("any.txt"));
}

#[test]
fn entries_of_one_name_keep_their_folders() {
    let place = Place::with(&[("t/web/main.aib", OUTPUT), ("t/db/main.aib", OUTPUT), ("t/lone.aib", OUTPUT)]);
    place.run(&["build", "t/web/main.aib", "t/db/main.aib", "t/lone.aib", "t/web/../web/main.aib"]).code(0);
    let expected = [
        "db/main.json",
        "db/main.roles.json",
        "lone.json",
        "lone.roles.json",
        "web/main.json",
        "web/main.roles.json",
    ];
    assert_eq!(place.files("out"), expected);
}

#[test]
fn two_artifacts_of_one_path_are_refused() {
    let place = Place::with(&[("web.aib", OUTPUT), ("web.roles.aib", OUTPUT)]);
    let args = ["build", "web.aib", "web.roles.aib"];
    place.run(&args).code(2).tells("two artifacts would be written to `web.roles.json`");
    assert!(!place.has("out"));
}

#[test]
fn standard_output_takes_exactly_one_artifact() {
    let place = Place::with(&[("a.aib", OUTPUT), ("b.aib", OUTPUT)]);
    let template = place.run(&["build", "a.aib", "--stdout"]).code(0).quiet().out;
    assert!(template.contains("\"outputs\""));
    place
        .run(&["build", "a.aib", "--stdout", "--emit", "arm,params"])
        .code(2)
        .tells("`--stdout` writes one artifact");
    place.run(&["build", "a.aib", "b.aib", "--stdout"]).code(2).tells("a.json and b.json");
    place.run(&["build", "a.aib", "--stdout", "--emit", "roles"]).code(2).tells("there is no artifact");
    let params = place.run(&["build", "a.aib", "--stdout", "--emit", "params"]).code(0).out;
    assert!(params.contains("deploymentParameters"), "{params}");
    assert_eq!(place.run(&["build", "a.aib", "-o", "-"]).code(0).quiet().out, template);
    place.run(&["build", "a.aib", "-o", "-", "--format", "json"]).code(2);
    std::fs::write(place.path("a.json"), template).unwrap();
    let source = place.run(&["decompile", "a.json"]).code(0).out;
    assert_eq!(place.run(&["decompile", "a.json", "-o", "-"]).code(0).out, source);
    place.run(&["decompile", "a.json", "a.json", "-o", "-"]).code(2);
    assert!(!place.has("out") && !place.has("-"));
}

#[test]
fn a_dash_reads_standard_input() {
    let place = Place::with(&[("part.aib", "let x = \"from the part\"\n")]);
    let input = "import \"./part.aib\"\noutput x = part.x\n";
    let ran = place.run_with(&["build", "-", "--stdout"], &[], input).code(0).quiet();
    assert!(ran.out.contains("from the part"));
    place.run_with(&["build", "-"], &[], input).code(0).tells("wrote out/stdin.json");
    let found = place.run_with(&["check", "-", "--format", "json"], &[], "output x = y\n").code(1).found();
    assert_eq!(found.first().map(|(_, file)| file.as_str()), Some("<stdin>"));
}

// Values

#[test]
fn values_given_are_folded_and_the_last_one_counts() {
    let place = Place::with(&[
        ("web.aib", "param env: string\nparam size: int = 1\noutput x = env\noutput y = size\n"),
        (
            "azure.json",
            r#"{"contentVersion": "1.0.0.0", "parameters": {"env": {"value": "azure"}, "size": {"value": 2}}}"#,
        ),
        ("plain.json", r#"{"env": "plain"}"#),
    ]);
    let build = |args: &[&str]| -> Value {
        let all: Vec<&str> = ["build", "web.aib", "--stdout"].iter().chain(args).copied().collect();
        serde_json::from_str(&place.run(&all).code(0).quiet().out).unwrap()
    };
    let open = build(&[]);
    assert_eq!(open["outputs"]["x"]["value"], "[parameters('env')]");
    let azure = build(&["--params", "azure.json"]);
    assert_eq!(azure["outputs"]["x"]["value"], "azure");
    assert_eq!(azure["outputs"]["y"]["value"], 2);
    assert_eq!(azure.get("parameters"), None);
    let both = build(&["--params", "azure.json", "--params", "plain.json"]);
    assert_eq!(both["outputs"]["x"]["value"], "plain");
    let set = build(&["--set", "env=set=1", "--params", "azure.json", "--set", "size=7"]);
    assert_eq!(set["outputs"]["x"]["value"], "set=1");
    assert_eq!(set["outputs"]["y"]["value"], 7);
}

#[test]
fn secrets_are_left_to_the_deployment() {
    let place = Place::with(&[
        ("a.aib", "param token: secret string(20..30)\nparam env: string\noutput x = env\n"),
        ("plain.json", r#"{"token": "hunter2hunter2", "env": "dev"}"#),
        (
            "vault.json",
            r#"{"parameters": {"token": {"reference": {"secretName": "t"}}, "env": {"value": "dev"}}}"#,
        ),
        ("other.json", r#"{"parameters": {"tokn": {"reference": {"secretName": "t"}}}}"#),
        (
            "template.json",
            r#"{"$schema": "x/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
            "parameters": {"token": {"type": "secureString"}}, "resources": [{
            "type": "Microsoft.VirtualMachineImages/imageTemplates", "apiVersion": "2024-02-01", "name": "x",
            "location": "[parameters('token')]", "properties": {}}]}"#,
        ),
    ]);
    let all = |ran: Ran| format!("{}{}", ran.out, ran.err);
    for file in ["plain.json", "vault.json"] {
        let ran = place.run(&["build", "a.aib", "--stdout", "--params", file]).code(0);
        let template: Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(template["parameters"]["token"]["type"], "securestring");
        assert_eq!(template["outputs"]["x"]["value"], "dev");
        assert!(!all(ran).contains("hunter2"));
    }
    place.run(&["build", "a.aib", "--params", "other.json"]).code(1).tells("there is no parameter `tokn`");
    let given = ["--set", "token=hunter2hunter2", "--set", "env=dev"];
    let ran = place.run(&[&["check", "a.aib"][..], &given].concat()).code(1);
    assert!(!all(ran.tells("gives the secret parameter `token` a value")).contains("hunter2"));
    let ran = place.run(&["check", "template.json", "--set", "token=hunter2hunter2"]).code(1);
    assert!(!all(ran).contains("hunter2"));
}

#[test]
fn parameter_files_that_cannot_be_used_are_refused() {
    let place = Place::with(&[
        ("a.aib", OUTPUT),
        ("bare.json", r#"{"parameters": {"bare": 1}}"#),
        ("extra.json", r#"{"paramters": {}, "parameters": {}}"#),
        ("broken.json", "{\n  \"env\": prod\n}\n"),
        ("list.json", "[]"),
        ("big.json", r#"{"n": 18446744073709551615}"#),
    ]);
    let with = |file: &str| place.run(&["build", "a.aib", "--params", file]).code(2);
    with("bare.json").tells("`bare` in `bare.json` has no `value`");
    with("extra.json").tells("did you mean `parameters`?");
    with("broken.json").tells("`broken.json` is no valid JSON").tells("broken.json:2:10");
    with("list.json").tells("`list.json` is no object of parameters");
    with("big.json").tells("18446744073709551615");
    with("none.json").tells("there is no file `none.json`");
    assert!(!place.has("out"));
}

// check

#[test]
fn ten_mistakes_in_two_files_are_told_in_one_run() {
    let part = "let a = nope_1\nlet b = nope_2\nlet c = nope_3\nlet d = nope_4\nlet e = )\n";
    let main = "import { a, b, c, d } from \"./part.aib\"\nlet f = nope_6\nlet g =\nlet h = nope_8\noutput x = nope_9\noutput y = nope_10\n";
    let place = Place::with(&[("main.aib", main), ("part.aib", part)]);
    let ran = place.run(&["check", "main.aib", "--format", "json"]).code(1);
    let found = ran.found();
    let of = |file: &str| found.iter().filter(|(_, f)| f == file).count();
    assert_eq!((of("main.aib"), of("part.aib")), (5, 5), "{}", ran.out);
}

#[test]
fn what_entries_share_is_told_once_and_in_order() {
    let place = Place::with(&[
        ("b.aib", "import { x } from \"./shared.aib\"\noutput x = x\noutput z = nope\n"),
        ("a.aib", "import { x } from \"./shared.aib\"\noutput x = x\n"),
        ("shared.aib", "let x = missing\nlet y = (\n"),
    ]);
    let ran = place.run(&["check", "b.aib", "a.aib", "--format", "json"]).code(1);
    let files: Vec<String> = ran.found().into_iter().map(|(_, file)| file).collect();
    assert_eq!(files, ["b.aib", "shared.aib", "shared.aib"]);
    let again = place.run(&["check", "b.aib", "a.aib", "--format", "json"]);
    assert_eq!(again.out, ran.out);
}

#[test]
fn folders_are_searched_for_sources() {
    let place = Place::with(&[
        ("z.aib", "output x = nope\n"),
        ("sub/a.aib", "output x = nope\n"),
        ("sub/notes.txt", "output x = nope\n"),
        (".hidden/h.aib", "output x = nope\n"),
        ("old/o.aib", "output x = nope\n"),
        (".gitignore", "old/\n"),
        ("empty/readme.md", ""),
    ]);
    let files = |args: &[&str]| -> Vec<String> {
        place.run(args).code(1).found().into_iter().map(|(_, file)| file).collect()
    };
    assert_eq!(files(&["check", ".", "--format", "json"]), ["sub/a.aib", "z.aib"]);
    assert_eq!(
        files(&["check", "z.aib", "sub", "old/o.aib", "--format", "json"]),
        ["z.aib", "sub/a.aib", "old/o.aib"]
    );
    place.run(&["check", "empty"]).code(2).tells("there is no .aib or .json file below `empty`");
}

#[test]
fn findings_go_where_their_format_belongs() {
    let place = Place::with(&[("good.aib", OUTPUT), ("bad.aib", "output x = nope\n")]);
    assert_eq!(place.run(&["check", "good.aib"]).code(0).err, "checked 1 file: nothing found\n");
    assert_eq!(place.run(&["check", "good.aib", "--format", "short"]).code(0).quiet().out, "");
    assert!(place.run(&["check", "good.aib", "--format", "json"]).code(0).quiet().found().is_empty());
    let short = place.run(&["check", "bad.aib", "--format", "short"]).code(1).quiet().out;
    assert!(short.starts_with("bad.aib:1:12: error[AIB"), "{short}");
    let human = place.run(&["check", "bad.aib"]).code(1).tells("bad.aib:1:12").tells("1 error in 1 file");
    assert_eq!(human.out, "");
    let narrated = place.run_with(&["check", "bad.aib"], &[("NO_GRAPHICS", "1")], "").code(1);
    assert_eq!(narrated.err, place.run(&["check", "bad.aib", "--format", "narrated"]).code(1).err);
    assert_ne!(narrated.err, human.err);
}

#[test]
fn build_tells_findings_as_check_does() {
    let place = Place::with(&[("bad.aib", "output x = nope\n"), ("good.aib", OUTPUT)]);
    let short =
        place.run(&["build", "bad.aib", "--format", "short"]).code(1).tells("nothing was written").out;
    assert_eq!(short, place.run(&["check", "bad.aib", "--format", "short"]).out);
    assert_eq!(place.run(&["build", "bad.aib", "--format", "json"]).code(1).found().len(), 1);
    assert!(place.run(&["build", "good.aib", "--format", "json"]).code(0).found().is_empty());
    assert!(place.path("out/good.json").exists());
    place
        .run(&["build", "good.aib", "--stdout", "--format", "json"])
        .code(2)
        .tells("where findings for programs go too");
    place.write("warned.aib", IMAGE.replace("distribute {", "raw = { extra = 1 }\n  distribute {"));
    place.write("aib.toml", "[lints]\nraw-members = \"warning\"\n");
    place.run(&["build", "warned.aib"]).code(0);
    fs::remove_file(place.path("out/warned.json")).unwrap();
    place.run(&["build", "warned.aib", "--deny", "warnings"]).code(1).tells("nothing was written");
    assert!(!place.path("out/warned.json").exists());
}

#[test]
fn a_ring_of_imports_is_told_once() {
    let place = Place::with(&[]);
    for (from, to) in [("a", "b"), ("b", "c"), ("c", "a")] {
        place.write(&format!("{from}.aib"), format!("import \"./{to}.aib\"\n"));
    }
    let told = place.run(&["check", ".", "--format", "json"]).code(1).found();
    assert_eq!(told.iter().filter(|(name, _)| name == "import-ring").count(), 1, "{told:?}");
}

#[test]
fn unusable_inputs_do_not_hide_the_others() {
    let place = Place::with(&[("bad.aib", "output x = nope\n")]);
    place.write("latin.aib", b"output x = \"\xe9\"\n");
    place.write("large.aib", vec![b' '; (4 << 20) + 1]);
    fs::create_dir(place.path("folder")).unwrap();
    let args = ["build", "missing.aib", "latin.aib", "large.aib", "folder", "bad.aib"];
    place
        .run(&args)
        .code(2)
        .tells("there is no file `missing.aib`")
        .tells("`latin.aib` is not UTF-8 text (byte 12)")
        .tells("`large.aib` has 4194305 bytes")
        .tells("`folder` is a folder")
        .tells("bad.aib:1:12");
}

#[test]
fn imports_that_cannot_be_read_are_findings() {
    let place = Place::with(&[(
        "main.aib",
        "import \"./latin.aib\"\nimport \"./large.aib\"\nimport \"./folder\" as folder\nimport \"./mian.aib\"\nimport std/linus\noutput x = \"1\"\n",
    )]);
    place.write("latin.aib", b"let x = \"\xe9\"\n");
    place.write("large.aib", vec![b' '; (4 << 20) + 1]);
    fs::create_dir(place.path("folder")).unwrap();
    place
        .run(&["check", "main.aib"])
        .code(1)
        .tells("it is not UTF-8 text (byte 9)")
        .tells("it has 4194305 bytes, the limit is 4194304")
        .tells("it is a folder")
        .tells("there is no file `mian.aib`")
        .tells("did you mean `std/linux`?")
        .tells("5 errors in 1 file");
}

#[test]
fn a_byte_order_mark_does_not_shift_columns() {
    let place = Place::with(&[("bom.aib", "\u{feff}output x = nope\r\n")]);
    let short = place.run(&["check", "bom.aib", "--format", "short"]).code(1).out;
    assert!(short.starts_with("bom.aib:1:12: "), "{short}");
}

#[test]
fn colours_are_written_where_they_are_asked_for() {
    let place = Place::with(&[("bad.aib", "output x = nope\n")]);
    let escapes = |args: &[&str], variables: &[(&str, &str)]| {
        let all: Vec<&str> = ["check", "bad.aib"].iter().chain(args).copied().collect();
        place.run_with(&all, variables, "").code(1).err.contains('\u{1b}')
    };
    assert!(!escapes(&[], &[]));
    assert!(escapes(&["--color", "always"], &[]));
    assert!(escapes(&["--color=always"], &[("NO_COLOR", "1")]));
    assert!(escapes(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(escapes(&[], &[("FORCE_COLOR", "1")]));
    assert!(!escapes(&[], &[("FORCE_COLOR", "1"), ("NO_COLOR", "1")]));
    assert!(!escapes(&["--color", "never"], &[("FORCE_COLOR", "1")]));
    let missing = place.run(&["check", "none.aib", "--color", "always"]).code(2);
    assert!(missing.err.contains('\u{1b}'));
}

// Workspaces

#[test]
fn imports_stay_inside_the_workspace() {
    let main = "import { x } from \"../shared.aib\"\noutput x = x\noutput y = file(\"../note.txt\")\n";
    let place = Place::with(&[("in/main.aib", main), ("shared.aib", "let x = \"1\"\n"), ("note.txt", "hi")]);
    let ran = place.run(&["check", "in/main.aib", "--format", "json"]).code(1);
    let outside = ("outside-workspace".to_string(), "in/main.aib".to_string());
    assert_eq!(ran.found(), [outside.clone(), outside]);
    place.run(&["check", "in/main.aib"]).tells("`shared.aib` lies outside the workspace");
    // It does not tell whether something is there.
    place.write("in/main.aib", "import \"../none.aib\"\n");
    place.run(&["check", "in/main.aib"]).code(1).tells("`none.aib` lies outside the workspace");

    place.write("in/main.aib", main);
    place.write("aib.toml", "");
    place.run(&["check", "in/main.aib"]).code(0);
}

#[cfg(unix)]
#[test]
fn symbolic_links_do_not_lead_out_of_the_workspace() {
    use std::os::unix::fs::symlink;
    let place = Place::with(&[
        (
            "in/main.aib",
            "import { x } from \"./link.aib\"\noutput x = x\noutput y = file(\"./sub/note.txt\")\n",
        ),
        ("shared.aib", "let x = \"1\"\n"),
        ("notes/note.txt", "hi"),
    ]);
    symlink("../shared.aib", place.path("in/link.aib")).unwrap();
    symlink("../notes", place.path("in/sub")).unwrap();
    place
        .run(&["check", "in/main.aib"])
        .code(1)
        .tells("`shared.aib` lies outside the workspace")
        .tells("`notes/note.txt` lies outside the workspace")
        .tells("symbolic links out of it are not followed");
    place.write("aib.toml", "");
    place.run(&["check", "in/main.aib"]).code(0);
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_workspace_is_not_waited_for() {
    let place = Place::with(&[("main.aib", "import \"./pipe.aib\"\n")]);
    if !Command::new("mkfifo").arg(place.path("pipe.aib")).status().is_ok_and(|s| s.success()) {
        eprintln!("skipped: no mkfifo here");
        return;
    }
    place.run(&["check", "main.aib"]).code(1).tells("it is no regular file");
}

#[test]
fn roots_are_mapped_and_confined() {
    let place = Place::with(&[
        ("app/aib.toml", "[roots]\nplatform = \"../platform\"\n"),
        ("app/main.aib", "import { x } from \"@platform/base.aib\"\noutput x = x\n"),
        ("app/wrong.aib", "import { x } from \"@platfrom/base.aib\"\n"),
        ("app/out.aib", "import { x } from \"@platform/../secret.aib\"\n"),
        ("app/deep.aib", "import { x } from \"@platform/leaking.aib\"\n"),
        ("platform/base.aib", "import { x as y } from \"./sub/part.aib\"\nlet x = y\n"),
        ("platform/sub/part.aib", "import { z } from \"../top.aib\"\nlet x = z\n"),
        ("platform/top.aib", "let z = \"1\"\n"),
        ("platform/leaking.aib", "import { x } from \"../secret.aib\"\n"),
        ("secret.aib", "let x = \"1\"\n"),
    ]);
    place.run(&["check", "app/main.aib"]).code(0);
    place.run(&["check", "app/wrong.aib"]).code(1).tells("did you mean `@platform`?");
    place.run(&["check", "app/out.aib"]).code(1).tells("`secret.aib` lies outside");
    place
        .run(&["check", "app/deep.aib"])
        .code(1)
        .tells("platform/leaking.aib:1")
        .tells("`secret.aib` lies outside");
}

#[test]
fn a_broken_configuration_is_told_with_its_places() {
    let place = Place::with(&[("a.aib", OUTPUT), ("sub/b.aib", OUTPUT)]);
    let toml = "api-verson = \"x\"\npolicies = \"p\"\n[lints]\nno-such-rule = \"warning\"\nsyntax-error = \"off\"\n[roots]\nx = 1\n";
    place.write("aib.toml", toml);
    let ran = place
        .run(&["check", "a.aib", "sub/b.aib"])
        .code(2)
        .tells("did you mean `api-version`?")
        .tells("aib.toml:1:1")
        .tells("`policies` in `aib.toml` takes a list of paths")
        .tells("there is no rule or category `no-such-rule`")
        .tells("the level of `syntax-error` can't be set")
        .tells("`roots.x` in `aib.toml` takes a string");
    assert_eq!(ran.err.matches("did you mean `api-version`?").count(), 1, "once for both files");
    place.write("aib.toml", "api-version = \"2024-01-01\"\n");
    place.run(&["check", "a.aib"]).code(2).tells("unknown API version `2024-01-01`").tells("2024-02-01");
    place.write("aib.toml", "[roots\n");
    place.run(&["check", "a.aib"]).code(2).tells("`aib.toml` is no valid TOML").tells("aib.toml:1:");
    place.write("aib.toml", "policies = [\"./none.aib\"]\n");
    place.run(&["check", "a.aib"]).code(2).tells("there is no file `./none.aib`");
}

#[test]
fn each_entry_has_its_own_workspace() {
    let main = "import { x } from \"../shared.aib\"\noutput x = x\n";
    let place = Place::with(&[
        ("one/aib.toml", ""),
        ("one/shared.aib", "let x = \"1\"\n"),
        ("one/in/main.aib", main),
        ("two/shared.aib", "let x = \"1\"\n"),
        ("two/in/main.aib", main),
    ]);
    let ran = place.run(&["check", "one/in/main.aib", "two/in/main.aib", "--format", "json"]).code(1);
    assert_eq!(ran.found(), [("outside-workspace".to_string(), "two/in/main.aib".to_string())]);
}

#[test]
fn policies_of_the_workspace_hold_without_an_import() {
    let policies = "policy \"images have an owner\" for image as i { assert i.tags?.owner != null, \"add `owner` to the tags\" }\n";
    let place = Place::with(&[("in/web.aib", IMAGE), ("rules/policies.aib", policies)]);
    place.run(&["check", "in/web.aib"]).code(0);
    place.write("aib.toml", "policies = [\"./rules/policies.aib\"]\n");
    let ran = place.run(&["check", "in/web.aib", "--format", "json"]).code(1);
    assert_eq!(ran.found().len(), 1, "{}", ran.out);
    assert!(
        ran.out.contains("policy-violated") && ran.out.contains("add `owner` to the tags"),
        "{}",
        ran.out
    );
    place.write("in/web.aib", IMAGE.replace("env = env", "env = env, owner = \"ada\""));
    place.run(&["check", "in/web.aib"]).code(0);
    // An import of the same file does not make the rules count twice.
    place.write("in/web.aib", format!("import \"../rules/policies.aib\"\n{IMAGE}"));
    assert_eq!(place.run(&["check", "in/web.aib", "--format", "json"]).code(1).found().len(), 1);
    place.write("rules/policies.aib", "policy \"broken\" for image as i { assert (\n");
    let broken = place.run(&["check", "in/web.aib", "--format", "json"]).code(1).found();
    assert_eq!(broken.first().map(|(_, file)| file.as_str()), Some("rules/policies.aib"));
    place.write("rules/policies.aib", b"// \xe9\n");
    place.write("in/web.aib", IMAGE);
    place.run(&["check", "in/web.aib"]).code(2).tells("`rules/policies.aib` is not UTF-8 text");
}

#[test]
fn the_configuration_sets_levels_and_deny_raises_the_bar() {
    let image = IMAGE.replace("distribute {", "raw = { extra = 1 }\n  distribute {");
    let place = Place::with(&[("web.aib", &image)]);
    let severities = |args: &[&str], code: i32| -> Vec<String> {
        let all: Vec<&str> = ["check", "web.aib", "--format", "json"].iter().chain(args).copied().collect();
        let ran = place.run(&all).code(code);
        let json: Value = serde_json::from_str(&ran.out).unwrap();
        let found = json["diagnostics"].as_array().unwrap().iter().filter(|d| d["name"] == "raw-members");
        found.map(|d| d["severity"].as_str().unwrap().to_string()).collect()
    };
    assert_eq!(severities(&[], 0), ["info"]);
    assert_eq!(severities(&["--deny", "warnings"], 0), ["info"]);
    place.write("aib.toml", "[lints]\nraw-members = \"warning\"\n");
    assert_eq!(severities(&[], 0), ["warning"]);
    assert_eq!(severities(&["--deny", "warnings"], 1), ["warning"]);
    place.write("aib.toml", "[lints]\nraw-members = \"error\"\n");
    assert_eq!(severities(&[], 1), ["error"]);
    place.run(&["build", "web.aib"]).code(1).tells("nothing was written");
    assert!(!place.has("out"));
    place.write("aib.toml", "[lints]\nAIB322 = \"off\"\n");
    assert!(severities(&["--deny", "warnings"], 0).is_empty());
}

#[test]
fn levels_of_errors_that_leave_nothing_valid_to_write_are_fixed() {
    let place = Place::with(&[("web.aib", IMAGE)]);
    for (code, why) in [
        ("secret-leak", "`reveal(value"),
        ("missing-property", "after which nothing valid can be written"),
        ("AIB321", "the level of `duplicate-resource` can't be set"),
        ("wrong-kind", "can't be set"),
        ("no-gallery-output", "can't be set"),
        ("unknown-name", "an error of the language"),
    ] {
        place.write("aib.toml", format!("[lints]\n{code} = \"warning\"\n"));
        place.run(&["check", "web.aib"]).code(2).tells("aib.toml:2:1").tells(why);
    }
    for code in ["pending-restart", "raw-members", "deprecated-property", "AIB512"] {
        place.write("aib.toml", format!("[lints]\n{code} = \"off\"\n"));
        place.run(&["check", "web.aib"]).code(0);
    }
}

#[test]
fn the_api_version_comes_from_the_argument_then_the_configuration() {
    let place = Place::with(&[("web.aib", IMAGE)]);
    let version = |args: &[&str]| -> String {
        let all: Vec<&str> = ["build", "web.aib", "--stdout"].iter().chain(args).copied().collect();
        let json: Value = serde_json::from_str(&place.run(&all).code(0).out).unwrap();
        json["resources"][0]["apiVersion"].as_str().unwrap().to_string()
    };
    assert_eq!(version(&[]), "2024-02-01");
    place.write("aib.toml", "api-version = \"2023-07-01\"\n");
    assert_eq!(version(&[]), "2023-07-01");
    assert_eq!(version(&["--api-version", "2025-10-01"]), "2025-10-01");
}

#[test]
fn a_form_that_needs_to_know_more_says_where() {
    let place = Place::with(&[("web.aib", IMAGE.replace("= \"dev\"\n", "\n").as_str())]);
    let ran = place.run(&["build", "web.aib", "--emit", "image"]).code(1);
    ran.tells("the raw body of image `web` needs the value of `env`").tells("web.aib:");
    let known = [
        "--set",
        "env=prod",
        "--subscription",
        "00000000-0000-0000-0000-000000000001",
        "--resource-group",
        "rg",
    ];
    place.run(&[&["build", "web.aib", "--emit", "image,params"][..], &known].concat()).code(0);
    let files = place.files("out");
    assert_eq!(files, ["web.parameters.json", "web.web.image.json"]);
    assert!(place.read("out/web.web.image.json").contains("/resourceGroups/rg/"));
}

// explain

#[test]
fn explain_prints_pages_and_lists_codes() {
    let place = Place::with(&[]);
    let page = place.run(&["explain", "AIB001"]).code(0).quiet().out;
    assert!(page.starts_with("# AIB001"), "{page}");
    assert_eq!(place.run(&["explain", "Syntax-Error"]).code(0).out, page);
    let list = place.run(&["explain", "--list"]).code(0).quiet().out;
    assert_eq!(list.lines().count(), aib::diag::CODES.len());
    assert!(list.starts_with("AIB001  error    syntax-error\n"), "{list}");
    assert!(list.lines().is_sorted(), "{list}");
    place.run(&["explain", "sintax-error"]).code(2).tells("did you mean `syntax-error`?");
    place.run(&["explain", "something"]).code(2).tells("`aib explain --list` shows all of them");
    place.run(&["explain"]).code(2);
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let place = Place::with(&[("bad.aib", "output x = nope\n")]);
    for (args, code) in [(&["explain", "--list"][..], 0), (&["check", "bad.aib", "--format", "json"], 1)] {
        let mut child = place.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        assert_eq!(output.status.code(), Some(code));
    }
}

// Merging

#[test]
fn tags_of_which_one_side_is_known_only_later_are_joined_by_azure() {
    let image = IMAGE.replace("  tags     = { env = env }\n", "  ...base\n  tags = { env = env }\n");
    let place = Place::with(&[(
        "web.aib",
        &format!("param company: object\nlet base = {{ tags = company }}\n{image}"),
    )]);
    let template: Value =
        serde_json::from_str(&place.run(&["build", "web.aib", "--stdout"]).code(0).out).unwrap();
    let tags = template["resources"][0]["tags"].as_str().unwrap();
    assert_eq!(tags, "[union(parameters('company'), createObject('env', parameters('env')))]");
}

#[test]
fn a_turn_of_a_loop_knows_what_it_declares() {
    let text = "for k in [\"a\"] {\n  gallery images { name = \"gal_${k}\", location = \"westeurope\" }\n  \
                assert images.name == \"gal_a\", \"the turn's own\"\n  output id = images.id\n}\n";
    let place = Place::with(&[("loop.aib", text)]);
    let template: Value =
        serde_json::from_str(&place.run(&["build", "loop.aib", "--stdout"]).code(0).out).unwrap();
    let id = template["outputs"]["id"]["value"].as_str().unwrap();
    assert_eq!(id, "[resourceId('Microsoft.Compute/galleries', 'gal_a')]");
}

#[test]
fn bare_text_and_missing_children_get_their_way_out() {
    let gallery = "existing gallery shared { name = \"shared\" }\n";
    let image =
        IMAGE.replace("\"westeurope\"", "westeurope").replacen("existing", &format!("{gallery}existing"), 1);
    let place =
        Place::with(&[("web.aib", &image.replace("distribute {", "distribute {\n    gallery shared.web\n"))]);
    let ran = place.run(&["check", "web.aib"]).code(1);
    ran.tells("text stands in quotes: `\"westeurope\"`")
        .tells("declare it in the gallery `shared`: `definition web { … }`");
}
