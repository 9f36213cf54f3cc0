//! The script that brings a program to Azure: providers, roles, templates, builds, in this order.
//!
//! The body of the script is the same for all programs ([`BASH`], [`POWERSHELL`]); what is known of one stands before it as
//! variables. It names nothing that needs a secret, and grants nothing besides the templates.
//!
//! An image template can't be changed: Azure refuses to deploy one that is there, even the same. And what is built from an
//! image of the same file can be made only after that has been built. So the script deploys parts: what is no image
//! first, then each image for itself, in waves.

use std::collections::{BTreeMap, BTreeSet};

use super::arm;
use super::backend::{Artifact, Context, EmitError, Fault};
use super::roles::{self, Granted};
use super::text::{comment, slug};
use crate::arm::Value;
use crate::base::Span;
use crate::check::{Node, NodeKind, Program, Resource, ResourceId};
use crate::plan::{self, IMAGE_BUILDER_APP, Json, Principal};

/// The language of a script.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Shell {
    /// bash, from 3.2 on
    #[default]
    Bash,
    /// PowerShell, from 7.0 on
    Pwsh,
}

const BASH: &str = include_str!("deploy.sh");
const POWERSHELL: &str = include_str!("deploy.ps1");

/// The script, and the templates of the parts that it deploys.
pub(super) fn files(context: &Context<'_>) -> Result<Vec<Artifact>, Vec<EmitError>> {
    let program: &Program = &context.plan.program;
    let Some((_, first)) = program.deployed("image").next() else { return Ok(Vec::new()) };
    if program.is_symbolic() {
        return Err(vec![symbolic(first)]);
    }
    let names = names(context)?;
    let parts = parts(context, &names);
    let facts = Facts::of(context, &names, parts.base.as_ref());
    let (ending, text) = match context.shell {
        Shell::Bash => ("sh", bash(&facts)),
        Shell::Pwsh => ("ps1", powershell(&facts)),
    };
    let part = |name: &str, json: &Json| context.file(&format!(".parts/{name}.json"), json);
    let mut out = vec![Artifact { name: format!("{}.deploy.{ending}", context.stem), text }];
    out.extend(parts.base.map(|base| part("base", &base)));
    // Azure compares names of resources without case, as some file systems do those of files.
    out.extend(parts.images.iter().map(|(name, json)| part(&format!("image-{name}"), json)));
    Ok(out)
}

/// The names of the image templates.
pub(super) fn names(context: &Context<'_>) -> Result<BTreeMap<ResourceId, String>, Vec<EmitError>> {
    let mut names: BTreeMap<ResourceId, String> = BTreeMap::new();
    let mut errors = Vec::new();
    for (id, image) in context.plan.program.deployed("image") {
        match known(&image.name, context) {
            Some(name) => drop(names.insert(id, name)),
            None => errors.push(unknown_name(image)),
        }
    }
    if errors.is_empty() { Ok(names) } else { Err(errors) }
}

/// What is deployed for itself.
struct Parts {
    /// Everything that is no image and waits for none, and the roles if they stand in the template.
    base: Option<Json>,
    /// The images, each with its triggers and what waits for it.
    images: Vec<(String, Json)>,
}

