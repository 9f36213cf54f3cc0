//! What one image needs, feature by feature.

use std::collections::HashMap;
use std::sync::Arc;

use super::blob::{self, File};
use super::place;
use super::scope::Scope;
use super::table as rows;
use super::{Feature, Principal, Reason, ScopeKind, Undetermined};
use crate::arm::{Expr, print};
use crate::base::Span;
use crate::check::{Key, Node, NodeKind, Program, Resource, ResourceId, WrittenIn};
use crate::plan::build::as_expr;
use crate::schema::{Os, Role};

/// What the images need, before it is merged.
#[derive(Default)]
pub(super) struct Needs {
    pub(super) wants: Vec<Want>,
    pub(super) undetermined: Vec<Undetermined>,
    accounts: Option<HashMap<String, ResourceId>>,
}

/// One right that one place needs.
pub(super) struct Want {
    /// Which of several programs needs it.
    pub(super) owner: usize,
    pub(super) principal: Principal,
    pub(super) scope: Scope,
    pub(super) reason: Reason,
}

/// The fact that the staging group is there before the build.
const STAGING_EXISTS: &str = "staging_group_exists";

/// An id of the target that stands at a fixed place of an image, and what it needs.
struct Site {
    path: &'static str,
    ty: &'static str,
    feature: &'static Feature,
}

const IMAGE_DEFINITION: &str = "Microsoft.Compute/galleries/images";
const SUBNET: &str = "Microsoft.Network/virtualNetworks/subnets";
const IDENTITY: &str = "Microsoft.ManagedIdentity/userAssignedIdentities";
const VM_IDENTITIES: &str = "properties.vmProfile.userAssignedIdentities";

static SITES: &[Site] = &[
    Site {
        path: "properties.source.imageId",
        ty: "Microsoft.Compute/images",
        feature: &rows::MANAGED_IMAGE_SOURCE,
    },
    Site { path: "properties.source.imageVersionId", ty: IMAGE_DEFINITION, feature: &rows::GALLERY_SOURCE },
    Site { path: "properties.vmProfile.vnetConfig.subnetId", ty: SUBNET, feature: &rows::BUILD_SUBNET },
    Site {
        path: "properties.vmProfile.vnetConfig.containerInstanceSubnetId",
        ty: SUBNET,
        feature: &rows::CONTAINER_SUBNET,
    },
];

/// The same for the elements of `distribute`.
static TARGET_SITES: &[Site] = &[
    Site { path: "imageId", ty: "Microsoft.Compute/images", feature: &rows::MANAGED_IMAGE_TARGET },
    Site { path: "galleryImageId", ty: IMAGE_DEFINITION, feature: &rows::GALLERY_TARGET },
];

/// The parts of an image template of which each may name something that needs a right.
const PARTS: &[&str] = &[
    "identity",
    "properties",
    "properties.source",
    "properties.customize",
    "properties.validate",
    "properties.distribute",
    "properties.vmProfile",
    "properties.vmProfile.vnetConfig",
    "properties.vmProfile.userAssignedIdentities",
];

/// Whether something is an expression where its members would have to be known.
fn is_deferred(node: &Node) -> bool {
    matches!(node.kind, NodeKind::Expr(_))
}

/// Adds what an image needs.
pub(super) fn image(program: &Program, image: &Resource, needs: &mut Needs) {
    for path in PARTS {
        if let Some(node) = image.body.at(path).filter(|node| is_deferred(node)) {
            let why = format!("`{path}` is known only when it is deployed");
            needs.undetermined.push(Undetermined { feature: &rows::DEFERRED, span: node.origin.span, why });
        }
    }
    let Some(principal) = template_identity(program, image) else { return };
    let mut found = Found { program, image, principal, needs };
    for site in SITES {
        found.site(site, image.body.at(site.path));
    }
    for target in image.targets() {
        if is_deferred(target) {
            found.unknown(&rows::DEFERRED, target.origin.span, "a target is known only when it is deployed");
        }
        for site in TARGET_SITES {
            found.site(site, target.get(site.path));
        }
        if let Some(uri) = target.get("uri") {
            found.file(&rows::VHD_TARGET, uri);
        }
    }
    found.files();
    found.staging_group();
    found.vm_identities();
    found.secrets();
}

