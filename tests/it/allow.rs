//! What is to become of findings: levels, `aib: allow(…)`, the list of rules, and mends.

use std::collections::BTreeSet;

use serde_json::Value;

use super::cli::Place;
use super::json_images;

/// An image with a script from an address without encryption and without a checksum, and what stands around that step.
fn image(before: &str, behind: &str) -> String {
    format!(
        "import std/marketplace\n\nexisting identity builder {{ name = \"id-image-builder\" }}\n\nimage web {{\n  \
         location = \"westeurope\"\n  identity = builder\n  source = marketplace.ubuntu_24_04\n\n  customize {{\n    \
         {before}\n    shell \"agent\" {{ script = \"http://packages.contoso.internal/agent.sh\" }} {behind}\n  }}\n\n  \
         distribute {{ managed_image \"img-web\" }}\n}}\n"
    )
}

/// The names and levels of what is found.
fn found(place: &Place, args: &[&str]) -> Vec<String> {
    let ran = place.run(&[&["check", "--format", "json"], args].concat());
    let document: Value = serde_json::from_str(&ran.out).unwrap();
    let list = document["diagnostics"].as_array().unwrap();
    let show = |d: &Value| format!("{} {}", d["severity"].as_str().unwrap(), d["name"].as_str().unwrap());
    list.iter().map(show).collect()
}

#[test]
fn the_nearest_setting_decides_the_level() {
    let place = Place::with(&[("web.aib", &image("", "")), ("legacy/old.aib", &image("", ""))]);
    let at = |file: &str, args: &[&str]| found(&place, &[&[file], args].concat());
    assert_eq!(at("web.aib", &[]), ["warning plain-http", "warning unpinned-download"]);
    place.write(
        "aib.toml",
        "[lints]\nsupply-chain = \"info\"\nplain-http = \"error\"\n\
         [lints.\"legacy/**\"]\nsupply-chain = \"off\"\nAIB710 = \"warning\"\n[lints.\"*.json\"]\nplain-http = \"off\"\n",
    );
    assert_eq!(at("web.aib", &[]), ["error plain-http", "info unpinned-download"]);
    assert_eq!(at("legacy/old.aib", &[]), ["warning plain-http"]);
    // The command line wins, and there a rule over its category, and of two about one the later.
    let off = ["--lint", "supply-chain=off"];
    assert!(at("web.aib", &off).is_empty());
    assert_eq!(
        at("legacy/old.aib", &[&off[..], &["--lint", "plain-http=info"]].concat()),
        ["info plain-http"]
    );
    assert_eq!(at("web.aib", &[&["--lint", "supply-chain=error"], &off[..]].concat()), [""; 0]);
    // Errors that leave nothing valid keep their level whatever their category is set to.
    place.write("aib.toml", "[lints]\nschema = \"off\"\n");
    place.write("bad.aib", "image web { build { timeout = 99h } }\n");
    assert!(at("bad.aib", &[]).contains(&"error missing-property".to_string()));
}

#[test]
fn settings_that_mean_nothing_are_told_with_what_was_meant() {
    let place = Place::with(&[("web.aib", &image("", ""))]);
    for (args, wanted) in [
        ("plain-htp=off", "did you mean `plain-http`?"),
        ("suply-chain=off", "did you mean `supply-chain`?"),
        ("plain-http=waning", "did you mean `warning`?"),
        ("plain-http", "write `name=level`"),
        ("syntax-error=off", "the level of `syntax-error` can't be set"),
        ("AIB208=off", "the level of `assertion-failed` can't be set"),
        ("language=off", "there is no rule or category `language`"),
    ] {
        place.run(&["check", "web.aib", "--lint", args]).code(2).tells(wanted);
    }
}

