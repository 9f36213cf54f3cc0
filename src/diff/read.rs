//! Documents to what they deploy: parameters, outputs, and resources under their full types and names.

use std::collections::HashMap;

use super::expr::Scope;
use super::tree::Tree;
use crate::arm::{self, Expr, TemplateString, parse_template_string};
use crate::check::GivenValue;
use crate::json::{Data, Object, Value};
use crate::schema::{Place, UNMODELLED, places, resource_kind_by_arm};

/// What a document deploys.
#[derive(Debug, Default)]
pub struct Deployment {
    pub(super) parameters: Vec<(String, Tree)>,
    pub(super) variables: Vec<(String, Tree)>,
    pub(super) resources: Vec<Resource>,
    pub(super) outputs: Vec<(String, Tree)>,
    /// The given names that are no parameters of it.
    unknown: Vec<String>,
}

/// A value given to a parameter.
#[derive(Clone, Debug)]
pub struct GivenTo {
    /// The parameter.
    pub name: String,
    /// Its value.
    pub value: GivenValue,
}

/// A resource of a document.
#[derive(Clone, Debug)]
pub(super) struct Resource {
    /// Its full type, as the table spells it where the table has it.
    pub(super) ty: String,
    /// Its full name; nothing where a raw body does not say it.
    pub(super) name: Option<Tree>,
    /// Where it stands in the document.
    pub(super) pointer: String,
    /// The API version, if it is known.
    pub(super) version: Option<String>,
    /// All its members but type, name and the resources in it.
    pub(super) body: Tree,
    /// The name of a template that names its resources by symbols.
    symbol: Option<String>,
    /// The key of the resource that it stands in.
    parent: Option<String>,
}

/// Members that say nothing of what is deployed, for every type: notes, and what Azure writes.
const LEFT_OUT: &[&str] = &["type", "name", "resources", "comments", "metadata", "id", "systemData", "etag"];
/// Members that mean the same empty as absent.
const EMPTY_IS_ABSENT: &[&str] = &["tags", "properties", "dependsOn"];
/// What only the service writes, for every type.
const PROVISIONING: &str = "properties.provisioningState";
/// Templates in templates.
const DEPLOYMENTS: &str = "Microsoft.Resources/deployments";

/// Reads a document.
///
/// # Errors
/// If it is neither a template nor a resource nor a list of resources, what it is instead.
pub fn read(root: &Value, given: &[GivenTo]) -> Result<Deployment, String> {
    match &root.data {
        Data::Object(object) => {
            if text_of(object, "type").is_some_and(|ty| ty.contains('/')) {
                return Ok(bodies(&[root], &|_| String::new()));
            }
            let is_list =
                |value: &Value| matches!(value.data, Data::List(_) | Data::Object(_));
            match object.member_ignoring_case("resources") {
                Some(member) if is_list(&member.value) => Ok(template(object, given)),
                _ if object.member("parameters").is_some() => Err("it looks like a parameter file".into()),
                _ => Err("it has neither `resources` nor a `type`".into()),
            }
        }
        Data::List(items) => {
            let is_resource = |item: &Value| {
                item.as_object().and_then(|o| text_of(o, "type")).is_some_and(|ty| ty.contains('/'))
            };
            if items.is_empty() || !items.iter().all(is_resource) {
                return Err("it is a list, but not of resources".into());
            }
            Ok(bodies(&items.iter().collect::<Vec<_>>(), &|n| format!("/{n}")))
        }
        _ => Err("it is no object".into()),
    }
}

impl Deployment {
    /// The given names that are no parameters of it.
    pub fn unknown(&self) -> &[String] {
        &self.unknown
    }
}

/// Raw bodies: nothing in them is an expression.
fn bodies(items: &[&Value], pointer: &dyn Fn(usize) -> String) -> Deployment {
    let scope = Scope::of_bodies();
    let mut reader = Reader { scope: &scope, resources: Vec::new() };
    for (index, item) in items.iter().enumerate() {
        reader.resource(item, pointer(index), None, None);
    }
    Deployment { resources: reader.resources, ..Deployment::default() }
}

