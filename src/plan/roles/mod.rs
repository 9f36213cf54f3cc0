//! Which rights the images of a program need, derived from what they refer to.

mod blob;
mod caller;
mod derive;
mod duties;
mod merge;
mod place;
mod scope;
mod table;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use crate::arm::Expr;
use crate::base::Span;
use crate::check::{Program, ResourceId};

pub use caller::{approver, caller};
pub use place::of_resource as place;
pub use scope::{Scope, Target};
pub use table::{BuiltIn, Evidence, FEATURES, Feature, IMAGE_BUILDER_APP, Needs, ScopeKind, Uses};

/// A right as Azure writes it: `Microsoft.Compute/galleries/read`.
pub type Action = Cow<'static, str>;

/// The rights that a program's images need.
#[derive(Debug, Default)]
pub struct Roles {
    /// What is granted, in the order in which the program needs it first.
    pub grants: Vec<Grant>,
    /// What may need a right that cannot be named.
    pub undetermined: Vec<Undetermined>,
}

/// One right of one principal at one scope.
#[derive(Debug)]
pub struct Grant {
    /// Who gets it.
    pub principal: Principal,
    /// Where.
    pub scope: Scope,
    /// What it is.
    pub permission: Permission,
    /// Why; at least one.
    pub reasons: Vec<Reason>,
}

/// Who gets a right.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Principal {
    /// A user-assigned identity.
    Identity {
        /// Its id.
        id: Expr,
        /// Its resource, if it is declared.
        resource: Option<ResourceId>,
        /// Its declared name, or what its id says.
        label: String,
    },
    /// The service's own principal, [`IMAGE_BUILDER_APP`].
    ImageBuilder,
    /// Whoever deploys the template and starts the builds: a person, or a pipeline.
    Caller,
    /// Whoever defines and assigns the roles.
    Approver,
}

/// What a right is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Permission {
    /// A custom role with these actions, sorted.
    Custom(Vec<Action>),
    /// A role that Azure has.
    BuiltIn(&'static BuiltIn),
}

/// What made a right necessary.
#[derive(Clone, Debug)]
pub struct Reason {
    /// The row of the table.
    pub feature: &'static Feature,
    /// The actions that it needs, if no role of Azure's has them.
    pub actions: Vec<Action>,
    /// Where it is written.
    pub span: Span,
    /// What it is: "image `web`: gallery image as target `prod.web`".
    pub text: String,
}

/// Something that may need a right that cannot be named.
#[derive(Clone, Debug)]
pub struct Undetermined {
    /// The row of the table.
    pub feature: &'static Feature,
    /// Where it is written.
    pub span: Span,
    /// Why the right cannot be named.
    pub why: String,
}

/// Derives the rights that the deployed images need.
pub fn roles(program: &Program) -> Roles {
    let mut needs = derive::Needs::default();
    for (_, image) in program.deployed("image") {
        derive::image(program, image, &mut needs);
    }
    Roles { grants: merge::merge(needs.wants), undetermined: needs.undetermined }
}

impl Principal {
    /// What tells it from others.
    pub fn key(&self) -> String {
        match self {
            Self::Identity { id, .. } => crate::arm::print(id, &|_| None).to_lowercase(),
            Self::ImageBuilder => IMAGE_BUILDER_APP.to_owned(),
            Self::Caller | Self::Approver => self.label().to_owned(),
        }
    }

    /// Its name for people.
    pub fn label(&self) -> &str {
        match self {
            Self::Identity { label, .. } => label,
            Self::ImageBuilder => "Azure Virtual Machine Image Builder",
            Self::Caller => "caller",
            Self::Approver => "approver",
        }
    }
}

impl Roles {
    /// The rights of several programs, each once. What only a parameter names is not the same in two programs.
    #[must_use]
    pub fn merged(all: Vec<Self>) -> Self {
        let (mut wants, mut undetermined) = (Vec::new(), Vec::new());
        for (owner, roles) in all.into_iter().enumerate() {
            undetermined.extend(roles.undetermined);
            wants.extend(roles.grants.into_iter().flat_map(|grant| grant.wants(owner)));
        }
        Self { grants: merge::merge(wants), undetermined }
    }
}

impl Grant {
    fn wants(self, owner: usize) -> impl Iterator<Item = derive::Want> {
        let Self { principal, scope, reasons, .. } = self;
        reasons.into_iter().map(move |reason| derive::Want {
            owner,
            principal: principal.clone(),
            scope: scope.clone(),
            reason,
        })
    }
}

impl Feature {
    /// The actions that it needs of something of this type, if no role of Azure's has them.
    fn actions(&self, ty: Option<&str>) -> Vec<Action> {
        match (self.needs, ty) {
            (Needs::Actions(actions), _) => actions.iter().map(|action| Cow::Borrowed(*action)).collect(),
            (Needs::Verbs(verbs), Some(ty)) => {
                verbs.iter().map(|verb| Cow::Owned(format!("{ty}/{verb}"))).collect()
            }
            (Needs::Verbs(_), None) | (Needs::Role(_), _) => Vec::new(),
        }
    }
}
