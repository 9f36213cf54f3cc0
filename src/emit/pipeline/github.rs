//! A workflow of GitHub Actions.
//!
//! Source: docs.github.com, "Workflow syntax for GitHub Actions" and "Configuring OpenID Connect in Azure".

use std::fmt::Write;

use super::{Environment, Facts, identifier, quoted};
use crate::emit::text::comment;

/// The longest that a job may run on the runners of GitHub: docs.github.com, "Usage limits".
const MOST_MINUTES: i64 = 360;
/// Actions, each at a commit: a tag can be moved.
const CHECKOUT: &str = "actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2";
const UPLOAD: &str = "actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2";
const DOWNLOAD: &str = "actions/download-artifact@d3f86a106a0bac45b974a628896c90dbdf5c8093 # v4.3.0";
const LOGIN: &str = "azure/login@a457da9ea143d694b1b9c7c869ebb04ebe844ef5 # v2.3.0";

/// The workflow.
pub(super) fn workflow(facts: &Facts<'_>) -> String {
    let name = facts.name;
    let mut out = format!(
        "# Checks {} on pull requests; on main deploys its images and builds them. Written by aib: put it into
# .github/workflows/ and change what you like.
#
# Each environment needs the variables AZURE_CLIENT_ID, AZURE_TENANT_ID, AZURE_SUBSCRIPTION_ID and AZURE_RESOURCE_GROUP.
# The client is trusted by a federated credential for `repo:OWNER/REPOSITORY:environment:NAME`, and needs the role that
# `aib build --emit caller` writes. No secret is kept anywhere.
name: {}
on:
  pull_request:
  push:
    branches: [main]
  workflow_dispatch:
permissions:
  contents: read
concurrency:
  group: {}
  cancel-in-progress: ${{{{ github.event_name == 'pull_request' }}}}
env:
  AIB_VERSION: {}
  SOURCE: {}
jobs:
  check:
    name: Check and build the templates
    runs-on: ubuntu-latest
    timeout-minutes: 30
    steps:
      - uses: {CHECKOUT}
        with:
          persist-credentials: false
      - name: Install aib
        run: cargo install aib --locked --version \"$AIB_VERSION\"
      - name: Check
        run: aib check --format github \"$SOURCE\"
",
        comment(facts.source),
        quoted(&format!("{name} images")),
        quoted(&format!("{name}-images-${{{{ github.ref }}}}")),
        quoted(env!("CARGO_PKG_VERSION")),
        quoted(facts.source),
    );
    for environment in &facts.environments {
        out.push_str(&build(environment, facts.together));
    }
    let _ = write!(
        out,
        "      - uses: {UPLOAD}
        with:
          name: {}
          path: out/
          if-no-files-found: error
",
        quoted(&format!("{name}-images"))
    );
    let mut before = "check".to_owned();
    for environment in &facts.environments {
        let job = format!("deploy_{}", identifier(&environment.name));
        out.push_str(&deploy(facts, environment, &job, &before));
        before = job;
    }
    out
}

/// The step that builds the artefacts of an environment.
fn build(environment: &Environment, together: bool) -> String {
    let params = environment.params.as_ref();
    let mut out = format!("      - name: {}\n", quoted(&format!("Build for {}", environment.name)));
    let mut command = "aib build \"$SOURCE\" --emit deploy,caller --out \"out/$TO\"".to_owned();
    if params.is_some() {
        command.push_str(" --params \"$PARAMS\"");
    }
    if together {
        command.push_str(" --together");
    }
    let _ =
        writeln!(out, "        run: {command}\n        env:\n          TO: {}", quoted(&environment.name));
    if let Some(params) = params {
        let _ = writeln!(out, "          PARAMS: {}", quoted(params));
    }
    out
}

fn deploy(facts: &Facts<'_>, environment: &Environment, job: &str, before: &str) -> String {
    let roles = if facts.together { "" } else { " --no-roles" };
    format!(
        "
  {job}:
    name: {}
    needs: {before}
    if: github.ref == 'refs/heads/main' && github.event_name != 'pull_request'
    runs-on: ubuntu-latest
    timeout-minutes: {}
    environment: {}
    concurrency:
      group: {}
    permissions:
      contents: read
      id-token: write
    steps:
      - uses: {DOWNLOAD}
        with:
          name: {}
          path: out/
      - uses: {LOGIN}
        with:
          client-id: ${{{{ vars.AZURE_CLIENT_ID }}}}
          tenant-id: ${{{{ vars.AZURE_TENANT_ID }}}}
          subscription-id: ${{{{ vars.AZURE_SUBSCRIPTION_ID }}}}
      - name: Deploy and build
        run: bash \"out/$TO/$NAME.deploy.sh\" --resource-group \"$RESOURCE_GROUP\"{roles}
        env:
          NAME: {}
          TO: {}
          RESOURCE_GROUP: ${{{{ vars.AZURE_RESOURCE_GROUP }}}}
",
        quoted(&format!("Deploy to {}", environment.name)),
        facts.minutes.min(MOST_MINUTES),
        quoted(&environment.name),
        quoted(&format!("{}-{}", facts.name, environment.name)),
        quoted(&format!("{}-images", facts.name)),
        quoted(facts.name),
        quoted(&environment.name),
    )
}