/// The beginning of a sentence about a resource: "image `web`: ". What has no name is the only one there is.
pub(super) fn subject(resource: &Resource) -> String {
    match &*resource.declared {
        "" => String::new(),
        name => format!("{} `{name}`: ", resource.kind.keyword()),
    }
}

/// The identity that the service acts with.
pub(super) fn template_identity(program: &Program, image: &Resource) -> Option<Principal> {
    let identity = image.body.get("identity")?;
    let mut referred = None;
    identity.walk(&mut |node| referred = referred.take().or(node.reference.as_ref().map(|r| r.target)));
    if let Some(target) = referred {
        return declared(program, target);
    }
    let key = &identity.get("userAssignedIdentities")?.as_object()?.members.first()?.key;
    Some(written(match key {
        Key::Str(text) => Expr::Str(Arc::clone(text)),
        Key::Expr(expr) => unwrapped(expr).clone(),
    }))
}

/// Bicep makes a text of what is a key: `format('{0}', id)`.
fn unwrapped(expr: &Expr) -> &Expr {
    match expr {
        Expr::Call { name, args } if name.eq_ignore_ascii_case("format") => match args.as_slice() {
            [Expr::Str(pattern), inner] if &**pattern == "{0}" => inner,
            _ => expr,
        },
        _ => expr,
    }
}

/// The principal of an identity that is declared.
fn declared(program: &Program, id: ResourceId) -> Option<Principal> {
    let resource = program.resource(id)?;
    let label = match &resource.name.kind {
        NodeKind::Str(name) => name.to_string(),
        NodeKind::Expr(name) if program.written_in == WrittenIn::Json => print(name, &|_| None),
        _ => resource.declared.to_string(),
    };
    // The id of a document's resource is in the form in which ids compare.
    let expr = match program.written_in == WrittenIn::Json {
        true => place::of_resource(program, id)?.id(),
        false => as_expr(&resource.id)?,
    };
    Some(Principal::Identity { id: expr, resource: Some(id), label })
}

/// The principal of an identity that is written as an id.
fn written(id: Expr) -> Principal {
    let label = match &id {
        Expr::Str(text) => text.rsplit('/').next().unwrap_or_default().to_owned(),
        other => print(other, &|_| None),
    };
    Principal::Identity { id, resource: None, label }
}

/// The principal of an identity's id.
fn identity(program: &Program, node: &Node) -> Option<Principal> {
    match &node.reference {
        Some(reference) => declared(program, reference.target),
        None => as_expr(node).map(written),
    }
}

/// An image whose needs are being found.
struct Found<'a> {
    program: &'a Program,
    image: &'a Resource,
    principal: Principal,
    needs: &'a mut Needs,
}

