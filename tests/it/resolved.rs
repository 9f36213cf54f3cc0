//! A deployment template with its expressions replaced by what they might say once deployed.
//!
//! Schemas know no expressions. So parameters become their defaults or samples of their types, what only Azure knows becomes a
//! plausible literal, and the rest is computed.

use std::sync::Arc;

use aib::arm::{Expr, TemplateString, Value as Known, fold, parse_template_string};
use serde_json::{Map, Value, json};

const SUBSCRIPTION: &str = "/subscriptions/11111111-1111-1111-1111-111111111111";

/// The template that expressions are read in.
pub(crate) struct Resolver<'a> {
    template: &'a Value,
}

impl<'a> Resolver<'a> {
    pub(crate) fn new(template: &'a Value) -> Self {
        Self { template }
    }

    /// A value of the template with every expression in it computed.
    pub(crate) fn value(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.text(text),
            Value::Array(items) => items.iter().map(|item| self.value(item)).collect(),
            Value::Object(members) => {
                let members = members.iter().map(|(key, value)| (self.key(key), self.value(value)));
                // A property that is null counts as absent.
                Value::Object(members.filter(|(_, value)| !value.is_null()).collect::<Map<_, _>>())
            }
            other => other.clone(),
        }
    }

    fn key(&self, key: &str) -> String {
        match self.text(key) {
            Value::String(text) => text,
            other => panic!("the key `{key}` is {other}"),
        }
    }

    fn text(&self, text: &str) -> Value {
        match parse_template_string(text) {
            Ok(TemplateString::Literal(text)) => Value::String(text),
            Ok(TemplateString::Expr(expr)) => {
                let folded = fold(&self.known(&expr));
                let known = folded.as_value().unwrap_or_else(|| panic!("`{text}` is left as {folded:?}"));
                serde_json::from_str(&known.to_json().unwrap()).unwrap()
            }
            Err(error) => panic!("`{text}`: {error}"),
        }
    }

    /// The expression without what depends on the template or on Azure.
    fn known(&self, expr: &Expr) -> Expr {
        let each = |args: &[Expr]| args.iter().map(|arg| self.known(arg)).collect::<Vec<_>>();
        match expr {
            Expr::Call { name, args } => match (name.to_ascii_lowercase().as_str(), args.as_slice()) {
                ("parameters", [Expr::Str(name)]) => literal(&self.parameter(name)),
                ("variables", [Expr::Str(name)]) => {
                    literal(&self.value(
                        self.pointer("variables", name).unwrap_or_else(|| panic!("no variable {name}")),
                    ))
                }
                ("map" | "filter", [list, Expr::Call { args: lambda, .. }]) => self.each(name, list, lambda),
                (azure, _) => {
                    sample(azure, &each(args)).unwrap_or_else(|| Expr::call(Arc::clone(name), each(args)))
                }
            },
            Expr::Member { base, name, safe } => {
                Expr::Member { base: Box::new(self.known(base)), name: Arc::clone(name), safe: *safe }
            }
            Expr::Index { base, index, safe } => Expr::Index {
                base: Box::new(self.known(base)),
                index: Box::new(self.known(index)),
                safe: *safe,
            },
            Expr::Shared { expr, .. } => self.known(expr),
            Expr::Str(_) | Expr::Int(_) | Expr::Bool(_) | Expr::Null => expr.clone(),
        }
    }

    /// `map(list, lambda('x', body))` and `filter(…)`.
    fn each(&self, function: &str, list: &Expr, lambda: &[Expr]) -> Expr {
        let [Expr::Str(name), body] = lambda else { panic!("a lambda of {lambda:?}") };
        let Some(Known::Array(items)) = fold(&self.known(list)).as_value() else {
            panic!("{list:?} is no list")
        };
        let mut results = Vec::new();
        for item in items {
            let item = Expr::from_value(&item);
            let result = fold(&self.known(&with(body, name, &item)));
            if function.eq_ignore_ascii_case("map") {
                results.push(result);
            } else if result == Expr::Bool(true) {
                results.push(item);
            }
        }
        Expr::call("createArray", results)
    }

    fn pointer(&self, group: &str, name: &str) -> Option<&'a Value> {
        self.template.get(group)?.get(name)
    }

    /// The default of a parameter, or a sample of its type.
    fn parameter(&self, name: &str) -> Value {
        let parameter = self.pointer("parameters", name).unwrap_or_else(|| panic!("no parameter {name}"));
        if let Some(default) = parameter.get("defaultValue") {
            return self.value(default);
        }
        if let Some(allowed) = parameter.pointer("/allowedValues/0") {
            return allowed.clone();
        }
        match parameter["type"].as_str().unwrap().to_ascii_lowercase().as_str() {
            "int" => parameter.get("minValue").cloned().unwrap_or(json!(1)),
            "bool" => json!(true),
            "array" => json!([]),
            "object" | "secureobject" => json!({}),
            _ => json!("sample"),
        }
    }
}

/// The body of a lambda with a value for its variable.
fn with(body: &Expr, name: &str, value: &Expr) -> Expr {
    let inner = |expr: &Expr| Box::new(with(expr, name, value));
    match body {
        Expr::Call { name: function, args } => match args.as_slice() {
            [Expr::Str(variable)] if &**function == "lambdaVariables" && &**variable == name => value.clone(),
            _ => Expr::call(Arc::clone(function), args.iter().map(|arg| with(arg, name, value)).collect()),
        },
        Expr::Member { base, name, safe } => {
            Expr::Member { base: inner(base), name: Arc::clone(name), safe: *safe }
        }
        Expr::Index { base, index, safe } => {
            Expr::Index { base: inner(base), index: inner(index), safe: *safe }
        }
        other => other.clone(),
    }
}

fn literal(value: &Value) -> Expr {
    fold(&Expr::call("json", vec![Expr::str(value.to_string())]))
}

/// What Azure might answer, for the functions that only it can answer.
fn sample(function: &str, args: &[Expr]) -> Option<Expr> {
    let group = format!("{SUBSCRIPTION}/resourceGroups/rg");
    let value = match function {
        "resourcegroup" => json!({ "id": group, "name": "rg", "location": "westeurope", "tags": {} }),
        "subscription" => {
            json!({ "id": SUBSCRIPTION, "subscriptionId": "11111111-1111-1111-1111-111111111111",
            "tenantId": "22222222-2222-2222-2222-222222222222", "displayName": "sample" })
        }
        "uniquestring" => json!("abcdefghijklm"),
        "reference" => json!({ "principalId": "33333333-3333-3333-3333-333333333333",
            "clientId": "44444444-4444-4444-4444-444444444444" }),
        "resourceid" | "subscriptionresourceid" | "extensionresourceid" => json!(resource_id(args)),
        _ => return None,
    };
    Some(literal(&value))
}

/// `resourceId([subscription], [group], type, names…)` as it would be.
fn resource_id(args: &[Expr]) -> String {
    let texts: Vec<String> = args
        .iter()
        .map(|arg| match fold(arg).as_value() {
            Some(Known::Str(text)) => text.to_string(),
            other => panic!("an argument of resourceId is {other:?}"),
        })
        .collect();
    let at = texts.iter().position(|text| text.contains('/') && !text.starts_with('/')).unwrap();
    let (provider, types) = texts[at].split_once('/').unwrap();
    let path: String =
        types.split('/').zip(&texts[at + 1..]).map(|(kind, name)| format!("/{kind}/{name}")).collect();
    let group = texts[..at].last().map_or("rg", String::as_str);
    format!("{SUBSCRIPTION}/resourceGroups/{group}/providers/{provider}{path}")
}
