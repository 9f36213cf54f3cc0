//! Where something is: a resource group, or a resource in one.

use std::sync::Arc;

use crate::arm::{Expr, interpolate, print};

/// A resource group, or a resource in one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scope {
    /// The id of the subscription, if it is not the deployment's own.
    pub subscription: Option<Expr>,
    /// The name of the resource group, if it is not the deployment's own.
    pub group: Option<Expr>,
    /// The resource; `None` if the group itself is meant.
    pub resource: Option<Target>,
}

/// A resource of a group.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Target {
    /// Its whole type.
    pub ty: Arc<str>,
    /// Its names, as many as the type has parts after the provider.
    pub names: Vec<Expr>,
}

impl Scope {
    /// The resource group that it is, or is in.
    #[must_use]
    pub fn to_group(&self) -> Self {
        Self { subscription: self.subscription.clone(), group: self.group.clone(), resource: None }
    }

    /// The resource of this type that it is, or is below.
    pub(super) fn up_to(&self, ty: &str) -> Option<Self> {
        let target = self.resource.as_ref()?;
        let count = ty.split('/').count();
        let above = target.ty.split('/').take(count).collect::<Vec<_>>().join("/");
        let names = target.names.get(..count.checked_sub(1)?)?.to_vec();
        above
            .eq_ignore_ascii_case(ty)
            .then(|| Self { resource: Some(Target { ty: ty.into(), names }), ..self.to_group() })
    }

    /// A resource below it.
    pub(super) fn below(&self, types: &str, names: impl IntoIterator<Item = Expr>) -> Option<Self> {
        let mut out = self.clone();
        let target = out.resource.as_mut()?;
        target.ty = format!("{}/{types}", target.ty).into();
        target.names.extend(names);
        Some(out)
    }

    /// What it lies in, nearest first; the group last.
    pub fn around(&self) -> Vec<Self> {
        let Some(target) = &self.resource else { return Vec::new() };
        let parents =
            target.ty.match_indices('/').skip(1).filter_map(|(end, _)| self.up_to(target.ty.get(..end)?));
        let mut out: Vec<_> = parents.collect();
        out.reverse();
        out.push(self.to_group());
        out
    }

    /// Its id, seen from the deployment's own group.
    pub fn id(&self) -> Expr {
        match &self.resource {
            None => self.group_id(),
            Some(target) => {
                let lead =
                    self.group.iter().flat_map(|group| self.subscription.iter().chain([group])).cloned();
                resource_id(lead, target)
            }
        }
    }

    /// Its id, seen from a deployment to its own group.
    pub fn id_within(&self) -> Expr {
        match &self.resource {
            None => Expr::call("resourceGroup", vec![]).member("id"),
            Some(target) => resource_id([], target),
        }
    }

    /// The id of a deployment to its group, seen from the deployment's own group.
    pub fn deployment(&self, name: &str) -> Expr {
        let lead = self.group.iter().flat_map(|group| self.subscription.iter().chain([group])).cloned();
        let target = Target { ty: "Microsoft.Resources/deployments".into(), names: vec![Expr::str(name)] };
        resource_id(lead, &target)
    }

    fn group_id(&self) -> Expr {
        let Some(group) = &self.group else { return self.id_within() };
        let own = || Expr::call("subscription", vec![]).member("subscriptionId");
        let subscription = self.subscription.clone().unwrap_or_else(own);
        interpolate(vec![
            Expr::str("/subscriptions/"),
            subscription,
            Expr::str("/resourceGroups/"),
            group.clone(),
        ])
    }

    /// What tells it from others; Azure compares ids without case.
    pub fn key(&self) -> String {
        let id = match &self.resource {
            None => self.group_id(),
            Some(_) => self.id(),
        };
        print(&id, &|_| None).to_lowercase()
    }

    /// What it is, for people: `gallery contoso_images`.
    pub fn label(&self) -> String {
        match (&self.resource, &self.group) {
            (None, None) => "the resource group of the deployment".to_owned(),
            (None, Some(_)) => format!("resource group {}", self.names()),
            (Some(target), _) => {
                let word = WORDS.iter().find(|(ty, _)| ty.eq_ignore_ascii_case(&target.ty));
                let word =
                    word.map_or_else(|| target.ty.rsplit('/').next().unwrap_or_default(), |(_, word)| word);
                format!("{word} {}", self.names())
            }
        }
    }

    /// The names in its id, for people.
    pub(super) fn names(&self) -> String {
        let show = |expr: &Expr| match expr {
            Expr::Str(text) => text.to_string(),
            other => print(other, &|_| None),
        };
        match &self.resource {
            None => self.group.as_ref().map(show).unwrap_or_default(),
            // The only service of blobs of an account is called so.
            Some(target) => {
                let names = target.names.iter().map(show).filter(|name| name != "default");
                names.collect::<Vec<_>>().join("/")
            }
        }
    }

    /// The names in its id, if they are known.
    pub(super) fn known_name(&self) -> Option<String> {
        let known = |expr: &Expr| matches!(expr, Expr::Str(_));
        let all = match &self.resource {
            None => self.group.as_ref().is_some_and(known),
            Some(target) => target.names.iter().all(known),
        };
        all.then(|| self.names())
    }
}

/// What resources are called in sentences.
const WORDS: &[(&str, &str)] = &[
    ("Microsoft.Compute/galleries", "gallery"),
    ("Microsoft.Compute/images", "managed image"),
    ("Microsoft.Network/virtualNetworks", "virtual network"),
    ("Microsoft.Storage/storageAccounts", "storage account"),
    ("Microsoft.Storage/storageAccounts/blobServices/containers", "container"),
    ("Microsoft.ManagedIdentity/userAssignedIdentities", "identity"),
    ("Microsoft.KeyVault/vaults/secrets", "secret"),
];

fn resource_id(lead: impl IntoIterator<Item = Expr>, target: &Target) -> Expr {
    let mut args: Vec<_> = lead.into_iter().collect();
    args.push(Expr::Str(Arc::clone(&target.ty)));
    args.extend(target.names.iter().cloned());
    Expr::call("resourceId", args)
}
