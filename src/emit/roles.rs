//! The template that defines the custom roles and assigns all roles.
//!
//! It goes to the resource group of the main template, after it. What lies in another group or subscription is done
//! by a nested deployment to there. Inside one, names like `resourceGroup()` mean that group, so everything that
//! only the outer template knows is handed in as a parameter.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use super::arm::{Document, document, parameters};
use super::text::{clip, slug};
use crate::arm::{Expr, escape_literal, interpolate, print, print_template};
use crate::check::{Node, NodeKind, Origin, Program};
use crate::plan::{
    Action, Grant, IMAGE_BUILDER_APP, Json, Permission, Principal, Reason, Roles, Scope, params_of,
};

/// The version of role definitions and assignments.
const AUTHORIZATION: &str = "2022-04-01";
/// The version of nested deployments.
const DEPLOYMENTS: &str = "2024-03-01";
/// The version of identities, to ask for their principals.
const IDENTITIES: &str = "2023-01-31";
const DEFINITIONS: &str = "Microsoft.Authorization/roleDefinitions";
const ASSIGNMENTS: &str = "Microsoft.Authorization/roleAssignments";
/// The parameter for the service's own principal, whose id differs from tenant to tenant.
const SERVICE_PRINCIPAL: &str = "imageBuilderPrincipalId";
/// The parameter for whoever deploys and builds.
const CALLER: &str = "callerPrincipalId";
/// The parameter that says what the caller is.
const CALLER_TYPE: &str = "callerPrincipalType";
/// The longest description of a role or assignment.
const DESCRIPTION: usize = 1024;
/// The longest display name that is written; Azure takes 512 characters.
const DISPLAY_NAME: usize = 400;

/// The template of the roles of a program.
pub(super) fn template(program: &Program, roles: &Roles, stem: &str) -> Json {
    let granted = granted(program, roles, stem, &Around::default());
    document(Document {
        parameters: granted.parameters,
        variables: Json::object(granted.variables),
        resources: Json::List(granted.resources.into_iter().map(|(_, json)| json).collect()),
        outputs: Json::Object(Vec::new()),
    })
}

/// What grants roles: parts of a template.
pub(super) struct Granted {
    pub(super) parameters: Json,
    pub(super) variables: Vec<(String, Json)>,
    /// The resources with their symbolic names.
    pub(super) resources: Vec<(String, Json)>,
    /// What to wait for until all is granted, as `dependsOn` has it.
    pub(super) waits: Vec<Node>,
}

impl Default for Granted {
    fn default() -> Self {
        Self {
            parameters: Json::Object(Vec::new()),
            variables: Vec::new(),
            resources: Vec::new(),
            waits: Vec::new(),
        }
    }
}

/// The template that roles are put into; nothing for one of their own.
#[derive(Default)]
pub(super) struct Around {
    /// Names of variables and symbols that are taken, in lower case.
    pub(super) taken: HashSet<String>,
    /// Whether resources stand under symbolic names.
    pub(super) symbolic: bool,
    /// What the template makes, by the key of its id: how `dependsOn` names it.
    pub(super) made: HashMap<String, Json>,
}

/// The roles of a program as parts of a template.
pub(super) fn granted(program: &Program, roles: &Roles, stem: &str, around: &Around) -> Granted {
    let mut groups: IndexMap<String, Vec<&Grant>> = IndexMap::new();
    for grant in &roles.grants {
        groups.entry(grant.scope.to_group().key()).or_default().push(grant);
    }
    let mut out = Granted {
        parameters: with_principals(parameters(params_of(program, &exprs(roles))), roles),
        variables: Vec::new(),
        resources: Vec::new(),
        waits: Vec::new(),
    };
    let mut nested = 0;
    for grants in groups.values() {
        let Some(first) = grants.first() else { continue };
        let place = first.scope.to_group();
        if place.group.is_none() {
            let mut part = Part::new(stem, Some(around));
            grants.iter().for_each(|grant| part.grant(grant));
            out.variables.extend(part.variables);
            out.resources.extend(part.resources);
            out.waits.extend(part.waits);
        } else {
            nested += 1;
            let slug: String = slug(stem).chars().take(40).collect();
            let name = format!("{slug}-roles-{nested}");
            let symbol = around.free(&format!("roles{nested}"));
            let id = place.deployment(&name);
            out.waits.push(around.wait(&symbol, id));
            let mut waits = Vec::new();
            for wait in grants.iter().flat_map(|grant| around.before(grant)) {
                if !waits.contains(&wait) {
                    waits.push(wait);
                }
            }
            out.resources.push((symbol, deployment(stem, &place, grants, &name, waits)));
        }
    }
    out
}

