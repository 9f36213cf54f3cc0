//! What the compiler computes is what Azure would: every built-in function and operator, with known values and with
//! parameters.
//!
//! A row gives values, an expression and what it comes to. With `let` the expression must fold to that; with `param` it must
//! become an ARM expression that comes to the same, as this project's own evaluator says, and as another one says if the folder
//! with the reference material is there.

use std::io::Write;
use std::process::{Command, Stdio};

use aib::check::BUILTINS;
use serde_json::{Value, json};

use super::pipeline;
use super::project::shared;
use super::resolved::Resolver;

/// Values by name and type, an expression, and what it comes to as JSON.
struct Row {
    given: &'static [(&'static str, &'static str, &'static str)],
    expr: &'static str,
    value: &'static str,
    /// Whether the values may be known to Azure only.
    deferred: bool,
}

const fn row(
    given: &'static [(&'static str, &'static str, &'static str)],
    expr: &'static str,
    value: &'static str,
) -> Row {
    Row { given, expr, value, deferred: true }
}

/// A row of what only the compiler computes.
const fn known(
    given: &'static [(&'static str, &'static str, &'static str)],
    expr: &'static str,
    value: &'static str,
) -> Row {
    Row { given, expr, value, deferred: false }
}

const A: &[(&str, &str, &str)] = &[("a", "int", "7"), ("b", "int", "2"), ("n", "int", "-7")];
const T: &[(&str, &str, &str)] = &[("t", "string", "\"One two\""), ("u", "string", "\"two\"")];
const Y: &[(&str, &str, &str)] = &[("y", "bool", "true"), ("z", "bool", "false")];
const L: &[(&str, &str, &str)] =
    &[("l", "list<string>", "[\"a\", \"b\", \"c\"]"), ("m", "list<string>", "[\"b\", \"d\"]")];
const I: &[(&str, &str, &str)] = &[("i", "list<int>", "[3, 1, 2]")];
const O: &[(&str, &str, &str)] = &[
    ("o", "object", "{ b = 1, a = { c = \"x\" } }"),
    ("p", "object", "{ a = { d = 2 }, e = [1] }"),
    ("k", "string", "\"b\""),
];