fn template(object: &Object, given: &[GivenTo]) -> Deployment {
    let part = |key: &str| object.member_ignoring_case(key).and_then(|member| member.value.as_object());
    let members = |key: &str| part(key).map(Object::effective).unwrap_or_default();
    let mut scope = Scope::default();
    for member in members("variables") {
        scope.variables.insert(member.key.text.to_lowercase(), &member.value);
    }
    for member in members("parameters") {
        let ty = member.value.as_object().and_then(|o| text_of(o, "type")).unwrap_or_default();
        let name = member.key.text.to_string();
        scope.parameters.insert(name.to_lowercase(), (name, ty.to_owned()));
    }
    let mut unknown = Vec::new();
    for one in given {
        let key = one.name.to_lowercase();
        match scope.parameters.get(&key) {
            Some((_, ty)) => {
                let value = typed(&one.value, ty);
                scope.given.insert(key, value);
            }
            None => unknown.push(one.name.clone()),
        }
    }

    let mut reader = Reader { scope: &scope, resources: Vec::new() };
    match object.member_ignoring_case("resources").map(|member| &member.value.data) {
        Some(Data::List(items)) => {
            for (index, item) in items.iter().enumerate() {
                reader.resource(item, format!("/resources/{index}"), None, None);
            }
        }
        Some(Data::Object(object)) => {
            for member in object.effective() {
                let name = &member.key.text;
                let pointer = format!("/resources/{}", name.replace('~', "~0").replace('/', "~1"));
                reader.resource(&member.value, pointer, Some(name), None);
            }
        }
        _ => {}
    }
    let mut resources = reader.resources;
    settle_waits(&mut resources);

    let is_open = |name: &str| !scope.given.contains_key(&name.to_lowercase());
    let parameters = members("parameters").into_iter().filter(|member| is_open(&member.key.text));
    let parameters: Vec<_> = parameters
        .map(|member| (member.key.text.to_string(), parameter(scope.tree(&member.value))))
        .collect();
    let outputs: Vec<_> = members("outputs")
        .into_iter()
        .map(|member| (member.key.text.to_string(), without(scope.tree(&member.value), &["metadata"])))
        .collect();
    let mut variables = scope.left();
    if let Some(copy) = part("variables").and_then(|variables| variables.get("copy")) {
        variables.push(("copy".to_owned(), scope.tree(copy)));
    }
    Deployment { parameters, variables, resources, outputs, unknown }
}

/// A parameter without what does not change a deployment; its type in lower case, as Azure reads it.
fn parameter(tree: Tree) -> Tree {
    let Tree::Object(mut members) = without(tree, &["metadata"]) else { return Tree::object(Vec::new()) };
    for (key, value) in &mut members {
        if let (true, Tree::Text(text)) = (&**key == "type", &*value) {
            *value = Tree::text(text.to_lowercase());
        }
    }
    Tree::Object(members)
}

fn without(tree: Tree, keys: &[&str]) -> Tree {
    match tree {
        Tree::Object(mut members) => {
            members.retain(|(key, _)| !keys.contains(&&**key));
            Tree::Object(members)
        }
        other => other,
    }
}

/// A given value as its parameter's type reads it.
fn typed(given: &GivenValue, ty: &str) -> arm::Value {
    let text = match given {
        GivenValue::Value(value) => return value.clone(),
        GivenValue::Text(text) => text,
    };
    let ty = ty.to_lowercase();
    if ["string", "securestring"].contains(&&*ty) {
        return arm::Value::from(text.as_str());
    }
    // Text that is no value of the type stays what it is.
    let value = Expr::call("json", vec![Expr::str(text.as_str())]).as_value();
    value.unwrap_or_else(|| arm::Value::from(text.as_str()))
}

fn text_of<'v>(object: &'v Object, key: &str) -> Option<&'v str> {
    object.member_ignoring_case(key)?.value.as_text()
}

/// The resource that encloses another: its full type, its full name, its key.
struct Around {
    ty: String,
    name: Expr,
    key: String,
}

struct Reader<'s, 'd> {
    scope: &'s Scope<'d>,
    resources: Vec<Resource>,
}

