//! The rights of programs with the names, ids and places that people read.

use crate::arm::{Deployment, Expr, Value, print_template};
use crate::base::{SourceMap, Span};
use crate::check::Program;
use crate::plan::{self, Evidence, Grant, Permission, Principal, Reason, Roles, Undetermined, Uses};

/// Whose rights are asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Who {
    /// The identities that the service and the build VMs act with, and the service's own principal.
    Identities,
    /// Whoever deploys the template and starts the builds.
    Caller,
    /// Whoever defines and assigns the roles.
    Approver,
    /// All of them.
    All,
}

/// Who needs what where.
#[derive(Debug, Default)]
pub struct Report {
    /// Everybody who needs something, in the order in which the programs need it first.
    pub parties: Vec<Party>,
    /// What may need a right that cannot be named.
    pub open: Vec<Open>,
    /// The resource providers that the subscription must have registered.
    pub providers: Vec<Provider>,
    /// The images that the report is about.
    pub images: Vec<String>,
}

/// Somebody who needs rights.
#[derive(Debug)]
pub struct Party {
    /// Who it is.
    pub principal: Principal,
    /// Its name for people: "identity `id-image-builder`".
    pub name: String,
    /// What it is there for: "acts for the service", "is on the build VM".
    pub purpose: &'static str,
    /// Its id, of an identity.
    pub id: Option<String>,
    /// What it needs.
    pub rights: Vec<Right>,
}

/// A role at a scope.
#[derive(Debug)]
pub struct Right {
    /// Where, for people: "gallery contoso_images".
    pub scope: String,
    /// The id of the scope; what only Azure knows stands as an expression.
    pub scope_id: String,
    /// What.
    pub role: Role,
    /// The actions with what made them necessary; of a role of Azure's one block without actions.
    pub blocks: Vec<Block>,
}

/// A role.
#[derive(Debug)]
pub enum Role {
    /// One of one's own, with the actions of the blocks.
    Custom,
    /// One that Azure has.
    BuiltIn {
        /// Its display name.
        name: &'static str,
        /// Its id.
        guid: &'static str,
        /// What is used of it.
        uses: &'static Uses,
    },
}

/// Actions that have the same reasons.
#[derive(Debug)]
pub struct Block {
    /// The actions, sorted.
    pub actions: Vec<String>,
    /// What made them necessary.
    pub because: Vec<Because>,
}

/// What made a right necessary.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Because {
    /// "image `web`: gallery image as target `prod.web`"
    pub text: String,
    /// The place: `web.aib:12:5`.
    pub place: String,
    /// How well it is known that it needs the right.
    pub evidence: Evidence,
    /// The page that says so.
    pub source: String,
}

/// Something that may need a right that cannot be named.
#[derive(Debug)]
pub struct Open {
    /// What it is.
    pub what: &'static str,
    /// The place.
    pub place: String,
    /// Why the right cannot be named.
    pub why: String,
}

/// A resource provider.
#[derive(Debug)]
pub struct Provider {
    /// Its namespace: `Microsoft.VirtualMachineImages`.
    pub namespace: String,
    /// What needs it.
    pub what: &'static str,
}

/// The rights that programs need, merged: what two of them need once, is there once. With `together` the caller grants the
/// roles too, as with the template of `--together`.
pub fn report(
    programs: &[&Program],
    sources: &SourceMap,
    deployment: &Deployment,
    who: Who,
    together: bool,
) -> Report {
    // The names that depend on the content are settled in a plan.
    let plans: Vec<_> = programs.iter().map(|program| plan::build(program)).collect();
    let of = |derive: &dyn Fn(&Program) -> Roles| -> Roles {
        Roles::merged(plans.iter().map(|plan| derive(&plan.program)).collect())
    };
    let mut all = Vec::new();
    if matches!(who, Who::Identities | Who::All) {
        all.push(of(&plan::roles));
    }
    if matches!(who, Who::Caller | Who::All) {
        let granted = |program: &Program| together.then(|| plan::roles(program));
        all.push(of(&|program| plan::caller(program, granted(program).as_ref())));
    }
    if matches!(who, Who::Approver) || (who == Who::All && !together) {
        all.push(of(&|program| plan::approver(program, &plan::roles(program))));
    }
    let writer = Writer { sources, deployment };
    let mut report = Report::default();
    for roles in all {
        for grant in &roles.grants {
            writer.grant(grant, &mut report.parties);
        }
        report.open.extend(roles.undetermined.iter().map(|open| writer.open(open)));
    }
    for (namespace, what) in plans.iter().flat_map(|plan| plan::providers(&plan.program)) {
        if !report.providers.iter().any(|known| known.namespace.eq_ignore_ascii_case(&namespace)) {
            report.providers.push(Provider { namespace, what });
        }
    }
    let images = plans.iter().flat_map(|plan| {
        plan.program.deployed("image").map(|(_, image)| image.declared.to_string()).collect::<Vec<_>>()
    });
    report.images.extend(images);
    report
}

