//! What a checked program is: typed resources in the shape of ARM, without syntax.
//!
//! Two front ends make it: `check` from aib sources, `arm_json` from templates in JSON. Rules, the plan and the roles
//! read only this. Every [`Node`] knows where it came from and carries its labels. Members stand under their ARM
//! names, nested as ARM nests them; what is written but never emitted (facts, capabilities) is in
//! [`Object::hidden`] under its aib name.

mod node;

use std::sync::Arc;

use crate::arm;
use crate::base::Span;
use crate::schema::{ApiVersion, Os, ResourceKind};

pub use self::node::{Cause, Key, Labels, Member, Node, NodeKind, Object, Origin, Reference, Secret, Via};

/// A checked program: everything that one entry file deploys.
#[derive(Debug, Default)]
pub struct Program {
    /// What it is written in: messages speak of the members as the author knows them.
    pub written_in: WrittenIn,
    /// The parameters that are reachable from what is emitted, in import order.
    pub params: Vec<Param>,
    /// Deferred `let`s, by the id that [`arm::Expr::Shared`] carries. Printed as ARM variables where used twice.
    pub shared: Vec<Shared>,
    /// Declared and existing resources, in order of declaration; parents before their children.
    pub resources: Vec<Resource>,
    /// The outputs of the entry file.
    pub outputs: Vec<Output>,
    /// Texts of a document that stand in no resource: those of its variables and of the defaults of its parameters.
    pub loose: Vec<Node>,
    /// What became of the asserts and policies.
    pub judged: Judged,
    /// The address of the schema that a document says it follows.
    pub schema: Option<Node>,
    /// Members that the entry file merges into the template as it is written; [`NodeKind::Null`] leaves one out.
    pub template: Object,
}

/// How many asserts held, of files and recipes and of policies, each as often as it was judged.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Judged {
    /// Those of files, blocks and recipes.
    pub asserts: Verdicts,
    /// Those of policies, for each image.
    pub policies: Verdicts,
}

/// How many of some conditions held.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Verdicts {
    /// They are true.
    pub held: usize,
    /// They are false.
    pub failed: usize,
    /// Only Azure will know.
    pub open: usize,
}

/// The form that a program was written in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum WrittenIn {
    /// aib sources.
    #[default]
    Aib,
    /// A template or a raw body in JSON.
    Json,
}

/// A resource by its place in [`Program::resources`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ResourceId(pub u32);

/// An ARM parameter.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its name.
    pub name: Arc<str>,
    /// `string`, `int`, `bool`, `object`, `array`.
    pub arm_type: &'static str,
    /// Whether it is emitted as `securestring` or `secureObject`.
    pub secret: bool,
    /// Whether the entry file declares it: then it is emitted, whether something uses it or not.
    pub own: bool,
    /// The values allowed, if only some are.
    pub allowed: Vec<Arc<str>>,
    /// The smallest and largest number.
    pub range: (Option<i64>, Option<i64>),
    /// The shortest and longest text or list.
    pub length: (Option<i64>, Option<i64>),
    /// The default.
    pub default: Option<Node>,
    /// What it is for.
    pub description: Option<Arc<str>>,
    /// The declaration.
    pub span: Span,
}

/// A deferred `let`.
#[derive(Clone, Debug)]
pub struct Shared {
    /// Its declared name, made unique within the program.
    pub name: Arc<str>,
    /// Its value.
    pub expr: Arc<arm::Expr>,
    /// The declaration.
    pub span: Span,
}

/// An ARM output.
#[derive(Clone, Debug)]
pub struct Output {
    /// Its name.
    pub name: Arc<str>,
    /// `string`, `int`, `bool`, `object`, `array`.
    pub arm_type: &'static str,
    /// Its value.
    pub value: Node,
    /// When it is deployed, if not always.
    pub condition: Option<arm::Expr>,
    /// What it is for.
    pub description: Option<Arc<str>>,
    /// The declaration.
    pub span: Span,
}

