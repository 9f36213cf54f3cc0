//! The resources of a template before they are written: what each is called, where it is declared, what names it.

use super::errors;
use super::ids::default_name;
use super::lookup::emitted;
use super::names::pleasant;
use super::resources::listed;
use super::scope::{Declared, Meaning, Scope};
use super::text::{Part, divided, interpolated};
use crate::arm::Expr;
use crate::json::{Data, Object, Value};
use crate::schema::{DEFINITION, GALLERY, IMAGE, ResourceKind, TRIGGER, resource_kind_by_arm};
use crate::syntax::{is_name, quote};

/// A resource of the template, as it will be written.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    /// Its name in the source.
    pub(super) declared: String,
    /// What refers to it: `prod.web` for a definition.
    pub(super) path: String,
    /// Its kind, if it is written as one.
    pub(super) kind: Option<&'static ResourceKind>,
    /// The code of its own part of its name.
    pub(super) name: Option<String>,
    /// The index of the resource that it is declared in.
    pub(super) parent: Option<usize>,
    /// Whether it is one resource, which the template deploys: no loop, and no existing one.
    pub(super) one: bool,
    /// Whether the template lists it as one that exists, in a way that the compiler does too.
    pub(super) existing: bool,
    /// Its kind, if it exists and is declared as one among the existing resources.
    pub(super) listed: Option<&'static ResourceKind>,
    /// Its API version, as it is written.
    pub(super) version: Option<String>,
    /// Its type and the code of its names, by which others name it.
    pub(super) key: Option<String>,
    /// The code of its whole name, in lower case.
    plain_name: Option<String>,
}

impl Scope {
    /// Keeps symbolic names for the resources that have them: the template names them by these.
    pub(super) fn name_symbols(&mut self, section: Option<&Value>) {
        for (symbol, _) in listed(section) {
            let Some(symbol) = symbol else { continue };
            let wanted =
                if is_name(symbol) { symbol.to_owned() } else { pleasant(symbol).unwrap_or_default() };
            let wanted = if wanted.is_empty() { "resource" } else { &wanted };
            let declared = self.names.take(wanted);
            self.symbols.insert(symbol.to_owned(), declared);
        }
    }

    /// Finds the resources of a template and gives each its name in the source.
    pub(super) fn name_resources(&mut self, section: Option<&Value>) {
        let resources = listed(section);
        for (_, value) in &resources {
            let planned = self.planned(value);
            self.planned.push(planned);
        }
        // What is deployed comes before what exists: it is what others wait for.
        let (exist, made): (Vec<usize>, Vec<usize>) = (0..self.planned.len())
            .partition(|index| self.planned.get(*index).is_some_and(|planned| planned.existing));
        for index in made.into_iter().chain(exist) {
            let Some(planned) = self.planned.get(index) else { continue };
            if let Some(key) = planned.key.clone() {
                self.by_key.entry(key).or_insert(index);
            }
            if let (Some(name), false) = (planned.plain_name.clone(), planned.existing) {
                let places = self.by_name.entry(name);
                places.and_modify(|at| *at = None).or_insert(Some(index));
            }
        }
        let values: Vec<&Value> = resources.iter().map(|(_, value)| *value).collect();
        self.place_children(&values);
        // What holds others is called first: their paths begin with its name.
        for children in [false, true] {
            for (index, (symbol, value)) in resources.iter().enumerate() {
                if self.planned.get(index).is_some_and(|p| p.parent.is_some() == children) {
                    self.declare(index, *symbol, value);
                }
            }
        }
        for (index, planned) in self.planned.iter().enumerate() {
            if let Some(key) = &planned.key
                && planned.one
                && self.by_key.get(key) == Some(&index)
            {
                let keyword = planned.kind.map_or("resource", |kind| kind.keyword);
                self.declared.insert(key.clone(), Declared { path: planned.path.clone(), keyword, index });
            }
        }
        for (index, (symbol, _)) in resources.iter().enumerate() {
            self.by_symbol.extend(symbol.map(|symbol| (symbol.to_owned(), index)));
        }
        self.find_rings(&values);
        self.tell_symbols(section);
    }

    /// Tells of the symbolic names that are no names of the language.
    fn tell_symbols(&mut self, section: Option<&Value>) {
        for member in section.and_then(Value::as_object).map(Object::effective).unwrap_or_default() {
            let symbol = &*member.key.text;
            let Some(name) =
                self.symbols.get(symbol).map(|name| emitted(name)).filter(|name| *name != symbol)
            else {
                continue;
            };
            let why = format!("the resource is named `{name}`, also where others name it");
            let d = errors::not_carried(
                self.span(member.key.range),
                &format!("the symbolic name `{symbol}`"),
                &why,
            );
            self.report(d);
        }
    }

