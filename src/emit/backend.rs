//! The forms in which a program can leave, and what they have in common.

use super::deploy::{self, Shell};
use super::limits::too_large;
use super::pipeline::{Environment, Service};
use super::roles::Granted;
use super::text::clip;
use super::{arm, image, map_file, params, pipeline, role_files, roles};
use std::collections::HashSet;
use std::sync::Arc;

use crate::arm::{Deployment, print_template};
use crate::base::{SourceMap, Span};
use crate::check::{NodeKind, Program, Resource, ResourceId};
use crate::plan::{self, Json, Plan, Roles};

/// A form in which a program can leave.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Emit {
    /// The deployment template and the template of its roles.
    Arm,
    /// One raw body an image.
    Image,
    /// One file a custom role.
    Roles,
    /// The role of whoever deploys and builds.
    Caller,
    /// A parameters file.
    Params,
    /// A map from places in the deployment template to the source.
    Map,
    /// The deployment templates, and a script that brings them to Azure and builds the images.
    Deploy,
    /// A pipeline that checks, deploys and builds.
    Pipeline,
}

/// A file to be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Artifact {
    /// Its name, relative to the folder of the output.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// What keeps a program from being written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// A value is not known early enough.
    Unknown,
    /// Resources wait for one another.
    Ring,
    /// A template would be larger than Azure takes.
    Limit,
}

/// Why something could not be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EmitError {
    /// Of which kind it is.
    pub fault: Fault,
    /// What is wrong, on one line.
    pub title: String,
    /// Where.
    pub span: Span,
    /// What is to be seen there.
    pub label: String,
    /// The places that caused it, and what they are.
    pub causes: Vec<(String, Span)>,
    /// What to do.
    pub help: String,
}

/// What else an emission is told.
#[derive(Clone, Default, Debug)]
pub struct Options {
    /// Where it is deployed to, as far as that is known.
    pub deployment: Deployment,
    /// Whether the roles stand in the template itself, before the images that need them.
    pub together: bool,
    /// The language of the script that deploys.
    pub shell: Shell,
    /// Whose pipelines.
    pub service: Service,
    /// Where a pipeline deploys to, in this order; one, `production`, if there is none.
    pub environments: Vec<Environment>,
    /// The path of the entry file as a pipeline names it; as shown, if there is none.
    pub path: Option<String>,
}

/// Everything a backend may read.
pub(super) struct Context<'a> {
    pub(super) plan: &'a Plan<'a>,
    /// The files that the program was read from.
    pub(super) sources: &'a SourceMap,
    /// The name of the source without its ending.
    pub(super) stem: &'a str,
    pub(super) deployment: &'a Deployment,
    pub(super) together: bool,
    pub(super) shell: Shell,
    pub(super) service: Service,
    pub(super) environments: &'a [Environment],
    pub(super) path: &'a str,
    pub(super) roles: &'a Roles,
}