#[test]
fn policies_are_levelled_and_let_pass() {
    let policy = "policy \"owner\" for image as i { assert i.tags?.owner != null, \"add `owner`\" }\n";
    let web = format!("{policy}{}", image("", "").replace("http://", "https://"));
    let place = Place::with(&[("web.aib", &web)]);
    let of_policy = |args: &[&str]| {
        let mut all = found(&place, &[&["web.aib"], args].concat());
        all.retain(|found| found.ends_with("policy-violated") || found.ends_with("allow"));
        all
    };
    assert_eq!(of_policy(&[]), ["error policy-violated"]);
    assert_eq!(of_policy(&["--lint", "policy=warning"]), ["warning policy-violated"]);
    assert_eq!(of_policy(&["--lint", "policy=warning", "--lint", "AIB209=info"]), ["info policy-violated"]);
    place.write("aib.toml", "[lints]\npolicy = \"off\"\n[lints.\"old/**\"]\npolicy-violated = \"error\"\n");
    assert!(of_policy(&[]).is_empty());
    place.write("aib.toml", "");
    let allowed = "// aib: allow(policy-violated) because it goes in May\nimage web {";
    place.write("web.aib", web.replace("image web {", allowed));
    assert!(of_policy(&[]).is_empty());
    place.write("web.aib", web.replace("image web {", allowed).replace("owner != null", "owner == null"));
    assert_eq!(of_policy(&[]), ["warning unused-allow"]);
}

#[test]
fn what_a_recipe_allows_in_vain_is_told_where_it_is_used() {
    let recipe = |line: &str| {
        let allow = "// aib: allow(plain-http) because the mirror is ours";
        format!("recipe tools() on linux {{\n  shell \"t\" = \"{line}\" {allow}\n}}\n")
    };
    let used = |recipe: &str, uses: &str| {
        let web = image("", "")
            .replace("http://", "https://")
            .replace("customize {", &format!("customize {{\n{uses}"));
        let place = Place::with(&[("web.aib", &format!("{recipe}{web}"))]);
        found(&place, &["web.aib"]).into_iter().filter(|f| f.contains("allow") || f.contains("plain")).count()
    };
    assert_eq!(used(&recipe("date"), "use tools"), 1);
    assert_eq!(used(&recipe("curl http://packages.contoso.internal/x"), "use tools"), 0);
    // Nobody knows what an image that uses it would have.
    assert_eq!(used(&recipe("date"), ""), 0);
    let branch = recipe("date").replace("  shell", "  if true {\n  shell").replace("ours\n", "ours\n  }\n");
    assert_eq!(used(&branch, "use tools"), 0);
}

#[test]
fn in_json_too_what_allows_in_vain_is_deleted() {
    let body = |comments: &str| json_images::image().to_string().replacen('{', &format!("{{{comments}"), 1);
    let allow = "\"comments\": \"aib: allow(plain-http) because it is ours\",";
    let place = Place::with(&[("web.json", &body(allow))]);
    let left = |text: String| {
        place.write("web.json", text);
        place.run(&["check", "--fix", "web.json"]);
        place.read("web.json")
    };
    assert_eq!(left(body(allow)), body(""));
    let list = |items: &str| body(&format!("\"metadata\": {{ \"aib\": [{items}] }},"));
    let one = "\"allow(plain-http) because it is ours\"";
    assert_eq!(left(list(&format!("\"a word\", {one}"))), list("\"a word\""));
    assert_eq!(left(list(&format!("{one}, \"a word\""))), list("\"a word\""));
    // A comment between the two may be about either.
    let kept = list(&format!("{one} /* why */, \"a word\""));
    assert_eq!(left(kept.clone()), kept);
}

