//! Parameters, variables and outputs.

use std::collections::HashSet;

use super::bounds::refined;
use super::code::{fits, key_text};
use super::errors;
use super::loops::holds_loop;
use super::names::{pleasant, unmeant};
use super::out::{Entry, Ex};
use super::scope::{Meaning, Named, Scope, Type};
use super::value::commented;
use crate::arm::Expr;
use crate::json::{Data, Object, Value};
use crate::syntax::{is_name, quote};

/// Members that are merged into the template.
#[derive(Default)]
pub(super) struct Patch {
    /// Of the document.
    pub(super) members: Vec<Entry>,
    /// Of its parameters, by name.
    parameters: Vec<Entry>,
    /// Of its variables.
    variables: Vec<Entry>,
    /// Of its outputs.
    outputs: Vec<Entry>,
}

impl Patch {
    /// `template { … }`
    pub(super) fn entry(mut self) -> Option<Entry> {
        let sections =
            [("parameters", self.parameters), ("variables", self.variables), ("outputs", self.outputs)];
        for (name, entries) in sections {
            if !entries.is_empty() {
                self.members.push(Entry::set(name, Ex::Object(entries)));
            }
        }
        (!self.members.is_empty()).then(|| Entry::block("template", self.members))
    }
}

/// A type of parameters: its name in ARM, in the language, and what it holds.
static TYPES: &[(&str, &str, Type)] = &[
    ("string", "string", Type::Text),
    ("securestring", "secret string", Type::Text),
    ("int", "int", Type::Int),
    ("bool", "bool", Type::Bool),
    ("object", "object", Type::Object),
    ("secureobject", "secret object", Type::Object),
    ("array", "array", Type::List),
];

fn type_row(value: &Value) -> Option<&'static (&'static str, &'static str, Type)> {
    let text = value.get("type").and_then(Value::as_text)?;
    TYPES.iter().find(|(arm, _, _)| arm.eq_ignore_ascii_case(text))
}

impl Scope {
    /// Gives each parameter its name in the source, its own where it is one.
    pub(super) fn name_parameters(&mut self, section: Option<&Value>) {
        for member in section.and_then(Value::as_object).map(Object::effective).unwrap_or_default() {
            let arm = &*member.key.text;
            let plain = is_name(arm) && !self.names.is_taken(arm);
            let wanted =
                if plain { arm.to_owned() } else { pleasant(arm).unwrap_or_else(|| "parameter".into()) };
            let name = self.names.take(&wanted);
            let ty = type_row(&member.value).map_or(Type::Any, |row| row.2);
            if let Some(text) = member.value.get("defaultValue").and_then(Value::as_text) {
                self.defaults.insert(name.clone(), text.to_owned());
            }
            self.params.insert(arm.to_lowercase(), Named { name, ty });
        }
    }

    /// Gives each variable its name in the source.
    pub(super) fn name_constants(&mut self, section: Option<&Value>) {
        for member in section.and_then(Value::as_object).map(Object::effective).unwrap_or_default() {
            let arm = &*member.key.text;
            if arm.eq_ignore_ascii_case("copy") {
                let names = member.value.as_list().unwrap_or_default().iter();
                for name in names.filter_map(|item| item.get("name")?.as_text()) {
                    self.loops.insert(name.to_lowercase());
                    self.name_constant(name);
                }
                continue;
            }
            if holds_loop(&member.value) {
                self.loops.insert(arm.to_lowercase());
            }
            self.name_constant(arm);
        }
        for member in section.and_then(Value::as_object).map(Object::effective).unwrap_or_default() {
            if self.loops.contains(&member.key.text.to_lowercase()) {
                continue;
            }
            self.written.insert(member.key.text.to_lowercase(), member.value.clone());
            if let Some(expr) = self.as_expr(&member.value) {
                self.values.insert(member.key.text.to_lowercase(), expr);
            }
        }
        // What a variable holds may depend on others; after as many turns as there are links, all is known.
        for _ in 0..4 {
            for member in section.and_then(Value::as_object).map(Object::effective).unwrap_or_default() {
                if self.loops.contains(&member.key.text.to_lowercase()) {
                    continue;
                }
                let ty = self.type_of(&member.value);
                if let Some(named) = self.variables.get_mut(&member.key.text.to_lowercase()) {
                    named.ty = ty;
                }
            }
        }
    }

    fn type_of(&mut self, value: &Value) -> Type {
        match &value.data {
            Data::Null => Type::Null,
            Data::Bool(_) => Type::Bool,
            Data::Number(text) if text.parse::<i64>().is_ok() => Type::Int,
            Data::Number(_) => Type::Any,
            Data::List(_) => Type::List,
            Data::Object(_) => Type::Object,
            Data::Placeholder(_) => Type::Text,
            Data::Text(text) => match self.meaning(text, value.range) {
                Meaning::Expr(expr) => self.code(&expr).ty,
                Meaning::Text(_) | Meaning::Broken => Type::Text,
            },
        }
    }

