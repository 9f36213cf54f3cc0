//! Steps that require what no earlier step provides.

use std::collections::HashSet;

use crate::base::{Span, nearest};
use crate::check::{Node, Phase, StepView};
use crate::diag::{Diagnostic, Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Image, Rule, RuleMeta};
use crate::schema::Role;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::UNMET_REQUIREMENT,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#properties-customize",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    // One place in a loop makes many steps, and one finding.
    let mut reported: HashSet<Span> = HashSet::new();
    for image in &cx.images {
        for step in &image.walk.steps {
            for (name, node) in step.names(Role::Requires) {
                if image.walk.provided_before(name, step.index).is_none()
                    && !reported.contains(&node.origin.span)
                    && let Some(d) = unmet(image, step, name, node)
                {
                    reported.insert(node.origin.span);
                    sink.push(d);
                }
            }
        }
    }
}

fn unmet(image: &Image<'_>, step: &StepView<'_>, name: &str, node: &Node) -> Option<Diagnostic> {
    let title = step.title();
    let requires = format!("{title} requires it");
    let later = image.walk.provider(name).and_then(|c| Some((c, image.walk.step(c.step?)?)));
    let Some((capability, provider)) = later else {
        // What an image that these files do not know brings along, nobody here can provide.
        if image.walk.opaque_base {
            return None;
        }
        let known = image.walk.capabilities.iter().map(|c| c.name);
        let help = match nearest(name, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("say `provides = [\"{name}\"]` on the step that brings it, before {title}"),
        };
        let d = finding(&code::UNMET_REQUIREMENT, &node.origin, format!("nothing provides `{name}`"));
        return Some(d.here(requires).help(help));
    };
    let other = provider.title();
    let d = if provider.index == step.index {
        finding(
            &code::UNMET_REQUIREMENT,
            &node.origin,
            format!("{title} requires `{name}`, which only it provides"),
        )
        .here(requires)
        .also(capability.node.origin.span, "and provides it")
        .help("remove it from `requires`: a step cannot wait for itself")
    } else {
        let d = finding(
            &code::UNMET_REQUIREMENT,
            &node.origin,
            format!("`{name}` is required before it is provided"),
        )
        .here(requires)
        .also(capability.node.origin.span, format!("{other} provides it, but runs later"));
        match (step.phase, provider.phase) {
            (Phase::Customize, Phase::Validate) => {
                d.help("checks of `validate` run on a new VM and change nothing of the image: provide it in `customize`")
            }
            _ => d.help(format!("move {other} above {title}")),
        }
    };
    Some(d)
}