impl Around {
    /// What of the template a grant waits for: `reference` of an id with a version does not make it wait.
    fn before(&self, grant: &Grant) -> impl Iterator<Item = Json> {
        let identity = match &grant.principal {
            Principal::Identity { id, .. } => self.made.get(&print(id, &|_| None).to_lowercase()),
            _ => None,
        };
        self.made.get(&grant.scope.key()).into_iter().chain(identity).cloned()
    }

    /// How `dependsOn` names a resource of this template.
    fn wait(&self, symbol: &str, id: Expr) -> Node {
        let kind = if self.symbolic { NodeKind::Str(symbol.into()) } else { NodeKind::Expr(id) };
        Node::new(kind, Origin::default())
    }

    /// A name like this one that is not taken.
    fn free(&self, name: &str) -> String {
        let mut out = name.to_owned();
        while self.taken.contains(&out.to_lowercase()) {
            out.push('_');
        }
        out
    }
}

/// The expressions of the outer template.
fn exprs(roles: &Roles) -> Vec<Expr> {
    let principals = roles.grants.iter().filter_map(|grant| match &grant.principal {
        Principal::Identity { id, .. } => Some(id.clone()),
        _ => None,
    });
    principals.chain(roles.grants.iter().map(|grant| grant.scope.id())).collect()
}

/// Adds the parameters for principals that are no resources, where they get a role.
fn with_principals(parameters: Json, roles: &Roles) -> Json {
    let Json::Object(mut members) = parameters else { return parameters };
    let mut add = |name: &str, rest: Vec<(&str, Json)>, text: &str| {
        let metadata = Json::object([("description", Json::str(text))]);
        let all = [("type", Json::str("string"))].into_iter().chain(rest).chain([("metadata", metadata)]);
        members.push((name.into(), Json::object(all)));
    };
    let gets = |principal: &Principal| roles.grants.iter().any(|grant| grant.principal == *principal);
    if gets(&Principal::ImageBuilder) {
        let text = format!(
            "The object id of the service's own principal in this tenant: az ad sp show --id {IMAGE_BUILDER_APP} --query id --output tsv"
        );
        add(SERVICE_PRINCIPAL, Vec::new(), &text);
    }
    if gets(&Principal::Caller) {
        let text = "The object id of whoever deploys the template and starts the builds; for a pipeline that of its service principal: az ad sp show --id CLIENT_ID --query id --output tsv";
        add(CALLER, Vec::new(), text);
        let kinds = [
            ("defaultValue", Json::str("ServicePrincipal")),
            ("allowedValues", Json::texts(["ServicePrincipal", "User", "Group"])),
        ];
        add(CALLER_TYPE, kinds.into(), "What the caller is.");
    }
    Json::Object(members)
}

/// The deployment of what lies in another group.
fn deployment(stem: &str, place: &Scope, grants: &[&Grant], name: &str, waits: Vec<Json>) -> Json {
    let mut part = Part::new(stem, None);
    grants.iter().for_each(|grant| part.grant(grant));
    let (declared, given): (Vec<_>, Vec<_>) = part
        .handed
        .into_values()
        .map(|(name, value)| {
            let declaration = Json::object([("type", Json::str("string"))]);
            ((name.clone(), declaration), (name, Json::object([("value", Json::str(value))])))
        })
        .unzip();
    let inner = document(Document {
        parameters: Json::object(declared),
        variables: Json::object(part.variables),
        resources: Json::List(part.resources.into_iter().map(|(_, json)| json).collect()),
        outputs: Json::Object(Vec::new()),
    });
    let mut members = vec![
        ("type", Json::str("Microsoft.Resources/deployments")),
        ("apiVersion", Json::str(DEPLOYMENTS)),
        ("name", Json::str(name)),
    ];
    members.extend(place.subscription.as_ref().map(|subscription| ("subscriptionId", value(subscription))));
    members.extend(place.group.as_ref().map(|group| ("resourceGroup", value(group))));
    members.extend((!waits.is_empty()).then_some(("dependsOn", Json::List(waits))));
    let mut properties = vec![
        ("expressionEvaluationOptions", Json::object([("scope", Json::str("inner"))])),
        ("mode", Json::str("Incremental")),
    ];
    if !given.is_empty() {
        properties.push(("parameters", Json::object(given)));
    }
    properties.push(("template", inner));
    members.push(("properties", Json::object(properties)));
    Json::object(members)
}

