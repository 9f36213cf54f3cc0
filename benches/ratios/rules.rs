//! What the rules cost, beside parsing and checking the same source.

use aib::base::FileId;
use aib::diag::Sink;
use aib::lint::{self, Context, Rule};
use aib::syntax;

use super::files::Files;
use super::material::{COMPANY, large_file};
use super::measure::{Case, Result, compare, shown};

/// So many images come to some 5,000 lines.
const IMAGES: usize = 90;
/// The slowest rules that are named.
const NAMED: usize = 3;

pub(crate) fn run() -> Result<()> {
    // ARM takes 64 outputs; rules look at none.
    let text: Vec<String> =
        large_file(IMAGES).lines().filter(|line| !line.starts_with("output ")).map(String::from).collect();
    let text = text.join("\n");
    let title = format!("the rules, over {} images in {} lines", IMAGES, text.lines().count());
    let texts = vec![("./main.aib".to_string(), text.clone()), ("./company.aib".to_string(), COMPANY.into())];
    let files = Files::of(texts, &["std/linux", "std/marketplace"])?;
    let program = files.program()?;
    let context = Context::new(&program, &files.sources);
    let all = |rules: &[&Rule]| -> Result<Sink> {
        let mut sink = Sink::new();
        rules.iter().for_each(|rule| (rule.check)(&context, &mut sink));
        Ok(sink)
    };
    let cases = vec![
        Case::new("syntax::parse", || Ok(syntax::parse(FileId(0), &text))),
        Case::new("check::check: names, types, values", || files.program()),
        Case::new("what rules look at: the walk, the commands", || {
            Ok(Context::new(&program, &files.sources))
        }),
        Case::new("all rules", || all(lint::ALL)),
    ];
    compare(&title, 31, cases)?;

    let parse = Case::new("syntax::parse", || Ok(syntax::parse(FileId(0), &text)));
    let all = &all;
    let each =
        lint::ALL.iter().map(|rule| Case::new(rule.meta.code.name, || all(std::slice::from_ref(rule))));
    let medians = super::measure::medians(31, std::iter::once(parse).chain(each).collect())?;
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
