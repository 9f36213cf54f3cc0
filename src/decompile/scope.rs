//! What is known while a file is written: names, references, and what was found.

use std::collections::{HashMap, HashSet};

use super::errors;
use super::existing::Existings;
use super::names::Names;
use crate::arm::{self, Expr, TemplateString};
use crate::base::{FileId, Span, TextRange};
use crate::diag::Diagnostic;
use crate::json::Value;

/// What a value is, as far as the language asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Type {
    Text,
    Int,
    Bool,
    List,
    Object,
    Null,
    Any,
}

impl Type {
    /// The type that a word of the table of functions or operators stands for.
    pub(super) fn of_word(word: &str) -> Self {
        match word {
            "string" => Self::Text,
            "int" => Self::Int,
            "bool" => Self::Bool,
            "list" => Self::List,
            "object" => Self::Object,
            _ => Self::Any,
        }
    }
}

/// A parameter or variable of the template.
#[derive(Clone, Debug)]
pub(super) struct Named {
    /// Its name in the source.
    pub(super) name: String,
    /// What it holds.
    pub(super) ty: Type,
}

/// A resource that the file declares.
#[derive(Clone, Debug)]
pub(super) struct Declared {
    /// What refers to it: `prod.web`.
    pub(super) path: String,
    /// Its kind.
    pub(super) keyword: &'static str,
    /// Its place among the resources.
    pub(super) index: usize,
}

/// Everything that is known while a file is written.
pub(super) struct Scope {
    pub(super) file: FileId,
    /// Whether strings are literal, as in a raw body: nothing in it is an expression.
    pub(super) raw: bool,
    pub(super) names: Names,
    /// What the file is called, without its ending.
    pub(super) stem: String,
    /// By lower-case name.
    pub(super) params: HashMap<String, Named>,
    /// By lower-case name.
    pub(super) variables: HashMap<String, Named>,
    /// The variables that a loop makes, by lower-case name.
    pub(super) loops: HashSet<String>,
    /// Those of them that the source names.
    pub(super) used_loops: HashSet<String>,
    /// The variables of the template as they are written, by lower-case name.
    pub(super) written: HashMap<String, Value>,
    /// The defaults of parameters that are known text, by their names in the source.
    pub(super) defaults: HashMap<String, String>,
    /// The variables, in lower case, that texts name which stay as they are: the template has to define these.
    pub(super) named_by_broken: HashSet<String>,
    /// The values of variables, for expressions that are passed on as they are.
    pub(super) values: HashMap<String, Expr>,
    /// The existing resources that the file declares.
    pub(super) existing: Existings,
    pub(super) uses_marketplace: bool,
    pub(super) findings: Vec<Diagnostic>,
    /// The codes and places of the findings.
    found: HashSet<(&'static str, Span)>,
    /// The resources of the template, in order.
    pub(super) planned: Vec<super::planned::Planned>,
    /// Their places, by the type and names in their ids.
    pub(super) by_key: HashMap<String, usize>,
    /// Their places, by name alone where only one has it.
    pub(super) by_name: HashMap<String, Option<usize>>,
    /// The names of children, by the path of what they are declared in.
    pub(super) child_names: HashMap<String, Names>,
    /// The place of the resource that is being written.
    pub(super) current: Option<usize>,
    /// Whether ids of the file's resources stay calls, in what only serves to tell resources apart.
    pub(super) plain_ids: bool,
    /// The resources that refer to each other in a ring.
    pub(super) ringed: HashSet<usize>,
    /// Whether resources stand under symbolic names.
    pub(super) symbolic: bool,
    /// Whether the compiler asks for resources by their symbolic names: in language version 2.0.
    pub(super) asks: bool,
    /// The places of the resources by their symbolic names in the template.
    pub(super) by_symbol: HashMap<String, usize>,
    /// What each symbolic name is in the source.
    pub(super) symbols: HashMap<String, String>,
    /// The values that rows have said.
    pub(super) taken: HashSet<usize>,
    /// Comments within a value that has one entry only, for that entry.
    pub(super) pending: Vec<String>,
    /// The resources that the file declares, by the printed text of their ids.
    pub(super) declared: HashMap<String, Declared>,
    /// Values of the head that have an entry of their own.
    pub(super) said: HashSet<usize>,
    /// The values whose comments were carried over.
    pub(super) told: HashSet<usize>,
    /// The values of whose comments those before them were carried over.
    pub(super) begun: HashSet<usize>,
    /// The parameters that placeholders become, by what stands between the angles, in lower case.
    pub(super) placeholders: HashMap<String, String>,
    /// Values that are left out, which was told.
    pub(super) dropped: HashSet<usize>,
    /// The names of elements in the lambdas around what is translated.
    pub(super) bound: Vec<String>,
    /// All names of elements, which nothing else may have.
    pub(super) lambdas: HashSet<String>,
    /// How deep the expression nests that is translated.
    pub(super) depth: u32,
}

/// What a string of the template stands for.
pub(super) enum Meaning {
    /// This text.
    Text(String),
    /// An expression.
    Expr(Expr),
    /// What looks like an expression and is none.
    Broken,
}

impl Scope {
    pub(super) fn new(file: FileId, raw: bool) -> Self {
        Self {
            file,
            raw,
            names: Names::default(),
            stem: String::new(),
            params: HashMap::new(),
            variables: HashMap::new(),
            values: HashMap::new(),
            loops: HashSet::new(),
            used_loops: HashSet::new(),
            written: HashMap::new(),
            named_by_broken: HashSet::new(),
            defaults: HashMap::new(),
            existing: Existings::default(),
            uses_marketplace: false,
            findings: Vec::new(),
            found: HashSet::new(),
            planned: Vec::new(),
            by_key: HashMap::new(),
            by_name: HashMap::new(),
            child_names: HashMap::new(),
            current: None,
            plain_ids: false,
            ringed: HashSet::new(),
            symbolic: false,
            asks: false,
            by_symbol: HashMap::new(),
            symbols: HashMap::new(),
            taken: HashSet::new(),
            pending: Vec::new(),
            declared: HashMap::new(),
            said: HashSet::new(),
            told: HashSet::new(),
            begun: HashSet::new(),
            placeholders: HashMap::new(),
            dropped: HashSet::new(),
            bound: Vec::new(),
            lambdas: HashSet::new(),
            depth: 0,
        }
    }

