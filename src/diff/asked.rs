//! What is asked of resources: the same however a template names them, by symbolic names, plain names or ids.

use std::collections::{HashMap, HashSet};

use super::expr::Scope;
use super::ids::names_in;
use super::spelling::key_of;
use crate::arm::{Expr, asked_symbol, takes_symbol};
use crate::json::{Data, Object, Value};

/// How a template calls its resources.
#[derive(Default)]
pub(super) struct Named {
    /// The resources by their symbolic names.
    symbols: HashMap<String, Target>,
    /// The ids of the resources by their plain names, where only one has it.
    names: HashMap<String, Option<Expr>>,
    /// The API versions of the resources that are deployed, by their ids: the ones with which they are asked.
    versions: HashMap<String, String>,
    /// Those of the resources that only exist, which another template would have to say.
    stated: HashMap<String, String>,
    /// The symbolic names of those that only exist.
    pub(super) existing: HashSet<String>,
}

/// A resource that has a symbolic name.
enum Target {
    /// One resource, by its id.
    One(Expr),
    /// A loop, by what its turns are called.
    Loop(String),
}

impl Named {
    /// How the resources of a template are called.
    pub(super) fn of(template: &Object, scope: &Scope<'_>) -> Self {
        let mut out = Self::default();
        match template.member_ignoring_case("resources").map(|member| &member.value.data) {
            Some(Data::List(items)) => items.iter().for_each(|item| out.add(None, item, scope)),
            Some(Data::Object(object)) => {
                for member in object.effective() {
                    out.add(Some(&member.key.text), &member.value, scope);
                }
            }
            _ => {}
        }
        out
    }

    fn add(&mut self, symbol: Option<&str>, value: &Value, scope: &Scope<'_>) {
        let Some(object) = value.as_object() else { return };
        let member = |key: &str| object.member_ignoring_case(key).map(|member| &member.value);
        let text = |key: &str| member(key).and_then(Value::as_text);
        let (Some(ty), Some(name)) = (text("type"), text("name")) else { return };
        let expr = |text: &str| scope.text(text).to_expr();
        *scope.turn.borrow_mut() =
            member("copy").and_then(|copy| Some(copy.get("name")?.as_text()?.to_owned()));
        let name = expr(name);
        scope.turn.borrow_mut().take();
        let Some(name) = name else { return };
        let exists = member("existing").is_some_and(|value| value.data == Data::Bool(true));
        if let (Some(symbol), true) = (symbol, exists) {
            self.existing.insert(symbol.to_owned());
        }
        if member("copy").is_some() {
            let words = key_of(&name).replace(['{', '}'], "|");
            let target = Target::Loop(format!("{} {words}", ty.to_lowercase()));
            self.symbols.extend(symbol.map(|symbol| (symbol.to_owned(), target)));
            return;
        }
        let place = ["subscriptionId", "resourceGroup"].iter().filter(|_| exists);
        let mut args: Vec<Expr> = place.filter_map(|key| expr(text(key)?)).collect();
        args.push(Expr::str(ty));
        args.extend(names_in(&name, ty.matches('/').count(), scope));
        let id = scope.id(args);
        if let Some(version) = text("apiVersion") {
            let versions = if exists { &mut self.stated } else { &mut self.versions };
            versions.insert(key(&id), version.to_lowercase());
        }
        match symbol {
            Some(symbol) => {
                self.symbols.insert(symbol.to_owned(), Target::One(id));
            }
            None => {
                let places = self.names.entry(key(&name));
                places.and_modify(|id| *id = None).or_insert(Some(id));
            }
        }
    }

    /// The arguments of a call as they are compared: a resource of the template stands under its id, and the API version
    /// is said where it is not that of a resource that the template deploys.
    pub(super) fn settled(&self, name: &str, mut args: Vec<Expr>) -> Vec<Expr> {
        if !takes_symbol(name) {
            return args;
        }
        let call = Expr::Call { name: name.into(), args: args.clone() };
        let target = asked_symbol(&call).and_then(|symbol| Some((symbol, self.symbols.get(symbol)?)));
        if let Some(first) = args.first_mut() {
            match (target, &mut *first) {
                (Some((symbol, Target::One(id))), Expr::Str(text)) if **text == *symbol => {
                    *first = id.clone()
                }
                (Some((symbol, Target::Loop(turns))), Expr::Str(text)) => {
                    *text = format!("{turns}{}", text.get(symbol.len()..).unwrap_or_default()).into();
                }
                (Some((symbol, Target::Loop(turns))), Expr::Call { args, .. }) => {
                    if let Some(Expr::Str(text)) = args.first_mut() {
                        *text = format!("{turns}{}", text.get(symbol.len()..).unwrap_or_default()).into();
                    }
                }
                _ => {
                    if let Some(Some(id)) = self.names.get(&key(first)) {
                        *first = id.clone();
                    }
                }
            }
        }
        if let [id, Expr::Str(version)] = args.as_slice()
            && name.eq_ignore_ascii_case("reference")
            && self.versions.get(&key(id)) == Some(&version.to_lowercase())
        {
            args.truncate(1);
        }
        if let [id] = args.as_slice()
            && name.eq_ignore_ascii_case("reference")
            && let Some(version) = self.stated.get(&key(id))
        {
            args.push(Expr::str(version.as_str()));
        }
        args
    }
}

fn key(expr: &Expr) -> String {
    key_of(expr).to_lowercase()
}
