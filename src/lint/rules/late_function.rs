//! Functions in places that Azure evaluates before they have a value.

use crate::arm::{Expr, Place, function};
use crate::base::Span;
use crate::check::{Node, NodeKind, Resource, WrittenIn};
use crate::diag::{Diagnostic, Sink, code};
use crate::lint::context::is_nested;
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::LATE_FUNCTION,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-resource#valid-uses",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    // The reader of JSON puts values in for the parameters of nested deployments, where such functions may be given, and
    // looks at the texts themselves.
    if cx.program.written_in == WrittenIn::Json {
        return;
    }
    for (_, resource) in cx.program.iter().filter(|(_, resource)| !resource.existing) {
        if let Some(name) = late_in_node(&resource.name) {
            sink.push(report(&resource.name, &name, &format!("the name of {}", shown(resource))));
        }
        if let Some(location) = resource.body.get("location")
            && let Some(name) = late_in_node(location)
        {
            sink.push(report(location, &name, &format!("the `location` of {}", shown(resource))));
        }
        if let Some(name) = resource.condition.as_ref().and_then(late) {
            let place = format!("the condition of {}", shown(resource));
            sink.push(explained(Diagnostic::new(&code::LATE_FUNCTION, resource.span, title(&name, &place))));
        }
    }
    for param in &cx.program.params {
        if let Some(default) = &param.default
            && let Some(name) = late_in_node(default)
        {
            sink.push(report(default, &name, &format!("the default of the parameter `{}`", param.name)));
        }
    }
    for (node, name) in defaults_only(cx) {
        let d = finding(
            &code::LATE_FUNCTION,
            &node.origin,
            format!("`{name}` can stand only in the default of a parameter"),
        )
        .note("Azure would give another value each time that it evaluates the template")
        .help("make a parameter with this default, and use the parameter");
        sink.push(d);
    }
}

/// Values of resources and outputs that call what only defaults of parameters may.
fn defaults_only<'a>(cx: &Context<'a>) -> Vec<(&'a Node, String)> {
    let mut found = Vec::new();
    let deployed = cx.program.iter().filter(|(_, resource)| !resource.existing);
    // A nested template has parameters of its own.
    let deployed = deployed.filter(|(_, resource)| !is_nested(resource));
    let bodies = deployed.flat_map(|(_, resource)| [&resource.name, &resource.body]);
    for root in bodies.chain(cx.program.outputs.iter().map(|output| &output.value)) {
        root.walk(&mut |node| {
            if let NodeKind::Expr(expr) = &node.kind
                && let Some(name) = first_of(expr, Place::ParameterDefault)
            {
                found.push((node, name));
            }
        });
    }
    found
}

fn late_in_node(node: &Node) -> Option<String> {
    if let NodeKind::Expr(expr) = &node.kind { late(expr) } else { None }
}

/// A function in the expression that has a value only once resources are there.
fn late(expr: &Expr) -> Option<String> {
    first_of(expr, Place::ResourceBodyAndOutputs)
}

fn first_of(expr: &Expr, place: Place) -> Option<String> {
    let mut found = None;
    expr.walk(&mut |part| {
        if let Expr::Call { name, .. } = part
            && found.is_none()
            && function(name).is_some_and(|row| row.place == place)
        {
            found = Some(name.to_string());
        }
    });
    found
}

fn shown(resource: &Resource) -> String {
    match &*resource.declared {
        "" => "the resource".to_owned(),
        declared => format!("`{declared}`"),
    }
}

fn title(function: &str, place: &str) -> String {
    format!("`{function}` can't stand in {place}")
}

fn report(node: &Node, function: &str, place: &str) -> Diagnostic {
    let d = finding(&code::LATE_FUNCTION, &node.origin, title(function, place));
    let cause = node.labels.deferred.as_ref().map(|cause| (cause.span, cause.what.to_string()));
    let d = match cause.filter(|(span, _)| *span != node.origin.span && *span != Span::default()) {
        Some((span, what)) => d.also(span, format!("because of {what}")),
        None => d,
    };
    explained(d)
}

fn explained(d: Diagnostic) -> Diagnostic {
    d.note("Azure evaluates it before it makes anything, and this has a value only when the resource is there")
        .help(
            "what is known only later can stand in the blocks of a resource and in outputs; write the value here, or \
             take it from a parameter",
        )
}
