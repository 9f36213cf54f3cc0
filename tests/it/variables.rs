//! Variables that `template` defines, and lists that only Azure can walk.

use serde_json::json;

use crate::cli::Place;
use crate::symbolic::built;

#[test]
fn a_constant_names_a_variable_that_template_defines() {
    let template = built(
        r#"
param teams: array
let names = arm("[variables('names')]")
let other = arm("[variables('other-name')]")
output first: string = names[0]
output second: string = names[1] ?? other.x
output third: string = arm("[first(variables('names'))]")
template {
  variables = {
    copy = [{ name = "names", count = length(teams), input = teams[copy_index("names")].name }]
    "other-name" = { x = "y" }
  }
}
"#,
    );
    assert_eq!(template["outputs"]["first"]["value"], "[variables('names')[0]]");
    let second = "[coalesce(variables('names')[1], variables('other-name').x)]";
    assert_eq!(template["outputs"]["second"]["value"], second);
    assert_eq!(template["outputs"]["third"]["value"], "[first(variables('names'))]");
    let variables: Vec<&String> = template["variables"].as_object().unwrap().keys().collect();
    assert_eq!(variables.len(), 2, "{variables:?}");
}

#[test]
fn constants_that_name_each_other_are_a_ring() {
    let source = "let a = arm(\"[variables('b')]\")\nlet b = arm(\"[variables('a')]\")\noutput x: string = a";
    let ran = Place::with(&[("main.aib", source)]).run(&["check", "main.aib"]).code(1);
    assert!(ran.err.contains("AIB107"), "{}{}", ran.out, ran.err);
}

#[test]
fn a_comprehension_that_keeps_elements_is_a_filter() {
    let template = built(
        r#"
param regions: array
output kept: array = [for r in regions if r.main: r]
output names: array = [for r in regions if r.main: r.name]
output all: array = [for r in regions: r]
"#,
    );
    let value = |name: &str| template["outputs"][name]["value"].clone();
    let kept = "filter(parameters('regions'), lambda('r', lambdaVariables('r').main))";
    assert_eq!(value("kept"), json!(format!("[{kept}]")));
    assert_eq!(value("names"), json!(format!("[map({kept}, lambda('r', lambdaVariables('r').name))]")));
    assert_eq!(value("all"), "[map(parameters('regions'), lambda('r', lambdaVariables('r')))]");
}

#[test]
fn a_constant_that_names_a_variable_may_say_its_type() {
    let template = built(
        r#"
param teams: array
let names: list<string> = arm("[variables('names')]")
output all: string = join([for n in names: "img-${n}"], ",")
template {
  variables = { copy = [{ name = "names", count = length(teams), input = teams[copy_index("names")].name }] }
}
"#,
    );
    let walked = "map(variables('names'), lambda('n', format('img-{0}', lambdaVariables('n'))))";
    assert_eq!(template["outputs"]["all"]["value"], format!("[join({walked}, ',')]"));
    assert_eq!(template["variables"].as_object().unwrap().len(), 1);
}
