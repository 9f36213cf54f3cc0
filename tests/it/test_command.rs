//! `aib test`: files with the values of a deployment, their asserts and policies, and the templates that are expected.

use serde_json::Value;

use super::cli::Place;

const WEB: &str = r#"import std/marketplace

param env: "dev" | "test" | "prod"
param owner: string = "web"
param replicas: int(1..10) = 1
param token: secret string

existing identity builder { name = "id-image-builder" }

assert env != "prod" || replicas > 1, "production needs more than one replica"

image web {
  location = "westeurope"
  tags = { owner = owner, env = env }
  identity = builder
  source = marketplace.ubuntu_24_04
  distribute { managed_image "img-web-${env}" }
}
"#;

const POLICY: &str = "policy \"every image has an owner\" for image as i {\n  \
                      assert i.tags?.owner != \"nobody\", \"add `owner`\"\n  assert i.location != null, \"where?\"\n}\n";

const TESTS: &str = r#"policies = ["./policies.aib"]

[[tests]]
file = "images/web.aib"
set = { env = "dev" }
golden = "golden/dev.json"

[[tests]]
file = "images/web.aib"
params = "params/prod.json"
set = { replicas = 3, owner = "platform" }

[[tests]]
name = "production refuses one replica"
file = "images/web.aib"
params = ["params/prod.json"]
fails = "assertion-failed"
"#;