static ROWS: &[Row] = &[
    // Operators.
    row(A, "a + b", "9"),
    row(A, "a - b", "5"),
    row(A, "a * b", "14"),
    row(A, "a / b", "3"),
    row(A, "n / b", "-3"),
    row(A, "a % b", "1"),
    row(A, "-a", "-7"),
    row(A, "a + b * 2 - 1", "10"),
    row(A, "(a + b) * 2", "18"),
    row(A, "a < b", "false"),
    row(A, "a <= 7", "true"),
    row(A, "a > b", "true"),
    row(A, "a >= 8", "false"),
    row(A, "a == 7", "true"),
    row(A, "a != 7", "false"),
    row(T, "t == \"One two\"", "true"),
    row(T, "t != u", "true"),
    row(T, "t + \"-\" + u", "\"One two-two\""),
    row(L, "l + m", "[\"a\", \"b\", \"c\", \"b\", \"d\"]"),
    row(L, "[...l, \"x\", ...m]", "[\"a\", \"b\", \"c\", \"x\", \"b\", \"d\"]"),
    row(L, "l == [\"a\", \"b\", \"c\"]", "true"),
    row(Y, "y && z", "false"),
    row(Y, "y || z", "true"),
    row(Y, "!y", "false"),
    row(Y, "!(y && z) || z", "true"),
    row(Y, "y ? \"yes\" : \"no\"", "\"yes\""),
    row(Y, "z ? 1 : y ? 2 : 3", "2"),
    row(Y, "(y ? { a = 1 } : { a = 2 }).a", "1"),
    known(&[("a", "int?", "null")], "a ?? 5", "5"),
    row(A, "a ?? 5", "7"),
    // Members and elements.
    row(O, "o.b", "1"),
    row(O, "o.a.c", "\"x\""),
    row(O, "o[\"b\"]", "1"),
    row(O, "o[k]", "1"),
    row(O, "o?.b", "1"),
    row(O, "o?.nosuch ?? 9", "9"),
    row(L, "l[1]", "\"b\""),
    row(&[("l", "list<string>", "[\"a\", \"b\"]"), ("i", "int", "1")], "l[i]", "\"b\""),
    row(O, "{ ...p, x = 1 }", "{\"a\": {\"d\": 2}, \"e\": [1], \"x\": 1}"),
    // Strings.
    row(T, "\"<${t}>\"", "\"<One two>\""),
    row(T, "\"${t}${u}\"", "\"One twotwo\""),
    row(T, "\"{0} ${t} {{x}}\"", "\"{0} One two {{x}}\""),
    row(T, "\"it's ${u}\"", "\"it's two\""),
    row(A, "\"${a}/${n}\"", "\"7/-7\""),
    row(Y, "\"${y}\"", "\"True\""),
    row(T, "\"[${t}]\"", "\"[One two]\""),
    row(T, "'${t}'", "\"${t}\""),
    // Comprehensions.
    row(L, "[for x in l: x]", "[\"a\", \"b\", \"c\"]"),
    row(L, "[for x in l: \"<${x}>\"]", "[\"<a>\", \"<b>\", \"<c>\"]"),
    row(L, "[for x in l if x != \"b\": x]", "[\"a\", \"c\"]"),
    row(I, "[for x in i: x * 2]", "[6, 2, 4]"),
    known(L, "{ for x in l: (x) = 1 }", "{\"a\": 1, \"b\": 1, \"c\": 1}"),
    known(O, "[for k2, v in p: k2]", "[\"a\", \"e\"]"),
    // Functions of text.
    row(T, "base64(t)", "\"T25lIHR3bw==\""),
    row(&[("e", "string", "\"T25lIHR3bw==\"")], "base64_to_string(e)", "\"One two\""),
    row(T, "concat(t, u)", "\"One twotwo\""),
    row(T, "contains(t, u)", "true"),
    row(T, "contains(t, \"Two\")", "false"),
    row(T, "empty(t)", "false"),
    row(&[("e", "string", "\"\"")], "empty(e)", "true"),
    row(T, "ends_with(t, \"TWO\")", "true"),
    row(T, "starts_with(t, \"one\")", "true"),
    row(T, "starts_with(t, u)", "false"),
    row(T, "first(t)", "\"O\""),
    row(T, "last(t)", "\"o\""),
    row(T, "format(\"{0}-{1}-{0}\", t, u)", "\"One two-two-One two\""),
    row(A, "format(\"{0}{{}}\", a)", "\"7{}\""),
    row(T, "index_of(t, \"TWO\")", "4"),
    row(T, "index_of(t, \"x\")", "-1"),
    row(T, "last_index_of(t, \"o\")", "6"),
    row(T, "length(t)", "7"),
    row(A, "pad_left(a, 3, \"0\")", "\"007\""),
    row(T, "pad_left(u, 5)", "\"  two\""),
    row(T, "replace(t, \"two\", \"2\")", "\"One 2\""),
    row(T, "skip(t, 4)", "\"two\""),
    row(T, "take(t, 3)", "\"One\""),
    row(T, "take(u, 9)", "\"two\""),
    row(T, "split(t, \" \")", "[\"One\", \"two\"]"),
    row(&[("e", "string", "\"a;b,c\"")], "split(e, [\";\", \",\"])", "[\"a\", \"b\", \"c\"]"),
    row(A, "string(a)", "\"7\""),
    row(Y, "string(y)", "\"True\""),
    row(O, "string(p)", r#""{\"a\":{\"d\":2},\"e\":[1]}""#),
    row(T, "string(t)", "\"One two\""),
    row(T, "substring(t, 4)", "\"two\""),
    row(T, "substring(t, 0, 3)", "\"One\""),
    row(T, "to_lower(t)", "\"one two\""),
    row(T, "to_upper(t)", "\"ONE TWO\""),
    row(&[("e", "string", "\"  x y \"")], "trim(e)", "\"x y\""),
    row(&[("e", "string", "\"https://a.org/b\"")], "uri(e, \"c.sh\")", "\"https://a.org/c.sh\""),
    row(&[("e", "string", "\"https://a.org/b/\"")], "uri(e, \"c.sh\")", "\"https://a.org/b/c.sh\""),
    row(T, "uri_component(t)", "\"One%20two\""),
    row(T, "guid(t, u)", "\"7016c6b3-fc1e-543e-8e51-86889ef17e94\""),
    row(&[("e", "string", "\"it's\"")], "shell_quote(e)", r#""'it'\\''s'""#),
    row(&[("e", "string", "\"it's\"")], "powershell_quote(e)", "\"'it''s'\""),
    known(T, "sha256(u)", "\"3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3\""),
    known(&[("e", "string", "\"a\\nb\\n\"")], "lines(e)", "[\"a\", \"b\"]"),
    // Conversions.
    row(&[("e", "string", "\"42\"")], "int(e)", "42"),
    row(&[("e", "string", "\"TRUE\"")], "bool(e)", "true"),
    row(&[("e", "int", "1")], "bool(e)", "true"),
    row(&[("e", "string", r#""{\"a\": [1, null, true]}""#)], "json(e)", "{\"a\": [1, null, true]}"),
    // Functions of lists and objects.
    row(L, "concat(l, m)", "[\"a\", \"b\", \"c\", \"b\", \"d\"]"),
    row(L, "contains(l, \"b\")", "true"),
    row(L, "contains(l, \"B\")", "false"),
    row(O, "contains(o, \"B\")", "true"),
    row(L, "empty(l)", "false"),
    row(O, "empty(o)", "false"),
    row(L, "first(l)", "\"a\""),
    row(L, "last(l)", "\"c\""),
    row(&[("e", "list<list<int>>", "[[1], [2, 3]]")], "flatten(e)", "[1, 2, 3]"),
    row(L, "index_of(l, \"c\")", "2"),
    row(L, "last_index_of(l, \"x\")", "-1"),
    row(L, "intersection(l, m)", "[\"b\"]"),
    row(O, "items(p)", "[{\"key\": \"a\", \"value\": {\"d\": 2}}, {\"key\": \"e\", \"value\": [1]}]"),
    row(L, "join(l, \", \")", "\"a, b, c\""),
    row(I, "join(i, \"\")", "\"312\""),
    row(L, "length(l)", "3"),
    row(O, "length(o)", "2"),
    row(I, "max(i)", "3"),
    row(A, "max(a, b, n)", "7"),
    row(I, "min(i)", "1"),
    row(A, "min(a, b)", "2"),
    row(O, "object_keys(p)", "[\"a\", \"e\"]"),
    row(A, "range(a, b)", "[7, 8]"),
    row(L, "skip(l, 1)", "[\"b\", \"c\"]"),
    row(L, "take(l, 2)", "[\"a\", \"b\"]"),
    row(T, "array(t)", "[\"One two\"]"),
    row(L, "array(l)", "[\"a\", \"b\", \"c\"]"),
    row(L, "union(l, m)", "[\"a\", \"b\", \"c\", \"d\"]"),
    row(O, "shallow_merge([o, p])", "{\"b\": 1, \"a\": {\"d\": 2}, \"e\": [1]}"),
    row(O, "union(o, p)", "{\"b\": 1, \"a\": {\"c\": \"x\", \"d\": 2}, \"e\": [1]}"),
    known(I, "filter(i, big)", "[3, 2]"),
    known(I, "map(i, twice)", "[6, 2, 4]"),
    row(T, "arm(\"[toUpper('x')]\") + u", "\"Xtwo\""),
    // Functions of the file.
    row(I, "[for x in i: twice(x)]", "[6, 2, 4]"),
    row(T, "tag(u)", "\"tag-two\""),
    row(T, "tag(name = t, before = u)", "\"two-One two\""),
];

/// What every file of a row holds besides.
const COMMON: &str = r#"
fn twice(number: int) -> int = number * 2
fn big(number: int) -> bool = number > 1
fn tag(name: string, before: string = "tag") -> string = "${before}-${name}"
"#;

/// Built-in functions that no row can have, with the reason.
const NOT_HERE: &[(&str, &str)] = &[
    ("cidr_subnet", "is known only to Azure"),
    ("copy_index", "stands only in what is passed on to a loop of ARM"),
    ("content_hash", "stands only in the name of an image"),
    ("file", "reads a file of the workspace"),
    ("date_time_add", "is known only to Azure"),
    ("extension_resource_id", "is known only to Azure"),
    ("new_guid", "is known only to Azure"),
    ("platform_image", "gives a source, which is no value of an output"),
    ("reference", "is known only to Azure"),
    ("resource_id", "is known only to Azure"),
    ("reveal", "changes a label, not a value"),
    ("subscription_resource_id", "is known only to Azure"),
    ("tenant_resource_id", "is known only to Azure"),
    ("unique_string", "is known only to Azure"),
    ("utc_now", "is known only to Azure"),
    ("verbatim", "is no value: what it is given is written as it stands"),
];

/// The template of a row, its values given as constants or as parameters.
fn template(row: &Row, word: &str) -> Result<Value, String> {
    let given = row.given.iter().map(|(name, ty, value)| format!("{word} {name}: {ty} = {value}\n"));
    let ty = match expected(row) {
        Value::String(_) => "string",
        Value::Number(_) => "int",
        Value::Bool(_) => "bool",
        Value::Array(_) => "array",
        _ => "object",
    };
    let text = format!("{}{COMMON}output x: {ty} = {}\n", given.collect::<String>(), row.expr);
    let template =
        pipeline::template(&[("main.aib", &text)]).map_err(|why| format!("{}: {why}", row.expr))?;
    Ok(serde_json::from_str(&template).unwrap())
}

fn expected(row: &Row) -> Value {
    serde_json::from_str(row.value).unwrap_or_else(|e| panic!("{}: {e}", row.value))
}

/// Texts that begin with a bracket are escaped in templates.
fn output(template: &Value) -> Value {
    let value = &template["outputs"]["x"]["value"];
    match value.as_str().and_then(|text| text.strip_prefix("[[")) {
        Some(rest) => json!(format!("[{rest}")),
        None => value.clone(),
    }
}

#[test]
fn known_values_are_computed() {
    let mut wrong = Vec::new();
    for row in ROWS {
        let template = match template(row, "let") {
            Ok(template) => template,
            Err(why) => {
                wrong.push(why);
                continue;
            }
        };
        let (value, expected) = (output(&template), expected(row));
        if value != expected {
            wrong.push(format!("{}: {value} in place of {expected}", row.expr));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn expressions_with_parameters_come_to_the_same() {
    let mut wrong = Vec::new();
    for row in ROWS.iter().filter(|row| row.deferred) {
        let template = match template(row, "param") {
            Ok(template) => template,
            Err(why) => {
                wrong.push(why);
                continue;
            }
        };
        let written = &template["outputs"]["x"]["value"];
        let (value, expected) = (Resolver::new(&template).value(written), expected(row));
        if value != expected {
            wrong.push(format!("{}: {written} is {value} in place of {expected}", row.expr));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn another_evaluator_comes_to_the_same() {
    let Some(shared) = shared("another_evaluator_comes_to_the_same") else { return };
    let rows = ROWS.iter().filter(|row| row.deferred);
    let (rows, templates): (Vec<&Row>, Vec<Value>) =
        rows.filter_map(|row| Some((row, template(row, "param").ok()?))).unzip();
    let script = "
import sys, json
sys.path.insert(0, sys.argv[1])
import armcmp
for line in json.load(sys.stdin):
    print(json.dumps(armcmp.normal(armcmp.evaluate(line, {})['outputs']['x']['value'])))
";
    let mut command = Command::new("python3");
    command.args(["-B", "-c", script]).arg(shared.join("tools"));
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(json!(templates).to_string().as_bytes()).unwrap();
    let answer = child.wait_with_output().unwrap();
    assert!(answer.status.success());
    let answers: Vec<Value> =
        String::from_utf8(answer.stdout).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(answers.len(), rows.len());
    let (mut wrong, mut judged) = (Vec::new(), 0);
    for ((row, template), answer) in rows.iter().zip(&templates).zip(answers) {
        // What that evaluator does not know becomes a token.
        if answer.to_string().contains('⟪') {
            continue;
        }
        judged += 1;
        if answer != expected(row) {
            let written = &template["outputs"]["x"]["value"];
            wrong.push(format!("{}: {written} is {answer} in place of {}", row.expr, row.value));
        }
    }
    eprintln!("{judged} of {} expressions judged", rows.len());
    assert!(judged > rows.len() / 2);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_function_has_a_row() {
    let called = |name: &str| {
        let call = format!("{name}(");
        ROWS.iter().any(|row| {
            let mut at = row.expr.match_indices(&call);
            at.any(|(at, _)| !row.expr[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
        })
    };
    let exempt = |name: &str| NOT_HERE.iter().any(|(other, _)| *other == name);
    let missing: Vec<&str> =
        BUILTINS.iter().map(|b| b.name).filter(|name| !called(name) && !exempt(name)).collect();
    assert!(missing.is_empty(), "no row calls {missing:?}");
    let needless: Vec<_> = NOT_HERE.iter().filter(|(name, _)| called(name)).collect();
    assert!(needless.is_empty(), "{needless:?} are called after all");
}

/// Whether something may be said of what Azure alone knows.
#[test]
fn what_only_azure_knows_stays_an_expression() {
    for (expr, expected) in [
        ("azure.resource_group.location", "[resourceGroup().location]"),
        ("unique_string(\"a\")", "[uniqueString('a')]"),
        ("resource_id(\"Microsoft.A/b\", \"c\")", "[resourceId('Microsoft.A/b', 'c')]"),
        (
            "subscription_resource_id(\"Microsoft.A/b\", \"c\")",
            "[subscriptionResourceId('Microsoft.A/b', 'c')]",
        ),
        ("tenant_resource_id(\"Microsoft.A/b\", \"c\")", "[tenantResourceId('Microsoft.A/b', 'c')]"),
        ("extension_resource_id(\"/x\", \"A/b\", \"c\")", "[extensionResourceId('/x', 'A/b', 'c')]"),
        ("cidr_subnet(\"10.0.0.0/16\", 24, 1)", "[cidrSubnet('10.0.0.0/16', 24, 1)]"),
        ("copy_index(\"loop\", 1)", "[copyIndex('loop', 1)]"),
        ("\"x-${azure.subscription.id}\"", "[format('x-{0}', subscription().id)]"),
        ("arm(\"[deployment().name]\")", "[deployment().name]"),
        ("true ? azure.resource_group.name : \"x\"", "[resourceGroup().name]"),
    ] {
        let text = format!("output x = {expr}\n");
        let template: Value =
            serde_json::from_str(&pipeline::template(&[("main.aib", &text)]).unwrap()).unwrap();
        assert_eq!(template["outputs"]["x"]["value"], json!(expected), "{expr}");
    }
    // These may stand in the defaults of parameters only.
    for (expr, expected) in [
        ("date_time_add(utc_now(), \"P1D\")", "[dateTimeAdd(utcNow(), 'P1D')]"),
        ("new_guid()", "[newGuid()]"),
    ] {
        let text = format!("param x: string = {expr}\noutput y = x\n");
        let template: Value =
            serde_json::from_str(&pipeline::template(&[("main.aib", &text)]).unwrap()).unwrap();
        assert_eq!(template["parameters"]["x"]["defaultValue"], json!(expected), "{expr}");
    }
    for (expr, expected) in [
        ("reference(\"/x\", \"2024-01-01\").a", "[reference('/x', '2024-01-01').a]"),
        ("verbatim(\"[parameters('of another')]\")", "[parameters('of another')]"),
        ("verbatim(\"[ -f /etc/x ]\")", "[ -f /etc/x ]"),
        ("'${verbatim(\"[ -f /etc/x ]\")}'", "${verbatim(\"[ -f /etc/x ]\")}"),
        ("\"${verbatim(\"[ -f /etc/x ]\")}\"", "[ -f /etc/x ]"),
        ("\"test ${verbatim(\"[ x ]\")}\"", "[format('test {0}', '[ x ]')]"),
    ] {
        let text = format!("output x: string = {expr}\n");
        let template: Value =
            serde_json::from_str(&pipeline::template(&[("main.aib", &text)]).unwrap()).unwrap();
        assert_eq!(template["outputs"]["x"]["value"], json!(expected), "{expr}");
    }
}