impl Reader<'_, '_> {
    fn resource(&mut self, value: &Value, pointer: String, symbol: Option<&str>, around: Option<&Around>) {
        let Some(object) = value.as_object() else { return };
        if object.member_ignoring_case("existing").is_some_and(|m| m.value.data == Data::Bool(true)) {
            return;
        }
        let ty = full_type(text_of(object, "type").unwrap_or_default(), around);
        let name = text_of(object, "name").map(|text| self.name(text, around));
        let tree = name.as_ref().map(Tree::from_expr);
        let body = self.body(object, &ty);
        // What is never deployed is not there.
        if matches!(body.get("condition"), Some(Tree::Bool(false))) {
            return;
        }
        let version = match body.get("apiVersion") {
            Some(Tree::Text(version)) => Some(version.to_string()),
            _ => None,
        };
        let resource = Resource {
            name: tree,
            pointer: pointer.clone(),
            version,
            body,
            symbol: symbol.map(str::to_owned),
            parent: around.map(|around| around.key.clone()),
            ty: ty.clone(),
        };
        let around = Around { ty, name: name.unwrap_or_else(|| Expr::str("")), key: resource.key() };
        self.resources.push(resource);
        let children = object.member_ignoring_case("resources").and_then(|m| m.value.as_list());
        for (index, child) in children.into_iter().flatten().enumerate() {
            self.resource(child, format!("{pointer}/resources/{index}"), None, Some(&around));
        }
    }

    /// The full name: with those of the resources around it.
    fn name(&self, text: &str, around: Option<&Around>) -> Expr {
        let own = match parse_template_string(text) {
            _ if self.scope.literal => Expr::str(text),
            Ok(TemplateString::Expr(expr)) => self.scope.canonical(&expr),
            Ok(TemplateString::Literal(text)) => Expr::str(text),
            Err(_) => Expr::str(text),
        };
        match around {
            Some(around) => self.scope.interpolated(vec![around.name.clone(), Expr::str("/"), own]),
            None => own,
        }
    }

    fn body(&self, object: &Object, ty: &str) -> Tree {
        let own = Scope::default();
        let mut members = Vec::new();
        for member in object.effective() {
            let key = envelope(&member.key.text);
            if LEFT_OUT.contains(&&*key) {
                continue;
            }
            // A template within a template has a scope of its own, unless it says otherwise.
            let inner = ty.eq_ignore_ascii_case(DEPLOYMENTS) && key == "properties" && is_inner(&member.value);
            let scope = if inner { &own } else { self.scope };
            members.push((Box::from(&*key), scope.tree(&member.value)));
        }
        let mut tree = Tree::object(members);
        strip(&mut tree, PROVISIONING);
        for path in service_writes(ty) {
            strip(&mut tree, &path);
        }
        if let Tree::Object(members) = &mut tree {
            members.retain(|(key, value)| {
                let is_always = &**key == "condition" && matches!(value, Tree::Bool(true));
                !(is_always || (EMPTY_IS_ABSENT.contains(&&**key) && value.is_empty()))
            });
        }
        tree
    }
}

/// The paths of what only the service writes of a type.
fn service_writes(ty: &str) -> Vec<String> {
    let Some(kind) = resource_kind_by_arm(ty) else { return Vec::new() };
    let rows = UNMODELLED.iter().filter(|row| row.kind == kind.keyword && row.read_only);
    let places = places(kind).into_iter().filter(|place: &Place| place.prop.read_only);
    let out = rows.map(|row| row.arm.to_owned()).chain(places.map(|place| place.arm));
    out.filter(|path| !path.is_empty() && !path.contains('[')).collect()
}

fn strip(tree: &mut Tree, path: &str) {
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    let Tree::Object(members) = tree else { return };
    if rest.is_empty() {
        members.retain(|(key, _)| &**key != first);
    } else if let Some((_, inner)) = members.iter_mut().find(|(key, _)| &**key == first) {
        strip(inner, rest);
    }
}

fn is_inner(properties: &Value) -> bool {
    let options = properties.get("expressionEvaluationOptions");
    let scope = options.and_then(|options| options.get("scope")).and_then(Value::as_text);
    scope.is_some_and(|scope| scope.eq_ignore_ascii_case("inner"))
}

/// The members of a resource's envelope, whose case Azure does not mind.
const ENVELOPE: &[&str] = &[
    "type",
    "name",
    "apiVersion",
    "location",
    "tags",
    "identity",
    "dependsOn",
    "condition",
    "properties",
    "resources",
    "copy",
];

fn envelope(key: &str) -> String {
    let known = ENVELOPE.iter().find(|known| known.eq_ignore_ascii_case(key));
    known.map_or_else(|| key.to_owned(), |known| (*known).to_owned())
}