fn parts(context: &Context<'_>, names: &BTreeMap<ResourceId, String>) -> Parts {
    let program: &Program = &context.plan.program;
    // What waits for something stands behind it: each goes to the last image that it waits for.
    let mut part_of: BTreeMap<ResourceId, ResourceId> = BTreeMap::new();
    for planned in &context.plan.resources {
        let Some(resource) = program.resource(planned.id) else { continue };
        let own = if names.contains_key(&planned.id) { Some(planned.id) } else { None };
        let parent = resource.parent.and_then(|parent| part_of.get(&parent).copied());
        let waited = planned.depends_on.iter().filter_map(|id| part_of.get(id).copied()).next_back();
        if let Some(image) = own.or(parent).or(waited) {
            part_of.insert(planned.id, image);
        }
    }
    let granted = match context.together {
        true => context.granted(),
        false => Granted::default(),
    };
    let has_roles = !granted.resources.is_empty();
    let in_base = |id: ResourceId| !part_of.contains_key(&id);
    let is_empty = !context.plan.resources.iter().any(|planned| in_base(planned.id));
    let base = (has_roles || !is_empty).then(|| arm::part(context.plan, &in_base, granted));
    let of = |(id, name): (&ResourceId, &String)| {
        let in_part = |other: ResourceId| part_of.get(&other) == Some(id);
        (name.clone(), arm::part(context.plan, &in_part, Granted::default()))
    };
    Parts { base, images: names.iter().map(of).collect() }
}

fn symbolic(image: &Resource) -> EmitError {
    EmitError {
        fault: Fault::Unknown,
        title: "a template of language version 2.0 can't be deployed in parts".to_owned(),
        span: image.span,
        label: "what is about this image may be asked for by its symbolic name".to_owned(),
        causes: Vec::new(),
        help: "leave `languageVersion` out, or deploy the template without the script".to_owned(),
    }
}

/// What a script has to know.
struct Facts<'a> {
    stem: &'a str,
    /// The region of the first image, if it is known: for a group that has to be made.
    location: String,
    providers: Vec<String>,
    features: Vec<&'static str>,
    /// The names of the image templates, in the order of the program.
    images: Vec<String>,
    /// The same, in waves: what is built from others comes after them.
    waves: Vec<Vec<String>>,
    /// Those whose builds the service starts.
    auto_run: Vec<String>,
    /// Those whose staging groups hold what they made.
    kept: Vec<String>,
    /// The parameters of the template, and of that of the roles.
    parameters: Vec<String>,
    base_parameters: Vec<String>,
    role_parameters: Vec<String>,
    has_roles: bool,
    together: bool,
    needs_service_principal: bool,
    has_base: bool,
}

impl<'a> Facts<'a> {
    fn of(context: &Context<'a>, names: &BTreeMap<ResourceId, String>, base: Option<&Json>) -> Self {
        let program: &Program = &context.plan.program;
        let of = |wanted: &dyn Fn(&Resource) -> bool| -> Vec<String> {
            let images = program.deployed("image").filter(|(_, image)| wanted(image));
            images.filter_map(|(id, _)| names.get(&id).cloned()).collect()
        };
        let text = |node: Option<&Node>| node.and_then(Node::as_str).map(|text| text.to_string());
        let has_roles = !context.together && !context.roles.grants.is_empty();
        let is_service = |grant: &plan::Grant| grant.principal == Principal::ImageBuilder;
        Self {
            stem: context.stem,
            location: program
                .deployed("image")
                .find_map(|(_, image)| text(image.body.get("location")))
                .unwrap_or_default(),
            providers: plan::providers(program).into_iter().map(|(name, _)| name).collect(),
            features: plan::features(program),
            images: of(&|_| true),
            waves: waves(context, names),
            auto_run: of(&|image| {
                text(image.body.at("properties.autoRun.state")).is_some_and(|state| state == "Enabled")
            }),
            kept: of(&keeps_what_it_made),
            parameters: context.plan.params.iter().map(|param| param.name.to_string()).collect(),
            base_parameters: keys(base.and_then(|base| base.get("parameters"))),
            role_parameters: match has_roles {
                true => keys(roles::template(program, context.roles, &context.title()).get("parameters")),
                false => Vec::new(),
            },
            has_roles,
            together: context.together && !context.roles.grants.is_empty(),
            needs_service_principal: context.roles.grants.iter().any(is_service),
            has_base: base.is_some(),
        }
    }
}

