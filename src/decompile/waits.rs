//! What waits for what: nothing is said where it follows from what a resource refers to.

use std::collections::HashSet;

use super::errors;
use super::lookup::emitted;
use super::out::{Entry, Ex};
use super::planned::Planned;
use super::rows::address;
use super::scope::{Meaning, Scope};
use super::value::{commented, dangling};
use crate::arm::{self, Expr};
use crate::json::{Data, Value};
use crate::syntax::quote;

impl Scope {
    /// What a resource waits for: nothing to say where it follows from what it refers to.
    pub(super) fn waits(&mut self, index: usize, value: &Value, planned: &Planned) -> Option<Entry> {
        let mut derived: HashSet<usize> = HashSet::new();
        self.referred(value, &mut derived, 0);
        derived.extend(planned.parent);
        derived.remove(&index);
        let written = value.get("dependsOn");
        let items = match written {
            None => &[][..],
            Some(value) => match &value.data {
                Data::List(items) => items.as_slice(),
                _ => return Some(self.exact_waits(value, planned)),
            },
        };
        let mut explicit: HashSet<usize> = HashSet::new();
        let mut all_known = !self.symbolic || self.asks;
        for item in items {
            match self.depended(item) {
                Some(at) if at != index => {
                    explicit.insert(at);
                }
                _ => all_known = false,
            }
        }
        if all_known && derived.is_subset(&explicit) {
            if let Some(value) = written {
                self.take(value);
            }
            let mut more: Vec<usize> = explicit.difference(&derived).copied().collect();
            more.sort_unstable();
            let paths: Vec<Entry> = more
                .iter()
                .filter_map(|at| self.planned.get(*at))
                .map(|p| Entry::item(Ex::atom(p.path.clone())))
                .collect();
            let entry = Entry::set("depends_on", Ex::List(paths.clone()));
            return (!paths.is_empty()).then_some(entry);
        }
        match written {
            Some(value) => Some(self.exact_waits(value, planned)),
            None if derived.is_empty() => None,
            None => {
                let nothing = Entry::set("dependsOn", Ex::atom("null"));
                Some(Entry::set("envelope", Ex::Object(vec![nothing])))
            }
        }
    }

    /// `envelope = { dependsOn = … }`: what is waited for, exactly as the template has it.
    fn exact_waits(&mut self, value: &Value, _: &Planned) -> Entry {
        self.take(value);
        self.said.insert(address(value));
        let nothing = matches!(&value.data, Data::List(items) if items.is_empty());
        let ex = match nothing {
            true => Ex::atom("null"),
            false => self.symbols_in(value),
        };
        let d = errors::kept_raw(
            self.span(value.range),
            "`dependsOn`",
            "it is not what follows from what the resource refers to",
        );
        self.report(d);
        Entry::set("envelope", Ex::Object(vec![commented(Entry::set("dependsOn", ex), value)]))
    }

    /// `dependsOn`, whose symbolic names are those of the source.
    pub(super) fn symbols_in(&mut self, value: &Value) -> Ex {
        let Data::List(items) = &value.data else { return self.value(value) };
        let mut out = Vec::new();
        for item in items {
            let symbol = item.as_text().and_then(|text| self.symbols.get(text));
            let ex = match symbol {
                Some(symbol) => Ex::atom(quote(emitted(symbol))),
                None => self.value(item),
            };
            out.push(commented(Entry::item(ex), item));
        }
        dangling(&mut out, value.inside());
        Ex::List(out)
    }

    /// The resource that an element of `dependsOn` names.
    fn depended(&mut self, item: &Value) -> Option<usize> {
        let text = item.as_text()?;
        match self.meaning(text, item.range) {
            Meaning::Text(text) if self.asks => self.by_symbol.get(&text).copied(),
            Meaning::Text(text) => self.by_name(&text.split('/').map(quote).collect::<Vec<_>>().join("/")),
            Meaning::Expr(expr) => {
                let expr = self.without_variables(&expr);
                // An id may be that of an existing resource, which no id waits for.
                if let Some(key) = self.key_of(&expr) {
                    return self.by_key.get(&key).copied();
                }
                let codes = self.name_parts(&expr).unwrap_or_else(|| vec![self.code(&expr).text]);
                self.by_name(&codes.join("/"))
            }
            Meaning::Broken => None,
        }
    }

    fn by_name(&self, name: &str) -> Option<usize> {
        self.by_name.get(&name.to_lowercase()).copied().flatten()
    }