#[test]
fn an_author_lets_a_finding_pass_where_it_is() {
    let both = "// aib: allow(plain-http, unpinned-download) because it is ours";
    let cases: &[(&str, &str, &[&str])] = &[
        ("", both, &[]),
        (both, "", &[]),
        ("/* aib: allow(AIB710,unpinned-download) because\n    it is ours */", "", &[]),
        (both, "// another comment", &[]),
        ("// aib: allow(plain-http) because it is ours", "", &["warning unpinned-download"]),
        // Far from what it is about.
        (
            &format!("{both}\n    shell \"x\" = \"true\""),
            "",
            &[
                "warning unused-allow",
                "warning unused-allow",
                "warning plain-http",
                "warning unpinned-download",
            ],
        ),
        ("// aib: allow(plain-http)", "", &["warning allow-without-reason", "warning unpinned-download"]),
        ("// aib:allow ( plain-http )because x", "", &["warning unpinned-download"]),
        (
            "// aib: alow(plain-http) because x",
            "",
            &["warning invalid-allow", "warning plain-http", "warning unpinned-download"],
        ),
        (
            "// aib: allow(plain-htp) because x",
            "",
            &["warning invalid-allow", "warning plain-http", "warning unpinned-download"],
        ),
        (
            "// aib: allow(supply-chain) because x",
            "",
            &["warning invalid-allow", "warning plain-http", "warning unpinned-download"],
        ),
        (
            "// aib: allow(missing-property) because x",
            "",
            &["warning invalid-allow", "warning plain-http", "warning unpinned-download"],
        ),
        (
            "// aib: allow() because x",
            "",
            &["warning invalid-allow", "warning plain-http", "warning unpinned-download"],
        ),
        (
            "// AIB: allow(plain-http) because x",
            "",
            &["warning invalid-allow", "warning plain-http", "warning unpinned-download"],
        ),
        // Not for aib.
        ("// AIB: the agent of the build", "", &["warning plain-http", "warning unpinned-download"]),
        ("// see aib: allow(plain-http)", "", &["warning plain-http", "warning unpinned-download"]),
    ];
    for (before, behind, wanted) in cases {
        let place = Place::with(&[("web.aib", &image(before, behind))]);
        assert_eq!(found(&place, &["web.aib"]), *wanted, "{before} / {behind}");
    }
}

#[test]
fn levels_reach_what_imported_files_let_pass() {
    let place = Place::with(&[
        ("web.aib", "import \"./names.aib\"\noutput x = names.x\n"),
        ("names.aib", "// aib: alow(plain-http) because x\nlet x = \"1\"\n"),
    ]);
    assert_eq!(found(&place, &["web.aib"]), ["warning invalid-allow"]);
    assert_eq!(found(&place, &["web.aib", "--lint", "invalid-allow=info"]), ["info invalid-allow"]);
    place.write("aib.toml", "[lints.\"names.aib\"]\nstyle = \"off\"\n");
    assert_eq!(found(&place, &["web.aib"]), [""; 0]);
}

#[test]
fn a_text_of_several_lines_belongs_to_the_line_on_which_it_begins() {
    let script = "// aib: allow(piped-script) because we wrote it\n    shell \"tools\" = '''\n      date\n      \
                  curl -fsSL https://tools.contoso.internal/x | bash\n    '''";
    let place = Place::with(&[("web.aib", &image(script, ""))]);
    assert_eq!(found(&place, &["web.aib"]), ["warning plain-http", "warning unpinned-download"]);
}

#[test]
fn a_list_of_several_lines_belongs_to_the_line_on_which_it_begins() {
    let list = "// aib: allow(piped-script) because we wrote it\n    shell \"tools\" = [\n      \"date\",\n      \
                \"curl -fsSL https://tools.contoso.internal/x | bash\",\n    ]";
    let place = Place::with(&[("web.aib", &image(list, ""))]);
    assert_eq!(found(&place, &["web.aib"]), ["warning plain-http", "warning unpinned-download"]);
    let step = "{ \"type\": \"Shell\",\n// aib: allow(piped-script) because we wrote it\n\"inline\": [\n\"date\",\n\
                \"curl -fsSL https://tools.contoso.internal/x | bash\"\n] },";
    place.write("web.json", TEMPLATE.replace("METADATA", "").replace("COMMENTS", "").replace("LINE", step));
    assert_eq!(found(&place, &["web.json"]), ["warning plain-http", "warning unpinned-download"]);
}

#[test]
fn what_stands_behind_everything_is_read_too() {
    let behind = |comment: &str| {
        let place = Place::with(&[("end.aib", &format!("let x = \"1\"\noutput y = x\n{comment}\n"))]);
        found(&place, &["end.aib"])
    };
    assert_eq!(behind("// aib: allow(plain-htp) because x"), ["warning invalid-allow"]);
    assert_eq!(behind("// aib: allow(plain-http)"), ["warning allow-without-reason", "warning unused-allow"]);
    assert_eq!(behind("// aib: allow(plain-http) because x"), ["warning unused-allow"]);
}

