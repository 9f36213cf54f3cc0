//! What the functions of the language compute, for arguments that are known.

mod chars;
pub(super) mod encode;
pub(super) mod list;
pub(super) mod logic;
pub(super) mod object;
mod refusal;
pub(super) mod text;

pub use encode::uuid_guid;
pub(super) use object::distinct_keys;
pub use refusal::refusal;

use super::functions::function;
use super::value::Value;

/// Values above this size (nodes plus bytes) are not computed with; a template may have 4 MB.
pub(super) const MAX_WEIGHT: usize = 4 << 20;

/// Values that nest deeper are not computed with.
const MAX_VALUE_DEPTH: usize = 200;

/// Computes a call. `None` when the function is not known before deployment, when Azure would refuse the call, and
/// when the arguments are too large to compute with.
pub fn fold_call(name: &str, args: &[Value]) -> Option<Value> {
    let row = function(name)?;
    let compute = row.fold?;
    if !row.takes(args.len()) {
        return None;
    }
    let mut left = MAX_WEIGHT;
    for arg in args {
        left = left.checked_sub(arg.weight(left, MAX_VALUE_DEPTH)?)?;
    }
    compute(args)
}

#[cfg(test)]
mod tests {
    use super::fold_call;
    use crate::arm::{Value, fold, parse, print};