    /// The declarations of parameters.
    pub(super) fn parameters(&mut self, section: Option<&Value>, patch: &mut Patch) -> Vec<Entry> {
        let members = section.and_then(Value::as_object).map(Object::effective).unwrap_or_default();
        members.into_iter().map(|m| self.parameter(&m.key.text, &m.value, patch)).collect()
    }

    fn parameter(&mut self, arm: &str, value: &Value, patch: &mut Patch) -> Entry {
        let name = self.params.get(&arm.to_lowercase()).map(|p| p.name.clone()).unwrap_or_default();
        self.tell_no_declaration(&format!("what the template says of the parameter `{arm}`"), value);
        let mut said: HashSet<&str> = HashSet::new();
        let row = type_row(value);
        let mut ty = "any".to_owned();
        if let Some((_, word, holds)) = row {
            said.insert("type");
            ty = (*word).to_owned();
            // The allowed texts of a secret have no form.
            let secret = word.starts_with("secret") && value.get("allowedValues").is_some();
            if let Some(refined) = refined(value, *holds, &mut said).filter(|_| !secret) {
                let plain = if *holds == Type::Text { "string" } else { "int" };
                ty = ty.replacen(plain, &refined, 1);
            }
        }
        let mut head = format!("param {name}");
        if name != arm {
            head.push_str(&format!(" as {}", quote(arm)));
        }
        head.push_str(&format!(": {ty}"));
        let mut entry = Entry { head, ..Entry::default() };
        if let Some(default) = value.get("defaultValue")
            && let Some(ex) = self.default_of(default, value, row.map_or(Type::Any, |r| r.2), &ty)
        {
            said.insert("defaultValue");
            entry.value = Some(ex);
        }
        let mut entry = commented(entry, value);
        if let Some(description) = self.description(value.get("metadata")) {
            entry.before.extend(description);
            said.insert("metadata");
        }
        entry.before.extend(self.said_comments(value, &said));
        self.patch_of(value, arm, &said, row.is_none(), &mut patch.parameters);
        entry
    }

    /// Tells of a declaration that is no object.
    fn tell_no_declaration(&mut self, what: &str, value: &Value) {
        if value.as_object().is_none() {
            let d =
                errors::not_carried(self.span(value.range), what, "it is no object, and declares nothing");
            self.report(d);
        }
    }

    /// The comments at the members that a declaration says.
    fn said_comments(&mut self, value: &Value, said: &HashSet<&str>) -> Vec<String> {
        let mut out = Vec::new();
        for member in value.as_object().map(Object::effective).unwrap_or_default() {
            match &*member.key.text {
                key if !said.contains(key) => {}
                // Those within are where they belong already.
                "defaultValue" | "value" => out.extend(self.comments_around(&member.value)),
                _ => out.extend(self.deep_comments(&member.value)),
            }
        }
        out
    }

    pub(super) fn literal_text(&mut self, value: &Value) -> Option<String> {
        match self.meaning(value.as_text()?, value.range) {
            Meaning::Text(text) => Some(text),
            _ => None,
        }
    }

    /// `/// …`: the description, if that is all that the metadata holds.
    fn description(&mut self, metadata: Option<&Value>) -> Option<Vec<String>> {
        let metadata = metadata?;
        let [only] = metadata.as_object()?.members.as_slice() else { return None };
        if &*only.key.text != "description" || metadata.comments.is_some() || only.value.comments.is_some() {
            return None;
        }
        let text = self.literal_text(&only.value)?;
        let plain = !text.trim().is_empty() && !text.contains('\r');
        plain.then(|| text.split('\n').map(|line| format!("/ {}", line.trim_end())).collect())
    }

    /// What a declaration does not say, to be merged into the template.
    fn patch_of(
        &mut self,
        value: &Value,
        arm: &str,
        said: &HashSet<&str>,
        untyped: bool,
        out: &mut Vec<Entry>,
    ) {
        let mut members = Vec::new();
        if untyped && value.get("type").is_none() {
            members.push(Entry::set("type", Ex::atom("null")));
        }
        for member in value.as_object().map(Object::effective).unwrap_or_default() {
            if said.contains(&*member.key.text) {
                continue;
            }
            // What describes types holds no expressions.
            let ex = match &*member.key.text {
                "defaultValue" | "value" | "copy" | "condition" => self.value(&member.value),
                "allowedValues" => self.unfilled(|scope| scope.verbatim(&member.value)),
                _ => self.verbatim(&member.value),
            };
            members.push(commented(Entry::set(key_text(&member.key.text), ex), &member.value));
            let what = format!("`{}` of `{arm}`", member.key.text);
            let why =
                (&*member.key.text == "defaultValue").then(|| self.why_no_default(&member.value, value));
            self.tell_patched(member, &what, why.flatten());
        }
        if !members.is_empty() {
            out.push(Entry::set(key_text(arm), Ex::Object(members)));
        }
    }