/// An expression as a template holds it.
fn value(expr: &Expr) -> Json {
    match expr {
        Expr::Str(text) => Json::str(escape_literal(text)),
        expr => Json::str(print_template(expr, &|_| None)),
    }
}

/// Who gets a role.
struct Holder {
    /// What tells its roles from those of others.
    seed: Expr,
    /// What tells it from others.
    name: Expr,
    /// Its object id.
    object: Expr,
    /// What Azure calls what it is.
    kind: Expr,
}

/// What is deployed to one resource group.
struct Part<'a> {
    stem: &'a str,
    /// The template that it stands in; none in a nested deployment.
    around: Option<&'a Around>,
    /// What is handed in, by its text: the parameter's name and its value in the outer template.
    handed: IndexMap<String, (String, String)>,
    variables: Vec<(String, Json)>,
    resources: Vec<(String, Json)>,
    waits: Vec<Node>,
}

impl<'a> Part<'a> {
    fn new(stem: &'a str, around: Option<&'a Around>) -> Self {
        Self {
            stem,
            around,
            handed: IndexMap::new(),
            variables: Vec::new(),
            resources: Vec::new(),
            waits: Vec::new(),
        }
    }

    /// A name like this one that is not taken.
    fn free(&self, name: &str) -> String {
        self.around.map_or_else(|| name.to_owned(), |around| around.free(name))
    }

    /// How `dependsOn` names a resource of this part.
    fn wait(&self, symbol: &str, id: &Expr) -> Json {
        match self.around.is_some_and(|around| around.symbolic) {
            true => Json::str(symbol),
            false => value(id),
        }
    }

    /// An expression of the outer template, seen from this part.
    fn hand_in(&mut self, expr: &Expr, what: &str) -> Expr {
        if self.around.is_some() || matches!(expr, Expr::Str(_)) {
            return expr.clone();
        }
        let number = self.handed.len() + 1;
        let name = || (format!("{what}{number}"), print_template(expr, &|_| None));
        let (name, _) = self.handed.entry(print(expr, &|_| None)).or_insert_with(name);
        Expr::parameter(name.as_str())
    }

    fn grant(&mut self, grant: &Grant) {
        let scope = self.scope(&grant.scope);
        let Holder { seed, name, object, kind } = self.holder(&grant.principal);
        let mut waits = Vec::new();
        let role = match &grant.permission {
            Permission::BuiltIn(role) => Expr::str(role.guid),
            Permission::Custom(actions) => {
                let (name, wait) = self.definition(grant, actions, &seed, &scope);
                waits.push(wait);
                name
            }
        };
        waits.extend(self.around.into_iter().flat_map(|around| around.before(grant)));
        let definition = Expr::call("subscriptionResourceId", vec![Expr::str(DEFINITIONS), role.clone()]);
        let name = Expr::call("guid", vec![scope.id_within(), name, role]);
        let mut members = vec![
            ("type", Json::str(ASSIGNMENTS)),
            ("apiVersion", Json::str(AUTHORIZATION)),
            ("name", value(&name)),
        ];
        members.extend(scope.resource.is_some().then(|| ("scope", value(&scope.id_within()))));
        members.extend((!waits.is_empty()).then_some(("dependsOn", Json::List(waits))));
        let properties = [
            ("roleDefinitionId", value(&definition)),
            ("principalId", value(&object)),
            ("principalType", value(&kind)),
            ("description", Json::str(escape_literal(&description(&grant.reasons)))),
        ];
        members.push(("properties", Json::object(properties)));
        let symbol = self.free(&format!("assignment{}", self.resources.len() + 1));
        let id = match &scope.resource {
            None => Expr::call("resourceId", vec![Expr::str(ASSIGNMENTS), name]),
            Some(_) => {
                Expr::call("extensionResourceId", vec![scope.id_within(), Expr::str(ASSIGNMENTS), name])
            }
        };
        self.waits.extend(self.around.map(|around| around.wait(&symbol, id)));
        self.resources.push((symbol, Json::object(members)));
    }

