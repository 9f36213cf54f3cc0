//! Which parameters are reachable, and which shared values become variables.

use std::collections::{HashMap, HashSet};

use super::walk::{Visitor, exprs_of_node, parts};
use crate::arm::Expr;
use crate::check::{Param, Program};

/// The parameters that expressions use, directly, through what is shared and through defaults.
#[derive(Default)]
pub(super) struct Reach {
    visitor: Visitor,
    /// In lower case: Azure compares them so.
    names: HashSet<String>,
}

impl Reach {
    /// Adds what an expression uses.
    pub(super) fn add(&mut self, expr: &Expr) {
        let names = &mut self.names;
        self.visitor.visit(expr, &mut |expr| {
            if let Some(name) = expr.name_in("parameters") {
                names.insert(name.to_lowercase());
            }
        });
    }

    /// Adds a parameter.
    pub(super) fn add_param(&mut self, param: &Param) {
        self.names.insert(param.name.to_lowercase());
    }

    /// The parameters, in the order of the program, with those that their defaults use.
    pub(super) fn params(mut self, program: &Program) -> Vec<&Param> {
        let by_name: HashMap<String, &Param> =
            program.params.iter().map(|p| (p.name.to_lowercase(), p)).collect();
        let mut waiting: Vec<String> = self.names.iter().cloned().collect();
        let mut seen = self.names.clone();
        while let Some(name) = waiting.pop() {
            if let Some(default) = by_name.get(&name).and_then(|param| param.default.as_ref()) {
                exprs_of_node(default, &mut |expr| self.add(expr));
                waiting.extend(self.names.difference(&seen).cloned());
                seen.clone_from(&self.names);
            }
        }
        program.params.iter().filter(|p| self.names.contains(&p.name.to_lowercase())).collect()
    }
}

/// Counts where shared values stand.
#[derive(Default)]
pub(super) struct Uses<'a> {
    counts: HashMap<u32, usize>,
    values: HashMap<u32, &'a Expr>,
}

impl<'a> Uses<'a> {
    /// Counts the shared values of an emitted expression, not what they are made of.
    pub(super) fn add(&mut self, expr: &'a Expr) {
        let mut waiting = vec![expr];
        while let Some(expr) = waiting.pop() {
            if let Expr::Shared { id, expr } = expr {
                *self.counts.entry(*id).or_default() += 1;
                self.values.insert(*id, expr);
            }
            waiting.extend(parts(expr));
        }
    }

    /// The values that are written at least twice and may stand in a variable; those that others are made of first.
    pub(super) fn variables(mut self) -> Vec<(u32, &'a Expr)> {
        let order = self.inner_first();
        let hoistable = hoistable(&order);
        let mut out = Vec::new();
        for (id, expr, inner) in order.into_iter().rev() {
            let count = self.counts.get(&id).copied().unwrap_or(0);
            let variable = count >= 2 && hoistable.contains(&id);
            // A variable writes what it is made of once; else each use writes it.
            let weight = if variable { 1 } else { count };
            for id in inner {
                let count = self.counts.entry(id).or_default();
                *count = count.saturating_add(weight);
            }
            if variable {
                out.push((id, expr));
            }
        }
        out.reverse();
        out
    }

    /// All shared values with the ids of those they are directly made of; those first that others are made of.
    fn inner_first(&self) -> Vec<(u32, &'a Expr, Vec<u32>)> {
        let mut roots: Vec<(u32, &'a Expr)> = self.values.iter().map(|(id, expr)| (*id, *expr)).collect();
        roots.sort_by_key(|(id, _)| *id);
        let mut entered = HashSet::new();
        let mut out = Vec::new();
        let mut waiting: Vec<(u32, &'a Expr, Option<Vec<u32>>)> =
            roots.into_iter().rev().map(|(id, expr)| (id, expr, None)).collect();
        while let Some((id, expr, done)) = waiting.pop() {
            if let Some(inner) = done {
                out.push((id, expr, inner));
                continue;
            }
            if !entered.insert(id) {
                continue;
            }
            let mut uses = Uses::default();
            uses.add(expr);
            let mut inner = Vec::new();
            uses.counts.iter().for_each(|(id, count)| inner.extend(std::iter::repeat_n(*id, *count)));
            inner.sort_unstable();
            waiting.push((id, expr, Some(inner)));
            let mut below: Vec<_> = uses.values.into_iter().collect();
            below.sort_by_key(|(id, _)| *id);
            waiting.extend(below.into_iter().rev().map(|(id, expr)| (id, expr, None)));
        }
        out
    }
}

/// The values that may stand in a variable: Azure computes variables before it deploys anything, so nothing that asks
/// a resource may be in them, and no variable of a lambda around them is known there.
fn hoistable(inner_first: &[(u32, &Expr, Vec<u32>)]) -> HashSet<u32> {
    let mut out = HashSet::new();
    for (id, expr, inner) in inner_first {
        if inner.iter().all(|id| out.contains(id)) && !asks(expr) {
            out.insert(*id);
        }
    }
    out
}

/// Whether an expression itself asks a resource or uses a variable of a lambda around it.
fn asks(expr: &Expr) -> bool {
    let mut bound: HashSet<String> = HashSet::new();
    let mut free: HashSet<String> = HashSet::new();
    let mut waiting = vec![expr];
    while let Some(expr) = waiting.pop() {
        if let Expr::Call { name, args } = expr {
            let name = name.to_ascii_lowercase();
            if name == "reference" || name.starts_with("list") || name == "newguid" || name == "utcnow" {
                return true;
            }
            let texts = args.iter().filter_map(|arg| match arg {
                Expr::Str(text) => Some(text.to_lowercase()),
                _ => None,
            });
            match name.as_str() {
                "lambdavariables" => free.extend(texts),
                "lambda" => bound.extend(texts),
                _ => {}
            }
        }
        waiting.extend(parts(expr));
    }
    !free.is_subset(&bound)
}
