//! A checked program to the text of its template, beside printing the same JSON.

use std::path::Path;
use std::sync::Arc;

use aib::base::{FileId, SourceMap};
use aib::check::{self, Program};
use aib::diag::{Gate, Sink};
use aib::emit::{self, Emit};
use aib::resolve::{LoadError, Modules, std_module};
use aib::syntax::{self, Parsed};
use serde_json::Value;

use super::measure::{Case, Result, compare};

pub(crate) fn run() -> Result<()> {
    let files = Files::read(&["main.aib", "team.aib"])?;
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

fn emit(program: &Program) -> Result<Vec<String>> {
    let made = emit::emit(&[Emit::Arm], program, &SourceMap::default(), "main", &emit::Options::default());
    let made = made.map_err(|errors| errors.into_iter().map(|e| e.title).collect::<Vec<_>>().join(", "))?;
    Ok(made.into_iter().map(|artifact| artifact.text).collect())
}

/// The files of the typical example, parsed.
struct Files(Vec<(String, Parsed)>);

impl Files {
    fn read(names: &[&str]) -> Result<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/examples/typical");
        let mut texts = Vec::new();
        for name in names {
            texts.push((format!("./{name}"), std::fs::read_to_string(folder.join(name))?));
        }
        let module = std_module("std/marketplace").ok_or("std/marketplace is gone")?;
        texts.push((module.path.to_string(), module.text.to_string()));
        let parsed =
            texts.into_iter().zip(0..).map(|((name, text), id)| (name, syntax::parse(FileId(id), &text)));
        Ok(Self(parsed.collect()))
    }

    fn program(&self) -> Result<Program> {
        let mut sink = Sink::new();
        let program = check::check(FileId(0), self, &check::Options::default(), &mut sink);
        if sink.is_clean(Gate::Strict) { Ok(program) } else { Err("the typical example has errors".into()) }
    }
}

impl Modules for Files {
    fn parsed(&self, file: FileId) -> Option<&Parsed> {
        self.0.get(file.index()).map(|(_, parsed)| parsed)
    }

    fn import(&self, _: FileId, path: &str) -> std::result::Result<FileId, LoadError> {
        let found = self.0.iter().find(|(name, _)| name == path);
        found.map(|(_, parsed)| parsed.file).ok_or_else(|| LoadError::NotFound(path.to_string()))
    }

    fn text(&self, _: FileId, path: &str) -> std::result::Result<Arc<str>, LoadError> {
        Err(LoadError::NotFound(path.to_string()))
    }
}