/// A row of [`BACKENDS`].
#[derive(Debug)]
pub struct Backend {
    /// The form.
    pub kind: Emit,
    /// Its name on the command line.
    pub name: &'static str,
    /// What its files' names end in.
    pub suffix: &'static str,
    /// What it writes.
    pub doc: &'static str,
    run: fn(&Context<'_>) -> Result<Vec<Artifact>, Vec<EmitError>>,
}

/// All forms.
pub static BACKENDS: &[Backend] = &[
    Backend {
        kind: Emit::Arm,
        name: "arm",
        suffix: ".json",
        doc: "an ARM deployment template, and one with the role definitions and assignments that it needs",
        run: write_arm,
    },
    Backend {
        kind: Emit::Image,
        name: "image",
        suffix: ".image.json",
        doc: "one raw body an image, for the REST API and `az image builder create`",
        run: image::files,
    },
    Backend {
        kind: Emit::Roles,
        name: "roles",
        suffix: ".role.json",
        doc: "one file a custom role, for `az role definition create`",
        run: |context| Ok(role_files::files(context, context.roles)),
    },
    Backend {
        kind: Emit::Caller,
        name: "caller",
        suffix: ".caller.json",
        doc: "an ARM template with the role of whoever deploys and builds, and one file a role",
        run: |context| Ok(write_caller(context)),
    },
    Backend {
        kind: Emit::Params,
        name: "params",
        suffix: ".parameters.json",
        doc: "a parameters file with the defaults, to be filled in",
        run: |context| Ok(vec![context.file(".parameters.json", &params::file(context.plan))]),
    },
    Backend {
        kind: Emit::Map,
        name: "map",
        suffix: ".map.json",
        doc: "a map from places in the template to the source, for `aib locate`",
        run: |context| Ok(vec![context.file(".map.json", &map_file::file(context))]),
    },
    Backend {
        kind: Emit::Deploy,
        name: "deploy",
        suffix: ".deploy.sh",
        doc: "the form `arm`, and a script that deploys it, starts the builds and waits for them",
        run: deploy::files,
    },
    Backend {
        kind: Emit::Pipeline,
        name: "pipeline",
        suffix: ".github.yml",
        doc: "a pipeline that checks pull requests, and deploys and builds on main",
        run: pipeline::files,
    },
];

/// Writes a program in the given forms, each once, in the order of [`BACKENDS`]; all errors at once.
pub fn emit(
    kinds: &[Emit],
    program: &Program,
    sources: &SourceMap,
    stem: &str,
    options: &Options,
) -> Result<Vec<Artifact>, Vec<EmitError>> {
    let plan = plan::build(program);
    let roles = plan::roles(&plan.program);
    let context = Context {
        plan: &plan,
        sources,
        stem,
        deployment: &options.deployment,
        together: options.together,
        shell: options.shell,
        service: options.service,
        environments: &options.environments,
        path: options.path.as_deref().unwrap_or_default(),
        roles: &roles,
    };
    let mut artifacts = Vec::new();
    let mut errors: Vec<EmitError> = plan.unsettled.iter().map(|span| unsettled(*span)).collect();
    errors.extend(plan.rings.iter().filter_map(|ring| waiting_ring(program, ring)));
    // The script deploys the templates beside it.
    let wanted = |kind: Emit| kinds.contains(&kind) || (kind == Emit::Arm && kinds.contains(&Emit::Deploy));
    for backend in BACKENDS.iter().filter(|backend| wanted(backend.kind)) {
        match (backend.run)(&context) {
            Ok(files) => artifacts.extend(files),
            Err(faults) => errors.extend(faults),
        }
    }
    if errors.is_empty() { Ok(artifacts) } else { Err(errors) }
}

/// A content hash of nobody knows which image.
fn unsettled(span: Span) -> EmitError {
    EmitError {
        fault: Fault::Unknown,
        title: "two images with a content hash have the same name".to_owned(),
        span,
        label: "which of the two is meant here is not known".to_owned(),
        causes: Vec::new(),
        help: "write the declared name of the image before `${content_hash()}` in its `name`".to_owned(),
    }
}

/// Resources of which each waits for the next, and the last for the first.
fn waiting_ring(program: &Program, ring: &[ResourceId]) -> Option<EmitError> {
    let all: Vec<&Resource> = ring.iter().filter_map(|id| program.resource(*id)).collect();
    let first = all.first()?;
    let names: Vec<String> = all.iter().chain([first]).map(|r| format!("`{}`", r.declared)).collect();
    let nexts = all.iter().skip(1).zip(names.iter().skip(2));
    Some(EmitError {
        fault: Fault::Ring,
        title: format!("resources wait for one another: {}", names.join(" → ")),
        span: first.span,
        label: format!("it uses {}", names.get(1)?),
        causes: nexts.map(|(resource, next)| (format!("this one uses {next}"), resource.span)).collect(),
        help: "Azure makes a resource after those that it uses: take one of these uses away".to_owned(),
    })
}

fn write_arm(context: &Context<'_>) -> Result<Vec<Artifact>, Vec<EmitError>> {
    let mut templates = vec![(".json", context.template())];
    if !context.together {
        templates
            .push((".roles.json", roles::template(&context.plan.program, context.roles, &context.title())));
    }
    let errors: Vec<EmitError> =
        templates.iter().filter_map(|(_, template)| too_large(template, context.roles)).collect();
    if errors.is_empty() {
        Ok(templates.iter().map(|(suffix, template)| context.file(suffix, template)).collect())
    } else {
        Err(errors)
    }
}

/// The longest title of a file's roles.
const MAX_TITLE: usize = 100;
/// The template of a plan, seen from roles that are put into it.
fn around(plan: &Plan<'_>) -> roles::Around {
    let program = &plan.program;
    let symbols = program.symbols();
    let symbolic = program.is_symbolic();
    let mut taken: HashSet<String> =
        plan.variables.iter().map(|variable| variable.name.to_lowercase()).collect();
    taken.extend(symbols.iter().map(|symbol| symbol.to_lowercase()));
    let made = plan.resources.iter().filter_map(|planned| {
        let id = &program.resource(planned.id)?.id;
        let wait = match (symbolic, &id.kind) {
            (true, _) => Json::str(Arc::clone(symbols.get(planned.id.0 as usize)?)),
            (false, NodeKind::Expr(expr)) => Json::str(print_template(expr, &|_| None)),
            (false, _) => return None,
        };
        Some((plan::place(program, planned.id)?.key(), wait))
    });
    let made = made.collect();
    roles::Around { taken, symbolic, made }
}

fn write_caller(context: &Context<'_>) -> Vec<Artifact> {
    let granted = context.together.then_some(context.roles);
    let caller = plan::caller(&context.plan.program, granted);
    if caller.grants.is_empty() {
        return Vec::new();
    }
    let template = roles::template(&context.plan.program, &caller, &format!("{}-caller", context.title()));
    let mut files = vec![context.file(".caller.json", &template)];
    files.extend(role_files::files(context, &caller));
    files
}

impl Context<'_> {
    /// The deployment template.
    pub(super) fn template(&self) -> Json {
        arm::template(self.plan, if self.together { self.granted() } else { Granted::default() })
    }

    /// What tells the roles of this file from those of others: its name, and those of its images.
    pub(super) fn title(&self) -> String {
        let images = self.plan.program.deployed("image").map(|(_, image)| image.declared.to_string());
        let images = images.collect::<Vec<_>>().join(",");
        match images == self.stem || images.is_empty() {
            true => self.stem.to_owned(),
            false => clip(&format!("{}/{images}", self.stem), MAX_TITLE),
        }
    }

    /// The roles as parts of the template.
    pub(super) fn granted(&self) -> Granted {
        roles::granted(&self.plan.program, self.roles, &self.title(), &around(self.plan))
    }

    /// The file of this program with this ending.
    pub(super) fn file(&self, suffix: &str, json: &Json) -> Artifact {
        Artifact { name: format!("{}{suffix}", self.stem), text: json.pretty() }
    }
}