fn place() -> Place {
    Place::with(&[
        ("aib.toml", TESTS),
        ("policies.aib", POLICY),
        ("images/web.aib", WEB),
        ("params/prod.json", r#"{ "env": "prod" }"#),
    ])
}

#[test]
fn tests_are_run_and_their_templates_written_and_compared() {
    let place = place();
    let missing = place.run(&["test"]).code(1).out;
    assert!(missing.contains("there is no `golden/dev.json`: `aib test --update` writes it"), "{missing}");
    let written = place.run(&["test", "--update"]).code(0);
    insta::assert_snapshot!(written.out, @r"
        test                                           asserts   policies  template
    ok  web with env = dev                             1 held    2 held    written
    ok  web with prod, owner = platform, replicas = 3  1 held    2 held
    ok  production refuses one replica                 1 failed  2 held

    3 tests passed
    ");
    // The values of the test, and defaults where it gives none, are known; a secret stays a parameter.
    let golden = place.read("golden/dev.json");
    assert!(golden.contains("img-web-dev") && golden.contains("\"owner\": \"web\""), "{golden}");
    assert!(golden.contains("\"token\"") && !golden.contains("parameters('"), "{golden}");

    place.run(&["test", "images"]).code(0);
    place.write("images/web.aib", WEB.replace("img-web", "img-www"));
    let changed = place.run(&["test"]).code(1).out;
    assert!(
        changed.contains(
            "-            \"imageId\": \"[resourceId('Microsoft.Compute/images', 'img-web-dev')]\""
        ),
        "{changed}"
    );
    assert!(
        changed.contains(
            "+            \"imageId\": \"[resourceId('Microsoft.Compute/images', 'img-www-dev')]\""
        ),
        "{changed}"
    );
    assert_eq!(place.read("golden/dev.json"), golden, "only --update writes");
    // Line ends are no difference.
    place.write("images/web.aib", WEB);
    place.write("golden/dev.json", golden.replace('\n', "\r\n"));
    place.run(&["test"]).code(0);
}

#[test]
fn what_was_not_expected_fails_a_test_and_is_told() {
    let place = place();
    place.run(&["test", "--update"]).code(0);
    place.write("policies.aib", POLICY.replace("nobody", "platform"));
    let told = place.run(&["test"]).code(1).out;
    assert!(told.contains("FAILED  web with prod") && told.contains("1 held, 1 failed"), "{told}");
    assert!(told.contains("breaks a policy: every image has an owner"), "{told}");
    assert!(told.contains("1 of 3 tests failed"), "{told}");
    // A test that expects an error fails without it.
    place.write("policies.aib", POLICY);
    place.write("images/web.aib", WEB.replace("replicas > 1", "replicas > 0"));
    let told = place.run(&["test", "--only", "refuses"]).code(1).out;
    assert!(told.contains("expected to fail with assertion-failed, which was not found"), "{told}");
    assert!(!told.contains("web with env"), "{told}");
}

#[test]
fn templates_that_tests_expect_are_not_checked_for_themselves() {
    let source = "existing identity builder { name = \"id-builder\" }\nimage a {\n  location = \"westeurope\"\n  identity = builder\n  \
                  source = platform_image(publisher = \"debian\", offer = \"debian-12\", sku = \"12-gen2\", os = linux)\n  \
                  customize { shell = \"sudo reboot\" }\n  distribute { managed_image \"img\" }\n}\n";
    let list = "[[tests]]\nfile = \"a.aib\"\ngolden = \"golden/a.json\"\n";
    let place = Place::with(&[("aib.toml", list), ("a.aib", source)]);
    place.run(&["test", "--update"]).code(0);
    let told = place.run(&["check", ".", "--format", "short"]).out;
    assert_eq!(told.matches("AIB406").count(), 1, "{told}");
    let named = place.run(&["check", "golden/a.json", "--format", "short"]).out;
    assert_eq!(named.matches("AIB406").count(), 1, "{named}");
}

#[test]
fn a_value_without_a_parameter_is_told_with_the_parameters_that_there_are() {
    let place = place();
    place.write("aib.toml", "[[tests]]\nfile = \"images/web.aib\"\nset = { zz = 1 }\n");
    let told = place.run(&["test"]).code(1).out;
    assert!(told.contains("there is no parameter `zz` (aib.toml)"), "{told}");
    assert!(told.contains("its parameters: env, token, owner and replicas"), "{told}");
}

#[test]
fn what_only_azure_knows_fails_no_test() {
    let place = place();
    let asks = "assert azure.resource_group.location == \"westeurope\", \"wrong region\"";
    place.write("images/web.aib", WEB.replace("assert env", &format!("{asks}\nassert env")));
    let list = "[[tests]]\nfile = \"images/web.aib\"\nset = { env = \"dev\" }\n";
    place.write("aib.toml", list);
    let told = place.run(&["test"]).code(0).out;
    assert!(told.contains("1 held, 1 not known yet"), "{told}");
    // What is written for any deployment has no such way out.
    place.run(&["check", "images/web.aib", "--set", "env=dev"]).code(1);
}

#[test]
fn tests_that_undo_each_other_are_refused() {
    let place = place();
    let test = |more: &str| format!("[[tests]]\nfile = \"images/web.aib\"\n{more}\n");
    for (list, wanted) in [
        (test("golden = \"a.json\"\nfails = \"assertion-failed\""), "a test has both `golden` and `fails`"),
        ([test("name = \"a\""), test("name = \"a\"")].concat(), "two tests are called `a`"),
        (test("set = { replicas = 3 }").repeat(2), "two tests are called `web with replicas = 3`"),
        (
            [test("golden = \"a.json\""), test("name = \"b\"\ngolden = \"./a.json\"")].concat(),
            "two tests expect the same template, `./a.json`",
        ),
    ] {
        place.write("aib.toml", &list);
        place.run(&["test"]).code(2).tells(wanted);
    }
    let differ =
        [test("set = { env = \"dev\", replicas = 1 }"), test("set = { env = \"dev\", replicas = 2 }")];
    place.write("aib.toml", differ.concat());
    place.run(&["test"]).code(0);
}

#[test]
fn results_are_there_for_programs() {
    let ran = place().run(&["test", "--format", "json"]).code(1);
    let document: Value = serde_json::from_str(&ran.out).unwrap();
    let tests = document["tests"].as_array().unwrap();
    let passed: Vec<bool> = tests.iter().map(|test| test["passed"].as_bool().unwrap()).collect();
    assert_eq!(passed, [false, true, true]);
    assert_eq!(tests[0]["golden"]["state"], "missing");
    assert_eq!(tests[2]["asserts"]["failed"], 1);
    assert_eq!(tests[2]["diagnostics"][0]["name"], "assertion-failed");
}

#[test]
fn what_is_wrong_with_the_list_is_told_where_it_stands() {
    let place = place();
    for (toml, wanted) in [
        ("", "no test is listed for `.`"),
        ("[[tests]]\nfil = \"x\"\n", "did you mean `file`?"),
        ("[[tests]]\nname = \"x\"\n", "this test names no file"),
        ("tests = 3\n", "`tests` in `aib.toml` takes a list of tables"),
        ("[[tests]]\nfile = \"../web.aib\"\n", "leads out of the folder of `aib.toml`"),
        ("[[tests]]\nfile = \"a\"\nfails = \"no-such\"\n", "there is no code or rule `no-such`"),
        ("[[tests]]\nfile = \"a\"\nset = 1\n", "`tests.set` in `aib.toml` takes a table"),
    ] {
        place.write("aib.toml", toml);
        place.run(&["test"]).code(2).tells(wanted);
    }
    place.write(
        "aib.toml",
        "[[tests]]\nfile = \"none.aib\"\n[[tests]]\nfile = \"images/web.aib\"\nparams = \"none.json\"\n",
    );
    let told = place.run(&["test"]).code(2).out;
    assert!(
        told.contains("there is no file `none.aib`") && told.contains("there is no file `none.json`"),
        "{told}"
    );
    // A golden file that can't be read fails its test, not the run.
    place.write("aib.toml", "[[tests]]\nfile = \"images/web.aib\"\nset = { env = \"dev\" }\ngolden = \"images\"\n[[tests]]\nname = \"other\"\nfile = \"images/web.aib\"\nset = { env = \"dev\" }\n");
    let told = place.run(&["test"]).code(2).out;
    assert!(told.contains("can't read `images`") && told.contains("ok      other"), "{told}");
    place.run(&["test", "--only", "xyz"]).code(2).tells("no test has `xyz` in its name");
}
