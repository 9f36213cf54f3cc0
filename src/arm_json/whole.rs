//! What templates say besides resources: variables, parameters and outputs, and what nested deployments give.

use std::collections::HashMap;

use super::errors;
use super::scope::{At, Scope, ScopeId, Scopes, Text};
use super::secrets::is_secret_type;
use crate::arm::Expr;
use crate::base::{Span, TextRange};
use crate::check::{Given, Node, NodeKind};
use crate::diag::Sink;
use crate::json::{Data, Member, Object, Value};

/// Reports what is wrong in all templates of a document outside of their resources.
pub(super) fn check(scopes: &Scopes<'_>, sink: &mut Sink) {
    for (id, scope) in scopes.all() {
        let Some(template) = scope.template_object else { continue };
        let part = |name: &str| members_of(template, name);
        for member in part("variables") {
            expressions(&member.value, id, scopes, sink);
        }
        for member in part("parameters") {
            if let Some(default) = member.value.get("defaultValue") {
                expressions(default, id, scopes, sink);
            }
        }
        for member in part("outputs") {
            output(member, id, scopes, sink);
        }
        rings(&part("variables"), id, scopes, sink);
        given(scope, scopes, sink);
    }
}

/// What the deployed template names as its schema.
pub(super) fn schema(scopes: &Scopes<'_>) -> Option<Node> {
    let (_, root) = scopes.all().find(|(_, scope)| scope.root)?;
    let value = root.template_object?.get("$schema")?;
    Some(Node::str(value.as_text()?, scopes.span(value.range).into()))
}

/// The texts of variables and of defaults of parameters. The default of a secure parameter has a finding of its own.
pub(super) fn texts(scopes: &Scopes<'_>) -> Vec<Node> {
    let mut out = Vec::new();
    for (_, scope) in scopes.all() {
        let Some(template) = scope.template_object else { continue };
        for member in members_of(template, "variables") {
            add_texts(&member.value, scopes, &mut out);
        }
        for member in members_of(template, "parameters") {
            let ty = member.value.get("type").and_then(Value::as_text);
            if let Some(default) =
                member.value.get("defaultValue").filter(|_| !ty.is_some_and(is_secret_type))
            {
                add_texts(default, scopes, &mut out);
            }
        }
    }
    out
}

fn add_texts(value: &Value, scopes: &Scopes<'_>, out: &mut Vec<Node>) {
    match &value.data {
        Data::Text(text) => {
            let kind = NodeKind::Str(text.as_ref().into());
            out.push(Node::new(kind, scopes.span(value.range).into()));
        }
        Data::List(items) => items.iter().for_each(|item| add_texts(item, scopes, out)),
        Data::Object(object) => {
            object.effective().iter().for_each(|member| add_texts(&member.value, scopes, out));
        }
        _ => {}
    }
}

/// Reports values for parameters that the deployed template does not have.
pub(super) fn unknown_values(scopes: &Scopes<'_>, given: &[Given], sink: &mut Sink) {
    let Some((_, root)) = scopes.all().find(|(_, scope)| scope.root) else { return };
    let mut known: Vec<&str> = root.params.values().map(|m| &*m.key.text).collect();
    known.sort_unstable();
    for one in given.iter().filter(|one| !root.params.contains_key(&one.name.to_lowercase())) {
        let what = format!("`{}` ({})", one.name, one.from);
        sink.push(errors::no_such_parameter(&what, &known, scopes.span(TextRange::at(0))));
    }
}

fn members_of<'a>(template: &'a Object, name: &str) -> Vec<&'a Member> {
    let object = template.member_ignoring_case(name).and_then(|m| m.value.as_object());
    object.map(Object::effective).unwrap_or_default()
}

/// Looks at every expression in a value.
fn expressions(value: &Value, scope: ScopeId, scopes: &Scopes<'_>, sink: &mut Sink) {
    match &value.data {
        Data::Text(text) => {
            if let Text::Expr(expr) = scopes.text(text, value.range, scope, sink) {
                scopes.complain_of(&expr, value.range, scope, sink);
            }
        }
        Data::List(items) => items.iter().for_each(|item| expressions(item, scope, scopes, sink)),
        Data::Object(object) => {
            for member in object.effective() {
                if let Some(expr) = scopes.expr_of(&member.key.text, scope) {
                    scopes.complain_of(&expr, member.key.range, scope, sink);
                }
                expressions(&member.value, scope, scopes, sink);
            }
        }
        _ => {}
    }
}

/// An output: whoever may read the deployment can read it, unless it is secret itself.
fn output<'a>(member: &'a Member, scope: ScopeId, scopes: &Scopes<'a>, sink: &mut Sink) {
    expressions(&member.value, scope, scopes, sink);
    let Some(object) = member.value.as_object() else { return };
    let ty = object.member_ignoring_case("type").and_then(|m| m.value.as_text());
    if ty.is_some_and(is_secret_type) {
        return;
    }
    let Some(value) = object.member_ignoring_case("value").map(|m| &m.value) else { return };
    // An output is evaluated whatever else is given; one with a condition may not be.
    if object.member_ignoring_case("condition").is_none()
        && let Some(expr) = scopes.expr(At { value, scope })
    {
        scopes.complain_of_calls(&scopes.resolved(&expr, scope), value.range, sink);
    }
    secrets(At { value, scope }, &format!("the output `{}`", member.key.text), scopes, sink);
}

