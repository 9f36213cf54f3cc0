//! A pipeline of Azure Pipelines.
//!
//! Source: learn.microsoft.com/azure/devops/pipelines/yaml-schema, and "AzureCLI@2".

use std::fmt::Write;

use super::{Environment, Facts, identifier, quoted};
use crate::emit::text::comment;

/// The pipeline.
pub(super) fn pipeline(facts: &Facts<'_>) -> String {
    let mut out = format!(
        "# Checks {} on pull requests; on main deploys its images and builds them. Written by aib: put it into the
# repository, make a pipeline of it, and change what you like. (For repositories in Azure Repos pull requests start a pipeline by
# a branch policy, not by `pr`.)
#
# For each environment set its service connection, which uses workload identity federation, and its resource group below. The
# connection's principal needs the role that `aib build --emit caller` writes. No secret is kept anywhere. A job that runs longer
# than an hour needs an agent of your own or a paid one.
trigger:
  branches:
    include: [main]
pr:
  branches:
    include: ['*']
pool:
  vmImage: ubuntu-latest
variables:
  aibVersion: {}
  source: {}
",
        comment(facts.source),
        quoted(env!("CARGO_PKG_VERSION")),
        quoted(facts.source),
    );
    for environment in &facts.environments {
        let id = identifier(&environment.name);
        let _ = write!(
            out,
            "  connection_{id}: {}\n  group_{id}: {}\n",
            quoted(&format!("azure-{}", environment.name)),
            quoted(&format!("rg-{}-{}", facts.name, environment.name))
        );
    }
    out.push_str(
        "stages:
  - stage: check
    jobs:
      - job: check
        steps:
          - checkout: self
          - script: |
              cargo install aib --locked --version \"$AIBVERSION\"
              echo \"##vso[task.prependpath]${CARGO_HOME:-$HOME/.cargo}/bin\"
            displayName: Install aib
          - script: aib check --format azure \"$SOURCE\"
            displayName: Check
",
    );
    for environment in &facts.environments {
        out.push_str(&build(environment, facts.together));
    }
    let _ = write!(
        out,
        "          - publish: out
            artifact: {}
            displayName: Publish the artefacts
",
        quoted(&format!("{}-images", facts.name))
    );
    let mut before = "check".to_owned();
    for environment in &facts.environments {
        let stage = format!("deploy_{}", identifier(&environment.name));
        out.push_str(&deploy(facts, environment, &stage, &before));
        before = stage;
    }
    out
}

/// The step that builds the artefacts of an environment.
fn build(environment: &Environment, together: bool) -> String {
    let params = environment.params.as_ref();
    let mut command = "aib build \"$SOURCE\" --emit deploy,caller --out \"out/$TO\"".to_owned();
    if params.is_some() {
        command.push_str(" --params \"$PARAMS\"");
    }
    if together {
        command.push_str(" --together");
    }
    let mut out = format!(
        "          - script: {command}\n            displayName: {}\n            env:\n              TO: {}\n",
        quoted(&format!("Build for {}", environment.name)),
        quoted(&environment.name)
    );
    if let Some(params) = params {
        let _ = writeln!(out, "              PARAMS: {}", quoted(params));
    }
    out
}

fn deploy(facts: &Facts<'_>, environment: &Environment, stage: &str, before: &str) -> String {
    let id = identifier(&environment.name);
    let roles = if facts.together { "" } else { " --no-roles" };
    format!(
        "  - stage: {stage}
    dependsOn: {before}
    condition: and(succeeded(), eq(variables['Build.SourceBranch'], 'refs/heads/main'), ne(variables['Build.Reason'], 'PullRequest'))
    jobs:
      - deployment: deploy_{id}
        environment: {}
        timeoutInMinutes: \"{}\"
        strategy:
          runOnce:
            deploy:
              steps:
                - download: current
                  artifact: {}
                - task: AzureCLI@2
                  displayName: Deploy and build
                  inputs:
                    azureSubscription: $(connection_{id})
                    scriptType: bash
                    scriptLocation: inlineScript
                    inlineScript: bash \"$PIPELINE_WORKSPACE/$NAME-images/$TO/$NAME.deploy.sh\" --resource-group \"$RESOURCE_GROUP\"{roles}
                  env:
                    NAME: {}
                    TO: {}
                    RESOURCE_GROUP: $(group_{id})
",
        quoted(&environment.name),
        facts.minutes,
        quoted(&format!("{}-images", facts.name)),
        quoted(facts.name),
        quoted(&environment.name),
    )
}