/// A name, if it is known before the deployment.
fn known(node: &Node, context: &Context<'_>) -> Option<String> {
    match &node.kind {
        NodeKind::Str(text) => Some(text.to_string()),
        NodeKind::Expr(expr) => match context.deployment.known(expr)? {
            Value::Str(text) => Some(text.to_string()),
            _ => None,
        },
        _ => None,
    }
}

fn unknown_name(image: &Resource) -> EmitError {
    EmitError {
        fault: Fault::Unknown,
        title: format!("the script can't name the image template `{}`", image.declared),
        span: name_span(image),
        label: "known only when it is deployed".to_owned(),
        causes: Vec::new(),
        help: "give the parameters that the name depends on with `--set`, or where it is deployed to with `--subscription` and `--resource-group`".to_owned(),
    }
}

fn name_span(image: &Resource) -> Span {
    if image.name.origin.span == Span::default() { image.span } else { image.name.origin.span }
}

/// Whether deleting the image template takes away what it made: a VHD at its default place.
fn keeps_what_it_made(image: &Resource) -> bool {
    image.targets().iter().any(|target| {
        let is_vhd = target.get("type").and_then(Node::as_str).is_some_and(|ty| &**ty == "VHD");
        is_vhd && target.get("uri").is_none()
    })
}

/// The images in waves: each comes after those that it is built from or waits for.
fn waves(context: &Context<'_>, names: &BTreeMap<ResourceId, String>) -> Vec<Vec<String>> {
    let mut before = plan::chain(&context.plan.program);
    for planned in context.plan.resources.iter().filter(|planned| names.contains_key(&planned.id)) {
        let images = planned.depends_on.iter().copied().filter(|id| names.contains_key(id));
        before.entry(planned.id).or_default().extend(images);
    }
    let mut done: BTreeSet<ResourceId> = BTreeSet::new();
    let mut open: Vec<ResourceId> = names.keys().copied().collect();
    let mut out = Vec::new();
    while !open.is_empty() {
        let ready =
            |id: &ResourceId| before.get(id).is_none_or(|from| from.iter().all(|id| done.contains(id)));
        let (wave, rest): (Vec<_>, Vec<_>) = open.iter().copied().partition(ready);
        // Images in a ring are an error of the checker.
        let wave = if wave.is_empty() { std::mem::take(&mut open) } else { wave };
        out.push(wave.iter().filter_map(|id| names.get(id).cloned()).collect());
        done.extend(wave);
        open = rest.into_iter().filter(|id| !done.contains(id)).collect();
    }
    out
}

fn keys(json: Option<&Json>) -> Vec<String> {
    match json {
        Some(Json::Object(members)) => members.iter().map(|(name, _)| name.to_string()).collect(),
        _ => Vec::new(),
    }
}

/// What the names of deployments begin with: they take 64 letters, digits, `-`, `_`, `.` and brackets.
fn deployment_name(stem: &str) -> String {
    slug(stem).chars().take(20).collect()
}

/// Text as bash takes it literally.
fn bash_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Text as PowerShell takes it literally; it takes curly quotes for quotes too.
fn powershell_quoted(text: &str) -> String {
    let mut out = String::from("'");
    for c in text.chars() {
        if matches!(c, '\'' | '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}') {
            out.push(c);
        }
        out.push(c);
    }
    out.push('\'');
    out
}