    fn folded(text: &str) -> String {
        print(&fold(&parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))), &|_| None)
    }

    /// Expression, and what it folds to. The first values are the examples of the Azure documentation.
    const FOLDS: &[(&str, &str)] = &[
        ("base64('one, two, three')", "'b25lLCB0d28sIHRocmVl'"),
        ("base64ToString('b25lLCB0d28sIHRocmVl')", "'one, two, three'"),
        ("base64ToJson(base64('{\"one\": \"a\"}'))", "createObject('one', 'a')"),
        ("concat('a', 1, true(), 'b')", "'a1Trueb'"),
        ("concat(createArray(1), createArray(2, 3))", "createArray(1, 2, 3)"),
        ("contains('OneTwoThree', 'e')", "true()"),
        ("contains('OneTwoThree', 'one')", "false()"),
        ("contains(createObject('one', 'a'), 'ONE')", "true()"),
        ("contains(createArray('one'), 'One')", "false()"),
        ("dataUri('Hello')", "'data:text/plain;charset=utf8;base64,SGVsbG8='"),
        ("dataUriToString('data:;base64,SGVsbG8sIFdvcmxkIQ==')", "'Hello, World!'"),
        ("startsWith('abcdef', 'AB')", "true()"),
        ("endsWith('abcdef', 'e')", "false()"),
        ("empty(null())", "true()"),
        ("first('One Two Three')", "'O'"),
        ("last(createArray('one', 'two'))", "'two'"),
        ("indexOf('test', 'T')", "0"),
        ("lastIndexOf('test', 't')", "3"),
        ("indexOf('abcdef', 'CD')", "2"),
        ("indexOf('abcdef', 'z')", "-1"),
        ("indexOf(createArray('a', 'b'), 'b')", "1"),
        ("format('{0}, {1}{{x}}', 'Hello', 5)", "'Hello, 5{x}'"),
        ("join(createArray('one', 2), ', ')", "'one, 2'"),
        ("padLeft('123', 10, '0')", "'0000000123'"),
        ("padLeft(5, 2)", "' 5'"),
        ("replace('123-123-1234', '-', '')", "'1231231234'"),
        ("skip('one two three', 4)", "'two three'"),
        ("skip(createArray('one', 'two', 'three'), 2)", "createArray('three')"),
        ("take('one', 2)", "'on'"),
        ("take(createArray(1, 2), -1)", "createArray()"),
        ("split('one;two,three', createArray(';', ','))", "createArray('one', 'two', 'three')"),
        (
            "string(createObject('valueA', 10, 'valueB', 'Example Text'))",
            "'{\"valueA\":10,\"valueB\":\"Example Text\"}'",
        ),
        ("string(createArray('a', 'b'))", "'[\"a\",\"b\"]'"),
        ("string(true())", "'True'"),
        ("substring('one two three', 4, 3)", "'two'"),
        ("toUpper('one é')", "'ONE É'"),
        ("toLower('ONE')", "'one'"),
        ("trim('  one two  ')", "'one two'"),
        ("uri('http://contoso.org/firstpath', 'myscript.sh')", "'http://contoso.org/myscript.sh'"),
        ("uri('http://contoso.org/firstpath/', 'myscript.sh')", "'http://contoso.org/firstpath/myscript.sh'"),
        ("uri('http://contoso.org', '/a/b.sh')", "'http://contoso.org/a/b.sh'"),
        ("uriComponent('http://contoso.com/a b')", "'http%3A%2F%2Fcontoso.com%2Fa%20b'"),
        ("uriComponentToString('http%3A%2F%2Fcontoso.com')", "'http://contoso.com'"),
        (
            "intersection(createArray('one', 'two', 'three'), createArray('two', 'three'))",
            "createArray('two', 'three')",
        ),
        (
            "intersection(createObject('one', 'a', 'two', 'b'), createObject('one', 'a', 'two', 'z'))",
            "createObject('one', 'a')",
        ),
        (
            "union(createArray('one', 'two', 'two'), createArray('two', 'four'))",
            "createArray('one', 'two', 'four')",
        ),
        (
            "union(createObject('p', createObject('a', 1), 'n', createArray(1)), createObject('p', createObject('b', 2), 'n', createArray(3)))",
            "createObject('p', createObject('a', 1, 'b', 2), 'n', createArray(3))",
        ),
        (
            "shallowMerge(createArray(createObject('a', createObject('b', 1)), createObject('a', 2)))",
            "createObject('a', 2)",
        ),
        (
            "items(createObject('b', 1, 'a', 2))",
            "createArray(createObject('key', 'a', 'value', 2), createObject('key', 'b', 'value', 1))",
        ),
        ("objectKeys(createObject('a', 1, 'b', 2))", "createArray('a', 'b')"),
        (
            "flatten(createArray(createArray(1), createArray(2, createArray(3))))",
            "createArray(1, 2, createArray(3))",
        ),
        ("range(5, 3)", "createArray(5, 6, 7)"),
        ("min(createArray(3, 1, 2))", "1"),
        ("max(3, 1, 2)", "3"),
        ("coalesce(null(), null(), 'x')", "'x'"),
        ("equals('a', 'A')", "false()"),
        ("equals(createObject('a', 1, 'b', 2), createObject('b', 2, 'a', 1))", "true()"),
        ("greater('A', 'a')", "true()"),
        ("less('a', 'B')", "true()"),
        ("lessOrEquals(2, 2)", "true()"),
        ("and(true(), not(false()))", "true()"),
        ("or(false(), false())", "false()"),
        ("if(equals(1, 1), 'yes', parameters('x'))", "'yes'"),
        ("add(5, sub(7, mul(2, 3)))", "6"),
        ("div(-7, 2)", "-3"),
        ("mod(-7, 2)", "-1"),
        ("int('4')", "4"),
        ("float('1.5')", "json('1.5')"),
        ("bool('TRUE')", "true()"),
        ("bool(0)", "false()"),
        ("json('{\"a\": [1, null]}').a[0]", "1"),
        ("json('null')", "null()"),
        ("array('efgh')", "createArray('efgh')"),
        ("tryGet(createObject('a', createArray(1, 2)), 'A', 1)", "2"),
        ("tryGet(createObject('a', 1), 'b')", "null()"),
        ("indexFromEnd(createArray(1, 2, 3), 1)", "3"),
        ("length('a😀')", "3"),
        ("length(createObject('a', 1))", "1"),
        ("guid('a', 'b')", "'2d796349-8c7e-55ec-9624-54ece82ed031'"),
    ];

    #[test]
    fn folds_to_what_azure_computes() {
        for (text, expected) in FOLDS {
            assert_eq!(folded(text), *expected, "{text}");
        }
    }

    #[test]
    fn what_azure_would_refuse_stays_an_expression() {
        for text in [
            "div(1, 0)",
            "mod(1, 0)",
            "add(9223372036854775807, 1)",
            "substring('abc', 2, 2)",
            "substring('abc', -1)",
            "format('{1}', 'a')",
            "format('{0:N0}', 5)",
            "format('{', 'a')",
            "concat('a', createArray())",
            "createObject('a')",
            "createObject('a', 1, 'A', 2)",
            "int('4.5')",
            "int('')",
            "bool('yes')",
            "json('{')",
            "first(createArray())",
            "range(0, 10001)",
            "range(2147483647, 2)",
            "split('a', '')",
            "replace('a', '', 'b')",
            "length(5)",
            "base64ToString('!')",
            "indexFromEnd(createArray(1), 2)",
            "not('true')",
            "and(true(), 1)",
            "toLower('İ')",
            "take('😀', 1)",
            "padLeft('a', 100000000)",
            "min('a')",
            "uniqueString('a')",
            "resourceId('Microsoft.A/b', 'c')",
            "listKeys('a', '2020-01-01')",
            "newGuid()",
            "equals('a')",
        ] {
            assert_eq!(folded(text), text);
        }
    }

    #[test]
    fn sizes_are_bounded() {
        let pattern = Value::from("{0}".repeat(1000));
        let long = Value::from("x".repeat(100_000));
        assert_eq!(fold_call("format", &[pattern, long.clone()]), None);
        assert_eq!(fold_call("replace", &[long.clone(), "x".into(), long.clone()]), None);
        let many = Value::Array(vec![Value::Int(1); 1000]);
        assert_eq!(fold_call("join", &[many, long]), None);
    }
}
