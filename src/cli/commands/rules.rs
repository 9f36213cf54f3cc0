//! `aib rules`

use serde_json::{Value, json};

use crate::base::plural;
use crate::cli::args::{Rules, TextOrJson};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::style::{CHANGED, QUIET, REMOVED, STRONG, paint};
use crate::cli::terminal::Terminal;
use crate::diag::{Applicability, CODES, Category, Class, Code, Severity};
use crate::lint::{Confidence, RuleMeta, is_advice, meta_of};

pub(super) fn run(args: &Rules, terminal: &Terminal) -> Result<Exit, Failure> {
    let wanted =
        |code: &&&Code| code.class() == Class::Target && args.category.is_none_or(|c| c == code.category);
    let rules: Vec<&Code> = CODES.iter().filter(wanted).copied().collect();
    terminal.print(&match args.format {
        TextOrJson::Human => table(&rules),
        TextOrJson::Json => {
            let list: Vec<Value> = rules.iter().map(|code| row(code)).collect();
            format!("{:#}\n", Value::Array(list))
        }
    })?;
    Ok(Exit::Clean)
}

/// The rules by category, one a line.
fn table(rules: &[&Code]) -> String {
    let width = rules.iter().map(|code| code.name.len()).max().unwrap_or_default();
    let mut text = String::new();
    for category in Category::ALL {
        let of_category: Vec<&&Code> = rules.iter().filter(|code| code.category == *category).collect();
        if of_category.is_empty() {
            continue;
        }
        text.push_str(&format!("{}\n", paint(STRONG, category.name())));
        for code in of_category {
            let severity = paint(style_of(code.severity), format!("{:<7}", code.severity.name()));
            let line = match notes(code).as_str() {
                "" => code.name.to_string(),
                notes => format!("{:<width$}  {}", code.name, paint(QUIET, notes)),
            };
            text.push_str(&format!("  {}  {severity}  {line}\n", code.id));
        }
        text.push('\n');
    }
    text.push_str(&format!(
        "{}; `aib explain NAME` tells of one, `[lints]` in aib.toml and --lint set levels\n",
        plural(rules.len(), "rule")
    ));
    text
}

fn style_of(severity: Severity) -> anstyle::Style {
    match severity {
        Severity::Error => REMOVED,
        Severity::Warning => CHANGED,
        Severity::Info => QUIET,
    }
}

/// What is not as with most rules: what is said only where asked for, what only holds almost always, and what can be mended by
/// `check --fix`.
fn notes(code: &Code) -> String {
    let likely = meta_of(code).is_some_and(|meta| meta.confidence == Confidence::Likely);
    let fix = match code.fix {
        Some(Applicability::Safe) => "--fix",
        Some(Applicability::Unsafe) => "--unsafe-fix",
        None => "",
    };
    let confidence = if likely { Confidence::Likely.name() } else { "" };
    let off = if is_advice(code) { "off" } else { "" };
    [off, confidence, fix].into_iter().filter(|note| !note.is_empty()).collect::<Vec<_>>().join("  ")
}

fn row(code: &Code) -> Value {
    let meta = meta_of(code);
    let confidence = meta.map_or(Confidence::Certain, |meta: &RuleMeta| meta.confidence);
    json!({
        "code": code.id,
        "name": code.name,
        "category": code.category.name(),
        "severity": code.severity.name(),
        "on": !is_advice(code),
        "confidence": confidence.name(),
        "fix": code.fix.map(Applicability::name),
        "evidence": meta.map(|meta| meta.evidence),
        "summary": code.summary(),
    })
}