/// What a report is written with.
struct Writer<'a> {
    sources: &'a SourceMap,
    deployment: &'a Deployment,
}

impl Writer<'_> {
    fn grant(&self, grant: &Grant, parties: &mut Vec<Party>) {
        let at = parties.iter().position(|party| party.principal.key() == grant.principal.key());
        let at = at.unwrap_or_else(|| {
            parties.push(self.party(&grant.principal));
            parties.len() - 1
        });
        let Some(party) = parties.get_mut(at) else { return };
        if matches!(grant.principal, Principal::Identity { .. }) {
            let on_vm = grant.reasons.iter().all(|reason| reason.feature.is_of_build_vm());
            party.purpose = match (party.rights.is_empty(), on_vm) {
                (true, true) => ON_VM,
                (true, false) => FOR_SERVICE,
                (false, true) if party.purpose == FOR_SERVICE => BOTH,
                (false, false) if party.purpose == ON_VM => BOTH,
                (false, _) => party.purpose,
            };
        }
        party.rights.push(self.right(grant));
    }

    fn party(&self, principal: &Principal) -> Party {
        let (name, purpose, id) = match principal {
            Principal::Identity { id, label, .. } => {
                (format!("identity `{label}`"), FOR_SERVICE, Some(self.id(id)))
            }
            Principal::ImageBuilder => {
                (format!("service principal `{}`", principal.label()), "the service itself", None)
            }
            Principal::Caller => ("caller".to_owned(), "deploys the template and starts the builds", None),
            Principal::Approver => ("approver".to_owned(), "defines and assigns the roles", None),
        };
        Party { principal: principal.clone(), name, purpose, id, rights: Vec::new() }
    }

    fn right(&self, grant: &Grant) -> Right {
        let (role, blocks) = match &grant.permission {
            Permission::BuiltIn(role) => {
                let because = self.reasons(grant.reasons.iter());
                let block = Block { actions: Vec::new(), because };
                (Role::BuiltIn { name: role.name, guid: role.guid, uses: &role.uses }, vec![block])
            }
            Permission::Custom(actions) => {
                let mut blocks: Vec<Block> = Vec::new();
                for action in actions {
                    let holders = grant.reasons.iter().filter(|reason| reason.actions.contains(action));
                    let because = self.reasons(holders);
                    match blocks.iter_mut().find(|block| block.because == because) {
                        Some(block) => block.actions.push(action.to_string()),
                        None => blocks.push(Block { actions: vec![action.to_string()], because }),
                    }
                }
                (Role::Custom, blocks)
            }
        };
        Right { scope: grant.scope.label(), scope_id: self.id(&grant.scope.id()), role, blocks }
    }

    fn reasons<'r>(&self, reasons: impl Iterator<Item = &'r Reason>) -> Vec<Because> {
        let mut out: Vec<Because> = Vec::new();
        for reason in reasons {
            let because = Because {
                text: reason.text.clone(),
                place: self.place(reason.span),
                evidence: reason.feature.evidence,
                source: reason.feature.link(),
            };
            if !out.contains(&because) {
                out.push(because);
            }
        }
        out
    }

    fn open(&self, open: &Undetermined) -> Open {
        Open { what: open.feature.what, place: self.place(open.span), why: open.why.clone() }
    }

    fn place(&self, span: Span) -> String {
        let Some(file) = self.sources.file(span.file) else { return String::new() };
        let at = file.position(span.range.start);
        format!("{}:{}:{}", file.name(), at.line, at.column)
    }

    /// An id as text; what is not known stands as an expression of a template.
    fn id(&self, id: &Expr) -> String {
        match self.deployment.known(id) {
            Some(Value::Str(text)) => text.to_string(),
            _ => print_template(id, &|_| None),
        }
    }
}

const FOR_SERVICE: &str = "the service acts with it";
const ON_VM: &str = "scripts on the build VM act with it";
const BOTH: &str = "the service and scripts on the build VM act with it";

impl Party {
    /// What kind of principal it is, for programs.
    pub fn kind(&self) -> &'static str {
        match self.principal {
            Principal::Identity { .. } => "identity",
            Principal::ImageBuilder => "imageBuilder",
            Principal::Caller => "caller",
            Principal::Approver => "approver",
        }
    }

    /// Its declared name, or what its id says.
    pub fn label(&self) -> &str {
        self.principal.label()
    }
}
