//! `aib init`

use std::path::{Path, PathBuf};

use super::{inputs, tell};
use crate::analysis::{self, Request};
use crate::cli::args::{Findings, GalleryKind, Init, ProjectKind, ProjectPipeline};
use crate::cli::exit::Exit;
use crate::cli::failure::{self, Failure};
use crate::cli::terminal::Terminal;
use crate::cli::write::{self, Target};
use crate::emit::{self, Emit};

const LINUX: &str = include_str!("linux.aib");
const WINDOWS: &str = include_str!("windows.aib");
const AVD: &str = include_str!("avd.aib");
const POLICIES: &str = include_str!("policies.aib");
const CONFIG: &str = include_str!("aib.toml");
const EDITORS: &str = include_str!("editorconfig");
const TASKS: &str = include_str!("tasks.json");

/// The longest name: names of image templates take 64 characters, with what stands around it.
const MAX_NAME: usize = 32;

pub(super) fn run(args: &Init, terminal: &Terminal) -> Result<Exit, Failure> {
    let name = match &args.name {
        Some(name) => name.clone(),
        None => default_name(&args.folder, args.kind),
    };
    if !is_name(&name) {
        return Err(failure::bad_project_name(&name));
    }
    if args.kind == ProjectKind::Avd && args.gallery == GalleryKind::None {
        return Err(failure::avd_without_gallery());
    }
    let source = format!("{name}.aib");
    let files = [
        (source.clone(), image(args, &name)),
        ("policies.aib".to_owned(), POLICIES.to_owned()),
        ("aib.toml".to_owned(), CONFIG.replace("@NAME@", &name)),
        (".gitignore".to_owned(), "/out/\n".to_owned()),
        (".editorconfig".to_owned(), EDITORS.to_owned()),
        (".vscode/tasks.json".to_owned(), TASKS.to_owned()),
    ];
    let targets: Vec<Target<'_>> =
        files.iter().map(|(name, text)| target(&args.folder.join(name), text)).collect();
    let there: Vec<&str> = targets.iter().filter(|t| t.replaces()).map(|t| t.shown.as_str()).collect();
    if !there.is_empty() {
        return Err(failure::would_overwrite_project(&there));
    }
    write::write_all(&targets)?;
    let mut shown: Vec<String> = targets.iter().map(|target| target.shown.clone()).collect();
    if let Some(path) = pipeline(args, &source, terminal)? {
        shown.push(path);
    }
    terminal.tell(&format!(
        "wrote {}\n\nnext: aib check {1}, then aib build {1}\n",
        shown.join(", "),
        folder(&args.folder, &source)
    ));
    Ok(Exit::Clean)
}

/// Writes the pipeline of the source that was written; its path as shown.
fn pipeline(args: &Init, source: &str, terminal: &Terminal) -> Result<Option<String>, Failure> {
    let service = match args.pipeline {
        ProjectPipeline::None => return Ok(None),
        ProjectPipeline::Github => emit::Service::Github,
        ProjectPipeline::AzureDevops => emit::Service::AzureDevops,
    };
    let outcome = analysis::run(&Request {
        inputs: vec![inputs::file(&args.folder.join(source))],
        emit: vec![Emit::Pipeline],
        options: emit::Options { service, path: Some(source.to_owned()), ..emit::Options::default() },
        ..Request::default()
    });
    let artifact = outcome.entries.first().and_then(|entry| entry.artifacts.as_ref()?.first().cloned());
    let Some(artifact) = artifact else {
        tell::outcome(&outcome, &Findings::default(), terminal)?;
        return Ok(None);
    };
    let place = match service {
        emit::Service::Github => ".github/workflows/images.yml",
        emit::Service::AzureDevops => "azure-pipelines.yml",
    };
    let target = target(&args.folder.join(place), &artifact.text);
    if target.replaces() {
        return Err(failure::would_overwrite_project(&[&target.shown]));
    }
    let shown = target.shown.clone();
    write::write_all(&[target])?;
    Ok(Some(shown))
}

fn target<'a>(path: &Path, text: &'a str) -> Target<'a> {
    let path: PathBuf = path.components().filter(|part| part.as_os_str() != ".").collect();
    let shown = path.display().to_string().replace('\\', "/");
    Target { path, shown, text }
}

fn folder(folder: &Path, file: &str) -> String {
    target(&folder.join(file), "").shown
}

/// The folder's name, if it is one for a project, else what the image is.
fn default_name(folder: &Path, kind: ProjectKind) -> String {
    let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let named = whole.file_name().map(|name| name.to_string_lossy().to_lowercase());
    let word = match kind {
        ProjectKind::Linux => "linux",
        ProjectKind::Windows => "windows",
        ProjectKind::Avd => "session-host",
    };
    named.filter(|name| is_name(name)).unwrap_or_else(|| word.to_owned())
}

fn is_name(name: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.ends_with('-')
        && !name.contains("--")
        && name.len() <= MAX_NAME
        && name.chars().all(is_plain)
        && name != "policies"
}

/// The source.
fn image(args: &Init, name: &str) -> String {
    let ident = name.replace('-', "_");
    let (text, os) = match args.kind {
        ProjectKind::Linux => (LINUX, "linux"),
        ProjectKind::Windows => (WINDOWS, "windows"),
        ProjectKind::Avd => (AVD, "windows"),
    };
    // The source of session hosts is made for Trusted Launch.
    let security = match args.kind {
        ProjectKind::Avd => "\n    security = trusted_launch_supported",
        ProjectKind::Linux | ProjectKind::Windows => "",
    };
    let (gallery, wanted) = match args.gallery {
        GalleryKind::None => (String::new(), format!("managed_image \"img-{name}\"")),
        GalleryKind::New => (
            format!(
                "\ngallery images {{\n  name = \"{ident}_images\"\n  location = location\n\n  definition {ident} {{\n    name = \"{name}\"\n    os = {os}\n    generation = v2{security}\n    identifier = {{ publisher = \"Contoso\", offer = \"images\", sku = \"{name}\" }}\n  }}\n}}\n"
            ),
            format!(
                "gallery images.{ident} {{\n      regions = [location]\n      versioning = latest(major = 1)\n    }}"
            ),
        ),
        GalleryKind::Existing => (
            format!(
                "\n/// A gallery that there is: say where, and what the definition holds.\nexisting gallery images {{\n  name = \"contoso_images\"\n  resource_group = \"rg-images\"\n  location = location\n\n  definition {ident} {{\n    name = \"{name}\"\n    os = {os}\n    generation = v2{security}\n  }}\n}}\n"
            ),
            format!(
                "gallery images.{ident} {{\n      regions = [location]\n      versioning = latest(major = 1)\n    }}"
            ),
        ),
    };
    let what = match args.kind {
        ProjectKind::Linux => "A web server on Ubuntu",
        ProjectKind::Windows => "A web server on Windows Server",
        ProjectKind::Avd => "A session host for Azure Virtual Desktop",
    };
    let text = text
        .replace("@GALLERY@\n", &format!("{gallery}\n"))
        .replace("@TARGET@", &wanted)
        .replace("@IDENT@", &ident)
        .replace("@NAME@", name)
        .replace("@LOCATION@", &args.location);
    format!("/// {what}, to begin with.\n{text}")
}
