//! What the people around a build need: whoever deploys the template and starts the builds, and whoever grants the roles.

use std::collections::HashSet;

use super::derive::{Want, subject, template_identity};
use super::merge::merge;
use super::{Feature, Permission, Principal, Reason, Roles, Scope, Undetermined, duties as rows, place};
use crate::base::Span;
use crate::check::{Kind, Program, Resource, ResourceId};

const IDENTITY: &str = "Microsoft.ManagedIdentity/userAssignedIdentities";
const DEPLOYMENTS: &str = "Microsoft.Resources/deployments";

/// The rights of whoever deploys the template of a program, starts the builds and follows them; with `granted`, of whoever
/// grants these roles with it too. Nothing for a program that deploys nothing.
pub fn caller(program: &Program, granted: Option<&Roles>) -> Roles {
    let mut duties = Duties { principal: Principal::Caller, wants: Vec::new() };
    let mut undetermined = Vec::new();
    let Some((_, first)) = program.iter().find(|(_, resource)| !resource.existing) else {
        return Roles::default();
    };
    duties.want(&rows::DEPLOYMENT, group(), None, first.span, String::new());
    for (_, resource) in program.iter().filter(|(_, resource)| !resource.existing) {
        let subject = subject(resource);
        match resource.kind.keyword() {
            "image" => image(program, resource, &subject, &mut duties, &mut undetermined),
            "trigger" => duties.want(&rows::TRIGGER, group(), None, resource.span, subject),
            _ => {
                let ty = resource.kind.arm_type();
                if ty.eq_ignore_ascii_case(DEPLOYMENTS) {
                    let why = "what a nested deployment makes is not looked at";
                    undetermined.push(unknown(&rows::NESTED, resource.span, why));
                }
                duties.want(&rows::DECLARED, group(), Some(ty), resource.span, subject);
            }
        }
        if matches!(resource.kind, Kind::Raw(_))
            && !resource.kind.arm_type().eq_ignore_ascii_case(DEPLOYMENTS)
        {
            let why = "what else the type of a raw resource asks of its maker is not known";
            undetermined.push(unknown(&rows::DECLARED, resource.span, why));
        }
    }
    if let Some(roles) = granted {
        grant(program, roles, &mut duties);
    }
    Roles { grants: merge(duties.wants), undetermined }
}

/// The template itself, its builds, and the identity that it is given.
fn image(
    program: &Program,
    image: &Resource,
    subject: &str,
    duties: &mut Duties,
    undetermined: &mut Vec<Undetermined>,
) {
    for feature in [&rows::IMAGE_TEMPLATE, &rows::RUN, &rows::FOLLOW] {
        duties.want(feature, group(), None, image.span, subject.to_owned());
    }
    let Some(Principal::Identity { id, resource, label }) = template_identity(program, image) else { return };
    let span = image.body.get("identity").map_or(image.span, |node| node.origin.span);
    let is_made = |id: ResourceId| program.resource(id).is_some_and(|identity| !identity.existing);
    let scope = match resource {
        // Nothing can be granted on what is not there yet.
        Some(target) if is_made(target) => Some(group()),
        Some(target) => place::of_resource(program, target),
        None => place::of_id(&id, IDENTITY),
    };
    let text = format!("{subject}{} `{label}`", rows::ATTACH_IDENTITY.what);
    match scope {
        Some(scope) => duties.told(&rows::ATTACH_IDENTITY, scope, None, span, text),
        None => {
            undetermined.push(unknown(
                &rows::ATTACH_IDENTITY,
                span,
                "the place of the identity is not known",
            ));
        }
    }
}

/// The rights of whoever defines and assigns the roles of a program, in all the groups where something is granted.
pub fn approver(program: &Program, roles: &Roles) -> Roles {
    let mut duties = Duties { principal: Principal::Approver, wants: Vec::new() };
    grant(program, roles, &mut duties);
    Roles { grants: merge(duties.wants), undetermined: Vec::new() }
}

/// What it takes to define and assign these roles.
fn grant(program: &Program, roles: &Roles, duties: &mut Duties) {
    let made = program.iter().filter(|(_, resource)| !resource.existing);
    let made: HashSet<String> =
        made.filter_map(|(id, _)| Some(place::of_resource(program, id)?.key())).collect();
    let mut groups = HashSet::new();
    for grant in &roles.grants {
        let Some(span) = grant.reasons.first().map(|reason| reason.span) else { continue };
        let at = grant.scope.to_group();
        let text = |what: &str| format!("{what} of `{}` on {}", grant.principal.label(), grant.scope.label());
        for place in [group(), at.clone()] {
            if groups.insert(place.key()) {
                duties.want(&rows::ROLE_DEPLOYMENT, place, None, span, String::new());
            }
        }
        if let Principal::Identity { id, label, .. } = &grant.principal
            && let Some(scope) = place::of_id(id, IDENTITY)
        {
            let scope = if made.contains(&scope.key()) { group() } else { scope };
            let text = format!("{} `{label}`", rows::IDENTITY_PRINCIPAL.what);
            duties.told(&rows::IDENTITY_PRINCIPAL, scope, None, span, text);
        }
        if matches!(grant.permission, Permission::Custom(_)) {
            duties.told(&rows::DEFINE_ROLE, at.clone(), None, span, text(rows::DEFINE_ROLE.what));
        }
        // Nothing can be held on what is not there yet.
        let mut around = std::iter::once(grant.scope.clone()).chain(grant.scope.around());
        let there = around.find(|scope| !made.contains(&scope.key()));
        duties.told(&rows::ASSIGN_ROLE, there.unwrap_or(at), None, span, text(rows::ASSIGN_ROLE.what));
    }
}

/// The resource group that is deployed to.
fn group() -> Scope {
    Scope { subscription: None, group: None, resource: None }
}

fn unknown(feature: &'static Feature, span: Span, why: &str) -> Undetermined {
    Undetermined { feature, span, why: why.to_owned() }
}

/// What one principal has to do.
struct Duties {
    principal: Principal,
    wants: Vec<Want>,
}

impl Duties {
    /// Wants the right of a row for this subject.
    fn want(
        &mut self,
        feature: &'static Feature,
        scope: Scope,
        ty: Option<&str>,
        span: Span,
        subject: String,
    ) {
        let text = subject + feature.what;
        self.told(feature, scope, ty, span, text);
    }

    fn told(&mut self, feature: &'static Feature, scope: Scope, ty: Option<&str>, span: Span, text: String) {
        let reason = Reason { feature, actions: feature.actions(ty), span, text };
        self.wants.push(Want { owner: 0, principal: self.principal.clone(), scope, reason });
    }
}