impl Found<'_> {
    fn want(
        &mut self,
        principal: Principal,
        feature: &'static Feature,
        scope: Scope,
        name: &str,
        span: Span,
    ) {
        let text = format!("{}{} `{name}`", subject(self.image), feature.what);
        let reason = Reason { feature, actions: feature.actions(None), span, text };
        self.needs.wants.push(Want { owner: 0, principal, scope, reason });
    }

    fn unknown(&mut self, feature: &'static Feature, span: Span, why: impl Into<String>) {
        self.needs.undetermined.push(Undetermined { feature, span, why: why.into() });
    }

    /// Wants the right of a feature for the template identity at the scope that the feature asks for.
    fn at(&mut self, feature: &'static Feature, place: Option<Scope>, node: &Node) {
        let span = node.origin.span;
        let scope = place.as_ref().and_then(|place| match feature.scope {
            ScopeKind::ResourceGroup => Some(place.to_group()),
            ScopeKind::Resource(ty) => place.up_to(ty),
        });
        match scope {
            Some(scope) => {
                let name = self.name_of(node, place.as_ref());
                self.want(self.principal.clone(), feature, scope, &name, span);
            }
            None => self.unknown(feature, span, "the place of what it names is not known"),
        }
    }

    fn site(&mut self, site: &Site, node: Option<&Node>) {
        if let Some(node) = node {
            self.at(site.feature, place::of_node(self.program, node, site.ty), node);
        }
    }

    /// What a node names, for people: the path of declared names, the names at the end of an id, or the expression.
    fn name_of(&self, node: &Node, place: Option<&Scope>) -> String {
        let declared = node.reference.as_ref().and_then(|reference| {
            let resource = self.program.resource(reference.target)?;
            let parent = resource.parent.and_then(|id| self.program.resource(id));
            Some(parent.map_or_else(
                || resource.declared.to_string(),
                |parent| format!("{}.{}", parent.declared, resource.declared),
            ))
        });
        let written = || place.and_then(Scope::known_name);
        declared.or_else(written).or_else(|| Some(print(&as_expr(node)?, &|_| None))).unwrap_or_default()
    }

    /// Scripts, files and workloads that the service fetches.
    fn files(&mut self) {
        let steps = self.image.customize().iter().chain(self.image.validations());
        let workload = self.image.body.at("properties.optimize.workload");
        for step in steps.chain(workload) {
            // Up to 2019-02-01-preview `scriptUri` was called `script`.
            for key in ["scriptUri", "script", "sourceUri"] {
                if let Some(address) = step.get(key) {
                    self.file(&rows::PRIVATE_FILE, address);
                }
            }
        }
    }

    fn file(&mut self, feature: &'static Feature, address: &Node) {
        let accounts = self.needs.accounts.get_or_insert_with(|| blob::accounts(self.program));
        let span = address.origin.span;
        match blob::file(self.program, accounts, address) {
            File::Open => {}
            File::In(scope) => {
                let name = scope.names();
                self.want(self.principal.clone(), feature, scope, &name, span);
            }
            File::Unknown(why) => self.unknown(feature, span, why),
        }
    }

    fn staging_group(&mut self) {
        let Some(group) = self.image.body.at("properties.stagingResourceGroup") else { return };
        let exists = self.image.body.as_object().is_some_and(|body| {
            let fact = body.hidden.iter().find(|m| m.key == Key::Str(STAGING_EXISTS.into()));
            fact.is_some_and(|fact| fact.value.as_bool() == Some(true))
        });
        if !exists {
            return;
        }
        let scope = place::of_group(group);
        self.at(&rows::STAGING_GROUP, scope.clone(), group);
        let network = self.image.body.at("properties.vmProfile.vnetConfig");
        let has = |key| network.is_some_and(|network| network.get(key).is_some());
        let windows = self.image.facts.os.as_ref().is_some_and(|os| os.value == Os::Windows);
        if windows
            && has("subnetId")
            && !has("containerInstanceSubnetId")
            && let Some(scope) = scope
        {
            let name = self.name_of(group, Some(&scope));
            self.want(Principal::ImageBuilder, &rows::STAGING_GROUP_PROXY, scope, &name, group.origin.span);
        }
    }

    fn vm_identities(&mut self) {
        for node in self.image.body.at(VM_IDENTITIES).and_then(Node::as_list).unwrap_or_default() {
            self.at(&rows::VM_IDENTITY, place::of_node(self.program, node, IDENTITY), node);
        }
    }

    /// The secrets of steps: read by an identity of the build VM, not by the template's.
    fn secrets(&mut self) {
        let first = self.image.body.at(VM_IDENTITIES).and_then(Node::as_list).and_then(<[Node]>::first);
        for step in self.image.customize().iter().chain(self.image.validations()) {
            let secrets =
                step.as_object().and_then(|step| step.hidden(Role::Secrets)).and_then(Node::as_object);
            for secret in secrets.iter().flat_map(|secrets| &secrets.members) {
                self.secret(&secret.value, first);
            }
        }
    }

    fn secret(&mut self, node: &Node, first: Option<&Node>) {
        let span = node.origin.span;
        let own = node.as_object().and_then(|object| object.get("identity"));
        let name = node.as_object().and_then(|object| object.get("secret")).unwrap_or(node);
        let vault = node.reference.as_ref().or(name.reference.as_ref()).map(|reference| reference.target);
        let place = vault.and_then(|id| place::of_resource(self.program, id));
        let scope = place.zip(as_expr(name)).and_then(|(vault, name)| vault.below("secrets", [name]));
        let reader = own.or(first).and_then(|node| identity(self.program, node));
        match (scope, reader) {
            (Some(scope), Some(reader)) => {
                let name = scope.names();
                self.want(reader, &rows::STEP_SECRET, scope, &name, span);
            }
            (None, _) => self.unknown(&rows::STEP_SECRET, span, "the place of its vault is not known"),
            (_, None) => {
                self.unknown(&rows::STEP_SECRET, span, "the build VM has no identity to fetch it with")
            }
        }
    }
}
