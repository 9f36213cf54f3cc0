//! `aib build`

use std::collections::HashSet;
use std::path::{Component, Path};

use super::{inputs, tell};
use crate::analysis::{self, Outcome, Request};
use crate::arm::Deployment;
use crate::cli::args::{Build, PipelineService, ScriptShell};
use crate::cli::exit::Exit;
use crate::cli::failure::{self, Failure};
use crate::cli::terminal::Terminal;
use crate::cli::write::{self, Target};
use crate::diag::Gate;
use crate::emit::{self, Artifact, Emit};

pub(super) fn run(args: &Build, terminal: &Terminal) -> Result<Exit, Failure> {
    let to_stdout = args.stdout || args.out == Path::new("-");
    if to_stdout && args.findings.for_programs() {
        return Err(failure::two_on_stdout());
    }
    let Some(given) = inputs::given_or_told(&args.values, terminal) else { return Ok(Exit::Unusable) };
    let outcome = analysis::run(&Request {
        inputs: args.files.iter().map(|path| inputs::file(path)).collect(),
        given,
        api_version: args.values.api_version.clone(),
        levels: args.findings.levels.clone(),
        emit: args.emit.clone(),
        gate: if args.permissive { Gate::Permissive } else { Gate::Strict },
        options: emit::Options {
            deployment: Deployment {
                subscription: args.subscription.clone(),
                resource_group: args.resource_group.clone(),
            },
            together: args.together,
            shell: match args.shell {
                ScriptShell::Bash => emit::Shell::Bash,
                ScriptShell::Pwsh => emit::Shell::Pwsh,
            },
            service: match args.service {
                PipelineService::Github => emit::Service::Github,
                PipelineService::AzureDevops => emit::Service::AzureDevops,
            },
            environments: args.environments.clone(),
            path: None,
        },
        ..Request::default()
    });
    let exit = tell::outcome(&outcome, &args.findings, terminal)?;
    let written = outcome.entries.iter().all(|entry| entry.artifacts.is_some());
    if exit == Exit::Unusable || !written || (exit == Exit::Findings && !args.permissive) {
        terminal.tell("nothing was written\n");
        return Ok(exit);
    }
    if exit == Exit::Findings {
        terminal.tell("written in spite of these errors, as `--permissive` asks: Azure would refuse it\n");
    }
    if to_stdout {
        terminal.artifact(&only_artifact(&outcome, &args.emit)?)?;
        return Ok(exit);
    }
    let artifacts: Vec<&Artifact> =
        outcome.entries.iter().filter_map(|e| e.artifacts.as_ref()).flatten().collect();
    check_names(&artifacts)?;
    let targets: Vec<Target<'_>> = artifacts.iter().map(|artifact| target(&args.out, artifact)).collect();
    let changed = write::write_all(&targets)?;
    terminal.tell(&summary(&targets, &changed));
    Ok(exit)
}

/// What `--stdout` writes: the template where only that form is asked for, an array of the raw bodies where they are
/// several, else the one artifact that there is.
fn only_artifact(outcome: &Outcome, forms: &[Emit]) -> Result<String, Failure> {
    let template_only = forms.iter().all(|form| *form == Emit::Arm);
    let all = outcome.entries.iter().flat_map(|entry| {
        let artifacts = entry.artifacts.iter().flatten();
        artifacts.filter(move |artifact| !template_only || artifact.name == entry.template)
    });
    let found: Vec<&Artifact> = all.collect();
    match found.as_slice() {
        [one] => Ok(one.text.clone()),
        many if !many.is_empty() && forms.iter().all(|form| *form == Emit::Image) => {
            let bodies: Vec<&str> = many.iter().map(|artifact| artifact.text.trim_end()).collect();
            Ok(format!("[\n{}\n]\n", bodies.join(",\n")))
        }
        other => {
            let names: Vec<&str> = other.iter().map(|artifact| artifact.name.as_str()).collect();
            Err(failure::not_one_artifact(&names))
        }
    }
}

/// Sees to it that every artifact has a place of its own below the folder, on file systems without case too.
fn check_names(artifacts: &[&Artifact]) -> Result<(), Failure> {
    let mut seen = HashSet::new();
    for artifact in artifacts {
        let path = Path::new(&artifact.name);
        if artifact.name.is_empty() || !path.components().all(|c| matches!(c, Component::Normal(_))) {
            return Err(failure::bad_artifact_name(&artifact.name));
        }
        if !seen.insert(artifact.name.to_lowercase()) {
            return Err(failure::same_artifact(&artifact.name));
        }
    }
    Ok(())
}

fn target<'a>(out: &Path, artifact: &'a Artifact) -> Target<'a> {
    let path = out.join(&artifact.name);
    let shown = path.display().to_string().replace('\\', "/");
    Target { path, shown, text: &artifact.text }
}

/// `wrote out/web.json, out/web.roles.json`, and what was already there.
fn summary(targets: &[Target<'_>], changed: &[bool]) -> String {
    let names = |wanted: bool| -> Vec<&str> {
        let these = targets.iter().zip(changed).filter(|(_, changed)| **changed == wanted);
        these.map(|(target, _)| target.shown.as_str()).collect()
    };
    let (wrote, kept) = (names(true), names(false));
    let mut text = String::new();
    if !wrote.is_empty() {
        text.push_str(&format!("wrote {}\n", wrote.join(", ")));
    }
    if !kept.is_empty() {
        text.push_str(&format!("unchanged: {}\n", kept.join(", ")));
    }
    if text.is_empty() {
        text.push_str("there is nothing to write\n");
    }
    text
}
