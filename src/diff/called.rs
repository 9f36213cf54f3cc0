//! What a template makes of its own: functions, variables in loops, and types that parameters refer to.

use std::collections::{BTreeMap, BTreeSet};

use super::expr::{MAX_GROWTH, MAX_VARIABLE, Scope, size};
use super::spelling::replaced;
use super::tree::Tree;
use crate::arm::Expr;
use crate::json::{Object, Value};

/// The most turns of a loop of variables that are written out.
const MAX_TURNS: usize = 800;
/// The most calls of a template's functions that are written out.
const MAX_CALLS: usize = 5_000;
/// The most parts that types may grow by, by writing out those that they refer to.
const MAX_TYPES: usize = 20_000;
/// How deep types may refer to types.
const MAX_TYPE_DEPTH: usize = 64;
/// How a type is referred to.
const DEFINITIONS: &str = "#/definitions/";
/// Members of a type that are values.
const VALUES: &[&str] = &["defaultValue", "allowedValues", "metadata", "value"];

impl<'d> Scope<'d> {
    /// Takes note of what a template makes of its own.
    pub(super) fn note_own(&mut self, template: &'d Object) {
        let part = |key: &str| template.member_ignoring_case(key).map(|member| &member.value);
        for space in part("functions").and_then(Value::as_list).into_iter().flatten() {
            let Some(name) = member(space, "namespace").and_then(Value::as_text) else { continue };
            let members = member(space, "members").and_then(Value::as_object);
            for one in members.map(Object::effective).unwrap_or_default() {
                let key = format!("{name}.{}", one.key.text);
                self.functions.insert(key.to_lowercase(), &one.value);
            }
        }
        let loops = part("variables").and_then(|variables| member(variables, "copy"));
        for one in loops.and_then(Value::as_list).into_iter().flatten() {
            if let Some(name) = member(one, "name").and_then(Value::as_text) {
                self.loops.insert(name.to_lowercase(), one);
            }
        }
        if let Some(definitions) = part("definitions").and_then(Value::as_object) {
            let all = definitions.effective();
            self.definitions = all.into_iter().map(|one| (one.key.text.to_string(), &one.value)).collect();
        }
    }

    /// The type of a parameter, where it is said by another one too.
    pub(super) fn type_of(&self, parameter: &'d Value) -> String {
        let mut value = parameter;
        for _ in 0..MAX_TYPE_DEPTH {
            if let Some(ty) = member(value, "type").and_then(Value::as_text) {
                return ty.to_owned();
            }
            let named = member(value, "$ref").and_then(Value::as_text);
            let Some(other) = named.and_then(|named| self.definitions.get(named.strip_prefix(DEFINITIONS)?))
            else {
                break;
            };
            value = *other;
        }
        String::new()
    }

    /// What a call of one of the template's functions computes; nothing if it has to stand as it is.
    pub(super) fn called(&self, name: &str, args: &[Expr]) -> Option<Expr> {
        let key = name.to_lowercase();
        let function = self.functions.get(&key)?;
        let calls = self.calls.get();
        self.calls.set(calls.saturating_add(1));
        let may = calls < MAX_CALLS;
        let body = may.then(|| self.body_of(function, args)).flatten().filter(|body| self.grow(body));
        if body.is_none() {
            self.left_functions.borrow_mut().insert(key);
        }
        body
    }

    fn body_of(&self, function: &Value, args: &[Expr]) -> Option<Expr> {
        let names = member(function, "parameters").and_then(Value::as_list).into_iter().flatten();
        let names: Option<Vec<&str>> = names.map(|one| member(one, "name")?.as_text()).collect();
        let names = names.filter(|names| names.len() == args.len())?;
        let body = self.expr_of(member(member(function, "output")?, "value")?)?;
        let given: usize = args.iter().map(size).sum();
        if size(&body).saturating_mul(given + 1) > MAX_GROWTH {
            return None;
        }
        Some(replaced(&body, &|part| {
            let wanted = part.name_in("parameters")?;
            let at = names.iter().position(|name| name.eq_ignore_ascii_case(wanted))?;
            args.get(at).cloned()
        }))
    }

    /// The functions that stand under their names.
    pub(super) fn functions_left(&self) -> Vec<(String, Tree)> {
        let mut out: BTreeMap<String, Tree> = BTreeMap::new();
        // Comparing one may show that another is called.
        loop {
            let left = self.left_functions.borrow().clone();
            let open: Vec<String> = left.into_iter().filter(|key| !out.contains_key(key)).collect();
            if open.is_empty() {
                return out.into_iter().collect();
            }
            for key in open {
                let tree = self.functions.get(&key).map_or(Tree::Null, |value| self.tree(value));
                out.insert(key, tree);
            }
        }
    }