    /// Variables as constants.
    pub(super) fn constants(&mut self, section: Option<&Value>, patch: &mut Patch) -> Vec<Entry> {
        let mut out = Vec::new();
        for member in section.and_then(Value::as_object).map(Object::effective).unwrap_or_default() {
            let value = &member.value;
            let key = member.key.text.to_lowercase();
            let named = self.variables.get(&key).filter(|_| !self.loops.contains(&key)).cloned();
            let Some(named) = named else {
                // A loop has no counterpart: it stays one, and its variables are named as ARM names them.
                let what = format!("`{}`", member.key.text);
                let d = errors::kept_raw(
                    self.span(member.key.range),
                    &what,
                    "aib has no word for a loop of variables",
                );
                self.report(d);
                let entry = Entry::set(key_text(&member.key.text), self.value(value));
                patch.variables.push(commented(entry, value));
                continue;
            };
            let ex = self.value(value);
            out.push(commented(Entry::set(format!("let {}", named.name), ex), value));
        }
        out
    }

    /// Variables that stay in the template, since texts that aib does not read name them.
    pub(super) fn kept_variables(&mut self, section: Option<&Value>, patch: &mut Patch) {
        for member in section.and_then(Value::as_object).map(Object::effective).unwrap_or_default() {
            let key = member.key.text.to_lowercase();
            if self.loops.contains(&key) || !self.named_by_broken.contains(&key) {
                continue;
            }
            let value = self.value(&member.value);
            patch.variables.push(Entry::set(key_text(&member.key.text), value));
            let why = "a text that is no expression names it";
            let d = errors::kept_raw(self.span(member.key.range), &format!("`{}`", member.key.text), why);
            self.report(d);
        }
    }

    /// The outputs.
    pub(super) fn outputs(&mut self, section: Option<&Value>, patch: &mut Patch) -> Vec<Entry> {
        let mut out = Vec::new();
        for member in section.and_then(Value::as_object).map(Object::effective).unwrap_or_default() {
            let (arm, value) = (&*member.key.text, &member.value);
            self.tell_no_declaration(&format!("the output `{arm}`"), value);
            match self.output(arm, value) {
                Some((entry, said)) => {
                    self.patch_of(value, arm, &said, false, &mut patch.outputs);
                    out.push(entry);
                }
                None => {
                    let said = HashSet::new();
                    self.patch_of(value, arm, &said, false, &mut patch.outputs);
                }
            }
        }
        out
    }

    fn output(&mut self, arm: &str, value: &Value) -> Option<(Entry, HashSet<&'static str>)> {
        let (_, word, holds) = type_row(value)?;
        let made = self.made(value.get("value")?);
        if word.starts_with("secret") || !fits(made.ty, *holds) || made.ty == Type::Null {
            return None;
        }
        let mut said = HashSet::from(["type", "value"]);
        let name =
            if is_name(arm) { arm.to_owned() } else { pleasant(arm).unwrap_or_else(|| "output".into()) };
        let name = unmeant(&name);
        let mut head = format!("output {name}");
        if name != arm {
            head.push_str(&format!(" as {}", quote(arm)));
        }
        if made.ty != *holds || matches!(made.ty, Type::Any | Type::List | Type::Object) {
            head.push_str(&format!(": {word}"));
        }
        let mut entry = commented(Entry::set(head, made.ex), value);
        if let Some(description) = self.description(value.get("metadata")) {
            entry.before.extend(description);
            said.insert("metadata");
        }
        let comments = self.said_comments(value, &said);
        entry.before.extend(comments);
        if let Some(condition) = value.get("condition")
            && let Some(code) = self.condition(condition)
        {
            said.insert("condition");
            entry = Entry::block(format!("if {code}"), vec![entry]);
        }
        Some((entry, said))
    }

    /// A condition as code; nothing if it is no truth value.
    pub(super) fn condition(&mut self, value: &Value) -> Option<String> {
        let made = self.made(value);
        let code = made.ex.inline()?;
        // A block begins at a brace.
        (fits(made.ty, Type::Bool) && !code.starts_with('{')).then_some(code)
    }

    /// A value as an expression of ARM, for what is passed on.
    pub(super) fn as_expr(&mut self, value: &Value) -> Option<Expr> {
        Some(match &value.data {
            Data::Text(text) => match self.meaning(text, value.range) {
                Meaning::Text(text) => Expr::str(text),
                Meaning::Expr(expr) => expr,
                Meaning::Broken => return None,
            },
            _ => return None,
        })
    }
}