#[test]
fn one_name_of_several_is_mended_by_itself() {
    for (names, left) in [
        ("sas-token, plain-http, unpinned-download", "plain-http, unpinned-download"),
        ("plain-http, sas-token, unpinned-download", "plain-http, unpinned-download"),
        ("plain-http,unpinned-download, sas-token", "plain-http,unpinned-download"),
        ("sas-token, piped-script, plain-http,unpinned-download", "plain-http,unpinned-download"),
        ("plain-http,unpinned-download, sas-token, piped-script", "plain-http,unpinned-download"),
    ] {
        let comment = |names: &str| format!("// aib: allow({names}) because it is ours");
        let place = Place::with(&[("web.aib", &image(&comment(names), ""))]);
        place.run(&["check", "web.aib", "--fix"]).code(0).tells("mended");
        assert_eq!(place.read("web.aib"), image(&comment(left), ""), "{names}");
    }
}

#[test]
fn what_another_run_may_need_is_not_called_unused() {
    // The steps of a recipe that nobody uses here, and a branch that is not taken.
    let allow = "// aib: allow(plain-http) because it is ours";
    let recipe = format!("recipe tools() on linux {{\n  {allow}\n  shell \"x\" = \"true\"\n}}\n");
    let branch = format!("if false {{\n      {allow}\n      shell \"x\" = \"true\"\n    }}");
    let place = Place::with(&[("recipes.aib", &recipe), ("web.aib", &image(&branch, ""))]);
    assert_eq!(found(&place, &["recipes.aib"]), [""; 0]);
    assert_eq!(found(&place, &["web.aib"]), ["warning plain-http", "warning unpinned-download"]);
    // With an error of the language the rules may not have come to it.
    place.write("broken.aib", format!("{allow}\nlet x = nothing_of_this_name\n"));
    assert_eq!(found(&place, &["broken.aib"]), ["error unknown-name"]);
}

const TEMPLATE: &str = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  METADATA
  "resources": [{
    "type": "Microsoft.VirtualMachineImages/imageTemplates", "apiVersion": "2024-02-01", "name": "it-web",
    COMMENTS
    "location": "westeurope",
    "identity": { "type": "UserAssigned", "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id')]": {} } },
    "properties": {
      "source": { "type": "PlatformImage", "publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "latest" },
      "customize": [
        LINE
        { "type": "Shell", "scriptUri": "http://packages.contoso.internal/agent.sh" }
      ],
      "distribute": [{ "type": "ManagedImage", "imageId": "[resourceId('Microsoft.Compute/images', 'img-web')]", "location": "westeurope", "runOutputName": "web" }]
    }
  }]
}"#;