fn bash(facts: &Facts<'_>) -> String {
    let list = |items: &mut dyn Iterator<Item = &str>| -> String {
        let items: Vec<String> = items.map(bash_quoted).collect();
        format!("({})", items.join(" "))
    };
    let strings = |items: &[String]| list(&mut items.iter().map(String::as_str));
    let waves: Vec<String> = facts.waves.iter().map(|wave| wave.join(" ")).collect();
    let flag = |value: bool| u8::from(value);
    let head = [
        "#!/usr/bin/env bash".to_owned(),
        format!("# Deploys {} and builds its images. Written by aib; --help says how.", comment(facts.stem)),
        "set -euo pipefail".to_owned(),
        String::new(),
        format!("readonly NAME={}", bash_quoted(facts.stem)),
        "# What the names of deployments begin with.".to_owned(),
        format!("readonly DEPLOYMENT={}", bash_quoted(&deployment_name(facts.stem))),
        format!("readonly LOCATION={}", bash_quoted(&facts.location)),
        format!("readonly PROVIDERS={}", strings(&facts.providers)),
        format!("readonly FEATURES={}", list(&mut facts.features.iter().copied())),
        "# Image templates, in waves: each wave is built from those before it.".to_owned(),
        format!("readonly IMAGES={}", strings(&facts.images)),
        format!("readonly WAVES={}", strings(&waves)),
        "# Those whose builds the service starts, and those whose VHD goes with them.".to_owned(),
        format!("readonly AUTO_RUN={}", strings(&facts.auto_run)),
        format!("readonly KEPT={}", strings(&facts.kept)),
        format!("readonly PARAMETERS={}", strings(&facts.parameters)),
        format!("readonly BASE_PARAMETERS={}", strings(&facts.base_parameters)),
        format!("readonly ROLE_PARAMETERS={}", strings(&facts.role_parameters)),
        "# Whether roles are granted by a template of their own, or by the one of what is no image."
            .to_owned(),
        format!("readonly HAS_ROLES={}", flag(facts.has_roles)),
        format!("readonly TOGETHER={}", flag(facts.together)),
        format!("readonly HAS_BASE={}", flag(facts.has_base)),
        format!("readonly NEEDS_SERVICE_PRINCIPAL={}", flag(facts.needs_service_principal)),
        format!("readonly SERVICE_APP={IMAGE_BUILDER_APP}"),
    ];
    format!("{}\n{BASH}", head.join("\n"))
}

fn powershell(facts: &Facts<'_>) -> String {
    let list = |items: &mut dyn Iterator<Item = &str>| -> String {
        let items: Vec<String> = items.map(powershell_quoted).collect();
        format!("@({})", items.join(", "))
    };
    let strings = |items: &[String]| list(&mut items.iter().map(String::as_str));
    let waves: Vec<String> = facts.waves.iter().map(|wave| wave.join(" ")).collect();
    let flag = |value: bool| if value { "$true" } else { "$false" };
    let (params, body) = POWERSHELL.split_once("# body\n").unwrap_or((POWERSHELL, ""));
    let head = [
        format!("$Name = {}", powershell_quoted(facts.stem)),
        "# What the names of deployments begin with.".to_owned(),
        format!("$Deployment = {}", powershell_quoted(&deployment_name(facts.stem))),
        format!("$KnownLocation = {}", powershell_quoted(&facts.location)),
        format!("$Providers = {}", strings(&facts.providers)),
        format!("$Features = {}", list(&mut facts.features.iter().copied())),
        "# Image templates, in waves: each wave is built from those before it.".to_owned(),
        format!("$Images = {}", strings(&facts.images)),
        format!("$Waves = {}", strings(&waves)),
        "# Those whose builds the service starts, and those whose VHD goes with them.".to_owned(),
        format!("$AutoRun = {}", strings(&facts.auto_run)),
        format!("$Kept = {}", strings(&facts.kept)),
        format!("$MainParameters = {}", strings(&facts.parameters)),
        format!("$BaseParameters = {}", strings(&facts.base_parameters)),
        format!("$RoleParameters = {}", strings(&facts.role_parameters)),
        "# Whether roles are granted by a template of their own, or by the one of what is no image."
            .to_owned(),
        format!("$HasRoles = {}", flag(facts.has_roles)),
        format!("$Together = {}", flag(facts.together)),
        format!("$HasBase = {}", flag(facts.has_base)),
        format!("$NeedsServicePrincipal = {}", flag(facts.needs_service_principal)),
        format!("$ServiceApp = {}", powershell_quoted(IMAGE_BUILDER_APP)),
    ];
    format!("{params}{}\n{body}", head.join("\n"))
}