    /// What a loop of variables makes: its elements, or how they are computed.
    pub(super) fn turns(&self, one: &Value, depth: usize) -> Option<Expr> {
        let own = member(one, "name")?.as_text()?;
        let input = self.expr_of(member(one, "input")?)?;
        let count = self.written(&self.expr_of(member(one, "count")?)?, depth);
        let turn = |index: Expr| {
            replaced(&input, &|part| {
                let Expr::Call { name, args } = part else { return None };
                let args = match args.split_first() {
                    Some((Expr::Str(of), rest)) if of.eq_ignore_ascii_case(own) => rest,
                    Some((Expr::Str(_), _)) => return None,
                    _ => args,
                };
                let is_turn = name.eq_ignore_ascii_case("copyIndex");
                is_turn.then(|| match args.first() {
                    Some(more) => Expr::call("add", vec![index.clone(), more.clone()]),
                    None => index.clone(),
                })
            })
        };
        if let Expr::Int(count) = count
            && let Ok(count) = usize::try_from(count)
            && count <= MAX_TURNS
            && size(&input).saturating_mul(count) <= MAX_VARIABLE
        {
            let turns = (0..count).filter_map(|index| Some(turn(Expr::Int(i64::try_from(index).ok()?))));
            return Some(Expr::call("createArray", turns.collect()));
        }
        let body = turn(Expr::call("lambdaVariables", vec![Expr::str(own)]));
        let range = Expr::call("range", vec![Expr::Int(0), count]);
        Some(Expr::call("map", vec![range, Expr::call("lambda", vec![Expr::str(own), body])]))
    }
}

/// Types with those that they refer to written out.
pub(super) struct Types<'s, 'd> {
    scope: &'s Scope<'d>,
    room: usize,
    /// The types that stand under their names: they refer to themselves, or are too large.
    left: BTreeSet<String>,
}

impl<'s, 'd> Types<'s, 'd> {
    pub(super) fn new(scope: &'s Scope<'d>) -> Self {
        Self { scope, room: MAX_TYPES, left: BTreeSet::new() }
    }

    /// A declaration with the types that it refers to.
    pub(super) fn written_out(&mut self, tree: Tree) -> Tree {
        self.resolved(tree, &mut Vec::new())
    }

    /// The types that stand under their names.
    pub(super) fn left(self) -> Vec<(String, Tree)> {
        let tree = |name: String| {
            let value = self.scope.definitions.get(&name)?;
            Some((format!("{DEFINITIONS}{name}"), self.scope.tree(value)))
        };
        self.left.into_iter().filter_map(tree).collect()
    }

    fn resolved(&mut self, tree: Tree, around: &mut Vec<String>) -> Tree {
        match tree {
            Tree::List(items) => {
                Tree::List(items.into_iter().map(|item| self.resolved(item, around)).collect())
            }
            Tree::Object(members) => {
                let members: Vec<(Box<str>, Tree)> = members
                    .into_iter()
                    .map(|(key, value)| {
                        let is_value = VALUES.contains(&&*key);
                        (key, if is_value { value } else { self.resolved(value, around) })
                    })
                    .collect();
                self.referred(members, around)
            }
            other => other,
        }
    }

    /// A type with what the one that it refers to says.
    fn referred(&mut self, mut members: Vec<(Box<str>, Tree)>, around: &mut Vec<String>) -> Tree {
        let named =
            members.iter().position(|(key, value)| &**key == "$ref" && matches!(value, Tree::Text(_)));
        let name = named.and_then(|at| members.get(at)?.1.shown()?.strip_prefix(DEFINITIONS));
        let Some((at, name)) = named.zip(name.map(str::to_owned)) else { return Tree::Object(members) };
        let Some(value) = self.scope.definitions.get(&name) else { return Tree::Object(members) };
        if self.room == 0 || around.len() > MAX_TYPE_DEPTH || around.contains(&name) {
            self.left.insert(name);
            return Tree::Object(members);
        }
        self.room -= 1;
        members.remove(at);
        around.push(name);
        let other = self.resolved(self.scope.tree(value), around);
        around.pop();
        if let Tree::Object(other) = other {
            let missing = |key: &str| key != "metadata" && !members.iter().any(|(own, _)| &**own == key);
            let more: Vec<_> = other.into_iter().filter(|(key, _)| missing(key)).collect();
            members.extend(more);
        }
        Tree::Object(members)
    }
}

fn member<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    Some(&value.as_object()?.member_ignoring_case(key)?.value)
}
