//! Two inputs, sources or templates, to the difference of what they deploy.

use super::document;
use super::pipeline::{Input, Outcome, Request, run};
use super::shown::Cwd;
use super::unusable::Unusable;
use super::workers::with_deep_stack;
use crate::base::SourceFile;
use crate::check::{Given, Program};
use crate::diag::{Gate, code};
use crate::diff::{self, Deployment, Difference, GivenTo, Side};
use crate::emit::Emit;
use crate::json;
use crate::plan::{self, Roles};

/// What is to be compared.
#[derive(Clone, Debug)]
pub struct Versus {
    /// What is deployed now.
    pub old: Input,
    /// What would be deployed.
    pub new: Input,
    /// Values of parameters, for each side that has the parameter.
    pub given: Vec<Given>,
    /// The API version for image templates that state none, of sources.
    pub api_version: Option<String>,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Comparison {
    /// The names of both sides as shown.
    pub names: (String, String),
    /// The difference; nothing if a side could not be read or has errors.
    pub difference: Option<Difference>,
    /// What was found in sources.
    pub outcomes: Vec<Outcome>,
    /// What could not be used at all.
    pub unusable: Vec<Unusable>,
}

/// Compares what two inputs deploy.
pub fn compare(versus: &Versus) -> Comparison {
    with_deep_stack(|| match Cwd::get() {
        Ok(cwd) => compare_in(versus, &cwd),
        Err(unusable) => Comparison { unusable: vec![unusable], ..Comparison::default() },
    })
}

fn compare_in(versus: &Versus, cwd: &Cwd) -> Comparison {
    let mut out = Comparison::default();
    let old = side(&versus.old, versus, cwd, &mut out);
    let new = side(&versus.new, versus, cwd, &mut out);
    let name = |side: &Option<Read>, input: &Input| match (side, input) {
        (Some(side), _) => side.name.clone(),
        (None, Input::File(path) | Input::Json { path, .. }) => document::shown(path, cwd),
        (None, Input::Stdin) => super::entry::STDIN_NAME.to_owned(),
    };
    out.names = (name(&old, &versus.old), name(&new, &versus.new));
    let (Some(mut old), Some(mut new)) = (old, new) else { return out };
    // A value may be meant for one side only, but not for none.
    for given in &versus.given {
        if old.unknown.contains(&given.name) && new.unknown.contains(&given.name) {
            let title = format!("there is no parameter `{}` ({}) on either side", given.name, given.from);
            out.unusable.push(Unusable::new(title).help("leave it out"));
        }
    }
    if out.unusable.is_empty() {
        let (olds, news) = diff::other_defaults(&old.deployment, &new.deployment);
        if !olds.is_empty() {
            old.by_default = diff::read_with(&old.root, &old.given, &olds).ok();
            new.by_default = diff::read_with(&new.root, &new.given, &news).ok();
        }
        out.difference = Some(diff::compare(old.side(), new.side()));
    }
    out
}

/// A side that was read.
struct Read {
    name: String,
    /// The document, and the values that are given to it.
    root: json::Value,
    given: Vec<GivenTo>,
    deployment: Deployment,
    by_default: Option<Deployment>,
    /// The rights that it needs, of a source.
    roles: Option<Roles>,
    /// The given names that are no parameters of it.
    unknown: Vec<String>,
}

impl Read {
    fn side(&self) -> Side<'_> {
        let by_default = self.by_default.as_ref();
        Side { deployment: &self.deployment, by_default, roles: self.roles.as_ref() }
    }
}

fn side(input: &Input, versus: &Versus, cwd: &Cwd, out: &mut Comparison) -> Option<Read> {
    let read = if is_json(input) {
        document::text_of(input, cwd).and_then(|file| document_side(file, versus)).map_err(Some)
    } else {
        source_side(input, versus, out)
    };
    match read {
        Ok(read) => Some(read),
        Err(unusable) => {
            // A source with errors of the language has told them.
            out.unusable.extend(unusable);
            None
        }
    }
}

/// Whether an input is JSON, by its ending; standard input is a source.
fn is_json(input: &Input) -> bool {
    match input {
        Input::Stdin => false,
        Input::Json { .. } => true,
        Input::File(path) => path
            .extension()
            .is_some_and(|ending| ["json", "jsonc"].iter().any(|known| ending.eq_ignore_ascii_case(known))),
    }
}

fn document_side(file: SourceFile, versus: &Versus) -> Result<Read, Unusable> {
    let json = document::parse(file)?;
    let given: Vec<GivenTo> = versus
        .given
        .iter()
        .map(|given| GivenTo { name: given.name.clone(), value: given.value.clone() })
        .collect();
    let name = json.file.name().to_owned();
    let deployment = diff::read(&json.root, &given).map_err(|why| {
        Unusable::new(format!("`{name}` is neither a template nor a resource: {why}"))
            .help("name a deployment template, the body of an image template, or an .aib file")
    })?;
    let unknown = deployment.unknown().to_vec();
    Ok(Read { name, root: json.root, given, deployment, by_default: None, roles: None, unknown })
}

/// A source as the template that it builds, and the rights that it needs.
fn source_side(input: &Input, versus: &Versus, out: &mut Comparison) -> Result<Read, Option<Unusable>> {
    let (outcome, unknown) = checked(input, versus);
    let read = outcome.entries.first().and_then(|entry| {
        let (artifacts, program) = (entry.artifacts.as_ref()?, entry.program.as_deref()?);
        let template = artifacts.iter().find(|artifact| artifact.name == entry.template)?;
        Some((entry.path.clone(), template.text.clone(), roles_of(program)))
    });
    out.outcomes.push(outcome);
    let Some((name, text, roles)) = read else { return Err(None) };
    let json = document::parse(SourceFile::new(name.as_str(), text)).map_err(Some)?;
    let deployment = diff::read(&json.root, &[])
        .map_err(|why| Some(Unusable::new(format!("`{name}` builds what can't be read: {why}"))))?;
    let (root, roles) = (json.root, Some(roles));
    Ok(Read { name, root, given: Vec::new(), deployment, by_default: None, roles, unknown })
}

fn roles_of(program: &Program) -> Roles {
    plan::roles(&plan::build(program).program)
}

/// Runs the pipeline, without the values that are no parameters of this source; those are told.
fn checked(input: &Input, versus: &Versus) -> (Outcome, Vec<String>) {
    let request = |given: Vec<Given>| Request {
        inputs: vec![input.clone()],
        given,
        api_version: versus.api_version.clone(),
        emit: vec![Emit::Arm],
        // What Azure would refuse can be compared; the errors are told.
        gate: Gate::Permissive,
        programs: true,
        ..Request::default()
    };
    let outcome = run(&request(versus.given.clone()));
    let said = outcome.diagnostics.iter().filter(|d| d.code == &code::UNKNOWN_PARAMETER);
    let titles: Vec<&str> = said.map(|d| d.title.as_str()).collect();
    let is_unknown = |given: &&Given| {
        titles.iter().any(|title| title.ends_with(&format!("`{}` ({})", given.name, given.from)))
    };
    let unknown: Vec<String> =
        versus.given.iter().filter(is_unknown).map(|given| given.name.clone()).collect();
    // What came from a pipe can't be read again.
    if unknown.is_empty() || *input == Input::Stdin {
        return (outcome, Vec::new());
    }
    let known = versus.given.iter().filter(|given| !unknown.contains(&given.name)).cloned();
    (run(&request(known.collect())), unknown)
}