    /// The resources of the file whose ids stand in a value, or that it asks for by their symbolic names: the compiler
    /// makes it wait for them.
    pub(super) fn referred(&mut self, value: &Value, out: &mut HashSet<usize>, depth: u8) {
        match &value.data {
            Data::Text(text) => {
                if let Meaning::Expr(expr) = self.quiet_meaning(text) {
                    self.referred_by(&expr, out);
                }
            }
            Data::List(items) => items.iter().for_each(|item| self.referred(item, out, depth + 1)),
            Data::Object(object) => {
                let inner = is_inner(value);
                for member in object.members.iter().filter(|m| !(inner && &*m.key.text == "template")) {
                    if depth == 0 && matches!(&*member.key.text, "dependsOn" | "name" | "type" | "apiVersion")
                    {
                        continue;
                    }
                    if let Meaning::Expr(expr) = self.quiet_meaning(&member.key.text) {
                        self.referred_by(&expr, out);
                    }
                    self.referred(&member.value, out, depth + 1);
                }
            }
            _ => {}
        }
    }

    fn referred_by(&mut self, expr: &Expr, out: &mut HashSet<usize>) {
        let whole = self.without_variables(expr);
        let mut ids = Vec::new();
        whole.walk(&mut |expr| {
            if matches!(expr, Expr::Call { name, .. } if name.eq_ignore_ascii_case("resourceId")) {
                ids.push(expr.clone());
            }
        });
        for id in ids {
            let Some(key) = self.key_of(&id) else { continue };
            let made = |at: &&usize| self.planned.get(**at).is_some_and(|planned| !planned.existing);
            out.extend(self.by_key.get(&key).filter(made));
        }
        if self.asks {
            whole.walk(&mut |expr| {
                out.extend(arm::asked_symbol(expr).and_then(|symbol| self.by_symbol.get(symbol)));
            });
        }
    }

    /// Finds the resources that refer to each other in a ring: their ids stay calls, since a reference waits.
    pub(super) fn find_rings(&mut self, values: &[&Value]) {
        let mut edges: Vec<HashSet<usize>> = Vec::new();
        for (index, value) in values.iter().enumerate() {
            let mut targets = HashSet::new();
            self.referred(value, &mut targets, 0);
            for item in value.get("dependsOn").and_then(Value::as_list).unwrap_or_default() {
                targets.extend(self.depended(item));
            }
            targets.extend(self.planned.get(index).and_then(|p| p.parent));
            targets.remove(&index);
            edges.push(targets);
        }
        let mut waiting: Vec<usize> = edges.iter().map(HashSet::len).collect();
        let mut followers: Vec<Vec<usize>> = vec![Vec::new(); edges.len()];
        for (from, targets) in edges.iter().enumerate() {
            for target in targets {
                followers.get_mut(*target).into_iter().for_each(|list| list.push(from));
            }
        }
        let mut ready: Vec<usize> = (0..edges.len()).filter(|at| waiting.get(*at) == Some(&0)).collect();
        while let Some(done) = ready.pop() {
            for follower in followers.get(done).into_iter().flatten() {
                if let Some(count) = waiting.get_mut(*follower) {
                    *count -= 1;
                    if *count == 0 {
                        ready.push(*follower);
                    }
                }
            }
        }
        let open = |(at, count): (usize, &usize)| (*count > 0).then_some(at);
        self.ringed = waiting.iter().enumerate().filter_map(open).collect();
    }

    /// Whether what is written now may refer to a resource by its name.
    pub(super) fn may_refer(&self, target: usize) -> bool {
        self.current.is_none_or(|from| {
            from != target && !(self.ringed.contains(&from) && self.ringed.contains(&target))
        })
    }
}

/// Whether the properties of a nested deployment say that the expressions in its template are its own.
pub(super) fn is_inner(properties: &Value) -> bool {
    let scope = properties.get("expressionEvaluationOptions").and_then(|options| options.get("scope"));
    scope.and_then(Value::as_text).is_some_and(|scope| scope.eq_ignore_ascii_case("inner"))
}

/// Adds what is waited for: to an `envelope` that is there already, else as an entry of its own.
pub(super) fn add_waits(block: &mut Vec<Entry>, waits: Option<Entry>) {
    let Some(waits) = waits else { return };
    if waits.head == "envelope"
        && let Some(Ex::Object(more)) = waits.value.clone()
        && let Some(Ex::Object(members)) =
            block.iter_mut().find(|e| e.head == "envelope").and_then(|e| e.value.as_mut())
    {
        members.extend(more);
        return;
    }
    let mut waits = waits;
    waits.apart = block.last().is_some_and(|entry| entry.block.is_some());
    let at = block.iter().position(|e| e.block.is_some() && e.head.starts_with("definition "));
    block.insert(at.unwrap_or(block.len()), waits);
}