fn secrets<'a>(at: At<'a>, what: &str, scopes: &Scopes<'a>, sink: &mut Sink) {
    match &at.value.data {
        Data::Text(_) => {
            if let Some(secret) = scopes.expr(at).and_then(|expr| scopes.secret(&expr, at)) {
                sink.push(errors::secret(&secret, what, scopes.span(at.value.range)));
            }
        }
        Data::List(items) => items.iter().for_each(|value| secrets(At { value, ..at }, what, scopes, sink)),
        Data::Object(object) => {
            for member in &object.members {
                secrets(At { value: &member.value, ..at }, what, scopes, sink);
            }
        }
        _ => {}
    }
}

/// A use of a variable in another one.
struct Use {
    name: String,
    at: Span,
}

/// Variables that need their own value.
fn rings(variables: &[&Member], scope: ScopeId, scopes: &Scopes<'_>, sink: &mut Sink) {
    let uses: HashMap<String, (&Member, Vec<Use>)> = variables
        .iter()
        .map(|member| {
            let mut found = Vec::new();
            uses_in(&member.value, scope, scopes, &mut found);
            (member.key.text.to_lowercase(), (*member, found))
        })
        .collect();
    // Whether a variable is being followed; those that were are known to be no part of another ring.
    let mut open: HashMap<&str, bool> = HashMap::new();
    for member in variables {
        let start = member.key.text.to_lowercase();
        let Some((start, _)) = uses.get_key_value(&start) else { continue };
        let mut path: Vec<(&str, usize)> = Vec::new();
        if open.insert(start, true).is_none() {
            path.push((start, 0));
        } else {
            open.insert(start, false);
        }
        while let Some((name, next)) = path.last_mut() {
            let found = uses.get(*name).and_then(|(_, found)| found.get(*next));
            *next += 1;
            let Some(used) = found else {
                open.insert(name, false);
                path.pop();
                continue;
            };
            let Some((target, (declared, _))) = uses.get_key_value(&used.name) else { continue };
            match open.get(target.as_str()) {
                Some(true) => {
                    let key = scopes.span(declared.key.range);
                    sink.push(errors::variable_ring(&declared.key.text, used.at, key));
                }
                Some(false) => {}
                None => {
                    open.insert(target, true);
                    path.push((target, 0));
                }
            }
        }
    }
}

fn uses_in(value: &Value, scope: ScopeId, scopes: &Scopes<'_>, out: &mut Vec<Use>) {
    match &value.data {
        Data::Text(text) => {
            let Some(expr) = scopes.expr_of(text, scope) else { return };
            expr.walk(&mut |part| {
                if let Expr::Call { name, args } = part
                    && name.eq_ignore_ascii_case("variables")
                    && let [Expr::Str(key)] = args.as_slice()
                {
                    out.push(Use { name: key.to_lowercase(), at: scopes.span(value.range) });
                }
            });
        }
        Data::List(items) => items.iter().for_each(|item| uses_in(item, scope, scopes, out)),
        Data::Object(object) => {
            object.members.iter().for_each(|member| uses_in(&member.value, scope, scopes, out));
        }
        _ => {}
    }
}

/// What a nested deployment gives to the parameters of its template.
fn given(scope: &Scope<'_>, scopes: &Scopes<'_>, sink: &mut Sink) {
    let Some(call) = &scope.call else { return };
    let given = call.given.map(Object::effective).unwrap_or_default();
    for member in &given {
        expressions(&member.value, call.outer, scopes, sink);
        if !scope.params.contains_key(&member.key.text.to_lowercase()) {
            let mut known: Vec<&str> = scope.params.values().map(|m| &*m.key.text).collect();
            known.sort_unstable();
            let at = scopes.span(member.key.range);
            sink.push(errors::unknown_given(&member.key.text, &known, at));
        }
    }
    let mut open: Vec<&Member> = scope.params.values().copied().filter(|m| needs_value(m)).collect();
    open.retain(|m| !given.iter().any(|g| g.key.text.eq_ignore_ascii_case(&m.key.text)));
    open.sort_by_key(|m| m.key.range.start);
    for member in open {
        let declared = scopes.span(member.key.range);
        sink.push(errors::not_given(&member.key.text, scopes.span(call.place), declared));
    }
}

/// Whether a parameter has to be given a value: it has no default, and null is none.
fn needs_value(member: &Member) -> bool {
    let Some(object) = member.value.as_object() else { return false };
    ["defaultValue", "nullable", "$ref"].iter().all(|key| object.member_ignoring_case(key).is_none())
}