    fn planned(&mut self, value: &Value) -> Planned {
        let text = value.get("type").and_then(Value::as_text).unwrap_or_default();
        let existing = self.asks && value.get("existing").is_some_and(|v| v.data == Data::Bool(true));
        let elsewhere =
            existing && ["resourceGroup", "subscriptionId"].iter().any(|key| value.get(key).is_some());
        let looped = value.get("copy").is_some() || (value.get("existing").is_some() && !existing);
        let kind = resource_kind_by_arm(text).filter(|kind| kind.deployable);
        let image = || text.eq_ignore_ascii_case(IMAGE.arm_type.split('/').next()?).then_some(&IMAGE);
        let kind = kind.or_else(image).filter(|_| !looped && !existing);
        let name = value.get("name").and_then(|name| self.text_code(name));
        self.plain_ids = true;
        let names = value.get("name").and_then(Value::as_text).map(|n| self.name_codes(n, value, true));
        self.plain_ids = false;
        let ty = kind.map_or(text, |kind| kind.arm_type);
        // What lies in another group has an id that says so.
        let key = names.as_ref().filter(|_| !elsewhere).map(|names| id_key(ty, names));
        Planned {
            path: String::new(),
            declared: String::new(),
            kind,
            plain_name: names.map(|names| names.join("/").to_lowercase()),
            name: name.map(|code| code.text),
            parent: None,
            one: !looped,
            existing,
            listed: None,
            version: value.get("apiVersion").and_then(Value::as_text).map(str::to_owned),
            key,
        }
    }

    /// Gives a resource its name: the symbolic one, or one that is free in the file or, of a child, in its parent.
    fn declare(&mut self, index: usize, written: Option<&str>, value: &Value) {
        let Some(planned) = self.planned.get(index).cloned() else { return };
        let ty = value.get("type").and_then(Value::as_text).unwrap_or_default();
        let symbol = written.and_then(|symbol| self.symbols.get(symbol)).cloned();
        let wanted = match &symbol {
            Some(symbol) => symbol.clone(),
            None => self.wanted_name(value, planned.kind, ty),
        };
        let (declared, path) = match planned.parent {
            Some(parent) => {
                let front = self.planned.get(parent).map(|p| p.path.clone()).unwrap_or_default();
                let names = self.child_names.entry(front.clone()).or_default();
                let declared = names.take_member(&wanted);
                let path = format!("{front}.{declared}");
                (declared, path)
            }
            None if symbol.is_some() => (wanted.clone(), wanted),
            None => {
                let last = ty.rsplit('/').next().unwrap_or_default();
                let ending = ending(planned.kind, last);
                let taken = self.names.is_taken(&wanted) && !wanted.ends_with(&ending);
                let wanted = if taken { format!("{wanted}_{ending}") } else { wanted };
                let declared = self.names.take(&wanted);
                (declared.clone(), declared)
            }
        };
        if let Some(symbol) = written {
            self.symbols.insert(symbol.to_owned(), declared.clone());
        }
        if let Some(planned) = self.planned.get_mut(index) {
            planned.declared = declared;
            planned.path = path;
        }
    }

    /// A name for a resource: after its own name where that tells something, else after its kind.
    fn wanted_name(&mut self, value: &Value, kind: Option<&'static ResourceKind>, ty: &str) -> String {
        let text = value.get("name").and_then(Value::as_text).unwrap_or_default();
        let range = value.get("name").map(|v| v.range).unwrap_or_default();
        let from = match self.meaning(text, range) {
            Meaning::Text(text) => pleasant(text.rsplit('/').next().unwrap_or_default())
                .filter(|name| !text.contains(['<', '{']) && name.len() < 40),
            // What is hashed tells nothing.
            Meaning::Expr(expr) if is_hashed(&expr) => None,
            Meaning::Expr(expr) => self.named_in(&expr),
            Meaning::Broken => None,
        };
        let last = ty.rsplit('/').next().unwrap_or_default();
        let generic = pleasant(last.strip_suffix('s').unwrap_or(last)).unwrap_or_else(|| "resource".into());
        let short = from.map(|name| {
            let ends = ["_name", "_id"].iter().find_map(|end| name.strip_suffix(end));
            ends.or_else(|| name.strip_suffix("name").filter(|rest| rest.len() > 4))
                .unwrap_or(&name)
                .to_owned()
        });
        let telling = short.filter(|name| name.len() > 2 && kind.is_none_or(|kind| name != kind.keyword));
        let name = telling.unwrap_or_else(|| kind.map_or(generic, |kind| default_name(kind).to_owned()));
        match kind {
            Some(kind) if std::ptr::eq(kind, &IMAGE) => self.image_name(value, name),
            _ => name,
        }
    }

