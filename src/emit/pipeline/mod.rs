//! Pipelines: findings as annotations on pull requests; on the main branch the artefacts, and from them a deployment and the
//! builds, an environment after the other, with a federated identity.
//!
//! They hold no secret and ask for none: who deploys is known by workload identity federation. What they run are the
//! commands of aib and the script of [`deploy`](super::deploy).

mod azure;
mod github;

use super::backend::{Artifact, Context, EmitError};
use super::deploy;
use crate::check::{Node, Program};
use crate::plan;

/// Whose pipelines.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Service {
    /// GitHub Actions
    #[default]
    Github,
    /// Azure Pipelines
    AzureDevops,
}

/// Where a pipeline deploys to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Environment {
    /// Its name, as the service knows it: `prod`.
    pub name: String,
    /// The file with its values of parameters, seen from the root of the repository.
    pub params: Option<String>,
}

/// The environment of a pipeline that is told of none.
const DEFAULT_ENVIRONMENT: &str = "production";
/// The minutes of a build that states no timeout: virtual-machines/linux/image-builder-json, `buildTimeoutInMinutes`.
const DEFAULT_MINUTES: i64 = 240;
/// What comes to the builds of a wave: the deployment, and the service's own preparation.
const EXTRA_MINUTES: i64 = 30;

/// What a pipeline is made of.
struct Facts<'a> {
    name: &'a str,
    /// The source, seen from the root of the repository.
    source: &'a str,
    environments: Vec<Environment>,
    /// How long a deployment with its builds may take.
    minutes: i64,
    /// Whether the template grants the roles.
    together: bool,
}

/// The pipeline of a program; nothing for one without images.
pub(super) fn files(context: &Context<'_>) -> Result<Vec<Artifact>, Vec<EmitError>> {
    let program: &Program = &context.plan.program;
    if program.deployed("image").next().is_none() {
        return Ok(Vec::new());
    }
    let default = || vec![Environment { name: DEFAULT_ENVIRONMENT.to_owned(), params: None }];
    let facts = Facts {
        name: context.stem,
        source: context.path,
        environments: match context.environments {
            [] => default(),
            stated => stated.to_vec(),
        },
        minutes: minutes(program),
        together: context.together,
    };
    // The script that the pipeline runs has to name the image templates.
    if facts.environments.iter().any(|environment| environment.params.is_none()) {
        deploy::names(context)?;
    }
    let (suffix, text) = match context.service {
        Service::Github => ("github.yml", github::workflow(&facts)),
        Service::AzureDevops => ("azure-pipelines.yml", azure::pipeline(&facts)),
    };
    Ok(vec![Artifact { name: format!("{}.{suffix}", context.stem), text }])
}

/// How long all builds may take, one chain after the other.
fn minutes(program: &Program) -> i64 {
    let chain = plan::chain(program);
    let stated = |id| {
        let image = program.resource(id)?;
        image
            .body
            .at("properties.buildTimeoutInMinutes")
            .and_then(Node::as_int)
            .filter(|minutes| *minutes > 0)
    };
    // The longest of each wave would do; that of each image that others are built from, and the longest of all, is no less.
    let own = |id| stated(id).unwrap_or(DEFAULT_MINUTES) + EXTRA_MINUTES;
    let before: std::collections::BTreeSet<_> = chain.values().flatten().copied().collect();
    let longest = program.deployed("image").map(|(id, _)| own(id)).max().unwrap_or(DEFAULT_MINUTES);
    longest + before.into_iter().map(own).sum::<i64>()
}

/// A text as YAML takes it literally: JSON's strings are YAML's.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A name as a part of an identifier: letters, digits and `_`.
fn identifier(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}