    /// The scope with the names that this part can use.
    fn scope(&mut self, scope: &Scope) -> Scope {
        let mut out = scope.clone();
        for name in out.resource.iter_mut().flat_map(|target| &mut target.names) {
            *name = self.hand_in(name, "name");
        }
        out
    }

    fn holder(&mut self, principal: &Principal) -> Holder {
        let service = Expr::str("ServicePrincipal");
        match principal {
            Principal::Identity { id, .. } => {
                let ask =
                    Expr::call("reference", vec![id.clone(), Expr::str(IDENTITIES)]).member("principalId");
                let id = self.hand_in(id, "identity");
                Holder { seed: id.clone(), name: id, object: self.hand_in(&ask, "principal"), kind: service }
            }
            Principal::ImageBuilder => {
                let object = self.hand_in(&Expr::parameter(SERVICE_PRINCIPAL), "principal");
                Holder { seed: object.clone(), name: object.clone(), object, kind: service }
            }
            // One role for all who build: it is assigned to each.
            Principal::Caller | Principal::Approver => {
                let object = self.hand_in(&Expr::parameter(CALLER), "principal");
                let kind = self.hand_in(&Expr::parameter(CALLER_TYPE), "type");
                Holder { seed: Expr::str(principal.label()), name: object.clone(), object, kind }
            }
        }
    }

    /// Defines a custom role and returns its name, and what to wait for.
    fn definition(&mut self, grant: &Grant, actions: &[Action], seed: &Expr, scope: &Scope) -> (Expr, Json) {
        let variable = self.free(&format!("role{}", self.variables.len() + 1));
        // Where the same group is named in two ways, and where two files have one name, roles are still told apart.
        let seeds = vec![
            scope.id_within(),
            seed.clone(),
            Expr::str("aib"),
            Expr::str(self.stem),
            Expr::str(grant.scope.label()),
        ];
        self.variables.push((variable.clone(), value(&Expr::call("guid", seeds))));
        let name = Expr::variable(variable.as_str());
        // Display names are unique in a tenant: the same file may be deployed to several groups.
        let suffix = Expr::call("uniqueString", vec![name.clone()]);
        let display = clip(&display_name(self.stem, grant), DISPLAY_NAME);
        let display = interpolate(vec![Expr::str(format!("{display} (")), suffix, Expr::str(")")]);
        let permission = Json::object([
            ("actions", Json::texts(actions.iter().map(|action| &**action))),
            ("notActions", Json::List(Vec::new())),
            ("dataActions", Json::List(Vec::new())),
            ("notDataActions", Json::List(Vec::new())),
        ]);
        let group = Expr::call("resourceGroup", vec![]).member("id");
        let properties = [
            ("roleName", value(&display)),
            ("description", Json::str(escape_literal(&description(&grant.reasons)))),
            ("type", Json::str("CustomRole")),
            ("permissions", Json::List(vec![permission])),
            ("assignableScopes", Json::List(vec![value(&group)])),
        ];
        let json = Json::object([
            ("type", Json::str(DEFINITIONS)),
            ("apiVersion", Json::str(AUTHORIZATION)),
            ("name", value(&name)),
            ("properties", Json::object(properties)),
        ]);
        let wait =
            self.wait(&variable, &Expr::call("resourceId", vec![Expr::str(DEFINITIONS), name.clone()]));
        self.resources.push((variable, json));
        (name, wait)
    }
}

/// A custom role's name for people.
pub(super) fn display_name(stem: &str, grant: &Grant) -> String {
    format!("aib {stem}: {} on {}", grant.principal.label(), grant.scope.label())
}

/// Why a right is given.
pub(super) fn description(reasons: &[Reason]) -> String {
    let mut texts: Vec<&str> = Vec::new();
    for reason in reasons {
        if !texts.contains(&reason.text.as_str()) {
            texts.push(&reason.text);
        }
        // More would be cut off anyway.
        if texts.len() >= DESCRIPTION / 16 {
            break;
        }
    }
    clip(&texts.join("; "), DESCRIPTION)
}
