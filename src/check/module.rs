//! The checker's state: what is known of a program so far, what is left to spend on it, and scopes.

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexMap;

use super::declare::Slot;
use super::errors;
use super::params::ParamTable;
use super::program::{Judged, Output, Program, ResourceId, Shared, Via};
use super::value::{Value, deferred_by};
use crate::arm;
use crate::base::{FileId, Span, TextRange};
use crate::diag::{Diagnostic, Sink, code};
use crate::resolve::{ModuleGraph, Modules};
use crate::syntax::ast::{self, Stmt};

/// What a run is told besides its sources.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Values of parameters: known, and no longer parameters of the template.
    pub given: Vec<Given>,
    /// Whether this stands for one deployment: a parameter that is given no value has its default, and an assert over what only
    /// Azure knows is left open.
    pub defaults: bool,
    /// The API version for image templates that state none.
    pub api_version: Option<String>,
    /// Files whose policies hold for every image, imported or not.
    pub policies: Vec<FileId>,
    /// Whether values that the target would refuse are kept as they are, after they were reported.
    pub permissive: bool,
}

/// A value given to a parameter from outside.
#[derive(Clone, Debug)]
pub struct Given {
    /// The parameter.
    pub name: String,
    /// Its value.
    pub value: GivenValue,
    /// Where it was given, for messages: `--set`, `prod.parameters.json`.
    pub from: String,
}

/// The two forms in which values come from outside.
#[derive(Clone, Debug)]
pub enum GivenValue {
    /// Text, read as the parameter's type says.
    Text(String),
    /// A typed value of a parameter file.
    Value(arm::Value),
    /// What only the deployment learns: a reference to a Key Vault. The parameter stays one of the template.
    Later,
}

/// A module as imported: its file, and the parameters that `with { … }` bound.
pub(crate) struct Instance {
    pub(crate) file: FileId,
    pub(crate) given: IndexMap<Arc<str>, Value>,
    pub(crate) memo: HashMap<Arc<str>, Slotted>,
}

/// The state of a name's value.
#[derive(Clone)]
pub(crate) enum Slotted {
    Open(Span),
    Done(Value),
}

/// A function or recipe with the instance it was declared in.
#[derive(Clone, Copy)]
pub(crate) struct Callable<'a> {
    pub(crate) instance: usize,
    pub(crate) kind: CallableKind<'a>,
}