#[test]
fn in_json_comments_and_members_let_findings_pass() {
    let with = |metadata: &str, comments: &str, line: &str| {
        let text = TEMPLATE.replace("METADATA", metadata).replace("COMMENTS", comments).replace("LINE", line);
        let place = Place::with(&[("web.json", &text)]);
        found(&place, &["web.json"])
    };
    let all = ["warning plain-http", "warning unpinned-download"];
    assert_eq!(with("", "", ""), all);
    assert_eq!(with("", "", "// aib: allow(plain-http) because it is ours"), [all[1]]);
    assert_eq!(
        with("", r#""comments": "aib: allow(plain-http, unpinned-download) because it is ours","#, ""),
        [""; 0]
    );
    assert_eq!(
        with(r#""metadata": { "aib": "aib: allow(plain-http) because it is ours" },"#, "", ""),
        [all[1]]
    );
    let list = r#""metadata": { "aib": ["aib: allow(plain-http) because a", "aib: allow(unpinned-download) because b"] },"#;
    assert_eq!(with(list, "", ""), [""; 0]);
    let bare = r#""metadata": { "aib": ["allow(plain-http) because a", "the team's images"] },"#;
    assert_eq!(with(bare, "", ""), [all[1]]);
    let unused = with("", r#""comments": "aib: allow(sas-token) because it is ours","#, "");
    assert_eq!(unused, ["warning unused-allow", all[0], all[1]]);
    // Above a list it is about all of the list, whatever that holds.
    let commented = TEMPLATE
        .replace("METADATA", "")
        .replace("COMMENTS", "")
        .replace("LINE", "")
        .replace("\"customize\": [", "// aib: allow(plain-http) because it is ours\n\"customize\": [");
    assert_eq!(found(&Place::with(&[("web.json", &commented)]), &["web.json"]), [all[1]]);
    // What is only about the resource is no comment for aib.
    assert_eq!(with("", r#""comments": "the image of the web team","#, ""), all);
}

#[test]
fn mends_are_applied_until_there_is_nothing_left_to_mend() {
    let source = image("// aib: allow(sas-token) because of old times", "")
        .replace("location =", "locaton:")
        .replace("\"img-web\"", "\"img-web\" { output = \"web\", };");
    let place =
        Place::with(&[("web.aib", &source), ("\u{fc}ml.aib", &source.replace("locaton:", "location ="))]);
    place.run(&["check", "web.aib", "\u{fc}ml.aib", "--fix"]).code(1).tells("mended");
    let mended = place.read("web.aib");
    assert!(mended.contains("locaton = \"westeurope\""), "a guess is no safe mend: {mended}");
    assert!(!mended.contains("allow"), "{mended}");
    assert!(mended.contains("http://"), "{mended}");
    place.run(&["check", "web.aib", "--unsafe-fix"]).code(0).tells("mended 2 findings in 1 file");
    let mended = place.read("web.aib");
    assert!(
        mended.contains("  location = \"westeurope\"") && mended.contains("https://packages"),
        "{mended}"
    );
    // Nothing is left, and nothing is touched.
    place.run(&["check", "web.aib", "--unsafe-fix"]).code(0);
    assert_eq!(place.read("web.aib"), mended);
}

#[test]
fn mends_keep_a_byte_order_mark_and_refuse_standard_input() {
    let place =
        Place::with(&[("web.aib", &format!("\u{feff}{}", image("", "").replace("location =", "location:")))]);
    place.run(&["check", "web.aib", "--fix"]).code(0).tells("mended 1 finding in 1 file");
    assert!(place.read("web.aib").starts_with("\u{feff}import"));
    assert!(place.read("web.aib").contains("location = "));
    place.run_with(&["check", "-", "--fix"], &[], "").code(2).tells("standard input can't be mended");
}

#[test]
fn the_list_of_rules_holds_every_finding_about_images() {
    let place = Place::with(&[]);
    let rules: Value = serde_json::from_str(&place.run(&["rules", "--format", "json"]).code(0).out).unwrap();
    let rules = rules.as_array().unwrap();
    let names: BTreeSet<&str> = rules.iter().map(|rule| rule["name"].as_str().unwrap()).collect();
    for rule in aib::lint::ALL {
        assert!(names.contains(rule.meta.code.name), "{} is not listed", rule.meta.code.name);
        let evidence = rule.meta.evidence;
        let rests = evidence.contains("https://") || evidence.starts_with("an inference: ");
        assert!(rests || evidence.starts_with("language.md"), "{} rests on {evidence}", rule.meta.code.name);
    }
    for rule in rules {
        let summary = rule["summary"].as_str().unwrap();
        assert!(summary.len() > 20 && summary.len() < 300 && !summary.contains('\n'), "{rule:#}");
    }
    let human = place.run(&["rules", "--category", "scripts"]).code(0).out;
    assert!(human.contains("AIB406  warning  reboot-in-script"), "{human}");
    assert!(!human.contains("unknown-property"), "{human}");
    assert!(
        place
            .run(&["explain", "plain-http"])
            .code(0)
            .out
            .contains("warning of category supply-chain, certain. Evidence: ")
    );
}
