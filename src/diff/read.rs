//! Documents to what they deploy: parameters, outputs, and resources under their full types and names.

use std::collections::HashMap;

use super::asked::Named;
use super::called::Types;
use super::defaults;
use super::expr::Scope;
use super::nested::Inner;
use super::shapes::{is_body, text_of};
use super::tree::Tree;
use super::waits::settle_waits;
use super::written::take_away;
use crate::arm::{self, Expr, TemplateString, parse_template_string};
use crate::base::pointer_step;
use crate::check::GivenValue;
use crate::json::{self, Data, Member, Object, Value};
use crate::schema::{IMAGE, resource_kind_by_arm};

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
    pub(super) symbol: Option<String>,
    /// The name of its loop.
    pub(super) turn: Option<String>,
    /// The key of the resource that it stands in.
    pub(super) parent: Option<String>,
}

/// Members that say nothing of what is deployed, for every type: notes, and what Azure writes.
const LEFT_OUT: &[&str] = &[
    "type",
    "name",
    "resources",
    "comments",
    "metadata",
    "id",
    "systemData",
    "etag",
    "createdTime",
    "changedTime",
    "provisioningState",
];
/// Members that mean the same empty as absent.
const EMPTY_IS_ABSENT: &[&str] = &["tags", "properties", "dependsOn"];
/// What stands for the type of image templates in bodies that are cut short.
const NAMESPACE: &str = "Microsoft.VirtualMachineImages";
/// Templates in templates.
const DEPLOYMENTS: &str = "Microsoft.Resources/deployments";

/// Reads a document.
///
/// # Errors
/// If it is neither a template nor a resource nor a list of resources, what it is instead.
pub fn read(root: &Value, given: &[GivenTo]) -> Result<Deployment, String> {
    read_with(root, given, &Defaults::default())
}

/// The defaults of parameters, by their names in lower case.
pub type Defaults = HashMap<String, Expr>;

/// The defaults of the parameters that both documents have and that have another default in each: the old and the new.
pub fn other_defaults(old: &Deployment, new: &Deployment) -> (Defaults, Defaults) {
    let defaults = |deployment: &Deployment| -> HashMap<String, Tree> {
        let known = deployment.parameters.iter().filter(|(_, tree)| {
            let ty = tree.get("type").and_then(Tree::shown).unwrap_or_default();
            !ty.starts_with("secure")
        });
        known
            .filter_map(|(name, tree)| Some((name.to_lowercase(), tree.get("defaultValue")?.clone())))
            .collect()
    };
    let (olds, news) = (defaults(old), defaults(new));
    let mut out = (Defaults::new(), Defaults::new());
    for (name, old) in &olds {
        let other = news.get(name).filter(|new| new.key() != old.key());
        if let Some((a, b)) = other.and_then(|new| old.to_expr().zip(new.to_expr())) {
            out.0.insert(name.clone(), a);
            out.1.insert(name.clone(), b);
        }
    }
    out
}