#[derive(Clone, Copy)]
pub(crate) enum CallableKind<'a> {
    Fn(&'a ast::Function),
    Recipe(&'a ast::Recipe),
}

/// Where an expression is evaluated: its module and the local names around it.
#[derive(Clone)]
pub(crate) struct Env {
    pub(crate) instance: usize,
    pub(crate) file: FileId,
    pub(crate) locals: Option<Arc<Local>>,
    pub(crate) via: Option<Arc<Via>>,
}

/// A local name, and the ones declared before it.
pub(crate) struct Local {
    name: Arc<str>,
    value: Value,
    outer: Option<Arc<Local>>,
}

impl Env {
    pub(crate) fn span(&self, range: TextRange) -> Span {
        range.in_file(self.file)
    }

    pub(crate) fn bind(&mut self, name: Arc<str>, value: Value) {
        self.locals = Some(Arc::new(Local { name, value, outer: self.locals.take() }));
    }

    pub(crate) fn local(&self, name: &str) -> Option<&Value> {
        let mut at = self.locals.as_deref();
        while let Some(local) = at {
            if &*local.name == name {
                return Some(&local.value);
            }
            at = local.outer.as_deref();
        }
        None
    }

    pub(crate) fn local_names(&self) -> Vec<Arc<str>> {
        let mut names = Vec::new();
        let mut at = self.locals.as_deref();
        while let Some(local) = at {
            names.push(local.name.clone());
            at = local.outer.as_deref();
        }
        names
    }
}

/// Everything that checking one program needs.
pub(crate) struct Checker<'a, 's> {
    pub(crate) files: &'a dyn Modules,
    pub(crate) graph: &'s ModuleGraph<'a>,
    pub(crate) options: &'s Options,
    pub(crate) sink: &'s mut Sink,
    pub(crate) instances: Vec<Instance>,
    pub(super) instance_of: HashMap<(usize, usize), usize>,
    pub(crate) callables: Vec<Callable<'a>>,
    pub(super) callable_of: HashMap<(usize, usize), usize>,
    pub(crate) called: Vec<usize>,
    pub(crate) slots: Vec<Slot<'a>>,
    pub(crate) slot_of: HashMap<(usize, usize), super::ResourceId>,
    pub(crate) params: ParamTable,
    pub(crate) shared: Vec<Shared>,
    pub(crate) outputs: Vec<Output>,
    pub(crate) template: super::program::Object,
    /// Whether resources stand under symbolic names, once that was asked.
    pub(super) symbolic: Option<bool>,
    /// The symbolic names of the slots, of as many as there were when they were asked for.
    pub(super) symbols: Vec<Arc<str>>,
    pub(crate) steps: u32,
    pub(crate) depth: u32,
    /// How many shared values have a name.
    pub(super) shared_names: HashMap<Arc<str>, u32>,
    /// How deep shared values refer to shared values.
    pub(super) shared_depths: Vec<u32>,
    /// The image that a policy is held against: a member that is not there is null then, and a list that is not there empty.
    pub(crate) judging: Option<ResourceId>,
    /// What became of the asserts and policies so far.
    pub(crate) judged: Judged,
    pub(crate) types: HashMap<usize, super::types::KnownType>,
    pub(crate) type_weight: u32,
    /// How many names may still be compared in search of what was meant.
    pub(crate) comparisons: usize,
    /// How many mistakes were reported, repeated ones among them.
    pub(crate) reports: usize,
    pub(crate) regexes: super::patterns::Regexes,
    pub(crate) open_calls: Vec<usize>,
    /// The resources whose names and ids are being evaluated.
    pub(crate) naming: Vec<ResourceId>,
    pub(crate) staging_exists: Vec<(super::ResourceId, Span)>,
    pub(crate) content_hashes: Vec<Span>,
    /// What the turns of loops declare, by the address of their statements and the keys of the turn.
    pub(crate) turns: HashMap<super::turns::TurnId, Vec<(Arc<str>, ResourceId)>>,
}

/// Names compared in all for "did you mean": a file full of unknown names gets its first ones explained.
const MAX_COMPARISONS: usize = 500_000;

/// The address of a tree node: its identity within one run.
pub(crate) fn address<T>(node: &T) -> usize {
    std::ptr::from_ref(node) as usize
}

impl<'a, 's> Checker<'a, 's> {
    pub(crate) fn new(
        files: &'a dyn Modules,
        graph: &'s ModuleGraph<'a>,
        options: &'s Options,
        sink: &'s mut Sink,
    ) -> Self {
        Self {
            files,
            graph,
            options,
            sink,
            instances: Vec::new(),
            instance_of: HashMap::new(),
            callables: Vec::new(),
            callable_of: HashMap::new(),
            called: Vec::new(),
            slots: Vec::new(),
            slot_of: HashMap::new(),
            params: ParamTable::default(),
            shared: Vec::new(),
            outputs: Vec::new(),
            template: super::program::Object::default(),
            symbolic: None,
            symbols: Vec::new(),
            steps: 0,
            depth: 0,
            shared_names: HashMap::new(),
            shared_depths: Vec::new(),
            judging: None,
            judged: Judged::default(),
            types: HashMap::new(),
            type_weight: 0,
            comparisons: MAX_COMPARISONS,
            reports: 0,
            regexes: super::patterns::Regexes::default(),
            open_calls: Vec::new(),
            naming: Vec::new(),
            staging_exists: Vec::new(),
            content_hashes: Vec::new(),
            turns: HashMap::new(),
        }
    }

    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.reports += 1;
        let diagnostic = match self.judging {
            Some(image) => {
                let what = format!("the image `{}` is looked at", self.declared_of(image));
                diagnostic.also(self.span_of(image), what)
            }
            None => diagnostic,
        };
        self.sink.push(diagnostic);
    }

    /// Reports at a place reached through uses of recipes: shows them all.
    pub(crate) fn report_via(&mut self, mut diagnostic: Diagnostic, via: &Option<Arc<Via>>) {
        let mut at = via.as_deref();
        while let Some(step) = at {
            diagnostic = diagnostic.also(step.span, step.what.to_string());
            at = step.outer.as_deref();
        }
        self.report(diagnostic);
    }

    /// Checks the whole program.
    pub(crate) fn run(&mut self) {
        let Some(module) = self.graph.module(self.graph.entry) else { return };
        let entry = self.instantiate(module.file, IndexMap::new());
        let env = self.env_of(entry);
        let items: &'a [Stmt] = &module.ast.items;
        self.force_names(entry);
        self.force_all();
        self.top_level(items, &env, &None, "");
        self.add_policies();
        self.force_all();
        self.check_unused_callables(entry);
        self.check_given();
        self.check_policies();
        self.check_whole();
    }

    /// Brings in the files of policies that nothing imports.
    fn add_policies(&mut self) {
        for file in &self.options.policies {
            if !self.instances.iter().any(|instance| instance.file == *file) {
                self.instantiate(*file, IndexMap::new());
            }
        }
    }

    pub(crate) fn finish(self) -> Program {
        let order: HashMap<FileId, usize> =
            self.graph.modules.keys().enumerate().map(|(i, f)| (*f, i)).collect();
        let mut params = self.params.into_params();
        params.sort_by_key(|p| (order.get(&p.span.file).copied().unwrap_or(usize::MAX), p.span.range.start));
        Program {
            judged: self.judged,
            written_in: super::program::WrittenIn::Aib,
            params,
            shared: self.shared,
            resources: self.slots.into_iter().map(Slot::into_resource).collect(),
            outputs: self.outputs,
            loose: Vec::new(),
            schema: None,
            template: self.template,
        }
    }

    /// One step of evaluation: false when the program has used up its steps, which is reported once.
    pub(crate) fn spend(&mut self, span: Span) -> bool {
        if self.steps >= super::MAX_STEPS {
            return false;
        }
        self.steps += 1;
        if self.steps == super::MAX_STEPS {
            self.report(errors::too_many_steps(span));
        }
        self.steps < super::MAX_STEPS
    }

    /// Counts the work of making or reading a large value.
    pub(crate) fn spend_on(&mut self, weight: u32, span: Span) -> bool {
        if self.exhausted() {
            return false;
        }
        self.steps = self.steps.saturating_add(weight.saturating_sub(1)).min(super::MAX_STEPS - 1);
        self.spend(span)
    }

    /// Whether the program has used up its steps.
    pub(crate) fn exhausted(&self) -> bool {
        self.steps >= super::MAX_STEPS
    }

    /// A value that only Azure knows, from a part of the `azure` namespace or the like.
    pub(crate) fn azure_value(&self, expr: arm::Expr, ty: super::ty::Type, what: &str, span: Span) -> Value {
        Value::deferred(expr, ty, deferred_by(what, span), span)
    }

    /// Says which `--set` and `--params` values meant nothing.
    fn check_given(&mut self) {
        let unused: Vec<String> = self
            .options
            .given
            .iter()
            .filter(|g| !self.params.was_used(&g.name))
            .map(|g| format!("`{}` ({})", g.name, g.from))
            .collect();
        if unused.is_empty() {
            return;
        }
        let names: Vec<Arc<str>> = self.params.names();
        let span = TextRange::at(0).in_file(self.graph.entry);
        for what in unused {
            let d = Diagnostic::new(&code::UNKNOWN_PARAMETER, span, format!("there is no parameter {what}"));
            let words: Vec<&str> = names.iter().map(|n| &**n).collect();
            let help = if words.is_empty() {
                "the program has no parameters".to_string()
            } else {
                format!("its parameters: {}", crate::base::list_words(&words, "and", 12))
            };
            self.sink.push(d.here("in the program of this file").help(help));
        }
    }
}