    pub(super) fn span(&self, range: TextRange) -> Span {
        range.in_file(self.file)
    }

    /// Notes something; of one kind at one place once.
    pub(super) fn report(&mut self, found: Diagnostic) {
        if self.found.insert((found.code.id, found.span())) {
            self.findings.push(found);
        }
    }

    /// What a string of the template stands for.
    pub(super) fn meaning(&mut self, text: &str, range: TextRange) -> Meaning {
        if self.raw {
            return self.filled(Meaning::Text(text.to_owned()));
        }
        let meaning = match arm::parse_template_string(text) {
            Ok(TemplateString::Literal(text)) => Meaning::Text(text),
            Ok(TemplateString::Expr(expr)) => match self.undeclared(&expr) {
                None => Meaning::Expr(expr),
                Some((kind, name)) => {
                    let d = errors::undeclared(self.span(range), kind, &name);
                    self.report(d);
                    Meaning::Broken
                }
            },
            Err(error) => {
                let d = errors::broken_expression(self.span(range), &error.message);
                self.report(d);
                Meaning::Broken
            }
        };
        if matches!(meaning, Meaning::Broken) {
            self.named_by_broken.extend(variables_in(text));
        }
        self.filled(meaning)
    }

    /// The first parameter or variable of an expression that the template does not have.
    fn undeclared(&self, expr: &Expr) -> Option<(&'static str, String)> {
        let mut found = None;
        expr.walk(&mut |expr| {
            let Expr::Call { name, args } = expr else { return };
            let [Expr::Str(named)] = args.as_slice() else { return };
            let key = named.to_lowercase();
            let missing = if name.eq_ignore_ascii_case("parameters") {
                (!self.params.contains_key(&key)).then_some("parameter")
            } else if name.eq_ignore_ascii_case("variables") {
                let known = self.variables.contains_key(&key) || self.loops.contains(&key);
                (!known).then_some("variable")
            } else {
                None
            };
            if let (Some(kind), None) = (missing, &found) {
                found = Some((kind, named.to_string()));
            }
        });
        found
    }

    /// What a string stands for, without a word about what is wrong with it.
    pub(super) fn quiet_meaning(&self, text: &str) -> Meaning {
        self.filled(match arm::parse_template_string(text) {
            _ if self.raw => Meaning::Text(text.to_owned()),
            Ok(TemplateString::Literal(text)) => Meaning::Text(text),
            Ok(TemplateString::Expr(expr)) if self.undeclared(&expr).is_none() => Meaning::Expr(expr),
            _ => Meaning::Broken,
        })
    }
}

/// The variables that a text names which may be no expression, in lower case.
fn variables_in(text: &str) -> Vec<String> {
    let text = text.to_lowercase();
    let named = |rest: &str| {
        let inner = rest.trim_start().strip_prefix('(')?.trim_start().strip_prefix('\'')?;
        Some(inner.split_once('\'')?.0.to_owned())
    };
    text.split("variables").skip(1).filter_map(named).collect()
}
