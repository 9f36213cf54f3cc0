//! What the rules cost, beside parsing and checking the same text.

use std::fs;
use std::sync::Arc;

use aib::base::{FileId, SourceFile, SourceMap};
use aib::check::Program;
use aib::diag::Sink;
use aib::lint::{self, Context, Rule};
use aib::{arm_json, json, syntax};

use super::files::Files;
use super::material::{COMPANY, collection, large_file};
use super::measure::{Case, Result, compare, medians, shown};

/// So many images come to some 5,000 lines.
const IMAGES: usize = 90;
/// The slowest rules that are named.
const NAMED: usize = 3;

pub(crate) fn run() -> Result<()> {
    over_sources()?;
    match collection() {
        Some(files) => {
            over_templates(&files.iter().map(fs::read_to_string).collect::<std::io::Result<Vec<_>>>()?)
        }
        None => {
            println!(
                "\nskipped: the rules over the collection of templates beside the project, which is not there"
            );
            Ok(())
        }
    }
}

fn over_sources() -> Result<()> {
    // ARM takes 64 outputs; rules look at none.
    let text: Vec<String> =
        large_file(IMAGES).lines().filter(|line| !line.starts_with("output ")).map(String::from).collect();
    let text = text.join("\n");
    let title = format!("the rules, over {} images in {} lines", IMAGES, text.lines().count());
    let texts = vec![("./main.aib".to_string(), text.clone()), ("./company.aib".to_string(), COMPANY.into())];
    let files = Files::of(texts, &["std/linux", "std/marketplace"])?;
    let program = files.program()?;
    let contexts = [Context::new(&program, &files.sources)];
    let parse = || Ok(syntax::parse(FileId(0), &text));
    let cases = vec![
        Case::new("syntax::parse", parse),
        Case::new("check::check: names, types, values", || files.program()),
        Case::new("what rules look at: the walk, the commands", || {
            Ok(Context::new(&program, &files.sources))
        }),
        Case::new("all rules", || raised(lint::ALL, &contexts)),
    ];
    compare(&title, 31, cases)?;
    slowest(Case::new("syntax::parse", parse), &contexts)
}

fn over_templates(texts: &[String]) -> Result<()> {
    let read = |text: &String| -> Result<(Program, SourceMap)> {
        let mut sources = SourceMap::default();
        let file = sources.add(Arc::new(SourceFile::new("template.json", text.as_str())));
        let document = json::read(file, text).map_err(|_| "a template of the collection is no JSON")?;
        let options = arm_json::Options::default();
        Ok((arm_json::read(file, text, &document, &options, &mut Sink::new()), sources))
    };
    let programs: Vec<(Program, SourceMap)> = texts.iter().map(read).collect::<Result<_>>()?;
    let contexts: Vec<_> = programs.iter().map(|(program, sources)| Context::new(program, sources)).collect();
    let parse = || Ok(texts.iter().map(|text| json::read(FileId(0), text)).collect::<Vec<_>>());
    let cases = vec![
        Case::new("json::read", parse),
        Case::new("json::read and arm_json::read: every value", || {
            texts.iter().map(read).collect::<Result<Vec<_>>>()
        }),
        Case::new("what rules look at: the walk, the commands", || {
            Ok(programs.iter().map(|(program, sources)| Context::new(program, sources)).collect::<Vec<_>>())
        }),
        Case::new("all rules", || raised(lint::ALL, &contexts)),
    ];
    compare(&format!("the rules, over a collection of {} templates of others", texts.len()), 31, cases)?;
    slowest(Case::new("json::read", parse), &contexts)
}

/// What rules say of programs.
fn raised(rules: &[&Rule], contexts: &[Context<'_>]) -> Result<Sink> {
    let mut sink = Sink::new();
    for context in contexts {
        rules.iter().for_each(|rule| (rule.check)(context, &mut sink));
    }
    Ok(sink)
}

/// Names the slowest rules, beside parsing.
fn slowest(parse: Case<'_>, contexts: &[Context<'_>]) -> Result<()> {
    let each = lint::ALL
        .iter()
        .map(|rule| Case::new(rule.meta.code.name, || raised(std::slice::from_ref(rule), contexts)));
    let medians = medians(31, std::iter::once(parse).chain(each).collect())?;
    let Some((parse, rules)) = medians.split_first() else { return Ok(()) };
    let mut slowest: Vec<_> = lint::ALL.iter().zip(rules).collect();
    slowest.sort_by_key(|(_, time)| std::cmp::Reverse(**time));
    println!("\nthe slowest of {} rules, beside parsing: no rule may cost more", slowest.len());
    for (rule, time) in slowest.iter().take(NAMED) {
        let ratio = time.as_secs_f64() / parse.as_secs_f64().max(1e-9);
        println!("  {:<46} {:>10}  x {ratio:.2}", rule.meta.code.name, shown(**time));
    }
    Ok(())
}