/// What kind of resource it is.
#[derive(Clone, Debug)]
pub enum Kind {
    /// One that the table knows.
    Known(&'static ResourceKind),
    /// Any other, by its ARM type.
    Raw(Arc<str>),
}

impl Kind {
    /// The ARM type.
    pub fn arm_type(&self) -> &str {
        match self {
            Self::Known(kind) => kind.arm_type,
            Self::Raw(ty) => ty,
        }
    }
    /// The keyword that declares it.
    pub fn keyword(&self) -> &str {
        match self {
            Self::Known(kind) => kind.keyword,
            Self::Raw(_) => "resource",
        }
    }
}

/// A declared or existing resource.
#[derive(Clone, Debug)]
pub struct Resource {
    /// What it is.
    pub kind: Kind,
    /// The name that the source gives it, with the keys of the loops around it: `web`, `web[dev]`.
    pub declared: Arc<str>,
    /// Whether it is only referred to: `existing`, or declared by another file.
    pub existing: bool,
    /// Whether another file declares it, and deploys it: what is known of it is all that there is.
    pub imported: bool,
    /// The API version that it is written for; not the empty text.
    pub api_version: Arc<str>,
    /// Its name in Azure. For a child, its own last segment.
    pub name: Node,
    /// The resource it is a child of.
    pub parent: Option<ResourceId>,
    /// Its whole id as an expression or literal: `resourceId(…)` with the group and subscription of an existing one.
    pub id: Node,
    /// The resource group of an existing resource, where it is not the deployment's own.
    pub group: Option<Node>,
    /// The subscription of an existing resource, where it is not the deployment's own.
    pub subscription: Option<Node>,
    /// When it is deployed, if not always.
    pub condition: Option<arm::Expr>,
    /// Its members, from the resource's root: `location`, `tags`, `identity`, `properties`. `name`, `type` and
    /// `apiVersion` are not among them.
    pub body: Node,
    /// Members that are merged into the resource as it is written, as they are; [`NodeKind::Null`] leaves one out.
    pub envelope: Object,
    /// Whether the author says that its raw body has no name, which then comes from whoever deploys it.
    pub unnamed: bool,
    /// What is known of the image that it is, or is built from.
    pub facts: ImageFacts,
    /// Whether a template whose resources stand under symbolic names lists it even if it only exists and nothing asks
    /// for it.
    pub listed: bool,
    /// The network that an existing subnet lies in.
    pub network: Option<Node>,
    /// Resources it waits for besides those it refers to.
    pub depends_on: Vec<ResourceId>,
    /// Whether it waits for something else, too: what is in no resource of the program, or not understood.
    pub waits_for_more: bool,
    /// Where its declaration begins: keyword and declared name.
    pub span: Span,
}

impl Resource {
    /// Whether these files say all of it: this one or an imported one deploys it.
    pub fn is_declared(&self) -> bool {
        !self.existing || self.imported
    }

    /// Whether one deployment may make both: not where they stand under different conditions, such as an `if` and its
    /// `else`, which may exclude one another.
    pub fn may_stand_beside(&self, other: &Self) -> bool {
        match (&self.condition, &other.condition) {
            (Some(own), Some(other)) => own == other,
            _ => true,
        }
    }
}

/// What is known of an image: of a definition by itself, of an image template by its source.
#[derive(Clone, Debug, Default)]
pub struct ImageFacts {
    /// The operating system.
    pub os: Option<Fact<Os>>,
    /// `V1`, `V2`
    pub generation: Option<Fact<Arc<str>>>,
    /// `x64`, `Arm64`
    pub architecture: Option<Fact<Arc<str>>>,
    /// `Standard`, `TrustedLaunchSupported`, …
    pub security: Option<Fact<Arc<str>>>,
    /// The purchase plan as `publisher:product:name`; `None` inside if it is known to have none.
    pub plan: Option<Fact<Option<Arc<str>>>>,
}

/// A fact and where it is stated.
#[derive(Clone, Debug)]
pub struct Fact<T> {
    /// What is known.
    pub value: T,
    /// Where it is said.
    pub span: Span,
}

impl Program {
    /// The resource with this id.
    pub fn resource(&self, id: ResourceId) -> Option<&Resource> {
        self.resources.get(id.0 as usize)
    }
    /// All resources with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (ResourceId, &Resource)> + Clone {
        (0u32..).map(ResourceId).zip(&self.resources)
    }
    /// The resources of one kind, by keyword, that this file deploys.
    pub fn deployed<'a>(&'a self, keyword: &'a str) -> impl Iterator<Item = (ResourceId, &'a Resource)> + 'a {
        self.iter().filter(move |(_, r)| !r.existing && r.kind.keyword() == keyword)
    }
}

impl Resource {
    /// The version as a row of the table, where it is one.
    pub fn version(&self) -> Option<ApiVersion> {
        match self.kind {
            Kind::Known(kind) => kind.versions.iter().copied().find(|v| *v.0 == *self.api_version),
            Kind::Raw(_) => None,
        }
    }
    /// The customize steps of an image.
    pub fn customize(&self) -> &[Node] {
        self.body.at("properties.customize").and_then(Node::as_list).unwrap_or_default()
    }
    /// The validation steps of an image.
    pub fn validations(&self) -> &[Node] {
        self.body.at("properties.validate.inVMValidations").and_then(Node::as_list).unwrap_or_default()
    }
    /// The distribution targets of an image.
    pub fn targets(&self) -> &[Node] {
        self.body.at("properties.distribute").and_then(Node::as_list).unwrap_or_default()
    }
}