/// The type with that of the resource around it, as the table spells it.
fn full_type(ty: &str, around: Option<&Around>) -> String {
    let whole = match around {
        Some(around) => {
            let prefix = format!("{}/", around.ty).to_lowercase();
            if ty.to_lowercase().starts_with(&prefix) { ty.to_owned() } else { format!("{}/{ty}", around.ty) }
        }
        None => ty.to_owned(),
    };
    resource_kind_by_arm(&whole).map_or(whole, |kind| kind.arm_type.to_owned())
}

impl Resource {
    /// What tells it from others: type and name, without case.
    pub(super) fn key(&self) -> String {
        let name = self.name.as_ref().map(Tree::key).unwrap_or_default();
        format!("{} {name}", self.ty).to_lowercase()
    }

    /// Its name for people.
    pub(super) fn shown_name(&self) -> String {
        match &self.name {
            Some(Tree::Text(text)) => text.to_string(),
            Some(other) => other.shown().map_or_else(|| other.short(80), |shown| format!("[{shown}]")),
            None => "(unnamed)".to_owned(),
        }
    }
}

/// Makes what each resource waits for a set of keys of resources, without the one that it stands in.
fn settle_waits(resources: &mut [Resource]) {
    let mut names: HashMap<String, String> = HashMap::new();
    for resource in resources.iter() {
        let key = resource.key();
        let text = match &resource.name {
            Some(Tree::Text(text)) => text.to_lowercase(),
            Some(other) => other.key().to_lowercase(),
            None => continue,
        };
        let last = text.rsplit('/').next().unwrap_or(&text).to_owned();
        let symbol = resource.symbol.as_ref().map(|symbol| symbol.to_lowercase());
        for name in [Some(text), Some(last), symbol].into_iter().flatten() {
            names.entry(name).or_insert_with(|| key.clone());
        }
    }
    let keys: Vec<String> = resources.iter().map(Resource::key).collect();
    for resource in resources {
        let parent = resource.parent.clone().or_else(|| parent_key(resource, &keys));
        let Tree::Object(members) = &mut resource.body else { continue };
        let Some(at) = members.iter().position(|(key, _)| &**key == "dependsOn") else { continue };
        let Some((_, Tree::List(waits))) = members.get_mut(at) else { continue };
        let mut settled: Vec<String> = Vec::new();
        for wait in waits.iter() {
            let key = by_id(wait, &keys).or_else(|| names.get(&text_key(wait)).cloned());
            let key = key.unwrap_or_else(|| wait.key());
            if Some(&key) != parent.as_ref() && !settled.contains(&key) {
                settled.push(key);
            }
        }
        settled.sort();
        if settled.is_empty() {
            members.remove(at);
        } else {
            *waits = settled.into_iter().map(|key| Tree::text(key.replace('"', "'"))).collect();
        }
    }
}

fn text_key(tree: &Tree) -> String {
    match tree {
        Tree::Text(text) => text.to_lowercase(),
        other => other.key().to_lowercase(),
    }
}

/// The key of the resource that an id `resourceId('type', names…)` points to, if the document deploys it.
fn by_id(tree: &Tree, keys: &[String]) -> Option<String> {
    let Tree::Expr { shown, .. } = tree else { return None };
    let Ok(Expr::Call { name, args }) = arm::parse(shown) else { return None };
    let (Expr::Str(ty), names) = args.split_first()? else { return None };
    if !name.eq_ignore_ascii_case("resourceId") {
        return None;
    }
    let mut parts = Vec::new();
    for name in names {
        if !parts.is_empty() {
            parts.push(Expr::str("/"));
        }
        parts.push(name.clone());
    }
    // The names are canonical already; one name stands for itself, and several are put together as names are.
    let whole = match parts.as_slice() {
        [only] => only.clone(),
        _ => Scope::default().interpolated(parts),
    };
    let key = format!("{ty} {}", Tree::from_expr(&whole).key()).to_lowercase();
    keys.contains(&key).then_some(key)
}

/// The key of the resource that another is a child of, by its type and name.
fn parent_key(resource: &Resource, keys: &[String]) -> Option<String> {
    let Some(Tree::Text(name)) = &resource.name else { return None };
    let (ty, _) = resource.ty.rsplit_once('/')?;
    let (outer, _) = name.rsplit_once('/')?;
    let key = format!("{ty} {}", Tree::text(outer).key()).to_lowercase();
    keys.contains(&key).then_some(key)
}
