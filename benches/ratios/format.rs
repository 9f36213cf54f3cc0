//! Formatting, beside the parsing that it begins with.

use aib::base::FileId;
use aib::{fmt, syntax};

use super::material::entry;
use super::measure::{Case, Result, compare, growth, rate};

pub(crate) fn run() -> Result<()> {
    let unit: String = (0..100).map(entry).collect();
    let cases = vec![
        Case::new("syntax::parse", || Ok(syntax::parse(FileId(0), &unit))),
        Case::new("fmt::format, which parses before and after", || format(&unit)),
    ];
    let medians = compare("format, images of an organisation", 41, cases)?;
    if let [parse, format] = medians.as_slice() {
        println!("  {:.1} MB/s, the parser {:.1} MB/s", rate(unit.len(), *format), rate(unit.len(), *parse));
    }
    let texts: Vec<(usize, String)> = [1, 2, 4, 8].map(|times| (times, unit.repeat(times))).into();
    let cases = texts.iter().map(|(times, text)| {
        let name = format!("{:.2} MB", text.len() as f64 / 1e6);
        (*times as f64, Case::new(name, move || format(text)))
    });
    growth("format, one larger file", 15, cases.collect())
}

fn format(text: &str) -> Result<String> {
    let formatted = fmt::format(text);
    if formatted.text.is_empty() { Err("nothing came out".into()) } else { Ok(formatted.text) }
}
