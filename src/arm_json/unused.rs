//! Parameters and variables that nothing in a template names.

use std::collections::HashSet;

use super::errors;
use super::scope::{Scope, ScopeId, Scopes, Text};
use crate::arm::Expr;
use crate::base::{TextRange, has_placeholder};
use crate::diag::Sink;
use crate::json::{Data, Member, Value};

/// Reports what the deployed template declares and does not use.
pub(super) fn check(scopes: &Scopes<'_>, sink: &mut Sink) {
    for (id, scope) in scopes.all().filter(|(_, scope)| scope.root) {
        let Some(template) = scope.template_object else { continue };
        let mut uses = Uses { scopes, scope: id, named: HashSet::new(), parameters: true, variables: true };
        template.members.iter().for_each(|member| uses.member(member));
        let mut unused: Vec<(&str, &Member)> = Vec::new();
        for (function, declared, is_known) in declared(scope, &uses) {
            let is_used = |name: &str| uses.named.contains(&(function, name.to_lowercase()));
            unused.extend(
                declared.into_iter().filter(|m| is_known && !is_used(&name_of(m))).map(|m| (function, m)),
            );
        }
        unused.sort_by_key(|(_, member)| member.key.range.start);
        for (function, member) in unused {
            sink.push(errors::unused(function, &name_of(member), scopes.span(place_of(member))));
        }
    }
}

/// The declarations of a template, and whether it is known which of them are named.
fn declared<'a>(scope: &Scope<'a>, uses: &Uses<'_, '_>) -> [(&'static str, Vec<&'a Member>, bool); 2] {
    [
        ("parameters", scope.params.values().copied().collect(), uses.parameters),
        ("variables", scope.variables().collect(), uses.variables),
    ]
}

/// The name of a declaration; that of a loop of variables is a value.
fn name_of(member: &Member) -> String {
    match member.value.as_text() {
        Some(name) if &*member.key.text == "name" => name.to_owned(),
        _ => member.key.text.to_string(),
    }
}

/// Where a declaration's name stands.
fn place_of(member: &Member) -> TextRange {
    match member.value.as_text() {
        Some(_) if &*member.key.text == "name" => member.value.range,
        _ => member.key.range,
    }
}

/// The names that a template uses, in lower case.
struct Uses<'a, 's> {
    scopes: &'s Scopes<'a>,
    scope: ScopeId,
    named: HashSet<(&'static str, String)>,
    /// Whether all uses of parameters are known.
    parameters: bool,
    /// Whether all uses of variables are.
    variables: bool,
}

impl Uses<'_, '_> {
    fn member(&mut self, member: &Member) {
        self.text(&member.key.text);
        self.value(&member.value);
    }

    fn value(&mut self, value: &Value) {
        match &value.data {
            Data::Text(text) => self.text(text),
            Data::List(items) => items.iter().for_each(|item| self.value(item)),
            Data::Object(object) => object.members.iter().for_each(|member| self.member(member)),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        let scopes = self.scopes;
        let expr = match scopes.read_text(text, self.scope) {
            Ok(Text::Expr(expr)) => expr,
            Ok(_) => return,
            // One that cannot be read may name anything.
            Err(_) => return self.any(),
        };
        expr.walk(&mut |part| {
            let Expr::Call { name, args } = part else { return };
            match name.to_ascii_lowercase().as_str() {
                // It gives the template itself.
                "deployment" => self.any(),
                "parameters" => self.name("parameters", args),
                "variables" => self.name("variables", args),
                _ => {}
            }
        });
    }

    fn name(&mut self, function: &'static str, args: &[Expr]) {
        match args {
            // One that is not declared may be meant for one that nothing names.
            [Expr::Str(name)]
                if !has_placeholder(name) && self.scopes.declares(self.scope, function, name) =>
            {
                self.named.insert((function, name.to_lowercase()));
            }
            // A computed name may be any.
            _ if function == "parameters" => self.parameters = false,
            _ => self.variables = false,
        }
    }

    fn any(&mut self) {
        (self.parameters, self.variables) = (false, false);
    }
}
