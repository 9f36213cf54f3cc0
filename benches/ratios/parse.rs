//! Text to tree, beside reading JSON of the same size into values.

use aib::base::FileId;
use aib::syntax;
use serde_json::Value;

use super::material::entry;
use super::measure::{Case, Result, compare, growth, rate};

pub(crate) fn run() -> Result<()> {
    let unit: String = (0..100).map(entry).collect();
    let json = json_of_size(unit.len())?;
    let cases = vec![
        Case::new("serde_json: JSON of the same size to values", || {
            Ok(serde_json::from_str::<Value>(&json)?)
        }),
        Case::new("syntax::parse", || parse(&unit)),
    ];
    let medians = compare("parse, images of an organisation", 41, cases)?;
    if let [json, aib] = medians.as_slice() {
        println!("  {:.1} MB/s, JSON {:.1} MB/s", rate(unit.len(), *aib), rate(unit.len(), *json));
    }
    let texts: Vec<(usize, String)> = [1, 2, 4, 8].map(|times| (times, unit.repeat(times))).into();
    let cases = texts.iter().map(|(times, text)| {
        let name = format!("{:.2} MB", text.len() as f64 / 1e6);
        (*times as f64, Case::new(name, move || parse(text)))
    });
    growth("parse, one larger file", 15, cases.collect())
}

fn parse(text: &str) -> Result<syntax::Parsed> {
    let parsed = syntax::parse(FileId(0), text);
    match parsed.errors.first() {
        Some(error) => Err(error.title.clone().into()),
        None => Ok(parsed),
    }
}

/// A document of short members, as templates are.
fn json_of_size(bytes: usize) -> Result<String> {
    let member = |n: usize| serde_json::json!({ "name": format!("step-{n}"), "type": "Shell", "inline": ["apt-get update"] });
    let one = serde_json::to_string_pretty(&member(0))?.len();
    let all: Vec<Value> = (0..bytes / (one + 20) + 1).map(member).collect();
    Ok(serde_json::to_string_pretty(&all)?)
}
