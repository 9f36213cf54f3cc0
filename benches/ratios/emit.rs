//! A checked program to the text of its template, beside printing the same JSON.

use std::path::Path;

use aib::base::SourceMap;
use aib::check::Program;
use aib::emit::{self, Emit};
use serde_json::Value;

use super::files::Files;
use super::measure::{Case, Result, compare};

pub(crate) fn run() -> Result<()> {
    let files = typical()?;
    let program = files.program()?;
    let text = emit(&program)?;
    let values: Vec<Value> =
        text.iter().map(|text| serde_json::from_str(text)).collect::<std::result::Result<_, _>>()?;
    let print = || -> Result<Vec<String>> {
        Ok(values.iter().map(serde_json::to_string_pretty).collect::<std::result::Result<_, _>>()?)
    };
    let cases = vec![
        Case::new("serde_json: print the same JSON", print),
        Case::new("emit::emit: plan, roles, template", || emit(&program)),
        Case::new("check::check", || files.program()),
    ];
    compare("the typical template, from its tree on", 301, cases)?;
    Ok(())
}

/// The files of the typical example, parsed.
fn typical() -> Result<Files> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/examples/typical");
    let read = |name: &str| -> Result<(String, String)> {
        Ok((format!("./{name}"), std::fs::read_to_string(folder.join(name))?))
    };
    Files::of(vec![read("main.aib")?, read("team.aib")?], &["std/marketplace"])
}

fn emit(program: &Program) -> Result<Vec<String>> {
    let made =
        emit::emit(&[Emit::Arm], program, &SourceMap::default(), "main", &aib::emit::Options::default());
    let made = made.map_err(|errors| errors.into_iter().map(|e| e.title).collect::<Vec<_>>().join(", "))?;
    Ok(made.into_iter().map(|artifact| artifact.text).collect())
}
