//! Functions in places that Azure evaluates before they have a value, or where it does not take them at all.
//!
//! Only what a text says itself counts. What a variable or parameter that it names stands for has its own place.

use super::errors;
use super::find::{DEPLOYMENTS, Found};
use super::scope::{ScopeId, Scopes};
use crate::arm::{Expr, Place, function};
use crate::base::TextRange;
use crate::diag::Sink;
use crate::json::{Data, Object, Value};

/// The members of a resource that are read before anything is made.
const EARLY: &[&str] = &["name", "location", "condition"];

/// Looks at all resources, variables, outputs and defaults of a document.
pub(super) fn check(found: &[Found<'_>], scopes: &Scopes<'_>, sink: &mut Sink) {
    for one in found.iter().filter(|one| one.in_template && !one.off && scopes.is_template(one.scope)) {
        resource(one, scopes, sink);
    }
    for (id, scope) in scopes.all().filter(|(id, _)| scopes.is_template(*id)) {
        let Some(template) = scope.template_object else { continue };
        for member in members_of(template, "parameters") {
            let Some(default) = member.value.get("defaultValue") else { continue };
            texts(default, id, scopes, &mut |expr, range| {
                if let Some(name) = first_of(expr, Place::ResourceBodyAndOutputs) {
                    let place = format!("the default of the parameter `{}`", member.key.text);
                    sink.push(errors::late_function(&name, &place, scopes.span(range)));
                }
            });
        }
        for member in ["variables", "outputs"].into_iter().flat_map(|part| members_of(template, part)) {
            defaults_only(&member.value, id, scopes, sink);
        }
    }
}

fn resource(one: &Found<'_>, scopes: &Scopes<'_>, sink: &mut Sink) {
    let is_nested = one.text("type").is_some_and(|ty| ty.eq_ignore_ascii_case(DEPLOYMENTS));
    for member in one.object.effective() {
        let key = &*member.key.text;
        if EARLY.iter().any(|early| key.eq_ignore_ascii_case(early)) {
            texts(&member.value, one.scope, scopes, &mut |expr, range| {
                if let Some(name) = first_of(expr, Place::ResourceBodyAndOutputs) {
                    let place = format!("the `{key}` of a resource");
                    sink.push(errors::late_function(&name, &place, scopes.span(range)));
                }
            });
        }
        // Children are resources of their own; what a deployment gives and holds is its template's.
        let elsewhere =
            key.eq_ignore_ascii_case("resources") || is_nested && key.eq_ignore_ascii_case("properties");
        if !elsewhere {
            defaults_only(&member.value, one.scope, scopes, sink);
        }
    }
}

fn members_of<'a>(template: &'a Object, name: &str) -> Vec<&'a crate::json::Member> {
    let object = template.member_ignoring_case(name).and_then(|m| m.value.as_object());
    object.map(Object::effective).unwrap_or_default()
}

/// Calls of what only the default of a parameter may call.
fn defaults_only(value: &Value, scope: ScopeId, scopes: &Scopes<'_>, sink: &mut Sink) {
    texts(value, scope, scopes, &mut |expr, range| {
        if let Some(name) = first_of(expr, Place::ParameterDefault) {
            sink.push(errors::default_only(&name, scopes.span(range)));
        }
    });
}

/// Every expression in a value.
fn texts(value: &Value, scope: ScopeId, scopes: &Scopes<'_>, f: &mut dyn FnMut(&Expr, TextRange)) {
    match &value.data {
        Data::Text(text) => {
            if let Some(expr) = scopes.expr_of(text, scope) {
                f(&expr, value.range);
            }
        }
        Data::List(items) => items.iter().for_each(|item| texts(item, scope, scopes, f)),
        Data::Object(object) => {
            object.effective().iter().for_each(|member| texts(&member.value, scope, scopes, f));
        }
        _ => {}
    }
}

fn first_of(expr: &Expr, place: Place) -> Option<String> {
    let mut found = None;
    expr.walk(&mut |part| {
        if let Expr::Call { name, .. } = part
            && function(name).is_some_and(|row| row.place == place)
        {
            found.get_or_insert_with(|| name.to_string());
        }
    });
    found
}
