//! Images that are built from others, in one file and across imports: which image makes what another starts from, and what
//! two of them may not share.

use super::pipeline::run;

const HEAD: &str = "import std/marketplace\nexisting identity builder { name = \"id-builder\" }\n";
const EXISTING: &str = "existing gallery g {\n  name = \"images\"\n  definition d {\n    location = \"westeurope\"\n    os = linux\n  }\n}\n";
const GALLERY: &str = "gallery prod {\n  location = \"westeurope\"\n  definition base {\n    os = linux\n    generation = v2\n    identifier = { publisher = \
                       \"C\", offer = \"b\", sku = \"1\" }\n  }\n  definition app {\n    os = linux\n    generation = v2\n    identifier = { publisher = \
                       \"C\", offer = \"a\", sku = \"1\" }\n  }\n}\n";

/// An image in a region; `body` stands beside its source.
fn image(name: &str, region: &str, source: &str, body: &str, target: &str) -> String {
    format!(
        "image {name} {{\n  location = \"{region}\"\n  identity = builder\n  source = {source}\n  {body}\n  distribute {{ {target} }}\n}}\n"
    )
}

fn needs(what: &str) -> String {
    format!("customize {{\n    shell \"use\" = \"date\" {{ requires = [\"{what}\"] }}\n  }}")
}

#[track_caller]
fn found(files: &[(&str, &str)], expected: &[(&str, &str)]) {
    let outcome = run(files);
    assert_eq!(outcome.codes(), expected, "{}", outcome.describe());
}

/// The images of one file, with an existing gallery.
#[track_caller]
fn one(images: &[String], expected: &[(&str, &str)]) {
    found(&[("main.aib", &format!("{HEAD}{EXISTING}{}", images.concat()))], expected);
}

fn both(source: &str) -> [(&str, &str); 2] {
    [("AIB624", source), ("AIB402", "\"docker\"")]
}

#[test]
fn a_source_is_made_by_the_image_that_makes_its_version() {
    let west = "regions = [\"westeurope\"]";
    let makes = |version: &str| format!("gallery g.d {{\n    {west}\n    {version}\n  }}");
    let other = image("other", "westeurope", "marketplace.ubuntu_24_04", "", &makes("version = \"2.0.0\""));
    let reads = |source: &str| image("web", "northeurope", source, &needs("docker"), "managed_image \"img\"");
    // What the service numbers is the latest; whether a written number is, others may decide.
    let counted = image("other", "westeurope", "marketplace.ubuntu_24_04", "", &makes(""));
    one(&[counted.clone(), reads("g.d")], &both("g.d"));
    one(&[other.clone(), reads("g.d")], &[]);
    let below = image(
        "other",
        "westeurope",
        "marketplace.ubuntu_24_04",
        "",
        &makes("versioning = latest(major = 2)"),
    );
    one(&[below, reads("g.d")], &[]);
    one(&[other.clone(), reads("g.d.version(\"2.0.0\")")], &both("g.d.version(\"2.0.0\")"));
    // Others made that one.
    one(&[other.clone(), reads("g.d.version(\"1.0.0\")")], &[]);
    // What is left out of `latest` is not what `latest` means.
    let hidden = makes("version = \"2.0.0\"\n    exclude_from_latest = true");
    let hidden = image("other", "westeurope", "marketplace.ubuntu_24_04", "", &hidden);
    one(&[hidden.clone(), reads("g.d")], &[]);
    one(&[hidden.clone(), reads("other")], &both("other"));
    let reaching =
        makes("exclude_from_latest = true").replace("\"westeurope\"", "\"westeurope\", \"northeurope\"");
    let reaching = image("second", "northeurope", "marketplace.ubuntu_24_04", "", &reaching);
    one(&[counted, reaching, reads("g.d")], &both("g.d"));
    // An image that refreshes its definition starts from what was there before.
    for source in ["g.d", "g.d.version(\"1.0.0\")"] {
        one(&[image("web", "northeurope", source, &needs("docker"), &makes("version = \"3.0.0\""))], &[]);
    }
    let numbered = makes("versioning = latest(major = 2)");
    one(&[image("web", "northeurope", "g.d", &needs("docker"), &numbered)], &[]);
}

/// A file that makes `prod.base`, and one that imports it.
#[track_caller]
fn two(base: &str, app: &str, expected: &[(&str, &str)]) {
    let base = format!("{HEAD}import \"./gallery.aib\" as g\n{base}");
    let app = format!("{HEAD}import \"./gallery.aib\" as g\nimport \"./base.aib\" as b\n{app}");
    found(&[("main.aib", &app), ("base.aib", &base), ("gallery.aib", GALLERY)], expected);
}

#[test]
fn images_of_imported_files_take_names_versions_and_groups() {
    let makes = |definition: &str, more: &str| {
        format!("gallery g.prod.{definition} {{\n    regions = [\"westeurope\"]\n    {more}\n  }}")
    };
    let group = "build { staging_group = \"rg-staging\" }";
    let base =
        |body: &str, target: &str| image("base", "westeurope", "marketplace.ubuntu_24_04", body, target);
    let app = |region: &str, body: &str, target: &str| image("web", region, "b.base", body, target);
    two(&base("", &makes("base", "")), &app("westeurope", "", &makes("app", "")), &[]);
    two(&base("", &makes("base", "")), &app("northeurope", "", &makes("app", "")), &[("AIB624", "b.base")]);
    two(
        &base(group, &makes("base", "")),
        &app("westeurope", group, &makes("app", "")),
        &[("AIB726", "\"rg-staging\"")],
    );
    let version = makes("base", "version = \"1.0.0\"");
    two(&base("", &version), &app("westeurope", "", &version), &[("AIB619", "g.prod.base")]);
    let named = app("westeurope", "name = \"BASE\"", &makes("app", ""));
    two(&base("", &makes("base", "")), &named, &[("AIB321", "image web")]);
    // The other file's group is not known where both only read what exists, or nothing of it is used.
    let file =
        |source: &str, body: &str| image("web", "westeurope", source, body, "managed_image \"img-web\"");
    let alone = file("marketplace.ubuntu_24_04", "name = \"base\"");
    two(&base("", &makes("base", "")), &alone, &[]);
}

#[test]
fn a_definition_of_an_imported_file_has_what_it_says() {
    let plan = "platform_image(\"resf\", \"rockylinux-x86_64\", \"9-base\", os = linux, generation = v2, plan = { publisher = \"resf\", \
                product = \"rockylinux-x86_64\", name = \"9-base\" })";
    let web = image("web", "westeurope", plan, "", "gallery g.prod.app { regions = [\"westeurope\"] }");
    two("", &web, &[("AIB614", "g.prod.app")]);
    let existing = GALLERY
        .replace("gallery prod", "existing gallery prod")
        .replace("prod {", "prod {\n  name = \"images\"");
    let existing =
        existing.lines().filter(|line| !line.contains("identifier")).collect::<Vec<_>>().join("\n");
    let main = format!("{HEAD}import \"./gallery.aib\" as g\n{web}");
    found(&[("main.aib", &main), ("gallery.aib", &existing)], &[]);
}
