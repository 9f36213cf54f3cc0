//! Existing templates to source and back, beside reading the same JSON and printing it again.

use std::fs;
use std::path::{Path, PathBuf};

use aib::analysis::{self, Input, Request};
use aib::decompile::{Form, Options};
use aib::diag::Gate;
use aib::emit::Emit;
use serde_json::Value;

use super::material::{Folder, collection, large_file, write_workspace};
use super::measure::{Case, Result, compare, growth};

/// How many templates are made where there are none of others.
const TEMPLATES: usize = 200;

pub(crate) fn run() -> Result<()> {
    let folder = Folder::new("decompile")?;
    let made = made_templates(folder.path())?;
    there_and_back(&format!("{TEMPLATES} templates that aib wrote"), folder.path(), &made)?;
    match collection() {
        Some(mut files) => {
            files.retain(|path| {
                decompiled(std::slice::from_ref(path)).is_ok_and(|written| written.len() == 1)
            });
            let title = format!("a collection of {} templates of others", files.len());
            there_and_back(&title, folder.path(), &files)?;
        }
        None => println!("\nskipped: the collection of templates beside the project, which is not there"),
    }
    let mut large = Vec::new();
    for images in [15, 30, 60] {
        let source = folder.path().join(format!("large-{images}.aib"));
        fs::write(&source, large_file(images))?;
        let template = built(&[(source, Form::Template)])?.into_iter().next().ok_or("nothing was built")?;
        let path = folder.path().join(format!("large-{images}.json"));
        fs::write(&path, template)?;
        large.push((
            images as f64,
            Case::new(format!("{images} images"), move || decompiled(std::slice::from_ref(&path))),
        ));
    }
    growth("decompile, one larger template", 9, large)
}

/// Templates of single images, which this compiler makes.
fn made_templates(folder: &Path) -> Result<Vec<PathBuf>> {
    let sources = write_workspace(folder, TEMPLATES)?;
    let sources: Vec<_> = sources.into_iter().map(|path| (path, Form::Template)).collect();
    let mut out = Vec::new();
    for (number, text) in built(&sources)?.into_iter().enumerate() {
        let path = folder.join(format!("made-{number:04}.json"));
        fs::write(&path, text)?;
        out.push(path);
    }
    Ok(out)
}

fn there_and_back(title: &str, folder: &Path, templates: &[PathBuf]) -> Result<()> {
    let mut sources = Vec::new();
    for (number, (text, form)) in decompiled(templates)?.into_iter().enumerate() {
        let path = folder.join(format!("source-{number:04}.aib"));
        fs::write(&path, text)?;
        sources.push((path, form));
    }
    let texts = built(&sources)?;
    let values: Vec<Value> =
        texts.iter().map(|text| serde_json::from_str(text)).collect::<std::result::Result<_, _>>()?;
    let floor = || {
        let mut bytes = 0;
        for path in templates {
            bytes += fs::read(path)?.len();
        }
        for (text, value) in texts.iter().zip(&values) {
            serde_json::from_str::<Value>(text)?;
            bytes += serde_json::to_string_pretty(value)?.len();
        }
        Ok(bytes)
    };
    let both = || {
        decompiled(templates)?;
        built(&sources)
    };
    let cases = vec![
        Case::new("read the files, parse and print their JSON", floor),
        Case::new("decompile", || decompiled(templates)),
        Case::new("build --permissive of what came out", || built(&sources)),
        Case::new("decompile and build", both),
    ];
    compare(title, 9, cases)?;
    Ok(())
}

/// The sources of templates, and what each template is.
fn decompiled(templates: &[PathBuf]) -> Result<Vec<(String, Form)>> {
    let inputs: Vec<Input> = templates.iter().cloned().map(Input::File).collect();
    let (outcome, written) = analysis::decompile(&inputs, &Options::default());
    match outcome.unusable.first() {
        Some(fault) => Err(fault.title.clone().into()),
        None => Ok(written.into_iter().map(|file| (file.text, file.form)).collect()),
    }
}

/// The template or bodies of each source.
fn built(sources: &[(PathBuf, Form)]) -> Result<Vec<String>> {
    let mut out = Vec::new();
    for (form, emit) in [(Form::Template, Emit::Arm), (Form::Bodies, Emit::Image)] {
        let inputs = sources.iter().filter(|(_, of)| *of == form).map(|(path, _)| Input::File(path.clone()));
        let inputs: Vec<Input> = inputs.collect();
        let outcome = analysis::run(&Request {
            inputs,
            emit: vec![emit],
            gate: Gate::Permissive,
            ..Request::default()
        });
        for entry in outcome.entries {
            let artifacts = entry.artifacts.ok_or_else(|| format!("{} was not built", entry.path))?;
            let wanted = artifacts.into_iter().filter(|file| !file.name.ends_with(".roles.json"));
            out.extend(wanted.map(|file| file.text));
        }
    }
    Ok(out)
}
