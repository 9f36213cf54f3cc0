//! Symbolic names: how a template of language version 2.0 calls its resources.

use std::collections::HashMap;
use std::sync::Arc;

use super::eval::Expect;
use super::module::Checker;
use super::program::{Node, Program, ResourceId};
use crate::syntax::ast::{Stmt, StmtKind};

/// The language version whose resources stand under symbolic names.
const VERSION: &str = "2.0";

impl Program {
    /// Whether its template is of language version 2.0, whose resources stand under symbolic names.
    pub fn is_symbolic(&self) -> bool {
        self.template.get("languageVersion").and_then(Node::as_str).is_some_and(|text| &**text == VERSION)
    }

    /// The symbolic names of its resources, by their places.
    pub fn symbols(&self) -> Vec<Arc<str>> {
        symbols(self.resources.iter().map(|resource| (&*resource.declared, resource.existing)))
    }
}

/// The symbolic names of resources that are declared so: the declared names, with a number where one is taken. What is
/// deployed is named first, so that a reference never takes a name from it.
fn symbols<'d>(resources: impl Iterator<Item = (&'d str, bool)> + Clone) -> Vec<Arc<str>> {
    let mut taken: HashMap<String, usize> = HashMap::new();
    let mut out: Vec<Arc<str>> = Vec::new();
    for existing in [false, true] {
        for (index, (declared, _)) in resources.clone().enumerate().filter(|(_, (_, e))| *e == existing) {
            let plain = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '_' };
            let base: String = declared.chars().map(plain).collect();
            let base = base.trim_end_matches('_').to_owned();
            let count = taken.entry(base.to_lowercase()).or_default();
            *count += 1;
            let symbol = if *count == 1 { base } else { format!("{base}_{count}") };
            if out.len() <= index {
                out.resize(index + 1, Arc::default());
            }
            if let Some(place) = out.get_mut(index) {
                *place = symbol.into();
            }
        }
    }
    out
}

impl<'a> Checker<'a, '_> {
    /// The symbolic name by which the template asks for a resource; nothing if it has to ask by id.
    pub(crate) fn asked_by(&mut self, id: ResourceId) -> Option<Arc<str>> {
        if !self.is_symbolic() {
            return None;
        }
        let mut at = Some(id);
        while let Some(one) = at {
            // What is known by its id alone has no name and group to be listed with.
            if self.head_of(one).id.is_some() {
                return None;
            }
            at = self.slots.get(one.0 as usize).and_then(|slot| slot.parent);
        }
        if self.symbols.len() != self.slots.len() {
            self.symbols = symbols(self.slots.iter().map(|slot| (&*slot.declared, slot.existing)));
        }
        self.symbols.get(id.0 as usize).cloned()
    }

    /// Whether the file that is built says language version 2.0: it is asked before `template` has its turn.
    fn is_symbolic(&mut self) -> bool {
        if let Some(known) = self.symbolic {
            return known;
        }
        // What the version itself depends on is asked for by id.
        self.symbolic = Some(false);
        let items: &'a [Stmt] = self.graph.module(self.graph.entry).map_or(&[], |module| &module.ast.items);
        let env = self.env_of(0);
        let version = entries(items, "template")
            .filter_map(|entry| entry.block.as_ref())
            .flat_map(|block| entries(&block.items, "languageVersion"))
            .find_map(|entry| entry.value.as_ref());
        let found = version.is_some_and(|expr| {
            self.eval(expr, &env, Expect::None).as_str().is_some_and(|text| &**text == VERSION)
        });
        self.symbolic = Some(found);
        found
    }
}

/// The entries of a block that begin with a word.
fn entries<'a>(items: &'a [Stmt], word: &str) -> impl Iterator<Item = &'a crate::syntax::ast::Entry> {
    items.iter().filter_map(move |stmt| match &stmt.kind {
        StmtKind::Entry(entry) if &*entry.keyword.text == word => Some(entry),
        _ => None,
    })
}