    /// The code of each part of a resource's whole name; with the values of variables in their places, or without.
    fn name_codes(&mut self, text: &str, value: &Value, whole: bool) -> Vec<String> {
        let range = value.get("name").map(|v| v.range).unwrap_or_default();
        match self.meaning(text, range) {
            Meaning::Text(text) => text.split('/').map(quote).collect(),
            Meaning::Broken => vec![quote(text)],
            Meaning::Expr(expr) => {
                let expr = if whole { self.without_variables(&expr) } else { expr };
                self.name_parts(&expr).unwrap_or_else(|| vec![self.code(&expr).text])
            }
        }
    }

    /// The parts between slashes of a name that is put together of one expression each.
    pub(super) fn name_parts(&mut self, expr: &Expr) -> Option<Vec<String>> {
        let out = divided(&self.code(expr).into_parts(), '/');
        (out.len() > 1).then(|| {
            let one = |parts: &Vec<Part>| match parts.as_slice() {
                [Part::Code(code)] => code.clone(),
                parts => interpolated(parts),
            };
            out.iter().map(one).collect()
        })
    }

    /// Puts definitions into their galleries and triggers into their images, where the file declares these.
    fn place_children(&mut self, values: &[&Value]) {
        for (index, value) in values.iter().enumerate() {
            let Some(kind) = self.planned.get(index).and_then(|p| p.kind) else { continue };
            if kind.parent.is_none() {
                continue;
            }
            let parent_kind = if kind.keyword == DEFINITION.keyword { &GALLERY } else { &IMAGE };
            let text = value.get("name").and_then(Value::as_text).unwrap_or_default();
            self.plain_ids = true;
            let whole = self.name_codes(text, value, true);
            let short = self.name_codes(text, value, false);
            self.plain_ids = false;
            let parent = match whole.as_slice() {
                [parent, own] => {
                    let key = id_key(parent_kind.arm_type, std::slice::from_ref(parent));
                    let own = if let [_, own] = short.as_slice() { own } else { own };
                    self.by_key.get(&key).map(|at| (*at, own.clone()))
                }
                _ => None,
            };
            let parent = parent.filter(|(at, _)| {
                let conditional = |v: &Value| v.get("condition").is_some();
                let is_kind = |k: &'static ResourceKind| std::ptr::eq(k, parent_kind);
                self.planned.get(*at).and_then(|p| p.kind).is_some_and(is_kind)
                    && !conditional(value)
                    && values.get(*at).is_some_and(|v| !conditional(v))
            });
            let Some(child) = self.planned.get_mut(index) else { continue };
            match parent {
                Some((at, own)) => {
                    child.parent = Some(at);
                    child.name = Some(own);
                }
                None => child.kind = None,
            }
        }
    }

    /// The type and names of `resourceId(type, names…)`, in the form of [`Planned::key`].
    pub(super) fn key_of(&mut self, expr: &Expr) -> Option<String> {
        let Expr::Call { name, args } = expr else { return None };
        let [Expr::Str(ty), names @ ..] = args.as_slice() else { return None };
        if !name.eq_ignore_ascii_case("resourceId") || names.len() != ty.matches('/').count() {
            return None;
        }
        let before = std::mem::replace(&mut self.plain_ids, true);
        let mut codes = Vec::new();
        for name in names {
            let name = self.without_variables(name);
            codes.push(self.code(&name).text);
        }
        self.plain_ids = before;
        Some(id_key(ty, &codes))
    }
}

/// What resources are told apart by: type and names, without case.
fn id_key(ty: &str, names: &[String]) -> String {
    format!("{} {}", ty.to_lowercase(), names.join(" / ").to_lowercase())
}

/// Whether a name is made of what nobody reads.
fn is_hashed(expr: &Expr) -> bool {
    let hash = |name: &str| ["guid", "newGuid"].iter().any(|f| f.eq_ignore_ascii_case(name));
    matches!(expr, Expr::Call { name, .. } if hash(name))
}

/// What is put behind a name that is taken.
fn ending(kind: Option<&'static ResourceKind>, last: &str) -> String {
    match kind {
        Some(kind) if std::ptr::eq(kind, &TRIGGER) => "trigger".into(),
        Some(kind) => kind.keyword.to_owned(),
        None => pleasant(last.strip_suffix('s').unwrap_or(last)).unwrap_or_else(|| "resource".into()),
    }
}
