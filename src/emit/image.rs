//! The raw body of an image template, for the REST API and the command line of Azure.

use std::collections::HashSet;
use std::sync::Arc;

use super::backend::{Artifact, Context, EmitError, Fault};
use super::raw;
use super::text::Slugs;
use crate::arm::Expr;
use crate::base::Span;
use crate::check::{Key, Node, Program, Resource};
use crate::plan::{Json, params_of, patch};

/// The members of a body, in order, after its name.
const MEMBERS: &[&str] = &["location", "tags", "identity", "properties"];

/// One file an image.
pub(super) fn files(context: &Context<'_>) -> Result<Vec<Artifact>, Vec<EmitError>> {
    let program = &*context.plan.program;
    let mut slugs = Slugs::default();
    let (mut artifacts, mut errors) = (Vec::new(), Vec::new());
    for (_, image) in program.deployed("image") {
        let mut body = Body { context, program, image, told: HashSet::new(), errors: Vec::new() };
        let json = body.json();
        errors.append(&mut body.errors);
        if let Some(json) = json {
            let name = format!("{}.{}.image.json", context.stem, slugs.unique(&image.declared));
            artifacts.push(Artifact { name, text: json.pretty() });
        }
    }
    if errors.is_empty() { Ok(artifacts) } else { Err(errors) }
}

struct Body<'a> {
    context: &'a Context<'a>,
    program: &'a Program,
    image: &'a Resource,
    /// The causes that were reported: one cause is one mistake.
    told: HashSet<String>,
    errors: Vec<EmitError>,
}

impl Body<'_> {
    /// The body; `None` if the image is left out by its condition.
    fn json(&mut self) -> Option<Json> {
        if let Some(condition) = &self.image.condition {
            match raw::known(condition, self.context.deployment) {
                Some(Json::Bool(true)) => {}
                Some(Json::Bool(false)) => return None,
                _ => self.unknown("whether it exists", condition, self.image.span, None),
            }
        }
        let out = vec![
            ("type", Json::str(self.image.kind.arm_type())),
            ("apiVersion", Json::str(self.image.api_version.clone())),
        ];
        let mut out: Vec<(Arc<str>, Json)> =
            out.into_iter().map(|(key, value)| (key.into(), value)).collect();
        if !self.image.unnamed {
            out.extend(self.node("its name", &self.image.name).map(|name| ("name".into(), name)));
        }
        for key in MEMBERS {
            let value = self
                .image
                .body
                .get(key)
                .and_then(|node| self.node(if *key == "properties" { "this" } else { key }, node));
            out.extend(value.map(|value| (Arc::from(*key), value)));
        }
        for member in &self.image.envelope.members {
            let Key::Str(key) = &member.key else { continue };
            if let Some(value) = self.node(key, &member.value) {
                patch(&mut out, key.clone(), value);
            }
        }
        Some(Json::Object(out))
    }

    fn node(&mut self, what: &str, node: &Node) -> Option<Json> {
        raw::node(node, &mut |expr, node| {
            let value = raw::known(expr, self.context.deployment);
            if value.is_none() {
                let cause = node.labels.deferred.as_ref().map(|cause| (cause.what.to_string(), cause.span));
                self.unknown(what, expr, node.origin.span, cause);
            }
            // Reading goes on, to find all that is not known.
            Some(value.unwrap_or(Json::str("")))
        })
    }

    fn unknown(&mut self, what: &str, expr: &Expr, span: Span, cause: Option<(String, Span)>) {
        let params = params_of(self.program, [expr]);
        let names: Vec<_> = params.iter().filter(|param| !param.secret).map(|param| &*param.name).collect();
        // Without a parameter it is the deployment's target that is not known: one mistake, wherever it shows.
        let key = names.join(" ");
        if !self.told.insert(key) {
            return;
        }
        let subject = self.image.declared.to_string();
        let by_param = || params.first().map(|param| (format!("parameter `{}`", param.name), param.span));
        let (title, cause, help) = match names.as_slice() {
            [] => (
                format!("the raw body of image `{subject}` needs values that only the deployment has"),
                cause.filter(|(_, at)| *at != span),
                "write the values themselves (`location`, `id` of what exists), or emit `arm`".to_owned(),
            ),
            names => (
                format!("the raw body of image `{subject}` needs the value of `{}`", names.join("`, `")),
                cause.or_else(by_param),
                format!(
                    "give it with {} or `--params FILE`",
                    names.iter().map(|name| format!("`--set {name}=…`")).collect::<Vec<_>>().join(" ")
                ),
            ),
        };
        self.errors.push(EmitError {
            fault: Fault::Unknown,
            title,
            span,
            label: format!("{what} is known only to Azure"),
            causes: cause.into_iter().collect(),
            help,
        });
    }
}