/// Reads a document as it is deployed when no values are given to some parameters.
///
/// # Errors
/// As of [`read`].
pub fn read_with(root: &Value, given: &[GivenTo], defaults: &Defaults) -> Result<Deployment, String> {
    if let Some(found) = json::bodies(root, is_body) {
        return Ok(bodies(&found));
    }
    match &root.data {
        Data::Object(object) => {
            let is_list = |value: &Value| matches!(value.data, Data::List(_) | Data::Object(_));
            match object.member_ignoring_case("resources") {
                Some(member) if is_list(&member.value) => Ok(template(object, given, defaults)),
                _ if object.member("parameters").is_some() => Err("it looks like a parameter file".into()),
                _ => Err("it has neither `resources` nor the `properties` of an image template".into()),
            }
        }
        Data::List(_) => Err("it is a list, but not of resources".into()),
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
fn bodies(items: &[(String, &Value)]) -> Deployment {
    let scope = Scope::of_bodies();
    let mut reader = Reader { scope: &scope, resources: Vec::new(), inner: Inner::default(), depth: 0 };
    for (pointer, item) in items {
        reader.resource(item, pointer.clone(), None, None);
    }
    Deployment { resources: reader.resources, ..Deployment::default() }
}

/// The resources of a template that stands somewhere, and those of the templates in it.
pub(super) fn deployed<'d>(
    template: &'d Object,
    at: &str,
    scope: &Scope<'d>,
    depth: usize,
) -> (Vec<Resource>, Inner) {
    let named = Named::of(template, scope);
    scope.named.get_or_init(|| named);
    let mut reader = Reader { scope, resources: Vec::new(), inner: Inner::default(), depth };
    match template.member_ignoring_case("resources").map(|member| &member.value.data) {
        Some(Data::List(items)) => {
            for (index, item) in items.iter().enumerate() {
                reader.resource(item, format!("{at}/resources/{index}"), None, None);
            }
        }
        Some(Data::Object(object)) => {
            for member in object.effective() {
                let name = &member.key.text;
                let pointer = format!("{at}/resources/{}", pointer_step(name));
                reader.resource(&member.value, pointer, Some(name), None);
            }
        }
        _ => {}
    }
    let Reader { mut resources, inner, .. } = reader;
    settle_waits(&mut resources, scope);
    (resources, inner)
}

fn template(object: &Object, given: &[GivenTo], defaults: &Defaults) -> Deployment {
    let part = |key: &str| object.member_ignoring_case(key).and_then(|member| member.value.as_object());
    let members = |key: &str| part(key).map(Object::effective).unwrap_or_default();
    let mut scope = Scope::of_template(object);
    let mut unknown = Vec::new();
    scope.given.clone_from(defaults);
    for one in given {
        let key = one.name.to_lowercase();
        match scope.parameters.get(&key) {
            Some((_, ty)) => {
                if let Some(value) = typed(&one.value, ty) {
                    scope.given.insert(key, Expr::from_value(&value));
                }
            }
            None => unknown.push(one.name.clone()),
        }
    }

    let (mut resources, inner) = deployed(object, "", &scope, 0);
    resources.extend(inner.resources);

    let is_open = |name: &str| !scope.given.contains_key(&name.to_lowercase());
    let parameters = members("parameters").into_iter().filter(|member| is_open(&member.key.text));
    let mut types = Types::new(&scope);
    let parameters: Vec<_> = parameters
        .map(|member| {
            let declared = types.written_out(scope.tree(&member.value));
            (member.key.text.to_string(), parameter(declared))
        })
        .collect();
    let outputs: Vec<_> = members("outputs")
        .into_iter()
        .map(|member| {
            let output = types.written_out(scope.tree(&member.value));
            (member.key.text.to_string(), without(output, &["metadata"]))
        })
        .collect();
    let mut variables = scope.left();
    variables.extend(scope.functions_left());
    variables.extend(types.left());
    variables.extend(inner.variables);
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

/// A given value as its parameter's type reads it; none of a secret, which is shown to nobody.
fn typed(given: &GivenValue, ty: &str) -> Option<arm::Value> {
    let text = match given {
        _ if arm::parameter_type(ty).is_some_and(|ty| ty.secret) => return None,
        GivenValue::Later => return None,
        GivenValue::Value(value) => return Some(value.clone()),
        GivenValue::Text(text) => text,
    };
    if ty.eq_ignore_ascii_case("string") {
        return Some(arm::Value::from(text.as_str()));
    }
    // Text that is no value of the type stays what it is.
    let value = Expr::call("json", vec![Expr::str(text.as_str())]).as_value();
    Some(value.unwrap_or_else(|| arm::Value::from(text.as_str())))
}

/// The resource that encloses another: its full type, its full name, its key.
struct Around {
    ty: String,
    name: Expr,
    key: String,
}

/// What reads the resources of one template.
pub(super) struct Reader<'s, 'd> {
    pub(super) scope: &'s Scope<'d>,
    resources: Vec<Resource>,
    /// What templates in this one deploy.
    pub(super) inner: Inner,
    /// How many templates are around this one.
    pub(super) depth: usize,
}

impl<'d> Reader<'_, 'd> {
    fn resource(&mut self, value: &'d Value, pointer: String, symbol: Option<&str>, around: Option<&Around>) {
        let Some(object) = value.as_object() else { return };
        if object.member_ignoring_case("existing").is_some_and(|m| m.value.data == Data::Bool(true)) {
            return;
        }
        let ty = match text_of(object, "type").unwrap_or_default() {
            // As bodies in the field have it, whose type the address of the request says.
            "" | NAMESPACE if around.is_none() && is_body(value) => IMAGE.arm_type.to_owned(),
            ty => full_type(ty, around),
        };
        let copy = object.member_ignoring_case("copy").and_then(|member| member.value.as_object());
        let turn = copy.and_then(|copy| text_of(copy, "name")).map(str::to_owned);
        *self.scope.turn.borrow_mut() = turn.clone();
        let name = text_of(object, "name").map(|text| self.name(text, around));
        let tree = name.as_ref().map(Tree::from_expr);
        let mut body = self.body(object, &ty);
        self.scope.turn.borrow_mut().take();
        // By its name others wait for a loop, and nothing else.
        body.remove("copy.name");
        // What is never deployed is not there.
        if matches!(body.get("condition"), Some(Tree::Bool(false))) {
            return;
        }
        let version = match body.get("apiVersion") {
            Some(Tree::Text(version)) => Some(version.to_string()),
            _ => None,
        };
        let mut resource = Resource {
            name: tree,
            pointer: pointer.clone(),
            version,
            body,
            symbol: symbol.map(str::to_owned),
            turn,
            parent: around.map(|around| around.key.clone()),
            ty: ty.clone(),
        };
        if ty.eq_ignore_ascii_case(DEPLOYMENTS)
            && let Some(properties) = object.member_ignoring_case("properties")
        {
            let name = resource.shown_name();
            if self.nested(&properties.value, &pointer, &name) {
                // What it deploys stands for itself.
                resource.body.remove("properties.template.resources");
                resource.body.remove("properties.template.variables");
            }
        }
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

    /// The properties of a deployment whose template has a scope of its own.
    fn of_inner(&self, properties: &Object, own: &Scope<'_>) -> Tree {
        let member = |member: &Member| {
            let key = &member.key.text;
            let scope = if key.eq_ignore_ascii_case("template") { own } else { self.scope };
            (Box::from(&**key), scope.tree(&member.value))
        };
        Tree::object(properties.effective().into_iter().map(member).collect())
    }

    fn body(&self, object: &Object, ty: &str) -> Tree {
        // What a template within it asks of its resources is compared by what they are.
        let own = Scope::default();
        let template = object.member_ignoring_case("properties").and_then(|m| m.value.get("template"));
        if let Some(template) = template.and_then(Value::as_object) {
            own.named.get_or_init(|| Named::of(template, &Scope::default()));
        }
        let mut members = Vec::new();
        for member in object.effective() {
            let key = envelope(&member.key.text);
            // `resourceGroup` says where a nested deployment goes; in what Azure shows, where the thing is.
            let is_place = key.eq_ignore_ascii_case("resourceGroup")
                && (self.scope.literal || !ty.eq_ignore_ascii_case(DEPLOYMENTS));
            if LEFT_OUT.contains(&&*key) || is_place {
                continue;
            }
            // A template within a template has a scope of its own, unless it says otherwise; what it is given has not.
            let inner =
                ty.eq_ignore_ascii_case(DEPLOYMENTS) && key == "properties" && is_inner(&member.value);
            let tree = match member.value.as_object().filter(|_| inner) {
                Some(properties) => self.of_inner(properties, &own),
                None => self.scope.tree(&member.value),
            };
            members.push((Box::from(&*key), tree));
        }
        let mut tree = Tree::object(members);
        take_away(&mut tree, ty);
        defaults::take_away(&mut tree, ty);
        if let Tree::Object(members) = &mut tree {
            members.retain(|(key, value)| {
                let is_always = &**key == "condition" && matches!(value, Tree::Bool(true));
                !(is_always || (EMPTY_IS_ABSENT.contains(&&**key) && value.is_empty()))
            });
        }
        tree
    }
}

/// Whether a nested template is evaluated by itself.
pub(super) fn is_inner(properties: &Value) -> bool {
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
